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
  public let allDocuments: Int
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

  /// How many documents have each value of a field, deleted ones too.
  public func values(_ field: KeywordField) -> [String: Int] {
    var counts: [String: Int] = [:]
    for part in parts {
      let column = part.reader.keywords(field)
      for ordinal in 0..<UInt32(column.count) {
        let value = column.value(ordinal)
        counts[value, default: 0] += part.reader.find([SegmentSerializer.prefix(field)] + Array(value.utf8))?.documents ?? 0
      }
    }
    return counts
  }

  /// The live document with this id.
  public func find(id: [UInt8]) -> DocumentAddress? {
    for (segment, part) in parts.enumerated() {
      if let document = part.reader.find(id: id), part.deletions?.contains(document) != true {
        return DocumentAddress(segment: segment, document: document)
      }
    }
    return nil
  }

  /// A document's id, 16 bytes.
  public func id(_ address: DocumentAddress) -> [UInt8] { parts[address.segment].reader.id(address.document) }

  /// What was stored with a document. Throws `.segment`.
  public func stored(_ address: DocumentAddress) throws(SearchError) -> [UInt8] {
    do throws(SegmentError) { return try parts[address.segment].reader.stored(address.document) } catch { throw .segment(error) }
  }

  // MARK: Search

  /// Answers a request, exactly. `shouldStop` is asked every few milliseconds.
  public func search(_ request: EngineRequest, shouldStop: () -> Bool = { false }) throws(SearchError) -> EngineResult {
    try request.query.check()
    let (window, overflow) = request.offset.addingReportingOverflow(request.limit)
    guard !overflow, window <= EngineRequest.windowLimit else { throw .windowTooLarge(limit: EngineRequest.windowLimit) }
    return try withoutActuallyEscaping(shouldStop) { (shouldStop: @escaping () -> Bool) throws(SearchError) -> EngineResult in
      let pace = Pace(shouldStop)
      var request = request
      request.query = try resolve(request.query, pace)
      if request.facets.isEmpty, request.sort == .relevance || window == 0, allDocuments <= Int(UInt32.max),
        let plan = Plan(request.query, self)
      {
        return try search(plan, request, window, pace)
      }
      return try searchAll(request, window, pace)
    }
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
    let ceiling = try request.after.map { after throws(SearchError) in TopKeys.key(Float(after.key), Int(try place(after.id))) }
    var top = TopKeys(capacity: window, below: ceiling ?? .max)
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
    if let last = result.hits.last, result.hits.count == request.limit { result.next = EngineCursor(key: last.score, id: last.id) }
    return result
  }

  /// Where the document with an id stands among all of the view. Throws `noSuchPlace`.
  private func place(_ id: [UInt8]) throws(SearchError) -> UInt64 {
    guard let address = find(id: id) else { throw .noSuchPlace }
    return UInt64(parts[..<address.segment].reduce(0) { $0 + $1.reader.documents }) + UInt64(address.document)
  }

  private func gather(_ top: consuming TopKeys, _ offset: Int, _ result: inout EngineResult) throws(SearchError) {
    var starts = [0]
    for part in parts { starts.append(starts[starts.count - 1] + part.reader.documents) }
    top.sort()
    let ids = parts.map(\.reader.idColumn)
    let first = min(offset, top.held)
    var hits: [EngineHit] = []
    hits.reserveCapacity(top.held - first)
    for number in first..<top.held {
      let (score, place) = top[number]
      let segment = starts.count == 2 ? 0 : starts.partitioningIndex { $0 > place } - 1
      // Only damaged postings lead beyond the last document.
      guard segment < parts.count, place < starts[segment + 1] else { throw .segment(.corrupt(subject: "a segment", what: "its postings")) }
      let document = UInt32(place - starts[segment])
      let address = DocumentAddress(segment: segment, document: document)
      hits.append(EngineHit(address: address, score: Double(score), id: ids[segment].words(document)))
    }
    result.hits = hits
  }

  /// The general road: every match is looked at. The query is resolved.
  func searchAll(_ request: EngineRequest, _ window: Int, _ pace: Pace) throws(SearchError) -> EngineResult {
    var result = EngineResult()
    var top = TopHits(capacity: window)
    let after = try entry(request)
    var base: UInt64 = 0
    var facets = request.facets.map { _ in [String: Int]() }
    let damage = Damage()
    let work = Work(self, damage, pace)
    for (segment, part) in parts.enumerated() {
      if pace.ask() { throw .stopped }
      let matcher = work.matcher(request.query, part.reader, boost: 1)
      var counters = request.facets.map { FacetCounter($0, part.reader) }
      while matcher.document != PostingsCursor.end {
        let document = matcher.document
        if pace.spend(Pace.forMatch) { break }
        if part.deletions?.contains(document) != true {
          result.total += 1
          for index in counters.indices { counters[index].count(document) }
          if window > 0 {
            let isByScore = request.sort == .relevance
            let key = isByScore ? Double(matcher.score()) : Self.dateKey(request.sort, part.reader, document)
            if key >= top.lowest {
              let address = DocumentAddress(segment: segment, document: document)
              let match = entry(address, score: isByScore ? Float(key) : matcher.score(), request.sort, base: base)
              if after?.precedes(match) != false { top.offer(match) }
            }
          }
        }
        matcher.next()
      }
      for index in counters.indices { counters[index].add(to: &facets[index]) }
      base += UInt64(part.reader.documents)
      if pace.isStopped { throw .stopped }
    }
    if !request.wantsTotal { result.total = 0 }
    do throws(SegmentError) { try damage.check() } catch { throw .segment(error) }
    let entries = top.sorted().dropFirst(request.offset)
    result.hits = entries.map { entry in
      let address = DocumentAddress(segment: entry.segment, document: entry.document)
      return EngineHit(address: address, score: entry.score, id: parts[entry.segment].reader.idWords(entry.document))
    }
    if let last = entries.last, let hit = result.hits.last, entries.count == request.limit {
      result.next = EngineCursor(key: last.key, id: hit.id)
    }
    result.facets = facets.map { Self.largest($0, request.facetLimit) }
    return result
  }

  /// A match in the order of an answer.
  /// - Parameter base: where its segment's documents begin in the view.
  func entry(_ address: DocumentAddress, score: Float, _ sort: EngineRequest.Sort, base: UInt64) -> TopHits.Entry {
    let (reader, document) = (parts[address.segment].reader, address.document)
    let isByScore = sort == .relevance
    return TopHits.Entry(
      key: isByScore ? Double(score) : Self.dateKey(sort, reader, document),
      tie: isByScore ? (base + UInt64(document), 0) : reader.idWords(document), score: Double(score), segment: address.segment,
      document: document)
  }

  /// The place behind which an answer begins. Throws `noSuchPlace`.
  func entry(_ request: EngineRequest) throws(SearchError) -> TopHits.Entry? {
    try request.after.map { after throws(SearchError) in
      let tie = request.sort == .relevance ? (try place(after.id), 0) : idWords(after.id)
      return TopHits.Entry(key: after.key, tie: tie, score: 0, segment: 0, document: 0)
    }
  }

  /// What hits are ordered by that are wanted by date, larger first. Documents without a date come last either way.
  static func dateKey(_ sort: EngineRequest.Sort, _ reader: SegmentReader, _ document: UInt32) -> Double {
    guard let date = reader.number(.date, document) else { return -.infinity }
    return sort == .dateAscending ? -Double(date) : Double(date)
  }

  /// An id as two big-endian words.
  private func idWords(_ id: [UInt8]) -> (upper: UInt64, lower: UInt64) {
    let words = (0..<2).map { word in id.dropFirst(word * 8).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) } }
    return (words[0], words[1])
  }

  static func largest(_ counts: [String: Int], _ limit: Int) -> [ValueCount] {
    let sorted = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    return sorted.prefix(limit).map { ValueCount(value: $0.key, count: $0.value) }
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

  /// The numbers of a segment's terms that begin with `key`. Throws `prefixTooBroad`.
  func terms(_ key: [UInt8], _ reader: SegmentReader) throws(SearchError) -> Range<Int> {
    let range = reader.terms(from: key)
    guard range.count <= EngineRequest.prefixLimit else { throw .prefixTooBroad(limit: EngineRequest.prefixLimit) }
    return range
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
