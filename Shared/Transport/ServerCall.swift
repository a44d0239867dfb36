import Platform
import Synchronization
import Wire

/// What a service does with calls.
public protocol RequestHandler: Sendable {
  /// Answers a call on the connection's event loop, by writing the whole reply: for what takes microseconds and waits for nothing, since the loop's other
  /// connections stand still meanwhile. Such a call is never refused as `overloaded`: nothing waits for it. The caller's role allows the method.
  /// - Returns: false when the call needs more, and `handle` serves it; what was written is then forgotten.
  func answer(_ request: IncomingRequest, from peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool

  /// Serves one call, in a task of its own that is cancelled when the caller gives up, the deadline passes or the connection is lost. The caller's role
  /// allows the method. What is thrown becomes the call's ERROR. A call of a method that follows (`Method.Streaming.follow`) is cancelled too when the server
  /// goes away, since it would hold that up for ever; its caller is then told so, whatever is thrown.
  func handle(_ call: ServerCall) async throws(CallError)
}

extension RequestHandler {
  public func answer(_ request: IncomingRequest, from peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool { false }
}

/// One call, as the server's handler sees it.
public final class ServerCall: Sendable {
  private enum Answer { case none, replied, ended }
  private struct State {
    var answer = Answer.none
    var isCancelled = false
    /// The server is going away, which cancelled the call.
    var isStopped = false
    var task: RunningTask?
  }

  public let method: Method
  /// The method's request message.
  public let body: ArraySlice<UInt8>
  /// Who calls.
  public let peer: PeerIdentity
  /// Names the call among repetitions of it; empty = none.
  public let idempotencyKey: String
  /// The call's span, when its caller asked for a trace. What it causes elsewhere carries it.
  public let trace: TraceContext?
  /// The client's DATA; ends at once when there is none.
  public let incoming: IncomingBytes

  let port: StreamPort
  private let deadline: UInt64?
  private let spans: SpanLog
  /// The caller's span; empty when there is none.
  private let parentSpan: [UInt8]
  /// When it came, monotonic nanoseconds; 0 when it is not traced.
  private let received: UInt64
  private let state = Mutex(State())

  init(_ incoming: IncomingRequest, port: StreamPort, peer: PeerIdentity, spans: SpanLog) {
    method = incoming.method
    // Bytes that other requests came with are not kept alive.
    body = ArraySlice(Array(incoming.request.body))
    idempotencyKey = incoming.request.idempotencyKey
    let caller = TraceContext(incoming.request.traceParent)
    trace = caller.flatMap { $0.isSampled ? $0.child : nil }
    parentSpan = caller?.span ?? []
    received = trace == nil ? 0 : monotonicNow()
    self.spans = spans
    deadline = incoming.deadline
    self.peer = peer
    self.port = port
    self.incoming = IncomingBytes(port: port)
  }

  /// What remains until the deadline, 0 when it has passed; nil = there is none.
  public var remaining: Duration? {
    deadline.map { deadline in
      let now = nowMilliseconds()
      return .milliseconds(deadline > now ? deadline - now : 0)
    }
  }

  /// Answers the call, once. With `last: false` DATA follows, by `send`, until `finish`. Does not wait; does nothing when the caller is gone.
  public func reply(_ body: [UInt8], last: Bool = true) {
    state.withLock { state in
      precondition(state.answer == .none, "a call has one reply")
      state.answer = last ? .ended : .replied
    }
    port.link.post(.reply(port, body[...], last: last))
  }

  /// Sends DATA after `reply(_:last: false)`; waits until all of it is on its way, which the peer's credit decides. Throws when the caller is gone.
  public func send(_ bytes: ArraySlice<UInt8>) async throws(CallError) {
    state.withLock { precondition($0.answer == .replied, "DATA follows reply(last: false) and comes before finish()") }
    try await port.send(bytes)
  }

  /// Sends DATA after `reply(_:last: false)`; see `send(_:)` of a slice.
  public func send(_ bytes: [UInt8]) async throws(CallError) { try await send(bytes[...]) }

  /// Says that all DATA was sent. Does nothing when the call has ended.
  public func finish() {
    let ends = state.withLock { state in
      precondition(state.answer != .none, "finish() follows reply(last: false)")
      defer { state.answer = .ended }
      return state.answer == .replied
    }
    if ends { port.link.post(.end(port)) }
  }

  /// Does a part of the work, which is a span of its own when the call is traced.
  public func span<R>(_ name: String, _ body: () async throws(CallError) -> R) async throws(CallError) -> R {
    guard let trace else { return try await body() }
    let start = monotonicNow()
    do throws(CallError) {
      let result = try await body()
      spans.add(name, trace.child, parent: trace.span, start: start)
      return result
    } catch {
      spans.add(name, trace.child, parent: trace.span, start: start, error: error)
      throw error
    }
  }

  // MARK: The server

  /// Runs the handler; the caller has its answer afterwards in any case. Gives why the call failed, if it did.
  func run(_ handler: any RequestHandler) async -> CallError? {
    let mayRun = withUnsafeCurrentTask { task in
      state.withLock { state in
        if state.isCancelled { return false }
        state.task = task.map(RunningTask.init)
        return true
      }
    }
    var failure: CallError?
    let start = trace == nil ? 0 : monotonicNow()
    if mayRun { do throws(CallError) { try await handler.handle(self) } catch { failure = error } }
    let (before, isStopped) = state.withLock { state in
      // From here on the task may end at any moment.
      state.task = nil
      defer { state.answer = .ended }
      return (state.answer, state.isStopped)
    }
    if !mayRun, !isStopped {
      port.link.post(.finished(port))
      return CallError(.cancelled, "the call was given up before it began")
    }
    if let trace {
      let attributes = ["peer": peer.name, "waited_us": "\((start - received) / 1000)"]
      spans.add(method.name, trace, parent: parentSpan, start: start, error: failure, attributes: attributes)
    }
    if isStopped { failure = CallError(.unavailable, "the server is shutting down", retryable: true) }
    if before == .none, failure == nil { failure = CallError(.internal, "the server's work ended without an answer") }
    switch (before, failure) {
    case (.ended, _): break
    case (_, let failure?): port.link.post(.fail(port, failure))
    case (_, nil): port.link.post(.end(port))
    }
    return failure
  }

  /// Ends a call that would not end by itself, because the server goes away.
  func stop() {
    state.withLock { $0.isStopped = true }
    cancel()
  }

  /// Stops the work: a call that waits will not run, one that runs has its task cancelled.
  func cancel() {
    state.withLock { state in
      state.isCancelled = true
      state.task?.cancel()
    }
  }
}

/// A task that has not ended.
// Sound: `cancel` is one of the operations that any thread may use, and the call's lock keeps the task from ending meanwhile: it takes the lock, to remove
// this, before it ends.
private struct RunningTask: @unchecked Sendable {
  private let task: UnsafeCurrentTask
  init(_ task: UnsafeCurrentTask) { self.task = task }
  func cancel() { task.cancel() }
}
