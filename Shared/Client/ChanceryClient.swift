import Documents
import Logging
import Platform
import Transport
import Wire

/// Where the services are and who the caller is.
public struct ChanceryConfiguration: Sendable {
  public var ingest: [Endpoint]
  public var index: [Endpoint]
  public var query: [Endpoint]
  /// Paths of PEM files: the caller's certificate chain and key, and the authorities to trust.
  public var identity: TLSIdentity
  /// The cluster's name; a service of another cluster refuses the connection. Empty = any.
  public var cluster: String
  /// What all calls are made for; nil = they are not traced.
  public var trace: TraceContext?

  public init(ingest: [Endpoint] = [], index: [Endpoint] = [], query: [Endpoint] = [], identity: TLSIdentity, cluster: String = "") {
    self.ingest = ingest
    self.index = index
    self.query = query
    self.identity = identity
    self.cluster = cluster
  }
}

/// Calls Chancery's services. One client serves a whole program: it keeps a pool of connections to all endpoints of each service, chooses the less
/// busy of two at random, repeats on another what is safe to repeat, and gives up at the deadline. Connections are made when first needed.
///
/// Every method throws `CallError`; its `code` says what happened and `retryable` whether trying again can help. Cancelling the task cancels the call.
public final class ChanceryClient: Sendable {
  /// The services that can be asked.
  public enum Service: String, Sendable, CaseIterable { case ingest, index, query }

  /// The longest document message accepted, bytes.
  static let documentLimit = 64 << 20

  private let configuration: ChanceryConfiguration
  private let transport: ClientConfiguration
  private let logger: Logger
  private let pools: [Service: Client]

  /// Throws `TransportError` when a certificate or key cannot be loaded.
  public init(_ configuration: ChanceryConfiguration, software: String = "chancery-client", logger: Logger) throws(TransportError) {
    self.configuration = configuration
    self.logger = logger
    transport = ClientConfiguration(identity: configuration.identity, software: software, cluster: configuration.cluster)
    var pools: [Service: Client] = [:]
    for (service, endpoints) in [(Service.ingest, configuration.ingest), (.index, configuration.index), (.query, configuration.query)] {
      if endpoints.isEmpty { continue }
      pools[service] = try Client(configuration: transport, endpoints: endpoints, logger: logger)
    }
    self.pools = pools
  }

  private func pool(_ service: Service) throws(CallError) -> Client {
    guard let pool = pools[service] else {
      throw CallError(.invalid, "no address of the \(service.rawValue) service is configured", processed: .no)
    }
    return pool
  }

  private var traceParent: [UInt8] { configuration.trace?.bytes ?? [] }

  private func call<Reply: WireMessage>(
    _ service: Service, _ method: Method, _ request: some WireMessage, _ deadline: Duration, key: String = ""
  ) async throws(CallError) -> Reply {
    try Reply(
      reply: await pool(service).call(
        method, body: request.encoded, deadline: deadline, idempotencyKey: key, traceParent: traceParent))
  }

  // MARK: Registering

  /// Registers a file. The chunks are sent as they come; `request.size`, when stated, must be their sum.
  /// - Parameter idempotencyKey: the service throws `conflict` when it was used for other bytes within 24 hours; empty = none.
  public func submit<Chunks: AsyncSequence>(
    _ request: SubmitRequest, chunks: Chunks, idempotencyKey: String = "", deadline: Duration = .seconds(300)
  )
    async throws(CallError)
    -> SubmitReply where Chunks.Element == [UInt8], Chunks.Failure == CallError
  {
    try await submit(request, idempotencyKey, deadline) { (stream) throws(CallError) in
      for try await chunk in chunks { try await stream.send(chunk) }
    }
  }

  private func submit(
    _ request: SubmitRequest, _ idempotencyKey: String, _ deadline: Duration, _ send: (ClientStream) async throws(CallError) -> Void
  ) async throws(CallError) -> SubmitReply {
    let stream = try await pool(.ingest).open(
      .submit, body: request.encoded, sends: true, deadline: deadline, idempotencyKey: idempotencyKey, traceParent: traceParent)
    do throws(CallError) {
      try await send(stream)
      stream.finishSending()
    } catch {
      // A refusal that came while we were sending says more than the failure to send.
      if error.code == .cancelled { throw error }
      _ = try await stream.reply()
      throw error
    }
    return try SubmitReply(reply: await stream.reply())
  }

  /// Registers bytes that are in memory.
  public func submit(
    bytes: [UInt8], fileName: String, mediaType: String = "", symbol: String = "", metadata: [String: String] = [:],
    distribution: String = "", idempotencyKey: String = ""
  ) async throws(CallError) -> SubmitReply {
    let request = SubmitRequest(
      fileName: fileName, mediaType: mediaType, size: UInt64(bytes.count), symbol: symbol, metadata: metadata,
      sha256: SHA256.hash(bytes), distribution: distribution)
    return try await submit(request, idempotencyKey, .seconds(300)) { (stream) throws(CallError) in try await stream.send(bytes) }
  }

  /// Removes a document from search; its history stays in the journal.
  public func delete(_ request: DeleteRequest) async throws(CallError) -> DeleteReply {
    try await call(.ingest, .delete, request, .seconds(60))
  }

  /// Corrects fields of a document's newest version; the correction holds for versions to come too. Throws `notFound`, and `invalid` when a value cannot be
  /// understood.
  public func amend(_ request: AmendRequest) async throws(CallError) -> AmendReply {
    try await call(.ingest, .amend, request, .seconds(60))
  }

  // MARK: Finding

  public func search(_ request: SearchRequest, deadline: Duration = .seconds(10)) async throws(CallError) -> SearchReply {
    try await call(.query, .search, request, deadline)
  }

  /// All hits of a search, in pages of `request.limit`; by date nothing is missed and nothing comes twice, also while the index grows. By relevance it
  /// throws `conflict` when the node has gone on to another generation.
  /// - Parameter take: called with one answer after another, of which the first has the facets; false ends it. What it throws is thrown.
  public func searchAll(
    _ request: SearchRequest, deadline: Duration = .seconds(10), _ take: (SearchReply) async throws -> Bool
  ) async throws {
    var request = request
    repeat {
      let reply = try await search(request, deadline: deadline)
      (request.cursor, request.facets) = (reply.nextCursor, [])
      if !(try await take(reply)) { return }
    } while !request.cursor.isEmpty
  }

  /// How a document's score comes about in the answer to a query. Throws `notFound` when there is no such document.
  public func explain(_ request: ExplainRequest, deadline: Duration = .seconds(10)) async throws(CallError) -> ExplainReply {
    try await call(.query, .explain, request, deadline)
  }

  public func suggest(_ request: SuggestRequest, deadline: Duration = .seconds(10)) async throws(CallError) -> SuggestReply {
    try await call(.query, .suggest, request, deadline)
  }

  /// A document by any of its symbols. Throws `notFound`.
  public func get(symbol: String) async throws(CallError) -> Document { try await get(GetRequest(symbol: symbol)) }

  /// A document by symbol or id. Throws `notFound`.
  public func get(_ request: GetRequest) async throws(CallError) -> Document {
    let stream = try await pool(.query).open(.get, body: request.encoded, deadline: .seconds(30), traceParent: traceParent)
    let size = try GetReply(reply: await stream.reply()).size
    guard size <= UInt64(Self.documentLimit) else {
      throw CallError(.tooLarge, "the document has \(size) bytes; the limit is \(Self.documentLimit)")
    }
    var bytes: [UInt8] = []
    for try await chunk in stream.incoming {
      bytes += chunk
      guard bytes.count <= Int(size) else { throw CallError(.internal, "the document is longer than its reply said") }
    }
    return try Document(DocumentMessage(reply: bytes[...]))
  }

  /// The bytes of an original, in pieces as they come. Throws `notFound`.
  public func original(sha256: [UInt8], _ take: (ArraySlice<UInt8>) throws(CallError) -> Void) async throws(CallError) -> GetOriginalReply {
    let stream = try await pool(.ingest).open(
      .getOriginal, body: GetOriginalRequest(sha256: sha256).encoded, deadline: .seconds(300), traceParent: traceParent)
    let reply = try GetOriginalReply(reply: await stream.reply())
    for try await chunk in stream.incoming { try take(chunk) }
    return reply
  }

  // MARK: Operating

  /// The endpoints of a service, as configured.
  public func endpoints(of service: Service) -> [Endpoint] {
    switch service {
    case .ingest: configuration.ingest
    case .index: configuration.index
    case .query: configuration.query
    }
  }

  /// One connection of its own to one node, made when first needed and again when it is lost; calls on it are not repeated. Its caller closes it.
  package func connection(to endpoint: Endpoint) throws(TransportError) -> Client {
    var single = transport
    single.maxAttempts = 1
    single.patience = .zero
    return try Client(configuration: single, endpoints: [endpoint], logger: logger)
  }

  /// What one node says of itself.
  public func status(_ endpoint: Endpoint) async throws(CallError) -> StatusReply {
    try await ask(endpoint, .status, StatusRequest(), .seconds(10))
  }

  /// Whether one node is ready.
  public func health(_ endpoint: Endpoint) async throws(CallError) -> HealthReply {
    try await ask(endpoint, .health, HealthRequest(), .seconds(5))
  }

  /// What one node remembers of a trace.
  public func spans(of trace: [UInt8], _ endpoint: Endpoint) async throws(CallError) -> [SpanMessage] {
    let reply: TraceReply = try await ask(endpoint, .trace, TraceRequest(traceID: trace), .seconds(10))
    return reply.spans
  }

  /// Has one node check everything it holds, which may take long.
  public func verify(_ endpoint: Endpoint) async throws(CallError) -> VerifyReply {
    try await ask(endpoint, .verify, VerifyRequest(), .seconds(3600))
  }

  private func ask<Reply: WireMessage>(_ endpoint: Endpoint, _ method: Method, _ request: some WireMessage, _ deadline: Duration)
    async throws(CallError) -> Reply
  {
    let connection = try await ClientConnection.connect(to: endpoint, configuration: transport)
    let result: Result<Reply, CallError>
    do throws(CallError) {
      result = .success(try Reply(reply: await connection.call(method, body: request.encoded, deadline: deadline)))
    } catch { result = .failure(error) }
    await connection.close()
    return try result.get()
  }

  /// Lets calls in flight end and closes all connections.
  public func close() async { for pool in pools.values { await pool.close() } }
}
