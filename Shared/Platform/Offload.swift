import Dispatch
import Glibc
import Synchronization

/// Runs work that blocks (files, child processes) on threads of its own, so that Swift's few cooperative threads go on.
public func offload<R: Sendable, E: Error>(_ body: @escaping @Sendable () throws(E) -> R) async throws(E) -> R {
  let result: Result<R, E> = await withCheckedContinuation { continuation in
    DispatchQueue.global().async {
      do throws(E) { continuation.resume(returning: .success(try body())) } catch { continuation.resume(returning: .failure(error)) }
    }
  }
  return try result.get()
}

/// Runs a task that computes for long on a thread of its own. Swift's cooperative threads and those of `offload` are as many as there are cores: a few such
/// tasks would keep all else waiting, where a thread takes its turn by the system's clock.
public func onOwnThread<R: Sendable, E: Error>(_ body: () async throws(E) -> R) async throws(E) -> R {
  guard let thread = OwnThread() else { return try await body() }
  defer { thread.end() }
  return try await withTaskExecutorPreference(thread) { () async throws(E) in try await body() }
}

/// A thread that does a task's steps until `end`.
private final class OwnThread: TaskExecutor {
  /// nil ends it.
  private let jobs = Mutex<[UnownedJob?]>([])
  private let count = DispatchSemaphore(value: 0)

  /// nil when the system has no thread to give.
  init?() {
    do throws(SystemError) { try startThread { self.work() } } catch { return nil }
  }

  func enqueue(_ job: consuming ExecutorJob) { add(UnownedJob(job)) }
  func end() { add(nil) }

  private func add(_ job: UnownedJob?) {
    jobs.withLock { $0.append(job) }
    count.signal()
  }

  private func work() {
    while true {
      count.wait()
      guard let job = jobs.withLock({ $0.removeFirst() }) else { return }
      job.runSynchronously(on: asUnownedTaskExecutor())
    }
  }
}

/// Starts work that blocks on a thread outside Swift's cooperative pool, and does not wait for it.
public func runDetached(_ body: @escaping @Sendable () -> Void) { DispatchQueue.global().async(execute: body) }

/// Starts a thread that runs `body` and then ends. Throws when the system has none to give.
public func startThread(_ body: @escaping @Sendable () -> Void) throws(SystemError) {
  final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
  var thread = pthread_t()
  let work = Unmanaged.passRetained(Work(body))
  let failure = pthread_create(
    &thread, nil,
    { context in
      // It is what is passed below, retained for this.
      if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
      return nil
    }, work.toOpaque())
  guard failure == 0 else {
    work.release()
    throw SystemError("start", "a thread", code: failure)
  }
  pthread_detach(thread)
}
