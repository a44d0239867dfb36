import Wire

/// What a connection's machine and the codec do for calls, without sockets, TLS and tasks: for counting allocations and instructions.
enum MachineCalls {
  /// Makes `calls` calls between a client's and a server's machine. `shape` is unary (a request and a reply), or data (one call, 64
  /// KiB each way `calls` times).
  static func run(_ shape: String, calls: Int) throws {
    var pair = Pair()
    let body = [UInt8](repeating: 0x61, count: Bench.size)
    let bulk = [UInt8](repeating: 0x62, count: 64 << 10)
    switch shape {
    case "unary": for _ in 0..<calls { try pair.call(.health, body) }
    case "data": try pair.stream(bulk, times: calls)
    default: fatalError("SHAPE is unary or data")
    }
  }

  private struct Pair: ~Copyable {
    var client = ConnectionMachine(ConnectionConfiguration(.client, software: "bench"), now: 0)
    var server = ConnectionMachine(ConnectionConfiguration(.server, software: "bench"), now: 0)
    var events: [ConnectionEvent] = []

    init() {
      pass()
      events.removeAll()
    }

    /// Carries what each has said to the other.
    mutating func pass() {
      client.withOutbound { server.receive($0, now: 0) }
      server.withOutbound { client.receive($0, now: 0) }
    }

    mutating func toServer() {
      client.withOutbound { server.receive($0, now: 0) }
      server.takeEvents(into: &events)
    }

    mutating func toClient() {
      events.removeAll(keepingCapacity: true)
      server.withOutbound { client.receive($0, now: 0) }
      client.takeEvents(into: &events)
    }

    mutating func call(_ method: Method, _ body: [UInt8]) throws {
      _ = try client.open(method, Request(deadlineMs: 1000, body: body[...]), now: 0)
      toServer()
      for event in events {
        guard case .request(let request) = event else { continue }
        _ = try server.reply(request.stream) { (reply) throws(CallError) in
          reply.raw(request.request.body)
          return true
        }
      }
      toClient()
      events.removeAll(keepingCapacity: true)
    }

    /// One call with DATA each way, `times` pieces.
    mutating func stream(_ bulk: [UInt8], times: Int) throws {
      let stream = try client.open(.submit, Request(), last: false, now: 0)
      toServer()
      try server.reply(stream, [], last: false)
      toClient()
      for _ in 0..<times {
        _ = client.send(bulk[...], on: stream)
        toServer()
        events.removeAll(keepingCapacity: true)
        server.consumed(bulk.count, on: stream)
        _ = server.send(bulk[...], on: stream)
        toClient()
        events.removeAll(keepingCapacity: true)
        client.consumed(bulk.count, on: stream)
        pass()
      }
    }
  }
}
