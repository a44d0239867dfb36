import Documents
import Engine

/// Where a document's text cites or mentions what a query asks for by `cites` and `mentions`.
struct SpokenOfSpans: Hashable, Sendable {
  private var cited: Set<String> = []
  /// How the values of what is cited may begin.
  private var citedBeginnings: Set<String> = []
  private var dates: Set<DatePart> = []
  private var places: Set<String> = []

  var isEmpty: Bool { self == SpokenOfSpans() }

  /// Adds a condition of a query; one of another field says nothing of a place in the text.
  mutating func add(_ field: KeywordField, _ value: String, isPrefix: Bool) {
    switch field {
    case .cites: if isPrefix { citedBeginnings.insert(value) } else { cited.insert(value) }
    case .mentioned: if let date = DatePart(value) { dates.insert(date) }
    case .place, .state: places.insert(value)
    default: break
    }
  }

  /// A paragraph or title in which some of it stands.
  struct Place {
    /// UTF-8 bytes of its text, ascending; they may overlap.
    var ranges: [Range<Int>] = []
    /// What of the query stands there.
    var values: Set<String> = []
  }

  /// The paragraphs and titles of `document` in which some of it stands.
  func places(in document: Document) -> [TextSpan.Text: Place] {
    var places: [TextSpan.Text: Place] = [:]
    func add(_ span: TextSpan, _ values: [String]) {
      guard !values.isEmpty, let text = document.wording(at: span.text), isWhole(span.range, text.utf8) else { return }
      places[span.text, default: Place()].ranges.append(span.range)
      places[span.text, default: Place()].values.formUnion(values)
    }
    if !cited.isEmpty || !citedBeginnings.isEmpty {
      for citation in document.citations {
        add(citation.span, citation.values.filter { value in cited.contains(value) || citedBeginnings.contains { value.hasPrefix($0) } })
      }
    }
    if !dates.isEmpty || !self.places.isEmpty {
      for mention in document.mentions {
        switch mention.meaning {
        case .place(let code): add(mention.span, self.places.contains(code) ? [code] : [])
        case .days(let first, let last):
          let stretch = DateStretch(first, last)
          add(mention.span, dates.filter { stretch.names($0) }.map(\.text))
        case .figure: break
        }
      }
    }
    for place in places.keys { places[place]?.ranges.sort { ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound) } }
    return places
  }

  /// Whether a range lies in a text, between characters: a text that was amended may be shorter than when its citations were read.
  private func isWhole(_ range: Range<Int>, _ text: String.UTF8View) -> Bool {
    guard range.lowerBound >= 0, !range.isEmpty, range.upperBound <= text.count else { return false }
    return [range.lowerBound, range.upperBound].allSatisfy { offset in
      text.dropFirst(offset).first.map { $0 & 0xC0 != 0x80 } ?? true
    }
  }
}
