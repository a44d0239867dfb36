import Documents

/// A line of text without its outer spaces, and where it stood.
struct Line {
  var text: String
  /// Where its first character stands in the text, in UTF-8 bytes.
  var start: Int
  /// Columns before the first character.
  var indent: Int
  /// Columns up to the last character.
  var end: Int
  /// 1-based; 0 in a text without pages.
  var page: Int
  /// Whether an empty line, or the top of a page, comes before.
  var afterBlank: Bool
  /// Most spaces between two of its words.
  var widestGap: Int
  /// Columns of the first of these.
  var firstWord: Int

  var range: Range<Int> { start..<start + text.utf8.count }

  /// Where a part of `text` stands in the whole text, in UTF-8 bytes.
  func range(of part: Substring) -> Range<Int> {
    let offset = start + text.utf8.distance(from: text.startIndex, to: part.startIndex)
    return offset..<offset + part.utf8.count
  }

  /// Whether columns stand apart.
  var isRow: Bool { widestGap >= Self.columnGap }

  /// Spaces between columns.
  static let columnGap = 4

  static func widestGap(in text: Substring) -> Int {
    var gap = 0
    var widest = 0
    for byte in text.utf8 {
      gap = byte == 0x20 ? gap + 1 : 0
      widest = max(widest, gap)
    }
    return widest
  }

  static func firstWord(of text: Substring) -> Int { text.utf8.prefix { $0 != 0x20 }.count { $0 & 0xc0 != 0x80 } }

  /// The text with its words parted by single spaces.
  var collapsed: String { widestGap < 2 ? text : Prose.collapsed(text) }

  /// The parts between gaps of two spaces or more.
  var cells: [Substring] {
    var cells: [Substring] = []
    let bytes = text.utf8
    var start = bytes.startIndex
    var index = start
    while index < bytes.endIndex {
      let next = bytes.index(after: index)
      if bytes[index] == 0x20, next < bytes.endIndex, bytes[next] == 0x20 {
        cells.append(text[start..<index])
        while index < bytes.endIndex, bytes[index] == 0x20 { index = bytes.index(after: index) }
        start = index
      } else {
        index = next
      }
    }
    cells.append(text[start...])
    return cells
  }
}

/// A note at the foot of a page.
struct Footnote {
  var label: String
  var text: String
  var page: Int
}

/// The lines of a text, furniture of pages taken away: running heads, page numbers, job numbers, bar codes; footnotes apart.
struct Lines {
  var body: [Line] = []
  var footnotes: [Footnote] = []
  /// Whether the text shows a page's layout (columns and indentation) rather than flowing from the left edge.
  var isLaidOut = false

  init(_ text: [UInt8]) {
    let pages = Self.pages(text)
    // A text may be set in as a whole.
    var edge = Int.max
    for page in pages { for index in page.indices { edge = min(edge, page[index].indent) } }
    var indented = 0
    var total = 0
    for page in pages {
      total += page.count
      for index in page.indices where page[index].indent >= edge + 2 { indented += 1 }
    }
    isLaidOut = total > 0 && indented * 4 > total
    var heads: [String] = []
    for (index, page) in pages.enumerated() {
      var page = page[...]
      if index > 0 { Self.removeRunningHead(&page, &heads) }
      Self.removeFoot(&page)
      if pages.count > 1 { takeFootnotes(&page) }
      if var first = page.first {
        first.afterBlank = true
        page[page.startIndex] = first
      }
      body.append(contentsOf: page)
    }
    if !isLaidOut {
      removeLonePageNumbers()
      Unrolled.part(&body)
      DenseHead.part(&body)
    }
    DenseHead.join(&body)
  }

  private static func pages(_ text: [UInt8]) -> [[Line]] {
    text.withUnsafeBufferPointer { pages($0, isPaged: text.contains(0x0c)) }
  }

  private static func pages(_ text: UnsafeBufferPointer<UInt8>, isPaged: Bool) -> [[Line]] {
    var pages: [[Line]] = []
    var page: [Line] = []
    var afterBlank = true
    var start = 0
    while start <= text.count {
      var first = start
      while first < text.count, text[first] == 0x20 { first += 1 }
      var index = first
      var last = first
      // Columns are characters: continuation bytes of UTF-8 take no column.
      var (gap, widest, continuations, firstWord) = (0, 0, 0, 0)
      while index < text.count {
        let byte = text[index]
        if byte > 0x20 {
          if gap > 0 {
            widest = max(widest, gap)
            gap = 0
          }
          if byte & 0xc0 == 0x80 { continuations += 1 }
        } else {
          if byte == 0x0a || byte == 0x0c { break }
          if gap == 0 { last = index }
          if widest == 0, gap == 0 { firstWord = index - first - continuations }
          gap += 1
        }
        index += 1
      }
      if gap == 0 { last = index }
      if widest == 0, gap == 0 { firstWord = index - first - continuations }
      let columns = last - first - continuations
      if first < last {
        page.append(
          Line(
            text: String(decoding: UnsafeBufferPointer(rebasing: text[first..<last]), as: UTF8.self), start: first,
            indent: first - start, end: first - start + columns, page: isPaged ? pages.count + 1 : 0, afterBlank: afterBlank,
            widestGap: widest, firstWord: firstWord))
        afterBlank = false
      } else {
        afterBlank = true
      }
      if index < text.count, text[index] == 0x0c {
        pages.append(page)
        page = []
        afterBlank = true
      }
      start = index + 1
    }
    return pages + [page]
  }

  /// `heads` are the symbols that stood so on pages before.
  /// Lines of the top block that hold a symbol at the left or right edge, with the lines of a title that runs beside them.
  private static func removeRunningHead(_ page: inout ArraySlice<Line>, _ heads: inout [String]) {
    let block = page.prefix(4)
    var length = 0
    for (offset, line) in block.enumerated() {
      if offset > 0, line.afterBlank { break }
      length = offset + 1
    }
    let head = page.prefix(length)
    guard let found = head.firstIndex(where: { isRunningHead($0, &heads) }) else { return }
    // A title longer than a line stands above or below the symbol, with nothing between and away from the text's edge.
    let atEdge = head[found].cells.count == 1
    let count = atEdge ? found - head.startIndex + 1 : length
    page = page.dropFirst(count)
  }

  private static func isRunningHead(_ line: Line, _ heads: inout [String]) -> Bool {
    let cells = line.cells
    guard cells.count <= 3 else { return false }
    return [cells.first, cells.last].contains { cell in
      guard let cell, cell.utf8.count < 64, cell.utf8.contains(0x2f), cell.utf8.first.map({ (0x41...0x5a).contains($0) }) == true else {
        return false
      }
      // A paper has two at most, on its left and right pages.
      if heads.contains(where: { $0 == cell }) { return true }
      guard !Symbol.list(cell).isEmpty else { return false }
      if heads.count < 4 { heads.append(String(cell)) }
      return true
    }
  }

  private static func removeFoot(_ page: inout ArraySlice<Line>) {
    var removed = 0
    while removed < 4, let last = page.last, isFoot(last.text) {
      page = page.dropLast()
      removed += 1
    }
  }

  /// "23-24947 (E)     211223", "*2324947*", "2/4      23-24947", "23-24947", "- 3 -", "/...", "Please recycle".
  private static func isFoot(_ text: String) -> Bool {
    guard text.utf8.count < 160, let first = text.utf8.first else { return false }
    // Told by their first letter from most lines.
    switch first {
    case UInt8(ascii: "/"): return text == "/..." || text == "/…"
    case UInt8(ascii: "P"), UInt8(ascii: "p"): return text.utf8.count == 14 && text.lowercased() == "please recycle"
    case UInt8(ascii: "*"):
      return text.utf8.count > 4 && text.utf8.last == first && text.utf8.dropFirst().dropLast().allSatisfy { isDigit($0) || isUpper($0) }
    case UInt8(ascii: "-"):
      let words = text.split(separator: " ")
      if words.count == 3, words[0] == "-", words[2] == "-", Int(words[1]) != nil { return true }
      return words.count <= 6 && text.hasSuffix("-") && Int(text.dropFirst().dropLast()) != nil
    case 0x30...0x39, UInt8(ascii: "G"), UInt8(ascii: "V"), UInt8(ascii: "("): return isNumbered(text)
    default: return false
    }
  }

  /// Whether a line has job numbers and numbers of pages, and nothing else but letters of languages.
  private static func isNumbered(_ text: String) -> Bool {
    var count = 0
    var hasNumber = false
    for word in text.utf8.split(separator: 0x20) {
      count += 1
      let isNumber = isJobNumber(word) || isPair(word, UInt8(ascii: "/"), 1...4, 1...4)
      let isOther = word.count == 3 && ["(E)", "(F)", "(S)"].contains(Substring(word)) || word.count == 6 && word.allSatisfy(isDigit)
      guard isNumber || isOther, count <= 6 else { return false }
      if count == 1, word.count == 1 { return false }
      hasNumber = hasNumber || isNumber
    }
    return hasNumber
  }

  private static func isJobNumber(_ word: Substring.UTF8View) -> Bool {
    var word = word
    if word.starts(with: "GE.".utf8) || word.starts(with: "V.".utf8) { word = word.drop { $0 != 0x2e }.dropFirst() }
    return isPair(word, 0x2d, 2...2, 4...6)
  }

  /// Whether there are digits, a mark, and digits again, so many of them.
  private static func isPair(_ word: Substring.UTF8View, _ mark: UInt8, _ first: ClosedRange<Int>, _ second: ClosedRange<Int>) -> Bool {
    var (before, after, sawMark) = (0, 0, false)
    for byte in word {
      if isDigit(byte) {
        if sawMark { after += 1 } else { before += 1 }
      } else {
        guard byte == mark, !sawMark else { return false }
        sawMark = true
      }
    }
    return sawMark && first.contains(before) && second.contains(after)
  }

  private mutating func takeFootnotes(_ page: inout ArraySlice<Line>) {
    let rule = page.indices.first {
      page[$0].text.utf8.first == 0x5f && page[$0].text.utf8.count >= 8 && page[$0].text.utf8.allSatisfy { $0 == 0x5f }
    }
    // Papers without numbered notes set the asterisked ones at the foot without a rule.
    let start =
      rule
      ?? page.indices.last {
        page[$0].afterBlank && page[$0].text.utf8.first == 0x2a && page[$0].text.hasPrefix("*") && $0 > page.startIndex + 3
          && page.endIndex - $0 <= 12
      }
    guard let start else { return }
    let notes = page[(rule == nil ? start : start + 1)...]
    page = page[..<start]
    var current: Footnote?
    for line in notes where !Self.isFoot(line.text) {
      if let label = Self.footnoteLabel(line.text) {
        if let done = current { footnotes.append(done) }
        let rest = line.text.dropFirst(label.utf8.count).drop { $0 == " " }
        current = Footnote(label: label, text: String(rest), page: line.page)
      } else if var note = current.take() {
        Prose.append(line.text, to: &note.text)
        current = note
      } else {
        current = Footnote(label: "", text: line.text, page: line.page)
      }
    }
    if let done = current { footnotes.append(done) }
  }

  private static func footnoteLabel(_ text: String) -> String? {
    guard let first = text.utf8.first, first == 0x2a || isDigit(first) else { return nil }
    let word = text.prefix { $0 != " " }
    let isMark = word.utf8.allSatisfy { $0 == 0x2a } || isDigits(word, 1...3)
    return isMark ? String(word) : nil
  }

  /// Page numbers left in copied text: digits alone on a line beside an empty one.
  private mutating func removeLonePageNumbers() {
    guard body.contains(where: { isDigits($0.text[...], 1...3) }) else { return }
    var kept: [Line] = []
    kept.reserveCapacity(body.count)
    for (index, line) in body.enumerated() {
      let beside = line.afterBlank || index + 1 < body.count && body[index + 1].afterBlank
      if beside, index > 0, isDigits(line.text[...], 1...3) { continue }
      kept.append(line)
    }
    body = kept
  }
}

func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) }
func isLower(_ byte: UInt8) -> Bool { (0x61...0x7a).contains(byte) }
func isDigits(_ word: Substring, _ lengths: ClosedRange<Int>) -> Bool { lengths.contains(word.utf8.count) && word.utf8.allSatisfy(isDigit) }
