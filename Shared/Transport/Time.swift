import Platform

/// The machine's clock: monotonic milliseconds.
func nowMilliseconds() -> UInt64 { monotonicNow() / 1_000_000 }

extension Duration {
  /// Whole milliseconds, rounded up, so that a short time does not become none; 0 when negative.
  var milliseconds: UInt64 {
    let (seconds, attoseconds) = components
    if seconds < 0 || attoseconds < 0 { return 0 }
    // A longer time than this (35,000 years) is forever.
    return UInt64(min(seconds, 1 << 40)) * 1000 + UInt64((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
  }

  /// Nanoseconds, rounded up to a whole millisecond; 0 when negative.
  var nanoseconds: UInt64 { min(milliseconds, 1 << 40) * 1_000_000 }
}
