import Synchronization
import Testing
import Transport
import Wire

/// What a server said of calls that ended.
private final class Observed: Sendable {
  private let calls = Mutex<[String]>([])

  func add(_ method: Method, _ nanoseconds: UInt64, _ code: ErrorCode?) {
    calls.withLock { $0.append("\(method.name) \(code?.name ?? "ok")\(nanoseconds == 0 ? " at once" : "")") }
  }

  var all: [String] { calls.withLock { $0.sorted() } }
}

/// Answers Health at once.
private struct Answering: RequestHandler {
  let slow: TestService

  func answer(_ request: IncomingRequest, from peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool {
    guard request.method == .health else { return false }
    if request.request.body.first == 2 { throw CallError(.notFound, "there is none") }
    return true
  }

  func handle(_ call: ServerCall) async throws(CallError) { try await slow.handle(call) }
}

@Suite(.timeLimit(.minutes(1))) struct ObserveTests {
  @Test func everyCallIsToldWithItsMethodAndHowItEnded() async throws {
    let observed = Observed()
    let service = TestService()
    try await withServer(
      Answering(slow: service),
      { configuration in
        configuration.maxRunningCalls = 1
        configuration.maxQueuedCalls = 1
        configuration.observe = { observed.add($0, $1, $2) }
      }
    ) { server, endpoint in
      let connection = try await connect(endpoint)
      _ = try await connection.call(.health, body: [])
      _ = try await failure { try await connection.call(.health, body: [2]) }
      _ = try await connection.call(.search, body: [1])
      async let first = connection.call(.status, body: [1])
      try await service.started.reached(2)
      async let second = connection.call(.status, body: [2])
      try await until { server.queuedCalls == 1 }
      let refused = try await failure { try await connection.call(.status, body: [3]) }
      #expect(refused.code == .overloaded)
      service.gate.open()
      _ = try await (first, second)
      let expected = ["Health not-found", "Health ok", "Search ok", "Status ok", "Status ok", "Status overloaded at once"]
      try await until { observed.all == expected }
      await connection.close()
    }
  }
}
