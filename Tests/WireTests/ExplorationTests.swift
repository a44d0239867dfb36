import Foundation
import Testing

@testable import Wire

extension World {
  // MARK: Credit

  /// DATA and CREDIT in a pipe, in bytes, by stream.
  private static func onTheWay(_ pipe: [UInt8]) throws(Broken) -> (data: [UInt64: UInt64], credit: [UInt64: UInt64]) {
    var (data, credit): ([UInt64: UInt64], [UInt64: UInt64]) = ([:], [:])
    var rest = pipe[...]
    while !rest.isEmpty {
      let header = FrameHeader(rest.prefix(FrameHeader.length))
      let body = rest.dropFirst(FrameHeader.length).prefix(Int(header.length))
      if header.kind == .data { data[header.stream, default: 0] += UInt64(header.length) }
      if header.kind == .credit, let message = try? Credit(decoding: body) { credit[header.stream, default: 0] += message.bytes }
      rest = rest.dropFirst(FrameHeader.length + body.count)
    }
    return (data, credit)
  }

  /// What a sender may send, what is on its way, what is held and what is about to be granted again are always the whole window.
  func checkCredit() throws(Broken) {
    guard client.phase == .ready, server.phase == .ready else { return }
    let (forth, back) = (try Self.onTheWay(up), try Self.onTheWay(down))
    try Self.check(sender: client, receiver: server, data: forth.data, credit: back.credit)
    try Self.check(sender: server, receiver: client, data: back.data, credit: forth.credit)
  }

  private static func check(
    sender: Snapshot, receiver: Snapshot, data: [UInt64: UInt64], credit: [UInt64: UInt64]
  ) throws(Broken) {
    let side = receiver.configuration.side
    let held = receiver.streams.values.reduce(0) { $0 + $1.unconsumed } + receiver.lingering.values.reduce(0, +)
    guard receiver.window.granted + receiver.window.pending + held == connectionCredit else {
      throw Broken(rule: "no credit of the connection is lost by the \(side)")
    }
    guard receiver.window.granted == sender.sendCredit + data.values.reduce(0, +) + (credit[0] ?? 0) else {
      throw Broken(rule: "both sides count the connection's credit alike, which the \(side) grants")
    }
    for (id, state) in receiver.streams {
      guard state.window.granted + state.window.pending + state.unconsumed == streamCredit else {
        throw Broken(rule: "no credit of stream \(id) is lost by the \(side)")
      }
      guard state.remoteOpen, let other = sender.streams[id] else { continue }
      guard state.window.granted == other.sendCredit + (data[id] ?? 0) + (credit[id] ?? 0) else {
        throw Broken(rule: "both sides count the credit of stream \(id) alike, which the \(side) grants")
      }
    }
    for (id, state) in sender.streams where state.isBlocked && state.sendCredit > 0 && sender.sendCredit > 0 {
      throw Broken(rule: "nobody waits on stream \(id) who has credit")
    }
  }

  // MARK: The end

  /// Lets everything that began come to its end, and looks for what is left.
  mutating func settle() throws(Broken) {
    while let step = steps.first(where: Self.endsSomething) { try perform(step) }
    guard calls.values.allSatisfy({ $0.clientEnded && (!$0.isKnown || $0.serverEnded) }) else {
      throw Broken(rule: "every call ends on both sides: \(calls)")
    }
    for side in [client, server] where side.phase == .ready {
      guard side.streams.isEmpty, side.lingering.isEmpty, side.stopping.isEmpty, side.waiting.count <= 16 else {
        throw Broken(rule: "nothing is left at the end of the \(side.configuration.side)")
      }
      guard side.sendCredit + side.window.pending <= Self.connectionCredit,
        side.window.granted + side.window.pending == Self.connectionCredit
      else {
        throw Broken(rule: "all credit is back at the end of the \(side.configuration.side)")
      }
    }
    guard (client.phase == .ready) == (server.phase == .ready) else { throw Broken(rule: "a connection ends on both sides") }
    if goesAway, client.phase == .ready {
      guard drained == 1, drainedBack == 1 else { throw Broken(rule: "both sides are drained after GOAWAY: \(drained), \(drainedBack)") }
    }
  }

  private static func endsSomething(_ step: Step) -> Bool {
    switch step {
    case .deliver, .deliverBack, .take, .takeBack, .fail, .stopWork, .lose, .loseBack: true
    default: false
    }
  }
}

@Suite struct ExplorationTests {
  /// Set CHANCERY_EXPLORE_DEPTH and CHANCERY_EXPLORE_CALLS to go deeper; docs/PROTOCOL.md says how many states there are.
  static func setting(_ name: String, _ otherwise: Int) -> Int {
    ProcessInfo.processInfo.environment["CHANCERY_EXPLORE_\(name)"].flatMap { Int($0) } ?? otherwise
  }

  /// Goes every way of `depth` steps, each state once.
  private func explore(calls: Int, depth: Int) throws -> Int {
    struct Digest: Hashable {
      let (first, second): (Int, Int)
      init(_ world: World) {
        var hasher = Hasher()
        hasher.combine(world)
        first = hasher.finalize()
        hasher = Hasher()
        hasher.combine(0x9E37_79B9)
        hasher.combine(world)
        second = hasher.finalize()
      }
    }
    var frontier: [(world: World, steps: [World.Step])] = [(World(maxCalls: calls), [])]
    var seen: Set<Digest> = [Digest(frontier[0].world)]
    for level in 1...depth {
      var next: [(world: World, steps: [World.Step])] = []
      for (world, steps) in frontier {
        for step in world.steps {
          var after = world
          do throws(Broken) {
            try after.perform(step)
            guard seen.insert(Digest(after)).inserted else { continue }
            next.append((after, steps + [step]))
            if level == depth { try after.settle() }
          } catch {
            throw Broken(rule: error.rule, steps: steps + [step])
          }
        }
      }
      frontier = next
    }
    return seen.count
  }

  @Test func `two honest sides never break a rule, lose no credit and end every call, whatever comes first`() throws {
    let (calls, depth) = (Self.setting("CALLS", 2), Self.setting("DEPTH", 6))
    let states = try explore(calls: calls, depth: depth)
    print("\(states) states of \(calls) calls within \(depth) steps")
    #expect(states > 100)
  }

  @Test func `what a snapshot holds is all that a machine has`() {
    // Who adds to a machine adds to `Snapshot` what two states can differ in, and then sets this number anew. `vainFrames`
    // and `usualOutput` are not in it: they change nothing of what the machine does.
    #expect(MemoryLayout<ConnectionMachine>.size == 464)
  }
}
