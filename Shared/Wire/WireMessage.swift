/// A message of docs/chancery.proto.
public protocol WireMessage: Sendable, Hashable {
  /// The message with every field at its default.
  init()
  /// Takes in one field; a field that the message does not know is ignored. Throws when the value does not fit the schema.
  mutating func read(_ input: FieldValue) throws(CodecError)
  /// Appends every field that is not at its default, in the order of the field numbers.
  func encode(into writer: inout FieldWriter)
}

extension WireMessage {
  /// Reads a whole message. Throws at the first malformed field.
  public init(decoding bytes: ArraySlice<UInt8>) throws(CodecError) {
    self.init()
    var reader = FieldReader(bytes)
    while !reader.isAtEnd { try read(try reader.field()) }
  }

  /// Reads a whole message. Throws at the first malformed field.
  public init(decoding bytes: [UInt8]) throws(CodecError) { try self.init(decoding: bytes[...]) }

  /// The message's bytes.
  public var encoded: [UInt8] {
    var writer = FieldWriter()
    encode(into: &writer)
    return writer.take()
  }
}

/// `message` after its length as a varint: an element of the streams that ReadJournal and WatchManifest send as DATA.
public func delimited(_ message: some WireMessage) -> [UInt8] {
  let body = message.encoded
  var writer = FieldWriter()
  writer.varint(UInt64(body.count))
  writer.raw(body[...])
  return writer.take()
}

/// Takes varint-delimited messages off a stream of bytes that comes in any pieces.
public struct DelimitedDecoder<M: WireMessage>: Sendable {
  private let maxLength: Int
  private var held: [UInt8] = []
  private var start = 0

  /// - Parameter maxLength: longest message accepted, in bytes.
  public init(maxLength: Int) { self.maxLength = maxLength }

  /// Takes in bytes. Call `next()` until it returns nil before pushing more, or what is held grows with every push.
  public mutating func push(_ bytes: ArraySlice<UInt8>) {
    if start > 0 {
      held.removeFirst(start)
      start = 0
    }
    held.append(contentsOf: bytes)
  }

  /// Bytes held that are not yet part of a message taken. Not zero at the end of a stream means that it was cut off.
  public var heldBytes: Int { held.count - start }

  /// The next message; nil when more bytes are needed. Throws when the bytes are no message or announce one that is too long; nothing can
  /// follow.
  public mutating func next() throws(CodecError) -> M? { try nextBody().map { body throws(CodecError) in try M(decoding: body) } }

  /// The bytes of the next message, for one whose checksum is over them; otherwise as `next`.
  public mutating func nextBody() throws(CodecError) -> ArraySlice<UInt8>? {
    var length: UInt64 = 0
    var shift: UInt64 = 0
    var index = start
    while true {
      guard index < held.count else { return nil }
      let byte = held[index]
      index += 1
      // Five bytes carry 35 bits, more than any limit.
      if shift > 28 { throw CodecError(.tooLong, offset: 0) }
      length |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { break }
      shift += 7
    }
    guard length <= UInt64(maxLength) else { throw CodecError(.tooLong, offset: 0) }
    guard held.count - index >= Int(length) else { return nil }
    let end = index + Int(length)
    start = end
    return held[index..<end]
  }
}
