import TestSupport
import Testing
import Wire

@Suite struct CodecTests {
  @Test(arguments: Samples.all) func `a full message survives writing and reading`(_ sample: Sample) throws {
    #expect(try sample.roundTrips())
  }

  @Test(arguments: Samples.all) func `a message of defaults is empty, and empty bytes are a message of defaults`(_ sample: Sample) throws {
    #expect(try sample.defaultIsEmpty())
  }

  @Test(arguments: 0..<50 as Range<UInt64>) func `random messages survive writing and reading`(seed: UInt64) throws {
    print("seed \(seed)")
    var random = Seeded(seed)
    for _ in 0..<20 {
      let entry = Samples.randomEntry(&random)
      #expect(try JournalEntry(decoding: entry.encoded) == entry)
      let reply = Samples.randomSearchReply(&random)
      #expect(try SearchReply(decoding: reply.encoded) == reply)
    }
  }

  @Test(arguments: 0..<50 as Range<UInt64>) func `random and damaged bytes give a message or an error`(seed: UInt64) {
    print("seed \(seed)")
    var random = Seeded(seed)
    for _ in 0..<200 {
      var bytes = random.chance(30) ? random.bytes(random.below(64)) : Samples.randomEntry(&random).encoded
      if !bytes.isEmpty {
        for _ in 0..<random.below(4) { bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next()) }
        bytes.removeLast(random.below(bytes.count))
      }
      do throws(CodecError) {
        let entry = try JournalEntry(decoding: bytes)
        #expect(entry.encoded.count <= 4 * bytes.count + 64)
      } catch {
        #expect(error.offset <= bytes.count)
      }
    }
  }

  @Test(arguments: [0, 1, 127, 128, 16383, 16384, UInt64(UInt32.max), 1 << 63, UInt64.max])
  func `varints of every length survive`(value: UInt64) throws {
    #expect(try Credit(decoding: Credit(bytes: value).encoded).bytes == value)
  }

  @Test func `an unknown field of every wire type is skipped`() throws {
    let unknown: [UInt8] =
      [0xA0, 0x06, 0x96, 0x01] + [0xA1, 0x06] + [UInt8](repeating: 1, count: 8) + [0xA2, 0x06, 2, 9, 9] + [0xA5, 0x06, 1, 2, 3, 4]
    #expect(try Credit(decoding: unknown + Credit(bytes: 7).encoded + unknown).bytes == 7)
  }

  @Test(arguments: [
    Malformed([0x08], .truncated, 1), Malformed([0x08, 0x80], .truncated, 2),
    Malformed([0x08] + [UInt8](repeating: 0xFF, count: 9) + [2], .varintTooLong, 10),
    Malformed([0x08] + [UInt8](repeating: 0x80, count: 10) + [0], .varintTooLong, 10),
    Malformed([0x00, 0x00], .badFieldNumber, 0), Malformed([0x0B], .badWireType, 0), Malformed([0x0C], .badWireType, 0),
    Malformed([0x0E], .badWireType, 0), Malformed([0x0F], .badWireType, 0),
    Malformed([0x0D, 1, 2, 3, 4], .wrongWireType, 0), Malformed([0x12, 5, 1], .truncated, 0), Malformed([0x11, 1, 2], .truncated, 1),
    Malformed([0x12, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1], .truncated, 0),
  ])
  func `malformed fields are refused with their place`(_ case: Malformed) {
    #expect(throws: CodecError(`case`.reason, offset: `case`.offset)) { try Credit(decoding: `case`.bytes) }
  }

  @Test func `a string that is not UTF-8 is refused with its place in the outermost message`() {
    let party: [UInt8] = [0x0A, 2, 0xC3, 0x28]
    let document = [0x62, UInt8(party.count)] + party
    #expect(throws: CodecError(.notUTF8, offset: 2)) { try DocumentMessage(decoding: document) }
  }

  @Test func `offsets count from the message, not from the array it lies in`() {
    let bytes: [UInt8] = [1, 2, 3, 4, 0x0B]
    #expect(throws: CodecError(.badWireType, offset: 0)) { try Credit(decoding: bytes[4...]) }
  }

  @Test func `a nested message that comes twice is merged`() throws {
    let bytes =
      DocumentMessage(sender: PartyMessage(text: "A", state: "B")).encoded + DocumentMessage(sender: PartyMessage(state: "C")).encoded
    #expect(try DocumentMessage(decoding: bytes).sender == PartyMessage(text: "A", state: "C"))
  }

  @Test func `an empty nested message is not the same as none`() throws {
    let message = DocumentMessage(sender: PartyMessage())
    #expect(try DocumentMessage(decoding: message.encoded).sender == PartyMessage())
  }

  @Test func `negative zero and NaN are no defaults`() throws {
    #expect(try Hit(decoding: Hit(score: -0.0).encoded).score.sign == .minus)
    #expect(try Hit(decoding: Hit(score: .nan).encoded).score.isNaN)
  }

  @Test func `a longer varint in a 32-bit field keeps its low bits, as protobuf says`() throws {
    #expect(try Highlight(decoding: Credit(bytes: 1 << 40 | 5).encoded).start == 5)
  }

  @Test func `equal maps have equal bytes`() {
    let pairs = (0..<50).map { ("key\($0)", "value") }
    let forward = SubmitRequest(metadata: Dictionary(uniqueKeysWithValues: pairs))
    let backward = SubmitRequest(metadata: Dictionary(uniqueKeysWithValues: pairs.reversed()))
    #expect(forward.encoded == backward.encoded)
  }

  @Test func `repeated integers are read packed and unpacked`() throws {
    var packed = FieldWriter()
    packed.packed(1, [1, 300, 0])
    #expect(try Numbers(decoding: packed.bytes).values == [1, 300, 0])
    #expect(try Numbers(decoding: [0x08, 1, 0x08, 0xAC, 0x02, 0x0A, 1, 7]).values == [1, 300, 7])
  }

  @Test func `nesting and repetition have their limits`() throws {
    var deep: [UInt8] = []
    for _ in 0...WireLimits.maxDepth {
      var writer = FieldWriter()
      writer.bytes(2, deep)
      deep = writer.bytes.isEmpty ? [0x12, 0] : writer.bytes
    }
    #expect(throws: CodecError(.tooDeep, offset: 2 * WireLimits.maxDepth)) { try Nest(decoding: deep) }
    let many = [UInt8]((0...WireLimits.maxRepeated).flatMap { _ in [0x12, 0] as [UInt8] })
    #expect(try SuggestReply(decoding: [UInt8](many.map { $0 == 0x12 ? 0x0A : $0 }.dropLast(2))).values.count == WireLimits.maxRepeated)
    #expect(throws: CodecError(.tooMany, offset: 2 * WireLimits.maxRepeated)) { try DocumentMessage(decoding: many) }
  }
}

struct Malformed: Sendable {
  let bytes: [UInt8]
  let reason: CodecError.Reason
  let offset: Int
  init(_ bytes: [UInt8], _ reason: CodecError.Reason, _ offset: Int) { (self.bytes, self.reason, self.offset) = (bytes, reason, offset) }
}

/// A message with a repeated integer, which the schema has none of yet.
struct Numbers: WireMessage {
  var values: [UInt64] = []
  mutating func read(_ input: FieldValue) throws(CodecError) { if input.field == 1 { try input.append(to: &values) } }
  func encode(into writer: inout FieldWriter) { writer.packed(1, values) }
}

/// A message that holds itself.
struct Nest: WireMessage {
  var inner: [Nest] = []
  mutating func read(_ input: FieldValue) throws(CodecError) { if input.field == 2 { try input.append(to: &inner) } }
  func encode(into writer: inout FieldWriter) { writer.messages(2, inner) }
}

@Suite struct DelimitedTests {
  @Test(arguments: 0..<20 as Range<UInt64>) func `any split of a delimited stream gives the same messages`(seed: UInt64) throws {
    print("seed \(seed)")
    var random = Seeded(seed)
    let entries = (0..<20).map { _ in Samples.randomEntry(&random) }
    let stream = entries.flatMap { delimited($0) }
    var decoder = DelimitedDecoder<JournalEntry>(maxLength: 1 << 20)
    var found: [JournalEntry] = []
    var rest = stream[...]
    while !rest.isEmpty {
      let count = min(rest.count, 1 + random.below(random.chance(50) ? 3 : 300))
      decoder.push(rest.prefix(count))
      rest.removeFirst(count)
      while let entry = try decoder.next() { found.append(entry) }
    }
    #expect(found == entries)
    #expect(decoder.heldBytes == 0)
  }

  @Test(arguments: [[0xE9, 0x07], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]] as [[UInt8]])
  func `a message longer than the limit is refused by its length alone`(bytes: [UInt8]) {
    var decoder = DelimitedDecoder<Credit>(maxLength: 1000)
    decoder.push(bytes[...])
    let full = decoder
    #expect(throws: CodecError(.tooLong, offset: 0)) {
      var decoder = full
      _ = try decoder.next()
    }
  }
}
