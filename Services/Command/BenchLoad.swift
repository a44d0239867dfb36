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
  /// Answers that came within the measured time, whenever their calls were due. To count those of calls that were due within it, over the time to the last
  /// of them, would make of a service that answers each call after a second one that answers a sixth less in five seconds.
  private(set) var given = 0

  private static var histogram: Histogram<UInt64> { Histogram(highestTrackableValue: longest, numberOfSignificantValueDigits: .three) }

  /// Calls that were due within the measured time and were answered.
  var answers: UInt64 { latency.totalCount }
  var failures: Int { errors.values.reduce(0, +) }

  /// - Parameter time: what is measured, in monotonic nanoseconds.
  mutating func add(due: UInt64, sent: UInt64, end: UInt64, _ failure: CallError?, within time: Range<UInt64>) {
    if failure == nil, time.contains(end) { given += 1 }
    guard due >= time.lowerBound else { return }
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

  /// What is measured, in monotonic nanoseconds: calls that are due earlier are warm-up, and none begins later.
  let time: Range<UInt64>
  private let clock: Clock
  /// nil in a closed loop.
  private let schedule: Schedule?
  private let next = Atomic(0)
  private let state = Mutex(Measured())

  /// - Parameter rate: calls a second in an open loop; nil = a closed loop.
  init(_ clock: Clock, warmup: UInt64, duration: UInt64, rate: Double?) {
    self.clock = clock
    let now = clock.now()
    time = now + warmup..<now + warmup + duration
    schedule = rate.map { Schedule(start: now, rate: $0) }
  }

  var measured: Measured { state.withLock { $0 } }

  /// Seconds that were measured so far.
  var seconds: Double {
    let end = min(clock.now(), time.upperBound)
    return end > time.lowerBound ? Double(end - time.lowerBound) / 1e9 : 0
  }

  /// One worker: makes calls until the time is over or `isStopped`. In an open loop the workers share the schedule: who is free takes the next call that is
  /// due, and takes it late when all were busy. Its latency counts from when it was due all the same, so that a stall of the service is seen by all calls
  /// that would have come meanwhile, and not by the few that were under way.
  /// - Parameter call: makes the call of that number; throws `CallError`.
  func work(isStopped: () -> Bool, _ call: (Int) async throws(CallError) -> Void) async {
    while !isStopped() {
      let index = next.add(1, ordering: .relaxed).oldValue
      let due = schedule?.due(index)
      guard due ?? clock.now() < time.upperBound else { return }
      while let due, clock.now() < due {
        if isStopped() { return }
        await clock.sleep(until: min(due, clock.now() + Self.longestSleep))
      }
      let sent = clock.now()
      var failure: CallError?
      do throws(CallError) { try await call(index) } catch { failure = error }
      let end = clock.now()
      state.withLock { $0.add(due: due ?? sent, sent: sent, end: end, failure, within: time) }
      if failure != nil { await clock.sleep(until: end + Self.pauseAfterFailure) }
    }
  }
}
