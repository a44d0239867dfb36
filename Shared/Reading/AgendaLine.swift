/// The grammar of "Agenda items 13 and 75 (a)", "Item 35 of the provisional agenda*", "Point 40 de l’ordre du jour".
enum AgendaLine {
  /// The text of the numbers, nil when the line names no agenda item.
  static func numbers(_ line: String) -> String? {
    guard line.utf8.count <= 240 else { return nil }
    for prefix in ["Agenda items ", "Agenda item "] as [StaticString] where Prose.hasPrefix(line, prefix) {
      let rest = line.dropFirst(prefix.utf8CodeUnitCount).drop { $0 == " " }
      return rest.utf8.first.map(isDigit) == true ? cut(rest) : nil
    }
    let lower = line.lowercased()
    for (prefixes, marker) in [
      (["item ", "items "], "agenda"), (["item ", "items "], "preliminary list"), (["point ", "points "], "ordre du jour"),
      (["tema ", "temas "], "programa"), (["пункт ", "пункты "], "повестки дня"),
    ] where lower.contains(marker) {
      guard let prefix = prefixes.first(where: { lower.hasPrefix($0) }) else { continue }
      let rest = line.dropFirst(prefix.count)
      return rest.utf8.first.map(isDigit) == true ? cut(rest) : nil
    }
    return nil
  }

  /// Without "of the provisional agenda*" and its like.
  private static func cut(_ text: Substring) -> String {
    var end = text.endIndex
    for word in [" of the ", " de l", " del ", " предварительной ", " повестки "] {
      if let found = text.firstRange(of: word) { end = min(end, found.lowerBound) }
    }
    return Prose.withoutMarks(text[..<end])
  }

  /// Whether a line continues a list of numbers: it holds nothing but numbers, letters in brackets and joints.
  static func goesOn(_ line: String) -> Bool {
    guard let first = line.utf8.first, isDigit(first) || first == 0x28 || Prose.hasPrefix(line, "and ") else { return false }
    return parse(line).isWhole
  }

  /// "25 (b), (c) and 30" → 25 (b), 25 (c), 30. A range of letters, "18 (a) to (d)", is written out.
  static func parse(_ text: String) -> (numbers: [String], isWhole: Bool) {
    var numbers: [String] = []
    var current = ""
    var letter = ""
    var hasLetters = false
    var isRange = false
    func flush() { if !current.isEmpty, !hasLetters { numbers.append(current) } }
    for token in tokens(text) {
      if isDigits(token[...], 1...3) {
        flush()
        if isRange, let low = Int(current), let high = Int(token), !hasLetters, high > low, high - low < 100 {
          numbers += (low + 1..<high).map(String.init)
        }
        (current, hasLetters, isRange) = (token, false, false)
      } else if token.hasPrefix("("), token.hasSuffix(")"), !current.isEmpty {
        let next = String(token.dropFirst().dropLast())
        if isRange, let low = letter.utf8.first, let high = next.utf8.first, letter.utf8.count == 1, next.utf8.count == 1, low < high {
          numbers += (low + 1..<high).map { "\(current) (\(Character(Unicode.Scalar($0))))" }
        }
        numbers.append("\(current) \(token)")
        (letter, hasLetters, isRange) = (next, true, false)
      } else if token == "to" || token == "–" || token == "à" || token == "a" {
        isRange = true
      } else if token != "and" && token != "et" && token != "y" && token != "и" {
        flush()
        return (numbers, false)
      }
    }
    flush()
    return (numbers, !numbers.isEmpty)
  }

  private static func tokens(_ text: String) -> [String] {
    var tokens: [String] = []
    var token = ""
    func isBoundary(_ character: Character) -> Bool { character == " " || character == "," || character == ";" }
    for character in text.prefix(1024) {
      if isBoundary(character) || character == "(" || character == "–" || character == "-" {
        if !token.isEmpty { tokens.append(token) }
        token = character == "(" ? "(" : ""
        if character == "–" || character == "-" { tokens.append("–") }
      } else {
        token.append(character)
      }
    }
    if !token.isEmpty { tokens.append(token) }
    return tokens
  }
}
