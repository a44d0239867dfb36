/// The bytes of one text in which citations are looked for, with small questions about what stands where.
struct CitedText {
  let bytes: [UInt8]

  init(_ text: String) { bytes = Array(text.utf8) }

  var count: Int { bytes.count }

  subscript(index: Int) -> UInt8 { index >= 0 && index < bytes.count ? bytes[index] : 0 }

  func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  func has(_ words: StaticString, at index: Int) -> Bool { bytes.has(words, at: index) }

  /// The place before these words where they end at `end`.
  func start(of words: StaticString, endingAt end: Int) -> Int? {
    let start = end - words.utf8CodeUnitCount
    guard start >= 0, end <= bytes.count else { return nil }
    // Of words that are none of these the last byte differs as a rule.
    if start < end, bytes[end - 1] != words.utf8Start[words.utf8CodeUnitCount - 1] { return nil }
    return has(words, at: start) ? start : nil
  }

  func has(_ words: [UInt8], at index: Int) -> Bool {
    index >= 0 && bytes.count - index >= words.count && bytes[index] == words[0] && bytes[index...].starts(with: words)
  }

  /// The length of a space at this place: ASCII's, a line's end, or a no-break space.
  func spaceLength(_ index: Int) -> Int {
    switch self[index] {
    case 0x20, 0x0a, 0x09: 1
    case 0xc2: self[index + 1] == 0xa0 ? 2 : 0
    default: 0
    }
  }

  func skipSpaces(_ index: Int) -> Int {
    var index = index
    while case let length = spaceLength(index), length > 0 { index += length }
    return index
  }

  func skipSpacesBack(_ end: Int) -> Int {
    var end = end
    while end > 0 {
      if self[end - 1] == 0x20 || self[end - 1] == 0x0a || self[end - 1] == 0x09 {
        end -= 1
      } else if self[end - 1] == 0xa0, self[end - 2] == 0xc2 {
        end -= 2
      } else {
        break
      }
    }
    return end
  }

  /// The word that ends at `end`: letters of any script, at most 48 bytes.
  func word(endingAt end: Int) -> Range<Int> {
    var start = end
    while start > 0, end - start < 48, Self.isWordByte(self[start - 1]) { start -= 1 }
    return start..<end
  }

  /// The word that begins at `start`: letters of any script, hyphens and apostrophes, at most 64 bytes.
  func word(at start: Int) -> Range<Int> {
    var end = start
    while end < count, end - start < 64 {
      let byte = bytes[end]
      if byte == 0xe2, self[end + 1] == 0x80, self[end + 2] == 0x99 || self[end + 2] == 0x91 || self[end + 2] == 0x90 {
        end += 3
      } else if byte == 0xe2 || byte == 0xc2 || byte == 0xe3 || byte == 0xd8 && self[end + 1] == 0x8c {
        break
      } else if Self.isWordByte(byte) || byte == 0x2d || byte == 0x27 {
        end += 1
      } else {
        break
      }
    }
    return start..<end
  }

  static func isWordByte(_ byte: UInt8) -> Bool { isLetter(byte) || byte >= 0x80 }
  static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) }
  static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) }
  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  /// Whether a word may begin here: no letter or digit stands before.
  func isWordStart(_ index: Int) -> Bool {
    guard index > 0 else { return true }
    let before = bytes[index - 1]
    if before < 0x80 { return !Self.isLetter(before) && !Self.isDigit(before) }
    // Quotes, dashes and spaces beyond ASCII are no letters; neither is what is set in Chinese type.
    return index > 2 && (bytes[index - 3] == 0xe2 || bytes[index - 3] == 0xe3 || bytes[index - 3] == 0xef)
      || index > 1 && bytes[index - 2] == 0xc2
  }

  /// U+2010 to U+2015 or a hyphen: its length.
  func dashLength(_ index: Int) -> Int {
    if self[index] == 0x2d { return 1 }
    return self[index] == 0xe2 && self[index + 1] == 0x80 && (0x90...0x95).contains(self[index + 2]) ? 3 : 0
  }

  /// The value of a digit, ASCII or Arabic-Indic, and its length; nil for anything else.
  func digit(_ index: Int) -> (value: Int, length: Int)? {
    let byte = self[index]
    if Self.isDigit(byte) { return (Int(byte - 0x30), 1) }
    if byte == 0xd9, case let second = self[index + 1], (0xa0...0xa9).contains(second) { return (Int(second - 0xa0), 2) }
    return nil
  }

  /// A number of one to four digits and where it ends; nil when it has more.
  func number(at start: Int) -> (value: Int, end: Int)? {
    var index = start
    var value = 0
    var digits = 0
    while let (digit, length) = digit(index) {
      digits += 1
      guard digits <= 4 else { return nil }
      value = value * 10 + digit
      index += length
    }
    return digits == 0 ? nil : (value, index)
  }
}
