import Documents

/// The number of a resolution or decision, as papers write it: "62/243", "ES-10/24", "1996/31", "822 (1993)", "3419 A to D (XXX)", "242".
struct CitedNumber {
  enum Form: Hashable {
    /// Session or year, and number; `prefix` is "S-" or "ES-" of special sessions.
    case session(Int, Int, prefix: String)
    /// A Security Council's resolution.
    case year(Int, Int)
    /// The Roman numeral of a session before 1976, or of a special one: "XXX", "S-VI", "ES-V".
    case roman(Int, String)
    case bare(Int)
  }

  var range: Range<Int>
  var form: Form
  /// "A", "A to D", "A and B": each letter.
  var letters: [UInt8] = []

  /// Longest row of letters after one number.
  private static let maximumLetters = 26

  init?(_ text: CitedText, at start: Int) {
    guard let (first, firstEnd) = text.number(at: start) else { return nil }
    range = start..<firstEnd
    form = .bare(first)
    if text[firstEnd] == 0x2f {
      // "1325/2000" is another way to write a Security Council resolution.
      if let (year, end) = text.number(at: firstEnd + 1), end - firstEnd == 5, text[end] != 0x2f,
        !CitedText.isWordByte(text[end]) || text[end] >= 0xe2,
        Symbol.councilYear(of: first) == year
      {
        range = start..<end
        form = .year(first, year)
        return
      }
      guard let (second, end) = text.number(at: firstEnd + 1), end - firstEnd <= 7, second > 0, second < 1000, first > 0 else { return nil }
      let next = text[end]
      guard next != 0x2f, !CitedText.isLetter(next) || Self.isLetterOfNumber(text, at: end), !(next == 0x2e && text.digit(end + 1) != nil)
      else { return nil }
      var prefix = ""
      if text[start - 1] == 0x2d {
        prefix = text.start(of: "ES-", endingAt: start).map { text.isWordStart($0) } == true ? "ES-" : "S-"
        guard prefix == "ES-" || text.start(of: "S-", endingAt: start).map({ text.isWordStart($0) }) == true else { return nil }
      }
      range = (start - prefix.utf8.count)..<end
      form = .session(first, second, prefix: prefix)
      if let (letters, end) = Self.letters(text, end, needsEnd: true) {
        self.letters = letters
        range = range.lowerBound..<end
      }
      return
    }
    var end = firstEnd
    if let (letters, after) = Self.letters(text, end, needsEnd: false), Self.parenthesis(text, after) != nil {
      (self.letters, end) = (letters, after)
    }
    switch Self.parenthesis(text, end) {
    case .year(let year, let end)?:
      guard letters.isEmpty else { return nil }
      form = .year(first, year)
      range = start..<end
    case .roman(let numeral, var end)?:
      form = .roman(first, numeral)
      // "217 (III) A" is an older way.
      if letters.isEmpty, text.spaceLength(end) > 0, let (letters, after) = Self.letters(text, end, needsEnd: true) {
        (self.letters, end) = (letters, after)
      }
      range = start..<end
    case nil:
      letters = []
    }
  }

  // MARK: Letters

  /// "62/243A": a capital that is the last of its word.
  private static func isLetterOfNumber(_ text: CitedText, at index: Int) -> Bool {
    CitedText.isUpper(text[index]) && !CitedText.isWordByte(text[index + 1]) && text.digit(index + 1) == nil
  }

  /// " A", " A to D", " A–D", " A and B", " A, B and C".
  /// - Parameter needsEnd: whether what follows must not be a word that "A" or "I" could be the subject of.
  private static func letters(_ text: CitedText, _ start: Int, needsEnd: Bool) -> ([UInt8], end: Int)? {
    var index = start + text.spaceLength(start)
    guard isLetterOfNumber(text, at: index) else { return nil }
    var letters = [text[index]]
    index += 1
    while letters.count < maximumLetters {
      if let after = joint(text, index, [" to ", " à ", " a ", " al ", "–", "-", " – ", " по "]), isLetterOfNumber(text, at: after),
        text[after] > letters[letters.count - 1]
      {
        letters += (letters[letters.count - 1] + 1)...text[after]
        index = after + 1
      } else if let after = joint(text, index, [" and ", ", ", " et ", " y ", " и "]), isLetterOfNumber(text, at: after),
        text[after] > letters[letters.count - 1], !(text[after + 1] == 0x20 && CitedText.isUpper(text[after + 2]))
      {
        letters.append(text[after])
        index = after + 1
      } else {
        break
      }
    }
    if needsEnd, letters.count == 1, text[index] == 0x20, CitedText.isLetter(text[index + 1]) {
      let ends: [StaticString] = [" and ", " to ", " of ", " or ", " du ", " de ", " del ", " et ", " y ", " in ", " on "]
      guard ends.contains(where: { text.has($0, at: index) }) else { return nil }
    }
    return (letters, index)
  }

  private static func joint(_ text: CitedText, _ index: Int, _ joints: [StaticString]) -> Int? {
    joints.first { text.has($0, at: index) }.map { index + $0.utf8CodeUnitCount }
  }

  // MARK: Parentheses

  private enum Parenthesis {
    case year(Int, end: Int)
    case roman(String, end: Int)
  }

  private static func parenthesis(_ text: CitedText, _ start: Int) -> Parenthesis? {
    var index = text.skipSpaces(start)
    guard index - start <= 2 else { return nil }
    let isWide = text.has("（", at: index)
    guard isWide || text[index] == 0x28 else { return nil }
    index += isWide ? 3 : 1
    func close(_ index: Int) -> Int? { text[index] == 0x29 ? index + 1 : text.has("）", at: index) ? index + 3 : nil }
    if let (year, end) = text.number(at: index) {
      guard (1946...2199).contains(year), let end = close(end) else { return nil }
      return .year(year, end: end)
    }
    let prefix: StaticString = text.has("S-", at: index) ? "S-" : text.has("ES-", at: index) ? "ES-" : ""
    let first = index + prefix.utf8CodeUnitCount
    var end = first
    while "IVXL".utf8.contains(text[end]) { end += 1 }
    guard end > first, end - first <= 8, AssemblySessions.number(roman: text.bytes[first..<end]) != nil, let after = close(end) else {
      return nil
    }
    return .roman(text.string(index..<end), end: after)
  }
}
