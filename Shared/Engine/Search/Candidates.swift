import CKernels

/// Candidates of an intersection that are read together: what they touch in memory is asked for before any of it is waited for.
struct CandidateBatch {
  static let room = 128
  /// Positions that there is room for at first.
  static let positions = 1024
  /// Terms whose memory is asked for early: the others are mostly not looked at.
  private static let early = 2

  private let readers: UnsafeMutablePointer<chancery_reader>
  private let terms: UnsafeMutablePointer<ScoredTerm>
  private let order: UnsafePointer<Int>
  private let termCount: Int
  let documents, numbers: UnsafeMutablePointer<UInt32>
  private let frequencies: UnsafeMutablePointer<UInt32>
  private let needed: UnsafeMutablePointer<Float>
  private let kernels = bestKernels
  private(set) var count = 0

  /// The terms are read in `order`.
  init(_ terms: UnsafeMutablePointer<ScoredTerm>, _ order: UnsafePointer<Int>, _ count: Int, _ arena: Arena) {
    (self.terms, self.order, termCount) = (terms, order, count)
    readers = arena.allocate(count)
    for place in 0..<count { (readers + place).initialize(to: terms[order[place]].reader(at: order[place])) }
    documents = arena.allocate(Self.room)
    numbers = arena.allocate(Self.room)
    frequencies = arena.allocate(Self.room)
    needed = arena.allocate(Self.room)
  }

  var isFull: Bool { count == Self.room }

  @inline(__always)
  mutating func add(_ document: UInt32, _ number: Int) {
    documents[count] = document
    numbers[count] = UInt32(truncatingIfNeeded: number)
    count &+= 1
  }

  mutating func clear() { count = 0 }

  /// Asks early for what reading a term in the candidates will touch.
  func prefetch(_ place: Int) { chancery_prefetch(readers + place, documents, numbers, count) }

  /// The same of documents' bytes in `column`.
  func ask(_ column: UnsafePointer<UInt8>) { for place in 0..<count { chancery_ask(column + Int(documents[place]), 1) } }

  func prefetchAll() { for place in 0..<termCount { prefetch(place) } }

  private func noteDamage(_ place: Int) { if readers[place].damaged != 0 { terms[order[place]].isDamaged = true } }

  /// How often term number `place` in the order is in each; 0 where it is damaged.
  func frequencies(_ place: Int) -> UnsafeMutablePointer<UInt32> {
    kernels.pointee.frequencies_at(readers + place, documents, numbers, count, frequencies)
    noteDamage(place)
    return frequencies
  }

  /// How often the terms stand in a row in each; with `any`, only whether they do. `rows` has room for so many positions. Those in which a term is too
  /// rare to score `lowest` may be left out.
  func rows(any: Bool, lowest: Float, _ rows: inout UnsafeMutablePointer<UInt32>, _ room: inout Int, _ arena: Arena) -> UnsafePointer<
    UInt32
  > {
    let term = terms[0]
    if lowest > 0 {
      // idf · f / (f + norm) is lowest where f is norm · lowest / (idf − lowest); a little less makes up for the rounding.
      let least = Double(lowest) * (1 - 1e-6)
      let factor = Float(least / (Double(term.idf) - least) * (1 - 1e-6))
      for place in 0..<count { needed[place] = term.norms[Int(term.lengths[Int(documents[place])])] * factor }
    }
    for place in 0..<min(Self.early, termCount) { prefetch(place) }
    for place in 0..<termCount where readers[place].sums == nil { readers[place].makeRoom(Self.positions, arena) }
    var done = 0
    while true {
      done += kernels.pointee.rows_at(
        readers, Int32(termCount), documents + done, numbers + done, lowest > 0 ? needed + done : nil, count - done, any ? 1 : 0, rows,
        frequencies + done)
      if done == count { break }
      for place in 0..<termCount { readers[place].makeRoomWanted(arena) }
      if readers[0].room > room {
        room = readers[0].room
        rows = arena.allocate(room)
      }
    }
    for place in 0..<termCount { noteDamage(place) }
    return UnsafePointer(frequencies)
  }
}

extension chancery_reader {
  /// Takes memory for so many positions, which the kernels ask for only when the segment has so many.
  mutating func makeRoom(_ positions: Int, _ arena: Arena) {
    sums = arena.allocate(1 + positions + 2 * Int(CHANCERY_BLOCK))
    if starts == nil {
      starts = arena.allocate(Int(CHANCERY_GROUP) + 1)
      counts = arena.allocate(Int(CHANCERY_GROUP))
    }
    room = positions
  }

  /// Takes as much as the kernels want, and some more, when that is more than there is.
  mutating func makeRoomWanted(_ arena: Arena) { if wanted > room { makeRoom(wanted * 2, arena) } }
}

/// Scores candidates that have all terms.
struct CandidateReader {
  private let terms: UnsafeMutablePointer<ScoredTerm>
  private let count: Int
  private let base: Int
  private let found: SegmentSearch.Candidates
  private let scores, own: UnsafeMutablePointer<Float>
  private var pairs: PairScorer
  private var candidates: CandidateBatch
  private let kernels = bestKernels

  init(
    _ terms: UnsafeMutablePointer<ScoredTerm>, _ count: Int, _ found: SegmentSearch.Candidates, _ pairs: PairScorer, base: Int,
    _ arena: Arena
  ) {
    self.pairs = pairs
    (self.terms, self.count, self.base, self.found) = (terms, count, base, found)
    scores = arena.allocate(CandidateBatch.room)
    own = arena.allocate(CandidateBatch.room)
    // Scores are added in the order of the plan.
    candidates = CandidateBatch(terms, arena.ascending(count), count, arena)
  }

  /// Offers candidate number `number` to `keys`, together with the next ones.
  @inline(__always)
  mutating func look(_ number: Int, _ keys: inout TopKeys) {
    candidates.add(found.documents[number], number)
    if candidates.isFull { finish(&keys) }
  }

  /// Offers those that are still waiting.
  mutating func finish(_ keys: inout TopKeys) {
    let held = candidates.count
    if held == 0 { return }
    candidates.prefetchAll()
    candidates.ask(terms[0].lengths)
    for index in 0..<count {
      let term = terms + index
      let frequencies = candidates.frequencies(index)
      kernels.pointee.score(
        candidates.documents, frequencies, Int32(held), term.pointee.lengths, term.pointee.norms, term.pointee.idf,
        index == 0 ? scores : own)
      if index > 0 { for place in 0..<held { scores[place] += own[place] } }
    }
    if !pairs.isEmpty {
      for place in 0..<held where scores[place] * pairs.factor >= keys.lowest {
        pairs.add(candidates.documents[place], candidate: Int(candidates.numbers[place]), to: &scores[place])
      }
    }
    for place in 0..<held { keys.offer(TopKeys.key(scores[place], base &+ Int(candidates.documents[place]))) }
    candidates.clear()
  }
}
