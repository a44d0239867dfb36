import CoreMetrics
import Synchronization

/// Where swift-metrics counts in this process: all series by name and labels, printed as Prometheus text.
///
/// Counters become counters whose name ends in `_total`; meters and plain recorders gauges; timers histograms in seconds whose name ends in
/// `_seconds`; aggregating recorders histograms in their own unit.
public final class MetricsRegistry: MetricsFactory {
  /// Distinct series that are kept; what comes after is counted nowhere but in `chancery_metrics_refused_total`.
  public static let maximumSeries = 4096

  private let series = Mutex(State())
  private let refused = CounterSeries()
  private let gauges: @Sendable () -> [Gauge]

  /// A figure that is read at the moment of printing.
  public struct Gauge: Sendable {
    public let name: String
    public let help: String
    public let value: Double

    public init(_ name: String, help: String, _ value: Double) {
      self.name = name
      self.help = help
      self.value = value
    }
  }

  private struct State {
    var families: [String: Family] = [:]
    var count = 0
  }

  private struct Family {
    let kind: String
    var members: [String: any Series] = [:]
  }

  /// `gauges` are read anew each time the text is printed.
  public init(gauges: @escaping @Sendable () -> [Gauge] = { [] }) { self.gauges = gauges }

  /// All series in the text format of Prometheus 0.0.4.
  public func text() -> String {
    var out = ""
    for gauge in gauges() {
      out += "# HELP \(gauge.name) \(gauge.help)\n# TYPE \(gauge.name) gauge\n\(gauge.name) \(number(gauge.value))\n"
    }
    let families = series.withLock { $0.families }
    for (name, family) in families.sorted(by: { $0.key < $1.key }) {
      out += "# TYPE \(name) \(family.kind)\n"
      for (labels, series) in family.members.sorted(by: { $0.key < $1.key }) { series.write(name: name, labels: labels, to: &out) }
    }
    out += "# TYPE chancery_metrics_refused_total counter\n"
    refused.write(name: "chancery_metrics_refused_total", labels: "", to: &out)
    return out
  }

  /// The series under `name` and `dimensions`; one that is printed nowhere when there is no room or the name has another kind already.
  private func find<S: Series>(_ name: String, _ dimensions: [(String, String)], kind: String, make: () -> S) -> S {
    let labels = dimensions.sorted { $0.0 < $1.0 }.map { "\(metricName($0.0))=\"\(escaped($0.1))\"" }.joined(separator: ",")
    let found: S? = series.withLock { state in
      var family = state.families[name] ?? Family(kind: kind)
      if let there = family.members[labels] { return there as? S }
      guard family.kind == kind, state.count < Self.maximumSeries else { return nil }
      let new = make()
      family.members[labels] = new
      state.families[name] = family
      state.count += 1
      return new
    }
    if let found { return found }
    refused.increment(by: 1)
    return make()
  }

  public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
    let name = metricName(label)
    return find(name.hasSuffix("_total") ? name : name + "_total", dimensions, kind: "counter") { CounterSeries() }
  }

  public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
    find(metricName(label), dimensions, kind: "gauge") { GaugeSeries() }
  }

  public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
    guard aggregate else { return find(metricName(label), dimensions, kind: "gauge") { GaugeSeries() } }
    return find(metricName(label), dimensions, kind: "histogram") { HistogramSeries(bounds: HistogramSeries.sizes) }
  }

  public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
    let name = metricName(label)
    return find(name.hasSuffix("_seconds") ? name : name + "_seconds", dimensions, kind: "histogram") {
      HistogramSeries(bounds: HistogramSeries.seconds)
    }
  }

  // A series lasts as long as the process: a counter that goes away and comes back would look like a restart to Prometheus.
  public func destroyCounter(_ handler: any CounterHandler) {}
  public func destroyMeter(_ handler: any MeterHandler) {}
  public func destroyRecorder(_ handler: any RecorderHandler) {}
  public func destroyTimer(_ handler: any TimerHandler) {}
}

/// `text` with every character that a Prometheus name may not have replaced by `_`.
private func metricName(_ text: String) -> String {
  let name = String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
  return name.first.map(\.isNumber) == false ? name : "_" + name
}

private func escaped(_ value: String) -> String {
  value.map { character in
    switch character {
    case "\\": "\\\\"
    case "\"": "\\\""
    case "\n": "\\n"
    default: String(character)
    }
  }.joined()
}

/// A value as Prometheus writes it: whole numbers without a fraction.
private func number(_ value: Double) -> String {
  if value.isNaN { return "NaN" }
  if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
  return Int64(exactly: value).map { "\($0)" } ?? "\(value)"
}

private protocol Series: AnyObject, Sendable {
  func write(name: String, labels: String, to out: inout String)
}

private func line(_ name: String, _ labels: String, _ value: String) -> String {
  labels.isEmpty ? "\(name) \(value)\n" : "\(name){\(labels)} \(value)\n"
}

private final class CounterSeries: CounterHandler, Series {
  private let count = Atomic<Int64>(0)

  func increment(by amount: Int64) { if amount > 0 { count.wrappingAdd(amount, ordering: .relaxed) } }
  func reset() { count.store(0, ordering: .relaxed) }
  func write(name: String, labels: String, to out: inout String) { out += line(name, labels, "\(count.load(ordering: .relaxed))") }
}

private final class GaugeSeries: MeterHandler, RecorderHandler, Series {
  private let value = Mutex(0.0)

  func set(_ new: Int64) { set(Double(new)) }
  func set(_ new: Double) { value.withLock { $0 = new } }
  func increment(by amount: Double) { value.withLock { $0 += amount } }
  func decrement(by amount: Double) { value.withLock { $0 -= amount } }
  func record(_ new: Int64) { set(Double(new)) }
  func record(_ new: Double) { set(new) }
  func write(name: String, labels: String, to out: inout String) { out += line(name, labels, number(value.withLock { $0 })) }
}

private final class HistogramSeries: TimerHandler, RecorderHandler, Series {
  /// From 50 microseconds to ten seconds.
  static let seconds: [Double] = [
    0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]
  /// Powers of four from 1 to 4^15 (about 10^9).
  static let sizes: [Double] = (0...15).map { Double(1 << (2 * $0)) }

  private let bounds: [Double]
  private let state: Mutex<State>

  private struct State {
    var counts: [UInt64]
    var sum = 0.0
  }

  init(bounds: [Double]) {
    self.bounds = bounds
    state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
  }

  func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
  func record(_ value: Int64) { record(Double(value)) }
  func record(_ value: Double) {
    if value.isNaN { return }
    let place = bounds.firstIndex { value <= $0 } ?? bounds.count
    state.withLock {
      $0.counts[place] += 1
      $0.sum += value
    }
  }

  func write(name: String, labels: String, to out: inout String) {
    let (counts, sum) = state.withLock { ($0.counts, $0.sum) }
    let before = labels.isEmpty ? "" : labels + ","
    var below: UInt64 = 0
    for (index, count) in counts.enumerated() {
      below += count
      out += line("\(name)_bucket", "\(before)le=\"\(index < bounds.count ? number(bounds[index]) : "+Inf")\"", "\(below)")
    }
    out += line("\(name)_sum", labels, number(sum)) + line("\(name)_count", labels, "\(below)")
  }
}
