import Testing
import Wire

@testable import Transport

/// Answers Health at once; what else is asked takes a twentieth of a second.
private struct SlowService: RequestHandler {
  func answer(_ request: IncomingRequest, from peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool {
    request.method == .health
  }

  func handle(_ call: ServerCall) async throws(CallError) {
    try? await Task.sleep(for: .milliseconds(50))
    call.reply([])
  }
}

@Suite(.timeLimit(.minutes(1))) struct RestTests {
  @Test func aConnectionOnWhichACallWasRefusedIsReadAgainAfterAMoment() async throws {
    try await withServer(
      SlowService(),
      { configuration in
        configuration.maxRunningCalls = 1
        configuration.maxQueuedCalls = 100
      }
    ) { server, endpoint in
      let (busy, refused) = (try await connect(endpoint), try await connect(endpoint))
      // From this one the queue knows how long a call takes.
      _ = try await busy.call(.search, body: [])
      #expect(server.queue.rest == 0)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<101 { group.addTask { _ = try? await busy.call(.search, body: []) } }
        try await until { server.queuedCalls == 100 }
        let rest = server.queue.rest
        #expect([8, 16, 32].contains(rest))
        let start = ContinuousClock.now
        // Those that wait become fewer meanwhile, and their places are taken at once.
        var refusals = 0
        while refusals < 6 {
          do { _ = try await refused.call(.search, body: [], deadline: .milliseconds(200)) } catch let error as CallError {
            #expect(error.code == .overloaded && error.processed == .no)
            refusals += 1
          }
        }
        // The first is told at once, and rests end at whole multiples of their length.
        #expect(ContinuousClock.now - start >= .milliseconds(4 * 8))
        // What was asked meanwhile is answered in its order.
        async let late = failure { try await refused.call(.search, body: [], deadline: .milliseconds(200)) }
        _ = try await refused.call(.health, body: [])
        #expect(try await late.code == .overloaded)
        group.cancelAll()
      }
      try await until { server.queuedCalls == 0 }
      #expect(server.queue.rest == 0)
      await busy.close()
      await refused.close()
    }
  }
}
