/// Joins words that were parted at a line's end: "foun-" and "dations" as "foundations", but "follow-up" keeps its hyphen.
///
/// A hyphen goes when the joined word stands elsewhere in the text, or when neither part does and the first is no prefix that is written with one. It
/// stays when the text has the compound within a line.
enum Hyphens {
  /// Text with the second part moved up to the first; `other` is the same text as another reader gave it, for its words.
  static func mended(_ text: [UInt8], by other: [UInt8] = []) -> [UInt8] {
    let breaks = Self.breaks(text)
    guard !breaks.isEmpty else { return text }
    var words: Set<ArraySlice<UInt8>> = []
    // The parts themselves are no evidence that they are words.
    collect(text, except: breaks, into: &words)
    if !other.isEmpty { collect(other, except: Self.breaks(other), into: &words) }
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
    var places: [Break] = []
    var index = 1
    while index + 1 < text.count {
      defer { index += 1 }
      guard text[index] == 0x2d, text[index + 1] == 0x0a, isLetter(text[index - 1]) else { continue }
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

  private static func collect(_ text: [UInt8], except breaks: [Break], into words: inout Set<ArraySlice<UInt8>>) {
    var skipped = Set(breaks.map(\.left.lowerBound))
    skipped.formUnion(breaks.map(\.right.lowerBound))
    var index = 0
    while index < text.count {
      guard isLetter(text[index]) else {
        index += 1
        continue
      }
      let start = index
      var parts = 0
      while index < text.count, isLetter(text[index]) || text[index] == 0x2d && index + 1 < text.count && isLetter(text[index + 1]) {
        if text[index] == 0x2d { parts += 1 }
        index += 1
      }
      if index - start <= longest * 2, !skipped.contains(start) { words.insert(text[start..<index]) }
    }
  }

  private static func isParted(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>, _ words: Set<ArraySlice<UInt8>>) -> Bool {
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
