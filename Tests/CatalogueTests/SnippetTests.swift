import Analysis
import Documents
import Engine
import QueryLanguage
import TestSupport
import Testing

@testable import Catalogue

private func passages(_ query: String, _ document: Document, limit: Int = 1) throws -> [Passage] {
  try Corpus([document]).passages(EngineQuery(reading: query), 0, limit: limit)
}

private func marked(_ passage: Passage) -> [String] {
  let bytes = Array(passage.text.utf8)
  return passage.highlights.map { String(decoding: bytes[$0], as: UTF8.self) }
}

private func paper(_ texts: String...) -> Document {
  var document = Document(id: id(1))
  document.paragraphs = texts.enumerated().map {
    Paragraph(number: $0 + 1, label: "\($0 + 1).", text: $1, attribution: "the sender", page: $0 + 7)
  }
  return document
}

@Test func theParagraphThatHoldsMostOfTheWordsComesFirstAndSaysWhoSaysIt() throws {
  let document = paper("Peace, and peace again.", "On law.", "Law and peace.")
  let found = try passages("peace law", document, limit: 10)
  #expect(found.map(\.paragraph) == [3, 1, 2])
  #expect(found[0].attribution == "the sender" && found[0].label == "3." && found[0].page == 9)
  #expect(found.map(marked) == [["Law", "peace"], ["Peace", "peace"], ["law"]])
  #expect(try passages("peace law", document, limit: 2).map(\.paragraph) == [3, 1])
}

@Test(
  arguments: [
    ("genocide", ["genocide", "Genocide"]), ("\"war crimes\"", ["war", "crimes"]), ("crimes", ["crimes"]),
    ("gen*", ["genocide", "Genocide"]),
    ("genocide -war", ["genocide", "Genocide"]), ("war NOT (genocide OR crimes)", ["war", "war"]), ("NOT NOT law", []),
    ("elysee", ["Élysée"]),
    ("A/74/565", ["A", "74", "565"]), ("\"of law\" title:genocide", ["of", "law"]), ("\"crimes war\"", []), ("kind:letter", []),
    ("& law", ["law"]),
    ("wa*", ["war", "was", "war"]), ("*cide", ["genocide", "Genocide"]), ("cr?m*s", ["crimes"]), ("genocdie~", ["genocide", "Genocide"]),
    ("genocide NEAR/3 war", ["Genocide", "war"]), ("law PRE/2 was", ["law", "was"]), ("was PRE/3 law", []),
    ("\"law the\"~1", []), ("\"law the\"~2", ["the", "law", "the"]), ("wom?n OR r?le?", ["rule"]),
    ("A/74/5*", ["A", "74", "565"]), ("2 OF (war genocide absent)", ["war", "genocide", "Genocide", "war"]),
    ("\"war crimes\" OR war", ["war", "crimes", "war"]),
  ] as [(String, [String])]
) func exactlyTheWordsThatMatchAreHighlighted(query: String, words: [String]) throws {
  let document = paper("The war crimes of A/74/565 and genocide: the rule of law was in the Élysée, Genocide in war.")
  let found = try #require(try passages(query, document).first)
  #expect(marked(found) == words, "\(query)")
}

@Test(arguments: ["\"gone away\" NEAR/3 law OR law", "\"gone law\" NEAR/3 law OR law"])
func wordsNearARowThatTheDocumentsSegmentLacksAreNowhereInIt(query: String) throws {
  var other = paper("Gone away from law, gone law.")
  other.id = id(2)
  let corpus = try Corpus([other, paper("A paper on law.")], segmentLength: 1)
  #expect(try corpus.passages(EngineQuery(reading: query), 1, limit: 1).map(marked) == [["law"]])
}

@Test func aHitByFieldsOnlyShowsTheFirstBodyParagraphWithItsAttribution() throws {
  var document = paper("A heading", "The first of the body.", "The second.")
  document.paragraphs[0].role = .heading
  let found = try passages("kind:letter", document, limit: 3)
  #expect(found.map(\.paragraph) == [2] && found[0].highlights.isEmpty && found[0].attribution == "the sender")
  document.paragraphs.removeLast(2)
  #expect(try passages("kind:letter", document).map(\.paragraph) == [1])
  document.paragraphs = []
  #expect(try passages("kind:letter", document).isEmpty)
}

@Test func aLongParagraphIsCutAtWordsAroundWhereMostOfItMatches() throws {
  let filler = String(repeating: "Überall über Straßen, ", count: 40)
  let document = paper("law \(filler)the rule of law, of law \(filler)")
  let found = try #require(try passages("law", document).first)
  #expect(found.text.utf8.count <= PassageFinder.lengthLimit + 6)
  #expect(found.text.hasPrefix("…") && found.text.hasSuffix("…") && found.text.contains("the rule of law, of law"))
  #expect(marked(found) == ["law", "law"])
  for word in found.text.dropFirst().dropLast().split(separator: " ") {
    #expect(["Überall", "über", "Straßen,", "Straßen", "the", "rule", "of", "law,", "law"].contains(word), "\(word)")
  }
  let end = try #require(try passages("end", paper(filler + "the end.")).first)
  #expect(end.text.hasPrefix("…") && end.text.hasSuffix("the end.") && end.text.utf8.count > 250)
  let start = try #require(try passages("kind:letter", document).first)
  #expect(start.text.hasPrefix("law Überall") && start.text.hasSuffix("…"))
}

@Test func aWordLongerThanASnippetIsCutBetweenCharacters() throws {
  let long = String(repeating: "\u{10348}", count: 500)
  for query in ["\(String(repeating: "\u{10348}", count: 16))", "kind:letter"] {
    let found = try #require(try passages(query, paper(long)).first)
    #expect(found.text == String(repeating: "\u{10348}", count: 75) + "…")
  }
  let marks = try #require(try passages("x", paper(String(repeating: "– ", count: 1000) + "x")).first)
  #expect(marks.text.hasSuffix("x") && marked(marks) == ["x"])
}

@Test func theSpecimensParagraphIsFoundAndAttributedToItsSender() async throws {
  let document = try await specimen()
  let found = try passages("\"Office on Genocide Prevention\" protect*", document, limit: 2)
  #expect(found[0].paragraph == 3)
  #expect(found.allSatisfy { $0.attribution == "Permanent Representative of Azerbaijan to the United Nations" })
  #expect(marked(found[0]) == ["Office", "on", "Genocide", "Prevention", "Protect", "protect"])
}

@Test func randomQueriesFindWhatANaiveSearchFindsAndHighlightOnlyThat() throws {
  let seed = UInt64.random(in: 0 ... .max)
  print("seed \(seed)")
  var corpora = RandomCorpora(random: Seeded(seed))
  var found = 0
  for round in 0..<20 {
    let corpus = try Corpus((0..<Int.random(in: 1...30, using: &corpora.random)).map { corpora.document($0) }, segmentLength: 7)
    for _ in 0..<40 {
      let text = corpora.query()
      let query = try Query(text)
      let expected = corpus.documents.indices.filter { matches(corpus.documents[$0], query) ?? false }
      let translated = try EngineQuery(reading: text)
      #expect(try corpus.found(translated) == expected, "seed \(seed), round \(round): \(text)")
      found += expected.count
      for index in expected {
        let passages = try corpus.passages(translated, index, limit: 3)
        check(passages, of: corpus.documents[index], query, "seed \(seed): \(text)")
      }
    }
  }
  #expect(found > 500)
}

/// Compares the highlights with those found by trying every place of the paragraph.
private func check(_ passages: [Passage], of document: Document, _ query: Query, _ comment: String) {
  #expect(passages.isEmpty == document.paragraphs.isEmpty && passages.count <= 3, "\(comment)")
  let all = document.paragraphs.map { highlights($0, of: document, query) }
  if let first = passages.first { #expect(first.highlights.isEmpty == all.allSatisfy { $0.isEmpty }, "\(comment)") }
  for passage in passages {
    let bytes = Array(document.paragraphs[passage.paragraph - 1].text.utf8)
    let isCutBefore = passage.text.hasPrefix("…")
    let core = Array(passage.text.utf8.dropFirst(isCutBefore ? 3 : 0).dropLast(passage.text.hasSuffix("…") ? 3 : 0))
    #expect(core.count <= PassageFinder.lengthLimit && (core.count > 200 || core.count == bytes.count), "\(comment): \(passage.text)")
    let wanted = all[passage.paragraph - 1]
    let fits = (0...bytes.count - core.count).contains { start in
      let window = start..<start + core.count
      let shift = (isCutBefore ? 3 : 0) - start
      // A citation of many words may begin before the passage or go on behind it.
      let shown = wanted.filter { $0.overlaps(window) }.map { $0.clamped(to: window) }.map { $0.lowerBound + shift..<$0.upperBound + shift }
      return bytes[window].elementsEqual(core) && (start == 0) != isCutBefore && passage.highlights == shown
    }
    #expect(fits, "\(comment): \(passage.text)")
  }
}

private func highlights(_ paragraph: Paragraph, of document: Document, _ query: Query) -> [Range<Int>] {
  let (text, language) = (paragraph.text, document.language ?? "")
  let words = Analyzer().words(text)
  var matched: Set<Int> = []
  var spans: [TextSpan] = []
  func mark(_ query: Query) {
    switch query {
    case .term(let text): matched.formUnion(stemmedMarks(words.map { String(decoding: $0.term, as: UTF8.self) }, text, language))
    case .some(let parts): for part in telling(parts) { mark(part) }
    case .phrase, .prefix, .pattern, .fuzzy, .loosePhrase, .near:
      matched.formUnion(marks(words.map { String(decoding: $0.term, as: UTF8.self) }, query) ?? [])
    case .and(let parts), .or(let parts), .atLeast(_, let parts): for part in parts { mark(part) }
    case .boost(let part, _): mark(part)
    case .mentioned(let from, let to): spans += document.mentions.filter { names($0, from, to) }.map(\.span)
    case .field(.mentions, let value, _): spans += document.mentions.filter { names($0, value) }.map(\.span)
    case .field(.cites, let value, let isPrefix): spans += document.citations.filter { cites($0, value, isPrefix) }.map(\.span)
    default: return
    }
  }
  mark(query)
  var ranges = matched.map { words[$0].token.start..<words[$0].token.start + words[$0].token.length }
  ranges += spans.filter { $0.text == .paragraph(paragraph.number) }.map(\.range)
  // What overlaps is one.
  var joined: [Range<Int>] = []
  for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
    if let last = joined.last, last.overlaps(range) {
      joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
    } else {
      joined.append(range)
    }
  }
  return joined
}
