import Foundation
import Testing

/// The real protobuf compiler, as a second opinion on every message.
enum Protoc {
  /// The project's root, from this file's place in it. The path is left to the kernel to resolve, because the tests' directory may be a
  /// link.
  static let root = #filePath.split(separator: "/").dropLast().reduce("") { $0 + "/" + $1 } + "/../.."
  static let vectors = root + "/Tests/Vectors"
  static let schema = root + "/docs/chancery.proto"

  static let path = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":").map { $0 + "/protoc" }
    .first { FileManager.default.isExecutableFile(atPath: $0) }
  static var isInstalled: Bool { path != nil }

  struct Failure: Error { let text: String }

  /// What protoc says the bytes mean, as text.
  static func decode(_ type: String, _ bytes: [UInt8]) throws -> String {
    String(decoding: try run("--decode=chancery.v1.\(type)", bytes), as: UTF8.self)
  }

  /// The bytes that protoc writes for a text.
  static func encode(_ type: String, _ text: String) throws -> [UInt8] {
    try run("--encode=chancery.v1.\(type)", [UInt8](text.utf8), "--deterministic_output")
  }

  private static func run(_ action: String, _ input: [UInt8], _ extra: String...) throws -> [UInt8] {
    guard let path else { throw Failure(text: "protoc is not installed") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["--proto_path=\(root)/docs", action] + extra + [schema]
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (stdin, stdout, stderr)
    try process.run()
    // Samples are smaller than a pipe's buffer, so this does not wait for protoc to read.
    try stdin.fileHandleForWriting.write(contentsOf: Data(input))
    try stdin.fileHandleForWriting.close()
    let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
    let complaint = try stderr.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(text: String(decoding: complaint, as: UTF8.self)) }
    return [UInt8](output)
  }
}

/// The messages of docs/chancery.proto and the names of their fields.
enum Schema {
  static func messages() throws -> [String: [String]] {
    let source = try String(contentsOfFile: Protoc.schema, encoding: .utf8)
    let bare = source.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.split(separator: "//", maxSplits: 1, omittingEmptySubsequences: false)[0]
    }
    .joined(separator: " ")
    var found: [String: [String]] = [:]
    for match in bare.matches(of: #/message (\w+)\s*\{([^}]*)\}/#) {
      found[String(match.1)] = match.2.matches(of: #/(\w+) = \d+;/#).map { String($0.1) }
    }
    return found
  }

  /// The numbers that the schema's headings give to methods, as in "// 16 Submit:" or "// ---- Method 1 Health".
  static func methods() throws -> [UInt16: String] {
    let source = try String(contentsOfFile: Protoc.schema, encoding: .utf8)
    var found: [UInt16: String] = [:]
    for match in source.matches(of: #/(?m)(?:^// |Method )(\d+) ([A-Z]\w+)/#) { found[UInt16(match.1) ?? 0] = String(match.2) }
    return found
  }
}
