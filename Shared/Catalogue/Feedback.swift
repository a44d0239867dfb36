import Analysis
import Documents
import Engine
import QueryLanguage

/// What the best documents of a first search have in common and a thorough search looks for too (pseudo-relevance feedback): the Bo1 model of divergence from
/// randomness with Terrier's defaults of 3 documents and a weight of 0.4 (Amati 2003; docs/decisions/0018).
public struct Feedback: Sendable, Hashable {
  /// The documents that are looked at.
  public static let documents = 3
  /// As many hits are asked for, so that of documents with equal scores those with the lowest ids are taken, wherever segments part them.
  public static let candidates = 16
  /// The terms that are added.
  public static let terms = 40
  /// The weight of the most telling one, where a word of the query has 1.
  public static let weight = 0.4
  /// The words of a document that are looked at.
  private static let words = 20_000

  /// Stems and their weights, the most telling first.
  let terms: [(stem: [UInt8], weight: Double)]

  var isEmpty: Bool { terms.isEmpty }

  /// None: what the first search asks.
  public init() { terms = [] }

  /// - Parameter best: the first `documents` of the first search's hits, the highest score first, then the lowest id.
  public init(_ best: [Document], in view: IndexView, terms limit: Int = Self.terms, weight: Double = Self.weight) {
    var counts: [[UInt8]: Int] = [:]
    for document in best { Self.count(document, &counts) }
    let told = counts.map { (stem: $0.key, value: view.divergence(of: $0.key, in: .stems, frequency: $0.value)) }.sorted {
      $0.value != $1.value ? $0.value > $1.value : $0.stem.lexicographicallyPrecedes($1.stem)
    }
    let most = told.first?.value ?? 0
    terms = most > 0 ? told.prefix(limit).filter { $0.value > 0 }.map { ($0.stem, weight * $0.value / most) } : []
  }

  /// Which hits are the best: the highest score first, then the lowest id.
  public static func best(_ hits: [EngineHit], _ count: Int = documents) -> ArraySlice<EngineHit> {
    hits.sorted { $0.score != $1.score ? $0.score > $1.score : $0.id.lexicographicallyPrecedes($1.id) }.prefix(count)
  }

  /// Counts the stems of the text; function words and numbers tell nothing of its subject.
  private static func count(_ document: Document, _ counts: inout [[UInt8]: Int]) {
    var left = words
    var stemmer = Stemmer()
    let language = document.language ?? ""
    let analyzer = Analyzer(language: language)
    let list = language.isEmpty ? "en" : language
    for text in document.subjectTexts where left > 0 {
      analyzer.forEachStem(in: Array(text.utf8).span, &stemmer) { stem, token in
        left -= 1
        let term: [UInt8] = stem.bytes
        guard left >= 0, let first = term.first, !(0x30...0x39).contains(first) else { return }
        counts[term, default: 0] += 1
      }
    }
    for word in FunctionWords.words(list) { for stem in stemmer.stems(of: word, languages: [language]) { counts[stem] = nil } }
  }

  public static func == (left: Feedback, right: Feedback) -> Bool {
    left.terms.elementsEqual(right.terms) { $0.stem == $1.stem && $0.weight == $1.weight }
  }
  public func hash(into hasher: inout Hasher) { for term in terms { hasher.combine(term.stem) } }
}

extension Document {
  /// What tells of the paper's subject.
  fileprivate var subjectTexts: [String] {
    ([title].compactMap { $0 } + titles + items.compactMap(\.title) + paragraphs.map(\.text))
  }
}

extension Query {
  /// Whether it is one description of a subject, perhaps with conditions: what feedback can add to.
  var hasOneDescription: Bool {
    switch self {
    case .some: true
    case .and(let parts): parts.count { if case .some = $0 { true } else { false } } == 1
    default: false
    }
  }
}
