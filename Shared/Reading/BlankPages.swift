/// Small pictures of pages, by which those without ink are told before anything slow is done with them.
enum BlankPages {
  /// Pixels of the longer side: a dot of A4 still greys one of them.
  static let longerSide = 500
  /// Levels of grey by which ink differs from the paper, which is smooth in a picture so small; pixels of it that a letter has.
  private static let contrast = 24
  private static let fewest = 4

  /// For each picture in a row of PGM files (`P5`, one byte a pixel), whether it is blank. What is no such file ends the row.
  static func find(_ bytes: [UInt8]) -> [Bool] {
    var blank: [Bool] = []
    var at = 0
    while bytes[at...].starts(with: [0x50, 0x35, 0x0a]) {
      at += 3
      // Width, height and the highest level, each to the next space or line's end.
      var numbers: [Int] = []
      while numbers.count < 3, let end = bytes[at...].prefix(12).firstIndex(where: { $0 <= 0x20 }) {
        guard let number = Int(String(decoding: bytes[at..<end], as: UTF8.self)), (0...65_535).contains(number) else { return blank }
        numbers.append(number)
        at = end + 1
      }
      guard numbers.count == 3, numbers[2] == 255, bytes.count - at >= numbers[0] * numbers[1] else { return blank }
      let end = at + numbers[0] * numbers[1]
      blank.append(isBlank(bytes[at..<end]))
      at = end
    }
    return blank
  }

  private static func isBlank(_ pixels: ArraySlice<UInt8>) -> Bool {
    var counts = [Int](repeating: 0, count: 256)
    for level in pixels { counts[Int(level)] += 1 }
    guard let paper = counts.indices.max(by: { counts[$0] < counts[$1] }) else { return true }
    return counts.indices.reduce(0) { $0 + (abs($1 - paper) > contrast ? counts[$1] : 0) } < fewest
  }
}
