/// Asks for what a service remembers of a trace.
public struct TraceRequest: WireMessage {
  /// 16 bytes.
  public var traceID: [UInt8] = []

  public init() {}
  public init(traceID: [UInt8]) { self.traceID = traceID }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    if input.field == 1 { traceID = try input.bytes() }
  }

  public func encode(into writer: inout FieldWriter) { writer.bytes(1, traceID) }
}

/// The spans of a trace that this service made and still remembers, in the order in which they ended.
public struct TraceReply: WireMessage {
  public var spans: [SpanMessage] = []

  public init() {}
  public init(spans: [SpanMessage]) { self.spans = spans }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    if input.field == 1 { try input.append(to: &spans) }
  }

  public func encode(into writer: inout FieldWriter) { writer.messages(1, spans) }
}

/// A piece of work.
public struct SpanMessage: WireMessage {
  /// 8 bytes.
  public var spanID: [UInt8] = []
  /// 8 bytes: the span that caused it.
  public var parentID: [UInt8] = []
  /// A call's method, or what was done within it.
  public var name: String = ""
  /// The program that did it, "chancery-query/0.1.0".
  public var software: String = ""
  /// Unix.
  public var startMicroseconds: UInt64 = 0
  public var microseconds: UInt64 = 0
  /// Empty when it went well.
  public var error: String = ""
  /// "peer": who called; "waited_us": until a place was free.
  public var attributes: [String: String] = [:]

  public init() {}

  public init(
    spanID: [UInt8] = [], parentID: [UInt8] = [], name: String = "", software: String = "", startMicroseconds: UInt64 = 0,
    microseconds: UInt64 = 0,
    error: String = "", attributes: [String: String] = [:]
  ) {
    self.spanID = spanID
    self.parentID = parentID
    self.name = name
    self.software = software
    self.startMicroseconds = startMicroseconds
    self.microseconds = microseconds
    self.error = error
    self.attributes = attributes
  }

  public mutating func read(_ input: FieldValue) throws(CodecError) {
    switch input.field {
    case 1: spanID = try input.bytes()
    case 2: parentID = try input.bytes()
    case 3: name = try input.string()
    case 4: software = try input.string()
    case 5: startMicroseconds = try input.uint64()
    case 6: microseconds = try input.uint64()
    case 7: error = try input.string()
    case 8: try input.insert(into: &attributes)
    default: break
    }
  }

  public func encode(into writer: inout FieldWriter) {
    writer.bytes(1, spanID)
    writer.bytes(2, parentID)
    writer.string(3, name)
    writer.string(4, software)
    writer.uint64(5, startMicroseconds)
    writer.uint64(6, microseconds)
    writer.string(7, error)
    writer.map(8, attributes)
  }
}
