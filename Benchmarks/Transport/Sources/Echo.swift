import NIOCore
import NIOPosix
import NIOTLS
import Transport

/// Sends back what comes.
final class Echo: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.write(data, promise: nil) }
  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}

/// Keeps `depth` messages under way while it runs, and counts those that come back.
final class Driver: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  private let message: ByteBuffer
  private let depth: Int
  private let ready: EventLoopPromise<Void>
  private var context: ChannelHandlerContext?
  private var partial = 0
  private var underWay = 0
  private var count = 0
  private var isOver = true
  private var done: EventLoopPromise<Int>?

  init(_ shape: Shape, ready: EventLoopPromise<Void>) {
    message = ByteBuffer(repeating: 0x5a, count: shape.size)
    depth = shape.depth
    self.ready = ready
  }

  func handlerAdded(context: ChannelHandlerContext) { self.context = context }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if event is TLSReady { ready.succeed() }
    if case .handshakeCompleted? = event as? TLSUserEvent { ready.succeed() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    ready.fail(error)
    done?.fail(error)
    context.close(promise: nil)
  }

  /// - Returns: the messages that came back, once the last has.
  func run(_ time: TimeAmount, _ loop: any EventLoop) -> EventLoopFuture<Int> {
    let promise = loop.makePromise(of: Int.self)
    done = promise
    count = 0
    isOver = false
    let bound = NIOLoopBound(self, eventLoop: loop)
    loop.scheduleTask(in: time) { bound.value.isOver = true }
    send(depth)
    context?.flush()
    return promise.futureResult
  }

  private func send(_ messages: Int) {
    for _ in 0..<messages { context?.write(wrapOutboundOut(message), promise: nil) }
    underWay += messages
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    partial += unwrapInboundIn(data).readableBytes
    let (whole, rest) = partial.quotientAndRemainder(dividingBy: message.readableBytes)
    partial = rest
    count += whole
    underWay -= whole
    if !isOver { send(whole) } else if underWay == 0 { done?.succeed(count) }
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }
}

/// A listener and its clients over one library. One thread for each side.
struct Setting {
  private static let servers = MultiThreadedEventLoopGroup(numberOfThreads: 1)
  private static let clients = MultiThreadedEventLoopGroup(numberOfThreads: 1)

  private let listener: any Channel
  private var drivers: [(channel: any Channel, driver: NIOLoopBound<Driver>)] = []

  init(_ library: Library, _ shape: Shape) async throws {
    listener = try await ServerBootstrap(group: Self.servers)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(library.server())
          try channel.pipeline.syncOperations.addHandler(Echo())
        }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    for _ in 0..<shape.connections {
      let loop = Self.clients.next()
      let ready = loop.makePromise(of: Void.self)
      let channel = try await ClientBootstrap(group: loop)
        .channelOption(.tcpOption(.tcp_nodelay), value: 1)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(library.client())
            try channel.pipeline.syncOperations.addHandler(Driver(shape, ready: ready))
          }
        }
        .connect(to: listener.localAddress ?? SocketAddress(ipAddress: "127.0.0.1", port: 0)).get()
      try await ready.futureResult.get()
      let driver = try await channel.eventLoop.submit {
        NIOLoopBound(try channel.pipeline.syncOperations.handler(type: Driver.self), eventLoop: loop)
      }.get()
      drivers.append((channel, driver))
    }
  }

  /// - Returns: the messages that came back within `time` and a little.
  func run(_ time: TimeAmount) async throws -> Int {
    let loop = Self.clients.next()
    let runs = drivers.map { (channel, driver) in channel.eventLoop.flatSubmit { driver.value.run(time, channel.eventLoop) } }
    return try await EventLoopFuture.reduce(0, runs, on: loop, +).get()
  }

  func close() async throws {
    for (channel, _) in drivers { try await channel.close() }
    try await listener.close()
  }
}
