import Documents
import Engine
import Testing

@testable import Catalogue

private func paper(_ number: Int, _ language: String?, _ text: String, title: String? = nil) -> Document {
  var document = Document(id: id(number))
  document.language = language
  document.title = title
  document.paragraphs = [Paragraph(number: 1, text: text, attribution: "somebody")]
  return document
}

@Test func aPlainWordFindsItsInflectionsInEveryLanguageAndQuotesFindWhatIsWritten() throws {
  let corpus = try Corpus([
    paper(0, "en", "The negotiations on territories have begun."), paper(1, "fr", "La négociation sur le territoire a commencé."),
    paper(2, "es", "Las negociaciones sobre los territorios."), paper(3, "ru", "О ходе переговоров и новый договор."),
    paper(4, "ar", "ان المفاوضات في القرار"), paper(5, "zh", "安全理事会第822号决议"), paper(6, nil, "Negotiated settlements"),
  ])
  for (query, found) in [
    ("negotiation", [0, 6]), ("negotiating territory", [0]), ("territoires", [1]), ("négociations", [1, 2]),
    ("negociations", [1, 2]), ("negociación", [1, 2]),
    ("переговоры", [3]), ("новая", [3]), ("قرار", [4]), ("安全", [5]), ("安全理事会", [5]), ("理", [5]), ("822号", [5]), ("全会", []),
    ("\"negotiation\"", []), ("\"negotiations\"", [0]), ("\"territories have\"", [0]), ("NOT negotiation", [1, 2, 3, 4, 5]),
  ] as [(String, [Int])] {
    #expect(try corpus.found(query) == found, "\(query)")
  }
  // With the languages that the documents have, as a query node asks.
  let languages = EngineQuery.languages(of: corpus.view)
  #expect(languages == ["", "fr", "es"])
  #expect(EngineQuery.languages(of: try Corpus([paper(0, "fr", "Paix")]).view) == ["fr"])
  #expect(EngineQuery.languages(of: try Corpus([paper(0, "ru", "Мир"), paper(1, "es", "Paz")]).view) == ["", "es"])
}

@Test func aDescriptionFindsAnyOfItsWordsAndRanksHigherWhatStandsTogether() throws {
  let corpus = try Corpus([
    paper(0, "en", "Heavy fire and a line; the cease was long."), paper(1, "en", "The line of cease fire was heavy."),
    paper(2, "en", "Of the and to"),
    paper(3, "en", "Heavy rain"), paper(4, "en", "Other words", title: "Cease fire"),
  ])
  var request = EngineRequest(try EngineQuery(reading: "what is the line of the cease fire"))
  request.limit = 10
  let hits = try corpus.view.search(request).hits.map { hit in corpus.documents.firstIndex { $0.id.bytes == hit.id } }
  // "of the" finds nothing, and side by side counts more than apart.
  #expect(hits.count == 3 && hits[0] == 1 && Set(hits) == [0, 1, 4])
  #expect(try corpus.found("of the and") == [0, 1, 2])
  #expect(try corpus.found("heavy AND fire AND line") == [0, 1])
}

@Test func aTitlesWordsCountMoreThanTheBodys() throws {
  let corpus = try Corpus([
    paper(0, "en", "Peace of words and of other words", title: "Report on a visit"),
    paper(1, "en", "Report on a visit of words", title: "Peace of other words"),
  ])
  let hits = try corpus.view.search(EngineRequest(try EngineQuery(reading: "peace"))).hits
  #expect(hits.map(\.id) == [1, 0].map { corpus.documents[$0].id.bytes } && hits[0].score > hits[1].score)
}

@Test func aThoroughSearchLooksForWhatTheBestDocumentsHaveInCommonHoweverTheIndexIsParted() throws {
  let documents =
    (0..<3).map { paper($0, "en", "The shelling of villages with mortars, copy \($0).") }
    + [paper(3, "en", "Mortars fired at houses."), paper(4, "en", "Rain fell."), paper(5, "en", "A tree.")]
  var all: [[EngineQuery]] = []
  for length in [1, 2, 6] {
    let corpus = try Corpus(documents, segmentLength: length)
    var request = EngineRequest(try EngineQuery(reading: "shelling", thorough: Feedback()))
    request.limit = Feedback.candidates
    let best = Feedback.best(try corpus.view.search(request).hits).compactMap { hit in documents.first { $0.id.bytes == hit.id } }
    let feedback = Feedback(best, in: corpus.view)
    let asked = try EngineQuery(reading: "shelling", thorough: feedback)
    all.append([asked])
    #expect(try corpus.found("shelling") == [0, 1, 2])
    #expect(try corpus.found(asked) == [0, 1, 2, 3])
    #expect(feedback.terms.count <= Feedback.terms && feedback.terms.allSatisfy { $0.weight > 0 && $0.weight <= Feedback.weight })
    // Conditions stay conditions, and what is excluded stays out.
    #expect(try corpus.found(EngineQuery(reading: "shelling -mortar", thorough: feedback)) == [])
    #expect(try corpus.found(EngineQuery(reading: "shelling kind:letter", thorough: feedback)) == [])
  }
  #expect(all[0] == all[1] && all[1] == all[2])
}
