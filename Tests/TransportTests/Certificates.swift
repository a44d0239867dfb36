import Foundation
import Transport

/// Certificates made by the `openssl` command, once for all tests of a process.
struct Certificates: Sendable {
  static let shared: Result<Certificates, any Error> = Result { try Certificates() }

  let folder: String

  private init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "chancery-transport-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    self.folder = folder.path
    for authority in ["ca", "stranger"] {
      try openssl("req -x509 \(Self.newKey) -days 2 -subj /CN=\(authority) -keyout \(authority).key -out \(authority).pem")
    }
    let localhost = "subjectAltName=DNS:localhost,IP:127.0.0.1,URI:chancery:role:query"
    try sign("server", localhost)
    try sign("renewed", localhost)
    try sign("elsewhere", "subjectAltName=DNS:elsewhere.example")
    for role in ["reader", "submitter", "operator"] { try sign(role, "subjectAltName=URI:chancery:role:\(role)") }
    try sign("nobody", "subjectAltName=URI:chancery:role:unheard-of")
    try sign("foreign", "subjectAltName=URI:chancery:role:operator", authority: "stranger")
    try openssl("req \(Self.newKey) -subj /CN=expired -addext subjectAltName=URI:chancery:role:reader -keyout expired.key -out expired.csr")
    // The dates of a certificate can be chosen by `openssl ca` only.
    try Data().write(to: folder.appending(path: "index.txt"))
    try Data(Self.authorityConfiguration.utf8).write(to: folder.appending(path: "ca.conf"))
    let dates = "-startdate 20200101000000Z -enddate 20200201000000Z"
    try openssl("ca -batch -config ca.conf -cert ca.pem -keyfile ca.key -rand_serial -notext \(dates) -in expired.csr -out expired.pem")
  }

  private static let newKey = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
  private static let authorityConfiguration = """
    [ca]
    default_ca = default
    [default]
    database = index.txt
    serial = serial
    copy_extensions = copy
    new_certs_dir = .
    default_md = sha256
    policy = any
    [any]
    commonName = supplied
    """

  /// A certificate of the authority that ends so many seconds from now.
  func brief(_ name: String, seconds: Int) throws {
    try openssl("req \(Self.newKey) -subj /CN=\(name) -addext subjectAltName=URI:chancery:role:reader -keyout \(name).key -out \(name).csr")
    let format = DateFormatter()
    format.dateFormat = "yyyyMMddHHmmss'Z'"
    format.timeZone = TimeZone(secondsFromGMT: 0)
    let end = format.string(from: Date(timeIntervalSinceNow: Double(seconds)))
    try openssl(
      "ca -batch -config ca.conf -cert ca.pem -keyfile ca.key -rand_serial -notext -enddate \(end) -in \(name).csr -out \(name).pem")
  }

  /// The authority's revocation list with these certificates, as a file of its own.
  func revocations(_ names: [String], of authority: String = "ca") throws -> String {
    let list = UUID().uuidString
    try Data().write(to: URL(filePath: "\(folder)/\(list).txt"))
    try Data("01".utf8).write(to: URL(filePath: "\(folder)/\(list).number"))
    let settings = Self.authorityConfiguration.replacing("index.txt", with: "\(list).txt")
      .replacing("[default]", with: "[default]\ncrlnumber = \(list).number")
    try Data(settings.utf8).write(to: URL(filePath: "\(folder)/\(list).conf"))
    let common = "ca -config \(list).conf -cert \(authority).pem -keyfile \(authority).key"
    for name in names { try openssl("\(common) -revoke \(name).pem") }
    try openssl("\(common) -gencrl -crldays 1 -out \(list).pem")
    return "\(folder)/\(list).pem"
  }

  private func sign(_ name: String, _ extra: String, authority: String = "ca") throws {
    try openssl(
      "req -x509 \(Self.newKey) -days 1 -CA \(authority).pem -CAkey \(authority).key -subj /CN=\(name) -addext \(extra) -keyout \(name).key -out \(name).pem"
    )
  }

  private func openssl(_ command: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/openssl")
    process.arguments = command.split(separator: " ").map(String.init)
    process.currentDirectoryURL = URL(filePath: folder)
    let output = Pipe()
    process.standardError = output
    process.standardOutput = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    if process.terminationStatus != 0 {
      throw TransportError("run", "openssl \(command)", reason: String(decoding: text, as: UTF8.self))
    }
  }

  /// The paths of the certificate called `name`, which trusts `authority`.
  func identity(_ name: String, trusting authority: String = "ca") -> TLSIdentity {
    TLSIdentity(certificateChain: "\(folder)/\(name).pem", privateKey: "\(folder)/\(name).key", authority: "\(folder)/\(authority).pem")
  }
}

func identity(_ name: String, trusting authority: String = "ca") throws -> TLSIdentity {
  try Certificates.shared.get().identity(name, trusting: authority)
}

/// A program beside the tests, for what our own client would never do.
final class Program: Sendable {
  let output: String
  let status: Int32

  private init(output: String, status: Int32) {
    self.output = output
    self.status = status
  }

  /// Runs `arguments` to the end. The input is left open, so that a program that waits for the server waits.
  static func run(_ arguments: [String], input: [UInt8] = []) async throws -> Program {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = arguments
    let into = Pipe()
    let from = Pipe()
    process.standardInput = into
    process.standardOutput = from
    process.standardError = from
    return try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async {
        do {
          try process.run()
          try into.fileHandleForWriting.write(contentsOf: Data(input))
          let output = from.fileHandleForReading.readDataToEndOfFile()
          process.waitUntilExit()
          try into.fileHandleForWriting.close()
          continuation.resume(returning: Program(output: String(decoding: output, as: UTF8.self), status: process.terminationStatus))
        } catch {
          continuation.resume(throwing: error)
        }
      }
    }
  }

  /// Opens a plain TCP connection, sends `text`, and waits until the server closes.
  static func plaintext(_ port: Int, _ text: String) async throws -> Program {
    try await run(["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/\(port); printf '\(text)' >&3; cat <&3 | od -c | head -5"])
  }

  /// `openssl s_client` with the certificate called `name`.
  static func client(_ port: Int, _ name: String?, _ more: [String] = ["-alpn", "chancery/1"], input: [UInt8] = []) async throws -> Program
  {
    try await run(try clientArguments(port, name, more), input: input)
  }

  static func clientArguments(_ port: Int, _ name: String?, _ more: [String] = ["-alpn", "chancery/1"]) throws -> [String] {
    var arguments = ["openssl", "s_client", "-connect", "127.0.0.1:\(port)", "-quiet", "-CAfile", try identity("server").authority]
    if let name {
      let identity = try identity(name)
      arguments += ["-cert", identity.certificateChain, "-key", identity.privateKey]
    }
    return arguments + more
  }
}
