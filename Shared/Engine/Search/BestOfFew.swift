import CKernels

/// The best documents that have any of some terms, when the sparse ones among them are few and short: all documents of those are looked at, and the
/// others only when the dense terms alone could reach as far (Turtle and Flood's essential terms, 1995).
extension SegmentSearch {
  private static var mostSparse: Int { 3 }
  /// With fewer than one posting of sparse terms for so many documents.
  private static var rarity: Int { 16 }
  /// What share of its idf a sparse term mostly gives to the last of a short answer.
  private static var reach: Float { 0.75 }

  /// Whether this road is the best.
  func areFew(_ keys: borrowing TopKeys) -> Bool {
    var (sparse, postings, most, denseMost) = (0, 0, Float(0), Float(0))
    for index in 0..<count {
      if terms[index].postings.isDense {
        denseMost += terms[index].idf
      } else {
        sparse += 1
        postings += terms[index].postings.count
        most = max(most, terms[index].idf)
      }
    }
    return keys.capacity <= Self.fewHits && sparse > 0 && sparse <= Self.mostSparse && postings * Self.rarity < part.reader.documents
      && most * Self.reach > denseMost
  }

  mutating func bestOfFew(_ keys: inout TopKeys) {
    let union = Union(terms, count, arena)
    // Scores are read 64 at a time.
    let bounds: UnsafeMutablePointer<Float> = arena.zeros(union.count + PostingsLayout.range)
    var (hasDense, denseMost) = (false, Float(0))
    for index in 0..<count {
      if let own = union.scores[index] {
        for place in 0..<union.count { bounds[place] += own[place] }
      } else if let impacts = terms[index].postings.impacts {
        kernels.pointee.add_member_bounds(union.documents, union.count, terms[index].postings.words, impacts, terms[index].bounds, bounds)
        hasDense = true
        // No score is over idf.
        denseMost += terms[index].idf
      }
    }
    union.dropRepeated(bounds)
    if let allowed {
      for place in 0..<union.count where allowed[Int(union.documents[place] >> 6)] >> UInt64(union.documents[place] & 63) & 1 == 0 {
        bounds[place] = 0
      }
    }
    if !hasDense {
      offerAll(union, bounds, &keys)
      return
    }
    var reader = UnionReader(terms, count, union, base: base, arena)
    descend(
      bounds, union.count, &keys, first: { Int(union.documents[$0]) }, body: { place, keys in reader.look(place, &keys) },
      finish: { keys in reader.finish(&keys) })
    if keys.lowest > denseMost { return }
    let others = arena.allocate(ranges, of: UInt64.self)
    others.initialize(repeating: .max, count: ranges)
    let own: UnsafeMutablePointer<UInt64> = arena.zeros(ranges)
    kernels.pointee.set_bits(union.documents, union.count, own)
    kernels.pointee.and_not_words(others, own, ranges)
    if let allowed { kernels.pointee.and_words(others, allowed, ranges) }
    bestRanges(&keys, match: others, denseOnly: true)
  }

  /// Offers documents by their scores, 0 for those that are not to be offered.
  private func offerAll(_ union: Union, _ scores: UnsafePointer<Float>, _ keys: inout TopKeys) {
    for start in stride(from: 0, to: union.count, by: PostingsLayout.range) {
      let held = min(PostingsLayout.range, union.count - start)
      var found = kernels.pointee.scores_at_least(scores + start, .max >> UInt64(PostingsLayout.range - held), keys.lowest)
      while found != 0 {
        let place = start &+ found.trailingZeroBitCount
        found &= found &- 1
        keys.offer(TopKeys.key(scores[place], base &+ Int(union.documents[place])))
      }
    }
  }
}

/// The documents of the sparse terms, term after term, each with what every sparse term scores in it.
private struct Union {
  let documents: UnsafeMutablePointer<UInt32>
  private(set) var count = 0
  /// For each term of the plan; nil for a dense one. A document that several terms have is complete where it comes first.
  let scores: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>
  /// Places of documents that have come before.
  private let repeated: UnsafeMutablePointer<UInt32>
  private var repeatedCount = 0

  init(_ terms: UnsafeMutablePointer<ScoredTerm>, _ termCount: Int, _ arena: Arena) {
    let room = (0..<termCount).reduce(0) { terms[$1].postings.isDense ? $0 : $0 + terms[$1].postings.count }
    documents = arena.allocate(room)
    repeated = arena.allocate(room * termCount)
    scores = arena.allocate(termCount)
    let (kept, found) = (arena.allocate(room, of: UInt32.self), arena.allocate(room, of: UInt32.self))
    for index in 0..<termCount {
      scores[index] = nil
      if terms[index].postings.isDense { continue }
      let own: UnsafeMutablePointer<Float> = arena.zeros(room)
      scores[index] = own
      terms[index].unpack(arena)
      guard let documents = terms[index].documents, let values = terms[index].scores else { continue }
      let held = terms[index].postings.count
      (self.documents + count).update(from: documents, count: held)
      (own + count).update(from: values, count: held)
      var start = 0
      for other in 0..<index where !terms[other].postings.isDense {
        let otherCount = terms[other].postings.count
        let both = terms[other].findUnpacked(documents, held, kept, found)
        for pair in 0..<both {
          own[start + Int(found[pair])] = values[Int(kept[pair])]
          repeated[repeatedCount] = UInt32(truncatingIfNeeded: count) &+ kept[pair]
          repeatedCount += 1
        }
        start += otherCount
      }
      count += held
    }
  }

  func dropRepeated(_ bounds: UnsafeMutablePointer<Float>) { for index in 0..<repeatedCount { bounds[Int(repeated[index])] = 0 } }
}

extension ScoredTerm {
  /// Finds ascending documents in an unpacked sparse term, as `find` does.
  fileprivate func findUnpacked(
    _ wanted: UnsafePointer<UInt32>, _ count: Int, _ kept: UnsafeMutablePointer<UInt32>, _ found: UnsafeMutablePointer<UInt32>
  ) -> Int {
    guard let documents else { return 0 }
    var (first, held, block) = (0, 0, 0)
    while first < count {
      block = self.block(from: block, wanted[first])
      if block == postings.blocks { break }
      let start = block &* PostingsLayout.block
      var looked = 0
      held &+= kernels.pointee.find(
        wanted + first, count &- first, documents + start, postings.last(block), UInt32(truncatingIfNeeded: first),
        UInt32(truncatingIfNeeded: start), kept + held, found + held, &looked)
      first &+= looked
      block &+= 1
    }
    return held
  }
}

/// Scores documents of a union, of which the sparse terms' part is known.
private struct UnionReader {
  private let terms: UnsafeMutablePointer<ScoredTerm>
  private let count: Int
  private let base: Int
  private let union: Union
  private let scores, own: UnsafeMutablePointer<Float>
  private var candidates: CandidateBatch
  private let kernels = bestKernels

  init(_ terms: UnsafeMutablePointer<ScoredTerm>, _ count: Int, _ union: Union, base: Int, _ arena: Arena) {
    (self.terms, self.count, self.union, self.base) = (terms, count, union, base)
    scores = arena.allocate(CandidateBatch.room)
    own = arena.allocate(CandidateBatch.room)
    candidates = CandidateBatch(terms, arena.ascending(count), count, arena)
  }

  @inline(__always)
  mutating func look(_ place: Int, _ keys: inout TopKeys) {
    candidates.add(union.documents[place], place)
    if candidates.isFull { finish(&keys) }
  }

  /// Offers those that are still waiting.
  mutating func finish(_ keys: inout TopKeys) {
    let held = candidates.count
    if held == 0 { return }
    for index in 0..<count where union.scores[index] == nil { candidates.prefetch(index) }
    scores.initialize(repeating: 0, count: held)
    for index in 0..<count {
      // Scores are added in the order of the plan.
      if let known = union.scores[index] {
        for place in 0..<held { scores[place] += known[Int(candidates.numbers[place])] }
        continue
      }
      let term = terms + index
      let frequencies = candidates.frequencies(index)
      kernels.pointee.score(
        candidates.documents, frequencies, Int32(held), term.pointee.lengths, term.pointee.norms, term.pointee.idf, own)
      // A document without the term has some other's frequency.
      for place in 0..<held where term.pointee.has(candidates.documents[place]) { scores[place] += own[place] }
    }
    for place in 0..<held { keys.offer(TopKeys.key(scores[place], base &+ Int(candidates.documents[place]))) }
    candidates.clear()
  }
}
