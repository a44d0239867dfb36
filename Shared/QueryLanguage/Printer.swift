extension Query: CustomStringConvertible {
  /// The query as text that reads back as the same query.
  public var description: String { text(inside: false) }

  private func text(inside: Bool) -> String {
    switch self {
    case .all: ""
    case .term(let word): word
    case .phrase(let words): "\"\(words)\""
    case .prefix(let stem): "\(stem)*"
    case .pattern(let word): word
    case .fuzzy(let word, let edits): "\(word)~\(edits.map(String.init) ?? "")"
    case .loosePhrase(let words, let others): "\"\(words)\"~\(others)"
    case .near(let parts, let words, let isOrdered): Self.join(parts, " \(isOrdered ? "PRE" : "NEAR")/\(words) ", inside)
    case .inField(let field, let query): "\(field.rawValue):\(query.text(inside: true))"
    case .atLeast(let count, let parts): "\(count) OF (\(parts.map { $0.text(inside: true) }.joined(separator: " ")))"
    case .field(let field, let value, let isPrefix): isPrefix ? "\(field.rawValue):\(value)*" : "\(field.rawValue):\"\(value)\""
    case .dates(let from, let to): "date:\(from?.description ?? "")..\(to?.description ?? "")"
    case .years(let from, let to): "year:\(from.map(String.init) ?? "")..\(to.map(String.init) ?? "")"
    case .and(let parts): Self.join(parts, " AND ", inside)
    case .or(let parts): Self.join(parts, " OR ", inside)
    case .not(let query): "NOT \(query.text(inside: true))"
    case .boost(let query, let weight): "\(query.isClosed ? query.text(inside: true) : "(\(query.text(inside: false)))")^\(weight)"
    }
  }

  /// Whether what follows its text belongs to all of it.
  private var isClosed: Bool {
    switch self {
    case .not, .boost: false
    default: true
    }
  }

  private static func join(_ parts: [Query], _ operation: String, _ inside: Bool) -> String {
    let text = parts.map { $0.text(inside: true) }.joined(separator: operation)
    return inside ? "(\(text))" : text
  }
}
