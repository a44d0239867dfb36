import Histogram
import Synchronization
import Testing
import Wire

@testable import chancery

/// Time that passes only when somebody sleeps or works.
private final class VirtualClock: LoadClock {
  private let time = Atomic<UInt64>(1_000_000_000)

  func now() -> UInt64 { time.load(ordering: .relaxed) }
  func sleep(until end: UInt64) async { advance(to: end) }
  func advance(by nanoseconds: UInt64) { advance(to: now() + nanoseconds) }
  private func advance(to end: UInt64) { time.store(max(end, now()), ordering: .relaxed) }
}

private let millisecond: UInt64 = 1_000_000

@Test func callsAreDueAtEvenDistancesWithoutDrift() {
  let schedule = Schedule(start: 5, rate: 3)
  #expect([0, 1, 2, 3].map(schedule.due) == [5, 333_333_338, 666_666_671, 1_000_000_005])
  // After a day the error is still below a microsecond.
  #expect(schedule.due(3 * 86_400) == 86_400_000_000_005)
}

/// One worker, a call a millisecond for 0.4 s, each of which takes 0.1 ms, but one 100 ms.
private func stalled(rate: Double?, warmup: UInt64 = 0) async -> Measured {
  let clock = VirtualClock()
  let load = Load(clock, warmup: warmup * millisecond, duration: 400 * millisecond - warmup * millisecond, rate: rate)
  await load.work(isStopped: { false }) { (index) throws(CallError) in clock.advance(by: index == 50 ? 100 * millisecond : millisecond / 10)
  }
  return load.measured
}

@Test func aStallIsSeenByEveryCallThatWasDueMeanwhile() async {
  let measured = await stalled(rate: 1000)
  #expect(measured.answers == 400)
  // Call 50 + k is due k ms after the stall began and sent when the k - 1 before it were answered: it ends 100 - k + k/10 ms after it was due.
  // That is 10 ms or more for k from 0 to 100.
  #expect(measured.latency.count(within: 10 * millisecond...200 * millisecond) == 101)
  #expect(measured.latency.valuesAreEquivalent(measured.latency.max, 100 * millisecond))
  #expect(measured.latency.valueAtPercentile(90) > 60 * millisecond)
  // Counted from when they were sent, one call was slow.
  #expect(measured.service.count(within: 10 * millisecond...200 * millisecond) == 1)
  #expect(measured.service.valueAtPercentile(99) < millisecond)
}

@Test func inAClosedLoopBothTimesAreTheSame() async {
  let measured = await stalled(rate: nil)
  #expect(measured.answers == 3001)
  #expect(measured.latency == measured.service)
}

@Test func callsOfTheWarmUpDoNotCount() async {
  let measured = await stalled(rate: 1000, warmup: 300)
  #expect(measured.answers == 100)
  #expect(measured.latency.valuesAreEquivalent(measured.latency.max, millisecond / 10))
}

@Test func answersASecondAreThoseThatCameInTheMeasuredTime() async {
  let clock = VirtualClock()
  let load = Load(clock, warmup: 500 * millisecond, duration: 1000 * millisecond, rate: nil)
  await load.work(isStopped: { false }) { (_) throws(CallError) in clock.advance(by: 400 * millisecond) }
  // Of four calls the second was made before that time and answered within it, the fourth the other way round.
  #expect(load.measured.given == 2 && load.measured.answers == 2 && load.seconds == 1)
}

@Test func failuresAreCountedByCodeAndFollowedByAPause() async {
  let clock = VirtualClock()
  let load = Load(clock, warmup: 0, duration: 100 * millisecond, rate: nil)
  await load.work(isStopped: { false }) { (index) throws(CallError) in
    clock.advance(by: millisecond)
    throw CallError(index == 0 ? .overloaded : .unavailable, "number \(index)")
  }
  // 11 ms each: the call and the pause.
  #expect(load.measured.errors == [.overloaded: 1, .unavailable: 9])
  #expect(load.measured.messages == [.overloaded: "number 0", .unavailable: "number 1"])
  #expect(load.measured.answers == 0 && load.seconds == 0.1)
}

@Test func aWorkerThatWaitsForAFarCallNoticesThatItIsToStop() async {
  let clock = VirtualClock()
  let load = Load(clock, warmup: 0, duration: 3_600_000 * millisecond, rate: 0.01)
  let looks = Atomic(0)
  await load.work(isStopped: { looks.add(1, ordering: .relaxed).newValue > 10 }) { (_) throws(CallError) in }
  #expect(load.measured.answers == 1)
  #expect(load.seconds < 2)
}

@Test func timesAreToldInTheUnitThatFits() {
  #expect([900, 51_200, 123_456, 7_400_000, 2_500_000_000].map(LoadReport.time) == ["0.9 µs", "51.2 µs", "123 µs", "7.4 ms", "2.5 s"])
}
