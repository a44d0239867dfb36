import TestSupport
import Testing
import Wire

/// Random but sensible traffic of a client, as bytes a server would get.
private func traffic(_ random: inout Seeded) -> [UInt8] {
  var bytes = frame(.hello, Samples.hello.encoded)
  var stream: UInt64 = 0
  for _ in 0..<40 {
    switch random.below(10) {
    case 0...2:
      stream += 1 + UInt64(random.below(3))
      let method = Method.allCases[random.below(Method.allCases.count)]
      let flags: FrameFlags = random.chance(50) ? .last : []
      bytes += frame(
        .request, flags: flags, method: method.rawValue, stream: stream,
        Request(deadlineMs: 5, body: random.bytes(random.below(40))[...]).encoded)
    case 3...5: bytes += frame(.data, stream: stream, random.bytes(random.below(100)))
    case 6: bytes += frame(.end, stream: stream)
    case 7: bytes += frame(.cancel, stream: stream)
    case 8: bytes += frame(.credit, stream: random.chance(50) ? 0 : stream, Credit(bytes: 1 + UInt64(random.below(99))).encoded)
    default: bytes += frame(.ping, Ping(token: random.next()).encoded)
    }
  }
  return bytes
}

private func newServer() -> Machine { Machine(ConnectionConfiguration(.server, software: "s"), now: 0) }

@Suite struct ConnectionPropertyTests {
  @Test(arguments: 0..<200 as Range<UInt64>) func `any split of the bytes gives the same events and the same answers`(seed: UInt64) {
    print("seed \(seed)")
    var random = Seeded(seed)
    let bytes = traffic(&random)
    let whole = newServer()
    whole.receive(bytes)
    let split = newServer()
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + 1 + random.below(random.chance(70) ? 4 : 200))
      split.receive(bytes[start..<end], now: 0)
      start = end
    }
    let sameEvents = joined(whole.events()) == joined(split.events())
    #expect(sameEvents)
    let sameAnswers = whole.takeOutbound() == split.takeOutbound()
    #expect(sameAnswers)
  }

  @Test(arguments: 0..<200 as Range<UInt64>) func `bytes that are taken in by turns give the same events and the same answers`(seed: UInt64)
  {
    print("seed \(seed)")
    var random = Seeded(seed)
    let bytes = traffic(&random)
    let whole = newServer()
    whole.receive(bytes)
    var byTurns = ConnectionMachine(ConnectionConfiguration(.server, software: "s"), now: 0)
    let turn = 1 + random.below(5)
    var events: [ConnectionEvent] = []
    var found: [ConnectionEvent] = []
    var start = 0
    while start < bytes.count || byTurns.hasUnread {
      // More may come before all that came is looked at.
      if start < bytes.count, !byTurns.hasUnread || random.chance(30) {
        let end = min(bytes.count, start + 1 + random.below(400))
        bytes[start..<end].withUnsafeBytes { byTurns.receive($0, now: 0, turn: turn) }
        start = end
      } else {
        byTurns.receiveMore(now: 0, turn: turn)
      }
      byTurns.takeEvents(into: &found)
      // Its end reports that of all streams.
      let isShort = found.count <= turn || byTurns.isClosed
      #expect(isShort)
      events += found
      if byTurns.isClosed { break }
    }
    let sameEvents = joined(whole.events()) == joined(events)
    #expect(sameEvents)
    let sameAnswers = whole.takeOutbound() == byTurns.takeOutbound()
    #expect(sameAnswers)
  }

  @Test(arguments: 0..<200 as Range<UInt64>) func `damaged bytes give events or an error, and answers no larger than the input`(
    seed: UInt64
  ) {
    print("seed \(seed)")
    var random = Seeded(seed)
    var bytes = seed % 4 == 0 ? random.bytes(2000) : traffic(&random)
    if seed % 4 == 1 { bytes = frame(.hello, Samples.hello.encoded) + random.bytes(2000) }
    for _ in 0..<random.below(6) { bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
    for side in [ConnectionConfiguration.Side.client, .server] {
      let machine = Machine(ConnectionConfiguration(side, software: "s"), now: 0)
      var now: UInt64 = 0
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = min(rest.count, 1 + random.below(64))
        machine.receive(rest.prefix(count), now: now)
        rest.removeFirst(count)
        now += UInt64(random.below(20))
        machine.tick(now: now)
      }
      let events = machine.events()
      #expect(events.count <= bytes.count)
      #expect(machine.takeOutbound().count <= 16 * bytes.count + 4096)
      #expect(machine.isClosed == events.contains { if case .closed = $0 { true } else { false } })
    }
  }

  /// Joins two machines under a random schedule of calls, partial delivery and slow consumers; checks that all bytes arrive whole and in
  /// order, that no side is ever in error, and that no receiver ever holds more than it granted.
  @Test(arguments: 0..<100 as Range<UInt64>) func `all bytes arrive, and never more than the credit is held`(seed: UInt64) throws {
    print("seed \(seed)")
    var schedule = Schedule(seed: seed)
    for _ in 0..<3000 { try schedule.step() }
    try schedule.settle()
  }
}

/// The state of one random schedule: what was sent, what arrived, what waits on the way.
private struct Schedule {
  struct Flow {
    var rest: ArraySlice<UInt8>
    var ended = false
  }
  var random: Seeded
  let pair: Pair
  var up: [UInt64: Flow] = [:]
  var down: [UInt64: Flow] = [:]
  var toServer: [UInt8] = []
  var toClient: [UInt8] = []
  var expected: [UInt64: (up: [UInt8], down: [UInt8])] = [:]
  var arrived: [UInt64: (up: [UInt8], down: [UInt8])] = [:]
  var heldByServer: [UInt64: Int] = [:]
  var heldByClient: [UInt64: Int] = [:]
  var requestEnded: Set<UInt64> = []
  var replied: Set<UInt64> = []
  var finished: Set<UInt64> = []
  var cancelled: Set<UInt64> = []
  let connectionCredit: UInt64
  let streamCredit: UInt64

  init(seed: UInt64) {
    random = Seeded(seed)
    let stream = UInt64(1 + random.below(400))
    let connection = UInt64(1 + random.below(600))
    (streamCredit, connectionCredit) = (stream, connection)
    let set = { (configuration: inout ConnectionConfiguration) in
      configuration.streamCredit = stream
      configuration.connectionCredit = connection
      configuration.maxStreams = 8
    }
    pair = Pair(client: set, server: set)
    pair.greet()
  }

  mutating func step(opening: Bool = true) throws {
    switch random.below(9) {
    case 0: if opening { try openOne() }
    case 1, 2: sendUp()
    case 3, 4: sendDown()
    case 5: deliver(all: !opening)
    case 6: consume(all: !opening)
    case 7: if opening, random.chance(5), let stream = up.keys.sorted().randomElement(using: &random) { giveUp(stream) }
    default: try replySome()
    }
    try observe()
  }

  /// Lets everything come to its end.
  mutating func settle() throws {
    for _ in 0..<2_000_000 {
      if finished.union(cancelled).count == expected.count { break }
      try step(opening: false)
    }
    for (stream, wanted) in expected where !cancelled.contains(stream) {
      #expect(finished.contains(stream), "stream \(stream) did not end")
      let isWhole = arrived[stream].map { $0 == wanted } ?? false
      #expect(isWhole, "stream \(stream)")
    }
    #expect(pair.client.openStreams == 0)
  }

  private mutating func openOne() throws {
    guard pair.client.canOpen else { return }
    // Windows of a few bytes get short streams: each byte costs them a CREDIT.
    let longest = Int(min(1500, 40 * min(streamCredit, connectionCredit)))
    let upload = random.bytes(random.below(longest))
    let stream = try pair.client.open(.submit, Request(), last: false, now: 0)
    let download = random.bytes(random.below(longest))
    expected[stream] = (upload, download)
    arrived[stream] = ([], [])
    up[stream] = Flow(rest: upload[...])
    down[stream] = Flow(rest: download[...])
  }

  private mutating func sendUp() {
    guard let stream = up.keys.sorted().randomElement(using: &random), var flow = up[stream], !flow.ended else { return }
    let count = random.below(200)
    guard let taken = pair.client.send(flow.rest.prefix(count), on: stream) else { return }
    flow.rest.removeFirst(taken)
    if flow.rest.isEmpty {
      pair.client.end(stream)
      flow.ended = true
    }
    up[stream] = flow
  }

  private mutating func sendDown() {
    guard let stream = replied.sorted().randomElement(using: &random), var flow = down[stream], !flow.ended else { return }
    let count = random.below(200)
    guard let taken = pair.server.send(flow.rest.prefix(count), on: stream) else { return }
    flow.rest.removeFirst(taken)
    // A server's end is the stream's end, so it waits for the client's.
    if flow.rest.isEmpty, requestEnded.contains(stream) {
      pair.server.end(stream)
      pair.server.finished(stream)
      // The machine gives back what a server's work did not consume before it ended.
      heldByServer[stream] = nil
      flow.ended = true
    }
    down[stream] = flow
  }

  private mutating func replySome() throws {
    for stream in arrivedRequests.sorted() where !replied.contains(stream) && random.chance(50) {
      try pair.server.reply(stream, [], last: false)
      replied.insert(stream)
    }
  }

  private var arrivedRequests: Set<UInt64> = []

  private mutating func giveUp(_ stream: UInt64) {
    guard !finished.contains(stream) else { return }
    pair.client.cancel(stream)
    cancelled.insert(stream)
    up[stream] = nil
    heldByClient[stream] = nil
  }

  private mutating func deliver(all: Bool) {
    toServer += pair.client.takeOutbound()
    toClient += pair.server.takeOutbound()
    let forth = all ? toServer.count : min(toServer.count, random.below(300))
    pair.server.receive(toServer.prefix(forth), now: 0)
    toServer.removeFirst(forth)
    let back = all ? toClient.count : min(toClient.count, random.below(300))
    pair.client.receive(toClient.prefix(back), now: 0)
    toClient.removeFirst(back)
  }

  private mutating func consume(all: Bool) {
    for (stream, held) in heldByServer.sorted(by: { $0.key < $1.key }) where held > 0 {
      let count = all ? held : random.below(held + 1)
      pair.server.consumed(count, on: stream)
      heldByServer[stream] = held - count
    }
    for (stream, held) in heldByClient.sorted(by: { $0.key < $1.key }) where held > 0 {
      let count = all ? held : random.below(held + 1)
      pair.client.consumed(count, on: stream)
      heldByClient[stream] = held - count
    }
  }

  private mutating func observe() throws {
    for event in pair.server.events() {
      switch event {
      case .request(let request): arrivedRequests.insert(request.stream)
      case .data(let stream, let bytes):
        arrived[stream]?.up += bytes
        heldByServer[stream, default: 0] += bytes.count
      case .end(let stream): requestEnded.insert(stream)
      case .cancelled(let stream, _):
        pair.server.finished(stream)
        heldByServer[stream] = nil
        down[stream] = nil
      case .writable: break
      default: Issue.record("unexpected \(event)")
      }
    }
    for event in pair.client.events() {
      switch event {
      case .reply(_, _, let last): #expect(!last)
      case .data(let stream, let bytes):
        arrived[stream]?.down += bytes
        heldByClient[stream, default: 0] += bytes.count
      case .end(let stream): finished.insert(stream)
      case .writable: break
      default: Issue.record("unexpected \(event)")
      }
    }
    try checkHeld(heldByServer)
    try checkHeld(heldByClient)
  }

  private func checkHeld(_ held: [UInt64: Int]) throws {
    try #require(held.values.allSatisfy { $0 <= Int(streamCredit) })
    try #require(held.values.reduce(0, +) <= Int(connectionCredit))
  }
}
