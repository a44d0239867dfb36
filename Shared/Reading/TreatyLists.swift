/// Several treaties under one head word: "the treaties of Tlatelolco, Rarotonga, Bangkok and Pelindaba", "Additional Protocols I and II to the Geneva Conventions".
enum TreatyLists {
  private static let longest = 16

  /// Each treaty of the list whose first capital is at `start`, and each protocol of those whose head word is there.
  static func all(_ text: CitedText, at start: Int) -> [Instrument] {
    if text[start - 1] == 0x20, text[start - 2] == 0x66, text.start(of: "reaties of ", endingAt: start) != nil {
      return places(text, start)
    }
    if text.has("Protocol", at: start), let head = TreatyName.head(text, at: start) { return protocols(text, head) }
    return []
  }

  private static func places(_ text: CitedText, _ start: Int) -> [Instrument] {
    var found: [Instrument] = []
    var index = start
    while found.count < longest, CitedText.isUpper(text[index]) {
      let word = text.word(at: index)
      found.append(Instrument(text, word, name: "Treaty of \(text.string(word))", nil))
      guard let next = joint(text, word.upperBound) else { break }
      index = next
    }
    return found.count > 1 ? found : []
  }

  /// The place after a comma or "and", and after the footnote's number that may stand before or behind it.
  private static func joint(_ text: CitedText, _ end: Int) -> Int? {
    var index = skipNumber(text, end)
    if text[index] == 0x2c {
      index = skipNumber(text, index + 1)
      if text.has(" and ", at: index) { return index + 5 }
      return text[index] == 0x20 ? index + 1 : nil
    }
    return text.has(" and ", at: index) ? index + 5 : nil
  }

  /// After a space and one to three digits, where such stand.
  private static func skipNumber(_ text: CitedText, _ start: Int) -> Int {
    let digits = start + text.spaceLength(start)
    var index = digits
    while index - digits < 3, CitedText.isDigit(text[index]) { index += 1 }
    return index > digits && !CitedText.isDigit(text[index]) ? index : start
  }

  /// "Protocol V to the Convention on …", "Additional Protocol I": with the number that tells one protocol from another.
  private static func protocols(_ text: CitedText, _ head: Range<Int>) -> [Instrument] {
    var numerals: [Range<Int>] = []
    var index = head.upperBound
    while numerals.count < longest {
      let start = index + (numerals.isEmpty ? text.spaceLength(index) : 0)
      var end = start
      while "IVX".utf8.contains(text[end]) { end += 1 }
      guard end > start, end - start <= 6, !CitedText.isWordByte(text[end]) else { break }
      numerals.append(start..<end)
      let joints: [StaticString] = [" and ", ", ", " or "]
      guard let joint = joints.first(where: { text.has($0, at: end) }) else { break }
      index = end + joint.utf8CodeUnitCount
    }
    guard let last = numerals.last else { return [] }
    let complement = Complement(text, from: last.upperBound, head: "Protocol").end
    let (start, modifiers) = TreatyName.modifiers(text, head.lowerBound)
    guard complement != nil || !modifiers.isEmpty else { return [] }
    let title = text.string(start..<head.lowerBound) + "Protocol "
    let rest = complement.map { text.string(last.upperBound..<$0) } ?? ""
    return numerals.indices.map { place in
      let first = place == 0 ? start : numerals[place].lowerBound
      let end = place == numerals.count - 1 ? complement ?? last.upperBound : numerals[place].upperBound
      return Instrument(text, first..<end, name: title + text.string(numerals[place]) + rest, nil)
    }
  }
}
