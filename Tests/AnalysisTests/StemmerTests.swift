import Testing

@testable import Analysis

private func stem(_ word: String, _ language: String) -> String {
  var stemmer = Stemmer()
  return String(decoding: stemmer.stems(of: Analyzer().terms(word)[0], languages: [language])[0], as: UTF8.self)
}

/// What stands for the words of a text, each with its position.
private func stems(_ text: String, _ language: String = "") -> [String] {
  var stemmer = Stemmer()
  var found: [String] = []
  Analyzer(language: language).forEachStem(in: Array(text.utf8).span, &stemmer) { stem, token in
    found.append("\(token.position) \(String(decoding: stem.bytes, as: UTF8.self))")
  }
  return found
}

@Test(
  arguments: [
    ("en", ["negotiation", "negotiations", "Negotiated", "NEGOTIATING"]), ("en", ["territory", "territories"]),
    ("en", ["resolution", "resolutions"]),
    ("fr", ["négociation", "negociations", "négocier"]), ("fr", ["générale", "général", "GENERAL"]),
    ("fr", ["arrivée", "arrivées", "arrivee"]),
    ("es", ["negociación", "negociaciones", "negociacion"]), ("es", ["resolución", "resoluciones"]), ("es", ["estado", "Estados"]),
    ("ru", ["новый", "новая", "новые", "НОВЫЙ", "новыи\u{306}"]), ("ru", ["переговоры", "переговоров"]),
    ("ru", ["резолюция", "резолюции"]),
    ("ar", ["القرار", "قرار", "القَرَار"]), ("ar", ["السلام", "سلام"]),
  ]
) func theInflectionsOfAWordHaveOneStem(language: String, words: [String]) {
  let found = Set(words.map { stem($0, language) })
  #expect(found.count == 1 && found.first?.isEmpty == false, "\(found)")
}

@Test func differentWordsKeepDifferentStems() {
  #expect(stem("peace", "en") != stem("people", "en"))
  #expect(stem("мир", "ru") != stem("мера", "ru"))
  #expect(stem("sovereignty", "en") != stem("sovereign", "en"))
}

@Test func theScriptChoosesAmongTheLanguages() {
  // A Russian word in an English text, an English one in a Russian text, and words of languages without stems of their own.
  #expect(stem("переговоров", "en") == stem("переговоры", "ru"))
  #expect(stem("negotiations", "ru") == stem("negotiation", "en"))
  #expect(stem("negotiations", "") == stem("negotiation", "de"))
  for word in ["822", "74th", "Ελλάδα", "和", "ქართული"] {
    #expect(stem(word, "en") == (Analyzer().terms(word).map { String(decoding: $0, as: UTF8.self) }[0]))
  }
  var stemmer = Stemmer()
  #expect(stemmer.stems(of: Array("822".utf8), languages: ["", "fr", "es"]) == [Array("822".utf8)])
  #expect(stemmer.stems(of: Array("communities".utf8), languages: ["", "fr"]).count == 2)
}

@Test func stemsStandAtThePositionsOfTheirWords() {
  #expect(stems("The Territories of 1992, négociées", "en") == ["0 the", "1 territori", "2 of", "3 1992", "4 negocie"])
  let text = "Élysées «conflicts»"
  var stemmer = Stemmer()
  var written: [String] = []
  let end = Analyzer(language: "fr").forEachStem(in: Array(text.utf8).span, from: 7, &stemmer) { _, token in
    written.append(String(decoding: Array(text.utf8)[token.start..<token.start + token.length], as: UTF8.self))
  }
  #expect(written == ["Élysées", "conflicts"] && end == 9)
}

@Test func ideographsInARowAreTermsByTwos() {
  #expect(stems("联合国 abc 第822号、和") == ["0 联合", "1 合国", "3 abc", "4 第", "5 822", "6 号", "7 和"])
  #expect(stems("安全") == ["0 安全"] && stems("和") == ["0 和"] && stems("ラン") == ["0 ラン"])
  #expect(Analyzer.isPairOfIdeographs(Array("安全".utf8)) && !Analyzer.isPairOfIdeographs(Array("安".utf8)))
  #expect(!Analyzer.isPairOfIdeographs(Array("安全理".utf8)) && !Analyzer.isPairOfIdeographs(Array("ქარ".utf8)))
}

@Test(arguments: 1...20 as ClosedRange<UInt64>) func anyTextHasAStemForEachWordWithinTheLimit(seed: UInt64) {
  var state = seed
  func next(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }
  let pieces = ["a", "tion", "é", "ee", "ees", "cion", "й", "ость", "ال", "ات", "和", "ン", "s", "9", " ", " ", "'", "\u{0}", "𝒳"]
  var stemmer = Stemmer()
  for language in ["", "en", "fr", "es", "ru", "ar", "zh", "xx"] {
    let text = (0..<300).map { _ in pieces[next(pieces.count)] }.joined()
    let analyzer = Analyzer(language: language)
    let words = analyzer.words(text)
    var places: [UInt32] = []
    let end = analyzer.forEachStem(in: Array(text.utf8).span, &stemmer) { stem, token in
      places.append(token.position)
      #expect((1...Analyzer.maximumTermLength).contains(stem.count) && String(validating: stem.bytes as [UInt8], as: UTF8.self) != nil)
    }
    #expect(places == places.sorted() && Set(places).count == places.count && Int(end) == words.count)
    // Only the last of several ideographs in a row has no term of its own.
    let missing = Set(0..<end).subtracting(places)
    #expect(missing.allSatisfy { $0 > 0 && Analyzer.isIdeograph(words[Int($0)].term) && Analyzer.isIdeograph(words[Int($0) - 1].term) })
  }
}

@Test func theLanguageOfAQuestionIsThatOfItsFunctionWords() {
  func language(_ text: String) -> String? { FunctionWords.language(of: Analyzer().terms(text)) }
  #expect(language("what are the effects of the sanctions") == "en")
  #expect(language("les effets de la guerre dans le pays") == "fr")
  #expect(language("los efectos de la guerra en el país") == "es")
  #expect(language("о ходе переговоров и их итогах") == "ru")
  #expect(language("ما هو دور المجلس في هذا") == "ar")
  #expect(language("sanctions") == nil)
  #expect(FunctionWords.contains(Array("the".utf8), "en") && !FunctionWords.contains(Array("estado".utf8), "es"))
}
