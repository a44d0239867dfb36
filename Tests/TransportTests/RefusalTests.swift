import Foundation
import Network
import Testing
import Transport
import Wire

/// Each refused connection has one line in the log that says why.
@Suite(.timeLimit(.minutes(1))) struct RefusalTests {
  private func refused(as name: String, trusting authority: String = "ca", server: String = "server", book: LogBook) async throws
    -> CallError
  {
    try await withServer(identity: server, book: book) { _, endpoint in
      let configuration = try clientConfiguration(name, trusting: authority)
      let error = try await failure { try await ClientConnection.connect(to: endpoint, configuration: configuration) }
      _ = try await book.line("connection refused")
      #expect(error.message.contains("\(endpoint)"))
      #expect(error.processed == .no)
      return error
    }
  }

  @Test func aClientOfAnotherAuthorityIsRefused() async throws {
    let book = LogBook()
    let error = try await refused(as: "foreign", book: book)
    #expect(error.code == .unauthenticated)
    #expect(error.message.contains("unknown ca"))
    #expect(try await book.line("connection refused").contains("certificate is refused: unable to get local issuer certificate"))
  }

  @Test func anExpiredClientIsRefused() async throws {
    let book = LogBook()
    let error = try await refused(as: "expired", book: book)
    #expect(error.message.contains("certificate expired"))
    #expect(try await book.line("connection refused").contains("certificate has expired"))
  }

  @Test func aServerOfAnotherAuthorityIsRefused() async throws {
    let book = LogBook()
    let error = try await refused(as: "operator", trusting: "stranger", book: book)
    #expect(error.code == .unauthenticated)
    #expect(error.message.contains("the peer's certificate is refused"))
    #expect(try await book.line("connection refused").contains("the peer refused us"))
  }

  @Test func aServerOfAnotherHostIsRefused() async throws {
    let error = try await refused(as: "operator", server: "elsewhere", book: LogBook())
    #expect(error.code == .unauthenticated)
    #expect(error.message.contains("IP address mismatch"))
  }

  @Test func aClientWithoutACertificateIsRefused() async throws {
    let book = LogBook()
    try await withServer(book: book) { _, endpoint in
      _ = try await Program.client(endpoint.port, nil)
      #expect(try await book.line("connection refused").contains("the peer showed no certificate"))
    }
  }

  @Test func olderTLSIsRefused() async throws {
    let book = LogBook()
    try await withServer(book: book) { _, endpoint in
      let client = try await Program.client(endpoint.port, "operator", ["-tls1_2", "-alpn", "chancery/1"])
      #expect(client.status != 0)
      #expect(try await book.line("connection refused").contains("does not speak TLS 1.3"))
    }
  }

  @Test(arguments: [["-alpn", "h2"], []]) func anotherApplicationProtocolIsRefused(_ options: [String]) async throws {
    let book = LogBook()
    try await withServer(book: book) { _, endpoint in
      _ = try await Program.client(endpoint.port, "operator", options)
      #expect(try await book.line("connection refused").contains("chancery/1 only"))
    }
  }

  @Test func plaintextIsRefused() async throws {
    let book = LogBook()
    try await withServer(book: book) { _, endpoint in
      _ = try await Program.plaintext(endpoint.port, "GET / HTTP/1.1\\r\\n\\r\\n")
      #expect(try await book.line("connection refused").contains("plaintext HTTP, not TLS"))
    }
    let other = LogBook()
    try await withServer(book: other) { _, endpoint in
      _ = try await Program.plaintext(endpoint.port, "hello, is anybody there?\\n")
      #expect(try await other.line("connection refused").contains("did not speak TLS"))
    }
  }

  @Test(arguments: ["", "\\x16"]) func aSlowHandshakeIsCutOff(_ beginning: String) async throws {
    let book = LogBook()
    try await withServer(book: book, { $0.handshakeTimeout = .milliseconds(100) }) { server, endpoint in
      _ = try await Program.plaintext(endpoint.port, beginning)
      #expect(try await book.line("connection refused").contains("handshake was not done within 100 ms"))
      #expect(server.connectionCount == 0)
    }
  }

  @Test func aPeerThatDoesNotSayHelloIsCutOff() async throws {
    let book = LogBook()
    try await withServer(book: book, { $0.helloTimeout = .milliseconds(400) }) { _, endpoint in
      _ = try await Program.client(endpoint.port, "operator", input: [0])
      #expect(try await book.line("connection refused").contains("no HELLO within 400 ms"))
    }
  }

  /// HELLO, and the header of a REQUEST with so many bytes.
  private func beginning(length: UInt32) -> [UInt8] {
    var machine = ConnectionMachine(ConnectionConfiguration(.client, software: "test/1"), now: 0)
    var bytes = machine.takeOutbound()
    var header = FrameHeader(kind: .request, method: Method.search.rawValue, stream: 1)
    header.length = length
    header.encode(into: &bytes)
    return bytes
  }

  @Test func aFrameThatComesByteByByteIsCutOff() async throws {
    let book = LogBook()
    try await withServer(book: book, { $0.frameTimeout = .milliseconds(300) }) { server, endpoint in
      let beginning = beginning(length: 1000).map { "\\x" + String($0, radix: 16) }.joined()
      let bytes = "printf '\(beginning)'; while printf x; do sleep 0.05; done"
      let client = try Program.clientArguments(endpoint.port, "operator").joined(separator: " ")
      _ = try await Program.run(["bash", "-c", "{ \(bytes); } | \(client)"])
      #expect(try await book.line("connection broke").contains("a frame was not whole within 300 ms"))
      #expect(server.connectionCount == 0)
    }
  }

  @Test func aFrameThatClaimsFourGibibytesEndsTheConnection() async throws {
    let book = LogBook()
    try await withServer(book: book) { _, endpoint in
      _ = try await Program.client(endpoint.port, "operator", input: beginning(length: .max))
      #expect(try await book.line("connection broke").contains("claims 4294967295 bytes; the limit is 1048576"))
    }
  }

  @Test func aClientOfAnotherClusterIsRefused() async throws {
    let book = LogBook()
    try await withServer(book: book) { _, endpoint in
      var configuration = try clientConfiguration()
      configuration.cluster = "staging"
      let error = try await failure { try await ClientConnection.connect(to: endpoint, configuration: configuration) }
      #expect(error.message.contains("different clusters"))
      #expect(try await book.line("connection refused").contains("different clusters"))
    }
  }

  @Test func moreConnectionsThanTheLimitAreRefused() async throws {
    let book = LogBook()
    try await withServer(book: book, { $0.maxConnections = 1 }) { _, endpoint in
      let first = try await connect(endpoint)
      let error = try await failure { try await connect(endpoint) }
      #expect(error.code == .unavailable)
      #expect(try await book.line("connection refused").contains("1 connections are open, the limit"))
      #expect(try await first.call(.search, body: [1]) == [1])
    }
  }

  @Test func oneAddressCannotTakeThePlacesOfAllWhoAreNotYetKnown() async throws {
    let book = LogBook()
    try await withServer(book: book, { $0.maxStrangersPerAddress = 1 }) { server, endpoint in
      let known = try await connect(endpoint)
      var silent: Socket? = try await plainConnection(endpoint)
      try await until { server.connectionCount == 2 }
      let error = try await failure { try await connect(endpoint) }
      #expect(error.code == .unavailable)
      #expect(try await book.line("connection refused").contains("1 connections from this address have not shown who they are"))
      #expect(try await known.call(.search, body: [1]) == [1])
      withExtendedLifetime(silent) {}
      silent = nil
      try await until { server.connectionCount == 1 }
      #expect(try await connect(endpoint).call(.search, body: [2]) == [2])
    }
  }

  @Test func aCertificateThatCannotBeLoadedSaysWhich() throws {
    var wrong = try identity("server")
    wrong.privateKey = try identity("operator").privateKey
    let configuration = ServerConfiguration(host: "127.0.0.1", port: 0, identity: wrong, software: "test/1")
    let error = try #require(throws: TransportError.self) {
      _ = try Server(configuration: configuration, logger: LogBook().logger, handler: TestService())
    }
    #expect(error.reason.contains("key values mismatch"))
    var missing = configuration
    missing.identity.certificateChain = "nowhere.pem"
    let other = try #require(throws: TransportError.self) {
      _ = try Server(configuration: missing, logger: LogBook().logger, handler: TestService())
    }
    #expect(other.description == "cannot load certificate nowhere.pem: No such file or directory")
  }
}
