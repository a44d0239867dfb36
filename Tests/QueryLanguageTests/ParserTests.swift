import TestSupport
import Testing

@testable import QueryLanguage

@Test func wordsSideBySideMustAllBeThere() throws {
  #expect(try Query("armed conflict") == .and([.term("armed"), .term("conflict")]))
  #expect(try Query("armed AND conflict") == Query("armed conflict"))
  #expect(try Query("") == .all)
  #expect(try Query("  \t") == .all)
}

@Test func ofMoreThanTwoWordsSideBySideAnyMayBeMissing() throws {
  let words = Query.some([.term("a"), .term("b"), .boost(.term("c"), 2), .term("d")])
  #expect(try Query("a b \"c d\" e*") == .and([.term("a"), .term("b"), .phrase("c d"), .prefix("e")]))
  #expect(try Query("a b c") == .some([.term("a"), .term("b"), .term("c")]))
  #expect(try Query("a b c^2 d") == words)
  #expect(try Query("year:2019 a b \"e f\" c^2 d") == .and([.years(2019, 2019), words, .phrase("e f")]))
  #expect(try Query("a AND b c d") == .and([.term("a"), .term("b"), .term("c"), .term("d")]))
  #expect(try Query("e OR a b c^2 d") == .or([.term("e"), words]))
  // What is excluded is what has them all.
  #expect(try Query("NOT (a b c d)") == .not(.and([.term("a"), .term("b"), .term("c"), .term("d")])))
  #expect(try Query("a kind:letter", wordsThatMustAllBeThere: 0) == .and([.some([.term("a")]), .field(.kind, "letter", isPrefix: false)]))
}

@Test func andBindsTighterThanOr() throws {
  #expect(try Query("a OR b c") == .or([.term("a"), .and([.term("b"), .term("c")])]))
  #expect(try Query("(a OR b) c") == .and([.or([.term("a"), .term("b")]), .term("c")]))
  #expect(try Query("a -b NOT c") == .and([.term("a"), .not(.term("b")), .not(.term("c"))]))
}

@Test func phrasesPrefixesAndFieldsAreRead() throws {
  #expect(try Query("\"rule of law\"") == .phrase("rule of law"))
  #expect(try Query("geno*") == .prefix("geno"))
  #expect(try Query("symbol:A/74/565") == .field(.symbol, "A/74/565", isPrefix: false))
  #expect(
    try Query("sender:\"Permanent Representative of Azerbaijan\"")
      == .field(.sender, "Permanent Representative of Azerbaijan", isPrefix: false))
  #expect(try Query("item:83 title:law*") == .and([.field(.item, "83", isPrefix: false), .field(.title, "law", isPrefix: true)]))
  #expect(try Query("kind:AND") == .field(.kind, "AND", isPrefix: false))
  #expect(try Query("KIND:letter") == .field(.kind, "letter", isPrefix: false))
}

@Test func aWeightBelongsToWhatStandsDirectlyBeforeIt() throws {
  #expect(try Query("peace^2 war") == .and([.boost(.term("peace"), 2), .term("war")]))
  #expect(try Query("\"rule of law\"^0.5") == .boost(.phrase("rule of law"), 0.5))
  #expect(try Query("(a OR b)^3") == .boost(.or([.term("a"), .term("b")]), 3))
  #expect(try Query("(x^2)") == .boost(.term("x"), 2))
  #expect(try Query("geno*^4 title:law^2") == .and([.boost(.prefix("geno"), 4), .boost(.field(.title, "law", isPrefix: false), 2)]))
  #expect(try Query("-a^2") == .not(.boost(.term("a"), 2)))
  #expect(try Query("x^y x^ ^2 822(1993)^2") == .some([.term("x^y"), .term("x^"), .term("^2"), .boost(.term("822(1993)"), 2)]))
}

@Test func wordsMayHoldWildcardsAndBeLikeOthers() throws {
  #expect(try Query("wom?n clima*e *cide") == .and([.pattern("wom?n"), .pattern("clima*e"), .pattern("*cide")]))
  #expect(try Query("who is responsible?") == .some([.term("who"), .term("is"), .term("responsible?")]))
  #expect(try Query("wom?n? geno*? ???") == .and([.pattern("wom?n?"), .prefix("geno"), .term("???")]))
  #expect(
    try Query("azerbaijn~ a~1 b~2^3") == .and([.fuzzy("azerbaijn", edits: nil), .fuzzy("a", edits: 1), .boost(.fuzzy("b", edits: 2), 3)]))
  #expect(
    try Query("title:g?nocide sender:azerbaijn~1")
      == .and([.inField(.title, .pattern("g?nocide")), .inField(.sender, .fuzzy("azerbaijn", edits: 1))]))
  #expect(
    try Query("~1 x~y a~b~ symbol:A/74/*")
      == .and([.term("~1"), .term("x~y"), .fuzzy("a~b", edits: nil), .field(.symbol, "A/74/", isPrefix: true)]))
}

@Test func wordsMayStandNearOneAnother() throws {
  #expect(try Query("\"climate security\"~5") == .loosePhrase("climate security", others: 5))
  #expect(try Query("a NEAR/5 b c") == .and([.near([.term("a"), .term("b")], words: 5, isOrdered: false), .term("c")]))
  #expect(
    try Query("(\"a b\" PRE/3 (c OR d*) PRE/3 e?f)^2")
      == .boost(.near([.phrase("a b"), .or([.term("c"), .prefix("d")]), .pattern("e?f")], words: 3, isOrdered: true), 2))
  #expect(
    try Query("\"NEAR/5\" kind:NEAR/5 near/5") == .and([.phrase("NEAR/5"), .field(.kind, "NEAR/5", isPrefix: false), .term("near/5")]))
}

@Test func soManyOfSomeMayBeAskedFor() throws {
  #expect(
    try Query("2 OF (a \"b c\" title:d (e OR f) -g)")
      == .atLeast(
        2,
        [
          .term("a"), .phrase("b c"), .field(.title, "d", isPrefix: false), .or([.term("e"), .term("f")]), .not(.term("g")),
        ]))
  #expect(try Query("2 of 3 OF") == .some([.term("2"), .term("of"), .term("3"), .term("OF")]))
  #expect(try Query("1 OF (2 OF (a b) c)") == .atLeast(1, [.atLeast(2, [.term("a"), .term("b")]), .term("c")]))
}

@Test func aSymbolWithParenthesesIsOneWord() throws {
  #expect(try Query("(symbol:S/RES/822(1993))") == .field(.symbol, "S/RES/822(1993)", isPrefix: false))
  #expect(try Query("(3363(XXX) OR x)") == .or([.term("3363(XXX)"), .term("x")]))
}

@Test func datesAreDaysMonthsYearsAndRanges() throws {
  #expect(try Query("date:2019-11-26") == .dates(Day(2019, 11, 26), Day(2019, 11, 26)))
  #expect(try Query("date:2020-02") == .dates(Day(2020, 2, 1), Day(2020, 2, 29)))
  #expect(try Query("date:2019") == .dates(Day(2019, 1, 1), Day(2019, 12, 31)))
  #expect(try Query("date:2019-01-01..2019-06") == .dates(Day(2019, 1, 1), Day(2019, 6, 30)))
  #expect(try Query("date:>=2019-11") == .dates(Day(2019, 11, 1), nil))
  #expect(try Query("date:..2019") == .dates(nil, Day(2019, 12, 31)))
  #expect(try Query("year:2019..2021") == .years(2019, 2021))
  #expect(try Query("year:<=1990") == .years(nil, 1990))
}

@Test func datesThatAPaperSpeaksOfAreDaysMonthsYearsAndRangesAndStatesAreLeftAsTyped() throws {
  for (text, from, to) in [
    ("mentions:1992-02-26", Day(1992, 2, 26), Day(1992, 2, 26)), ("mentions:1992-02", Day(1992, 2, 1), Day(1992, 2, 29)),
    ("MENTIONS:1992..1995-06", Day(1992, 1, 1), Day(1995, 6, 30)),
  ] {
    #expect(try Query(text) == .mentioned(#require(from), #require(to)))
  }
  #expect(try Query("mentions:Azerbaijan") == .field(.mentions, "Azerbaijan", isPrefix: false))
  #expect(try Query("mentions:\"26 February 1992\"") == .field(.mentions, "26 February 1992", isPrefix: false))
  #expect(try Query("cites:A/RES/62/243") == .field(.cites, "A/RES/62/243", isPrefix: false))
  #expect(try Query("cites:A/RES/62*") == .field(.cites, "A/RES/62", isPrefix: true))
  let query = try Query("citedby:A/74/565 OR (war NOT citedBy:\"S/2019/908\")^2")
  #expect(query.citingPapers == ["A/74/565", "S/2019/908"])
  // A range is made of as few years, months and days as there can be.
  func parts(_ first: Day?, _ last: Day?) throws -> [String]? { Day.parts(try #require(first), try #require(last)) }
  #expect(
    try parts(Day(1991, 11, 29), Day(1993, 2, 2))
      == ["1991-11-29", "1991-11-30", "1991-12", "1992", "1993-01", "1993-02-01", "1993-02-02"])
  #expect(try parts(Day(2000, 2, 1), Day(2000, 2, 28))?.count == 28)
  #expect(try parts(Day(9998, 1, 1), Day(9999, 12, 31)) == ["9998", "9999"])
  #expect(try parts(Day(1, 1, 1), Day(200, 12, 31))?.count == 200)
  #expect(try parts(Day(1, 1, 1), Day(201, 1, 1)) == nil)
}

@Test(arguments: [
  ("a \"b", 2, "never closed"), ("(a", 0, "never closed"), ("a)", 1, "never opened"), ("()", 1, "nothing between"),
  ("\" \"", 0, "nothing between"),
  ("a OR", 4, "ends where"), ("AND a", 0, "nothing before"), ("sendr:x", 0, "no field sendr"), ("date:2019-13", 5, "not a date"),
  ("date:2021-02-29", 5, "not a date"), ("date:2020..2019", 5, "ends before"), ("year:x", 5, "not a year"), ("date:..", 5, "no ends"),
  ("kind: letter", 5, "no value"), ("x *", 2, "a * or ?"), ("*a", 0, "a * or ?"), ("a~3", 1, "one or two edits"), ("a*~", 2, "without *"),
  ("\"a b\"~", 5, "how many"), ("(a)~2", 3, "~ stands"),
  ("a NEAR/0 b", 2, "no distance"), ("a NEAR/5 b NEAR/6 c", 11, "one distance"), ("a NEAR/5 NOT b", 9, "cannot stand near"),
  ("a^2 NEAR/5 b", 0, "cannot stand near"),
  ("NEAR/5 b", 0, "nothing before"), ("a NEAR/5", 8, "ends where"), ("a NEAR/5 title:b", 9, "cannot stand near"),
  ("a NEAR/5 (b c)", 9, "cannot stand near"),
  ("symbol:A*/1", 7, "stands at the end"), ("symbol:A~", 8, "single word"), ("x 3 OF (a b)", 2, "3 of 2"), ("2 OF ()", 0, "2 of 0"),
  ("2 OF (a OR b)", 8, "nothing before"),
  ("1 OF (a", 7, "never closed"), ("a^0", 1, "no weight"), ("a b^1.2.3", 3, "no weight"),
  ("(a)^1001", 3, "no weight"), ("(a)^2^3", 5, "stands directly"),
  ("kind:\"\"", 5, "empty value"), ("mentions:1992-13", 9, "not a date"), ("mentions:>=1992", 9, "two ends"),
  ("mentions:1992..", 9, "two ends"),
  ("mentions:1992..1991", 9, "ends before"), ("a mentions:\"0001..0999\"", 11, "more than 200"), ("citedby:A/74*", 8, "names one paper"),
  ("cites:A*/1", 6, "stands at the end"), ("mentions:Azer?n", 9, "stands at the end"), ("citdby:A/74/1", 0, "no field citdby"),
])
func aWrongQueryIsToldWhereAndWhat(text: String, position: Int, message: String) throws {
  let error = try #require(throws: QueryError.self) { try Query(text) }
  #expect(error.position == position, "\(text): \(error)")
  #expect(error.message.contains(message), "\(text): \(error)")
  #expect(!error.hint.isEmpty)
}

@Test func aNearFieldIsSuggested() throws {
  let error = try #require(throws: QueryError.self) { try Query("sendr:x") }
  #expect(error.hint.hasPrefix("did you mean sender:?"))
  for (wrong, meant) in [
    ("titel", "title"), ("tilte", "title"), ("itme", "item"), ("knid", "kind"), ("signatorys", "signatory"), ("yaer", "year"),
    ("mention", "mentions"), ("citdby", "citedby"), ("cite", "cites"),
  ] {
    let error = try #require(throws: QueryError.self) { try Query("\(wrong):x") }
    #expect(error.hint.hasPrefix("did you mean \(meant):?"), "\(wrong): \(error.hint)")
  }
}

@Test func everyLimitIsToldAndKept() throws {
  let deep = String(repeating: "(", count: 40) + "a" + String(repeating: ")", count: 40)
  #expect(try #require(throws: QueryError.self) { try Query(deep) }.message.contains("levels"))
  #expect(try #require(throws: QueryError.self) { try Query(String(repeating: "-", count: 2000) + "a") }.message.contains("levels"))
  let papers = (0...16).map { "citedby:A/74/\($0)" }.joined(separator: " ")
  let error = try #require(throws: QueryError.self) { try Query(papers) }
  #expect(error.message.contains("more than 16 papers") && error.position == papers.utf8.count - 7)
  let many = String(repeating: "a ", count: 257)
  #expect(try #require(throws: QueryError.self) { try Query(many) }.message.contains("words and conditions"))
  #expect(try #require(throws: QueryError.self) { try Query(String(repeating: "a", count: 5000)) }.message.contains("longer"))
}

private func randomQuery(_ depth: Int, _ random: inout Seeded) -> Query {
  let words = ["a", "conflict", "мир", "和平", "822(1993)", "A/74/565", "x-y", "über"]
  func word() -> String { words.randomElement(using: &random) ?? "a" }
  switch Int.random(in: 0...(depth > 0 ? 12 : 8), using: &random) {
  case 0, 1: return .term(word())
  case 2: return .phrase("\(word()) \(word())")
  case 3: return .prefix("geno")
  case 4:
    return .field(
      [.symbol, .organ, .item, .title, .cites].randomElement(using: &random) ?? .item, word(), isPrefix: Bool.random(using: &random))
  case 5:
    if let first = Day(1999, 2, 3), let last = Day(2001, 12, 31), Bool.random(using: &random) { return .mentioned(first, last) }
    return Bool.random(using: &random) ? .dates(Day(1999, 2, 3), nil) : .years(1990, 2000)
  case 6:
    return [.pattern("g?n*d"), .fuzzy(word(), edits: nil), .fuzzy(word(), edits: 1), .loosePhrase("a b", others: 5)].randomElement(
      using: &random) ?? .all
  case 7:
    return .near(
      (0...Int.random(in: 1...2, using: &random)).map { _ in
        [.term(word()), .phrase("a \(word())"), .pattern("*de"), .or([.term("a"), .prefix("b")])].randomElement(using: &random) ?? .all
      }, words: 7, isOrdered: Bool.random(using: &random))
  case 8:
    return .inField(
      [.title, .sender].randomElement(using: &random) ?? .title, Bool.random(using: &random) ? .pattern("a*b") : .fuzzy("a", edits: 2))
  case 9:
    let parts = (0...Int.random(in: 0...3, using: &random)).map { _ in randomQuery(depth - 1, &random) }
    return .atLeast(Int.random(in: 1...parts.count, using: &random), parts)
  case 10: return .not(randomQuery(depth - 1, &random))
  case 11: return .boost(randomQuery(depth - 1, &random), [0.5, 2, 30].randomElement(using: &random) ?? 1)
  case 12: return .and((0...Int.random(in: 1...3, using: &random)).map { _ in randomQuery(depth - 1, &random) })
  default: return .or((0...Int.random(in: 1...3, using: &random)).map { _ in randomQuery(depth - 1, &random) })
  }
}

@Test(arguments: 1...300 as ClosedRange<UInt64>) func aPrintedQueryReadsBackAsItself(seed: UInt64) throws {
  var random = Seeded(seed)
  let query = randomQuery(3, &random)
  #expect(try Query(query.description) == query, "seed \(seed): \(query)")
}

@Test(arguments: 1...50 as ClosedRange<UInt64>) func anyTextIsAQueryOrAnErrorInsideIt(seed: UInt64) {
  var random = Seeded(seed)
  let pieces = [
    "(", ")", "\"", "-", ":", "*", " ", "AND", "OR", "NOT", "date:", "year:", "symbol:", "mentions:", "citedby:", "..", ">=", "a", "2019",
    "é", "\u{0}", "𝄞", "-02",
    "^2", "^", "^.", "~", "~1", "?", "NEAR/5", "PRE/2", "OF", "1",
  ]
  for _ in 0..<200 {
    let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
    do throws(QueryError) {
      let query = try Query(text)
      if let again = try? Query(query.description) { #expect(again == query, "seed \(seed): \(text)") }
    } catch {
      #expect(error.position >= 0 && error.position + error.length <= text.utf8.count, "seed \(seed): \(text): \(error)")
    }
  }
}
