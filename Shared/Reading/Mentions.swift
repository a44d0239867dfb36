import Documents

/// The dates, places and figures that a document's text speaks of, in its titles, those of its agenda items, and its paragraphs.
package enum Mentions {
  /// In a document; what comes after them is not marked.
  package static let most = 10_000
  /// Bytes of one paragraph that are looked at.
  static let mostBytes = 1 << 20

  package static func read(_ document: inout Document) {
    var found: [Mention] = []
    let scope = MentionScope(document)
    func read(_ text: String, _ place: TextSpan.Text, _ language: String?) {
      guard found.count < most else { return }
      let text = MentionText(text, language: language ?? document.language)
      let days = Dates.find(in: text, scope)
      let places = Places.find(in: text, year: scope.year, limit: most)
      let figures = Figures.find(in: text, besides: days.map(\.range))
      var all = days.map { Mention(span: TextSpan(place, $0.range), meaning: .days($0.first, $0.last)) }
      all += places.map { Mention(span: TextSpan(place, $0.range), meaning: .place($0.code)) }
      all += figures.map { Mention(span: TextSpan(place, $0.range), meaning: .figure($0.value, unit: $0.unit)) }
      all.sort { ($0.span.range.lowerBound, $0.span.range.upperBound) < ($1.span.range.lowerBound, $1.span.range.upperBound) }
      found += all.prefix(most - found.count)
    }
    if let title = document.title { read(title, .title, document.language) }
    for (index, title) in document.titles.enumerated() { read(title, .heading(index), document.language) }
    for (index, item) in document.items.enumerated() { if let title = item.title { read(title, .item(index), document.language) } }
    for paragraph in document.paragraphs { read(paragraph.text, .paragraph(paragraph.number), paragraph.language) }
    document.mentions = found
  }
}

/// What a document says of the days its text leaves open.
struct MentionScope {
  /// The day on the paper; that of a statement may be known by its year alone.
  var date: CalendarDate?
  var year: Int?

  init(_ document: Document) {
    date = document.date
    year = document.year
  }
}
