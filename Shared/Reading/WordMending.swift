/// Mends words that `pdftotext -layout` tore apart, by the words of the same file's `-raw` text.
enum WordMending {
  /// `layout` with "fou ndations" as "foundations", "capacity -building" as "capacity-building", "issue ;" as "issue;".
  static func mended(_ layout: [UInt8], by raw: [UInt8]) -> [UInt8] {
    let words = vocabulary(raw)
    // French sets a space before a semicolon; then the raw text has it too.
    let spacedMarks = hasSpacedMarks(raw)
    var result: [UInt8] = []
    result.reserveCapacity(layout.count)
    var lastWord = 0..<0  // in `result`; valid when it ends where `result` does
    var index = 0
    while index < layout.count {
      let byte = layout[index]
      if isLetter(byte) {
        var end = index + 1
        while end < layout.count, isLetter(layout[end]) { end += 1 }
        let torn = result.count >= 2 && result[result.count - 1] == 0x20 && lastWord.upperBound == result.count - 1 && !lastWord.isEmpty
        if torn {
          let left = result[lastWord]
          let right = layout[index..<end]
          let whole = hash(right, after: hash(left, after: seed))
          if words.contains(whole), !(words.contains(hash(left, after: seed)) && words.contains(hash(right, after: seed))) {
            result.removeLast()
            result.append(contentsOf: right)
            lastWord = lastWord.lowerBound..<result.count
            index = end
            continue
          }
        }
        let start = result.count
        result.append(contentsOf: layout[index..<end])
        lastWord = start..<result.count
        index = end
        continue
      }
      let next = index + 1 < layout.count ? layout[index + 1] : 0x0a
      let previous = index >= 1 ? layout[index - 1] : 0x0a
      let beforeThat = index >= 2 ? layout[index - 2] : 0x0a
      if previous == 0x20, result.last == 0x20, isWordEnd(beforeThat) {
        if byte == 0x2d, isLetter(beforeThat), isLetter(next) || next == 0x0a { result.removeLast() }
        if !spacedMarks, byte == 0x3b || byte == 0x2c || byte == 0x29, next == 0x20 || next == 0x0a || next == 0x2c || next == 0x3b {
          result.removeLast()
        }
      }
      result.append(byte)
      index += 1
    }
    return result
  }

  private static let seed: UInt64 = 0xcbf2_9ce4_8422_2325

  /// FNV-1a, 64 bits.
  private static func hash(_ bytes: ArraySlice<UInt8>, after start: UInt64) -> UInt64 {
    var value = start
    for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return value
  }

  private static func vocabulary(_ text: [UInt8]) -> Set<UInt64> {
    var words: Set<UInt64> = []
    var start: Int?
    for (index, byte) in text.enumerated() {
      if isLetter(byte) {
        start = start ?? index
      } else if let begin = start {
        words.insert(hash(text[begin..<index], after: seed))
        start = nil
      }
    }
    return words
  }

  private static func hasSpacedMarks(_ text: [UInt8]) -> Bool {
    var spaced = 0
    var all = 0
    for (index, byte) in text.enumerated() where byte == 0x3b && index > 0 {
      all += 1
      if text[index - 1] == 0x20 { spaced += 1 }
    }
    return spaced * 2 > all
  }

  /// An ASCII letter or a byte beyond ASCII. Quotation marks so count as part of a word, in both texts alike.
  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || byte >= 0x80 }
  private static func isWordEnd(_ byte: UInt8) -> Bool { isLetter(byte) || (0x30...0x39).contains(byte) || byte >= 0x80 || byte == 0x29 }
}
