import Analysis

/// One generation of an index: its segments, what is deleted in them, and the corpus's statistics. Immutable and shared by all searches.
///
/// As in Lucene, deleted documents count in the statistics until a merge drops them.
public struct IndexView: Sendable {
  /// A segment of the view. An object, so that a search holds it by one reference and does not copy a reader's many.
  final class Part: Sendable {
    let reader: SegmentReader
    let deletions: DeletionBitmap?
    /// For each text field, what a bound of the segment is multiplied by: its impacts are those of its own mean length, and a term's score grows at
    /// most as the mean does. The small addition makes up for rounding.
    let boundFactors: [Float]

    init(reader: SegmentReader, deletions: DeletionBitmap?, boundFactors: [Float]) {
      self.reader = reader
      self.deletions = deletions
      self.boundFactors = boundFactors
    }
  }

  let parts: [Part]
  /// All documents, deleted ones too.
  let allDocuments: Int
  /// Live documents.
  public let documents: Int
  let norms: [FloatTable]
  private let pool = ArenaPool()

  public init(_ segments: [(reader: SegmentReader, deletions: DeletionBitmap?)]) {
    let all = segments.reduce(0) { $0 + $1.reader.documents }
    allDocuments = all
    documents = all - segments.reduce(0) { $0 + ($1.deletions?.deleted ?? 0) }
    let totals = TextField.allCases.map { field in segments.reduce(UInt64(0)) { $0 + $1.reader.totalLength(field) } }
    norms = totals.map { FloatTable(BM25.norms(total: $0, documents: all)) }
    parts = segments.map { reader, deletions in
      let factors = TextField.allCases.map { field -> Float in
        let (own, whole) = (reader.totalLength(field), totals[Int(field.rawValue)])
        if own == 0 || (segments.count == 1) { return 1 }
        let growth = Double(whole) / Double(all) / (Double(own) / Double(reader.documents))
        return Float(max(1, growth) * (1 + 1e-5))
      }
      return Part(reader: reader, deletions: deletions, boundFactors: factors)
    }
  }

  // MARK: Documents

  /// The live document with this id.
  public func find(id: [UInt8]) -> DocumentAddress? {
    for (segment, part) in parts.enumerated() {
      if let document = part.reader.find(id: id), part.deletions?.contains(document) != true {
        return DocumentAddress(segment: segment, document: document)
      }
    }
    return nil
  }

  /// What was stored with a document. Throws `.segment`.
  public func stored(_ address: DocumentAddress) throws(SearchError) -> [UInt8] {
    do throws(SegmentError) { return try parts[address.segment].reader.stored(address.document) } catch { throw .segment(error) }
  }

  // MARK: Search

  /// Answers a request, exactly. `shouldStop` is asked every thousand documents or so, on the fast roads every few milliseconds.
  public func search(_ request: EngineRequest, shouldStop: () -> Bool = { false }) throws(SearchError) -> EngineResult {
    guard request.query.clauses <= EngineRequest.clauseLimit else { throw .tooManyClauses(limit: EngineRequest.clauseLimit) }
    let (window, overflow) = request.offset.addingReportingOverflow(request.limit)
    guard !overflow, window <= EngineRequest.windowLimit else { throw .windowTooLarge(limit: EngineRequest.windowLimit) }
    if request.facets.isEmpty, request.sort == .relevance || window == 0, allDocuments <= Int(UInt32.max),
      let plan = Plan(request.query, self)
    {
      return try withoutActuallyEscaping(shouldStop) { (shouldStop: @escaping () -> Bool) throws(SearchError) -> EngineResult in
        try search(plan, request, window, Pace(shouldStop))
      }
    }
    return try searchAll(request, window, shouldStop)
  }

  /// The fast roads: counts from bitmaps, the best documents by bounds.
  private func search(
    _ plan: Plan, _ request: EngineRequest, _ window: Int, _ pace: Pace
  ) throws(SearchError) -> EngineResult {
    var result = EngineResult()
    if window == 0, let known = plan.knownTotal, parts.allSatisfy({ ($0.deletions?.deleted ?? 0) == 0 }) {
      result.total = request.wantsTotal ? known : 0
      return result
    }
    var top = TopKeys(capacity: window)
    let damage = Damage()
    var base = 0
    for (segment, part) in parts.enumerated() {
      if pace.ask() { throw .stopped }
      let arena = Arena(pool)
      var search = try SegmentSearch(plan, self, segment: segment, base: base, scores: window > 0, arena, pace, damage)
      let total = window == 0 ? search.total() : search.top(&top, wantsTotal: request.wantsTotal)
      if request.wantsTotal { result.total += total }
      search.finish(damage)
      if pace.isStopped { throw .stopped }
      withExtendedLifetime(arena) {}
      base += part.reader.documents
    }
    do throws(SegmentError) { try damage.check() } catch { throw .segment(error) }
    try gather(top, request.offset, &result)
    return result
  }

  private func gather(_ top: consuming TopKeys, _ offset: Int, _ result: inout EngineResult) throws(SearchError) {
    var starts = [0]
    for part in parts { starts.append(starts[starts.count - 1] + part.reader.documents) }
    var hits: [EngineHit] = []
    hits.reserveCapacity(max(0, top.held - offset))
    try top.forEach(from: offset) { score, place throws(SearchError) in
      let segment = starts.count == 2 ? 0 : starts.partitioningIndex { $0 > place } - 1
      // Only damaged postings lead beyond the last document.
      guard segment < parts.count, place < starts[segment + 1] else { throw .segment(.corrupt(subject: "a segment", what: "its postings")) }
      let document = UInt32(place - starts[segment])
      let address = DocumentAddress(segment: segment, document: document)
      hits.append(EngineHit(address: address, score: Double(score), id: parts[segment].reader.idWords(document)))
    }
    result.hits = hits
  }

  /// The general road: every match is looked at.
  func searchAll(_ request: EngineRequest, _ window: Int, _ shouldStop: () -> Bool) throws(SearchError) -> EngineResult {
    var result = EngineResult()
    var top = TopHits(capacity: window)
    var facets = request.facets.map { _ in [String: Int]() }
    let damage = Damage()
    for (segment, part) in parts.enumerated() {
      let matcher = try matcher(request.query, part.reader, damage)
      var counters = request.facets.map { FacetCounter($0, part.reader) }
      var seen = 0
      while matcher.document != PostingsCursor.end {
        let document = matcher.document
        seen += 1
        if seen % 1024 == 0, shouldStop() { throw .stopped }
        if part.deletions?.contains(document) != true {
          result.total += 1
          for index in counters.indices { counters[index].count(document) }
          if window > 0 {
            let score = Double(matcher.score())
            top.offer(
              .init(key: Self.sortKey(request.sort, score, part.reader, document), score: score, segment: segment, document: document))
          }
        }
        matcher.next()
      }
      for index in counters.indices { counters[index].add(to: &facets[index]) }
    }
    if !request.wantsTotal { result.total = 0 }
    do throws(SegmentError) { try damage.check() } catch { throw .segment(error) }
    result.hits = top.sorted().dropFirst(request.offset).map { entry in
      let address = DocumentAddress(segment: entry.segment, document: entry.document)
      return EngineHit(address: address, score: entry.score, id: parts[entry.segment].reader.idWords(entry.document))
    }
    result.facets = facets.map { Self.largest($0, request.facetLimit) }
    return result
  }

  /// What hits are ordered by, larger first. Documents without a date come last either way.
  private static func sortKey(_ sort: EngineRequest.Sort, _ score: Double, _ reader: SegmentReader, _ document: UInt32) -> Double {
    switch sort {
    case .relevance: score
    case .dateDescending: reader.number(.date, document).map { Double($0) } ?? -.infinity
    case .dateAscending: reader.number(.date, document).map { -Double($0) } ?? -.infinity
    }
  }

  static func largest(_ counts: [String: Int], _ limit: Int) -> [ValueCount] {
    let sorted = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return sorted.prefix(limit).map { ValueCount(value: $0.key, count: $0.value) }
  }

  func key(_ field: TextField, _ term: [UInt8]) -> [UInt8] { [SegmentSerializer.prefix(field)] + term }

  func idf(_ key: [UInt8]) -> Double {
    BM25.idf(documents: allDocuments, frequency: parts.reduce(0) { $0 + ($1.reader.find(key)?.documents ?? 0) })
  }

  private func weight(_ field: TextField, _ idf: Double, _ reader: SegmentReader) -> Weight {
    Weight(idf: Float(idf), norms: norms[Int(field.rawValue)], field: field, segment: reader)
  }

  func matcher(_ query: EngineQuery, _ reader: SegmentReader, _ damage: Damage) throws(SearchError) -> Matcher {
    switch query {
    case .all: return AllMatcher(reader.documents)
    case .none: return OrMatcher([])
    case .term(let field, let term):
      let key = key(field, term)
      guard let found = reader.find(key) else { return OrMatcher([]) }
      return TermMatcher(PostingsCursor(reader, found, damage), weight(field, idf(key), reader))
    case .phrase(let field, let terms):
      let keys = terms.map { key(field, $0) }
      let found = keys.compactMap { reader.find($0) }
      guard !keys.isEmpty, found.count == keys.count else { return OrMatcher([]) }
      let sum = keys.reduce(0) { $0 + idf($1) }
      return PhraseMatcher(found.map { PostingsCursor(reader, $0, damage) }, weight(field, sum, reader))
    case .prefix(let field, let prefix): return try prefixMatcher(key(field, prefix), field, reader, damage)
    case .keyword(let field, let value, let isPrefix):
      let key = [SegmentSerializer.prefix(field)] + Array(value.utf8)
      if isPrefix { return try prefixMatcher(key, nil, reader, damage) }
      return reader.find(key).map { TermMatcher(PostingsCursor(reader, $0, damage), nil) } ?? OrMatcher([])
    case .number(let field, let from, let to):
      let (low, high) = (from ?? .min, to ?? .max)
      return low <= high ? NumberMatcher(reader, field, low...high) : OrMatcher([])
    case .or(let parts):
      var matchers: [Matcher] = []
      for part in parts { matchers.append(try matcher(part, reader, damage)) }
      return OrMatcher(matchers)
    case .not: return try intersection([query], reader, damage)
    case .and(let parts): return try intersection(parts, reader, damage)
    }
  }

  private func intersection(_ parts: [EngineQuery], _ reader: SegmentReader, _ damage: Damage) throws(SearchError) -> Matcher {
    var (wanted, excluded): ([Matcher], [Matcher]) = ([], [])
    for part in parts {
      if case .not(let inner) = part {
        excluded.append(try matcher(inner, reader, damage))
      } else {
        wanted.append(try matcher(part, reader, damage))
      }
    }
    if wanted.isEmpty { wanted = [AllMatcher(reader.documents)] }
    return AndMatcher(wanted, excluding: excluded)
  }

  /// The numbers of a segment's terms that begin with `key`. Throws `prefixTooBroad`.
  func terms(_ key: [UInt8], _ reader: SegmentReader) throws(SearchError) -> Range<Int> {
    let range = reader.terms(from: key)
    guard range.count <= EngineRequest.prefixLimit else { throw .prefixTooBroad(limit: EngineRequest.prefixLimit) }
    return range
  }

  /// The terms that begin with `key` as one; scored in `field`, or without score.
  private func prefixMatcher(_ key: [UInt8], _ field: TextField?, _ reader: SegmentReader, _ damage: Damage) throws(SearchError) -> Matcher
  {
    let range = try terms(key, reader)
    let cursors = range.map { PostingsCursor(reader, reader.term($0), damage) }
    guard let field else { return ListMatcher(cursors, nil) }
    var counts: [[UInt8]: Int] = [:]
    for part in parts {
      for number in try terms(key, part.reader) {
        counts[[UInt8](part.reader.key(number)), default: 0] += part.reader.term(number).documents
      }
    }
    let idf = BM25.idf(documents: allDocuments, frequency: counts.values.max() ?? 0)
    return ListMatcher(cursors, weight(field, idf, reader))
  }

  // MARK: Suggestions

  /// The values of a field whose words begin with `prefix`'s, in any case and accents, by how many live documents have them.
  public func suggest(_ field: KeywordField, prefix: String, limit: Int) -> [ValueCount] {
    let analyzer = Analyzer()
    func folded(_ text: String) -> String { analyzer.terms(text).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ") }
    let wanted = folded(prefix)
    var counts: [String: Int] = [:]
    for part in parts {
      let column = part.reader.keywords(field)
      for ordinal in 0..<UInt32(column.count) {
        let value = column.value(ordinal)
        guard folded(value).hasPrefix(wanted), let term = part.reader.find([SegmentSerializer.prefix(field)] + Array(value.utf8)) else {
          continue
        }
        let live = liveCount(part, term)
        if live > 0 { counts[value, default: 0] += live }
      }
    }
    return Self.largest(counts, limit)
  }

  /// The words of the body that begin with `prefix` (folded), by how many live documents have them. Throws `prefixTooBroad`.
  public func suggestTerms(prefix: [UInt8], limit: Int) throws(SearchError) -> [ValueCount] {
    var counts: [String: Int] = [:]
    for part in parts {
      for number in try terms(key(.body, prefix), part.reader) {
        let live = liveCount(part, part.reader.term(number))
        if live > 0 { counts[String(decoding: part.reader.key(number).dropFirst(), as: UTF8.self), default: 0] += live }
      }
    }
    return Self.largest(counts, limit)
  }

  private func liveCount(_ part: Part, _ term: SegmentReader.Term) -> Int {
    guard let deletions = part.deletions, deletions.deleted > 0 else { return term.documents }
    var cursor = PostingsCursor(part.reader, term, Damage())
    var count = 0
    while cursor.document != PostingsCursor.end {
      if !deletions.contains(cursor.document) { count += 1 }
      cursor.next()
    }
    return count
  }
}
