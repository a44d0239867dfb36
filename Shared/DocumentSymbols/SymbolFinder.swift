/// Symbols in running text.
extension Symbol {
  /// A place of a text where one symbol or a double one stands.
  public struct Found: Sendable, Hashable {
    /// UTF-8 bytes of the text.
    public var range: Range<Int>
    /// `A/74/565–S/2019/908` is two.
    public var symbols: [Symbol]
  }

  /// Every symbol of a known series in a text, in order; what was written stays in the text. Linear in its length.
  public static func find(in text: some Collection<UInt8>) -> [Found] {
    var finder = SymbolFinder(bytes: Array(text))
    return finder.all()
  }

  /// The symbol, or double one, that begins at this place of a text.
  package static func find(at start: Int, in text: [UInt8]) -> Found? { SymbolFinder(bytes: text).beginning(at: start) }
}

private struct SymbolFinder {
  let bytes: [UInt8]

  mutating func all() -> [Symbol.Found] {
    var found: [Symbol.Found] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index].isUpper, index == 0 || !isWord(bytes[index - 1]) else {
        index += 1
        continue
      }
      if let next = symbol(at: index) {
        found.append(next)
        index = next.range.upperBound
      } else {
        index = series(at: index).upperBound + 1
      }
    }
    return found
  }

  func beginning(at start: Int) -> Symbol.Found? {
    guard bytes[start].isUpper, start == 0 || !isWord(bytes[start - 1]) else { return nil }
    return symbol(at: start)
  }

  /// Letters and digits, the marks within a symbol, and letters of other scripts.
  private func isWord(_ byte: UInt8) -> Bool {
    byte.isLetter || byte.isDigit || byte == 0x2f || byte == 0x5f || byte == 0x2e || byte == 0x40
  }

  /// Symbols that dashes join at most; papers have two.
  private static let mostTogether = 8

  private func series(at start: Int) -> Range<Int> {
    var end = start
    while end < bytes.count, end - start <= 16, bytes[end].isUpper || bytes[end].isDigit || bytes[end] == 0x2d { end += 1 }
    return start..<end
  }

  private func opensSymbol(at start: Int) -> Bool {
    let series = series(at: start)
    guard !series.isEmpty, series.upperBound + 1 < bytes.count, bytes[series.upperBound] == 0x2f else { return false }
    let next = bytes[series.upperBound + 1]
    return (next.isUpper || next.isDigit) && Series.isKnown(bytes[series].text)
  }

  private func symbol(at start: Int) -> Symbol.Found? {
    guard opensSymbol(at: start) else { return nil }
    var symbols: [Symbol] = []
    var range = start..<start
    var begin = start
    while symbols.count < Self.mostTogether, opensSymbol(at: begin), let (symbol, end) = single(at: begin) {
      if !symbols.contains(symbol) { symbols.append(symbol) }
      range = start..<end
      guard let next = afterDash(end), next < bytes.count, bytes[next].isUpper else { break }
      begin = next
    }
    return symbols.isEmpty ? nil : Symbol.Found(range: range, symbols: symbols)
  }

  /// The place after a hyphen or dash.
  private func afterDash(_ index: Int) -> Int? {
    if index < bytes.count, bytes[index] == 0x2d { return index + 1 }
    return dashLength(index).map { index + $0 }
  }

  /// U+2010 to U+2015.
  private func dashLength(_ index: Int) -> Int? {
    guard index + 2 < bytes.count, bytes[index] == 0xe2, bytes[index + 1] == 0x80, (0x90...0x95).contains(bytes[index + 2]) else {
      return nil
    }
    return 3
  }

  /// One symbol from its first letter on, without the marks of the sentence that follow it.
  private func single(at start: Int) -> (Symbol, end: Int)? {
    var text: [UInt8] = []
    var ends: [Int] = []  // where each byte of the text ends in the source
    var index = start
    var depth = 0
    while index < bytes.count, text.count < Symbol.maximumLength {
      let byte = bytes[index]
      if byte == 0x2d || dashLength(index) != nil {
        let length = byte == 0x2d ? 1 : 3
        let after = index + length
        // A second symbol begins after a dash; the number of a special session, or a body's name, goes on.
        // "SR.1–28" is the first of a range.
        guard after < bytes.count, bytes[after].isDigit && text.last?.isDigit != true || bytes[after].isUpper,
          !(text.last?.isDigit == true && opensSymbol(at: after))
        else { break }
        text.append(0x2d)
        index = after
      } else if byte.isLetter || byte.isDigit || byte == 0x2f || byte == 0x2e || byte == 0x2a {
        text.append(byte)
        index += 1
      } else if byte == 0x28, text.last != 0x2f, depth == 0 {
        depth = 1
        text.append(byte)
        index += 1
      } else if byte == 0x29, depth == 1 {
        depth = 0
        text.append(byte)
        index += 1
      } else {
        break
      }
      ends.append(index)
    }
    // "A/79/1)." and "A/79/1 (see …": the sentence's marks are not the symbol's.
    if depth > 0, let open = text.lastIndex(of: 0x28) {
      text.removeSubrange(open...)
      ends.removeSubrange(open...)
    }
    while let last = text.last, last == 0x2e || last == 0x2f || last == 0x2d || last == 0x2a {
      text.removeLast()
      ends.removeLast()
    }
    guard var end = ends.last else { return nil }
    appendClosing(&text, &end)
    appendModifier(&text, &end)
    mendModifier(&text, &end)
    guard !isMisread(text), let symbol = SymbolReader.canonical(text[...]), hasSerial(symbol),
      SymbolReader.readsAsItself(symbol, from: text[...])
    else { return nil }
    return (symbol, end)
  }

  /// "A/5/80" names no paper, and neither does "HIV/AIDS": what comes last is a number, or has one.
  private func hasSerial(_ symbol: Symbol) -> Bool {
    // "A/RES/62/243" and "A/80/L.1", as most end.
    let text = Array(symbol.text.utf8)
    let start = text.lastIndex(of: 0x2f) ?? 0
    let last = text[(start + 1)...]
    if last.contains(where: { $0.isDigit }), last.allSatisfy({ $0.isDigit || $0.isLetter || $0 == 0x2e }),
      Modifier.Kind(word: Array(last)) == nil
    {
      return true
    }
    switch symbol.base.components.last {
    case .serial: return true
    case .nature(_, let number?): return number.utf8.contains(where: \.isDigit)
    case .body(let word, let number): return word.utf8.contains(where: \.isDigit) || number?.utf8.contains(where: \.isDigit) == true
    default: return false
    }
  }

  /// "/Corr.2" after a parenthesis.
  private func appendModifier(_ text: inout [UInt8], _ end: inout Int) {
    guard text.last == 0x29, end < bytes.count, bytes[end] == 0x2f else { return }
    let word = bytes[(end + 1)...].prefix(6).prefix { $0.isLetter || $0 == 0x2e }
    let number = bytes[word.endIndex...].prefix(4).prefix(while: \.isDigit)
    guard ["Add.", "Corr.", "Rev."].contains(word.text), !number.isEmpty else { return }
    text += bytes[end..<number.endIndex]
    end = number.endIndex
  }

  /// "Add. 1", and what scanners make of it: "Add. l", "Add.I".
  private func mendModifier(_ text: inout [UInt8], _ end: inout Int) {
    let word = text[(text.lastIndex(of: 0x2f) ?? text.endIndex)...]
    let names: [StaticString] = ["/Add", "/Corr", "/Rev"]
    guard let name = names.first(where: { word.begins(with: $0) }) else { return }
    let rest = word.dropFirst(name.utf8CodeUnitCount)
    func isOne(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "l") || byte == UInt8(ascii: "I") }
    if rest.count == 2, rest.first == 0x2e, rest.last.map(isOne) == true {
      text[text.count - 1] = UInt8(ascii: "1")
    } else if rest.isEmpty, end + 2 < bytes.count, bytes[end] == 0x2e, bytes[end + 1] == 0x20 {
      let number = bytes[(end + 2)...].prefix(4).prefix(while: \.isDigit)
      let isMisread = number.isEmpty && isOne(bytes[end + 2])
      let after = isMisread ? end + 3 : number.endIndex
      guard isMisread || !number.isEmpty, after == bytes.count || !bytes[after].isLetter && !bytes[after].isDigit else { return }
      text.append(0x2e)
      text += isMisread ? [UInt8(ascii: "1")] : Array(number)
      end = after
    }
  }

  /// What a scanner made of a symbol: "A/670l", "A/33J278". No symbol has letters within a number or small ones behind it.
  private func isMisread(_ text: [UInt8]) -> Bool {
    for index in text.indices.dropFirst() where text[index].isLetter && text[index - 1].isDigit {
      if !text[index].isUpper { return true }
      let start = text[..<index].lastIndex { !$0.isDigit }.map { $0 + 1 } ?? 0
      if start > 0, text[start - 1] == 0x2f, index + 1 < text.count, text[index + 1].isDigit { return true }
    }
    return false
  }

  /// " (1993)", " (XXX)", " (Resumption 1)", " (Part II)", " (Vol. I)" and " B" of a resolution belong to the symbol.
  private func appendClosing(_ text: inout [UInt8], _ end: inout Int) {
    if end + 2 < bytes.count, bytes[end] == 0x20, bytes[end + 1].isUpper, text.last?.isDigit == true, text.starts(with: "A/RES/".utf8) {
      let after = bytes[end + 2]
      let word = bytes[(end + 2)...].prefix(5)
      if !after.isLetter, !after.isDigit,
        after != 0x20 || word.begins(with: " and ") || word.begins(with: " to ") || word.begins(with: " of ")
      {
        text += [0x20, bytes[end + 1]]
        end += 2
      }
    }
    guard end + 2 < bytes.count, bytes[end] == 0x20, bytes[end + 1] == 0x28 else { return }
    let inside = bytes[(end + 2)...].prefix(24).prefix { $0 != 0x29 }
    guard inside.endIndex < bytes.count, bytes[inside.endIndex] == 0x29 else { return }
    let words = inside.split(separator: 0x20)
    let isPair = words.count == 4 && words[0].elementsEqual("Parts".utf8) && words[2].elementsEqual("and".utf8)
    let isYear = inside.count == 4 && inside.decimal.map { (1946...2199).contains($0) } == true
    let isNamed =
      words.count == 2 && ["resumption", "part", "vol."].contains(words[0].text.lowercased()) && (words[1].decimal ?? words[1].roman) != nil
    guard isYear || inside.roman != nil || isNamed || isPair else { return }
    text += bytes[end...inside.endIndex]
    end = inside.endIndex + 1
  }
}
