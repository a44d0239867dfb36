import CKernels

/// Phrases: documents that have all the terms, and among them those in which the terms stand in a row.
extension SegmentSearch {
  /// With so many candidates in a block or group, all its positions are unpacked at once.
  private static var manyCandidates: Int { 12 }

  /// Offers the best documents with the row to `keys`; how many have it when that is wanted.
  mutating func rows(_ keys: inout TopKeys, wantsTotal: Bool) -> Int {
    let (terms, count, base) = (terms, count, base)
    var rows = RowReader(terms, count, arena)
    var total = 0
    func look(_ document: UInt32, _ keys: inout TopKeys) {
      guard let least = rows.seek(document) else { return }
      let norm = terms[0].norms[Int(terms[0].lengths[Int(document)])]
      let place = base &+ Int(document)
      if !wantsTotal, TopKeys.key(BM25.score(terms[0].idf, least, norm), place) <= keys.threshold { return }
      let frequency = rows.countRows()
      if frequency == 0 { return }
      total &+= 1
      keys.offer(TopKeys.key(BM25.score(terms[0].idf, frequency, norm), place))
    }
    if isAllDense {
      let match = matchAllDense()
      func lookIn(_ range: Int, _ keys: inout TopKeys) {
        var word = match[range]
        while word != 0 {
          look(UInt32(range &* 64 &+ word.trailingZeroBitCount), &keys)
          word &= word &- 1
        }
      }
      if wantsTotal {
        prepare(kernels.pointee.count_bits(match, ranges))
        for range in 0..<ranges { lookIn(range, &keys) }
        return total
      }
      let bounds = arena.allocate(ranges, of: Float.self)
      bounds.initialize(repeating: .infinity, count: ranges)
      for index in 0..<count {
        if let impacts = terms[index].postings.impacts { kernels.pointee.least_bounds(impacts, terms[index].bounds, ranges, bounds) }
      }
      kernels.pointee.drop_bounds(match, ranges, bounds)
      descend(bounds, ranges, &keys, first: { $0 &* 64 }) { range, keys in lookIn(range, &keys) }
      return 0
    }
    let (documents, held) = candidates()
    if wantsTotal || held <= Self.fewCandidates {
      prepare(held)
      for place in 0..<held { look(documents[place], &keys) }
      return total
    }
    let bounds = arena.allocate(held, of: Float.self)
    bounds.initialize(repeating: .infinity, count: held)
    for index in 0..<count { terms[index].addBounds(documents, held, bounds) { min($0, $1) } }
    descend(bounds, held, &keys, first: { Int(documents[$0]) }) { place, keys in look(documents[place], &keys) }
    return 0
  }

  /// Chooses for each term how its positions are read, for so many candidates in ascending order.
  private mutating func prepare(_ candidates: Int) {
    for index in 0..<count { terms[index].readsWholeBlocks = candidates >= terms[index].postings.blocks * Self.manyCandidates }
  }
}

/// Reads the positions of the terms of a phrase in one document and finds the rows.
struct RowReader {
  private let terms: UnsafeMutablePointer<ScoredTerm>
  private let count: Int
  private let arena: Arena
  /// For each term its number in the block, its frequency, and room for its positions.
  private let ranks: UnsafeMutablePointer<Int>
  private let frequencies: UnsafeMutablePointer<UInt32>
  private var rows: UnsafeMutablePointer<UInt32>
  private var others: UnsafeMutablePointer<UInt32>
  private var room = 256
  private var lead = 0

  init(_ terms: UnsafeMutablePointer<ScoredTerm>, _ count: Int, _ arena: Arena) {
    (self.terms, self.count, self.arena) = (terms, count, arena)
    ranks = arena.allocate(count)
    frequencies = arena.allocate(count)
    rows = arena.allocate(room)
    others = arena.allocate(room)
  }

  /// Goes to a document; the least of the terms' frequencies, nil when one is missing.
  mutating func seek(_ document: UInt32) -> UInt32? {
    var least = UInt32.max
    for index in 0..<count {
      guard let rank = terms[index].seek(document) else { return nil }
      let frequency = terms[index].frequency(rank: rank)
      ranks[index] = rank
      frequencies[index] = frequency
      if frequency < least { (least, lead) = (frequency, index) }
    }
    return least
  }

  /// How often the terms stand in a row in the document.
  mutating func countRows() -> UInt32 {
    var most = 0
    for index in 0..<count { most = max(most, Int(frequencies[index])) }
    if most > room {
      room = most * 2
      rows = arena.allocate(room)
      others = arena.allocate(room)
    }
    let (rows, others) = (rows, others)
    var held = Int(frequencies[lead])
    guard terms[lead].positions(ranks[lead], held, rows, arena) else { return 0 }
    // Where the rows would begin; none before the first position.
    var first = 0
    while first < held, rows[first] < UInt32(truncatingIfNeeded: lead) { first &+= 1 }
    for row in first..<held { rows[row &- first] = rows[row] &- UInt32(truncatingIfNeeded: lead) }
    held &-= first
    for index in 0..<count where index != lead {
      let other = Int(frequencies[index])
      guard terms[index].positions(ranks[index], other, others, arena) else { return 0 }
      let distance = UInt32(truncatingIfNeeded: index)
      var (kept, place) = (0, 0)
      for row in 0..<held {
        let wanted = rows[row] &+ distance
        while place < other, others[place] < wanted { place &+= 1 }
        if place == other { break }
        if others[place] == wanted {
          rows[kept] = rows[row]
          kept &+= 1
        }
      }
      held = kept
      if held == 0 { return 0 }
    }
    return UInt32(held)
  }
}

/// All positions of a block or group, unpacked.
struct WholeBlock: BitwiseCopyable {
  var gaps: UnsafeMutablePointer<UInt32>
  var room: Int
  let starts: UnsafeMutablePointer<UInt32>
  let counts: UnsafeMutablePointer<UInt32>
  var isLoaded = false

  init(_ arena: Arena) {
    room = 4 * PostingsLayout.group
    gaps = arena.allocate(room)
    starts = arena.allocate(PostingsLayout.group)
    counts = arena.allocate(PostingsLayout.group)
  }
}

extension ScoredTerm {
  /// The frequency of a posting of the current block or group.
  @inline(__always)
  func frequency(rank: Int) -> UInt32 {
    if let whole, whole.isLoaded { return whole.counts[rank] }
    return frequencies?.frequency(rank) ?? 0
  }

  /// Reads so many positions, those of a posting of the current block or group; false when they are damaged.
  @inline(__always)
  mutating func positions(_ rank: Int, _ count: Int, _ positions: UnsafeMutablePointer<UInt32>, _ arena: Arena) -> Bool {
    guard let frequencies else { return false }
    if readsWholeBlocks {
      if whole?.isLoaded != true, !loadWhole(frequencies, arena) { return false }
      guard let whole else { return false }
      let gaps = whole.gaps + Int(whole.starts[rank])
      var position: UInt32 = 0
      for index in 0..<count {
        position &+= gaps[index]
        positions[index] = position
      }
      return true
    }
    if total < 0 { total = frequencies.occurrences(before: frequencies.count) }
    let first = frequencies.occurrences(before: rank)
    if postings.positions(frequencies, total: total, first: first, count: count, positions) { return true }
    isDamaged = true
    return false
  }

  private mutating func loadWhole(_ frequencies: Postings.Frequencies, _ arena: Arena) -> Bool {
    var whole = self.whole ?? WholeBlock(arena)
    kernels.pointee.frequencies(
      frequencies.planes, Int32(frequencies.width), Int32(frequencies.count), Int32(frequencies.more), whole.counts)
    var total = 0
    for index in 0..<frequencies.count {
      whole.starts[index] = UInt32(truncatingIfNeeded: total)
      total &+= Int(whole.counts[index])
    }
    guard postings.hasGaps(frequencies, total) else {
      isDamaged = true
      return false
    }
    if total + PostingsLayout.block > whole.room {
      whole.room = (total + PostingsLayout.block) * 2
      whole.gaps = arena.allocate(whole.room)
    }
    whole.isLoaded = postings.gaps(frequencies, total: total, whole.gaps, kernels)
    if !whole.isLoaded { isDamaged = true }
    self.whole = whole
    return whole.isLoaded
  }
}
