import Wire

/// Where a server listens, who it is, and its limits.
public struct ServerConfiguration: Sendable {
  /// The address to listen on, e.g. "0.0.0.0".
  public var host: String
  /// 0 = any free one.
  public var port: Int
  public var identity: TLSIdentity
  /// Name and version, e.g. "chancery-query/0.1.0".
  public var software: String
  /// The cluster's id; empty = any.
  public var cluster: String
  /// Where the spans of calls go that are traced; method Trace gives them back.
  public var spans: SpanLog
  /// Is told of each call that has ended, from any thread: its method, the nanoseconds from its start, and why it failed if it did. One that was refused
  /// before it began took none.
  public var observe: (@Sendable (Method, _ nanoseconds: UInt64, ErrorCode?) -> Void)?
  /// Connections at once.
  public var maxConnections = 4096
  /// Connections at once that have not yet shown who they are (TLS and HELLO), so that strangers cannot take the place of peers.
  public var maxStrangers = 256
  /// Those of `maxStrangers` that may come from one address, so that one address cannot keep the others out.
  public var maxStrangersPerAddress = 64
  /// Calls without DATA that run at once.
  public var maxRunningCalls = 64
  /// Calls without DATA that wait.
  public var maxQueuedCalls = 256
  /// Calls with DATA that run at once.
  public var maxStreamingCalls = 512
  /// Streams at once on one connection.
  public var maxStreams = WireLimits.defaultStreams
  /// TLS must be done within this time of connecting.
  public var handshakeTimeout = Duration.seconds(5)
  /// The peer's HELLO must have come within this time of connecting.
  public var helloTimeout = Duration.seconds(10)
  /// A frame other than DATA must be whole within this time after its first byte.
  public var frameTimeout = Duration.seconds(60)
  /// A connection that is silent for so long is asked for a sign of life.
  public var pingInterval = Duration.seconds(10)
  /// The deadline of a call without DATA that states none.
  public var unaryDeadline = Duration.seconds(60)
  /// Calls that are open when a shutdown begins have this long to end.
  public var drainTimeout = Duration.seconds(30)

  public init(host: String, port: Int, identity: TLSIdentity, software: String, cluster: String = "") {
    self.host = host
    self.port = port
    self.identity = identity
    self.software = software
    self.cluster = cluster
    spans = SpanLog(software: software)
  }

  var connection: ConnectionConfiguration {
    var connection = ConnectionConfiguration(.server, software: software, cluster: cluster)
    connection.maxStreams = maxStreams
    connection.helloTimeout = helloTimeout.milliseconds
    connection.frameTimeout = frameTimeout.milliseconds
    connection.pingInterval = pingInterval.milliseconds
    connection.unaryDeadline = unaryDeadline.milliseconds
    return connection
  }
}
