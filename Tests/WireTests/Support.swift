import TestSupport
import Wire

extension Seeded {
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }
  mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }
}

/// A frame's bytes.
func frame(_ kind: FrameKind, flags: FrameFlags = [], method: UInt16 = 0, stream: UInt64 = 0, _ body: [UInt8] = []) -> [UInt8] {
  var bytes: [UInt8] = []
  FrameHeader(kind: kind, flags: flags, method: method, stream: stream, length: body.count).encode(into: &bytes)
  return bytes + body
}

/// The whole frames in `bytes`, DATA pieces joined.
func frames(_ bytes: [UInt8]) throws -> [(FrameHeader, [UInt8])] {
  var parser = FrameParser(maxFrameLength: WireLimits.maxFrameLength)
  var rest = bytes[...]
  var found: [(FrameHeader, [UInt8])] = []
  while let output = try parser.next(&rest) {
    switch output {
    case .frame(let header, let body): found.append((header, Array(body)))
    case .data(let header, let piece, let isFirst):
      if isFirst { found.append((header, [])) }
      found[found.count - 1].1 += piece
    case .skipped: break
    }
  }
  return found
}

func kinds(_ bytes: [UInt8]) throws -> [FrameKind?] { try frames(bytes).map { $0.0.kind } }

/// Joins neighbouring DATA of the same stream, whose borders mean nothing.
func joined(_ events: [ConnectionEvent]) -> [ConnectionEvent] {
  var result: [ConnectionEvent] = []
  for event in events {
    if case .data(let stream, let bytes) = event, case .data(stream, let before)? = result.last {
      result[result.count - 1] = .data(stream: stream, bytes: before + bytes)
    } else {
      result.append(event)
    }
  }
  return result
}

/// A machine by reference, because an expectation cannot hold a value that must not be copied.
final class Machine {
  private var machine: ConnectionMachine

  init(_ configuration: ConnectionConfiguration, now: UInt64 = 0) { machine = ConnectionMachine(configuration, now: now) }

  var isReady: Bool { machine.isReady }
  var isClosed: Bool { machine.isClosed }
  var canOpen: Bool { machine.canOpen }
  var openStreams: Int { machine.openStreams }
  var outboundBytes: Int { machine.outboundBytes }
  var nextTick: UInt64 { machine.nextTick }
  var vainFrames: Int { machine.vainFrames }

  func events() -> [ConnectionEvent] {
    var taken: [ConnectionEvent] = []
    machine.takeEvents(into: &taken)
    return taken
  }
  func takeOutbound() -> [UInt8] { machine.takeOutbound() }
  func withOutbound(_ body: (UnsafeRawBufferPointer) -> Void) { machine.withOutbound(body) }
  func receive(_ bytes: [UInt8], now: UInt64 = 0) { machine.receive(bytes[...], now: now) }
  func receive(_ bytes: ArraySlice<UInt8>, now: UInt64 = 0) { machine.receive(bytes, now: now) }
  func receive(_ bytes: UnsafeRawBufferPointer, now: UInt64) { machine.receive(bytes, now: now) }
  func tick(now: UInt64) { machine.tick(now: now) }
  func open(_ method: Wire.Method, _ request: Request, last: Bool = true, now: UInt64) throws(CallError) -> UInt64 {
    try machine.open(method, request, last: last, now: now)
  }
  func cancel(_ stream: UInt64) { machine.cancel(stream) }
  func reply(_ stream: UInt64, _ body: ArraySlice<UInt8>, last: Bool = true) throws(CallError) {
    try machine.reply(stream, body, last: last)
  }
  func fail(_ stream: UInt64, _ error: CallError) { machine.fail(stream, error) }
  func finished(_ stream: UInt64) { machine.finished(stream) }
  func sendable(on stream: UInt64) -> Int? { machine.sendable(on: stream) }
  func send(_ bytes: ArraySlice<UInt8>, on stream: UInt64) -> Int? { machine.send(bytes, on: stream) }
  func reserve(_ count: Int, on stream: UInt64) -> Int? { machine.reserve(count, on: stream) }
  func end(_ stream: UInt64) { machine.end(stream) }
  func consumed(_ count: Int, on stream: UInt64) { machine.consumed(count, on: stream) }
  func goAway(reason: String) { machine.goAway(reason: reason) }
  func close(_ error: CallError?) { machine.close(error) }
  func connectionLost() { machine.connectionLost() }
}

/// A parser by reference, for the same reason.
final class Parser {
  private var parser: FrameParser
  init(_ limit: UInt32) { parser = FrameParser(maxFrameLength: limit) }
  /// The first output of `bytes`, which must not be split.
  func first(_ bytes: [UInt8]) throws -> FrameParser.Output? {
    var rest = bytes[...]
    return try parser.next(&rest)
  }
}

/// A client and a server, joined by nothing but the test.
struct Pair {
  let client: Machine
  let server: Machine

  init(
    client change: (inout ConnectionConfiguration) -> Void = { _ in },
    server changeServer: (inout ConnectionConfiguration) -> Void = { _ in }
  ) {
    var ours = ConnectionConfiguration(.client, software: "test-client/1")
    change(&ours)
    var theirs = ConnectionConfiguration(.server, software: "test-server/1")
    changeServer(&theirs)
    client = Machine(ours)
    server = Machine(theirs)
  }

  /// Carries bytes both ways until there are none.
  func pump(now: UInt64 = 0) {
    while client.outboundBytes + server.outboundBytes > 0 {
      server.receive(client.takeOutbound(), now: now)
      client.receive(server.takeOutbound(), now: now)
    }
  }

  /// Exchanges HELLO and forgets the events of it.
  func greet() {
    pump()
    _ = client.events()
    _ = server.events()
  }
}
