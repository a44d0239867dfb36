/// Small questions about running text.
enum Prose {
  /// Adds a piece to a paragraph: after a space, or directly where a hyphen or dash ends what is there. In place, so that a paragraph of very many
  /// lines takes time in proportion to its length.
  static func append(_ piece: String, to text: inout String) {
    if !text.isEmpty, !endsInHyphen(text) { text += " " }
    text += piece
  }

  /// The same of UTF-8.
  static func append(_ piece: String, to text: inout [UInt8]) {
    if !text.isEmpty, !endsInHyphen(text) { text.append(0x20) }
    text.append(contentsOf: piece.utf8)
  }

  private static func endsInHyphen(_ text: String) -> Bool { text.utf8.last == 0x2d && endsInHyphen(Array(text.utf8.suffix(2))) }

  private static func endsInHyphen(_ text: [UInt8]) -> Bool {
    guard text.last == 0x2d, text.count > 1 else { return false }
    let before = text[text.count - 2]
    return before != 0x20 && before != 0x2d
  }

  /// The pieces as one paragraph.
  static func joined(_ pieces: some Sequence<String>) -> String {
    pieces.reduce(into: "") { append($1, to: &$0) }
  }

  /// Runs of spaces as one.
  static func collapsed(_ text: some StringProtocol) -> String {
    var last: UInt8 = 0x20
    var isCollapsed = true
    for byte in text.utf8 {
      if byte == 0x20, last == 0x20 {
        isCollapsed = false
        break
      }
      last = byte
    }
    // Most texts are as they should be.
    if isCollapsed, last != 0x20 || text.isEmpty { return String(text) }
    var result: [UInt8] = []
    result.reserveCapacity(text.utf8.count)
    for byte in text.utf8 where byte != 0x20 || (result.last != 0x20 && !result.isEmpty) { result.append(byte) }
    if result.last == 0x20 { result.removeLast() }
    return String(decoding: result, as: UTF8.self)
  }

  /// Whether a sentence or clause of a list ends here: . ; : ? ! and closing quotes or brackets after them.
  static func isTerminal(_ text: String) -> Bool {
    if endsInLetter(text) { return false }
    for scalar in text.unicodeScalars.reversed() {
      switch scalar {
      case ".", ";", ":", "?", "!", "…", "。", "؟": return true
      case "”", "\"", "’", "'", ")", "]", "»", "*", " ": continue
      case "0"..."9": continue  // a footnote's number after the stop
      default: return false
      }
    }
    return false
  }

  /// Whether a paragraph of a resolution ends here: also at a comma.
  static func endsClause(_ text: String) -> Bool {
    if endsInLetter(text) { return false }
    if isTerminal(text) { return true }
    for scalar in text.unicodeScalars.reversed() {
      switch scalar {
      case ",": return true
      case "”", "\"", " ", "0"..."9": continue
      default: return false
      }
    }
    return false
  }

  static func startsLowercase(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    return first < 0x80 ? isLower(first) : text.unicodeScalars.first?.properties.isLowercase ?? false
  }

  static func startsUppercase(_ text: String) -> Bool {
    for scalar in text.unicodeScalars.prefix(3) {
      if scalar.isASCII, let byte = UInt8(exactly: scalar.value) {
        if isUpper(byte) { return true }
        if isLower(byte) { return false }
        continue
      }
      if scalar.properties.isUppercase { return true }
      if scalar.properties.isAlphabetic { return false }
    }
    return false
  }

  /// Whether the last letter is a small one of ASCII, as that of most lines is: no ending with other letters or marks stands there.
  static func endsInLetter(_ text: some StringProtocol) -> Bool {
    text.unicodeScalars.last.map { ("a"..."z").contains($0) } ?? false
  }

  static func startsInASCII(_ text: some StringProtocol) -> Bool { text.utf8.first.map { $0 < 0x80 } ?? false }

  /// As many characters at most.
  static func prefix<Text: StringProtocol>(_ text: Text, _ length: Int) -> Text.SubSequence {
    // A letter of ASCII with another of ASCII behind it is a character of its own, but for a line's end of two.
    var count = 0
    for byte in text.utf8 {
      if byte >= 0x80 || byte == 0x0d { return text.prefix(length) }
      if count == length { return text[..<text.utf8.index(text.startIndex, offsetBy: length)] }
      count += 1
    }
    return text[...]
  }

  /// Case-insensitive for ASCII, without making a lowercase copy.
  static func hasPrefix(_ text: some StringProtocol, _ prefix: StaticString) -> Bool {
    prefix.withUTF8Buffer { words in
      var bytes = text.utf8.makeIterator()
      for word in words {
        guard let byte = bytes.next(), lowered(byte) == lowered(word) else { return false }
      }
      return true
    }
  }

  static func lowered(_ byte: UInt8) -> UInt8 { isUpper(byte) ? byte | 0x20 : byte }

  /// The first place of `word` (lowercase ASCII) in `text`, in any case.
  static func range(of word: StaticString, in text: Substring) -> Range<Substring.Index>? {
    let bytes = text.utf8
    return word.withUTF8Buffer { needle in
      guard let first = needle.first else { return nil }
      var index = bytes.startIndex
      while index < bytes.endIndex {
        if lowered(bytes[index]) == first {
          var place = index
          var matched = 0
          while matched < needle.count, place < bytes.endIndex, lowered(bytes[place]) == needle[matched] {
            place = bytes.index(after: place)
            matched += 1
          }
          if matched == needle.count { return index..<place }
        }
        index = bytes.index(after: index)
      }
      return nil
    }
  }

  /// The first place where some words stand as they are.
  static func firstRange(of words: String, in text: Substring) -> Range<Substring.Index>? {
    // In ASCII a byte is a character.
    guard text.utf8.allSatisfy({ $0 < 0x80 && $0 != 0x0d }) else { return text.firstRange(of: words) }
    var words = words
    var copy = text
    let place = words.withUTF8 { words in
      copy.withUTF8 { text -> Int? in
        guard let first = words.first, text.count >= words.count else { return nil }
        for place in 0...text.count - words.count where text[place] == first {
          if text[place..<place + words.count].elementsEqual(words) { return place }
        }
        return nil
      }
    }
    return place.map {
      let start = text.utf8.index(text.startIndex, offsetBy: $0)
      return start..<text.utf8.index(start, offsetBy: words.utf8.count)
    }
  }

  /// Without the asterisks that point to footnotes.
  static func withoutMarks(_ text: some StringProtocol) -> String {
    guard text.utf8.contains(0x2a) else { return String(text) }
    return collapsed(String(decoding: text.utf8.filter { $0 != 0x2a }, as: UTF8.self))
  }

  static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while let byte = text.utf8.first, byte == 0x20 || byte == 0x0a { text = text.dropFirst() }
    while let byte = text.utf8.last, byte == 0x20 || byte == 0x0a { text = text.dropLast() }
    return text
  }

  static func isRoman(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.count <= 8 && text.utf8.allSatisfy { "IVXLC".utf8.contains($0) }
  }
}
