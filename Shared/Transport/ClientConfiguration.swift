import Wire

/// Who a client is, and how long it tries.
public struct ClientConfiguration: Sendable {
  public var identity: TLSIdentity
  /// Name and version, e.g. "chancery/0.1.0".
  public var software: String
  /// The cluster's id; empty = any.
  public var cluster: String
  /// A connection (TCP, TLS and HELLO) must stand within this time.
  public var connectTimeout = Duration.seconds(5)
  /// How often a call is tried at most, the first time included.
  public var maxAttempts = 4
  /// While endpoints cannot be reached or go away before they begin a call, it goes on trying for so long, however often: a node that restarts is back soon.
  public var patience = Duration.seconds(3)
  /// After the first failure to connect an endpoint is left alone for about this long; each further failure doubles it.
  public var firstBackoff = Duration.milliseconds(50)
  /// See `firstBackoff`.
  public var maxBackoff = Duration.seconds(1)
  /// A connection that is silent for so long is asked for a sign of life.
  public var pingInterval = Duration.seconds(10)

  public init(identity: TLSIdentity, software: String, cluster: String = "") {
    self.identity = identity
    self.software = software
    self.cluster = cluster
  }

  var connection: ConnectionConfiguration {
    var connection = ConnectionConfiguration(.client, software: software, cluster: cluster)
    connection.helloTimeout = connectTimeout.milliseconds
    connection.pingInterval = pingInterval.milliseconds
    return connection
  }
}
