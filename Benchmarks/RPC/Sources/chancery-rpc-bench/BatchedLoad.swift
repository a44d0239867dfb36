import Network
import Platform
import Transport
import Wire

/// A load as redis-benchmark makes it: one thread without tasks, whose connections each send a batch of calls at once and the next when all are answered. It
/// costs so little that a server's core is what is busy.
struct BatchedLoad: Echo {
  func serve(port: Int, certificates: String) async throws { fatalError("this is a load only") }

  func call(port: Int, certificates: String, connections: Int, depth: Int, load: Load) async throws {
    let context = try TLSContext(ChanceryEcho.identity(certificates), side: .client)
    let loop = EventLoop()
    let callers = (0..<connections).map { _ in Caller(depth: depth, load) }
    for caller in callers {
      Connector.connect(host: "localhost", port: port, within: 5_000_000_000, on: loop) { result in
        do { try caller.begin(try result.get(), on: loop, context) } catch { fatalError("\(error)") }
      }
    }
    while callers.contains(where: { !$0.isDone }) { loop.round() }
  }

  /// One connection.
  // Sound: used on the thread only that drives the loop.
  private final class Caller: TLSSocketOwner, @unchecked Sendable {
    private static let body = [UInt8](repeating: 0x61, count: Bench.size)

    private(set) var isDone = false
    private let depth: Int
    private let load: Load
    private var machine = ConnectionMachine(ConnectionConfiguration(.client, software: "bench"), now: monotonicNow() / 1_000_000)
    private var socket: TLSSocket?
    private var events: [ConnectionEvent] = []
    private var left = 0
    private var sentAt: UInt64 = 0
    private var found: [UInt32] = []
    private var made = 0

    init(depth: Int, _ load: Load) {
      self.depth = depth
      self.load = load
    }

    func begin(_ socket: Socket, on loop: EventLoop, _ context: TLSContext) throws {
      let tls = try TLSSocket(socket, on: loop, context, host: "localhost", handshakeWithin: 5_000_000_000, owner: self)
      self.socket = tls
      tls.begin()
    }

    func socketIsReady(_ peer: PeerIdentity) { flush() }

    func received(_ bytes: UnsafeRawBufferPointer) {
      let now = monotonicNow()
      machine.receive(bytes, now: now / 1_000_000)
      machine.takeEvents(into: &events)
      for event in events {
        switch event {
        case .ready: ask(now)
        case .reply(_, let body, _):
          precondition(body.count == Bench.size)
          left -= 1
          if left > 0 { continue }
          made += depth
          if load.isCounted(sentAt) { found.append(UInt32(clamping: now - sentAt)) }
          if load.isOver(now) { end() } else { ask(now) }
        default: fatalError("the server says \(event)")
        }
      }
    }

    private func ask(_ now: UInt64) {
      sentAt = now
      left = depth
      for _ in 0..<depth {
        // A server grants more streams than are asked for here.
        do { _ = try machine.open(.health, Request(body: Self.body[...]), now: now / 1_000_000) } catch { fatalError("\(error)") }
      }
    }

    private func end() {
      isDone = true
      load.add(found, each: depth, made: made)
    }

    func receivedAll() {
      flush()
      if !isDone { socket?.read() }
    }

    private func flush() {
      guard let socket, machine.outboundBytes > 0 else { return }
      machine.withOutbound { socket.write($0) }
    }

    func socketIsWritable() {}
    func socketFailed(_ error: TLSError) { fatalError("\(error)") }
    func socketHasClosed() {}
  }
}
