/// What a person asks for, as a tree.
public indirect enum Query: Sendable, Hashable {
  /// Every document.
  case all
  /// Documents with this word in their text, as typed.
  case term(String)
  /// Documents with these words in a row, as typed between quotes.
  case phrase(String)
  /// Documents with a word that starts so; without the `*`.
  case prefix(String)
  /// Documents with a word that fits the pattern: `?` stands for one letter, `*` for any; but a `?` at the end is a question mark.
  case pattern(String)
  /// Documents with a word like this one, so many edits away at the most; nil leaves the number to the word's length.
  case fuzzy(String, edits: Int?)
  /// Documents with these words, as typed between quotes, in any order and with so many others between them at the most.
  case loosePhrase(String, others: Int)
  /// Documents with these within so many words of one another, in the order given if that is wanted. At least two; each a word, pattern or phrase, or an
  /// `or` of words and patterns.
  case near([Query], words: Int, isOrdered: Bool)
  /// Documents whose field has words like these: a pattern or a fuzzy word.
  case inField(Field, Query)
  /// Documents whose field has this value; `isPrefix` when it ended in `*`.
  case field(Field, String, isPrefix: Bool)
  /// Documents whose date lies in the range, both ends included; a missing end is open.
  case dates(Day?, Day?)
  /// Documents whose year lies in the range, both ends included; a missing end is open.
  case years(Int?, Int?)
  /// Documents whose text speaks of a day, a month or a year in the range, both ends included.
  case mentioned(Day, Day)
  /// Documents that match every one. At least two.
  case and([Query])
  /// Documents that match any. At least two.
  case or([Query])
  /// Documents that match so many or more, from 1 to all.
  case atLeast(Int, [Query])
  /// Documents with any of these words, of which there are more than `QueryLimits.wordsThatMustAllBeThere`: what one types who describes a subject. Those
  /// with most of them are the best.
  case some([Query])
  /// Documents that do not match.
  case not(Query)
  /// The same documents, counting so many times as much in the order by relevance; in `QueryLimits.weights`.
  case boost(Query, Double)
}

extension Query {
  /// Whether it is a plain word, whatever its weight.
  public var isWord: Bool {
    switch self {
    case .term: true
    case .boost(let part, _): part.isWord
    default: false
    }
  }

  /// `parts` side by side. Their plain words, when they are more than `limit`, are `some` together, in the first one's place.
  static func row(_ parts: [Query], limit: Int) -> Query {
    let words = parts.filter(\.isWord)
    if parts.count == 1 { return parts[0] }
    guard words.count > limit, let first = parts.firstIndex(where: \.isWord) else { return .and(parts) }
    var joined = parts.filter { !$0.isWord }
    if joined.isEmpty { return .some(words) }
    joined.insert(.some(words), at: first)
    return .and(joined)
  }

  /// The papers whose citations are asked for, as written: the values of `citedby`.
  public var citingPapers: [String] {
    switch self {
    case .field(.citedby, let paper, _): [paper]
    case .and(let parts), .or(let parts), .atLeast(_, let parts): parts.flatMap(\.citingPapers)
    case .not(let part), .boost(let part, _): part.citingPapers
    default: []
    }
  }

  /// The same with all words wherever some would do: what is excluded must be meant as a whole.
  var strict: Query {
    switch self {
    case .some(let parts): parts.count == 1 ? parts[0] : .and(parts)
    case .and(let parts): .and(parts.map(\.strict))
    case .or(let parts): .or(parts.map(\.strict))
    case .atLeast(let least, let parts): .atLeast(least, parts.map(\.strict))
    case .boost(let part, let weight): .boost(part.strict, weight)
    default: self
    }
  }
}

/// The fields that a query can name.
public enum Field: String, Sendable, Hashable, CaseIterable {
  case symbol, organ, session, item, kind, sender, addressee, signatory, title, language, distribution, sponsor, date, year
  case cites, citedby, mentions

  /// Whether its value is made of words.
  var hasWords: Bool {
    switch self {
    case .organ, .session, .item, .sender, .addressee, .signatory, .title, .sponsor: true
    case .symbol, .kind, .language, .distribution, .date, .year, .cites, .citedby, .mentions: false
    }
  }
}

/// A calendar day that a query names. Its parts are in range; 31 February is not.
public struct Day: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let year: Int
  public let month: Int
  public let day: Int

  /// Nil unless the day exists, in the years 1 to 9999.
  public init?(_ year: Int, _ month: Int, _ day: Int) {
    guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.length(year, month) else { return nil }
    self.year = year
    self.month = month
    self.day = day
  }

  /// Days in a month.
  static func length(_ year: Int, _ month: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  /// ISO 8601, `2019-11-26`.
  public var description: String {
    func digits(_ value: Int, _ width: Int) -> String { String(repeating: "0", count: max(0, width - String(value).count)) + String(value) }
    return "\(digits(year, 4))-\(digits(month, 2))-\(digits(day, 2))"
  }

  /// The years, months and days that make up the days from `first` to `last`, as `1992`, `1992-02`, `1992-02-26`: as few as there can be. Nil when they are
  /// more than `limit`.
  public static func parts(_ first: Day, _ last: Day, limit: Int = QueryLimits.mentionedDates) -> [String]? {
    var parts: [String] = []
    var next: Day? = first
    while let day = next, day <= last {
      guard parts.count < limit else { return nil }
      let text = day.description
      if day.day == 1, day.month == 1, let end = Day(day.year, 12, 31), end <= last {
        parts.append(String(text.prefix(4)))
        next = Day(day.year + 1, 1, 1)
      } else if day.day == 1, let end = Day(day.year, day.month, length(day.year, day.month)), end <= last {
        parts.append(String(text.prefix(7)))
        next = day.month == 12 ? Day(day.year + 1, 1, 1) : Day(day.year, day.month + 1, 1)
      } else {
        parts.append(text)
        next = Day(day.year, day.month, day.day + 1) ?? Day(day.year, day.month + 1, 1) ?? Day(day.year + 1, 1, 1)
      }
    }
    return parts
  }

  public static func < (left: Day, right: Day) -> Bool { (left.year, left.month, left.day) < (right.year, right.month, right.day) }
}

/// Why a query cannot be understood, and where.
public struct QueryError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Where the fault begins and how long it is, in UTF-8 bytes of the query.
  public let position: Int
  public let length: Int
  /// What is wrong.
  public let message: String
  /// What to do.
  public let hint: String

  public init(position: Int, length: Int, message: String, hint: String) {
    self.position = position
    self.length = length
    self.message = message
    self.hint = hint
  }

  public var description: String { "\(message) at byte \(position); \(hint)" }
}

/// What a query may have at the most.
public enum QueryLimits {
  /// UTF-8 bytes.
  public static let bytes = 4096
  /// Words, phrases and field conditions.
  public static let clauses = 256
  /// Plain words side by side that must all be there; of more, any may be missing unless AND stands between them.
  public static let wordsThatMustAllBeThere = 2
  /// Parentheses and negations inside one another.
  public static let depth = 32
  /// Words that may stand between others, and how far words may stand from one another.
  public static let near = 1000
  /// Edits between a word and one like it.
  public static let edits = 2
  /// Papers whose citations are asked for.
  public static let citingPapers = 16
  /// Years, months and days that stand for a range of dates which are mentioned.
  public static let mentionedDates = 200
  /// The weight of a word, phrase or group.
  public static let weights = 0.001...1000
}
