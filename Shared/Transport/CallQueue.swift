import Synchronization
import Wire

/// Admits calls: so many run at once, so many wait, and what cannot be served in time is refused before any work is done.
///
/// Calls with DATA either way last as long as their peers please, so they are counted apart and never wait.
final class CallQueue: Sendable {
  private struct State {
    var waiting: [ServerCall] = []
    var head = 0
    var starting: [ServerCall] = []
    var running = 0
    var streaming = 0
    /// Moving average of the time that a call ran, in nanoseconds.
    var mean = 0.0
    var waiter: CheckedContinuation<Void, Never>?
    var isFinished = false

    var queued: Int { waiting.count - head }

    mutating func pop() -> ServerCall? {
      guard head < waiting.count else { return nil }
      let call = waiting[head]
      head += 1
      // What was taken is dropped in batches, so that taking one is cheap.
      if head > 64, head * 2 > waiting.count {
        waiting.removeFirst(head)
        head = 0
      }
      return call
    }
  }

  /// How much one call counts in the moving average.
  private static let weight = 0.05
  /// The earliest time to come back that a refused caller is told, in milliseconds.
  private static let leastRetry = 10.0

  let maxRunning: Int
  let maxQueued: Int
  let maxStreaming: Int
  private let state = Mutex(State())

  init(maxRunning: Int, maxQueued: Int, maxStreaming: Int) {
    self.maxRunning = maxRunning
    self.maxQueued = maxQueued
    self.maxStreaming = maxStreaming
  }

  var running: Int { state.withLock { $0.running + $0.streaming } }
  var queued: Int { state.withLock { $0.queued } }

  /// Takes a call on.
  /// - Returns: why it is refused; nil when it was taken on.
  func admit(_ call: ServerCall) -> CallError? {
    let (refusal, waiter) = state.withLock { state -> (CallError?, CheckedContinuation<Void, Never>?) in
      if state.isFinished { return (CallError(.unavailable, "the server is shutting down", retryable: true, processed: .no), nil) }
      if call.method.streaming != .none {
        guard state.streaming < maxStreaming else { return (overloaded("\(maxStreaming) streaming calls are running", 1000), nil) }
        state.streaming += 1
        state.starting.append(call)
        return (nil, state.waiter.take())
      }
      if state.running < maxRunning, state.queued == 0 {
        state.running += 1
        state.starting.append(call)
        return (nil, state.waiter.take())
      }
      let wait = state.mean * Double(state.queued + 1) / Double(maxRunning) / 1_000_000
      if state.queued >= maxQueued { return (overloaded("\(maxQueued) calls are waiting", wait), nil) }
      if let remaining = call.remaining, wait > Double(remaining.milliseconds) {
        return (overloaded("the call would wait longer than its deadline allows", wait), nil)
      }
      state.waiting.append(call)
      return (nil, nil)
    }
    waiter?.resume()
    return refusal
  }

  private func overloaded(_ why: String, _ milliseconds: Double) -> CallError {
    CallError(
      .overloaded, "the server is overloaded: \(why)", retryable: true,
      retryAfterMilliseconds: UInt32(min(60_000, max(Self.leastRetry, milliseconds))), processed: .no)
  }

  /// The calls to start now; waits until there are some. Nil when there will be none any more.
  func next() async -> [ServerCall]? {
    while true {
      let (calls, isFinished) = state.withLock { state in
        defer { state.starting = [] }
        return (state.starting, state.isFinished)
      }
      if !calls.isEmpty { return calls }
      if isFinished { return nil }
      await withCheckedContinuation { continuation in
        let isReady = state.withLock { state in
          if state.isFinished || !state.starting.isEmpty { return true }
          precondition(state.waiter == nil, "one task takes calls")
          state.waiter = continuation
          return false
        }
        if isReady { continuation.resume() }
      }
    }
  }

  /// Says that a call's work has stopped after `nanoseconds`.
  /// - Returns: the next call, to be run in its place.
  func ended(_ call: ServerCall, nanoseconds: UInt64) -> ServerCall? {
    state.withLock { state in
      if call.method.streaming != .none {
        state.streaming -= 1
        return nil
      }
      state.mean += Self.weight * (Double(nanoseconds) - state.mean)
      if let next = state.pop() { return next }
      state.running -= 1
      return nil
    }
  }

  /// No call is taken on any more; those that wait are still served.
  func finish() {
    let waiter = state.withLock { state in
      state.isFinished = true
      return state.waiter.take()
    }
    waiter?.resume()
  }
}
