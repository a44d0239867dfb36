import Documents

/// "1992年2月26日", "1992年2月26日至3月3日", "一九九二年二月", "1990年代".
extension Dates {
  mutating func findChinese() {
    guard text.bytes.contains(where: { $0 == 0xe5 || $0 == 0xe6 }) else { return }
    var at = 0
    var pending: (value: Int, range: Range<Int>)?
    while at < text.bytes.count {
      guard let number = chineseNumber(at) else {
        at += 1
        continue
      }
      at = number.end
      let mark = text.afterSpaces(number.end)
      let range = number.start..<mark + 3
      if text.has("年", at: mark), number.digits == 4, Self.years.contains(number.value) {
        if let first = pending,
          connector(first.range.upperBound, number.start) == .range || connector(first.range.upperBound, number.start) == .list
        {
          points.append(Point(first.range, .year, year: first.value))
          use(first.range)
        }
        at = takeChinese(year: number.value, range)
        pending = nil
      } else if text.has("年代", at: mark), number.digits == 2, number.value >= 10, number.value % 10 == 0 {
        var point = Point(number.start..<mark + 6, .year, year: 1900 + number.value)
        point.lastYear = 1909 + number.value
        points.append(point)
        use(number.start..<number.end)
      } else if text.has("月", at: mark), (1...12).contains(number.value) {
        takeChinese(month: number.value, range)
      } else if text.has("日", at: mark), (1...31).contains(number.value) {
        takeChinese(day: number.value, range)
      } else {
        pending = number.digits == 4 && Self.years.contains(number.value) ? (number.value, number.start..<number.end) : nil
      }
    }
  }

  private mutating func use(_ range: Range<Int>) {
    // Numbers are in the order of the text.
    var low = 0
    var high = text.numbers.count
    while low < high {
      let middle = (low + high) / 2
      if text.numbers[middle].start < range.lowerBound { low = middle + 1 } else { high = middle }
    }
    while low < text.numbers.count, text.numbers[low].start < range.upperBound {
      isUsed[low] = true
      low += 1
    }
  }

  private mutating func takeChinese(year: Int, _ range: Range<Int>) -> Int {
    var point = Point(range, .year, year: year)
    if text.has("代", at: range.upperBound) {
      guard year % 10 == 0 else { return range.upperBound }
      point.end += 3
      point.lastYear = year + 9
    }
    points.append(point)
    use(range)
    return range.upperBound
  }

  /// A month goes with the year before it, or stands in a range with the month or day before.
  private mutating func takeChinese(month: Int, _ range: Range<Int>) {
    guard let before = points.last else { return openMonth(month, range) }
    if before.grain == .year, before.lastYear == nil, text.afterSpaces(before.end) == range.lowerBound {
      points[points.count - 1].grain = .month
      points[points.count - 1].month = month
      points[points.count - 1].end = range.upperBound
    } else if before.grain != .year, connector(before.end, range.lowerBound) != nil {
      points.append(Point(range, .month, year: before.year, month: month))
    } else {
      return openMonth(month, range)
    }
    use(range)
  }

  /// A month without a year counts only with a day.
  private mutating func openMonth(_ month: Int, _ range: Range<Int>) {
    guard let number = chineseNumber(text.afterSpaces(range.upperBound)), (1...31).contains(number.value) else { return }
    guard text.has("日", at: text.afterSpaces(number.end)) else { return }
    points.append(Point(range, .month, year: nil, month: month))
    use(range)
  }

  private mutating func takeChinese(day: Int, _ range: Range<Int>) {
    guard let before = points.last else { return }
    if before.grain == .month, text.afterSpaces(before.end) == range.lowerBound {
      use(range)
      guard CalendarDate(year: before.year ?? 2000, month: before.month, day: day) != nil else {
        points.removeLast()
        return
      }
      points[points.count - 1].grain = .day
      points[points.count - 1].day = day
      points[points.count - 1].end = range.upperBound
    } else if before.grain == .day, connector(before.end, range.lowerBound) != nil,
      CalendarDate(year: before.year ?? 2000, month: before.month, day: day) != nil
    {
      points.append(Point(range, .day, year: before.year, month: before.month, day: day))
      use(range)
    }
  }

  /// ASCII digits, or "一九九二", "二十六".
  private func chineseNumber(_ at: Int) -> (value: Int, digits: Int, start: Int, end: Int)? {
    if isDigit(text.byte(at)) {
      var (value, end) = (0, at)
      while isDigit(text.byte(end)) {
        if end - at < 9 { value = value * 10 + Int(text.byte(end)) - 0x30 }
        end += 1
      }
      return (value, end - at, at, end)
    }
    guard (0xe3...0xe9).contains(text.byte(at)) else { return nil }
    var (value, digits, end, last) = (0, 0, at, 0)
    var hasTen = false
    while digits < 5 {
      if text.has("十", at: end) {
        value = hasTen ? value : max(1, last) * 10
        (hasTen, last) = (true, 0)
      } else if let digit = Self.chineseDigits.first(where: { text.has($0.0, at: end) })?.1 {
        last = digit
        value = hasTen ? value + digit : value * 10 + digit
      } else {
        break
      }
      digits += 1
      end += 3
    }
    guard end > at else { return nil }
    return (value, hasTen ? 2 : digits, at, end)
  }

  private static let chineseDigits: [(StaticString, Int)] = [
    ("〇", 0), ("零", 0), ("○", 0), ("一", 1), ("二", 2), ("三", 3), ("四", 4), ("五", 5), ("六", 6), ("七", 7), ("八", 8), ("九", 9),
  ]
}
