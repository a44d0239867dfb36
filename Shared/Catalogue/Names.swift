import Analysis
import Documents
import Engine
import QueryLanguage

/// States and principal organs by what people call them in six languages.
enum Names {
  /// The code of the one state that a code in capitals, or a name that is the whole text, stands for.
  static func state(_ written: String) -> String? {
    if written.utf8.count == 3, written.utf8.allSatisfy({ (0x41...0x5a).contains($0) }), StateName.name(code: written) != nil {
      return written
    }
    return StateName.find(written).code
  }

  /// The state that words of a search name, as a whole; not one whose name is mostly another word.
  static func state(inSearch words: String) -> String? {
    guard let code = StateName.find(words).code else { return nil }
    return commonWords.contains(Folded.words(words)) ? nil : code
  }

  /// Names of states that are common words or first names of the same language, folded.
  private static let commonWords: Set<String> = ["того", "grenade", "maurice", "mauricio", "dominique", "مالي", "عمان"]

  /// The names in other languages of the organ whose name is the whole text; none for the Secretariat, whose name is a common noun.
  static func otherForms(ofOrgan written: String) -> [String] {
    guard let organ = Organ.name(of: written), organ != Organ.secretariat else { return [] }
    var seen: Set<String> = [Folded.words(written)]
    return Organ.printedNames.filter { $0.name == organ }.map(\.printed).sorted().filter { seen.insert(Folded.words($0)).inserted }
  }
}

/// The same state or organ is found whichever language's form is typed: by its code where documents have it, and by the other forms of its name.
extension QueryTranslation {
  /// `query`, which looks for words that as a whole may name a state, or what has to do with that state. This adds no score: documents in the language of
  /// the words keep their order, and those that have it in another form come after them.
  /// - Parameter orOrgan: whether they may name an organ too.
  mutating func named(_ words: String?, _ query: EngineQuery?, orOrgan: Bool) -> EngineQuery? {
    guard let query, let words else { return query }
    guard let code = Names.state(inSearch: words) else { return orOrgan ? organ(words, query) : query }
    return Self.orState(code, query)
  }

  private static func orState(_ code: String, _ query: EngineQuery) -> EngineQuery {
    either(query, .keyword(.state, code, isPrefix: false))
  }

  private static func either(_ query: EngineQuery, _ other: EngineQuery) -> EngineQuery {
    switch query {
    case .or(let parts): .or(parts + [other])
    case .ranked(let part, let also): .ranked(either(part, other), also: also)
    default: .or([query, other])
    }
  }

  /// `query`, which looks for words that as a whole may name an organ, or its name in another language. Not for plain words side by side: nearly every paper
  /// has those of an organ's name, and to look for other phrases beside them takes a hundred times as long (docs/decisions/0040).
  mutating func organ(_ words: String?, _ query: EngineQuery?) -> EngineQuery? {
    guard let query, let words else { return query }
    var alternatives = [query]
    for name in Names.otherForms(ofOrgan: words) { if let other = plain.word(name) { alternatives.append(other) } }
    return alternatives.count == 1 ? query : .or(alternatives)
  }

  /// What each of `parts` asks, which must all be met. Two or more plain words in a row that name a state are met, each, by what has to do with the state.
  mutating func all(_ parts: [Query]) throws(QueryError) -> [EngineQuery] {
    var translated: [EngineQuery] = []
    var rest = parts[...]
    while !rest.isEmpty {
      let run = rest.prefix { $0.word != nil }
      let words = run.compactMap(\.word)
      if words.count > 1, words.count <= Self.longestName, let code = Names.state(inSearch: words.joined(separator: " ")) {
        for word in words { if let query = plain.word(word) { translated.append(Self.orState(code, query)) } }
      } else {
        for part in run.isEmpty ? rest.prefix(1) : run { if let query = try translate(part) { translated.append(query) } }
      }
      rest = rest.dropFirst(max(1, run.count))
    }
    return translated
  }

  /// Words of the longest name of a state that are looked for.
  private static let longestName = 8

  /// A party's field: the words printed, or the state that the value names in any language.
  func party(_ field: TextField, _ state: KeywordField, _ value: String, _ isPrefix: Bool) -> EngineQuery {
    let query = words(field, value, isPrefix: isPrefix) ?? .none
    guard !isPrefix, let code = Names.state(value) else { return query }
    return Self.either(query, .keyword(state, code, isPrefix: false))
  }

  /// An organ's field: the words printed, or the organ that the value names in another language; documents have its English name.
  func organ(_ value: String, isPrefix: Bool) -> EngineQuery {
    let query = words(.organ, value, isPrefix: isPrefix) ?? .none
    guard !isPrefix, let name = Organ.name(of: value), Folded.words(name) != Folded.words(value) else { return query }
    return Self.either(query, .keyword(.organ, name, isPrefix: false))
  }
}

extension Query {
  /// A plain word without a weight.
  fileprivate var word: String? { if case .term(let word) = self { word } else { nil } }

  /// The plain words of a description; nil when it has weights, or is none.
  var onlyWords: String? {
    guard case .some(let parts) = self else { return nil }
    let words = parts.compactMap(\.word)
    return words.count == parts.count ? words.joined(separator: " ") : nil
  }
}
