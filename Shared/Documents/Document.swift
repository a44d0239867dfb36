/// One official document as far as its form could be read. A field that could not be read is nil or empty, never guessed.
public struct Document: Sendable, Hashable {
  public var id: DocumentID
  /// Canonical symbols in printed order; a document of two organs has two.
  public var symbols: [Symbol]
  /// Organs in printed order, principal organs first ("General Assembly"), then the committee or subsidiary body the masthead names.
  public var organs: [String]
  /// "General", "Limited", "Restricted", …, or what is printed when it is none of the known classes.
  public var distribution: String?
  /// The masthead's date; of a letter without a masthead, the date in its title.
  public var date: CalendarDate?
  /// ISO 639-1 codes.
  public var originalLanguages: [String]
  public var sessions: [Session]
  public var items: [AgendaItem]
  /// Every heading title that is no item's title: for a resolution its adoption line and its basis in brackets.
  public var titles: [String]
  /// The document's own title.
  public var title: String?
  public var kind: DocumentKind
  public var sender: Party?
  public var addressees: [Party]
  public var signatories: [Signatory]
  public var paragraphs: [Paragraph]
  /// ISO 639-1 code of the text.
  public var language: String?
  /// 32 bytes.
  public var originalSHA256: [UInt8]
  public var originalBytes: UInt64
  public var mediaType: String
  public var fileName: String
  public var sponsors: [String]
  /// What the submitter gave, as given.
  public var metadata: [String: String]
  /// Where each field was read and how sure that is, or why it was not.
  public var readings: [FieldReading]
  public var citations: [Citation]
  public var mentions: [Mention]
  /// In printed order; an enclosure follows the annex it is in.
  public var annexes: [Annex]

  public init(
    id: DocumentID, symbols: [Symbol] = [], organs: [String] = [], distribution: String? = nil, date: CalendarDate? = nil,
    originalLanguages: [String] = [], sessions: [Session] = [], items: [AgendaItem] = [], titles: [String] = [], title: String? = nil,
    kind: DocumentKind = .other, sender: Party? = nil, addressees: [Party] = [], signatories: [Signatory] = [],
    paragraphs: [Paragraph] = [], language: String? = nil, originalSHA256: [UInt8] = [], originalBytes: UInt64 = 0,
    mediaType: String = "", fileName: String = "", sponsors: [String] = [], metadata: [String: String] = [:],
    readings: [FieldReading] = [], citations: [Citation] = [], mentions: [Mention] = [], annexes: [Annex] = []
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

  /// The year of `date`, or the `year` the submitter gave when no day is known.
  public var year: Int? { date?.year ?? metadata["year"].flatMap { Int($0) }.flatMap { CalendarDate.years.contains($0) ? $0 : nil } }
}

/// A session or year of an organ, as printed and as a number: "Seventy-fourth session", 74.
public struct Session: Sendable, Hashable {
  public var organ: String
  public var text: String
  /// nil when the ordinal was not understood.
  public var number: Int?

  public init(organ: String, text: String, number: Int?) {
    self.organ = organ
    self.text = text
    self.number = number
  }
}

/// An agenda item: its number as printed ("25 (b)"), its title when the paper prints one, and the organ whose agenda it is on.
public struct AgendaItem: Sendable, Hashable {
  public var number: String
  public var title: String?
  public var organ: String?

  public init(number: String, title: String? = nil, organ: String? = nil) {
    self.number = number
    self.title = title
    self.organ = organ
  }
}

/// Who wrote or receives a paper: the words printed, and the state and post in them where they could be told apart.
public struct Party: Sendable, Hashable {
  public var text: String
  public var state: String?
  public var post: String?
  /// ISO 3166 alpha-3 of the state, former ones' too.
  public var code: String?

  public init(text: String, state: String? = nil, post: String? = nil, code: String? = nil) {
    self.text = text
    self.state = state
    self.post = post
    self.code = code
  }
}

/// A name under "(Signed)", with rank and post as printed.
public struct Signatory: Sendable, Hashable {
  public var name: String
  public var rank: String?
  public var post: String?

  public init(name: String, rank: String? = nil, post: String? = nil) {
    self.name = name
    self.rank = rank
    self.post = post
  }
}

/// What a paragraph is in its document. Raw values are those on the wire.
public enum ParagraphRole: UInt8, Sendable, Hashable, CaseIterable {
  case body = 0
  case heading = 1
  case signature = 2
  case annexHeading = 3
  case masthead = 4
  case footnote = 5
}

public struct Paragraph: Sendable, Hashable {
  /// 1-based place in the document.
  public var number: Int
  /// As printed: "1.", "(a)"; nil = unnumbered.
  public var label: String?
  public var text: String
  /// Who says it: the sender, the adopting organ, the sponsors, the state.
  public var attribution: String
  /// 1-based page on which it starts; nil = unknown.
  public var page: Int?
  public var role: ParagraphRole
  /// ISO 639-1 code; nil = not recognised.
  public var language: String?

  public init(
    number: Int, label: String? = nil, text: String, attribution: String, page: Int? = nil, role: ParagraphRole = .body,
    language: String? = nil
  ) {
    self.number = number
    self.label = label
    self.text = text
    self.attribution = attribution
    self.page = page
    self.role = role
    self.language = language
  }
}

/// The kinds of document; raw values are those on the wire.
public enum DocumentKind: String, Sendable, Hashable, CaseIterable {
  case letter
  case noteVerbale = "note verbale"
  case report
  case resolution
  case decision
  case draftResolution = "draft resolution"
  case draftDecision = "draft decision"
  case amendment
  case statement
  case presidentialStatement = "presidential statement"
  case verbatimRecord = "verbatim record"
  case summaryRecord = "summary record"
  case agenda
  case informationCircular = "information circular"
  case conferenceRoomPaper = "conference room paper"
  case workingPaper = "working paper"
  case ngoStatement = "NGO statement"
  case petition
  case note
  case other
}
