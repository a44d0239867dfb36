import Documents
import Engine

// What of a document's citations and mentions stands in the index: looked for by `QueryTranslation`, found again in the text by `PassageFinder`.

extension Citation {
  /// What it is looked for by: its symbols, and the instrument's name in folded words.
  var values: [String] { symbols.map(\.text) + (instrument.map { [Self.instrument($0)] } ?? []) }

  /// The name of an instrument as it is kept: folded words without the article. No symbol is like it, which has a slash.
  static func instrument(_ name: String) -> String {
    let words = Folded.words(String(decoding: name.utf8.prefix(nameLimit), as: UTF8.self))
    return words.hasPrefix("the ") ? String(words.dropFirst(4)) : words
  }

  /// UTF-8 bytes of a name that are looked at; the longest titles of treaties have about 400.
  private static let nameLimit = 1024
}

/// A day, month or year that a text speaks of.
struct DatePart: Hashable {
  let year: Int
  /// Nil for a year.
  var month: Int?
  /// Nil for a year or month.
  var day: Int?

  /// `1992-02-26`, `1992-02`, `1992`.
  var text: String {
    func digits(_ value: Int, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - String(value).utf8.count)) + String(value)
    }
    return digits(year, 4) + (month.map { "-" + digits($0, 2) } ?? "") + (day.map { "-" + digits($0, 2) } ?? "")
  }
}

extension DatePart {
  /// Reads `text`.
  init?(_ text: String) {
    let numbers = text.split(separator: "-").compactMap { Int($0) }
    guard let year = numbers.first, numbers.count <= 3 else { return nil }
    self.init(year: year, month: numbers.count > 1 ? numbers[1] : nil, day: numbers.count > 2 ? numbers[2] : nil)
  }
}

/// The days from a first to a last one, as a text speaks of them: a stretch of whole years names years, one of whole months names months too, and any other its
/// first and last day as well.
struct DateStretch {
  let first, last: CalendarDate
  private let isOfMonths, isOfYears: Bool

  /// Every month of a stretch of fewer is named, and the first and last of any other.
  private static let months = 24
  /// So many years of a stretch are named.
  private static let years = 200

  init(_ first: CalendarDate, _ last: CalendarDate) {
    (self.first, self.last) = (first, last)
    isOfMonths = first.day == 1 && CalendarDate(year: last.year, month: last.month, day: last.day + 1) == nil
    isOfYears = isOfMonths && first.month == 1 && last.month == 12
  }

  /// Months since the year 0.
  private static func month(_ date: CalendarDate) -> Int { date.year * 12 + date.month - 1 }

  /// What it names, which are few.
  var parts: Set<DatePart> {
    guard first <= last else { return [] }
    var parts = Set((first.year...last.year).prefix(Self.years).map { DatePart(year: $0) })
    if isOfYears { return parts }
    let (from, to) = (Self.month(first), Self.month(last))
    for month in to - from < Self.months ? Array(from...to) : [from, to] { parts.insert(DatePart(year: month / 12, month: month % 12 + 1)) }
    if isOfMonths { return parts }
    for end in [first, last] { parts.insert(DatePart(year: end.year, month: end.month, day: end.day)) }
    return parts
  }

  /// Whether `part` is one of `parts`.
  func names(_ part: DatePart) -> Bool {
    guard first <= last else { return false }
    guard let month = part.month else { return (first.year...last.year).contains(part.year) && part.year - first.year < Self.years }
    if let day = part.day { return !isOfMonths && [first, last].contains { ($0.year, $0.month, $0.day) == (part.year, month, day) } }
    let (from, to, own) = (Self.month(first), Self.month(last), part.year * 12 + month - 1)
    return !isOfYears && (to - from < Self.months ? (from...to).contains(own) : own == from || own == to)
  }
}

extension Document {
  /// Calls `add` with what is kept of citations, mentions and parties, each once.
  func spokenOf(_ add: (KeywordField, String) -> Void) {
    for value in Set(citations.flatMap(\.values)) { add(.cites, value) }
    // A hostile text may mention many long stretches: what they have in common is kept once.
    var dates: Set<DatePart> = []
    var places: Set<String> = []
    for mention in mentions {
      switch mention.meaning {
      case .days(let first, let last): dates.formUnion(DateStretch(first, last).parts)
      case .place(let code): places.insert(code)
      case .figure: break
      }
    }
    for date in dates { add(.mentioned, date.text) }
    let parties: [(KeywordField, Set<String>)] = [
      (.senderState, codes(sender.map { [$0] } ?? [])), (.addresseeState, codes(addressees)),
      (.sponsorState, Set(sponsors.compactMap { StateName.find($0, year: year).code })),
    ]
    for (field, codes) in parties + [(.place, places)] { for code in codes { add(field, code) } }
    for code in parties.reduce(places, { $0.union($1.1) }) { add(.state, code) }
  }

  /// The codes of the parties' states, as they were read or as the states' names tell.
  private func codes(_ parties: [Party]) -> Set<String> {
    Set(parties.compactMap { $0.code ?? $0.state.flatMap { StateName.find($0, year: year).code } })
  }
}
