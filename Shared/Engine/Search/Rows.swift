import CKernels

/// Phrases: documents that have all the terms, and among them those in which the terms stand in a row.
extension SegmentSearch {
  /// So few candidates are looked at in their order.
  private static var fewRows: Int { 512 }
  /// With so many in a range, all positions of its group are unpacked.
  static var manyInRange: Int { 4 }

  /// Offers the best documents with the row to `keys`; how many have it when that is wanted.
  mutating func rows(_ keys: inout TopKeys, wantsTotal: Bool) -> Int {
    if !isAllDense { return candidateRows(&keys, wantsTotal: wantsTotal) }
    var reader = RowReader(terms, count, nil, base: base, looksAtAll: wantsTotal, arena)
    let match = matchAllDense()
    if !wantsTotal, keys.capacity <= Self.fewHits {
      bestRows(match, &reader, &keys)
      return 0
    }
    let readsWholeGroups = count <= RowReader.longest && kernels.pointee.count_bits(match, ranges) * Self.manyInGroup >= ranges
    for range in 0..<ranges where match[range] != 0 {
      if pace.spend(Pace.forRange) { break }
      if readsWholeGroups { reader.lookAtAll(in: range, match[range], &keys) } else { reader.look(in: range, match[range], &keys) }
    }
    reader.finish(&keys)
    return reader.total
  }

  /// With one candidate in so many ranges on the average, positions are unpacked group by group.
  private static var manyInGroup: Int { 1 }

  /// So many ranges are taken whole after one of whose documents most could score enough.
  private static var unaskedRanges: Int { 8 }

  /// The best documents with the row of those in `match`, when all terms are dense.
  private func bestRows(_ match: UnsafePointer<UInt64>, _ reader: inout RowReader, _ keys: inout TopKeys) {
    scaleBounds(field, terms)
    let bounds = arena.allocate(ranges, of: Float.self)
    bounds.initialize(repeating: .infinity, count: ranges)
    for index in 0..<count {
      if let impacts = terms[index].postings.impacts { kernels.pointee.least_bounds(impacts, terms[index].bounds, ranges, bounds) }
    }
    kernels.pointee.drop_bounds(match, ranges, bounds)
    let lanes = RangeLanes(arena)
    let terms = terms
    let count = count
    var unasked = 0
    // The best first, then all others in one go: each time anew their groups would have to be unpacked.
    descend(
      bounds, ranges, &keys, growth: 1000, first: { $0 &* 64 },
      body: { range, keys in
        var hopeful = match[range]
        if unasked > 0 {
          unasked -= 1
        } else {
          hopeful = lanes.hopeful(hopeful, range, terms, count, lowest: keys.lowest)
          // Where most are hopeful, asking costs more than it spares.
          if hopeful.nonzeroBitCount * 4 > match[range].nonzeroBitCount * 3 { unasked = Self.unaskedRanges }
        }
        if hopeful.nonzeroBitCount < Self.manyInRange || count > RowReader.longest {
          reader.look(in: range, hopeful, &keys)
        } else {
          reader.lookAtAll(in: range, hopeful, &keys)
        }
      }, finish: { keys in reader.finish(&keys) })
  }

  /// The same for candidates, when a term is sparse.
  private mutating func candidateRows(_ keys: inout TopKeys, wantsTotal: Bool) -> Int {
    let found = candidates()
    if found.count == 0 { return 0 }
    var reader = RowReader(terms, count, found, base: base, looksAtAll: wantsTotal, arena)
    if wantsTotal || found.count <= Self.fewRows || keys.capacity > Self.fewHits {
      for number in 0..<found.count {
        if number % RowReader.batch == 0, pace.spend(Pace.forRange) { break }
        reader.look(at: found.documents[number], number, &keys)
      }
      reader.finish(&keys)
      return reader.total
    }
    scaleBounds(field, terms)
    let bounds = arena.allocate(found.count, of: Float.self)
    bounds.initialize(repeating: .infinity, count: found.count)
    for index in 0..<count { terms[index].addBounds(found.documents, found.count, bounds) { min($0, $1) } }
    descend(
      bounds, found.count, &keys, first: { Int(found.documents[$0]) },
      body: { number, keys in reader.look(at: found.documents[number], number, &keys) }, finish: { keys in reader.finish(&keys) })
    return 0
  }
}

/// Reads the positions of the terms of a phrase in one document after the other and finds the rows.
struct RowReader {
  /// Terms that are looked at a range at a time.
  static let longest = Int(CHANCERY_TERMS)
  static let batch = CandidateBatch.room

  private let terms: UnsafeMutablePointer<ScoredTerm>
  private let count: Int
  private let base: Int
  private let looksAtAll: Bool
  private let arena: Arena
  private let kernels = bestKernels
  /// The terms in the order in which they are looked at, the rarest first.
  private let order: UnsafeMutablePointer<Int>
  private var candidates: CandidateBatch
  /// For a range, each term's positions and each document's rows.
  private let positions: UnsafeMutablePointer<chancery_positions>
  private let counts: UnsafeMutablePointer<UInt32>
  /// Where the first term of the rows found stands.
  private var rows: UnsafeMutablePointer<UInt32>
  private var room = CandidateBatch.positions
  /// Documents with the row.
  private(set) var total = 0

  init(
    _ terms: UnsafeMutablePointer<ScoredTerm>, _ count: Int, _ found: SegmentSearch.Candidates?, base: Int, looksAtAll: Bool, _ arena: Arena
  ) {
    (self.terms, self.count, self.base, self.looksAtAll, self.arena) = (terms, count, base, looksAtAll, arena)
    order = arena.sorted(count) { terms[$0].postings.count < terms[$1].postings.count }
    rows = arena.allocate(room)
    positions = arena.allocate(count)
    counts = arena.allocate(PostingsLayout.range)
    candidates = CandidateBatch(terms, order, count, arena)
  }

  /// Looks at the documents of a range, set bits of `word`.
  @inline(__always)
  mutating func look(in range: Int, _ word: UInt64, _ keys: inout TopKeys) {
    for place in BitPlaces(word) { look(at: UInt32(truncatingIfNeeded: range &* 64 &+ place), 0, &keys) }
  }

  /// Looks at all documents of a range, set bits of `match`, when all terms are dense and their positions are unpacked group by group.
  mutating func lookAtAll(in range: Int, _ match: UInt64, _ keys: inout TopKeys) {
    var match = match
    let countsOnly = keys.capacity == 0
    if count > 2 {
      // The two rarest first: the positions of the others cost most and are mostly not needed.
      guard countWhole(2, range, match, countsOnly: false) != nil else { return }
      for document in BitPlaces(match) where counts[document] == 0 { match &= ~(1 << UInt64(document)) }
      if match.nonzeroBitCount < SegmentSearch.manyInRange {
        look(in: range, match, &keys)
        return
      }
    }
    guard let found = countWhole(count, range, match, countsOnly: countsOnly) else { return }
    total &+= found
    if found == 0 || countsOnly { return }
    for document in BitPlaces(match) where counts[document] != 0 {
      let number = range &* 64 &+ document
      let norm = terms[0].norms[Int(terms[0].lengths[number])]
      keys.offer(TopKeys.key(BM25.score(terms[0].idf, counts[document], norm), base &+ number))
    }
  }

  /// How many documents of a range have the `some` rarest terms where they stand in the row, `counts` how often; nil when their positions are damaged.
  private mutating func countWhole(_ some: Int, _ range: Int, _ match: UInt64, countsOnly: Bool) -> Int? {
    for place in 0..<some {
      let index = order[place]
      guard let own = terms[index].wholePositions(range, at: index, arena) else { return nil }
      positions[place] = own
      // A row is no more frequent than its rarest term, and that one fits in whatever holds its group.
      if terms[index].positionRoom > room {
        room = terms[index].positionRoom
        rows = arena.allocate(room)
      }
    }
    return Int(kernels.pointee.rows(match, positions, Int32(some), rows, countsOnly ? nil : counts))
  }

  /// Looks at candidate number `number`, a document that has all terms, together with the next ones; unless all are wanted, only when it can still be
  /// among the best.
  @inline(__always)
  mutating func look(at document: UInt32, _ number: Int, _ keys: inout TopKeys) {
    candidates.add(document, number)
    if candidates.isFull { finish(&keys) }
  }

  /// Looks at those that are still waiting.
  mutating func finish(_ keys: inout TopKeys) {
    if candidates.count == 0 { return }
    let (idf, norms, lengths) = (terms[0].idf, terms[0].norms, terms[0].lengths)
    if keys.capacity > 0 { candidates.ask(lengths) }
    // A row is no more frequent than its rarest term in the document.
    let lowest = looksAtAll || keys.capacity == 0 ? 0 : keys.lowest
    let frequencies = candidates.rows(any: keys.capacity == 0, lowest: lowest, &rows, &room, arena)
    for place in 0..<candidates.count where frequencies[place] != 0 {
      total &+= 1
      if keys.capacity == 0 { continue }
      let document = Int(candidates.documents[place])
      keys.offer(TopKeys.key(BM25.score(idf, frequencies[place], norms[Int(lengths[document])]), base &+ document))
    }
    candidates.clear()
  }
}

/// The places of a word's set bits, ascending.
struct BitPlaces: Sequence, IteratorProtocol {
  private var word: UInt64

  init(_ word: UInt64) { self.word = word }

  @inline(__always)
  mutating func next() -> Int? {
    if word == 0 { return nil }
    defer { word &= word &- 1 }
    return word.trailingZeroBitCount
  }
}

/// Finds the documents of a range that a phrase's rarest term there lets score enough.
struct RangeLanes {
  private let least: UnsafeMutablePointer<Int32>
  private let norms, scores: UnsafeMutablePointer<Float>
  private let kernels = bestKernels

  init(_ arena: Arena) {
    least = arena.allocate(PostingsLayout.range)
    norms = arena.allocate(PostingsLayout.range)
    scores = arena.allocate(PostingsLayout.range)
  }

  /// Those of `match`, in which all terms are.
  @inline(__always)
  func hopeful(_ match: UInt64, _ range: Int, _ terms: UnsafeMutablePointer<ScoredTerm>, _ count: Int, lowest: Float) -> UInt64 {
    least.initialize(repeating: .max, count: PostingsLayout.range)
    for index in 0..<count { terms[index].addLeast(range, least) }
    kernels.pointee.range_norms(terms[0].lengths + range &* 64, terms[0].norms, norms)
    kernels.pointee.score_lanes(least, norms, terms[0].idf, scores)
    return kernels.pointee.scores_at_least(scores, match, lowest)
  }
}

/// The positions of a dense term's group.
struct PositionRoom: BitwiseCopyable {
  /// The gaps added up, the first after a 0.
  var sums: UnsafeMutablePointer<UInt32>
  var room: Int
  /// Where each posting's gaps begin, and its frequency.
  let starts: UnsafeMutablePointer<UInt32>
  let counts: UnsafeMutablePointer<UInt32>
  var isLoaded = false

  /// Values that may be read after the last.
  static let padding = PostingsLayout.block

  init(_ arena: Arena) {
    room = 2 * PostingsLayout.group
    sums = arena.allocate(room)
    starts = arena.allocate(PostingsLayout.group + 1)
    counts = arena.allocate(PostingsLayout.group)
  }

  mutating func reserve(_ count: Int, _ arena: Arena) {
    if count + Self.padding + 1 <= room { return }
    room = (count + Self.padding + 1) * 2
    sums = arena.allocate(room)
  }
}

extension ScoredTerm {
  /// Lowers `least` to the frequencies of a dense term in a range.
  @inline(__always)
  mutating func addLeast(_ range: Int, _ least: UnsafeMutablePointer<Int32>) {
    seekGroup(range / PostingsLayout.groupRanges)
    guard let frequencies else { return }
    kernels.pointee.least_range(
      postings.words[range], frequencies.planes, Int32(frequencies.width), Int32(frequencies.count), Int32(frequencies.more),
      Int32(rank(range)), least)
  }

  /// How many positions there is room for.
  var positionRoom: Int { positions?.room ?? 0 }

  /// A dense term's positions in a range's group, the term standing at `place` in the phrase; nil when they are damaged.
  @inline(__always)
  mutating func wholePositions(_ range: Int, at place: Int, _ arena: Arena) -> chancery_positions? {
    seekGroup(range / PostingsLayout.groupRanges)
    if positions?.isLoaded != true, !loadWhole(arena) { return nil }
    guard let positions else { return nil }
    return chancery_positions(
      word: postings.words[range], rank: UInt32(truncatingIfNeeded: rank(range)), place: UInt32(truncatingIfNeeded: place),
      sums: positions.sums, starts: positions.starts, counts: positions.counts)
  }

  private mutating func loadWhole(_ arena: Arena) -> Bool {
    guard let frequencies else { return false }
    var place = positions ?? PositionRoom(arena)
    kernels.pointee.frequencies(
      frequencies.planes, Int32(frequencies.width), Int32(frequencies.count), Int32(frequencies.more), place.counts)
    place.starts[0] = 0
    place.starts.advanced(by: 1).update(from: place.counts, count: frequencies.count)
    kernels.pointee.prefix_sums(place.starts + 1, frequencies.count)
    let total = Int(place.starts[frequencies.count])
    isDamaged = isDamaged || !postings.hasGaps(frequencies, total)
    if isDamaged { return false }
    place.reserve(total, arena)
    place.sums[0] = 0
    place.isLoaded = postings.gaps(frequencies, total: total, place.sums + 1, kernels)
    if place.isLoaded { kernels.pointee.prefix_sums(place.sums + 1, total) } else { isDamaged = true }
    positions = place
    return place.isLoaded
  }
}
