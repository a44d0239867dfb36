import Logging
import Network
import Platform
import Synchronization
import Wire

/// Listens for connections and runs their calls. TLS 1.3 with certificates on both sides; there is no other way in.
public final class Server: CertificateUser {
  private enum Phase { case new, serving, draining }
  private struct State {
    var context: TLSContext
    var phase = Phase.new
    var listener: Listener?
    var connections: [ObjectIdentifier: ServerConnection] = [:]
    /// Those of `connections` that have not shown who they are, and their addresses.
    var strangers: [ObjectIdentifier: String] = [:]
    /// Who the others are.
    var certificates: [ObjectIdentifier: PeerCertificate] = [:]
  }

  /// Connections that wait to be accepted, in the system's queue.
  private static let backlog: Int32 = 256

  public let configuration: ServerConfiguration
  let logger: Logger
  let queue: CallQueue
  let handler: any RequestHandler
  private let state: Mutex<State>

  /// Reads the certificates. Throws when one cannot be loaded.
  public init(configuration: ServerConfiguration, logger: Logger, handler: any RequestHandler) throws(TransportError) {
    self.configuration = configuration
    self.logger = logger
    self.handler = handler
    queue = CallQueue(
      maxRunning: configuration.maxRunningCalls, maxQueued: configuration.maxQueuedCalls, maxStreaming: configuration.maxStreamingCalls)
    state = Mutex(State(context: try TLSContext(configuration.identity, side: .server)))
  }

  /// Connections at the moment.
  public var connectionCount: Int { state.withLock { $0.connections.count } }
  /// Calls that run at the moment.
  public var runningCalls: Int { queue.running }
  /// Calls that wait at the moment.
  public var queuedCalls: Int { queue.queued }

  /// Reads the certificates again, for connections made from now on. Those that stand go on, but for peers that would be refused now: these are closed. When
  /// this throws, the old ones stay in use.
  public func reload() throws(TransportError) {
    let context = try TLSContext(configuration.identity, side: .server)
    state.withLock { $0.context = context }
    review(at: unixSeconds()) { _ in true }
  }

  public func closeExpired(at now: Int64) { review(at: now) { $0.end < now } }

  /// Closes the connections of those among these peers that would be refused.
  private func review(at now: Int64, _ isSuspect: (PeerCertificate) -> Bool) {
    let (context, suspects) = state.withLock { state in
      let suspects = state.certificates.filter { isSuspect($0.value) }
      return (state.context, suspects.compactMap { key, peer in state.connections[key].map { ($0, peer) } })
    }
    for (connection, peer) in suspects { if let refusal = context.refusal(of: peer, at: now) { connection.close(refusal) } }
  }

  /// Begins to listen; `run` does so by itself when this was not called. Calls are served once `run` runs.
  /// - Returns: the port.
  public func start() async throws(TransportError) -> Int {
    let listener = try await listen()
    let isLate = state.withLock { state in
      if state.phase == .new {
        state.listener = listener
        state.phase = .serving
        return false
      }
      return true
    }
    if isLate { listener.close() }
    logger.info("listening", metadata: ["address": "\(Endpoint(host: configuration.host, port: listener.port))"])
    return listener.port
  }

  private func listen() async throws(TransportError) -> Listener {
    do throws(ConnectError) {
      // To resolve a name may take a while.
      return try await offload { [self] () throws(ConnectError) in
        try Listener(host: configuration.host, port: configuration.port, queue: Self.backlog) { [self] in accept($0, from: $1) }
      }
    } catch {
      throw TransportError("listen on", "\(Endpoint(host: configuration.host, port: configuration.port))", reason: error.reason)
    }
  }

  /// Serves until a shutdown has drained. Cancelling the task begins a shutdown too, but then the calls that run are cancelled.
  public func run() async throws(TransportError) {
    if state.withLock({ $0.phase == .new }) { _ = try await start() }
    await withTaskCancellationHandler {
      await queue.done()
    } onCancel: {
      beginShutdown()
      breakConnections("the server is stopped")
    }
  }

  /// Begins to serve a call that has its place.
  ///
  /// The tasks are no children of the one that `run` is called in: to hand it every call would wake two threads where none is needed. The queue counts them,
  /// so `run` waits for all; and each is cancelled by its connection. A call that has no DATA begins on the event loop where it came in, and leaves it when it
  /// first waits; those with DATA may do more than they should there.
  func start(_ call: ServerCall) {
    if call.method.streaming == .none { Task.immediate { await serve(call) } } else { Task { await serve(call) } }
  }

  /// Runs a call and those that wait for its place.
  private func serve(_ first: ServerCall) async {
    var next: ServerCall? = first
    while let call = next {
      let start = monotonicNow()
      let failure = await call.run(handler)
      let nanoseconds = monotonicNow() - start
      configuration.observe?(call.method, nanoseconds, failure?.code)
      next = queue.ended(call, nanoseconds: nanoseconds)
    }
  }

  /// Listens no more, tells every client to go elsewhere, and lets open calls end; then `run` returns. Calls that have not ended after the drain timeout are
  /// cancelled. May be called from any thread and more than once.
  public func beginShutdown() {
    let (listener, connections) = state.withLock { state -> (Listener?, [ServerConnection]) in
      guard state.phase != .draining else { return (nil, []) }
      state.phase = .draining
      return (state.listener.take(), Array(state.connections.values))
    }
    listener?.close()
    for connection in connections { connection.link.post(.goAway("the server is shutting down")) }
    if connections.isEmpty { return finishIfDrained() }
    _ = Timer.schedule(milliseconds: configuration.drainTimeout.milliseconds) {
      self.breakConnections("the server's time to drain has passed")
    }
  }

  private func breakConnections(_ why: String) {
    let error = CallError(.unavailable, why, retryable: true)
    for connection in state.withLock({ Array($0.connections.values) }) { connection.link.post(.close(error)) }
  }

  private func finishIfDrained() {
    if state.withLock({ $0.phase == .draining && $0.connections.isEmpty }) { queue.finish() }
  }

  // MARK: Connections

  /// On the listener's loop.
  private func accept(_ socket: Socket, from remote: SocketAddress) {
    let link = Link(EventLoop.next())
    let host = remote.host
    let address = "\(remote)"
    let context = state.withLock { $0.context }
    let connection = ServerConnection(self, link: link, address: address, context: context)
    let refusal = state.withLock { state -> String? in
      if state.phase == .draining { return "the server is shutting down" }
      if state.connections.count >= configuration.maxConnections {
        return "\(configuration.maxConnections) connections are open, the limit"
      }
      if state.strangers.count >= configuration.maxStrangers {
        return "\(configuration.maxStrangers) connections have not shown who they are, the limit"
      }
      if state.strangers.values.count(where: { $0 == host }) >= configuration.maxStrangersPerAddress {
        return "\(configuration.maxStrangersPerAddress) connections from this address have not shown who they are, the limit"
      }
      state.connections[ObjectIdentifier(connection)] = connection
      state.strangers[ObjectIdentifier(connection)] = host
      return nil
    }
    if let refusal {
      return logger.warning("connection refused", metadata: ["peer": "\(address)", "reason": "\(refusal)"])
    }
    link.loop.execute { [self] in
      do throws(TLSError) {
        let handler = ConnectionHandler(configuration.connection, link: link, owner: connection)
        try handler.begin(socket, context, address: host, handshakeWithin: configuration.handshakeTimeout.nanoseconds)
      } catch {
        hasEnded(connection)
        logger.error("connection refused", metadata: ["peer": "\(address)", "reason": "\(error)"])
      }
    }
  }

  /// A connection's peer has shown who it is, to `context`, which may have been replaced meanwhile.
  func isKnown(_ connection: ServerConnection, _ peer: PeerCertificate?, since context: TLSContext) {
    let current = state.withLock { state in
      state.strangers[ObjectIdentifier(connection)] = nil
      state.certificates[ObjectIdentifier(connection)] = peer
      return state.context
    }
    if let peer, current !== context, let refusal = current.refusal(of: peer) { connection.close(refusal) }
  }

  func hasEnded(_ connection: ServerConnection) {
    state.withLock { state in
      state.connections[ObjectIdentifier(connection)] = nil
      state.certificates[ObjectIdentifier(connection)] = nil
      state.strangers[ObjectIdentifier(connection)] = nil
    }
    finishIfDrained()
  }
}
