import Network
import Testing
import Wire

@testable import Transport

@Suite struct PortTests {
  @Test func `bytes that come one by one and wait are held in few pieces`() async throws {
    let port = StreamPort(Link(EventLoop.next()))
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
    for byte in bytes { port.deliver([byte]) }
    port.end(.success(()))
    var taken: [UInt8] = []
    var pieces = 0
    while let piece = try await port.next() {
      taken += piece
      pieces += 1
    }
    #expect(taken == bytes)
    #expect(pieces <= bytes.count / 4096 + 1)
  }
}
