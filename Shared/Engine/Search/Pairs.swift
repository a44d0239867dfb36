import CKernels

/// Adds to the scores of documents what pairs of their terms add that stand side by side: positions are read only of documents that can still be among the best.
///
/// Plain values in the search's arena, as `ScoredTerm`.
struct PairScorer: BitwiseCopyable {
  private let pairs: UnsafeMutablePointer<Plan.Pair>
  private var count = 0
  private let terms: UnsafeMutablePointer<ScoredTerm>
  private let kernels = bestKernels
  /// What a document's score without pairs grows by at the most.
  private(set) var factor: Float = 1
  private let arena: Unmanaged<Arena>
  /// Where the first term of the pairs found stands.
  private var rows: UnsafeMutablePointer<UInt32>
  private var room = Self.positions
  /// Positions that there is room for at first.
  private static let positions = 256
  /// What reads each pair's two terms, and the number of the posting that each is to read.
  private let readers: UnsafeMutablePointer<chancery_reader>
  private let slots: UnsafeMutablePointer<UInt32>

  /// - Parameter places: where each of the plan's terms is among `terms`, nil when it is not.
  init(_ all: [Plan.Pair], _ places: [Int?], _ terms: UnsafeMutablePointer<ScoredTerm>, _ termCount: Int, _ arena: Arena) {
    self.terms = terms
    // The search holds its arena for longer than this value.
    self.arena = .passUnretained(arena)
    pairs = arena.allocate(all.count)
    rows = arena.allocate(all.isEmpty ? 0 : room)
    readers = arena.allocate(2 * all.count)
    slots = arena.allocate(2 * all.count)
    for pair in all {
      guard let first = places[pair.first], let second = places[pair.second] else { continue }
      pairs[count] = Plan.Pair(first: first, second: second, idf: pair.idf)
      count += 1
    }
    for place in 0..<2 * count {
      let term = terms + (place % 2 == 0 ? pairs[place / 2].first : pairs[place / 2].second)
      var reader = term.pointee.reader(at: place % 2)
      reader.places = term.pointee.postings.isDense ? nil : UnsafePointer(slots + place)
      (readers + place).initialize(to: reader)
      readers[place].makeRoom(Self.positions, arena)
    }
    if count > 0 { for index in 0..<termCount { factor = max(factor, terms[index].most / terms[index].idf * (1 + 1e-5)) } }
  }

  var isEmpty: Bool { count == 0 }

  /// Offers those documents of a range that are in `mask`, with what pairs add to `scores`.
  mutating func offer(_ scores: UnsafePointer<Float>, _ mask: UInt64, _ range: Int, _ base: Int, _ keys: inout TopKeys) {
    for place in BitPlaces(kernels.pointee.scores_at_least(scores, mask, keys.lowest / factor * (1 - 1e-5))) {
      var score = scores[place]
      if score * factor < keys.lowest { continue }
      add(UInt32(truncatingIfNeeded: range &* 64 &+ place), candidate: nil, to: &score)
      keys.offer(TopKeys.key(score, base &+ range &* 64 &+ place))
    }
  }

  /// Adds what pairs add in a document: a candidate of an intersection, or one of a range whose sparse terms are unpacked.
  mutating func add(_ document: UInt32, candidate: Int?, to score: inout Float) {
    for index in 0..<count {
      let (first, second) = (terms + pairs[index].first, terms + pairs[index].second)
      guard find(first, document, candidate, 2 * index), find(second, document, candidate, 2 * index + 1) else { continue }
      let frequency = adjacent(index, document)
      if frequency > 0 {
        let norm = first.pointee.norms[Int(first.pointee.lengths[Int(document)])]
        score += BM25.score(pairs[index].idf, frequency, norm)
      }
    }
  }

  /// Tells a reader where the document's posting is; false when the term is not in it.
  private func find(_ term: UnsafeMutablePointer<ScoredTerm>, _ document: UInt32, _ candidate: Int?, _ reader: Int) -> Bool {
    if term.pointee.postings.isDense { return term.pointee.has(document) }
    if let candidate {
      guard let places = term.pointee.places else { return false }
      slots[reader] = places[candidate]
      return true
    }
    guard let place = term.pointee.place(document) else { return false }
    slots[reader] = place
    return true
  }

  /// How often the second term of a pair directly follows its first in a document, which both readers have been told.
  private mutating func adjacent(_ index: Int, _ document: UInt32) -> UInt32 {
    let own = readers + 2 * index
    var (document, number, frequency) = (document, UInt32(0), UInt32(0))
    while kernels.pointee.rows_at(own, 2, &document, &number, nil, 1, 0, rows, &frequency) == 0 {
      for place in 0..<2 { own[place].makeRoomWanted(arena.takeUnretainedValue()) }
      if own[0].room > room {
        room = own[0].room
        rows = arena.takeUnretainedValue().allocate(room)
      }
    }
    for place in 0..<2 where own[place].damaged != 0 { terms[place == 0 ? pairs[index].first : pairs[index].second].isDamaged = true }
    return frequency
  }
}
