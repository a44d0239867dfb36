import Wire

/// Bytes are fields or an error inside them; each field has the value of one kind; what was read is written no longer, and read and written alike ever after.
/// Input: fields.
func checkFields(_ bytes: [UInt8]) throws(Broken) {
  let fields: [Field]
  do throws(CodecError) { fields = try Field.read(bytes[...]) } catch {
    return try require((0...bytes.count).contains(error.offset), "an error's place lies in the bytes, not at \(error.offset)")
  }
  let written = Field.write(fields)
  try require(written.count <= bytes.count, "fields are not longer than the bytes they were read from")
  let again: [Field]
  do throws(CodecError) { again = try Field.read(written[...]) } catch {
    throw Broken(description: "fields that were written can be read: \(error)")
  }
  try require(again == fields.filter { !$0.isDefault }, "a field that was written is read as it was")
  try require(Field.write(again) == written, "fields that were written are written alike again")
  for field in fields { try field.checkContent() }
}

/// A field whose schema nobody knows.
private struct Field: Hashable {
  enum Value: Hashable {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(ArraySlice<UInt8>)
  }
  let number: UInt32
  let value: Value

  static func read(_ bytes: ArraySlice<UInt8>) throws(CodecError) -> [Field] {
    var reader = FieldReader(bytes)
    var fields: [Field] = []
    while let field = try reader.next() { fields.append(Field(number: field.field, value: value(of: field))) }
    return fields
  }

  /// What the one accessor says that fits the wire type.
  private static func value(of field: FieldValue) -> Value {
    let found: [Value?] = [
      (try? field.uint64()).map { .varint($0) }, (try? field.fixed64()).map { .fixed64($0) },
      (try? field.float()).map { .fixed32($0.bitPattern) }, (try? field.slice()).map { .bytes($0) },
    ]
    let values = found.compactMap { $0 }
    precondition(values.count == 1, "a field has the value of one kind")
    return values[0]
  }

  static func write(_ fields: [Field]) -> [UInt8] {
    var writer = FieldWriter()
    for field in fields {
      switch field.value {
      case .varint(let value): writer.uint64(field.number, value)
      case .fixed64(let value): writer.fixed64(field.number, value)
      case .fixed32(let value): writer.float(field.number, Float(bitPattern: value))
      case .bytes(let value): writer.bytes(field.number, value)
      }
    }
    return writer.bytes
  }

  /// Values that are not written.
  var isDefault: Bool {
    switch value {
    case .varint(let value), .fixed64(let value): value == 0
    case .fixed32(let value): value == 0
    case .bytes(let value): value.isEmpty
    }
  }

  /// The content read as each of the kinds that a schema can give it.
  func checkContent() throws(Broken) {
    guard case .bytes(let content) = value else { return }
    var writer = FieldWriter()
    writer.bytes(number, content)
    var reader = FieldReader(writer.bytes[...])
    let read = Result { () throws(CodecError) in try reader.next() }
    guard !content.isEmpty, let field = (try? read.get()) ?? nil else { return }
    if let text = try? field.string() { try require(Array(text.utf8) == Array(content), "a string has the bytes that it was read from") }
    var numbers: [UInt64] = []
    if (try? field.append(to: &numbers)) != nil {
      var packed = FieldWriter()
      packed.packed(number, numbers)
      try require(packed.bytes.count <= writer.bytes.count, "packed numbers are not longer than they were")
    }
    var map: [String: String] = [:]
    if (try? field.insert(into: &map)) != nil { try require(map.count == 1, "an entry of a map is one") }
  }
}
