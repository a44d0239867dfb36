/// A day of the Gregorian calendar, without a time or a zone.
public struct CalendarDate: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Years that can be written in ISO 8601 with four digits.
  public static let years = 1...9999

  private let packed: UInt32
  public var year: Int { Int(packed >> 16) }
  public var month: Int { Int(packed >> 8 & 0xff) }
  public var day: Int { Int(packed & 0xff) }

  /// nil when there is no such day.
  public init?(year: Int, month: Int, day: Int) {
    guard Self.years.contains(year), (1...12).contains(month), day >= 1, day <= Self.days(in: month, of: year) else { return nil }
    packed = UInt32(year) << 16 | UInt32(month) << 8 | UInt32(day)
  }

  /// "2019-11-26"; nil for anything else.
  public init?(iso text: some StringProtocol) {
    let bytes = Array(text.utf8.prefix(11))
    guard bytes.count == 10, bytes[4] == 0x2d, bytes[7] == 0x2d else { return nil }
    guard let year = Self.number(bytes[0..<4]), let month = Self.number(bytes[5..<7]), let day = Self.number(bytes[8..<10]) else {
      return nil
    }
    self.init(year: year, month: month, day: day)
  }

  /// A day as papers print it, day first: "26 November 2019", "6 OCTOBER 1997", "21 janvier 1994", "1er mars 2001", "17 de mayo de 2000",
  /// "30 декабря 1991 года". The whole text must be the date.
  public init?(written text: some StringProtocol) {
    guard text.utf8.count <= 64 else { return nil }
    let words = text.lowercased().split(whereSeparator: { $0 == " " || $0 == "\u{a0}" || $0 == "\t" }).filter { $0 != "de" && $0 != "del" }
    guard words.count == 3 || words.count == 4 && (words[3] == "года" || words[3] == "г.") else { return nil }
    var first = words[0]
    if first.hasSuffix("er") { first = first.dropLast(2) }
    guard let day = Self.number(ArraySlice(first.utf8)), first.utf8.count <= 2, let month = Self.month(words[1]),
      words[2].utf8.count == 4, let year = Self.number(ArraySlice(words[2].utf8))
    else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// ISO 8601: "2019-11-26".
  public var description: String {
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  public static func < (left: Self, right: Self) -> Bool { left.packed < right.packed }

  private static func days(in month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int? {
    var value = 0
    for digit in digits.prefix(5) {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + Int(digit - 0x30)
    }
    return digits.isEmpty || digits.count > 4 ? nil : value
  }

  /// The month a lowercase word names in English, French, Spanish or Russian (genitive).
  public static func month(_ word: some StringProtocol) -> Int? { months[String(word)] }

  private static let months: [String: Int] = {
    let names = [
      "january february march april may june july august september october november december",
      "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
      "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
      "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    ]
    var table: [String: Int] = [:]
    for line in names { for (index, name) in line.split(separator: " ").enumerated() { table[String(name)] = index + 1 } }
    return table
  }()
}
