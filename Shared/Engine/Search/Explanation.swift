/// How a score, or a part of one, comes about.
public struct Explanation: Sendable, Hashable {
  /// What the value is, and for a number that is calculated how.
  public let description: String
  public let value: Double
  /// What the value is calculated from: for a sum, floats that are added in this order, those of a sum in a sum one by one.
  public let parts: [Explanation]
  let isSum: Bool

  init(_ description: String, _ value: Double, _ parts: [Explanation] = []) {
    self.description = description
    self.value = value
    self.parts = parts
    isSum = false
  }

  /// The sum of parts as scores are added.
  fileprivate init(_ description: String, sumOf parts: [Explanation]) {
    self.description = description
    value = Double(parts.flatMap(\.addends).reduce(0, +))
    self.parts = parts
    isSum = true
  }

  /// The floats that were added up.
  private var addends: [Float] { isSum ? parts.flatMap(\.addends) : [Float(value)] }
}

extension IndexView {
  /// How the score comes about that a search gives a document; nil when the query does not find it. Throws what `search` throws.
  public func explain(
    _ query: EngineQuery, _ address: DocumentAddress, shouldStop: () -> Bool = { false }
  ) throws(SearchError) -> Explanation? {
    try query.check()
    return try withoutActuallyEscaping(shouldStop) { (shouldStop: @escaping () -> Bool) throws(SearchError) -> Explanation? in
      let (pace, damage) = (Pace(shouldStop), Damage())
      let part = parts[address.segment]
      if part.deletions?.contains(address.document) == true { return nil }
      let explainer = Explainer(view: self, work: Work(self, damage, pace), reader: part.reader, document: address.document)
      let explanation = explainer.explain(try resolve(query, pace), boost: 1)
      if pace.isStopped { throw .stopped }
      do throws(SegmentError) { try damage.check() } catch { throw .segment(error) }
      return explanation
    }
  }
}

private struct Explainer {
  let view: IndexView
  let work: Work
  let reader: SegmentReader
  let document: UInt32

  /// Nil when the query, which is resolved, does not find the document.
  func explain(_ query: EngineQuery, boost: Double) -> Explanation? {
    switch query {
    case .and(let parts):
      let explained = parts.compactMap { explain($0, boost: boost) }
      return explained.count == parts.count ? Explanation("the sum of all", sumOf: explained) : nil
    case .or(let parts): return sum(parts, of: 1, "the sum of those of \(parts.count) that are there", boost)
    case .atLeast(let least, let parts):
      return sum(parts, of: max(1, least), "at least \(least) of \(parts.count): the sum of those that are there", boost)
    case .not(let part): return explain(part, boost: boost) == nil ? Explanation("excluded words and conditions are not there", 0) : nil
    case .boost(let part, let own): return explain(part, boost: boost * own)
    case .ranked(let part, let also):
      guard let own = explain(part, boost: boost) else { return nil }
      let more = also.compactMap { explain($0, boost: boost) }
      return more.isEmpty ? own : Explanation("the sum, with what adds to it", sumOf: [own] + more)
    case .all: return Explanation("every document", 0)
    case .keyword(let field, let value, let isPrefix):
      return find(query) == nil ? nil : Explanation("\(field) \(isPrefix ? "begins" : "is") \(value): a condition without score", 0)
    case .number(let field, let from, let to):
      let (low, high) = (from.map(String.init) ?? "", to.map(String.init) ?? "")
      return find(query) == nil ? nil : Explanation("\(field) is \(low)..\(high): a condition without score", 0)
    case .term, .variants, .phrase, .near: return words(query, boost)
    // These have been resolved, or find nothing.
    case .none, .prefix, .wildcard, .fuzzy: return nil
    }
  }

  private func sum(_ parts: [EngineQuery], of least: Int, _ description: String, _ boost: Double) -> Explanation? {
    let explained = parts.compactMap { explain($0, boost: boost) }
    return explained.count >= least ? Explanation(description, sumOf: explained) : nil
  }

  /// The matcher, when it finds the document.
  private func find(_ query: EngineQuery, boost: Double? = nil) -> Matcher? {
    let matcher = work.matcher(query, reader, boost: boost)
    if matcher.document < document { matcher.advance(to: document) }
    return matcher.document == document ? matcher : nil
  }

  private func words(_ query: EngineQuery, _ boost: Double) -> Explanation? {
    guard let matcher = find(query, boost: boost) as? WordMatcher, let weight = matcher.weight else { return nil }
    var factors = idfs(query)
    if boost != 1 { factors.append(Explanation("boost", boost)) }
    let times = query.isNear ? "words at which such a stretch begins" : "times in the document"
    return Explanation(
      "\(query.words): weight · frequency / (frequency + norm)", Double(matcher.score()),
      [
        Explanation("weight: \(factors.count > 1 ? "the sum of idf\(boost == 1 ? "" : ", boosted")" : "idf")", Double(weight.idf), factors),
        Explanation("frequency: \(times)", Double(matcher.frequency)),
        Explanation(
          "norm: k1 · (1 − b + b · length / mean length) with k1 = \(BM25.k1), b = \(BM25.b)", Double(weight.norm(document)),
          [
            Explanation("length, rounded as the index keeps it", Double(LengthByte.decode(reader.lengthByte(weight.field, document)))),
            Explanation("mean length", view.meanLength(weight.field)),
          ]),
      ])
  }

  private func idfs(_ query: EngineQuery) -> [Explanation] {
    switch query {
    case .phrase(let field, let terms): return terms.flatMap { idfs(.term(field, $0)) }
    case .near(let parts, _, _):
      return parts.map { part in
        let own = idfs(part)
        return own.count == 1 ? own[0] : Explanation("the sum of idf of \(part.words)", work.idf(part), own)
      }
    default:
      let most = view.keys(query).reduce(0) { max($0, view.documents(with: $1)) }
      let which = if case .variants = query { "the most frequent of " } else { "" }
      return [
        Explanation(
          "idf: ln(1 + (N − n + ½) / (n + ½)) of \(which)\(query.words), in n = \(most) of N = \(view.allDocuments)", work.idf(query))
      ]
    }
  }
}

extension EngineQuery {
  fileprivate var isNear: Bool { if case .near = self { true } else { false } }

  /// Words as a person reads them.
  fileprivate var words: String {
    func text(_ term: [UInt8]) -> String { String(decoding: term, as: UTF8.self) }
    switch self {
    case .term(let field, let term): return "\(field) \(text(term))"
    case .phrase(let field, let terms): return "\(field) \"\(terms.map(text).joined(separator: " "))\""
    case .variants(let field, let variants):
      let shown = variants.prefix(5).map { text($0.term) }.joined(separator: ", ")
      return "\(field) any of \(variants.count) words (\(shown)\(variants.count > 5 ? ", …" : ""))"
    case .near(let parts, let gap, let isOrdered):
      return "\(parts.map(\.words).joined(separator: isOrdered ? ", then " : " and ")) with at most \(gap) others between them"
    default: return ""
    }
  }
}
