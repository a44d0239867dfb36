import ChanceryClient
import Foundation
import Logging
import Transport
import Wire

/// The package's root.
let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Why a system test could not be set up.
struct SetupFailure: Error, CustomStringConvertible {
  let description: String
}

/// Runs a program to its end and returns what it printed.
@discardableResult func run(_ program: String, _ arguments: [String], in folder: URL? = nil) throws -> String {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = [program] + arguments
  process.currentDirectoryURL = folder
  let output = Pipe()
  process.standardOutput = output
  process.standardError = output
  try process.run()
  let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  guard process.terminationStatus == 0 else { throw SetupFailure(description: "\(program) \(arguments.joined(separator: " ")): \(text)") }
  return text
}

/// A folder with an authority and fresh certificates, where services run; all of it goes when this object does.
final class Deployment: @unchecked Sendable {
  // Sound: everything but `running` and `logs` is constant, and these are touched under the lock only.
  let folder: URL
  private let lock = NSLock()
  private var running: [Process] = []
  private var logs: [ObjectIdentifier: String] = [:]

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "chancery-system-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try authority("ca")
    for role in ["ingest", "index", "query", "operator", "submitter", "reader"] { try certificate(role, role: role, signedBy: "ca") }
    try certificate("public", role: "reader", signedBy: "ca", clearance: nil)
  }

  deinit {
    for process in running where process.isRunning { kill(process.processIdentifier, SIGKILL) }
    for process in running { process.waitUntilExit() }
    try? FileManager.default.removeItem(at: folder)
  }

  func path(_ name: String) -> String { folder.appending(path: name).path }

  /// Makes a self-signed authority.
  func authority(_ name: String) throws {
    try run(
      "openssl",
      [
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-keyout",
        path("\(name).key"), "-out", path("\(name).crt"),
      ])
  }

  /// Makes an authority whose certificate another signs.
  func authority(_ name: String, signedBy other: String) throws {
    try run(
      "sh",
      [
        "-c",
        """
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=\(name) -keyout \(name).key -out \(name).csr
        echo basicConstraints=critical,CA:TRUE > \(name).ext
        openssl x509 -req -in \(name).csr -CA \(other).crt -CAkey \(other).key -CAcreateserial -days 2 -extfile \(name).ext -out \(name).crt
        """,
      ], in: folder)
  }

  /// Makes an authority's revocation list, AUTHORITY.crl.
  func list(of authority: String, revoking certificate: String? = nil) throws {
    let ca = "openssl ca -config \(authority).cnf -name ca -cert \(authority).crt -keyfile \(authority).key -md sha256"
    try run(
      "sh",
      [
        "-ec",
        """
        touch \(authority).index
        printf '[ca]\ndatabase=\(authority).index\ndefault_crl_days=2\n' > \(authority).cnf
        \(certificate.map { "\(ca) -revoke \($0).crt" } ?? "")
        \(ca) -gencrl -out \(authority).crl
        """,
      ], in: folder)
  }

  /// Makes a certificate for a role on this machine; with negative `days` it has expired. It is cleared for everything unless `clearance` says otherwise.
  func certificate(
    _ name: String, role: String, signedBy authority: String, days: Int = 2, clearance: DistributionClass? = .strictlyConfidential
  ) throws {
    try run(
      "openssl",
      [
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=\(name)", "-keyout", path("\(name).key"),
        "-out",
        path("\(name).csr"),
      ])
    let cleared = clearance.map { ",URI:\($0.uri)" } ?? ""
    try "subjectAltName=DNS:localhost,IP:127.0.0.1,URI:chancery:role:\(role)\(cleared)\n"
      .write(toFile: path("\(name).ext"), atomically: true, encoding: .utf8)
    try run(
      "openssl",
      [
        "x509", "-req", "-in", path("\(name).csr"), "-CA", path("\(authority).crt"), "-CAkey", path("\(authority).key"), "-CAcreateserial",
        "-days", "\(days)", "-extfile", path("\(name).ext"), "-out", path("\(name).crt"),
      ])
  }

  func identity(_ name: String) -> TLSIdentity {
    TLSIdentity(certificateChain: path("\(name).crt"), privateKey: path("\(name).key"), authority: path("ca.crt"))
  }

  /// Where the programs are: beside the tests, or where CHANCERY_PROGRAMS says.
  func programs() throws -> URL {
    if let folder = ProcessInfo.processInfo.environment["CHANCERY_PROGRAMS"] { return URL(filePath: folder, relativeTo: root) }
    return URL(filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")).deletingLastPathComponent()
  }

  /// Starts a service, on a free port unless the arguments say otherwise, and waits until it listens.
  func start(_ service: String, _ arguments: [String] = []) throws -> (process: Process, port: Int) {
    let process = Process()
    process.executableURL = try programs().appending(path: "chancery-\(service)")
    process.arguments =
      [
        "--listen", "127.0.0.1:0", "--data", path("data-\(service)"), "--certificate", path("\(service).crt"), "--key",
        path("\(service).key"),
        "--ca", path("ca.crt"), "--cluster", "test",
      ] + arguments
    let log = path("\(UUID().uuidString).log")
    try Data().write(to: URL(filePath: log))
    process.standardError = FileHandle(forWritingAtPath: log)
    try process.run()
    lock.withLock {
      running.append(process)
      logs[ObjectIdentifier(process)] = log
    }
    while true {
      let hasEnded = !process.isRunning
      let text = try String(contentsOfFile: log, encoding: .utf8)
      if let port = text.split(separator: "\n").lazy.filter({ $0.contains("\"listening\"") }).compactMap(Self.port).first {
        return (process, port)
      }
      if hasEnded { throw SetupFailure(description: "chancery-\(service) ended before it listened: \(text)") }
      usleep(5000)
    }
  }

  /// All that a service wrote to its log; waits until it has ended.
  func log(of process: Process) throws -> String {
    process.waitUntilExit()
    let log = lock.withLock { logs[ObjectIdentifier(process)] }
    return try log.map { try String(contentsOfFile: $0, encoding: .utf8) } ?? ""
  }

  /// The port in a log line with `"address":"127.0.0.1:7410"`.
  private static func port(_ line: Substring) -> Int? {
    guard let start = line.range(of: "\"address\":\"127.0.0.1:") else { return nil }
    return Int(line[start.upperBound...].prefix { $0.isNumber })
  }

  func client(_ name: String = "operator", ingest: Int? = nil, index: Int? = nil, query: [Int] = []) throws -> ChanceryClient {
    func endpoints(_ ports: [Int]) -> [Endpoint] { ports.map { Endpoint(host: "127.0.0.1", port: $0) } }
    let configuration = ChanceryConfiguration(
      ingest: endpoints(ingest.map { [$0] } ?? []), index: endpoints(index.map { [$0] } ?? []), query: endpoints(query),
      identity: identity(name),
      cluster: "test")
    return try ChanceryClient(configuration, logger: Logger(label: "test"))
  }
}
