import Documents

/// The states that a text names, each in the longest name that stands there. What is named after a state but is none is left out: seas, rivers, cities, currencies, persons.
struct Places {
  struct Found {
    var range: Range<Int>
    var code: String
  }

  let text: MentionText
  let year: Int?
  private let languages: UInt8

  static func find(in text: MentionText, year: Int?, limit: Int) -> [Found] {
    Places(text, year).find(limit)
  }

  private init(_ text: MentionText, _ year: Int?) {
    self.text = text
    self.year = year
    languages = PlaceNames.bit(text.language) == 0 ? 7 : PlaceNames.bit(text.language)
  }

  private func find(_ limit: Int) -> [Found] {
    var found: [Found] = []
    var at = 0
    let bytes = text.bytes
    var isInWord = false
    while at < bytes.count, found.count < limit {
      let byte = bytes[at]
      if byte < 0x80 {
        // Most of a text is small letters: passed at once.
        if isLower(byte) {
          at = bytes.place(from: at) { !isLower($0) }
          isInWord = true
          continue
        }
        guard isUpper(byte), !isInWord else {
          isInWord = isUpper(byte) || isDigit(byte)
          at += 1
          continue
        }
      } else if byte & 0xc0 == 0x80 {
        at += 1
        continue
      }
      let length = text.letter(at: at)
      guard length > 0 else {
        isInWord = false
        at += 1
        continue
      }
      let isChinese = byte >= 0xe3
      if isChinese || !isInWord, isChinese || isArabic(byte) || byte < 0x80 || text.isCapitalised(at..<at + length) {
        if let place = isArabic(byte) ? arabic(at) : place(at), !isPart(place, after: found.last) {
          found.append(place)
          at = place.range.upperBound
          isInWord = false
          continue
        }
      }
      isInWord = !isChinese
      at += length
    }
    return found
  }

  private func isArabic(_ byte: UInt8) -> Bool { (0xd8...0xdb).contains(byte) }

  private func place(_ start: Int) -> Found? {
    guard
      let (name, end) = PlaceNames.shared.longest(in: text, at: start, languages, year),
      let code = name.code ?? StateName.find(name.printed, year: year).code
    else { return nil }
    return code == "COG" && isUnsureCongo(start..<end) ? nil : Found(range: start..<end, code: code)
  }

  /// After the letters that Arabic writes with a word: "and", "in", "for".
  private func arabic(_ start: Int) -> Found? {
    if let whole = place(start) { return whole }
    var at = start
    for letters in [["و", "ف"], ["ب", "ل", "ك"]] as [[StaticString]] {
      guard letters.contains(where: { text.has($0, at: at) }) else { continue }
      at += 2
      if text.letter(at: at) > 0, let rest = place(at) { return rest }
    }
    return nil
  }

  /// "Congo" alone, while two states bore that name.
  private func isUnsureCongo(_ range: Range<Int>) -> Bool {
    guard range.count <= 14, let year else { return false }
    return (1960...1971).contains(year)
  }

  // MARK: What is no state

  /// Whether the name is a part of another: "Lake Chad", "South China Sea", "Northern Ireland", "Mr. Jordan".
  private func isPart(_ place: Found, after previous: Found?) -> Bool {
    let (start, end) = (place.range.lowerBound, place.range.upperBound)
    if text.byte(start) >= 0xe3 { return isPartInChinese(place.range) }
    if text.byte(start - 1) == 0x2d, previous?.range.upperBound != start - 1 { return true }
    let before = text.word(before: start)
    let key = text.key(before)
    if place.code == "USA", isCurrency(before, key) { return true }
    if start - before.upperBound <= 2 {
      if Self.before.contains(key), text.isCapitalised(before) || text.byte(before.lowerBound) >= 0xc3 || Self.waters.contains(key) {
        return true
      }
      if Self.links.contains(key) {
        var earlier = text.word(before: before.lowerBound)
        if text.key(earlier) == "of" || text.key(earlier) == "de" { earlier = text.word(before: earlier.lowerBound) }
        let water = text.key(earlier)
        if Self.waters.contains(water) || water == "ciudad" || water == "virreinato" { return true }
      }
    }
    if isTitled(start) { return true }
    let afterStart = text.afterSpaces(end)
    guard afterStart > end, afterStart - end <= 3 || text.byte(end) == 0x2d else { return isName(place.range, before) }
    let after = text.word(at: end)
    let next = text.key(after)
    if Self.after.contains(next), text.isCapitalised(after) || Self.afterSmall.contains(next) { return true }
    if next == "du" || next == "del", Self.points.contains(text.key(at: after.upperBound)) { return true }
    return isName(place.range, before)
  }

  /// "долл. США", "dólares de los Estados Unidos", "dollars des États-Unis".
  private func isCurrency(_ before: Range<Int>, _ key: Word) -> Bool {
    var (word, key) = (before, key)
    for _ in 0..<2 where Self.ofCurrencies.contains(key) {
      word = text.word(before: word.lowerBound)
      key = text.key(word)
    }
    if word.isEmpty, text.byte(word.upperBound - 1) == 0x2e { key = text.key(before: word.upperBound - 1) }
    return Self.currencies.contains(key)
  }

  private static let ofCurrencies: WordSet = ["de", "los", "des", "من"]
  private static let currencies: WordSet = ["долл", "доллар", "доллара", "долларов", "dólares", "dollars", "دولارات", "dólar", "dollar"]

  /// First names and surnames: only with a title, or beside another name.
  private func isName(_ range: Range<Int>, _ before: Range<Int>) -> Bool {
    guard range.count <= Self.longestPerson else { return false }
    let name = text.key(range)
    guard Self.persons.contains(name) else { return false }
    if name == "dominique" { return text.key(before) != "la" }
    let after = text.word(at: range.upperBound)
    if name == "maurice" || name == "mauricio" || name == "chad"
      || name == "israel" && range.lowerBound > 0 && Self.titles.contains(text.key(before))
    {
      let follows = after.lowerBound - range.upperBound
      if follows >= 1, follows <= 2, text.isCapitalised(after), !Self.institutions.contains(text.key(after)) { return true }
    }
    // "Mr. Michael Jordan".
    guard !before.isEmpty, text.isCapitalised(before), range.lowerBound - before.upperBound == 1 else { return false }
    return isTitled(before.lowerBound)
  }

  /// Whether "Mr." or the like stands before.
  private func isTitled(_ start: Int) -> Bool {
    let place = text.beforeSpaces(start)
    let isShort = text.byte(place - 1) == 0x2e
    guard place < start, isShort || text.letter(at: text.scalarStart(before: place)) > 0 else { return false }
    let word = text.word(before: isShort ? place - 1 : place)
    return Self.titles.contains(text.key(word)) && text.isCapitalised(word) && (isShort || word.count != 1)
  }

  private func isPartInChinese(_ range: Range<Int>) -> Bool {
    for word in ["海", "洋", "河", "湖", "湾", "城", "运河", "盆地", "元"] as [StaticString] where text.has(word, at: range.upperBound) { return true }
    guard text.has("海地", at: range.lowerBound) else { return false }
    return text.has("沿", before: range.lowerBound) || text.has("区", at: range.upperBound) || text.has("带", at: range.upperBound)
  }

  private static let links: WordSet = ["of", "de", "d", "del", "of the", "the"]
  private static let points: WordSet = ["nord", "sud", "sur", "norte"]
  /// Capitalised words before a name that make it another's.
  private static let before: WordSet = [
    "lake", "new", "northern", "south", "north", "east", "west", "inner", "outer", "american", "spanish", "portuguese", "french", "british",
    "river", "gulf", "lac", "lago", "mer", "golfe",
    "golfo", "nueva", "nuevo", "nouvelle", "nouveau", "río", "fleuve", "sea", "rivière", "озеро", "озера", "озере", "новая", "новой",
    "северной", "северная", "северную", "anglo", "upper", "lower",
    "بحيرة", "خليج", "نهر", "بحر", "ile", "mar", "canal", "strait", "british",
  ]
  private static let waters: WordSet = [
    "gulf", "sea", "golfe", "golfo", "mer", "mar", "lake", "lac", "lago", "river", "río", "fleuve", "bay", "strait", "озера", "озеро",
    "озере", "canal",
  ]
  private static let titles: WordSet = [
    "mr", "mrs", "ms", "dr", "sir", "prof", "miss", "messrs", "sr", "sra", "mme", "mm", "mlle", "m", "st", "gen", "col", "capt", "judge",
    "justice", "г-н", "lord", "lady", "senator",
  ]
  /// Words after a name that make it a water's, a city's, a currency's or another territory's.
  private static let after: WordSet = [
    "river", "basin", "canal", "valley", "delta", "sea", "strait", "straits", "ocean", "city", "antilles", "virgin", "dollar", "dollars",
    "sahara", "shilling", "shillings", "islands", "minor", "liberation", "round",
  ]
  private static let afterSmall: WordSet = ["dollar", "dollars", "shilling", "shillings"]
  /// UTF-8 bytes.
  private static let longestPerson = 9
  private static let persons: WordSet = [
    "jordan", "chad", "israel", "georgia", "maurice", "mauricio", "dominique", "ireland", "france", "kenya", "india", "granada", "malta",
    "cuba", "austria", "salvador",
  ]
  private static let institutions: WordSet = [
    "government", "and", "is", "has", "was", "ministry", "is", "defence", "army", "in", "on", "will", "national", "republic", "had",
    "committee", "international", "police", "basin",
  ]
}
