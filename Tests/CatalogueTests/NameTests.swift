import Documents
import Engine
import QueryLanguage
import Testing

@testable import Catalogue

private func paper(
  _ number: Int, _ language: String, _ text: String, places: [String] = [], sender: Party? = nil, addressees: [Party] = [],
  sponsors: [String] = [],
  organs: [String] = []
) -> Document {
  var document = Document(id: id(number))
  document.language = language
  document.paragraphs = [
    Paragraph(number: 1, text: "—", attribution: "somebody"), Paragraph(number: 2, text: text, attribution: "somebody"),
  ]
  (document.sender, document.addressees, document.sponsors, document.organs) = (sender, addressees, sponsors, organs)
  document.mentions = places.map { Mention(span: TextSpan(.paragraph(2), 0..<1), meaning: .place($0)) }
  return document
}

private func azerbaijan(_ text: String, state: String? = nil) -> Party { Party(text: text, state: state, code: "AZE") }

/// Of the same states and organs, in several languages.
private let papers = [
  paper(
    0, "en", "Genocide in Azerbaijan.", places: ["AZE"],
    sender: azerbaijan("the Permanent Representative of Azerbaijan", state: "Azerbaijan")),
  paper(
    1, "fr", "Génocide en Azerbaïdjan.", places: ["AZE"],
    sender: azerbaijan("le Représentant permanent de l’Azerbaïdjan", state: "Azerbaïdjan")),
  paper(2, "ru", "О положении в Азербайджане.", places: ["AZE"], addressees: [azerbaijan("Представителю Азербайджана")]),
  paper(3, "zh", "阿塞拜疆。", places: ["AZE"], sponsors: ["阿塞拜疆", "秘鲁"]),
  paper(4, "en", "The azerbaijan of words, no state.", sender: Party(text: "Council of Women")),
  paper(5, "en", "On Côte d’Ivoire and Sri Lanka.", places: ["CIV", "LKA"], sponsors: ["Côte d’Ivoire", "Sri Lanka", "Peru"]),
  paper(6, "ru", "О Кот-д’Ивуаре.", places: ["CIV"]), paper(7, "zh", "关于斯里兰卡。", places: ["LKA"]),
  paper(8, "fr", "Rappelant que l’Assemblée générale a décidé.", organs: ["General Assembly"]),
  paper(9, "en", "Recalling what the General Assembly decided.", organs: ["Security Council"]),
  paper(10, "ru", "По просьбе Генеральной Ассамблеи.", organs: ["General Assembly", "Fifth Committee"]), paper(11, "zh", "大会决定。"),
  paper(12, "en", "A grenade was found in Bosnia and Herzegovina, in Sri Jayawardenepura."),
  paper(13, "fr", "Bosnie-Herzégovine", places: ["BIH"]), paper(14, "es", "Granada y más", places: ["GRD"]),
]

@Test(
  arguments: [
    // Fields: the words printed, or the state.
    ("sender:Azerbaijan", [0, 1]), ("sender:Azerbaïdjan", [0, 1]), ("sender:Азербайджан", [0, 1]), ("sender:\"阿塞拜疆\"", [0, 1]),
    ("sender:AZE", [0, 1]), ("sender:aze", []), ("sender:\"Republic of Azerbaijan\"", [0, 1]),
    ("sender:\"Permanent Representative of Azerbaijan\"", [0]),
    ("sender:azerb*", [0, 1]), ("sender:women", [4]), ("addressee:Azerbaijan", [2]), ("addressee:Azerbaïdjan", [2]),
    ("sponsor:Azerbaijan", [3]),
    ("sponsor:Азербайджан", [3]), ("sponsor:Pérou", [3, 5]), ("sponsor:PER", [3, 5]), ("sponsor:\"Кот-д’Ивуар\"", [5]),
    ("sponsor:ivoire", [5]),
    ("organ:\"General Assembly\"", [8, 10]), ("organ:\"Assemblée générale\"", [8, 10]), ("organ:大会", [8, 10]),
    ("organ:\"مجلس الأمن\"", [9]),
    ("organ:\"Assemblée\"", []), ("organ:committee", [10]),
    // Words that are a name as a whole: alone, in a phrase, side by side, and with others that must be there.
    ("Azerbaijan", [0, 1, 2, 3, 4]), ("Azerbaïdjan", [0, 1, 2, 3]), ("\"Азербайджан\"", [0, 1, 2, 3]), ("阿塞拜疆", [0, 1, 2, 3]),
    ("Azerbaijan genocide", [0, 1]), ("NOT Azerbaijan", [5, 6, 7, 8, 9, 10, 11, 12, 13, 14]), ("Azerbaijan^2 genocide", [0, 1]),
    ("Azerbaijan NEAR/3 genocide", [0]), ("\"genocide Azerbaijan\"~3", [0]), ("azer*", [0, 1, 4]),
    ("Côte d'Ivoire", [5, 6]), ("\"Côte d'Ivoire\"", [5, 6]), ("\"Кот-д’Ивуар\"", [5, 6]), ("Sri Lanka", [5, 7]),
    ("\"Sri Lanka\" sponsor:Peru", [5]),
    ("Sri Lanka sponsor:Peru", [5]), ("斯里兰卡", [5, 7]), ("Sri Lanka OR 秘鲁", [3, 5, 7]), ("\"Sri Lanka\" NEAR/5 \"Côte d'Ivoire\"", [5]),
    ("Bosnia and Herzegovina", [12, 13]), ("\"Bosnia and Herzegovina\"", [12, 13]), ("Peru", [3, 5]),
    // A common word is no name.
    ("grenade", [12]), ("Grenada", [12, 14]), ("того", []),
    // Organs in phrases, and in words that are nothing else.
    ("\"General Assembly\"", [8, 9, 10, 11]), ("\"Assemblée générale\"", [8, 9, 10, 11]), ("General Assembly", [8, 9, 10]),
    ("\"Генеральная Ассамблея\"", [8, 9, 10, 11]), ("大会", [8, 9, 10, 11]), ("\"General Assembly decided\"", [9]),
    ("General Assembly decided NOT xyz", [8, 9, 10]),
  ] as [(String, [Int])]
) func aStateOrOrganIsFoundInWhateverLanguageItIsTyped(query: String, found: [Int]) throws {
  #expect(try Corpus(papers, segmentLength: 4).found(query) == found, "\(query)")
}

@Test func otherFormsOfANameComeAfterThoseTypedAndLeaveTheirScores() throws {
  let corpus = try Corpus(papers)
  func hits(_ query: EngineQuery) throws -> [(number: Int?, score: Double)] {
    var request = EngineRequest(query)
    request.limit = 20
    return try corpus.view.search(request).hits.map { hit in (papers.firstIndex { $0.id.bytes == hit.id }, hit.score) }
  }
  let named = try hits(EngineQuery(reading: "Azerbaijan"))
  let plain = try hits(.term(.stems, Array("azerbaijan".utf8)))
  #expect(plain.map(\.number) == [0, 4] && named.prefix(2).map(\.number) == plain.map(\.number))
  #expect(named.prefix(2).map(\.score) == plain.map(\.score) && named.dropFirst(2).allSatisfy { $0.score == 0 } && named.count == 5)
  // A hit in another language opens where the state is mentioned.
  let passage = try #require(try corpus.passages(EngineQuery(reading: "Azerbaijan"), 1, limit: 1).first)
  #expect(passage.paragraph == 2 && passage.highlights == [0..<1])
}

@Test func aWordThatNamesNothingIsAskedForAsBefore() throws {
  for text in [
    "genocide", "\"rule of law\"", "peace law", "effects of sanctions on states", "title:law", "sender:women", "organ:committee",
  ] {
    let query = try EngineQuery(reading: text)
    #expect(!"\(query)".contains("keyword"), "\(text): \(query)")
  }
}
