import Testing
import Transport
import Wire

/// Answers Health at once; Search has a part that fails when the request says so.
private struct TracedService: RequestHandler {
  func answer(_ request: IncomingRequest, from peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool {
    request.method == .health
  }

  func handle(_ call: ServerCall) async throws(CallError) {
    let fails = call.body.first == 1
    try await call.span("part") { () throws(CallError) in if fails { throw CallError(.notFound, "there is none") } }
    call.reply(call.trace?.bytes ?? [])
  }
}

@Suite(.timeLimit(.minutes(1))) struct TraceTests {
  private func spans(_ trace: TraceContext, _ connection: ClientConnection) async throws -> [SpanMessage] {
    try TraceReply(reply: try await connection.call(.trace, body: TraceRequest(traceID: trace.trace).encoded)).spans
  }

  @Test func callsThatAreTracedAndTheirPartsAreRemembered() async throws {
    try await withServer(TracedService()) { _, endpoint in
      let connection = try await connect(endpoint)
      let trace = TraceContext()
      let seen = try await connection.call(.search, body: [0], traceParent: trace.bytes)
      _ = try await failure { try await connection.call(.search, body: [1], traceParent: trace.bytes) }
      _ = try await connection.call(.health, body: [], traceParent: trace.bytes)
      _ = try await connection.call(.search, body: [0], traceParent: TraceContext().bytes)
      let own = try #require(TraceContext(Array(seen)))
      #expect(own.trace == trace.trace && own.span != trace.span)
      // A call's span is written after its reply.
      try await until { try await spans(trace, connection).count == 5 }
      let found = try await spans(trace, connection)
      #expect(found.map(\.name) == ["part", "Search", "part", "Search", "Health"])
      #expect(found[0].parentID == own.span && found[1].spanID == own.span)
      #expect(found[1].parentID == trace.span && found[4].parentID == trace.span)
      #expect(found[0].error.isEmpty && found[1].error.isEmpty)
      #expect(found[2].error == "not-found: there is none" && found[3].error == found[2].error)
      #expect(found[1].attributes["peer"] == "operator" && found[1].software == "test/1")
      #expect(found[1].microseconds >= found[0].microseconds)
    }
  }

  @Test func whatIsNotTracedIsNotRemembered() async throws {
    try await withServer(TracedService()) { server, endpoint in
      let connection = try await connect(endpoint)
      var unsampled = TraceContext().bytes
      unsampled[24] = 0
      let invalid = [UInt8](repeating: 0, count: 16) + unsampled[16...]
      for context in [unsampled, invalid, []] {
        #expect(try await connection.call(.search, body: [0], traceParent: context) == [])
        #expect(try await connection.call(.health, body: [], traceParent: context) == [])
      }
      let unsampledTrace = try #require(TraceContext(unsampled))
      #expect(try await spans(unsampledTrace, connection).isEmpty)
    }
  }

  @Test func theOldestSpansAreForgotten() {
    let log = SpanLog(software: "test")
    let (old, new) = (TraceContext(), TraceContext())
    for _ in 0..<10 { log.add("old", old.child, parent: old.span, start: 0) }
    for number in 0..<SpanLog.limit - 5 { log.add("\(number)", new.child, parent: new.span, start: 0) }
    #expect(log.spans(of: old.trace).count == 5)
    let names = log.spans(of: new.trace).map(\.name)
    #expect(names == (0..<SpanLog.limit - 5).map { "\($0)" })
  }
}
