import Platform

/// A query of the kinds that the fast roads answer: any or all of some terms, or terms in a row, in documents that meet conditions without a score.
struct Plan {
  enum Kind { case any, all, row }

  struct Term {
    let field: TextField
    let idf: Double
    /// Its row in each segment's dictionary.
    let rows: [SegmentReader.Term?]

    init(_ field: TextField, _ term: [UInt8], _ view: IndexView) {
      let prefix = SegmentSerializer.prefix(field)
      self.field = field
      rows = view.parts.map { $0.reader.find(prefix, term) }
      idf = BM25.idf(documents: view.allDocuments, frequency: rows.reduce(0) { $0 + ($1?.documents ?? 0) })
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
  init?(_ query: EngineQuery, _ view: IndexView) {
    switch query {
    case .term(let field, let term): self.init(kind: .any, terms: [Term(field, term, view)])
    case .phrase(let field, let terms) where !terms.isEmpty:
      self.init(kind: terms.count == 1 ? .any : .row, terms: terms.map { Term(field, $0, view) })
    case .or(let parts) where !parts.isEmpty: self.init(.any, parts, view)
    case .and(let parts): self.init(all: parts, view)
    default: return nil
    }
  }

  private init(kind: Kind, terms: [Term]) {
    self.kind = kind
    self.terms = terms
  }

  /// Only terms.
  private init?(_ kind: Kind, _ parts: [EngineQuery], _ view: IndexView) {
    var terms: [Term] = []
    for part in parts {
      guard case .term(let field, let term) = part else { return nil }
      terms.append(Term(field, term, view))
    }
    self.init(kind: kind, terms: terms)
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
