import ChanceryClient
import Documents
import Foundation
import Platform
import Synchronization
import Testing
import Transport
import Wire

/// Restarts that the nodes of `aRollingRestartFailsNoCall` go through: CHANCERY_RESTARTS, or a few.
private let restarts = ProcessInfo.processInfo.environment["CHANCERY_RESTARTS"].flatMap { Int($0) } ?? 4

/// What the callers have done, and whether they are to stop.
private final class Callers: Sendable {
  let answered = Atomic(0)
  let isDone = Atomic(false)

  var calls: Int { answered.load(ordering: .relaxed) }
  func stop() { isDone.store(true, ordering: .relaxed) }
}

@Test func aRollingRestartFailsNoCall() async throws {
  let deployment = try Deployment()
  let index = try SmallIndex(deployment.path("index"))
  let paragraph = Paragraph(number: 1, text: "Common words.", attribution: "the sender")
  let id = try #require(DocumentID(digest: SHA256.hash(Array("letter".utf8))))
  let letter = Document(id: id, symbols: Symbol.list("A/74/1"), kind: .letter, paragraphs: [paragraph], language: "en")
  index.publish(1, [try await index.add([letter], as: "segments/one")])
  let callers = Callers()
  try await deployment.serving(index) { indexPort in
    var nodes: [(process: Process, port: Int)] = []
    for number in 0..<2 { nodes.append(try deployment.startQuery(index: indexPort, as: "data-\(number)")) }
    let client = try deployment.client("reader", query: nodes.map(\.port))
    for node in nodes { try await client.becomesReady(node.port) }
    let failures = try await withThrowingTaskGroup(of: [CallError].self) { group in
      for _ in 0..<8 {
        group.addTask {
          var failures: [CallError] = []
          while !callers.isDone.load(ordering: .relaxed) {
            do throws(CallError) {
              let reply = try await client.search(SearchRequest(query: "common"))
              if reply.total != 1 { failures.append(CallError(.internal, "\(reply.total) hits")) }
              callers.answered.add(1, ordering: .relaxed)
            } catch { failures.append(error) }
          }
          return failures
        }
      }
      defer { callers.stop() }
      for number in 0..<restarts {
        let place = number % 2
        kill(nodes[place].process.processIdentifier, SIGTERM)
        let process = nodes[place].process
        try await eventually("node \(place) has drained") { process.isRunning ? nil : true }
        #expect(process.terminationStatus == 0)
        nodes[place] = try deployment.startQuery(index: indexPort, as: "data-\(place)", port: nodes[place].port)
        try await client.becomesReady(nodes[place].port)
        let before = callers.calls
        try await eventually("calls go on") { callers.calls > before + 8 ? true : nil }
      }
      callers.stop()
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(failures.isEmpty, "\(failures.count) of \(callers.calls) calls: \(failures.first?.description ?? "")")
    print("\(restarts) restarts, \(callers.calls) calls, \(failures.count) failed")
    await client.close()
  }
}

extension ChanceryClient {
  fileprivate func becomesReady(_ port: Int) async throws {
    try await eventually("the node is ready") {
      do throws(CallError) { return try await health(Endpoint(host: "127.0.0.1", port: port)).ready ? true : nil } catch { return nil }
    }
  }
}
