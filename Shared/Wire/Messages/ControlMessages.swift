/// Body of HELLO.
public struct HelloMessage: WireMessage {
  public var minVersion: UInt32 = 0
  public var maxVersion: UInt32 = 0
  /// Largest body the sender is willing to receive, bytes.
  public var maxFrameLength: UInt32 = 0
  /// Streams the sender lets the peer keep open at once.
  public var maxStreams: UInt32 = 0
  /// DATA bytes the peer may send on a new stream before a CREDIT.
  public var initialStreamCredit: UInt64 = 0
  /// DATA bytes the peer may send on the connection before a CREDIT.
  public var initialConnectionCredit: UInt64 = 0
  /// E.g. "chancery-query/0.1.0".
  public var software: String = ""
  /// Both sides must agree when both state one.
  public var cluster: String = ""
  public var features: [String] = []

  public init() {}

  public init(
    minVersion: UInt32 = 0, maxVersion: UInt32 = 0, maxFrameLength: UInt32 = 0, maxStreams: UInt32 = 0, initialStreamCredit: UInt64 = 0,
    initialConnectionCredit: UInt64 = 0, software: String = "", cluster: String = "", features: [String] = []
  ) {
    self.minVersion = minVersion
    self.maxVersion = maxVersion
    self.maxFrameLength = maxFrameLength
    self.maxStreams = maxStreams
    self.initialStreamCredit = initialStreamCredit
    self.initialConnectionCredit = initialConnectionCredit
    self.software = software
    self.cluster = cluster
    self.features = features
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: minVersion = try input.uint32()
    case 2: maxVersion = try input.uint32()
    case 3: maxFrameLength = try input.uint32()
    case 4: maxStreams = try input.uint32()
    case 5: initialStreamCredit = try input.uint64()
    case 6: initialConnectionCredit = try input.uint64()
    case 7: software = try input.string()
    case 8: cluster = try input.string()
    case 9: try input.append(to: &features)
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint32(1, minVersion)
    writer.uint32(2, maxVersion)
    writer.uint32(3, maxFrameLength)
    writer.uint32(4, maxStreams)
    writer.uint64(5, initialStreamCredit)
    writer.uint64(6, initialConnectionCredit)
    writer.string(7, software)
    writer.string(8, cluster)
    writer.strings(9, features)
  }
}

/// Body of REQUEST.
public struct Request: WireMessage {
  /// Milliseconds that remain; 0 = none stated, the server's own limit holds.
  public var deadlineMs: UInt32 = 0
  /// W3C traceparent: 16 bytes trace id, 8 bytes parent span id, 1 byte flags.
  public var traceParent: [UInt8] = []
  /// At most 128 bytes.
  public var idempotencyKey: String = ""
  /// The method's request message.
  public var body: ArraySlice<UInt8> = []

  public init() {}

  public init(deadlineMs: UInt32 = 0, traceParent: [UInt8] = [], idempotencyKey: String = "", body: ArraySlice<UInt8> = []) {
    self.deadlineMs = deadlineMs
    self.traceParent = traceParent
    self.idempotencyKey = idempotencyKey
    self.body = body
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: deadlineMs = try input.uint32()
    case 2: traceParent = try input.bytes()
    case 3: idempotencyKey = try input.string()
    case 15: body = try input.slice()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint32(1, deadlineMs)
    writer.bytes(2, traceParent)
    writer.string(3, idempotencyKey)
    writer.bytes(15, body)
  }
}

/// Body of ERROR; `CallError` is its form in code.
public struct ErrorMessage: WireMessage {
  /// ErrorCode.
  public var code: UInt32 = 0
  public var message: String = ""
  public var retryable: Bool = false
  public var retryAfterMs: UInt32 = 0
  /// Processed.
  public var processed: UInt32 = 0
  public var details: [ErrorDetail] = []

  public init() {}

  public init(
    code: UInt32 = 0, message: String = "", retryable: Bool = false, retryAfterMs: UInt32 = 0, processed: UInt32 = 0,
    details: [ErrorDetail] = []
  ) {
    self.code = code
    self.message = message
    self.retryable = retryable
    self.retryAfterMs = retryAfterMs
    self.processed = processed
    self.details = details
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: code = try input.uint32()
    case 2: message = try input.string()
    case 3: retryable = try input.bool()
    case 4: retryAfterMs = try input.uint32()
    case 5: processed = try input.uint32()
    case 6: try input.append(to: &details)
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint32(1, code)
    writer.string(2, message)
    writer.bool(3, retryable)
    writer.uint32(4, retryAfterMs)
    writer.uint32(5, processed)
    writer.messages(6, details)
  }
}

/// A named fact about an error: `position`, `hint`, `limit`.
public struct ErrorDetail: WireMessage {
  /// E.g. "position", "hint", "limit".
  public var key: String = ""
  public var value: String = ""

  public init() {}

  public init(key: String = "", value: String = "") {
    self.key = key
    self.value = value
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: key = try input.string()
    case 2: value = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.string(1, key)
    writer.string(2, value)
  }
}

/// Body of CREDIT.
public struct Credit: WireMessage {
  public var bytes: UInt64 = 0

  public init() {}

  public init(bytes: UInt64 = 0) {
    self.bytes = bytes
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: bytes = try input.uint64()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint64(1, bytes)
  }
}

/// Body of GOAWAY.
public struct GoAway: WireMessage {
  /// The last stream that will be served.
  public var lastStream: UInt64 = 0
  public var reason: String = ""

  public init() {}

  public init(lastStream: UInt64 = 0, reason: String = "") {
    self.lastStream = lastStream
    self.reason = reason
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: lastStream = try input.uint64()
    case 2: reason = try input.string()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.uint64(1, lastStream)
    writer.string(2, reason)
  }
}

/// Body of PING and PONG.
public struct Ping: WireMessage {
  public var token: UInt64 = 0

  public init() {}

  public init(token: UInt64 = 0) {
    self.token = token
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: token = try input.fixed64()
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.fixed64(1, token)
  }
}
