/// Reads XML as a stream of tags and text: no document type, no entities but the five of XML and numbers, names with their prefix as written.
/// What is not well formed is passed over where that is harmless. It takes time in proportion to the text and keeps nothing.
package struct XML {
  package enum Event {
    case open(Tag)
    /// The name; also after the opening of an element without content.
    case close(ArraySlice<UInt8>)
    case text(ArraySlice<UInt8>)
  }

  package struct Tag {
    package let name: ArraySlice<UInt8>
    fileprivate let attributes: ArraySlice<UInt8>
    /// Whether it has no content; its closing comes all the same.
    let isEmpty: Bool

    package func named(_ word: StaticString) -> Bool { name.equals(word) }

    /// The attribute's value, unescaped.
    package subscript(_ name: StaticString) -> String? {
      var rest = attributes
      while true {
        rest = rest.drop { XML.isSpace($0) }
        let word = rest.prefix { !XML.isSpace($0) && $0 != UInt8(ascii: "=") }
        rest = rest[word.endIndex...].drop { XML.isSpace($0) }
        guard rest.first == UInt8(ascii: "=") else {
          if word.isEmpty { return nil }
          continue
        }
        rest = rest.dropFirst().drop { XML.isSpace($0) }
        let value: ArraySlice<UInt8>
        if let quote = rest.first, quote == 0x22 || quote == 0x27 {
          value = rest.dropFirst().prefix { $0 != quote }
          rest = rest[value.endIndex...].dropFirst()
        } else {
          value = rest.prefix { !XML.isSpace($0) }
          rest = rest[value.endIndex...]
        }
        if word.equals(name) { return String(decoding: XML.unescaped(value), as: UTF8.self) }
      }
    }

    func number(_ name: StaticString) -> Int? { self[name].flatMap { Int($0) } }
  }

  private let bytes: [UInt8]
  private var index = 0
  private var closing: ArraySlice<UInt8>?

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package mutating func next() -> Event? {
    if let name = closing.take() { return .close(name) }
    while index < bytes.count {
      if !isMarkup(index) {
        let start = index
        index += 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") { index += 1 }
        return .text(bytes[start..<index])
      }
      if starts("<!--") {
        skip(past: "-->")
        continue
      }
      if starts("<![CDATA[") {
        let start = index + 9
        skip(past: "]]>")
        // Without its end it goes to the end of the file.
        let end = index >= start + 3 ? max(start, index - 3) : start
        return .text(bytes[min(start, bytes.count)..<min(end, bytes.count)])
      }
      if starts("<?") {
        skip(past: "?>")
        continue
      }
      if starts("<!") {
        skip(past: ">")
        continue
      }
      return tag()
    }
    return nil
  }

  /// Whether a tag, comment or the like begins here, rather than a "less than".
  private func isMarkup(_ index: Int) -> Bool {
    guard bytes[index] == UInt8(ascii: "<"), index + 1 < bytes.count else { return false }
    let next = bytes[index + 1]
    return next == 0x2f || next == 0x21 || next == 0x3f || next == 0x5f || next >= 0x80 || (0x61...0x7a).contains(next | 0x20)
  }

  /// Passes over the content of an element that holds no markup, as scripts do, up to its closing tag.
  mutating func skipContent(of name: [UInt8]) {
    if closing != nil { return }
    let end = Array("</".utf8) + name
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "<"), index + end.count <= bytes.count,
        zip(bytes[index..<(index + end.count)], end).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
      {
        return
      }
      index += 1
    }
  }

  private mutating func tag() -> Event {
    let isClosing = index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "/")
    let start = index + (isClosing ? 2 : 1)
    var end = start
    var quote: UInt8?
    while end < bytes.count {
      let byte = bytes[end]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == 0x22 || byte == 0x27 {
        // A quote elsewhere than after = is none: people write so in HTML.
        if bytes[end - 1] == UInt8(ascii: "=") || Self.isSpace(bytes[end - 1]) { quote = byte }
      } else if byte == UInt8(ascii: ">") {
        break
      }
      end += 1
    }
    index = min(end + 1, bytes.count)
    let inside = bytes[min(start, end)..<end]
    let isEmpty = inside.last == UInt8(ascii: "/")
    let content = isEmpty ? inside.dropLast() : inside
    let name = content.prefix { !Self.isSpace($0) }
    if isClosing { return .close(name) }
    if isEmpty { closing = name }
    return .open(Tag(name: name, attributes: content[name.endIndex...], isEmpty: isEmpty))
  }

  private func starts(_ word: StaticString) -> Bool {
    bytes[index...].starts(with: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  private mutating func skip(past word: StaticString) {
    // A static string's bytes live as long as the program.
    let end = UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
    while index < bytes.count {
      if bytes[index] == end[0], bytes[index...].starts(with: end) {
        index += end.count
        return
      }
      index += 1
    }
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

  /// With `&amp;` `&lt;` `&gt;` `&quot;` `&apos;` and numbers replaced; other references stay as they are.
  package static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
    guard text.contains(UInt8(ascii: "&")) else { return Array(text) }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == UInt8(ascii: "&"), let (scalar, end) = reference(text, index, named: named) {
        result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        index = end
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }

  private static func named(_ name: Substring) -> Unicode.Scalar? {
    switch name {
    case "amp": "&"
    case "lt": "<"
    case "gt": ">"
    case "quot": "\""
    case "apos": "'"
    default: nil
    }
  }

  /// The character that the reference at `start` stands for, and where it ends.
  static func reference(
    _ text: ArraySlice<UInt8>, _ start: Int, named: (Substring) -> Unicode.Scalar?
  ) -> (Unicode.Scalar, end: Int)? {
    guard let end = text[start...].prefix(12).firstIndex(of: UInt8(ascii: ";")) else { return nil }
    let name = String(decoding: text[(start + 1)..<end], as: UTF8.self)[...]
    var scalar: Unicode.Scalar?
    if name.hasPrefix("#x") || name.hasPrefix("#X") {
      scalar = UInt32(name.dropFirst(2), radix: 16).flatMap { Unicode.Scalar($0) }
    } else if name.hasPrefix("#") {
      scalar = UInt32(name.dropFirst()).flatMap { Unicode.Scalar($0) }
    } else {
      scalar = named(name)
    }
    return scalar.map { ($0, end + 1) }
  }
}

extension ArraySlice<UInt8> {
  package func equals(_ word: StaticString) -> Bool {
    // A static string's bytes live as long as the program.
    elementsEqual(UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }
}
