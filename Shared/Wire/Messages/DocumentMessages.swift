/// A document as it was read; empty fields were not found in it.
public struct DocumentMessage: WireMessage {
  /// 16 bytes: first half of SHA-256 of the canonical first symbol, or of the original when no symbol is known.
  public var id: [UInt8] = []
  /// Canonical, in printed order.
  public var symbols: [String] = []
  /// "General Assembly".
  public var organs: [String] = []
  /// "General"; empty = not read.
  public var distribution: String = ""
  /// ISO 8601 day; empty = not read.
  public var date: String = ""
  /// ISO 639-1.
  public var originalLanguages: [String] = []
  public var sessions: [SessionMessage] = []
  public var items: [AgendaItemMessage] = []
  /// Every heading title that is no item's title.
  public var titles: [String] = []
  /// The document's own title.
  public var title: String = ""
  /// "letter", "resolution", … of docs/FORM.
  public var kind: String = ""
  public var sender: PartyMessage?
  public var addressees: [PartyMessage] = []
  public var signatories: [SignatoryMessage] = []
  public var paragraphs: [ParagraphMessage] = []
  /// ISO 639-1 of the text.
  public var language: String = ""
  public var originalSHA256: [UInt8] = []
  public var originalBytes: UInt64 = 0
  public var mediaType: String = ""
  public var fileName: String = ""
  public var sponsors: [String] = []
  /// What the submitter gave, as given.
  public var metadata: [String: String] = [:]
  public var readings: [FieldReadingMessage] = []
  public var citations: [CitationMessage] = []
  public var mentions: [MentionMessage] = []
  public var annexes: [AnnexMessage] = []

  public init() {}

  public init(
    id: [UInt8] = [], symbols: [String] = [], organs: [String] = [], distribution: String = "", date: String = "",
    originalLanguages: [String] = [], sessions: [SessionMessage] = [], items: [AgendaItemMessage] = [], titles: [String] = [],
    title: String = "", kind: String = "", sender: PartyMessage? = nil, addressees: [PartyMessage] = [],
    signatories: [SignatoryMessage] = [], paragraphs: [ParagraphMessage] = [], language: String = "", originalSHA256: [UInt8] = [],
    originalBytes: UInt64 = 0, mediaType: String = "", fileName: String = "", sponsors: [String] = [], metadata: [String: String] = [:],
    readings: [FieldReadingMessage] = [], citations: [CitationMessage] = [], mentions: [MentionMessage] = [],
    annexes: [AnnexMessage] = []
  ) {
    self.id = id
    self.symbols = symbols
    self.organs = organs
    self.distribution = distribution
    self.date = date
    self.originalLanguages = originalLanguages
    self.sessions = sessions
    self.items = items
    self.titles = titles
    self.title = title
    self.kind = kind
    self.sender = sender
    self.addressees = addressees
    self.signatories = signatories
    self.paragraphs = paragraphs
    self.language = language
    self.originalSHA256 = originalSHA256
    self.originalBytes = originalBytes
    self.mediaType = mediaType
    self.fileName = fileName
    self.sponsors = sponsors
    self.metadata = metadata
    self.readings = readings
    self.citations = citations
    self.mentions = mentions
    self.annexes = annexes
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: id = try input.bytes()
    case 2: try input.append(to: &symbols)
    case 3: try input.append(to: &organs)
    case 4: distribution = try input.string()
    case 5: date = try input.string()
    case 6: try input.append(to: &originalLanguages)
    case 7: try input.append(to: &sessions)
    case 8: try input.append(to: &items)
    case 9: try input.append(to: &titles)
    case 10: title = try input.string()
    case 11: kind = try input.string()
    case 12: try input.merge(into: &sender)
    case 13: try input.append(to: &addressees)
    case 14: try input.append(to: &signatories)
    case 15: try input.append(to: &paragraphs)
    case 16: language = try input.string()
    case 17: originalSHA256 = try input.bytes()
    case 18: originalBytes = try input.uint64()
    case 19: mediaType = try input.string()
    case 20: fileName = try input.string()
    case 21: try input.append(to: &sponsors)
    case 22: try input.insert(into: &metadata)
    case 23: try input.append(to: &readings)
    case 24: try input.append(to: &citations)
    case 25: try input.append(to: &mentions)
    case 26: try input.append(to: &annexes)
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.bytes(1, id)
    writer.strings(2, symbols)
    writer.strings(3, organs)
    writer.string(4, distribution)
    writer.string(5, date)
    writer.strings(6, originalLanguages)
    writer.messages(7, sessions)
    writer.messages(8, items)
    writer.strings(9, titles)
    writer.string(10, title)
    writer.string(11, kind)
    writer.message(12, sender)
    writer.messages(13, addressees)
    writer.messages(14, signatories)
    writer.messages(15, paragraphs)
    writer.string(16, language)
    writer.bytes(17, originalSHA256)
    writer.uint64(18, originalBytes)
    writer.string(19, mediaType)
    writer.string(20, fileName)
    writer.strings(21, sponsors)
    writer.map(22, metadata)
    writer.messages(23, readings)
    writer.messages(24, citations)
    writer.messages(25, mentions)
    writer.messages(26, annexes)
  }
}

/// A session of an organ, as in "Seventy-fourth session".
public struct SessionMessage: WireMessage {
  public var organ: String = ""
  public var text: String = ""
  public var number: UInt32 = 0

  public init() {}

  public init(organ: String = "", text: String = "", number: UInt32 = 0) {
    self.organ = organ
    self.text = text
    self.number = number
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: organ = try input.string()
    case 2: text = try input.string()
    case 3: number = try input.uint32()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, organ)
    writer.string(2, text)
    writer.uint32(3, number)
  }
}

/// An agenda item with its number as printed, as in "25 (b)".
public struct AgendaItemMessage: WireMessage {
  public var number: String = ""
  public var title: String = ""
  public var organ: String = ""

  public init() {}

  public init(number: String = "", title: String = "", organ: String = "") {
    self.number = number
    self.title = title
    self.organ = organ
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: number = try input.string()
    case 2: title = try input.string()
    case 3: organ = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, number)
    writer.string(2, title)
    writer.string(3, organ)
  }
}

/// A sender or addressee.
public struct PartyMessage: WireMessage {
  public var text: String = ""
  public var state: String = ""
  public var post: String = ""
  /// ISO 3166 alpha-3 of the state.
  public var code: String = ""

  public init() {}

  public init(text: String = "", state: String = "", post: String = "", code: String = "") {
    self.text = text
    self.state = state
    self.post = post
    self.code = code
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: text = try input.string()
    case 2: state = try input.string()
    case 3: post = try input.string()
    case 4: code = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, text)
    writer.string(2, state)
    writer.string(3, post)
    writer.string(4, code)
  }
}

/// Who signed, in what rank and post.
public struct SignatoryMessage: WireMessage {
  public var name: String = ""
  public var rank: String = ""
  public var post: String = ""

  public init() {}

  public init(name: String = "", rank: String = "", post: String = "") {
    self.name = name
    self.rank = rank
    self.post = post
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: name = try input.string()
    case 2: rank = try input.string()
    case 3: post = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, name)
    writer.string(2, rank)
    writer.string(3, post)
  }
}

/// A paragraph and who says it.
public struct ParagraphMessage: WireMessage {
  /// 1-based place in the document.
  public var number: UInt32 = 0
  /// As printed: "1.", "(a)"; empty = unnumbered.
  public var label: String = ""
  public var text: String = ""
  /// Who says it: "Letter … from the Permanent Representative of Azerbaijan …", "General Assembly".
  public var attribution: String = ""
  /// 1-based; 0 = unknown.
  public var page: UInt32 = 0
  /// 0 body, 1 heading, 2 signature, 3 annex heading, 4 masthead, 5 footnote.
  public var role: UInt32 = 0
  /// ISO 639-1; empty = not recognised.
  public var language: String = ""

  public init() {}

  public init(
    number: UInt32 = 0, label: String = "", text: String = "", attribution: String = "", page: UInt32 = 0, role: UInt32 = 0,
    language: String = ""
  ) {
    self.number = number
    self.label = label
    self.text = text
    self.attribution = attribution
    self.page = page
    self.role = role
    self.language = language
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: number = try input.uint32()
    case 2: label = try input.string()
    case 3: text = try input.string()
    case 4: attribution = try input.string()
    case 5: page = try input.uint32()
    case 6: role = try input.uint32()
    case 7: language = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint32(1, number)
    writer.string(2, label)
    writer.string(3, text)
    writer.string(4, attribution)
    writer.uint32(5, page)
    writer.uint32(6, role)
    writer.string(7, language)
  }
}
