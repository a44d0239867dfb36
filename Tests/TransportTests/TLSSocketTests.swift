import Glibc
import Network
import Testing

@testable import Transport

/// TLS over a socket by itself: what is written, and how it ends.
@Suite(.timeLimit(.minutes(1))) struct TLSSocketTests {
  /// Bytes that say where in the whole they stand.
  private static func pattern(_ range: Range<Int>) -> [UInt8] { range.map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) } }

  // MARK: The handshake

  @Test func `what comes with the end of a handshake that is done elsewhere is taken after it`() throws {
    let pair = try TLSPair(handshake: false, apart: true)
    pair.round()
    pair.rounds {
      pair.hear()
      return pair.peer.isReady
    }
    #expect(!pair.server.isReady)
    // It lies in the socket together with the peer's last flight.
    pair.say([[1, 2], [3]])
    pair.rounds { pair.server.isReady }
    #expect(pair.server.bytes == [1, 2, 3])
    #expect(pair.server.failures.isEmpty)
  }

  /// A peer may end its side only, or be gone.
  @Test(arguments: [SHUT_WR, SHUT_RDWR]) func `a peer that goes while a step of its handshake is done elsewhere is told of once`(_ end: Int)
    throws
  {
    let pair = try TLSPair(handshake: false, apart: true)
    pair.round()
    shutdown(pair.peerPlain.descriptor, Int32(end))
    pair.rounds { pair.server.isClosed }
    // The step comes back at last.
    for _ in 0..<50 {
      pair.round()
      usleep(1000)
    }
    #expect(pair.server.failures.map(\.reason) == ["the peer closed the connection during the TLS handshake"])
    #expect(pair.server.isClosed && !pair.server.isReady)
  }

  @Test func `a peer that goes during the handshake is told of as one that did`() throws {
    let pair = try TLSPair(handshake: false)
    pair.round()
    shutdown(pair.peerPlain.descriptor, Int32(SHUT_WR))
    pair.round(3)
    #expect(pair.server.failures.map(\.reason) == ["the peer closed the connection during the TLS handshake"])
    #expect(pair.server.failures.map(\.kind) == [.cutOff])
    #expect(pair.server.isClosed && !pair.server.isReady)
  }

  @Test func `a handshake that takes too long is given up, and one that is done is not`() throws {
    let slow = try TLSPair(handshake: false)
    slow.time.advance(milliseconds: 4999)
    slow.loop.round(mayWait: false)
    #expect(slow.server.failures.isEmpty)
    slow.time.advance(milliseconds: 1)
    slow.round()
    #expect(slow.server.failures.map(\.kind) == [.timeout])
    let done = try TLSPair()
    #expect(done.server.isReady && done.peer.isReady)
    done.time.advance(milliseconds: 60_000)
    done.round()
    #expect(done.server.failures.isEmpty && !done.server.isClosed)
  }

  // MARK: Writing

  /// The peer writes as long as there is room, and goes on as soon as there is room again; then it ends the connection. The server's end takes one read where
  /// the peer has three rounds.
  @Test(arguments: [1000, 20_000, 100_000])
  func `what is written while what was written before waits comes once and in its order`(_ piece: Int) throws {
    let pair = try TLSPair(readsOn: true, room: 16 << 10)
    let total = 20 * piece
    var written = 0
    var timesFull = 0
    func writeNext() {
      while written < total, pair.peer.socket?.isWritable == true {
        pair.peer.write(Self.pattern(written..<written + piece))
        written += piece
      }
      if written == total { pair.peer.socket?.close() } else { timesFull += 1 }
    }
    pair.peer.onWritable = writeNext
    writeNext()
    // More than the sockets hold is under way from the first on.
    #expect(pair.unread > 0)
    for _ in 0..<10_000 where !pair.server.isClosed {
      for _ in 0..<3 { pair.peerLoop.round(mayWait: false) }
      pair.round()
    }
    #expect(pair.server.isClosed)
    // Two arrays of megabytes that are not equal would be compared for their differences without end.
    let isWhole = pair.server.bytes == Self.pattern(0..<total)
    #expect(isWhole, "\(pair.server.bytes.count) bytes of \(total)")
    // With two megabytes it was full, and each time it was told that there is room again.
    #expect(pair.peer.timesWritable == timesFull)
    #expect((timesFull > 0) == (total > 512 << 10))
    #expect(pair.server.failures.isEmpty && pair.peer.failures.isEmpty)
  }

  @Test func `a peer that reads slowly gets what was written before the end`() throws {
    let pair = try TLSPair(room: 16 << 10)
    pair.server.write(Self.pattern(0..<1 << 20))
    pair.server.socket?.close()
    // Longer than the writer waits for the peer's end once all is written.
    for _ in 0..<8 {
      pair.time.advance(milliseconds: 100)
      pair.round(4)
    }
    for _ in 0..<1000 where !pair.server.isClosed {
      pair.round()
      pair.hear()
    }
    let isWhole = pair.peer.bytes == Self.pattern(0..<1 << 20)
    #expect(isWhole, "\(pair.peer.bytes.count) bytes")
    #expect(pair.server.isClosed && pair.server.failures.isEmpty)
    pair.hear()
    #expect(pair.peer.isClosed && pair.peer.failures.isEmpty)
  }

  @Test func `a peer that does not read what was written before the end has ten seconds`() throws {
    let pair = try TLSPair(room: 16 << 10)
    pair.server.write(Self.pattern(0..<1 << 20))
    pair.server.socket?.close()
    pair.time.advance(milliseconds: 9999)
    pair.round(4)
    #expect(!pair.server.isClosed)
    pair.time.advance(milliseconds: 1)
    pair.round(4)
    #expect(pair.server.isClosed)
  }

  @Test func `a write that fails is told once, and not in the middle of it`() throws {
    let pair = try TLSPair()
    shutdown(pair.peerPlain.descriptor, Int32(SHUT_RD))
    pair.server.write([1, 2, 3])
    pair.server.write([4, 5, 6])
    #expect(pair.server.failures.isEmpty && !pair.server.isClosed)
    pair.round(3)
    #expect(pair.server.failures.map(\.reason) == ["the connection broke (Broken pipe) without close_notify"])
    #expect(pair.server.isClosed)
    pair.server.write([7])
  }

  // MARK: Ending

  @Test func `an end that both sides say is no failure`() throws {
    let pair = try TLSPair(readsOn: true)
    pair.say([[1, 2, 3]])
    pair.peer.socket?.close()
    #expect(!pair.peer.isClosed)
    pair.round(3)
    pair.time.advance(milliseconds: 1)
    pair.hear()
    pair.round(3)
    #expect(pair.server.bytes == [1, 2, 3])
    #expect(pair.server.isClosed && pair.server.failures.isEmpty)
    #expect(pair.peer.isClosed && pair.peer.failures.isEmpty)
  }

  @Test func `after our last byte the peer has half a second to close its side`() throws {
    let pair = try TLSPair(readsOn: true)
    pair.server.socket?.close()
    pair.time.advance(milliseconds: 499)
    pair.round(3)
    #expect(!pair.server.isClosed)
    // What it says now is nobody's any more.
    pair.say([[1]])
    pair.round(3)
    #expect(pair.server.bytes.isEmpty)
    pair.time.advance(milliseconds: 1)
    pair.round(3)
    #expect(pair.server.isClosed && pair.server.failures.isEmpty)
  }

  @Test func `a record that nobody encrypted is told to the owner once, and to the peer by an alert`() throws {
    let pair = try TLSPair(readsOn: true)
    // The header of a record of 40 bytes (RFC 8446, section 5.1).
    let wrong = [23, 3, 3, 0, 40] + [UInt8](repeating: 0, count: 40)
    #expect(wrong.withUnsafeBytes { pair.peerPlain.write($0) } == .bytes(wrong.count))
    pair.round(2)
    #expect(pair.server.failures.map(\.kind) == [.failed])
    #expect(!pair.server.isClosed)
    pair.hear()
    #expect(pair.peer.failures.map(\.reason) == ["the peer refused us: sslv3 alert bad record mac"])
    pair.time.advance(milliseconds: 500)
    pair.round(3)
    #expect(pair.server.failures.count == 1 && pair.server.isClosed)
  }
}
