import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle

/// GET /metrics (Prometheus text) and GET /health (JSON; 200 when ready, 503 when not) over HTTP/1.1 on 127.0.0.1 only.
///
/// One request a connection. Names of people, documents and queries are in neither answer.
struct MetricsServer: Service {
  /// Connections at once; more are closed at once.
  static let maximumConnections = 16
  /// Time in which a connection must send its request and take the answer.
  static let maximumDuration = TimeAmount.seconds(10)
  /// Header fields of a request and their bytes, at most.
  static let maximumHeaderFields = 64
  static let maximumHeaderBytes = 16 << 10

  let port: Int
  let logger: Logger
  let answer: @Sendable (_ path: String) -> Answer
  /// Told the port once it is bound, which matters when `port` is 0.
  var bound: @Sendable (Int) -> Void = { _ in }

  struct Answer: Sendable {
    /// HTTP status code.
    let status: Int
    let mediaType: String
    let body: String
  }

  func run() async throws {
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    do {
      try await serve(on: group)
    } catch {
      try? await group.shutdownGracefully()
      throw error
    }
    try await group.shutdownGracefully()
  }

  private func serve(on group: MultiThreadedEventLoopGroup) async throws {
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderFieldCount = Self.maximumHeaderFields
    limits.maxHeaderListSize = Self.maximumHeaderBytes
    let decoderLimits = limits
    let loop = group.next()
    // The loop has one thread and every connection lives on it, so the count needs no lock.
    let open = NIOLoopBoundBox.makeBoxSendingValue(0, eventLoop: loop)
    let channel = try await ServerBootstrap(group: group)
      .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(ConnectionLimit(open: open))
          try pipeline.configureHTTPServerPipeline(withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoderLimits)
          try pipeline.addHandler(PageHandler(answer: answer))
        }
      }
      .bind(host: "127.0.0.1", port: port).get()
    bound(channel.localAddress?.port ?? port)
    logger.info("serving metrics", metadata: ["metrics_port": "\(channel.localAddress?.port ?? port)"])
    try? await gracefulShutdown()
    try await channel.close()
  }
}

/// Closes a connection that is one too many or lasts too long.
private final class ConnectionLimit: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  private let open: NIOLoopBoundBox<Int>
  private var counted = false
  private var deadline: Scheduled<Void>?

  init(open: NIOLoopBoundBox<Int>) { self.open = open }

  func channelActive(context: ChannelHandlerContext) {
    guard open.value < MetricsServer.maximumConnections else { return context.close(promise: nil) }
    open.value += 1
    counted = true
    deadline = context.eventLoop.assumeIsolated().scheduleTask(in: MetricsServer.maximumDuration) { context.close(promise: nil) }
    context.fireChannelActive()
  }

  func channelInactive(context: ChannelHandlerContext) {
    deadline?.cancel()
    if counted { open.value -= 1 }
    counted = false
    context.fireChannelInactive()
  }
}

private final class PageHandler: ChannelInboundHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundOut = HTTPServerResponsePart
  private let answer: @Sendable (String) -> MetricsServer.Answer
  private var answered = false

  init(answer: @escaping @Sendable (String) -> MetricsServer.Answer) { self.answer = answer }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard case .head(let head) = unwrapInboundIn(data), !answered else { return }
    answered = true
    let reply: MetricsServer.Answer =
      head.method == .GET
      ? answer(String(head.uri.prefix { $0 != "?" }))
      : MetricsServer.Answer(status: 405, mediaType: "text/plain", body: "only GET\n")
    let body = context.channel.allocator.buffer(string: reply.body)
    let headers: HTTPHeaders = [
      "content-type": reply.mediaType, "content-length": "\(body.readableBytes)", "connection": "close", "cache-control": "no-store",
    ]
    context.write(
      wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers))),
      promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: written)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
