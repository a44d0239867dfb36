import ChanceryClient
import Documents
import Foundation
import Testing
import Wire

/// A paper as it is submitted.
private struct Paper: Hashable {
  let symbol: String
  let text: String
  var bytes: [UInt8] { Array(text.utf8) }

  static let english = Paper(
    symbol: "A/74/565",
    text: """
      Note by the Secretariat

      1. The seminar on the keeping of archives will be held in the main building, and delegations are invited to take part in it.

      2. Those who wish to speak are asked to tell the Secretariat by the end of the month.

      """)
  static let french = Paper(
    symbol: "A/74/565",
    text: """
      Note du Secrétariat

      1. Le séminaire sur la conservation des archives se tiendra dans le bâtiment principal, et les délégations sont invitées à y participer.

      2. Ceux qui souhaitent prendre la parole sont priés d’en informer le Secrétariat avant la fin du mois.

      """)
  static let revision = Paper(
    symbol: "A/74/565/Rev.1",
    text: """
      Note by the Secretariat

      1. The seminar on the keeping of archives will be held in the conference building, and delegations are invited to take part in it.

      """)
  static let corrigendum = Paper(
    symbol: "A/74/565/Corr.1",
    text: """
      Note by the Secretariat: corrigendum

      1. In paragraph 2, the words by the end of the month should read by the end of the year, which was a misprint.

      """)
  static let other = Paper(
    symbol: "A/74/600",
    text: """
      Note by the Secretariat

      1. This is about the archives of another committee, and about the shelves that they are kept on.

      """)
  static let all = [english, french, revision, corrigendum, other]
}

/// Ingest, index and a query node with these papers, in this order, in directories of their own.
private struct Registry {
  let deployment: Deployment
  var ingest: (process: Process, port: Int)
  let query: Int
  let name: String

  init(_ deployment: Deployment, _ papers: [Paper], _ name: String) async throws {
    (self.deployment, self.name) = (deployment, name)
    ingest = try deployment.start("ingest", ["--data", deployment.path("ingest-\(name)")])
    let index = try deployment.start("index", ["--ingest", "127.0.0.1:\(ingest.port)", "--data", deployment.path("index-\(name)")])
    query = try deployment.startQuery(index: index.port, as: "query-\(name)").port
    let client = try self.client()
    for paper in papers { #expect(try await client.submit(paper).version == 1) }
    try await eventually("\(papers.count) papers are indexed") {
      try? await client.search(SearchRequest()).total == UInt64(papers.count) ? true : nil
    }
    await client.close()
  }

  func client() throws -> ChanceryClient { try deployment.client(ingest: ingest.port, query: [query]) }
}

extension ChanceryClient {
  fileprivate func submit(_ paper: Paper, _ ending: String = "") async throws -> SubmitReply {
    try await submit(bytes: paper.bytes + Array(ending.utf8), fileName: "note.txt", symbol: paper.symbol, distribution: "general")
  }

  /// Each hit as "A/74/565 fr", and behind it the other versions.
  fileprivate func found(_ query: String, _ languages: [String] = [], everyVersion: Bool = false) async throws -> [[String]] {
    try await search(SearchRequest(query: query, languages: languages, everyVersion: everyVersion)).hits.map { hit in
      ["\(hit.symbols[0]) \(hit.language)"] + hit.versions.map { "\($0.symbols[0]) \($0.language)" }
    }
  }
}

private let (en, fr, rev, corr) = ("A/74/565 en", "A/74/565 fr", "A/74/565/Rev.1 en", "A/74/565/Corr.1 en")

@Suite(.timeLimit(.minutes(5))) struct WorksSystemTests {
  @Test func `languages, revisions and corrigenda are one hit, the reader's language first, in whatever order they were submitted`()
    async throws
  {
    let deployment = try Deployment()
    var ids: [[[UInt8]]] = []
    let orders = [Paper.all, Paper.all.reversed(), [Paper.corrigendum, .french, .other, .revision, .english]]
    for (number, order) in orders.enumerated() {
      let registry = try await Registry(deployment, order, "\(number)")
      let client = try registry.client()
      #expect(try await client.found("symbol:A/74/565") == [[en, rev, fr, corr]])
      #expect(try await client.found("symbol:A/74/565", ["fr"]) == [[fr, rev, en, corr]])
      #expect(try await client.found("symbol:A/74/565", ["ru", "fr", "en"]) == [[fr, rev, en, corr]])
      // Of the texts that are found, the newest revision.
      #expect(try await client.found("archives seminar") == [[rev, en, fr, corr]])
      #expect(try await client.found("seminar", ["fr"]) == [[rev, fr, en, corr]])
      #expect(try await client.found("séminaire", ["en"]) == [[fr, rev, en, corr]])
      #expect(try await client.found("misprint", ["fr"]) == [[corr, fr, rev, en]])
      #expect(Set(try await client.found("archives", ["fr"])) == [[fr, rev, en, corr], ["A/74/600 en"]])
      #expect(Set(try await client.found("archives", everyVersion: true)) == [[en], [fr], [rev], ["A/74/600 en"]])
      let reply = try await client.search(SearchRequest(query: "archives", limit: 1, facets: ["language"]))
      #expect(reply.total == 4 && reply.hits.count == 1 && !reply.nextCursor.isEmpty)
      #expect(reply.facets[0].values.map(\.count) == [3, 1])
      let next = try await client.search(SearchRequest(query: "archives", limit: 10, cursor: reply.nextCursor))
      #expect(next.total == 4 && next.hits.count == 1 && next.nextCursor.isEmpty)
      let every = try await client.search(SearchRequest(sort: "date", everyVersion: true)).hits
      ids.append(every.map(\.documentID).sorted { $0.lexicographicallyPrecedes($1) })
      for (symbol, languages, language) in [
        ("A/74/565", [], "en"), ("A/74/565", ["fr"], "fr"), ("A/74/565", ["ru", "fr"], "fr"), ("A/74/565", ["ru"], "en"),
        ("a/74/565/rev.1", ["fr"], "en"),
      ] {
        let document = try await client.get(GetRequest(symbol: symbol, languages: languages))
        #expect(document.language == language && document.symbols[0] == Symbol(symbol), "\(symbol) \(languages)")
      }
      for wrong in [["French"], ["x"]] {
        let error = await #expect(throws: CallError.self) { try await client.search(SearchRequest(languages: wrong)) }
        #expect(error?.code == .invalid)
      }
      await client.close()
    }
    #expect(Set(ids).count == 1)
  }

  @Test func `a version of one language hides none of another, also after the service was killed`() async throws {
    let deployment = try Deployment()
    var registry = try await Registry(deployment, Paper.all, "one")
    var client = try registry.client()
    let known = try await client.submit(.french)
    #expect(known.duplicate && known.version == 1)
    kill(registry.ingest.process.processIdentifier, SIGKILL)
    registry.ingest.process.waitUntilExit()
    await client.close()
    let port = registry.ingest.port
    registry.ingest = try deployment.start("ingest", ["--data", deployment.path("ingest-one"), "--listen", "127.0.0.1:\(port)"])
    client = try registry.client()
    #expect(try await client.submit(.french).documentID == known.documentID)
    let newer = try await client.submit(.french, "Les langues de travail sont le français et l’anglais.\n")
    #expect(newer.version == 2 && newer.documentID == known.documentID)
    try await eventually("the new French text is found") {
      try await client.search(SearchRequest(query: "langues")).total == 1 ? true : nil
    }
    #expect(try await client.found("symbol:A/74/565", ["fr"]) == [[fr, rev, en, corr]])

    // A paper whose language cannot be told is a version of the only one there is, and makes no room for another language in its place.
    let table = try await client.submit(Paper(symbol: "A/74/600", text: "12 345\n\n678 901\n"))
    #expect(table.version == 2 && table.notes.contains { $0.contains("en, as the version before") })
    let translated = try await client.submit(Paper(symbol: "A/74/600", text: Paper.french.text + "Fin.\n"))
    #expect(translated.version == 1 && translated.documentID != table.documentID)
    try await eventually("they are found") {
      try await client.found("symbol:A/74/600", ["fr"]) == [["A/74/600 fr", "A/74/600 en"]] ? true : nil
    }

    // What a symbol names must be one document before it is corrected or deleted.
    let fields = [FieldValues(field: "date", values: ["2019-11-26"])]
    for language in ["", "ru"] {
      let error = await #expect(throws: CallError.self) {
        try await client.amend(AmendRequest(symbol: "A/74/565", fields: fields, why: "misread", language: language))
      }
      #expect(
        error?.code == (language.isEmpty ? .conflict : .notFound)
          && error?.message.contains(language.isEmpty ? "in en, fr " : "in ru ") == true)
      #expect(error?.detail("languages") == (language.isEmpty ? "en, fr" : nil))
    }
    let amended = try await client.amend(AmendRequest(symbol: "A/74/565", fields: fields, why: "misread", language: "FR"))
    #expect(amended.documentID == known.documentID && amended.made.count == 1)
    try await eventually("the date is there") {
      try await client.search(SearchRequest(query: "symbol:A/74/565")).hits[0].versions.first { $0.language == "fr" }?.date == "2019-11-26"
        ? true : nil
    }
    let refused = await #expect(throws: CallError.self) { try await client.delete(DeleteRequest(symbol: "A/74/565", why: "withdrawn")) }
    #expect(refused?.code == .conflict && refused?.message.contains("in en, fr ") == true)
    #expect(try await client.delete(DeleteRequest(symbol: "A/74/565", why: "withdrawn", language: "fr")).existed)
    try await eventually("it is gone") { try await client.found("symbol:A/74/565", ["fr"]) == [[en, rev, corr]] ? true : nil }
    #expect(try await client.get(GetRequest(symbol: "A/74/565", languages: ["fr"])).language == "en")
    #expect(try await client.delete(DeleteRequest(symbol: "A/74/565", why: "withdrawn", language: "fr")).existed == false)
    #expect(try await client.delete(DeleteRequest(symbol: "A/74/565", why: "withdrawn")).existed)
    await client.close()
  }

  @Test func `the command shows a work once, says what else there is of it, and takes a language`() async throws {
    let deployment = try Deployment()
    let registry = try await Registry(deployment, Paper.all, "one")
    func chancery(_ arguments: String...) throws -> String { try deployment.chancery(arguments, query: registry.query) }
    let shown = try chancery("search", "archives", "--language", "fr,en")
    #expect(shown.contains("A/74/565  "))
    #expect(shown.contains("     in fr, also en; Rev.1 (en), Corr.1 (en)\n"))
    #expect(shown.contains("4 documents, 1 to 2 shown, versions together (generation"))
    let every = try chancery("search", "archives", "--language", "fr", "--every-version")
    #expect(every.contains("4 documents, 1 to 4 shown (generation") && !every.contains("also"))
    let json = try chancery("search", "symbol:A/74/565", "--language", "en", "--json")
    #expect(json.contains("\"language\": \"en\"") && json.contains("\"A/74/565/Corr.1\""))
    let lines = try chancery("search", "archives", "--language", "fr", "--all", "--json").split(separator: "\n")
    #expect(lines.count == 2 && lines.contains { $0.contains("A/74/565/Rev.1") })
    #expect(try chancery("show", "A/74/565", "--language", "fr").contains("Le séminaire"))
    #expect(try chancery("show", "A/74/565", "--language", "ru").contains("The seminar"))
    #expect(throws: SetupFailure.self) { try chancery("show", "A/74/565", "--language", "French") }
  }
}
