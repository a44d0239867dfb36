import CKernels

/// The best documents by bounds: what can hold the best is looked at first, so that what remains can mostly be left out.
///
/// Bounds are sums of floats in the order in which scores are added. Rounding keeps order, so a bound is never below a score, and a tie is a tie.
extension SegmentSearch {
  /// What goes for short answers, where bounds leave out most, and what for longer ones is decided here.
  static var fewHits: Int { 100 }
  /// With fewer than one posting for so many documents, documents share sums.
  private static var sharing: Int { 16 }
  /// The first step down from the highest bound is one of so many.
  private static var steps: Float { 16 }

  /// Calls `body` for the numbers of the units that may still hold a document for `keys`, in falling order of their bounds, roughly.
  /// - Parameters:
  ///   - growth: how many times as long as the one before each step down is.
  ///   - first: the first document of a unit, which is the best of equal ones.
  ///   - finish: called before the threshold decides what comes next.
  @inline(__always)
  func descend(
    _ bounds: UnsafePointer<Float>, _ units: Int, _ keys: inout TopKeys, growth: Float = 2, first: (Int) -> Int,
    body: (Int, inout TopKeys) -> Void, finish: (inout TopKeys) -> Void = { _ in }
  ) {
    let most = kernels.pointee.largest(bounds, units)
    guard most > 0 else { return }
    let bits = arena.allocate((units + 63) / 64, of: UInt64.self)
    var step = most / Self.steps
    var (low, high) = (most - step, Float.infinity)
    while true {
      low = max(low, keys.lowest, Float.leastNonzeroMagnitude)
      kernels.pointee.bounds_between(bounds, units, low, high, bits)
      for index in 0..<(units + 63) / 64 {
        var word = bits[index]
        while word != 0 {
          if pace.spend(Pace.forUnit) { return }
          let unit = index &* 64 &+ word.trailingZeroBitCount
          word &= word &- 1
          if TopKeys.key(bounds[unit], base &+ first(unit)) > keys.threshold { body(unit, &keys) }
        }
      }
      finish(&keys)
      keys.settle()
      if low <= max(keys.lowest, Float.leastNonzeroMagnitude) { return }
      step *= growth
      (low, high) = (low - step, low)
    }
  }

  /// Offers the documents of `scores`, a range of 64 from `document` on, that are in `mask`.
  @inline(__always)
  private func offer(_ scores: UnsafePointer<Float>, _ mask: UInt64, _ document: Int, _ keys: inout TopKeys) {
    var found = kernels.pointee.scores_at_least(scores, mask, keys.lowest)
    while found != 0 {
      let place = found.trailingZeroBitCount
      found &= found &- 1
      keys.offer(TopKeys.key(scores[place], base &+ document &+ place))
    }
  }

  // MARK: Ranges

  /// The best of the documents in `match`, or of those that have any term; with `denseOnly`, those in `match` have no sparse term.
  mutating func bestRanges(_ keys: inout TopKeys, match: UnsafePointer<UInt64>?, denseOnly: Bool = false) {
    let bounds: UnsafeMutablePointer<Float> = arena.zeros(ranges)
    for index in 0..<count {
      if let impacts = terms[index].postings.impacts, terms[index].postings.isDense {
        kernels.pointee.add_bounds(impacts, terms[index].bounds, ranges, bounds)
      }
    }
    let isShort = keys.capacity <= Self.fewHits
    if !denseOnly, !isAllDense { addSparseBounds(bounds, isShort) }
    if let allowed = match ?? allowed.map({ UnsafePointer($0) }) { kernels.pointee.drop_bounds(allowed, ranges, bounds) }
    var reader = RangeReader(terms, count, arena)
    let mask = match ?? allowed.map { UnsafePointer($0) }
    var pairs = pairs
    let base = base
    // Sparse terms' scores are known already; of a long answer a range mostly holds a part.
    var looksFirst = false
    for index in 0..<count where isShort && terms[index].postings.isDense { looksFirst = true }
    descend(
      bounds, ranges, &keys, first: { $0 &* 64 },
      body: { range, keys in
        var hopeful = mask.map { $0[range] } ?? .max
        if looksFirst { hopeful = reader.hopeful(range, hopeful, lowest: keys.lowest, pairs.factor) }
        if hopeful == 0 { return }
        if pairs.isEmpty {
          offer(reader.scores(range), hopeful, range &* 64, &keys)
        } else {
          pairs.offer(reader.scores(range), hopeful, range, base, &keys)
        }
      })
  }

  /// Unpacks the sparse terms and adds to each range's bound the highest sum of their scores that a document of it has, rounded up.
  ///
  /// A sum of maxima, as for dense terms, would be much too high: it is seldom one document that has them all.
  private mutating func addSparseBounds(_ bounds: UnsafeMutablePointer<Float>, _ isShort: Bool) {
    // No score is over idf.
    var (most, denseMost, sparse): (Float, Float, Int) = (0, 0, 0)
    for index in 0..<count {
      if terms[index].postings.isDense {
        denseMost += terms[index].idf
      } else {
        most += terms[index].idf
        sparse += 1
      }
    }
    // With few postings, four documents share a sum: it is seldom two of them that have any, and there is less to go through.
    let postings = (0..<count).reduce(0) { terms[$1].postings.isDense ? $0 : $0 + terms[$1].postings.count }
    let shift = isShort && postings * Self.sharing < part.reader.documents ? 2 : 0
    let sums: UnsafeMutablePointer<UInt8> = arena.zeros(ranges * PostingsLayout.range >> shift)
    let unit = Float(max(1, 254 - sparse)) / most
    for index in 0..<count where !terms[index].postings.isDense {
      if pace.spend(terms[index].postings.count / Pace.postings) { return }
      terms[index].unpack(arena)
      guard let documents = terms[index].documents, let scores = terms[index].scores else { continue }
      let firsts: UnsafeMutablePointer<UInt32> = arena.zeros(ranges)
      kernels.pointee.add_rounded(documents, scores, terms[index].postings.count, unit, Int32(shift), sums, firsts)
      terms[index].firsts = firsts
    }
    let codes = arena.allocate(ranges, of: UInt8.self)
    kernels.pointee.range_largest(sums, ranges, Int32(shift), codes)
    let table = arena.allocate(256, of: Float.self)
    // The last stands for anything from 255 on. The small additions make up for the rounding of floats in another order than the scores'.
    for code in 0..<256 { table[code] = ((code < 255 ? Float(code) / unit : most) * 1.00001 + denseMost * 1e-5) * pairs.factor }
    table[0] = 0
    kernels.pointee.add_bounds(codes, table, ranges, bounds)
  }

  // MARK: Blocks

  /// The best documents of a single sparse term.
  mutating func bestBlocks(_ keys: inout TopKeys) {
    let postings = terms[0].postings
    let (documents, scores) = (arena.allocate(PostingsLayout.block, of: UInt32.self), arena.allocate(PostingsLayout.block, of: Float.self))
    let (terms, allowed) = (terms, allowed)
    func look(_ block: Int, _ keys: inout TopKeys) {
      let held = terms[0].unpack(block: block, documents, scores)
      for place in 0..<held where scores[place] >= keys.lowest {
        let document = Int(documents[place])
        if let allowed, allowed[document >> 6] >> UInt64(document & 63) & 1 == 0 { continue }
        keys.offer(TopKeys.key(scores[place], base &+ document))
      }
    }
    guard let impacts = postings.impacts else { return look(0, &keys) }
    let bounds: UnsafeMutablePointer<Float> = arena.zeros(postings.blocks)
    kernels.pointee.add_bounds(impacts, terms[0].bounds, postings.blocks, bounds)
    descend(
      bounds, postings.blocks, &keys, first: { $0 == 0 ? 0 : Int(postings.last($0 &- 1)) &+ 1 }, body: { block, keys in look(block, &keys) }
    )
  }

  // MARK: Candidates

  /// So few are scored without bounds; with more, no sparse term has a single block.
  static var fewCandidates: Int { PostingsLayout.block }

  /// The best of documents that have all terms.
  mutating func bestCandidates(_ found: Candidates, _ keys: inout TopKeys) {
    var reader = CandidateReader(terms, count, found, pairs, base: base, arena)
    if found.count <= Self.fewCandidates {
      for number in 0..<found.count { reader.look(number, &keys) }
      reader.finish(&keys)
      return
    }
    let bounds: UnsafeMutablePointer<Float> = arena.zeros(found.count)
    for index in 0..<count { terms[index].addBounds(found.documents, found.count, bounds) { $0 + $1 } }
    descend(
      bounds, found.count, &keys, first: { Int(found.documents[$0]) }, body: { number, keys in reader.look(number, &keys) },
      finish: { keys in reader.finish(&keys) })
  }
}

/// Scores the documents of a range, 64 at a time.
struct RangeReader {
  private let terms: UnsafeMutablePointer<ScoredTerm>
  private let count: Int
  private let lanes, norms: UnsafeMutablePointer<Float>
  private let kernels = bestKernels

  init(_ terms: UnsafeMutablePointer<ScoredTerm>, _ count: Int, _ arena: Arena) {
    (self.terms, self.count) = (terms, count)
    lanes = arena.allocate(PostingsLayout.range)
    norms = arena.allocate(PostingsLayout.range)
  }

  /// The documents of `mask` that can score `lowest`, by which of the terms they have: a document seldom has all that its range has. Scores of
  /// sparse terms are known, and pairs raise them by `factor` at the most.
  @inline(__always)
  func hopeful(_ range: Int, _ mask: UInt64, lowest: Float, _ factor: Float) -> UInt64 {
    lanes.initialize(repeating: 0, count: PostingsLayout.range)
    if factor > 1 {
      for index in 0..<count where !terms[index].postings.isDense { terms[index].addSparse(range, lanes) }
      for lane in 0..<PostingsLayout.range { lanes[lane] *= factor }
    }
    for index in 0..<count {
      let term = terms + index
      if term.pointee.postings.isDense, let impacts = term.pointee.postings.impacts {
        kernels.pointee.add_to_lanes(term.pointee.postings.words[range], term.pointee.bounds[Int(impacts[range])], lanes)
      } else if factor == 1 {
        term.pointee.addSparse(range, lanes)
      }
    }
    return kernels.pointee.scores_at_least(lanes, mask, lowest)
  }

  /// The scores of the range's documents, 0 for those without a term.
  @inline(__always)
  mutating func scores(_ range: Int) -> UnsafePointer<Float> {
    lanes.initialize(repeating: 0, count: PostingsLayout.range)
    var lengths: UnsafePointer<UInt8>?
    for index in 0..<count {
      let term = terms + index
      guard term.pointee.postings.isDense else {
        term.pointee.addSparse(range, lanes)
        continue
      }
      let word = term.pointee.postings.words[range]
      if word == 0 { continue }
      if lengths != term.pointee.lengths {
        lengths = term.pointee.lengths
        kernels.pointee.range_norms(term.pointee.lengths + range &* PostingsLayout.range, term.pointee.norms, norms)
      }
      term.pointee.addDense(range, word, norms, lanes)
    }
    return UnsafePointer(lanes)
  }
}

extension ScoredTerm {
  /// Adds a dense term's scores in a range.
  @inline(__always)
  mutating func addDense(_ range: Int, _ word: UInt64, _ norms: UnsafePointer<Float>, _ scores: UnsafeMutablePointer<Float>) {
    seekGroup(range / PostingsLayout.groupRanges)
    guard let frequencies else { return }
    kernels.pointee.score_range(
      word, frequencies.planes, Int32(frequencies.width), Int32(frequencies.count), Int32(frequencies.more),
      Int32(rank(range)), norms, idf, scores)
  }

  /// Adds an unpacked sparse term's scores in a range.
  @inline(__always)
  func addSparse(_ range: Int, _ target: UnsafeMutablePointer<Float>) {
    guard let documents, let scores, let firsts else { return }
    // A range without any has 0, and then the first document tells.
    var place = Int(firsts[range])
    while place < postings.count, documents[place] >> 6 == UInt32(truncatingIfNeeded: range) {
      target[Int(documents[place] & 63)] += scores[place]
      place &+= 1
    }
  }

  /// Joins to each candidate's bound the most that this term can score there.
  @inline(__always)
  func addBounds(
    _ documents: UnsafePointer<UInt32>, _ held: Int, _ bounds: UnsafeMutablePointer<Float>, _ join: (Float, Float) -> Float
  ) {
    guard let impacts = postings.impacts else {
      for place in 0..<held { bounds[place] = join(bounds[place], most) }
      return
    }
    if postings.isDense {
      for place in 0..<held { bounds[place] = join(bounds[place], self.bounds[Int(impacts[Int(documents[place] >> 6)])]) }
      return
    }
    var (block, place) = (0, 0)
    while place < held, block < postings.blocks {
      let (last, bound) = (postings.last(block), self.bounds[Int(impacts[block])])
      while place < held, documents[place] <= last {
        bounds[place] = join(bounds[place], bound)
        place &+= 1
      }
      block &+= 1
    }
  }
}
