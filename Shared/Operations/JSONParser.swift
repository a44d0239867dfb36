extension JSON {
  /// Text that is no JSON, or more deeply nested than `maximumDepth`.
  public struct Malformed: Error, Sendable, Hashable, CustomStringConvertible {
    /// 1-based line of the text.
    public let line: Int
    /// What was expected or found there.
    public let reason: String

    public var description: String { "line \(line): \(reason)" }
  }

  /// Arrays and objects inside each other, at most.
  public static let maximumDepth = 64

  /// Reads one JSON value that fills `bytes` (RFC 8259: UTF-8, no comments). Throws `Malformed`; a name that comes twice in an object is malformed.
  public static func parse(_ bytes: [UInt8]) throws(Malformed) -> JSON {
    var parser = JSONParser(bytes: bytes)
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    if parser.place < bytes.count { throw parser.malformed("more text after the value") }
    return value
  }

  /// Reads one JSON value that fills `text`.
  public static func parse(_ text: String) throws(Malformed) -> JSON { try parse(Array(text.utf8)) }
}

private struct JSONParser {
  let bytes: [UInt8]
  var place = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  func malformed(_ reason: String) -> JSON.Malformed {
    JSON.Malformed(line: 1 + bytes[..<min(place, bytes.count)].count { $0 == UInt8(ascii: "\n") }, reason: reason)
  }

  mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { place += 1 }
  }

  mutating func take(_ character: UInt8) -> Bool {
    guard next == character else { return false }
    place += 1
    return true
  }

  mutating func expect(_ character: Character, _ what: String) throws(JSON.Malformed) {
    skipSpace()
    guard let ascii = character.asciiValue, take(ascii) else { throw malformed("expected \(character) \(what)") }
  }

  mutating func value(depth: Int) throws(JSON.Malformed) -> JSON {
    guard depth <= JSON.maximumDepth else { throw malformed("more than \(JSON.maximumDepth) levels") }
    skipSpace()
    switch next {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    case .some(let byte) where byte == UInt8(ascii: "-") || isDigit(byte): return try number()
    case .some: throw malformed("no JSON value begins here")
    case nil: throw malformed("the text ends where a value should be")
    }
  }

  private mutating func word(_ text: String, _ value: JSON) throws(JSON.Malformed) -> JSON {
    guard bytes[place...].starts(with: text.utf8) else { throw malformed("expected \(text)") }
    place += text.utf8.count
    return value
  }

  private mutating func array(depth: Int) throws(JSON.Malformed) -> JSON {
    place += 1
    var values: [JSON] = []
    skipSpace()
    if take(UInt8(ascii: "]")) { return .array(values) }
    while true {
      values.append(try value(depth: depth + 1))
      skipSpace()
      if take(UInt8(ascii: ",")) { continue }
      try expect("]", "or , in an array")
      return .array(values)
    }
  }

  private mutating func object(depth: Int) throws(JSON.Malformed) -> JSON {
    place += 1
    var members: [JSON.Member] = []
    var names: Set<String> = []
    skipSpace()
    if take(UInt8(ascii: "}")) { return .object(members) }
    while true {
      skipSpace()
      guard next == UInt8(ascii: "\"") else { throw malformed("expected a name in quotation marks") }
      let name = try string()
      guard names.insert(name).inserted else { throw malformed("the name \"\(name)\" comes twice") }
      try expect(":", "after a name")
      members.append(JSON.Member(name, try value(depth: depth + 1)))
      skipSpace()
      if take(UInt8(ascii: ",")) { continue }
      try expect("}", "or , in an object")
      return .object(members)
    }
  }

  private func isDigit(_ byte: UInt8?) -> Bool { byte.map { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ?? false }

  private mutating func number() throws(JSON.Malformed) -> JSON {
    let start = place
    _ = take(UInt8(ascii: "-"))
    if !take(UInt8(ascii: "0")) { try digits() }
    if take(UInt8(ascii: ".")) { try digits() }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      try digits()
    }
    if isDigit(next) { throw malformed("a number begins with 0") }
    return .number(String(decoding: bytes[start..<place], as: UTF8.self))
  }

  private mutating func digits() throws(JSON.Malformed) {
    guard isDigit(next) else { throw malformed("expected a digit") }
    while isDigit(next) { place += 1 }
  }

  private mutating func string() throws(JSON.Malformed) -> String {
    place += 1
    var out: [UInt8] = []
    while let byte = next {
      place += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let text = String(validating: out, as: UTF8.self) else { throw malformed("a string is not UTF-8") }
        return text
      case UInt8(ascii: "\\"): try escape(to: &out)
      case ..<0x20: throw malformed("a string has a control character that is not escaped")
      default: out.append(byte)
      }
    }
    throw malformed("a string has no end")
  }

  private mutating func escape(to out: inout [UInt8]) throws(JSON.Malformed) {
    guard let byte = next else { throw malformed("a string has no end") }
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
    case UInt8(ascii: "n"): out.append(0x0a)
    case UInt8(ascii: "t"): out.append(0x09)
    case UInt8(ascii: "r"): out.append(0x0d)
    case UInt8(ascii: "b"): out.append(0x08)
    case UInt8(ascii: "f"): out.append(0x0c)
    case UInt8(ascii: "u"):
      var value = try fourDigits()
      if (0xd800..<0xdc00).contains(value) {
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw malformed("half of a surrogate pair") }
        let low = try fourDigits()
        guard (0xdc00..<0xe000).contains(low) else { throw malformed("half of a surrogate pair") }
        value = 0x10000 + (value - 0xd800) << 10 + (low - 0xdc00)
      }
      guard let scalar = Unicode.Scalar(value) else { throw malformed("half of a surrogate pair") }
      out.append(contentsOf: Array(String(scalar).utf8))
    default: throw malformed("unknown escape in a string")
    }
  }

  private mutating func fourDigits() throws(JSON.Malformed) -> UInt32 {
    guard bytes.count - place >= 4 else { throw malformed("a \\u escape needs four digits") }
    var value: UInt32 = 0
    for byte in bytes[place..<place + 4] {
      guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw malformed("a \\u escape needs four digits")
      }
      value = value << 4 | UInt32(digit)
    }
    place += 4
    return value
  }
}
