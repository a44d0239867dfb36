import Analysis
import Engine
import QueryLanguage

/// How plain words are looked for: by their stems, whatever the language of the documents, and ranked higher where they stand side by side.
struct WordTranslation: ~Copyable {
  /// How much a pair of words side by side adds, in the scores of its words: 0.10 of the sequential dependence model beside 0.85 for single words (Metzler and
  /// Croft, "A Markov Random Field Model for Term Dependencies", 2005), which are its authors' values and not fitted to any collection here.
  static let pairWeight = 0.10 / 0.85
  /// So many words of a description have pairs.
  private static let pairedWords = 32

  private let languages: [String]
  private let feedback: Feedback?
  private let analyzer = Analyzer()
  private var stemmer = Stemmer()

  init(languages: [String], feedback: Feedback?) {
    self.languages = languages
    self.feedback = feedback
  }

  /// A plain word, in all its inflections; one that falls into several ("cease-fire", "A/74/565") is a row of them. Ideographs are looked for as rows of pairs.
  /// Nil for one without letters and digits.
  mutating func word(_ written: String) -> EngineQuery? {
    let words = analyzer.words(written)
    guard let first = words.first else { return nil }
    guard words.contains(where: { Analyzer.isIdeograph($0.term) }) else {
      if words.count == 1 { return alternatives(stems(first.term).map { .term(.stems, $0) }) }
      let rows = languages.map { language in words.map { stem($0.term, language) } }
      return alternatives(rows.map { .phrase(.stems, $0) })
    }
    if words.count == 1 { return .term(.body, first.term) }
    // Between an ideograph and another word, stems leave out a place.
    let isRun = zip(words, words.dropFirst()).allSatisfy { $0.token.start + $0.token.length == $1.token.start }
    guard isRun, words.allSatisfy({ Analyzer.isIdeograph($0.term) }) else { return .phrase(.body, words.map(\.term)) }
    let pairs = zip(words, words.dropFirst()).map { $0.term + $1.term }
    return pairs.count == 1 ? .term(.stems, pairs[0]) : .phrase(.stems, pairs)
  }

  /// Any of the words of a description, and what feedback adds. Function words are left out when there are others.
  mutating func description(_ parts: [Query]) -> EngineQuery? {
    let words = content(parts)
    guard !words.isEmpty else { return nil }
    var single: [(stems: [[UInt8]], weight: Double)] = []
    var others: [EngineQuery] = []
    for word in words {
      guard let term = word.term else {
        if let row = self.word(word.written) { others.append(weighted(row, word.weight)) }
        continue
      }
      let stems = stems(term)
      if let known = single.firstIndex(where: { $0.stems == stems }) {
        single[known].weight += word.weight
      } else {
        single.append((stems, word.weight))
      }
    }
    let pairs = pairs(words.map(\.term))
    if let feedback, !feedback.isEmpty { add(feedback, &single) }
    let queries = single.map { word in weighted(alternatives(word.stems.map { .term(.stems, $0) }), word.weight) } + others
    let any: EngineQuery = queries.count == 1 ? queries[0] : .or(queries)
    return pairs.isEmpty ? any : .ranked(any, also: pairs)
  }

  /// Adds the terms of feedback, those of the query weighing 1 at the most.
  private func add(_ feedback: Feedback, _ single: inout [(stems: [[UInt8]], weight: Double)]) {
    let most = single.map(\.weight).max() ?? 1
    for index in single.indices { single[index].weight /= most }
    for (stem, weight) in feedback.terms {
      if let known = single.firstIndex(where: { $0.stems == [stem] }) {
        single[known].weight += weight
      } else {
        single.append(([stem], weight))
      }
    }
  }

  /// What raises the scores of documents in which words that stand side by side in the query do so too.
  mutating func pairs(in parts: [Query]) -> [EngineQuery] {
    pairs(
      parts.map { part in
        guard case .term(let written) = part else { return nil }
        let words = analyzer.words(written)
        return words.count == 1 ? words[0].term : nil
      })
  }

  /// - Parameter words: nil for what has no pair with its neighbours.
  private mutating func pairs(_ words: [[UInt8]?]) -> [EngineQuery] {
    let words = words.prefix(Self.pairedWords)
    var pairs: [EngineQuery] = []
    for case (let first?, let second?) in zip(words, words.dropFirst()) {
      guard !Analyzer.isIdeograph(first), !Analyzer.isIdeograph(second) else { continue }
      for language in languages {
        let row = [stem(first, language), stem(second, language)]
        let pair = EngineQuery.boost(.phrase(.stems, row), Self.pairWeight)
        if row[0] != row[1], !pairs.contains(pair) { pairs.append(pair) }
      }
    }
    return pairs
  }

  // MARK: Parts

  /// A word of a description; without a term when it is looked for as a row.
  private struct Word {
    let written: String
    let term: [UInt8]?
    let weight: Double
  }

  /// The words of a description that say something of its subject. One with a hyphen is several; one with a digit is a symbol or a number, and stays whole.
  private func content(_ parts: [Query]) -> [Word] {
    var words: [Word] = []
    for part in parts {
      var (part, weight) = (part, 1.0)
      while case .boost(let inner, let own) = part { (part, weight) = (inner, weight * own) }
      guard case .term(let written) = part else { continue }
      let terms = analyzer.words(written).map(\.term)
      let isWhole = terms.contains { term in Analyzer.isIdeograph(term) || term.contains { (0x30...0x39).contains($0) } }
      if isWhole, terms.count > 1 || terms.contains(where: { Analyzer.isIdeograph($0) }) {
        words.append(Word(written: written, term: nil, weight: weight))
      } else {
        words += terms.map { Word(written: written, term: $0, weight: weight) }
      }
    }
    guard let language = FunctionWords.language(of: words.compactMap(\.term)) else { return words }
    let content = words.filter { word in word.term.map { !FunctionWords.contains($0, language) } ?? true }
    return content.isEmpty ? words : content
  }

  private mutating func stems(_ word: [UInt8]) -> [[UInt8]] { stemmer.stems(of: word, languages: languages) }

  private mutating func stem(_ word: [UInt8], _ language: String) -> [UInt8] { stemmer.stems(of: word, languages: [language])[0] }

  private func alternatives(_ queries: [EngineQuery]) -> EngineQuery {
    var distinct: [EngineQuery] = []
    for query in queries where !distinct.contains(query) { distinct.append(query) }
    return distinct.count == 1 ? distinct[0] : .or(distinct)
  }

  private func weighted(_ query: EngineQuery, _ weight: Double) -> EngineQuery { weight == 1 ? query : .boost(query, weight) }
}
