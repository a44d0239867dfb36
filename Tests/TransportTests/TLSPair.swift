import Glibc
import Network
import Wire

@testable import Transport

/// The time of loops that a test drives, in nanoseconds.
// Sound: touched on the test's thread only.
final class Time: @unchecked Sendable {
  var value: UInt64 = 1_000_000_000

  func advance(milliseconds: UInt64) { value += milliseconds * 1_000_000 }
}

/// One end of a TLS connection: keeps what comes.
final class TLSEnd: TLSSocketOwner {
  private(set) var socket: TLSSocket?
  /// Asks for more whenever it has something.
  var readsOn: Bool
  var onWritable: (() -> Void)?
  var bytes: [UInt8] = []
  private(set) var isReady = false
  private(set) var timesWritable = 0
  private(set) var failures: [TLSError] = []
  private(set) var isClosed = false

  init(readsOn: Bool) { self.readsOn = readsOn }

  func begin(_ plain: Socket, on loop: EventLoop, _ context: TLSContext, address: String? = nil) throws {
    let host = context.side == .client ? "localhost" : nil
    let socket = try TLSSocket(plain, on: loop, context, host: host, address: address, handshakeWithin: TLSPair.handshakeLimit, owner: self)
    self.socket = socket
    socket.begin()
  }

  func write(_ bytes: [UInt8]) { bytes.withUnsafeBytes { socket?.write($0) } }

  func socketIsReady(_ peer: PeerIdentity) { isReady = true }
  func received(_ bytes: UnsafeRawBufferPointer) { self.bytes += bytes }
  func receivedAll() { if readsOn { socket?.read() } }
  func socketIsWritable() {
    timesWritable += 1
    onWritable?()
  }
  func socketFailed(_ error: TLSError) { failures.append(error) }
  func socketHasClosed() {
    isClosed = true
    socket = nil
  }
}

/// A server's end of a TLS connection and its peer's, over two sockets that are connected. Each has a loop of its own which the test drives, at moments that
/// it sets: what comes, and how late it is, is the test's to say.
struct TLSPair {
  static let handshakeLimit: UInt64 = 5_000_000_000

  let time = Time()
  let loop: EventLoop
  let peerLoop: EventLoop
  let plain: Socket
  let peerPlain: Socket
  /// Not used when a connection's frames are looked at.
  let server: TLSEnd
  let peer = TLSEnd(readsOn: true)

  /// - Parameters:
  ///   - connection: frames are looked at; without it the server's end keeps the bytes.
  ///   - readsOn: of the server's end.
  ///   - room: bytes that each socket sends before it waits; nil = the system's.
  ///   - handshake: it is done.
  ///   - apart: the server's steps of it are done on another thread.
  init(connection: Bool = false, readsOn: Bool = false, room: Int32? = nil, handshake: Bool = true, apart: Bool = false) throws {
    let contexts = (try TLSContext(try identity("server"), side: .server), try TLSContext(try identity("operator"), side: .client))
    (plain, peerPlain) = try Socket.pair()
    if let room { for socket in [plain, peerPlain] { socket.set(SOL_SOCKET, SO_SNDBUF, room) } }
    let time = time
    loop = EventLoop(clock: { time.value })
    peerLoop = EventLoop(clock: { time.value })
    server = TLSEnd(readsOn: readsOn)
    if connection {
      let configuration = ServerConfiguration(host: "127.0.0.1", port: 0, identity: try identity("server"), software: "test/1")
      let service = try Server(configuration: configuration, logger: LogBook().logger, handler: TestService())
      let link = Link(loop)
      let owner = ServerConnection(service, link: link, address: "a peer", context: contexts.0)
      try ConnectionHandler(configuration.connection, link: link, owner: owner).begin(
        plain, contexts.0, handshakeWithin: Self.handshakeLimit)
    } else {
      try server.begin(plain, on: loop, contexts.0, address: apart ? "a peer" : nil)
    }
    try peer.begin(peerPlain, on: peerLoop, contexts.1)
    guard handshake else { return }
    for _ in 0..<4 {
      round()
      hear()
    }
  }

  /// The server's end does what there is to do now, once.
  func round(_ count: Int = 1) { for _ in 0..<count { loop.round(mayWait: false) } }

  /// The server's end does what there is to do until `condition` holds, for ten seconds at most: something is done on another thread.
  func rounds(until condition: () -> Bool) {
    for _ in 0..<10_000 where !condition() {
      round()
      usleep(1000)
    }
  }

  /// The peer takes what the server has said.
  func hear() { for _ in 0..<4 { peerLoop.round(mayWait: false) } }

  /// Sends these records, which then lie in the server's socket.
  func say(_ records: [[UInt8]]) { for record in records { peer.write(record) } }

  /// Bytes that lie in the server's socket and were not read.
  var unread: Int {
    var count: Int32 = 0
    return ioctl(plain.descriptor, UInt(FIONREAD), &count) == 0 ? Int(count) : -1
  }

  /// How many PONGs the peer has heard since it was last asked.
  func pongs() throws -> Int {
    hear()
    var (rest, parser, count) = (peer.bytes[...], FrameParser(maxFrameLength: WireLimits.maxFrameLength), 0)
    peer.bytes = []
    while let output = try parser.next(&rest) { if case .frame(let header, _) = output, header.kind == .pong { count += 1 } }
    return count
  }
}
