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

/// A thread of its own for a task that computes for long: `withTaskExecutorPreference(OwnThread()) { … }`. Swift's cooperative threads, and those of
/// `offload`, are as many as there are cores: a few such tasks would keep all else waiting, where a thread takes its turn by the system's clock.
public final class OwnThread: TaskExecutor {
  // A serial queue has a thread at once, and none while nothing is to be done.
  private let queue = DispatchQueue(label: "chancery.computing")

  public init() {}

  public func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
  }
}

/// Starts work that blocks on a thread outside Swift's cooperative pool, and does not wait for it.
public func runDetached(_ body: @escaping @Sendable () -> Void) { DispatchQueue.global().async(execute: body) }
