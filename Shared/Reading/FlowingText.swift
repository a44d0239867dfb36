/// Builds the text that the form is read from, for files that know their paragraphs: each on a line of its own between empty ones, pages ended by
/// form feeds, and notes at the foot of the page below a rule.
struct FlowingText {
  private(set) var bytes: [UInt8] = []
  private var notes: [(label: String, text: [UInt8])] = []
  private var breaks = 0
  private let limit: Int

  /// `limit`: bytes of text, at most.
  init(limit: Int) { self.limit = limit }

  /// Adds a paragraph with its label as printed. Line feeds inside are kept as lines. Throws `tooLarge`.
  mutating func paragraph(_ text: some Collection<UInt8>, label: String = "") throws(ReadingError) {
    guard text.contains(where: { $0 > 0x20 }) else { return }
    breakPages()
    if !label.isEmpty {
      bytes.append(contentsOf: label.utf8)
      bytes.append(0x20)
    }
    append(text)
    bytes.append(0x0a)
    bytes.append(0x0a)
    try check()
  }

  /// Adds a table's row: cells that stand apart. Throws `tooLarge`.
  mutating func row(_ cells: [[UInt8]]) throws(ReadingError) {
    guard cells.contains(where: { $0.contains { $0 > 0x20 } }) else { return }
    breakPages()
    for (index, cell) in cells.enumerated() {
      if index > 0 { bytes.append(contentsOf: [0x20, 0x20, 0x20, 0x20]) }
      append(cell.map { $0 == 0x0a ? 0x20 : $0 })
    }
    bytes.append(0x0a)
    try check()
  }

  /// Ends a table, which is one block.
  mutating func endRows() { if bytes.last == 0x0a { bytes.append(0x0a) } }

  mutating func footnote(_ label: String, _ text: [UInt8]) { notes.append((label, text)) }

  /// The next paragraph stands on a new page.
  mutating func pageBreak() { breaks += 1 }

  /// The text, whose last page is ended too.
  mutating func finish() throws(ReadingError) -> [UInt8] {
    breaks = max(breaks, 1)
    breakPages()
    try check()
    return bytes
  }

  /// A paragraph is on the page where it begins: breaks within it come before the next one.
  private mutating func breakPages() {
    guard breaks > 0 else { return }
    if !notes.isEmpty {
      bytes.append(contentsOf: "____________\n".utf8)
      for note in notes {
        bytes.append(contentsOf: note.label.utf8)
        bytes.append(0x20)
        append(note.text.map { $0 == 0x0a ? 0x20 : $0 })
        bytes.append(0x0a)
      }
      notes = []
    }
    bytes.append(contentsOf: repeatElement(0x0c, count: breaks))
    breaks = 0
  }

  private mutating func append(_ text: some Collection<UInt8>) {
    for byte in text where byte != 0x0c && byte != 0 { bytes.append(byte == 0x0d ? 0x0a : byte) }
  }

  private func check() throws(ReadingError) {
    if bytes.count > limit { throw .tooLarge(.textBytes, allowed: limit) }
  }
}
