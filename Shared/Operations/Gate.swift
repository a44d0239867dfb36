import Synchronization

/// Lets at most a fixed number of tasks through at once, the others in the order they came.
public final class Gate: Sendable {
  private struct State {
    var free: Int
    var waiting: [CheckedContinuation<Void, Never>] = []
  }
  private let state: Mutex<State>

  public init(_ width: Int) { state = Mutex(State(free: width)) }

  /// Runs `body` when there is room.
  public func run<R, E: Error>(_ body: () async throws(E) -> R) async throws(E) -> R {
    await withCheckedContinuation { continuation in
      let free = state.withLock { state in
        if state.free > 0 {
          state.free -= 1
          return true
        }
        state.waiting.append(continuation)
        return false
      }
      if free { continuation.resume() }
    }
    defer {
      let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
        if state.waiting.isEmpty {
          state.free += 1
          return nil
        }
        return state.waiting.removeFirst()
      }
      next?.resume()
    }
    return try await body()
  }
}
