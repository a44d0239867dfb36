/// Bars with which some pages draw a table: "| | |A/HRC/31/2 |".
enum TableBars {
  /// The text with a space for each bar in lines that begin with one: what stood apart still does, at its place.
  static func cleared(_ text: [UInt8]) -> [UInt8] {
    guard text.contains(0x7c) else { return text }
    var text = text
    var isRow = false
    var isStart = true
    for index in text.indices {
      let byte = text[index]
      if byte == 0x0a || byte == 0x0c {
        isStart = true
        isRow = false
        continue
      }
      if isStart, byte != 0x20 {
        isStart = false
        isRow = byte == 0x7c
      }
      if isRow, byte == 0x7c { text[index] = 0x20 }
    }
    return text
  }
}
