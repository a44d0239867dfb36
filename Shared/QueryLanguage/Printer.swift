extension Query: CustomStringConvertible {
  /// The query as text that reads back as the same query.
  public var description: String { text(under: .whole) }

  /// What a part stands in, the loosest first.
  private enum Binding: Int { case whole, or, and, not }

  private func text(under binding: Binding) -> String {
    switch self {
    case .all: ""
    case .term(let word): word
    case .phrase(let words): "\"\(words)\""
    case .prefix(let stem): "\(stem)*"
    case .field(let field, let value, let isPrefix): isPrefix ? "\(field.rawValue):\(value)*" : "\(field.rawValue):\"\(value)\""
    case .dates(let from, let to): "date:\(from?.description ?? "")..\(to?.description ?? "")"
    case .years(let from, let to): "year:\(from.map(String.init) ?? "")..\(to.map(String.init) ?? "")"
    case .and(let parts): Self.join(parts, .and, " AND ", under: binding)
    case .or(let parts): Self.join(parts, .or, " OR ", under: binding)
    case .not(let query): "NOT \(query.text(under: .not))"
    }
  }

  /// Parentheses stand where they are needed only, since a query may have no more than so many.
  private static func join(_ parts: [Query], _ own: Binding, _ operation: String, under binding: Binding) -> String {
    let text = parts.map { $0.text(under: own) }.joined(separator: operation)
    if binding.rawValue < own.rawValue { return text }
    // A parenthesis directly after a word that has one open would belong to the word; after a lone hyphen it would be negated.
    return text.contains("(") || text.hasSuffix("-") ? "(\(text) )" : "(\(text))"
  }
}
