/// A search.
public struct SearchRequest: WireMessage {
  public var query: String = ""
  /// Hits wanted; 0 = 10; at most 1000.
  public var limit: UInt32 = 0
  public var offset: UInt32 = 0
  /// Organ session item kind sender year language.
  public var facets: [String] = []
  /// Values per facet; 0 = 10.
  public var facetLimit: UInt32 = 0
  /// "" or "relevance", "date", "-date".
  public var sort: String = ""
  /// Per hit; 0 = 1.
  public var snippets: UInt32 = 0
  /// The `nextCursor` of an answer to the same query in the same order: what follows is wanted. Empty = from the first.
  public var cursor: [UInt8] = []
  /// Whether any of the plain words will do, and what the best documents have in common is looked for too.
  public var thorough = false
  /// The reader's, in order of preference: ISO 639-1, or "und" for a text whose language is not known.
  public var languages: [String] = []
  /// Whether every matching document is a hit; otherwise those of one work are one hit together.
  public var everyVersion = false

  public init() {}

  public init(
    query: String = "", limit: UInt32 = 0, offset: UInt32 = 0, facets: [String] = [], facetLimit: UInt32 = 0, sort: String = "",
    snippets: UInt32 = 0, cursor: [UInt8] = [], thorough: Bool = false, languages: [String] = [], everyVersion: Bool = false
  ) {
    self.query = query
    self.limit = limit
    self.offset = offset
    self.facets = facets
    self.facetLimit = facetLimit
    self.sort = sort
    self.snippets = snippets
    self.cursor = cursor
    self.thorough = thorough
    self.languages = languages
    self.everyVersion = everyVersion
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: query = try input.string()
    case 2: limit = try input.uint32()
    case 3: offset = try input.uint32()
    case 4: try input.append(to: &facets)
    case 5: facetLimit = try input.uint32()
    case 6: sort = try input.string()
    case 7: snippets = try input.uint32()
    case 8: cursor = try input.bytes()
    case 9: thorough = try input.bool()
    case 10: try input.append(to: &languages)
    case 11: everyVersion = try input.bool()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, query)
    writer.uint32(2, limit)
    writer.uint32(3, offset)
    writer.strings(4, facets)
    writer.uint32(5, facetLimit)
    writer.string(6, sort)
    writer.uint32(7, snippets)
    writer.bytes(8, cursor)
    writer.bool(9, thorough)
    writer.strings(10, languages)
    writer.bool(11, everyVersion)
  }
}

/// A search's answer.
public struct SearchReply: WireMessage {
  /// Exact.
  public var total: UInt64 = 0
  public var hits: [Hit] = []
  public var facets: [Facet] = []
  public var generation: UInt64 = 0
  public var serverMicroseconds: UInt64 = 0
  /// What asks for the hits that follow; empty when there are none.
  public var nextCursor: [UInt8] = []

  public init() {}

  public init(
    total: UInt64 = 0, hits: [Hit] = [], facets: [Facet] = [], generation: UInt64 = 0, serverMicroseconds: UInt64 = 0,
    nextCursor: [UInt8] = []
  ) {
    self.total = total
    self.hits = hits
    self.facets = facets
    self.generation = generation
    self.serverMicroseconds = serverMicroseconds
    self.nextCursor = nextCursor
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: total = try input.uint64()
    case 2: try input.append(to: &hits)
    case 3: try input.append(to: &facets)
    case 4: generation = try input.uint64()
    case 5: serverMicroseconds = try input.uint64()
    case 6: nextCursor = try input.bytes()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint64(1, total)
    writer.messages(2, hits)
    writer.messages(3, facets)
    writer.uint64(4, generation)
    writer.uint64(5, serverMicroseconds)
    writer.bytes(6, nextCursor)
  }
}

/// A document found, and where its work's other versions are.
public struct Hit: WireMessage {
  public var documentID: [UInt8] = []
  public var score: Float = 0
  public var symbols: [String] = []
  public var title: String = ""
  public var kind: String = ""
  public var date: String = ""
  public var sender: String = ""
  public var organs: [String] = []
  public var snippets: [Snippet] = []
  /// ISO 639-1; empty = not known.
  public var language: String = ""
  /// The other documents of its work, whether the query finds them or not.
  public var versions: [HitVersion] = []

  public init() {}

  public init(
    documentID: [UInt8] = [], score: Float = 0, symbols: [String] = [], title: String = "", kind: String = "", date: String = "",
    sender: String = "", organs: [String] = [], snippets: [Snippet] = [], language: String = "", versions: [HitVersion] = []
  ) {
    self.documentID = documentID
    self.score = score
    self.symbols = symbols
    self.title = title
    self.kind = kind
    self.date = date
    self.sender = sender
    self.organs = organs
    self.snippets = snippets
    self.language = language
    self.versions = versions
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: documentID = try input.bytes()
    case 2: score = try input.float()
    case 3: try input.append(to: &symbols)
    case 4: title = try input.string()
    case 5: kind = try input.string()
    case 6: date = try input.string()
    case 7: sender = try input.string()
    case 8: try input.append(to: &organs)
    case 9: try input.append(to: &snippets)
    case 10: language = try input.string()
    case 11: try input.append(to: &versions)
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.bytes(1, documentID)
    writer.float(2, score)
    writer.strings(3, symbols)
    writer.string(4, title)
    writer.string(5, kind)
    writer.string(6, date)
    writer.string(7, sender)
    writer.strings(8, organs)
    writer.messages(9, snippets)
    writer.string(10, language)
    writer.messages(11, versions)
  }
}

/// Another document of a hit's work: a language, a revision, a corrigendum.
public struct HitVersion: WireMessage {
  public var documentID: [UInt8] = []
  /// That by which it is of the work first.
  public var symbols: [String] = []
  /// ISO 639-1; empty = not known.
  public var language: String = ""
  /// ISO 8601 day; empty = not known.
  public var date: String = ""

  public init() {}

  public init(documentID: [UInt8] = [], symbols: [String] = [], language: String = "", date: String = "") {
    self.documentID = documentID
    self.symbols = symbols
    self.language = language
    self.date = date
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: documentID = try input.bytes()
    case 2: try input.append(to: &symbols)
    case 3: language = try input.string()
    case 4: date = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.bytes(1, documentID)
    writer.strings(2, symbols)
    writer.string(3, language)
    writer.string(4, date)
  }
}

/// A passage of a hit, and whose statement it is.
public struct Snippet: WireMessage {
  /// The paragraph's number; 0 = it is a title.
  public var paragraph: UInt32 = 0
  /// Of an item's title, the item's number.
  public var label: String = ""
  public var attribution: String = ""
  public var text: String = ""
  public var highlights: [Highlight] = []
  public var page: UInt32 = 0
  /// Which title, as of `TextSpanMessage`.
  public var title: UInt32 = 0
  public var item: UInt32 = 0

  public init() {}

  public init(
    paragraph: UInt32 = 0, label: String = "", attribution: String = "", text: String = "", highlights: [Highlight] = [],
    page: UInt32 = 0, title: UInt32 = 0, item: UInt32 = 0
  ) {
    self.paragraph = paragraph
    self.label = label
    self.attribution = attribution
    self.text = text
    self.highlights = highlights
    self.page = page
    self.title = title
    self.item = item
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: paragraph = try input.uint32()
    case 2: label = try input.string()
    case 3: attribution = try input.string()
    case 4: text = try input.string()
    case 5: try input.append(to: &highlights)
    case 6: page = try input.uint32()
    case 7: title = try input.uint32()
    case 8: item = try input.uint32()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint32(1, paragraph)
    writer.string(2, label)
    writer.string(3, attribution)
    writer.string(4, text)
    writer.messages(5, highlights)
    writer.uint32(6, page)
    writer.uint32(7, title)
    writer.uint32(8, item)
  }
}

/// A part of a snippet that matched.
public struct Highlight: WireMessage {
  public var start: UInt32 = 0
  public var length: UInt32 = 0

  public init() {}

  public init(start: UInt32 = 0, length: UInt32 = 0) {
    self.start = start
    self.length = length
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: start = try input.uint32()
    case 2: length = try input.uint32()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint32(1, start)
    writer.uint32(2, length)
  }
}

/// A field's most frequent values.
public struct Facet: WireMessage {
  public var field: String = ""
  public var values: [FacetValue] = []

  public init() {}

  public init(field: String = "", values: [FacetValue] = []) {
    self.field = field
    self.values = values
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: field = try input.string()
    case 2: try input.append(to: &values)
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, field)
    writer.messages(2, values)
  }
}

/// A value and in how many documents it is.
public struct FacetValue: WireMessage {
  public var value: String = ""
  public var count: UInt64 = 0

  public init() {}

  public init(value: String = "", count: UInt64 = 0) {
    self.value = value
    self.count = count
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: value = try input.string()
    case 2: count = try input.uint64()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, value)
    writer.uint64(2, count)
  }
}

/// Asks for a document, by symbol or id.
public struct GetRequest: WireMessage {
  public var symbol: String = ""
  public var documentID: [UInt8] = []
  /// The reader's, in order of preference, of a symbol that several documents have: ISO 639-1, or "und".
  public var languages: [String] = []

  public init() {}

  public init(symbol: String = "", documentID: [UInt8] = [], languages: [String] = []) {
    self.symbol = symbol
    self.documentID = documentID
    self.languages = languages
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: symbol = try input.string()
    case 2: documentID = try input.bytes()
    case 3: try input.append(to: &languages)
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, symbol)
    writer.bytes(2, documentID)
    writer.strings(3, languages)
  }
}

/// Comes before the document, which is DATA.
public struct GetReply: WireMessage {
  public var size: UInt64 = 0
  public var generation: UInt64 = 0

  public init() {}

  public init(size: UInt64 = 0, generation: UInt64 = 0) {
    self.size = size
    self.generation = generation
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: size = try input.uint64()
    case 2: generation = try input.uint64()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint64(1, size)
    writer.uint64(2, generation)
  }
}

/// Asks for a field's values by prefix.
public struct SuggestRequest: WireMessage {
  public var field: String = ""
  public var prefix: String = ""
  public var limit: UInt32 = 0

  public init() {}

  public init(field: String = "", prefix: String = "", limit: UInt32 = 0) {
    self.field = field
    self.prefix = prefix
    self.limit = limit
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: field = try input.string()
    case 2: prefix = try input.string()
    case 3: limit = try input.uint32()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, field)
    writer.string(2, prefix)
    writer.uint32(3, limit)
  }
}

/// Values that begin so.
public struct SuggestReply: WireMessage {
  public var values: [FacetValue] = []

  public init() {}

  public init(values: [FacetValue] = []) {
    self.values = values
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: try input.append(to: &values)
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.messages(1, values)
  }
}
