import Documents
import Reading
import Testing

@Suite("The sample papers")
struct SampleTests {
  struct Expected: Sendable, CustomTestStringConvertible {
    var file: String
    var symbol: String
    var kind: DocumentKind
    var date: String
    var organs: [String]
    var item: String
    var itemTitle: String
    var title: String
    var sponsors: [String]
    var attribution: String
    var body: Int
    var testDescription: String { file }
  }

  static let assembly = "General Assembly"
  static let papers: [Expected] = [
    Expected(
      file: "A_80_L.38.pdf", symbol: "A/80/L.38", kind: .amendment, date: "2025-12-11", organs: [assembly], item: "16 (a)",
      itemTitle: "Macroeconomic policy questions: international trade and development", title: "International trade and development",
      sponsors: [
        "Austria", "Belgium", "Bulgaria", "Croatia", "Cyprus", "Czechia", "Denmark", "Estonia", "Finland", "France", "Germany", "Greece",
        "Hungary", "Ireland",
        "Italy", "Latvia", "Lithuania", "Luxembourg", "Malta", "Montenegro", "Netherlands (Kingdom of the)", "Poland", "Portugal",
        "Romania", "Slovakia",
        "Slovenia", "Spain", "Sweden",
      ], attribution: "Austria, Belgium and 26 other sponsors: amendment", body: 1),
    Expected(
      file: "A_80_L.42.pdf", symbol: "A/80/L.42", kind: .draftDecision, date: "2025-12-23", organs: [assembly], item: "18",
      itemTitle: "Sustainable development",
      title:
        "Postponement of the consideration of the modalities of the 2028 United Nations Water Conference to the eighty-first session of the General Assembly",
      sponsors: ["Tajikistan"], attribution: "Tajikistan: draft decision", body: 6),
    Expected(
      file: "A_C.1_80_L.63.pdf", symbol: "A/C.1/80/L.63", kind: .draftDecision, date: "2025-10-16", organs: [assembly, "First Committee"],
      item: "99 (aa)",
      itemTitle:
        "General and complete disarmament: compliance with non-proliferation, arms limitation and disarmament agreements and commitments",
      title: "Compliance with non-proliferation, arms limitation and disarmament agreements and commitments",
      sponsors: ["United States of America"],
      attribution: "United States of America: draft decision", body: 1),
    Expected(
      file: "A_C.2_80_L.43.pdf", symbol: "A/C.2/80/L.43", kind: .draftResolution, date: "2025-11-04",
      organs: [assembly, "Second Committee"], item: "18 (l)",
      itemTitle: "Sustainable development: multidimensional vulnerability index", title: "Multidimensional vulnerability index",
      sponsors: [],
      attribution: "Rapporteur of the Committee, Javad Momeni (Islamic Republic of Iran): draft resolution", body: 7),
    Expected(
      file: "A_C.4_80_L.2.pdf", symbol: "A/C.4/80/L.2", kind: .draftResolution, date: "2025-10-09",
      organs: [assembly, "Special Political and Decolonization Committee (Fourth Committee)"], item: "57",
      itemTitle: "Offers by Member States of study and training facilities for inhabitants of Non-Self-Governing Territories",
      title: "Offers by Member States of study and training facilities for inhabitants of Non-Self-Governing Territories",
      sponsors: ["Austria", "Cuba", "Guatemala", "Hungary", "Venezuela (Bolivarian Republic of)"],
      attribution: "Austria, Cuba and 3 other sponsors: draft resolution", body: 11),
    Expected(
      file: "A_C.5_80_L.12.pdf", symbol: "A/C.5/80/L.12", kind: .draftResolution, date: "2025-12-21",
      organs: [assembly, "Fifth Committee"], item: "136",
      itemTitle: "Proposed programme budget for 2026",
      title:
        "Revised estimates resulting from resolutions and decisions adopted by the Human Rights Council at its fifty-eighth, fifty-ninth and sixtieth regular sessions and thirty-seventh special session",
      sponsors: [
        "Belarus", "China", "Democratic People’s Republic of Korea", "Eritrea", "Iran (Islamic Republic of)", "Nicaragua",
        "Russian Federation", "Sudan",
        "Venezuela (Bolivarian Republic of)",
      ], attribution: "Belarus, China and 7 other sponsors: draft resolution", body: 3),
    Expected(
      file: "A_RES_79_4.pdf", symbol: "A/RES/79/4", kind: .resolution, date: "2024-10-17", organs: [assembly], item: "89",
      itemTitle: "Report of the International Atomic Energy Agency", title: "Report of the International Atomic Energy Agency",
      sponsors: [],
      attribution: assembly, body: 10),
    Expected(
      file: "A_RES_79_131.pdf", symbol: "A/RES/79/131", kind: .resolution, date: "2024-12-12", organs: [assembly], item: "179",
      itemTitle: "Observer status for the International Coffee Organization in the General Assembly",
      title: "Observer status for the International Coffee Organization in the General Assembly", sponsors: [], attribution: assembly,
      body: 4),
  ]

  @Test("a paper's fields are those it prints", arguments: papers)
  func fields(expected: Expected) async throws {
    let result = try await TestData.read(sample: expected.file)
    let document = result.document
    #expect(result.notes.isEmpty)
    #expect(document.symbols.map(\.text) == [expected.symbol])
    #expect(document.kind == expected.kind)
    #expect(document.date?.description == expected.date)
    #expect(document.organs == expected.organs)
    #expect(document.distribution == (expected.kind == .resolution ? "General" : "Limited"))
    #expect(document.items == [AgendaItem(number: expected.item, title: expected.itemTitle, organ: "General Assembly")])
    #expect(document.title == expected.title)
    #expect(document.sponsors == expected.sponsors)
    #expect(document.sessions.map(\.number) == [expected.symbol.contains("/79/") ? 79 : 80])
    #expect(document.language == "en" && document.mediaType == "application/pdf")
    #expect(document.paragraphs.count { $0.role == .body } == expected.body)
    #expect(Set(document.paragraphs.map(\.attribution)) == [expected.attribution])
    #expect(document.paragraphs.allSatisfy { $0.page != nil })
  }

  @Test("a draft with thirty-three sponsors names each of them")
  func manySponsors() async throws {
    let document = try await TestData.read(sample: "A_C.6_80_L.9.pdf").document
    #expect(document.sponsors.count == 33 && document.sponsors.last == "State of Palestine")
    #expect(document.sponsors.contains("United Kingdom of Great Britain and Northern Ireland"))
  }

  @Test("a resolution keeps the words of its adoption and its basis, and the meeting apart from its text")
  func adoption() async throws {
    let document = try await TestData.read(sample: "A_RES_79_131.pdf").document
    #expect(
      document.titles == [
        "Resolution adopted by the General Assembly on 4 December 2024", "[on the report of the Sixth Committee (A/79/490, para. 7)]",
      ])
    #expect(document.paragraphs.last?.role == .masthead)
    #expect(document.paragraphs.last?.text.hasSuffix("plenary meeting 4 December 2024") == true)
  }

  @Test("labels are kept as printed, footnotes apart, job numbers and running heads away")
  func furniture() async throws {
    let document = try await TestData.read(sample: "A_RES_79_4.pdf").document
    #expect(document.paragraphs.filter { $0.role == .body }.compactMap(\.label).prefix(2) == ["1.", "2."])
    #expect(document.paragraphs.filter { $0.role == .footnote }.map(\.text) == ["See A/79/266."])
    for paragraph in document.paragraphs where paragraph.role == .body {
      #expect(!paragraph.text.contains("24-") && !paragraph.text.contains("____") && !paragraph.text.contains("A/RES/79/4"))
    }
  }

  @Test(
    "a statement is its state's, of the session and year given",
    arguments: [
      ("statement-FIN-2004.txt", "Finland", 59, 2004, 12), ("statement-IDN-1966.txt", "Indonesia", 21, 1966, 10),
      ("statement-NAM-2011.txt", "Namibia", 66, 2011, 10),
    ])
  func statement(file: String, state: String, session: Int, year: Int, paragraphs: Int) async throws {
    let result = try await TestData.read(sample: file)
    let document = result.document
    #expect(
      document.kind == .statement && document.sender?.text == state && document.sender?.state == state
        && document.sender?.code == String(file.dropFirst(10).prefix(3)))
    #expect(document.sessions.map(\.number) == [session] && document.organs == ["General Assembly"])
    #expect(document.year == year && document.date == nil)
    #expect(document.paragraphs.count == paragraphs && document.paragraphs.allSatisfy { $0.attribution == state && $0.role == .body })
    // A year is no day: the date stays empty, and says so.
    #expect(result.notes.contains(ReadingNote("date", "only a year was given")))
  }
}
