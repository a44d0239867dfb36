import Analysis
import Documents
import Engine
import QueryLanguage

/// What a query must ask to find documents again as `DocumentIndexing` put them in the index: the two are one contract.
extension EngineQuery {
  /// Reads a person's query. Throws `QueryError` for one that cannot be meant, and for a kind or language that does not exist.
  /// - Parameters:
  ///   - languages: those whose stems are to be found, of `languages(of:)`.
  ///   - feedback: of a thorough search; any of the query's plain words will do then, however few they are, and what the best documents have in common is
  ///     looked for too.
  public init(reading text: String, languages: [String] = Self.languages, thorough feedback: Feedback? = nil) throws(QueryError) {
    let query = try Query(text, wordsThatMustAllBeThere: feedback == nil ? QueryLimits.wordsThatMustAllBeThere : 0)
    var translation = QueryTranslation(text: text, languages: languages, feedback: query.hasOneDescription ? feedback : nil)
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

private struct QueryTranslation: ~Copyable {
  /// The query as typed, for the places of errors.
  let text: String
  private let analyzer = Analyzer()
  private var words: WordTranslation

  init(text: String, languages: [String], feedback: Feedback?) {
    self.text = text
    words = WordTranslation(languages: languages, feedback: feedback)
  }

  /// Nil for what says nothing: a word of punctuation only, which neither finds nor hinders.
  mutating func translate(_ query: Query) throws(QueryError) -> EngineQuery? {
    switch query {
    case .all: return .all
    case .term(let word): return words.word(word)
    case .phrase(let words): return row(.body, words, isPrefix: false)
    case .prefix(let stem): return row(.body, stem, isPrefix: true)
    case .some(let parts): return words.description(parts)
    case .field(let field, let value, let isPrefix): return try translate(field, value, isPrefix)
    case .dates(let from, let to):
      let (first, last) = (from.map(Self.packed), to.map(Self.packed))
      return .or([.number(.date, from: first, to: last), .number(.dated, from: first, to: last)])
    case .years(let from, let to): return .number(.year, from: from.map { Int64($0) }, to: to.map { Int64($0) })
    case .and(let parts):
      let pairs = words.pairs(in: parts)
      return join(try translate(parts)) { pairs.isEmpty ? .and($0) : .ranked(.and($0), also: pairs) }
    case .or(let parts): return join(try translate(parts)) { .or($0) }
    case .not(let part): return try translate(part).map { .not($0) }
    case .boost(let part, let weight): return try translate(part).map { .boost($0, weight) }
    }
  }

  private mutating func translate(_ parts: [Query]) throws(QueryError) -> [EngineQuery] {
    var translated: [EngineQuery] = []
    for part in parts { if let part = try translate(part) { translated.append(part) } }
    return translated
  }

  private func join(_ parts: [EngineQuery], _ operation: ([EngineQuery]) -> EngineQuery) -> EngineQuery? {
    parts.isEmpty ? nil : parts.count == 1 ? parts[0] : operation(parts)
  }

  private static func packed(_ day: Day) -> Int64 { Int64(day.year * 10_000 + day.month * 100 + day.day) }

  // MARK: Words

  /// The words of `written` in a row. With `isPrefix` the last one only begins so, and then it need not directly follow the others: the index has no
  /// rows with an open end.
  private func row(_ field: TextField, _ written: String, isPrefix: Bool) -> EngineQuery? {
    let words = analyzer.words(written)
    guard let last = words.last else { return nil }
    // In "A/74/*" the last word is whole.
    let isOpen = isPrefix && last.token.start + last.token.length == written.utf8.count
    let whole = words.dropLast(isOpen ? 1 : 0).map(\.term)
    var parts: [EngineQuery] = whole.isEmpty ? [] : whole.count == 1 ? [.term(field, whole[0])] : [.phrase(field, whole)]
    if isOpen { parts.append(.prefix(field, last.term)) }
    return join(parts) { .and($0) }
  }

  // MARK: Fields

  private func translate(_ field: Field, _ value: String, _ isPrefix: Bool) throws(QueryError) -> EngineQuery {
    switch field {
    case .symbol: return isPrefix ? .keyword(.symbol, Self.symbolPrefix(value), isPrefix: true) : EngineQuery(symbol: value)
    case .organ: return row(.organ, value, isPrefix: isPrefix) ?? .none
    case .title: return row(.title, value, isPrefix: isPrefix) ?? .none
    case .sender: return row(.sender, value, isPrefix: isPrefix) ?? .none
    case .addressee: return row(.addressee, value, isPrefix: isPrefix) ?? .none
    case .signatory: return row(.signatory, value, isPrefix: isPrefix) ?? .none
    case .sponsor: return row(.sponsor, value, isPrefix: isPrefix) ?? .none
    case .session: return session(value, isPrefix)
    case .item: return item(value, isPrefix)
    case .kind: return try kind(value, isPrefix)
    case .language: return try language(value, isPrefix)
    case .distribution: return .keyword(.distribution, value.lowercased(), isPrefix: isPrefix)
    // The parser reads these two into ranges.
    case .date, .year: return .none
    }
  }

  /// How the canonical symbols begin that `written` is the beginning of.
  private static func symbolPrefix(_ written: String) -> String {
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
    return row(.session, value, isPrefix: isPrefix) ?? .none
  }

  /// "34" is the item and all its sub-items, "25 (b)" that sub-item; words are those of the item's title.
  private func item(_ value: String, _ isPrefix: Bool) -> EngineQuery {
    guard let number = Self.itemNumber(value) else { return row(.item, value, isPrefix: isPrefix) ?? .none }
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

  /// The error that a field has a value which does not exist, with its place in the query.
  private func unknown(_ field: Field, _ value: String, _ message: String, hint: String) -> QueryError {
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
