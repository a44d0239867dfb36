import TestSupport
import Testing
import Wire

@Suite struct FrameTests {
  @Test func `a header is sixteen bytes, little-endian`() {
    var bytes: [UInt8] = []
    FrameHeader(kind: .request, flags: .last, method: 0x0130, stream: 0x0807_0605_0403_0201, length: 0x0102_0304).encode(into: &bytes)
    #expect(bytes == [4, 3, 2, 1, 2, 2, 0x30, 1, 1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test(arguments: 0..<100 as Range<UInt64>) func `any split of the bytes gives the same frames`(seed: UInt64) throws {
    print("seed \(seed)")
    var random = Seeded(seed)
    var bytes: [UInt8] = []
    for _ in 0..<30 {
      if random.chance(10) {
        let body = random.bytes(random.below(50))
        var header = FrameHeader(kind: .ping, flags: .ignorable, length: body.count)
        header.kindNumber = 200
        header.encode(into: &bytes)
        bytes += body
      } else {
        let kind = FrameKind.allCases[random.below(FrameKind.allCases.count)]
        bytes += frame(kind, method: 7, stream: random.next(), random.bytes(random.below(300)))
      }
    }
    let whole = try frames(bytes)
    var parser = FrameParser(maxFrameLength: WireLimits.defaultFrameLength)
    var found: [(FrameHeader, [UInt8])] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + 1 + random.below(random.chance(70) ? 5 : 400))
      var piece = bytes[start..<end]
      while let output = try parser.next(&piece) {
        switch output {
        case .frame(let header, let body): found.append((header, Array(body)))
        case .data(let header, let part, let isFirst):
          if isFirst { found.append((header, [])) }
          found[found.count - 1].1 += part
        case .skipped: break
        }
      }
      #expect(piece.isEmpty)
      start = end
    }
    #expect(parser.isAtBoundary)
    #expect(found.map { $0.0 } == whole.map { $0.0 })
    #expect(found.map { $0.1 } == whole.map { $0.1 })
  }

  @Test func `a frame that claims four gibibytes is refused by its header`() {
    var header = FrameHeader(kind: .request, stream: 1)
    header.length = .max
    var bytes: [UInt8] = []
    header.encode(into: &bytes)
    #expect(throws: FrameError.tooLong(kind: 2, length: .max, limit: 1 << 20)) { try Parser(1 << 20).first(bytes) }
  }

  @Test(arguments: FrameKind.allCases) func `each kind has its limit, and its limit is exact`(kind: FrameKind) throws {
    let limit = [.request, .reply, .data].contains(kind) ? 8192 : 4096
    let fits = frame(kind, [UInt8](repeating: 0, count: limit))
    #expect(try Parser(8192).first(fits) != nil)
    let over = frame(kind, [UInt8](repeating: 0, count: limit + 1)).prefix(FrameHeader.length)
    #expect(throws: FrameError.self) { try Parser(8192).first(Array(over)) }
  }

  @Test func `a body that lies whole in the input is not copied`() throws {
    let bytes = frame(.reply, stream: 1, [UInt8](repeating: 5, count: 1000))
    var rest = bytes[...]
    var parser = FrameParser(maxFrameLength: 8192)
    guard case .frame(_, let body)? = try parser.next(&rest) else { return #expect(Bool(false)) }
    let isSame = bytes.withUnsafeBytes { whole in
      body.withUnsafeBytes { $0.baseAddress == whole.baseAddress.map { $0 + FrameHeader.length } }
    }
    #expect(isSame)
  }

  @Test func `a small body does not keep a large input alive`() throws {
    let client = Machine(ConnectionConfiguration(.client, software: "c"), now: 0)
    client.receive(frame(.hello, HelloMessage(minVersion: 1, maxVersion: 1).encoded))
    let stream = try client.open(.search, Request(), now: 0)
    _ = client.events()
    client.receive(frame(.reply, stream: stream, [1]) + frame(.ping, [UInt8](repeating: 0, count: 4000)))
    guard case .reply(_, let body, _)? = client.events().first else { return #expect(Bool(false)) }
    #expect(body == [1] && body.startIndex == 0)
  }
}
