/// Ordinals as sessions and years are numbered in the six official languages: "Seventy-fourth", "29th", "Quarante-huitième", "Septuagésimo cuarto", "Тридцать четвертая",
/// "الرابعة والسبعون", "第七十四".
public enum Ordinal {
  /// The highest ordinal that is understood in words of languages other than English.
  static let highestWord = 130

  /// The value of an ordinal in words or digits of either case; nil when it is none, or beyond 999.
  public static func value(_ text: some StringProtocol) -> Int? {
    guard text.utf8.count <= 96 else { return nil }
    if let value = english(text) ?? digits(text) ?? chinese(text) { return value }
    return words[Folded.words(text).filter { $0 != " " }]
  }

  private static func english(_ text: some StringProtocol) -> Int? {
    let words = text.lowercased().split(whereSeparator: { $0 == "-" || $0 == " " || $0 == "\u{2011}" || $0 == "\u{2010}" })
    guard var last = words.last, words.count <= 5 else { return nil }
    var value = 0
    // "Fiftyfourth": the hyphen of a line's end is lost in some text layers.
    if words.count == 1, ordinals[String(last)] == nil, let tens = cardinals.first(where: { $0.value >= 20 && last.hasPrefix($0.key) }) {
      value = tens.value
      last = last.dropFirst(tens.key.utf8.count)
    }
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

  /// "29th", "79e", "79ème", "1re", "79º", "79-я", "第74".
  private static func digits(_ text: some StringProtocol) -> Int? {
    let text = text.hasPrefix("第") ? text.dropFirst() : text[text.startIndex...]
    let number = text.prefix { $0.isASCII && $0.isNumber }
    guard let value = Int(number), (1...999).contains(value), number.utf8.count <= 3 else { return nil }
    let suffix = text[number.endIndex...].lowercased()
    return suffixes.contains(suffix) ? value : nil
  }

  private static let suffixes: Set<String> = [
    "", "st", "nd", "rd", "th", "e", "er", "re", "ère", "ème", "eme", "º", "°", "ª", ".º", ".ª", "o", "a", "-я", "-й", "-го", "-е",
  ]

  /// "第七十四", also without 第.
  private static func chinese(_ text: some StringProtocol) -> Int? {
    let text = text.hasPrefix("第") ? text.dropFirst() : text[text.startIndex...]
    guard (1...7).contains(text.count) else { return nil }
    var value = 0
    var digit = 0
    for character in text {
      if let found = "零一二三四五六七八九".firstIndex(of: character) {
        digit = "零一二三四五六七八九".distance(from: "零一二三四五六七八九".startIndex, to: found)
      } else if character == "十" {
        value += max(1, digit) * 10
        digit = 0
      } else if character == "百" {
        value += max(1, digit) * 100
        digit = 0
      } else {
        return nil
      }
    }
    return (1...999).contains(value + digit) ? value + digit : nil
  }

  private static let cardinals: [String: Int] = [
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
  ]
  private static let ordinals: [String: Int] = [
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
    "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17,
    "eighteenth": 18,
    "nineteenth": 19, "twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80,
    "ninetieth": 90,
  ]

  // MARK: French, Spanish, Russian, Arabic, folded and written together

  private static let words: [String: Int] = {
    var table: [String: Int] = [:]
    for number in 1...highestWord {
      for word in french(number) + spanish(number) + russian(number) + arabic(number) {
        table[Folded.words(word).filter { $0 != " " }] = number
      }
    }
    return table
  }()

  private static let frenchUnits = [
    "", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze",
    "seize",
  ]

  private static func frenchCardinal(_ number: Int) -> String {
    switch number {
    case 0...16: frenchUnits[number]
    case 17...19: "dix " + frenchUnits[number - 10]
    case 100...: "cent " + frenchCardinal(number - 100)
    case 80...: "quatre vingt " + frenchCardinal(number - 80)
    case 60...: "soixante " + (number == 61 || number == 71 ? "et " : "") + frenchCardinal(number - 60)
    default:
      ["", "", "vingt", "trente", "quarante", "cinquante"][number / 10] + (number % 10 == 1 ? " et " : " ") + frenchUnits[number % 10]
    }
  }

  private static func french(_ number: Int) -> [String] {
    if number == 1 { return ["premier", "première"] }
    var stem = frenchCardinal(number)
    while stem.hasSuffix(" ") { stem.removeLast() }
    if stem.hasSuffix("e") { stem.removeLast() }
    if stem.hasSuffix("cinq") { stem += "u" }
    if stem.hasSuffix("neuf") { stem = stem.dropLast() + "v" }
    let plain = stem + "ième"
    return number == 2 ? [plain, "second", "seconde"] : [plain, plain.split(separator: " et ").joined(separator: " ")]
  }

  private static let spanishUnits = ["", "primer", "segund", "tercer", "cuart", "quint", "sext", "séptim", "octav", "noven"]
  private static let spanishTens = [
    "", "décim", "vigésim", "trigésim", "cuadragésim", "quincuagésim", "sexagésim", "septuagésim", "octogésim", "nonagésim", "centésim",
    "centésim decim",
    "centésim vigésim", "centésim trigésim",
  ]

  private static func spanish(_ number: Int) -> [String] {
    let (tens, unit) = (spanishTens[number / 10], spanishUnits[number % 10])
    func endings(_ stem: String) -> [String] { stem.hasSuffix("r") ? [stem, stem + "o", stem + "a"] : [stem + "o", stem + "a"] }
    if tens.isEmpty { return endings(unit) }
    let spelled = tens.split(separator: " ").map { $0 + "o" }.joined()
    let feminine = tens.split(separator: " ").map { $0 + "a" }.joined()
    if unit.isEmpty { return [spelled, feminine] }
    let extra = number == 11 ? ["undécimo", "undécima"] : number == 12 ? ["duodécimo", "duodécima"] : []
    let joined = tens.split(separator: " ").joined()
    let stems = [spelled, feminine, joined + "o", joined]
    return endings(unit).flatMap { ending in stems.map { $0 + ending } } + extra
  }

  private static let russianUnits = ["", "перв", "втор", "треть", "четверт", "пят", "шест", "седьм", "восьм", "девят"]
  private static let russianTeens = [
    "десят", "одиннадцат", "двенадцат", "тринадцат", "четырнадцат", "пятнадцат", "шестнадцат", "семнадцат", "восемнадцат", "девятнадцат",
  ]
  private static let russianTens = [
    "", "", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят", "девяносто", "сто", "сто десять",
    "сто двадцать", "сто тридцать",
  ]
  private static let russianRound = [
    "", "десят", "двадцат", "тридцат", "сороков", "пятидесят", "шестидесят", "семидесят", "восьмидесят", "девяност", "сот", "сто десят",
    "сто двадцат", "сто тридцат",
  ]

  private static func russian(_ number: Int) -> [String] {
    func endings(_ stem: String) -> [String] { ["ая", "ый", "ой", "я", "ий", "ое", "ей", "ого"].map { stem + $0 } }
    let unit = number % 10
    if unit == 0 { return endings(russianRound[number / 10]) }
    if number % 100 / 10 == 1 { return endings((number > 100 ? "сто " : "") + russianTeens[unit]) }
    if number == 3 { return endings("треть") + endings("трет") }
    return endings(russianTens[number / 10] + " " + russianUnits[unit]) + (unit == 3 ? endings(russianTens[number / 10] + " трет") : [])
  }

  private static let arabicUnits = [
    "", "الأولى", "الثانية", "الثالثة", "الرابعة", "الخامسة", "السادسة", "السابعة", "الثامنة", "التاسعة", "العاشرة",
  ]
  private static let arabicTens = ["", "", "العشر", "الثلاث", "الأربع", "الخمس", "الست", "السبع", "الثمان", "التسع"]

  private static func arabic(_ number: Int) -> [String] {
    if number <= 10 { return [arabicUnits[number]] }
    if number >= 100 { return number == 100 ? ["المائة"] : arabic(number - 100).map { $0 + " بعد المائة" } }
    let unit = number % 10 == 1 ? "الحادية" : arabicUnits[number % 10]
    if number < 20 { return [unit + " عشرة"] }
    return ["ون", "ين"].map { (unit.isEmpty ? "" : unit + " و") + arabicTens[number / 10] + $0 }
  }
}
