import ChanceryClient
import Foundation
import Testing
import Transport
import Wire

/// Ingest, index and a query node.
private struct Chain {
  let deployment: Deployment
  let ingest, index, query: (process: Process, port: Int)
  let client: ChanceryClient

  init() throws {
    deployment = try Deployment()
    ingest = try deployment.start("ingest")
    index = try deployment.start("index", ["--ingest", "127.0.0.1:\(ingest.port)"])
    query = try deployment.startQuery(index: index.port)
    client = try deployment.client(ingest: ingest.port, query: [query.port])
  }

  /// Registers the sample papers by the command; returns how many there are.
  func submitSamples() throws -> UInt64 {
    let folder = root.appending(path: "deploy/sample")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".pdf") || $0.hasSuffix(".txt") }
    let paths = names.sorted().map { folder.appending(path: $0).path }
    _ = try deployment.chancery(["submit"] + paths + ["--ingest", "127.0.0.1:\(ingest.port)"], as: "submitter", query: query.port)
    return UInt64(names.count)
  }

  /// A search's answer as soon as it has so many documents.
  @discardableResult func search(_ query: String, total: UInt64) async throws -> SearchReply {
    try await eventually("\(total) documents for \(query)", within: .seconds(60)) {
      do {
        let reply = try await client.search(SearchRequest(query: query, limit: 100))
        return reply.total == total ? reply : nil
      } catch let error as CallError where error.retryable || error.code == .deadline { return nil }
    }
  }
}

@Suite struct FromSubmissionToAnswer {
  @Test func aTraceTellsWhatTheServicesDidForAPaper() async throws {
    let chain = try Chain()
    let services = ["--ingest", "127.0.0.1:\(chain.ingest.port)", "--index", "127.0.0.1:\(chain.index.port)"]
    let paper = root.appending(path: "Tests/SystemTests/Specimen.swift").path
    let said = try chain.deployment.chancery(
      ["submit", paper, "--symbol", "A/1/1", "--trace"] + services, as: "operator", query: chain.query.port)
    let line = try #require(said.split(separator: "\n").first { $0.hasPrefix("trace ") })
    let shown = try await eventually("the index's span", within: .seconds(60)) {
      let text = try chain.deployment.chancery(["trace", String(line.dropFirst(6))] + services, as: "operator", query: chain.query.port)
      return text.contains("Index") ? text : nil
    }
    let names = shown.split(separator: "\n").dropFirst().compactMap { $0.split(separator: " ").dropFirst(2).first }
    // Parts end before the call that they are of, and the index comes after all.
    #expect(names == ["Submit", "read", "journal", "Index"], "\(shown)")
  }

  @Test func whatIsSubmittedIsFoundChangedAndDeleted() async throws {
    let chain = try Chain()
    try await chain.search("", total: 0)
    let count = try chain.submitSamples()
    try await chain.search("", total: count)
    try await expectSpecimen(chain.client)
    let resolution = try await chain.search("symbol:A/RES/79/4", total: 1)
    #expect(resolution.hits[0].kind == "resolution")
    let changed = Array("A corrected text about aardvarks, of more than a few words.\n".utf8)
    _ = try await chain.client.submit(bytes: changed, fileName: "corrected.txt", symbol: "A/RES/79/4")
    try await chain.search("aardvarks symbol:A/RES/79/4", total: 1)
    try await chain.search("", total: count)
    _ = try await chain.client.delete(DeleteRequest(symbol: "A/74/565", why: "a test"))
    try await chain.search("", total: count - 1)
    try await chain.search("khojaly", total: 0)
    let gone = try await #require(throws: CallError.self) { try await chain.client.get(symbol: "S/2019/908") }
    #expect(gone.code == .notFound)
    let verified = try await chain.client.verify(Endpoint(host: "127.0.0.1", port: chain.query.port))
    #expect(verified.clean, "\(verified.problems)")
    await chain.client.close()
  }

  @Test func aNodeThatWasKilledIsBackWithTheSameAnswersAndGoesOn() async throws {
    let chain = try Chain()
    let count = try chain.submitSamples()
    try await chain.search("", total: count)
    let before = try await chain.client.search(SearchRequest(query: "nations OR genocide", limit: 100))
    try await killed(chain.query.process)
    let (_, _) = try chain.deployment.startQuery(index: chain.index.port, port: chain.query.port)
    #expect(try await chain.search("nations OR genocide", total: before.total).hits == before.hits)
    _ = try await chain.client.submit(bytes: Array("An aardvark in a statement of several words.\n".utf8), fileName: "more.txt")
    try await chain.search("aardvark", total: 1)
    await chain.client.close()
  }

  @Test func aNodeAnswersWhileIngestAndIndexAreKilledAndFollowsThemAgain() async throws {
    let chain = try Chain()
    let count = try chain.submitSamples()
    try await chain.search("", total: count)
    for service in [chain.index, chain.ingest] {
      try await killed(service.process)
      try await expectSpecimen(chain.client)
    }
    _ = try chain.deployment.start("ingest", ["--listen", "127.0.0.1:\(chain.ingest.port)"])
    _ = try chain.deployment.start("index", ["--ingest", "127.0.0.1:\(chain.ingest.port)", "--listen", "127.0.0.1:\(chain.index.port)"])
    let client = try chain.deployment.client(ingest: chain.ingest.port, query: [chain.query.port])
    _ = try await client.submit(bytes: Array("An aardvark in a statement of several words.\n".utf8), fileName: "more.txt")
    try await chain.search("aardvark", total: 1)
    await client.close()
    await chain.client.close()
  }
}
