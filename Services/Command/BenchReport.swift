import Histogram
import Operations
import Platform
import Synchronization
import Wire

/// What a load run found, for people and for programs.
struct LoadReport {
  let what: String
  let measured: Measured
  /// Seconds that were measured.
  let seconds: Double
  /// Calls a second that were due; nil in a closed loop.
  let rate: Double?
  let interrupted: Bool

  private static let percentiles = [50, 90, 99, 99.9]

  /// Answers a second.
  private var throughput: Double { seconds > 0 ? Double(measured.given) / seconds : 0 }

  private var rows: [(key: String, name: String, histogram: Histogram<UInt64>)] {
    if rate == nil { return [("latency_ns", "latency", measured.latency)] }
    return [("latency_ns", "latency from when due", measured.latency), ("service_ns", "from when sent", measured.service)]
  }

  var text: String {
    var out = "\(what)\n\(measured.given) answers in \(Self.rounded(seconds)) s: \(Self.rounded(throughput)) a second"
    if let rate { out += " of \(Self.rounded(rate)) due" }
    out += "\n\(measured.failures) failed"
    out += measured.failures > 0 ? ", \(measured.notBegun) of them before any work\n" : "\n"
    for (code, count) in errors {
      out += "  \(padded("\(count)", 8)) \(code.name): \(oneLine(measured.messages[code] ?? "", limit: 200))\n"
    }
    if measured.answers > 0 {
      let head = Self.percentiles.map { "p\($0 == 99.9 ? "99.9" : "\(Int($0))")" } + ["max"]
      out += padded("", 22) + head.map { padded($0, 11) }.joined() + "\n"
      for row in rows { out += padded(row.name, 22) + Self.values(row.histogram).map { padded(Self.time($0), 11) }.joined() + "\n" }
    }
    return out + (interrupted ? "interrupted: what was measured until then\n" : "")
  }

  var json: JSON {
    var members: [JSON.Member] = [
      .init("run", .string(what)), .init("answers", .number(measured.answers)), .init("seconds", .number(seconds)),
      .init("per_second", .number(throughput)), .init("rate", rate.map { .number($0) } ?? .null),
      .init("errors", .object(errors.map { .init($0.code.name, .number($0.count)) })),
      .init("not_begun", .number(measured.notBegun)), .init("interrupted", .bool(interrupted)),
    ]
    for row in rows where measured.answers > 0 {
      let names = ["p50", "p90", "p99", "p99.9", "max"]
      members.append(.init(row.key, .object(zip(names, Self.values(row.histogram)).map { .init($0, .number($1)) })))
    }
    return .object(members)
  }

  private var errors: [(code: ErrorCode, count: Int)] {
    measured.errors.map { (code: $0.key, count: $0.value) }.sorted { $0.count > $1.count }
  }

  /// The percentiles and the maximum, nanoseconds.
  private static func values(_ histogram: Histogram<UInt64>) -> [UInt64] {
    percentiles.map { histogram.valueAtPercentile($0) } + [histogram.max]
  }

  /// `value` with a decimal place when it is below 100.
  private static func rounded(_ value: Double) -> String { value < 100 ? "\((value * 10).rounded() / 10)" : "\(Int(value.rounded()))" }

  static func time(_ nanoseconds: UInt64) -> String {
    let value = Double(nanoseconds)
    if value < 1e6 { return "\(rounded(value / 1e3)) µs" }
    return value < 1e9 ? "\(rounded(value / 1e6)) ms" : "\(rounded(value / 1e9)) s"
  }
}

/// The line at the foot of the terminal while a load runs.
final class LoadProgress: Sendable {
  private let seconds: Double
  private let shown: Bool
  private let drawn = Mutex(false)

  /// `seconds` to measure.
  init(seconds: Double, shown: Bool) {
    self.seconds = seconds
    self.shown = shown
  }

  /// Draws until the task is cancelled.
  func show<Clock: LoadClock>(_ load: Load<Clock>) async {
    while shown, (try? await Task.sleep(for: .milliseconds(250))) != nil {
      let measured = load.measured
      let elapsed = load.seconds
      let rate = elapsed > 0 ? Int(Double(measured.given) / elapsed) : 0
      let latency = LoadReport.time(measured.latency.valueAtPercentile(99))
      draw(
        elapsed == 0 ? "warming up" : "\(duration(elapsed)) of \(duration(seconds))  \(rate)/s  p99 \(latency)  \(measured.failures) failed"
      )
    }
  }

  /// A line for the person, above the progress.
  func note(_ text: String) {
    clear()
    writeToStandardError(text + "\n")
  }

  func clear() {
    let wasDrawn = drawn.withLock { drawn in
      defer { drawn = false }
      return drawn
    }
    if wasDrawn { writeToStandardError("\r\u{1b}[K") }
  }

  private func draw(_ line: String) {
    drawn.withLock { drawn in
      drawn = true
      writeToStandardError("\r\u{1b}[K" + line)
    }
  }
}
