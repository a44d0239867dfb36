import Testing
import Transport
import Wire

/// Answers Health at once, as the first byte of the request says; other methods, and what it does not answer, as `TestService` and with 9.
private final class AnsweringService: RequestHandler {
  let slow = TestService()

  func answer(_ request: IncomingRequest, from peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool {
    guard request.method == .health else { return false }
    reply.raw(request.request.body)
    switch request.request.body.first {
    case 1: return false
    case 2: throw CallError(.notFound, "there is none", processed: .no)
    case 3: reply.raw([UInt8](repeating: 1, count: 2 << 20)[...])
    default: break
    }
    return true
  }

  func handle(_ call: ServerCall) async throws(CallError) {
    if call.method == .health { call.reply([9]) } else { try await slow.handle(call) }
  }
}

@Suite(.timeLimit(.minutes(1))) struct AnswerTests {
  @Test func aCallIsAnsweredAtOnceOrByATask() async throws {
    try await withServer(AnsweringService()) { _, endpoint in
      let connection = try await connect(endpoint)
      #expect(try await connection.call(.health, body: [7, 8]) == [7, 8])
      // Nothing of what was written before is left.
      #expect(try await connection.call(.health, body: [1, 5]) == [9])
      let failed = try await failure { try await connection.call(.health, body: [2]) }
      #expect(failed.code == .notFound && failed.processed == .no)
      let long = try await failure { try await connection.call(.health, body: [3]) }
      #expect(long.code == .tooLarge)
      #expect(try await connection.call(.health, body: []) == [])
      await connection.close()
    }
  }

  @Test func whatIsAnsweredAtOnceIsAnsweredWhileAllPlacesAreTaken() async throws {
    let service = AnsweringService()
    try await withServer(
      service,
      { configuration in
        configuration.maxRunningCalls = 1
        configuration.maxQueuedCalls = 1
      }
    ) { server, endpoint in
      let connection = try await connect(endpoint)
      async let first = connection.call(.status, body: [1])
      try await service.slow.started.reached(1)
      async let second = connection.call(.status, body: [2])
      try await until { server.queuedCalls == 1 }
      #expect(try await connection.call(.health, body: [7]) == [7])
      service.slow.gate.open()
      #expect(try await first == [1])
      #expect(try await second == [2])
    }
  }
}
