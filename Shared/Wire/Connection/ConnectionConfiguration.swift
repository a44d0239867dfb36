/// What one side of a connection says in its HELLO, and how long it waits. Times are in milliseconds.
public struct ConnectionConfiguration: Sendable, Hashable {
  /// The side that opens streams, or the side that serves them.
  public enum Side: Sendable { case client, server }

  public var side: Side
  /// Name and version, at most 128 bytes of UTF-8.
  public var software: String
  /// The cluster's id, at most 128 bytes of UTF-8; empty = any. Both sides must agree when both state one.
  public var cluster: String
  /// Lowest and highest protocol version this side can speak.
  public var versions: ClosedRange<UInt32> = WireLimits.protocolVersion...WireLimits.protocolVersion
  /// Largest body this side is willing to receive, in bytes.
  public var maxFrameLength = WireLimits.defaultFrameLength
  /// Streams the peer may keep open at once.
  public var maxStreams = WireLimits.defaultStreams
  /// DATA bytes this side is willing to hold per stream.
  public var streamCredit = WireLimits.defaultStreamCredit
  /// DATA bytes this side is willing to hold per connection.
  public var connectionCredit = WireLimits.defaultConnectionCredit
  /// The peer's HELLO must come within this time.
  public var helloTimeout: UInt64 = 10_000
  /// A PING is sent when nothing has come for this long.
  public var pingInterval: UInt64 = 10_000
  /// The peer is taken for dead when nothing has come for this long after a PING.
  public var pongTimeout: UInt64 = 5_000
  /// A frame other than DATA must be whole within this time after its first byte.
  public var frameTimeout: UInt64 = 60_000
  /// Server: the deadline of a request that states none and neither its request nor its reply streams.
  public var unaryDeadline: UInt64 = 60_000

  public init(_ side: Side, software: String, cluster: String = "") {
    self.side = side
    self.software = software
    self.cluster = cluster
  }

  /// The HELLO that says so.
  var hello: HelloMessage {
    HelloMessage(
      minVersion: versions.lowerBound, maxVersion: versions.upperBound, maxFrameLength: maxFrameLength, maxStreams: maxStreams,
      initialStreamCredit: streamCredit, initialConnectionCredit: connectionCredit, software: software, cluster: cluster)
  }

  /// A mistake here is ours, not the peer's: it is found when the first connection is made.
  func check() {
    let names = max(software.utf8.count, cluster.utf8.count)
    precondition(names <= 128, "software and cluster are at most 128 bytes")
    let lengths = WireLimits.maxControlLength...WireLimits.maxFrameLength
    precondition(lengths.contains(maxFrameLength), "maxFrameLength is within \(lengths)")
    precondition(maxStreams > 0, "maxStreams is at least 1")
    precondition((1...WireLimits.maxCredit).contains(streamCredit), "streamCredit is within 1...2^62")
    precondition((1...WireLimits.maxCredit).contains(connectionCredit), "connectionCredit is within 1...2^62")
  }
}
