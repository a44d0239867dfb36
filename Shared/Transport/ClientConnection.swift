import Network
import Synchronization
import Wire

/// One connection to one server. Calls on it are not repeated; `Client` does that.
public final class ClientConnection: Sendable {
  /// Where it leads.
  public let endpoint: Endpoint
  /// Who the server is.
  public let peer: PeerIdentity
  /// What the server said of itself.
  public let hello: HelloMessage

  private let link: Link
  /// Opened when the connection has closed.
  private let end: Latch
  private let calls: CallCount

  fileprivate init(_ endpoint: Endpoint, peer: PeerIdentity, hello: HelloMessage, link: Link, end: Latch, calls: CallCount) {
    self.endpoint = endpoint
    self.peer = peer
    self.hello = hello
    self.link = link
    self.end = end
    self.calls = calls
  }

  /// Connects. Throws `unavailable` when the server cannot be reached, `unauthenticated` when one side refuses the other's certificate, and what the
  /// server says when it refuses HELLO.
  public static func connect(to endpoint: Endpoint, configuration: ClientConfiguration) async throws(CallError) -> ClientConnection {
    let context: TLSContext
    do throws(TransportError) { context = try TLSContext(configuration.identity, side: .client) } catch {
      throw CallError(.unauthenticated, "\(error)", processed: .no)
    }
    let slot = Slot<ClientConnection>()
    start(endpoint, context, configuration, onEnd: {}) { result in
      // The waiting task was cancelled: nobody wants the connection.
      if !slot.complete(result), case .success(let connection) = result { connection.abort() }
    }
    return try await slot.get(onCancel: {})
  }

  // Streams outlive the connection's value; the connection itself closes when they have ended.
  deinit { link.post(.retire) }

  /// Begins to connect.
  /// - Parameters:
  ///   - onEnd: called once when the connection takes no more calls.
  ///   - completion: called once, on any thread.
  static func start(
    _ endpoint: Endpoint, _ context: TLSContext, _ configuration: ClientConfiguration, onEnd: @escaping @Sendable () -> Void,
    completion: @escaping @Sendable (Result<ClientConnection, CallError>) -> Void
  ) {
    let attempt = ConnectAttempt(endpoint, onEnd: onEnd, completion: completion)
    let limit = configuration.connectTimeout.nanoseconds
    let loop = EventLoop.next()
    Connector.connect(host: endpoint.host, port: endpoint.port, within: limit, on: loop) { result in
      switch result {
      case .success(let socket): attempt.begin(socket, on: loop, context, configuration, limit)
      case .failure(let error): attempt.fail(CallError(.unavailable, error.reason, retryable: true))
      }
    }
  }

  /// Calls that have not ended.
  var callsInFlight: Int { calls.value.load(ordering: .relaxed) }

  /// Calls a method that has no DATA, and waits for the reply. Cancelling the task cancels the call on the server.
  /// - Parameter deadline: what remains for the call; nil = the server's own limit.
  public func call(
    _ method: Method, body: [UInt8], deadline: Duration? = nil, idempotencyKey: String = "", traceParent: [UInt8] = []
  ) async throws(CallError) -> ArraySlice<UInt8> {
    let request = try Self.request(body, deadline, idempotencyKey, traceParent)
    calls.value.add(1, ordering: .relaxed)
    defer { calls.value.subtract(1, ordering: .relaxed) }
    let port = StreamPort(link)
    link.post(.open(port, method, request, last: true))
    return try await port.reply.get(onCancel: { port.link.post(.cancel(port)) })
  }

  /// Calls a method with DATA one way or both.
  /// - Parameter sends: true when DATA follows from this side, by `ClientStream.send`.
  /// - Returns: the stream, once the request is on its way.
  public func open(
    _ method: Method, body: [UInt8], sends: Bool = false, deadline: Duration? = nil, idempotencyKey: String = "", traceParent: [UInt8] = []
  ) async throws(CallError) -> ClientStream {
    let request = try Self.request(body, deadline, idempotencyKey, traceParent)
    let port = StreamPort(link)
    let stream = ClientStream(port, sends: sends, calls: calls)
    link.post(.open(port, method, request, last: !sends))
    try await port.opened.get(onCancel: { port.link.post(.cancel(port)) })
    return stream
  }

  private static func request(
    _ body: [UInt8], _ deadline: Duration?, _ idempotencyKey: String, _ traceParent: [UInt8]
  ) throws(CallError) -> Request {
    var milliseconds: UInt32 = 0
    if let deadline {
      milliseconds = UInt32(clamping: deadline.milliseconds)
      if milliseconds == 0 { throw CallError(.deadline, "the deadline passed before the call was sent", processed: .no) }
    }
    return Request(deadlineMs: milliseconds, traceParent: traceParent, idempotencyKey: idempotencyKey, body: body[...])
  }

  /// Closes the connection; calls that are open fail.
  public func close() async {
    abort()
    await end.wait()
  }

  /// Begins to close the connection.
  func abort() { link.post(.close(nil)) }
}

/// Calls in flight on a connection.
final class CallCount: Sendable {
  let value = Atomic(0)
}

/// The making of a connection, and its owner when it stands.
private final class ConnectAttempt: ConnectionOwner {
  private struct State {
    var completion: (@Sendable (Result<ClientConnection, CallError>) -> Void)?
    var onEnd: (@Sendable () -> Void)?
    var link: Link?
    var timer: Timer?
  }

  private let endpoint: Endpoint
  private let end = Latch()
  private let state: Mutex<State>

  init(
    _ endpoint: Endpoint, onEnd: @escaping @Sendable () -> Void,
    completion: @escaping @Sendable (Result<ClientConnection, CallError>) -> Void
  ) {
    self.endpoint = endpoint
    state = Mutex(State(completion: completion, onEnd: onEnd))
  }

  /// TCP has connected.
  func begin(_ socket: Socket, on loop: EventLoop, _ context: TLSContext, _ configuration: ClientConfiguration, _ limit: UInt64) {
    let link = Link(loop)
    let timer = loop.schedule(in: limit) { [weak self] in self?.timeOut(limit) }
    state.withLock { state in
      state.link = link
      state.timer = timer
    }
    do throws(TLSError) {
      let handler = ConnectionHandler(configuration.connection, link: link, owner: self)
      try handler.begin(socket, context, host: endpoint.host, handshakeWithin: limit)
    } catch {
      connectionEnded(error, wasReady: false)
    }
  }

  func connectionIsReady(_ hello: HelloMessage, peer: PeerIdentity) {
    let (completion, link, timer) = state.withLock { ($0.completion.take(), $0.link, $0.timer.take()) }
    timer?.cancel()
    guard let completion, let link else { return }
    completion(.success(ClientConnection(endpoint, peer: peer, hello: hello, link: link, end: end, calls: CallCount())))
  }

  func answer(_ request: IncomingRequest, peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool { false }

  func take(_ request: IncomingRequest, peer: PeerIdentity) throws(CallError) -> ServerCall {
    throw CallError(.unimplemented, "a client serves no calls", processed: .no)
  }

  var restAfterRefusal: UInt64 { 0 }

  func connectionGoesAway() { state.withLock { $0.onEnd.take() }?() }

  func connectionEnded(_ reason: (any Error)?, wasReady: Bool) {
    let (onEnd, timer) = state.withLock { ($0.onEnd.take(), $0.timer.take()) }
    timer?.cancel()
    onEnd?()
    fail(reason ?? CallError(.unavailable, "the server closed the connection before HELLO", retryable: true))
    end.open()
  }

  private func timeOut(_ limit: UInt64) {
    guard state.withLock({ $0.completion != nil }) else { return }
    fail(CallError(.deadline, "no HELLO within \(limit / 1_000_000) ms", retryable: true))
    state.withLock { $0.link }?.post(.close(nil))
  }

  /// The attempt has failed, or the connection has ended that it led to.
  func fail(_ error: any Error) {
    guard let completion = state.withLock({ $0.completion.take() }) else { return }
    var told: CallError
    switch error {
    case let error as CallError:
      told = error
    case let error as TLSError:
      told = CallError(error.isRefusal ? .unauthenticated : .unavailable, error.reason, retryable: !error.isRefusal)
    default:
      told = CallError(.unavailable, "\(error)", retryable: true)
    }
    told.message = "cannot connect to \(endpoint): \(told.message)"
    told.processed = .no
    completion(.failure(told))
  }
}
