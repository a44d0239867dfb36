import Logging
import Platform

/// One JSON object a line: `time` (UTC, RFC 3339, milliseconds), `level`, `service`, `message`, then the metadata.
///
/// Text of documents and queries never goes into a log; whoever logs sees to it. Long values are cut here, so that no caller can flood the log.
public struct JSONLogHandler: LogHandler {
  public var logLevel: Logger.Level
  public var metadata: Logger.Metadata = [:]
  public var metadataProvider: Logger.MetadataProvider?
  private let service: String
  private let write: @Sendable (String) -> Void

  /// Longest message or metadata value, in UTF-8 bytes; the rest is cut off and replaced by "…".
  public static let maximumValueBytes = 2048

  /// A handler for the service called `service` whose lines, each with its line feed, go to `write`.
  public init(service: String, level: Logger.Level, write: @escaping @Sendable (String) -> Void = writeToStandardError) {
    self.service = service
    logLevel = level
    self.write = write
  }

  public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  public func log(event: LogEvent) {
    var members: [JSON.Member] = [
      JSON.Member("time", .string(timestamp(unixMilliseconds()))), JSON.Member("level", .string(event.level.rawValue)),
      JSON.Member("service", .string(service)), JSON.Member("message", .string(Self.cut(event.message.description))),
    ]
    if let error = event.error { members.append(JSON.Member("error", .string(Self.cut("\(error)")))) }
    let provided = metadataProvider?.get() ?? [:]
    let all = metadata.merging(provided) { $1 }.merging(event.metadata ?? [:]) { $1 }
    let taken: Set = ["time", "level", "service", "message"]
    for (key, value) in all.sorted(by: { $0.key < $1.key }) {
      members.append(JSON.Member(taken.contains(key) ? "\(key)_" : key, Self.json(value)))
    }
    write(JSON.object(members).text + "\n")
  }

  private static func cut(_ text: String) -> String {
    text.utf8.count <= maximumValueBytes ? text : String(text.unicodeScalars.prefix(maximumValueBytes / 4)) + "…"
  }

  private static func json(_ value: Logger.Metadata.Value) -> JSON {
    switch value {
    case .string(let text): .string(cut(text))
    case .stringConvertible(let value): .string(cut(value.description))
    case .array(let values): .array(values.map(json))
    case .dictionary(let values): .object(values.sorted { $0.key < $1.key }.map { JSON.Member($0.key, json($0.value)) })
    }
  }
}

/// Makes every `Logger` of this process write JSON lines to standard error. Called once, first thing.
public func bootstrapLogging(service: String, level: Logger.Level) {
  LoggingSystem.bootstrap { _ in JSONLogHandler(service: service, level: level) }
}

/// Unix `milliseconds` as `2019-11-26T09:30:00.000Z` (RFC 3339; civil date after H. Hinnant's days_from_civil, inverted).
public func timestamp(_ milliseconds: UInt64) -> String {
  let days = Int(milliseconds / 86_400_000)
  let rest = Int(milliseconds % 86_400_000)
  let shifted = days + 719_468
  let era = shifted / 146_097
  let dayOfEra = shifted % 146_097
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let shiftedMonth = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
  let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  func padded(_ value: Int, _ width: Int) -> String {
    let digits = "\(value)"
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
  let clock = "\(padded(rest / 3_600_000, 2)):\(padded(rest / 60_000 % 60, 2)):\(padded(rest / 1000 % 60, 2)).\(padded(rest % 1000, 3))"
  return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T\(clock)Z"
}
