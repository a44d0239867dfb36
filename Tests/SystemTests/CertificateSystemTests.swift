import ChanceryClient
import Foundation
import Logging
import Operations
import Testing
import Transport
import Wire

/// A folder where `chancery certs` has made an authority and certificates, and services use them.
private struct Office {
  let deployment: Deployment
  let folder: String

  init() throws {
    deployment = try Deployment()
    folder = deployment.path("certificates")
    try certs("init", "--name", "Test authority")
    for role in ["ingest", "index", "query"] { try certs("issue", role, "--role", role, "--host", "127.0.0.1", "--host", "localhost") }
    try certs("issue", "operator", "--role", "operator")
    try certs("issue", "jane", "--role", "reader", "--clearance", "limited")
  }

  @discardableResult func certs(_ arguments: String...) throws -> JSON {
    let command = try deployment.programs().appending(path: "chancery").path
    let printed = try run(command, ["certs"] + arguments + ["--directory", folder, "--json"], in: deployment.folder)
    return try JSON.parse(Array(printed.utf8))
  }

  /// Starts a service with these certificates and their revocation list.
  func start(_ service: String, _ arguments: [String] = []) throws -> (process: Process, port: Int) {
    let files = [
      "--certificate", "\(folder)/\(service).pem", "--key", "\(folder)/\(service).key", "--ca", "\(folder)/ca.pem", "--crl",
      "\(folder)/crl.pem",
    ]
    return try deployment.start(service, files + arguments)
  }

  func identity(_ name: String) -> TLSIdentity {
    TLSIdentity(certificateChain: "\(folder)/\(name).pem", privateKey: "\(folder)/\(name).key", authority: "\(folder)/ca.pem")
  }

  func connect(_ name: String, _ port: Int) async throws -> ClientConnection {
    let configuration = ClientConfiguration(identity: identity(name), software: "test/1", cluster: "test")
    return try await ClientConnection.connect(to: Endpoint(host: "127.0.0.1", port: port), configuration: configuration)
  }
}

/// The answers to calls that are made on one connection until `isOver`; a connection that is lost fails the test.
private func calling(_ connection: ClientConnection, until isOver: () async throws -> Bool) async throws -> Int {
  var answers = 0
  while try await !isOver() {
    _ = try HealthReply(reply: await connection.call(.health, body: HealthRequest().encoded))
    answers += 1
  }
  return answers
}

@Suite(.timeLimit(.minutes(2))) struct CertificateSystemTests {
  @Test func `new certificates are taken while calls go on, at a signal and when files change`() async throws {
    let office = try Office()
    let (process, port) = try office.start("ingest")
    let standing = try await office.connect("jane", port)
    func serial() async throws -> String? {
      let shown = try run(
        "sh", ["-c", "openssl s_client -connect 127.0.0.1:\(port) -alpn chancery/1 </dev/null 2>/dev/null | openssl x509 -noout -serial"])
      return shown.split(separator: "=").last.map { $0.lowercased().trimmingCharacters(in: .whitespacesAndNewlines) }
    }
    for isSignalled in [true, false] {
      let before = try await serial()
      let made = try office.certs("renew", "ingest")["made"]?.array?.first?["serial"]?.string
      #expect(made != before)
      if isSignalled { kill(process.processIdentifier, SIGHUP) }
      let start = ContinuousClock.now
      let answers = try await calling(standing) { try await serial() == made }
      #expect(isSignalled || answers > 0)
      #expect(ContinuousClock.now - start < .seconds(isSignalled ? 5 : 13))
      _ = try await standing.call(.health, body: HealthRequest().encoded)
    }
    // What cannot be used changes nothing.
    try Data("no certificate".utf8).write(to: URL(filePath: "\(office.folder)/ingest.pem"))
    kill(process.processIdentifier, SIGHUP)
    _ = try await office.connect("jane", port).call(.health, body: HealthRequest().encoded)
    process.terminate()
    let log = try office.deployment.log(of: process)
    #expect(log.components(separatedBy: "certificates reloaded").count == 3)
    #expect(log.contains("the new certificates cannot be used; the old ones stay in use"))
  }

  @Test func `who is revoked is cut off within ten seconds and let in no more, and the log says why`() async throws {
    let office = try Office()
    let (process, port) = try office.start("ingest")
    let revoked = try await office.connect("jane", port)
    let other = try await office.connect("operator", port)
    #expect(revoked.peer.clearance == .general && revoked.peer.roles == [.ingest])
    let listed = try #require(office.certs("revoke", "jane")["revoked"]?.array)
    #expect(listed.count == 1)
    let start = ContinuousClock.now
    let error = try await #require(throws: CallError.self) { _ = try await calling(revoked) { false } }
    #expect(ContinuousClock.now - start < .seconds(12), "\(error)")
    let refusal = try await #require(throws: CallError.self) { try await office.connect("jane", port) }
    #expect(refusal.message.contains("certificate revoked"))
    #expect(try await calling(other) { true } == 0)
    _ = try await other.call(.health, body: HealthRequest().encoded)
    // A new certificate lets the same person in again.
    try office.certs("renew", "jane")
    _ = try await office.connect("jane", port).call(.health, body: HealthRequest().encoded)
    let states = try #require(office.certs("list")["certificates"]?.array).filter { $0["name"]?.string == "jane" }
    #expect(Set(states.compactMap { $0["state"]?.string }) == ["good", "revoked"])
    process.terminate()
    let log = try office.deployment.log(of: process)
    for message in ["connection broke", "connection refused"] {
      let lines = log.split(separator: "\n").filter { $0.contains("\"\(message)\"") && $0.contains("certificate revoked") }
      #expect(lines.count == 1, "\(message): \(log)")
    }
  }

  @Test func `a client with the list does not believe a service whose certificate is revoked`() async throws {
    let office = try Office()
    let (_, port) = try office.start("ingest")
    func status(_ list: String...) throws -> String {
      let command = try office.deployment.programs().appending(path: "chancery").path
      let files = [
        "--certificate", "\(office.folder)/operator.pem", "--key", "\(office.folder)/operator.key", "--ca", "\(office.folder)/ca.pem",
      ]
      return try run(
        command, ["status", "--ingest", "127.0.0.1:\(port)", "--cluster", "test"] + files + list, in: office.deployment.folder)
    }
    let list = "\(office.folder)/crl.pem"
    #expect(try status("--crl", list).contains("documents"))
    try office.certs("revoke", "ingest")
    #expect(try status().contains("documents"))
    let refusal = #expect(throws: SetupFailure.self) { try status("--crl", list) }
    #expect(refusal?.description.contains("certificate revoked") == true, "\(String(describing: refusal))")
  }

  @Test func `with several levels of authorities each is looked up in its own list`() async throws {
    let deployment = try Deployment()
    try deployment.authority("branch", signedBy: "ca")
    try deployment.certificate("clerk", role: "reader", signedBy: "branch")
    for authority in ["ca", "branch"] { try deployment.list(of: authority) }
    try run("sh", ["-c", "cat clerk.crt branch.crt > clerk-chain.crt; cat ca.crl branch.crl > both.crl"], in: deployment.folder)
    let clerk = TLSIdentity(
      certificateChain: deployment.path("clerk-chain.crt"), privateKey: deployment.path("clerk.key"), authority: deployment.path("ca.crt"))
    func call(_ port: Int) async throws {
      let configuration = ClientConfiguration(identity: clerk, software: "test/1", cluster: "test")
      let connection = try await ClientConnection.connect(to: Endpoint(host: "127.0.0.1", port: port), configuration: configuration)
      _ = try await connection.call(.health, body: HealthRequest().encoded)
    }
    try await call(try deployment.start("ingest", ["--crl", deployment.path("both.crl")]).port)
    // Without the list of one of them its certificates are refused.
    for (list, place) in [("ca.crl", "a"), ("branch.crl", "b")] {
      let (process, port) = try deployment.start("ingest", ["--crl", deployment.path(list), "--data", deployment.path(place)])
      await #expect(throws: CallError.self) { try await call(port) }
      process.terminate()
      #expect(try deployment.log(of: process).contains("unable to get certificate CRL"))
    }
    try deployment.list(of: "ca", revoking: "branch")
    try run("sh", ["-c", "cat ca.crl branch.crl > both.crl"], in: deployment.folder)
    let (_, port) = try deployment.start("ingest", ["--crl", deployment.path("both.crl"), "--data", deployment.path("c")])
    let refusal = await #expect(throws: CallError.self) { try await call(port) }
    #expect(refusal?.message.contains("certificate revoked") == true, "\(String(describing: refusal))")
  }

  @Test func `services with issued certificates work together, and a replaced one of a service is taken by its clients`() async throws {
    let office = try Office()
    let ingest = try office.start("ingest")
    let index = try office.start("index", ["--ingest", "127.0.0.1:\(ingest.port)"])
    let query = try office.start("query", ["--index", "127.0.0.1:\(index.port)"])
    func client(_ name: String) throws -> ChanceryClient {
      func endpoint(_ port: Int) -> [Endpoint] { [Endpoint(host: "127.0.0.1", port: port)] }
      return try ChanceryClient(
        ChanceryConfiguration(
          ingest: endpoint(ingest.port), index: endpoint(index.port), query: endpoint(query.port), identity: office.identity(name),
          cluster: "test"), logger: .init(label: "test"))
    }
    let (operating, reading) = (try client("operator"), try client("jane"))
    func register(_ number: Int, _ distribution: String) async throws {
      _ = try await operating.submit(
        bytes: Array("Paper \(number) on wombats.\n".utf8), fileName: "\(number).txt", distribution: distribution)
    }
    try await register(1, "limited")
    try await register(2, "restricted")
    try await eventually("both are found") { try? await operating.search(SearchRequest(query: "wombats")).total == 2 ? true : nil }
    #expect(try await reading.search(SearchRequest(query: "wombats")).total == 1)
    // The old certificates of all services are revoked: each takes its new one, and they find each other again.
    for service in ["ingest", "index", "query"] {
      let old = try #require(office.certs("list")["certificates"]?.array?.first { $0["name"]?.string == service }?["serial"]?.string)
      try office.certs("renew", service)
      try office.certs("revoke", old)
    }
    for process in [ingest.process, index.process, query.process] { kill(process.processIdentifier, SIGHUP) }
    try await register(3, "general")
    try await eventually("the third is found") {
      try? await reading.search(SearchRequest(query: "wombats")).total == 2 ? true : nil
    }
    for client in [operating, reading] { await client.close() }
  }
}
