import Platform
import Synchronization

/// Counts calls and how long they took, in a closed loop. What ends in the first fifth of the time is warm-up.
final class Load: Sendable {
  private let from: UInt64
  private let until: UInt64
  private let all = Mutex<[UInt32]>([])

  init(seconds: Double) {
    let now = monotonicNow()
    from = now + UInt64(seconds * 0.2e9)
    until = now + UInt64(seconds * 1e9)
  }

  /// Makes calls one after the other until the time is over.
  func work(_ call: () async throws -> Void) async throws {
    var own: [UInt32] = []
    var now = monotonicNow()
    while now < until {
      try await call()
      let end = monotonicNow()
      if now >= from { own.append(UInt32(clamping: end - now)) }
      now = end
    }
    all.withLock { $0 += own }
  }

  /// Calls, the seconds they were made in, and microseconds at the median and at the 99th percentile.
  var result: (calls: Int, seconds: Double, p50: Double, p99: Double) {
    let sorted = all.withLock { $0.sorted() }
    guard !sorted.isEmpty else { return (0, 0, 0, 0) }
    func at(_ share: Double) -> Double { Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]) / 1000 }
    return (sorted.count, Double(until - from) / 1e9, at(0.5), at(0.99))
  }
}
