import Documents
import Reading
import Testing

@Suite("Words parted at a line's end")
struct HyphenTests {
  private func text(_ lines: String) async throws -> String {
    try await TestData.read(text: lines).document.paragraphs.map(\.text).joined(separator: "|")
  }

  @Test("a word that stands whole elsewhere, or whose parts are no words, is joined")
  func joined() async throws {
    #expect(
      try await text("The foundations were laid, and the foun-\ndations, they said,\nhold.")
        == "The foundations were laid, and the foundations, they said, hold.")
    #expect(
      try await text("Les délégations ont dit que l'orga-\nnisation doit agir.") == "Les délégations ont dit que l'organisation doit agir.")
    #expect(try await text("Обращаем внимание на поло-\nжение дел.") == "Обращаем внимание на положение дел.")
  }

  @Test("the halves of a lam-alef that stand in the order of the page are set right where nothing else can be meant")
  func lamAlef() async throws {
    let text = "واألمم المتحدة واإلنسان واآلن، والسالم، والأمم، وألف"
    let read = try await TestData.read(text: text).document.paragraphs.map(\.text)
    #expect(read == ["والأمم المتحدة والإنسان والآن، والسالم، والأمم، وألف"])
  }

  @Test("a compound keeps its hyphen")
  func kept() async throws {
    #expect(try await text("The follow-up is due, and the follow-\nup will come.") == "The follow-up is due, and the follow-up will come.")
    #expect(try await text("This is a well-\nestablished rule.") == "This is a well-established rule.")
    #expect(
      try await text("The capacity is low, the building is high: capacity-\nbuilding is asked for.").hasSuffix(
        "capacity-building is asked for."))
    #expect(try await text("The Asia-\nPacific region and others.") == "The Asia-Pacific region and others.")
  }
}
