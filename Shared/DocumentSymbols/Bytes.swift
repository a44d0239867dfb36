/// Small questions about ASCII bytes.
extension UInt8 {
  var isDigit: Bool { (0x30...0x39).contains(self) }
  var isUpper: Bool { (0x41...0x5a).contains(self) }
  var isLetter: Bool { (0x41...0x5a).contains(self & 0xdf) }
  var uppercased: UInt8 { (0x61...0x7a).contains(self) ? self & 0xdf : self }
}

extension Collection where Element == UInt8 {
  /// The value of one to nine digits, nil for anything else.
  var decimal: Int? {
    guard !isEmpty, count <= 9, allSatisfy(\.isDigit) else { return nil }
    return reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  /// The value of a Roman numeral in capitals up to CCCXCIX, written as papers write it; nil for anything else.
  var roman: Int? {
    guard !isEmpty, count <= 12 else { return nil }
    var value = 0
    var before = Int.max
    for byte in self {
      let digit: Int
      switch byte {
      case UInt8(ascii: "I"): digit = 1
      case UInt8(ascii: "V"): digit = 5
      case UInt8(ascii: "X"): digit = 10
      case UInt8(ascii: "L"): digit = 50
      case UInt8(ascii: "C"): digit = 100
      default: return nil
      }
      if digit > before { value += digit - 2 * before } else { value += digit }
      before = digit
    }
    return value < 400 && romanNumeral(value).utf8.elementsEqual(self) ? value : nil
  }
}

/// A number below 400 in Roman numerals, as papers write it.
package func romanNumeral(_ value: Int) -> String {
  var left = value
  var text = ""
  for (digit, letters) in [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")] {
    while left >= digit {
      left -= digit
      text += letters
    }
  }
  return text
}

extension ArraySlice<UInt8> {
  var trimmed: ArraySlice<UInt8> {
    var slice = self
    while slice.first == 0x20 { slice.removeFirst() }
    while slice.last == 0x20 { slice.removeLast() }
    return slice
  }

  /// Whether it begins with the ASCII words in any case.
  func begins(with words: StaticString) -> Bool {
    guard count >= words.utf8CodeUnitCount else { return false }
    return words.withUTF8Buffer { zip($0, self).allSatisfy { $0.uppercased == $1.uppercased } }
  }

  /// Whether it ends with the ASCII words in any case.
  func ends(with words: StaticString) -> Bool {
    count >= words.utf8CodeUnitCount && suffix(words.utf8CodeUnitCount).begins(with: words)
  }

  var text: String { String(decoding: self, as: UTF8.self) }
}
