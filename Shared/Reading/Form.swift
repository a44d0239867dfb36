import Documents

/// Reads a text into a document: masthead, heading, paragraphs, signatures, and who says what.
struct Form {
  /// What came with the file.
  struct Given {
    var symbol: String?
    var metadata: [String: String]
    /// Whether the file itself marks its paragraphs: empty lines stand between them and nowhere else.
    var marksParagraphs = false
  }

  /// Stands in the document until the reader knows its symbol or hash.
  private static let unnamed = DocumentID(digest: repeatElement(0, count: DocumentID.length))!  // sixteen bytes are given

  private(set) var notes: [ReadingNote]
  var document = Document(id: Self.unnamed)
  private let text: [UInt8]
  private let given: Given

  init(_ text: [UInt8], given: Given, notes: [ReadingNote]) {
    self.text = text
    self.given = given
    self.notes = notes
  }

  mutating func read(paragraphLimit: Int) throws(ReadingError) {
    let lines = Lines(text)
    let masthead = Masthead(lines.body, isLaidOut: lines.isLaidOut)
    let heading = Heading(lines.body, from: masthead.end, masthead: masthead, isLaidOut: lines.isLaidOut)
    take(masthead)
    take(heading, masthead)
    takeGiven(masthead)
    if document.title == nil, !(notes.contains { $0.field == "title" }) { note("title", "none is printed") }
    document.language = given.metadata["language"].flatMap(Self.languageCode) ?? Language.detect(text)
    if document.language == nil { note("language", "not recognised") }
    let paragraphs = try Paragraphs(
      lines.body[heading.end...], isLaidOut: lines.isLaidOut, isMarked: given.marksParagraphs, limit: paragraphLimit)
    takeParagraphs(paragraphs.all, lines.footnotes, attribution: attribution(heading, masthead), limit: paragraphLimit)
    if lines.body.isEmpty {
      note("text", "the file has no text layer, as scanned papers have none; it is registered without paragraphs")
    } else if document.paragraphs.isEmpty {
      note("text", "nothing follows the heading")
    }
    noteMissing(masthead)
  }

  private mutating func note(_ field: String, _ reason: String) { notes.append(ReadingNote(field, reason)) }

  // MARK: What the text states

  private mutating func take(_ masthead: Masthead) {
    document.symbols = masthead.symbols
    document.organs = masthead.organs + masthead.committees
    document.distribution = masthead.distribution
    document.date = masthead.date
    document.originalLanguages = masthead.originalLanguages
    document.sessions = masthead.sessions
    document.items = masthead.items
    document.titles = masthead.titles
    notes += masthead.notes
  }

  private mutating func take(_ heading: Heading, _ masthead: Masthead) {
    document.title = heading.title
    document.titles += heading.titles
    document.sender = heading.sender
    document.addressees = heading.addressees
    document.sponsors = heading.sponsors
    if document.date == nil { document.date = heading.letterDate }
    if let kind = heading.kind { document.kind = kind }
    notes += heading.notes
  }

  // MARK: What came with the file

  private mutating func takeGiven(_ masthead: Masthead) {
    if let written = given.symbol, !written.isEmpty {
      let symbols = Symbol.list(written)
      if symbols.isEmpty { note("symbol", "the one given is none: \(written.prefix(64))") }
      for symbol in symbols where !document.symbols.contains(symbol) { document.symbols.append(symbol) }
    }
    if document.organs.isEmpty {
      for symbol in document.symbols { if let organ = symbol.organ, !document.organs.contains(organ) { document.organs.append(organ) } }
    }
    if let organ = document.organs.first {
      for index in document.items.indices where document.items[index].organ == nil { document.items[index].organ = organ }
      for index in document.sessions.indices where document.sessions[index].organ.isEmpty { document.sessions[index].organ = organ }
    }
    takeKind()
    let metadata = given.metadata
    if document.date == nil, let day = metadata["date"] {
      document.date = CalendarDate(iso: day) ?? CalendarDate(written: day)
      if document.date == nil { note("date", "the one given is no day of the form 2019-11-26") }
    }
    if document.title == nil, let title = metadata["title"], !title.isEmpty, title.utf8.count <= 1000 { document.title = title }
    guard document.kind == .statement else { return }
    if document.organs.isEmpty, metadata["session"] != nil { document.organs = [Organ.generalAssembly] }
    if document.sessions.isEmpty, let number = metadata["session"].flatMap({ Int($0) }), (1...999).contains(number) {
      document.sessions = [Session(organ: document.organs.first ?? Organ.generalAssembly, text: "", number: number)]
    }
    if document.sender == nil, let state = metadata["state"], !state.isEmpty, state.utf8.count <= 160 {
      let name = StateName.name(code: state) ?? state
      document.sender = Party(text: name, state: name)
    }
  }

  private mutating func takeKind() {
    guard document.kind == .other else { return }
    if let kind = given.metadata["kind"].flatMap({ DocumentKind(rawValue: $0) }) {
      document.kind = kind
      return
    }
    switch document.symbols.lazy.compactMap(\.nature).first {
    case .conferenceRoomPaper: document.kind = .conferenceRoomPaper
    case .decision: document.kind = .decision
    case .information: document.kind = .informationCircular
    case .nonGovernmental: document.kind = .ngoStatement
    case .petition: document.kind = .petition
    case .presidentialStatement: document.kind = .presidentialStatement
    case .verbatimRecord: document.kind = .verbatimRecord
    case .resolution: document.kind = .resolution
    case .summaryRecord: document.kind = .summaryRecord
    case .workingPaper: document.kind = .workingPaper
    case .limited, nil:
      if document.symbols.isEmpty, document.title == nil, given.metadata["state"] != nil {
        document.kind = .statement
      } else {
        note("kind", "neither heading nor symbol tells")
      }
    }
  }

  private static func languageCode(_ given: String) -> String? {
    let lower = given.lowercased()
    return Language.code(named: lower) ?? (lower.utf8.count == 2 && lower.utf8.allSatisfy(isLower) ? lower : nil)
  }

  // MARK: Paragraphs and whose they are

  private func attribution(_ heading: Heading, _ masthead: Masthead) -> String {
    if let said = heading.attribution { return said }
    switch document.kind {
    case .resolution, .decision, .presidentialStatement: return document.organs.first ?? document.kind.rawValue
    default: return document.sender?.text ?? document.organs.first ?? "author not stated"
    }
  }

  private mutating func takeParagraphs(_ built: [Paragraphs.Built], _ footnotes: [Footnote], attribution: String, limit: Int) {
    var said = attribution
    var paragraphs: [Paragraph] = []
    paragraphs.reserveCapacity(built.count + footnotes.count)
    for paragraph in built {
      if paragraph.role == .annexHeading, document.kind == .letter || document.kind == .noteVerbale {
        // What is annexed to a letter need not be its sender's own words.
        let name = paragraph.text.prefix { $0 != "\n" }
        said =
          Prose.range(of: " to the ", in: name) == nil
          ? "\(name.prefix(40)) to the \(document.kind.rawValue) from the \(attribution)" : String(name)
      }
      var text = paragraph.text
      if paragraph.role == .signature {
        if let signatory = Signatures.signatory(text) { document.signatories.append(signatory) }
        text = Prose.collapsed(text.split(separator: "\n").joined(separator: " "))
      }
      guard !text.isEmpty else { continue }
      paragraphs.append(
        Paragraph(
          number: paragraphs.count + 1, label: paragraph.label, text: text, attribution: said,
          page: paragraph.page > 0 ? paragraph.page : nil,
          role: paragraph.role))
    }
    for footnote in footnotes where !footnote.text.isEmpty && paragraphs.count < limit {
      paragraphs.append(
        Paragraph(
          number: paragraphs.count + 1, label: footnote.label.isEmpty ? nil : footnote.label, text: Prose.collapsed(footnote.text),
          attribution: attribution, page: footnote.page > 0 ? footnote.page : nil, role: .footnote))
    }
    document.paragraphs = paragraphs
  }

  private mutating func noteMissing(_ masthead: Masthead) {
    func has(_ field: String) -> Bool { notes.contains { $0.field == field } }
    if document.symbols.isEmpty, !has("symbol") { note("symbol", "none is printed and none was given") }
    if document.date == nil, !has("date") {
      note("date", given.metadata["year"] != nil ? "only a year was given" : "none is printed and none was given")
    }
    if document.distribution == nil, !has("distribution") { note("distribution", "none is printed") }
    if document.organs.isEmpty { note("organ", "none is printed, and no symbol names one") }
    let isLetter = document.kind == .letter || document.kind == .noteVerbale
    if isLetter, document.signatories.isEmpty, document.kind == .letter { note("signatory", "no “(Signed)” stands in the text") }
    if masthead.isPresent, document.sessions.isEmpty { note("session", "none is printed") }
    if masthead.isPresent, document.items.isEmpty { note("agenda items", "none is printed") }
  }
}
