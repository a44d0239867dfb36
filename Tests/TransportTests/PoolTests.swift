import Foundation
import Testing
import Transport
import Wire

@Suite(.timeLimit(.minutes(1))) struct PoolTests {
  private func client(_ endpoints: [Endpoint]) throws -> Client {
    try Client(configuration: try clientConfiguration(), endpoints: endpoints, logger: LogBook().logger)
  }

  @Test func aShutdownLosesNoCallThatWasOpen() async throws {
    let service = TestService()
    let book = LogBook()
    try await withServer(service, book: book, { $0.drainTimeout = .seconds(20) }) { server, endpoint in
      let client = try client([endpoint])
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 0..<20 {
          group.addTask {
            let reply = try await client.call(.status, body: [UInt8(number)])
            #expect(reply == [UInt8(number)])
          }
        }
        try await service.started.reached(20)
        server.beginShutdown()
        service.gate.open()
        try await group.waitForAll()
      }
      await client.close()
    }
  }

  @Test func aRollingRestartLosesNoCallEvenOfThoseThatMustNotBeRepeated() async throws {
    let first = TestService()
    let second = TestService()
    try await withServer(second) { _, secondEndpoint in
      let firstEndpoint = try await withServer(first, { $0.drainTimeout = .seconds(20) }) { server, endpoint in
        let client = try client([endpoint, secondEndpoint])
        let done = Counter()
        try await withThrowingTaskGroup(of: Void.self) { group in
          for worker in 0..<8 {
            group.addTask {
              for number in 0..<100 {
                let body = [UInt8(worker), UInt8(number)]
                let reply = try await client.call(.delete, body: body)
                #expect(reply == body[...])
                done.add()
              }
            }
          }
          try await done.reached(200)
          server.beginShutdown()
          try await group.waitForAll()
        }
        await client.close()
        return endpoint
      }
      #expect(firstEndpoint != secondEndpoint)
      #expect(first.started.count + second.started.count == 800)
      #expect(first.started.count > 0)
    }
  }

  @Test func callsGoToTheOtherEndpointWhenOneDies() async throws {
    try await withServer { _, living in
      let dead = try await withServer { _, endpoint in endpoint }
      let client = try client([dead, living])
      for number in 0..<50 { #expect(try await client.call(.search, body: [UInt8(number)]) == [UInt8(number)]) }
      await client.close()
    }
  }

  @Test func aCallThatMayHaveBeenProcessedIsRepeatedOnlyWhenThatIsSafe() async throws {
    let service = TestService()
    try await withServer(service, { $0.drainTimeout = .zero }) { server, endpoint in
      let client = try client([endpoint])
      async let outcome = failure { try await client.call(.status, body: [], deadline: .seconds(50)) }
      try await service.started.reached(1)
      server.beginShutdown()
      // The server is gone: the repetition cannot connect, and says where and why.
      let error = try await outcome
      #expect(error.code == .unavailable)
      #expect(error.message.contains("cannot connect to \(endpoint)"))
      service.gate.open()
      await client.close()
    }
  }

  @Test func anUnreachableEndpointIsNamedWithTheReason() async throws {
    let dead = try await withServer { _, endpoint in endpoint }
    let client = try client([dead])
    let error = try await failure { try await client.call(.search, body: []) }
    #expect(error.code == .unavailable)
    #expect(error.message.contains("\(dead)"))
    #expect(error.message.lowercased().contains("refused"))
    await client.close()
  }

  @Test func certificatesReloadWithoutDroppingConnections() async throws {
    let folder = try Certificates.shared.get().folder
    func copy(_ name: String) throws {
      for ending in ["pem", "key"] {
        try Data(contentsOf: URL(filePath: "\(folder)/\(name).\(ending)")).write(to: URL(filePath: "\(folder)/current.\(ending)"))
      }
    }
    try copy("server")
    try await withServer(identity: "current") { server, endpoint in
      let before = try await connect(endpoint)
      #expect(before.peer.name == "server")
      try copy("renewed")
      try server.reload()
      let after = try await connect(endpoint)
      #expect(after.peer.name == "renewed")
      #expect(try await before.call(.search, body: [1]) == [1])
    }
  }

  @Test func endpointsAreReadAsPeopleWriteThem() {
    #expect(Endpoint("query-1.example:4000") == Endpoint(host: "query-1.example", port: 4000))
    #expect(Endpoint("[::1]:4000") == Endpoint(host: "::1", port: 4000))
    #expect(Endpoint("[::1]:4000")?.description == "[::1]:4000")
    for text in ["", "host", "host:", "host:0", "host:65536", ":4000", "::1:4000", "host:-1"] { #expect(Endpoint(text) == nil, "\(text)") }
  }
}
