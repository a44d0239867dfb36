import Network

/// A host and port to connect to.
public struct Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// A host name or IP address; the server's certificate must be for it.
  public let host: String
  public let port: Int

  public init(host: String, port: Int) {
    self.host = host
    self.port = port
  }

  /// Reads `host:port` or, for an IPv6 address, `[address]:port`; nil when it is neither.
  public init?(_ text: String) {
    guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (1...65_535).contains(port) else {
      return nil
    }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
    } else if host.contains(":") {
      return nil
    }
    guard !host.isEmpty else { return nil }
    self.init(host: String(host), port: port)
  }

  public var description: String { SocketAddress.text(host: host, port: port) }
}
