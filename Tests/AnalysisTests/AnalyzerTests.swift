import TestSupport
import Testing

@testable import Analysis

private func words(_ text: String) -> [String] { Analyzer().terms(text).map { String(decoding: $0, as: UTF8.self) } }

@Test func wordsAreRunsOfLettersAndDigitsInLowerCase() {
  #expect(words("The rule of LAW, 822 (1993).") == ["the", "rule", "of", "law", "822", "1993"])
  #expect(words("A/74/565–S/2019/908") == ["a", "74", "565", "s", "2019", "908"])
  #expect(words("Yerevan's") == ["yerevan", "s"])
  #expect(words("") == [])
  #expect(words(" –\u{2019}\u{201c} \n") == [])
}

@Test func accentsAndCaseAreFoldedInLatinGreekAndCyrillic() {
  #expect(
    words("Élysée ÜBER naïve Ångström Łódź Đorđe smørrebrød Straße œuvre ÆON") == [
      "elysee", "uber", "naive", "angstrom", "lodz", "dorde", "smorrebrod", "strasse", "oeuvre", "aeon",
    ])
  #expect(words("Ελλάδα ΕΛΛΆΔΑ λόγος") == ["ελλαδα", "ελλαδα", "λογοσ"])
  #expect(words("Мир ёлка Ёлка Йод") == ["мир", "елка", "елка", "йод"])
  #expect(words("İstanbul ırmak Xocalı") == ["istanbul", "irmak", "xocali"])
}

@Test func composedAndDecomposedTextGiveTheSameWords() {
  for (composed, decomposed) in [("é", "e\u{301}"), ("й", "и\u{306}"), ("ώ", "ω\u{301}"), ("ễ", "e\u{302}\u{303}"), ("أ", "ا\u{654}")] {
    #expect(words("x\(composed)x") == words("x\(decomposed)x"))
  }
}

@Test func arabicIsSearchedWithoutVowelMarksAndHamzaSeats() {
  #expect(words("القَرَار رقم ٨٢٢") == ["القرار", "رقم", "822"])
  #expect(words("إلى أن") == ["الى", "ان"])
  #expect(words("الأمـــم") == ["الامم"])
}

@Test func anIdeographIsAWordByItself() {
  let words = Analyzer().words("联合国abc第822号")
  #expect(words.map { String(decoding: $0.term, as: UTF8.self) } == ["联", "合", "国", "abc", "第", "822", "号"])
  #expect(words.map(\.token.position) == [0, 1, 2, 3, 4, 5, 6])
  #expect(words.map(\.token.start) == [0, 3, 6, 9, 12, 15, 18])
}

@Test func tokensSayWhereTheWordStandsInTheText() {
  let text = "«Élysée», peace"
  let bytes = Array(text.utf8)
  let written = Analyzer().words(text).map { String(decoding: bytes[$0.token.start..<$0.token.start + $0.token.length], as: UTF8.self) }
  #expect(written == ["Élysée", "peace"])
}

@Test func softHyphensAndJoinersDoNotPartAWord() {
  #expect(words("geno\u{ad}cide \u{feff}peace\u{200d}") == ["genocide", "peace"])
}

@Test func aLongWordIsCutAtTheLimitAndKeepsItsPlace() {
  let limit = Analyzer.maximumTermLength
  for letter in ["a", "я", "ქ", "𝒳"] {
    let text = String(repeating: letter, count: 500) + " end"
    let words = Analyzer().words(text)
    #expect(words.count == 2)
    #expect(words[0].term.count <= limit && words[0].term.count > limit - 4)
    #expect(String(validating: words[0].term, as: UTF8.self) != nil)
    #expect(words[0].token.length == 500 * letter.utf8.count)
    #expect(words[1].token == Token(position: 1, start: text.utf8.count - 3, length: 3))
  }
}

@Test func positionsGoOnFromThoseGiven() {
  let bytes = Array("one two".utf8)
  var seen: [UInt32] = []
  let next = Analyzer().forEachToken(in: bytes.span, from: 41) { _, token in seen.append(token.position) }
  #expect(seen == [41, 42] && next == 43)
}

@Test func bytesThatAreNotTextPartWords() {
  for bad: [UInt8] in [[0xFF], [0xC0, 0xAF], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]] {
    let bytes = Array("one".utf8) + bad + Array("two".utf8)
    var terms: [String] = []
    Analyzer().forEachToken(in: bytes.span) { term, _ in terms.append(String(decoding: term.bytes, as: UTF8.self)) }
    #expect(terms == ["one", "two"], "\(bad)")
  }
}

/// The rules again, scalar by scalar and without the quick road or the table.
private func plainly(_ text: String) -> [[UInt8]] {
  var terms: [[UInt8]] = []
  var term: [UInt8] = []
  func end() {
    if !term.isEmpty { terms.append(term) }
    term = []
  }
  func add(_ value: UInt32) { if let scalar = Unicode.Scalar(value) { term += Array(String(Character(scalar)).utf8) } }
  for scalar in text.unicodeScalars {
    switch Folding.classify(scalar) {
    case .separator: end()
    case .dropped: break
    case .letter(let value): add(value)
    case .pair(let first, let second): term += [first, second]
    case .single(let value):
      end()
      add(value)
      end()
    }
  }
  end()
  return terms
}

@Test(arguments: 1...200 as ClosedRange<UInt64>) func theQuickRoadGivesWhatTheRulesSay(seed: UInt64) {
  var random = Seeded(seed)
  let pieces = [
    "a", "B", "9", " ", "-", "é", "E\u{301}", "Я", "й", "联", "ン", "ß", "\u{ad}", "٣", "Ａ", "🙂", "ﬁ", "ไ", "ท", "𝟗", "\u{301}", "İ",
  ]
  for _ in 0..<50 {
    let text = (0..<Int.random(in: 0...20, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    let words = Analyzer().words(text)
    #expect(words.map(\.term) == plainly(text), "seed \(seed): \(text)")
    var end = 0
    for (_, token) in words {
      #expect(token.start >= end && token.length > 0, "seed \(seed): \(text)")
      end = token.start + token.length
    }
    #expect(end <= text.utf8.count)
  }
}

@Test(arguments: 1...100 as ClosedRange<UInt64>) func theBuildersRoadGivesTheSameTerms(seed: UInt64) {
  var random = Seeded(seed)
  let pieces = ["a", "B", "9", "to", "Council", "xyz12345", " ", " ", " ", "-", "é", "Я", "联"]
  for _ in 0..<20 {
    let text = (0..<Int.random(in: 0...400, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    let bytes = Array(text.utf8)
    var terms: [[UInt8]] = []
    let end = Analyzer().forEachTerm(
      in: bytes.span, from: 5,
      short: { short, position in
        #expect(Int(position) == 5 + terms.count, "seed \(seed)")
        for index in short.indices {
          let copy: [UInt8] = short[index].withSpan { $0.bytes }
          #expect(ShortTerm(copy.span) == short[index])
          terms.append(copy)
        }
      },
      other: { term, position in
        #expect(Int(position) == 5 + terms.count, "seed \(seed)")
        terms.append(term.bytes)
      })
    #expect(terms == Analyzer().terms(text) && Int(end) == 5 + terms.count, "seed \(seed): \(text)")
  }
}

@Test(arguments: 1...50 as ClosedRange<UInt64>) func anyBytesAreAnalysedInBounds(seed: UInt64) {
  var random = Seeded(seed)
  for _ in 0..<100 {
    let bytes = (0..<Int.random(in: 0...64, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
    Analyzer().forEachToken(in: bytes.span) { term, token in
      #expect(!term.isEmpty && term.count <= Analyzer.maximumTermLength, "seed \(seed)")
      #expect(token.start >= 0 && token.start + token.length <= bytes.count, "seed \(seed)")
    }
  }
}
