import Operations
import Platform

/// A line at the foot of the terminal: how far it is, how fast and how long it still takes.
struct Progress {
  /// Redrawn at most this often, nanoseconds.
  static let interval: UInt64 = 100_000_000
  /// The rate is that of the last so many nanoseconds.
  static let window: UInt64 = 10_000_000_000
  static let width = 24

  private let documents: Int?
  private let bytes: UInt64?
  private let shown: Bool
  private let start = monotonicNow()
  private var done = (documents: 0, bytes: UInt64(0))
  private var samples: [(time: UInt64, documents: Int, bytes: UInt64)] = []
  private var drawn: UInt64 = 0

  /// `documents` and `bytes` in all, nil when not known.
  init(documents: Int?, bytes: UInt64?, shown: Bool) {
    self.documents = documents
    self.bytes = bytes
    self.shown = shown
  }

  /// Seconds since the start.
  var seconds: Double { Double(monotonicNow() - start) / 1e9 }

  /// One document more, of `bytes` bytes; 0 where they do not count. Gives what is to be written, if it is time to.
  mutating func advance(bytes count: UInt64) -> String {
    done.documents += 1
    done.bytes += count
    let now = monotonicNow()
    guard shown, now - drawn >= Self.interval else { return "" }
    drawn = now
    samples.append((now, done.documents, done.bytes))
    samples.removeAll { now - $0.time > Self.window }
    return "\r\u{1b}[K" + line(now)
  }

  /// What takes the line away.
  var clearing: String { shown && drawn > 0 ? "\r\u{1b}[K" : "" }

  private func line(_ now: UInt64) -> String {
    let from = samples.count > 1 ? samples[0] : (time: start, documents: 0, bytes: 0)
    let seconds = max(Double(now - from.time) / 1e9, 0.001)
    let documentRate = Double(done.documents - from.documents) / seconds
    let byteRate = Double(done.bytes - from.bytes) / seconds
    var out = ""
    if let fraction {
      let filled = Int(fraction * Double(Self.width))
      out +=
        "[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: Self.width - filled))] \(padded("\(Int(fraction * 100))", 3))%  "
    }
    out += "\(done.documents)\(documents.map { " of \($0)" } ?? "")  \(Int(documentRate.rounded()))/s"
    if done.bytes > 0 { out += "  \(amount(byteRate))/s" }
    if let bytes {
      if bytes > done.bytes, byteRate > 0 { out += "  \(duration(Double(bytes - done.bytes) / byteRate)) left" }
    } else if let documents, documents > done.documents, documentRate > 0 {
      out += "  \(duration(Double(documents - done.documents) / documentRate)) left"
    }
    return out
  }

  private var fraction: Double? {
    if let bytes, bytes > 0 { return min(1, Double(done.bytes) / Double(bytes)) }
    if let documents, documents > 0 { return min(1, Double(done.documents) / Double(documents)) }
    return nil
  }
}

/// A number of bytes for people, in powers of 1024.
func amount(_ bytes: Double) -> String {
  var value = bytes
  for unit in ["B", "KiB", "MiB", "GiB"] {
    if value < 1024 || unit == "GiB" { return unit == "B" ? "\(Int(value)) B" : "\((value * 10).rounded() / 10) \(unit)" }
    value /= 1024
  }
  return ""
}

/// Seconds as 0:05, 12:34 or 1:02:03.
func duration(_ seconds: Double) -> String {
  let whole = Int(min(seconds, 359_999).rounded())
  func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
  return whole < 3600 ? "\(whole / 60):\(two(whole % 60))" : "\(whole / 3600):\(two(whole / 60 % 60)):\(two(whole % 60))"
}
