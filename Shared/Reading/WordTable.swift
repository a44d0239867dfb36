/// A word in lower case, in a form that costs little to make and to look up.
struct Word: Sendable {
  /// UTF-8, the first byte lowest; nothing of a word that is `other`.
  fileprivate var bytes = SIMD4<UInt64>()
  private var count = 0
  /// A word that is too long, or whose letters can be written in more than one way.
  fileprivate var other: String?

  private static let longest = 32

  /// The word that stands in a range of a text.
  init(_ text: [UInt8], _ range: Range<Int>) {
    if range.count <= Self.longest, fill(text[range]) { return }
    (bytes, count) = (SIMD4(), 0)
    other = String(decoding: text[range], as: UTF8.self).lowercased()
  }

  /// False when the word is `other`.
  private mutating func fill(_ text: ArraySlice<UInt8>) -> Bool {
    var part: UInt64 = 0
    func add(_ byte: UInt8) {
      part |= UInt64(byte) << UInt64(8 * (count & 7))
      count += 1
      guard count & 7 == 0 else { return }
      bytes[count >> 3 - 1] = part
      part = 0
    }
    var index = text.startIndex
    while index < text.endIndex {
      let byte = text[index]
      if byte < 0x80 {
        add(Prose.lowered(byte))
        index += 1
        continue
      }
      let length = byte >= 0xe0 ? 3 : 2
      guard index + length <= text.endIndex else { return false }
      let next = text[index + 1]
      switch byte {
      case 0xc3:
        add(byte)
        add((0x80...0x9e).contains(next) && next != 0x97 ? next + 0x20 : next)
      case 0xd0:
        // "А" to "Я" have their small letters in two rows, "Ѐ" to "Џ" behind them.
        add(next < 0x90 || (0xa0...0xaf).contains(next) ? 0xd1 : 0xd0)
        add(next < 0x90 ? next + 0x10 : next < 0xa0 ? next + 0x20 : next < 0xb0 ? next - 0x20 : next)
      case 0xd1 where next < 0xa0,
        0xd8 where next >= 0xa0 || next == 0x8c,
        0xd9 where next <= 0x8a || (0xa0...0xa9).contains(next):
        add(byte)
        add(next)
      case 0xe4...0xe9,
        0xe2 where next == 0x80 && text[index + 2] >= 0x90,
        0xe3 where next == 0x80 && text[index + 2] <= 0x82:
        add(byte)
        add(next)
        add(text[index + 2])
      default: return false
      }
      index += length
    }
    if count & 7 != 0 { bytes[count >> 3] = part }
    return true
  }

  var isEmpty: Bool { count == 0 && other == nil }

  static func == (word: Word, text: StaticString) -> Bool {
    if let other = word.other { return other == text.description }
    return word.count == text.utf8CodeUnitCount && word.hasSuffix(text)
  }

  static func != (word: Word, text: StaticString) -> Bool { !(word == text) }

  func hasSuffix(_ ending: StaticString) -> Bool {
    if let other { return other.hasSuffix(ending.description) }
    let length = ending.utf8CodeUnitCount
    guard length <= count else { return false }
    // The pointer is to as many bytes, which are the program's own.
    for offset in 0..<length where byte(count - length + offset) != ending.utf8Start[offset] { return false }
    return true
  }

  func hasSuffix(_ endings: [StaticString]) -> Bool { endings.contains { hasSuffix($0) } }

  private func byte(_ index: Int) -> UInt8 { UInt8(truncatingIfNeeded: bytes[index >> 3] >> UInt64(8 * (index & 7))) }
}

/// What stands for each of some words: a hash table, whose empty places have no bytes.
struct WordTable<Value: Sendable>: Sendable {
  private var words: [SIMD4<UInt64>]
  private var values: [Value?]
  /// All of them, for those that are asked for as `other`.
  private var others: [String: Value] = [:]

  /// Of two values of one word the first counts.
  init(_ all: [(String, Value)]) {
    var size = 8
    while size < 2 * all.count { size *= 2 }
    words = Array(repeating: SIMD4(), count: size)
    values = Array(repeating: nil, count: size)
    for (text, value) in all {
      if others[text] == nil { others[text] = value }
      let bytes = Array(text.utf8)
      let word = Word(bytes, bytes.indices)
      let slot = slot(word)
      if word.other == nil, words[slot] == SIMD4() { (words[slot], values[slot]) = (word.bytes, value) }
    }
  }

  subscript(word: Word) -> Value? { word.other.map { others[$0] } ?? values[slot(word)] }

  /// Where a word is, or an empty place; of an empty word an empty place too.
  private func slot(_ word: Word) -> Int {
    let bytes = word.bytes
    var hash = (bytes[0] ^ bytes[1] &* 0xff51_afd7_ed55_8ccd ^ bytes[2] &* 0xc4ce_b9fe_1a85_ec53 ^ bytes[3]) &* 0x9e37_79b9_7f4a_7c15
    hash ^= hash >> 32
    var slot = Int(truncatingIfNeeded: hash) & (words.count - 1)
    while words[slot] != bytes, words[slot] != SIMD4() { slot = (slot + 1) & (words.count - 1) }
    return slot
  }
}

extension WordTable: ExpressibleByDictionaryLiteral {
  init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}

/// Some words.
struct WordSet: Sendable, ExpressibleByArrayLiteral {
  private let table: WordTable<Void>

  init(_ words: [String]) { table = WordTable(words.map { ($0, ()) }) }
  init(arrayLiteral words: String...) { self.init(words) }

  func contains(_ word: Word) -> Bool { table[word] != nil }
}
