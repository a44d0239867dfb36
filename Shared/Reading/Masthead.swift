import Documents

/// What stands above a document's own heading: organs, symbols, distribution, date, language, sessions, committee, agenda items and their titles.
struct Masthead {
  var symbols: [Symbol] = []
  var organs: [String] = []
  var committees: [String] = []
  var distribution: String?
  var date: CalendarDate?
  var originalLanguages: [String] = []
  /// The language of this version, where a translation says it, or in which the house's name is printed.
  var versionLanguage: String?
  var sessions: [Session] = []
  var items: [AgendaItem] = []
  /// Blocks of heading text between the items and the document's heading that are no item's title.
  var titles: [String] = []
  var readings = Readings()
  /// The line after the masthead.
  var end = 0

  /// Most lines that a masthead can take; the longest seen, with forty agenda items and as many titles, has about 120.
  static let maximumLines = 400

  private(set) var lines: [Line]
  private(set) var isLaidOut: Bool
  var index = 0
  var currentOrgan: String?
  var leftEdge = 0
  var sawSession = false
  /// Lines within which the class may follow that "Distr." announced.
  private var awaitsDistribution = 0

  init(_ lines: [Line], isLaidOut: Bool) {
    self.lines = lines
    self.isLaidOut = isLaidOut
    readFields()
    // One stray date or organ's name does not make a masthead.
    let kinds = [
      !symbols.isEmpty, !organs.isEmpty || !committees.isEmpty, distribution != nil, date != nil, !originalLanguages.isEmpty,
      !sessions.isEmpty, !items.isEmpty,
    ]
    guard kinds.count(where: { $0 }) >= 2 || startsWithSession else {
      self = Masthead()
      return
    }
    if !items.isEmpty { index = readTitles() }
    end = index
    self.lines = []
  }

  /// A session line at the very top does, and nothing else is shaped so.
  private var startsWithSession: Bool {
    lines.prefix(3).contains { line in SessionLine.number(line.text).map { $0 != nil } ?? false } && StatementHeading(lines[...]) == nil
  }

  private init() {
    lines = []
    isLaidOut = false
  }

  var isPresent: Bool { end > 0 }

  // MARK: Fields

  private mutating func readFields() {
    var unknown = 0
    while index < min(lines.count, Self.maximumLines) {
      let line = lines[index]
      if items.isEmpty || currentOrganFollows(line), readField(line) {
        unknown = 0
        awaitsDistribution = max(0, awaitsDistribution - 1)
        continue
      }
      // A scanner's scrap or a stray mark among the fields at the top is stepped over; never past the session line.
      if !sawSession, items.isEmpty, unknown < 6, !Phrases.isDocumentStart(line.text) && !Heading.isOwnTitle(line.text) || isPageTitle,
        hasFieldsAhead()
      {
        unknown += 1
        index += 1
        continue
      }
      break
    }
  }

  /// After the items of one organ another organ's block may come (the specimen: General Assembly, then Security Council).
  private func currentOrganFollows(_ line: Line) -> Bool { Organ.name(of: line.text) != nil || SessionLine.number(line.text) != nil }

  /// A page may give a paper's title above the paper.
  private var isPageTitle: Bool {
    index == 0
      && lines.dropFirst().prefix(6).contains { line in
        line.cells.contains { Prose.hasPrefix($0, "Distr") || symbolCell(Prose.trimmed($0)) != nil }
      }
  }

  private func hasFieldsAhead() -> Bool {
    lines[(index + 1)...].prefix(7).contains { line in
      line.cells.contains {
        Prose.hasPrefix($0, "Distr.") || Prose.hasPrefix($0, "Original:") || Organ.name(of: $0) != nil || CalendarDate(written: $0) != nil
          || symbolCell($0) != nil
      }
        || SessionLine.number(line.text) != nil || AgendaLine.numbers(line.text) != nil
    }
  }

  private mutating func readField(_ line: Line) -> Bool {
    if readSession(line) || readItems(line) || readCommittee(line) || readPlace(line) { return true }
    var recognised = false
    let at = index
    for cell in line.cells { if readCell(Prose.trimmed(cell), line) { recognised = true } }
    if recognised { index = max(index, at) + 1 }
    return recognised
  }

  mutating func readCell(_ cell: Substring, _ line: Line) -> Bool {
    if MastheadWords.isFurniture(cell) {
      versionLanguage = versionLanguage ?? MastheadWords.language(ofHouse: cell)
      // "GENERAL" above "ASSEMBLY": an organ's name on two lines.
      if ["assembly", "council"].contains(cell.lowercased()), index > 0, let above = lines[index - 1].cells.first,
        let name = Organ.name(of: above.lowercased() + " " + cell.lowercased())
      {
        add(organs: [name], cell, line)
      }
      return true
    }
    if let found = symbolCell(cell) {
      for symbol in found where !symbols.contains(symbol) {
        readings.add("symbols", symbols.count, line.range(of: cell), line.page, Confidence.printed)
        symbols.append(symbol)
      }
      return true
    }
    if let glued = GluedSymbol(cell) {
      if symbols.isEmpty, let symbol = glued.symbol {
        readings.add("symbols", 0, line.range(of: cell), line.page, Confidence.partial)
        symbols.append(symbol)
      } else if symbols.isEmpty {
        readings.absent("symbols", "it runs into the date: \(cell)")
      }
      if date == nil, let day = glued.date {
        date = day
        readings.add("date", 0, line.range(of: cell), line.page, Confidence.partial)
      } else if date == nil {
        readings.absent("date", "the symbol runs into it: \(cell)")
      }
      return true
    }
    if let names = organs(in: cell) {
      add(organs: names, cell, line)
      return true
    }
    if let day = CalendarDate(written: Prose.withoutMarks(cell)) {
      if date == nil {
        date = day
        readings.add("date", 0, line.range(of: cell), line.page, Confidence.printed)
      }
      return true
    }
    if Prose.hasPrefix(cell, "Distr") { return readDistribution(cell, line) }
    if Prose.hasPrefix(cell, "Original:") || Prose.hasPrefix(cell, "Original :") || cell.hasPrefix("原文") || cell.hasPrefix("الأصل")
      || cell.hasPrefix("Язык оригинала")
    {
      return readOriginal(cell, line)
    }
    if distribution == nil, let name = MastheadWords.distribution(withoutOrgan(cell)), awaitsDistribution > 0 || standsAboveSymbol() {
      take(distribution: name, cell, line)
      return true
    }
    if let rest = cell.firstRange(of: " Distr."), let names = organs(in: cell[..<rest.lowerBound]) ?? halfOrgan(cell[..<rest.lowerBound]) {
      add(organs: names, cell[..<rest.lowerBound], line)
      return readDistribution(Prose.trimmed(cell[rest.lowerBound...]), line)
    }
    return readVersion(cell, line)
  }

  /// "RESERVADA*"; "Council GENERAL", where the class stands beside the second half of an organ's name.
  private func withoutOrgan(_ cell: Substring) -> String {
    var text = Prose.withoutMarks(cell)
    for half in ["Council ", "COUNCIL ", "Assembly ", "ASSEMBLY "] where awaitsDistribution > 0 && text.hasPrefix(half) {
      text = String(text.dropFirst(half.count))
    }
    return text
  }

  /// A page may leave out "Distr." before the class: then the symbol follows.
  private func standsAboveSymbol() -> Bool {
    guard symbols.isEmpty, lines[index].cells.count == 1, lines.indices.contains(index + 1) else { return false }
    return lines[index + 1].cells.contains { symbolCell(Prose.trimmed($0)) != nil || GluedSymbol($0) != nil }
  }

  private mutating func add(organs names: [String], _ cell: Substring, _ line: Line) {
    for name in names where !organs.contains(name) {
      readings.add("organs", organs.count, line.range(of: cell), line.page, Confidence.printed)
      organs.append(name)
    }
    currentOrgan = names.last
    leftEdge = line.indent
  }

  private func symbolCell(_ cell: Substring) -> [Symbol]? {
    let text = Prose.withoutMarks(cell)
    guard text.utf8.count <= 96, let first = text.utf8.first, isUpper(first), text.utf8.contains(0x2f) else { return nil }
    // In lower case "and/or" would be one too: print sets series in capitals.
    guard text.utf8.prefix(while: { $0 != 0x2f }).allSatisfy({ isUpper($0) || isDigit($0) || $0 == 0x2e || $0 == 0x20 }) else { return nil }
    let found = Symbol.list(text)
    if !found.isEmpty { return found }
    // Letters set apart: "C ERD/C/URY/CO/21-23".
    if text.prefix(8).contains(" "), MastheadWords.treatySeries.contains(String(text.filter { $0 != " " }.prefix { $0 != "/" })),
      text.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x2d || $0 == 0x2e || $0 == 0x2f || isUpper($0) || isDigit($0) })
    {
      return joinedSymbol(text)
    }
    // A scanner parts digits: "E/CN.4/200 1/94".
    guard text.contains(" "), !text.contains("("), text.utf8.contains(where: isDigit) else { return nil }
    guard text.split(separator: " ").allSatisfy({ $0.utf8.contains(where: isDigit) || $0.hasSuffix(".") || $0.hasSuffix("/") }) else {
      return nil
    }
    return joinedSymbol(text)
  }

  private func joinedSymbol(_ text: String) -> [Symbol]? {
    let joined = Symbol.list(text.filter { $0 != " " })
    return joined.count == 1 ? joined : nil
  }

  private func organs(in cell: Substring) -> [String]? {
    if let name = Organ.name(of: cell) { return [name] }
    guard cell.utf8.count <= 160, cell.utf8.count > 16 else { return nil }
    var rest = cell.lowercased()[...]
    var names: [String] = []
    while !rest.isEmpty {
      guard let found = Organ.printedNames.first(where: { rest.hasPrefix($0.printed) }) else { return nil }
      names.append(found.name)
      rest = Prose.trimmed(rest.dropFirst(found.printed.count))
    }
    return names.isEmpty ? nil : names
  }

  /// "Economic and Social" above "Council".
  private func halfOrgan(_ cell: Substring) -> [String]? {
    guard let next = lines.indices.contains(index + 1) ? lines[index + 1].cells.first : nil else { return nil }
    return (Organ.name(of: cell + " " + next) ?? Organ.name(of: cell + " " + next.prefix { $0 != " " })).map { [$0] }
  }

  private mutating func readDistribution(_ cell: Substring, _ line: Line) -> Bool {
    let value = Prose.trimmed(cell.drop { $0 != "." && $0 != ":" && $0 != "：" }.drop { ".: ：".contains($0) })
    guard !value.isEmpty else {
      awaitsDistribution = 6
      return true
    }
    guard value.utf8.count <= 40 else { return true }
    // "Distr.: General 18 January 2002" where a line was not broken.
    let word = value.prefix { $0 != " " }
    if let name = MastheadWords.distribution(value) ?? MastheadWords.distribution(Prose.withoutMarks(word)) {
      take(distribution: name, word, line)
      let rest = Prose.trimmed(value[word.endIndex...])
      return rest.isEmpty || readCell(rest, line) || true
    }
    if CalendarDate(written: value) == nil, !value.utf8.contains(where: isDigit) {
      take(distribution: Prose.withoutMarks(value), value, line)
    }
    return true
  }

  private mutating func take(distribution name: String, _ cell: Substring, _ line: Line) {
    guard distribution == nil else { return }
    distribution = name
    awaitsDistribution = 0
    readings.add("distribution", 0, line.range(of: cell), line.page, Confidence.printed)
  }

  // MARK: Languages

  private mutating func readOriginal(_ cell: Substring, _ line: Line) -> Bool {
    let value = Prose.trimmed(cell.drop { $0 != ":" && $0 != "：" }.drop { ":： ".contains($0) })
    if !value.isEmpty {
      take(originals: value, line)
    } else if let next = nextCell(after: cell, line), Self.isLanguages(next.0) {
      take(originals: next.0, next.1)
      if next.1.start != line.start { index += 1 }
    } else if index > 0, let above = lines[index - 1].cells.last.map(Prose.trimmed), Self.isLanguages(above) {
      take(originals: above, lines[index - 1])
    }
    return true
  }

  /// The cell after one on its line, or the last of the line below.
  private func nextCell(after cell: Substring, _ line: Line) -> (Substring, Line)? {
    if let beside = line.cells.first(where: { $0.startIndex > cell.startIndex }) { return (Prose.trimmed(beside), line) }
    return index + 1 < lines.count ? lines[index + 1].cells.last.map { (Prose.trimmed($0), lines[index + 1]) } : nil
  }

  private mutating func take(originals value: Substring, _ line: Line) {
    for word in Prose.withoutMarks(value).lowercased().split(whereSeparator: { " /,-、和".contains($0) })
    where !["and", "et", "y", "и", "only", "seulement", "solamente", "و"].contains(String(word)) {
      if let code = Language.code(named: String(word)) {
        if !originalLanguages.contains(code) {
          readings.add("original_languages", originalLanguages.count, line.range(of: value), line.page, Confidence.printed)
          originalLanguages.append(code)
        }
      } else {
        readings.absent("original_languages", "a language's name is not known")
      }
    }
  }

  private static func isLanguages(_ text: Substring) -> Bool {
    let words = text.lowercased().split(whereSeparator: { " /,".contains($0) })
    return words.count <= 6 && words.contains { Language.code(named: String($0)) != nil }
  }

  /// "Français" above "Original : anglais"; "English only", "Anglais et français seulement".
  private mutating func readVersion(_ cell: Substring, _ line: Line) -> Bool {
    if let code = MastheadWords.versionLanguage(cell) {
      versionLanguage = code
      return true
    }
    let lower = cell.lowercased()
    guard lower.utf8.count <= 80, ["only", "seulement", "solamente", "únicamente", "only*"].contains(where: { lower.hasSuffix($0) }),
      Self.isLanguages(cell)
    else { return false }
    take(originals: cell, line)
    return true
  }

  // MARK: Agenda items

  private mutating func readItems(_ line: Line) -> Bool {
    guard let numbers = AgendaLine.numbers(line.text) ?? (Self.startsItems(line) ? AgendaLine.numbers(joined(line)) : nil) else {
      return false
    }
    var text = Prose.collapsed(numbers)
    let first = index
    index += 1
    // A long list runs on: after a comma or "and", or with a line that begins with a number.
    while index < lines.count, !lines[index].afterBlank,
      text.hasSuffix(",") || text.hasSuffix(" and") || AgendaLine.goesOn(lines[index].text)
    {
      text += " " + lines[index].collapsed
      index += 1
    }
    if index < lines.count, AgendaLine.isEnding(lines[index].text) { index += 1 }
    let read = AgendaLine.parse(text)
    if !read.isWhole { readings.absent("items", "the list of numbers could be read in part only") }
    let range = lines[first].start..<lines[index - 1].range.upperBound
    for number in read.numbers {
      readings.add("items", items.count, range, line.page, read.isWhole ? Confidence.printed : Confidence.partial)
      items.append(AgendaItem(number: number, organ: currentOrgan ?? organs.first))
    }
    leftEdge = line.indent
    return !read.numbers.isEmpty
  }

  /// "Items 36, 37 and 87" whose "of the provisional agenda" stands on the next line.
  private static func startsItems(_ line: Line) -> Bool {
    let start = Phrases.folded(line.text, 12)
    return ["item", "items", "point", "points", "tema", "temas", "пункт", "пункты", "البند", "البنود"].contains {
      start.hasPrefix($0 + " ")
    }
  }

  private func joined(_ line: Line) -> String {
    line.text + lines[(index + 1)...].prefix(3).prefix { !$0.afterBlank }.map { " " + $0.text }.joined()
  }
}
