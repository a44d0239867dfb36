import ChanceryClient
import Documents
import Foundation
import Platform
import Synchronization
import Testing
import Transport
import Wire

/// The real collection beside the project: 240 papers as PDF and 9,207 statements. It takes minutes, so it runs only when CHANCERY_COLLECTION is set;
/// CHANCERY_PROGRAMS names the folder of the programs to run (an optimised build, when figures are wanted).
private let resolutions = root.appending(path: "../shared/data/resolutions/pdf")
private let speeches = root.appending(path: "../shared/data/speeches/speeches-1946-2015.jsonl.zst")

private struct Statement: Decodable {
  let id: String
  let state: String
  let session: Int
  let year: Int
  let text: String
}

private struct Paper: Sendable {
  let name: String
  let bytes: [UInt8]
  var metadata: [String: String] = [:]
}

private func papers() throws -> [Paper] {
  let unpacked = FileManager.default.temporaryDirectory.appending(path: "speeches-\(UUID().uuidString).jsonl")
  defer { try? FileManager.default.removeItem(at: unpacked) }
  try run("zstd", ["-q", "-d", speeches.path, "-o", unpacked.path])
  var papers = try FileManager.default.contentsOfDirectory(at: resolutions, includingPropertiesForKeys: nil).sorted { $0.path < $1.path }
    .map { Paper(name: $0.lastPathComponent, bytes: [UInt8](try Data(contentsOf: $0))) }
  for line in try Data(contentsOf: unpacked).split(separator: 0x0a) {
    let statement = try JSONDecoder().decode(Statement.self, from: line)
    papers.append(
      Paper(
        name: "\(statement.id).txt", bytes: Array(statement.text.utf8),
        metadata: ["state": statement.state, "session": "\(statement.session)", "year": "\(statement.year)"]))
  }
  return papers
}

/// What was acknowledged so far.
private final class Acknowledged: Sendable {
  private let state = Mutex<[(name: String, reply: SubmitReply)]>([])
  func add(_ name: String, _ reply: SubmitReply) { state.withLock { $0.append((name, reply)) } }
  var all: [(name: String, reply: SubmitReply)] { state.withLock { $0 } }
  var count: Int { state.withLock { $0.count } }
}

@Suite(.enabled(if: ProcessInfo.processInfo.environment["CHANCERY_COLLECTION"] != nil))
struct CollectionSystemTests {
  /// A service on a port of its own, which can be killed and started again there.
  private final class Node {
    let service: String
    let port: Int
    private let deployment: Deployment
    private let arguments: [String]
    private(set) var process: Process
    private(set) var peak = 0

    init(_ service: String, _ deployment: Deployment, _ arguments: [String] = []) throws {
      (self.service, self.deployment, self.arguments) = (service, deployment, arguments)
      (process, port) = try deployment.start(service, arguments)
    }

    /// The largest resident memory of any of its processes so far, KiB.
    func measure() {
      let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") }
      peak = max(peak, line.flatMap { Int($0.filter(\.isNumber)) } ?? 0)
    }

    func killAndStart() throws {
      measure()
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      process = try deployment.start(service, arguments + ["--listen", "127.0.0.1:\(port)"]).process
    }
  }

  @Test func `every acknowledged paper is found exactly once, though each service is killed while they come`() async throws {
    let papers = try papers()
    #expect(papers.count == 9447)
    let deployment = try Deployment()
    let ingest = try Node("ingest", deployment)
    let index = try Node("index", deployment, ["--ingest", "127.0.0.1:\(ingest.port)"])
    let query = try Node("query", deployment, ["--index", "127.0.0.1:\(index.port)"])
    let client = try deployment.client(ingest: ingest.port, index: index.port, query: [query.port])
    let acknowledged = Acknowledged()
    let clock = ContinuousClock()
    let began = clock.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      var running = 0
      var victims = [ingest, index, query, ingest, index, query][...]
      for paper in papers {
        if running == 16 {
          try await group.next()
          running -= 1
        }
        running += 1
        group.addTask { acknowledged.add(paper.name, try await Self.submit(paper, client)) }
        // Each service in turn, at the sevenths of the way.
        if acknowledged.count > papers.count * (7 - victims.count) / 7, let victim = victims.popFirst() { try victim.killAndStart() }
      }
      try await group.waitForAll()
      #expect(victims.isEmpty)
    }
    let submitted = clock.now - began
    #expect(acknowledged.count == papers.count)
    let ids = Set(acknowledged.all.map(\.reply.documentID))
    let found = try await Self.wait(for: ids.count, client)
    let searchable = clock.now - began
    #expect(found == ids.count)
    let bySequence = Dictionary(grouping: acknowledged.all, by: \.reply.sequence)
    #expect(bySequence.count == Set(papers.map { SHA256.hash($0.bytes) }).count)
    for id in ids {
      let document = try await client.get(GetRequest(documentID: id))
      let known = acknowledged.all.filter { $0.reply.documentID == id }.map(\.reply.sha256)
      #expect(known.contains(document.originalSHA256))
      for symbol in document.symbols {
        #expect(try await client.search(SearchRequest(query: "symbol:\"\(symbol)\"")).total == 1, "\(symbol)")
      }
    }
    for port in [ingest.port, index.port, query.port] {
      let verified = try await client.verify(Endpoint(host: "127.0.0.1", port: port))
      #expect(verified.clean && verified.checked > 0, "\(verified.problems.prefix(3))")
    }
    await client.close()
    let bytes = papers.reduce(0) { $0 + $1.bytes.count }
    print(
      "\(papers.count) papers, \(bytes >> 20) MiB: acknowledged in \(submitted) (\(Self.rate(papers.count, submitted))/s), searchable in \(searchable)"
    )
    for node in [ingest, index, query] {
      node.measure()
      let disk = try run("du", ["-sk", deployment.path("data-\(node.service)")]).split(separator: "\t")[0]
      print("\(node.service): peak memory \(node.peak / 1024) MiB, on disk \(disk) KiB")
    }
  }

  private static func rate(_ count: Int, _ time: Duration) -> Int { Int(Double(count) / (time / .seconds(1))) }

  /// Goes on until the paper is taken or refused for good; the same bytes are registered once.
  private static func submit(_ paper: Paper, _ client: ChanceryClient) async throws -> SubmitReply {
    let deadline = ContinuousClock.now + .seconds(60)
    while true {
      do {
        return try await client.submit(bytes: paper.bytes, fileName: paper.name, metadata: paper.metadata)
      } catch {
        guard error.retryable, ContinuousClock.now < deadline else { throw error }
        try await Task.sleep(for: .milliseconds(max(20, error.retryAfterMilliseconds)))
      }
    }
  }

  /// Waits until `count` documents are found, at most two minutes; returns how many are.
  private static func wait(for count: Int, _ client: ChanceryClient) async throws -> Int {
    let deadline = ContinuousClock.now + .seconds(120)
    while true {
      let total = Int((try? await client.search(SearchRequest(query: "")))?.total ?? 0)
      if total == count || ContinuousClock.now > deadline { return total }
      try await Task.sleep(for: .milliseconds(50))
    }
  }
}
