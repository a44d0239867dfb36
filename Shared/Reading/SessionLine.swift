import Documents

/// The grammar of "Seventy-fourth session", "Quarante-huitième session", "Septuagésimo cuarto período de sesiones", "Тридцать четвертая сессия", "الدورة الرابعة والسبعون",
/// "第七十四届会议", and of the Security Council's "Seventy-fourth year".
enum SessionLine {
  static let maximumLength = 160

  /// nil = no session line; inner nil = one whose ordinal is not understood.
  static func number(_ text: some StringProtocol) -> Int?? {
    guard text.utf8.count <= maximumLength, let first = text.unicodeScalars.first else { return nil }
    if first == "第" || (0x4e00...0x9fff).contains(first.value) { return chinese(text) }
    if (0x600...0x6ff).contains(first.value) { return arabic(text) }
    // A line of ASCII has one of their nouns in it, or is none.
    let printed = Prose.withoutMarks(text)
    let line = printed[...]
    if printed.utf8.allSatisfy({ $0 < 0x80 }), Prose.range(of: "session", in: line) == nil, Prose.range(of: "sesiones", in: line) == nil,
      Prose.range(of: "year", in: line) == nil, Prose.range(of: "annee", in: line) == nil
    {
      return nil
    }
    var words = printed.lowercased().split(separator: " ")
    while let last = words.last, last.hasPrefix("("), last.hasSuffix(")") { words.removeLast() }
    guard words.count >= 2, words.count <= 9, let place = words.lastIndex(where: { nouns.contains(String($0)) }) else { return nil }
    // After the noun: "extraordinaire d’urgence", "de fond de 2005".
    let tail = words[(place + 1)...]
    guard tail.allSatisfy({ kinds.contains(String($0)) || isYear($0) }) else { return nil }
    words.removeSubrange(place...)
    while let word = words.last, kinds.contains(String(word)) { words.removeLast() }
    while let word = words.first, kinds.contains(String(word)) { words.removeFirst() }
    if let number = Ordinal.value(words.joined(separator: " ")) { return .some(number) }
    if words.count <= 1, let year = (words + tail).first(where: isYear) { return .some(Int(year)) }
    // A scanner's slip: a session whose ordinal is not read; running prose has no line of this shape.
    return (1...3).contains(words.count) && tail.isEmpty && Prose.startsUppercase(String(text)) && words.last.map(looksOrdinal) == true
      ? .some(nil) : nil
  }

  private static func isYear(_ word: Substring) -> Bool { isDigits(word, 4...4) && (word.hasPrefix("19") || word.hasPrefix("20")) }

  private static func looksOrdinal(_ word: Substring) -> Bool {
    ["th", "rst", "ond", "ird", "ième", "ieme", "imo", "ая", "ый"].contains { word.hasSuffix($0) }
  }

  private static let nouns: Set<String> = ["session", "year", "sesiones", "сессия", "année", "annee", "año", "год", "sesión"]
  private static let kinds: Set<String> = [
    "special", "emergency", "executive", "regular", "annual", "substantive", "resumed", "organizational", "de", "período", "periodo",
    "extraordinaire",
    "extraordinario", "d’urgence",
    "emergencia", "ordinaire", "ordinario", "reprise", "специальная", "чрезвычайная", "очередная", "возобновленная", "основная", "of",
    "fond", "sustantivo", "annuelle", "anual",
    "sesiones", "the", "part", "first", "second", "intersessional",
  ]

  /// "4–15 November 2019", "Geneva, 8-19 February 2010", "20 de enero y 17 de marzo a 25 de abril de 2003": nothing but where and when a session meets.
  static func isPlaceAndDates(_ text: String) -> Bool {
    guard text.utf8.count < 110, text.utf8.contains(where: isDigit), CalendarDate(written: Prose.withoutMarks(text)) == nil else {
      return false
    }
    if text.contains("年"), text.contains("月") {
      return text.allSatisfy { ($0.isASCII && !$0.isLetter) || "年月日至和（）–—、".contains($0) }
    }
    let words = text.lowercased().split(whereSeparator: { " ,/-–—*()".contains($0) })
    let others = words.filter { word in
      !word.utf8.contains(where: isDigit) && CalendarDate.month(word) == nil
        && !["and", "to", "y", "e", "a", "al", "de", "del", "et", "au", "du", "и", "по", "с", "года", "from"].contains(word)
    }
    return others.count <= 4 && words.contains { CalendarDate.month($0) != nil }
      && words.last { $0.utf8.contains(where: isDigit) }.map { isDigits($0, 4...4) } == true
  }

  private static func arabic(_ text: some StringProtocol) -> Int?? {
    for noun in ["الدورة ", "السنة "] where text.hasPrefix(noun) {
      var words = text.dropFirst(noun.count).split(separator: " ").filter { !$0.hasPrefix("(") }
      while let last = words.last, ["الاستثنائية", "العادية", "الطارئة", "الموضوعية", "المستأنفة", "السنوية"].contains(last) {
        words.removeLast()
      }
      return words.count <= 6 ? .some(Ordinal.value(words.joined(separator: " "))) : nil
    }
    return nil
  }

  private static func chinese(_ text: some StringProtocol) -> Int?? {
    for noun in ["届会议", "届特别会议", "届紧急特别会议", "年", "届常会"] {
      guard let end = text.firstRange(of: noun), text[end.upperBound...].allSatisfy({ !$0.isLetter || $0 == "续" }) else { continue }
      guard text.hasPrefix("第"), let number = Ordinal.value(text[..<end.lowerBound]) else { continue }
      return .some(number)
    }
    return nil
  }
}
