/// The protocol versions this code speaks, and the bounds that hold on every connection. docs/PROTOCOL.md lists them all.
public enum WireLimits {
  /// The only protocol version so far.
  public static let protocolVersion: UInt32 = 1
  /// Largest body, in bytes, of any frame before the peer's HELLO has come, and of every control frame at any time.
  public static let maxControlLength: UInt32 = 4096
  /// Largest body, in bytes, of REQUEST, REPLY and DATA frames unless HELLO says otherwise.
  public static let defaultFrameLength: UInt32 = 1 << 20
  /// Largest `max_frame_length` that a HELLO may state, in bytes.
  public static let maxFrameLength: UInt32 = 16 << 20
  /// Bytes in one DATA frame that we send: small enough that a reply of another stream need not wait long behind it.
  public static let dataFrameLength = 64 << 10
  /// Streams open at once on a connection unless HELLO says otherwise.
  public static let defaultStreams: UInt32 = 128
  /// DATA bytes on a new stream before a CREDIT, unless HELLO says otherwise.
  public static let defaultStreamCredit: UInt64 = 256 << 10
  /// DATA bytes on the connection before a CREDIT, unless HELLO says otherwise.
  public static let defaultConnectionCredit: UInt64 = 1 << 20
  /// Credit that a sender may hold on a stream or connection, in bytes; a peer that grants more is in error.
  public static let maxCredit: UInt64 = 1 << 62
  /// Longest idempotency key, in UTF-8 bytes.
  public static let maxIdempotencyKey = 128
  /// Length of a stated trace parent: trace id 16, parent span id 8, flags 1.
  public static let traceParentLength = 25
  /// Longest message of an ERROR, in UTF-8 bytes; a longer one is cut.
  public static let maxErrorMessage = 1024
  /// Details in an ERROR; more are left out.
  public static let maxErrorDetails = 8
  /// Longest key of an ERROR's detail, in UTF-8 bytes.
  public static let maxErrorKey = 64
  /// Longest value of an ERROR's detail, in UTF-8 bytes; a longer one is cut.
  public static let maxErrorValue = 256
  /// Elements of one repeated field in a message that is read: more than any document has, of those too that were registered when the limit of their
  /// paragraphs was 100,000.
  public static let maxRepeated = 131_072
  /// Nested messages in a message that is read.
  public static let maxDepth = 16
  /// PING frames a peer may send within `windowMilliseconds`.
  public static let maxPings = 100
  /// Calls within `windowMilliseconds` that a client may make in vain: cancelled before their reply, or refused for what they are. Beyond it the connection
  /// ends when they are more than half of its calls, so that a client of many people who change their minds goes on.
  public static let maxVainCalls = 1000
  /// CREDIT frames of less than `leastCredit` bytes that a peer may send within `windowMilliseconds`.
  public static let maxSmallCredits = 1000
  /// See `maxSmallCredits`; in bytes.
  public static let leastCredit: UInt64 = 1024
  /// Frames that mean nothing which a peer may send within `windowMilliseconds`: PONG, DATA without bytes, and those that are skipped, of which each
  /// `idleBody` bytes count as one more.
  public static let maxIdleFrames = 1000
  /// See `maxIdleFrames`; in bytes.
  public static let idleBody = 16_384
  /// See `maxPings`, `maxVainCalls`, `maxSmallCredits` and `maxIdleFrames`.
  public static let windowMilliseconds: UInt64 = 10_000
}

/// What a frame is.
public enum FrameKind: UInt8, Sendable, CaseIterable {
  case hello = 1
  case request = 2
  case reply = 3
  case error = 4
  case data = 5
  case end = 6
  case credit = 7
  case cancel = 8
  case ping = 9
  case pong = 10
  case goAway = 11

  /// The largest body this kind may have, in bytes, when `negotiated` is the receiver's `max_frame_length`.
  func maxLength(negotiated: UInt32) -> UInt32 {
    switch self {
    case .request, .reply, .data: negotiated
    default: min(negotiated, WireLimits.maxControlLength)
    }
  }
}

/// The bits of a frame's flags byte. Bits without a name are sent as 0 and ignored on receipt.
public struct FrameFlags: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }
  /// A receiver that does not know the frame's kind skips it.
  public static let ignorable = FrameFlags(rawValue: 1)
  /// On REQUEST and REPLY: no DATA or END follows from this side.
  public static let last = FrameFlags(rawValue: 2)
}

/// The 16 bytes before every frame's body, little-endian: length u32, kind u8, flags u8, method u16, stream u64.
public struct FrameHeader: Sendable, Hashable {
  /// A header's length in bytes.
  public static let length = 16
  /// The body's length in bytes.
  public var length: UInt32
  /// The kind's number, which need not be one we know.
  public var kindNumber: UInt8
  public var flags: FrameFlags
  /// The method's number on REQUEST; 0 and ignored on all others.
  public var method: UInt16
  /// 0 for the connection itself.
  public var stream: UInt64

  public init(kind: FrameKind, flags: FrameFlags = [], method: UInt16 = 0, stream: UInt64 = 0, length: Int = 0) {
    self.length = UInt32(length)
    kindNumber = kind.rawValue
    self.flags = flags
    self.method = method
    self.stream = stream
  }

  /// Reads a header from the first 16 of `bytes`.
  init(_ bytes: ArraySlice<UInt8>) {
    let (first, second) = bytes.withUnsafeBytes { bytes in
      (
        UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self)),
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
      )
    }
    length = UInt32(truncatingIfNeeded: first)
    kindNumber = UInt8(truncatingIfNeeded: first >> 32)
    flags = FrameFlags(rawValue: UInt8(truncatingIfNeeded: first >> 40))
    method = UInt16(truncatingIfNeeded: first >> 48)
    stream = second
  }

  /// The kind; nil when the number is not one we know.
  public var kind: FrameKind? { FrameKind(rawValue: kindNumber) }

  /// Appends the 16 bytes to `buffer`.
  public func encode(into buffer: inout [UInt8]) {
    let first = UInt64(length) | UInt64(kindNumber) << 32 | UInt64(flags.rawValue) << 40 | UInt64(method) << 48
    withUnsafeBytes(of: (first.littleEndian, stream.littleEndian)) { buffer.append(contentsOf: $0) }
  }
}

/// Appends `value`'s bytes, lowest first.
func appendLittleEndian<T: FixedWidthInteger>(_ value: T, to buffer: inout [UInt8]) {
  withUnsafeBytes(of: value.littleEndian) { buffer.append(contentsOf: $0) }
}
