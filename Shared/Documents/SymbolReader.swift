/// Turns what people write into canonical symbols. The full grammar of series, bodies and modifiers has its place here.
enum SymbolReader {
  static func symbols(_ written: some StringProtocol) -> [Symbol] {
    guard written.utf8.count <= Symbol.maximumWrittenLength, written.utf8.contains(where: { isSeparator($0) || $0 == 0x25 }) else {
      return []
    }
    guard var text = percentDecoded(written) else { return [] }
    if let start = text.firstRange(of: "://") ?? addressStart(text) {
      guard let path = address(text[start.upperBound...]) else { return [] }
      text = path
    }
    text = withoutFileSuffix(text)
    var symbols: [Symbol] = []
    for piece in pieces(of: text) {
      guard let symbol = canonical(piece), readsAsItself(symbol) else { return [] }
      if !symbols.contains(symbol) { symbols.append(symbol) }
    }
    return symbols
  }

  /// What would be read as something else again is no symbol: "S/1/COR-ES" is the Spanish file of "S/1/COR".
  private static func readsAsItself(_ symbol: Symbol) -> Bool {
    withoutFileSuffix(symbol.text) == symbol.text && pieces(of: symbol.text) == [symbol.text] && canonical(symbol.text) == symbol
  }

  private static func isSeparator(_ byte: UInt8) -> Bool { byte == 0x2f || byte == 0x5f || byte == 0x2d }

  // MARK: Addresses and file names

  private static func percentDecoded(_ text: some StringProtocol) -> String? {
    guard text.utf8.contains(0x25) else { return String(text) }
    var bytes: [UInt8] = []
    var source = text.utf8.makeIterator()
    while let byte = source.next() {
      guard byte == 0x25 else {
        bytes.append(byte)
        continue
      }
      guard let high = source.next().flatMap(hexadecimal), let low = source.next().flatMap(hexadecimal) else { return nil }
      bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  private static let hosts = ["undocs.org", "www.undocs.org", "docs.un.org", "daccess-ods.un.org", "www.un.org"]

  /// An address may be pasted without its scheme: "undocs.org/en/A/74/565".
  private static func addressStart(_ text: String) -> Range<String.Index>? {
    let start = text.lowercased()
    return hosts.contains { start.hasPrefix($0 + "/") } ? text.startIndex..<text.startIndex : nil
  }

  /// The symbol text of an address after its scheme, nil when the host is not one that serves documents by symbol.
  private static func address(_ text: Substring) -> String? {
    guard let slash = text.firstIndex(of: "/"), hosts.contains(text[..<slash].lowercased()) else { return nil }
    let rest = text[text.index(after: slash)...].prefix { $0 != "#" }
    if let query = rest.firstIndex(of: "?") {
      for pair in rest[rest.index(after: query)...].split(separator: "&") {
        let halves = pair.split(separator: "=", maxSplits: 1)
        if halves.count == 2, ["finalsymbol", "symbol", "ds"].contains(halves[0].lowercased()) { return String(halves[1]) }
      }
    }
    var path = rest.prefix { $0 != "?" }
    while path.hasSuffix("/") { path = path.dropLast() }
    for language in ["en", "fr", "es", "ru", "ar", "zh"] where path.lowercased().hasPrefix(language + "/") { path = path.dropFirst(3) }
    return String(path)
  }

  private static func withoutFileSuffix(_ text: String) -> String {
    var text = Substring(text)
    for suffix in [".pdf", ".txt", ".docx", ".doc", ".html", ".htm"] where text.lowercased().hasSuffix(suffix) {
      text = text.dropLast(suffix.utf8.count)
    }
    for language in ["en", "fr", "es", "ru", "ar", "zh"]
    where text.lowercased().hasSuffix("-" + language) || text.lowercased().hasSuffix("_" + language) {
      return String(text.dropLast(3))
    }
    return String(text)
  }

  // MARK: Several symbols in one text

  private static func pieces(of text: String) -> [String] {
    var text = text
    for dash in ["–", "—", "‐", "‑", "−"] where text.contains(dash) { text.replace(dash, with: dash == "–" || dash == "—" ? "\n" : "-") }
    for joint in [" and ", ",", ";", " - "] where text.contains(joint) { text.replace(joint, with: "\n") }
    return text.split(whereSeparator: \.isNewline).flatMap { split(hyphenated: slashed(String($0))) }.filter { !$0.isEmpty }
  }

  /// Underscores as slashes, but as spaces before and within a parenthesis: file names have neither.
  private static func slashed(_ text: String) -> String {
    guard text.contains("_") else { return text }
    var result = ""
    var depth = 0
    for character in text {
      if character == "(" {
        if result.last == "/" { result.removeLast() }
        depth += 1
      } else if character == ")" {
        depth -= 1
      }
      result.append(character != "_" ? character : depth > 0 ? " " : "/")
    }
    return result
  }

  /// `A/74/565-S/2019/908` and `A-52-447-S-1997-775` at the hyphen before the second organ.
  private static func split(hyphenated text: String) -> [String] {
    guard text.contains("-") else { return [text] }
    let parts = text.contains("/") ? [Substring(text)] : text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 1 else { return split(organs: joinedSpecialSessions(parts)) }
    var pieces: [String] = []
    var start = text.startIndex
    var index = text.startIndex
    while let hyphen = text[index...].firstIndex(of: "-") {
      let after = text.index(after: hyphen)
      let series = text[after...].prefix { $0.isASCII && $0.isLetter }
      // ES-10 and S-32 are special sessions: digits follow those hyphens, not an organ and a slash.
      if !series.isEmpty, text[series.endIndex...].hasPrefix("/"), text[..<hyphen].contains("/") {
        pieces.append(String(text[start..<hyphen]))
        start = after
      }
      index = after
    }
    return pieces + [String(text[start...])]
  }

  /// `["A", "RES", "ES", "10", "24"]` → `["A", "RES", "ES-10", "24"]`.
  private static func joinedSpecialSessions(_ parts: [Substring]) -> [String] {
    var joined: [String] = []
    for part in parts {
      if let last = joined.last, joined.count > 1, last.uppercased() == "ES", Int(part) != nil {
        joined[joined.count - 1] = last + "-" + part
      } else {
        joined.append(String(part))
      }
    }
    return joined
  }

  private static func split(organs parts: [String]) -> [String] {
    var pieces: [String] = []
    var current: [String] = []
    for (index, part) in parts.enumerated() {
      let year = index + 1 < parts.count ? Int(parts[index + 1]) : nil
      if current.count > 2, ["S", "E"].contains(part.uppercased()), let year, (1946...2199).contains(year) {
        pieces.append(current.joined(separator: "/"))
        current = []
      }
      // S-RES-2164-(2014): the parenthesis belongs to the part before it.
      if part.hasPrefix("("), !current.isEmpty { current[current.count - 1] += " " + part } else { current.append(part) }
    }
    return pieces + [current.joined(separator: "/")]
  }

  // MARK: One symbol

  private static func canonical(_ text: String) -> Symbol? {
    var body = trimmed(Substring(text))
    while body.hasSuffix("*") { body = trimmed(body.dropLast()) }
    guard body.utf8.count <= Symbol.maximumLength, body.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    var parts: [String] = []
    for raw in slashParts(body) {
      guard let part = canonical(part: trimmed(raw), after: parts), parts.count < Symbol.maximumParts else { return nil }
      // A_RES_77_263_B: a lone letter after a resolution's number is its letter, not a part.
      if part.utf8.count == 1, let letter = part.utf8.first, (0x41...0x5a).contains(letter), parts.count >= 3, parts[1] == "RES",
        parts[parts.count - 1].utf8.allSatisfy({ (0x30...0x39).contains($0) })
      {
        parts[parts.count - 1] += " " + part
      } else {
        parts.append(part)
      }
    }
    guard parts.count >= 2, let series = parts.first, series.utf8.count <= 12,
      series.utf8.first.map({ (0x41...0x5a).contains($0) }) == true,
      series.utf8.allSatisfy({ (0x41...0x5a).contains($0) || (0x30...0x39).contains($0) }),
      parts.dropFirst().contains(where: { $0.utf8.contains { (0x30...0x39).contains($0) } })
    else { return nil }
    let text = parts.joined(separator: "/")
    return Symbol(canonical: text)
  }

  /// The parts between slashes outside parentheses; a leading or closing slash of a path adds none.
  private static func slashParts(_ text: Substring) -> [Substring] {
    var text = text
    while text.hasPrefix("/") { text = text.dropFirst() }
    while text.hasSuffix("/") { text = text.dropLast() }
    return text.split(separator: "/", omittingEmptySubsequences: false)
  }

  private static let mixedCase = ["ADD": "Add", "AMEND": "Amend", "CORR": "Corr", "REV": "Rev", "SUB": "Sub", "SUMMARY": "Summary"]

  private static func canonical(part: Substring, after parts: [String]) -> String? {
    guard !part.isEmpty, part.utf8.count <= 64 else { return nil }
    var main = part
    var closing = ""
    if part.hasSuffix(")"), let open = part.lastIndex(of: "("), open > part.startIndex {
      main = trimmed(part[..<open])
      let inside = trimmed(part[part.index(after: open)...].dropLast())
      guard let first = main.utf8.last, let words = parenthesis(inside) else { return nil }
      // WP(XXXV) is a body of a session; 822 (1993) a number of a year.
      let attached = !isDigit(first) && part.utf8.count > 2 && !main.contains(" ")
      closing = attached ? "(\(words))" : " (\(words))"
    }
    let pieces = main.split(separator: " ")
    guard !pieces.isEmpty, pieces.count <= 4, main.utf8.last != 0x2e else { return nil }
    // Inner spaces stand in a resolution's letters only ("263 B", "31 A to D"); elsewhere they are slips of the hand ("L. 5").
    let lettered =
      pieces.count > 1 && pieces[0].utf8.allSatisfy(isDigit)
      && pieces.dropFirst().allSatisfy { $0.utf8.count == 1 && isLetter($0.utf8.first) || $0 == "to" }
    guard lettered || pieces.count == 1 || pieces.dropLast().allSatisfy({ $0.hasSuffix(".") }) || parts.isEmpty else { return nil }
    guard main.utf8.allSatisfy({ isDigit($0) || isLetter($0) || $0 == 0x2e || $0 == 0x2d || $0 == 0x20 || $0 == 0x28 || $0 == 0x29 }) else {
      return nil
    }
    if lettered { return pieces.map { $0 == "to" ? "to" : $0.uppercased() }.joined(separator: " ") + closing }
    let upper = pieces.joined().uppercased()
    let word = String(upper.prefix { $0 != "." })
    guard let mixed = mixedCase[word] else { return upper + closing }
    return mixed + String(upper.dropFirst(word.utf8.count)) + closing
  }

  /// A year, a Roman session, "Resumption 1", "Part I", "Vol. II": words with a capital, numerals in capitals.
  private static func parenthesis(_ inside: Substring) -> String? {
    let words = inside.split(separator: " ")
    guard !words.isEmpty, words.count <= 6,
      inside.utf8.allSatisfy({ isDigit($0) || isLetter($0) || $0 == 0x20 || $0 == 0x2e || $0 == 0x2d })
    else {
      return nil
    }
    return words.map { word in
      let upper = word.uppercased()
      let roman = upper.utf8.allSatisfy { "IVXLCDM".utf8.contains($0) || isDigit($0) || $0 == 0x2d }
      return roman ? upper : String(upper.prefix(1)) + String(word.lowercased().dropFirst())
    }.joined(separator: " ")
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  private static func isLetter(_ byte: UInt8?) -> Bool { byte.map { (0x41...0x5a).contains($0 & 0xdf) } ?? false }
  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first?.isWhitespace == true { text = text.dropFirst() }
    while text.last?.isWhitespace == true { text = text.dropLast() }
    return text
  }
}
