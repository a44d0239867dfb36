import Documents

/// The days, months and years that a text names. The finder goes over the text's numbers from the last to the first, so that "26", "26 and" or "26 February" can take month and
/// year from the day that follows; years that stand alone come after it, and then days are joined to ranges.
struct Dates {
  struct Found {
    var range: Range<Int>
    var first: CalendarDate
    var last: CalendarDate
  }

  enum Grain { case day, month, year }

  /// A day, month or year as far as it is printed.
  struct Point {
    var start: Int
    var end: Int
    var grain: Grain
    var year: Int?
    var month: Int
    var day: Int
    /// Of a decade or a year of two calendar years; of a range of days, the last day.
    var lastYear: Int?
    var lastDay: Int?
    /// Whether its month and year are printed with the day after it.
    var isBorrowing = false

    init(_ range: Range<Int>, _ grain: Grain, year: Int?, month: Int = 1, day: Int = 1) {
      start = range.lowerBound
      end = range.upperBound
      self.grain = grain
      self.year = year
      self.month = month
      self.day = day
    }

    var first: CalendarDate? { year.flatMap { CalendarDate(year: $0, month: month, day: day) } }
    var last: CalendarDate? {
      guard let year else { return nil }
      switch grain {
      case .day: return CalendarDate(year: year, month: month, day: lastDay ?? day)
      case .month: return (28...31).reversed().lazy.compactMap { CalendarDate(year: year, month: month, day: $0) }.first
      case .year: return CalendarDate(year: lastYear ?? year, month: 12, day: 31)
      }
    }
  }

  static let years = 1000...2199

  let text: MentionText
  let scope: MentionScope
  var points: [Point] = []
  /// Numbers that are part of a point.
  var isUsed: [Bool]

  static func find(in text: MentionText, _ scope: MentionScope) -> [Found] {
    guard !text.numbers.isEmpty || text.language == "zh" else { return [] }
    var dates = Dates(text: text, scope: scope, isUsed: Array(repeating: false, count: text.numbers.count))
    dates.findChinese()
    dates.findDays()
    dates.findYears()
    dates.points.sort { ($0.start, $0.end) < ($1.start, $1.end) }
    dates.resolveOpenDays()
    return dates.joined()
  }

  // MARK: Days and months

  private mutating func findDays() {
    for index in text.numbers.indices.reversed() where !isUsed[index] {
      let number = text.numbers[index]
      if number.digits == 4, Self.years.contains(number.value) {
        findYear(index, number)
      } else if number.digits <= 2, (1...31).contains(number.value) {
        findDay(index, number)
      }
    }
  }

  /// "February 1992", "February 26, 1992", "2019-11-26", "26.02.1992": what the year ends or begins.
  private mutating func findYear(_ index: Int, _ number: MentionText.Number) {
    if findNumeric(index, number) || !isFree(after: number.end) { return }
    let end = afterYearWord(number.end)
    let joint = beforeJoint(number.start)
    if let month = text.month(before: joint) {
      isUsed[index] = true
      points.append(Point(month.range.lowerBound..<end, .month, year: number.value, month: month.month))
      findMonths(before: month.range.lowerBound, year: number.value)
    } else if index > 0, !isUsed[index - 1] {
      findMonthFirst(index, number, end)
    }
  }

  /// "June and July 1993", "June–August 1993": the months before, which have the same year.
  private mutating func findMonths(before start: Int, year: Int) {
    var start = start
    for _ in 0..<12 {
      guard let connector = connector(before: start), let month = text.month(before: connector.start),
        connector.start == month.range.upperBound
      else { return }
      points.append(Point(month.range, .month, year: year, month: month.month))
      start = month.range.lowerBound
    }
  }

  /// "February 26, 1992", "February 26–28, 1992", "February 26 and 27, 1992".
  private mutating func findMonthFirst(_ index: Int, _ number: MentionText.Number, _ end: Int) {
    let day = text.numbers[index - 1]
    let dayEnd = afterOrdinal(day.end)
    guard day.digits <= 2, (1...31).contains(day.value), number.start - dayEnd <= 3 else { return }
    let gap = text.string(dayEnd..<number.start)
    guard gap == ", " || gap == " " || gap == "," else { return }
    if let month = text.month(before: day.start), month.range.upperBound < day.start {
      isUsed[index] = true
      isUsed[index - 1] = true
      points.append(Point(month.range.lowerBound..<end, .day, year: number.value, month: month.month, day: day.value))
    } else if index > 1, let first = Optional(text.numbers[index - 2]), first.digits <= 2, first.value >= 1, first.value < day.value,
      let between = connector(afterOrdinal(first.end), day.start), between != .comma,
      let month = text.month(before: first.start), month.range.upperBound < first.start
    {
      for used in index - 2...index { isUsed[used] = true }
      if between == .range {
        var point = Point(month.range.lowerBound..<end, .day, year: number.value, month: month.month, day: first.value)
        point.lastDay = day.value
        points.append(point)
      } else {
        points.append(Point(day.start..<end, .day, year: number.value, month: month.month, day: day.value))
        points.append(Point(month.range.lowerBound..<first.end, .day, year: number.value, month: month.month, day: first.value))
      }
    }
  }

  /// "26 February 1992", "26 February", "26 and 27 February 1992".
  private mutating func findDay(_ index: Int, _ number: MentionText.Number) {
    guard isFree(before: number.start) else { return }
    let end = afterOrdinal(number.end)
    let next = points.last
    if let next, next.grain == .month, next.start >= end, next.start - end <= 16, afterJoint(end) == next.start {
      points[points.count - 1].start = number.start
      points[points.count - 1].grain = .day
      points[points.count - 1].day = number.value
      isUsed[index] = true
      // The thirtieth of February is no day.
      if points[points.count - 1].first == nil { points.removeLast() }
      return
    }
    if let month = text.month(at: afterJoint(end)), next.map({ $0.start >= month.range.upperBound }) ?? true {
      var point = Point(number.start..<month.range.upperBound, .day, year: nil, month: month.month, day: number.value)
      if let next, next.grain != .year, let between = connector(point.end, next.start), between != .comma { point.year = next.year }
      guard CalendarDate(year: point.year ?? 2000, month: point.month, day: point.day) != nil else { return }
      isUsed[index] = true
      points.append(point)
      return
    }
    guard let next, next.grain == .day, text.byte(next.start) < 0x80 || next.isBorrowing || text.byte(next.start) == 0xd9,
      isDigitStart(next.start), let between = connector(end, next.start), between != .comma || next.isBorrowing
    else { return }
    var point = next
    (point.start, point.end, point.day) = (number.start, end, number.value)
    point.isBorrowing = true
    guard CalendarDate(year: point.year ?? 2000, month: point.month, day: point.day) != nil else { return }
    isUsed[index] = true
    points.append(point)
  }

  private func isDigitStart(_ place: Int) -> Bool { isDigit(text.byte(place)) || text.byte(place) == 0xd9 }

  /// "2019-11-26", "26.02.1992", and "26/02/1992" where no month could be meant by the first number.
  private mutating func findNumeric(_ index: Int, _ number: MentionText.Number) -> Bool {
    let numbers = text.numbers
    if index + 2 < numbers.count, numbers[index + 1].digits == 2, numbers[index + 2].digits == 2,
      numbers[index + 1].start == number.end + 1, text.byte(number.end) == 0x2d, numbers[index + 2].start == numbers[index + 1].end + 1,
      text.byte(numbers[index + 1].end) == 0x2d,
      isBare(number.start, numbers[index + 2].end),
      let day = CalendarDate(year: number.value, month: numbers[index + 1].value, day: numbers[index + 2].value)
    {
      for used in index...index + 2 { isUsed[used] = true }
      points.append(Point(number.start..<numbers[index + 2].end, .day, year: day.year, month: day.month, day: day.day))
      return true
    }
    guard index >= 2, !isUsed[index - 1], !isUsed[index - 2] else { return false }
    let (first, second) = (numbers[index - 2], numbers[index - 1])
    let mark = text.byte(second.end)
    guard first.digits <= 2, second.digits <= 2, second.start == first.end + 1, number.start == second.end + 1,
      mark == 0x2e || mark == 0x2f, text.byte(first.end) == mark, isBare(first.start, number.end),
      let day = CalendarDate(year: number.value, month: second.value, day: first.value),
      mark == 0x2e || first.value > 12 || first.value == second.value
    else { return false }
    for used in index - 2...index { isUsed[used] = true }
    points.append(Point(first.start..<number.end, .day, year: day.year, month: day.month, day: day.day))
    return true
  }

  // MARK: Borders and joints

  /// Whether no letter, digit or mark of a symbol is next to a date of numbers alone.
  private func isBare(_ start: Int, _ end: Int) -> Bool {
    let (before, after) = (text.byte(start - 1), text.byte(end))
    if [0x2e, 0x2f, 0x2d, 0x5f].contains(before) || [0x2f, 0x2d, 0x5f].contains(after) { return false }
    if after == 0x2e, isDigit(text.byte(end + 1)) { return false }
    return text.letter(at: text.scalarStart(before: start)) == 0 && text.letter(at: end) == 0
  }

  /// Whether the number that begins here is no part of a symbol, sum or time.
  func isFree(before start: Int) -> Bool {
    guard start > 0 else { return true }
    switch text.byte(start - 1) {
    case 0x2f, 0x5f, 0x24, 0x23: return false
    case 0x2e, 0x2c, 0x3a: return !isDigit(text.byte(start - 2))
    default:
      let before = text.scalarStart(before: start)
      return text.letter(at: before) == 0 || text.byte(before) >= 0xe3 || text.has("و", at: before)
    }
  }

  func isFree(after end: Int) -> Bool {
    switch text.byte(end) {
    case 0x2f, 0x5f, 0x25: return false
    case 0x2e, 0x2c, 0x3a: return !isDigit(text.byte(end + 1))
    default: return text.letter(at: end) == 0 || text.byte(end) == 0xd0 || text.byte(end) >= 0xe3
    }
  }

  /// After "st", "er", "º" and the like.
  func afterOrdinal(_ end: Int) -> Int {
    for suffix in ["st", "nd", "rd", "th", "er", "º", "°", "-го", "-е"] as [StaticString] where text.has(suffix, at: end) {
      let after = end + suffix.utf8CodeUnitCount
      if text.letter(at: after) == 0 { return after }
    }
    return end
  }

  /// After spaces and "of", "de", "من", "day of".
  private func afterJoint(_ end: Int) -> Int {
    let place = text.afterSpaces(end)
    let word = text.word(at: place)
    guard word.count <= 6, Self.ofDays.contains(text.key(word)) else { return place }
    return text.afterSpaces(word.upperBound)
  }

  /// Before spaces and the "of", "de", "from the year" that join a year to its month.
  private func beforeJoint(_ start: Int) -> Int {
    var start = start
    for _ in 0..<2 {
      let word = text.word(before: start)
      guard !word.isEmpty, word.count <= 8, Self.ofYears.contains(text.key(word)) else { break }
      start = word.lowerBound
    }
    return start
  }

  private static let ofDays: WordSet = ["of", "de", "من", "d"]
  private static let ofYears: WordSet = ["of", "de", "del", "من", "عام", "سنة", "لعام", "لسنة"]

  /// After the "года" of a Russian date.
  func afterYearWord(_ end: Int) -> Int {
    let word = text.word(at: end)
    guard text.byte(word.lowerBound) == 0xd0, word.lowerBound - end <= 2 else { return end }
    let key = text.key(word)
    if Self.yearWords.contains(key) { return word.upperBound }
    guard key == "г" || key == "гг" else { return end }
    return text.byte(word.upperBound) == 0x2e ? word.upperBound + 1 : word.upperBound
  }

  private static let yearWords: WordSet = ["год", "года", "году", "годом", "годы", "годов", "годах", "годам", "годами"]

  // MARK: Connectors

  enum Connector { case list, comma, range }

  /// What joins two dates, when nothing else stands between them.
  func connector(_ end: Int, _ start: Int) -> Connector? {
    guard start > end, start - end <= 24 else { return nil }
    let (begin, stop) = (text.afterSpaces(end), text.beforeSpaces(start))
    return begin < stop ? Self.connectors[text.key(begin..<stop)] : nil
  }

  /// The connector that ends before a place, with a word before it.
  private func connector(before start: Int) -> (start: Int, kind: Connector)? {
    let place = text.beforeSpaces(start)
    let scalar = text.scalarStart(before: place)
    guard scalar < place else { return nil }
    var begin = scalar
    if text.letter(at: scalar) == place - scalar { begin = text.word(before: place).lowerBound }
    guard let kind = Self.connectors[text.key(begin..<place)] else { return nil }
    return (text.beforeSpaces(begin), kind)
  }

  private static let connectors: WordTable<Connector> = {
    let commas = [",", "،", "、"]
    let lists = [
      "and", "or", "and on", "and from", "et", "ou", "et le", "et du", "y", "e", "o", "y el", "y del", "и", "или", "و", "أو", "和", "及", "与",
      "或", "&", "and in",
      "et en", "y en", "и в", "e el", ", and", "، و", "and the", "or on", "and again on",
    ]
    let ranges = [
      "to", "-", "–", "—", "through", "until", "till", "up to", "au", "à", "a", "al", "hasta", "hasta el", "jusqu’au", "jusqu'au", "по",
      "до", "إلى", "الى", "حتى",
      "إلى عام", "to the", "至", "到", "and up to", "−", "‑", "~", "～", "إلى غاية", "jusqu’à", "jusqu'à",
    ]
    return WordTable(commas.map { ($0, .comma) } + lists.map { ($0, .list) } + ranges.map { ($0, .range) })
  }()

  /// Points with days, the first and the last of a range as one.
  private func joined() -> [Found] {
    var found: [Found] = []
    var open: Found?
    var grain = Grain.day
    for point in points {
      guard let first = point.first, let last = point.last, first <= last else { continue }
      if let before = open, before.range.upperBound > point.start { continue }
      if let before = open, isRange(before, grain, point, last) {
        open = Found(range: before.range.lowerBound..<point.end, first: before.first, last: last)
      } else {
        if let before = open { found.append(before) }
        open = Found(range: point.start..<point.end, first: first, last: last)
      }
      grain = point.grain
    }
    if let open { found.append(open) }
    return found
  }

  /// Whether a point ends a range that the one before it began.
  private func isRange(_ before: Found, _ grain: Grain, _ point: Point, _ last: CalendarDate) -> Bool {
    guard grain == point.grain || grain != .year && point.grain != .year, before.first <= last, before.last <= last,
      let between = connector(before.range.upperBound, point.start)
    else { return false }
    return between == .range || between == .list && isBetween(before.range.lowerBound)
  }

  private func isBetween(_ start: Int) -> Bool {
    var word = text.word(before: start)
    if Self.beforeYears.contains(text.key(word)) { word = text.word(before: word.lowerBound) }
    return Self.betweens.contains(text.key(word))
  }

  private static let beforeYears: WordSet = ["the", "el", "le", "years", "عامي"]
  private static let betweens: WordSet = ["between", "entre", "между", "بين"]
}
