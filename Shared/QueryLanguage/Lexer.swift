/// The pieces of a query.
struct Token: Equatable {
  enum Kind: Equatable {
    case word(String)
    case quoted(String)
    /// `name:` directly before its value.
    case field(String)
    case and, or, not, minus, open, close, end
    /// `NEAR/5` or, in order, `PRE/5`: the number.
    case near(String, isOrdered: Bool)
    /// `^2` directly behind a word, a phrase or a parenthesis; without the `^`.
    case weight(String)
    /// `~` or `~2` in the same places; without the `~`.
    case tilde(String)
  }
  let kind: Kind
  /// UTF-8 bytes of the query.
  let position: Int
  let length: Int
}

/// Cuts a query into tokens. Bytes that no rule names belong to words.
struct Lexer {
  private let bytes: [UInt8]
  private var position = 0
  /// True directly after `name:`, where an operator's word is a plain value.
  private var wantsValue = false
  /// Where a weight or tilde may stand: directly behind what it belongs to.
  private var suffix = -1

  init(_ text: String) { bytes = Array(text.utf8) }

  mutating func next() throws(QueryError) -> Token {
    if !wantsValue { skipSpace() }
    guard position < bytes.count, !(wantsValue && isSpace(bytes[position])) else { return Token(kind: .end, position: position, length: 0) }
    if position == suffix, endsInSuffixes(position, nil), let end = suffixEnd(position) {
      let start = position
      (position, suffix) = (end, end)
      let number = text(start + 1..<end)
      return Token(kind: bytes[start] == UInt8(ascii: "^") ? .weight(number) : .tilde(number), position: start, length: end - start)
    }
    switch bytes[position] {
    case UInt8(ascii: "("): return single(.open)
    case UInt8(ascii: ")"):
      suffix = position + 1
      return single(.close)
    case UInt8(ascii: "\""): return try quoted()
    case UInt8(ascii: "-") where !wantsValue && position + 1 < bytes.count && !isSpace(bytes[position + 1]): return single(.minus)
    default: return word()
    }
  }

  private mutating func single(_ kind: Token.Kind) -> Token {
    position += 1
    wantsValue = false
    return Token(kind: kind, position: position - 1, length: 1)
  }

  private mutating func quoted() throws(QueryError) -> Token {
    let start = position
    guard let end = bytes[(start + 1)...].firstIndex(of: UInt8(ascii: "\"")) else {
      throw QueryError(position: start, length: 1, message: "this quotation mark is never closed", hint: "add a \" at the phrase's end")
    }
    position = end + 1
    suffix = position
    wantsValue = false
    return Token(kind: .quoted(text(start + 1..<end)), position: start, length: end + 1 - start)
  }

  private mutating func word() -> Token {
    let start = position
    while position < bytes.count, !isSpace(bytes[position]), bytes[position] != UInt8(ascii: "\"") {
      let byte = bytes[position]
      // A closing parenthesis ends a word unless it closes one that the word itself opened: `S/RES/822(1993)` is one word.
      if byte == UInt8(ascii: ")"), !isOpen(start) { break }
      if byte == UInt8(ascii: ":"), !wantsValue, position > start, bytes[start..<position].allSatisfy(isLetter) {
        let name = text(start..<position)
        position += 1
        wantsValue = true
        return Token(kind: .field(name), position: start, length: position - start)
      }
      if position > start, endsInSuffixes(position, start) { break }
      position += 1
    }
    suffix = position
    let token = Token(
      kind: wantsValue ? .word(text(start..<position)) : kind(text(start..<position)), position: start, length: position - start)
    wantsValue = false
    return token
  }

  /// Where the weight or tilde ends that begins at `start`.
  private func suffixEnd(_ start: Int) -> Int? {
    guard start < bytes.count, bytes[start] == UInt8(ascii: "^") || bytes[start] == UInt8(ascii: "~") else { return nil }
    let isWeight = bytes[start] == UInt8(ascii: "^")
    let end = bytes[(start + 1)...].firstIndex { !isDigit($0) && !(isWeight && $0 == UInt8(ascii: ".")) } ?? bytes.count
    return isWeight && end == start + 1 ? nil : end
  }

  /// Whether from `place` on nothing but weights and tildes follows up to a space, a quotation mark, the end, or a parenthesis that closes none of the
  /// word that began at `word`.
  private func endsInSuffixes(_ place: Int, _ word: Int?) -> Bool {
    var end = place
    while let next = suffixEnd(end) { end = next }
    guard end > place else { return false }
    return end == bytes.count || isSpace(bytes[end]) || bytes[end] == UInt8(ascii: "\"")
      || bytes[end] == UInt8(ascii: ")") && word.map { !isOpen($0) } ?? true
  }

  private func isOpen(_ start: Int) -> Bool {
    bytes[start..<position].reduce(0) { $0 + ($1 == UInt8(ascii: "(") ? 1 : $1 == UInt8(ascii: ")") ? -1 : 0) } > 0
  }

  private func kind(_ word: String) -> Token.Kind {
    switch word {
    case "AND": .and
    case "OR": .or
    case "NOT": .not
    default: near(word) ?? .word(word)
    }
  }

  private func near(_ word: String) -> Token.Kind? {
    for (name, isOrdered) in [("NEAR/", false), ("PRE/", true)] where word.hasPrefix(name) {
      let number = word.dropFirst(name.count)
      if !number.isEmpty, number.utf8.allSatisfy(isDigit) { return .near(String(number), isOrdered: isOrdered) }
    }
    return nil
  }

  private mutating func skipSpace() { while position < bytes.count, isSpace(bytes[position]) { position += 1 } }
  private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
  private func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) }
  private func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
