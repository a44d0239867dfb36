import Glibc
import Platform
import Synchronization
import Testing

@testable import Network

/// Connections that were taken.
final class Taken: Sendable {
  private let connections = Mutex<[(socket: Socket, address: SocketAddress)]>([])

  func add(_ socket: Socket, _ address: SocketAddress) { connections.withLock { $0.append((socket, address)) } }
  var count: Int { connections.withLock { $0.count } }
  var addresses: [String] { connections.withLock { $0.map { "\($0.address)" } } }
  var sockets: [Socket] { connections.withLock { $0.map(\.socket) } }
}

/// Waits until `condition` holds: a test must fail when its time is over, not hang.
func until(_ condition: () throws -> Bool) async throws {
  while try !condition() { try await Task.sleep(for: .milliseconds(1)) }
}

/// A connection to a port of this machine.
func connection(_ port: Int, host: String = "127.0.0.1", within limit: UInt64 = 10_000_000_000) async -> Result<Socket, ConnectError> {
  await withCheckedContinuation { continuation in
    Connector.connect(host: host, port: port, within: limit, on: .next()) { continuation.resume(returning: $0) }
  }
}

@Suite(.timeLimit(.minutes(1))) struct ListenerTests {
  @Test func `all who connect are taken, with their addresses`() async throws {
    let taken = Taken()
    let listener = try Listener(host: "127.0.0.1", port: 0, queue: 256) { taken.add($0, $1) }
    #expect(listener.port > 0)
    var sockets: [Socket] = []
    for _ in 0..<50 { sockets.append(try await connection(listener.port).get()) }
    try await until { taken.count == 50 }
    #expect(Set(taken.addresses) == Set(sockets.map { "127.0.0.1:\($0.port ?? 0)" }))
    // They are connected with each other, and a socket of ours does not block.
    #expect([5].withUnsafeBytes { sockets[0].write($0) } == .bytes(8))
    var buffer = [UInt8](repeating: 0, count: 100)
    try await until { taken.sockets.contains { socket in buffer.withUnsafeMutableBytes { socket.read(into: $0) } == .bytes(8) } }
    listener.close()
  }

  @Test func `a port that is in use is said`() throws {
    let listener = try Listener(host: "127.0.0.1", port: 0, queue: 1) { _, _ in }
    let error = #expect(throws: ConnectError.self) { try Listener(host: "127.0.0.1", port: listener.port, queue: 1) { _, _ in } }
    #expect(error?.reason == "Address already in use")
    listener.close()
  }

  @Test func `an address that is not this machine's is said, and a name that has none`() {
    // RFC 5737: for documentation only.
    let foreign = #expect(throws: ConnectError.self) { try Listener(host: "192.0.2.1", port: 0, queue: 1) { _, _ in } }
    #expect(foreign?.reason == "Cannot assign requested address")
    let unknown = #expect(throws: ConnectError.self) { try Listener(host: "no..where", port: 0, queue: 1) { _, _ in } }
    #expect(unknown?.reason.contains("the name no..where has no address") == true)
  }

  @Test func `when it is closed nobody is let in, and the port is free`() async throws {
    let taken = Taken()
    let listener = try Listener(host: "127.0.0.1", port: 0, queue: 256) { taken.add($0, $1) }
    let first = try await connection(listener.port).get()
    try await until { taken.count == 1 }
    listener.close()
    listener.close()
    var reason: String?
    while reason == nil {
      if case .failure(let error) = await connection(listener.port) { reason = error.reason }
    }
    #expect(reason == "Connection refused")
    // Those who are in stay.
    #expect([1].withUnsafeBytes { first.write($0) } == .bytes(8))
    try Listener(host: "127.0.0.1", port: listener.port, queue: 1) { _, _ in }.close()
  }

  @Test func `without descriptors it rests, and goes on when there are some`() async {
    // In a process of its own, which has no more descriptors than it needs.
    await #expect(processExitsWith: .success) {
      let taken = Taken()
      let listener = try Listener(host: "127.0.0.1", port: 0, queue: 256) { taken.add($0, $1) }
      let address = try SocketAddress.resolve("127.0.0.1", port: listener.port)[0]
      let sockets = try (0..<3).map { _ in try Socket(for: address) }
      let next = dup(sockets[0].descriptor)
      close(next)
      var limit = rlimit()
      #expect(getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
      let before = limit
      limit.rlim_cur = rlim_t(next)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
      for socket in sockets { _ = address.withPointer { Glibc.connect(socket.descriptor, $0, $1) } }
      let start = clock()
      // A task that slept might want a descriptor for it.
      usleep(450_000)
      // To ask again and again would have taken all of the time.
      #expect(Double(clock() - start) / Double(CLOCKS_PER_SEC) < 0.05)
      #expect(taken.count == 0)
      limit = before
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
      while taken.count < 3 { usleep(1000) }
    }
  }
}
