import Platform
import Synchronization

/// Counts calls and how long they took, in a closed loop, with a pause after each call if there is one. What ends in the first fifth of the time is warm-up.
final class Load: Sendable {
  private let from: UInt64
  private let until: UInt64
  private let all = Mutex<[UInt32]>([])
  private let made = Atomic(0)

  private let pause: Duration

  /// - Parameter pause: in microseconds.
  init(seconds: Double, pause: Int = 0) {
    self.pause = .microseconds(pause)
    let now = monotonicNow()
    from = now + UInt64(seconds * 0.2e9)
    until = now + UInt64(seconds * 1e9)
  }

  /// Makes calls one after the other until the time is over.
  func work(_ call: () async throws -> Void) async throws {
    var own: [UInt32] = []
    var calls = 0
    var now = monotonicNow()
    while now < until {
      try await call()
      calls += 1
      let end = monotonicNow()
      if now >= from { own.append(UInt32(clamping: end - now)) }
      if pause > .zero { try await Task.sleep(for: pause, tolerance: .zero) }
      now = pause > .zero ? monotonicNow() : end
    }
    all.withLock { $0 += own }
    made.add(calls, ordering: .relaxed)
  }

  /// What one caller has found, for each of whose batches `each` calls count.
  func add(_ found: [UInt32], each: Int, made calls: Int) {
    all.withLock { all in for time in found { all.append(contentsOf: repeatElement(time, count: each)) } }
    made.add(calls, ordering: .relaxed)
  }

  /// Whether a call that began at `moment` counts.
  func isCounted(_ moment: UInt64) -> Bool { moment >= from }
  /// Whether no more calls are to be made.
  func isOver(_ moment: UInt64) -> Bool { moment >= until }

  /// Calls, the seconds they were made in, microseconds at the median and at the 99th percentile, and calls with those of the warm-up.
  var result: (calls: Int, seconds: Double, p50: Double, p99: Double, all: Int) {
    let sorted = all.withLock { $0.sorted() }
    let made = made.load(ordering: .relaxed)
    guard !sorted.isEmpty else { return (0, 0, 0, 0, made) }
    func at(_ share: Double) -> Double { Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1000 }
    return (sorted.count, Double(until - from) / 1e9, at(0.5), at(0.99), made)
  }
}
