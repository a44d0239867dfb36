import Platform

/// A query of the kinds that the fast roads answer: any or all of some terms, or terms in a row, in documents that meet conditions without a score.
struct Plan {
  enum Kind { case any, all, row }

  struct Term {
    let field: TextField
    /// Multiplied by the boosts around the term.
    let idf: Double
    /// Its row in each segment's dictionary.
    let rows: [SegmentReader.Term?]

    init(_ field: TextField, _ term: [UInt8], _ view: IndexView, _ boost: Double) {
      let prefix = SegmentSerializer.prefix(field)
      self.field = field
      rows = view.parts.map { $0.reader.find(prefix, term) }
      idf = BM25.idf(documents: view.allDocuments, frequency: rows.reduce(0) { $0 + ($1?.documents ?? 0) }) * boost
    }
  }

  let kind: Kind
  let terms: [Term]
  /// Parts without a score that must match, and parts that must not.
  var conditions: [EngineQuery] = []
  var exclusions: [EngineQuery] = []

  /// How many documents have the only term, when there is nothing else to meet.
  var knownTotal: Int? {
    guard kind == .any, terms.count == 1, conditions.isEmpty, exclusions.isEmpty else { return nil }
    return terms[0].rows.reduce(0) { $0 + ($1?.documents ?? 0) }
  }

  /// Nil when the query is of another kind.
  init?(_ query: EngineQuery, _ view: IndexView, boost: Double = 1) {
    switch query {
    case .term(let field, let term): self.init(kind: .any, terms: [Term(field, term, view, boost)])
    case .phrase(let field, let terms) where !terms.isEmpty:
      self.init(kind: terms.count == 1 ? .any : .row, terms: terms.map { Term(field, $0, view, boost) })
    case .or(let parts) where !parts.isEmpty: self.init(.any, parts, view, boost)
    case .and(let parts): self.init(all: parts, view, boost)
    case .boost(let part, let own): self.init(part, view, boost: boost * own)
    default: return nil
    }
  }

  private init(kind: Kind, terms: [Term]) {
    self.kind = kind
    self.terms = terms
  }

  /// Only terms.
  private init?(_ kind: Kind, _ parts: [EngineQuery], _ view: IndexView, _ boost: Double) {
    var terms: [Term] = []
    for var part in parts {
      var boost = boost
      while case .boost(let inner, let own) = part { (part, boost) = (inner, boost * own) }
      guard case .term(let field, let term) = part else { return nil }
      terms.append(Term(field, term, view, boost))
    }
    self.init(kind: kind, terms: terms)
  }

  /// All of some terms, or one phrase or choice of terms, and conditions.
  private init?(all parts: [EngineQuery], _ view: IndexView, _ boost: Double) {
    var (scored, conditions, exclusions): ([EngineQuery], [EngineQuery], [EngineQuery]) = ([], [], [])
    for part in parts {
      switch part {
      case .not(let inner): exclusions.append(inner)
      case .keyword, .number, .all: conditions.append(part)
      default: scored.append(part)
      }
    }
    guard let first = scored.first else { return nil }
    if scored.count == 1 { self.init(first, view, boost: boost) } else { self.init(.all, scored, view, boost) }
    // A conjunction inside this one has its own.
    self.conditions += conditions
    self.exclusions += exclusions
  }
}
