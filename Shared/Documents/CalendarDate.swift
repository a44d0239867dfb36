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

  /// A day as papers print it in the six official languages: "26 November 2019", "6 OCTOBER 1997", "21 janvier 1994", "1er mars 2001", "17 de mayo de 2000",
  /// "30 декабря 1991 года", "26 تشرين الثاني/نوفمبر 2019", "2019年11月26日"; also "September 27, 2024". The whole text must be the date.
  public init?(written text: some StringProtocol) {
    guard text.utf8.count <= 80, text.utf8.contains(where: { $0 < 0x3a && $0 >= 0x30 || $0 >= 0xd9 }) else { return nil }
    if text.contains("年") {
      self.init(chinese: text)
      return
    }
    var words = text.lowercased().split(whereSeparator: { " \u{a0}\t,".contains($0) }).filter { $0 != "de" && $0 != "del" && $0 != "of" }
    if let last = words.last, ["года", "г", "г."].contains(last) { words.removeLast() }
    guard (3...5).contains(words.count), let year = Self.number(words[words.count - 1], 4) else { return nil }
    let month: Substring
    let day: Int?
    if let named = Self.day(words[0]) {
      day = named
      month = words.count == 3 ? words[1] : Substring(words[1..<(words.count - 1)].joined(separator: " "))
    } else {
      guard words.count == 3 else { return nil }
      day = Self.day(words[1])
      month = words[0]
    }
    // Arabic papers give both names of a month.
    let name = month.split(separator: "/").last ?? month
    guard let day, let month = Self.month(name) ?? Self.month(month.split(separator: "/").first ?? month) else { return nil }
    self.init(year: year, month: month, day: day)
  }

  /// "26", "1er", "27th", "1º".
  private static func day(_ word: Substring) -> Int? {
    let digits = word.prefix { $0.isNumber }
    guard ["", "er", "st", "nd", "rd", "th", "º", "°", ".º"].contains(word[digits.endIndex...]) else { return nil }
    return number(digits, 1...2)
  }

  private static func number(_ word: Substring, _ length: Int) -> Int? { number(word, length...length) }

  /// ASCII or Arabic-Indic digits.
  private static func number(_ word: Substring, _ lengths: ClosedRange<Int>) -> Int? {
    var value = 0
    guard lengths.contains(word.unicodeScalars.count) else { return nil }
    for scalar in word.unicodeScalars {
      switch scalar.value {
      case 0x30...0x39: value = value * 10 + Int(scalar.value - 0x30)
      case 0x660...0x669: value = value * 10 + Int(scalar.value - 0x660)
      default: return nil
      }
    }
    return value
  }

  private init?(chinese text: some StringProtocol) {
    let numbers = text.split(whereSeparator: { "年月日 ".contains($0) }).map { Substring($0) }
    guard numbers.count == 3, text.contains("月"), let year = Self.number(numbers[0], 4), let month = Self.number(numbers[1], 1...2),
      let day = Self.number(numbers[2], 1...2)
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

  /// The month a lowercase word names in English, French, Spanish, Russian (genitive) or Arabic.
  public static func month(_ word: some StringProtocol) -> Int? { months[String(word)] }

  /// Of lowercase words, and of several where a month has as many.
  package static let months: [String: Int] = {
    let names = [
      "january february march april may june july august september october november december",
      "jan feb mar apr may jun jul aug sept oct nov dec",
      "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
      "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
      "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
      "enero febrero marzo abril mayo junio julio agosto setiembre octubre noviembre diciembre",
      "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
      "يناير فبراير مارس أبريل مايو يونيه يوليه أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
      "يناير فبراير مارس ابريل أيار يونيو يوليو آب أيلول اكتوبر نوفمبر ديسمبر",
      "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
    ]
    var table: [String: Int] = [:]
    for line in names {
      for (index, name) in line.split(separator: " ").enumerated() { table[name.split(separator: "_").joined(separator: " ")] = index + 1 }
    }
    return table
  }()
}
