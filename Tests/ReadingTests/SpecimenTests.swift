import Documents
import Reading
import Testing

@Suite("The type specimen")
struct SpecimenTests {
  private func specimen() async throws -> ReadingResult { try await TestData.read(sample: "letter-2019-11-26.txt") }

  @Test("the masthead's fields are read, the symbols given beside it kept in order")
  func masthead() async throws {
    let document = try await specimen().document
    #expect(document.symbols.map(\.text) == ["A/74/565", "S/2019/908"])
    #expect(document.organs == ["General Assembly", "Security Council"])
    #expect(document.distribution == "General")
    #expect(document.date?.description == "2019-11-27")
    #expect(document.originalLanguages == ["en"] && document.language == "en")
    #expect(
      document.sessions == [
        Session(organ: "General Assembly", text: "Seventy-fourth session", number: 74),
        Session(organ: "Security Council", text: "Seventy-fourth year", number: 74),
      ])
  }

  @Test("each of the seven agenda items has its title")
  func items() async throws {
    let items = try await specimen().document.items
    #expect(
      items
        == [
          ("31", "Prevention of armed conflict"),
          ("32", "Protracted conflicts in the GUAM area and their implications for international peace, security and development"),
          ("37", "The situation in the occupied territories of Azerbaijan"),
          ("68", "Elimination of racism, racial discrimination, xenophobia and related intolerance"),
          ("75", "Responsibility of States for internationally wrongful acts"),
          ("83", "The rule of law at the national and international levels"),
          ("130", "The responsibility to protect and the prevention of genocide, war crimes, ethnic cleansing and crimes against humanity"),
        ].map { AgendaItem(number: $0.0, title: $0.1, organ: "General Assembly") })
  }

  @Test("the letter's title, parties and signature are read")
  func letter() async throws {
    let document = try await specimen().document
    #expect(document.kind == .letter)
    #expect(
      document.title
        == "Letter dated 26 November 2019 from the Permanent Representative of Azerbaijan to the United Nations addressed to the Secretary-General"
    )
    #expect(
      document.sender
        == Party(
          text: "Permanent Representative of Azerbaijan to the United Nations", state: "Azerbaijan", post: "Permanent Representative",
          code: "AZE"))
    #expect(document.addressees == [Party(text: "Secretary-General", post: "Secretary-General")])
    #expect(document.signatories == [Signatory(name: "Yashar Aliyev", rank: "Ambassador", post: "Permanent Representative")])
  }

  @Test("eleven paragraphs and a signature, each attributed to the sender; one broken by a page's end is whole")
  func paragraphs() async throws {
    let paragraphs = try await specimen().document.paragraphs
    #expect(paragraphs.map(\.number) == Array(1...12))
    #expect(paragraphs.map(\.role) == Array(repeating: .body, count: 11) + [.signature])
    #expect(
      paragraphs.allSatisfy {
        $0.attribution == "Permanent Representative of Azerbaijan to the United Nations" && $0.label == nil && $0.page == nil
      })
    #expect(paragraphs[0].text.hasPrefix("As we are approaching the seventy-first anniversary of the Convention"))
    #expect(paragraphs[2].text.contains("in advancing national and international efforts to protect populations"))
    #expect(
      paragraphs[10].text.hasPrefix(
        "I should be grateful if you would have the present letter circulated as a document of the General Assembly"))
    #expect(paragraphs[11].text == "(Signed) Yashar Aliyev Ambassador Permanent Representative")
  }

  @Test("nothing is noted but the missing symbol, and that only when none is given")
  func notes() async throws {
    #expect(try await specimen().notes.isEmpty)
    let path = TestData.path(sample: "letter-2019-11-26.txt")
    let bare = try await Reader().read(Original(.file(path), fileName: "letter.txt"))
    #expect(bare.notes.map(\.field) == ["symbols"])
    #expect(bare.document.symbols.isEmpty)
  }

  @Test("its id is that of its first symbol; without one that of its bytes")
  func identity() async throws {
    let document = try await specimen().document
    let path = TestData.path(sample: "letter-2019-11-26.txt")
    let bare = try await Reader().read(Original(.file(path), fileName: "letter.txt")).document
    #expect(bare.id == DocumentID(digest: bare.originalSHA256) && bare.id != document.id)
    #expect(document.originalSHA256 == bare.originalSHA256 && document.originalSHA256.count == 32)
    let other = try await TestData.read(text: "Another text under the same symbol, of more than a few words.", symbol: "a_74_565")
    #expect(other.document.id == document.id)
  }
}
