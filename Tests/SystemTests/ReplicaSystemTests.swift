import ChanceryClient
import Documents
import Foundation
import Platform
import Testing
import Transport
import Wire

/// A letter whose text holds its number as a word, and a word that it shares with all others.
private func letter(_ number: Int) -> Document {
  guard let id = DocumentID(digest: SHA256.hash(Array("letter \(number)".utf8))) else { preconditionFailure("a digest has 32 bytes") }
  return Document(
    id: id, symbols: Symbol.list("A/74/\(number)"), kind: .letter,
    paragraphs: [Paragraph(number: 1, text: "Common and n\(number).", attribution: "the sender")], language: "en")
}

private func letters(_ numbers: ClosedRange<Int>) -> [Document] { numbers.map(letter) }

/// An index's folder, and certificates.
private func setUp() throws -> (Deployment, SmallIndex) {
  let deployment = try Deployment()
  return (deployment, try SmallIndex(deployment.path("index")))
}

extension ChanceryClient {
  /// A search's answer from generation `number`, as soon as the node has it.
  fileprivate func search(_ query: String, generation number: UInt64) async throws -> SearchReply {
    try await eventually("generation \(number)") {
      do {
        let reply = try await self.search(SearchRequest(query: query, limit: 100))
        return reply.generation == number ? reply : nil
      } catch let error as CallError where error.code == .unavailable || error.code == .deadline { return nil }
    }
  }

  fileprivate func figure(_ name: String, _ port: Int) async throws -> String? {
    try await status(Endpoint(host: "127.0.0.1", port: port)).figures.first { $0.name == name }?.value
  }
}

@Test func aNodeSwitchesToEachNewGenerationAndFetchesOnlyWhatIsNew() async throws {
  let (deployment, index) = try setUp()
  let first = try await index.add(letters(1...5), as: "segments/one")
  let second = try await index.add(letters(6...9), as: "segments/two")
  index.publish(1, [first])
  try await deployment.serving(index) { indexPort in
    let (_, port) = try deployment.startQuery(index: indexPort)
    let client = try deployment.client("operator", query: [port])
    #expect(try await client.search("common", generation: 1).total == 5)
    index.publish(2, [first, second])
    #expect(try await client.search("common", generation: 2).total == 9)
    #expect(try await client.search("n7", generation: 2).hits.map(\.symbols) == [["A/74/7"]])
    let reduced = try await index.delete([0, 1], of: first, as: "deletions/one-2")
    index.publish(3, [reduced, second])
    let third = try await client.search("common", generation: 3)
    #expect(third.total == 7 && !third.hits.contains { $0.symbols == ["A/74/1"] })
    #expect(index.fetches("segments/one") == 1 && index.fetches("segments/two") == 1 && index.fetches("deletions/one-2") == 1)
    let merged = try await index.add(letters(3...9), as: "segments/merged")
    index.publish(4, [merged])
    #expect(try await client.search("common", generation: 4).total == 7)
    let objects = deployment.path("data-query") + "/objects"
    try await eventually("what no generation needs is removed") {
      ["segments/one", "segments/two", "deletions/one-2"].allSatisfy { !FileManager.default.fileExists(atPath: "\(objects)/\($0)") }
        ? true : nil
    }
    #expect(FileManager.default.fileExists(atPath: objects + "/segments/merged"))
    let verified = try await client.verify(Endpoint(host: "127.0.0.1", port: port))
    #expect(verified.clean && verified.checked == 1, "\(verified.problems)")
    await client.close()
  }
}

@Test func aNodeIsReadyOnlyWithAGenerationAndAnIndexWithoutManifestsIsAnEmptyOne() async throws {
  let (deployment, index) = try setUp()
  // A port that is free once the server that had it is gone.
  let indexPort = try await deployment.serving(index) { $0 }
  let (_, port) = try deployment.startQuery(index: indexPort)
  let client = try deployment.client("reader", query: [port])
  let endpoint = Endpoint(host: "127.0.0.1", port: port)
  let early = try await client.health(endpoint)
  #expect(!early.ready && early.reason.contains("generation"))
  let refused = try await eventually("a refusal") {
    do {
      _ = try await client.search(SearchRequest())
      throw SetupFailure(description: "a node without a generation has answered")
    } catch let error as CallError { return error.code == .deadline ? nil : error }
  }
  #expect(refused.code == .unavailable && refused.retryable && refused.processed == .no, "\(refused)")
  try await deployment.serving(index, port: indexPort) { _ in
    let empty = try await client.search("", generation: 0)
    #expect(empty.total == 0 && empty.hits.isEmpty)
    #expect(try await client.health(endpoint).ready)
    index.publish(1, [try await index.add(letters(1...3), as: "segments/one")])
    #expect(try await client.search("", generation: 1).total == 3)
  }
  await client.close()
}

@Test func aCopyThatWasDamagedOnTheWayOrOnDiskIsFetchedAgain() async throws {
  let (deployment, index) = try setUp()
  let first = try await index.add(letters(1...5), as: "segments/one")
  let second = try await index.add(letters(6...9), as: "segments/two")
  let reduced = try await index.delete([3], of: second, as: "deletions/two")
  index.damage("segments/one", times: 2)
  index.damage("deletions/two", times: 1)
  index.publish(1, [first, reduced])
  try await deployment.serving(index) { indexPort in
    let (process, port) = try deployment.startQuery(index: indexPort)
    var client = try deployment.client("operator", query: [port])
    #expect(try await client.search("common", generation: 1).total == 8)
    #expect(index.fetches("segments/one") == 3 && index.fetches("segments/two") == 1 && index.fetches("deletions/two") == 2)

    let file = deployment.path("data-query") + "/objects/segments/two"
    var bytes = try Data(contentsOf: URL(filePath: file))
    bytes[100] ^= 1
    let handle = try FileHandle(forWritingTo: URL(filePath: file))
    try handle.write(contentsOf: bytes)
    try handle.close()
    let verified = try await client.verify(Endpoint(host: "127.0.0.1", port: port))
    #expect(!verified.clean && verified.problems.count == 1 && verified.problems[0].contains("segments/two"), "\(verified)")
    await client.close()

    try await killed(process)
    let (_, again) = try deployment.startQuery(index: indexPort)
    client = try deployment.client("operator", query: [again])
    #expect(try await client.search("common", generation: 1).total == 8)
    #expect(index.fetches("segments/one") == 3 && index.fetches("segments/two") == 2, "good copies are used again")
    #expect(try await client.verify(Endpoint(host: "127.0.0.1", port: again)).clean)
    await client.close()
  }
}

@Test func aNodeGoesOnAnsweringWithoutTheIndexAndCatchesUpWhenItIsBack() async throws {
  let (deployment, index) = try setUp()
  let first = try await index.add(letters(1...5), as: "segments/one")
  index.publish(1, [first])
  let (indexPort, port) = try await deployment.serving(index) { indexPort in
    let (_, port) = try deployment.startQuery(index: indexPort)
    let client = try deployment.client("reader", query: [port])
    _ = try await client.search("", generation: 1)
    await client.close()
    return (indexPort, port)
  }
  let client = try deployment.client("reader", query: [port])
  try await eventually("the loss is noticed") { try await client.figure("index", port)?.hasPrefix("not reached") == true ? true : nil }
  #expect(try await client.search("common", generation: 1).total == 5)
  #expect(try await client.health(Endpoint(host: "127.0.0.1", port: port)).ready)
  index.publish(2, [first, try await index.add(letters(6...7), as: "segments/two")])
  try await deployment.serving(index, port: indexPort) { (_: Int) async throws in
    #expect(try await client.search("common", generation: 2).total == 7)
    #expect(try await client.figure("index", port) == "watched")
    #expect(index.fetches("segments/one") == 1)
  }
  await client.close()
}

@Test func aManifestThatIsDamagedOrDoesNotFitItsObjectsIsNotUsed() async throws {
  let (deployment, index) = try setUp()
  let first = try await index.add(letters(1...5), as: "segments/one")
  let second = try await index.add(letters(6...9), as: "segments/two")
  index.publish(1, [first])
  try await deployment.serving(index) { indexPort in
    let (_, port) = try deployment.startQuery(index: indexPort)
    let client = try deployment.client("reader", query: [port])
    _ = try await client.search("", generation: 1)
    index.publish(2, [first, second], hasRightSum: false)
    try await eventually("the bad manifest is refused") {
      try await client.figure("index", port)?.contains("checksum") == true ? true : nil
    }
    #expect(try await client.search(SearchRequest()).generation == 1)
    var wrong = second
    wrong.documents += 1
    index.publish(3, [first, wrong])
    try await eventually("the objects are here") { index.fetches("segments/two") > 0 ? true : nil }
    index.publish(4, [first, second])
    #expect(try await client.search("common", generation: 4).total == 9)
    // What is older than what is answered from is not gone back to.
    index.publish(2, [first])
    index.publish(5, [second])
    #expect(try await client.search("common", generation: 5).total == 4)
    await client.close()
  }
}

@Test func everySearchSeesOneWholeGenerationWhileTheyChange() async throws {
  let (deployment, index) = try setUp()
  // Generation n has n segments of three letters.
  var entries: [SegmentEntry] = []
  for number in 1...12 { entries.append(try await index.add(letters(number * 10...number * 10 + 2), as: "segments/\(number)")) }
  index.publish(1, [entries[0]])
  let all = entries
  try await deployment.serving(index) { indexPort in
    let (_, port) = try deployment.startQuery(index: indexPort)
    let client = try deployment.client("reader", query: [port])
    _ = try await client.search("", generation: 1)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          var last: UInt64 = 0
          while last < 12 {
            let reply = try await client.search(SearchRequest(query: "common", limit: 100))
            #expect(reply.total == reply.generation * 3 && UInt64(reply.hits.count) == reply.total && reply.generation >= last)
            last = reply.generation
          }
        }
      }
      for number in 2...12 {
        index.publish(UInt64(number), Array(all[..<number]))
        _ = try await client.search("", generation: UInt64(number))
      }
      try await group.waitForAll()
    }
    #expect(all.allSatisfy { index.fetches($0.name) == 1 })
    await client.close()
  }
}

@Test func twoNodesCannotShareADirectory() async throws {
  let (deployment, index) = try setUp()
  try await deployment.serving(index) { indexPort in
    _ = try deployment.startQuery(index: indexPort)
    let error = try #require(throws: SetupFailure.self) { try deployment.startQuery(index: indexPort) }
    #expect(error.description.contains("locked"))
  }
}
