import CKernels

/// A plan at work in one segment: which documents match, how many, and the best of them (docs/decisions/0004).
///
/// Pointers are into the search's arena and the segment's mapping; both outlive this value, for the view that searches holds the part.reader.
struct SegmentSearch: ~Copyable {
  let kind: Plan.Kind
  let part: IndexView.Part
  let arena: Arena
  let pace: Pace
  let kernels = bestKernels
  /// Where the segment's documents begin in the view.
  let base: Int
  let ranges: Int
  /// The plan's terms that the segment has, in the plan's order, in which scores are added.
  let terms: UnsafeMutablePointer<ScoredTerm>
  private(set) var count = 0
  /// The number of each term's group, and of the plan's pairs those whose terms are both here.
  let groups: UnsafeMutablePointer<Int>
  private(set) var pairs: PairScorer
  private let groupCount: Int
  /// The field of the first term: of all of a phrase.
  let field: TextField
  /// The documents that have values in place of a group's terms, a bit each.
  private var alternatives: [(group: Int, words: UnsafeMutablePointer<UInt64>)] = []
  /// The documents that are live and meet the conditions, a bit each; nil when all do.
  private(set) var allowed: UnsafeMutablePointer<UInt64>?
  /// Whether nothing can match.
  private(set) var isEmpty = false
  private(set) var isDamaged = false

  /// - Parameter scores: whether documents are to be scored, not only counted.
  init(
    _ plan: Plan, _ view: IndexView, segment: Int, base: Int, scores: Bool, _ arena: Arena, _ pace: Pace, _ damage: Damage
  ) throws(SearchError) {
    let part = view.parts[segment]
    kind = plan.kind
    self.part = part
    self.arena = arena
    self.pace = pace
    self.base = base
    ranges = (part.reader.documents + PostingsLayout.range - 1) / PostingsLayout.range
    terms = arena.allocate(plan.terms.count)
    groups = arena.allocate(plan.terms.count)
    pairs = PairScorer([], [], terms, 0, arena)
    groupCount = (plan.terms.last?.group ?? 0) + 1
    field = plan.terms.first?.field ?? .body
    // The row of a phrase is scored with the sum of its terms' idf.
    let sum = Float(plan.terms.reduce(0) { $0 + $1.idf * $1.boost })
    // Where each of the plan's terms is here.
    var places = [Int?](repeating: nil, count: plan.terms.count)
    for (number, term) in plan.terms.enumerated() {
      guard let row = term.rows[segment] else {
        if kind == .all || kind == .row { isEmpty = true }
        continue
      }
      guard let lengths = part.reader.lengthBytes(term.field) else {
        throw .segment(.corrupt(subject: part.reader.subject, what: "its lengths"))
      }
      let postings: Postings
      let hasPositions = kind == .row || !plan.pairs.isEmpty
      do throws(SegmentError) { postings = try Postings(part.reader, row, withPositions: hasPositions) } catch { throw .segment(error) }
      let idf = kind == .row ? sum : Float(term.idf * term.boost)
      // What pairs add is added in another order than bounds are: the small addition makes up for the rounding.
      let most = term.boundFactor == 1 ? idf : idf * Float(term.boundFactor * (1 + 1e-5))
      let field = Int(term.field.rawValue)
      // The terms of a phrase have all the same.
      let isShared = kind == .row && count > 0
      let bounds = isShared ? terms[0].bounds : UnsafePointer(arena.allocate(256, of: Float.self))
      (terms + count).initialize(
        to: ScoredTerm(
          postings, idf: idf, most: most, lengths: lengths, norms: view.norms[field].base, bounds: bounds, kernels: kernels, arena))
      // Those of a phrase are mostly not needed.
      if scores, kind != .row { scaleBounds(term.field, terms + count) }
      groups[count] = term.group
      places[number] = count
      count += 1
    }
    for (group, value) in plan.alternatives {
      if let words = try values(value) { alternatives.append((group, words)) }
    }
    if kind == .each ? !hasEachGroup : count == 0 { isEmpty = true }
    pairs = PairScorer(plan.pairs, places, terms, count, arena)
    if !isEmpty { try allow(plan, view, part, damage) }
  }

  /// Makes a term's bounds.
  func scaleBounds(_ field: TextField, _ term: UnsafePointer<ScoredTerm>) {
    let field = Int(field.rawValue)
    kernels.pointee.scale_bounds(
      part.reader.impactValues[field].base, term.pointee.most, part.boundFactors[field], UnsafeMutablePointer(mutating: term.pointee.bounds)
    )
  }

  /// Whether each group has a term or a value here.
  private var hasEachGroup: Bool {
    (0..<groupCount).allSatisfy { group in (0..<count).contains { groups[$0] == group } || alternatives.contains { $0.group == group } }
  }

  // MARK: Conditions

  private mutating func allow(_ plan: Plan, _ view: IndexView, _ part: IndexView.Part, _ damage: Damage) throws(SearchError) {
    for condition in plan.conditions where condition != .all {
      let words = try bitmap(condition, view, damage)
      if let allowed { kernels.pointee.and_words(allowed, words, ranges) } else { allowed = words }
    }
    for exclusion in plan.exclusions { kernels.pointee.and_not_words(live(), try bitmap(exclusion, view, damage), ranges) }
    if let deletions = part.deletions, deletions.deleted > 0 {
      let target = live()
      deletions.words.withUnsafeBufferPointer { words in
        if let base = words.baseAddress { kernels.pointee.and_not_words(target, base, min(ranges, words.count)) }
      }
    }
  }

  /// `allowed`, all documents when it was nil.
  private mutating func live() -> UnsafeMutablePointer<UInt64> {
    if let allowed { return allowed }
    let words = arena.allocate(ranges, of: UInt64.self)
    words.initialize(repeating: .max, count: ranges)
    allowed = words
    return words
  }

  /// The documents that match any query, by the general road but for plain keywords.
  private mutating func bitmap(_ query: EngineQuery, _ view: IndexView, _ damage: Damage) throws(SearchError) -> UnsafeMutablePointer<
    UInt64
  > {
    if case .keyword(_, _, isPrefix: false) = query { return try values(query) ?? arena.zeros(ranges) }
    let words: UnsafeMutablePointer<UInt64> = arena.zeros(ranges)
    let matcher = Work(view, damage, pace).matcher(query, part.reader, boost: nil)
    while matcher.document != PostingsCursor.end {
      words[Int(matcher.document >> 6)] |= 1 << UInt64(matcher.document & 63)
      matcher.next()
      if pace.spend(Pace.forUnit) { break }
    }
    return words
  }

  /// The documents that have a value; nil when none has or it is no value.
  private mutating func values(_ query: EngineQuery) throws(SearchError) -> UnsafeMutablePointer<UInt64>? {
    guard case .keyword(let field, let value, isPrefix: false) = query,
      let row = part.reader.find([SegmentSerializer.prefix(field)] + Array(value.utf8))
    else { return nil }
    let words: UnsafeMutablePointer<UInt64> = arena.zeros(ranges)
    do throws(SegmentError) { add(try Postings(part.reader, row), to: words) } catch { throw .segment(error) }
    return words
  }

  private mutating func add(_ postings: Postings, to words: UnsafeMutablePointer<UInt64>) {
    if postings.isDense { return kernels.pointee.or_words(words, postings.words, ranges) }
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: PostingsLayout.block) { documents in
      // The capacity is not 0.
      let documents = documents.baseAddress!
      for block in 0..<postings.blocks {
        if let found = postings.block(block, documents, kernels) {
          kernels.pointee.set_bits(documents, found.count, words)
        } else {
          isDamaged = true
        }
      }
    }
  }

  // MARK: Matches

  /// The documents that have any of the terms and are allowed.
  mutating func matchAny() -> UnsafeMutablePointer<UInt64> {
    let words: UnsafeMutablePointer<UInt64> = arena.zeros(ranges)
    for index in 0..<count {
      if let documents = terms[index].documents {
        kernels.pointee.set_bits(documents, terms[index].postings.count, words)
      } else {
        add(terms[index].postings, to: words)
      }
      if pace.spend(terms[index].postings.count / Pace.postings) { break }
    }
    if let allowed { kernels.pointee.and_words(words, allowed, ranges) }
    return words
  }

  /// The documents that have a term of each group, or a value in its place, and are allowed.
  mutating func matchEach() -> UnsafeMutablePointer<UInt64> {
    let match = arena.allocate(ranges, of: UInt64.self)
    let words = arena.allocate(ranges, of: UInt64.self)
    for group in 0..<groupCount {
      let target = group == 0 ? match : words
      target.initialize(repeating: 0, count: ranges)
      for index in 0..<count where groups[index] == group { add(terms[index].postings, to: target) }
      for alternative in alternatives where alternative.group == group { kernels.pointee.or_words(target, alternative.words, ranges) }
      if group > 0 { kernels.pointee.and_words(match, words, ranges) }
    }
    if let allowed { kernels.pointee.and_words(match, allowed, ranges) }
    return match
  }

  /// Offers the documents of `match` that have no term, which score nothing: bounds pass them over.
  private mutating func offerUnscored(_ match: UnsafePointer<UInt64>, _ keys: inout TopKeys) {
    guard keys.lowest == 0, Set(alternatives.map(\.group)).count == groupCount else { return }
    let scored: UnsafeMutablePointer<UInt64> = arena.zeros(ranges)
    for index in 0..<count { add(terms[index].postings, to: scored) }
    for range in 0..<ranges {
      var found = match[range] & ~scored[range]
      while found != 0 {
        let key = TopKeys.key(0, base &+ range &* 64 &+ found.trailingZeroBitCount)
        // Those behind are worse still.
        if key <= keys.threshold { return }
        keys.offer(key)
        found &= found &- 1
      }
    }
  }

  var isAllDense: Bool { (0..<count).allSatisfy { terms[$0].postings.isDense } }

  /// The documents that have all of the terms, which are dense, and are allowed.
  func matchAllDense() -> UnsafeMutablePointer<UInt64> {
    let words = arena.allocate(ranges, of: UInt64.self)
    words.update(from: terms[0].postings.words, count: ranges)
    for index in 1..<max(1, count) { kernels.pointee.and_words(words, terms[index].postings.words, ranges) }
    if let allowed { kernels.pointee.and_words(words, allowed, ranges) }
    return words
  }

  /// Documents that may match, ascending, and their numbers among those of the step before.
  struct Candidates {
    var documents, numbers: UnsafeMutablePointer<UInt32>
    var count: Int
  }

  /// The numbers of the terms, sparse ones first, then those with fewer documents.
  private func byCost() -> UnsafeMutablePointer<Int> {
    let terms = terms
    return arena.sorted(count) { one, other in
      let (isDense, otherIsDense) = (terms[one].postings.isDense, terms[other].postings.isDense)
      return isDense != otherIsDense ? otherIsDense : terms[one].postings.count < terms[other].postings.count
    }
  }

  /// The documents that have the first `some` of the terms in `order`, one at least of which is sparse, and are allowed. With `places`, the sparse
  /// terms know theirs there.
  private mutating func candidates(_ order: UnsafePointer<Int>, _ some: Int, places: Bool) -> Candidates {
    let lead = terms + order[0]
    let room = lead.pointee.postings.blocks * PostingsLayout.block
    var found = Candidates(documents: arena.allocate(room), numbers: arena.allocate(room), count: lead.pointee.postings.count)
    lead.pointee.unpack(into: found.documents)
    if places { lead.pointee.places = numbers(room) }
    if let allowed { keep(allowed, &found, order, places ? 1 : 0) }
    for step in 1..<max(1, some) where found.count > 0 {
      let term = terms + order[step]
      if pace.spend(term.pointee.postings.count / Pace.postings) { break }
      if term.pointee.postings.isDense {
        keep(term.pointee.postings.words, &found, order, places ? step : 0)
        continue
      }
      let own = arena.allocate(found.count, of: UInt32.self)
      let kept = term.pointee.find(found.documents, found.count, found.numbers, own)
      term.pointee.places = own
      if kept < found.count { kernels.pointee.gather(found.documents, found.numbers, kept) }
      move(&found, kept, order, places ? step : 0)
    }
    return found
  }

  private func numbers(_ count: Int) -> UnsafeMutablePointer<UInt32> {
    let numbers = arena.allocate(count, of: UInt32.self)
    for number in 0..<count { numbers[number] = UInt32(truncatingIfNeeded: number) }
    return numbers
  }

  /// Leaves the candidates whose bit is set, for which the first `known` terms know their places.
  private func keep(_ words: UnsafePointer<UInt64>, _ found: inout Candidates, _ order: UnsafePointer<Int>, _ known: Int) {
    let kept = kernels.pointee.keep_bits(found.documents, found.count, words, found.documents, found.numbers)
    move(&found, kept, order, known)
  }

  private func move(_ found: inout Candidates, _ kept: Int, _ order: UnsafePointer<Int>, _ known: Int) {
    if kept == found.count { return }
    found.count = kept
    for step in 0..<known { if let own = terms[order[step]].places { kernels.pointee.gather(own, found.numbers, kept) } }
  }

  /// The documents that have all of the terms, one at least of which is sparse, and are allowed. The sparse terms know their places there.
  mutating func candidates() -> Candidates { candidates(byCost(), count, places: true) }

  /// How many they are.
  private mutating func candidateCount() -> Int {
    let order = byCost()
    let last = terms + order[count - 1]
    if count == 1 { return candidates(order, 1, places: false).count }
    if last.pointee.postings.isDense {
      let found = candidates(order, count - 1, places: false)
      return kernels.pointee.count_members(found.documents, found.count, last.pointee.postings.words)
    }
    let found = candidates(order, count - 1, places: false)
    if found.count * Self.bitsCost < last.pointee.postings.count {
      return last.pointee.find(found.documents, found.count, found.numbers, arena.allocate(found.count))
    }
    let bits: UnsafeMutablePointer<UInt64> = arena.zeros(ranges)
    kernels.pointee.set_bits(found.documents, found.count, bits)
    return last.pointee.count(bits)
  }

  /// With one candidate for so many postings they are looked for one by one.
  private static var bitsCost: Int { 5 }

  /// How many documents match.
  mutating func total() -> Int {
    if isEmpty { return 0 }
    switch kind {
    case .any:
      if count == 1, allowed == nil { return terms[0].postings.count }
      return kernels.pointee.count_bits(matchAny(), ranges)
    case .all: return isAllDense ? kernels.pointee.count_bits(matchAllDense(), ranges) : candidateCount()
    case .each: return kernels.pointee.count_bits(matchEach(), ranges)
    case .row:
      var none = TopKeys(capacity: 0)
      return rows(&none, wantsTotal: true)
    }
  }

  /// Offers the best documents to `keys`; how many match when that is wanted.
  mutating func top(_ keys: inout TopKeys, wantsTotal: Bool) -> Int {
    if isEmpty { return 0 }
    switch kind {
    case .any where count == 1 && !terms[0].postings.isDense:
      bestBlocks(&keys)
      return wantsTotal ? total() : 0
    case .any:
      if pairs.isEmpty, areFew(keys) { bestOfFew(&keys) } else { bestRanges(&keys, match: nil) }
      return wantsTotal ? total() : 0
    case .all where isAllDense:
      let match = matchAllDense()
      bestRanges(&keys, match: match)
      return wantsTotal ? kernels.pointee.count_bits(match, ranges) : 0
    case .all:
      let found = candidates()
      // Reading a range costs less than reading its documents one by one, once all sparse terms are unpacked.
      let sparse = (0..<count).reduce(0) { terms[$1].postings.isDense ? $0 : $0 + terms[$1].postings.count }
      if found.count * Self.candidateCost > sparse + Self.rangesCost {
        let match: UnsafeMutablePointer<UInt64> = arena.zeros(ranges)
        kernels.pointee.set_bits(found.documents, found.count, match)
        bestRanges(&keys, match: match)
      } else {
        bestCandidates(found, &keys)
      }
      return found.count
    case .each:
      let match = matchEach()
      bestRanges(&keys, match: match)
      offerUnscored(match, &keys)
      return wantsTotal ? kernels.pointee.count_bits(match, ranges) : 0
    case .row: return rows(&keys, wantsTotal: wantsTotal)
    }
  }

  /// What reading a candidate costs, in postings unpacked and scored, and what ranges cost beforehand.
  private static var candidateCost: Int { 14 }
  private static var rangesCost: Int { 10_000 }

  /// Notes what was found wrong while reading.
  consuming func finish(_ damage: Damage) {
    if isDamaged || (0..<count).contains(where: { terms[$0].isDamaged }) { damage.note(part.reader.subject) }
  }
}
