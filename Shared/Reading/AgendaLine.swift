import Documents

/// The grammar of "Agenda items 13 and 75 (a)", "Item 35 of the provisional agenda*", "Point 40 de l’ordre du jour", "Tema 25 b) del programa", "Пункты 31 и 32 повестки дня",
/// "البندان 31 و 32 من جدول الأعمال", "议程项目31和32".
enum AgendaLine {
  static let maximumLength = 400

  /// The text of the numbers, nil when the line names no agenda item.
  static func numbers(_ line: String) -> String? {
    guard line.utf8.count <= maximumLength, let first = line.unicodeScalars.first else { return nil }
    switch first {
    case "A", "a", "I", "i", "P", "p", "T", "t", "S", "s": return latin(line)
    case "П", "п":
      return line.lowercased().contains("повестки") || line.lowercased().contains("перечня")
        ? rest(line, after: ["пункты ", "пункт ", "подпункт "]) : nil
    case "ا": return line.contains("جدول") || line.contains("القائمة") ? rest(line, after: ["البنود ", "البندان ", "البند "]) : nil
    case "议", "临", "暂": return rest(line, after: ["议程项目", "临时议程项目", "临时议程* 项目", "临时议程*项目", "暂定项目表项目", "暂定项目表* 项目"])
    default: return nil
    }
  }

  private static func latin(_ line: String) -> String? {
    if let found = rest(line, after: ["agenda items ", "agenda item ", "agenda items: ", "agenda item: "]) { return found }
    let lower = line.lowercased()
    guard
      ["agenda", "preliminary list", "supplementary list", "ordre du jour", "liste préliminaire", "programa", "lista preliminar"].contains(
        where: { lower.contains($0) })
    else { return nil }
    return rest(line, after: ["items ", "item ", "points ", "point ", "temas ", "tema ", "sub-item ", "subtema "])
  }

  private static func rest(_ line: String, after prefixes: [String]) -> String? {
    let lower = line.lowercased()
    guard let prefix = prefixes.first(where: { lower.hasPrefix($0) }) else { return nil }
    let rest = line.dropFirst(prefix.count).drop { $0 == " " }
    return rest.utf8.first.map(isDigit) == true ? cut(rest) : nil
  }

  /// Without "of the provisional agenda*" and its like.
  private static func cut(_ text: Substring) -> String {
    var end = text.endIndex
    for word in [
      " of the ", " of its ", " de l", " de la ", " del ", " предварительн", " повестки ", " первоначальн", " من ", " (议程", ":", " - ",
    ] {
      if let found = Prose.firstRange(of: word, in: text) { end = min(end, found.lowerBound) }
    }
    return Prose.withoutMarks(text[..<end])
  }

  /// Whether a line continues a list of numbers: it holds nothing but numbers, letters in brackets and joints.
  static func goesOn(_ line: String) -> Bool {
    guard let first = line.utf8.first,
      isDigit(first) || first == 0x28 || Prose.hasPrefix(line, "and ") || line.hasPrefix("et ") || line.hasPrefix("y ")
        || line.hasPrefix("и ")
    else { return false }
    return parse(cut(line[...])).isWhole
  }

  /// "of the provisional agenda*", alone on a line.
  static func isEnding(_ line: String) -> Bool {
    guard line.utf8.count <= 60 else { return false }
    let words = Folded.words(line)
    return [
      "of the provisional agenda", "provisional agenda", "of the preliminary list", "preliminary list", "of the agenda",
      "de l ordre du jour provisoire", "del programa provisional",
    ]
    .contains(words)
  }

  /// "25 (b), (c) and 30" → 25 (b), 25 (c), 30; "25 b) и c)" likewise. A range of letters, "18 (a) to (d)", is written out.
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
      } else if token.hasSuffix(")"), token.count <= 6, !current.isEmpty {
        let next = String(token.dropLast().drop { $0 == "(" })
        if isRange, let low = letter.utf8.first, let high = next.utf8.first, letter.utf8.count == 1, next.utf8.count == 1, low < high {
          numbers += (low + 1..<high).map { "\(current) (\(Character(Unicode.Scalar($0))))" }
        }
        numbers.append("\(current) (\(next))")
        (letter, hasLetters, isRange) = (next, true, false)
      } else if ["to", "–", "à", "a", "al", "إلى", "至"].contains(token) {
        isRange = true
      } else if !["and", "et", "y", "и", "e", "و", "和"].contains(token) {
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
    func end() {
      if !token.isEmpty { tokens.append(token) }
      token = ""
    }
    for character in text.prefix(1024) {
      switch character {
      case " ", ",", ";", "،", "、": end()
      case "(":
        end()
        token = "("
      case "–", "-", "−":
        end()
        tokens.append("–")
      case "和", "至", "و":
        end()
        tokens.append(String(character))
      case ")":
        token.append(character)
        end()
      default:
        // "25b)" and "以及": a letter after digits begins a word of its own.
        if token.last?.isNumber == true, !character.isNumber { end() }
        token.append(character)
      }
    }
    end()
    return tokens
  }
}
