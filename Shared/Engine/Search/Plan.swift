import Platform

/// A query of the kinds that the fast roads answer: any or all of some terms, or terms in a row, in documents that meet conditions without a score.
struct Plan {
  enum Kind { case any, all, row }

  struct Term {
    let field: TextField
    let idf: Double
    /// Its row in each segment's dictionary.
    let rows: [SegmentReader.Term?]
  }

  let kind: Kind
  let terms: [Term]
  /// Parts without a score that must match, and parts that must not.
  var conditions: [EngineQuery] = []
  var exclusions: [EngineQuery] = []

  /// Nil when the query is of another kind.
  init?(_ query: EngineQuery, _ view: IndexView) {
    switch query {
    case .term(let field, let term): self.init(.any, field, [term], view)
    case .phrase(let field, let terms) where !terms.isEmpty: self.init(terms.count == 1 ? .any : .row, field, terms, view)
    case .or(let parts) where !parts.isEmpty: self.init(.any, parts, view)
    case .and(let parts): self.init(all: parts, view)
    default: return nil
    }
  }

  private init(_ kind: Kind, _ field: TextField, _ terms: [[UInt8]], _ view: IndexView) {
    self.init(kind, terms.map { .term(field, $0) }, view)!
  }

  /// Only terms.
  private init?(_ kind: Kind, _ parts: [EngineQuery], _ view: IndexView) {
    self.kind = kind
    var terms: [Term] = []
    for part in parts {
      guard case .term(let field, let term) = part else { return nil }
      let key = view.key(field, term)
      let rows = view.parts.map { $0.reader.find(key) }
      let idf = BM25.idf(documents: view.allDocuments, frequency: rows.reduce(0) { $0 + ($1?.documents ?? 0) })
      terms.append(Term(field: field, idf: idf, rows: rows))
    }
    self.terms = terms
  }

  /// All of some terms, or one phrase or choice of terms, and conditions.
  private init?(all parts: [EngineQuery], _ view: IndexView) {
    var (scored, conditions, exclusions): ([EngineQuery], [EngineQuery], [EngineQuery]) = ([], [], [])
    for part in parts {
      switch part {
      case .not(let inner): exclusions.append(inner)
      case .keyword, .number, .all: conditions.append(part)
      default: scored.append(part)
      }
    }
    guard let first = scored.first else { return nil }
    if scored.count == 1 { self.init(first, view) } else { self.init(.all, scored, view) }
    // A conjunction inside this one has its own.
    self.conditions += conditions
    self.exclusions += exclusions
  }
}
