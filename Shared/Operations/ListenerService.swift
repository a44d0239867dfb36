import Logging
import Metrics
import ServiceLifecycle
import Synchronization
import Transport
import Wire

/// The version of all programs of this package.
public let softwareVersion = "0.1.0"

/// Serves the protocol as one of a program's services: ready once it listens, drained when the program is told to stop.
public struct ListenerService: Service {
  /// What listens.
  public let server: Server
  private let host: String
  private let readiness: Readiness

  /// Loads the certificates. Throws `TransportError`.
  /// - Parameter spans: where the calls' spans go; nil = to a log of their own.
  public init(
    _ configuration: ServiceConfiguration, readiness: Readiness, spans: SpanLog? = nil, logger: Logger, handler: any RequestHandler
  ) throws(TransportError) {
    let listen = configuration.listen
    var settings = ServerConfiguration(
      host: listen.host, port: listen.port, identity: configuration.identity, software: configuration.software,
      cluster: configuration.cluster)
    if let spans { settings.spans = spans }
    settings.observe = Self.count()
    server = try Server(configuration: settings, logger: logger, handler: handler)
    host = listen.host
    self.readiness = readiness
  }

  /// Counts calls by method: how long they took, and how many failed with which code.
  private static func count() -> @Sendable (Method, UInt64, ErrorCode?) -> Void {
    let series = CallSeries()
    return { method, nanoseconds, failure in
      series.timer(method).recordNanoseconds(Int64(clamping: nanoseconds))
      if let failure { series.failures(method, failure).increment() }
    }
  }

  public func run() async throws {
    let port = try await server.start()
    readiness.setReady(at: Address(host: host, port: port))
    try await withGracefulShutdownHandler {
      try await server.run()
    } onGracefulShutdown: {
      readiness.setNotReady("stopping")
      server.beginShutdown()
    }
  }
}

/// A timer for each method that was called, and a counter for each way in which one failed. To find one by its name costs as much as all else of a call
/// that is refused, so they are kept.
private final class CallSeries: Sendable {
  private struct Failure: Hashable {
    let method: Method
    let code: ErrorCode
  }
  private let timers = Mutex<[Method: Metrics.Timer]>([:])
  private let counters = Mutex<[Failure: Counter]>([:])

  func timer(_ method: Method) -> Metrics.Timer {
    timers.withLock { timers in
      if let timer = timers[method] { return timer }
      let timer = Metrics.Timer(label: "chancery_call", dimensions: [("method", method.name)])
      timers[method] = timer
      return timer
    }
  }

  func failures(_ method: Method, _ code: ErrorCode) -> Counter {
    counters.withLock { counters in
      let failure = Failure(method: method, code: code)
      if let counter = counters[failure] { return counter }
      let counter = Counter(label: "chancery_call_failures", dimensions: [("method", method.name), ("code", code.name)])
      counters[failure] = counter
      return counter
    }
  }
}

extension ServiceConfiguration {
  /// Name and version, as peers see it.
  public var software: String { "\(service)/\(softwareVersion)" }
  /// The service's own certificate and the authorities it trusts.
  public var identity: TLSIdentity { TLSIdentity(certificateChain: certificate, privateKey: key, authority: ca, revocations: crl) }
}

extension Address {
  /// The address as a client's endpoint.
  public var endpoint: Endpoint { Endpoint(host: host, port: port) }
}

extension Readiness {
  /// Answers Health, in a `RequestHandler`'s `answer`.
  /// - Returns: false for another method.
  public func answer(_ request: IncomingRequest, service: String, into reply: inout FieldWriter) -> Bool {
    guard request.method == .health else { return false }
    health(service).encode(into: &reply)
    return true
  }

  private func health(_ service: String) -> HealthReply {
    let state = state
    return HealthReply(service: service, version: softwareVersion, ready: state.ready, reason: state.reason)
  }
}
