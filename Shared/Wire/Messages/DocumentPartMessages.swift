/// Where one value of a field was read and how sure that is; with confidence 0, why the field is absent.
public struct FieldReadingMessage: WireMessage {
  /// The document's field: "symbols", "date", …
  public var field: String = ""
  /// 0-based place among a repeated field's values.
  public var index: UInt32 = 0
  /// UTF-8 bytes of the text as extracted.
  public var start: UInt64 = 0
  /// 0 = not in the text.
  public var length: UInt64 = 0
  /// 1-based; 0 = unknown.
  public var page: UInt32 = 0
  /// 1–100; 0 = absent.
  public var confidence: UInt32 = 0
  public var reason: String = ""

  public init() {}

  public init(
    field: String = "", index: UInt32 = 0, start: UInt64 = 0, length: UInt64 = 0, page: UInt32 = 0, confidence: UInt32 = 0,
    reason: String = ""
  ) {
    self.field = field
    self.index = index
    self.start = start
    self.length = length
    self.page = page
    self.confidence = confidence
    self.reason = reason
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: field = try input.string()
    case 2: index = try input.uint32()
    case 3: start = try input.uint64()
    case 4: length = try input.uint64()
    case 5: page = try input.uint32()
    case 6: confidence = try input.uint32()
    case 7: reason = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, field)
    writer.uint32(2, index)
    writer.uint64(3, start)
    writer.uint64(4, length)
    writer.uint32(5, page)
    writer.uint32(6, confidence)
    writer.string(7, reason)
  }
}

/// A stretch of a document's text.
public struct TextSpanMessage: WireMessage {
  /// The paragraph's number; 0 = in a title.
  public var paragraph: UInt32 = 0
  /// In a title that is no item's: 0 = the document's own, n = the n-th of its titles.
  public var title: UInt32 = 0
  /// UTF-8 bytes of that text.
  public var start: UInt32 = 0
  public var length: UInt32 = 0
  /// n = in the title of the n-th of its agenda items; 0 = in none.
  public var item: UInt32 = 0

  public init() {}

  public init(paragraph: UInt32 = 0, title: UInt32 = 0, start: UInt32 = 0, length: UInt32 = 0, item: UInt32 = 0) {
    self.paragraph = paragraph
    self.title = title
    self.start = start
    self.length = length
    self.item = item
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: paragraph = try input.uint32()
    case 2: title = try input.uint32()
    case 3: start = try input.uint32()
    case 4: length = try input.uint32()
    case 5: item = try input.uint32()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint32(1, paragraph)
    writer.uint32(2, title)
    writer.uint32(3, start)
    writer.uint32(4, length)
    writer.uint32(5, item)
  }
}

/// A resolution, document or instrument named in a document's text.
public struct CitationMessage: WireMessage {
  public var span: TextSpanMessage?
  public var symbols: [String] = []
  public var instrument: String = ""
  public var pinpoint: String = ""
  /// 0 cites, 1 replies to, 2 amends.
  public var relation: UInt32 = 0
  /// Why no symbol was found.
  public var reason: String = ""

  public init() {}

  public init(
    span: TextSpanMessage? = nil, symbols: [String] = [], instrument: String = "", pinpoint: String = "", relation: UInt32 = 0,
    reason: String = ""
  ) {
    self.span = span
    self.symbols = symbols
    self.instrument = instrument
    self.pinpoint = pinpoint
    self.relation = relation
    self.reason = reason
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: try input.merge(into: &span)
    case 2: try input.append(to: &symbols)
    case 3: instrument = try input.string()
    case 4: pinpoint = try input.string()
    case 5: relation = try input.uint32()
    case 6: reason = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.message(1, span)
    writer.strings(2, symbols)
    writer.string(3, instrument)
    writer.string(4, pinpoint)
    writer.uint32(5, relation)
    writer.string(6, reason)
  }
}

/// A date, place or figure that a document's text speaks of.
public struct MentionMessage: WireMessage {
  public var span: TextSpanMessage?
  /// 1 date, 2 place, 3 figure.
  public var kind: UInt32 = 0
  /// ISO 8601 day.
  public var firstDay: String = ""
  public var lastDay: String = ""
  public var value: String = ""
  public var unit: String = ""

  public init() {}

  public init(
    span: TextSpanMessage? = nil, kind: UInt32 = 0, firstDay: String = "", lastDay: String = "", value: String = "", unit: String = ""
  ) {
    self.span = span
    self.kind = kind
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.value = value
    self.unit = unit
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: try input.merge(into: &span)
    case 2: kind = try input.uint32()
    case 3: firstDay = try input.string()
    case 4: lastDay = try input.string()
    case 5: value = try input.string()
    case 6: unit = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.message(1, span)
    writer.uint32(2, kind)
    writer.string(3, firstDay)
    writer.string(4, lastDay)
    writer.string(5, value)
    writer.string(6, unit)
  }
}

/// An annex or enclosure: a document inside the document.
public struct AnnexMessage: WireMessage {
  public var label: String = ""
  public var title: String = ""
  public var kind: String = ""
  /// ISO 8601 day.
  public var date: String = ""
  public var sender: PartyMessage?
  public var addressees: [PartyMessage] = []
  public var signatories: [SignatoryMessage] = []
  public var originalLanguages: [String] = []
  public var firstParagraph: UInt32 = 0
  public var lastParagraph: UInt32 = 0

  public init() {}

  public init(
    label: String = "", title: String = "", kind: String = "", date: String = "", sender: PartyMessage? = nil,
    addressees: [PartyMessage] = [], signatories: [SignatoryMessage] = [], originalLanguages: [String] = [], firstParagraph: UInt32 = 0,
    lastParagraph: UInt32 = 0
  ) {
    self.label = label
    self.title = title
    self.kind = kind
    self.date = date
    self.sender = sender
    self.addressees = addressees
    self.signatories = signatories
    self.originalLanguages = originalLanguages
    self.firstParagraph = firstParagraph
    self.lastParagraph = lastParagraph
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: label = try input.string()
    case 2: title = try input.string()
    case 3: kind = try input.string()
    case 4: date = try input.string()
    case 5: try input.merge(into: &sender)
    case 6: try input.append(to: &addressees)
    case 7: try input.append(to: &signatories)
    case 8: try input.append(to: &originalLanguages)
    case 9: firstParagraph = try input.uint32()
    case 10: lastParagraph = try input.uint32()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, label)
    writer.string(2, title)
    writer.string(3, kind)
    writer.string(4, date)
    writer.message(5, sender)
    writer.messages(6, addressees)
    writer.messages(7, signatories)
    writer.strings(8, originalLanguages)
    writer.uint32(9, firstParagraph)
    writer.uint32(10, lastParagraph)
  }
}
