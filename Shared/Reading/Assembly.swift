/// Puts paragraphs, tables and notes of a file that marks them up into a flowing text.
struct Assembly {
  private(set) var text: FlowingText
  /// Open paragraphs, for a text box stands within one.
  private var open: [[UInt8]] = []
  /// The cells of the open row, each with its paragraphs; of tables inside each other the outermost counts.
  private var cells: [[[UInt8]]] = []
  private var tables = 0
  private var note: [UInt8]?

  /// Cells and lines that are set side by side, at most; longer text in cells goes on one line for each row.
  private static let widestTable = 12
  private static let highestRow = 40
  private static let longestCellLine = 60

  init(limit: Int) { text = FlowingText(limit: limit) }

  mutating func openParagraph() { open.append([]) }

  mutating func append(_ bytes: some Collection<UInt8>) {
    if open.isEmpty { return }
    open[open.count - 1].append(contentsOf: bytes)
  }

  /// Whether anything but spaces stands in the open paragraph.
  var hasText: Bool { open.last?.contains { $0 > 0x20 } ?? false }

  mutating func closeParagraph(label: String = "") throws(ReadingError) {
    guard let paragraph = open.popLast() else { return }
    if note != nil {
      if note?.isEmpty == false { note?.append(0x20) }
      note?.append(contentsOf: paragraph)
    } else if tables > 0 {
      guard paragraph.contains(where: { $0 > 0x20 }) else { return }
      if cells.isEmpty { cells.append([]) }
      cells[cells.count - 1].append(label.isEmpty ? paragraph : Array("\(label) ".utf8) + paragraph)
    } else {
      try text.paragraph(paragraph, label: label)
    }
  }

  mutating func pageBreak() { if note == nil { text.pageBreak() } }

  // MARK: Tables

  mutating func openTable() { tables += 1 }
  mutating func closeTable() throws(ReadingError) {
    if tables == 1 {
      try closeRow()
      text.endRows()
    }
    tables = max(0, tables - 1)
  }
  mutating func openRow() throws(ReadingError) { if tables == 1 { try closeRow() } }
  mutating func openCell() { if tables == 1 { cells.append([]) } }

  mutating func closeRow() throws(ReadingError) {
    guard tables == 1 else { return }
    let row = cells.drop { $0.isEmpty }
    cells = []
    let filled = row.filter { !$0.isEmpty }
    if filled.count == 1 {
      // A table that only places text.
      for paragraph in filled[0] { try text.paragraph(paragraph) }
      return
    }
    let height = row.map(\.count).max() ?? 0
    let isShort = row.allSatisfy { $0.allSatisfy { $0.count <= Self.longestCellLine } }
    if isShort, row.count <= Self.widestTable, height <= Self.highestRow {
      for line in 0..<height { try text.row(row.map { line < $0.count ? $0[line] : [] }) }
    } else {
      try text.row(row.map { Array($0.joined(separator: [0x20])) })
    }
  }

  // MARK: Notes

  /// From here to `closeNote` paragraphs belong to a note.
  mutating func openNote() { note = [] }
  mutating func closeNote(_ label: String) {
    if let text = note.take(), !text.isEmpty { self.text.footnote(label, text) }
    note = nil
  }

  /// Adds a note whose text was read elsewhere.
  mutating func footnote(_ label: String, _ note: [UInt8]) { text.footnote(label, note) }

  mutating func finish() throws(ReadingError) -> [UInt8] {
    while !open.isEmpty { try closeParagraph() }
    while tables > 0 { try closeTable() }
    return try text.finish()
  }
}

/// Numbers of lists as they are printed.
enum ListNumber {
  /// Longest that is written in Roman numerals or letters; beyond, digits.
  private static let longest = 4000

  enum Style { case decimal, lowerLetter, upperLetter, lowerRoman, upperRoman, bullet, none }

  static func text(_ number: Int, _ style: Style) -> String {
    switch style {
    case .bullet: return "•"
    case .none: return ""
    case .decimal: return "\(number)"
    case .lowerLetter, .upperLetter:
      guard (1...longest).contains(number) else { return "\(number)" }
      // a … z, aa, bb …
      let letter = Character(Unicode.Scalar((style == .lowerLetter ? 0x61 : 0x41) + UInt8((number - 1) % 26)))
      return String(repeating: letter, count: (number - 1) / 26 + 1)
    case .lowerRoman, .upperRoman:
      guard (1...longest).contains(number) else { return "\(number)" }
      var rest = number
      var result = ""
      for (value, sign) in [
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"),
        (4, "iv"), (1, "i"),
      ] {
        while rest >= value {
          result += sign
          rest -= value
        }
      }
      return style == .upperRoman ? result.uppercased() : result
    }
  }
}
