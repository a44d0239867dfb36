import Synchronization
import UnixSignals

/// Whether a person has asked a command to stop.
public final class Interruption: Sendable {
  private let requested = Atomic(false)

  /// Whether the first signal has come.
  public var isRequested: Bool { requested.load(ordering: .relaxed) }

  fileprivate func request() { requested.store(true, ordering: .relaxed) }
}

/// Runs `body`, which looks at the interruption and ends by itself when it is requested.
///
/// The first SIGINT or SIGTERM only requests it, after telling `body` through `interrupted`; the second cancels the task that `body` runs in.
public func interruptible<Result: Sendable>(
  interrupted: @escaping @Sendable () -> Void, _ body: @escaping @Sendable (Interruption) async throws -> Result
) async throws -> Result {
  let interruption = Interruption()
  let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
  return try await withThrowingTaskGroup(of: Result?.self) { group in
    group.addTask { try await body(interruption) }
    group.addTask {
      for await _ in signals {
        if interruption.isRequested { break }
        interruption.request()
        interrupted()
      }
      return nil
    }
    defer { group.cancelAll() }
    while let finished = try await group.next() {
      if let finished { return finished }
      group.cancelAll()
    }
    throw CancellationError()
  }
}
