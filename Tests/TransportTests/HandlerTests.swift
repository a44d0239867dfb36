import NIOCore
import NIOPosix
import Testing
import Transport

/// The TLS handler by itself, between two sockets.
@Suite(.timeLimit(.minutes(1))) struct HandlerTests {
  /// With these the channel is full after every write and has room again after every flush.
  private static let tight = ChannelOptions.Types.WriteBufferWaterMark(low: 1, high: 2)

  /// Bytes that say where in the whole they stand.
  private static func pattern(_ range: Range<Int>) -> [UInt8] { range.map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

  /// Writes `total` bytes, the next piece as soon as the channel has room: while the flush of the one before is still under way.
  private final class Writer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    let total: Int
    let piece: Int
    private var isReady = false
    private var written = 0

    init(total: Int, piece: Int) {
      self.total = total
      self.piece = piece
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      guard event is TLSReady else { return }
      isReady = true
      writeNext(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
      if isReady, context.channel.isWritable { writeNext(context) }
    }

    private func writeNext(_ context: ChannelHandlerContext) {
      if written == total { return }
      let range = written..<min(total, written + piece)
      written = range.upperBound
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: HandlerTests.pattern(range))), promise: nil)
      if range.upperBound == total { context.close(promise: nil) }
    }
  }

  /// Collects what comes until the peer ends the connection. Reads nothing for `pause` after the handshake.
  private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let pause: TimeAmount
    private let done: EventLoopPromise<[UInt8]>
    private var bytes: [UInt8] = []

    init(_ done: EventLoopPromise<[UInt8]>, pause: TimeAmount) {
      self.done = done
      self.pause = pause
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      guard event is TLSReady, pause > .zero else { return }
      let options = context.channel.syncOptions
      try? options?.setOption(.autoRead, value: false)
      context.eventLoop.assumeIsolated().scheduleTask(in: pause) { try options?.setOption(.autoRead, value: true) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { bytes += unwrapInboundIn(data).readableBytesView }
    func channelInactive(context: ChannelHandlerContext) { done.succeed(bytes) }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { done.fail(error) }
  }

  /// What arrives of `total` bytes that are written in pieces, and then the writer ends the connection.
  private func transfer(_ total: Int, piece: Int, pause: TimeAmount = .zero) async throws -> [UInt8] {
    let group = MultiThreadedEventLoopGroup.singleton
    let done = group.next().makePromise(of: [UInt8].self)
    let server = try TLSContext(try identity("server"), side: .server)
    let client = try TLSContext(try identity("operator"), side: .client)
    let listener = try await ServerBootstrap(group: group)
      .serverChannelOption(.socketOption(.so_rcvbuf), value: 64 << 10)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(OpenSSLHandler(server, handshakeTimeout: .seconds(5)))
          try channel.pipeline.syncOperations.addHandler(Collector(done, pause: pause))
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    let channel = try await ClientBootstrap(group: group)
      .channelOption(.writeBufferWaterMark, value: Self.tight)
      .channelOption(.socketOption(.so_sndbuf), value: 64 << 10)
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(OpenSSLHandler(client, host: "localhost", handshakeTimeout: .seconds(5)))
          try channel.pipeline.syncOperations.addHandler(Writer(total: total, piece: piece))
        }
      }
      .connect(host: "127.0.0.1", port: try #require(listener.localAddress?.port)).get()
    let received = try await done.futureResult.get()
    try? await channel.close()
    try await listener.close()
    return received
  }

  @Test(arguments: [1000, 20_000, 100_000])
  func whatIsWrittenWhileAFlushIsUnderWayComesOnceAndInItsOrder(_ piece: Int) async throws {
    let received = try await transfer(20 * piece, piece: piece)
    #expect(received.count == 20 * piece)
    #expect(received == Self.pattern(0..<20 * piece))
  }

  @Test func aPeerThatReadsSlowlyGetsWhatWasWrittenBeforeTheEnd() async throws {
    // Longer than the writer waits for the peer's end once all is written.
    let received = try await transfer(1 << 20, piece: 1 << 20, pause: .milliseconds(800))
    #expect(received.count == 1 << 20)
  }
}
