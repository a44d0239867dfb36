import ChanceryClient
import Foundation
import Logging
import Platform
import Store
import Synchronization
import Testing
import Transport
import Wire

/// A small paper that is its own.
private func paper(_ number: Int) -> [UInt8] { Array("Statement number \(number).\n\nThe delegation has the honour to say so.\n".utf8) }

/// Ingest and index on one machine.
private final class Pair: Sendable {
  let deployment: Deployment
  let ingestPort: Int
  let client: ChanceryClient
  private let ingest: Mutex<Process>

  init() throws {
    deployment = try Deployment()
    let (process, port) = try deployment.start("ingest")
    ingest = Mutex(process)
    ingestPort = port
    client = try deployment.client(ingest: ingestPort)
  }

  func startIndex() throws -> (process: Process, port: Int) {
    try deployment.start("index", ["--ingest", "127.0.0.1:\(ingestPort)"])
  }

  func killIngest() {
    ingest.withLock { process in
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
    }
  }

  /// Lets ingest finish its work and stop; returns its exit code and the seconds that took.
  func stopIngest() -> (code: Int32, seconds: Double) {
    ingest.withLock { process in
      let start = monotonicNow()
      process.terminate()
      process.waitUntilExit()
      return (process.terminationStatus, Double(monotonicNow() - start) / 1e9)
    }
  }

  /// Starts ingest again, where it was.
  func startIngest() throws {
    let (process, _) = try deployment.start("ingest", ["--listen", "127.0.0.1:\(ingestPort)"])
    ingest.withLock { $0 = process }
  }

  func caller(_ role: String, _ port: Int) throws -> Client {
    try Client(
      configuration: ClientConfiguration(identity: deployment.identity(role), software: "test", cluster: "test"),
      endpoints: [Endpoint(host: "127.0.0.1", port: port)], logger: Logger(label: "test"))
  }

  /// Watches the index at `port` until a manifest is what `isWanted` asks for.
  func manifest(_ port: Int, _ isWanted: (ManifestMessage) -> Bool) async throws -> ManifestMessage {
    let client = try caller("query", port)
    let stream = try await client.open(.watchManifest, body: WatchManifestRequest().encoded, deadline: .seconds(60))
    _ = try await stream.reply()
    var decoder = DelimitedDecoder<ManifestMessage>(maxLength: 1 << 20)
    var newest: UInt64 = 0
    for try await piece in stream.incoming {
      decoder.push(piece)
      while let body = try decoder.nextBody() {
        let manifest = try ManifestMessage(checked: body, subject: "the manifest")
        #expect(manifest.generation > newest)
        newest = manifest.generation
        if isWanted(manifest) {
          await client.close()
          return manifest
        }
      }
    }
    throw SetupFailure(description: "the index ended the stream")
  }

  /// The index at `port` has all of the journal up to `sequence`, with `documents` live ones, and finds nothing wrong with itself.
  func expect(_ port: Int, sequence: UInt64, documents: Int) async throws {
    let manifest = try await manifest(port) { $0.journalSequence >= sequence }
    #expect(manifest.journalSequence == sequence && manifest.documents == UInt64(documents))
    let verified = try await client.verify(Endpoint(host: "127.0.0.1", port: port))
    #expect(verified.clean && verified.checked >= UInt64(documents), "\(verified.problems)")
  }
}

@Test func papersVersionsAndDeletionsAreInTheManifestAndTheCatalogueIsSound() async throws {
  let pair = try Pair()
  let (process, port) = try pair.startIndex()
  let empty = try await pair.manifest(port) { _ in true }
  #expect(empty.generation == 1 && empty.documents == 0 && !empty.journalID.isEmpty)
  let sample = root.appending(path: "deploy/sample")
  let names = try FileManager.default.contentsOfDirectory(atPath: sample.path)
    .filter { $0.hasSuffix(".pdf") || $0.hasSuffix(".txt") }.sorted()
  var ids: [String: [UInt8]] = [:]
  for name in names {
    let bytes = [UInt8](try Data(contentsOf: sample.appending(path: name)))
    let symbol = name.hasPrefix("letter") ? "A/74/565–S/2019/908" : ""
    ids[name] = try await pair.client.submit(bytes: bytes, fileName: name, symbol: symbol).documentID
  }
  #expect(Set(ids.values).count == names.count && names.count > 8)
  try await pair.expect(port, sequence: UInt64(names.count), documents: names.count)
  let letter = [UInt8](try Data(contentsOf: sample.appending(path: "letter-2019-11-26.txt")))
  let corrected = letter + Array("\nCorrected.\n".utf8)
  let version = try await pair.client.submit(bytes: corrected, fileName: "letter.txt", symbol: "A/74/565–S/2019/908")
  #expect(version.version == 2)
  try await pair.expect(port, sequence: version.sequence, documents: names.count)
  let deletion = try await pair.client.delete(DeleteRequest(documentID: version.documentID, why: "test"))
  try await pair.expect(port, sequence: deletion.sequence, documents: names.count - 1)

  // A graceful stop does not wait for those who watch.
  let watching = try pair.caller("query", port)
  let stream = try await watching.open(.watchManifest, body: WatchManifestRequest().encoded)
  _ = try await stream.reply()
  let start = monotonicNow()
  process.terminate()
  process.waitUntilExit()
  #expect(process.terminationStatus == 0 && monotonicNow() - start < 10_000_000_000)
  await watching.close()
  let (_, again) = try pair.startIndex()
  try await pair.expect(again, sequence: deletion.sequence, documents: names.count - 1)
  await pair.client.close()
}

@Test func objectsOfTheManifestAreServedWholeAndByRange() async throws {
  let pair = try Pair()
  let (_, port) = try pair.startIndex()
  for number in 0..<3 { _ = try await pair.client.submit(bytes: paper(number), fileName: "\(number).txt") }
  let manifest = try await pair.manifest(port) { $0.documents == 3 }
  let query = try pair.caller("query", port)
  for entry in manifest.segments {
    let stored = [UInt8](try Data(contentsOf: URL(filePath: pair.deployment.path("data-index/objects/\(entry.name)"))))
    for request in [GetObjectRequest(name: entry.name), GetObjectRequest(name: entry.name, offset: 5, length: 100)] {
      let stream = try await query.open(.getObject, body: request.encoded, deadline: .seconds(10))
      let reply = try GetObjectReply(reply: await stream.reply())
      #expect(reply.size == entry.bytes)
      var bytes: [UInt8] = []
      for try await piece in stream.incoming { bytes += piece }
      #expect(bytes == Array(stored[Int(reply.offset)..<Int(reply.offset + reply.length)]))
    }
  }
  let list = try ListObjectsReply(reply: await query.call(.listObjects, body: ListObjectsRequest(prefix: "segments/").encoded))
  #expect(Set(manifest.segments.map(\.name)).isSubset(of: list.objects.map(\.name)))
  await query.close()
  let reader = try pair.caller("reader", port)
  for method in [Wire.Method.watchManifest, .getObject, .listObjects, .verify] {
    let error = await #expect(throws: CallError.self) {
      switch method {
      case .watchManifest, .getObject: _ = try await reader.open(method, body: []).reply()
      default: _ = try await reader.call(method, body: [])
      }
    }
    #expect(error?.code == .forbidden, "\(method.name)")
  }
  await reader.close()
  await pair.client.close()
}

/// Hands each number to one of several tasks.
private final class Numbers: Sendable {
  private let rest: Mutex<Range<Int>>
  init(_ range: Range<Int>) { rest = Mutex(range) }
  func next() -> Int? { rest.withLock { $0.popFirst() } }
}

/// Submits papers until `count` are acknowledged, however often the service is away.
private func submitAll(
  _ pair: Pair, _ numbers: Range<Int>, _ acknowledged: @escaping @Sendable (Int) throws -> Void = { _ in }
) async throws {
  let numbers = Numbers(numbers)
  try await withThrowingTaskGroup(of: Void.self) { group in
    for _ in 0..<4 {
      group.addTask {
        while let number = numbers.next() {
          while true {
            do {
              _ = try await pair.client.submit(bytes: paper(number), fileName: "\(number).txt")
              break
            } catch let error as CallError { try #require(error.retryable, "\(error)") }
          }
          try acknowledged(number)
        }
      }
    }
    try await group.waitForAll()
  }
}

@Test func killingTheIndexWhilePapersFlowLosesNothing() async throws {
  let pair = try Pair()
  var (process, port) = try pair.startIndex()
  async let submitted: Void = submitAll(pair, 0..<240)
  for documents: UInt64 in [20, 60, 120, 180] {
    _ = try await pair.manifest(port) { $0.documents >= documents }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    (process, port) = try pair.startIndex()
  }
  try await submitted
  try await pair.expect(port, sequence: 240, documents: 240)
  await pair.client.close()
}

@Test func killingIngestWhilePapersFlowLosesNothing() async throws {
  let pair = try Pair()
  let (_, port) = try pair.startIndex()
  try await submitAll(pair, 0..<120) { number throws in
    guard number == 40 || number == 80 else { return }
    pair.killIngest()
    try pair.startIngest()
  }
  let status = try await pair.client.status(Endpoint(host: "127.0.0.1", port: pair.ingestPort))
  #expect(status.figures.first { $0.name == "journal entries" }?.value == "120")
  try await pair.expect(port, sequence: 120, documents: 120)
  await pair.client.close()
}

@Test func theIndexListensBeforeIngestIsThereAndSaysSo() async throws {
  let pair = try Pair()
  pair.killIngest()
  let (_, port) = try pair.startIndex()
  let endpoint = Endpoint(host: "127.0.0.1", port: port)
  #expect(try await pair.client.health(endpoint).ready)
  let figure = try await pair.client.status(endpoint).figures.first { $0.name == "ingest" }
  #expect(figure.map { $0.value != "connected" } == true)
  try pair.startIngest()
  _ = try await pair.client.submit(bytes: paper(1), fileName: "1.txt")
  try await pair.expect(port, sequence: 1, documents: 1)
  #expect(try await pair.client.status(endpoint).figures.first { $0.name == "ingest" }?.value == "connected")
  // An index that follows the journal does not hold up ingest's stop, and finds it again.
  let stopped = pair.stopIngest()
  #expect(stopped.code == 0 && stopped.seconds < 10)
  try pair.startIngest()
  _ = try await pair.client.submit(bytes: paper(2), fileName: "2.txt")
  try await pair.expect(port, sequence: 2, documents: 2)
  await pair.client.close()
}

@Test func aSecondIndexProcessIsRefusedAndOneThatLostTheFenceStops() async throws {
  let pair = try Pair()
  let (process, port) = try pair.startIndex()
  let newest = try await pair.manifest(port) { _ in true }
  let refused = #expect(throws: SetupFailure.self) { try pair.startIndex() }
  #expect(refused?.description.contains("another index process uses this data directory") == true, "\(refused?.description ?? "")")
  // What another process, on a machine that shares the store, would do.
  let log = ManifestLog(try DirectoryStore(pair.deployment.path("data-index/objects")))
  try await log.commit(newest.generation + 1, newest.encoded)
  _ = try await pair.client.submit(bytes: paper(1), fileName: "1.txt")
  process.waitUntilExit()
  #expect(process.terminationReason == .exit && process.terminationStatus != 0)
  #expect(try pair.deployment.log(of: process).contains("was committed by another index process"))
  await pair.client.close()
}

@Test func anIndexOfAnotherJournalRefusesToGoOn() async throws {
  let pair = try Pair()
  let (process, port) = try pair.startIndex()
  _ = try await pair.manifest(port) { _ in true }
  process.terminate()
  process.waitUntilExit()
  pair.killIngest()
  try FileManager.default.removeItem(atPath: pair.deployment.path("data-ingest"))
  try pair.startIngest()
  let (again, _) = try pair.startIndex()
  again.waitUntilExit()
  #expect(again.terminationStatus != 0)
  #expect(try pair.deployment.log(of: again).contains("the index was built from journal"))
  await pair.client.close()
}
