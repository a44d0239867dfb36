import Synchronization
import Wire

/// A place for one result that one task waits for. The first result counts, later ones are ignored; so an answer, a timeout and a cancellation may race.
final class Slot<Value: Sendable>: Sendable {
  private enum State {
    case empty
    case waiting(CheckedContinuation<Result<Value, CallError>, Never>)
    case full(Result<Value, CallError>)
    case taken
  }
  private let state = Mutex(State.empty)

  /// Gives the result.
  /// - Returns: false when there was one already.
  @discardableResult
  func complete(_ result: Result<Value, CallError>) -> Bool {
    let (isFirst, waiter) = state.withLock { state -> (Bool, CheckedContinuation<Result<Value, CallError>, Never>?) in
      switch state {
      case .empty:
        state = .full(result)
        return (true, nil)
      case .waiting(let continuation):
        state = .taken
        return (true, continuation)
      case .full, .taken: return (false, nil)
      }
    }
    waiter?.resume(returning: result)
    return isFirst
  }

  /// Waits for the result; to be called once.
  func get() async throws(CallError) -> Value {
    let result: Result<Value, CallError> = await withCheckedContinuation { continuation in
      let ready = state.withLock { state -> Result<Value, CallError>? in
        switch state {
        case .full(let result):
          state = .taken
          return result
        case .empty:
          state = .waiting(continuation)
          return nil
        case .waiting, .taken: preconditionFailure("a slot has one waiter")
        }
      }
      if let ready { continuation.resume(returning: ready) }
    }
    return try result.get()
  }

  /// Waits for the result; when the task is cancelled first, `onCancel` runs and the result is `CallError(.cancelled)`.
  func get(onCancel: @escaping @Sendable () -> Void) async throws(CallError) -> Value {
    // Typed throws do not pass through withTaskCancellationHandler, hence the result.
    let result: Result<Value, CallError> = await withTaskCancellationHandler {
      do throws(CallError) { return .success(try await get()) } catch { return .failure(error) }
    } onCancel: {
      if complete(.failure(CallError(.cancelled, "the caller's task was cancelled"))) { onCancel() }
    }
    return try result.get()
  }
}
