/// Begins a submission; the file follows as DATA.
public struct SubmitRequest: WireMessage {
  public var fileName: String = ""
  /// Empty = sniffed.
  public var mediaType: String = ""
  /// 0 = not known beforehand.
  public var size: UInt64 = 0
  /// Canonicalised and used when the text states none; kept beside those it states.
  public var symbol: String = ""
  public var metadata: [String: String] = [:]
  /// When given, must match the bytes received.
  public var sha256: [UInt8] = []
  /// The distribution when the text states none, or a stricter one than it states; empty = as the text states.
  public var distribution: String = ""

  public init() {}

  public init(
    fileName: String = "", mediaType: String = "", size: UInt64 = 0, symbol: String = "", metadata: [String: String] = [:],
    sha256: [UInt8] = [], distribution: String = ""
  ) {
    self.fileName = fileName
    self.mediaType = mediaType
    self.size = size
    self.symbol = symbol
    self.metadata = metadata
    self.sha256 = sha256
    self.distribution = distribution
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: fileName = try input.string()
    case 2: mediaType = try input.string()
    case 3: size = try input.uint64()
    case 4: symbol = try input.string()
    case 5: try input.insert(into: &metadata)
    case 6: sha256 = try input.bytes()
    case 7: distribution = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, fileName)
    writer.string(2, mediaType)
    writer.uint64(3, size)
    writer.string(4, symbol)
    writer.map(5, metadata)
    writer.bytes(6, sha256)
    writer.string(7, distribution)
  }
}

/// What became of a submission; durable when sent. A file that holds others, as archives and mail do, has one of these for each of them.
public struct SubmitReply: WireMessage {
  public var documentID: [UInt8] = []
  public var sha256: [UInt8] = []
  /// Of the journal entry.
  public var sequence: UInt64 = 0
  /// These bytes were registered before.
  public var duplicate: Bool = false
  /// 1 = new document; n = the n-th version under its symbol.
  public var version: UInt32 = 0
  public var symbols: [String] = []
  public var kind: String = ""
  public var paragraphs: UInt32 = 0
  /// Fields that could not be read, and why.
  public var notes: [String] = []
  /// The files that were in this one, those in archives inside it too.
  public var members: [SubmitReply] = []
  /// Of a member: its name, with the folders and archives that it was in.
  public var fileName: String = ""
  /// Of a member: why it was not registered; empty = it was.
  public var refusal: String = ""

  public init() {}

  public init(
    documentID: [UInt8] = [], sha256: [UInt8] = [], sequence: UInt64 = 0, duplicate: Bool = false, version: UInt32 = 0,
    symbols: [String] = [], kind: String = "", paragraphs: UInt32 = 0, notes: [String] = [], members: [SubmitReply] = [],
    fileName: String = "", refusal: String = ""
  ) {
    self.documentID = documentID
    self.sha256 = sha256
    self.sequence = sequence
    self.duplicate = duplicate
    self.version = version
    self.symbols = symbols
    self.kind = kind
    self.paragraphs = paragraphs
    self.notes = notes
    self.members = members
    self.fileName = fileName
    self.refusal = refusal
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: documentID = try input.bytes()
    case 2: sha256 = try input.bytes()
    case 3: sequence = try input.uint64()
    case 4: duplicate = try input.bool()
    case 5: version = try input.uint32()
    case 6: try input.append(to: &symbols)
    case 7: kind = try input.string()
    case 8: paragraphs = try input.uint32()
    case 9: try input.append(to: &notes)
    case 10: try input.append(to: &members)
    case 11: fileName = try input.string()
    case 12: refusal = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.bytes(1, documentID)
    writer.bytes(2, sha256)
    writer.uint64(3, sequence)
    writer.bool(4, duplicate)
    writer.uint32(5, version)
    writer.strings(6, symbols)
    writer.string(7, kind)
    writer.uint32(8, paragraphs)
    writer.strings(9, notes)
    writer.messages(10, members)
    writer.string(11, fileName)
    writer.string(12, refusal)
  }
}

/// Asks for an original by its SHA-256.
public struct GetOriginalRequest: WireMessage {
  public var sha256: [UInt8] = []

  public init() {}

  public init(sha256: [UInt8] = []) {
    self.sha256 = sha256
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: sha256 = try input.bytes()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.bytes(1, sha256)
  }
}

/// Comes before the bytes of an original.
public struct GetOriginalReply: WireMessage {
  public var size: UInt64 = 0
  public var mediaType: String = ""
  public var fileName: String = ""

  public init() {}

  public init(size: UInt64 = 0, mediaType: String = "", fileName: String = "") {
    self.size = size
    self.mediaType = mediaType
    self.fileName = fileName
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: size = try input.uint64()
    case 2: mediaType = try input.string()
    case 3: fileName = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint64(1, size)
    writer.string(2, mediaType)
    writer.string(3, fileName)
  }
}

/// Asks for the journal after a sequence number.
public struct ReadJournalRequest: WireMessage {
  public var after: UInt64 = 0
  public var follow: Bool = false
  public var limit: UInt32 = 0

  public init() {}

  public init(after: UInt64 = 0, follow: Bool = false, limit: UInt32 = 0) {
    self.after = after
    self.follow = follow
    self.limit = limit
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: after = try input.uint64()
    case 2: follow = try input.bool()
    case 3: limit = try input.uint32()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint64(1, after)
    writer.bool(2, follow)
    writer.uint32(3, limit)
  }
}

/// Comes before the entries.
public struct ReadJournalReply: WireMessage {
  public var last: UInt64 = 0
  public var journalID: String = ""

  public init() {}

  public init(last: UInt64 = 0, journalID: String = "") {
    self.last = last
    self.journalID = journalID
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: last = try input.uint64()
    case 2: journalID = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint64(1, last)
    writer.string(2, journalID)
  }
}

/// An entry of the journal.
public struct JournalEntry: WireMessage {
  /// 1, 2, 3 ….
  public var sequence: UInt64 = 0
  /// 1 document, 2 deletion.
  public var kind: UInt32 = 0
  /// Unix.
  public var timeMs: UInt64 = 0
  /// Kind 1.
  public var document: DocumentMessage?
  /// Both.
  public var documentID: [UInt8] = []
  public var version: UInt32 = 0
  /// Kind 1: the submission's, empty when it had none.
  public var idempotencyKey: String = ""
  /// The span that made the entry, when its caller asked for a trace; empty or 25 bytes.
  public var traceParent: [UInt8] = []
  /// The name in the certificate of the caller whom the entry is owed to.
  public var who: String = ""
  /// The reason of a deletion or an amendment.
  public var why: String = ""

  public init() {}

  public init(
    sequence: UInt64 = 0, kind: UInt32 = 0, timeMs: UInt64 = 0, document: DocumentMessage? = nil, documentID: [UInt8] = [],
    version: UInt32 = 0, idempotencyKey: String = "", traceParent: [UInt8] = [], who: String = "", why: String = ""
  ) {
    self.sequence = sequence
    self.kind = kind
    self.timeMs = timeMs
    self.document = document
    self.documentID = documentID
    self.version = version
    self.idempotencyKey = idempotencyKey
    self.traceParent = traceParent
    self.who = who
    self.why = why
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: sequence = try input.uint64()
    case 2: kind = try input.uint32()
    case 3: timeMs = try input.uint64()
    case 4: try input.merge(into: &document)
    case 5: documentID = try input.bytes()
    case 6: version = try input.uint32()
    case 7: idempotencyKey = try input.string()
    case 8: traceParent = try input.bytes()
    case 9: who = try input.string()
    case 10: why = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint64(1, sequence)
    writer.uint32(2, kind)
    writer.uint64(3, timeMs)
    writer.message(4, document)
    writer.bytes(5, documentID)
    writer.uint32(6, version)
    writer.string(7, idempotencyKey)
    writer.bytes(8, traceParent)
    writer.string(9, who)
    writer.string(10, why)
  }
}

/// Asks to delete a document, by symbol or id.
public struct DeleteRequest: WireMessage {
  public var symbol: String = ""
  public var documentID: [UInt8] = []
  public var why: String = ""
  /// Of the document that has the symbol: ISO 639-1, or "und" for one whose language is not known; empty = there is only one.
  public var language: String = ""

  public init() {}

  public init(symbol: String = "", documentID: [UInt8] = [], why: String = "", language: String = "") {
    self.symbol = symbol
    self.documentID = documentID
    self.why = why
    self.language = language
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: symbol = try input.string()
    case 2: documentID = try input.bytes()
    case 3: why = try input.string()
    case 4: language = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, symbol)
    writer.bytes(2, documentID)
    writer.string(3, why)
    writer.string(4, language)
  }
}

/// What became of a deletion.
public struct DeleteReply: WireMessage {
  public var sequence: UInt64 = 0
  public var existed: Bool = false

  public init() {}

  public init(sequence: UInt64 = 0, existed: Bool = false) {
    self.sequence = sequence
    self.existed = existed
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: sequence = try input.uint64()
    case 2: existed = try input.bool()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint64(1, sequence)
    writer.bool(2, existed)
  }
}
