import Logging
import Network
import Platform
import Synchronization
import Wire

/// Calls to a service that runs at several endpoints. Connects when a connection is first needed, prefers the less busy of two endpoints chosen at random,
/// leaves those that cannot be reached alone for a while, and repeats what is safe to repeat.
///
/// A call is repeated when the server did not process it, or when doing so twice does no harm (an idempotent method, or an idempotency key).
public final class Client: CertificateUser {
  private struct Member {
    let endpoint: Endpoint
    var connection: ClientConnection?
    /// Counts connections, so that the end of an old one is not taken for that of its successor.
    var generation: UInt64 = 0
    var isConnecting = false
    var waiters: [Slot<ClientConnection>] = []
    var failures = 0
    /// Monotonic milliseconds before which no connection is tried.
    var retryAt: UInt64 = 0
    var lastError: CallError?

    var load: Int { connection?.callsInFlight ?? waiters.count }
  }
  private struct State {
    var context: TLSContext
    var members: [Member]
    var isClosed = false

    func index(of endpoint: Endpoint) -> Int? { members.firstIndex { $0.endpoint == endpoint } }
  }
  /// What to do to get a connection.
  private enum Choice {
    case use(ClientConnection)
    case wait(Slot<ClientConnection>, Endpoint)
    case connect(Slot<ClientConnection>, Endpoint, UInt64, TLSContext)
    /// No endpoint may be tried before so many milliseconds have passed.
    case later(UInt64, CallError)
    case never(CallError)
  }

  private let configuration: ClientConfiguration
  private let logger: Logger
  private let state: Mutex<State>

  /// Reads the certificates; connects nowhere yet.
  public init(configuration: ClientConfiguration, endpoints: [Endpoint], logger: Logger) throws(TransportError) {
    self.configuration = configuration
    self.logger = logger
    let context = try TLSContext(configuration.identity, side: .client)
    state = Mutex(State(context: context, members: Self.members(endpoints)))
  }

  private static func members(_ endpoints: [Endpoint]) -> [Member] {
    var seen: Set<Endpoint> = []
    return endpoints.filter { seen.insert($0).inserted }.map { Member(endpoint: $0) }
  }

  /// Calls from now on go to these endpoints. Connections to others are closed once their calls have ended.
  public func setEndpoints(_ endpoints: [Endpoint]) {
    state.withLock { state in
      // A connection that nobody holds any more closes when its streams have ended.
      state.members = Self.members(endpoints).map { new in state.members.first { $0.endpoint == new.endpoint } ?? new }
    }
  }

  /// Reads the certificates again, for connections made from now on; those to servers that would be refused now are closed. When this throws, the old ones
  /// stay in use.
  public func reload() throws(TransportError) {
    let context = try TLSContext(configuration.identity, side: .client)
    state.withLock { $0.context = context }
    review(at: unixSeconds()) { _ in true }
  }

  public func closeExpired(at now: Int64) { review(at: now) { $0.end < now } }

  private func review(at now: Int64, _ isSuspect: (PeerCertificate) -> Bool) {
    let (context, connections) = state.withLock { ($0.context, $0.members.compactMap(\.connection)) }
    for connection in connections {
      guard let peer = connection.peer.certificate, isSuspect(peer), let refusal = context.refusal(of: peer, at: now) else { continue }
      logger.warning("connection closed", metadata: ["peer": "\(connection.endpoint)", "reason": "\(refusal)"])
      connection.abort()
    }
  }

  /// Closes all connections; calls that are open fail, and so do those made later.
  public func close() async {
    let members = state.withLock { state in
      state.isClosed = true
      return state.members.drainAll()
    }
    let error = CallError(.unavailable, "the client is closed", processed: .no)
    for member in members {
      for waiter in member.waiters { waiter.complete(.failure(error)) }
      await member.connection?.close()
    }
  }

  // MARK: Calls

  /// Calls a method that has no DATA, and waits for the reply. Cancelling the task cancels the call on the server.
  /// - Parameter deadline: for all attempts together; nil = the server's own limit for each.
  public func call(
    _ method: Method, body: [UInt8], deadline: Duration? = nil, idempotencyKey: String = "", traceParent: [UInt8] = []
  ) async throws(CallError) -> ArraySlice<UInt8> {
    let repeats = method.isIdempotent || !idempotencyKey.isEmpty
    return try await attempt(method, deadline, repeats: repeats) { (connection, remaining) throws(CallError) in
      try await connection.call(method, body: body, deadline: remaining, idempotencyKey: idempotencyKey, traceParent: traceParent)
    }
  }

  /// Calls a method with DATA one way or both. Only the opening is repeated: what happens on the stream is the caller's.
  /// - Parameter sends: true when DATA follows from this side.
  public func open(
    _ method: Method, body: [UInt8], sends: Bool = false, deadline: Duration? = nil, idempotencyKey: String = "", traceParent: [UInt8] = []
  ) async throws(CallError) -> ClientStream {
    try await attempt(method, deadline, repeats: false) { (connection, remaining) throws(CallError) in
      try await connection.open(
        method, body: body, sends: sends, deadline: remaining, idempotencyKey: idempotencyKey, traceParent: traceParent)
    }
  }

  private func attempt<R: Sendable>(
    _ method: Method, _ deadline: Duration?, repeats: Bool,
    _ body: (ClientConnection, Duration?) async throws(CallError) -> R
  ) async throws(CallError) -> R {
    let start = nowMilliseconds()
    let due = deadline.map { start + $0.milliseconds }
    var tried: Set<Endpoint> = []
    var attempts = 0
    while true {
      attempts += 1
      var failure: CallError
      var used: Endpoint?
      do throws(CallError) {
        let connection = try await connection(avoiding: tried, due: due) { used = $0 }
        return try await body(connection, try Self.remaining(due))
      } catch {
        failure = error
      }
      let isSafe = failure.processed == .no || (failure.processed == .maybe && repeats)
      // Not reached, or going away: whether that is so more often than `maxAttempts` says nothing of the call.
      let isAway = failure.code == .unavailable && failure.processed == .no
      let mayRepeat = attempts < configuration.maxAttempts || isAway && nowMilliseconds() < start + configuration.patience.milliseconds
      guard failure.retryable, isSafe, mayRepeat, !Task.isCancelled else { throw failure }
      if let used { tried.insert(used) }
      // Another endpoint can be tried at once; the same ones only after a while.
      let hasOther = state.withLock { $0.members.contains { !tried.contains($0.endpoint) && $0.retryAt <= nowMilliseconds() } }
      if hasOther { continue }
      tried = []
      let pause = max(UInt64(failure.retryAfterMilliseconds), backoff(attempts))
      if let due, nowMilliseconds() + pause >= due { throw failure }
      do { try await Task.sleep(for: .milliseconds(pause)) } catch {
        throw CallError(.cancelled, "the caller's task was cancelled", processed: failure.processed)
      }
    }
  }

  private static func remaining(_ due: UInt64?) throws(CallError) -> Duration? {
    guard let due else { return nil }
    let now = nowMilliseconds()
    if now >= due { throw CallError(.deadline, "the deadline passed before the call was sent", processed: .no) }
    return .milliseconds(due - now)
  }

  /// How long to wait after the n-th failure in a row, in milliseconds: doubling, and never the same for all clients.
  private func backoff(_ failures: Int) -> UInt64 {
    let full = min(configuration.maxBackoff.milliseconds, configuration.firstBackoff.milliseconds << UInt64(min(failures - 1, 20)))
    return full / 2 + UInt64.random(in: 0...(full / 2 + 1))
  }

  // MARK: Connections

  /// A connection to one of the endpoints, one that is not in `tried` if there is such a one.
  private func connection(
    avoiding tried: Set<Endpoint>, due: UInt64?, chosen: (Endpoint) -> Void
  ) async throws(CallError) -> ClientConnection {
    switch choose(tried) {
    case .use(let connection):
      chosen(connection.endpoint)
      return connection
    case .wait(let slot, let endpoint):
      chosen(endpoint)
      return try await wait(slot, due)
    case .connect(let slot, let endpoint, let generation, let context):
      chosen(endpoint)
      ClientConnection.start(endpoint, context, configuration, onEnd: { [weak self] in self?.ended(endpoint, generation) }) {
        [weak self] result in
        guard let self else {
          if case .success(let connection) = result { connection.abort() }
          return
        }
        self.connected(endpoint, generation, result)
      }
      return try await wait(slot, due)
    case .later(let milliseconds, var error):
      error.retryAfterMilliseconds = UInt32(clamping: milliseconds)
      throw error
    case .never(let error): throw error
    }
  }

  /// Waits for a connection, which may take longer than the call has.
  private func wait(_ slot: Slot<ClientConnection>, _ due: UInt64?) async throws(CallError) -> ClientConnection {
    guard let due else { return try await slot.get(onCancel: {}) }
    let error = CallError(.deadline, "the deadline passed before a connection was made", processed: .no)
    let timer = Timer.schedule(milliseconds: due - min(due, nowMilliseconds())) { slot.complete(.failure(error)) }
    defer { timer.cancel() }
    return try await slot.get(onCancel: {})
  }

  private func choose(_ tried: Set<Endpoint>) -> Choice {
    let now = nowMilliseconds()
    return state.withLock { state in
      if state.isClosed { return .never(CallError(.unavailable, "the client is closed", processed: .no)) }
      if state.members.isEmpty { return .never(CallError(.unavailable, "no endpoint is configured", processed: .no)) }
      let usable = state.members.indices.filter { state.members[$0].connection != nil || state.members[$0].retryAt <= now }
      let fresh = usable.filter { !tried.contains(state.members[$0].endpoint) }
      let candidates = fresh.isEmpty ? usable : fresh
      guard let one = candidates.randomElement(), let other = candidates.randomElement() else {
        let first = state.members.min { $0.retryAt < $1.retryAt }
        let error = first?.lastError ?? CallError(.unavailable, "no endpoint can be reached", retryable: true, processed: .no)
        return .later((first?.retryAt ?? now) - min(now, first?.retryAt ?? now), error)
      }
      let index = state.members[one].load <= state.members[other].load ? one : other
      if let connection = state.members[index].connection { return .use(connection) }
      let slot = Slot<ClientConnection>()
      state.members[index].waiters.append(slot)
      let endpoint = state.members[index].endpoint
      if state.members[index].isConnecting { return .wait(slot, endpoint) }
      state.members[index].isConnecting = true
      state.members[index].generation += 1
      return .connect(slot, endpoint, state.members[index].generation, state.context)
    }
  }

  private func connected(_ endpoint: Endpoint, _ generation: UInt64, _ result: Result<ClientConnection, CallError>) {
    let waiters = state.withLock { state -> [Slot<ClientConnection>]? in
      guard let index = state.index(of: endpoint), state.members[index].generation == generation else { return nil }
      state.members[index].isConnecting = false
      switch result {
      case .success(let connection):
        state.members[index].connection = connection
        state.members[index].failures = 0
        state.members[index].lastError = nil
      case .failure(let error):
        state.members[index].failures += 1
        state.members[index].retryAt = nowMilliseconds() + backoff(state.members[index].failures)
        state.members[index].lastError = error
      }
      return state.members[index].waiters.drainAll()
    }
    if case .failure(let error) = result { logger.warning("connection failed", metadata: ["reason": "\(error)"]) }
    guard let waiters else {
      if case .success(let connection) = result { connection.abort() }
      return
    }
    for waiter in waiters { waiter.complete(result) }
  }

  /// The connection takes no more calls: the next one makes a new one.
  private func ended(_ endpoint: Endpoint, _ generation: UInt64) {
    state.withLock { state in
      guard let index = state.index(of: endpoint), state.members[index].generation == generation else { return }
      state.members[index].connection = nil
    }
  }
}
