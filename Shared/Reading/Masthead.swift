import Documents

/// What stands above a document's own heading: organs, symbols, distribution, date, language, sessions, committee, agenda items and their titles.
struct Masthead {
  var symbols: [Symbol] = []
  var organs: [String] = []
  var committees: [String] = []
  var distribution: String?
  var date: CalendarDate?
  var originalLanguages: [String] = []
  var sessions: [Session] = []
  var items: [AgendaItem] = []
  /// Blocks of heading text between the items and the document's heading that are no item's title.
  var titles: [String] = []
  var notes: [ReadingNote] = []
  /// The line after the masthead.
  var end = 0

  /// Most lines that a masthead can take; the longest seen, with forty agenda items and as many titles, has about 120.
  static let maximumLines = 400

  private var lines: [Line]
  private var isLaidOut: Bool
  private var index = 0
  private var currentOrgan: String?
  private var leftEdge = 0
  private var sawSession = false
  /// Items read, to which titles may follow.
  private var pendingItems = 0

  init(_ lines: [Line], isLaidOut: Bool) {
    self.lines = lines
    self.isLaidOut = isLaidOut
    readFields()
    // One stray date or organ's name does not make a masthead.
    let kinds = [
      !symbols.isEmpty, !organs.isEmpty, distribution != nil, date != nil, !originalLanguages.isEmpty, !sessions.isEmpty, !items.isEmpty,
    ]
    guard kinds.count(where: { $0 }) >= 2 else {
      self = Masthead()
      return
    }
    if !items.isEmpty { readTitles() }
    end = index
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
        continue
      }
      // A scanner's scrap or a stray mark among the fields at the top is stepped over; never past the session line.
      if !sawSession, items.isEmpty, unknown < 3, hasFieldsAhead() {
        unknown += 1
        index += 1
        continue
      }
      break
    }
  }

  /// After the items of one organ another organ's block may come (the specimen: General Assembly, then Security Council).
  private func currentOrganFollows(_ line: Line) -> Bool { Organ.name(of: line.text) != nil || isSession(line.text) }

  private func hasFieldsAhead() -> Bool {
    lines[(index + 1)...].prefix(6).contains { line in
      line.cells.contains {
        Prose.hasPrefix($0, "Distr.") || Prose.hasPrefix($0, "Original:") || Organ.name(of: $0) != nil || CalendarDate(written: $0) != nil
          || symbolCell($0) != nil
      }
        || isSession(line.text) || AgendaLine.numbers(line.text) != nil
    }
  }

  private mutating func readField(_ line: Line) -> Bool {
    if readSession(line) || readItems(line) || readCommittee(line) { return true }
    var recognised = false
    for cell in Self.labelled(line.cells) where readCell(Prose.trimmed(cell[...])) { recognised = true }
    if recognised { index += 1 }
    return recognised
  }

  /// "ORIGINAL:" and "ENGLISH", parted by a wide gap, as one.
  private static func labelled(_ cells: [Substring]) -> [String] {
    var joined: [String] = []
    for cell in cells {
      if let last = joined.last, last.hasSuffix(":") { joined[joined.count - 1] = last + " " + cell } else { joined.append(String(cell)) }
    }
    return joined
  }

  private mutating func readCell(_ cell: Substring) -> Bool {
    if Self.furniture.contains(cell.lowercased()) { return true }
    if let found = symbolCell(cell) {
      for symbol in found where !symbols.contains(symbol) { symbols.append(symbol) }
      return true
    }
    if let names = organs(in: cell) {
      for name in names where !organs.contains(name) { organs.append(name) }
      currentOrgan = names.last
      leftEdge = lines[index].indent
      return true
    }
    if let day = CalendarDate(written: Prose.withoutMarks(cell)) {
      date = date ?? day
      return true
    }
    if Prose.hasPrefix(cell, "Distr.") { return readDistribution(cell) }
    if Prose.hasPrefix(cell, "Original:") || Prose.hasPrefix(cell, "Original :") { return readOriginal(cell) }
    return false
  }

  private static let furniture: Set<String> = [
    "united nations", "united", "nations", "nations unies", "unies", "naciones unidas", "naciones", "unidas",
    "организация объединенных наций",
    "объединенные нации", "الأمم المتحدة", "联合国", "a", "s", "e", "a s", "a s e", "general assembly security council a s", "unies a",
    "nations a",
  ]

  private func symbolCell(_ cell: Substring) -> [Symbol]? {
    let text = Prose.withoutMarks(cell)
    guard text.utf8.count <= 96, let first = text.utf8.first, isUpper(first), text.utf8.contains(0x2f) else { return nil }
    // In lower case "and/or" would be one too: print sets series in capitals.
    guard text.utf8.prefix(while: { $0 != 0x2f }).allSatisfy({ isUpper($0) || isDigit($0) }) else { return nil }
    let found = Symbol.list(text)
    return found.isEmpty ? nil : found
  }

  private func organs(in cell: Substring) -> [String]? {
    if let name = Organ.name(of: cell) { return [name] }
    guard cell.utf8.count <= 96 else { return nil }
    var rest = cell.lowercased()[...]
    var names: [String] = []
    while !rest.isEmpty {
      guard let found = Organ.printedNames.first(where: { rest.hasPrefix($0.printed) }) else { return nil }
      names.append(found.name)
      rest = Prose.trimmed(rest.dropFirst(found.printed.count))
    }
    return names.isEmpty ? nil : names
  }

  private mutating func readDistribution(_ cell: Substring) -> Bool {
    var value = Prose.trimmed(cell.drop { $0 != "." }.dropFirst().drop { $0 == ":" || $0 == " " })
    if value.isEmpty, let next = nextCell(), Self.distributions[next.lowercased()] != nil {
      value = next
      // Consumed here, unless other cells share its line.
      if index + 1 < lines.count, lines[index + 1].cells.count == 1 { index += 1 }
    }
    guard !value.isEmpty, value.utf8.count <= 32 else {
      notes.append(ReadingNote("distribution", "nothing readable after “Distr.”"))
      return true
    }
    distribution = Self.distributions[value.lowercased()] ?? String(value)
    return true
  }

  private static let distributions: [String: String] = {
    var names: [String: String] = [:]
    for (name, printed) in [
      ("General", "general générale generale общая عام 普遍"), ("Limited", "limited limitée limitee limitada ограниченная محدود 有限"),
      ("Restricted", "restricted restreinte reservada ограниченного"), ("Provisional", "provisional provisoire"),
    ] {
      for word in printed.split(separator: " ") { names[String(word)] = name }
    }
    return names
  }()

  private func nextCell() -> Substring? { index + 1 < lines.count ? lines[index + 1].cells.last.map(Prose.trimmed) : nil }

  private mutating func readOriginal(_ cell: Substring) -> Bool {
    var value = Prose.trimmed(cell.drop { $0 != ":" }.dropFirst())
    if value.isEmpty, let next = nextCell(), Self.isLanguages(next) {
      value = next
      index += 1
    } else if value.isEmpty, index > 0, let above = lines[index - 1].cells.last.map(Prose.trimmed), Self.isLanguages(above) {
      value = above
    }
    for word in Prose.withoutMarks(value).lowercased().split(whereSeparator: { " /,".contains($0) })
    where word != "and" && word != "et" && word != "y" {
      if let code = Language.code(named: String(word)) {
        if !originalLanguages.contains(code) { originalLanguages.append(code) }
      } else {
        notes.append(ReadingNote("original language", "a language's name is not known"))
      }
    }
    return true
  }

  private static func isLanguages(_ text: Substring) -> Bool {
    let words = text.lowercased().split(whereSeparator: { " /,".contains($0) })
    return words.count <= 6 && words.contains { Language.code(named: String($0)) != nil }
  }

  // MARK: Sessions and committees

  private func isSession(_ text: String) -> Bool { sessionNumber(text) != nil }

  /// nil = no session line; inner nil = one whose ordinal is not understood.
  private func sessionNumber(_ text: String) -> Int?? {
    guard text.utf8.count <= 80 else { return nil }
    var words = Prose.withoutMarks(text).lowercased().split(separator: " ")
    while let last = words.last, last.hasPrefix("("), last.hasSuffix(")") { words.removeLast() }
    guard words.count >= 2, words.count <= 7, let last = words.last, Self.sessionWords.contains(String(last)) else { return nil }
    words.removeLast()
    while let word = words.last, Self.sessionKinds.contains(String(word)) { words.removeLast() }
    if words.first == "resumed" { words.removeFirst() }
    if let number = Ordinal.value(words.joined(separator: " ")) { return .some(number) }
    // "Quarante-huitième session", "Сорок восьмая сессия": a session, whose ordinal is not read; running prose has no line of this shape.
    return words.count <= 3 && Prose.startsUppercase(text) ? .some(nil) : nil
  }

  private static let sessionWords: Set<String> = ["session", "year", "sesiones", "сессия", "année", "año", "год"]
  private static let sessionKinds: Set<String> = ["special", "emergency", "regular", "annual", "substantive", "resumed", "de", "período"]

  private mutating func readSession(_ line: Line) -> Bool {
    guard let number = sessionNumber(line.text) else { return false }
    // "Human Rights Council / Forty-third session": the session of the body named last.
    if !sawSession, let body = committees.last { currentOrgan = body }
    let organ = currentOrgan ?? organs.first ?? ""
    let fromSymbol = symbols.first { $0.organ == Organ.generalAssembly }?.session
    let value = number ?? (organ == Organ.generalAssembly ? fromSymbol : nil)
    if value == nil { notes.append(ReadingNote("session", "its ordinal was not understood")) }
    sessions.append(Session(organ: organ, text: Prose.withoutMarks(line.text), number: value))
    sawSession = true
    leftEdge = line.indent
    index += 1
    if index < lines.count, !lines[index].afterBlank, isPlaceAndDates(lines[index].text) { index += 1 }
    return true
  }

  /// "4–15 November 2019", "Geneva, 8-19 February 2010": where and when a session meets.
  private func isPlaceAndDates(_ text: String) -> Bool {
    guard text.utf8.count < 80 else { return false }
    let words = text.lowercased().split(whereSeparator: { $0 == " " || $0 == "," })
    return words.contains { CalendarDate.month($0) != nil } && words.contains { isDigits($0, 4...4) }
  }

  private mutating func readCommittee(_ line: Line) -> Bool {
    guard sawSession || !organs.isEmpty || !symbols.isEmpty, items.isEmpty, line.indent <= leftEdge + 3, line.text.utf8.count <= 96 else {
      return false
    }
    guard sawSession || !isLaidOut || committees.isEmpty else { return false }
    let text = Prose.withoutMarks(line.text)
    let lower = text.lowercased()
    if lower.hasPrefix("("), lower.hasSuffix("committee)"), !committees.isEmpty {
      committees[committees.count - 1] += " " + text
    } else if lower.hasSuffix("committee") || lower.hasSuffix("committee)") || lower.hasPrefix("commission on ")
      || lower.hasPrefix("committee on ")
      || lower == "human rights council" || lower.hasPrefix("working group on ") || lower.hasSuffix(" commission")
    {
      committees.append(text == text.uppercased() ? Self.capitalised(text) : text)
    } else {
      return false
    }
    index += 1
    return true
  }

  private static func capitalised(_ text: String) -> String {
    let small: Set<String> = ["of", "on", "the", "and", "for", "to"]
    return text.lowercased().split(separator: " ").enumerated()
      .map { $0 > 0 && small.contains(String($1)) ? String($1) : String($1.prefix(1)).uppercased() + String($1.dropFirst()) }.joined(
        separator: " ")
  }

  // MARK: Agenda items

  private mutating func readItems(_ line: Line) -> Bool {
    guard let numbers = AgendaLine.numbers(line.text) else { return false }
    var text = Prose.collapsed(numbers)
    index += 1
    // A long list runs on: after a comma or "and", or with a line that begins with a number.
    while index < lines.count, !lines[index].afterBlank,
      text.hasSuffix(",") || text.hasSuffix(" and") || AgendaLine.goesOn(lines[index].text)
    {
      text += " " + Prose.collapsed(lines[index].text)
      index += 1
    }
    let read = AgendaLine.parse(text)
    if !read.isWhole { notes.append(ReadingNote("agenda items", "the list of numbers could be read in part only")) }
    items += read.numbers.map { AgendaItem(number: $0, organ: currentOrgan ?? organs.first) }
    pendingItems = items.count
    leftEdge = line.indent
    return true
  }

  // MARK: Titles

  /// Heading blocks up to the document's own heading, given to the items in their order.
  private mutating func readTitles() {
    let first = index
    var blocks: [[Line]] = []
    var titlesAtLeft = true
    while index < min(lines.count, first + Self.maximumLines) {
      let line = lines[index]
      let startsBlock = line.afterBlank || index == first
      let atLeft = line.indent <= leftEdge + 3
      if Heading.startsDocument(line.text, isLaidOut: isLaidOut, atLeft: atLeft, blocksBefore: blocks.count, items: items.count) { break }
      if blocks.isEmpty { titlesAtLeft = atLeft }
      if isLaidOut, titlesAtLeft, !atLeft { break }
      // "*    A/51/50.": which list the item is of.
      if line.text.hasPrefix("*"), !blocks.isEmpty || startsBlock {
        index += 1
        continue
      }
      if startsBlock || blocks.isEmpty, !isLaidOut || !titlesAtLeft, blocks.count >= items.count { break }
      if startsBlock, !atLeft || !isLaidOut, Heading.announcesDraft(lines, at: index) { break }
      if startsBlock || blocks.isEmpty { blocks.append([]) }
      blocks[blocks.count - 1].append(line)
      index += 1
    }
    assign(blocks)
  }

  private mutating func assign(_ blocks: [[Line]]) {
    var texts = blocks.map { Prose.joined($0.map { Prose.collapsed($0.text) }) }.map { Prose.withoutMarks($0) }
    if texts.count < items.count, texts.count > 0, let split = Self.split(blocks.flatMap { $0 }, into: items.count) { texts = split }
    if texts.count > items.count, items.count == 1, isLaidOut { texts = [Prose.joined(texts)] }
    guard texts.count >= items.count else {
      let reason = texts.isEmpty ? "none is printed" : "\(texts.count) title blocks for \(items.count) items; which is whose is not clear"
      notes.append(ReadingNote("agenda item titles", reason))
      titles = texts
      return
    }
    for number in items.indices { items[number].title = texts[number] }
    titles = Array(texts[items.count...])
  }

  /// Lines set without gaps, cut into `count` titles where a line ends though the next one's first word had room, and a capital follows.
  private static func split(_ lines: [Line], into count: Int) -> [String]? {
    let width = lines.map(\.end).max() ?? 0
    var rooms: [(room: Int, index: Int)] = []
    for index in 1..<max(1, lines.count) where Prose.startsUppercase(lines[index].text) {
      let room = width - (lines[index - 1].end + 1 + Prose.firstWordLength(lines[index].text))
      if room >= 0 { rooms.append((room, index)) }
    }
    // Of more places than titles, those where the most room was left.
    rooms.sort { ($0.room, $1.index) > ($1.room, $0.index) }
    var starts = [0] + rooms.prefix(count - 1).map(\.index).sorted()
    if starts.count != count {
      starts = [0] + lines.indices.dropFirst().filter { Prose.startsUppercase(lines[$0].text) }
      guard starts.count == count else { return nil }
    }
    return starts.enumerated().map { place, start in
      let end = place + 1 < starts.count ? starts[place + 1] : lines.count
      return Prose.withoutMarks(Prose.joined(lines[start..<end].map { Prose.collapsed($0.text) }))
    }
  }
}
