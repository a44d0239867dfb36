import Glibc
import Network
import Testing
import Wire

@testable import Transport

/// What a server takes of a peer at once and what waits: the test says what comes when, and how late it is.
@Suite(.timeLimit(.minutes(1))) struct ReadTests {
  private static func frame(_ kind: FrameKind, _ body: [UInt8] = []) -> [UInt8] {
    var bytes: [UInt8] = []
    FrameHeader(kind: kind, length: body.count).encode(into: &bytes)
    return bytes + body
  }

  private static let hello = frame(.hello, HelloMessage(minVersion: 1, maxVersion: 1, software: "test").encoded)
  private static let ping = frame(.ping, Ping(token: 1).encoded)

  @Test func `after the last word two mebibytes are still taken, and no more`() throws {
    let pair = try TLSPair()
    pair.server.socket?.close()
    let piece = [UInt8](repeating: 0, count: 64 << 10)
    for _ in 0..<32 {
      #expect(piece.withUnsafeBytes { pair.peerPlain.write($0) } == .bytes(piece.count))
      // None of it is read at once.
      pair.round(3)
      #expect(pair.unread == piece.count)
      pair.time.advance(milliseconds: 1)
      pair.round(2)
      #expect(pair.unread == 0)
      #expect(!pair.server.isClosed)
    }
    #expect(piece[..<1].withUnsafeBytes { pair.peerPlain.write($0) } == .bytes(1))
    pair.time.advance(milliseconds: 1)
    pair.round(2)
    #expect(pair.server.isClosed)
    #expect(pair.server.failures.isEmpty)
  }

  @Test func `of many small records those after the first 64 wait for a turn`() throws {
    let pair = try TLSPair()
    pair.say(Array(repeating: [1], count: 130))
    pair.server.socket?.read()
    pair.round()
    #expect(pair.server.bytes.count == 64)
    pair.say([[1]])
    for (before, after) in [(64, 128), (128, 130)] {
      // Nobody has asked for them.
      pair.round(2)
      #expect(pair.server.bytes.count == before)
      // Others have a turn before.
      pair.loop.awaitTurn {}
      pair.server.socket?.read()
      pair.round()
      #expect(pair.server.bytes.count == before)
      pair.round()
      #expect(pair.server.bytes.count == after)
      // No more is read before they are taken.
      #expect(pair.unread > 0)
    }
    pair.server.socket?.read()
    pair.round()
    #expect(pair.unread == 0)
    #expect(pair.server.bytes.count == 131)
  }

  /// A peer may end its side only, or be gone.
  @Test(arguments: [SHUT_WR, SHUT_RDWR]) func `what a peer said before its end is taken, however many records it is`(_ end: Int) throws {
    let pair = try TLSPair(readsOn: end == SHUT_WR)
    pair.say(Array(repeating: [1], count: 200))
    pair.server.socket?.read()
    pair.round()
    #expect(pair.server.bytes.count == (end == SHUT_WR ? 128 : 64))
    shutdown(pair.peerPlain.descriptor, Int32(end))
    pair.round(4)
    #expect(pair.server.bytes.count == 200)
    #expect(pair.server.failures.map(\.reason) == ["the peer closed the connection without close_notify"])
    #expect(pair.server.isClosed)
  }

  @Test(arguments: [(8 << 10, true), (8 << 10 + 1, false)]) func `a read of more than 8 KiB has the next wait for a turn`(
    _ length: Int, _ isShort: Bool
  ) throws {
    let pair = try TLSPair(connection: true)
    // A frame that may be skipped.
    var header = FrameHeader(kind: .ping, flags: .ignorable, length: length - Self.hello.count - FrameHeader.length)
    header.kindNumber = 99
    var skipped: [UInt8] = []
    header.encode(into: &skipped)
    // Others have a turn before.
    for _ in 0..<2 { pair.loop.awaitTurn {} }
    pair.say([Self.hello + skipped + [UInt8](repeating: 0, count: Int(header.length))])
    pair.round()
    #expect(pair.unread == 0)
    pair.say([Self.ping])
    pair.round()
    #expect((pair.unread == 0) == isShort)
    pair.round(2)
    #expect(pair.unread == 0)
  }

  @Test func `what is answered before a turn ends goes out with the answers of the next`() throws {
    let pair = try TLSPair(connection: true)
    // Where others have turns a step of eight frames is a turn.
    pair.loop.awaitTurn {}
    pair.say([Self.hello + (0..<8).flatMap { _ in Self.ping }])
    pair.round()
    #expect(try pair.pongs() == 0)
    pair.round()
    #expect(try pair.pongs() == 8)
  }

  @Test func `a peer whose frames come to nothing rests after each eight`() throws {
    let pair = try TLSPair(connection: true)
    // The first step of eight has seven of them, so that the second is looked at too.
    pair.say([Self.hello + (0..<24).flatMap { _ in Self.ping }])
    // A turn may have ended before its time, and others follow at once.
    pair.round(8)
    #expect(try pair.pongs() == 15)
    pair.say([Self.ping])
    for heard in [8, 1] {
      pair.time.advance(milliseconds: 14)
      pair.round(8)
      #expect(try pair.pongs() == 0)
      pair.time.advance(milliseconds: 2)
      pair.round(8)
      #expect(try pair.pongs() == heard)
      #expect(pair.unread > 0)
    }
    // What is left of the debt is paid before the next read.
    pair.time.advance(milliseconds: 14)
    pair.round(8)
    #expect(pair.unread > 0)
    pair.time.advance(milliseconds: 3)
    pair.round(8)
    #expect(pair.unread == 0)
    #expect(try pair.pongs() == 1)
  }
}
