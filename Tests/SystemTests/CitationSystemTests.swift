import ChanceryClient
import Documents
import Foundation
import Operations
import Platform
import Testing
import Transport
import Wire

/// A paper whose citations and mentions stand at words of its only paragraph but one.
private func paper(
  _ written: String, date: String, _ text: String, citations: [(String, Citation)] = [], mentions: [(String, Mention.Meaning)] = []
) throws -> Document {
  func span(_ words: String) throws -> TextSpan {
    let (bytes, wanted) = (Array(text.utf8), Array(words.utf8))
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: wanted) }, "\(words) stands in the text")
    return TextSpan(.paragraph(2), start..<start + wanted.count)
  }
  var document = Document(id: try #require(DocumentID(digest: SHA256.hash(Array(written.utf8)))))
  document.symbols = Symbol.list(written)
  document.date = CalendarDate(iso: date)
  document.kind = .letter
  document.language = "en"
  document.title = "Letter \(written)"
  document.sender = Party(text: "the Permanent Representative of Peru", state: "Peru", code: "PER")
  document.paragraphs = ["I have the honour to write about peace.", text].enumerated().map {
    Paragraph(number: $0 + 1, text: $1, attribution: "Permanent Representative of Peru")
  }
  document.citations = try citations.map { words, citation in
    var citation = citation
    citation.span = try span(words)
    return citation
  }
  document.mentions = try mentions.map { Mention(span: try span($0), meaning: $1) }
  return document
}

private func cited(
  _ symbols: String, instrument: String? = nil, pinpoint: String? = nil, _ relation: CitationRelation = .cites, reason: String? = nil
) -> Citation {
  Citation(
    span: TextSpan(.title, 0..<0), symbols: Symbol.list(symbols), instrument: instrument, pinpoint: pinpoint, relation: relation,
    reason: reason)
}

/// General papers, and restricted ones that cite them, are cited by them, and have citations and mentions of their own.
private struct Papers {
  let general, restricted: [Document]

  init() throws {
    let day = try #require(CalendarDate(iso: "1992-02-26"))
    general = [
      try paper("A/RES/62/243", date: "2008-03-14", "The Assembly reaffirms respect for territory."),
      try paper(
        "A/74/565–S/2019/908", date: "2019-11-26",
        "Further to A/74/497 and resolution 62/243, para. 2, see A/75/900, the Charter of the United Nations and its decision of 26 February 1992.",
        citations: [
          ("A/74/497", cited("A/74/497", .repliesTo)), ("resolution 62/243", cited("A/RES/62/243", pinpoint: "para. 2")),
          ("A/75/900", cited("A/75/900")), ("Charter of the United Nations", cited("", instrument: "Charter of the United Nations")),
          ("its decision", cited("", reason: "which decision is not said")),
        ], mentions: [("26 February 1992", .days(day, day))]),
      try paper(
        "A/75/1", date: "2020-09-15", "The letter A/74/565 is recalled, and so is the Charter.",
        citations: [
          ("A/74/565", cited("A/74/565–S/2019/908")), ("the Charter", cited("", instrument: "the Charter of the United Nations")),
        ]),
      try paper("S/2021/3", date: "2021-01-02", "See S/2019/908.", citations: [("S/2019/908", cited("S/2019/908"))]),
    ]
    restricted = [
      try paper(
        "A/75/900", date: "2020-10-01", "See A/RES/62/243, A/75/1, S/RES/822 (1993) and the Secret Protocol, in Azerbaijan in March 1993.",
        citations: [
          ("A/RES/62/243", cited("A/RES/62/243")), ("A/75/1", cited("A/75/1")), ("S/RES/822 (1993)", cited("S/RES/822 (1993)")),
          ("the Secret Protocol", cited("", instrument: "Secret Protocol")),
        ],
        mentions: [
          ("Azerbaijan", .place("AZE")),
          ("March 1993", .days(try #require(CalendarDate(iso: "1993-03-01")), try #require(CalendarDate(iso: "1993-03-31")))),
        ])
    ]
  }
}

/// Runs `body` with a node that answers from the general papers, and the restricted ones if they are wanted.
private func withNode<R>(restricted: Bool, also: [Document] = [], _ body: (Deployment, _ node: Int) async throws -> R) async throws -> R {
  let (deployment, papers) = (try Deployment(), try Papers())
  let index = try SmallIndex(deployment.path("index"))
  var segments = [try await index.add(papers.general + also, as: "segments/general")]
  if restricted { segments.append(try await index.add(papers.restricted, as: "segments/restricted", .restricted)) }
  index.publish(1, segments)
  return try await deployment.serving(index) { indexPort in
    let (_, port) = try deployment.startQuery(index: indexPort)
    let client = try deployment.client("reader", query: [port])
    try await eventually("the node is ready") { try await client.health(Endpoint(host: "127.0.0.1", port: port)).ready ? true : nil }
    await client.close()
    return try await body(deployment, port)
  }
}

@Test func `papers are found by what they cite, by what cites them and by what they speak of, at the paragraph where it stands`()
  async throws
{
  try await withNode(restricted: false) { deployment, port in
    let client = try deployment.client("public", query: [port])
    for (query, symbols) in [
      ("cites:a/res/62/243", ["A/74/565"]), ("cites:\"resolution 62/243\"", ["A/74/565"]), ("cites:A/74/565", ["A/75/1"]),
      ("cites:S/2019/908", ["A/75/1", "S/2021/3"]), ("cites:\"Charter of the United Nations\"", ["A/74/565", "A/75/1"]),
      ("citedby:A/74/565", ["A/RES/62/243"]), ("citedby:s/2019/908", ["A/RES/62/243"]), ("citedby:A/75/1", ["A/74/565"]),
      ("citedby:A/RES/62/243", []), ("citedby:A/1/1", []), ("mentions:1992-02", ["A/74/565"]), ("mentions:1992-01..1992-05", ["A/74/565"]),
      ("peace -citedby:A/74/565", ["A/74/565", "A/75/1", "S/2021/3"]),
      ("sender:Pérou symbol:A/*", ["A/RES/62/243", "A/74/565", "A/75/1"]), ("sender:秘鲁 mentions:1992", ["A/74/565"]),
    ] as [(String, [String])] {
      let reply = try await client.search(SearchRequest(query: query, sort: "date"))
      #expect(reply.hits.map { $0.symbols[0] } == symbols, "\(query)")
      if query.contains("mentions:") || query.hasPrefix("cites:") {
        #expect(reply.hits.allSatisfy { $0.snippets[0].paragraph == 2 }, "\(query)")
      }
    }
    let hit = try #require(try await client.search(SearchRequest(query: "peace cites:A/RES/62/243")).hits.first)
    let (text, highlight) = (Array(hit.snippets[0].text.utf8), try #require(hit.snippets[0].highlights.first))
    #expect(String(decoding: text[Int(highlight.start)..<Int(highlight.start + highlight.length)], as: UTF8.self) == "resolution 62/243")
    #expect(hit.snippets[0].attribution == "Permanent Representative of Peru")
    let values = try await client.suggest(SuggestRequest(field: "cites", prefix: "A/RES")).values
    #expect(values == [FacetValue(value: "A/RES/62/243", count: 1)])
    let error = try await #require(throws: CallError.self) { try await client.search(SearchRequest(query: "x mentions:Ruritania")) }
    #expect(error.code == .invalid && error.detail("position") == "11" && error.detail("hint")?.contains("mentions:") == true)
    await client.close()
  }
}

@Test func `a resolution in the title of an agenda item is cited there, and a hit opens at it`() async throws {
  var document = try paper("A/76/5", date: "2021-05-05", "We speak of something else.")
  document.items = [
    AgendaItem(number: "9"), AgendaItem(number: "31", title: "Implementation of resolution 1373 (2001)", organ: "Security Council"),
  ]
  document.citations = [Citation(span: TextSpan(.item(1), 18..<40), symbols: Symbol.list("S/RES/1373 (2001)"))]
  try await withNode(restricted: false, also: [document]) { deployment, port in
    let client = try deployment.client("public", query: [port])
    let hits = try await client.search(SearchRequest(query: "cites:S/RES/1373")).hits
    let snippet = try #require(hits.first?.snippets.first)
    #expect(hits.count == 1 && snippet.paragraph == 0 && snippet.item == 2 && snippet.label == "31")
    #expect(snippet.attribution == "Security Council" && snippet.highlights == [Highlight(start: 18, length: 22)])
    #expect(try await client.get(symbol: "A/76/5").citations == document.citations)
    await client.close()
    func chancery(_ arguments: String...) throws -> String { try deployment.chancery(arguments, as: "public", query: port) }
    #expect(try chancery("cites", "A/76/5").contains("item 31 \"resolution 1373 (2001)\"  S/RES/1373 (2001)"))
    #expect(try chancery("cited-by", "S/RES/1373").contains("agenda item 31, Security Council:"))
    #expect(try chancery("show", "A/76/5").contains("S/RES/1373 (2001) (item 31)"))
    #expect(try chancery("show", "A/76/5", "--json").contains("\"place\": \"item 31\""))
  }
}

@Test func `the command lists what a paper cites and what cites it`() async throws {
  try await withNode(restricted: false) { deployment, port in
    func chancery(_ arguments: String...) throws -> String { try deployment.chancery(arguments, as: "public", query: port) }
    let cites = try chancery("cites", "S/2019/908")
    #expect(
      cites
        == """
        ¶2      "A/74/497"  replies to  A/74/497  (not in the registry)
          ¶2      "resolution 62/243"  A/RES/62/243, para. 2
          ¶2      "A/75/900"  A/75/900  (not in the registry)
          ¶2      "Charter of the United Nations"  Charter of the United Nations
          ¶2      "its decision"  not resolved: which decision is not said
        A/74/565–S/2019/908: 5 citations

        """.indented)
    let json = try JSON.parse(Array(try chancery("cites", "A/74/565", "--json").utf8))
    let array = try #require(json.array)
    let second = array[1]
    #expect(second["text"]?.string == "resolution 62/243" && second["paragraph"]?.integer == 2 && second["relation"]?.string == "cites")
    #expect(second["symbols"]?.array?[0] == .object([.init("symbol", .string("A/RES/62/243")), .init("registered", .bool(true))]))
    #expect(
      array[0]["symbols"]?.array?[0]["registered"] == .bool(false)
        && array[3]["instrument"]?.string == "Charter of the United Nations")

    // Cited by either symbol, the newest first.
    let citing = try chancery("cited-by", "a/74/565")
    let places = try [
      "1. S/2021/3", "¶2, Permanent Representative of Peru:", "See S/2019/908.", "2. A/75/1", "The letter A/74/565 is recalled",
    ].map {
      try #require(citing.firstRange(of: $0), "\($0) in \(citing)").lowerBound
    }
    #expect(places == places.sorted() && citing.contains("2 documents"))
    #expect(try chancery("cited-by", "A/74/565", "--limit", "1").contains("2 documents, 1 to 1 shown"))
    #expect(try chancery("cited-by", "Charter of the United Nations", "--json").split(separator: "\n").count == 2)
    #expect(try chancery("cited-by", "A/1/1").contains("0 documents"))
    #expect(try #require(throws: SetupFailure.self) { try chancery("cites", "A/1/1") }.description.contains("there is no document A/1/1"))

    let shown = try chancery("show", "A/74/565")
    #expect(shown.contains("cites             A/RES/62/243 (¶2), A/75/900 (¶2), Charter of the United Nations (¶2)\n"))
    #expect(shown.contains("replies to        A/74/497 (¶2)\n") && shown.contains("mentions          1 dates\n"))
    #expect(try chancery("show", "A/74/565", "--paragraph", "2", "--json").contains("\"text\": \"resolution 62/243\""))
    #expect(try !chancery("show", "A/74/565", "--paragraph", "1", "--json").contains("resolution 62/243"))
  }
}

/// Everything about citations and mentions that a caller can ask, and what he was told.
private func interview(_ deployment: Deployment, _ port: Int, as name: String) async throws -> [String] {
  let client = try deployment.client(name, query: [port])
  let papers = try Papers()
  let symbols = (papers.general + papers.restricted).flatMap { $0.symbols.map(\.text) } + ["S/RES/822 (1993)", "A/74/497", "A/1/1"]
  var answers: [String] = []
  func tell(_ body: () async throws -> [UInt8]) async {
    do { answers.append("\(try await body())") } catch { answers.append("\(error)") }
  }
  let named = symbols.flatMap {
    ["cites:\"\($0)\"", "citedby:\"\($0)\"", "NOT citedby:\"\($0)\"", "peace NOT cites:\"\($0)\"", "cites:\($0.prefix(3))*"]
  }
  let others = [
    "cites:\"Secret Protocol\"", "cites:secret*", "cites:\"Charter of the United Nations\"", "mentions:AZE", "mentions:Azerbaïdjan",
    "mentions:1993", "mentions:1993-03", "mentions:1990..1995", "mentions:1992-02-26", "sender:Peru",
  ]
  for query in named + others {
    for (sort, limit) in [("", UInt32(1)), ("", 10), ("-date", 10), ("date", 10)] {
      await tell {
        let facets = ["organ", "session", "item", "kind", "sender", "year", "language"]
        var reply = try await client.search(SearchRequest(query: query, limit: limit, facets: facets, sort: sort, snippets: 3))
        reply.serverMicroseconds = 0
        return reply.encoded
      }
    }
    for thorough in ["A/74/565", "A/75/900"] {
      await tell { try await client.explain(ExplainRequest(query: query, symbol: thorough)).encoded }
    }
    await tell {
      var reply = try await client.search(SearchRequest(query: query + " peace territory honour", thorough: true))
      reply.serverMicroseconds = 0
      return reply.encoded
    }
  }
  for field in ["symbol", "work", "cites", "mentioned", "place", "senderState", "addresseeState", "sponsorState"] {
    for prefix in ["", "a", "A/75", "s", "secret", "199", "1993", "AZE", "PER"] {
      await tell { try await client.suggest(SuggestRequest(field: field, prefix: prefix, limit: 100)).encoded }
    }
  }
  await client.close()
  for command in [
    ["cites", "A/74/565"], ["cites", "A/75/900"], ["cited-by", "A/RES/62/243"], ["cited-by", "A/75/1"], ["cited-by", "Secret Protocol"],
  ] {
    answers.append((try? deployment.chancery(command + ["--json"], as: name, query: port)) ?? "refused")
  }
  return answers
}

@Test func `a restricted paper that cites and is cited is, to a caller without the clearance, one that is not there`() async throws {
  let (whole, cleared) = try await withNode(restricted: true) { deployment, port in
    (try await interview(deployment, port, as: "public"), try await interview(deployment, port, as: "reader"))
  }
  let general = try await withNode(restricted: false) { deployment, port in try await interview(deployment, port, as: "public") }
  try #require(whole.count == general.count && whole.count > 300)
  for (one, other) in zip(whole, general) { #expect(one == other) }
  #expect(zip(whole, cleared).count { $0 != $1 } > 100)
}

@Test func `papers that are submitted are found by what their texts cite and speak of`() async throws {
  let deployment = try Deployment()
  let (_, ingest) = try deployment.start("ingest")
  let (_, index) = try deployment.start("index", ["--ingest", "127.0.0.1:\(ingest)"])
  let (_, query) = try deployment.startQuery(index: index)
  let client = try deployment.client(ingest: ingest, query: [query])
  for (symbol, text) in [
    ("A/RES/62/243", "1. Respect for territory is reaffirmed.\n"),
    ("A/74/900", "1. We write about peace.\n\n2. We recall resolution 62/243 of 14 March 2008 and the Charter of the United Nations.\n"),
    ("A/74/901", "1. See document A/74/900, on what came to pass in Azerbaijan in February 1992.\n"),
  ] {
    _ = try await client.submit(bytes: Array(text.utf8), fileName: "paper.txt", symbol: symbol, distribution: "general")
  }
  try await eventually("the papers are indexed") { (try? await client.search(SearchRequest()).total) == 3 ? true : nil }
  for (query, symbol, paragraph) in [
    ("cites:A/RES/62/243", "A/74/900", 2), ("cites:\"Charter of the United Nations\"", "A/74/900", 2), ("cites:A/74/900", "A/74/901", 1),
    ("citedby:A/74/900", "A/RES/62/243", 1), ("citedby:A/74/901", "A/74/900", 1), ("mentions:2008-03-14", "A/74/900", 2),
    ("mentions:1992-02", "A/74/901", 1), ("mentions:阿塞拜疆", "A/74/901", 1),
  ] as [(String, String, UInt32)] {
    let hits = try await client.search(SearchRequest(query: query)).hits
    #expect(hits.map(\.symbols) == [[symbol]] && hits.first?.snippets.first?.paragraph == paragraph, "\(query): \(hits)")
  }
  await client.close()
}

extension String {
  /// With two spaces before the first line.
  fileprivate var indented: String { "  " + self }
}
