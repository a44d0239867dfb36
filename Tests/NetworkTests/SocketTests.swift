import Glibc
import Testing

@testable import Network

@Suite(.timeLimit(.minutes(1))) struct SocketTests {
  private static func read(_ socket: Socket, _ most: Int = 100) -> (outcome: Socket.Outcome, bytes: [UInt8]) {
    var buffer = [UInt8](repeating: 0, count: most)
    let outcome = buffer.withUnsafeMutableBytes { socket.read(into: $0) }
    if case .bytes(let count) = outcome { return (outcome, Array(buffer[..<count])) }
    return (outcome, [])
  }

  private static func write(_ bytes: [UInt8], _ socket: Socket) -> Socket.Outcome { bytes.withUnsafeBytes { socket.write($0) } }

  @Test func `what is written on one side is read on the other, and then nothing`() throws {
    let (one, other) = try Socket.pair()
    #expect(Self.read(other).outcome == .later)
    #expect(Self.write([1, 2, 3], one) == .bytes(3))
    #expect(Self.read(other, 2).bytes == [1, 2])
    #expect(Self.read(other).bytes == [3])
    #expect(Self.read(other).outcome == .later)
  }

  @Test func `a write takes what there is room for, and the next is for later`() throws {
    let (one, other) = try Socket.pair()
    let piece = [UInt8](repeating: 7, count: 1 << 20)
    guard case .bytes(let taken) = Self.write(piece, one) else {
      Issue.record("nothing was written")
      return
    }
    #expect(taken < piece.count)
    #expect(Self.write(piece, one) == .later)
    var read = 0
    while case .bytes(let count) = Self.read(other, 1 << 20).outcome { read += count }
    #expect(read == taken)
    #expect(Self.write([1], one) == .bytes(1))
  }

  @Test func `the end of one side is no end of the other`() throws {
    let (one, other) = try Socket.pair()
    #expect(Self.write([1], one) == .bytes(1))
    one.endWriting()
    #expect(Self.read(other).bytes == [1])
    #expect(Self.read(other).outcome == .bytes(0))
    #expect(Self.write([2], other) == .bytes(1))
    #expect(Self.read(one).bytes == [2])
  }

  @Test func `a socket that nobody holds is closed, and to write to it is an error and no signal`() throws {
    var (one, other): (Socket?, Socket) = try Socket.pair()
    withExtendedLifetime(one) {}
    one = nil
    #expect(Self.read(other).outcome == .bytes(0))
    #expect(Self.write([1], other) == .broken(EPIPE))
  }

  @Test func `addresses are named as people write them`() throws {
    let four = try #require(try SocketAddress.resolve("127.0.0.1", port: 80).first)
    #expect(four.host == "127.0.0.1" && four.port == 80 && "\(four)" == "127.0.0.1:80")
    let six = try #require(try SocketAddress.resolve("::1", port: 7878).first)
    #expect(six.host == "::1" && six.port == 7878 && "\(six)" == "[::1]:7878")
  }

  @Test func `a name that has no address is said`() {
    // No name has an empty part, so that nobody is asked for it.
    let error = #expect(throws: ConnectError.self) { try SocketAddress.resolve("no..where", port: 80) }
    #expect(error?.reason.hasPrefix("the name no..where has no address: ") == true)
  }
}
