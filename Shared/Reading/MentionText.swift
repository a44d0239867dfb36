/// One text as bytes, its numbers, and the words beside a place in it. Every look is bounded, so that a text takes time in proportion to its length.
struct MentionText {
  /// A run of digits, ASCII or Arabic-Indic.
  struct Number {
    var start: Int
    var end: Int
    /// Of the first nine digits.
    var value: Int
    var digits: Int
    var range: Range<Int> { start..<end }
  }

  let bytes: [UInt8]
  let language: String?
  /// Whether it is in English, or in no language that is known.
  let isEnglish: Bool
  let numbers: [Number]
  /// Of numbers in one text.
  private static let mostNumbers = 100_000
  /// UTF-8 bytes of a word; a longer one is none.
  private static let longestWord = 64

  init(_ text: String, language: String?) {
    bytes = text.utf8.count <= Mentions.mostBytes ? Array(text.utf8) : Array(text.utf8.prefix(Mentions.mostBytes))
    self.language = language
    isEnglish = language == nil || language == "en"
    numbers = Self.numbers(bytes)
  }

  private static func numbers(_ bytes: [UInt8]) -> [Number] {
    var found: [Number] = []
    var at = 0
    while true {
      at = bytes.place(from: at) { isDigit($0) || $0 == 0xd9 }
      if at == bytes.count { break }
      guard let (digit, length) = digit(bytes, at) else {
        at += 1
        continue
      }
      var number = Number(start: at, end: at + length, value: digit, digits: 1)
      while let (digit, length) = Self.digit(bytes, number.end) {
        number.digits += 1
        if number.digits <= 9 { number.value = number.value * 10 + digit }
        number.end += length
      }
      found.append(number)
      if found.count == mostNumbers { break }
      at = number.end
    }
    return found
  }

  private static func digit(_ bytes: [UInt8], _ at: Int) -> (Int, Int)? {
    guard at < bytes.count else { return nil }
    let byte = bytes[at]
    if isDigit(byte) { return (Int(byte) - 0x30, 1) }
    if byte == 0xd9, at + 1 < bytes.count, (0xa0...0xa9).contains(bytes[at + 1]) { return (Int(bytes[at + 1]) - 0xa0, 2) }
    return nil
  }

  // MARK: Bytes

  func byte(_ at: Int) -> UInt8 { bytes.indices.contains(at) ? bytes[at] : 0 }

  func has(_ word: StaticString, at place: Int) -> Bool { bytes.has(word, at: place) }

  func has(_ word: StaticString, before place: Int) -> Bool { has(word, at: place - word.utf8CodeUnitCount) }

  func string(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Bytes of the space at a place: also those that do not break.
  func space(at place: Int) -> Int {
    switch byte(place) {
    case 0x20, 0x09, 0x0a: 1
    case 0xc2: byte(place + 1) == 0xa0 ? 2 : 0
    case 0xe2: byte(place + 1) == 0x80 && (byte(place + 2) == 0xaf || byte(place + 2) == 0x89) ? 3 : 0
    default: 0
    }
  }

  func afterSpaces(_ place: Int) -> Int {
    var place = place
    for _ in 0..<3 {
      let length = space(at: place)
      if length == 0 { break }
      place += length
    }
    return place
  }

  func beforeSpaces(_ place: Int) -> Int {
    var place = place
    for _ in 0..<3 {
      let start = scalarStart(before: place)
      guard start < place, space(at: start) == place - start else { break }
      place = start
    }
    return place
  }

  func scalarStart(before place: Int) -> Int {
    var start = place - 1
    while start > 0, place - start < 4, bytes[start] & 0xc0 == 0x80 { start -= 1 }
    return max(0, start)
  }

  // MARK: Words

  /// Bytes of the letter at a place; 0 when there is none.
  func letter(at place: Int) -> Int {
    guard place < bytes.count else { return 0 }
    let byte = bytes[place]
    let next = self.byte(place + 1)
    switch byte {
    case 0x41...0x5a, 0x61...0x7a: return 1
    case 0xc3: return next == 0x97 || next == 0xb7 ? 0 : 2
    case 0xc4...0xd7: return next == 0 ? 0 : 2
    case 0xd8: return [0x8c, 0x9b, 0x9f].contains(next) || next == 0 ? 0 : 2
    case 0xd9: return (0xa0...0xad).contains(next) || next == 0 ? 0 : 2
    case 0xda...0xdb: return next == 0 ? 0 : 2
    case 0xe4...0xe9: return place + 2 < bytes.count ? 3 : 0
    case 0xe3: return (next >= 0x81 || next == 0x80 && self.byte(place + 2) == 0x87) && place + 2 < bytes.count ? 3 : 0
    default: return 0
    }
  }

  /// The word that begins after spaces at a place; empty when none does.
  func word(at place: Int) -> Range<Int> {
    let start = afterSpaces(place)
    var end = start
    while end - start < Self.longestWord {
      let length = letter(at: end)
      if length == 0 { break }
      end += length
    }
    return start..<end
  }

  /// The word that ends before spaces at a place; empty when none does.
  func word(before place: Int) -> Range<Int> {
    let end = beforeSpaces(place)
    var start = end
    while start > 0, end - start < Self.longestWord {
      let previous = scalarStart(before: start)
      guard letter(at: previous) == start - previous else { break }
      start = previous
    }
    return start..<end
  }

  /// In lower case.
  func key(_ word: Range<Int>) -> Word { Word(bytes, word) }
  func key(at place: Int) -> Word { key(word(at: place)) }
  func key(before place: Int) -> Word { key(word(before: place)) }

  func isCapitalised(_ word: Range<Int>) -> Bool {
    guard let first = bytes[word].first else { return false }
    let second = byte(word.lowerBound + 1)
    switch first {
    case 0x41...0x5a: return true
    case 0xc3: return (0x80...0x9e).contains(second)
    case 0xd0: return (0x80...0xaf).contains(second)
    default: return false
    }
  }
}
