/// Joins words that were parted at a line's end: "foun-" and "dations" as "foundations", but "follow-up" keeps its hyphen.
///
/// A hyphen goes when the joined word stands elsewhere in the text, or when neither part does and the first is no prefix that is written with one. It
/// stays when the text has the compound within a line.
enum Hyphens {
  /// Text with the second part moved up to the first; `other` is the same text as another reader gave it, for its words.
  static func mended(_ text: [UInt8], by other: [UInt8] = []) -> [UInt8] {
    let breaks = Self.breaks(text)
    guard !breaks.isEmpty else { return text }
    var words = Words(breaks, in: text)
    // The parts themselves are no evidence that they are words.
    words.find(in: text, except: breaks)
    if !other.isEmpty { words.find(in: other, except: Self.breaks(other)) }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var copied = 0
    for place in breaks where place.left.lowerBound >= copied {
      let left = text[place.left]
      let right = text[place.right]
      let joined = left + right
      let compound = left + [0x2d] + right
      guard !words.contains(compound[...]), words.contains(joined[...]) || isParted(left, right, words) else { continue }
      result.append(contentsOf: text[copied..<place.left.upperBound])
      result.append(contentsOf: right)
      // What follows the word on its line, as a comma does, comes up with it.
      var end = place.right.upperBound
      while end < text.count, text[end] != 0x20, text[end] != 0x0a, text[end] != 0x0c { end += 1 }
      result.append(contentsOf: text[place.right.upperBound..<end])
      var next = end
      while next < text.count, text[next] == 0x20 { next += 1 }
      if next < text.count, text[next] == 0x0a {
        // Nothing is left of the line.
        copied = next
      } else {
        // The line break, and the indentation of the line.
        result.append(contentsOf: text[(place.left.upperBound + 1)..<place.right.lowerBound])
        copied = next
      }
    }
    result.append(contentsOf: text[copied...])
    return result
  }

  private struct Break {
    var left: Range<Int>
    var right: Range<Int>
  }

  /// Places where a hyphen ends a line after a letter and the next line begins with a lower-case one.
  private static func breaks(_ text: [UInt8]) -> [Break] {
    guard text.count > 2 else { return [] }
    var places: [Break] = []
    var index = 0
    while true {
      index = text.place(from: index + 1) { $0 == 0x2d }
      guard index + 1 < text.count else { break }
      guard text[index + 1] == 0x0a, isLetter(text[index - 1]) else { continue }
      var start = index
      while start > 0, isLetter(text[start - 1]), index - start < longest { start -= 1 }
      var next = index + 2
      while next < text.count, text[next] == 0x20 { next += 1 }
      guard next < text.count, isLower(text[next]) || text[next] >= 0xc3 else { continue }
      var end = next
      while end < text.count, isLetter(text[end]), end - next < longest { end += 1 }
      // Two letters at least on either side: typesetters leave no fewer.
      if index - start >= 2, end - next >= 2 { places.append(Break(left: start..<index, right: next..<end)) }
    }
    return places
  }

  private static let longest = 60

  /// Of the words that matter, those that a text has.
  private struct Words {
    /// Whether a text has each of the words that matter.
    private var found: [ArraySlice<UInt8>: Bool] = [:]
    /// Whether one of them begins with this byte and is so long: most words of a text are told apart by that.
    private var isLikely = [Bool](repeating: false, count: 256 * (2 * longest + 2))

    init(_ breaks: [Break], in text: [UInt8]) {
      for place in breaks {
        let (left, right) = (text[place.left], text[place.right])
        for word in [left, right, (left + right)[...], (left + [0x2d] + right)[...]] {
          found[word] = false
          isLikely[Self.place(word[word.startIndex], word.count)] = true
        }
      }
    }

    private static func place(_ first: UInt8, _ length: Int) -> Int { Int(first) * (2 * longest + 2) + length }

    mutating func find(in text: [UInt8], except breaks: [Break]) {
      var skipped = Set(breaks.map(\.left.lowerBound))
      skipped.formUnion(breaks.map(\.right.lowerBound))
      var index = 0
      while index < text.count {
        let start = text.place(from: index, of: isLetter)
        if start == text.count { break }
        index = text.place(from: start) { !isLetter($0) }
        // "follow-up" is one word.
        while index + 1 < text.count, text[index] == 0x2d, isLetter(text[index + 1]) {
          index = text.place(from: index + 1) { !isLetter($0) }
        }
        guard index - start <= longest * 2 + 1, isLikely[Self.place(text[start], index - start)], !skipped.contains(start) else { continue }
        if found[text[start..<index]] == false { found[text[start..<index]] = true }
      }
    }

    func contains(_ word: ArraySlice<UInt8>) -> Bool { found[word] == true }
  }

  private static func isParted(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>, _ words: Words) -> Bool {
    !words.contains(left) && !words.contains(right)
      && !prefixes.contains(String(decoding: left.map { $0 < 0x80 ? $0 | 0x20 : $0 }, as: UTF8.self))
  }

  /// First parts of compounds that keep their hyphen.
  private static let prefixes: Set<String> = Set(
    """
    well self non co pre post anti inter vice ex multi semi sub cross long short high low follow large small mid all half twenty thirty forty fifty \
    sixty seventy eighty ninety second third fourth fifth one two three four five six seven eight nine ten socio trans ultra vis so peace decision \
    law policy inter intra middle developing gender human quasi sous avant après demi mi contre non-
    """.split(separator: " ").map(String.init))

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte | 0x20) || byte >= 0x80 }
}
