/// A page as Tesseract read it: its words, set out in lines and columns where they stand on the page.
struct RecognisedPage {
  private struct Word {
    var block: Int
    var line: Int
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int
    var text: Substring.UTF8View
    var length: Int
  }
  private struct Row {
    var words: [Word]
    var top: Int
    var bottom: Int
    var left: Int { words.first?.left ?? 0 }
    var right: Int { words.last?.right ?? 0 }
  }

  private(set) var text: [UInt8] = []
  /// 0–100, weighted by the length of words.
  private(set) var confidence = 0

  /// Words on a page, at most; a page of newsprint has 5,000.
  private static let mostWords = 50_000
  /// A mark without a letter or digit that is less sure than this is dirt, or part of an emblem; so is one of one or two letters.
  private static let dirt = 40.0
  /// Words in a row, at most; what stands beside it then is a row of its own.
  private static let mostInRow = 500

  /// Takes apart Tesseract's table: level, page, block, paragraph, line, word, left, top, width, height, confidence, text.
  static func pages(_ table: [UInt8], isSpaced: Bool, isLeftToRight: Bool) -> [RecognisedPage] {
    var pages: [RecognisedPage] = []
    var words: [Word] = []
    var block = 0
    var line = 0
    var sure = 0.0
    var length = 0
    func finish() {
      guard !pages.isEmpty else { return }
      pages[pages.count - 1].confidence = length > 0 ? Int(sure / Double(length)) : 0
      pages[pages.count - 1].set(words, isSpaced: isSpaced, isLeftToRight: isLeftToRight)
      words = []
      sure = 0
      length = 0
    }
    for row in String(decoding: table, as: UTF8.self).split(separator: "\n").dropFirst() {
      let cells = row.split(separator: "\t", maxSplits: 11, omittingEmptySubsequences: false)
      guard cells.count >= 11 else { continue }
      switch cells[0] {
      case "1":
        finish()
        pages.append(RecognisedPage())
      case "2": block += 1
      case "4": line += 1
      case "5":
        guard cells.count == 12, let left = Int(cells[6]), let top = Int(cells[7]), let width = Int(cells[8]), let height = Int(cells[9]),
          let confidence = Double(cells[10]), words.count < mostWords
        else { continue }
        let count = cells[11].unicodeScalars.reduce(0) { $0 + ($1.properties.isAlphabetic || $1.properties.numericType != nil ? 1 : 0) }
        if cells[11].allSatisfy(\.isWhitespace) || count <= 2 && confidence < dirt { continue }
        sure += max(0, confidence) * Double(max(1, count))
        length += max(1, count)
        words.append(
          Word(
            block: block, line: line, left: left, top: top, right: left + width, bottom: top + height, text: cells[11].utf8,
            length: cells[11].count))
      default: break
      }
    }
    finish()
    return pages
  }

  private mutating func set(_ words: [Word], isSpaced: Bool, isLeftToRight: Bool) {
    guard !words.isEmpty else { return }
    // The width of a character: the middle one of all words'.
    let widths = words.map { max(1, ($0.right - $0.left) / max(1, $0.length)) }.sorted()
    let character = widths[widths.count / 2]
    let lines = Self.lines(words)
    var rows = Self.rows(lines)
    var edges: [Int: Int] = [:]
    if Self.areColumns(rows) {
      // Two columns of text are read one after the other, as Tesseract orders them, each from its own edge.
      rows = lines
      for word in words { edges[word.block] = min(edges[word.block] ?? word.left, word.left) }
    }
    let edge = words.map(\.left).min() ?? 0
    let heights = rows.map { $0.bottom - $0.top }.sorted()
    let height = heights[heights.count / 2]
    var previous: Row?
    for row in rows {
      if let previous, row.top - previous.bottom > height || row.bottom < previous.top { text.append(0x0a) }
      append(row, character, row.words.first.flatMap { edges[$0.block] } ?? edge, isSpaced: isSpaced, isLeftToRight: isLeftToRight)
      previous = row
    }
  }

  /// Rows in which two lines of text stand side by side; so many make columns, where fewer are a masthead's.
  private static let fewestColumnRows = 6
  private static let columnLetters = 25

  private static func areColumns(_ rows: [Row]) -> Bool {
    let wide = rows.count { row in
      guard let first = row.words.first, let last = row.words.last, first.line != last.line else { return false }
      let left = row.words.reduce(0) { $0 + ($1.line == first.line ? $1.length : 0) }
      let right = row.words.reduce(0) { $0 + ($1.line == last.line ? $1.length : 0) }
      return left >= columnLetters && right >= columnLetters
    }
    return wide >= fewestColumnRows && wide * 4 > rows.count
  }

  private mutating func append(_ row: Row, _ character: Int, _ edge: Int, isSpaced: Bool, isLeftToRight: Bool) {
    if isLeftToRight { text.append(contentsOf: repeatElement(0x20, count: max(0, row.left - edge) / character)) }
    var last: Word?
    for word in row.words {
      if let last {
        let gap = isLeftToRight ? (word.left - last.right) / character : (last.left - word.right) / character
        // Justified lines have gaps of two characters; columns stand further apart. Chinese is set without spaces.
        let spaces = gap < 3 ? (isSpaced || gap >= 1 ? 1 : 0) : min(gap, 200)
        text.append(contentsOf: repeatElement(0x20, count: spaces))
      }
      text.append(contentsOf: word.text)
      last = word
    }
    text.append(0x0a)
  }

  /// Tesseract's lines, in its order.
  private static func lines(_ words: [Word]) -> [Row] {
    var lines: [Row] = []
    var current = -1
    for word in words {
      if word.line != current { lines.append(Row(words: [], top: word.top, bottom: word.bottom)) }
      current = word.line
      lines[lines.count - 1].words.append(word)
      lines[lines.count - 1].top = min(lines[lines.count - 1].top, word.top)
      lines[lines.count - 1].bottom = max(lines[lines.count - 1].bottom, word.bottom)
    }
    return lines
  }

  /// Lines from top to bottom, those side by side as one.
  private static func rows(_ lines: [Row]) -> [Row] {
    var rows: [Row] = []
    for line in lines.sorted(by: { $0.top + $0.bottom < $1.top + $1.bottom }) {
      if let last = rows.last {
        let shared = min(last.bottom, line.bottom) - max(last.top, line.top)
        let beside = line.left >= last.right || line.right <= last.left
        if beside, last.words.count < mostInRow, shared * 2 > min(last.bottom - last.top, line.bottom - line.top) {
          rows[rows.count - 1].words = line.left >= last.right ? last.words + line.words : line.words + last.words
          continue
        }
      }
      rows.append(line)
    }
    return rows
  }
}
