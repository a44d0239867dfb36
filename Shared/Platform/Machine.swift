import Glibc

/// Nanoseconds of a clock that never goes back; only differences mean anything.
public func monotonicNow() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
}

/// Keeps the calling thread, which must not be one of Swift's cooperative pool or an event loop's, from running for so long.
public func rest(nanoseconds: UInt64) {
  var time = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
  nanosleep(&time, nil)
}

/// Milliseconds since 1970-01-01T00:00:00Z.
public func unixMilliseconds() -> UInt64 { unixMicroseconds() / 1000 }

/// Seconds since 1970-01-01T00:00:00Z, as certificates count them.
public func unixSeconds() -> Int64 { Int64(clamping: unixMilliseconds() / 1000) }

/// Microseconds since 1970-01-01T00:00:00Z.
public func unixMicroseconds() -> UInt64 {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1000
}

/// `count` bytes from the system's generator.
public func randomBytes(_ count: Int) -> [UInt8] {
  var generator = SystemRandomNumberGenerator()
  return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
}

/// The natural logarithm.
public func logarithm(_ value: Double) -> Double { log(value) }

/// The value of an environment variable.
public func environmentVariable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

/// Whether a terminal is at file descriptor `descriptor` (2 = standard error).
public func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

/// Writes all of `bytes` to an open descriptor (1 = standard output, 2 = standard error).
public func writeAll(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count < 0 {
      if errno == EINTR { continue }
      throw SystemError("write to", "descriptor \(descriptor)")
    }
    rest.removeFirst(count)
  }
}
