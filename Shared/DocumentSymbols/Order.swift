extension Symbol {
  /// The order people expect: part by part, numbers by their value (`A/74/9` before `A/74/10`), Roman ones too, a base before what was added to it, and
  /// that before the next number.
  public static func < (left: Self, right: Self) -> Bool {
    var (a, b) = (Tokens(left.text), Tokens(right.text))
    while true {
      switch (a.next(), b.next()) {
      case (nil, nil): return left.text < right.text
      case (nil, _): return true
      case (_, nil): return false
      case (let one?, let other?) where one != other: return one < other
      default: continue
      }
    }
  }

  /// Numbers and single bytes of a canonical text, each as a number: the slash first, then numbers by value, then the other bytes.
  private struct Tokens {
    private var rest: Substring.UTF8View
    private var isAfterOpening = false

    init(_ text: String) { rest = text[...].utf8 }

    mutating func next() -> UInt64? {
      guard let byte = rest.first else { return nil }
      let digits = rest.prefix { $0.isDigit }
      if !digits.isEmpty {
        rest = rest.dropFirst(digits.count)
        // Beyond seventeen digits the first ones decide, and at last the text.
        return 1 + digits.prefix(17).reduce(0) { $0 * 10 + UInt64($1 - 0x30) }
      }
      // "(XXX)", "(Part II)"
      if isAfterOpening, let close = rest.firstIndex(of: UInt8(ascii: ")")), let value = rest[..<close].roman {
        isAfterOpening = false
        rest = rest[close...]
        return 1 + UInt64(value)
      }
      isAfterOpening = byte == UInt8(ascii: "(") || byte == UInt8(ascii: " ")
      rest.removeFirst()
      return byte == UInt8(ascii: "/") ? 0 : UInt64.max - 256 + UInt64(byte)
    }
  }
}
