import Logging
import Synchronization
import Testing

@testable import Operations

private final class Lines: Sendable {
  let all = Mutex<[String]>([])
}

private func logged(_ body: (Logger) -> Void) throws -> [JSON] {
  let lines = Lines()
  var handler = JSONLogHandler(service: "chancery-index", level: .info) { line in lines.all.withLock { $0.append(line) } }
  handler.metadata = ["node": "1"]
  body(Logger(label: "test", factory: { [handler] _ in handler }))
  return try lines.all.withLock { $0 }.map { line in
    #expect(line.hasSuffix("\n") && line.dropLast().contains("\n") == false)
    return try JSON.parse(line)
  }
}

@Test func aLogLineIsOneJSONObjectWithTimeLevelServiceMessageAndMetadata() throws {
  let lines = try logged { logger in
    logger.debug("not this")
    logger.warning("a \"quoted\"\nmessage", metadata: ["count": "3", "list": ["a", "b"], "level": "mine"])
  }
  #expect(lines.count == 1)
  #expect(lines[0]["level"] == .string("warning"))
  #expect(lines[0]["service"] == .string("chancery-index"))
  #expect(lines[0]["message"] == .string("a \"quoted\"\nmessage"))
  #expect(lines[0]["node"] == .string("1"))
  #expect(lines[0]["count"] == .string("3"))
  #expect(lines[0]["list"] == .array([.string("a"), .string("b")]))
  #expect(lines[0]["level_"] == .string("mine"))
  #expect(lines[0]["time"]?.string?.count == 24)
}

@Test func aLongValueIsCut() throws {
  let long = String(repeating: "x", count: 1_000_000)
  let lines = try logged { $0.error("\(long)", metadata: ["key": "\(long)"]) }
  #expect(lines[0].text.utf8.count < 3 * JSONLogHandler.maximumValueBytes)
}

@Test(arguments: [
  (UInt64(0), "1970-01-01T00:00:00.000Z"), (951_782_400_000, "2000-02-29T00:00:00.000Z"), (1_574_760_600_007, "2019-11-26T09:30:00.007Z"),
  (1_709_251_199_999, "2024-02-29T23:59:59.999Z"), (4_102_444_800_000, "2100-01-01T00:00:00.000Z"),
])
func aTimeIsWrittenAsRFC3339(milliseconds: UInt64, text: String) { #expect(timestamp(milliseconds) == text) }
