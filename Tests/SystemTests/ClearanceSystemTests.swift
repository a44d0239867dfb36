import ChanceryClient
import Foundation
import Platform
import Testing
import Transport
import Wire

/// A paper as it is submitted.
private struct Paper: Sendable {
  let symbol: String
  let distribution: DistributionClass
  let text: String
  var language = "en"

  static let all = apart + versions

  /// Other languages, revisions and corrigenda of general papers; all but two are closed.
  static let versions: [Paper] =
    ([
      ("A/74/103", .restricted, "fr"), ("A/74/104/Rev.1", .restricted, "en"), ("A/74/106/Corr.1", .limited, "en"),
      ("A/74/106", .general, "ru"), ("A/74/106", .restricted, "fr"), ("A/74/107/Rev.1", .general, "fr"), ("A/74/107", .restricted, "es"),
    ] as [(String, DistributionClass, String)]).map { symbol, distribution, language in
      let own = distribution == .general ? "aardvark" : "zyzzyva1"
      let text = "Statement on item 3.\n\n1. The treaty of \(symbol) and \(language) and peace and the \(own).\n\n2. The law.\n"
      return Paper(symbol: symbol, distribution: distribution, text: text, language: language)
    }

  /// General papers, and others between them that share words, senders, dates and organs with them, and have some of their own.
  private static let apart: [Paper] = (1...40).map { number in
    let distribution: DistributionClass = number % 4 == 1 ? .restricted : number % 8 == 2 ? .limited : .general
    let own = distribution == .general ? "aardvark" : "zyzzyva\(number % 3)"
    let statement = """
      Statement of delegation \(number % 5) on item \(number % 7).

      1. The treaty of friendship is recalled, and the \(own) with it, in the year \(2000 + number % 11).

      2. The delegation \(String(repeating: "reaffirms peace ", count: number % 6 + 1)) and the law.

      3. Document A/74/\(100 + number / 2) and resolution 62/\(number) are recalled, and what came to pass in March \(1990 + number % 9).
      """
    return Paper(symbol: "A/74/\(100 + number)", distribution: distribution, text: statement)
  }
}

/// Ingest, index and a query node with these papers.
private struct Registry {
  let deployment: Deployment
  let ingest, index, query: (process: Process, port: Int)

  init(_ papers: [Paper]) async throws {
    deployment = try Deployment()
    ingest = try deployment.start("ingest")
    index = try deployment.start("index", ["--ingest", "127.0.0.1:\(ingest.port)"])
    query = try deployment.startQuery(index: index.port)
    try deployment.certificate("registrar", role: "submitter", signedBy: "ca", clearance: nil)
    let client = try deployment.client(ingest: ingest.port, query: [query.port])
    for paper in papers {
      var states = paper.distribution == .general ? ["state": "Azerbaijan", "year": "2019"] : ["state": "Zembla", "year": "2018"]
      states["language"] = paper.language
      _ = try await client.submit(
        bytes: Array(paper.text.utf8), fileName: "paper.txt", symbol: paper.symbol, metadata: states, distribution: paper.distribution.name)
    }
    try await eventually("\(papers.count) papers are indexed", within: .seconds(60)) {
      try? await client.search(SearchRequest()).total == UInt64(papers.count) ? true : nil
    }
    await client.close()
  }

  func client(_ name: String) throws -> ChanceryClient { try deployment.client(name, ingest: ingest.port, query: [query.port]) }
}

/// What an answer is, apart from what tells the time and the generation's number, which a cursor has after its first byte.
private func plain(_ body: () async throws -> SearchReply) async -> String {
  await told {
    var reply = try await body()
    (reply.serverMicroseconds, reply.generation) = (0, 0)
    // A cursor holds the generation's number behind its version.
    if !reply.nextCursor.isEmpty { reply.nextCursor.replaceSubrange(1..<9, with: repeatElement(0, count: 8)) }
    return reply.encoded
  }
}

/// An answer or an error, whole.
private func told<R>(_ body: () async throws -> R) async -> String {
  do { return "\(try await body())" } catch { return "\(error)" }
}

/// Everything that a caller can ask, and what he was told, in order.
private func interview(_ registry: Registry, as name: String) async throws -> [String] {
  let client = try registry.client(name)
  let facets = ["organ", "session", "item", "kind", "sender", "year", "language"]
  var answers: [String] = []
  for query in [
    "", "treaty", "peace", "zyzzyva1", "zyzzyva*", "aardvark", "zyz* OR aard*", "peace OR law", "\"treaty of friendship\"", "NOT zyzzyva1",
    "distribution:restricted", "distribution:general", "sender:Zembla", "sender:Azerbaijan peace", "year:2018", "symbol:A/74/101",
    "symbol:A/74/1*", "NOT treaty", "delegation NOT aardvark", "item:", "\"", "symbol:A/74/103", "symbol:A/74/106*", "language:fr",
    "cites:A/74/101", "cites:A/74/110", "cites:A/RES/62/5",
    "cites:A/RES/*", "citedby:A/74/101",
    "citedby:A/74/103", "NOT citedby:A/74/105", "mentions:1991", "mentions:1992-03..1993", "mentions:Zembla",
  ] {
    for sort in ["", "date", "-date"] {
      for limit: UInt32 in [1, 5, 100] {
        let request = SearchRequest(
          query: query, limit: limit, facets: limit == 5 ? facets : [], facetLimit: 50, sort: sort, snippets: 3,
          languages: limit == 100 ? ["fr"] : [], everyVersion: limit == 1)
        answers.append("\(request): " + (await plain { try await client.search(request) }))
      }
    }
  }
  for query in ["", "peace OR zyzzyva1", "treaty NOT zyzzyva2"] {
    var request = SearchRequest(query: query, limit: 7, sort: query.isEmpty ? "-date" : "")
    repeat {
      let reply = try await client.search(request)
      answers.append("\(query), page by page: " + (await plain { reply }))
      request.cursor = reply.nextCursor
    } while !request.cursor.isEmpty
    for paper in Paper.all.prefix(12) {
      answers.append(
        await told {
          var reply = try await client.explain(ExplainRequest(query: query, symbol: paper.symbol))
          reply.generation = 0
          return reply.encoded
        })
    }
  }
  for field in [
    "symbol", "organ", "session", "item", "kind", "sender", "language", "distribution", "work", "cites", "mentioned", "place",
    "senderState", "",
  ] {
    for prefix in ["", "z", "zyz", "a", "A/74/1", "p", "r"] {
      let request = SuggestRequest(field: field, prefix: prefix, limit: 100)
      answers.append("\(request): " + (await told { try await client.suggest(request) }))
    }
  }
  for paper in Paper.all {
    let sha256 = SHA256.hash(Array(paper.text.utf8))
    let id = Array(SHA256.hash(Array(paper.symbol.utf8)).prefix(16))
    for languages in [[], [paper.language], ["fr", "es"]] {
      answers.append(await told { try await client.get(GetRequest(symbol: paper.symbol, languages: languages)).message.encoded })
    }
    answers.append(await told { try await client.get(GetRequest(documentID: id)).message.encoded })
    answers.append(await told { try await client.original(sha256: sha256) { _ in } })
    for request in [ExplainRequest(query: "peace OR zyz*", symbol: paper.symbol), ExplainRequest(query: "law~", documentID: id)] {
      answers.append(
        await told {
          var reply = try await client.explain(request)
          reply.generation = 0
          return reply
        })
    }
  }
  for port in [registry.ingest.port, registry.query.port] {
    answers.append(await told { try await client.status(Endpoint(host: "127.0.0.1", port: port)) })
  }
  await client.close()
  return answers
}

@Suite(.timeLimit(.minutes(5))) struct ClearanceSystemTests {
  @Test func `to a caller without the clearance a registry with restricted papers answers byte for byte as one without them`() async throws
  {
    let whole = try await Registry(Paper.all)
    let general = try await Registry(Paper.all.filter { $0.distribution == .general })
    let (one, other) = (try await interview(whole, as: "public"), try await interview(general, as: "public"))
    try #require(one.count == other.count && one.count > 300)
    for (one, other) in zip(one, other) { #expect(one == other) }
    // Who is cleared is told of them, so that the above is not for lack of papers.
    let cleared = try await interview(whole, as: "reader")
    #expect(zip(one, cleared).count { $0 != $1 } > 150)

    // A higher clearance shows one class more and no other.
    try whole.deployment.certificate("limited", role: "reader", signedBy: "ca", clearance: .limited)
    let between = try whole.client("limited")
    #expect(try await between.search(SearchRequest()).total == UInt64(Paper.all.count { $0.distribution <= .limited }))
    #expect(try await between.search(SearchRequest(query: "distribution:restricted")).total == 0)
    await between.close()

    // Where hidden versions stand beside it, a paper is still the only one of its symbol.
    for registry in [whole, general] {
      let client = try registry.client("registrar")
      let wrong = await told { try await client.delete(DeleteRequest(symbol: "A/74/103", why: "curious", language: "fr")) }
      #expect(wrong.contains("no document A/74/103 in fr is registered"))
      #expect(try await client.delete(DeleteRequest(symbol: "A/74/103", why: "withdrawn")).existed)
      let several = await told { try await client.delete(DeleteRequest(symbol: "A/74/106", why: "curious")) }
      #expect(several.contains("of 2 documents, in en, ru "))
      await client.close()
    }

    try await deletionsAreRefusedAlike(whole)
    try await vainCallsTakeAlike(whole)
  }

  /// To delete a restricted paper is answered as to delete what was never registered, and does nothing.
  private func deletionsAreRefusedAlike(_ registry: Registry) async throws {
    let client = try registry.client("registrar")
    let hidden = await told { try await client.delete(DeleteRequest(symbol: "A/74/101", why: "curious")) }
    let unknown = await told { try await client.delete(DeleteRequest(symbol: "A/74/999", why: "curious")) }
    #expect(hidden.replacing("A/74/101", with: "A/74/999") == unknown)
    let id = Array(SHA256.hash(Array("A/74/101".utf8)).prefix(16))
    let byID = try await client.delete(DeleteRequest(documentID: id, why: "curious"))
    #expect(try await client.delete(DeleteRequest(documentID: id.reversed(), why: "curious")) == byID && !byID.existed)
    await client.close()
    let cleared = try registry.client("reader")
    #expect(try await cleared.get(symbol: "A/74/101").symbols.map(\.text) == ["A/74/101"])
    await cleared.close()
  }

  /// What takes a call its time does not tell a restricted paper from none.
  private func vainCallsTakeAlike(_ registry: Registry) async throws {
    let client = try registry.client("public")
    var times: [[Duration]] = [[], []]
    for _ in 0..<400 {
      for (index, symbol) in ["A/74/101", "A/74/999"].enumerated() {
        let start = ContinuousClock.now
        _ = try? await client.get(symbol: symbol)
        times[index].append(ContinuousClock.now - start)
      }
    }
    await client.close()
    let medians = times.map { $0.sorted()[$0.count / 2] }
    #expect(medians[0] < medians[1] * 1.5 && medians[1] < medians[0] * 1.5, "\(medians)")
  }

  @Test func `a paper whose distribution is not known is told of at once, and found by who sees everything`() async throws {
    let registry = try await Registry([])
    let operating = try registry.client("operator")
    let text = "A note without a masthead, about wombats.\n"
    let reply = try await operating.submit(bytes: Array(text.utf8), fileName: "note.txt")
    #expect(reply.notes.contains { $0.contains("only callers cleared for everything find it") })
    // What the submitter states holds when it is stricter than the text, and not when it is less strict.
    let printed = "Distr.: Limited\n\nA/74/7\n\nNote by the Secretariat\n\nOn wombats.\n"
    _ = try await operating.submit(bytes: Array(printed.utf8), fileName: "a.txt", distribution: "general")
    let stricter = printed.replacing("A/74/7", with: "A/74/8")
    _ = try await operating.submit(bytes: Array(stricter.utf8), fileName: "b.txt", distribution: "confidential")
    try await eventually("they are indexed") { try await operating.search(SearchRequest(query: "wombats")).total == 3 ? true : nil }
    for (clearance, total) in [
      (DistributionClass.general, 0), (.limited, 1), (.restricted, 1), (.confidential, 2), (.strictlyConfidential, 3),
    ] {
      try registry.deployment.certificate(clearance.name, role: "reader", signedBy: "ca", clearance: clearance)
      let client = try registry.client(clearance.name)
      #expect(try await client.search(SearchRequest(query: "wombats")).total == UInt64(total), "\(clearance)")
      await client.close()
    }
    let wrong = try await #require(throws: CallError.self) {
      try await operating.submit(bytes: Array("x y z\n".utf8), fileName: "c.txt", distribution: "secret")
    }
    #expect(wrong.code == .invalid && wrong.message.contains("general, limited, restricted"))
    // A newer version of a stricter class takes the older one, and its file, out of sight.
    let open = "Distr.: General\n\nA/74/9\n\nNote by the Secretariat\n\nOn quokkas.\n"
    let first = try await operating.submit(bytes: Array(open.utf8), fileName: "d.txt")
    let reader = try registry.client("public")
    try await eventually("it is found") { try await reader.search(SearchRequest(query: "quokkas")).total == 1 ? true : nil }
    _ = try await reader.original(sha256: first.sha256) { _ in }
    _ = try await operating.submit(bytes: Array(open.replacing("General", with: "Restricted").utf8), fileName: "d.txt")
    try await eventually("it is gone") { try await reader.search(SearchRequest(query: "quokkas")).total == 0 ? true : nil }
    let gone = try await #require(throws: CallError.self) { try await reader.original(sha256: first.sha256) { _ in } }
    #expect(gone.code == .notFound)
    for client in [reader, operating] { await client.close() }
  }
}
