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
  private var room = 256

  /// - Parameter places: where each of the plan's terms is among `terms`, nil when it is not.
  init(_ all: [Plan.Pair], _ places: [Int?], _ terms: UnsafeMutablePointer<ScoredTerm>, _ termCount: Int, _ arena: Arena) {
    self.terms = terms
    // The search holds its arena for longer than this value.
    self.arena = .passUnretained(arena)
    pairs = arena.allocate(all.count)
    rows = arena.allocate(all.isEmpty ? 0 : room)
    for pair in all {
      guard let first = places[pair.first], let second = places[pair.second] else { continue }
      pairs[count] = Plan.Pair(first: first, second: second, idf: pair.idf)
      count += 1
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
      guard let rank = seek(first, document, candidate), let other = seek(second, document, candidate) else { continue }
      let frequency = adjacent(first, rank, second, other)
      if frequency > 0 {
        let norm = first.pointee.norms[Int(first.pointee.lengths[Int(document)])]
        score += BM25.score(pairs[index].idf, UInt32(truncatingIfNeeded: frequency), norm)
      }
    }
  }

  private func seek(_ term: UnsafeMutablePointer<ScoredTerm>, _ document: UInt32, _ candidate: Int?) -> Int? {
    if let candidate { return term.pointee.seek(document, candidate) }
    return term.pointee.seekUnpacked(document)
  }

  /// How often the second posting's term directly follows the first's.
  private mutating func adjacent(
    _ first: UnsafeMutablePointer<ScoredTerm>, _ rank: Int, _ second: UnsafeMutablePointer<ScoredTerm>, _ other: Int
  ) -> Int {
    let (held, following) = (Int(first.pointee.frequency(rank: rank)), Int(second.pointee.frequency(rank: other)))
    let arena = arena.takeUnretainedValue()
    if held > room {
      room = held * 2
      rows = arena.allocate(room)
    }
    guard let own = first.pointee.positions(rank, held, arena), let next = second.pointee.positions(other, following, arena) else {
      return 0
    }
    return Int(
      kernels.pointee.matches(own.values, Int(held), own.before, 1 &- own.before &+ next.before, next.values, following, next.before, rows))
  }
}
