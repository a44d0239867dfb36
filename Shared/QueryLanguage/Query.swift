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
  /// Documents that match every one. At least two.
  case and([Query])
  /// Documents that match any. At least two.
  case or([Query])
  /// Documents that match so many or more, from 1 to all.
  case atLeast(Int, [Query])
  /// Documents that do not match.
  case not(Query)
  /// The same documents, counting so many times as much in the order by relevance; in `QueryLimits.weights`.
  case boost(Query, Double)
}

/// The fields that a query can name.
public enum Field: String, Sendable, Hashable, CaseIterable {
  case symbol, organ, session, item, kind, sender, addressee, signatory, title, language, distribution, sponsor, date, year

  /// Whether its value is made of words.
  var hasWords: Bool {
    switch self {
    case .organ, .session, .item, .sender, .addressee, .signatory, .title, .sponsor: true
    case .symbol, .kind, .language, .distribution, .date, .year: false
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
  /// Parentheses and negations inside one another.
  public static let depth = 32
  /// Words that may stand between others, and how far words may stand from one another.
  public static let near = 1000
  /// Edits between a word and one like it.
  public static let edits = 2
  /// The weight of a word, phrase or group.
  public static let weights = 0.001...1000
}
