import Synchronization
import Wire

/// Admits calls: so many run at once, so many wait, and what cannot be served in time is refused before any work is done.
///
/// Calls with DATA either way last as long as their peers please, so they are counted apart and never wait. Calls that are answered at once do not come
/// here.
final class CallQueue: Sendable {
  private struct State {
    var waiting: [ServerCall] = []
    var head = 0
    var running = 0
    var streaming = 0
    /// Moving average of the time that a call ran, in nanoseconds.
    var mean = 0.0
    var waiter: CheckedContinuation<Void, Never>?
    var isFinished = false

    var queued: Int { waiting.count - head }
    /// No call is open, and none will be.
    var isDone: Bool { isFinished && running == 0 && streaming == 0 && queued == 0 }

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
  /// The part of the time that the calls which wait still take for which a connection rests on which one was refused, at most: there is then always one to
  /// be run. And the longest rest, in milliseconds.
  private static let restPart = 16.0
  private static let longestRest = 32.0

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

  /// How long a connection is to rest on which a call was refused, in milliseconds: a power of two; 0 = not at all.
  var rest: UInt64 {
    let wait = state.withLock { $0.mean * Double($0.queued) } / Double(maxRunning) / 1_000_000
    let most = UInt64(min(wait / Self.restPart, Self.longestRest))
    return most == 0 ? 0 : 1 << (UInt64.bitWidth - 1 - most.leadingZeroBitCount)
  }

  /// Takes a call on, or throws why it is refused. Nothing is made for a call that is refused.
  /// - Parameter deadline: monotonic milliseconds.
  /// - Returns: the call, and whether it is to be started now; otherwise it waits until `ended` returns it.
  func admit(_ method: Method, _ deadline: UInt64?, _ make: () -> ServerCall) throws(CallError) -> (ServerCall, mayStart: Bool) {
    let admitted = state.withLock { state -> Result<(ServerCall, mayStart: Bool), CallError> in
      if state.isFinished { return .failure(CallError(.unavailable, "the server is shutting down", retryable: true, processed: .no)) }
      if method.streaming != .none {
        guard state.streaming < maxStreaming else { return .failure(overloaded("\(maxStreaming) streaming calls are running", 1000)) }
        state.streaming += 1
        return .success((make(), true))
      }
      if state.running < maxRunning, state.queued == 0 {
        state.running += 1
        return .success((make(), true))
      }
      let mean = state.mean / 1_000_000
      let wait = mean * Double(state.queued + 1) / Double(maxRunning)
      if state.queued >= maxQueued { return .failure(overloaded("\(maxQueued) calls are waiting", wait)) }
      // It must also be done by then: what ends too late was done in vain.
      if let deadline, nowMilliseconds() + UInt64(wait + mean) > deadline {
        return .failure(overloaded("the call would end later than its deadline allows", wait))
      }
      let call = make()
      state.waiting.append(call)
      return .success((call, false))
    }
    return try admitted.get()
  }

  private func overloaded(_ why: String, _ milliseconds: Double) -> CallError {
    CallError(
      .overloaded, "the server is overloaded: \(why)", retryable: true,
      retryAfterMilliseconds: UInt32(min(60_000, max(Self.leastRetry, milliseconds))), processed: .no)
  }

  /// Says that a call's work has stopped after `nanoseconds`.
  /// - Returns: the next call, to be run in its place.
  func ended(_ call: ServerCall, nanoseconds: UInt64) -> ServerCall? {
    let (next, waiter) = state.withLock { state -> (ServerCall?, CheckedContinuation<Void, Never>?) in
      if call.method.streaming != .none {
        state.streaming -= 1
      } else {
        state.mean += Self.weight * (Double(nanoseconds) - state.mean)
        if let next = state.pop() { return (next, nil) }
        state.running -= 1
      }
      return (nil, state.isDone ? state.waiter.take() : nil)
    }
    waiter?.resume()
    return next
  }

  /// No call is taken on any more; those that wait are still served.
  func finish() {
    let waiter = state.withLock { state in
      state.isFinished = true
      return state.isDone ? state.waiter.take() : nil
    }
    waiter?.resume()
  }

  /// Waits until no call is open after `finish`. One task may wait.
  func done() async {
    await withCheckedContinuation { continuation in
      let isDone = state.withLock { state in
        precondition(state.waiter == nil, "one task waits for the end")
        if !state.isDone { state.waiter = continuation }
        return state.isDone
      }
      if isDone { continuation.resume() }
    }
  }
}
