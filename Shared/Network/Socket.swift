import CEpoll
import Glibc
import Platform

/// A TCP socket that does not block, closed when nobody holds it any more.
package final class Socket: Sendable {
  package let descriptor: Int32

  /// What a read or a write has come to.
  package enum Outcome: Equatable {
    /// So many bytes; of a read 0 is the peer's end.
    case bytes(Int)
    /// Nothing can be read or written now.
    case later
    /// The connection is broken, by an error of errno(3).
    case broken(Int32)
  }

  /// Takes over `descriptor`.
  package init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { close(descriptor) }

  /// A socket that is not connected. Throws the system's error.
  convenience init(for address: SocketAddress) throws(SystemError) {
    let descriptor = chancery_stream_socket(Int32(address.family))
    guard descriptor >= 0 else { throw SystemError("open", "a socket") }
    self.init(descriptor)
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) -> Outcome {
    outcome(recv(descriptor, buffer.baseAddress, buffer.count, 0))
  }

  package func write(_ bytes: UnsafeRawBufferPointer) -> Outcome { outcome(chancery_send(descriptor, bytes.baseAddress, bytes.count)) }

  private func outcome(_ count: Int) -> Outcome {
    if count >= 0 { return .bytes(count) }
    switch errno {
    case EAGAIN, EINTR: return .later
    case let error: return .broken(error)
    }
  }

  /// Says that nothing more will be written.
  package func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

  /// Small writes leave at once.
  func sendAtOnce() { set(Int32(IPPROTO_TCP), TCP_NODELAY, 1) }

  package func set(_ level: Int32, _ option: Int32, _ value: Int32) {
    var value = value
    setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
  }

  /// What has become of a connection that was begun: 0, or an error of errno(3).
  var connectError: Int32 {
    var error: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 ? error : errno
  }

  /// The port that it is bound to.
  var port: Int? { try? SocketAddress { getsockname(descriptor, $0, $1) }.port }

  /// Two sockets that are connected with each other.
  package static func pair() throws(SystemError) -> (Socket, Socket) {
    var descriptors: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &descriptors) == 0 else { throw SystemError("open", "a pair of sockets") }
    return (Socket(descriptors[0]), Socket(descriptors[1]))
  }
}

/// The address of one end of a connection (IPv4 or IPv6).
package struct SocketAddress: Sendable, CustomStringConvertible {
  private var storage = sockaddr_storage()
  private var length = socklen_t(MemoryLayout<sockaddr_storage>.size)

  private init(_ address: UnsafePointer<sockaddr>, _ length: socklen_t) {
    self.length = min(length, self.length)
    withUnsafeMutableBytes(of: &storage) { $0.copyMemory(from: UnsafeRawBufferPointer(start: address, count: Int(self.length))) }
  }

  /// The address that `fill` writes, which returns less than 0 when there is none.
  init(_ fill: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32) throws(SystemError) {
    var result: Int32 = 0
    withUnsafeMutablePointer(to: &storage) { storage in
      storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { result = fill($0, &length) }
    }
    if result < 0 { throw SystemError("read", "a socket's address") }
  }

  var family: sa_family_t { storage.ss_family }

  /// Lends the address to a function of the system's.
  func withPointer<R>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> R) -> R {
    withUnsafePointer(to: storage) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) } }
  }

  /// The IP address in figures; empty when it has none.
  package var host: String { name(NI_MAXHOST) { getnameinfo($0, $1, $2, $3, nil, 0, NI_NUMERICHOST) } }

  package var port: Int { Int(name(NI_MAXSERV) { getnameinfo($0, $1, nil, 0, $2, $3, NI_NUMERICSERV) }) ?? 0 }

  package var description: String { Self.text(host: host, port: port) }

  /// A host and a port as people write them, an IPv6 address in brackets (RFC 3986, section 3.2.2).
  package static func text(host: String, port: Int) -> String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

  private func name(_ room: Int32, _ ask: (UnsafePointer<sockaddr>, socklen_t, UnsafeMutablePointer<CChar>, socklen_t) -> Int32) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(room)) { text in
      // A buffer that is not empty has an address.
      guard let start = text.baseAddress, withPointer({ ask($0, $1, start, socklen_t(room)) }) == 0 else { return "" }
      return String(cString: start)
    }
  }

  /// The addresses of a host, in the order in which they should be tried (RFC 6724). Waits for the name service.
  /// - Parameter passive: to listen on.
  package static func resolve(_ host: String, port: Int, passive: Bool = false) throws(ConnectError) -> [SocketAddress] {
    var hints = addrinfo()
    hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    hints.ai_flags = passive ? AI_PASSIVE | AI_NUMERICSERV : AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    let failure = getaddrinfo(host, "\(port)", &hints, &found)
    defer { if let found { freeaddrinfo(found) } }
    guard failure == 0 else { throw ConnectError(reason: "the name \(host) has no address: \(String(cString: gai_strerror(failure)))") }
    var addresses: [SocketAddress] = []
    var next = found
    while let one = next?.pointee {
      if let address = one.ai_addr { addresses.append(SocketAddress(address, one.ai_addrlen)) }
      next = one.ai_next
    }
    if addresses.isEmpty { throw ConnectError(reason: "the name \(host) has no address") }
    return addresses
  }
}

/// Why no connection was made.
package struct ConnectError: Error, Sendable, CustomStringConvertible {
  /// For people.
  package let reason: String
  package var description: String { reason }
}
