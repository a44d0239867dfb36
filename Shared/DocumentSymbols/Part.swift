/// What stands between two slashes of a symbol, in canonical spelling: "L.5", "263 B", "822" with "(1993)".
struct Part {
  private static let dot = UInt8(ascii: ".")

  var main: [UInt8]
  /// What the parentheses behind it hold.
  var closings: [[UInt8]]
  var isModifier: Bool

  /// What `next` adds to a resolution's number: "B", or "to" and "D" after "A"; nil when it is a part of its own.
  func letters(from next: Part) -> [UInt8]? {
    guard closings.isEmpty, let first = main.first, first.isDigit else { return nil }
    let isLetter = next.main.count == 1 && next.main[0].isUpper
    let isLettered = main.count > 2 && main[main.count - 2] == 0x20
    if isLetter, main.decimal != nil || main.reversed().starts(with: "ot ".utf8) { return [0x20] + next.main }
    return isLettered && next.main.elementsEqual("TO".utf8) ? Array(" to".utf8) : nil
  }

  static func isOfResolutions(_ parts: [Part]) -> Bool {
    parts.dropFirst().contains { $0.main.elementsEqual("RES".utf8) || $0.main.elementsEqual("DEC".utf8) }
  }

  /// nil when the text has no place in a symbol.
  init?(_ raw: ArraySlice<UInt8>, after parts: [Part]) {
    var rest = raw.trimmed
    while rest.last == UInt8(ascii: "*") { rest = rest.dropLast().trimmed }
    closings = []
    while rest.last == UInt8(ascii: ")"), let open = rest.lastIndex(of: UInt8(ascii: "(")) {
      guard let inside = Self.parenthesis(rest[(open + 1)...].dropLast().trimmed) else { return nil }
      closings.insert(inside, at: 0)
      rest = rest[..<open].trimmed
      while rest.last == UInt8(ascii: "*") { rest = rest.dropLast().trimmed }
    }
    guard let word = Self.word(rest, after: parts), word.count <= 64, !word.isEmpty || !closings.isEmpty else { return nil }
    main = word
    isModifier = Modifier.Kind(word: word) != nil
  }

  // MARK: The word

  /// Words that a number follows after a dot: "L5" and "L 5" are "L.5".
  private static let dotted: Set<String> = [
    "AC", "ADD", "AMEND", "C", "CN", "CONF", "CORR", "CRP", "INF", "L", "NGO", "PV", "R", "REV", "SC", "SR", "SUB", "WG", "WP",
  ]
  /// Words that are not in capitals, those of the second list only before a dot: A/RES/62/243, but UNEP/EA.5/Res.1.
  private static let mixedCase = ["ADD": "Add", "AMEND": "Amend", "CORR": "Corr", "REV": "Rev", "SUB": "Sub", "SUMMARY": "Summary"]
  private static let mixedCaseBeforeDot = ["RES": "Res", "DEC": "Dec"]

  private static func word(_ text: ArraySlice<UInt8>, after parts: [Part]) -> [UInt8]? {
    if text.allSatisfy(\.isDigit) { return Array(text) }
    if let lettered = lettered(text, after: parts) { return lettered }
    var joined: [UInt8] = []
    for piece in text.split(separator: 0x20) {
      // Spaces are slips of the hand after a dot ("L. 5"), and instead of one ("Rev 1").
      if !joined.isEmpty, joined.last != dot, piece.first != dot {
        guard piece.decimal != nil, dotted.contains(joined[...].text) else { return nil }
        joined.append(dot)
      }
      joined += piece.map(\.uppercased)
    }
    guard joined.last != dot, joined.first != dot, joined.allSatisfy(isAllowed), isBalanced(joined) else { return nil }
    let letters = joined.prefix { $0.isUpper }
    if letters.count < joined.count, joined[letters.count].isDigit, parts.count > 0, dotted.contains(letters.text),
      joined.dropFirst(letters.count).decimal != nil
    {
      joined.insert(dot, at: letters.count)
    }
    let hasDot = letters.count < joined.count && joined[letters.count] == dot
    let mixed = mixedCase[letters.text] ?? (hasDot ? mixedCaseBeforeDot[letters.text] : nil)
    guard let mixed, letters.count == joined.count || hasDot, !parts.isEmpty else { return joined }
    return Array(mixed.utf8) + joined.dropFirst(letters.count)
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    byte.isDigit || byte.isUpper || byte == dot || byte == PlainText.hyphen || byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")")
  }

  /// "Rec(2022)11" has its parenthesis in the middle.
  private static func isBalanced(_ text: [UInt8]) -> Bool {
    var depth = 0
    for byte in text {
      depth += byte == UInt8(ascii: "(") ? 1 : byte == UInt8(ascii: ")") ? -1 : 0
      if depth < 0 || depth > 1 { return false }
    }
    return depth == 0
  }

  /// A resolution's number and letters: "263 B", "263B", "16 A to D", "75A-L"; nil for anything else.
  private static func lettered(_ text: ArraySlice<UInt8>, after parts: [Part]) -> [UInt8]? {
    let number = text.prefix { $0.isDigit }
    let rest = text[number.endIndex...]
    guard !number.isEmpty, !rest.isEmpty, isOfResolutions(parts) else { return nil }
    var words: [ArraySlice<UInt8>] = []
    for word in rest.split(separator: 0x20) {
      // "A-L", "A–L"
      let halves = word.split(separator: PlainText.hyphen, omittingEmptySubsequences: false)
      if halves.count == 2 {
        words += [halves[0], Array("TO".utf8)[...], halves[1]].filter { !$0.isEmpty }
      } else {
        words.append(word)
      }
    }
    guard words.count == 1 || words.count == 3, words[0].count == 1, words[0].allSatisfy(\.isLetter) else { return nil }
    var result = number + [0x20, words[0].first!.uppercased]  // one byte, as was just seen
    if words.count == 3 {
      guard words[1].count == 2, words[1].begins(with: "to"), words[2].count == 1, let last = words[2].first, last.isLetter else {
        return nil
      }
      result += Array(" to ".utf8) + [last.uppercased]
    }
    return Array(result)
  }

  // MARK: The parentheses

  /// A year, a Roman session, "Resumption 1", "Part I", "Vol. II": words with a capital, numerals in capitals.
  private static func parenthesis(_ inside: ArraySlice<UInt8>) -> [UInt8]? {
    guard !inside.isEmpty, inside.count <= 48 else { return nil }
    var spaced: [UInt8] = []
    for byte in inside {
      guard byte.isDigit || byte.isLetter || byte == 0x20 || byte == dot || byte == PlainText.hyphen else { return nil }
      // "RESUMPTION1", "Vol.II"
      if let last = spaced.last, last == dot && byte != 0x20 || last.isLetter && byte.isDigit && spaced.count > 3 { spaced.append(0x20) }
      spaced.append(byte)
    }
    let words = spaced.split(separator: 0x20)
    guard !words.isEmpty, words.count <= 6 else { return nil }
    return Array(
      words.map { word -> [UInt8] in
        let upper = word.map(\.uppercased)
        // "XXX", "S-VI"
        let numeral = upper.contains(PlainText.hyphen) || upper.allSatisfy { "IVXLCDM".utf8.contains($0) || $0.isDigit }
        if word.elementsEqual("and".utf8) { return Array(word) }
        return numeral || upper.count < 3 ? upper : [upper[0]] + word.dropFirst().map { $0.isLetter ? $0 | 0x20 : $0 }
      }.joined(separator: [0x20]))
  }

  /// - Parameter isInner: whether a part that is no modifier follows: TD/B/C.3(VI)/MISC.1, but S/PV.3745 (Resumption 1)/Corr.1.
  func append(to bytes: inout [UInt8], isInner: Bool) {
    bytes += main
    for closing in closings {
      // WP(XXXV) is a body of a session; 822 (1993) a number of a year.
      let isApart = !isInner && (main.last?.isDigit == true || main.contains(0x20) || main.last == UInt8(ascii: ")"))
      if isApart { bytes.append(0x20) }
      bytes += [UInt8(ascii: "(")] + closing + [UInt8(ascii: ")")]
    }
  }
}
