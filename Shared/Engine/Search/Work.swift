/// Makes matchers of queries that are resolved, for one search.
final class Work {
  private let view: IndexView
  private let damage: Damage
  private let pace: Pace
  /// What has been found for words already.
  private var idfs: [EngineQuery: Double] = [:]

  init(_ view: IndexView, _ damage: Damage, _ pace: Pace) {
    self.view = view
    self.damage = damage
    self.pace = pace
  }

  /// - Parameter boost: what scores are multiplied by; nil when they are not wanted.
  func matcher(_ query: EngineQuery, _ reader: SegmentReader, boost: Double?) -> Matcher {
    switch query {
    case .all: return AllMatcher(reader.documents)
    // The last three have been resolved.
    case .none, .prefix, .wildcard, .fuzzy: return OrMatcher([])
    case .term(let field, let term):
      guard let found = reader.find(view.key(field, term)) else { return OrMatcher([]) }
      return TermMatcher(PostingsCursor(reader, found, damage), weight(query, reader, boost))
    case .phrase:
      let keys = view.keys(query)
      let found = keys.compactMap { reader.find($0) }
      guard !keys.isEmpty, found.count == keys.count else { return OrMatcher([]) }
      return PhraseMatcher(found.map { PostingsCursor(reader, $0, damage) }, weight(query, reader, boost), pace)
    case .variants(let field, let variants):
      let found = variants.compactMap { variant in reader.find(view.key(field, variant.term)).map { (term: $0, quarters: variant.quarters) }
      }
      return found.isEmpty ? OrMatcher([]) : VariantsMatcher(reader, found, weight(query, reader, boost), damage, pace)
    case .near(let parts, let gap, let isOrdered):
      let documents = AndMatcher(parts.map { matcher($0, reader, boost: nil) }, pace)
      guard documents.document != PostingsCursor.end,
        let near = NearReader(parts, Nearness(gap: gap, isOrdered: isOrdered), view, reader, damage)
      else { return OrMatcher([]) }
      return NearMatcher(documents, near, weight(query, reader, boost), pace)
    case .keyword(let field, let value, let isPrefix):
      let key = [SegmentSerializer.prefix(field)] + Array(value.utf8)
      if isPrefix { return VariantsMatcher(reader, reader.terms(from: key).map { (reader.term($0), 1) }, nil, damage, pace) }
      return reader.find(key).map { TermMatcher(PostingsCursor(reader, $0, damage), nil) } ?? OrMatcher([])
    case .number(let field, let from, let to):
      let (low, high) = (from ?? .min, to ?? .max)
      return low <= high ? NumberMatcher(reader, field, low...high, pace) : OrMatcher([])
    case .or(let parts): return OrMatcher(parts.map { matcher($0, reader, boost: boost) })
    case .atLeast(let least, let parts): return AtLeastMatcher(least, parts.map { matcher($0, reader, boost: boost) }, pace)
    case .not: return intersection([query], reader, boost)
    case .and(let parts): return intersection(parts, reader, boost)
    case .ranked(let part, let also):
      let own = matcher(part, reader, boost: boost)
      return boost == nil ? own : RankedMatcher(own, also: also.map { matcher($0, reader, boost: boost) })
    case .boost(let part, let own): return matcher(part, reader, boost: boost.map { $0 * own })
    }
  }

  private func intersection(_ parts: [EngineQuery], _ reader: SegmentReader, _ boost: Double?) -> Matcher {
    var (wanted, excluded): ([Matcher], [Matcher]) = ([], [])
    for part in parts {
      if case .not(let inner) = part {
        excluded.append(matcher(inner, reader, boost: nil))
      } else {
        wanted.append(matcher(part, reader, boost: boost))
      }
    }
    if wanted.isEmpty { wanted = [AllMatcher(reader.documents)] }
    return AndMatcher(wanted, excluding: excluded, pace)
  }

  /// The weight of words, in the field of the query.
  private func weight(_ query: EngineQuery, _ reader: SegmentReader, _ boost: Double?) -> Weight? {
    guard let boost, let field = query.wordField else { return nil }
    return Weight(idf: Float(idf(query, boost)), norms: view.norms[Int(field.rawValue)], field: field, segment: reader)
  }

  /// The idf of words: that of a term, the sum of those of several, of variants that of the one that most documents have; boosted, and then added.
  func idf(_ query: EngineQuery, _ boost: Double = 1) -> Double {
    switch query {
    case .phrase(let field, let terms): return terms.reduce(0) { $0 + idf(.term(field, $1), boost) }
    case .near(let parts, _, _): return parts.reduce(0) { $0 + idf($1) * boost }
    default:
      if let known = idfs[query] { return known * boost }
      let most = view.keys(query).reduce(0) { max($0, view.documents(with: $1)) }
      let idf = BM25.idf(documents: view.allDocuments, frequency: most)
      idfs[query] = idf
      return idf * boost
    }
  }
}

extension IndexView {
  func key(_ field: TextField, _ term: [UInt8]) -> [UInt8] { [SegmentSerializer.prefix(field)] + term }

  /// The keys of a term, of variants, or of the terms of a row.
  func keys(_ query: EngineQuery) -> [[UInt8]] {
    switch query {
    case .term(let field, let term): [key(field, term)]
    case .phrase(let field, let terms): terms.map { key(field, $0) }
    case .variants(let field, let variants): variants.map { key(field, $0.term) }
    default: []
    }
  }

  /// Words of a document, on average.
  func meanLength(_ field: TextField) -> Double {
    Double(parts.reduce(0) { $0 + $1.reader.totalLength(field) }) / Double(max(1, allDocuments))
  }

  /// All documents with a term, deleted ones too.
  func documents(with key: [UInt8]) -> Int { parts.reduce(0) { $0 + ($1.reader.find(key)?.documents ?? 0) } }
}
