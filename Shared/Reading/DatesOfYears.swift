import Documents

/// Years that stand alone: only where the words beside them, or a range, leave no doubt.
extension Dates {
  mutating func findYears() {
    var found: [Point] = []
    let days = points.sorted { $0.start < $1.start }
    var day = 0
    for index in text.numbers.indices where !isUsed[index] {
      let number = text.numbers[index]
      while day < days.count, days[day].end <= number.start { day += 1 }
      let before = [found.last, day > 0 ? days[day - 1] : nil].compactMap(\.self).max { $0.end < $1.end }
      guard isFree(before: number.start), let point = year(index, number, after: before) else { continue }
      isUsed[index] = true
      found.append(point)
    }
    points += found
  }

  private func year(_ index: Int, _ number: MentionText.Number, after before: Point?) -> Point? {
    if let decade = decade(number) { return decade }
    guard number.digits == 4, Self.years.contains(number.value) else { return nil }
    if let seasons = seasons(index, number) { return seasons }
    guard isFree(after: number.end) else { return nil }
    let end = afterYearWord(number.end)
    let point = Point(number.start..<end, .year, year: number.value)
    if end > number.end, text.byte(number.start - 1) != 0x28 { return point }
    let opening = text.byte(number.start - 1)
    if isRange(index, number) { return point }
    if opening == 0x28 || isCounted(number.end) { return nil }
    if let before, before.grain == .year, connector(before.end, number.start) != nil { return point }
    return isNamed(number) && !startsAmounts(index, number) ? point : nil
  }

  // MARK: Decades and years of two calendar years

  /// "the 1990s", "années 90", "1990-х годов", "decenio de 1990".
  private func decade(_ number: MentionText.Number) -> Point? {
    guard number.value % 10 == 0, number.digits == 4 && Self.years.contains(number.value) || number.digits == 2 && number.value >= 10 else {
      return nil
    }
    let first = number.digits == 4 ? number.value : 1900 + number.value
    var end: Int?
    for suffix in ["s", "’s", "'s", "-х", "–х", "-ые", "-е", "-ми", "-ых"] as [StaticString] where text.has(suffix, at: number.end) {
      let after = number.end + suffix.utf8CodeUnitCount
      if text.letter(at: after) == 0, number.digits == 4 || text.byte(after - 1) != 0x73 { end = after }
    }
    if let found = end, text.byte(found - 1) >= 0x80 {
      let years = afterYearWord(found)
      if years == found, number.digits == 2 { return nil }
      end = years
    }
    if end == nil {
      guard text.letter(at: number.end) == 0, isFree(after: number.end) else { return nil }
      var word = text.word(before: number.start)
      if text.key(word) == "de" || text.key(word) == "del" { word = text.word(before: word.lowerBound) }
      guard
        Self.decades.contains(text.key(word))
          || text.key(word) == "años" && text.key(before: word.lowerBound) == "los"
      else { return nil }
      end = number.end
    }
    guard let end, number.digits == 4 || number.value >= 20 else { return nil }
    var point = Point(number.start..<end, .year, year: first)
    point.lastYear = first + 9
    return point
  }

  /// "1992/93", "1992-93", "1992/1993" where a year is named.
  private func seasons(_ index: Int, _ number: MentionText.Number) -> Point? {
    guard index + 1 < text.numbers.count else { return nil }
    let next = text.numbers[index + 1]
    let mark = text.byte(number.end)
    let length = mark == 0x2f || mark == 0x2d ? 1 : text.has("–", at: number.end) ? 3 : 0
    guard length > 0, next.start == number.end + length, isFree(after: next.end), text.byte(next.end) != 0x2d else { return nil }
    let last = next.digits == 2 ? number.value / 100 * 100 + next.value : next.digits == 4 && mark == 0x2f ? next.value : 0
    guard last > number.value, last - number.value <= (mark == 0x2f ? 1 : 20), !isReference(before: number.start) else { return nil }
    guard isNamed(number) || isSpan(before: number.start) else { return nil }
    var point = Point(number.start..<next.end, .year, year: number.value)
    point.lastYear = last
    return point
  }

  /// "1992–1994", both numbers years and nothing of a symbol or serial beside them.
  private func isRange(_ index: Int, _ number: MentionText.Number) -> Bool {
    func joins(_ left: MentionText.Number, _ right: MentionText.Number) -> Bool {
      guard left.digits == 4, right.digits == 4, Self.years.contains(left.value), Self.years.contains(right.value),
        left.value < right.value,
        right.value - left.value <= 200, right.start - left.end <= 5, connector(left.end, right.start) == .range
      else { return false }
      let (before, after) = (text.byte(left.start - 1), text.byte(right.end))
      return before != 0x2d && before != 0x2e && after != 0x2d && after != 0x2f && !isCounted(right.end) && !isReference(before: left.start)
    }
    if index + 1 < text.numbers.count, joins(number, text.numbers[index + 1]) { return true }
    return index > 0 && joins(text.numbers[index - 1], number)
  }

  /// "between 1000 and 2000 persons".
  private func startsAmounts(_ index: Int, _ number: MentionText.Number) -> Bool {
    guard index + 1 < text.numbers.count, connector(number.end, text.numbers[index + 1].start) != nil else { return false }
    return isCounted(text.numbers[index + 1].end)
  }

  // MARK: Words beside a year

  /// Whether the words before say that a year follows.
  private func isNamed(_ number: MentionText.Number) -> Bool {
    let start = number.start
    let joined = text.byte(start - 1) == 0x2d || text.has("–", before: start)
    let word = text.word(before: joined ? start - (text.byte(start - 1) == 0x2d ? 1 : 3) : start)
    guard !word.isEmpty, start - word.upperBound <= 3 else { return false }
    let key = text.key(word)
    if joined { return Self.beforeHyphen.contains(key) }
    if Self.always.contains(key) { return true }
    let next = text.word(at: number.end)
    if Self.determiners.contains(key) {
      // "the 1967 borders", "the 1992 Conference".
      return text.isCapitalised(next) && !next.isEmpty || Self.ofYears.contains(text.key(next))
    }
    guard Self.mostly.contains(key) else { return false }
    // A Portuguese year may follow a month that is not known here.
    if key == "de" || key == "del", text.language != "fr", text.language != "es" { return false }
    return !Self.amounts.contains(text.key(before: word.lowerBound))
  }

  /// "the biennium 2018-19", "the period 1992/93".
  private func isSpan(before start: Int) -> Bool { Self.spans.contains(text.key(before: start)) }

  /// "resolution 1992/31", "pages 1010–1020".
  private func isReference(before start: Int) -> Bool { MentionWords.references.contains(text.key(before: start)) }

  /// Whether something counted follows: "of 2000 persons", "in 1500 cases".
  private func isCounted(_ end: Int) -> Bool {
    let key = text.key(at: end)
    return MentionWords.counted.contains(key) || MentionWords.magnitudes[key] != nil
  }

  private static let decades: WordSet = ["années", "annees", "décennie", "decenio", "década", "decada"]
  private static let beforeHyphen: WordSet = ["mid", "end", "pre", "post", "mi", "fin", "после", "до", "early", "late"]
  private static let always: WordSet = [
    "in", "since", "during", "until", "till", "before", "after", "early", "late", "mid", "year", "years", "spring", "summer", "autumn",
    "winter", "beyond", "biennium",
    "en", "depuis", "avant", "après", "dès", "année", "années", "an", "début", "fin", "été", "automne", "printemps", "hiver", "jusqu’en",
    "desde", "hasta", "año", "años", "durante", "bienio", "exercice",
    "عام", "سنة", "لعام", "بعام", "للعام", "العام", "عامي", "لسنة", "منذ", "وعام", "السنة", "عامَي", "سنتي", "الفترة", "الأعوام", "للفترة",
  ]
  private static let mostly: WordSet = ["of", "by", "from", "for", "de", "del", "para", "ici", "between", "entre"]
  /// Words before "of", "from" or "by" after which an amount comes, not a year.
  private static let amounts: WordSet = [
    "total", "sum", "number", "group", "average", "minimum", "maximum", "rate", "amount", "plus", "moins", "près", "más", "menos", "cerca",
    "nombre", "alrededor", "increased",
    "reduced", "rose", "decreased", "quelque", "population", "excess", "strength", "force", "resolution", "resolutions", "résolution",
    "resolución", "together", "along",
    "with", "than", "some", "beneficio",
  ]
  private static let determiners: WordSet = ["the", "its", "their", "our", "this", "that"]
  private static let ofYears: WordSet = [
    "borders", "lines", "war", "levels", "elections", "budget", "agreement", "edition", "report", "review", "census", "session",
    "programme", "ceasefire", "coup", "crisis",
    "earthquake", "election", "conference", "summit", "invasion", "revolution", "treaty", "accord", "accords", "figures", "level", "prices",
    "tsunami", "genocide",
    "referendum", "constitution", "peace", "general", "target", "targets", "deadline", "substantive", "high", "annual", "regular", "agenda",
    "world",
  ]
  private static let spans: WordSet = [
    "biennium", "bienniums", "period", "years", "year", "season", "session", "bienio", "período", "periodo", "exercice", "années",
    "période", "the", "for",
  ]
}
