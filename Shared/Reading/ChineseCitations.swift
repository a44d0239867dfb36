/// Resolutions and decisions in Chinese: the number stands before the word, in a list before the last one's.
extension CitationScanner {
  /// "第62/243号、第63/33号和第64/108号决议": what the numbers are stands behind the last, the organ before the first.
  mutating func numbered(_ start: Int) -> Int {
    let first = text.skipSpaces(start + 3)
    guard let number = CitedNumber(text, at: text.has("S-", at: first) ? first + 2 : text.has("ES-", at: first) ? first + 3 : first) else {
      return start + 3
    }
    let end = text.skipSpaces(number.range.upperBound)
    let adopter = chineseAdopter(start)
    let isOpen =
      adopter == nil && (list?.members.count ?? 0) < Self.longestList
      && list?.members.last.map { start - $0.range.upperBound <= 90 } == true
    // 第62/243、63/33号决议
    guard text.has("号", at: end) || text.has("、", at: end) || text.has("和", at: end) else { return start + 3 }
    let kind = chineseKind(end)
    guard let kind else { return start + 3 }
    if !isOpen || list?.kind != kind {
      close()
      list = List(kind: kind, adopter: adopter, members: [])
    }
    append(number, from: start)
    for word in ["号决议", "号决定", "号"] as [StaticString] where text.has(word, at: end) {
      extendLast(to: end + word.utf8CodeUnitCount)
      break
    }
    return number.range.upperBound
  }

  private mutating func extendLast(to end: Int) {
    guard let last = list?.members.popLast() else { return }
    list?.members.append(
      Member(
        number: last.number, range: last.range.lowerBound..<max(last.range.upperBound, end), pinpoint: last.pinpoint, through: last.through)
    )
  }

  /// What the list whose number ends here is of: nil when neither word comes.
  private func chineseKind(_ start: Int) -> CitedNumber.Kind? {
    var index = start
    while index < text.count, index - start < 600 {
      if text.has("决议", at: index) { return .resolution }
      if text.has("决定", at: index) { return .decision }
      if text.has("。", at: index) || text.has("；", at: index) { return nil }
      index += text[index] >= 0xe0 ? 3 : text[index] >= 0xc0 ? 2 : 1
    }
    return nil
  }

  /// The organ before the first number, and before the day that stands there.
  private func chineseAdopter(_ start: Int) -> Adopter? {
    var end = text.skipSpacesBack(start)
    while let mark = (["日", "月", "年"] as [StaticString]).first(where: { text.start(of: $0, endingAt: end) != nil }) {
      end = text.skipSpacesBack(end - mark.utf8CodeUnitCount)
      while end > 0, CitedText.isDigit(text[end - 1]) { end -= 1 }
      end = text.skipSpacesBack(end)
    }
    if text.start(of: "的", endingAt: end) != nil { end -= 3 }
    return Adopter.named(text, endingAt: end)?.0
  }
}
