import Testing
import Wire

private let search = Request(body: [1, 2, 3])

@Suite struct EndingTests {
  @Test func `cancel stops the work, and its place is free when the work has stopped`() throws {
    let pair = Pair(server: { $0.maxStreams = 1 })
    pair.greet()
    let stream = try pair.client.open(.search, search, now: 0)
    pair.client.cancel(stream)
    pair.pump()
    #expect(pair.server.events().last == .cancelled(stream: stream, .peer))
    _ = try pair.client.open(.search, search, now: 0)
    pair.pump()
    guard case .error(_, let error)? = pair.client.events().last else { return #expect(Bool(false)) }
    #expect(error.code == .overloaded)
    pair.server.finished(stream)
    let third = try pair.client.open(.search, search, now: 0)
    try pair.server.reply(stream, [1])
    pair.pump()
    try pair.server.reply(third, [3])
    pair.pump()
    #expect(pair.client.events() == [.reply(stream: third, body: [3], last: true)])
  }

  @Test func `a deadline ends the call on both sides by themselves`() throws {
    let pair = Pair()
    pair.greet()
    let stream = try pair.client.open(.search, Request(deadlineMs: 100), now: 0)
    let other = try pair.client.open(.search, Request(deadlineMs: 300), now: 0)
    pair.pump()
    _ = pair.server.events()
    #expect(pair.client.nextTick == 100)
    pair.client.tick(now: 99)
    #expect(pair.client.events().isEmpty)
    pair.client.tick(now: 100)
    pair.server.tick(now: 100)
    guard case .error(stream, let error)? = pair.client.events().last else { return #expect(Bool(false)) }
    #expect(error.code == .deadline && error.processed == .maybe)
    #expect(pair.server.events() == [.cancelled(stream: stream, .deadline)])
    #expect(pair.client.nextTick == 300)
    pair.pump(now: 100)
    #expect(pair.client.events().isEmpty && pair.server.events().isEmpty)
    try pair.server.reply(other, [])
    pair.pump(now: 100)
    #expect(pair.client.events() == [.reply(stream: other, body: [], last: true)])
  }

  @Test func `a unary request without a deadline gets the server's own, a streaming one none`() throws {
    let pair = Pair()
    pair.greet()
    _ = try pair.client.open(.search, search, now: 0)
    _ = try pair.client.open(.readJournal, search, now: 0)
    pair.pump(now: 7)
    let deadlines = pair.server.events().map { if case .request(let request) = $0 { request.deadline } else { UInt64?.none } }
    #expect(deadlines == [60_007, nil])
  }

  @Test func `GOAWAY serves what was opened, refuses the rest, and drains`() throws {
    let pair = Pair()
    pair.greet()
    let served = try pair.client.open(.search, search, now: 0)
    pair.pump()
    _ = pair.server.events()
    let tooLate = try pair.client.open(.submit, search, last: false, now: 0)
    #expect(pair.client.send([1, 2], on: tooLate) == 2)
    pair.server.goAway(reason: "restart")
    pair.pump()
    #expect(pair.server.events().isEmpty)
    let events = pair.client.events()
    guard case .error(tooLate, let error)? = events.first else { return #expect(Bool(false)) }
    #expect(error.processed == .no && error.retryable)
    #expect(events.last == .goAway(lastStream: served, reason: "restart"))
    #expect(throws: CallError.self) { _ = try pair.client.open(.search, search, now: 0) }
    try pair.server.reply(served, [1])
    #expect(pair.server.events() == [.drained])
    pair.pump()
    #expect(pair.client.events() == [.reply(stream: served, body: [1], last: true), .drained])
  }

  @Test func `PING is answered while draining`() throws {
    let pair = Pair()
    pair.greet()
    _ = try pair.client.open(.readJournal, search, now: 0)
    pair.pump()
    pair.server.goAway(reason: "restart")
    pair.pump()
    pair.server.tick(now: 10_000)
    pair.pump(now: 10_001)
    pair.server.tick(now: 15_000)
    #expect(!pair.server.isClosed)
  }

  @Test func `a silent peer is pinged and then taken for dead within fifteen seconds`() throws {
    let pair = Pair()
    pair.greet()
    let stream = try pair.client.open(.search, search, now: 0)
    _ = pair.client.takeOutbound()
    #expect(pair.client.nextTick == 10_000)
    pair.client.tick(now: 10_000)
    #expect(try kinds(pair.client.takeOutbound()) == [.ping])
    #expect(pair.client.nextTick == 15_000)
    pair.client.tick(now: 14_999)
    #expect(!pair.client.isClosed)
    pair.client.tick(now: 15_000)
    let events = pair.client.events()
    guard case .error(stream, let error)? = events.first, case .closed(let end?)? = events.last else { return #expect(Bool(false)) }
    #expect(error.processed == .maybe && end.code == .unavailable)
  }

  @Test func `a lost connection ends every stream on both sides`() throws {
    let pair = Pair()
    pair.greet()
    let stream = try pair.client.open(.search, search, now: 0)
    pair.pump()
    _ = pair.server.events()
    pair.server.connectionLost()
    #expect(pair.server.events() == [.cancelled(stream: stream, .connection), .closed(nil)])
    pair.client.receive([1, 2, 3])
    pair.client.connectionLost()
    guard case .closed(let error?)? = pair.client.events().last else { return #expect(Bool(false)) }
    #expect(error.message.contains("inside a frame"))
    pair.client.connectionLost()
    pair.client.receive([1])
    #expect(pair.client.events().isEmpty)
  }

  @Test func `an ERROR about the connection reaches the other side`() {
    let pair = Pair()
    pair.greet()
    let error = CallError(.overloaded, "too many connections", retryable: true, retryAfterMilliseconds: 500, processed: .no)
    pair.server.close(error)
    pair.pump()
    #expect(pair.client.events() == [.closed(error)])
  }

  @Test func `a frame that is not whole in time ends the connection`() {
    let pair = Pair()
    pair.greet()
    for second in 0..<70 as Range<UInt64> {
      pair.server.receive(second < 16 ? [frame(.request, method: 48, stream: 1, [0, 0, 0])[Int(second)]] : [], now: second * 1000)
      pair.server.tick(now: second * 1000)
      _ = pair.server.takeOutbound()
      if second > 16 { pair.server.tick(now: second * 1000) }
    }
    #expect(pair.server.isClosed)
  }
}

@Suite struct BorrowingTests {
  @Test func `outbound bytes can be borrowed, and borrowed bytes can be received`() {
    let pair = Pair()
    pair.client.withOutbound { pair.server.receive($0, now: 0) }
    pair.server.withOutbound { pair.client.receive($0, now: 0) }
    #expect(pair.client.isReady && pair.server.isReady)
    #expect(pair.client.outboundBytes + pair.server.outboundBytes == 0)
  }
}
