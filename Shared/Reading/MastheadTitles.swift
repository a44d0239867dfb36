import Documents

extension Masthead {
  /// Heading blocks up to the document's own heading, given to the items in their order. Returns the line after them.
  mutating func readTitles() -> Int {
    var index = index
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
    // One title and then the text: a paper's own, if it is that of a report, for every paper has one.
    if items.count == 1, blocks.count == 1, !isLaidOut, index >= lines.count || Self.isBody(lines[index].text),
      Heading.isOwnTitle(Prose.joined(blocks[0].map(\.collapsed)))
    {
      readings.absent("items.title", "none is printed")
      return first
    }
    assign(blocks)
    return index
  }

  /// Whether a line stands below a paper's title: its text, its contents or the name of a rapporteur.
  private static func isBody(_ text: String) -> Bool {
    let words = Phrases.folded(text, 60)
    return Phrases.opensText(text) || Paragraphs.label(text) != nil || text.hasPrefix("*")
      || ["rapporteur ", "relator ", "relatora ", "rapporteure ", "докладчик "].contains { words.hasPrefix($0) }
      || ["and rapporteur ", "y relator ", "y relatora ", "et rapporteur ", "chair rapporteur ", "i introduction"].contains {
        words.contains($0)
      }
  }

  private mutating func assign(_ given: [[Line]]) {
    var blocks = given
    var isSplit = false
    if blocks.count < items.count, !blocks.isEmpty, let split = Self.split(blocks.flatMap { $0 }, into: items.count) {
      blocks = split
      isSplit = true
    }
    if blocks.count > items.count, items.count == 1, isLaidOut { blocks = [blocks.flatMap { $0 }] }
    let texts = blocks.map { block in Prose.withoutMarks(Prose.joined(block.map(\.collapsed))) }
    guard texts.count >= items.count else {
      readings.absent(
        "items.title",
        texts.isEmpty ? "none is printed" : "\(texts.count) title blocks for \(items.count) items; which is whose is not clear")
      titles = texts
      for (place, block) in blocks.enumerated() { readings.add("titles", place, block, Confidence.layout) }
      return
    }
    for number in items.indices {
      items[number].title = texts[number]
      readings.add(
        "items.title", number, blocks[number], isSplit ? Confidence.partial : items.count > 1 ? Confidence.ordered : Confidence.printed)
    }
    titles = Array(texts[items.count...])
    for (place, block) in blocks[items.count...].enumerated() { readings.add("titles", place, block, Confidence.layout) }
  }

  /// Lines set without gaps, cut into `count` titles where a line ends though the next one's first word had room, and a capital follows.
  private static func split(_ lines: [Line], into count: Int) -> [[Line]]? {
    let width = lines.map(\.end).max() ?? 0
    var rooms: [(room: Int, index: Int)] = []
    for index in 1..<max(1, lines.count) where Prose.startsUppercase(lines[index].text) && !DenseHead.isOpen(lines[index - 1].text) {
      let room = width - (lines[index - 1].end + 1 + lines[index].firstWord)
      if room >= 0 { rooms.append((room, index)) }
    }
    // Of more places than titles, those where the most room was left.
    rooms.sort { ($0.room, $1.index) > ($1.room, $0.index) }
    var starts = [0] + rooms.prefix(count - 1).map(\.index).sorted()
    if starts.count != count {
      starts = [0] + lines.indices.dropFirst().filter { Prose.startsUppercase(lines[$0].text) }
      guard starts.count == count else { return nil }
    }
    return starts.enumerated().map { place, start in Array(lines[start..<(place + 1 < starts.count ? starts[place + 1] : lines.count)]) }
  }
}
