import Analysis
import Documents
import Engine
import QueryLanguage

/// What a query must ask to find documents again as `DocumentIndexing` put them in the index: the two are one contract.
extension EngineQuery {
  /// Reads a person's query. Throws `QueryError` for one that cannot be meant, and for a kind or language that does not exist.
  /// - Parameters:
  ///   - languages: those whose stems are to be found, of `languages(of:)`.
  ///   - citations: what the papers of `Query.citingPapers` cite, by how they are written. One that is not here cites nothing.
  ///   - feedback: of a thorough search; any of the query's plain words will do then, however few they are, and what the best documents have in common is
  ///     looked for too.
  public init(
    reading text: String, languages: [String] = Self.languages, citations: [String: [Symbol]] = [:], thorough feedback: Feedback? = nil
  ) throws(QueryError) {
    let query = try Query(text, wordsThatMustAllBeThere: feedback == nil ? QueryLimits.wordsThatMustAllBeThere : 0)
    var translation = QueryTranslation(
      text: text, languages: languages, citations: citations, feedback: query.hasOneDescription ? feedback : nil)
    // A query of nothing but punctuation says nothing that a document could answer.
    self = try translation.translate(query) ?? .none
  }

  /// The languages whose Latin words have stems of their own; empty stands for all others, which have English ones.
  public static let languages = ["", "fr", "es"]

  /// Those of `languages` that documents of a view have: stems of others need not be looked for.
  public static func languages(of view: IndexView) -> [String] {
    let counts = view.values(.language).filter { languages.contains($0.key) }
    return languages.filter { $0.isEmpty ? counts.values.reduce(0, +) < view.allDocuments : counts[$0] != nil }
  }

  /// Documents that one of the symbols in `written` names: as typed, from a file name or an address; several as in "A/74/565–S/2019/908". What is
  /// no symbol is looked for in upper case as it is.
  public init(symbol written: String) {
    let symbols = Symbol.list(written).map(\.text)
    let values = symbols.isEmpty ? [written.uppercased()] : symbols
    let queries = values.map { EngineQuery.keyword(.symbol, $0, isPrefix: false) }
    self = queries.count == 1 ? queries[0] : .or(queries)
  }
}

struct QueryTranslation: ~Copyable {
  /// The query as typed, for the places of errors.
  let text: String
  let citations: [String: [Symbol]]
  let analyzer = Analyzer()
  var plain: WordTranslation

  init(text: String, languages: [String], citations: [String: [Symbol]], feedback: Feedback?) {
    self.text = text
    self.citations = citations
    plain = WordTranslation(languages: languages, feedback: feedback)
  }

  /// Nil for what says nothing: a word of punctuation only, which neither finds nor hinders.
  mutating func translate(_ query: Query) throws(QueryError) -> EngineQuery? {
    switch query {
    case .all: return .all
    case .term(let word): return named(word, plain.word(word), orOrgan: true)
    case .phrase(let written): return named(written, words(.body, written), orOrgan: true)
    case .some(let parts): return named(query.onlyWords, plain.description(parts), orOrgan: false)
    case .prefix(let stem): return pattern(.body, stem + "*")
    case .pattern(let word): return pattern(.body, word)
    case .fuzzy(let word, let edits): return try fuzzy(.body, word, edits)
    case .loosePhrase(let text, let others):
      let terms = analyzer.terms(text)
      return others == 0 || terms.count < 2 ? words(.body, text) : .near(terms.map { .term(.body, $0) }, gap: others, isOrdered: false)
    case .near(let parts, let words, let isOrdered):
      // Within five words means that four others stand between.
      var operands: [EngineQuery] = []
      for part in parts { if let operand = try near(part) { operands.append(operand) } }
      return join(operands) { .near($0, gap: words - 1, isOrdered: isOrdered) }
    case .inField(let field, let query): return try translate(field, query)
    case .field(let field, let value, let isPrefix): return try translate(field, value, isPrefix)
    case .dates(let from, let to):
      let (first, last) = (from.map(Self.packed), to.map(Self.packed))
      return .or([.number(.date, from: first, to: last), .number(.dated, from: first, to: last)])
    case .years(let from, let to): return .number(.year, from: from.map { Int64($0) }, to: to.map { Int64($0) })
    case .mentioned(let first, let last):
      // The parser has seen to it that they are few.
      return join((Day.parts(first, last) ?? []).map { .keyword(.mentioned, $0, isPrefix: false) }) { .or($0) }
    case .and(let parts):
      let pairs = plain.pairs(in: parts)
      return join(try all(parts)) { pairs.isEmpty ? .and($0) : .ranked(.and($0), also: pairs) }
    case .or(let parts): return join(try translate(parts)) { .or($0) }
    case .atLeast(let least, let parts):
      let parts = try translate(parts)
      return join(parts) { .atLeast(min(least, $0.count), $0) }
    case .not(let part): return try translate(part).map { .not($0) }
    case .boost(let part, let weight): return try translate(part).map { .boost($0, weight) }
    }
  }

  private mutating func translate(_ parts: [Query]) throws(QueryError) -> [EngineQuery] {
    var translated: [EngineQuery] = []
    for part in parts { if let part = try translate(part) { translated.append(part) } }
    return translated
  }

  func join(_ parts: [EngineQuery], _ operation: ([EngineQuery]) -> EngineQuery) -> EngineQuery? {
    parts.isEmpty ? nil : parts.count == 1 ? parts[0] : operation(parts)
  }

  private static func packed(_ day: Day) -> Int64 { Int64(day.year * 10_000 + day.month * 100 + day.day) }

  // MARK: Words

  /// The words of `written` in a row.
  func words(_ field: TextField, _ written: String) -> EngineQuery? {
    let terms = analyzer.terms(written)
    return terms.isEmpty ? nil : terms.count == 1 ? .term(field, terms[0]) : .phrase(field, terms)
  }

  func words(_ field: TextField, _ written: String, isPrefix: Bool) -> EngineQuery? {
    isPrefix ? pattern(field, written + "*") : words(field, written)
  }

  /// The words of `written` in a row, any of which may hold `?` and `*`; a `?` at the end is a question mark. In "A/74/*" the last word is whole.
  private func pattern(_ field: TextField, _ written: String) -> EngineQuery? {
    func isWild(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "*") || byte == UInt8(ascii: "?") }
    var bytes = Array(written.utf8)
    while bytes.last == UInt8(ascii: "?") { bytes.removeLast() }
    var patterns: [[UInt8]] = []
    var end = 0
    for word in analyzer.words(String(decoding: bytes, as: UTF8.self)) {
      let between = bytes[end..<word.token.start]
      let before = between.prefix(while: isWild)
      if let last = patterns.indices.last { patterns[last] += before }
      if !before.isEmpty, before.count == between.count, let last = patterns.indices.last {
        patterns[last] += word.term
      } else {
        patterns.append(between.reversed().prefix(while: isWild).reversed() + word.term)
      }
      end = word.token.start + word.token.length
    }
    guard let last = patterns.indices.last else { return nil }
    patterns[last] += bytes[end...].prefix(while: isWild)
    if !patterns.contains(where: { $0.contains(where: isWild) }) {
      return patterns.count == 1 ? .term(field, patterns[0]) : .phrase(field, patterns)
    }
    let parts = patterns.map { pattern -> EngineQuery in
      switch pattern.firstIndex(where: isWild) {
      case nil: .term(field, pattern)
      case pattern.count - 1 where pattern.last == UInt8(ascii: "*"): .prefix(field, pattern.dropLast())
      default: .wildcard(field, pattern)
      }
    }
    return join(parts) { .near($0, gap: 0, isOrdered: true) }
  }

  /// Words like `written`; of up to five letters one edit away, of more two, unless it is said how many.
  private func fuzzy(_ field: TextField, _ written: String, _ edits: Int?) throws(QueryError) -> EngineQuery? {
    let terms = analyzer.terms(written)
    guard let term = terms.first else { return nil }
    guard terms.count == 1 else {
      throw fault(written, "~ stands behind one word, and \(written) is several", hint: "write it behind each: azerbaijn~ armenai~")
    }
    let letters = String(decoding: term, as: UTF8.self).unicodeScalars.count
    return .fuzzy(field, term, edits: edits ?? (letters < 6 ? 1 : 2))
  }

  /// What stands near something else, words as they are written; nil for what says nothing.
  private mutating func near(_ query: Query) throws(QueryError) -> EngineQuery? {
    guard let translated = try exact(query) else { return nil }
    switch translated {
    case .near:
      throw fault(query.description, "\(query) is several words, and only one may have * or ? near others", hint: "leave out the * or ?")
    case .or(let parts) where parts.contains(where: { if case .phrase = $0 { true } else { $0.isNear } }):
      throw fault(
        query.description, "words with OR near others are single words", hint: "write each phrase as a search of its own, joined by OR")
    default: return translated
    }
  }

  private mutating func exact(_ query: Query) throws(QueryError) -> EngineQuery? {
    switch query {
    case .term(let word), .phrase(let word): return words(.body, word)
    case .or(let parts):
      var alternatives: [EngineQuery] = []
      for part in parts { if let part = try exact(part) { alternatives.append(part) } }
      return join(alternatives) { .or($0) }
    default: return try translate(query)
    }
  }

  private func translate(_ field: Field, _ query: Query) throws(QueryError) -> EngineQuery {
    let target: TextField? =
      switch field {
      case .organ: .organ
      case .session: .session
      case .item: .item
      case .sender: .sender
      case .addressee: .addressee
      case .signatory: .signatory
      case .title: .title
      case .sponsor: .sponsor
      case .symbol, .kind, .language, .distribution, .date, .year, .cites, .citedby, .mentions: nil
      }
    guard let target else { return .none }
    switch query {
    case .pattern(let word): return pattern(target, word) ?? .none
    case .fuzzy(let word, let edits): return try fuzzy(target, word, edits) ?? .none
    default: return .none
    }
  }

  // MARK: Fields

  private func translate(_ field: Field, _ value: String, _ isPrefix: Bool) throws(QueryError) -> EngineQuery {
    switch field {
    case .symbol: return isPrefix ? .keyword(.symbol, Self.symbolPrefix(value), isPrefix: true) : EngineQuery(symbol: value)
    case .organ: return organ(value, isPrefix: isPrefix)
    case .title: return words(.title, value, isPrefix: isPrefix) ?? .none
    case .sender: return party(.sender, .senderState, value, isPrefix)
    case .addressee: return party(.addressee, .addresseeState, value, isPrefix)
    case .signatory: return words(.signatory, value, isPrefix: isPrefix) ?? .none
    case .sponsor: return party(.sponsor, .sponsorState, value, isPrefix)
    case .session: return session(value, isPrefix)
    case .item: return item(value, isPrefix)
    case .kind: return try kind(value, isPrefix)
    case .language: return try language(value, isPrefix)
    case .distribution: return .keyword(.distribution, value.lowercased(), isPrefix: isPrefix)
    case .cites: return cites(value, isPrefix)
    case .citedby: return try citedBy(value)
    case .mentions: return try mentions(value, isPrefix)
    // The parser reads these two into ranges.
    case .date, .year: return .none
    }
  }

  /// How the canonical symbols begin that `written` is the beginning of.
  static func symbolPrefix(_ written: String) -> String {
    let joints: Set<Character> = ["/", ".", "-", "_"]
    var whole = Substring(written)
    while let last = whole.last, joints.contains(last) { whole.removeLast() }
    let rest = written[whole.endIndex...].replacing("_", with: "/")
    return (Symbol(whole)?.text ?? whole.uppercased()) + rest
  }

  /// A number, "74" or "74th", is that of the session; words are those printed.
  private func session(_ value: String, _ isPrefix: Bool) -> EngineQuery {
    let begins = value.utf8.first.map { (0x30...0x39).contains($0) } ?? false
    if begins, let number = Int(value) ?? Ordinal.value(value) { return .keyword(.session, String(number), isPrefix: isPrefix) }
    return words(.session, value, isPrefix: isPrefix) ?? .none
  }

  /// "34" is the item and all its sub-items, "25 (b)" that sub-item; words are those of the item's title.
  private func item(_ value: String, _ isPrefix: Bool) -> EngineQuery {
    guard let number = Self.itemNumber(value) else { return words(.item, value, isPrefix: isPrefix) ?? .none }
    if isPrefix { return .keyword(.item, number, isPrefix: true) }
    if number.hasSuffix(")") { return .keyword(.item, number, isPrefix: false) }
    return .or([.keyword(.item, number, isPrefix: false), .keyword(.item, number + " (", isPrefix: true)])
  }

  /// "25(b)", "25 (B)" → "25 (b)"; nil when `value` is no item's number.
  private static func itemNumber(_ value: String) -> String? {
    let compact = value.filter { !$0.isWhitespace }.lowercased()
    let digits = compact.prefix { $0.isASCII && $0.isNumber }
    guard (1...4).contains(digits.utf8.count), let number = Int(digits) else { return nil }
    var canonical = String(number)
    var rest = compact[digits.endIndex...]
    while !rest.isEmpty {
      guard rest.first == "(", let close = rest.firstIndex(of: ")") else { return nil }
      let inside = rest[rest.index(after: rest.startIndex)..<close]
      guard !inside.isEmpty, inside.allSatisfy({ $0.isLetter || $0.isNumber }) else { return nil }
      canonical += " (\(inside))"
      rest = rest[rest.index(after: close)...]
    }
    return canonical
  }

  private func kind(_ value: String, _ isPrefix: Bool) throws(QueryError) -> EngineQuery {
    let wanted = value.lowercased().replacing("-", with: " ").replacing("_", with: " ")
    let kinds = DocumentKind.allCases.map(\.rawValue).filter { isPrefix ? $0.lowercased().hasPrefix(wanted) : $0.lowercased() == wanted }
    if let query = join(kinds.map { .keyword(.kind, $0, isPrefix: false) }, { .or($0) }) { return query }
    throw unknown(
      .kind, value, "there is no kind \(value); kinds are \(DocumentKind.allCases.map(\.rawValue).joined(separator: ", "))",
      hint: "write one of these, in \" when it has several words: kind:\"note verbale\"")
  }

  private static let languages = ["arabic": "ar", "chinese": "zh", "english": "en", "french": "fr", "russian": "ru", "spanish": "es"]

  private func language(_ value: String, _ isPrefix: Bool) throws(QueryError) -> EngineQuery {
    let wanted = value.lowercased()
    let isCode = wanted.utf8.allSatisfy { (0x61...0x7a).contains($0) } && (isPrefix ? wanted.utf8.count < 2 : wanted.utf8.count == 2)
    var queries = isCode ? [EngineQuery.keyword(.language, wanted, isPrefix: isPrefix)] : []
    let named = Self.languages.filter { isPrefix ? $0.key.hasPrefix(wanted) || $0.value == wanted : $0.key == wanted }
    queries += named.values.sorted().map { .keyword(.language, $0, isPrefix: false) }
    if let query = join(queries, { .or($0) }) { return query }
    throw unknown(
      .language, value, "\(value) is no language's code", hint: "write the two letters of ISO 639-1, language:fr, or language:French")
  }

  /// An error in a part of the query, which is found by how it is written.
  private func fault(_ written: String, _ message: String, hint: String) -> QueryError {
    let (whole, wanted) = (Array(text.utf8), Array(written.utf8))
    let place = whole.indices.first { whole[$0...].starts(with: wanted) }
    return QueryError(position: place ?? 0, length: place == nil ? whole.count : wanted.count, message: message, hint: hint)
  }

  /// The error that a field has a value which does not exist, with its place in the query.
  func unknown(_ field: Field, _ value: String, _ message: String, hint: String) -> QueryError {
    let (whole, name, wanted) = (Array(text.utf8), Array("\(field.rawValue):".utf8), Array(value.utf8))
    let place = whole.indices.first { start in
      guard whole[start...].prefix(name.count).elementsEqual(name, by: { $0 | 0x20 == $1 | 0x20 }) else { return false }
      let after = whole[start...].dropFirst(name.count)
      return after.starts(with: wanted) || after.first == UInt8(ascii: "\"") && after.dropFirst().starts(with: wanted)
    }
    let start = place.map { $0 + name.count } ?? 0
    let quotes = start < whole.count && whole[start] == UInt8(ascii: "\"") ? 2 : 0
    return QueryError(position: start, length: wanted.count + quotes, message: message, hint: hint)
  }
}

extension EngineQuery {
  fileprivate var isNear: Bool { if case .near = self { true } else { false } }
}
