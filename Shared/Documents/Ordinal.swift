/// English ordinals as sessions are numbered: "Seventy-fourth", "Tenth", "One hundred and first", "29th".
public enum Ordinal {
  /// The value of an ordinal in words or digits of either case; nil when it is none, or beyond 999.
  public static func value(_ text: some StringProtocol) -> Int? {
    guard text.utf8.count <= 64 else { return nil }
    let words = text.lowercased().split(whereSeparator: { $0 == "-" || $0 == " " || $0 == "\u{2011}" || $0 == "\u{2010}" })
    guard let last = words.last, words.count <= 5 else { return nil }
    if words.count == 1, let suffix = ["st", "nd", "rd", "th"].first(where: { last.hasSuffix($0) }),
      let value = Int(last.dropLast(suffix.count))
    {
      return (1...999).contains(value) ? value : nil
    }
    var value = 0
    for word in words.dropLast() {
      switch word {
      case "and": continue
      case "hundred" where (1...9).contains(value): value *= 100
      default:
        guard let part = cardinals[String(word)], part < 10 ? value % 10 == 0 : value % 100 == 0 else { return nil }
        value += part
      }
    }
    if last == "hundredth" { return (1...9).contains(value) ? value * 100 : nil }
    guard let part = ordinals[String(last)] else { return nil }
    guard part < 10 ? value % 10 == 0 : value % 100 == 0 else { return nil }
    return value + part
  }

  private static let cardinals: [String: Int] = [
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "twenty": 20, "thirty": 30,
    "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
  ]
  private static let ordinals: [String: Int] = [
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11,
    "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18,
    "nineteenth": 19,
    "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90,
  ]
}
