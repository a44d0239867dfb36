import Testing
import Wire

@testable import Transport

/// Answers Health at once; Search takes a twentieth of a second, and what else is asked takes until it is cancelled.
private struct SlowService: RequestHandler {
  func answer(_ request: IncomingRequest, from peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool {
    request.method == .health
  }

  func handle(_ call: ServerCall) async throws(CallError) {
    try? await Task.sleep(for: call.method == .search ? .milliseconds(50) : .seconds(3600))
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
        for _ in 0..<101 { group.addTask { _ = try? await busy.call(.suggest, body: []) } }
        try await until { server.queuedCalls == 100 }
        // No call ends from here on, so it stays as it is.
        let rest = server.queue.rest
        #expect([8, 16, 32].contains(rest))
        let start = ContinuousClock.now
        for _ in 0..<6 {
          let error = try await failure { try await refused.call(.search, body: []) }
          #expect(error.code == .overloaded && error.processed == .no)
        }
        // The first is told at once, and rests end at whole multiples of their length.
        #expect(ContinuousClock.now - start >= .milliseconds(4 * rest))
        // What was asked meanwhile is answered in its order.
        async let late = failure { try await refused.call(.search, body: []) }
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
