/// Where a call stands among all that was done for one purpose: W3C Trace Context (https://www.w3.org/TR/trace-context/), in binary.
public struct TraceContext: Sendable, Hashable {
  /// 16 bytes that all spans of a trace have in common.
  public let trace: [UInt8]
  /// 8 bytes: the span that caused what comes.
  public let span: [UInt8]
  /// Whether spans are to be kept.
  public let isSampled: Bool

  /// A new trace that is to be kept.
  public init() { self.init(trace: Self.random(16), span: Self.random(8), isSampled: true) }

  private init(trace: [UInt8], span: [UInt8], isSampled: Bool) {
    (self.trace, self.span, self.isSampled) = (trace, span, isSampled)
  }

  /// Reads a `trace_parent`. Nil unless it has 25 bytes and neither id is all zeros, which W3C calls invalid.
  public init?(_ bytes: [UInt8]) {
    guard bytes.count == WireLimits.traceParentLength, bytes[..<16].contains(where: { $0 != 0 }),
      bytes[16..<24].contains(where: { $0 != 0 })
    else { return nil }
    self.init(trace: Array(bytes[..<16]), span: Array(bytes[16..<24]), isSampled: bytes[24] & 1 == 1)
  }

  /// The same trace with a new span in it.
  public var child: TraceContext { TraceContext(trace: trace, span: Self.random(8), isSampled: isSampled) }

  /// As in a `trace_parent`.
  public var bytes: [UInt8] { trace + span + [isSampled ? 1 : 0] }

  private static func random(_ count: Int) -> [UInt8] {
    var generator = SystemRandomNumberGenerator()
    return (0..<count / 8).flatMap { _ in
      var bytes: [UInt8] = []
      appendLittleEndian(max(1, generator.next() as UInt64), to: &bytes)
      return bytes
    }
  }
}
