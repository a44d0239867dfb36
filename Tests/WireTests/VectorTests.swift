import Foundation
import Testing
import Wire

/// Bytes with a meaning, kept in Tests/Vectors for every implementation: NAME.bin, and NAME.txt that says what it is.
///
/// NAME.txt: lines `Key: value`, an empty line, then the message as protoc prints it. `Meaning` is for people; `Frame` gives the header's
/// numbers when the bytes are a frame (otherwise they are a bare message); `Message` the body's type. A `Method-Message` section holds a
/// REQUEST's or REPLY's own message. `Expect` stands for a frame that a server, after HELLOs with the default limits, answers with ERROR on
/// stream 0 and that code.
struct Vector: Sendable, CustomTestStringConvertible {
  let name: String
  let meaning: String
  var header: FrameHeader?
  var message: Sample?
  /// The message inside a REQUEST; for a REPLY, whose body has no envelope, `message` is it.
  var inner: Sample?
  var expect: ErrorCode?
  var bytes: [UInt8]

  var testDescription: String { name }

  init(_ name: String, _ meaning: String, message: Sample) {
    (self.name, self.meaning, self.message, bytes) = (name, meaning, message, message.bytes)
  }

  init(_ name: String, _ meaning: String, _ header: FrameHeader, _ message: Sample?, inner: Sample? = nil) {
    var header = header
    header.length = UInt32(message?.bytes.count ?? 0)
    (self.name, self.meaning, self.header, self.message, self.inner) = (name, meaning, header, message, inner)
    bytes = []
    header.encode(into: &bytes)
    bytes += message?.bytes ?? []
  }

  init(_ name: String, _ meaning: String, bad bytes: [UInt8], expect: ErrorCode) {
    (self.name, self.meaning, self.bytes, self.expect) = (name, meaning, bytes, expect)
  }

  func text() throws -> String {
    var text = "Meaning: \(meaning)\n"
    if let expect { return text + "Expect: \(expect.name)\n" }
    if let header {
      text +=
        "Frame: kind=\(header.kindNumber) flags=\(header.flags.rawValue) method=\(header.method) stream=\(header.stream) length=\(header.length)\n"
    }
    if let message { text += "Message: \(message.type)\n\n" + (try Protoc.decode(message.type, message.bytes)) }
    if let inner { text += "\nMethod-Message: \(inner.type)\n\n" + (try Protoc.decode(inner.type, inner.bytes)) }
    return text
  }

  private static func claims(_ length: UInt32) -> [UInt8] {
    var header = FrameHeader(kind: .request, method: 48, stream: 1)
    header.length = length
    var bytes: [UInt8] = []
    header.encode(into: &bytes)
    return bytes
  }

  private static func request(_ sample: Sample) -> Sample {
    Sample("Request", Request(deadlineMs: 2000, traceParent: [UInt8](1...25), idempotencyKey: "submission-1", body: sample.bytes[...]))
  }

  private static let submit = Sample("SubmitRequest", Samples.submit)
  private static let search = Sample("SearchRequest", Samples.search)

  static let all: [Vector] = [
    Vector("hello", "HELLO of a query service", FrameHeader(kind: .hello), Sample("Hello", Samples.hello)),
    Vector(
      "request-submit", "REQUEST that opens stream 1 for Submit; DATA will follow", FrameHeader(kind: .request, method: 16, stream: 1),
      request(submit),
      inner: submit),
    Vector(
      "request-search", "REQUEST that opens stream 3 for Search; nothing will follow",
      FrameHeader(kind: .request, flags: .last, method: 48, stream: 3), request(search), inner: search),
    Vector(
      "reply-search", "REPLY to a Search on stream 3; nothing will follow", FrameHeader(kind: .reply, flags: .last, stream: 3),
      Sample("SearchReply", Samples.searchReply)),
    Vector(
      "error", "ERROR that ends stream 3: a wrong query, its position and a hint", FrameHeader(kind: .error, stream: 3),
      Sample("Error", Samples.error)),
    Vector(
      "credit", "CREDIT of 131,072 bytes for stream 1", FrameHeader(kind: .credit, stream: 1), Sample("Credit", Credit(bytes: 131_072))),
    Vector("end", "END of the DATA on stream 1", FrameHeader(kind: .end, stream: 1), nil),
    Vector("cancel", "CANCEL of stream 3", FrameHeader(kind: .cancel, stream: 3), nil),
    Vector("ping", "PING with a token", FrameHeader(kind: .ping), Sample("Ping", Ping(token: 77))),
    Vector("pong", "PONG with the token of a PING", FrameHeader(kind: .pong), Sample("Ping", Ping(token: 77))),
    Vector(
      "goaway", "GOAWAY: stream 17 is the last that will be served", FrameHeader(kind: .goAway),
      Sample("GoAway", GoAway(lastStream: 17, reason: "restart"))),
    Vector("document", "a document with every field", message: Sample("Document", Samples.document)),
    Vector("journal-entry", "a journal entry with a document", message: Sample("JournalEntry", Samples.entry)),
    Vector("manifest", "a manifest of two segments", message: Sample("Manifest", Samples.manifest)),
    Vector("bad-four-gibibytes", "a header that claims 4 GiB - 1 bytes", bad: claims(.max), expect: .tooLarge),
    Vector("bad-over-limit", "a header that claims one byte more than 1 MiB", bad: claims((1 << 20) + 1), expect: .tooLarge),
    Vector(
      "bad-unknown-kind", "kind 99 without the ignorable flag", bad: [0, 0, 0, 0, 99] + [UInt8](repeating: 0, count: 11), expect: .invalid),
    Vector("bad-hello-twice", "a second HELLO", bad: frame(.hello, Samples.hello.encoded), expect: .invalid),
    Vector("bad-unopened", "DATA on a stream that was never opened", bad: frame(.data, stream: 9, [1]), expect: .invalid),
    Vector("bad-credit-zero", "CREDIT of no bytes", bad: frame(.credit), expect: .invalid),
    Vector("bad-credit-body", "CREDIT whose body is a truncated varint", bad: frame(.credit, [8, 128]), expect: .invalid),
    Vector("bad-reply", "REPLY from a client", bad: frame(.reply, stream: 1), expect: .invalid),
  ]
}

@Suite(.serialized) struct VectorTests {
  /// Set CHANCERY_RECORD_VECTORS=1 to write the files anew after the schema has grown; then read the difference before it is kept.
  static let records = ProcessInfo.processInfo.environment["CHANCERY_RECORD_VECTORS"] == "1"

  @Test func `no vector lies about without a test`() throws {
    if Self.records { return }
    let files = try FileManager.default.contentsOfDirectory(atPath: Protoc.vectors + "/").filter {
      $0.hasSuffix(".bin") || $0.hasSuffix(".txt")
    }
    #expect(Set(files) == Set(Vector.all.flatMap { [$0.name + ".bin", $0.name + ".txt"] }))
  }

  @Test(arguments: Vector.all) func `a vector's bytes are what this code writes and reads`(_ vector: Vector) throws {
    let path = "\(Protoc.vectors)/\(vector.name).bin"
    if Self.records { try Data(vector.bytes).write(to: URL(fileURLWithPath: path)) }
    #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == vector.bytes)
    #expect(try vector.message?.roundTrips() ?? true)
    if let header = vector.header {
      let read = try #require(try frames(vector.bytes).first)
      #expect(read.0 == header)
      #expect(read.1 == vector.message?.bytes ?? [])
    }
    if let inner = vector.inner {
      let request = try Request(decoding: vector.message?.bytes ?? [])
      #expect(Array(request.body) == inner.bytes)
    }
  }

  @Test(.enabled(if: Protoc.isInstalled, "protoc is not installed"), arguments: Vector.all)
  func `a vector's text is what protoc says of its bytes`(_ vector: Vector) throws {
    let path = "\(Protoc.vectors)/\(vector.name).txt"
    if Self.records { try Data(try vector.text().utf8).write(to: URL(fileURLWithPath: path)) }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == (try vector.text()))
  }

  @Test(arguments: Vector.all.filter { $0.expect != nil }) func `a bad frame closes the connection with its code`(_ vector: Vector) {
    let server = Machine(ConnectionConfiguration(.server, software: "s"))
    server.receive(frame(.hello, Samples.hello.encoded))
    server.receive(vector.bytes)
    guard case .closed(let error?)? = server.events().last else { return #expect(Bool(false), "not closed") }
    #expect(error.code == vector.expect)
  }
}
