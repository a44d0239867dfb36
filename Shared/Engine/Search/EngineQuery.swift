import Analysis

/// What documents are looked for, in the terms of the index.
public indirect enum EngineQuery: Sendable, Hashable {
  case all
  case none
  /// A folded term; scored.
  case term(TextField, [UInt8])
  /// Folded terms in a row; scored with the occurrences of the row and the sum of the terms' idf, as Lucene does.
  case phrase(TextField, [[UInt8]])
  /// Any of these terms, as one: scored with the sum of their frequencies and the idf of the one that most documents have (Lucene's SynonymQuery).
  case variants(TextField, [Variant])
  /// The folded terms that begin so, as variants; at most `EngineRequest.prefixLimit`.
  case prefix(TextField, [UInt8])
  /// The folded terms that fit a pattern in which `?` stands for one letter and `*` for any, as variants; at most `EngineRequest.prefixLimit`.
  case wildcard(TextField, [UInt8])
  /// The folded terms that so many edits, two at most, make of this one, as variants: the nearest `EngineRequest.fuzzyLimit`, of equally near ones the
  /// most frequent. One that is an edit away counts half, one two edits away a quarter.
  case fuzzy(TextField, [UInt8], edits: Int)
  /// Words near one another (`Nearness`): each a term, a phrase, or what stands for terms, also in an `or`; all of the body, or without a gap in the
  /// order given. Scored like a phrase: with the number of words at which such a stretch begins, and the sum of the words' idf.
  case near([EngineQuery], gap: Int, isOrdered: Bool)
  /// Documents with this value, byte for byte, or one that begins so; adds no score.
  case keyword(KeywordField, String, isPrefix: Bool)
  /// Documents whose number lies in the range, ends included; adds no score.
  case number(NumberField, from: Int64?, to: Int64?)
  case and([EngineQuery])
  case or([EngineQuery])
  /// Documents that match so many of the parts or more; scored with all that match. Less than one counts as one.
  case atLeast(Int, [EngineQuery])
  case not(EngineQuery)
  /// The documents of a query, and what each of its terms contributes to their scores so many times over; the products of boosts inside one another
  /// lie in `boosts`.
  case boost(EngineQuery, Double)

  /// The documents of a query; what matches of `also` in them adds to their scores.
  case ranked(EngineQuery, also: [EngineQuery])

  /// What boosts inside one another may amount to: far from where a score would be 0 or endless.
  public static let boosts = 1e-6...1e6

  /// Terms, phrases and conditions in it.
  var clauses: Int {
    switch self {
    case .and(let parts), .or(let parts), .atLeast(_, let parts), .near(let parts, _, _): parts.reduce(0) { $0 + $1.clauses }
    case .not(let part), .boost(let part, _): part.clauses
    case .phrase(_, let terms): terms.count
    case .ranked(let part, let also): also.reduce(part.clauses) { $0 + $1.clauses }
    default: 1
    }
  }

  /// Throws unless an index can answer it.
  func check() throws(SearchError) {
    guard clauses <= EngineRequest.clauseLimit else { throw .tooManyClauses(limit: EngineRequest.clauseLimit) }
    guard patterns <= EngineRequest.patternLimit else { throw .tooManyPatterns(limit: EngineRequest.patternLimit) }
    guard hasBoosts() else { throw .boostOutOfRange }
    guard hasWordsNear else { throw .notNear }
  }

  /// Prefixes, patterns and similar words in it, each of which may stand for many terms.
  var patterns: Int {
    switch self {
    case .and(let parts), .or(let parts), .atLeast(_, let parts), .near(let parts, _, _): parts.reduce(0) { $0 + $1.patterns }
    case .not(let part), .boost(let part, _): part.patterns
    case .ranked(let part, let also): also.reduce(part.patterns) { $0 + $1.patterns }
    case .prefix, .wildcard, .fuzzy, .variants, .keyword(_, _, isPrefix: true): 1
    default: 0
    }
  }

  /// Whether all that stands near something in it may.
  var hasWordsNear: Bool {
    switch self {
    case .and(let parts), .or(let parts), .atLeast(_, let parts): parts.allSatisfy(\.hasWordsNear)
    case .not(let part), .boost(let part, _): part.hasWordsNear
    case .ranked(let part, let also): part.hasWordsNear && also.allSatisfy(\.hasWordsNear)
    case .near(let parts, let gap, let isOrdered):
      Set(parts.map(\.textField)).count == 1 && parts[0].textField.map { $0 == .body || gap == 0 && isOrdered } == true
        && (0...EngineRequest.gapLimit).contains(gap)
    default: true
    }
  }

  /// The field of words; nil for anything else.
  var wordField: TextField? {
    if case .near(let parts, _, _) = self { parts.first?.textField } else { textField }
  }

  /// The field of what may stand near something; nil for anything else.
  var textField: TextField? {
    switch self {
    case .term(let field, _), .variants(let field, _), .prefix(let field, _), .wildcard(let field, _), .fuzzy(let field, _, _): field
    case .phrase(let field, let terms): terms.isEmpty ? nil : field
    case .or(let parts) where parts.allSatisfy { if case .phrase = $0 { false } else { $0.textField == parts[0].textField } }:
      parts.first?.textField
    default: nil
    }
  }

  /// Whether all boosts in it lie in `boosts`, multiplied by those around them.
  func hasBoosts(times boost: Double = 1) -> Bool {
    switch self {
    case .and(let parts), .or(let parts), .atLeast(_, let parts): parts.allSatisfy { $0.hasBoosts(times: boost) }
    case .not(let part): part.hasBoosts(times: boost)
    case .boost(let part, let own): part.hasBoosts(times: boost * own)
    case .ranked(let part, let also): part.hasBoosts(times: boost) && also.allSatisfy { $0.hasBoosts(times: boost) }
    default: Self.boosts.contains(boost)
    }
  }
}

/// What is asked of an index.
public struct EngineRequest: Sendable {
  public enum Sort: Sendable, Hashable { case relevance, dateAscending, dateDescending }
  public enum FacetField: Sendable, Hashable {
    case keyword(KeywordField)
    case number(NumberField)
  }

  /// Hits that `offset + limit` may reach.
  public static let windowLimit = 10_000
  /// Terms, phrases and conditions in a query.
  public static let clauseLimit = 1024
  /// Terms that a prefix or a pattern may stand for; all words near one another together.
  public static let prefixLimit = 4096
  /// Terms that a similar word stands for, and the edits between them.
  public static let fuzzyLimit = 50
  public static let editLimit = 2
  /// Words that may stand between words near one another.
  public static let gapLimit = 1000
  /// Prefixes, patterns and similar words in a query.
  public static let patternLimit = 64

  public var query: EngineQuery
  public var limit = 10
  public var offset = 0
  public var sort = Sort.relevance
  public var facets: [FacetField] = []
  public var facetLimit = 10
  /// Where the answer begins: behind this place of an earlier answer to the same query in the same order.
  public var after: EngineCursor?
  /// Whether `total` is asked for; without it, documents that cannot be among the hits need not be looked at.
  public var wantsTotal = true

  public init(_ query: EngineQuery) { self.query = query }
}

/// A place in the order of an answer: what a hit is ordered by, and the hit's id.
///
/// By relevance it is a place in the answers of one view only, whose scores and whose order of equal ones it holds. By date it is a place in the answers
/// of all views: documents of one day are in the order of their ids.
public struct EngineCursor: Sendable, Hashable {
  /// The score; or the day as yyyymmdd, negative when the oldest come first, and minus infinity without one.
  public let key: Double
  /// 16 bytes.
  public let id: [UInt8]

  public init(key: Double, id: [UInt8]) {
    self.key = key
    self.id = id
  }
}

/// Why a search gave no answer.
public enum SearchError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The caller's `shouldStop` said so.
  case stopped
  /// More terms begin so or fit than `limit`.
  case prefixTooBroad(limit: Int)
  case tooManyClauses(limit: Int)
  case windowTooLarge(limit: Int)
  case patternTooLong(limit: Int)
  case tooManyPatterns(limit: Int)
  case boostOutOfRange
  case notNear
  /// The view has no such place as `after`.
  case noSuchPlace
  case segment(SegmentError)

  public var description: String {
    switch self {
    case .stopped: "the search was stopped"
    case .prefixTooBroad(let limit): "more than \(limit) words begin so or fit the pattern; type more letters before or around the * or ?"
    case .tooManyClauses(let limit): "the query has more than \(limit) words and conditions"
    case .windowTooLarge(let limit): "offset and limit together may reach hit \(limit) at the most; narrow the query instead"
    case .patternTooLong(let limit): "a word with * or ? has more than \(limit) letters after the first of these"
    case .tooManyPatterns(let limit): "the query has more than \(limit) words with *, ? or ~"
    case .notNear:
      "only words and phrases of the text can be looked for near one another, with at most \(EngineRequest.gapLimit) words between them"
    case .noSuchPlace: "the document behind which the answer shall begin is not in the index"
    case .boostOutOfRange: "boosts that stand inside one another may amount to a millionth up to a million"
    case .segment(let error): error.description
    }
  }
}

/// A document's place in a view.
public struct DocumentAddress: Sendable, Hashable {
  public let segment: Int
  public let document: UInt32
}

public struct EngineHit: Sendable, Hashable {
  public let address: DocumentAddress
  public let score: Double
  private let upperID, lowerID: UInt64

  init(address: DocumentAddress, score: Double, id: (upper: UInt64, lower: UInt64)) {
    self.address = address
    self.score = score
    (upperID, lowerID) = id
  }

  /// 16 bytes.
  public var id: [UInt8] {
    [upperID, lowerID].flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) } }
  }
}

/// A value and how many documents have it.
public struct ValueCount: Sendable, Hashable {
  public let value: String
  public let count: Int

  public init(value: String, count: Int) {
    self.value = value
    self.count = count
  }
}

public struct EngineResult: Sendable {
  /// All matching documents; 0 when the total was not asked for.
  public var total = 0
  public var hits: [EngineHit] = []
  /// Where the next answer begins; nil when fewer hits came than were asked for, so that there are no more.
  public var next: EngineCursor?
  /// In the order asked for; the values by count, then by bytes.
  public var facets: [[ValueCount]] = []
}
