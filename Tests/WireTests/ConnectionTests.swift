import Testing
import Wire

private let search = Request(body: [1, 2, 3])
private let failure = CallError(.notFound, "no such document", processed: .no)

@Suite struct GreetingTests {
  @Test func `both sides are ready after one HELLO each`() {
    let pair = Pair(server: { $0.maxStreams = 7 })
    pair.pump()
    guard case .ready(let hello, version: 1)? = pair.client.events().first else { return #expect(Bool(false)) }
    #expect(hello.software == "test-server/1")
    #expect(hello.maxStreams == 7)
    #expect(pair.client.isReady && pair.server.isReady)
  }

  @Test func `no version in common is an error that says both ranges`() {
    let pair = Pair(client: { $0.versions = 2...3 })
    pair.pump()
    guard case .closed(let error?)? = pair.client.events().last else { return #expect(Bool(false)) }
    #expect(error.code == .unimplemented)
    #expect(error.message.contains("2 to 3") && error.message.contains("1 to 1"))
    #expect(pair.server.isClosed)
  }

  @Test func `the highest common version wins`() {
    let pair = Pair(client: { $0.versions = 1...4 }, server: { $0.versions = 2...3 })
    pair.pump()
    guard case .ready(_, let version)? = pair.server.events().first else { return #expect(Bool(false)) }
    #expect(version == 3)
  }

  @Test(arguments: [("a", "b", false), ("a", "a", true), ("", "b", true), ("a", "", true)])
  func `clusters must agree when both are stated`(ours: String, theirs: String, agree: Bool) {
    let pair = Pair(client: { $0.cluster = ours }, server: { $0.cluster = theirs })
    pair.pump()
    #expect(pair.client.isReady == agree && pair.server.isReady == agree)
  }

  @Test func `limits that a HELLO leaves out are the defaults`() {
    let server = Machine(ConnectionConfiguration(.server, software: "s"), now: 0)
    server.receive(frame(.hello, HelloMessage(minVersion: 1, maxVersion: 1).encoded))
    guard case .ready(let hello, _)? = server.events().first else { return #expect(Bool(false)) }
    #expect(hello.maxFrameLength == WireLimits.defaultFrameLength)
    #expect(hello.initialStreamCredit == WireLimits.defaultStreamCredit)
  }

  @Test func `a HELLO that does not come in time ends the connection`() {
    let server = Machine(ConnectionConfiguration(.server, software: "s"), now: 5)
    #expect(server.nextTick == 10_005)
    server.tick(now: 10_004)
    #expect(!server.isClosed)
    server.tick(now: 10_005)
    guard case .closed(let error?)? = server.events().last else { return #expect(Bool(false)) }
    #expect(error.code == .deadline)
    #expect(server.nextTick == .max)
  }

  @Test func `a client that sends a byte at a time does not hold the HELLO's time open`() {
    let server = Machine(ConnectionConfiguration(.server, software: "s"), now: 0)
    let hello = frame(.hello, Samples.hello.encoded)
    for (second, byte) in hello.enumerated() where !server.isClosed {
      server.receive([byte], now: UInt64(second) * 1000)
      server.tick(now: UInt64(second) * 1000)
    }
    #expect(server.isClosed)
  }
}

@Suite struct CallTests {
  @Test func `replies come in any order`() throws {
    let pair = Pair()
    pair.greet()
    let first = try pair.client.open(.search, search, now: 0)
    let second = try pair.client.open(.health, Request(), now: 0)
    pair.pump()
    #expect(pair.server.events().count == 2)
    try pair.server.reply(second, [2])
    pair.server.fail(first, failure)
    pair.pump()
    #expect(pair.client.events() == [.reply(stream: second, body: [2], last: true), .error(stream: first, failure)])
    #expect(pair.client.openStreams == 0 && pair.server.openStreams == 0)
  }

  @Test func `a request arrives with its method, deadline and body`() throws {
    let pair = Pair()
    pair.greet()
    let stream = try pair.client.open(.submit, Samples.request, last: false, now: 0)
    pair.pump(now: 40)
    let expected = IncomingRequest(stream: stream, method: .submit, request: Samples.request, last: false, deadline: 2040)
    #expect(pair.server.events() == [.request(expected)])
  }

  @Test func `a file streams up and a reply comes back`() throws {
    let pair = Pair()
    pair.greet()
    let stream = try pair.client.open(.submit, Request(), last: false, now: 0)
    #expect(pair.client.send([1, 2, 3], on: stream) == 3)
    pair.client.end(stream)
    pair.pump()
    let events = pair.server.events()
    #expect(events.dropFirst() == [.data(stream: stream, bytes: [1, 2, 3]), .end(stream: stream)])
    try pair.server.reply(stream, [9])
    pair.pump()
    #expect(pair.client.events() == [.reply(stream: stream, body: [9], last: true)])
  }

  @Test func `a reply may stream, and its bytes are credited even after the end`() throws {
    let pair = Pair(client: { $0.connectionCredit = 10 })
    pair.greet()
    let stream = try pair.client.open(.getObject, Request(), now: 0)
    pair.pump()
    try pair.server.reply(stream, [1], last: false)
    #expect(pair.server.send([UInt8](repeating: 7, count: 10)[...], on: stream) == 10)
    pair.server.end(stream)
    pair.pump()
    #expect(pair.client.events().last == .end(stream: stream))
    #expect(pair.client.outboundBytes == 0)
    pair.client.consumed(10, on: stream)
    #expect(try frames(pair.client.takeOutbound()).map { $0.1 } == [Credit(bytes: 10).encoded])
  }

  @Test func `an early reply ends the stream and what the client still sends is discarded`() throws {
    let pair = Pair(server: { $0.connectionCredit = 8 })
    pair.greet()
    let stream = try pair.client.open(.submit, Request(), last: false, now: 0)
    pair.pump()
    try pair.server.reply(stream, [1])
    #expect(pair.client.send([1, 2, 3, 4, 5, 6, 7, 8], on: stream) == 8)
    pair.client.end(stream)
    _ = pair.server.events()
    pair.pump()
    #expect(pair.server.events().isEmpty)
    #expect(!pair.server.isClosed)
    #expect(pair.client.send([1], on: stream) == nil)
    let next = try pair.client.open(.submit, Request(), last: false, now: 0)
    #expect(pair.client.send([1, 2, 3, 4, 5, 6, 7, 8], on: next) == 8)
  }

  @Test func `what the server does not know or has no room for is refused before any work`() throws {
    let server = Machine(
      {
        var configuration = ConnectionConfiguration(.server, software: "s")
        configuration.maxStreams = 1
        return configuration
      }(), now: 0)
    server.receive(frame(.hello, Samples.hello.encoded))
    server.receive(frame(.request, flags: .last, method: 999, stream: 1))
    server.receive(frame(.request, flags: .last, method: 48, stream: 2, [0x0B]))
    server.receive(frame(.request, flags: .last, method: 48, stream: 3, Request(traceParent: [1]).encoded))
    let longKey = String(repeating: "k", count: 129)
    server.receive(frame(.request, flags: .last, method: 48, stream: 4, Request(idempotencyKey: longKey).encoded))
    server.receive(frame(.request, flags: .last, method: 48, stream: 5))
    server.receive(frame(.request, flags: .last, method: 48, stream: 6))
    #expect(server.events().count == 2)
    let answers = try frames(server.takeOutbound()).dropFirst().map { ($0.0.stream, CallError(try ErrorMessage(decoding: $0.1))) }
    #expect(answers.map { $0.0 } == [1, 2, 3, 4, 6])
    #expect(answers.map { $0.1.code } == [.unimplemented, .invalid, .invalid, .invalid, .overloaded])
    #expect(answers.allSatisfy { $0.1.processed == .no })
  }

  @Test func `a client opens no more streams than the server allows`() throws {
    let pair = Pair(server: { $0.maxStreams = 1 })
    pair.greet()
    _ = try pair.client.open(.health, Request(), now: 0)
    #expect(!pair.client.canOpen)
    let error = #expect(throws: CallError.self) { _ = try pair.client.open(.health, Request(), now: 0) }
    #expect(error?.code == .overloaded && error?.processed == .no)
  }

  @Test func `a body beyond the peer's limit is refused here and nothing is sent`() throws {
    let pair = Pair(client: { $0.maxFrameLength = 5000 }, server: { $0.maxFrameLength = 4096 })
    pair.greet()
    let large = [UInt8](repeating: 0, count: 6000)[...]
    let error = #expect(throws: CallError.self) { _ = try pair.client.open(.search, Request(body: large), now: 0) }
    #expect(error?.code == .tooLarge && error?.detail("limit") == "4096")
    #expect(pair.client.outboundBytes == 0)
    let stream = try pair.client.open(.search, search, now: 0)
    pair.pump()
    #expect(throws: CallError.self) { try pair.server.reply(stream, large) }
    #expect(pair.server.outboundBytes == 0)
    pair.server.fail(stream, failure)
    pair.pump()
    #expect(pair.client.events() == [.error(stream: stream, failure)])
  }

  @Test func `a client may cancel many calls when it lets as many be answered, or when it takes its time`() throws {
    let pair = Pair()
    pair.greet()
    func call(cancels: Bool, now: UInt64) throws {
      let stream = try pair.client.open(.search, search, now: now)
      pair.pump(now: now)
      if cancels { pair.client.cancel(stream) } else { try pair.server.reply(stream, []) }
      pair.pump(now: now)
      if cancels { pair.server.finished(stream) }
    }
    for _ in 0..<2000 {
      try call(cancels: false, now: 0)
      try call(cancels: true, now: 0)
    }
    for now in 1...4 { for _ in 0..<WireLimits.maxVainCalls { try call(cancels: true, now: UInt64(now) * WireLimits.windowMilliseconds) } }
    #expect(pair.client.isReady && pair.server.isReady)
  }

  @Test func `work that ends without an answer is an internal error`() throws {
    let pair = Pair()
    pair.greet()
    let stream = try pair.client.open(.health, Request(), now: 0)
    pair.pump()
    pair.server.finished(stream)
    pair.server.finished(stream)
    pair.pump()
    guard case .error(stream, let error)? = pair.client.events().first else { return #expect(Bool(false)) }
    #expect(error.code == .internal)
  }
}

@Suite struct CreditTests {
  @Test func `a sender stops at the stream's credit and goes on when it is granted`() throws {
    let pair = Pair(server: { $0.streamCredit = 10 })
    pair.greet()
    let stream = try pair.client.open(.submit, Request(), last: false, now: 0)
    let bytes = [UInt8](0..<25)
    #expect(pair.client.send(bytes[...], on: stream) == 10)
    #expect(pair.client.sendable(on: stream) == 0)
    pair.pump()
    _ = pair.server.events()
    pair.server.consumed(4, on: stream)
    #expect(pair.server.outboundBytes == 0)
    pair.server.consumed(2, on: stream)
    pair.pump()
    #expect(pair.client.events() == [.writable(stream: stream)])
    #expect(pair.client.send(bytes[10...], on: stream) == 6)
  }

  @Test func `a sender stops at the connection's credit, and all who wait are woken in turn`() throws {
    let pair = Pair(server: { $0.connectionCredit = 10 })
    pair.greet()
    let first = try pair.client.open(.submit, Request(), last: false, now: 0)
    let second = try pair.client.open(.submit, Request(), last: false, now: 0)
    #expect(pair.client.send([UInt8](0..<12)[...], on: first) == 10)
    #expect(pair.client.send([1], on: second) == 0)
    pair.pump()
    pair.server.consumed(10, on: first)
    pair.pump()
    #expect(pair.client.events() == [.writable(stream: first), .writable(stream: second)])
  }

  @Test func `a cancelled stream's bytes go back to the connection`() throws {
    let pair = Pair(server: { $0.connectionCredit = 10 })
    pair.greet()
    let stream = try pair.client.open(.submit, Request(), last: false, now: 0)
    #expect(pair.client.send([UInt8](0..<10)[...], on: stream) == 10)
    pair.client.cancel(stream)
    pair.pump()
    let next = try pair.client.open(.submit, Request(), last: false, now: 0)
    #expect(pair.client.sendable(on: next) == 10)
  }

  @Test func `a stream that is given up after its end gives its bytes back`() throws {
    let pair = Pair(client: { $0.connectionCredit = 4 })
    pair.greet()
    let stream = try pair.client.open(.get, Request(), now: 0)
    pair.pump()
    try pair.server.reply(stream, [], last: false)
    #expect(pair.server.send([1, 2, 3, 4], on: stream) == 4)
    pair.server.end(stream)
    pair.pump()
    pair.client.cancel(stream)
    #expect(try kinds(pair.client.takeOutbound()) == [.credit])
  }

  @Test func `reserve begins a frame that the owner fills`() throws {
    let pair = Pair(server: { $0.streamCredit = 100_000 })
    pair.greet()
    let stream = try pair.client.open(.submit, Request(), last: false, now: 0)
    pair.pump()
    _ = pair.server.events()
    #expect(pair.client.reserve(80_000, on: stream) == WireLimits.dataFrameLength)
    pair.server.receive(pair.client.takeOutbound())
    pair.server.receive([UInt8](repeating: 1, count: WireLimits.dataFrameLength))
    #expect(pair.client.reserve(80_000, on: stream) == 100_000 - WireLimits.dataFrameLength)
    pair.server.receive(pair.client.takeOutbound())
    pair.server.receive([UInt8](repeating: 1, count: 100_000 - WireLimits.dataFrameLength))
    #expect(pair.client.reserve(1, on: stream) == 0)
    guard case .data(_, let bytes)? = joined(pair.server.events()).first else { return #expect(Bool(false)) }
    #expect(bytes.count == 100_000)
  }
}
