import Documents

/// Days printed without their year: resolved where the text, or the paper's own day, gives it surely.
extension Dates {
  mutating func resolveOpenDays() {
    guard points.contains(where: { $0.year == nil }) else { return }
    let years = Set(points.compactMap(\.year))
    let only = years.count == 1 && points.contains { $0.grain == .day && $0.year != nil } ? years.first : nil
    var last: Int?
    for index in points.indices {
      if let year = points[index].year {
        last = year
        continue
      }
      // The first of a range says nothing of its own: what stands after the last of it counts.
      var place = index
      while place + 1 < points.count, place - index < 8, points[place + 1].year == nil,
        connector(points[place].end, points[place + 1].start) != nil
      { place += 1 }
      let year: Int?
      switch said(points[index].start, points[place].end) {
      case .same: year = last
      case .this: year = scope.year
      case .last: year = scope.year.map { $0 - 1 }
      case .next: year = scope.year.map { $0 + 1 }
      case nil: year = isYearly(points[index].start, points[place].end) ? nil : only ?? (years.isEmpty ? ownYear(points[place]) : nil)
      }
      points[index].year = year
    }
  }

  /// The year of the paper's day, for a day no later in it.
  private func ownYear(_ point: Point) -> Int? {
    guard let date = scope.date, let day = CalendarDate(year: date.year, month: point.month, day: point.day), day <= date else {
      return nil
    }
    return date.year
  }

  private enum Said { case same, this, last, next }

  private func said(_ start: Int, _ end: Int) -> Said? {
    if text.has("同年", before: start) { return .same }
    if text.has("今年", before: start) || text.has("本年", before: start) { return .this }
    if text.has("去年", before: start) { return .last }
    if text.has("明年", before: start) { return .next }
    let place = text.afterSpaces(text.byte(end) == 0x2c ? end + 1 : end)
    let words = text.string(place..<min(place + 48, text.bytes.count)).lowercased()
    return Self.phrases.first { words.hasPrefix($0.0) }?.1
  }

  private static let phrases: [(String, Said)] = [
    ("of the same year", .same), ("of that year", .same), ("of that same year", .same), ("the same year", .same),
    ("de la même année", .same), ("du même an", .same),
    ("del mismo año", .same), ("de ese año", .same), ("de ese mismo año", .same), ("того же года", .same), ("من العام نفسه", .same),
    ("من نفس العام", .same),
    ("من السنة نفسها", .same), ("de cette même année", .same),
    ("of this year", .this), ("this year", .this), ("of the current year", .this), ("de cette année", .this),
    ("de l’année en cours", .this), ("de este año", .this),
    ("del presente año", .this), ("del año en curso", .this), ("del corriente año", .this), ("del año actual", .this),
    ("этого года", .this), ("текущего года", .this),
    ("сего года", .this), ("с. г.", .this), ("с.г.", .this), ("من هذا العام", .this), ("من العام الحالي", .this), ("من هذه السنة", .this),
    ("من السنة الحالية", .this),
    ("of last year", .last), ("last year", .last), ("of the previous year", .last), ("de l’année dernière", .last),
    ("del año pasado", .last), ("прошлого года", .last),
    ("من العام الماضي", .last), ("من السنة الماضية", .last), ("of next year", .next), ("next year", .next), ("de l’année prochaine", .next),
    ("del próximo año", .next), ("будущего года", .next), ("следующего года", .next), ("من العام المقبل", .next),
  ]

  /// Whether the words around a day speak of every year's: "the International Day, on 21 March".
  private func isYearly(_ start: Int, _ end: Int) -> Bool {
    let around = text.bytes[max(0, start - 160)..<min(text.bytes.count, end + 80)]
    return Self.yearly.contains { word in
      guard let first = word.first, around.count >= word.count else { return false }
      for place in around.startIndex...around.endIndex - word.count where around[place] == first {
        if around[place..<place + word.count].elementsEqual(word) { return true }
      }
      return false
    }
  }

  private static let yearly: [[UInt8]] = [
    " Day", "every year", "each year", "annual", "nniversar", "journée", "Journée", "chaque année", "cada año", "Día ", "ежегодн",
    "Международн", "годовщин",
    "اليوم", "ذكرى", "每年", "国际日", "aniversario", "commemorat", "Year",
  ].map { Array($0.utf8) }
}
