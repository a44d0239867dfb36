import Documents

extension MentionText {
  /// The month a word names; in English only with a capital, so that "may" is none.
  func month(_ word: Range<Int>) -> Int? {
    guard word.count >= 3 || byte(word.lowerBound) >= 0xd8 else { return nil }
    if byte(word.lowerBound) >= 0xd8 { return Self.arabic[Folded.words(string(word).lowercased())] }
    if byte(word.lowerBound) >= 0xd0 { return Self.months[key(word)] ?? Self.russian[key(word)] }
    let isCapitalised = isCapitalised(word)
    if isEnglish, !isCapitalised { return nil }
    let key = key(word)
    guard let month = Self.months[key] else { return nil }
    if !isCapitalised, word.count <= 4 {
      // "mars", "mai" and "mayo" are French and Spanish months; "mar" is the sea.
      return language == "fr" && (key == "mars" || key == "mai" || key == "juin" || key == "août")
        || language == "es" && key == "mayo" ? month : nil
    }
    return key == "mar" && language == "es" ? nil : month
  }

  /// The month whose name begins after spaces at a place, and where it ends: "Febr.", "تشرين الثاني", "شباط/فبراير".
  func month(at place: Int) -> (month: Int, range: Range<Int>)? {
    var word = word(at: place)
    guard !word.isEmpty else { return nil }
    if byte(word.lowerBound) >= 0xd8, byte(word.lowerBound) <= 0xdb {
      let second = self.word(at: word.upperBound)
      if !second.isEmpty, month(word.lowerBound..<second.upperBound) != nil { word = word.lowerBound..<second.upperBound }
    }
    guard let month = month(word) else { return nil }
    if byte(word.upperBound) == 0x2f, let other = self.month(at: word.upperBound + 1), other.month == month {
      return (month, word.lowerBound..<other.range.upperBound)
    }
    return (month, word)
  }

  /// The month whose name ends before spaces at a place.
  func month(before place: Int) -> (month: Int, range: Range<Int>)? {
    var word = word(before: place)
    if word.isEmpty, byte(beforeSpaces(place) - 1) == 0x2c { word = self.word(before: beforeSpaces(place) - 1) }
    guard !word.isEmpty else { return nil }
    var found = month(word)
    if byte(word.lowerBound) >= 0xd8, byte(word.lowerBound) <= 0xdb, found == nil {
      word = self.word(before: word.lowerBound).lowerBound..<word.upperBound
      found = month(word)
    }
    guard let found else { return nil }
    if byte(word.lowerBound - 1) == 0x2f, let other = month(before: word.lowerBound - 1), other.month == found {
      return (found, other.range.lowerBound..<word.upperBound)
    }
    return (found, word)
  }

  private static let months = WordTable(CalendarDate.months.map { ($0.key, $0.value) })

  private static let russian = WordTable(
    table([
      "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
      "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
      "январю февралю марту апрелю маю июню июлю августу сентябрю октябрю ноябрю декабрю",
      "январем февралем мартом апрелем маем июнем июлем августом сентябрем октябрем ноябрем декабрем",
    ]).map { ($0.key, $0.value) })

  /// Folded: the names of the Levant, of the Nile and of the Maghreb.
  private static let arabic: [String: Int] = table([
    "كانون_الثاني شباط آذار نيسان أيار حزيران تموز آب أيلول تشرين_الأول تشرين_الثاني كانون_الأول",
    "يناير فبراير مارس أبريل مايو يونيه يوليه أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "يناير فبراير مارس إبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "جانفي فيفري مارس أفريل ماي جوان جويلية أوت سبتمبر أكتوبر نوفمبر ديسمبر",
  ])

  private static func table(_ lines: [String]) -> [String: Int] {
    var table: [String: Int] = [:]
    for line in lines {
      for (index, name) in line.split(separator: " ").enumerated() { table[Folded.words(name)] = index + 1 }
    }
    return table
  }
}
