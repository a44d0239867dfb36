import Documents

/// A document's own heading: a letter's title, a draft's sponsors and title, a resolution's adoption line, basis, number and title, a record's meeting.
struct Heading {
  var kind: DocumentKind?
  var title: String?
  var titles: [String] = []
  var sender: Party?
  var addressees: [Party] = []
  var sponsors: [String] = []
  /// The date a letter's title states, or that of a record's meeting.
  var ownDate: (day: CalendarDate, range: Range<Int>, page: Int)?
  /// The General Assembly's session, where a statement's heading names it.
  var session: Int?
  /// Who says what follows, when the heading tells.
  var attribution: String?
  var readings = Readings()
  /// The first line after the heading.
  var end: Int
  /// Titles that the masthead has found before.
  let titlesBefore: Int

  /// Most lines of one heading block; the longest lists of sponsors take about forty.
  static let maximumBlockLines = 120

  let lines: [Line]
  let isLaidOut: Bool
  let year: Int?

  init(_ lines: [Line], from start: Int, masthead: Masthead, isLaidOut: Bool) {
    self.lines = lines
    self.isLaidOut = isLaidOut
    end = start
    titlesBefore = masthead.titles.count
    year = masthead.date?.year
    guard start < lines.count else { return }
    if readRecord(start, masthead: masthead) { return }
    var start = start
    var block = block(at: start)
    if !masthead.isPresent, let letter = letterBelowTitle(start) {
      start = letter
      block = self.block(at: start)
    }
    if masthead.isPresent, isLaidOut, isBodyName(block) {
      // A body that no list of bodies has stands at the left edge, above the paper's own heading.
      take(titles: block, Confidence.layout)
      start = block.end
      block = self.block(at: start)
    }
    if Phrases.isLetter(block.text) || Phrases.isNoteVerbale(block.text) {
      readLetter(start)
    } else if Phrases.isAdoption(block.text) {
      readResolution(start)
    } else if let draft = Self.draft(block.text) {
      readDraft(block, draft)
    } else if masthead.isPresent {
      readOther(block)
    } else {
      readStatement(start)
    }
  }

  // MARK: Recognising

  /// Whether a line between agenda items and body begins the document's own heading rather than an item's title.
  static func startsDocument(_ text: String, isLaidOut: Bool, atLeft: Bool, blocksBefore: Int, items: Int) -> Bool {
    if Phrases.isLetter(text) || Phrases.isNoteVerbale(text) || Phrases.isAdoption(text) || text.hasPrefix("[") { return true }
    if let kind = AuthorLine.read(text)?.kind, kind != .report, kind != .statement { return true }
    if isAgenda(text) { return true }
    // An item may be called "Report of the International Atomic Energy Agency"; a document's heading stands away from the edge, or after the titles.
    if isLaidOut && atLeft || !isLaidOut && blocksBefore < items { return false }
    return AuthorLine.read(text) != nil || Prose.hasPrefix(text, "Draft resolution") || Prose.hasPrefix(text, "Draft decision")
      || Phrases.opensBody(text)
  }

  /// "Provisional agenda and annotations", but not "Provisional agenda for the next session", which is an item.
  private static func isAgenda(_ text: String) -> Bool {
    let words = Phrases.folded(text, 60)
    return [
      "provisional agenda", "annotated provisional agenda", "annotations to the provisional agenda", "anotaciones al programa provisional",
    ].contains {
      words == $0 || words.hasPrefix($0 + " and ")
    }
  }

  /// Whether the block at `index` is a draft's: sponsors, a colon, "draft resolution".
  static func announcesDraft(_ lines: [Line], at index: Int) -> Bool {
    var text = lines[index].text
    for line in lines[(index + 1)...].prefix(maximumBlockLines) {
      if line.afterBlank { break }
      text += " " + line.text
    }
    return draft(text) != nil
  }

  /// The kind a block announces, and where the sponsors before it end.
  static func draft(_ text: String) -> (kind: DocumentKind, sponsorsEnd: String.Index)? {
    if let kind = Phrases.draftKind(text), text.unicodeScalars.first.map({ !$0.properties.isLowercase }) == true {
      return (kind, text.startIndex)
    }
    var start = text.startIndex
    while let colon = text[start...].firstIndex(where: { $0 == ":" || $0 == "：" }) {
      let rest = text[text.index(after: colon)...].drop { " *".contains($0) }
      if let kind = Phrases.draftKind(rest.prefix(60)) { return (kind, colon) }
      start = text.index(after: colon)
    }
    return nil
  }

  /// A page's title or two above a letter that stands without its masthead.
  private func letterBelowTitle(_ start: Int) -> Int? {
    let top = lines[start...].prefix(6)
    guard let place = top.dropFirst().firstIndex(where: { $0.afterBlank && (Phrases.isLetter($0.text) || Phrases.isNoteVerbale($0.text)) }),
      lines[start..<place].allSatisfy({ $0.text.utf8.count <= 160 && !Prose.isTerminal($0.text) || $0.text.hasSuffix(")") }),
      !Phrases.isDocumentStart(lines[start].text), LetterTitle(self.block(at: place).text[...]).isWhole
    else { return nil }
    return place
  }

  private func isBodyName(_ block: Block) -> Bool {
    guard block.end < lines.count, lines[block.start].indent < 4, lines[block.end].indent >= 8, block.text.utf8.count <= 240,
      !Phrases.isDocumentStart(block.text)
    else {
      return false
    }
    let next = self.block(at: block.end).text
    return Phrases.isLetter(next) || Phrases.isNoteVerbale(next) || Phrases.isAdoption(next) || AuthorLine.read(next)?.kind == .ngoStatement
  }

  // MARK: Blocks

  struct Block {
    var text: String
    var start: Int
    var end: Int
  }

  /// The lines from `start` to the next gap, joined. A body's opening words, and in flowing text a line as long as a paragraph, end it too.
  func block(at start: Int) -> Block {
    var text = ""
    var index = start
    while index < min(lines.count, start + Self.maximumBlockLines) {
      let line = lines[index]
      if index > start, line.afterBlank || Phrases.opensText(line.text) || startsAuthor(index) { break }
      Prose.append(line.collapsed, to: &text)
      index += 1
      if !isLaidOut, line.end > 100 { break }
    }
    return Block(text: text, start: start, end: index)
  }

  /// An author's line below a title that has ended.
  private func startsAuthor(_ index: Int) -> Bool {
    AuthorLine.read(lines[index].text) != nil && (isLaidOut || !DenseHead.isOpen(lines[index - 1].text))
  }

  func lines(_ block: Block) -> ArraySlice<Line> { lines[block.start..<block.end] }

  mutating func take(title block: Block, _ confidence: Int = Confidence.printed) {
    title = Prose.withoutMarks(block.text)
    readings.add("title", 0, lines(block), confidence)
    end = block.end
  }

  mutating func take(titles block: Block, _ confidence: Int = Confidence.printed) {
    readings.add("titles", titlesBefore + titles.count, lines(block), confidence)
    titles.append(Prose.withoutMarks(block.text))
    end = max(end, block.end)
  }

  // MARK: Letters

  private mutating func readLetter(_ start: Int) {
    var block = block(at: start)
    var text = Prose.withoutMarks(block.text)
    var letter = LetterTitle(text[...])
    // A title may go on after a gap that copying left in it, until it says from whom and to whom.
    for _ in 0..<3 where !letter.isWhole && block.end < lines.count && lines[block.end].text.utf8.count <= 120 {
      let next = self.block(at: block.end)
      guard !Phrases.opensLetter(next.text), next.text.utf8.count <= 240, !Prose.isTerminal(next.text) else { break }
      let longer = text + " " + Prose.withoutMarks(next.text)
      let read = LetterTitle(longer[...])
      guard read.isWhole || read.addressees.count > letter.addressees.count else { break }
      (block, text, letter) = (Block(text: longer, start: start, end: next.end), longer, read)
    }
    take(title: block)
    kind = Phrases.isNoteVerbale(text) ? .noteVerbale : .letter
    let place = (range: lines[block.start].start..<lines[block.end - 1].range.upperBound, page: lines[block.start].page)
    if let day = letter.date { ownDate = (day, place.range, place.page) }
    if let written = letter.sender {
      sender = Parties.party(written, year: year ?? letter.date?.year)
      readings.add("sender", 0, lines(block), Confidence.printed)
    } else {
      readings.absent("sender", "the letter's title does not say from whom")
    }
    for written in letter.addressees {
      readings.add("addressees", addressees.count, lines(block), Confidence.printed)
      addressees.append(Parties.addressee(written, year: year))
    }
    if letter.addressees.isEmpty { readings.absent("addressees", "the letter's title names none that could be read") }
    attribution = sender?.text ?? text
  }

  // MARK: Drafts

  private mutating func readDraft(_ block: Block, _ draft: (kind: DocumentKind, sponsorsEnd: String.Index)) {
    let line = Prose.withoutMarks(block.text)
    kind = draft.kind
    take(titles: block)
    if draft.sponsorsEnd > block.text.startIndex {
      sponsors = Parties.sponsors(Prose.withoutMarks(block.text[..<draft.sponsorsEnd]))
      for place in sponsors.indices {
        readings.add("sponsors", place, lines(block), sponsors.count > 1 ? Confidence.ordered : Confidence.printed)
      }
      attribution = "\(Parties.abridged(sponsors)): \(draft.kind.rawValue)"
    } else if let by = [
      "submitted by ", "présenté par ", "présentée par ", "presentado por ", "presentada por ", "представленный ", "مقدم من ",
    ].lazy
      .compactMap({ line.firstRange(of: $0) }).first
    {
      let party = Parties.submitter(line[by.upperBound...])
      sender = party
      readings.add("sender", 0, lines(block), Confidence.printed)
      attribution = "\(party.text): \(draft.kind.rawValue)"
    } else {
      attribution = draft.kind.rawValue.prefix(1).uppercased() + draft.kind.rawValue.dropFirst()
      readings.absent("sponsors", "none is printed")
    }
    readTitle()
  }

  /// The block that follows, unless it is the body already.
  mutating func readTitle() {
    guard end < lines.count, !Phrases.opensText(lines[end].text) else {
      readings.absent("title", "none is printed")
      return
    }
    let block = block(at: end)
    guard block.text.utf8.count <= 1000 else {
      readings.absent("title", "the heading runs into the text")
      return
    }
    take(title: block)
    title = title.map(Self.withoutNumber)
  }

  // MARK: Resolutions

  private mutating func readResolution(_ start: Int) {
    let words = Phrases.folded(lines[start].text, 12)
    kind = words.hasPrefix("decision") || words.hasPrefix("решение") || words.hasPrefix("مقرر") ? .decision : .resolution
    var adoption = ""
    var index = start
    // The adoption line and its date, up to the basis in brackets or the number.
    while index < min(lines.count, start + 8), !lines[index].text.hasPrefix("["), number(lines[index].text) == nil,
      !Phrases.opensBody(lines[index].text)
    {
      if lines[index].text.utf8.count == 1 { break }
      Prose.append(lines[index].collapsed, to: &adoption)
      index += 1
    }
    if let name = Phrases.councilResolution(adoption) {
      title = name
      readings.add("title", 0, lines[start...start], Confidence.printed)
      attribution = Organ.securityCouncil
      adoption = String(Prose.trimmed(adoption.dropFirst(name.count).drop { $0 == "*" || $0 == "," }))
    }
    if !adoption.isEmpty {
      readings.add("titles", titlesBefore + titles.count, lines[start..<index], Confidence.printed)
      titles.append(Prose.withoutMarks(adoption))
    }
    if index < lines.count, lines[index].text.hasPrefix("[") { index = readBasis(index) }
    end = index
    if index < lines.count, let number = number(lines[index].text) { readNumberedTitle(index, number) } else if title == nil { readTitle() }
  }

  private mutating func readBasis(_ start: Int) -> Int {
    var text = ""
    var index = start
    while index < min(lines.count, start + 8) {
      Prose.append(lines[index].collapsed, to: &text)
      index += 1
      if text.hasSuffix("]") { break }
    }
    readings.add("titles", titlesBefore + titles.count, lines[start..<index], Confidence.printed)
    titles.append(text)
    return index
  }

  /// "78/112.", "3363 (XXX).", "2019/1.", "43/1 A" at the start of a line: the end of the number with what follows up to the title.
  private func number(_ text: String) -> String.Index? {
    guard let first = text.utf8.first, isDigit(first) || text.hasPrefix("S-"),
      text.utf8.contains(0x2f) || text.utf8.contains(0x2e) || text.contains("．")
    else { return nil }
    guard let stop = text.prefix(24).firstIndex(where: { $0 == "." || $0 == "．" }) else {
      // "22/13" on a line of its own, as the Human Rights Council prints it, or with a gap before the title.
      let cell = text[..<(text.firstRange(of: "  ")?.lowerBound ?? text.endIndex)]
      return Self.isCouncilNumber(cell) ? cell.endIndex : nil
    }
    let words = text[..<stop].split(separator: " ")
    guard let head = words.first, words.count <= 3 else { return nil }
    let halves = head.split(separator: "/", omittingEmptySubsequences: false)
    let modern = halves.count == 2 && isDigits(halves[0], 1...4) && isDigits(halves[1], 1...3)
    let special = halves.count == 2 && ["S-", "ES-"].contains { head.hasPrefix($0) }
    let old = halves.count == 1 && isDigits(head, 1...4) && words.count > 1 && words[1].hasPrefix("(")
    return modern || old || special ? text.index(after: stop) : nil
  }

  /// "22/13", "S-17/1", "2005/12".
  private static func isCouncilNumber(_ text: Substring) -> Bool { afterSession(text).map { isDigits($0, 1...3) } ?? false }

  /// Of a number of a session's resolution, what stands behind the session: "13" of "S-22/13".
  private static func afterSession(_ text: Substring) -> Substring? {
    let halves = (text.hasPrefix("S-") ? text.dropFirst(2) : text).split(separator: "/", omittingEmptySubsequences: false)
    return halves.count == 2 && isDigits(halves[0], 1...4) ? halves[1] : nil
  }

  /// A draft's title without the number that its resolution will have: "31/…", "1998/...".
  static func withoutNumber(_ text: String) -> String {
    guard let space = text.firstIndex(of: " ") else { return text }
    guard let number = afterSession(text[..<space]), ["…", "...", "…."].contains(number) else { return text }
    return String(text[space...].drop { $0 == " " })
  }

  private mutating func readNumberedTitle(_ start: Int, _ after: String.Index) {
    let line = lines[start]
    let rest = Prose.trimmed(line.text[after...])
    let column = line.end - rest.count
    var text = Prose.collapsed(rest)
    var index = start + 1
    while index < min(lines.count, start + 20), !lines[index].afterBlank, !Phrases.opensBody(lines[index].text) {
      if isLaidOut, abs(lines[index].indent - column) > 6 { break }
      Prose.append(lines[index].collapsed, to: &text)
      index += 1
    }
    if text.isEmpty {
      end = index
      readTitle()
      return
    }
    title = Prose.withoutMarks(text)
    readings.add("title", 0, line.range(of: rest).lowerBound..<lines[index - 1].range.upperBound, line.page, Confidence.printed)
    end = index
  }
}
