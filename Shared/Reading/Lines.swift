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

  var range: Range<Int> { start..<start + text.utf8.count }

  /// Where a part of `text` stands in the whole text, in UTF-8 bytes.
  func range(of part: Substring) -> Range<Int> {
    let offset = start + text.utf8.distance(from: text.startIndex, to: part.startIndex)
    return offset..<offset + part.utf8.count
  }

  /// Whether columns stand apart in a text: a gap of four spaces after its first words.
  static func isRow(_ text: Substring) -> Bool {
    var gap = 0
    for byte in text.utf8 {
      gap = byte == 0x20 ? gap + 1 : 0
      if gap == 4 { return true }
    }
    return false
  }

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
    let edge = pages.lazy.joined().map(\.indent).min() ?? 0
    var indented = 0
    var total = 0
    for page in pages {
      total += page.count
      indented += page.count { $0.indent >= edge + 2 }
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
    var pages: [[Line]] = [[]]
    let paged = text.contains(0x0c)
    var afterBlank = true
    var start = 0
    for index in 0...text.count {
      let byte = index < text.count ? text[index] : 0x0a
      guard byte == 0x0a || byte == 0x0c else { continue }
      var first = start
      var last = index
      while first < last, text[first] == 0x20 { first += 1 }
      while last > first, text[last - 1] == 0x20 { last -= 1 }
      if first < last {
        let bytes = text[first..<last]
        // Columns are characters: continuation bytes of UTF-8 take no column.
        let width = bytes.reduce(0) { $0 + ($1 & 0xc0 == 0x80 ? 0 : 1) }
        pages[pages.count - 1].append(
          Line(
            text: String(decoding: bytes, as: UTF8.self), start: first, indent: first - start, end: first - start + width,
            page: paged ? pages.count : 0,
            afterBlank: afterBlank))
        afterBlank = false
      } else {
        afterBlank = true
      }
      if byte == 0x0c {
        pages.append([])
        afterBlank = true
      }
      start = index + 1
    }
    return pages
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
    guard text.utf8.count < 160 else { return false }
    let words = text.split(separator: " ")
    guard words.count <= 6, let first = words.first else { return false }
    if text == "/..." || text == "/…" || text.lowercased() == "please recycle" { return true }
    if text.hasPrefix("*"), text.hasSuffix("*"), text.utf8.count > 4 {
      return text.utf8.dropFirst().dropLast().allSatisfy { isDigit($0) || isUpper($0) }
    }
    if words.count == 3, words[0] == "-", words[2] == "-", Int(words[1]) != nil { return true }
    if text.hasPrefix("-"), text.hasSuffix("-"), Int(text.dropFirst().dropLast()) != nil { return true }
    return words.allSatisfy { isJobNumber($0) || isPageOfPages($0) || $0 == "(E)" || $0 == "(F)" || $0 == "(S)" || isDigits($0, 6...6) }
      && words.contains { isJobNumber($0) || isPageOfPages($0) } && (first.utf8.count > 1)
  }

  private static func isJobNumber(_ word: Substring) -> Bool {
    var word = word
    if word.hasPrefix("GE.") || word.hasPrefix("V.") { word = word[word.index(after: word.firstIndex(of: ".") ?? word.startIndex)...] }
    let halves = word.split(separator: "-", omittingEmptySubsequences: false)
    return halves.count == 2 && isDigits(halves[0], 2...2) && isDigits(halves[1], 4...6)
  }

  private static func isPageOfPages(_ word: Substring) -> Bool {
    let halves = word.split(separator: "/", omittingEmptySubsequences: false)
    return halves.count == 2 && isDigits(halves[0], 1...4) && isDigits(halves[1], 1...4)
  }

  private mutating func takeFootnotes(_ page: inout ArraySlice<Line>) {
    let rule = page.firstIndex { $0.text.utf8.count >= 8 && $0.text.utf8.allSatisfy { $0 == 0x5f } }
    // Papers without numbered notes set the asterisked ones at the foot without a rule.
    let start =
      rule
      ?? page.indices.last { page[$0].afterBlank && page[$0].text.hasPrefix("*") && $0 > page.startIndex + 3 && page.endIndex - $0 <= 12 }
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
    let word = text.prefix { $0 != " " }
    let isMark = word.utf8.allSatisfy { $0 == 0x2a } || isDigits(word, 1...3)
    return isMark && !word.isEmpty ? String(word) : nil
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
