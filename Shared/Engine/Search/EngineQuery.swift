import Analysis

/// What documents are looked for, in the terms of the index.
public indirect enum EngineQuery: Sendable, Hashable {
  case all
  case none
  /// A folded term; scored.
  case term(TextField, [UInt8])
  /// Folded terms in a row; scored with the occurrences of the row and the sum of the terms' idf, as Lucene does.
  case phrase(TextField, [[UInt8]])
  /// Folded terms that begin so; scored as one term with their summed frequency and the largest of their document counts (Lucene's SynonymQuery).
  case prefix(TextField, [UInt8])
  /// Documents with this value, byte for byte, or one that begins so; adds no score.
  case keyword(KeywordField, String, isPrefix: Bool)
  /// Documents whose number lies in the range, ends included; adds no score.
  case number(NumberField, from: Int64?, to: Int64?)
  case and([EngineQuery])
  case or([EngineQuery])
  case not(EngineQuery)
  /// The documents of a query, and what each of its terms contributes to their scores so many times over; the products of boosts inside one another
  /// lie in `boosts`.
  case boost(EngineQuery, Double)

  /// The documents of a query; what matches of `also` in them adds to their scores.
  case ranked(EngineQuery, also: [EngineQuery])

  /// What boosts inside one another may amount to: far from where a score would be 0 or endless.
  public static let boosts = 1e-6...1e6

  /// A word as someone wrote it: nothing, a term, or a phrase when it falls into several words ("A/74/565").
  public static func text(_ field: TextField, _ written: String, _ analyzer: Analyzer = Analyzer()) -> EngineQuery {
    let terms = analyzer.terms(written)
    return terms.isEmpty ? .none : terms.count == 1 ? .term(field, terms[0]) : .phrase(field, terms)
  }

  /// Terms, phrases and conditions in it.
  var clauses: Int {
    switch self {
    case .and(let parts), .or(let parts): parts.reduce(0) { $0 + $1.clauses }
    case .not(let part), .boost(let part, _): part.clauses
    case .phrase(_, let terms): terms.count
    case .ranked(let part, let also): also.reduce(part.clauses) { $0 + $1.clauses }
    default: 1
    }
  }

  /// Whether all boosts in it lie in `boosts`, multiplied by those around them.
  func hasBoosts(times boost: Double = 1) -> Bool {
    switch self {
    case .and(let parts), .or(let parts): parts.allSatisfy { $0.hasBoosts(times: boost) }
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
  /// Terms that a prefix may stand for in a segment.
  public static let prefixLimit = 4096

  public var query: EngineQuery
  public var limit = 10
  public var offset = 0
  public var sort = Sort.relevance
  public var facets: [FacetField] = []
  public var facetLimit = 10
  /// Whether `total` is asked for; without it, documents that cannot be among the hits need not be looked at.
  public var wantsTotal = true

  public init(_ query: EngineQuery) { self.query = query }
}

/// Why a search gave no answer.
public enum SearchError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The caller's `shouldStop` said so.
  case stopped
  /// More terms begin so than `limit`.
  case prefixTooBroad(limit: Int)
  case tooManyClauses(limit: Int)
  case windowTooLarge(limit: Int)
  case boostOutOfRange
  case segment(SegmentError)

  public var description: String {
    switch self {
    case .stopped: "the search was stopped"
    case .prefixTooBroad(let limit): "more than \(limit) words begin so; type more letters before the *"
    case .tooManyClauses(let limit): "the query has more than \(limit) words and conditions"
    case .windowTooLarge(let limit): "offset and limit together may reach hit \(limit) at the most; narrow the query instead"
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
  /// In the order asked for; the values by count, then by bytes.
  public var facets: [[ValueCount]] = []
}
