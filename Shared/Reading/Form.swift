import Documents

/// Reads a text into a document: masthead, heading, paragraphs, signatures, annexes, and who says what.
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

  var document = Document(id: Self.unnamed)
  private let text: [UInt8]
  private let given: Given
  private var readings = Readings()
  private let notesBefore: [ReadingNote]

  init(_ text: [UInt8], given: Given, notes: [ReadingNote]) {
    self.text = text
    self.given = given
    notesBefore = notes
  }

  /// What could not be read, and why.
  var notes: [ReadingNote] {
    notesBefore + readings.all.filter { $0.confidence == 0 }.map { ReadingNote($0.field, $0.reason ?? "") }
  }

  mutating func read(paragraphLimit: Int) throws(ReadingError) {
    let lines = Lines(TableBars.cleared(text))
    let masthead = Masthead(lines.body, isLaidOut: lines.isLaidOut)
    let heading = Heading(lines.body, from: masthead.end, masthead: masthead, isLaidOut: lines.isLaidOut)
    take(masthead)
    take(heading)
    takeGiven()
    takeLanguage(masthead)
    let paragraphs = try Paragraphs(
      lines.body[heading.end...], isLaidOut: lines.isLaidOut, isMarked: given.marksParagraphs, limit: paragraphLimit)
    takeParagraphs(paragraphs.all, lines.footnotes, heading, limit: paragraphLimit)
    if lines.body.isEmpty {
      readings.absent("text", "the file has no text layer, as scanned papers have none; it is registered without paragraphs")
    } else if document.paragraphs.isEmpty {
      readings.absent("text", "nothing follows the heading")
    }
    takeCitations()
    noteMissing(masthead)
    document.readings = readings.all
  }

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
    readings.append(masthead.readings)
  }

  private mutating func take(_ heading: Heading) {
    document.title = heading.title
    document.titles += heading.titles
    document.sender = heading.sender
    document.addressees = heading.addressees
    document.sponsors = heading.sponsors
    readings.append(heading.readings)
    if document.date == nil, let own = heading.ownDate {
      document.date = own.day
      readings.add("date", 0, own.range, own.page, Confidence.inferred, "no masthead prints one; the day that the heading names")
    }
    if let kind = heading.kind {
      document.kind = kind
      readings.add("kind", 0, nil, 0, Confidence.printed)
    }
    if document.sessions.isEmpty, let number = heading.session {
      document.sessions = [Session(organ: Organ.generalAssembly, text: "", number: number)]
      if document.organs.isEmpty { takeOrgan(Organ.generalAssembly) }
    }
  }

  private mutating func takeOrgan(_ name: String) {
    readings.add("organs", document.organs.count, nil, 0, Confidence.inferred)
    document.organs.append(name)
  }

  // MARK: What came with the file

  private mutating func takeGiven() {
    if let written = given.symbol, !written.isEmpty {
      let symbols = Symbol.list(written)
      if symbols.isEmpty { readings.absent("symbols", "the one given is none: \(written.prefix(64))") }
      for symbol in symbols where !document.symbols.contains(symbol) {
        readings.add("symbols", document.symbols.count, nil, 0, Confidence.given, "given with the file")
        document.symbols.append(symbol)
      }
    }
    if document.organs.isEmpty {
      for symbol in document.symbols { if let organ = symbol.organ, !document.organs.contains(organ) { takeOrgan(organ) } }
    }
    if let organ = document.organs.first {
      for index in document.items.indices where document.items[index].organ == nil { document.items[index].organ = organ }
      for index in document.sessions.indices where document.sessions[index].organ.isEmpty { document.sessions[index].organ = organ }
    }
    takeKind()
    let metadata = given.metadata
    if document.date == nil, let day = metadata["date"] {
      document.date = CalendarDate(iso: day) ?? CalendarDate(written: day)
      if document.date == nil {
        readings.absent("date", "the one given is no day of the form 2019-11-26")
      } else {
        readings.add("date", 0, nil, 0, Confidence.given, "given with the file")
      }
    }
    if document.title == nil, let title = metadata["title"], !title.isEmpty, title.utf8.count <= 1000 {
      document.title = title
      readings.add("title", 0, nil, 0, Confidence.given, "given with the file")
    }
    takeSpeaker(metadata)
  }

  /// A statement's state and session, as records of statements give them.
  private mutating func takeSpeaker(_ metadata: [String: String]) {
    guard document.kind == .statement else { return }
    if document.organs.isEmpty, metadata["session"] != nil { takeOrgan(Organ.generalAssembly) }
    if document.sessions.isEmpty, let number = metadata["session"].flatMap({ Int($0) }), (1...999).contains(number) {
      document.sessions = [Session(organ: document.organs.first ?? Organ.generalAssembly, text: "", number: number)]
      readings.add("sessions", 0, nil, 0, Confidence.given, "given with the file")
    }
    if document.sender == nil, let state = metadata["state"], !state.isEmpty, state.utf8.count <= 160 {
      let known = StateName.name(code: state)
      let name = known ?? state
      document.sender = Party(
        text: name, state: name, code: known != nil && state.utf8.count == 3 ? state.uppercased() : StateName.find(name).code)
      readings.add("sender", 0, nil, 0, Confidence.given, "given with the file")
    }
  }

  private mutating func takeKind() {
    guard document.kind == .other else { return }
    if let kind = given.metadata["kind"].flatMap({ DocumentKind(rawValue: $0) }) {
      document.kind = kind
      readings.add("kind", 0, nil, 0, Confidence.given, "given with the file")
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
    case .limited, .restricted, nil:
      if document.symbols.isEmpty, document.title == nil, given.metadata["state"] != nil { document.kind = .statement }
    }
    if document.kind == .other {
      readings.absent("kind", "neither heading nor symbol tells")
    } else {
      readings.add(
        "kind", 0, nil, 0, Confidence.inferred, document.kind == .statement ? "a text of a state's, without a heading" : "by its symbol")
    }
  }

  private mutating func takeLanguage(_ masthead: Masthead) {
    let given = given.metadata["language"].flatMap(Language.code(given:))
    document.language = given ?? Language.detect(text) ?? masthead.versionLanguage
    if document.language == nil {
      readings.absent("language", "not recognised")
    } else {
      readings.add(
        "language", 0, nil, 0, given != nil ? Confidence.given : Confidence.inferred, given != nil ? "given with the file" : "by its words")
    }
  }

  // MARK: Paragraphs and whose they are

  private func attribution(_ heading: Heading) -> String {
    if let said = heading.attribution { return said }
    switch document.kind {
    case .resolution, .decision, .presidentialStatement: return document.organs.first ?? document.kind.rawValue
    default: return document.sender?.text ?? document.organs.first ?? Document.authorNotStated
    }
  }

  private mutating func takeParagraphs(_ built: [Paragraphs.Built], _ footnotes: [Footnote], _ heading: Heading, limit: Int) {
    let attribution = attribution(heading)
    let isRecord = document.kind == .verbatimRecord || document.kind == .summaryRecord
    let isSent = document.kind == .letter || document.kind == .noteVerbale
    var said = attribution
    var inAnnex = false
    var signed: [Int: [Signatory]] = [:]
    var paragraphs: [Paragraph] = []
    paragraphs.reserveCapacity(built.count + footnotes.count)
    for paragraph in built {
      var text = paragraph.text
      guard !text.isEmpty else { continue }
      if paragraph.role == .annexHeading, isSent {
        // What is annexed to a letter need not be its sender's own words.
        let name = text.prefix { $0 != "\n" }
        said =
          Prose.range(of: " to the ", in: name) == nil
          ? "\(name.prefix(40)) to the \(document.kind.rawValue) from the \(attribution)" : String(name)
      }
      inAnnex = inAnnex || paragraph.role == .annexHeading
      if paragraph.role == .signature {
        let found = Signatures.signatories(text)
        signed[paragraphs.count + 1] = found
        if !inAnnex {
          for signatory in found {
            readings.add("signatories", document.signatories.count, paragraph.range, paragraph.page, Confidence.printed)
            document.signatories.append(signatory)
          }
        }
        text = Prose.collapsed(text.split(whereSeparator: { $0 == "\n" || $0 == "\t" }).joined(separator: " "))
      }
      var speaker = said
      if isRecord {
        if paragraph.role == .heading || paragraph.role == .masthead || Record.isProcedure(text) {
          speaker = attribution
        } else if let named = Record.speaker(text) {
          said = named
          speaker = named
        }
      }
      paragraphs.append(
        Paragraph(
          number: paragraphs.count + 1, label: paragraph.label, text: text, attribution: speaker,
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
    if inAnnex { takeAnnexes(signed) }
  }

  /// The annexes, and the words of an annexed letter as its own sender's.
  private mutating func takeAnnexes(_ signed: [Int: [Signatory]]) {
    document.annexes = Annexes.read(document.paragraphs, signed: signed, year: document.date?.year)
    for annex in document.annexes {
      guard let sender = annex.sender else { continue }
      for number in annex.paragraphs
      where document.paragraphs[number - 1].role != .annexHeading && document.paragraphs[number - 1].role != .footnote {
        document.paragraphs[number - 1].attribution = sender.text
      }
    }
  }

  private mutating func takeCitations() {
    var citations = Citations(document, year: given.metadata["year"].flatMap { Int($0) })
    citations.read()
    document.citations = citations.all
    if citations.isCut { readings.absent("citations", "only the first \(Citations.limit) were read") }
  }

  private mutating func noteMissing(_ masthead: Masthead) {
    if document.title == nil { readings.absent("title", "none is printed") }
    if document.symbols.isEmpty { readings.absent("symbols", "none is printed and none was given") }
    if document.date == nil {
      readings.absent("date", given.metadata["year"] != nil ? "only a year was given" : "none is printed and none was given")
    }
    if document.distribution == nil { readings.absent("distribution", "none is printed") }
    if document.organs.isEmpty { readings.absent("organs", "none is printed, and no symbol names one") }
    if document.kind == .letter, document.signatories.isEmpty { readings.absent("signatories", "no “(Signed)” stands in the text") }
    if masthead.isPresent, document.sessions.isEmpty { readings.absent("sessions", "none is printed") }
    if masthead.isPresent, document.items.isEmpty { readings.absent("items", "none is printed") }
  }
}
