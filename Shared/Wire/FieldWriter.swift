/// The protobuf wire types in use. Groups (3 and 4) are refused.
enum WireType: UInt8 {
  case varint = 0
  case fixed64 = 1
  case lengthDelimited = 2
  case fixed32 = 5
}

/// Appends protobuf fields to bytes. Singular fields of their default value (0, false, empty) are left out, as proto3 does.
public struct FieldWriter: Sendable {
  /// All that was written so far.
  public private(set) var bytes: [UInt8] = []

  public init() {}

  // MARK: Singular fields

  public mutating func uint64(_ field: UInt32, _ value: UInt64) {
    if value == 0 { return }
    tag(field, .varint)
    varint(value)
  }

  public mutating func uint32(_ field: UInt32, _ value: UInt32) { uint64(field, UInt64(value)) }

  public mutating func bool(_ field: UInt32, _ value: Bool) { uint64(field, value ? 1 : 0) }

  public mutating func fixed64(_ field: UInt32, _ value: UInt64) {
    if value == 0 { return }
    tag(field, .fixed64)
    appendLittleEndian(value, to: &bytes)
  }

  public mutating func double(_ field: UInt32, _ value: Double) { fixed64(field, value.bitPattern) }

  public mutating func float(_ field: UInt32, _ value: Float) {
    // By bits: -0.0 is not the default.
    if value.bitPattern == 0 { return }
    tag(field, .fixed32)
    appendLittleEndian(value.bitPattern, to: &bytes)
  }

  public mutating func string(_ field: UInt32, _ value: String) {
    if !value.isEmpty { element(field, value) }
  }

  public mutating func bytes(_ field: UInt32, _ value: [UInt8]) { bytes(field, value[...]) }

  public mutating func bytes(_ field: UInt32, _ value: ArraySlice<UInt8>) {
    if value.isEmpty { return }
    tag(field, .lengthDelimited)
    varint(UInt64(value.count))
    bytes.append(contentsOf: value)
  }

  /// Writes a nested message, even an empty one; nothing when nil.
  public mutating func message(_ field: UInt32, _ value: (some WireMessage)?) {
    guard let value else { return }
    tag(field, .lengthDelimited)
    let start = bytes.count
    value.encode(into: &self)
    insertLength(at: start)
  }

  // MARK: Repeated fields

  public mutating func strings(_ field: UInt32, _ values: [String]) {
    for value in values { element(field, value) }
  }

  public mutating func messages(_ field: UInt32, _ values: [some WireMessage]) {
    for value in values { message(field, value) }
  }

  /// A repeated integer field, packed.
  public mutating func packed(_ field: UInt32, _ values: [UInt64]) {
    if values.isEmpty { return }
    tag(field, .lengthDelimited)
    let start = bytes.count
    for value in values { varint(value) }
    insertLength(at: start)
  }

  /// A `map<string, string>`, in the order of its keys so that equal maps have equal bytes.
  public mutating func map(_ field: UInt32, _ values: [String: String]) {
    for (key, value) in values.sorted(by: { $0.key < $1.key }) {
      tag(field, .lengthDelimited)
      let start = bytes.count
      string(1, key)
      string(2, value)
      insertLength(at: start)
    }
  }

  // MARK: Parts

  /// Appends `value` as a base-128 varint.
  public mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func element(_ field: UInt32, _ value: String) {
    tag(field, .lengthDelimited)
    varint(UInt64(value.utf8.count))
    bytes.append(contentsOf: value.utf8)
  }

  private mutating func tag(_ field: UInt32, _ type: WireType) { varint(UInt64(field) << 3 | UInt64(type.rawValue)) }

  /// Puts the length of what was written since `start` before it. The bytes move once per level of nesting, of which there are few;
  /// knowing each length beforehand would need a second walk over every message.
  private mutating func insertLength(at start: Int) {
    var rest = UInt64(bytes.count - start)
    if rest < 0x80 {
      bytes.insert(UInt8(rest), at: start)
      return
    }
    var length: [UInt8] = []
    while rest >= 0x80 {
      length.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    length.append(UInt8(rest))
    bytes.insert(contentsOf: length, at: start)
  }

  // MARK: Use as a connection's output

  /// Appends bytes that are no field of their own: a message that is encoded already, or DATA.
  public mutating func raw(_ value: ArraySlice<UInt8>) { bytes.append(contentsOf: value) }

  mutating func header(_ header: FrameHeader) { header.encode(into: &bytes) }

  /// Writes the body's length into the header that begins at `start`, whose body is everything after it.
  mutating func closeFrame(at start: Int) -> Int {
    let length = bytes.count - start - FrameHeader.length
    bytes.withUnsafeMutableBytes { $0.storeBytes(of: UInt32(length).littleEndian, toByteOffset: start, as: UInt32.self) }
    return length
  }

  mutating func truncate(to count: Int) { bytes.removeLast(bytes.count - count) }

  /// Makes room for `count` bytes.
  mutating func reserve(_ count: Int) { bytes.reserveCapacity(count) }

  /// Empties the writer; keeps its memory unless that is more than `keeping` bytes.
  mutating func clear(keeping: Int) { bytes.removeAll(keepingCapacity: bytes.capacity <= keeping) }

  mutating func take() -> [UInt8] {
    let all = bytes
    bytes = []
    return all
  }
}
