import Documents

/// A document's own heading: a letter's title, a draft's sponsors and title, a resolution's adoption line, basis, number and title.
struct Heading {
  var kind: DocumentKind?
  var title: String?
  var titles: [String] = []
  var sender: Party?
  var addressees: [Party] = []
  var sponsors: [String] = []
  /// The date a letter's title states.
  var letterDate: CalendarDate?
  /// Who says what follows, when the heading tells.
  var attribution: String?
  var notes: [ReadingNote] = []
  /// The first line after the heading.
  var end: Int

  /// Most lines of one heading block; the longest lists of sponsors take about forty.
  static let maximumBlockLines = 120

  private let lines: [Line]
  private let isLaidOut: Bool

  init(_ lines: [Line], from start: Int, masthead: Masthead, isLaidOut: Bool) {
    self.lines = lines
    self.isLaidOut = isLaidOut
    end = start
    guard start < lines.count else { return }
    let block = block(at: start)
    if Self.isLetter(block.text) || Self.isNoteVerbale(block.text) {
      readLetter(start)
    } else if Self.isAdoption(block.text) {
      readResolution(start)
    } else if let draft = Self.draft(block.text) {
      readDraft(block, draft)
    } else if masthead.isPresent {
      readOther(block, organ: masthead.organs.first)
    }
  }

  // MARK: Recognising

  /// Whether a line between agenda items and body begins the document's own heading rather than an item's title.
  static func startsDocument(_ text: String, isLaidOut: Bool, atLeft: Bool, blocksBefore: Int, items: Int) -> Bool {
    if isLetter(text) || isNoteVerbale(text) || isAdoption(text) || text.hasPrefix("[") { return true }
    // An item may be called "Report of the International Atomic Energy Agency"; a document's heading stands away from the edge, or after the titles.
    if isLaidOut && atLeft || !isLaidOut && blocksBefore < items { return false }
    return isNote(text) != nil || Prose.hasPrefix(text, "Draft resolution") || Prose.hasPrefix(text, "Draft decision") || opensBody(text)
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

  static func opensBody(_ text: String) -> Bool {
    for opening in [
      "The General Assembly", "The Security Council", "The Economic and Social Council", "The Human Rights Council",
      "L’Assemblée générale,",
      "La Asamblea General,",
    ] where text.hasPrefix(opening) { return true }
    return text.hasPrefix("Генеральная Ассамблея,")
  }

  private static func isLetter(_ text: String) -> Bool {
    for prefix in ["Letter dated ", "Letters dated ", "Identical letters dated "] as [StaticString] where Prose.hasPrefix(text, prefix) {
      return true
    }
    for prefix in ["Lettre datée ", "Lettres identiques ", "Carta de fecha ", "Cartas idénticas ", "Письмо ", "Идентичные письма "]
    where text.hasPrefix(prefix) { return true }
    return false
  }

  private static func isNoteVerbale(_ text: String) -> Bool {
    for prefix in ["Note verbale dated ", "Notes verbales dated "] as [StaticString] where Prose.hasPrefix(text, prefix) { return true }
    for prefix in ["Note verbale datée ", "Nota verbal de fecha ", "Вербальная нота "] where text.hasPrefix(prefix) { return true }
    return false
  }

  private static func isAdoption(_ text: String) -> Bool {
    // "decisions adopted by the General Assembly at its tenth special session" is the second line of an item's title.
    let start = text.prefix(24).lowercased()
    guard Prose.startsUppercase(text) else { return false }
    for prefix in [
      "Resolution adopted by ", "Resolutions adopted by ", "Decision adopted by ", "Decisions adopted by ",
      "Adopted by the Security Council",
      "Resolution adoptee par ", "Resolucion aprobada por ",
    ] as [StaticString] where Prose.hasPrefix(text, prefix) { return true }
    for prefix in ["résolution adoptée par ", "resolución aprobada por ", "резолюция, принятая "] where start.hasPrefix(prefix) {
      return true
    }
    return securityCouncilResolution(text) != nil
  }

  /// "Resolution 822 (1993)" → its length in the text.
  private static func securityCouncilResolution(_ text: String) -> String? {
    guard Prose.hasPrefix(text, "Resolution "), text.utf8.count < 400 else { return nil }
    let words = text.split(separator: " ", maxSplits: 3)
    guard words.count >= 3, isDigits(words[1], 1...4), words[2].hasPrefix("("), words[2].hasSuffix(")"),
      isDigits(words[2].dropFirst().dropLast(), 4...4)
    else { return nil }
    return words[0...2].joined(separator: " ")
  }

  /// The kind of a paper that its author's line names, and the words before the author.
  private static func isNote(_ text: String) -> (kind: DocumentKind, author: String?)? {
    func author(after prefix: StaticString) -> String? {
      let rest = text.dropFirst(prefix.utf8CodeUnitCount)
      return rest.isEmpty ? nil : String(Parties.withoutArticle(rest[...]))
    }
    for (prefix, kind) in [
      ("Note by ", .note), ("Report of ", .report), ("Memorandum by ", .note), ("Report by ", .report), ("Statement by ", .statement),
      ("Working paper submitted by ", .workingPaper), ("Statement submitted by ", .ngoStatement),
    ] as [(StaticString, DocumentKind)] where Prose.hasPrefix(text, prefix) { return (kind, author(after: prefix)) }
    return nil
  }

  private static func draft(_ text: String) -> (kind: DocumentKind, sponsorsEnd: String.Index)? {
    let text = text[...]
    if Prose.hasPrefix(text, "Draft resolution submitted by ") { return (.draftResolution, text.startIndex) }
    for (word, kind) in [
      (": draft resolution", .draftResolution), (": revised draft resolution", .draftResolution), (": draft decision", .draftDecision),
      (": revised draft decision", .draftDecision), (": amendment", .amendment), (": sub-amendment", .amendment),
      (":* draft resolution", .draftResolution),
      (":** draft resolution", .draftResolution), (":* draft decision", .draftDecision), (":** draft decision", .draftDecision),
      (":* amendment", .amendment), (":** amendment", .amendment), (":* revised draft resolution", .draftResolution),
    ] as [(StaticString, DocumentKind)] {
      if let found = Prose.range(of: word, in: text) { return (kind, found.lowerBound) }
    }
    for (prefix, kind) in [
      ("Draft resolution", .draftResolution), ("Revised draft resolution", .draftResolution), ("Draft decision", .draftDecision),
      ("Amendment", .amendment),
    ] as [(StaticString, DocumentKind)] where Prose.hasPrefix(text, prefix) { return (kind, text.startIndex) }
    return nil
  }

  // MARK: Reading

  private struct Block {
    var text: String
    var end: Int
  }

  /// The lines from `start` to the next gap, joined. A body's opening words, and in flowing text a line as long as a paragraph, end it too.
  private func block(at start: Int) -> Block {
    var text = ""
    var index = start
    while index < min(lines.count, start + Self.maximumBlockLines) {
      let line = lines[index]
      if index > start, line.afterBlank || Self.opensBody(line.text) || Self.isNote(line.text) != nil && isLaidOut { break }
      Prose.append(Prose.collapsed(line.text), to: &text)
      index += 1
      if !isLaidOut, line.end > 100 { break }
    }
    return Block(text: text, end: index)
  }

  private mutating func readLetter(_ start: Int) {
    let block = block(at: start)
    end = block.end
    let text = Prose.withoutMarks(block.text)
    title = text
    kind = Self.isLetter(block.text) ? .letter : .noteVerbale
    let letter = Parties.letter(text)
    letterDate = letter.date ?? Parties.date(in: text)
    sender = letter.sender
    addressees = letter.addressees
    if letter.sender == nil { notes.append(ReadingNote("sender", "the letter's title is not “from … addressed to …”")) }
    if letter.addressees.isEmpty { notes.append(ReadingNote("addressee", "the letter's title names none that could be read")) }
    attribution = letter.sender?.text ?? text
  }

  private mutating func readDraft(_ block: Block, _ draft: (kind: DocumentKind, sponsorsEnd: String.Index)) {
    let line = Prose.withoutMarks(block.text)
    kind = draft.kind
    end = block.end
    titles.append(line)
    if draft.sponsorsEnd > block.text.startIndex {
      sponsors = Parties.sponsors(Prose.withoutMarks(block.text[..<draft.sponsorsEnd]))
      attribution = "\(Parties.abridged(sponsors)): \(draft.kind.rawValue)"
    } else if let by = line.firstRange(of: "submitted by ") {
      let party = Parties.submitter(line[by.upperBound...])
      sender = party
      attribution = "\(party.text): \(draft.kind.rawValue)"
    } else {
      attribution = draft.kind.rawValue.prefix(1).uppercased() + draft.kind.rawValue.dropFirst()
      notes.append(ReadingNote("sponsors", "none is printed"))
    }
    readTitle()
  }

  /// The block that follows, unless it is the body already.
  private mutating func readTitle() {
    guard end < lines.count, !Self.opensBody(lines[end].text) else {
      notes.append(ReadingNote("title", "none is printed"))
      return
    }
    let block = block(at: end)
    guard block.text.utf8.count <= 1000 else {
      notes.append(ReadingNote("title", "the heading runs into the text"))
      return
    }
    title = Prose.withoutMarks(block.text)
    end = block.end
  }

  private mutating func readResolution(_ start: Int) {
    kind = Prose.hasPrefix(lines[start].text, "Decision") ? .decision : .resolution
    var adoption = ""
    var index = start
    // The adoption line and its date, up to the basis in brackets or the number.
    while index < min(lines.count, start + 8), !lines[index].text.hasPrefix("["), number(lines[index].text) == nil,
      !Self.opensBody(lines[index].text)
    {
      if isOnlyLetter(lines[index].text) { break }
      Prose.append(Prose.collapsed(lines[index].text), to: &adoption)
      index += 1
    }
    if let name = Self.securityCouncilResolution(adoption) {
      title = name
      attribution = Organ.securityCouncil
      adoption = String(Prose.trimmed(adoption[name.endIndex...]))
    }
    if !adoption.isEmpty { titles.append(Prose.withoutMarks(adoption)) }
    if index < lines.count, lines[index].text.hasPrefix("[") { index = readBasis(index) }
    end = index
    if index < lines.count, let number = number(lines[index].text) { readNumberedTitle(index, number) } else if title == nil { readTitle() }
  }

  private func isOnlyLetter(_ text: String) -> Bool { text.utf8.count == 1 }

  private mutating func readBasis(_ start: Int) -> Int {
    var text = ""
    var index = start
    while index < min(lines.count, start + 8) {
      Prose.append(Prose.collapsed(lines[index].text), to: &text)
      index += 1
      if text.hasSuffix("]") { break }
    }
    titles.append(text)
    return index
  }

  /// "78/112." and "3363 (XXX)." at the start of a line: the length of the number with what follows up to the title.
  private func number(_ text: String) -> String.Index? {
    guard let first = text.utf8.first, isDigit(first), let stop = text.prefix(24).firstIndex(of: ".") else { return nil }
    let words = text[..<stop].split(separator: " ")
    guard let head = words.first, words.count <= 3 else { return nil }
    let halves = head.split(separator: "/", omittingEmptySubsequences: false)
    let modern = halves.count == 2 && isDigits(halves[0], 1...3) && isDigits(halves[1], 1...3)
    let old = halves.count == 1 && isDigits(head, 1...4) && words.count > 1 && words[1].hasPrefix("(")
    return modern || old ? text.index(after: stop) : nil
  }

  private mutating func readNumberedTitle(_ start: Int, _ after: String.Index) {
    let line = lines[start]
    let rest = Prose.trimmed(line.text[after...])
    let column = line.end - rest.count
    var text = Prose.collapsed(rest)
    var index = start + 1
    while index < min(lines.count, start + 20), !lines[index].afterBlank, !Self.opensBody(lines[index].text) {
      if isLaidOut, abs(lines[index].indent - column) > 6 { break }
      Prose.append(Prose.collapsed(lines[index].text), to: &text)
      index += 1
    }
    title = Prose.withoutMarks(text)
    end = index
  }

  private mutating func readOther(_ block: Block, organ: String?) {
    var block = block
    if Self.opensBody(block.text) {
      notes.append(ReadingNote("title", "none is printed"))
      return
    }
    // A report's heading may be its author's line alone, or a title and then that line.
    if let note = Self.isNote(block.text) {
      take(note, line: block.text)
      title = Prose.withoutMarks(block.text)
      end = block.end
      return
    }
    guard block.text.utf8.count <= 600, !Prose.isTerminal(block.text) else {
      notes.append(ReadingNote("title", "no heading stands above the text"))
      return
    }
    title = Prose.withoutMarks(block.text)
    end = block.end
    guard end < lines.count, let note = Self.isNote(lines[end].text) else { return }
    block = self.block(at: end)
    take(Self.isNote(block.text) ?? note, line: block.text)
    titles.append(Prose.withoutMarks(block.text))
    end = block.end
  }

  private mutating func take(_ note: (kind: DocumentKind, author: String?), line: String) {
    kind = note.kind
    guard let author = note.author.map({ Prose.withoutMarks($0) }), author.utf8.count <= 160 else { return }
    sender = Party(text: author, post: author)
    attribution = author
  }
}
