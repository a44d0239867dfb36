import Platform
import Synchronization
import Wire

/// The newest spans of calls whose callers asked for them (`TraceContext.isSampled`). Those of other calls cost nothing.
public final class SpanLog: Sendable {
  /// Spans that are remembered; a caller can make any number, so the oldest go.
  public static let limit = 4096
  /// Longest text kept of an error, in UTF-8 bytes.
  private static let errorLimit = 256

  private struct Entry {
    let trace: [UInt8]
    let span: SpanMessage
  }
  private struct State {
    var entries: [Entry] = []
    /// The oldest, once there are `limit`.
    var next = 0
  }

  private let software: String
  private let state = Mutex(State())

  /// - Parameter software: name and version of the program.
  public init(software: String) { self.software = software }

  /// Remembers a piece of work that `context` names.
  /// - Parameter parent: the 8 bytes of the span that caused it.
  /// - Parameter start: monotonic nanoseconds; the work ends now.
  public func add(
    _ name: String, _ context: TraceContext, parent: [UInt8], start: UInt64, error: CallError? = nil, attributes: [String: String] = [:]
  ) {
    let took = monotonicNow() - start
    let failure = error.map { cut("\($0.code.name): \($0.message)", to: Self.errorLimit) } ?? ""
    let span = SpanMessage(
      spanID: context.span, parentID: parent, name: name, software: software, startMicroseconds: unixMicroseconds() - took / 1000,
      microseconds: took / 1000, error: failure, attributes: attributes)
    state.withLock { state in
      let entry = Entry(trace: context.trace, span: span)
      guard state.entries.count == Self.limit else { return state.entries.append(entry) }
      state.entries[state.next] = entry
      state.next = (state.next + 1) % Self.limit
    }
  }

  /// What is remembered of a trace, in the order in which it ended.
  public func spans(of trace: [UInt8]) -> [SpanMessage] {
    state.withLock { state in
      (state.entries[state.next...] + state.entries[..<state.next]).filter { $0.trace == trace }.map(\.span)
    }
  }
}
