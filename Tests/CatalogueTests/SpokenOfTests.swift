import Documents
import Engine
import QueryLanguage
import TestSupport
import Testing

@testable import Catalogue

/// A paper whose citations and mentions stand at the words given; each word is looked for in the paragraphs.
private func paper(_ number: Int, _ texts: [String], citations: [(String, Citation)] = [], mentions: [(String, Mention.Meaning)] = [])
  -> Document
{
  var document = Document(id: id(number))
  document.paragraphs = texts.enumerated().map { Paragraph(number: $0 + 1, text: $1, attribution: "the sender") }
  func span(_ words: String) -> TextSpan {
    for paragraph in document.paragraphs {
      let (text, wanted) = (Array(paragraph.text.utf8), Array(words.utf8))
      if let start = text.indices.first(where: { text[$0...].starts(with: wanted) }) {
        return TextSpan(.paragraph(paragraph.number), start..<start + wanted.count)
      }
    }
    preconditionFailure("\(words) is in no paragraph")
  }
  document.citations = citations.map { words, citation in
    var citation = citation
    citation.span = span(words)
    return citation
  }
  document.mentions = mentions.map { Mention(span: span($0), meaning: $1) }
  return document
}

private func cited(_ written: String..., instrument: String? = nil, pinpoint: String? = nil) -> Citation {
  Citation(span: TextSpan(.title, 0..<0), symbols: written.flatMap { Symbol.list($0) }, instrument: instrument, pinpoint: pinpoint)
}

private func days(_ first: String, _ last: String? = nil) -> Mention.Meaning {
  guard let from = CalendarDate(iso: first), let to = CalendarDate(iso: last ?? first) else { preconditionFailure("\(first) is a day") }
  return .days(from, to)
}

private let papers = [
  paper(
    0, ["On war.", "Recalling resolution 62/243 and the Charter of the United Nations, of 14 March 2008."],
    citations: [
      ("resolution 62/243", cited("A/RES/62/243")), ("Charter of the United Nations", cited(instrument: "Charter of the United Nations")),
    ],
    mentions: [("14 March 2008", days("2008-03-14"))]),
  paper(
    1, ["See A/74/565–S/2019/908, and resolution 822.", "In February 1992, and from 1988 to 1994, in Azerbaijan."],
    citations: [("A/74/565–S/2019/908", cited("A/74/565–S/2019/908")), ("resolution 822", cited("S/RES/822 (1993)"))],
    mentions: [
      ("February 1992", days("1992-02-01", "1992-02-29")), ("1988 to 1994", days("1988-01-01", "1994-12-31")),
      ("Azerbaijan", .place("AZE")),
    ]),
  paper(
    2, ["Between 25 and 26 February 1992; from 30 May to 2 July 1993.", "В Кот-д’Ивуаре. 500 persons."],
    mentions: [
      ("25 and 26 February 1992", days("1992-02-25", "1992-02-26")), ("30 May to 2 July 1993", days("1993-05-30", "1993-07-02")),
      ("Кот-д’Ивуаре", .place("CIV")), ("500", .figure("500", unit: "persons")),
    ]),
]

@Test(
  arguments: [
    ("cites:A/RES/62/243", [0]), ("cites:a/res/62/243", [0]), ("cites:A_RES_62_243.pdf", [0]), ("cites:\"resolution 62/243\"", [0]),
    ("cites:\"General Assembly resolution 62/243\"", [0]), ("cites:\"résolution 62/243 de l’Assemblée générale\"", [0]),
    ("cites:62/243", [0]),
    ("cites:\"Security Council resolution 62/243\"", []), ("cites:A/RES/62*", [0]), ("cites:A/RES/6*", [0]), ("cites:A/RES/62", []),
    ("cites:\"Charter of the United Nations\"", [0]), ("cites:\"the CHARTER of the United Nations\"", [0]), ("cites:charter*", [0]),
    ("cites:\"Charter of the\"", []), ("cites:A/74/565", [1]), ("cites:S/2019/908", [1]), ("cites:\"S/2019/908–A/1/1\"", [1]),
    ("cites:\"resolution 822 (1993)\"", [1]), ("cites:\"resolution 822(1993)\"", [1]), ("cites:S/RES/822", [1]), ("cites:s/*", [1]),
    ("cites:A/1/1", []), ("cites:\"—\"", []), ("cites:A/RES/62/243 OR cites:A/74/565", [0, 1]), ("NOT cites:A/RES/62/243", [1, 2]),
    ("mentions:2008", [0]), ("mentions:2008-03", [0]), ("mentions:2008-03-14", [0]), ("mentions:2008-03-15", []),
    ("mentions:1992", [1, 2]),
    ("mentions:1992-02", [1, 2]), ("mentions:\"February 1992\"", [1, 2]), ("mentions:\"février 1992\"", [1, 2]),
    ("mentions:\"1992年2月\"", [1, 2]), ("mentions:1992-02-26", [2]), ("mentions:\"26 February 1992\"", [2]), ("mentions:1990", [1]),
    ("mentions:1990-05", []), ("mentions:1993-06", [2]), ("mentions:1993-05-30", [2]), ("mentions:1993-06-15", []),
    ("mentions:1992-02..1992-05", [1, 2]), ("mentions:1992-03..1993-05", [2]), ("mentions:1993-05-29..1993-06-01", [2]),
    ("mentions:1989..1991", [1]), ("mentions:2000..2007", []), ("mentions:AZE", [1]), ("mentions:Azerbaijan", [1]),
    ("mentions:Azerbaïdjan", [1]), ("mentions:Азербайджана", [1]), ("mentions:阿塞拜疆", [1]), ("mentions:أذربيجان", [1]),
    ("mentions:\"Côte d'Ivoire\"", [2]), ("mentions:CIV mentions:1993", [2]), ("mentions:Peru", []),
  ] as [(String, [Int])]
) func whatAPaperCitesAndSpeaksOfIsFoundHoweverItIsWritten(query: String, found: [Int]) throws {
  #expect(try Corpus(papers, segmentLength: 2).found(query) == found, "\(query)")
}

@Test(
  arguments: [
    ("cites:A/RES/62/243", 2, ["resolution 62/243"]), ("cites:charter*", 2, ["Charter of the United Nations"]),
    ("war cites:A/RES/62/243", 2, ["resolution 62/243"]), ("war OR cites:A/RES/62/243", 1, ["war"]),
    ("nations mentions:2008-03", 2, ["Nations", "14 March 2008"]),
    ("\"the Charter of the\" cites:charter*", 2, ["the", "Charter of the United Nations"]),
    ("cites:A/RES/62/243 NOT cites:A/1/1", 2, ["resolution 62/243"]), ("mentions:2008-01..2008-06", 2, ["14 March 2008"]),
    ("cites:A/RES/62/243 OR peace", 2, ["resolution 62/243"]), ("-cites:A/1/1", 1, []),
  ] as [(String, Int, [String])]
) func aHitOpensWhereTheCitationOrTheMentionStands(query: String, paragraph: Int, marked: [String]) throws {
  let passage = try #require(try Corpus(papers).passages(EngineQuery(reading: query), 0, limit: 1).first)
  let bytes = Array(passage.text.utf8)
  #expect(
    passage.paragraph == paragraph && passage.highlights.map { String(decoding: bytes[$0], as: UTF8.self) } == marked,
    "\(query): \(passage)")
}

@Test func aHitOpensAtATitleWhereNoParagraphHasTheCitationOrTheMention() throws {
  var document = papers[0]
  document.organs = ["General Assembly"]
  document.title = "Letter dated 14 March 2008"
  document.titles = ["Amendment to A/75/1"]
  document.items = [
    AgendaItem(number: "9", title: nil),
    AgendaItem(number: "31 (b)", title: "Follow-up to resolution 62/243: Chad", organ: "Security Council"),
  ]
  document.citations += [
    Citation(span: TextSpan(.item(1), 13..<30), symbols: symbols("A/RES/62/243")),
    Citation(span: TextSpan(.heading(0), 13..<19), symbols: symbols("A/75/1")),
    Citation(span: TextSpan(.item(0), 0..<3), symbols: symbols("A/75/2")),
  ]
  document.mentions += [
    Mention(span: TextSpan(.item(1), 32..<36), meaning: .place("TCD")),
    Mention(span: TextSpan(.title, 13..<26), meaning: days("2008-03-14")),
  ]
  let corpus = try Corpus([document])
  func opens(_ query: String) throws -> [Passage] { try corpus.passages(EngineQuery(reading: query), 0, limit: 5) }
  let item = try #require(try opens("mentions:TCD").first)
  #expect(item.place == .item(1) && item.label == "31 (b)" && item.attribution == "Security Council" && item.page == nil)
  #expect(item.text == "Follow-up to resolution 62/243: Chad" && item.highlights == [32..<36])
  #expect(try opens("cites:A/RES/62/243").map(\.place) == [.paragraph(2), .item(1)])
  let heading = try opens("cites:A/75/1")
  #expect(heading.map(\.place) == [.heading(0)] && heading[0].attribution == "General Assembly" && heading[0].highlights == [13..<19])
  #expect(try opens("mentions:2008-03-14 war").map(\.place) == [.paragraph(2), .title, .paragraph(1)])
  #expect(try opens("cites:A/75/2").map(\.place) == [.paragraph(1)])
  // After an amendment the document has fewer items.
  document.items = []
  #expect(try Corpus([document]).passages(EngineQuery(reading: "mentions:TCD"), 0, limit: 1).map(\.place) == [.paragraph(1)])
}

@Test func aPlaceThatTheTextDoesNotHaveIsPassedOver() throws {
  var document = papers[0]
  document.citations[0].span.range = 60..<5000
  document.citations[1].span = TextSpan(.paragraph(9), 0..<4)
  document.mentions[0].span = TextSpan(.title, 0..<4)
  let corpus = try Corpus([document])
  for query in ["cites:A/RES/62/243", "cites:charter*", "mentions:2008"] {
    #expect(try corpus.passages(EngineQuery(reading: query), 0, limit: 3).map(\.paragraph) == [1], "\(query)")
  }
}

@Test(
  arguments: [
    ("mentions:Ruritania", 9, 9, "no date and no state"), ("a mentions:\"30 February 1992\"", 11, 18, "no date"),
    ("mentions:199*", 9, 4, "no *"),
    ("mentions:Azer*", 9, 5, "no *"),
  ]
) func whatCannotBeMentionedIsToldWhereAndWhy(query: String, position: Int, length: Int, message: String) throws {
  let error = try #require(throws: QueryError.self) { try EngineQuery(reading: query) }
  #expect(error.position == position && error.length == length && error.message.contains(message), "\(query): \(error)")
  #expect(error.hint.contains("mentions:1992"))
}

@Test func aPapersCitationsAreAskedForByItsSymbol() throws {
  var documents = papers
  documents[0].symbols = symbols("A/RES/62/243")
  documents[2].symbols = symbols("A/74/565", "S/2019/908")
  let corpus = try Corpus(documents)
  func found(_ query: String, _ citations: [String: [Symbol]]) throws -> [Int] {
    try corpus.found(EngineQuery(reading: query, citations: citations))
  }
  #expect(try found("citedby:a/1/1", ["a/1/1": symbols("A/RES/62/243", "A/2/2")]) == [0])
  #expect(try found("citedby:A/1/1 OR citedby:A/2/2", ["A/1/1": symbols("S/2019/908"), "A/2/2": symbols("A/RES/62/243")]) == [0, 2])
  #expect(try found("citedby:A/1/1", [:]) == [] && found("NOT citedby:A/1/1", [:]) == [0, 1, 2])
  let many = (1...513).compactMap { Symbol("A/74/\($0)") }
  let error = try #require(throws: QueryError.self) { try EngineQuery(reading: "x citedby:A/1/1", citations: ["A/1/1": many]) }
  #expect(error.position == 10 && error.message.contains("513"))
}

@Test func whatAStretchOfDaysNamesIsWhatIsKeptOfIt() throws {
  var random = Seeded(7)
  func day() -> CalendarDate? {
    let isEnd = Bool.random(using: &random)
    let month = isEnd ? [1, 12, 2].randomElement(using: &random) ?? 1 : Int.random(in: 1...12, using: &random)
    let year = [1992, 1993, 1995, 2300].randomElement(using: &random) ?? 1
    return CalendarDate(
      year: year, month: month, day: isEnd ? [1, 31, 29, 28].randomElement(using: &random) ?? 1 : Int.random(in: 1...28, using: &random))
  }
  for _ in 0..<2000 {
    guard let first = day(), let last = day(), first <= last else { continue }
    let stretch = DateStretch(first, last)
    #expect(stretch.parts.count <= 200 + 24 + 2)
    for part in stretch.parts { #expect(stretch.names(part) && DatePart(part.text) == part, "\(first) \(last) \(part)") }
    for _ in 0..<20 {
      guard let other = day() else { continue }
      for part in [
        DatePart(year: other.year), DatePart(year: other.year, month: other.month),
        DatePart(year: other.year, month: other.month, day: other.day),
      ] {
        #expect(stretch.names(part) == stretch.parts.contains(part), "\(first) \(last) \(part)")
      }
    }
  }
}
