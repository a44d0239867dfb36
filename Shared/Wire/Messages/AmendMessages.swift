/// A correction of one field by a person, over what was read.
public struct AmendmentMessage: WireMessage {
  /// The document's field: "symbols", "date", …
  public var field: String = ""
  /// As they were given; of a field that has one value, one; none = the field is absent.
  public var values: [String] = []
  /// A Document message with this field alone, as the text was read.
  public var was: [UInt8] = []
  public var why: String = ""
  /// The name in the caller's certificate.
  public var who: String = ""
  /// Unix.
  public var timeMs: UInt64 = 0
  /// The field is as it was read again; `values` is empty.
  public var restored: Bool = false

  public init() {}

  public init(
    field: String = "", values: [String] = [], was: [UInt8] = [], why: String = "", who: String = "", timeMs: UInt64 = 0,
    restored: Bool = false
  ) {
    self.field = field
    self.values = values
    self.was = was
    self.why = why
    self.who = who
    self.timeMs = timeMs
    self.restored = restored
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: field = try input.string()
    case 2: try input.append(to: &values)
    case 3: was = try input.bytes()
    case 4: why = try input.string()
    case 5: who = try input.string()
    case 6: timeMs = try input.uint64()
    case 7: restored = try input.bool()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, field)
    writer.strings(2, values)
    writer.bytes(3, was)
    writer.string(4, why)
    writer.string(5, who)
    writer.uint64(6, timeMs)
    writer.bool(7, restored)
  }
}

/// What a field is to be.
public struct FieldValues: WireMessage {
  public var field: String = ""
  public var values: [String] = []
  /// Be as it was read again; `values` is empty then.
  public var restore: Bool = false
  /// Only when the document has no value.
  public var fill: Bool = false

  public init() {}

  public init(field: String = "", values: [String] = [], restore: Bool = false, fill: Bool = false) {
    self.field = field
    self.values = values
    self.restore = restore
    self.fill = fill
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: field = try input.string()
    case 2: try input.append(to: &values)
    case 3: restore = try input.bool()
    case 4: fill = try input.bool()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, field)
    writer.strings(2, values)
    writer.bool(3, restore)
    writer.bool(4, fill)
  }
}

/// Asks to correct fields of a document, by symbol or id.
public struct AmendRequest: WireMessage {
  public var symbol: String = ""
  public var documentID: [UInt8] = []
  public var fields: [FieldValues] = []
  public var why: String = ""
  /// Of the document that has the symbol: ISO 639-1, or "und" for one whose language is not known; empty = there is only one.
  public var language: String = ""

  public init() {}

  public init(symbol: String = "", documentID: [UInt8] = [], fields: [FieldValues] = [], why: String = "", language: String = "") {
    self.symbol = symbol
    self.documentID = documentID
    self.fields = fields
    self.why = why
    self.language = language
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: symbol = try input.string()
    case 2: documentID = try input.bytes()
    case 3: try input.append(to: &fields)
    case 4: why = try input.string()
    case 5: language = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, symbol)
    writer.bytes(2, documentID)
    writer.messages(3, fields)
    writer.string(4, why)
    writer.string(5, language)
  }
}

/// What became of a correction.
public struct AmendReply: WireMessage {
  /// Of the journal entry; 0 when every field was so already.
  public var sequence: UInt64 = 0
  public var documentID: [UInt8] = []
  /// The corrections made.
  public var made: [AmendmentMessage] = []
  /// Fields that were only to be filled and have another value, with that value.
  public var kept: [FieldValues] = []

  public init() {}

  public init(sequence: UInt64 = 0, documentID: [UInt8] = [], made: [AmendmentMessage] = [], kept: [FieldValues] = []) {
    self.sequence = sequence
    self.documentID = documentID
    self.made = made
    self.kept = kept
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: sequence = try input.uint64()
    case 2: documentID = try input.bytes()
    case 3: try input.append(to: &made)
    case 4: try input.append(to: &kept)
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint64(1, sequence)
    writer.bytes(2, documentID)
    writer.messages(3, made)
    writer.messages(4, kept)
  }
}
