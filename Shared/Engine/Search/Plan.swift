import Platform

/// A query of the kinds that the fast roads answer: any or all of some terms, some of each of several groups, or terms in a row, in documents that meet
/// conditions without a score; the score raised where pairs of the terms stand side by side.
struct Plan {
  enum Kind {
    case any, all, row
    /// A term at least of each group, or a value in its place.
    case each
  }

  struct Term {
    let field: TextField
    let bytes: [UInt8]
    fileprivate(set) var idf = 0.0
    /// What the term's scores are multiplied by.
    let boost: Double
    /// Its row in each segment's dictionary.
    fileprivate(set) var rows: [SegmentReader.Term?] = []
    /// Of several terms that stand for each other; numbers ascend from 0.
    var group = 0
    /// What a bound of its scores is multiplied by, so that it also covers what it adds to those of pairs.
    var boundFactor = 1.0

    init(_ field: TextField, _ term: [UInt8], _ boost: Double) {
      self.field = field
      bytes = term
      self.boost = boost
    }
  }

  /// Two terms side by side, scored as a phrase.
  struct Pair {
    /// Places among the plan's terms.
    let first, second: Int
    let idf: Float
  }

  private(set) var kind: Kind
  private(set) var terms: [Term]
  private(set) var pairs: [Pair] = []
  /// Values that will do in place of a group's terms, without a score.
  private(set) var alternatives: [(group: Int, value: EngineQuery)] = []
  /// Parts without a score that must match, and parts that must not.
  private(set) var conditions: [EngineQuery] = []
  private(set) var exclusions: [EngineQuery] = []

  /// How many documents have the only term, when there is nothing else to meet.
  var knownTotal: Int? {
    guard kind == .any, terms.count == 1, conditions.isEmpty, exclusions.isEmpty else { return nil }
    return terms[0].rows.reduce(0) { $0 + ($1?.documents ?? 0) }
  }

  /// Nil when the query is of another kind.
  init?(_ query: EngineQuery, _ view: IndexView, boost: Double = 1) {
    switch query {
    case .term(let field, let term): self.init(kind: .any, terms: [Term(field, term, boost)], view)
    case .phrase(let field, let terms) where !terms.isEmpty:
      self.init(kind: terms.count == 1 ? .any : .row, terms: terms.map { Term(field, $0, boost) }, view)
    case .or: self.init(groups: [query], view, boost)
    case .and(let parts): self.init(all: parts, view, boost)
    case .boost(let part, let own): self.init(part, view, boost: boost * own)
    case .ranked(let part, let also):
      self.init(part, view, boost: boost)
      guard add(also, boost) else { return nil }
    default: return nil
    }
  }

  private init(kind: Kind, terms: [Term], _ view: IndexView) {
    self.kind = kind
    self.terms = terms
    lookUp(view)
  }

  /// Finds the terms in each segment.
  private mutating func lookUp(_ view: IndexView) {
    for part in view.parts {
      part.reader.find(terms.count, { (SegmentSerializer.prefix(terms[$0].field), terms[$0].bytes) }) { terms[$0].rows.append($1) }
    }
    for index in terms.indices {
      let documents = terms[index].rows.reduce(0) { $0 + ($1?.documents ?? 0) }
      terms[index].idf = BM25.idf(documents: view.allDocuments, frequency: documents)
    }
  }

  /// A term, or any of some, for each of `groups`.
  private init?(groups: [EngineQuery], _ view: IndexView, _ boost: Double) {
    kind = .any
    terms = []
    for (number, group) in groups.enumerated() {
      let before = terms.count
      guard add(group, number, boost), terms.count > before else { return nil }
    }
    lookUp(view)
    if groups.count > 1 { kind = terms.count == groups.count ? .all : .each }
    if !alternatives.isEmpty { kind = .each }
  }

  /// Adds the terms and values of which any will do; false when there is something else.
  private mutating func add(_ query: EngineQuery, _ group: Int, _ boost: Double) -> Bool {
    switch query {
    case .term(let field, let bytes):
      var term = Term(field, bytes, boost)
      term.group = group
      terms.append(term)
      return true
    case .keyword(_, _, isPrefix: false):
      alternatives.append((group, query))
      return true
    case .or(let parts): return parts.allSatisfy { add($0, group, boost) }
    case .boost(let part, let own): return add(part, group, boost * own)
    default: return false
    }
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
    if scored.count == 1 { self.init(first, view, boost: boost) } else { self.init(groups: scored, view, boost) }
    // A conjunction inside this one has its own.
    self.conditions += conditions
    self.exclusions += exclusions
  }

  /// Adds pairs of the terms; false when there is something else.
  ///
  /// A pair's frequency is no higher than either term's, and its idf is the sum of theirs, so it adds at most what each of the two scores, times the ratio of
  /// the idf there and here: that is what the terms' bounds are raised by.
  private mutating func add(_ also: [EngineQuery], _ boost: Double) -> Bool {
    guard kind != .row else { return false }
    for part in also {
      var (part, boost) = (part, boost)
      while case .boost(let inner, let own) = part { (part, boost) = (inner, boost * own) }
      guard case .phrase(let field, let words) = part, words.count == 2, words[0] != words[1],
        let first = terms.firstIndex(where: { $0.field == field && $0.bytes == words[0] }),
        let second = terms.firstIndex(where: { $0.field == field && $0.bytes == words[1] })
      else { return false }
      for index in [first, second] { terms[index].boundFactor += boost / terms[index].boost }
      pairs.append(Pair(first: first, second: second, idf: Float(terms[first].idf * boost + terms[second].idf * boost)))
    }
    return true
  }
}
