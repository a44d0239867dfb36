import Glibc
import Platform
import Synchronization
import Testing

@testable import Network

/// "localhost" has two addresses here, of which ::1 is tried first.
private let hasTwoAddresses = (try? SocketAddress.resolve("localhost", port: 80).map(\.host)) == ["::1", "127.0.0.1"]

@Suite(.timeLimit(.minutes(1))) struct ConnectorTests {
  /// A port of an address that does not answer: its queue is full, and the system throws away who knocks.
  private struct Silent {
    let port: Int
    private var sockets: [Socket] = []

    init(_ host: String, port: Int = 0) throws {
      let socket = try Self.bound(host, port)
      self.port = try #require(socket.port)
      #expect(listen(socket.descriptor, 0) == 0)
      sockets.append(socket)
      let address = try SocketAddress.resolve(host, port: self.port)[0]
      for _ in 0..<3 {
        let caller = try Socket(for: address)
        _ = address.withPointer { connect(caller.descriptor, $0, $1) }
        sockets.append(caller)
      }
    }

    /// A socket whose port is taken and on which nobody listens.
    static func bound(_ host: String, _ port: Int = 0) throws -> Socket {
      let address = try SocketAddress.resolve(host, port: port)[0]
      let socket = try Socket(for: address)
      #expect(address.withPointer { bind(socket.descriptor, $0, $1) } == 0)
      return socket
    }
  }

  @Test func `a host is found by its name`() async throws {
    let taken = Taken()
    let listener = try Listener(host: "127.0.0.1", port: 0, queue: 16) { taken.add($0, $1) }
    let socket = try await connection(listener.port, host: "localhost").get()
    try await until { taken.count == 1 }
    #expect(taken.addresses == ["127.0.0.1:\(socket.port ?? 0)"])
    listener.close()
  }

  @Test func `who is refused is told so`() async throws {
    let nobody = try Silent.bound("127.0.0.1")
    let result = await connection(try #require(nobody.port))
    let error = #expect(throws: ConnectError.self) { try result.get() }
    #expect(error?.reason == "Connection refused")
  }

  @Test func `a name without an address is said`() async {
    let result = await connection(80, host: "no..where")
    let error = #expect(throws: ConnectError.self) { try result.get() }
    #expect(error?.reason.hasPrefix("the name no..where has no address: ") == true)
  }

  @Test func `the limit ends an attempt to an address that does not answer`() async throws {
    let silent = try Silent("127.0.0.1")
    let start = monotonicNow()
    let result = await connection(silent.port, within: 100_000_000)
    let error = #expect(throws: ConnectError.self) { try result.get() }
    #expect(error?.reason == "no answer within 100 ms")
    #expect(monotonicNow() - start >= 100_000_000)
    withExtendedLifetime(silent) {}
  }

  @Test func `when it has ended nothing more is told, and a connection that was made stays`() async throws {
    let listener = try Listener(host: "127.0.0.1", port: 0, queue: 16) { socket, _ in
      // It is closed by the end of this.
      _ = [7].withUnsafeBytes { socket.write($0) }
    }
    let told = Atomic(0)
    let socket = await withCheckedContinuation { continuation in
      Connector.connect(host: "127.0.0.1", port: listener.port, within: 50_000_000, on: .next()) {
        if told.add(1, ordering: .relaxed).newValue == 1 { continuation.resume(returning: $0) }
      }
    }
    try await Task.sleep(for: .milliseconds(400))
    #expect(told.load(ordering: .relaxed) == 1)
    var buffer = [UInt8](repeating: 0, count: 100)
    let made = try socket.get()
    #expect(buffer.withUnsafeMutableBytes { made.read(into: $0) } == .bytes(8))
    listener.close()
  }

  // MARK: Two addresses

  @Test(.enabled(if: hasTwoAddresses)) func `when the first address refuses the second is tried`() async throws {
    let taken = Taken()
    let listener = try Listener(host: "127.0.0.1", port: 0, queue: 16) { taken.add($0, $1) }
    var times: [UInt64] = []
    for _ in 0..<5 {
      let start = monotonicNow()
      _ = try await connection(listener.port, host: "localhost").get()
      times.append(monotonicNow() - start)
    }
    // At once, and not when the first would have had its time.
    #expect(try #require(times.min()) < 250_000_000)
    listener.close()
  }

  @Test(.enabled(if: hasTwoAddresses)) func `when the first address does not answer the second is tried after a moment`() async throws {
    let taken = Taken()
    let listener = try Listener(host: "127.0.0.1", port: 0, queue: 16) { taken.add($0, $1) }
    let silent = try Silent("::1", port: listener.port)
    let start = monotonicNow()
    _ = try await connection(listener.port, host: "localhost").get()
    #expect(monotonicNow() - start >= 250_000_000)
    try await until { taken.count == 1 }
    listener.close()
    withExtendedLifetime(silent) {}
  }

  @Test(.enabled(if: hasTwoAddresses)) func `when both refuse that is told once`() async throws {
    let nobody = try Silent.bound("127.0.0.1")
    let result = await connection(try #require(nobody.port), host: "localhost")
    let error = #expect(throws: ConnectError.self) { try result.get() }
    #expect(error?.reason == "Connection refused")
  }
}
