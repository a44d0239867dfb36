import ChanceryClient
import Documents
import Foundation
import Operations
import Testing
import Transport
import Wire

/// Runs `body` with a node that answers from the sample papers.
private func withNode(_ body: (Deployment, SmallIndex, _ index: Int, _ node: Int) async throws -> Void) async throws {
  let deployment = try Deployment()
  let index = try SmallIndex(deployment.path("index"))
  index.publish(1, [try await index.add(try await sampleTexts(), as: "segments/samples")])
  try await deployment.serving(index) { indexPort in
    let (_, port) = try deployment.startQuery(index: indexPort)
    let client = try deployment.client("reader", query: [port])
    try await eventually("the node is ready") { try await client.health(Endpoint(host: "127.0.0.1", port: port)).ready ? true : nil }
    await client.close()
    try await body(deployment, index, indexPort, port)
  }
}

@Test func theSpecimenIsFoundByEachOfItsFieldsAndShownWithItsAttribution() async throws {
  try await withNode { deployment, _, _, port in
    let client = try deployment.client("reader", query: [port])
    try await expectSpecimen(client)
    await client.close()
  }
}

@Test func facetsOrderAndPagesAreThoseAskedFor() async throws {
  try await withNode { deployment, _, _, port in
    let client = try deployment.client("reader", query: [port])
    let all = try await client.search(
      SearchRequest(facets: ["organ", "session", "item", "kind", "sender", "year", "language"], facetLimit: 3, sort: "-date"))
    #expect(all.total == 4 && all.hits.count == 4 && all.hits[0].date == "2019-11-27")
    #expect(all.facets.map(\.field) == ["organ", "session", "item", "kind", "sender", "year", "language"])
    #expect(all.facets[0].values.contains(FacetValue(value: "Security Council", count: 1)) && all.facets[2].values.count == 3)
    #expect(all.facets[3].values == [FacetValue(value: "statement", count: 3), FacetValue(value: "letter", count: 1)])
    #expect(all.facets[5].values == ["1966", "2004", "2011"].map { FacetValue(value: $0, count: 1) })
    #expect(all.facets[6].values == [FacetValue(value: "en", count: 4)])
    let pages = try await (0..<4).asyncMap { try await client.search(SearchRequest(query: "nations", limit: 1, offset: UInt32($0))) }
    #expect(Set(pages.flatMap(\.hits).map(\.documentID)).count == Int(pages[0].total) && pages.allSatisfy { $0.total == pages[0].total })
    #expect(zip(pages, pages.dropFirst()).allSatisfy { $0.hits.first?.score ?? 0 >= $1.hits.first?.score ?? 0 })
    await client.close()
  }
}

@Test func aWrongRequestIsRefusedWithWhatIsWrongAndWhatIsAllowed() async throws {
  try await withNode { deployment, _, _, port in
    let client = try deployment.client("reader", query: [port])
    let wrong: [(SearchRequest, ErrorCode, String)] = [
      (SearchRequest(limit: 1001), .invalid, "1000"), (SearchRequest(offset: 9_995), .tooLarge, "10000"),
      (SearchRequest(facetLimit: 5000), .invalid, "1000"), (SearchRequest(snippets: 11), .invalid, "10"),
      (SearchRequest(facets: ["colour"]), .invalid, "organ, session, item, kind, sender, year, language"),
      (SearchRequest(facets: ["kind", "kind"]), .invalid, "twice"), (SearchRequest(sort: "size"), .invalid, "-date"),
      (SearchRequest(query: "titl:x"), .invalid, "titl"), (SearchRequest(query: "kind:lettre"), .invalid, "note verbale"),
    ]
    for (request, code, words) in wrong {
      let error = try await #require(throws: CallError.self) { try await client.search(request) }
      #expect(error.code == code && error.message.contains(words) && error.processed == .no && !error.retryable, "\(request): \(error)")
    }
    let query = try await #require(throws: CallError.self) { try await client.search(SearchRequest(query: "genocide titl:x")) }
    #expect(query.detail("position") == "9" && query.detail("length") == "5" && query.detail("hint")?.contains("title") == true)
    let missing = try await #require(throws: CallError.self) { try await client.get(symbol: "A/74/9999") }
    #expect(missing.code == .notFound && missing.message.contains("A/74/9999"))
    let nameless = try await #require(throws: CallError.self) { try await client.get(GetRequest(documentID: [1, 2])) }
    #expect(nameless.code == .invalid)
    let field = try await #require(throws: CallError.self) { try await client.suggest(SuggestRequest(field: "colour")) }
    #expect(field.code == .invalid && field.message.contains("symbol, organ"))
    let late = try await #require(throws: CallError.self) { try await client.search(SearchRequest(), deadline: .zero) }
    #expect(late.code == .deadline)
    await client.close()
  }
}

@Test func cursorsLeadThroughEveryHitAndAreRefusedWhereTheyDoNotBelong() async throws {
  try await withNode { deployment, index, _, port in
    let client = try deployment.client("reader", query: [port])
    for sort in ["", "date", "-date"] {
      let whole = try await client.search(SearchRequest(limit: 1000, sort: sort)).hits.map(\.documentID)
      var paged: [[UInt8]] = []
      try await client.searchAll(SearchRequest(limit: 3, facets: ["kind"], sort: sort)) { reply in
        paged += reply.hits.map(\.documentID)
        return true
      }
      #expect(paged == whole && whole.count == 4)
    }
    let first = try await client.search(SearchRequest(query: "nations", limit: 1))
    let dated = try await client.search(SearchRequest(query: "nations", limit: 1, sort: "date"))
    #expect(try await client.search(SearchRequest(query: "nations", limit: 100)).nextCursor.isEmpty)
    var damaged = first.nextCursor
    damaged[3] ^= 1
    let wrong: [(SearchRequest, ErrorCode, String)] = [
      (SearchRequest(query: "peace", limit: 1, cursor: first.nextCursor), .invalid, "another query"),
      (SearchRequest(query: "nations", limit: 1, sort: "date", cursor: first.nextCursor), .invalid, "another query or order"),
      (SearchRequest(query: "nations", offset: 1, cursor: first.nextCursor), .invalid, "offset"),
      (SearchRequest(query: "nations", cursor: [1, 2, 3]), .invalid, "no cursor"),
      (SearchRequest(query: "nations", cursor: [UInt8](repeating: 0xFF, count: first.nextCursor.count)), .invalid, "no cursor"),
      (SearchRequest(query: "nations", cursor: damaged), .conflict, "generation"),
    ]
    for (request, code, words) in wrong {
      let error = try await #require(throws: CallError.self) { try await client.search(request) }
      #expect(error.code == code && error.message.contains(words) && !error.retryable, "\(request): \(error)")
    }
    // Another generation: by relevance it is told, by date the pages go on.
    index.publish(2, [try await index.add(try await sampleTexts(), as: "segments/again")])
    try await eventually("the next generation is served") {
      try await client.search(SearchRequest(limit: 1)).generation > first.generation ? true : nil
    }
    let stale = try await #require(throws: CallError.self) {
      try await client.search(SearchRequest(query: "nations", limit: 1, cursor: first.nextCursor))
    }
    #expect(stale.code == .conflict && stale.message.contains("page by date"))
    let next = try await client.search(SearchRequest(query: "nations", limit: 1, sort: "date", cursor: dated.nextCursor))
    #expect(next.hits.count == 1 && next.hits[0].documentID != dated.hits[0].documentID)
    await client.close()
  }
}

@Test func scoresAreExplainedAndEveryNewKindOfQueryIsAnswered() async throws {
  try await withNode { deployment, _, _, port in
    let client = try deployment.client("reader", query: [port])
    for query in [
      "genocdie~", "gen?c*de", "*cide", "\"genocide scourge\"~1", "crime NEAR/3 genocide", "scourge PRE/2 genocide",
      "2 OF (genocide azerbaijan xylophone)",
      "genocide^3 OR azerbaijan", "A/74/5*",
    ] {
      let hit = try #require(
        try await client.search(SearchRequest(query: query)).hits.first { $0.symbols.contains("A/74/565") }, "\(query)")
      // A symbol of its own stands in no paragraph.
      #expect(query == "A/74/5*" || hit.snippets.contains { !$0.highlights.isEmpty }, "\(query)")
      let reply = try await client.explain(ExplainRequest(query: query, symbol: "s/2019/908"))
      #expect(
        reply.found && reply.score == hit.score && reply.steps.first?.value == Double(hit.score) && reply.documentID == hit.documentID,
        "\(query)")
    }
    #expect(
      try await client.explain(ExplainRequest(query: "xylophone", symbol: "A/74/565"))
        == ExplainReply(generation: 1, documentID: try await client.search(SearchRequest(query: "symbol:A/74/565")).hits[0].documentID))
    for (request, code) in [
      (ExplainRequest(query: "x", symbol: "A/1/1"), ErrorCode.notFound), (ExplainRequest(query: "(x", symbol: "A/74/565"), .invalid),
      (ExplainRequest(query: "x"), .invalid),
    ] {
      #expect(try await #require(throws: CallError.self) { try await client.explain(request) }.code == code)
    }
    let shown = try deployment.chancery(["explain", "genocide OR \"war crimes\"^2", "A/74/565"], as: "reader", query: port)
    #expect(shown.contains("weight · frequency") && shown.contains("idf"))
    let all = try deployment.chancery(["search", "nations", "--all", "--limit", "1", "--json"], as: "reader", query: port)
    #expect(all.split(separator: "\n").count == Int(try await client.search(SearchRequest(query: "nations")).total))
    #expect(try deployment.chancery(["search", "nations", "--all", "--limit", "1"], as: "reader", query: port).contains("document"))
    await client.close()
  }
}

@Test func suggestionsCompleteValuesAndWords() async throws {
  try await withNode { deployment, _, _, port in
    let client = try deployment.client("reader", query: [port])
    for (field, prefix, value) in [
      ("symbol", "a/74", "A/74/565"), ("symbol", "S/2019/9", "S/2019/908"), ("organ", "secur", "Security Council"),
      ("sender", "AZE", "Azerbaijan"),
      ("kind", "let", "letter"), ("session", "7", "74"), ("item", "13", "130"), ("language", "e", "en"), ("", "geno", "genocide"),
      ("", "crime of khoja", "khojaly"),
    ] {
      let values = try await client.suggest(SuggestRequest(field: field, prefix: prefix)).values
      #expect(values.contains { $0.value == value && $0.count > 0 }, "\(field) \(prefix): \(values)")
      #expect(values.count <= 10)
    }
    #expect(try await client.suggest(SuggestRequest(field: "kind", limit: 1)).values == [FacetValue(value: "statement", count: 3)])
    #expect(try await client.suggest(SuggestRequest(field: "symbol", prefix: "E/")).values.isEmpty)
    await client.close()
  }
}

@Test func theCommandSearchesShowsAndSuggests() async throws {
  try await withNode { deployment, _, _, port in
    func chancery(_ arguments: String..., by name: String = "reader") throws -> String {
      try deployment.chancery(arguments, as: name, query: port)
    }
    let found = try chancery("search", "sender:Azerbaijan \"scourge of genocide\"", "--facets", "organ,year")
    #expect(found.contains("A/74/565–S/2019/908") && found.contains("¶4, Permanent Representative of Azerbaijan to the United Nations:"))
    #expect(found.contains("1 document, 1 to 1 shown (generation 1") && found.contains("Security Council"))
    #expect(try chancery("search", "\"scourge of genocide\"", "--json").contains("\"highlights\""))
    #expect(try chancery("show", "s/2019/908").contains("(Signed) Yashar Aliyev"))
    #expect(try chancery("show", "A/74/565", "--paragraph", "4").contains("odious scourge"))
    #expect(try chancery("suggest", "symbol", "A/7").contains("A/74/565"))
    let wrong = try #require(throws: SetupFailure.self) { try chancery("search", "genocide titl:x") }
    #expect(wrong.description.contains("  genocide titl:x\n           ^\n"))
    #expect(wrong.description.contains("hint: did you mean title:?"), "\(wrong)")
    #expect(try #require(throws: SetupFailure.self) { try chancery("show", "A/1/1") }.description.contains("there is no document A/1/1"))
    #expect(try chancery("status", by: "operator").contains("generation"))
    #expect(try chancery("verify", by: "operator").contains("clean, 1 checked"))
    #expect(try #require(throws: SetupFailure.self) { try chancery("verify") }.description.contains("operator"))
  }
}

@Test func theLoadToolMeasuresAnswersAndCountsRefusalsByCode() async throws {
  try await withNode { deployment, _, _, port in
    func bench(_ arguments: String...) throws -> JSON {
      let common = ["bench", "rpc", "--warmup", "0.1", "--duration", "1", "--json"]
      return try JSON.parse(Array(try deployment.chancery(common + arguments, query: port).utf8))
    }
    let closed = try bench("--method", "search", "genocide", "sender:Azerbaijan", "--connections", "2", "--in-flight", "4")
    #expect(try #require(closed["answers"]?.integer) > 20 && closed["errors"] == .object([]), "\(closed)")
    let latency = ["p50", "p90", "p99", "p99.9", "max"].compactMap { closed["latency_ns"]?[$0]?.integer }
    #expect(latency.count == 5 && latency == latency.sorted() && latency[0] > 0)
    let open = try bench("--method", "health", "--rate", "50", "--in-flight", "8")
    // 50 calls are due in the second that counts, and all of them are made.
    #expect((49...51).contains(try #require(open["answers"]?.integer)) && open["errors"] == .object([]), "\(open)")
    let mixed = try bench("--method", "search", "genocide", "titl:x")
    #expect(try #require(mixed["errors"]?["invalid"]?.integer) > 0 && #require(mixed["answers"]?.integer) > 0, "\(mixed)")
    let found = try bench("--method", "get", "A/74/565")
    #expect(try #require(found["answers"]?.integer) > 0 && found["errors"] == .object([]), "\(found)")
    // When nothing was answered the command fails, and says what the refusals were.
    let refused = try #require(throws: SetupFailure.self) { try bench("--method", "get", "A/74/9999") }
    #expect(refused.description.contains("\"not-found\""), "\(refused)")
  }
}

@Test func aBigPageThatDoesNotFitAMessageIsRefusedWithOneThatDoes() async throws {
  try await withNode { deployment, index, _, port in
    let client = try deployment.client("reader", query: [port])
    let long = String(repeating: "common words of a long paragraph, ", count: 12)
    let many = (0..<1000).compactMap { number -> Document? in
      guard let id = DocumentID(hexadecimal: String(repeating: "0", count: 28) + String(10_000 + number).suffix(4)) else { return nil }
      return Document(
        id: id, paragraphs: (1...3).map { Paragraph(number: $0, text: long, attribution: "the permanent representative of a state") })
    }
    index.publish(2, [try await index.add(many, as: "segments/many")])
    try await eventually("generation 2") { try await client.search(SearchRequest(limit: 1)).generation == 2 ? true : nil }
    #expect(try await client.search(SearchRequest(query: "common", limit: 1000)).hits.count == 1000)
    let error = try await #require(throws: CallError.self) {
      try await client.search(SearchRequest(query: "common", limit: 1000, snippets: 3))
    }
    #expect(error.code == .tooLarge && error.message.contains("hits at a time"), "\(error)")
    let fitting = try #require(error.message.split(separator: " ").compactMap { UInt32($0) }.last)
    #expect(try await client.search(SearchRequest(query: "common", limit: fitting, snippets: 3)).hits.count == Int(fitting))
    await client.close()
  }
}

@Test func twoNodesAnswerAlikeAndLosingOneLosesNoRequest() async throws {
  try await withNode { deployment, _, indexPort, port in
    let (second, secondPort) = try deployment.startQuery(index: indexPort, as: "data-query-2")
    let clients = try [port, secondPort].map { try deployment.client("reader", query: [$0]) }
    try await eventually("the second is ready") {
      try await clients[1].health(Endpoint(host: "127.0.0.1", port: secondPort)).ready ? true : nil
    }
    for query in specimenQueries + vainQueries + ["", "nations", "peace* OR law"] {
      let request = SearchRequest(query: query, facets: ["organ", "item"], snippets: 3)
      var replies = try await clients.asyncMap { try await $0.search(request) }
      for index in replies.indices { replies[index].serverMicroseconds = 0 }
      #expect(replies[0] == replies[1], "\(query)")
    }
    let both = try deployment.client("reader", query: [port, secondPort])
    let answered = try await withThrowingTaskGroup(of: UInt64.self) { group in
      for worker in 0..<8 {
        group.addTask {
          var sum: UInt64 = 0
          for round in 0..<40 {
            if worker == 0, round == 10 { try await killed(second) }
            sum += try await both.search(SearchRequest(query: "genocide sender:Azerbaijan")).total
          }
          return sum
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(answered == 320)
    let (_, _) = try deployment.startQuery(index: indexPort, as: "data-query-2", port: secondPort)
    try await eventually("the second is back") {
      do { return try await clients[1].search(SearchRequest(query: "genocide sender:Azerbaijan")).total == 1 ? true : nil } catch {
        return nil
      }
    }
    for client in clients + [both] { await client.close() }
  }
}

extension Sequence {
  fileprivate func asyncMap<R>(_ body: (Element) async throws -> R) async throws -> [R] {
    var results: [R] = []
    for element in self { results.append(try await body(element)) }
    return results
  }
}
