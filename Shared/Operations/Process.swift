import Platform

/// What the machine says about this process.
public struct ProcessFigures: Sendable {
  /// Bytes of memory in use now (VmRSS) and at most so far (VmHWM).
  public let residentBytes: UInt64
  public let peakResidentBytes: UInt64
  /// Open file descriptors, the one that counts them among them.
  public let openFiles: Int

  /// Reads /proc/self; what cannot be read is 0.
  public static func now() -> ProcessFigures {
    var resident: UInt64 = 0
    var peak: UInt64 = 0
    if let file = try? File("/proc/self/status", .read), let bytes = try? file.read(at: 0, count: 1 << 16) {
      for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
        let words = line.split { $0 == " " || $0 == "\t" }
        guard words.count >= 2, let kibibytes = UInt64(words[1]) else { continue }
        if words[0] == "VmRSS:" { resident = kibibytes * 1024 }
        if words[0] == "VmHWM:" { peak = kibibytes * 1024 }
      }
    }
    return ProcessFigures(residentBytes: resident, peakResidentBytes: peak, openFiles: (try? Directory.names("/proc/self/fd").count) ?? 0)
  }

  /// These figures and `uptime` (seconds) as gauges under the names Prometheus gives them.
  func gauges(uptime: Double) -> [MetricsRegistry.Gauge] {
    [
      .init("process_resident_memory_bytes", help: "Memory in use.", Double(residentBytes)),
      .init("process_resident_memory_peak_bytes", help: "Most memory in use so far.", Double(peakResidentBytes)),
      .init("process_open_fds", help: "Open file descriptors.", Double(openFiles)),
      .init("process_uptime_seconds", help: "Time since the process started.", uptime),
    ]
  }
}
