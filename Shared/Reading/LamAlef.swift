/// Mends the Arabic of text layers that give the two letters of a lam-alef ligature in the order of its halves on the page: "األمم" for "الأمم".
///
/// Only where nothing else can be meant: no Arabic word has an alef and right after it one with hamza or madda. "السالم" for "السلام" stays, for "السالم" is
/// a word too.
enum LamAlef {
  static let lead: UInt8 = 0xd8

  static func mended(_ text: [UInt8]) -> [UInt8] {
    // Arabic begins with this byte; most papers have none.
    guard text.contains(lead) else { return text }
    var result = text
    var index = 0
    while index + 5 < result.count {
      if result[index] == 0xd8, result[index + 1] == 0xa7, result[index + 2] == 0xd8, isCarrier(result[index + 3]),
        result[index + 4] == 0xd9,
        result[index + 5] == 0x84
      {
        result[index + 5] = result[index + 3]
        (result[index + 2], result[index + 3], result[index + 4]) = (0xd9, 0x84, 0xd8)
        index += 6
      } else {
        index += 1
      }
    }
    return result
  }

  /// U+0622, U+0623 and U+0625: آ أ إ.
  private static func isCarrier(_ byte: UInt8) -> Bool { byte == 0xa2 || byte == 0xa3 || byte == 0xa5 }
}
