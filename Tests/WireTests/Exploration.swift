@testable import Wire

/// A machine as a value that can be kept, compared and made a machine of again. Taken between two calls, when its events and its bytes are out and it has
/// whole frames only.
struct Snapshot: Hashable {
  var configuration: ConnectionConfiguration
  var phase: ConnectionMachine.Phase
  var peer: ConnectionMachine.PeerLimits
  var streams: StreamTable
  var lingering: [UInt64: UInt64]
  var stopping: Set<UInt64>
  var lastStream: UInt64
  var goAwayStream: UInt64?
  var isDrained: Bool
  var sendCredit: UInt64
  var window: ConnectionMachine.ReceiveWindow
  var waiting: [UInt64]
  var discardsData: Bool
  var earliestDeadline: UInt64
  var receivedAt: UInt64
  var counted: ConnectionMachine.Counted

  init(_ machine: borrowing ConnectionMachine) {
    configuration = machine.configuration
    phase = machine.phase
    peer = machine.peer
    streams = machine.streams
    lingering = machine.lingering
    stopping = machine.stopping
    lastStream = machine.lastStream
    goAwayStream = machine.goAwayStream
    isDrained = machine.isDrained
    sendCredit = machine.sendCredit
    window = machine.window
    waiting = machine.waiting
    discardsData = machine.discardsData
    earliestDeadline = machine.earliestDeadline
    receivedAt = machine.receivedAt
    counted = machine.counted
  }

  var machine: ConnectionMachine {
    var machine = ConnectionMachine(configuration, now: 0)
    _ = machine.takeOutbound()
    machine.phase = phase
    machine.parser.maxFrameLength = configuration.maxFrameLength
    machine.peer = peer
    machine.streams = streams
    machine.lingering = lingering
    machine.stopping = stopping
    machine.lastStream = lastStream
    machine.goAwayStream = goAwayStream
    machine.isDrained = isDrained
    machine.sendCredit = sendCredit
    machine.window = window
    machine.waiting = waiting
    machine.discardsData = discardsData
    machine.earliestDeadline = earliestDeadline
    machine.receivedAt = receivedAt
    machine.counted = counted
    return machine
  }
}

/// A rule that a row of steps breaks.
struct Broken: Error, CustomStringConvertible {
  let rule: String
  var steps: [World.Step] = []
  var description: String { "\(rule), after \(steps)" }
}

/// A client and a server joined by two pipes, and what their owners know.
struct World: Hashable {
  enum Step: Hashable, Sendable {
    case open(last: Bool)
    case send(UInt64)
    case end(UInt64)
    case cancel(UInt64)
    case take(UInt64)
    case reply(UInt64, last: Bool)
    case fail(UInt64)
    case sendBack(UInt64)
    case endBack(UInt64)
    case takeBack(UInt64)
    case stopWork(UInt64)
    case deliver, deliverBack, clientTick, serverTick, goAway, clientClose, serverClose, lose, loseBack
  }
  /// One call as both owners see it.
  struct Call: Hashable {
    var clientSends: Bool
    var clientSent = 0
    var clientHeld = 0
    var clientReplied = false
    var clientEnded = false
    var isKnown = false
    var requestEnded = false
    var serverSent = 0
    var serverHeld = 0
    var serverReplied = false
    var serverEnded = false
    /// Cancelled, and its work still runs.
    var mustStop = false
  }

  static let streamCredit: UInt64 = 2
  static let connectionCredit: UInt64 = 3
  /// How often each side sends two bytes on a stream, at most.
  static let sends = 2
  /// When calls with a deadline end, and what the clocks say once they have moved.
  static let deadline: UInt32 = 10

  var client: Snapshot
  var server: Snapshot
  /// Bytes on their way to the server, and back.
  var up: [UInt8] = []
  var down: [UInt8] = []
  var calls: [UInt64: Call] = [:]
  let maxCalls: Int
  var clientTicked = false
  var serverTicked = false
  var goesAway = false
  var drained = 0
  var drainedBack = 0

  init(maxCalls: Int) {
    self.maxCalls = maxCalls
    func configuration(_ side: ConnectionConfiguration.Side) -> ConnectionConfiguration {
      var configuration = ConnectionConfiguration(side, software: "x")
      (configuration.streamCredit, configuration.connectionCredit, configuration.maxStreams) = (Self.streamCredit, Self.connectionCredit, 2)
      return configuration
    }
    var client = ConnectionMachine(configuration(.client), now: 0)
    var server = ConnectionMachine(configuration(.server), now: 0)
    server.receive(client.takeOutbound()[...], now: 0)
    client.receive(server.takeOutbound()[...], now: 0)
    var events: [ConnectionEvent] = []
    client.takeEvents(into: &events)
    server.takeEvents(into: &events)
    self.client = Snapshot(client)
    self.server = Snapshot(server)
  }

  private var clientNow: UInt64 { clientTicked ? UInt64(Self.deadline) : 0 }
  private var serverNow: UInt64 { serverTicked ? UInt64(Self.deadline) : 0 }
  private var clientClosed: Bool { client.phase == .closed }
  private var serverClosed: Bool { server.phase == .closed }

  // MARK: What can happen next

  var steps: [Step] {
    var steps: [Step] = []
    if !clientClosed {
      if client.machine.canOpen, calls.count < maxCalls { steps += [.open(last: true), .open(last: false)] }
      steps.append(.clientClose)
      if !clientTicked { steps.append(.clientTick) }
      if !down.isEmpty { steps.append(.deliverBack) } else if serverClosed { steps.append(.loseBack) }
    }
    if !serverClosed {
      steps.append(.serverClose)
      if !goesAway { steps.append(.goAway) }
      if !serverTicked { steps.append(.serverTick) }
      if !up.isEmpty { steps.append(.deliver) } else if clientClosed { steps.append(.lose) }
    }
    for (id, call) in calls.sorted(by: { $0.key < $1.key }) {
      if !clientClosed { steps += clientSteps(id, call) }
      if !serverClosed { steps += serverSteps(id, call) }
    }
    return steps
  }

  private func clientSteps(_ id: UInt64, _ call: Call) -> [Step] {
    var steps: [Step] = []
    if call.clientHeld > 0 { steps.append(.take(id)) }
    if !call.clientEnded || call.clientHeld > 0 { steps.append(.cancel(id)) }
    guard call.clientSends, !call.clientEnded else { return steps }
    if call.clientSent < Self.sends, client.streams[id]?.isBlocked == false { steps.append(.send(id)) }
    return steps + [.end(id)]
  }

  private func serverSteps(_ id: UInt64, _ call: Call) -> [Step] {
    if call.mustStop { return [.stopWork(id)] }
    guard call.isKnown, !call.serverEnded else { return [] }
    var steps: [Step] = [.fail(id)]
    if call.serverHeld > 0 { steps.append(.takeBack(id)) }
    guard call.serverReplied else { return steps + [.reply(id, last: true), .reply(id, last: false)] }
    if call.serverSent < Self.sends, server.streams[id]?.isBlocked == false { steps.append(.sendBack(id)) }
    return steps + [.endBack(id)]
  }

  // MARK: Doing it

  mutating func perform(_ step: Step) throws(Broken) {
    switch step {
    case .open, .send, .end, .cancel, .take, .deliverBack, .clientTick, .clientClose, .loseBack:
      var machine = client.machine
      do throws(CallError) { try performClient(step, &machine) } catch { throw Broken(rule: "an allowed step is taken: \(error)") }
      var events: [ConnectionEvent] = []
      machine.takeEvents(into: &events)
      for event in events { try takeClient(event) }
      up += machine.takeOutbound()
      client = Snapshot(machine)
    default:
      var machine = server.machine
      do throws(CallError) { try performServer(step, &machine) } catch { throw Broken(rule: "an allowed step is taken: \(error)") }
      var events: [ConnectionEvent] = []
      machine.takeEvents(into: &events)
      for event in events { try takeServer(event) }
      down += machine.takeOutbound()
      server = Snapshot(machine)
    }
    // Who has closed reads no more.
    if clientClosed { down = [] }
    if serverClosed { up = [] }
    try checkCredit()
  }

  private mutating func performClient(_ step: Step, _ machine: inout ConnectionMachine) throws(CallError) {
    switch step {
    case .open(let last):
      let id = try machine.open(last ? .get : .submit, Request(deadlineMs: last ? Self.deadline : 0), last: last, now: clientNow)
      calls[id] = Call(clientSends: !last)
    case .send(let id):
      _ = machine.send([1, 2], on: id)
      calls[id]?.clientSent += 1
    case .end(let id):
      machine.end(id)
      calls[id]?.clientSends = false
    case .cancel(let id):
      machine.cancel(id)
      calls[id]?.clientEnded = true
      calls[id]?.clientHeld = 0
    case .take(let id):
      machine.consumed(calls[id]?.clientHeld ?? 0, on: id)
      calls[id]?.clientHeld = 0
    case .deliverBack: machine.receive(Self.takeFrame(&down), now: clientNow)
    case .clientTick:
      clientTicked = true
      machine.tick(now: clientNow)
    case .clientClose: machine.close(nil)
    default: machine.connectionLost()
    }
  }

  private mutating func performServer(_ step: Step, _ machine: inout ConnectionMachine) throws(CallError) {
    switch step {
    case .reply(let id, let last):
      try machine.reply(id, [7], last: last)
      if last { end(id, &machine) } else { calls[id]?.serverReplied = true }
    case .fail(let id):
      machine.fail(id, CallError(.notFound, "x"))
      end(id, &machine)
    case .sendBack(let id):
      _ = machine.send([3, 4], on: id)
      calls[id]?.serverSent += 1
    case .endBack(let id):
      machine.end(id)
      end(id, &machine)
    case .takeBack(let id):
      machine.consumed(calls[id]?.serverHeld ?? 0, on: id)
      calls[id]?.serverHeld = 0
    case .stopWork(let id):
      machine.finished(id)
      calls[id]?.mustStop = false
    case .deliver: machine.receive(Self.takeFrame(&up), now: serverNow)
    case .serverTick:
      serverTicked = true
      machine.tick(now: serverNow)
    case .goAway:
      goesAway = true
      machine.goAway(reason: "x")
    case .serverClose: machine.close(nil)
    default: machine.connectionLost()
    }
  }

  private mutating func end(_ id: UInt64, _ machine: inout ConnectionMachine) {
    machine.finished(id)
    calls[id]?.serverEnded = true
    calls[id]?.serverHeld = 0
  }

  private static func takeFrame(_ pipe: inout [UInt8]) -> ArraySlice<UInt8> {
    let length = FrameHeader.length + Int(FrameHeader(pipe.prefix(FrameHeader.length)).length)
    defer { pipe.removeFirst(length) }
    return pipe.prefix(length)
  }

  // MARK: What comes out

  private func require(_ holds: Bool, _ rule: @autoclosure () -> String) throws(Broken) {
    if !holds { throw Broken(rule: rule()) }
  }

  private mutating func takeClient(_ event: ConnectionEvent) throws(Broken) {
    func open(_ id: UInt64) throws(Broken) -> Call {
      guard let call = calls[id], !call.clientEnded else { throw Broken(rule: "nothing happens on a stream that has ended: \(event)") }
      return call
    }
    switch event {
    case .reply(let id, _, let last):
      try require(try !open(id).clientReplied, "a call has one reply")
      calls[id]?.clientReplied = true
      calls[id]?.clientEnded = last
    case .data(let id, let bytes):
      try require(try open(id).clientReplied, "DATA follows the reply")
      calls[id]?.clientHeld += bytes.count
    case .end(let id):
      try require(try open(id).clientReplied, "END follows the reply")
      calls[id]?.clientEnded = true
    case .error(let id, let error):
      _ = try open(id)
      try require(error.code != .invalid, "honest peers break no rule: \(error)")
      calls[id]?.clientEnded = true
      calls[id]?.clientHeld = 0
    case .writable(let id): try require(try open(id).clientSends, "only who sends is told to go on")
    case .goAway: try require(goesAway, "GOAWAY comes from the server")
    case .drained:
      drained += 1
      try require(goesAway && drained == 1 && calls.values.allSatisfy(\.clientEnded), "a client is drained once, when its calls have ended")
    case .closed(let error):
      try require(error == nil, "honest peers break no rule: \(String(describing: error))")
      try require(calls.values.allSatisfy(\.clientEnded), "calls end before their connection")
      for id in calls.keys { calls[id]?.clientHeld = 0 }
    default: throw Broken(rule: "an event of the client's side: \(event)")
    }
  }

  private mutating func takeServer(_ event: ConnectionEvent) throws(Broken) {
    func open(_ id: UInt64) throws(Broken) -> Call {
      guard let call = calls[id], call.isKnown, !call.serverEnded else {
        throw Broken(rule: "nothing happens on a stream that has ended: \(event)")
      }
      return call
    }
    switch event {
    case .request(let request):
      try require(calls[request.stream]?.isKnown == false, "a request comes once")
      calls[request.stream]?.isKnown = true
      calls[request.stream]?.requestEnded = request.last
    case .data(let id, let bytes):
      try require(try !open(id).requestEnded, "DATA comes before END")
      calls[id]?.serverHeld += bytes.count
    case .end(let id):
      try require(try !open(id).requestEnded, "END comes once")
      calls[id]?.requestEnded = true
    case .writable(let id): try require(try open(id).serverReplied, "only who sends is told to go on")
    case .cancelled(let id, _):
      _ = try open(id)
      calls[id]?.serverEnded = true
      calls[id]?.serverHeld = 0
      calls[id]?.mustStop = true
    case .drained:
      drainedBack += 1
      try require(goesAway && drainedBack == 1, "a server is drained once")
    case .closed(let error):
      try require(error == nil, "honest peers break no rule: \(String(describing: error))")
      try require(calls.values.allSatisfy { !$0.isKnown || $0.serverEnded }, "work is stopped before its connection ends")
    default: throw Broken(rule: "an event of the server's side: \(event)")
    }
  }
}
