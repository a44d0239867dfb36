import Foundation
import Testing
import Transport
import Wire

/// What is revoked or has ended is refused, and a connection that stands is closed.
@Suite(.timeLimit(.minutes(1))) struct RevocationTests {
  /// The server's identity with a revocation list that a test can replace.
  private func revocable(_ names: [String]) throws -> (identity: TLSIdentity, revoke: ([String]) throws -> Void) {
    let certificates = try Certificates.shared.get()
    var identity = certificates.identity("server")
    let list = "\(certificates.folder)/\(UUID().uuidString).crl"
    func revoke(_ names: [String]) throws {
      try Data(contentsOf: URL(filePath: try certificates.revocations(names))).write(to: URL(filePath: list), options: .atomic)
    }
    try revoke(names)
    identity.revocations = list
    return (identity, revoke)
  }

  @Test func aRevokedClientIsRefusedAndAnotherIsNot() async throws {
    let book = LogBook()
    let (identity, _) = try revocable(["reader"])
    try await withServer(book: book, { $0.identity = identity }) { _, endpoint in
      let error = try await failure { try await connect(endpoint, as: "reader") }
      #expect(error.code == .unauthenticated && error.message.contains("certificate revoked"), "\(error)")
      #expect(try await book.line("connection refused").contains("the peer's certificate is refused: certificate revoked"))
      #expect(try await connect(endpoint, as: "operator").call(.search, body: [1]) == [1])
    }
  }

  @Test func aListThatIsMissingStopsTheStart() throws {
    var identity = try identity("server")
    identity.revocations = "nowhere.pem"
    let configuration = ServerConfiguration(host: "127.0.0.1", port: 0, identity: identity, software: "test/1")
    let error = try #require(throws: TransportError.self) {
      _ = try Server(configuration: configuration, logger: LogBook().logger, handler: TestService())
    }
    #expect(error.description.hasPrefix("cannot load revocation list nowhere.pem"))
  }

  @Test func revokingClosesTheConnectionsThatStandAndNoOthers() async throws {
    let book = LogBook()
    let (identity, revoke) = try revocable([])
    let service = TestService()
    try await withServer(service, book: book, { $0.identity = identity }) { server, endpoint in
      let revoked = try await connect(endpoint, as: "submitter")
      let other = try await connect(endpoint, as: "operator")
      let waiting = Task { try await failure { try await revoked.call(.suggest, body: []) } }
      #expect(try await revoked.call(.search, body: [1]) == [1])
      try await service.started.reached(2)
      try revoke(["submitter"])
      try server.reload()
      #expect(try await waiting.value.message.contains("certificate revoked"))
      #expect(try await book.line("connection broke").contains("certificate revoked"))
      #expect(try await other.call(.search, body: [2]) == [2])
      // A list that cannot be read changes nothing.
      try Data("no list".utf8).write(to: URL(filePath: try #require(identity.revocations)))
      #expect(throws: TransportError.self) { try server.reload() }
      #expect(try await other.call(.search, body: [3]) == [3])
      #expect(try await failure { try await connect(endpoint, as: "submitter") }.message.contains("certificate revoked"))
    }
  }

  @Test func aConnectionEndsWithItsPeersCertificate() async throws {
    let book = LogBook()
    try Certificates.shared.get().brief("brief", seconds: 3600)
    let now = Int64(Date().timeIntervalSince1970)
    try await withServer(book: book) { server, endpoint in
      let brief = try await connect(endpoint, as: "brief")
      let other = try await connect(endpoint)
      server.closeExpired(at: now)
      #expect(try await brief.call(.search, body: [1]) == [1])
      server.closeExpired(at: now + 7200)
      try await until { server.connectionCount == 1 }
      #expect(try await book.line("connection broke").contains("certificate has expired"))
      #expect(try await other.call(.search, body: [2]) == [2])
    }
  }

  @Test func aClientLeavesAServerThatIsRevoked() async throws {
    let book = LogBook()
    let (server, revoke) = try revocable([])
    try await withServer { _, endpoint in
      var configuration = try clientConfiguration()
      configuration.identity.revocations = server.revocations
      configuration.maxAttempts = 1
      let client = try Client(configuration: configuration, endpoints: [endpoint], logger: book.logger)
      #expect(try await client.call(.search, body: [1]) == [1])
      try revoke(["server"])
      try client.reload()
      _ = try await book.line("connection closed")
      // The connection that is about to close may still take a call.
      var refusal = ""
      while !refusal.contains("certificate revoked") {
        do throws(CallError) { _ = try await client.call(.search, body: [1]) } catch { refusal = error.message }
      }
      await client.close()
    }
  }

  @Test func aClientIsToldByAnAlertWhatItLacks() async throws {
    try await withServer { _, endpoint in
      let nameless = try await Program.client(endpoint.port, "operator", [])
      #expect(nameless.output.contains("alert no application protocol"), "\(nameless.output)")
      let unknown = try await Program.client(endpoint.port, nil)
      #expect(unknown.output.contains("alert certificate required"), "\(unknown.output)")
      let older = try await Program.client(endpoint.port, "operator", ["-tls1_2"])
      #expect(older.output.contains("alert protocol version"), "\(older.output)")
    }
  }
}
