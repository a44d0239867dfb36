import Testing
import Wire

struct Violation: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let side: ConnectionConfiguration.Side
  let bytes: [UInt8]
  /// What the error must mention.
  let says: String

  init(_ name: String, _ side: ConnectionConfiguration.Side, _ bytes: [UInt8], says: String) {
    (testDescription, self.side, self.bytes, self.says) = (name, side, bytes, says)
  }
}

private func unknown(_ flags: FrameFlags) -> [UInt8] {
  var header = FrameHeader(kind: .ping, flags: flags, length: 2)
  header.kindNumber = 99
  var bytes: [UInt8] = []
  header.encode(into: &bytes)
  return bytes + [1, 2]
}

private let open = frame(.request, method: 16, stream: 4)
private let opened = frame(.request, flags: .last, method: 48, stream: 4)
private let credit = Credit(bytes: 1).encoded

@Suite struct ViolationTests {
  static let cases: [Violation] = [
    Violation("second HELLO", .server, frame(.hello, Samples.hello.encoded), says: "second HELLO"),
    Violation("HELLO on a stream", .server, frame(.hello, stream: 1, Samples.hello.encoded), says: "stream 1"),
    Violation("REQUEST on stream 0", .server, frame(.request, method: 48), says: "stream 0"),
    Violation("REQUEST twice", .server, opened + opened, says: "stream 4"),
    Violation("REQUEST going back", .server, opened + frame(.request, method: 48, stream: 3), says: "stream 3"),
    Violation("REPLY from a client", .server, opened + frame(.reply, stream: 4), says: "from a client"),
    Violation("ERROR on a stream from a client", .server, opened + frame(.error, stream: 4), says: "from a client"),
    Violation("GOAWAY from a client", .server, frame(.goAway), says: "from a client"),
    Violation("DATA on an unopened stream", .server, frame(.data, stream: 1, [1]), says: "never opened"),
    Violation("DATA on stream 0", .server, frame(.data, stream: 0, [1]), says: "stream 0"),
    Violation("DATA after last", .server, opened + frame(.data, stream: 4, [1]), says: "after the last frame"),
    Violation("END after last", .server, opened + frame(.end, stream: 4), says: "after the last frame"),
    Violation("END twice", .server, open + frame(.end, stream: 4) + frame(.end, stream: 4), says: "after the last frame"),
    Violation(
      "DATA beyond the stream's credit", .server, open + frame(.data, stream: 4, [UInt8](repeating: 0, count: 101)), says: "its credit"),
    Violation(
      "DATA beyond the connection's credit", .server,
      open + frame(.request, method: 16, stream: 5) + frame(.data, stream: 4, [UInt8](repeating: 0, count: 100))
        + frame(.data, stream: 5, [UInt8](repeating: 0, count: 51)), says: "connection's credit"),
    Violation("CREDIT of nothing", .server, frame(.credit), says: "0 bytes"),
    Violation("CREDIT beyond counting", .server, frame(.credit, Credit(bytes: .max).encoded), says: "2^62"),
    Violation("CREDIT on an unopened stream", .server, frame(.credit, stream: 9, credit), says: "never opened"),
    Violation("CANCEL on stream 0", .server, frame(.cancel), says: "stream 0"),
    Violation("CANCEL on an unopened stream", .server, frame(.cancel, stream: 9), says: "never opened"),
    Violation("unknown kind", .server, unknown([]), says: "99"),
    Violation("malformed CREDIT", .server, frame(.credit, [0x0B]), says: "malformed credit"),
    Violation("malformed PING", .server, frame(.ping, [0x09, 1]), says: "malformed ping"),
    Violation("PING on a stream", .server, frame(.ping, stream: 1), says: "stream 1"),
    Violation("too many PINGs", .server, [UInt8]((0...100).flatMap { _ in frame(.ping, Ping(token: 1).encoded) }), says: "PINGs"),
    Violation(
      "rapid reset", .server,
      [UInt8]((4...1004).flatMap { frame(.request, flags: .last, method: 48, stream: $0) + frame(.cancel, stream: $0) }), says: "in vain"),
    Violation(
      "unknown methods", .server, [UInt8]((4...1004).flatMap { frame(.request, flags: .last, method: 9999, stream: $0) }), says: "in vain"),
    Violation("a byte of CREDIT at a time", .server, [UInt8]((0...1000).flatMap { _ in frame(.credit, credit) }), says: "CREDITs"),
    Violation("frames that are skipped", .server, [UInt8]((0...1000).flatMap { _ in unknown(.ignorable) }), says: "mean nothing"),
    Violation("PONGs that nobody asked for", .server, [UInt8]((0...1000).flatMap { _ in frame(.pong) }), says: "mean nothing"),
    Violation("DATA without bytes", .server, open + [UInt8]((0...1000).flatMap { _ in frame(.data, stream: 4) }), says: "mean nothing"),
    Violation("a long control frame", .server, frame(.ping, [UInt8](repeating: 0, count: 4097)), says: "4096"),
    Violation("a long frame", .server, frame(.request, method: 48, stream: 1, [UInt8](repeating: 0, count: 5001)), says: "5000"),
    Violation("REQUEST from a server", .client, opened, says: "from a server"),
    Violation("CANCEL from a server", .client, frame(.cancel, stream: 1), says: "from a server"),
    Violation("DATA before REPLY", .client, frame(.data, stream: 1, [1]), says: "before REPLY"),
    Violation("END before REPLY", .client, frame(.end, stream: 1), says: "before REPLY"),
    Violation("a second REPLY", .client, frame(.reply, stream: 1) + frame(.reply, stream: 1), says: "second REPLY"),
    Violation("REPLY to nothing", .client, frame(.reply, stream: 2), says: "never opened"),
    Violation("ERROR to nothing", .client, frame(.error, stream: 2), says: "never opened"),
    Violation(
      "GOAWAY that goes up", .client, frame(.goAway, GoAway(lastStream: 1).encoded) + frame(.goAway, GoAway(lastStream: 2).encoded),
      says: "raises"),
  ]

  static func machine(_ side: ConnectionConfiguration.Side) throws -> Machine {
    var configuration = ConnectionConfiguration(side, software: "test/1")
    configuration.maxFrameLength = 5000
    configuration.streamCredit = 100
    configuration.connectionCredit = 150
    let machine = Machine(configuration, now: 0)
    machine.receive(frame(.hello, Samples.hello.encoded))
    if side == .client { _ = try machine.open(.get, Request(), now: 0) }
    _ = machine.events()
    _ = machine.takeOutbound()
    return machine
  }

  @Test(arguments: cases) func `a violation closes the connection with an error that names it`(_ violation: Violation) throws {
    let machine = try Self.machine(violation.side)
    machine.receive(violation.bytes)
    guard case .closed(let error?)? = machine.events().last else { return #expect(Bool(false), "not closed") }
    #expect(error.message.contains(violation.says), "\(error)")
    let sent = try frames(machine.takeOutbound()).last
    #expect(sent?.0.kind == .error && sent?.0.stream == 0)
    #expect(try CallError(ErrorMessage(decoding: sent?.1 ?? [])) == error)
    #expect(machine.isClosed)
  }

  static let vain: [(String, [UInt8], Int)] = [
    ("PING", frame(.ping, Ping(token: 1).encoded), 1),
    ("PONG", frame(.pong), 1),
    ("a byte of CREDIT", frame(.credit, credit), 1),
    ("CREDIT that says something", frame(.credit, Credit(bytes: 1024).encoded), 0),
    ("a frame that is skipped", unknown(.ignorable), 1),
    ("a call of a method that there is not", frame(.request, flags: .last, method: 9999, stream: 4), 1),
    ("a call that is cancelled", opened + frame(.cancel, stream: 4), 1),
    ("one of two calls that is cancelled", opened + frame(.request, flags: .last, method: 48, stream: 5) + frame(.cancel, stream: 5), 0),
    ("an open call with DATA", open + frame(.data, stream: 4, [1]), 0),
  ]

  @Test(arguments: vain) func `what comes to nothing is counted`(_ name: String, _ bytes: [UInt8], _ count: Int) throws {
    let machine = try Self.machine(.server)
    machine.receive(bytes)
    #expect(machine.vainFrames == count, "\(name)")
    #expect(!machine.isClosed)
  }

  @Test(arguments: [true, false]) func `a call that ends before its client has said its last came to nothing`(_ saysLast: Bool) throws {
    let machine = try Self.machine(.server)
    machine.receive(open + (saysLast ? frame(.end, stream: 4) : []))
    try machine.reply(4, [])
    #expect(machine.openStreams == 0)
    #expect(machine.vainFrames == (saysLast ? 0 : 8))
  }

  @Test(arguments: FrameKind.allCases.filter { $0 != .hello && $0 != .error }) func `nothing comes before HELLO`(kind: FrameKind) {
    let machine = Machine(ConnectionConfiguration(.server, software: "s"), now: 0)
    machine.receive(frame(kind, stream: 1))
    #expect(machine.isClosed)
  }

  @Test func `a kind that is not known is skipped when it may be`() throws {
    let machine = try Self.machine(.server)
    machine.receive(unknown(.ignorable) + frame(.ping, Ping(token: 3).encoded))
    #expect(!machine.isClosed)
    #expect(try kinds(machine.takeOutbound()) == [.pong])
  }

  @Test func `frames for a stream that is gone are ignored`() throws {
    let server = try Self.machine(.server)
    server.receive(open)
    server.fail(4, CallError(.invalid, "no"))
    server.receive(
      frame(.data, stream: 4, [1, 2]) + frame(.credit, stream: 4, credit) + frame(.end, stream: 4) + frame(.cancel, stream: 4))
    #expect(!server.isClosed)
    let client = try Self.machine(.client)
    client.cancel(1)
    client.receive(frame(.reply, stream: 1) + frame(.data, stream: 1, [1]) + frame(.end, stream: 1) + frame(.error, stream: 1))
    #expect(!client.isClosed)
    #expect(client.events().isEmpty)
  }
}

@Suite struct ErrorTests {
  @Test(arguments: ErrorCode.allCases) func `every error survives the wire`(code: ErrorCode) throws {
    let error = CallError(
      code, "why", retryable: true, retryAfterMilliseconds: 9, processed: .yes, details: [ErrorDetail(key: "position", value: "3")])
    #expect(try CallError(ErrorMessage(decoding: error.wire.encoded)) == error)
  }

  @Test func `codes of a newer peer become unknown, and maybe processed`() {
    let error = CallError(ErrorMessage(code: 1000, processed: 1000))
    #expect(error.code == .unknown && error.processed == .maybe)
  }

  @Test func `an error of any length fits a control frame and is still text`() throws {
    let long = String(repeating: "é🜚", count: 5000)
    let error = CallError(.invalid, long, details: [ErrorDetail](repeating: ErrorDetail(key: long, value: long), count: 50))
    let bytes = error.wire.encoded
    #expect(bytes.count <= Int(WireLimits.maxControlLength))
    #expect(long.hasPrefix(try ErrorMessage(decoding: bytes).message))
  }

  @Test func `methods are named, and only the operator may call them all`() {
    for method in Method.allCases {
      #expect(method.allows(.operator))
      #expect(!method.name.isEmpty)
    }
    #expect(Method.allCases.filter { $0.allows(.ingest) } == [.health, .status])
    #expect(Method.allCases.filter { $0.allows(.index) } == [.health, .status, .getOriginal, .readJournal])
    #expect(!Method.verify.allows(.reader) && !Method.submit.allows(.reader) && Method.search.allows(.reader))
  }

  @Test func `a role is read from its URI and nothing else`() {
    for role in Role.allCases { #expect(Role(uri: role.uri) == role) }
    for uri in ["", "chancery:role:", "chancery:role:root", "role:query", "chancery:role:query/"] { #expect(Role(uri: uri) == nil) }
  }
}
