import Histogram
import Operations
import Platform
import Synchronization
import Wire

/// When calls are due in an open loop: one every so often, whatever became of those before.
struct Schedule: Sendable {
  /// Monotonic nanoseconds of the first call.
  let start: UInt64
  /// Calls a second, above 0.
  let rate: Double

  /// Monotonic nanoseconds at which the call of number `index`, from 0, is due. Reckoned from the start, so that no error adds up.
  func due(_ index: Int) -> UInt64 { start + UInt64(Double(index) / rate * 1e9) }
}

/// What was measured so far. Its size does not depend on how many calls there were.
struct Measured: Sendable {
  /// The longest time told apart from longer ones, nanoseconds.
  static let longest: UInt64 = 600_000_000_000

  /// Nanoseconds from when a call was due (in a closed loop: from when it was sent) to its end.
  private(set) var latency = Self.histogram
  /// Nanoseconds from when a call was sent to its end: what one sees who waits for the answer before looking at the clock again.
  private(set) var service = Self.histogram
  private(set) var errors: [ErrorCode: Int] = [:]
  /// Failures of calls with which the service had not begun.
  private(set) var notBegun = 0
  /// An error's message by its code, the first that came.
  private(set) var messages: [ErrorCode: String] = [:]
  /// Monotonic nanoseconds of the end of the last call.
  private(set) var lastEnd: UInt64 = 0

  private static var histogram: Histogram<UInt64> { Histogram(highestTrackableValue: longest, numberOfSignificantValueDigits: .three) }

  /// Calls that were answered.
  var answers: UInt64 { latency.totalCount }
  var failures: Int { errors.values.reduce(0, +) }

  mutating func add(due: UInt64, sent: UInt64, end: UInt64, _ failure: CallError?) {
    lastEnd = max(lastEnd, end)
    if let failure {
      errors[failure.code, default: 0] += 1
      if failure.processed == .no { notBegun += 1 }
      if messages[failure.code] == nil { messages[failure.code] = failure.message }
      return
    }
    latency.record(min(end - due, Self.longest))
    service.record(min(end - sent, Self.longest))
  }
}

/// The time as the load sees it; a test has its own.
protocol LoadClock: Sendable {
  /// Monotonic nanoseconds.
  func now() -> UInt64
  /// Returns at `time` or, when the task is cancelled, before.
  func sleep(until time: UInt64) async
}

struct MachineClock: LoadClock {
  func now() -> UInt64 { monotonicNow() }
  func sleep(until time: UInt64) async {
    let now = now()
    if time > now { try? await Task.sleep(for: .nanoseconds(Int64(time - now)), tolerance: .zero) }
  }
}

/// Calls that are made one after the other by each of many workers until the time is over.
final class Load<Clock: LoadClock>: Sendable {
  /// A worker looks at least this often whether it is to stop, nanoseconds.
  static var longestSleep: UInt64 { 100_000_000 }
  /// After a failure a worker waits so long, so that a service that is gone or refuses is not asked in a tight loop; nanoseconds.
  static var pauseAfterFailure: UInt64 { 10_000_000 }

  /// Calls that begin earlier are warm-up, and are not counted.
  let from: UInt64
  /// No call begins later.
  let until: UInt64
  private let clock: Clock
  /// nil in a closed loop.
  private let schedule: Schedule?
  private let next = Atomic(0)
  private let state = Mutex(Measured())

  /// - Parameter rate: calls a second in an open loop; nil = a closed loop.
  init(_ clock: Clock, warmup: UInt64, duration: UInt64, rate: Double?) {
    self.clock = clock
    let now = clock.now()
    from = now + warmup
    until = from + duration
    schedule = rate.map { Schedule(start: now, rate: $0) }
  }

  var measured: Measured { state.withLock { $0 } }

  /// Seconds over which the answers came so far: to the end of the last call when that ended late.
  var seconds: Double {
    let end = max(measured.lastEnd, min(clock.now(), until))
    return end > from ? Double(end - from) / 1e9 : 0
  }

  /// One worker: makes calls until the time is over or `isStopped`. In an open loop the workers share the schedule: who is free takes the next call that is
  /// due, and takes it late when all were busy. Its latency counts from when it was due all the same, so that a stall of the service is seen by all calls
  /// that would have come meanwhile, and not by the few that were under way.
  /// - Parameter call: makes the call of that number; throws `CallError`.
  func work(isStopped: () -> Bool, _ call: (Int) async throws(CallError) -> Void) async {
    while !isStopped() {
      let index = next.add(1, ordering: .relaxed).oldValue
      let due = schedule?.due(index)
      guard due ?? clock.now() < until else { return }
      while let due, clock.now() < due {
        if isStopped() { return }
        await clock.sleep(until: min(due, clock.now() + Self.longestSleep))
      }
      let sent = clock.now()
      var failure: CallError?
      do throws(CallError) { try await call(index) } catch { failure = error }
      let end = clock.now()
      if due ?? sent >= from { state.withLock { $0.add(due: due ?? sent, sent: sent, end: end, failure) } }
      if failure != nil { await clock.sleep(until: end + Self.pauseAfterFailure) }
    }
  }
}
