/// Turns what people write into canonical symbols; docs/SYMBOLS.md has the grammar. Every step is linear in a text of bounded length.
enum SymbolReader {
  private static let slash = UInt8(ascii: "/")
  private static let underscore = UInt8(ascii: "_")
  private static let open = UInt8(ascii: "(")
  private static let close = UInt8(ascii: ")")

  static func symbols(_ written: some StringProtocol) -> [Symbol] {
    guard written.utf8.count <= Symbol.maximumWrittenLength, let ascii = PlainText.ascii(written),
      let text = PlainText.withoutAddress(ascii[...].trimmed)
    else { return [] }
    var symbols: [Symbol] = []
    for piece in pieces(of: PlainText.withoutFileEnding(PlainText.withoutSurroundings(text))) {
      guard let symbol = canonical(piece), readsAsItself(symbol, from: piece) else { return [] }
      if !symbols.contains(symbol) { symbols.append(symbol) }
    }
    return symbols
  }

  /// What would be read as something else again is no symbol: "S/1/COR-ES" is the Spanish file of "S/1/COR".
  /// `written` is what the symbol was read from.
  static func readsAsItself(_ symbol: Symbol, from written: ArraySlice<UInt8>) -> Bool {
    let text = Array(symbol.text.utf8)[...]
    if isPlain(text) { return text == written || canonical(text) == symbol }
    guard let again = PlainText.withoutAddress(text), again == text else { return false }
    let whole = PlainText.withoutFileEnding(PlainText.withoutSurroundings(text))
    return whole == text && pieces(of: whole) == [text] && canonical(text) == symbol
  }

  /// Whether nothing in a canonical symbol could be an address, a file's ending or a second symbol: it has capitals, digits, slashes and dots behind the
  /// first of these, and ends in a digit.
  private static func isPlain(_ text: ArraySlice<UInt8>) -> Bool {
    guard text.last?.isDigit == true else { return false }
    var sawSlash = false
    for byte in text {
      if byte == slash { sawSlash = true }
      guard byte.isUpper || byte.isDigit || byte == slash || byte == UInt8(ascii: ".") && sawSlash else { return false }
    }
    return true
  }

  // MARK: Several symbols in one text

  /// The texts of single symbols: cut at line ends, commas, "and" and dashes outside parentheses, and where a hyphen or an underscore of a file's name
  /// stands before a second organ.
  private static func pieces(of text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start = text.startIndex
    var depth = 0
    var index = text.startIndex
    func cut(_ length: Int) {
      pieces.append(text[start..<index])
      index += length
      start = index
    }
    while index < text.endIndex {
      let byte = text[index]
      depth = max(0, depth + (byte == open ? 1 : byte == close ? -1 : 0))
      if depth > 0 && byte != 0x0a {
        index += 1
      } else if [0x0a, UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "&")].contains(byte) {
        cut(1)
      } else if byte == 0x20, let joint = joints.first(where: { text[index...].begins(with: $0) }) {
        cut(joint.utf8CodeUnitCount)
      } else if byte == PlainText.dash, opensSymbol(text[(index + 1)...]) {
        cut(1)
      } else {
        index += 1
      }
    }
    cut(0)
    return pieces.flatMap { split(hyphenated: slashed(hyphened($0))) }.map(\.trimmed).filter { !$0.isEmpty }
  }

  private static let joints: [StaticString] = [" and ", " et ", " - "]

  /// Whether letters and a separator follow: "S/2019/908", but not the number of "ES–10".
  private static func opensSymbol(_ text: ArraySlice<UInt8>) -> Bool {
    let rest = text.trimmed
    let series = rest.prefix { $0.isLetter }
    guard !series.isEmpty, series.count <= 12, let next = rest.dropFirst(series.count).first else { return false }
    return next == slash || next == underscore || next == PlainText.hyphen || next == 0x20
  }

  private static func hyphened(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    text.contains(PlainText.dash) ? text.map { $0 == PlainText.dash ? PlainText.hyphen : $0 }[...] : text
  }

  /// Underscores as slashes, but as spaces within a parenthesis, after a dot and after another: file names have neither.
  private static func slashed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    guard text.contains(underscore) else { return text }
    var depth = 0
    var before: UInt8 = 0
    let bytes = text.map { byte -> UInt8 in
      depth += byte == open ? 1 : byte == close ? -1 : 0
      defer { before = byte }
      return byte != underscore ? byte : depth > 0 || before == underscore || before == UInt8(ascii: ".") ? 0x20 : slash
    }
    return joined(splitOrgans(bytes[...].split(separator: slash, omittingEmptySubsequences: false)))
  }

  /// Parts of one or several symbols: between symbols a line end that `split(hyphenated:)` cuts at.
  private static func joined(_ symbols: [[ArraySlice<UInt8>]]) -> ArraySlice<UInt8> {
    symbols.map { Array($0.joined(separator: [slash])) }.joined(separator: [0x0a]).map { $0 }[...]
  }

  /// `A/74/565-S/2019/908` and `A-52-447-S-1997-775` at the hyphen before the second organ.
  private static func split(hyphenated text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    if text.contains(0x0a) { return text.split(separator: 0x0a).flatMap { split(hyphenated: $0) } }
    guard text.contains(PlainText.hyphen) else { return [text] }
    guard text.contains(slash) else {
      let parts = withSpecialSessions(text.split(separator: PlainText.hyphen, omittingEmptySubsequences: false))
      return splitOrgans(parts).map { joined([$0]) }
    }
    var pieces: [ArraySlice<UInt8>] = []
    var start = text.startIndex
    var lastPartHasDigit = false
    var sawSlash = false
    for index in text.indices {
      let byte = text[index]
      if byte == slash { (sawSlash, lastPartHasDigit) = (true, false) }
      if byte.isDigit { lastPartHasDigit = true }
      // ES-10 and S-32 are special sessions and COP-MOP a body: what follows is no organ and a slash, or no number stands before.
      guard byte == PlainText.hyphen, sawSlash, lastPartHasDigit else { continue }
      let series = text[(index + 1)...].prefix { $0.isLetter }
      guard !series.isEmpty, series.endIndex < text.endIndex, text[series.endIndex] == slash else { continue }
      pieces.append(text[start..<index])
      (start, sawSlash) = (index + 1, false)
    }
    return pieces + [text[start...]]
  }

  /// `A RES ES 10 24` → `A RES ES-10 24`, and `A S 12 2` → `A S-12 2`.
  private static func withSpecialSessions(_ parts: [ArraySlice<UInt8>]) -> [ArraySlice<UInt8>] {
    var result: [ArraySlice<UInt8>] = []
    for part in parts {
      if result.count > 1, let last = result.last, last.count < 3, last.ends(with: "S"), last.count == 1 || last.begins(with: "ES"),
        let number = part.decimal, number < 100
      {
        result[result.count - 1] = (last + [PlainText.hyphen] + part)[...]
      } else {
        result.append(part)
      }
    }
    return result
  }

  /// The parts of each symbol: a second one begins at S or E before a year or a number that no session has.
  private static func splitOrgans(_ parts: [ArraySlice<UInt8>]) -> [[ArraySlice<UInt8>]] {
    var symbols: [[ArraySlice<UInt8>]] = [[]]
    for (index, part) in parts.enumerated() {
      let number = index + 1 < parts.count ? parts[index + 1].decimal : nil
      if symbols[symbols.count - 1].count > 2, part.count == 1, part.begins(with: "S") || part.begins(with: "E"), let number, number >= 1000
      {
        symbols.append([])
      }
      symbols[symbols.count - 1].append(part)
    }
    return symbols
  }

  // MARK: One symbol

  /// The canonical form of the text of one symbol, nil when it is none.
  static func canonical(_ text: ArraySlice<UInt8>) -> Symbol? {
    guard text.count <= Symbol.maximumLength else { return nil }
    var parts: [Part] = []
    for raw in slashParts(text) {
      guard parts.count < Symbol.maximumParts, var part = Part(raw, after: parts) else { return nil }
      if part.main.isEmpty {
        // S-RES-2164-(2014): the parenthesis belongs to the part before it.
        guard !parts.isEmpty, !part.closings.isEmpty else { return nil }
        parts[parts.count - 1].closings += part.closings
      } else if let letters = parts.last?.letters(from: part), Part.isOfResolutions(parts) {
        // A_RES_77_263_B: a lone letter after a resolution's number is its letter, not a part.
        parts[parts.count - 1].main += letters
        parts[parts.count - 1].closings += part.closings
      } else {
        part.isModifier = parts.count >= 2 && part.isModifier
        parts.append(part)
      }
    }
    guard parts.count >= 2, isSeries(parts[0].main), parts.dropFirst().contains(where: { $0.main.contains(where: \.isDigit) }) else {
      return nil
    }
    // "A/RES/77/263 A/RES/77/264" is two in one.
    guard !parts.indices.contains(where: { parts[$0].main.contains(0x20) && parts[($0 + 1)...].contains { !$0.isModifier } }) else {
      return nil
    }
    addCouncilYear(&parts)
    var bytes: [UInt8] = []
    for (index, part) in parts.enumerated() {
      if index > 0 { bytes.append(slash) }
      part.append(to: &bytes, isInner: parts[(index + 1)...].contains { !$0.isModifier })
    }
    return bytes.count > Symbol.maximumLength ? nil : Symbol(canonical: String(decoding: bytes, as: UTF8.self))
  }

  private static func isSeries(_ word: [UInt8]) -> Bool {
    guard word.count <= 16, word.first?.isUpper == true, let last = word.last else { return false }
    return word.allSatisfy { $0.isUpper || $0.isDigit || $0 == UInt8(ascii: ".") || $0 == PlainText.hyphen }
      && (last.isUpper || last.isDigit)
  }

  /// "S/RES/822" is the same as "S/RES/822 (1993)".
  private static func addCouncilYear(_ parts: inout [Part]) {
    guard parts.count >= 3, parts[0].main.elementsEqual("S".utf8), parts[1].main.elementsEqual("RES".utf8), parts[2].closings.isEmpty,
      let number = parts[2].main.decimal, let year = CouncilYears.year(of: number)
    else { return }
    parts[2].closings = [Array(String(year).utf8)]
  }

  /// The parts between slashes outside parentheses; a leading or closing slash of a path adds none.
  private static func slashParts(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var text = text.trimmed
    while text.first == slash { text = text.dropFirst() }
    while text.last == slash { text = text.dropLast() }
    return text.split(separator: slash, omittingEmptySubsequences: false)
  }
}
