import Analysis
import Catalogue
import ChanceryClient
import Documents
import Engine
import Platform
import QueryLanguage
import Transport
import Wire

/// A search as it was asked for, checked.
private struct CheckedSearch: Sendable {
  /// Hits, values of a facet, and snippets of a hit that may be asked for.
  static let limits = (hits: UInt32(1000), facetValues: UInt32(1000), snippets: UInt32(10))

  static let facetFields: [(name: String, field: EngineRequest.FacetField)] = [
    ("organ", .keyword(.organ)), ("session", .keyword(.session)), ("item", .keyword(.item)), ("kind", .keyword(.kind)),
    ("sender", .keyword(.sender)), ("year", .number(.year)), ("language", .keyword(.language)),
  ]

  let request: SearchRequest
  var engine: EngineRequest
  private let cursor: SearchCursor?
  let facets: [String]
  let snippets: Int
  let languages: LanguageOrder

  /// Throws `invalid`, also for a cursor that belongs to another query; for a wrong query with its `position`, `length` and `hint`.
  init(_ request: SearchRequest) throws(CallError) {
    var engine = EngineRequest(try QueryHandler.read(request.query))
    self.request = request
    languages = try LanguageOrder(request.languages)
    engine.limit = try QueryHandler.bounded(request.limit, "limit", standard: 10, limit: Self.limits.hits)
    engine.offset = Int(request.offset)
    engine.facetLimit = try QueryHandler.bounded(request.facetLimit, "facet_limit", standard: 10, limit: Self.limits.facetValues)
    snippets = try QueryHandler.bounded(request.snippets, "snippets", standard: 1, limit: Self.limits.snippets)
    engine.sort = try Self.sort(request.sort)
    cursor = request.cursor.isEmpty ? nil : try SearchCursor(request)
    guard cursor == nil || request.offset == 0 else {
      throw CallError(.invalid, "a cursor says where to go on; leave the offset 0", processed: .no)
    }
    engine.after = cursor?.place
    facets = request.facets
    for name in facets {
      guard let known = Self.facetFields.first(where: { $0.name == name }) else {
        let names = Self.facetFields.map(\.name).joined(separator: ", ")
        throw CallError(.invalid, "\(name) is no facet; facets are \(names)", processed: .no)
      }
      guard !engine.facets.contains(known.field) else { throw CallError(.invalid, "the facet \(name) is asked for twice", processed: .no) }
      engine.facets.append(known.field)
    }
    self.engine = engine
  }

  /// Throws `conflict` when the cursor's place is in the order of another generation.
  func check(_ generation: UInt64) throws(CallError) {
    guard let cursor, engine.sort == .relevance || request.thorough, cursor.generation != generation else { return }
    throw CallError(
      .conflict,
      "the cursor belongs to generation \(cursor.generation), and this is \(generation): scores have changed; begin anew, or page by date without a thorough search, whose cursors last",
      processed: .no)
  }

  private static func sort(_ name: String) throws(CallError) -> EngineRequest.Sort {
    switch name {
    case "", "relevance": return .relevance
    case "date": return .dateAscending
    case "-date": return .dateDescending
    default: throw CallError(.invalid, "\(name) is no order; orders are relevance, date and -date (newest first)", processed: .no)
    }
  }
}

/// Asks the engine; its errors become what a caller is told.
func engine<R>(_ body: () throws(SearchError) -> R) throws(CallError) -> R {
  do throws(SearchError) { return try body() } catch { throw CallError(search: error) }
}

extension QueryHandler {
  func search(_ call: ServerCall) async throws(CallError) {
    let start = monotonicNow()
    let search = try CheckedSearch(try SearchRequest(request: call.body))
    let generation = try replica.generation()
    let view = generation.view(for: call.peer.clearance)
    var reply = try await work { shouldStop throws(CallError) in
      try Self.run(search, view, generation: generation.number, shouldStop)
    }
    reply.serverMicroseconds = (monotonicNow() - start) / 1000
    let body = reply.encoded
    guard body.count <= Int(WireLimits.defaultFrameLength) else {
      let fitting = max(1, reply.hits.count * Int(WireLimits.defaultFrameLength) / body.count * 9 / 10)
      throw CallError(
        .tooLarge,
        "the answer has \(body.count) bytes, more than a message may have; ask for about \(fitting) hits at a time, or for fewer snippets",
        processed: .yes, details: [ErrorDetail(key: "limit", value: "\(WireLimits.defaultFrameLength)")])
    }
    call.reply(body)
  }

  private static func run(
    _ search: CheckedSearch, _ view: IndexView, generation: UInt64, _ shouldStop: () -> Bool
  ) throws(CallError) -> SearchReply {
    try search.check(generation)
    var search = search
    let (asked, shown) = try queries(search.request.query, isThorough: search.request.thorough, view, shouldStop)
    let (hits, result, finder) = try engine { () throws(SearchError) in
      search.engine.query = try view.resolved(asked, shouldStop: shouldStop)
      let finder = PassageFinder(asked == shown ? search.engine.query : try view.resolved(shown, shouldStop: shouldStop))
      if search.request.everyVersion {
        let result = try view.search(search.engine, shouldStop: shouldStop)
        return (result.hits.map { WorkHit(hit: $0, others: []) }, result, finder)
      }
      let (hits, result) = try WorkSearch(view: view, languages: search.languages).run(search.engine, shouldStop: shouldStop)
      return (hits, result, finder)
    }
    var reply = SearchReply(total: UInt64(result.total), generation: generation)
    reply.nextCursor = result.next.map { SearchCursor($0, search.request, generation: generation).bytes } ?? []
    for hit in hits {
      if shouldStop() { throw .stopped }
      reply.hits.append(try Hit(hit, view, finder, snippets: search.snippets))
    }
    reply.facets = zip(search.facets, result.facets).map { name, values in
      Facet(field: name, values: values.map { FacetValue(value: $0.value, count: UInt64($0.count)) })
    }
    return reply
  }

  /// Where the document is that a request names. Throws `invalid` when it names none, and `notFound`.
  static func place(_ request: GetRequest, _ view: IndexView) throws(CallError) -> DocumentAddress {
    guard !request.symbol.isEmpty || request.documentID.count == DocumentID.length else {
      throw CallError(.invalid, "a document is asked for by its symbol or by the \(DocumentID.length) bytes of its id", processed: .no)
    }
    let languages = try LanguageOrder(request.languages)
    if let place = try engine({ () throws(SearchError) in try find(request, view, languages) }) { return place }
    let name = request.documentID.isEmpty ? request.symbol : hexadecimal(request.documentID)
    throw CallError(.notFound, "there is no document \(name)", processed: .no)
  }

  /// The document that a request names, by id or by any of its symbols in any spelling, and of several that have the symbol the first in the reader's order.
  static func find(
    _ request: GetRequest, _ view: IndexView, _ languages: LanguageOrder = LanguageOrder()
  ) throws(SearchError) -> DocumentAddress? {
    if !request.documentID.isEmpty { return view.find(id: request.documentID) }
    var search = EngineRequest(EngineQuery(symbol: request.symbol))
    search.limit = EngineRequest.windowLimit
    let places = try view.search(search).hits.map(\.address)
    if places.count < 2 { return places.first }
    return places.map { (languages.rank(view.values(.language, of: $0).first ?? ""), $0) }.min { $0.0 < $1.0 }?.1
  }

  /// The words of the text that begin as the last word of `prefix`.
  static func words(_ view: IndexView, beginning prefix: String, _ limit: Int) throws(CallError) -> [ValueCount] {
    guard let last = Analyzer().terms(prefix).last else {
      throw CallError(.invalid, "suggestions of words need the letters that they begin with", processed: .no)
    }
    return try engine { () throws(SearchError) in try view.suggestTerms(prefix: last, limit: limit) }
  }
}

extension Hit {
  /// Throws `internal` when what is stored is no document.
  fileprivate init(_ found: WorkHit, _ view: IndexView, _ finder: PassageFinder, snippets: Int) throws(CallError) {
    let hit = found.hit
    let stored = try engine { () throws(SearchError) in try view.stored(hit.address) }
    var message = try DocumentMessage(reply: stored[...])
    // Their symbols are read one by one, which takes longer than finding the passage.
    message.readings = []
    if !finder.looksForCitationsOrMentions { (message.citations, message.mentions) = ([], []) }
    let document = try Document(message)
    let passages = try engine { () throws(SearchError) in
      try finder.passages(of: document, at: hit.address, in: view, limit: snippets)
    }
    self.init(
      documentID: hit.id, score: Float(hit.score), symbols: message.symbols, title: message.title, kind: message.kind, date: message.date,
      sender: message.sender?.text ?? "", organs: message.organs, snippets: passages.map { Snippet($0) }, language: message.language,
      versions: found.others.prefix(WorkSearch.versionLimit).map { HitVersion($0, view) })
  }
}

extension HitVersion {
  fileprivate init(_ version: WorkVersion, _ view: IndexView) {
    let day = view.number(.date, of: version.address).flatMap { CalendarDate(packedDay: $0) }
    self.init(documentID: version.id, symbols: version.symbols, language: version.language, date: day?.description ?? "")
  }
}

extension Snippet {
  fileprivate init(_ passage: Passage) {
    let place = TextSpan(passage.place, 0..<0).message
    self.init(
      paragraph: place.paragraph, label: passage.label ?? "", attribution: passage.attribution, text: passage.text,
      highlights: passage.highlights.map { Highlight(start: UInt32($0.lowerBound), length: UInt32($0.count)) },
      page: UInt32(clamping: passage.page ?? 0), title: place.title, item: place.item)
  }
}

extension CallError {
  /// What a caller is told about a query that cannot be understood.
  init(query error: QueryError) {
    self.init(
      .invalid, error.message, processed: .no,
      details: [
        ErrorDetail(key: "position", value: "\(error.position)"), ErrorDetail(key: "length", value: "\(error.length)"),
        ErrorDetail(key: "hint", value: error.hint),
      ])
  }

  /// The end of work whose result nobody waits for any more.
  static let stopped = CallError(.cancelled, "the call was given up, or its deadline passed", retryable: true, processed: .no)

  /// What a caller is told when the engine gives no answer.
  fileprivate init(search error: SearchError) {
    switch error {
    case .stopped: self = .stopped
    case .prefixTooBroad(let limit), .tooManyClauses(let limit), .windowTooLarge(let limit), .patternTooLong(let limit),
      .tooManyPatterns(let limit):
      self.init(.tooLarge, error.description, processed: .no, details: [ErrorDetail(key: "limit", value: "\(limit)")])
    case .noSuchPlace: self.init(.conflict, error.description, processed: .no)
    case .boostOutOfRange, .notNear: self.init(.invalid, error.description, processed: .no)
    case .segment: self.init(.internal, error.description)
    }
  }
}
