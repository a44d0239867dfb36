import Foundation
import Logging
import Testing

@testable import Operations

private let paths = ["certificate": "c.pem", "key": "k.pem", "ca": "ca.pem"]

/// Writes `text` to a new file, runs `body` with its path and removes it.
private func withFile<R>(_ text: String, _ body: (String) throws -> R) throws -> R {
  let file = FileManager.default.temporaryDirectory.appending(path: "chancery-\(UUID().uuidString).json")
  try Data(text.utf8).write(to: file)
  defer { try? FileManager.default.removeItem(at: file) }
  return try body(file.path)
}

private func load(
  flags: [String: String] = paths, environment: [String: String] = [:], file: String? = nil, own: [OwnKey] = []
) throws -> ServiceConfiguration {
  func load(_ path: String?) throws -> ServiceConfiguration {
    try ServiceConfiguration(service: "chancery-query", flags: flags, environment: environment, file: path, own: own)
  }
  return if let file { try withFile(file, load) } else { try load(nil) }
}

private func failure(_ body: () throws -> ServiceConfiguration) -> String {
  do {
    _ = try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

@Test func aFlagGoesBeforeTheEnvironmentTheEnvironmentBeforeTheFileTheFileBeforeTheDefault() throws {
  #expect(try load().cluster == "chancery")
  let file = #"{"cluster": "of-file", "log-level": "debug"}"#
  #expect(try load(file: file).cluster == "of-file")
  #expect(try load(environment: ["CHANCERY_CLUSTER": "of-environment"], file: file).cluster == "of-environment")
  let flags = paths.merging(["cluster": "of-flag"]) { $1 }
  #expect(try load(flags: flags, environment: ["CHANCERY_CLUSTER": "of-environment"], file: file).cluster == "of-flag")
  #expect(try load(environment: ["CHANCERY_LOG_LEVEL": "error"], file: file).logLevel == .error)
  #expect(try load(file: file).logLevel == .debug)
}

@Test func everyKeyIsReadFromTheFile() throws {
  let configuration = try load(
    flags: [:],
    file: """
      {"listen": "[::1]:7430", "metrics": 9430, "data": "d", "certificate": "c", "key": "k", "ca": "a", "cluster": "x", "log-level": "trace",
       "ingest": ["a:1", "b:2"], "index": "c:3, d:4", "cache-bytes": 4096}
      """, own: [OwnKey("cache-bytes", flag: nil, standard: "1")])
  #expect(configuration.listen == Address(host: "::1", port: 7430))
  #expect(configuration.metricsPort == 9430)
  #expect(configuration.ingest.map(\.description) == ["a:1", "b:2"])
  #expect(configuration.index.map(\.description) == ["c:3", "d:4"])
  #expect(try configuration.integer("cache-bytes", in: 0...10_000) == 4096)
}

@Test func anUnknownKeyInTheFileIsAnErrorThatNamesItAndTheKnownOnes() {
  let message = failure { try load(file: #"{"clustre": "x"}"#) }
  #expect(message.contains(#"unknown key "clustre""#))
  #expect(message.contains("cluster"))
}

@Test func aWrongValueIsAnErrorThatSaysWhereItCameFromAndWhatIsAllowed() {
  let message = failure { try load(environment: ["CHANCERY_METRICS": "70000"]) }
  #expect(message.contains(#"metrics is "70000" (from the environment)"#))
  #expect(message.contains("0 to 65535"))
  #expect(failure { try load(environment: ["CHANCERY_LISTEN": "nowhere"]) }.contains("HOST:PORT"))
  #expect(failure { try load(environment: ["CHANCERY_INGEST": "a:1,b"]) }.contains("separated by commas"))
  #expect(failure { try load(environment: ["CHANCERY_LOG_LEVEL": "loud"]) }.contains("one of trace"))
}

@Test func aMissingCertificateIsAnErrorThatSaysHowToGiveIt() {
  let message = failure { try load(flags: ["key": "k", "ca": "a"]) }
  #expect(message.contains("certificate is not set"))
  #expect(message.contains("CHANCERY_CERTIFICATE"))
}

@Test(arguments: ["[]", "{", #"{"data": {}}"#, #"{"data": [["x"]]}"#, #"{"data": null}"#, "{\"data\": \"a\", \"data\": \"b\"}"])
func aFileThatIsNoFlatObjectIsAnError(text: String) {
  #expect(failure { try load(file: text) } != "no error")
}

@Test func aMissingFileIsAnErrorThatNamesIt() {
  let message = failure {
    try ServiceConfiguration(service: "chancery-query", flags: paths, environment: [:], file: "/nowhere/at.json", own: [])
  }
  #expect(message.contains("/nowhere/at.json"))
}

@Test(arguments: [
  ("localhost:1", "localhost", 1), ("10.0.0.1:65535", "10.0.0.1", 65535), ("[2001:db8::1]:7410", "2001:db8::1", 7410),
])
func anAddressIsHostAndPort(text: String, host: String, port: Int) throws {
  let address = try #require(Address(text))
  #expect(address == Address(host: host, port: port))
  #expect(address.description == text)
}

@Test(arguments: ["", "host", ":1", "host:", "host:65536", "host:-1", "::1:7410", "a b:1", "[]:1", "host:x"])
func whatIsNoHostAndPortIsNoAddress(text: String) { #expect(Address(text) == nil) }
