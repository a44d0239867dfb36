import Wire

/// SplitMix64: small, seeded, the same on every machine.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
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

extension ConnectionMachine {
  mutating func events() -> [ConnectionEvent] {
    var taken: [ConnectionEvent] = []
    takeEvents(into: &taken)
    return taken
  }

  mutating func receive(_ bytes: [UInt8], now: UInt64 = 0) { receive(bytes[...], now: now) }
}

/// A client and a server, joined by nothing but the test.
struct Pair: ~Copyable {
  var client: ConnectionMachine
  var server: ConnectionMachine

  init(
    client change: (inout ConnectionConfiguration) -> Void = { _ in }, server changeServer: (inout ConnectionConfiguration) -> Void = { _ in }
  ) {
    var ours = ConnectionConfiguration(.client, software: "test-client/1")
    change(&ours)
    var theirs = ConnectionConfiguration(.server, software: "test-server/1")
    changeServer(&theirs)
    client = ConnectionMachine(ours, now: 0)
    server = ConnectionMachine(theirs, now: 0)
  }

  /// Carries bytes both ways until there are none.
  mutating func pump(now: UInt64 = 0) {
    while client.outboundBytes + server.outboundBytes > 0 {
      server.receive(client.takeOutbound(), now: now)
      client.receive(server.takeOutbound(), now: now)
    }
  }

  /// Exchanges HELLO and forgets the events of it.
  mutating func greet() {
    pump()
    _ = client.events()
    _ = server.events()
  }
}
