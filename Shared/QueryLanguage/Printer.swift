extension Query: CustomStringConvertible {
  /// The query as text that reads back as the same query.
  public var description: String { text(under: .whole) }

  /// What a part stands in, the loosest first.
  private enum Binding: Int { case whole, or, and, not, near }

  private func text(under binding: Binding) -> String {
    switch self {
    case .all: ""
    case .term(let word): word
    case .phrase(let words): "\"\(words)\""
    case .prefix(let stem): "\(stem)*"
    case .pattern(let word): word
    case .fuzzy(let word, let edits): "\(word)~\(edits.map(String.init) ?? "")"
    case .loosePhrase(let words, let others): "\"\(words)\"~\(others)"
    case .near(let parts, let words, let isOrdered): Self.join(parts, .near, " \(isOrdered ? "PRE" : "NEAR")/\(words) ", under: binding)
    case .inField(let field, let query): "\(field.rawValue):\(query.text(under: .near))"
    case .atLeast(let count, let parts): "\(count) OF \(Self.parenthesised(parts.map { $0.text(under: .near) }.joined(separator: " ")))"
    case .field(let field, let value, let isPrefix): isPrefix ? "\(field.rawValue):\(value)*" : "\(field.rawValue):\"\(value)\""
    case .dates(let from, let to): "date:\(from?.description ?? "")..\(to?.description ?? "")"
    case .years(let from, let to): "year:\(from.map(String.init) ?? "")..\(to.map(String.init) ?? "")"
    case .mentioned(let from, let to): "mentions:\(from)..\(to)"
    case .and(let parts): Self.join(parts, .and, " AND ", under: binding)
    case .or(let parts): Self.join(parts, .or, " OR ", under: binding)
    case .some(let parts): Self.join(parts, .and, " ", under: binding)
    case .not(let query):
      binding == .near ? Self.parenthesised("NOT \(query.text(under: .not))") : "NOT \(query.text(under: .not))"
    case .boost(let query, let weight):
      "\(query.isClosed ? query.text(under: .near) : Self.parenthesised(query.text(under: .whole)))^\(weight)"
    }
  }

  /// Whether what follows its text belongs to all of it.
  private var isClosed: Bool {
    switch self {
    case .not, .boost: false
    default: true
    }
  }

  /// Parentheses stand where they are needed only, since a query may have no more than so many.
  private static func join(_ parts: [Query], _ own: Binding, _ operation: String, under binding: Binding) -> String {
    let text = parts.map { $0.text(under: own) }.joined(separator: operation)
    return binding.rawValue < own.rawValue ? text : parenthesised(text)
  }

  /// A parenthesis directly after a word that has one open would belong to the word; after a lone hyphen it would be negated. Bytes are looked at, as the
  /// lexer does: a parenthesis with an accent is one character.
  private static func parenthesised(_ text: String) -> String {
    text.utf8.contains(UInt8(ascii: "(")) || text.utf8.last == UInt8(ascii: "-") ? "(\(text) )" : "(\(text))"
  }
}
