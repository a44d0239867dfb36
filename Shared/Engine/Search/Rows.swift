import CKernels

/// Phrases: documents that have all the terms, and among them those in which the terms stand in a row.
extension SegmentSearch {
  /// So few candidates are looked at in their order.
  private static var fewRows: Int { 512 }
  /// Candidates whose memory is asked for at once.
  private static var batch: Int { 32 }
  /// With so many in a range, all positions of its group are unpacked.
  static var manyInRange: Int { 4 }

  /// Offers the best documents with the row to `keys`; how many have it when that is wanted.
  mutating func rows(_ keys: inout TopKeys, wantsTotal: Bool) -> Int {
    var reader = RowReader(terms, count, base: base, looksAtAll: wantsTotal, arena)
    if !isAllDense {
      let (documents, held) = candidates()
      return rows(documents, held, &reader, &keys, wantsTotal: wantsTotal)
    }
    let match = matchAllDense()
    if !wantsTotal {
      bestRows(match, &reader, &keys)
      return 0
    }
    let readsWholeBlocks = prepare(kernels.pointee.count_bits(match, ranges))
    for range in 0..<ranges where match[range] != 0 {
      if pace.spend(Pace.forRange) { break }
      if readsWholeBlocks {
        reader.lookAtAll(in: range, match[range], &keys)
      } else {
        reader.look(in: range, match[range], &keys)
      }
    }
    return reader.total
  }

  /// The best documents with the row of those in `match`, when all terms are dense.
  private func bestRows(_ match: UnsafePointer<UInt64>, _ reader: inout RowReader, _ keys: inout TopKeys) {
    let bounds = arena.allocate(ranges, of: Float.self)
    bounds.initialize(repeating: .infinity, count: ranges)
    for index in 0..<count {
      if let impacts = terms[index].postings.impacts { kernels.pointee.least_bounds(impacts, terms[index].bounds, ranges, bounds) }
    }
    kernels.pointee.drop_bounds(match, ranges, bounds)
    let lanes = RangeLanes(arena)
    let terms = terms
    let count = count
    descend(
      bounds, ranges, &keys, first: { $0 &* 64 },
      body: { range, keys in
        let hopeful = lanes.hopeful(match[range], range, terms, count, lowest: keys.lowest)
        if hopeful.nonzeroBitCount < Self.manyInRange || count > RowReader.longest {
          reader.look(in: range, hopeful, &keys)
        } else {
          reader.lookAtAll(in: range, hopeful, &keys)
        }
      })
  }

  /// The same for candidates, when a term is sparse.
  private mutating func rows(
    _ documents: UnsafePointer<UInt32>, _ held: Int, _ reader: inout RowReader, _ keys: inout TopKeys, wantsTotal: Bool
  ) -> Int {
    if wantsTotal || held <= Self.fewRows || keys.capacity > Self.fewHits {
      _ = prepare(held)
      for batch in stride(from: 0, to: held, by: Self.batch) {
        if pace.spend(Pace.forRange) { break }
        let end = min(held, batch + Self.batch)
        reader.choose(held)
        for index in 0..<count where !terms[index].readsWholeBlocks { terms[index].prefetch(documents, batch, end - batch) }
        for place in batch..<end { reader.look(at: documents[place], place, &keys) }
      }
      return reader.total
    }
    let bounds = arena.allocate(held, of: Float.self)
    bounds.initialize(repeating: .infinity, count: held)
    for index in 0..<count { terms[index].addBounds(documents, held, bounds) { min($0, $1) } }
    descend(bounds, held, &keys, first: { Int(documents[$0]) }, body: { place, keys in reader.look(at: documents[place], place, &keys) })
    return 0
  }

  /// Chooses for each term how its positions are read, for so many candidates in ascending order; whether all are read by whole blocks.
  private mutating func prepare(_ candidates: Int) -> Bool {
    var all = count <= RowReader.longest
    for index in 0..<count {
      terms[index].choose(candidates)
      all = all && terms[index].readsWholeBlocks
    }
    return all
  }
}

/// Reads the positions of the terms of a phrase in one document after the other and finds the rows.
struct RowReader {
  /// Terms that are looked at a range at a time.
  static let longest = Int(CHANCERY_TERMS)

  private let terms: UnsafeMutablePointer<ScoredTerm>
  private let count: Int
  private let base: Int
  private let looksAtAll: Bool
  private let arena: Arena
  private let kernels = bestKernels
  /// The terms in the order in which they are looked at, the rarest first.
  private let order: UnsafeMutablePointer<Int>
  /// For each term its number in the block and its frequency.
  private let ranks: UnsafeMutablePointer<Int>
  private let frequencies: UnsafeMutablePointer<Int>
  /// For a range, each term's positions and each document's rows.
  private let positions: UnsafeMutablePointer<chancery_positions>
  private let counts: UnsafeMutablePointer<UInt32>
  /// Where the first term of the rows found stands.
  private var rows: UnsafeMutablePointer<UInt32>
  private var room = 256
  /// Documents with the row.
  private(set) var total = 0
  /// Documents looked at one by one, and those in which the two rarest terms stand as in the row.
  private var (looked, survived) = (0, 0)

  init(_ terms: UnsafeMutablePointer<ScoredTerm>, _ count: Int, base: Int, looksAtAll: Bool, _ arena: Arena) {
    (self.terms, self.count, self.base, self.looksAtAll, self.arena) = (terms, count, base, looksAtAll, arena)
    ranks = arena.allocate(count)
    frequencies = arena.allocate(count)
    rows = arena.allocate(room)
    positions = arena.allocate(count)
    counts = arena.allocate(PostingsLayout.range)
    order = arena.allocate(count)
    for (place, index) in (0..<count).sorted(by: { terms[$0].postings.count < terms[$1].postings.count }).enumerated() {
      order[place] = index
    }
  }

  /// Chooses how the positions are read of those terms that are only looked at where the two rarest stand as in the row, as has been seen so far of
  /// so many candidates.
  mutating func choose(_ candidates: Int) {
    for place in 2..<max(2, count) { terms[order[place]].choose(candidates * survived / (looked + 1)) }
  }

  /// Looks at the documents of a range, set bits of `word`.
  @inline(__always)
  mutating func look(in range: Int, _ word: UInt64, _ keys: inout TopKeys) {
    var word = word
    while word != 0 {
      look(at: UInt32(truncatingIfNeeded: range &* 64 &+ word.trailingZeroBitCount), 0, &keys)
      word &= word &- 1
    }
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

  /// Looks at candidate number `candidate`, a document that has all terms; unless all are wanted, only when it can still be among the best.
  mutating func look(at document: UInt32, _ candidate: Int, _ keys: inout TopKeys) {
    let norm = terms[0].norms[Int(terms[0].lengths[Int(document)])]
    let place = base &+ Int(document)
    if !looksAtAll {
      var least = Int.max
      for index in 0..<count {
        if !seek(index, document, candidate) { return }
        least = min(least, frequencies[index])
      }
      if TopKeys.key(BM25.score(terms[0].idf, UInt32(truncatingIfNeeded: least), norm), place) <= keys.threshold { return }
    }
    let frequency = countRows(document, candidate)
    if frequency == 0 { return }
    total &+= 1
    keys.offer(TopKeys.key(BM25.score(terms[0].idf, UInt32(truncatingIfNeeded: frequency), norm), place))
  }

  /// Finds a term in the document; false when its postings are damaged.
  @inline(__always)
  private func seek(_ index: Int, _ document: UInt32, _ candidate: Int) -> Bool {
    guard let rank = terms[index].seek(document, candidate) else { return false }
    ranks[index] = rank
    frequencies[index] = Int(terms[index].frequency(rank: rank))
    return true
  }

  /// How often the terms stand in a row in the document.
  private mutating func countRows(_ document: UInt32, _ candidate: Int) -> Int {
    let lead = order[0]
    if looksAtAll, !seek(lead, document, candidate) { return 0 }
    var held = frequencies[lead]
    if held > room {
      room = held * 2
      rows = arena.allocate(room)
    }
    guard let own = terms[lead].positions(ranks[lead], held, arena) else { return 0 }
    looked &+= 1
    var values = UnsafePointer(own.values)
    for place in 1..<count {
      let index = order[place]
      if looksAtAll, !seek(index, document, candidate) { return 0 }
      guard let other = terms[index].positions(ranks[index], frequencies[index], arena) else { return 0 }
      let distance = UInt32(truncatingIfNeeded: index &- lead)
      held = kernels.pointee.matches(
        values, held, own.before, distance &- own.before &+ other.before, other.values, frequencies[index], other.before, rows)
      if held == 0 { return 0 }
      if place == 1 { survived &+= 1 }
      values = UnsafePointer(rows)
    }
    return held
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

/// The positions of a block or group, unpacked as they are asked for.
struct PositionRoom: BitwiseCopyable {
  /// The gaps added up over the whole block, the first after a 0; or the positions of one document.
  var sums: UnsafeMutablePointer<UInt32>
  var room: Int
  /// Of a whole block, where each posting's gaps begin, and its frequency.
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
  /// With so many candidates in a block or group, all its positions are unpacked at once.
  private static var manyCandidates: Int { 8 }

  /// Chooses how positions are read in so many candidates.
  mutating func choose(_ candidates: Int) { readsWholeBlocks = candidates >= postings.blocks * Self.manyCandidates }

  /// The frequency of a posting of the current block or group.
  @inline(__always)
  mutating func frequency(rank: Int) -> UInt32 {
    if let positions, positions.isLoaded { return positions.counts[rank] }
    return frequencies?.frequency(rank) ?? 0
  }

  /// So many positions, those of a posting of the current block or group, each less `before`; nil when they are damaged.
  @inline(__always)
  mutating func positions(_ rank: Int, _ count: Int, _ arena: Arena) -> (values: UnsafeMutablePointer<UInt32>, before: UInt32)? {
    if readsWholeBlocks || positions?.isLoaded == true {
      if positions?.isLoaded != true, !loadWhole(arena) { return nil }
      guard let positions else { return nil }
      let start = Int(positions.starts[rank])
      return (positions.sums + (start &+ 1), positions.sums[start])
    }
    return readSome(rank, count, arena)
  }

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

  private mutating func readSome(_ rank: Int, _ count: Int, _ arena: Arena) -> (values: UnsafeMutablePointer<UInt32>, before: UInt32)? {
    guard let frequencies else { return nil }
    var place = positions ?? PositionRoom(arena)
    if total < 0 { total = frequencies.total >= 0 ? frequencies.total : frequencies.occurrences(before: frequencies.count) }
    guard count <= total, postings.hasGaps(frequencies, total) else { return noteDamage() }
    place.reserve(count, arena)
    place.isLoaded = false
    positions = place
    return postings.positions(frequencies, total: total, rank, count, place.sums, kernels) ? (place.sums, 0) : noteDamage()
  }

  private mutating func noteDamage() -> (values: UnsafeMutablePointer<UInt32>, before: UInt32)? {
    isDamaged = true
    return nil
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
