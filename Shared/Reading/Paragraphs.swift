import Documents

/// Joins lines into paragraphs.
///
/// In a laid-out text a paragraph begins where a line is indented more than the page's edge, or after a gap; in a flowing one after an empty line,
/// or where a line stops short at a full stop. Labels begin one in both. A page's end does not end a paragraph.
struct Paragraphs {
  struct Built {
    var label: String?
    var text: String
    var page: Int
    var role: ParagraphRole
    /// Whether a gap stood before it.
    var afterBlank: Bool
    var lineCount: Int
    /// Where its lines stand in the text, in UTF-8 bytes.
    var range: Range<Int>
    fileprivate var indent: Int
    /// Rows of a table, whose columns stand apart.
    fileprivate var isTable: Bool
  }

  private(set) var all: [Built] = []
  /// The last one's text, when it has more than one line so far.
  private var open: [UInt8] = []
  private let isLaidOut: Bool
  /// The text's left edge on the page of the line that is read, and on that of the line before.
  private var edge = 0
  private var edgeBefore = 0
  private let width: Int
  /// Every line of the text is a paragraph, or nearly: lines are longer than any typesetter's.
  private let isUnwrapped: Bool
  private let limit: Int
  /// Empty lines stand between paragraphs and nowhere else.
  private let isMarked: Bool

  /// Lines longer than this are whole paragraphs.
  static let longestSetLine = 160

  init(_ lines: ArraySlice<Line>, isLaidOut: Bool, isMarked: Bool = false, limit: Int) throws(ReadingError) {
    self.isLaidOut = isLaidOut
    self.isMarked = isMarked
    self.limit = limit
    let ends = lines.map(\.end).sorted()
    width = ends.isEmpty ? 0 : ends[ends.count * 9 / 10]
    isUnwrapped = width > Self.longestSetLine
    var previous: Line?
    var inSignature = 0
    for index in lines.indices {
      let line = lines[index]
      edgeBefore = edge
      if line.page != previous?.page { edge = Self.edge(lines[index...].prefix { $0.page == line.page }) }
      if Signatures.isSigned(line.text) {
        try begin(line, role: .signature)
        all[all.count - 1].text = Self.columns(line)
        inSignature = 1
      } else if inSignature > 0, !line.afterBlank, inSignature < 5, !Self.isAnnexHeading(line.text) {
        all[all.count - 1].text += "\n" + Self.columns(line)
        all[all.count - 1].lineCount += 1
        all[all.count - 1].range = all[all.count - 1].range.lowerBound..<line.range.upperBound
        inSignature += 1
      } else {
        inSignature = 0
        if let before = previous, goesOn(line, after: before) { extend(line) } else { try begin(line, role: .body) }
      }
      previous = line
    }
    close()
    markHeadings()
  }

  /// The commonest indentation of a page's long lines: its left edge. Most first lines are indented the same; among equals the lesser indentation is the
  /// edge.
  private static func edge(_ page: ArraySlice<Line>) -> Int {
    var indents: [Int] = []
    for index in page.indices where page[index].end - page[index].indent > 30 { indents.append(page[index].indent) }
    indents.sort()
    var (edge, most, start) = (0, 0, 0)
    for index in indents.indices where index + 1 == indents.count || indents[index + 1] != indents[index] {
      if index + 1 - start > most { (edge, most) = (indents[index], index + 1 - start) }
      start = index + 1
    }
    return edge
  }

  // MARK: Where a paragraph ends

  private func goesOn(_ line: Line, after previous: Line) -> Bool {
    guard let current = all.indices.last, all[current].role == .body else { return false }
    if Self.isAnnexHeading(line.text)
      || all[current].lineCount == 1 && (Self.isAnnexHeading(all[current].text) || Prose.isRoman(all[current].text[...]))
    {
      return false
    }
    if isMarked { return !line.afterBlank }
    let isOpen = !Prose.isTerminal(previous.text)
    if isLaidOut ? line.indent > edge + 1 || line.afterBlank || !isOpen : line.afterBlank || !isOpen || isUnwrapped,
      Self.label(line.text) != nil
    {
      return false
    }
    if isLaidOut, all[current].isTable || line.isRow, !line.afterBlank, line.page == previous.page { return all[current].isTable }
    if all[current].lineCount == 1, Self.isMeeting(all[current].text), CalendarDate(written: line.text) != nil { return true }
    if line.page != previous.page {
      if line.indent > edge + 2 { return isOpen && Prose.startsLowercase(line.text) }
      return isOpen || (isLaidOut && all[current].indent > edgeBefore + 2)
    }
    // A gap within a sentence is a page's end that was not marked.
    if line.afterBlank {
      return isOpen && Prose.startsLowercase(line.text) && !Prose.endsClause(previous.text)
        && max(open.count, all[current].text.utf8.count) > 40
    }
    return isLaidOut ? goesOnLaidOut(line, previous, all[current].lineCount) : goesOnFlowing(line, previous)
  }

  private func goesOnLaidOut(_ line: Line, _ previous: Line, _ lineCount: Int) -> Bool {
    let isShort = previous.end + 1 + line.firstWord <= width - 2
    // A lower-case line goes on after a comma or a colon, but not after a semicolon or a full stop.
    let endsShort =
      isShort
      && (Prose.startsLowercase(line.text)
        ? Prose.isTerminal(previous.text) && !previous.text.hasSuffix(":") : Prose.endsClause(previous.text))
    if line.indent > edge + 2 {
      if line.indent > previous.indent + 2 { return Prose.startsLowercase(line.text) && !Prose.endsClause(previous.text) }
      if line.indent < previous.indent - 2 { return !endsShort }
      // The same indentation: a block set in, or one first line after another.
      let isFirst = lineCount == 1 && previous.indent > edgeBefore + 2
      return !(isShort && Prose.startsUppercase(line.text))
        && !(isFirst && Prose.endsClause(previous.text) && Prose.startsUppercase(line.text))
    }
    if line.indent < edge - 2, previous.indent >= edge - 2 { return !endsShort && Prose.startsLowercase(line.text) }
    if previous.indent > edgeBefore + 2 { return !endsShort }
    return !(endsShort && Prose.startsUppercase(line.text))
  }

  private func goesOnFlowing(_ line: Line, _ previous: Line) -> Bool {
    if isUnwrapped { return Prose.startsLowercase(line.text) && !Prose.isTerminal(previous.text) }
    if line.indent > previous.indent + 2, Prose.isTerminal(previous.text) { return false }
    let isShort = previous.end * 100 < width * 85
    return !(isShort && Prose.isTerminal(previous.text) && !Prose.startsLowercase(line.text))
  }

  // MARK: Building

  private mutating func begin(_ line: Line, role: ParagraphRole) throws(ReadingError) {
    close()
    guard all.count < limit else { throw .tooLarge(.paragraphs, allowed: limit) }
    var text = line.collapsed
    var isTable = isLaidOut && line.isRow
    var label: String?
    if role == .body, let found = Self.label(line.text) {
      label = String(found)
      let rest = Prose.trimmed(line.text[found.endIndex...])
      text = Prose.collapsed(rest)
      isTable = isTable && Line.widestGap(in: rest) >= Line.columnGap
    }
    let isAnnex = role == .body && Self.isAnnexHeading(line.text)
    all.append(
      Built(
        label: label, text: text, page: line.page, role: isAnnex ? .annexHeading : role, afterBlank: line.afterBlank,
        lineCount: 1, range: line.range,
        indent: line.indent, isTable: isTable))
  }

  /// A line of signatures, its columns parted by tabs.
  private static func columns(_ line: Line) -> String { line.cells.joined(separator: "\t") }

  private mutating func extend(_ line: Line) {
    let last = all.count - 1
    if all[last].lineCount == 1 { open.append(contentsOf: all[last].text.utf8) }
    Prose.append(line.collapsed, to: &open)
    all[last].lineCount += 1
    all[last].range = all[last].range.lowerBound..<line.range.upperBound
  }

  private mutating func close() {
    if open.isEmpty { return }
    all[all.count - 1].text = String(decoding: open, as: UTF8.self)
    open.removeAll(keepingCapacity: true)
  }

  /// Headings: after a gap or a heading, begun with a capital, of few lines, and not ended as a sentence or a resolution's clause is.
  private mutating func markHeadings() {
    for index in all.indices where all[index].role == .body {
      let paragraph = all[index]
      if Self.isMeeting(paragraph.text) {
        all[index].role = .masthead
        continue
      }
      let follows = paragraph.afterBlank || index > 0 && [.heading, .annexHeading].contains(all[index - 1].role)
      let isLast = index + 1 == all.count
      guard follows, !isLast, !paragraph.isTable, paragraph.label == nil || paragraph.text.utf8.count < 120, paragraph.lineCount <= 4,
        paragraph.text.utf8.count <= 240,
        !paragraph.text.isEmpty, !Prose.endsClause(paragraph.text), Prose.startsUppercase(paragraph.text)
      else { continue }
      all[index].role = .heading
    }
  }

  /// "95th plenary meeting 5 September 2025": when it was adopted.
  private static func isMeeting(_ text: String) -> Bool {
    guard text.utf8.count <= 80, text.utf8.first.map(isDigit) == true, let meeting = Prose.firstRange(of: "plenary meeting", in: text[...])
    else {
      return false
    }
    return meeting.upperBound == text.endIndex || CalendarDate(written: Prose.trimmed(text[meeting.upperBound...])) != nil
  }

  static func isAnnexHeading(_ text: String) -> Bool { Annexes.label(text) != nil }

  /// "1.", "24.", "(a)", "(iv)", "•", "–" at a line's start, when text follows.
  static func label(_ text: String) -> Substring? {
    guard let first = text.utf8.first else { return nil }
    let end: String.Index
    if isDigit(first) {
      // "1. The", as labels are.
      var bytes = text.utf8.makeIterator()
      var next = bytes.next()
      var count = 0
      while let byte = next, isDigit(byte) {
        count += 1
        next = bytes.next()
      }
      if let mark = next, mark < 0x80, let after = bytes.next(), after < 0x80 || mark != 0x2e {
        guard count <= 3, mark == 0x2e, after == 0x20 || isUpper(after) || isLower(after) else { return nil }
        return text[..<text.utf8.index(text.startIndex, offsetBy: count + 1)]
      }
      let digits = text.prefix { $0.isASCII && $0.isNumber }
      guard digits.utf8.count <= 3, text[digits.endIndex...].hasPrefix(".") else { return nil }
      end = text.index(after: digits.endIndex)
      // "3.5 per cent" is no label.
      guard end < text.endIndex, text[end] == " " || text[end].isLetter else { return nil }
      return text[..<end]
    }
    if first == 0x28 {
      guard let close = text.prefix(8).firstIndex(of: ")") else { return nil }
      let inside = text[text.index(after: text.startIndex)..<close]
      guard (1...4).contains(inside.utf8.count), inside.utf8.allSatisfy({ isLower($0) }) || isDigits(inside, 1...3) else { return nil }
      end = text.index(after: close)
    } else if first == 0x2d || first == 0xe2, text.hasPrefix("•") || text.hasPrefix("– ") || text.hasPrefix("— ") || text.hasPrefix("- ") {
      end = text.index(after: text.startIndex)
    } else {
      return nil
    }
    return end < text.endIndex ? text[..<end] : nil
  }
}
