/// Sums, shares, measures and counts: numbers with a unit, or a noun of what is counted.
struct Figures {
  struct Found: Equatable {
    var range: Range<Int>
    /// Digits with an optional point, magnitudes multiplied out.
    var value: String
    var unit: String?
  }

  private let text: MentionText

  static func find(in text: MentionText, besides dates: [Range<Int>]) -> [Found] {
    guard !text.numbers.isEmpty else { return [] }
    let figures = Figures(text: text)
    var found: [Found] = []
    var index = 0
    var date = 0
    while index < text.numbers.count {
      let number = text.numbers[index]
      while date < dates.count, dates[date].upperBound <= number.start { date += 1 }
      if date < dates.count, dates[date].lowerBound < number.end {
        index += 1
        continue
      }
      guard let decimal = Decimal(text, index) else {
        index += 1
        continue
      }
      if let figure = figures.figure(decimal, at: index), date >= dates.count || figure.range.upperBound <= dates[date].lowerBound,
        found.last.map({ $0.range.upperBound <= figure.range.lowerBound }) ?? true
      {
        found.append(figure)
      }
      index = decimal.next
    }
    return found
  }

  // MARK: One figure

  private func figure(_ number: Decimal, at index: Int) -> Found? {
    let currency = currency(before: number.start)
    guard currency != nil || isFree(before: number.start) else { return nil }
    let (power, end) = magnitude(number.end)
    if let currency {
      guard text.letter(at: number.end) == 0 || end > number.end || text.byte(number.end) >= 0xe3 else { return nil }
      return Found(range: currency.lowerBound..<end, value: number.value(power), unit: text.string(currency))
    }
    if let unit = unit(after: end, number, hasMagnitude: power > 0) {
      guard power > 0 || !isReference(before: number.start) || unit.isSure else { return nil }
      return Found(range: number.start..<unit.range.upperBound, value: number.value(power), unit: text.string(unit.range))
    }
    if let share = chineseShare(number) { return share }
    return borrowed(number, power, end)
  }

  /// "20 to 30 per cent", "between 10 and 15 million people": the first has the unit of the second.
  private func borrowed(_ number: Decimal, _ power: Int, _ end: Int) -> Found? {
    guard number.next < text.numbers.count, !isReference(before: number.start) else { return nil }
    let second = text.numbers[number.next].start
    let (begin, stop) = (text.afterSpaces(end), text.beforeSpaces(second))
    guard begin < stop, stop - begin <= 8, Self.connectors.contains(text.key(begin..<stop)), let next = Decimal(text, number.next) else {
      return nil
    }
    let (nextPower, nextEnd) = magnitude(next.end)
    guard let unit = unit(after: nextEnd, next, hasMagnitude: nextPower > 0), unit.isSure else { return nil }
    let isSmall = number.whole.count <= 3
    return Found(
      range: number.start..<end, value: number.value(power > 0 ? power : isSmall ? nextPower : 0), unit: text.string(unit.range))
  }

  private static let connectors: WordSet = [
    "to", "and", "or", "-", "–", "à", "et", "ou", "a", "y", "o", "до", "и", "или", "إلى", "至", "到",
  ]

  /// Whether the number begins on its own: not in a symbol, time, word or telephone number.
  private func isFree(before start: Int) -> Bool {
    guard start > 0 else { return true }
    switch text.byte(start - 1) {
    case 0x20, 0x09, 0x0a, 0x28, 0x22, 0x5b: break
    case 0x2d: return isDigit(text.byte(start - 2))
    case 0xab, 0xa0, 0xaf, 0x9c, 0x98, 0x99, 0x93, 0x94:
      // Quotes, spaces that do not break, dashes; not the last byte of a letter.
      return text.letter(at: text.scalarStart(before: start)) == 0 || text.byte(text.scalarStart(before: start)) >= 0xe3
    default:
      let before = text.scalarStart(before: start)
      return text.byte(before) >= 0xe3 && text.byte(before) <= 0xe9 || text.byte(before) == 0xef || text.has("و", at: before)
        || text.has("ب", at: before) || text.has("ل", at: before)
    }
    return true
  }

  private func isReference(before start: Int) -> Bool {
    let word = text.word(before: start)
    if word.isEmpty {
      // "No. 5", "paras. 4".
      let place = text.beforeSpaces(start)
      guard text.byte(place - 1) == 0x2e else { return text.has("№", before: place) || text.has("第", before: place) }
      return MentionWords.references.contains(text.key(before: place - 1))
    }
    if MentionWords.references.contains(text.key(word)) { return true }
    // "paragraphs 4, 5 and 6", "Group of 77".
    let earlier = text.word(before: word.lowerBound)
    guard Self.joints.contains(text.key(word)) else { return text.has("第", before: word.lowerBound) }
    return Self.groups.contains(text.key(earlier)) && text.isCapitalised(earlier)
  }

  private static let joints: WordSet = ["of", "and", "y", "et", "и", "or", "de", "to"]
  private static let groups: WordSet = ["group", "groupe", "grupo"]

  // MARK: Units

  private struct Unit {
    var range: Range<Int>
    /// Of the tables, where any number before it is a figure.
    var isSure: Bool
  }

  private func unit(after end: Int, _ number: Decimal, hasMagnitude: Bool) -> Unit? {
    if text.byte(end) == 0x25 { return Unit(range: end..<end + 1, isSure: true) }
    if text.has("٪", at: end) { return Unit(range: end..<end + 2, isSure: true) }
    var place = text.afterSpaces(end)
    if text.byte(place) == 0x25 { return Unit(range: place..<place + 1, isSure: true) }
    for mark in ["€", "£", "¥", "$", "₽", "US$", "°C", "‰"] as [StaticString] where text.has(mark, at: place) {
      return Unit(range: place..<place + mark.utf8CodeUnitCount, isSure: true)
    }
    if text.byte(place) >= 0xe3 { return chinese(place) }
    guard place > end || text.letter(at: end) > 0 else { return nil }
    let isTight = place == end
    var word = text.word(at: place)
    guard !word.isEmpty else { return nil }
    if hasMagnitude, Self.ofUnits.contains(text.key(word)) {
      place =
        text.byte(word.upperBound) == 0x27
        ? word.upperBound + 1 : text.has("’", at: word.upperBound) ? word.upperBound + 3 : word.upperBound
      word = text.word(at: place)
      if Self.determiners.contains(text.key(word)) { return nil }
    }
    if let several = phrase(word) { return Unit(range: several, isSure: true) }
    let key = text.key(word)
    if Self.lengths.contains(key), let power = power(after: word.upperBound) { return Unit(range: word.lowerBound..<power, isSure: true) }
    if isTight { return Self.tight.contains(text.string(word)) ? Unit(range: word, isSure: true) : nil }
    if MentionWords.counted.contains(key) { return Unit(range: word, isSure: key != "states") }
    if Self.currencies.contains(key) { return Unit(range: word, isSure: true) }
    return noun(word, number, hasMagnitude)
  }

  /// After the "2" or "²" of "km2".
  private func power(after end: Int) -> Int? {
    if text.has("²", at: end) || text.has("³", at: end) { return end + 2 }
    return (text.byte(end) == 0x32 || text.byte(end) == 0x33) && !isDigit(text.byte(end + 1)) && text.letter(at: end + 1) == 0
      ? end + 1 : nil
  }

  private static let ofUnits: WordSet = ["of", "de", "d"]
  private static let determiners: WordSet = ["the", "los", "las", "les", "our", "its", "their", "these"]
  private static let lengths: WordSet = ["km", "m", "cm", "км", "м"]
  private static let tight: Set<String> = ["km", "kg", "m", "cm", "mm", "ha", "kW", "MW", "GW", "mg", "км", "кг"]
  private static let currencies: WordSet = [
    "dollar", "dollars", "euro", "euros", "franc", "francs", "pound", "pounds", "rouble", "roubles", "ruble", "rubles", "yen", "yuan",
    "rupees", "pesos", "peso", "dólares", "dólar", "dinars",
    "dirhams", "shillings", "rand", "riyals", "krone", "kroner", "crowns", "cents", "доллар", "доллара", "долларов", "рублей", "рубля",
    "долл", "dollari", "usd", "eur", "chf",
  ]

  /// Units of several words: "per cent", "square kilometres", "United States dollars", "в процентах".
  private func phrase(_ first: Range<Int>) -> Range<Int>? {
    let key = text.key(first)
    if Self.percents.contains(key) { return first }
    guard let seconds = Self.phrases[key] else { return nil }
    var end = first.upperBound
    var matched: Range<Int>?
    var words = ""
    for _ in 0..<4 {
      let word = text.word(at: text.byte(end) == 0x2e && key == "долл" || text.byte(end) == 0x2e && key == "кв" ? end + 1 : end)
      guard !word.isEmpty, word.lowerBound - end <= 3 else { break }
      words += (words.isEmpty ? "" : " ") + text.string(word).lowercased()
      end = word.upperBound
      if seconds.contains(words) { matched = first.lowerBound..<end }
    }
    return matched
  }

  private static let percents: WordSet = ["percent", "процентов", "процента", "процент", "проц"]
  private static let phrases: WordTable<Set<String>> = [
    "per": ["cent", "thousand", "mille"], "pour": ["cent", "mille"], "por": ["ciento", "mil"], "في": ["المائة", "المئة", "المية"],
    "بالمائة": [],
    "square": [
      "kilometres", "kilometers", "miles", "metres", "meters", "kilometre", "mile", "km", "feet",
    ],
    "cubic": ["metres", "meters", "kilometres"], "nautical": ["miles"], "light": ["years"], "metric": ["tons", "tonnes"],
    "kilomètres": ["carrés"], "mètres": ["carrés", "cubes"], "milles": ["marins", "nautiques"], "kilómetros": ["cuadrados"],
    "metros": ["cuadrados", "cúbicos"],
    "millas": ["náuticas", "marinas"], "квадратных": ["километров", "метров"], "кв": ["км", "м"], "морских": ["миль"], "كيلومتر": ["مربع"],
    "كيلومترا": ["مربعا"],
    "united": ["states dollars", "states dollar", "kingdom pounds"], "us": ["dollars", "dollar"], "american": ["dollars"],
    "canadian": ["dollars"], "swiss": ["francs"],
    "dollars": ["des états-unis", "des etats-unis", "des états", "américains", "per day"],
    "dólares": ["de los estados unidos", "estadounidenses", "de los ee"],
    "долларов": ["сша"], "доллара": ["сша"], "доллар": ["сша"], "долл": ["сша"], "دولار": ["أمريكي", "من دولارات"], "pounds": ["sterling"],
    "member": ["states", "countries"],
    "states": ["parties", "members"], "états": ["membres", "parties"], "estados": ["miembros", "partes"], "государств": ["членов"],
    "developing": ["countries"],
    "developed": ["countries"], "years": ["ago of"],
  ]

  /// A noun of the language's own plural after the number, at most two adjectives between.
  private func noun(_ first: Range<Int>, _ number: Decimal, _ hasMagnitude: Bool) -> Unit? {
    guard !number.isOne || hasMagnitude, !isReferenceOrName(number.start) else { return nil }
    if !hasMagnitude, number.isYear || number.isSmall && isMarked(number.start) { return nil }
    var word = first
    var words = 0
    while words < 3 {
      let key = text.key(word)
      guard word.count >= 4 || MentionWords.counted.contains(key), !Self.stops.contains(key) else { return nil }
      if MentionWords.counted.contains(key) || isState(key) { return Unit(range: word, isSure: false) }
      guard !text.isCapitalised(word) || words < 2 && isPeoples(key) else { return nil }
      if isPlural(key) { return Unit(range: word, isSure: false) }
      guard text.isEnglish || Self.adjectives.contains(key) || isRussianAdjective(key) else { return nil }
      let end = word.upperBound
      let joint = text.byte(end) == 0x2d ? end + 1 : end
      word = text.word(at: joint)
      guard !word.isEmpty, word.lowerBound - end <= 2 else { return nil }
      words += 1
    }
    return nil
  }

  /// "Austrian soldiers", "Vietnamese refugees".
  private func isPeoples(_ key: Word) -> Bool {
    text.isEnglish && key.hasSuffix(["an", "ese", "ish", "ani", "aqi", "eli", "ic", "nch", "lipino", "can"])
  }

  private func isState(_ key: Word) -> Bool { Self.states.contains(key) }

  private static let states: WordSet = ["states", "parties", "governments", "états", "estados", "государств"]

  /// Words that end as plurals do in the text's language, and are none of its common verbs and joints.
  private func isPlural(_ key: Word) -> Bool {
    switch text.language {
    case "en", nil: key.hasSuffix("s") && !key.hasSuffix(["ss", "us", "is", "as", "'s"]) && !Self.verbs.contains(key)
    case "fr": (key.hasSuffix("s") || key.hasSuffix("x")) && !Self.adjectives.contains(key)
    case "es": key.hasSuffix("s") && !Self.adjectives.contains(key)
    case "ru": key.hasSuffix(["ов", "ев", "цев", "ций", "сий", "телей", "ний", "ок", "ах", "ях", "ами", "ями"])
    default: false
    }
  }

  private func isRussianAdjective(_ key: Word) -> Bool { text.language == "ru" && (key.hasSuffix("ых") || key.hasSuffix("их")) }

  /// Whether the number may be a footnote's mark: a small one after a word that introduces no number.
  private func isMarked(_ start: Int) -> Bool {
    let word = text.word(before: start)
    guard !word.isEmpty else { return false }
    let key = text.key(word)
    return !Self.openers.contains(key) && !key.hasSuffix("ed") && !key.hasSuffix("ing") && text.byte(word.lowerBound) < 0xd0
  }

  private func isReferenceOrName(_ start: Int) -> Bool {
    if isReference(before: start) { return true }
    let word = text.word(before: start)
    guard !word.isEmpty, text.isCapitalised(word) else { return false }
    // A capital that begins a sentence is no name's.
    return !Self.openers.contains(text.key(word))
  }

  private static let openers: WordSet = [
    "the", "some", "over", "about", "in", "of", "at", "more", "nearly", "almost", "only", "these", "those", "for", "with", "by", "on",
    "les", "los", "las", "quelque", "plus", "más",
    "unos", "en", "около", "более", "свыше", "from", "our", "its", "their", "all", "another", "last", "and", "to", "approximately",
    "around", "than", "after", "within",
    "are", "were", "was", "is", "has", "have", "had", "that", "into", "between", "among", "every", "each", "additional", "further", "least",
    "most", "past", "next", "first", "other", "or",
    "de", "des", "dans", "pour", "avec", "par", "et", "ses", "nos", "nous", "avons", "sont", "a", "ont", "aux", "quelques", "les", "leurs",
    "au", "à", "sur", "d", "environ", "moins",
    "del", "para", "con", "por", "y", "sus", "hemos", "son", "ha", "han", "unas", "casi", "menos", "entre", "estos", "estas", "otros",
    "otras", "como", "o", "e", "our", "his", "her",
    "be", "been", "as", "up", "only", "just", "some", "any", "my", "your", "other", "total", "estimated", "average", "number", "toward",
    "against", "upon", "via", "through", "during",
  ]
  private static let stops: WordSet = [
    "and", "or", "of", "in", "to", "the", "per", "for", "with", "on", "at", "by", "from", "that", "which", "was", "were", "has", "have",
    "had", "is", "are", "as", "its", "this", "these",
    "those", "into", "under", "above", "below", "also", "will", "shall", "would", "should", "could", "can", "may", "must", "been", "being",
    "their", "our", "others", "other", "when",
    "where", "who", "whose", "than", "then", "there", "they", "plus", "minus", "times", "versus", "dans", "sous", "sans", "plus", "mais",
    "nous", "vous", "leurs", "dont", "selon",
    "depuis", "après", "vers", "très", "tous", "toutes", "pas", "los", "las", "más", "menos", "nos", "sus", "después", "además", "antes",
    "entonces", "tras", "para", "between", "during",
    "since", "until", "over", "about", "not", "but", "such", "herein", "thereof", "entitled", "adopted", "against", "through", "after",
    "before", "while", "ses", "des", "les", "ces",
    "across", "perhaps", "always", "towards", "besides", "unless", "whereas", "thus", "parts", "без", "того", "его", "этого", "года",
    "годов", "also", "calls",
  ]
  private static let verbs: WordSet = [
    "calls", "requests", "decides", "urges", "emphasizes", "stresses", "recognizes", "reaffirms", "states", "provides", "requires", "says",
    "does", "goes", "makes", "takes", "gives", "shows",
    "notes", "recalls", "contains", "remains", "refers", "reads", "invites", "encourages", "welcomes", "expresses", "takes", "sets",
    "deals", "includes", "concerns", "seeks", "means",
    "became", "becomes", "comes", "applies", "constitutes", "affirms", "declares", "demands", "condemns", "considers", "covers", "marks",
    "represents", "serves", "stands", "begins", "ends",
    "continues", "follows", "appears", "lies", "needs", "enters", "mandates", "stipulates", "obliges", "prohibits", "guarantees", "allows",
    "speaks", "adds",
  ]
  private static let adjectives: WordSet = [
    "nouveaux", "nouvelles", "autres", "grands", "grandes", "petits", "petites", "premiers", "premières", "derniers", "dernières", "jeunes",
    "principaux", "principales", "différents",
    "différentes", "divers", "diverses", "nombreux", "prochains", "prochaines", "seuls", "meilleurs",
    "nuevos", "nuevas", "otros", "otras", "grandes", "primeros", "primeras", "últimos", "últimas", "jóvenes", "principales", "próximos",
    "próximas", "demás", "pequeños", "diferentes",
    "distintos", "valientes", "largos", "buenos",
  ]

  // MARK: Money and magnitudes

  /// "$", "US$", "US $", "€", "USD" before a number.
  private func currency(before start: Int) -> Range<Int>? {
    let place = text.beforeSpaces(start)
    guard start - place <= 3 else { return nil }
    // What a mark or code ends with.
    switch text.byte(place - 1) {
    case 0x24, 0xa3, 0xa5, 0xac, UInt8(ascii: "D"), UInt8(ascii: "F"), UInt8(ascii: "P"), UInt8(ascii: "R"), UInt8(ascii: "S"): break
    default: return nil
    }
    for mark in ["US$", "US $", "$US", "A$", "Can$", "C$", "NZ$", "HK$", "EC$", "$", "€", "£", "¥", "￥"] as [StaticString]
    where text.has(mark, before: place) {
      let begin = place - mark.utf8CodeUnitCount
      let previous = text.byte(begin - 1)
      return mark.utf8CodeUnitCount == 1 && isUpper(previous) && text.byte(begin) == 0x24 ? symbolWord(begin, place) : begin..<place
    }
    guard place < start || start > 3 else { return nil }
    let word = text.word(before: place)
    guard word.count == 3, ["USD", "EUR", "CHF", "GBP"].contains(text.string(word)) else { return nil }
    return word
  }

  /// "SwF$"-like marks as they are printed.
  private func symbolWord(_ begin: Int, _ end: Int) -> Range<Int> { text.word(before: begin).lowerBound..<end }

  /// A word of magnitude after the number, and where it ends.
  private func magnitude(_ end: Int) -> (power: Int, end: Int) {
    let place = text.afterSpaces(end)
    if text.byte(place) >= 0xe3 {
      for (word, power) in Self.chineseMagnitudes where text.has(word, at: place) { return (power, place + word.utf8CodeUnitCount) }
      return (0, end)
    }
    guard place > end, place - end <= 3 else {
      // "$5m", "$5bn".
      let word = text.word(at: end)
      return ["m": 6, "bn": 9, "mn": 6][text.string(word)].map {
        currency(before: numberStart(end)) == nil ? (0, end) : ($0, word.upperBound)
      } ?? (0, end)
    }
    var word = text.word(at: place)
    guard var power = MentionWords.magnitudes[text.key(word)] else { return (0, end) }
    // "2 mil millones", "тыс."
    let second = text.word(at: word.upperBound)
    if let more = MentionWords.magnitudes[text.key(second)], !second.isEmpty, second.lowerBound - word.upperBound <= 2 {
      power += more
      word = word.lowerBound..<second.upperBound
    }
    let stop = text.byte(word.upperBound) == 0x2e && Self.shortened.contains(text.key(place..<word.upperBound))
    return (power, word.upperBound + (stop ? 1 : 0))
  }

  private static let shortened: WordSet = ["тыс", "млн", "млрд", "трлн", "mn", "bn"]

  private func numberStart(_ end: Int) -> Int {
    var start = end
    while start > 0, end - start < 20, isDigit(text.byte(start - 1)) || [0x2e, 0x2c].contains(text.byte(start - 1)) { start -= 1 }
    return start
  }

  private static let chineseMagnitudes: [(StaticString, Int)] = [
    ("万亿", 12), ("千亿", 11), ("百亿", 10), ("十亿", 9), ("亿", 8), ("千万", 7), ("百万", 6), ("十万", 5), ("多万", 4), ("余万", 4), ("万", 4), ("千", 3),
    ("百", 2),
  ]

  // MARK: Chinese

  private func chinese(_ place: Int) -> Unit? {
    for unit in Self.chineseUnits where text.has(unit, at: place) {
      return Unit(range: place..<place + unit.utf8CodeUnitCount, isSure: true)
    }
    return nil
  }

  /// "百分之20".
  private func chineseShare(_ number: Decimal) -> Found? {
    guard text.has("百分之", before: text.beforeSpaces(number.start)) else { return nil }
    let start = text.beforeSpaces(number.start) - 9
    return Found(range: start..<number.end, value: number.value(0), unit: "百分之")
  }

  /// The longer before the shorter.
  private static let chineseUnits: [StaticString] = [
    "平方公里", "个会员国", "个国家", "个缔约国", "个村庄", "个城市", "个家庭", "个代表团", "个组织", "个非政府组织", "个省", "所学校", "名难民", "名儿童", "名妇女", "名平民", "名工作人员", "立方米",
    "平方米", "公顷", "公里", "公斤", "美元", "欧元", "英镑", "日元", "卢布", "人民币", "海里",
    "小时", "分钟", "个月", "名", "人", "个", "吨", "米", "岁", "天", "周", "票", "国", "户", "所", "项", "次", "份", "％", "%", "元", "万美元",
  ]
}
