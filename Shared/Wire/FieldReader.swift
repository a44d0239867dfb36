/// Why bytes are not the message they were read as, and where.
public struct CodecError: Error, Sendable, Hashable, CustomStringConvertible {
  public enum Reason: String, Sendable {
    /// The bytes end inside a field.
    case truncated = "the bytes end inside a field"
    /// A varint of more than 64 bits.
    case varintTooLong = "a varint of more than 64 bits"
    /// Field number 0 or above 2^29 - 1.
    case badFieldNumber = "a field number that cannot be"
    /// A group, or a wire type that does not exist.
    case badWireType = "a wire type that is not in use"
    /// A known field with another wire type than the schema's.
    case wrongWireType = "a field with another wire type than the schema's"
    /// A string that is not UTF-8.
    case notUTF8 = "a string that is not UTF-8"
    /// More nested messages than `WireLimits.maxDepth`.
    case tooDeep = "too many nested messages"
    /// More elements than `WireLimits.maxRepeated`.
    case tooMany = "too many elements of a repeated field"
    /// A delimited message longer than its reader's limit.
    case tooLong = "a message longer than the limit"
  }
  public var reason: Reason
  /// Bytes from the start of the outermost message to the offending field or byte.
  public var offset: Int

  public init(_ reason: Reason, offset: Int) {
    self.reason = reason
    self.offset = offset
  }

  public var description: String { "\(reason.rawValue) at byte \(offset)" }
}

/// Reads protobuf fields one after the other from borrowed bytes. Fields that nobody asks for are thereby skipped.
public struct FieldReader {
  private let bytes: ArraySlice<UInt8>
  /// Where the next field begins.
  private var position: Int
  private let root: Int
  fileprivate let depth: Int

  public init(_ bytes: ArraySlice<UInt8>) { self.init(bytes, root: bytes.startIndex, depth: 0) }

  fileprivate init(_ bytes: ArraySlice<UInt8>, root: Int, depth: Int) {
    self.bytes = bytes
    position = bytes.startIndex
    self.root = root
    self.depth = depth
  }

  private var offset: Int { position - root }
  private var left: Int { bytes.endIndex - position }

  /// The next field; nil at the end.
  public mutating func next() throws(CodecError) -> FieldValue? { isAtEnd ? nil : try field() }

  /// The next field, which there is.
  mutating func field() throws(CodecError) -> FieldValue {
    let start = offset
    let tag = try varint()
    let number = tag >> 3
    guard number > 0, number < 1 << 29 else { throw CodecError(.badFieldNumber, offset: start) }
    guard let type = WireType(rawValue: UInt8(tag & 7)) else { throw CodecError(.badWireType, offset: start) }
    var value = FieldValue(field: UInt32(number), type: type, offset: start, root: root, depth: depth)
    switch type {
    case .varint: value.number = try varint()
    case .fixed32: value.number = try fixed(4)
    case .fixed64: value.number = try fixed(8)
    case .lengthDelimited:
      let count = try varint()
      guard count <= UInt64(left) else { throw CodecError(.truncated, offset: start) }
      let end = position + Int(count)
      value.content = bytes[position..<end]
      position = end
    }
    return value
  }

  fileprivate mutating func varint() throws(CodecError) -> UInt64 {
    var value: UInt64 = 0
    var shift: UInt64 = 0
    while position < bytes.endIndex {
      let byte = bytes[position]
      position += 1
      // The tenth byte holds the last of the 64 bits and nothing more.
      if shift == 63, byte > 1 { throw CodecError(.varintTooLong, offset: offset - 1) }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
      shift += 7
    }
    throw CodecError(.truncated, offset: offset)
  }

  private mutating func fixed(_ count: Int) throws(CodecError) -> UInt64 {
    guard left >= count else { throw CodecError(.truncated, offset: offset) }
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(bytes[position + index]) << UInt64(8 * index) }
    position += count
    return value
  }

  var isAtEnd: Bool { position == bytes.endIndex }
}

/// One field as read: its number and, through the function of the schema's type, its value.
public struct FieldValue {
  /// The field's number.
  public let field: UInt32
  let type: WireType
  fileprivate var number: UInt64 = 0
  fileprivate var content: ArraySlice<UInt8> = []
  private let offset: Int
  private let root: Int
  private let depth: Int

  fileprivate init(field: UInt32, type: WireType, offset: Int, root: Int, depth: Int) {
    self.field = field
    self.type = type
    self.offset = offset
    self.root = root
    self.depth = depth
  }

  private func expect(_ wanted: WireType) throws(CodecError) {
    if type != wanted { throw CodecError(.wrongWireType, offset: offset) }
  }

  public func uint64() throws(CodecError) -> UInt64 {
    try expect(.varint)
    return number
  }

  /// The low 32 bits, as protobuf defines for a longer varint.
  public func uint32() throws(CodecError) -> UInt32 { UInt32(truncatingIfNeeded: try uint64()) }

  public func bool() throws(CodecError) -> Bool { try uint64() != 0 }

  public func fixed64() throws(CodecError) -> UInt64 {
    try expect(.fixed64)
    return number
  }

  public func double() throws(CodecError) -> Double { Double(bitPattern: try fixed64()) }

  public func float() throws(CodecError) -> Float {
    try expect(.fixed32)
    return Float(bitPattern: UInt32(number))
  }

  /// The bytes, as a slice of what is being read.
  public func slice() throws(CodecError) -> ArraySlice<UInt8> {
    try expect(.lengthDelimited)
    return content
  }

  /// A copy of the bytes.
  public func bytes() throws(CodecError) -> [UInt8] { Array(try slice()) }

  public func string() throws(CodecError) -> String {
    let content = try slice()
    guard let text = String(validating: content, as: UTF8.self) else { throw CodecError(.notUTF8, offset: offset) }
    return text
  }

  /// Reads a nested message over `message`: a field that comes twice is merged, as protobuf defines.
  public func merge<M: WireMessage>(into message: inout M) throws(CodecError) {
    try expect(.lengthDelimited)
    guard depth < WireLimits.maxDepth else { throw CodecError(.tooDeep, offset: offset) }
    var reader = FieldReader(content, root: root, depth: depth + 1)
    while let value = try reader.next() { try message.read(value) }
  }

  public func merge<M: WireMessage>(into message: inout M?) throws(CodecError) {
    var merged = message ?? M()
    try merge(into: &merged)
    message = merged
  }

  public func append<M: WireMessage>(to messages: inout [M]) throws(CodecError) {
    try room(messages.count)
    var message = M()
    try merge(into: &message)
    messages.append(message)
  }

  public func append(to strings: inout [String]) throws(CodecError) {
    try room(strings.count)
    strings.append(try string())
  }

  /// A repeated integer field, packed or not.
  public func append(to numbers: inout [UInt64]) throws(CodecError) {
    if type == .varint {
      try room(numbers.count)
      numbers.append(number)
      return
    }
    try expect(.lengthDelimited)
    var reader = FieldReader(content, root: root, depth: depth)
    while !reader.isAtEnd {
      try room(numbers.count)
      numbers.append(try reader.varint())
    }
  }

  /// An entry of a `map<string, string>`.
  public func insert(into map: inout [String: String]) throws(CodecError) {
    try expect(.lengthDelimited)
    try room(map.count)
    var reader = FieldReader(content, root: root, depth: depth + 1)
    var key = ""
    var text = ""
    while let value = try reader.next() {
      switch value.field {
      case 1: key = try value.string()
      case 2: text = try value.string()
      default: break
      }
    }
    map[key] = text
  }

  private func room(_ count: Int) throws(CodecError) {
    if count >= WireLimits.maxRepeated { throw CodecError(.tooMany, offset: offset) }
  }
}
