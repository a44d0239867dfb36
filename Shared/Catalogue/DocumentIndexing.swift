import Documents
import Engine

/// How a document is put in the index. What a query must ask to find it again is in `QueryTranslation`: the two are one contract.
extension IndexedDocument {
  /// - Parameter stored: what a hit gives back, opaque to the engine.
  ///
  /// The body's first runs are the paragraphs, one each, so that run n is paragraph n + 1; after them come the masthead's words, so that a plain word
  /// finds them too.
  public init(_ document: Document, stored: [UInt8]) {
    self.init(id: document.id.bytes)
    self.stored = stored
    let language = document.language ?? ""
    func add(_ field: TextField, _ texts: [String?]) {
      for text in texts { if let text, !text.isEmpty { self.texts.append(Text(field, text, language: language)) } }
    }
    for paragraph in document.paragraphs { texts.append(Text(.body, paragraph.text, language: language)) }
    let titles = [document.title] + document.titles
    let itemTitles = document.items.map(\.title)
    let senders = document.sender.map { [$0] } ?? []
    add(.body, document.symbols.map(\.text) + titles + itemTitles + document.organs + document.sessions.map(\.text))
    add(.body, (senders + document.addressees).map(\.text) + document.signatories.map(\.name) + document.sponsors)
    // The body again by stems, run by run at the same positions, and once more what counts twice.
    for run in texts { texts.append(Text(.stems, run.text, language: run.language)) }
    add(.stems, titles + itemTitles)
    add(.title, titles + itemTitles)
    add(.organ, document.organs)
    add(.session, document.sessions.map(\.text))
    add(.item, itemTitles)
    add(.sender, senders.flatMap(\.words))
    add(.addressee, document.addressees.flatMap(\.words))
    add(.signatory, document.signatories.flatMap { [$0.name, $0.rank, $0.post] })
    add(.sponsor, document.sponsors)
    addKeywords(document)
    if let date = document.date { numbers[.date] = date.packedDay }
    if let dated = document.titleDate, dated != document.date { numbers[.dated] = dated.packedDay }
    if let year = document.year { numbers[.year] = Int64(year) }
  }

  private mutating func addKeywords(_ document: Document) {
    func add(_ field: KeywordField, _ values: [String?]) {
      for value in values { if let value, !value.isEmpty { keywords.append((field, value)) } }
    }
    add(.symbol, document.symbols.map(\.text))
    add(.organ, document.organs)
    add(.session, document.sessions.map { $0.number.map(String.init) })
    add(.item, document.items.map(\.number))
    add(.kind, [document.kind.rawValue])
    add(.sender, [document.sender.map { $0.state ?? $0.text }])
    add(.language, [document.language])
    add(.distribution, [document.distribution?.lowercased()])
    // A document without a symbol is a work by itself.
    add(.work, [document.symbols.first?.work.text])
    document.spokenOf { keywords.append(($0, $1)) }
  }
}

extension Party {
  /// The words printed, and the state's name where they do not hold it.
  fileprivate var words: [String?] {
    [text, state.flatMap { text.contains($0) ? nil : $0 }, post.flatMap { text.contains($0) ? nil : $0 }]
  }
}

extension CalendarDate {
  /// The day as yyyymmdd, as the index keeps it.
  package var packedDay: Int64 { Int64(year * 10_000 + month * 100 + day) }

  /// nil when it is no day.
  package init?(packedDay: Int64) {
    self.init(year: Int(packedDay / 10_000), month: Int(packedDay / 100 % 100), day: Int(packedDay % 100))
  }
}

extension Document {
  /// The day in "Letter dated 26 November 2019 from …": the masthead's is the day of processing, and people look for either.
  package var titleDate: CalendarDate? {
    guard let words = title?.split(separator: " "), let place = words.firstIndex(of: "dated"), place + 3 < words.count else { return nil }
    return CalendarDate(written: words[place + 1...place + 3].joined(separator: " "))
  }
}
