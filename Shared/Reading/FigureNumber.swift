extension Figures {
  /// A number as papers print it: groups of thousands, a decimal point or comma.
  struct Decimal {
    var start: Int
    var end: Int
    /// The index of the number after it.
    var next: Int
    /// Digits before and after the point, without leading zeros.
    private(set) var whole: String
    private var part = ""

    /// Printed as a year is.
    private(set) var isYear = false
    var isSmall: Bool { whole.utf8.count <= 2 }
    var isOne: Bool { whole == "1" && part.isEmpty }
    /// Digits of a number; a longer one is none.
    private static let longest = 15

    /// nil where the digits are no number of their own: a time, a date, a list, or one whose mark could mean either.
    init?(_ text: MentionText, _ index: Int) {
      let first = text.numbers[index]
      start = first.start
      end = first.end
      next = index + 1
      guard first.digits <= Self.longest, text.byte(first.end) != 0x2f else { return nil }
      whole = Self.digits(text, first)
      var groups = 0
      var mark = 0
      while next < text.numbers.count {
        let number = text.numbers[next]
        let separator = Self.separator(text, end, number.start)
        guard separator > 0, number.digits == 3, mark == 0 || mark == separator, groups > 0 || first.digits <= 3, groups < 5,
          first.value > 0 || separator == 0x20
        else { break }
        // A space joins groups of three digits only after at most three others that are no zero.
        if separator == 0x20, first.value == 0 { break }
        groups += 1
        mark = separator
        whole += Self.digits(text, number)
        end = number.end
        next += 1
      }
      let isPoint = text.language == "en" || text.language == nil || text.language == "zh"
      // "1,500" in Spanish is that many thousands in half of the Americas, and nowhere three decimals; in French and Russian it could be either.
      if groups == 1, mark == (isPoint ? 0x2e : 0x2c), text.language != "es" || first.value == 0 {
        guard isPoint || first.value == 0 else { return nil }
        part = String(whole.suffix(3))
        whole.removeLast(3)
      } else if next < text.numbers.count,
        text.numbers[next].start == end + 1 || Self.separator(text, end, text.numbers[next].start) == 0x66b,
        [0x2e, 0x2c, 0x66b].contains(Self.separator(text, end, text.numbers[next].start)),
        mark != Self.separator(text, end, text.numbers[next].start)
      {
        guard text.numbers[next].digits <= 6,
          Self.separator(text, end, text.numbers[next].start) != 0x2c || !isPoint || text.language == nil
        else { return nil }
        part = Self.digits(text, text.numbers[next])
        end = text.numbers[next].end
        next += 1
      }
      // What goes on with a mark and a digit is a list, a date or a time.
      if [0x2e, 0x2c, 0x2f, 0x3a].contains(text.byte(end)), isDigit(text.byte(end + 1)) || text.byte(end) == 0x2f { return nil }
      isYear = groups == 0 && part.isEmpty && first.digits == 4 && Dates.years.contains(first.value)
      while whole.utf8.count > 1, whole.utf8.first == 0x30 { whole.removeFirst() }
      guard whole.utf8.count <= Self.longest else { return nil }
    }

    /// The mark between two groups of digits, where nothing else is: 0 = none.
    private static func separator(_ text: MentionText, _ end: Int, _ start: Int) -> Int {
      switch start - end {
      case 1 where [0x2e, 0x2c, 0x20, 0x27].contains(text.byte(end)): Int(text.byte(end))
      case 2 where text.has("\u{a0}", at: end): 0x20
      case 2 where text.has("٬", at: end): 0x66c
      case 2 where text.has("٫", at: end): 0x66b
      case 3 where text.space(at: end) == 3: 0x20
      default: 0
      }
    }

    private static func digits(_ text: MentionText, _ number: MentionText.Number) -> String {
      if number.range.count == number.digits { return text.string(number.range) }
      var digits = ""
      for byte in text.bytes[number.range] {
        if isDigit(byte) { digits.unicodeScalars.append(Unicode.Scalar(byte)) }
        if (0xa0...0xa9).contains(byte) { digits.unicodeScalars.append(Unicode.Scalar(byte - 0xa0 + 0x30)) }
      }
      return digits
    }

    /// Times ten to this power.
    func value(_ power: Int) -> String {
      var part = part
      var whole = whole
      let moved = part.prefix(power)
      whole += moved + String(repeating: "0", count: power - moved.utf8.count)
      part.removeFirst(moved.count)
      while part.utf8.last == 0x30 { part.removeLast() }
      while whole.utf8.count > 1, whole.utf8.first == 0x30 { whole.removeFirst() }
      return part.isEmpty ? whole : "\(whole).\(part)"
    }
  }
}
