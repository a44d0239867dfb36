import Documents
import Engine
import QueryLanguage
import Testing

@testable import Catalogue

/// Five papers, each with fields that the others have not.
private func corpus() async throws -> Corpus {
  var resolution = Document(id: id(1))
  resolution.symbols = symbols("A/RES/62/243")
  resolution.organs = ["General Assembly"]
  resolution.sessions = [Session(organ: "General Assembly", text: "Sixty-second session", number: 62)]
  resolution.items = [AgendaItem(number: "20", title: "The situation in the occupied territories")]
  resolution.kind = .resolution
  resolution.title = "Resolution adopted by the General Assembly on 14 March 2008"
  resolution.date = CalendarDate(year: 2008, month: 3, day: 14)
  resolution.language = "en"
  resolution.distribution = "General"
  resolution.paragraphs = [Paragraph(number: 1, text: "Reaffirms continued respect for sovereignty.", attribution: "General Assembly")]

  var draft = Document(id: id(2))
  draft.symbols = symbols("A/C.3/74/L.5/Rev.1")
  draft.organs = ["General Assembly", "Third Committee"]
  draft.sessions = [Session(organ: "General Assembly", text: "Seventy-fourth session", number: 74)]
  draft.items = [AgendaItem(number: "25 (b)", title: "Social development: youth"), AgendaItem(number: "3", title: "Credentials")]
  draft.kind = .draftResolution
  draft.distribution = "Limited"
  draft.language = "en"
  draft.sponsors = ["Cabo Verde", "Côte d’Ivoire"]
  draft.paragraphs = [Paragraph(number: 1, text: "Youth and trade, development and sport.", attribution: "Cabo Verde")]

  var note = Document(id: id(3))
  note.symbols = symbols("S/2019/9080")
  note.organs = ["Security Council"]
  note.sessions = [Session(organ: "Security Council", text: "Seventy-fourth year", number: 74)]
  note.items = [AgendaItem(number: "34")]
  note.kind = .noteVerbale
  note.language = "fr"
  note.sender = Party(text: "Mission permanente du Sénégal", state: "Senegal", post: "Mission permanente")
  note.addressees = [Party(text: "Président du Conseil de sécurité")]
  note.title = "Note verbale datée du 5 décembre 2019"
  note.date = CalendarDate(year: 2019, month: 12, day: 5)
  note.paragraphs = [Paragraph(number: 1, text: "La Mission permanente présente ses compliments.", attribution: "Sénégal")]

  var statement = Document(id: id(4))
  statement.kind = .ngoStatement
  statement.metadata = ["year": "1966"]
  statement.language = "en"
  statement.items = [AgendaItem(number: "34 (a)")]
  statement.sender = Party(text: "International Council of Women")
  statement.paragraphs = [
    Paragraph(number: 1, text: "We refer to A/74/565 and to rule of law.", attribution: "International Council of Women")
  ]
  return try Corpus([try await specimen(), resolution, draft, note, statement], segmentLength: 3)
}

@Test(
  arguments: [
    ("", [0, 1, 2, 3, 4]),
    // Symbols, in any spelling.
    ("symbol:A/74/565", [0]), ("symbol:s/2019/908", [0]), ("symbol:\"A/74/565–S/2019/908\"", [0]), ("symbol:A_74_565.pdf", [0]),
    ("symbol:https://undocs.org/en/S/2019/908", [0]), ("symbol:A/74/56", []), ("symbol:S/2019/908*", [0, 3]), ("symbol:a/*", [0, 1, 2]),
    ("symbol:A/74/*", [0]), ("symbol:a/res/62/24*", [1]), ("symbol:a/c.3/74/l.5/rev*", [2]), ("symbol:A/C.3/74/L.5/REV.*", [2]),
    ("symbol:nonsense", []), ("symbol:a_c.3_74_l*", [2]),
    // Organs and sessions.
    ("organ:\"General Assembly\"", [0, 1, 2]), ("organ:\"Security Council\"", [0, 3]), ("organ:committee", [2]), ("organ:secur*", [0, 3]),
    ("organ:\"Assembly General\"", []), ("session:74", [0, 2, 3]), ("session:74th", [0, 2, 3]), ("session:62", [1]), ("session:6", []),
    ("session:7*", [0, 2, 3]), ("session:\"Seventy-fourth session\"", [0, 2]), ("session:seventy-fourth", [0, 2, 3]),
    // Agenda items.
    ("item:31", [0]), ("item:32", [0]), ("item:37", [0]), ("item:68", [0]), ("item:75", [0]), ("item:83", [0]), ("item:130", [0]),
    ("item:13", []),
    ("item:34", [3, 4]), ("item:\"34 (a)\"", [4]), ("item:34(A)", [4]), ("item:3", [2]), ("item:3*", [0, 2, 3, 4]), ("item:25", [2]),
    ("item:25(b)", [2]), ("item:\"25 (b)\"", [2]), ("item:25(c)", []), ("item:\"rule of law\"", [0]), ("item:occupied", [0, 1]),
    ("item:geno*", [0]), ("item:\"social development\"", [2]),
    // Kind, language, distribution.
    ("kind:letter", [0]), ("kind:LETTER", [0]), ("kind:\"note verbale\"", [3]), ("kind:note-verbale", [3]), ("kind:\"ngo statement\"", [4]),
    ("kind:note", []), ("kind:no*", [3]), ("kind:draft*", [2]), ("language:fr", [3]), ("language:French", [3]),
    ("language:english", [0, 1, 2, 4]),
    ("language:f*", [3]), ("language:de", []), ("distribution:general", [0, 1]), ("distribution:LIMITED", [2]), ("distribution:lim*", [2]),
    // Parties.
    ("sender:Azerbaijan", [0]), ("sender:\"Permanent Representative of Azerbaijan\"", [0]), ("sender:senegal", [3]),
    ("sender:sénégal", [3]),
    ("sender:women", [4]), ("sender:aze*", [0]), ("sender:\"Representative Permanent\"", []), ("addressee:\"Secretary-General\"", [0]),
    ("addressee:président", [3]), ("addressee:azerbaijan", []), ("signatory:\"Yashar Aliyev\"", [0]), ("signatory:ambassador", [0]),
    ("signatory:ali*", [0]), ("sponsor:\"cabo verde\"", [2]), ("sponsor:ivoire", [2]), ("sponsor:azerbaijan", []),
    // Titles.
    ("title:genocide", [0]), ("title:\"dated 26 November 2019\"", [0]), ("title:resolution", [1]), ("title:sovereignty", []),
    ("title:\"—\"", []),
    // Dates: the masthead's and the title's.
    ("date:2019-11-26", [0]), ("date:2019-11-27", [0]), ("date:2019-11-28", []), ("date:2019-11", [0]),
    ("date:2019-11-27..2019-12-05", [0, 3]),
    ("date:<=2019-11-26", [0, 1]), ("date:>=2019-12-05", [3]), ("year:2019", [0, 3]), ("year:1966", [4]), ("year:1966..2008", [1, 4]),
    ("year:>=2009", [0, 3]), ("year:1965", []),
    // Words.
    ("genocide", [0]), ("GENOCIDE", [0]), ("\"scourge of genocide\"", [0]), ("\"genocide scourge\"", []), ("sovereignty OR youth", [1, 2]),
    ("sovereign*", [1]), ("A/74/565", [0, 4]), ("\"A/74/565\"", [0, 4]), ("A/74/5*", [0, 4]), ("A/74/*", [0, 4]), ("compliments", [3]),
    ("compliment", [3]), ("reaffirmed", [1]), ("trading", [2]),
    ("youth NOT sport", []), ("youth -sovereignty", [2]), ("NOT genocide", [1, 2, 3, 4]), ("youth & trade", [2]), ("&", []), ("\"—\"", []),
    ("& OR youth", [2]), ("youth NOT —", [2]), ("genocide sender:Azerbaijan year:2019", [0]), ("genocide sender:Armenia", []),
  ] as [(String, [Int])]
) func aQueryFindsWhatItMeansAndNothingElse(query: String, documents: [Int]) async throws {
  #expect(try await corpus().found(query) == documents, "\(query)")
}

@Test func anUnknownKindOrLanguageIsAnErrorWithItsPlaceAndAHint() throws {
  for (query, position, length) in [
    ("genocide kind:lettre", 14, 6), ("kind:\"note verbal\"", 5, 13), ("é KIND:foo", 8, 3), ("language:klingon", 9, 7),
    ("(language:xyz)", 10, 3),
  ] {
    let error = try #require(throws: QueryError.self) { try EngineQuery(reading: query) }
    #expect(error.position == position && error.length == length, "\(query): \(error)")
    #expect(error.hint.count > 10 && error.message.utf8.count < 1024 && error.hint.utf8.count < 256)
  }
}

@Test func aSyntaxErrorIsTheParsersOwn() throws {
  let error = try #require(throws: QueryError.self) { try EngineQuery(reading: "(genocide") }
  #expect(error.position == 0)
}
