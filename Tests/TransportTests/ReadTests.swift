import NIOCore
import NIOEmbedded
import Testing
import Wire

@testable import Transport

/// What a server takes of a peer at once and what waits, without sockets: the test says what comes when, and how late it is.
@Suite(.timeLimit(.minutes(1))) struct ReadTests {
  /// Counts what the socket is asked for, and can close one side, which an embedded channel cannot.
  private final class Socket: ChannelOutboundHandler {
    typealias OutboundIn = ByteBuffer
    var reads = 0

    func read(context: ChannelHandlerContext) {
      reads += 1
      context.read()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
      if mode == .output { promise?.succeed() } else { context.close(mode: mode, promise: promise) }
    }
  }

  /// A server's channel, and that of a peer whose bytes the test writes.
  private struct Pair {
    let server = EmbeddedChannel()
    let peer = EmbeddedChannel()
    let socket = Socket()

    /// With `connection` frames are looked at; without it the server's channel shows the bytes.
    init(connection: Bool) throws {
      let contexts = (try TLSContext(try identity("server"), side: .server), try TLSContext(try identity("operator"), side: .client))
      try server.pipeline.syncOperations.addHandler(socket)
      try server.pipeline.syncOperations.addHandler(OpenSSLHandler(contexts.0, handshakeTimeout: .seconds(5)))
      try peer.pipeline.syncOperations.addHandler(OpenSSLHandler(contexts.1, host: "localhost", handshakeTimeout: .seconds(5)))
      if connection {
        let configuration = ServerConfiguration(host: "127.0.0.1", port: 0, identity: try identity("server"), software: "test/1")
        let service = try Server(configuration: configuration, logger: LogBook().logger, handler: TestService())
        let link = Link(server.eventLoop)
        let owner = ServerConnection(service, link: link, address: "a peer", context: contexts.0)
        try server.pipeline.syncOperations.addHandler(ConnectionHandler(configuration.connection, link: link, owner: owner))
      }
      for channel in [server, peer] { try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait() }
      for _ in 0..<4 {
        if let flight = try sent() { try server.writeInbound(flight) }
        try hear()
      }
    }

    /// The peer's ciphertext, as one read.
    func sent() throws -> ByteBuffer? {
      var all: ByteBuffer?
      while var next = try peer.readOutbound(as: ByteBuffer.self) { all.setOrWriteBuffer(&next) }
      return all
    }

    /// Has the server read what the peer says in these records, all at once.
    func say(_ records: [[UInt8]]) throws {
      for record in records { peer.writeAndFlush(ByteBuffer(bytes: record), promise: nil) }
      try server.writeInbound(try sent())
    }

    /// Hands the peer what the server has said.
    func hear() throws { while let next = try server.readOutbound(as: ByteBuffer.self) { try peer.writeInbound(next) } }

    /// How many PONGs the peer has heard since it was last asked.
    func pongs() throws -> Int {
      try hear()
      var bytes: [UInt8] = []
      while let next = try peer.readInbound(as: ByteBuffer.self) { bytes += next.readableBytesView }
      var (rest, parser, count) = (bytes[...], FrameParser(maxFrameLength: WireLimits.maxFrameLength), 0)
      while let output = try parser.next(&rest) { if case .frame(let header, _) = output, header.kind == .pong { count += 1 } }
      return count
    }

    /// Bytes that the server's channel shows.
    func shown() throws -> Int {
      var count = 0
      while let next = try server.readInbound(as: ByteBuffer.self) { count += next.readableBytes }
      return count
    }

    /// Asks for the next read, as the channel does after each.
    /// - Returns: whether the socket was asked.
    func asks() -> Bool {
      let before = socket.reads
      server.read()
      return socket.reads > before
    }
  }

  private static func frame(_ kind: FrameKind, _ body: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = []
    FrameHeader(kind: kind, length: body.count).encode(into: &bytes)
    return bytes + body
  }

  private static let hello = frame(.hello, HelloMessage(minVersion: 1, maxVersion: 1, software: "test").encoded)
  private static let ping = frame(.ping, Ping(token: 1).encoded)

  @Test func `after the last word two mebibytes are still taken, and no more`() throws {
    let pair = try Pair(connection: false)
    pair.server.close(promise: nil)
    let piece = ByteBuffer(repeating: 0, count: 64 << 10)
    for _ in 0..<32 { try pair.server.writeInbound(piece) }
    #expect(pair.server.isActive)
    // None of it is read at once.
    #expect(!pair.asks())
    pair.server.embeddedEventLoop.advanceTime(by: .milliseconds(1))
    #expect(pair.socket.reads == 1)
    try pair.server.writeInbound(ByteBuffer(repeating: 0, count: 1))
    #expect(!pair.server.isActive)
  }

  @Test func `of many small records those after the first 64 wait for a turn`() throws {
    let pair = try Pair(connection: false)
    try pair.say(Array(repeating: [1], count: 130))
    #expect(try pair.shown() == 64)
    for next in [64, 2] {
      // No more is read before they are taken.
      #expect(!pair.asks())
      #expect(try pair.shown() == 0)
      pair.server.embeddedEventLoop.advanceTime(by: .microseconds(20))
      #expect(try pair.shown() == next)
    }
    #expect(pair.socket.reads == 1)
  }

  @Test func `what a peer said before its end is taken, however many records it is`() throws {
    let pair = try Pair(connection: false)
    try pair.say(Array(repeating: [1], count: 130))
    pair.server.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    #expect(try pair.shown() == 130)
    #expect(!pair.server.isActive)
  }

  @Test(arguments: [(8 << 10, true), (8 << 10 + 1, false)]) func `a read of more than 8 KiB has the next wait for a turn`(
    _ length: Int, _ isShort: Bool
  ) throws {
    let pair = try Pair(connection: true)
    // A frame that may be skipped.
    var header = FrameHeader(kind: .ping, flags: .ignorable, length: length - Self.hello.count - FrameHeader.length)
    header.kindNumber = 99
    var skipped: [UInt8] = []
    header.encode(into: &skipped)
    try pair.say([Self.hello + skipped + [UInt8](repeating: 0, count: Int(header.length))])
    #expect(pair.asks() == isShort)
    pair.server.embeddedEventLoop.advanceTime(by: .microseconds(20))
    #expect(pair.socket.reads == 1)
  }

  @Test func `a peer whose frames come to nothing rests after each eight`() throws {
    let pair = try Pair(connection: true)
    // The first step of eight has seven of them, so that the second is looked at too.
    try pair.say([Self.hello + (0..<24).flatMap { _ in Self.ping }])
    // A turn may have ended before its time, and others follow at once.
    pair.server.embeddedEventLoop.advanceTime(by: .milliseconds(1))
    #expect(try pair.pongs() == 15)
    for heard in [8, 1] {
      #expect(!pair.asks())
      pair.server.embeddedEventLoop.advanceTime(by: .milliseconds(14))
      #expect(try pair.pongs() == 0)
      pair.server.embeddedEventLoop.advanceTime(by: .milliseconds(2))
      #expect(try pair.pongs() == heard)
    }
    // What is left of the debt is paid before the next read.
    #expect(!pair.asks())
    pair.server.embeddedEventLoop.advanceTime(by: .milliseconds(17))
    #expect(pair.socket.reads == 1)
  }
}
