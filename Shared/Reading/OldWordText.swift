/// Takes apart what antiword prints of an old Word file: a line for each paragraph, rows of tables between bars, notes after a rule at the end.
enum OldWordText {
  static func text(_ printed: [UInt8], limit: Int) throws(ReadingError) -> [UInt8] {
    var lines = printed.split(separator: 0x0a)[...]
    var notes: ArraySlice<ArraySlice<UInt8>> = []
    if let rule = lines.lastIndex(where: { $0.count >= 20 && $0.allSatisfy { $0 == 0x2d } }) {
      notes = lines[(rule + 1)...]
      lines = lines[..<rule]
    }
    var out = FlowingText(limit: limit)
    var inTable = false
    for line in lines {
      if line.first == 0x7c, line.last == 0x7c, line.count > 1 {
        try out.row(line.dropFirst().dropLast().split(separator: 0x7c, omittingEmptySubsequences: false).map(trimmed))
        inTable = true
        continue
      }
      if inTable { out.endRows() }
      inTable = false
      try out.paragraph(withoutMarks(line))
    }
    for note in notes {
      guard note.first == 0x5b, let end = note.firstIndex(of: 0x5d) else { continue }
      out.footnote(String(decoding: note[(note.startIndex + 1)..<end], as: UTF8.self), Array(note[(end + 1)...]))
    }
    return try out.finish()
  }

  private static func trimmed(_ cell: ArraySlice<UInt8>) -> [UInt8] {
    var cell = cell
    while cell.first == 0x20 { cell.removeFirst() }
    while cell.last == 0x20 { cell.removeLast() }
    return Array(cell)
  }

  /// Without the "[1]" that points to a note.
  private static func withoutMarks(_ line: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(line.count)
    var index = line.startIndex
    while index < line.endIndex {
      if line[index] == 0x5b {
        let digits = line[(index + 1)...].prefix(4).prefix { isDigit($0) }
        if !digits.isEmpty, digits.endIndex < line.endIndex, line[digits.endIndex] == 0x5d {
          index = digits.endIndex + 1
          continue
        }
      }
      result.append(line[index])
      index += 1
    }
    return result
  }
}
