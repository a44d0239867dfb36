import ChanceryClient
import Foundation
import Platform
import Testing
import Transport
import Wire

/// A small paper that is its own.
private func paper(_ number: Int) -> [UInt8] { Array("Statement number \(number).\n\nThe delegation has the honour to say so.\n".utf8) }

@Test func aFileComesBackAndTheSameBytesTwiceAreOneDocument() async throws {
  let deployment = try Deployment()
  let (_, port) = try deployment.start("ingest")
  let client = try deployment.client(ingest: port)
  let bytes = [UInt8](try Data(contentsOf: root.appending(path: "deploy/sample/letter-2019-11-26.txt")))
  let first = try await client.submit(bytes: bytes, fileName: "letter.txt", symbol: "A/74/565–S/2019/908")
  #expect(!first.duplicate && first.version == 1 && first.sequence == 1)
  #expect(first.symbols == ["A/74/565", "S/2019/908"])
  #expect(first.kind == "letter")
  let second = try await client.submit(bytes: bytes, fileName: "again.txt")
  #expect(second.duplicate && second.documentID == first.documentID && second.sequence == 1)
  var original: [UInt8] = []
  let reply = try await client.original(sha256: first.sha256) { original += $0 }
  #expect(original == bytes)
  #expect(reply.fileName == "letter.txt")
  let changed = try await client.submit(bytes: bytes + Array("\nCorrected.\n".utf8), fileName: "letter.txt", symbol: "A/74/565–S/2019/908")
  #expect(!changed.duplicate && changed.version == 2 && changed.documentID == first.documentID)
  let verified = try await client.verify(Endpoint(host: "127.0.0.1", port: port))
  #expect(verified.clean && verified.checked == 2, "\(verified.problems)")
  await client.close()
}

@Test func everyAcknowledgedDocumentSurvivesKillingTheService() async throws {
  let deployment = try Deployment()
  var acknowledged: [Int: SubmitReply] = [:]
  var next = 0
  for _ in 0..<3 {
    let (process, port) = try deployment.start("ingest")
    let client = try deployment.client(ingest: port)
    for (number, known) in acknowledged {
      let again = try await client.submit(bytes: paper(number), fileName: "\(number).txt")
      #expect(again.duplicate && again.sequence == known.sequence && again.documentID == known.documentID)
    }
    let range = next..<next + 40
    next = range.upperBound
    let replies = await withTaskGroup(of: (Int, SubmitReply?).self) { group in
      for number in range {
        group.addTask { (number, try? await client.submit(bytes: paper(number), fileName: "\(number).txt")) }
      }
      var replies: [Int: SubmitReply] = [:]
      for await (number, reply) in group {
        if let reply { replies[number] = reply }
        if replies.count == 15 { kill(process.processIdentifier, SIGKILL) }
      }
      return replies
    }
    process.waitUntilExit()
    #expect(replies.count >= 15)
    acknowledged.merge(replies) { old, _ in old }
    await client.close()
  }
  let (_, port) = try deployment.start("ingest")
  let client = try deployment.client(ingest: port)
  #expect(Set(acknowledged.values.map(\.sequence)).count == acknowledged.count)
  for (number, known) in acknowledged {
    let again = try await client.submit(bytes: paper(number), fileName: "\(number).txt")
    #expect(again.duplicate && again.sequence == known.sequence)
  }
  let verified = try await client.verify(Endpoint(host: "127.0.0.1", port: port))
  #expect(verified.clean, "\(verified.problems)")
  await client.close()
}

@Test func anIdempotencyKeyStandsForTheSameBytesAlsoAfterARestart() async throws {
  let deployment = try Deployment()
  let (process, port) = try deployment.start("ingest")
  var client = try deployment.client(ingest: port)
  let first = try await client.submit(bytes: paper(1), fileName: "1.txt", idempotencyKey: "one")
  #expect(try await client.submit(bytes: paper(1), fileName: "1.txt", idempotencyKey: "one").duplicate)
  #expect(try await !client.submit(bytes: paper(2), fileName: "2.txt", idempotencyKey: "two").duplicate)
  await client.close()
  process.terminate()
  process.waitUntilExit()
  let (_, again) = try deployment.start("ingest")
  client = try deployment.client(ingest: again)
  let refused = try await #require(throws: CallError.self) {
    try await client.submit(bytes: paper(3), fileName: "3.txt", idempotencyKey: "one")
  }
  #expect(refused.code == .conflict && refused.processed == .no && refused.message.contains(hexadecimal(first.sha256)), "\(refused)")
  #expect(try await client.submit(bytes: paper(3), fileName: "3.txt", idempotencyKey: "three").sequence == 3)
  await client.close()
}

@Test func badInputIsRefusedWithAReasonAndHarmsNobodyElse() async throws {
  let deployment = try Deployment()
  let (_, port) = try deployment.start("ingest")
  let client = try deployment.client(ingest: port)
  let bad: [(name: String, bytes: [UInt8], code: ErrorCode)] = [
    ("empty.txt", [], .invalid), ("latin.txt", Array("caf".utf8) + [0xe9, 0x20], .invalid), ("noise.bin", randomBytes(5000), .invalid),
    ("zeros.txt", [UInt8](repeating: 0, count: 100_000), .invalid), ("cut.pdf", Array("%PDF-1.7\n1 0 obj\n<<".utf8), .invalid),
  ]
  for (name, bytes, code) in bad {
    let error = try await #require(throws: CallError.self) { try await client.submit(bytes: bytes, fileName: name) }
    #expect(error.code == code, "\(name): \(error)")
    #expect(error.processed == .no, "\(name): \(error)")
    #expect(error.message.count > 10, "\(name): \(error)")
  }
  let good = try await client.submit(bytes: paper(1), fileName: "good.txt")
  #expect(good.sequence == 1)
  let refused = try await #require(throws: CallError.self) {
    try await client.submit(SubmitRequest(fileName: "huge", size: 2 << 30), chunks: NoChunks())
  }
  #expect(refused.code == .tooLarge)
  await client.close()
}

@Test func aCallerWithoutTheRoleOrTheRightCertificateIsRefused() async throws {
  let deployment = try Deployment()
  let (_, port) = try deployment.start("ingest")
  let reader = try deployment.client("reader", ingest: port)
  let forbidden = try await #require(throws: CallError.self) { try await reader.submit(bytes: paper(1), fileName: "x.txt") }
  #expect(forbidden.code == .forbidden)
  await reader.close()
  try deployment.authority("other")
  try deployment.certificate("stranger", role: "operator", signedBy: "other")
  let stranger = try deployment.client("stranger", ingest: port)
  let unknown = try await #require(throws: CallError.self) { try await stranger.submit(bytes: paper(1), fileName: "x.txt") }
  #expect(unknown.code == .unauthenticated || unknown.code == .unavailable, "\(unknown)")
  await stranger.close()
}

/// A sequence of no chunks.
private struct NoChunks: AsyncSequence, AsyncIteratorProtocol {
  mutating func next() async throws(CallError) -> [UInt8]? { nil }
  mutating func next(isolation actor: isolated (any Actor)?) async throws(CallError) -> [UInt8]? { nil }
  func makeAsyncIterator() -> Self { self }
}
