/// Bytes of a text file → valid UTF-8.
enum TextDecoding {
  /// Text with more than one stray control byte in this many is no text.
  static let controlShare = 100

  static func decode(_ bytes: UnsafeRawBufferPointer, as type: MediaType) throws(ReadingError) -> [UInt8] {
    try checked(type == .utf16 ? try utf16(bytes) : try utf8(bytes))
  }

  /// What a byte is a sign of: ink, Arabic, or what is in no text.
  private static let signs: [UInt8] = (0...255).map { byte in
    byte < 0x09 || byte > 0x0d && byte < 0x20 || byte == 0x7f ? stray : byte == LamAlef.lead ? ink | arabic : byte > 0x20 ? ink : 0
  }
  private static let ink: UInt8 = 1
  private static let stray: UInt8 = 2
  private static let arabic: UInt8 = 4

  private static func signs(in text: [UInt8]) -> UInt8 {
    text.withUnsafeBufferPointer { text in
      signs.withUnsafeBufferPointer { signs in
        var all: UInt8 = 0
        for byte in text { all |= signs[Int(byte)] }
        return all
      }
    }
  }

  /// Refuses text that is none, or that is blank.
  static func checked(_ text: [UInt8]) throws(ReadingError) -> [UInt8] {
    // Most texts have no stray bytes at all.
    let signs = signs(in: text)
    if signs == ink { return text }
    if signs == ink | arabic { return LamAlef.mended(text) }
    var controls = 0
    var blank = true
    for (offset, byte) in text.enumerated() {
      if byte > 0x20 { blank = false }
      if byte == 0 { throw .binary(offset: offset) }
      if byte < 0x09 || byte > 0x0d && byte < 0x20 || byte == 0x7f {
        controls += 1
        if controls > 8 + text.count / controlShare { throw .binary(offset: offset) }
      }
    }
    if blank { throw .empty }
    return LamAlef.mended(text)
  }

  private static func utf8(_ bytes: UnsafeRawBufferPointer) throws(ReadingError) -> [UInt8] {
    let start = bytes.starts(with: [0xef, 0xbb, 0xbf] as [UInt8]) ? 3 : 0
    let text = [UInt8](bytes[start...])
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: text.span)
    } catch { throw .invalidUTF8(offset: start + error.byteOffsets.lowerBound) }
    return text
  }

  private static func utf16(_ bytes: UnsafeRawBufferPointer) throws(ReadingError) -> [UInt8] {
    guard bytes.count % 2 == 0 else { throw .invalidUTF16(offset: bytes.count - 1) }
    let little = bytes[0] == 0xff
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count)
    var high: UInt32?
    for offset in stride(from: 2, to: bytes.count, by: 2) {
      let unit = UInt32(bytes[offset + (little ? 1 : 0)]) << 8 | UInt32(bytes[offset + (little ? 0 : 1)])
      var value = unit
      if let first = high {
        guard (0xdc00...0xdfff).contains(unit) else { throw .invalidUTF16(offset: offset) }
        value = 0x10000 + (first - 0xd800) << 10 + (unit - 0xdc00)
        high = nil
      } else if (0xd800...0xdbff).contains(unit) {
        high = unit
        continue
      }
      guard let scalar = Unicode.Scalar(value) else { throw .invalidUTF16(offset: offset) }
      text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
    guard high == nil else { throw .invalidUTF16(offset: bytes.count - 2) }
    return text
  }
}

/// Evens out what differs between files but means nothing.
enum TextNormal {
  /// Regional indicators in a row, two of which are a flag. Where one character ends and the next begins is told by counting them from the first, for
  /// each anew: a text of nothing else would take time that grows with the square of its length.
  private static let mostIndicators = 16

  /// Whether U+1F1E6…U+1F1FF stands at `index`.
  private static func isIndicator(_ text: [UInt8], _ index: Int) -> Bool {
    index + 3 < text.count && text[index] == 0xf0 && text[index + 1] == 0x9f && text[index + 2] == 0x87 && text[index + 3] >= 0xa6
  }

  /// Bytes that do not always stay as they are.
  private static let mayChange: [Bool] = (0...255).map { byte in
    byte < 0x20 && byte != 0x0a && byte != 0x0c || [0x7f, 0xc2, 0xe2, 0xef, 0xf0].contains(byte)
  }

  /// Line ends as LF, tabs as two spaces, no-break spaces as spaces, without soft hyphens, zero-width marks, stray control bytes and rows of flags.
  /// Form feeds stay.
  static func normalised(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count + 16)
    let mayChange = mayChange
    var index = 0
    var indicators = 0
    while index < text.count {
      let byte = text[index]
      if !mayChange[Int(byte)] {
        let start = index
        index = mayChange.withUnsafeBufferPointer { mayChange in text.place(from: start + 1) { mayChange[Int($0)] } }
        result.append(contentsOf: text[start..<index])
        indicators = 0
        continue
      }
      if byte == 0xf0, isIndicator(text, index) {
        if indicators < mostIndicators { result.append(contentsOf: text[index..<(index + 4)]) }
        indicators += 1
        index += 4
        continue
      }
      indicators = 0
      index += 1
      switch byte {
      case 0x0d:
        result.append(0x0a)
        if index < text.count, text[index] == 0x0a { index += 1 }
      case 0x0b: result.append(0x0a)
      case 0x09:
        result.append(0x20)
        result.append(0x20)
      case 0..<0x20, 0x7f: continue
      case 0xc2 where index < text.count && text[index] == 0xa0:
        result.append(0x20)
        index += 1
      case 0xc2 where index < text.count && text[index] == 0xad: index += 1
      // U+200B zero width space, U+200E and U+200F marks, U+202A…U+202E embeddings, U+FEFF.
      case 0xe2
      where index + 1 < text.count && text[index] == 0x80 && [0x8b, 0x8e, 0x8f, 0xaa, 0xab, 0xac, 0xad, 0xae].contains(text[index + 1]):
        index += 2
      case 0xef where index + 1 < text.count && text[index] == 0xbb && text[index + 1] == 0xbf: index += 2
      default: result.append(byte)
      }
    }
    return result
  }
}
