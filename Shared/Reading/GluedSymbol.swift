import Documents

/// A symbol that a page gives without a space before the date: "CRC/C/15/Add.23830 juin 2004". Where the digits can be parted in one way only, both are
/// read; "CCPR/C/SR.204025 August 2009" may be of the 25th or the 5th, and neither is.
struct GluedSymbol {
  private(set) var symbol: Symbol?
  private(set) var date: CalendarDate?

  /// nil when the text is no symbol with a date.
  init?(_ cell: Substring) {
    guard cell.utf8.count <= 96, cell.utf8.first.map(isUpper) == true, cell.contains("/"), let space = cell.firstIndex(of: " ") else {
      return nil
    }
    // The month and year follow the digits; a symbol may have a space within: "CRC/C/SR. 804 24 juillet 2002".
    let words = cell.split(separator: " ")
    guard words.count >= 3, words.count <= 8, let month = words.firstIndex(where: { CalendarDate.month($0.lowercased()) != nil }), month > 0
    else { return nil }
    // Digits of a year may stand apart too: "200 2".
    let rest = "\(words[month]) \(words[(month + 1)...].joined())"
    let head = month == 1 ? cell[..<space] : cell[..<words[month - 1].endIndex]
    let digits = head.utf8.reversed().prefix { isDigit($0) }.count
    guard digits > 0 else { return nil }
    // Digits that stand apart are the day.
    let isApart = head.dropLast(digits).last == " "
    var found: [(Symbol, CalendarDate)] = []
    for count in 1...min(2, digits) where !isApart || count == digits {
      let day = head.suffix(count)
      let name = head.dropLast(count).filter { $0 != " " }
      guard !day.hasPrefix("0"), name.utf8.last.map(isDigit) == true, let date = CalendarDate(written: "\(day) \(rest)"),
        Symbol.list(name).count == 1
      else { continue }
      found.append((Symbol.list(name)[0], date))
    }
    if found.count == 1 { (symbol, date) = (found[0].0, found[0].1) }
  }
}
