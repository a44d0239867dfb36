import Dispatch

/// Runs work that blocks (files, child processes) on threads of its own, so that Swift's few cooperative threads go on.
public func offload<R: Sendable, E: Error>(_ body: @escaping @Sendable () throws(E) -> R) async throws(E) -> R {
  let result: Result<R, E> = await withCheckedContinuation { continuation in
    DispatchQueue.global().async {
      do throws(E) { continuation.resume(returning: .success(try body())) } catch { continuation.resume(returning: .failure(error)) }
    }
  }
  return try result.get()
}

/// Starts work that blocks on a thread outside Swift's cooperative pool, and does not wait for it.
public func runDetached(_ body: @escaping @Sendable () -> Void) { DispatchQueue.global().async(execute: body) }
