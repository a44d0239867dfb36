import TestSupport
import Testing

@testable import Engine

/// What patterns and similar words stand for, against every term of the dictionary tried by the book.
@Suite struct ExpansionTests {
  /// Words over few letters, of one to four bytes, so that many begin alike and many are near.
  private static func word(_ random: inout Seeded) -> String {
    let letters = ["a", "b", "c", "é", "м", "和", "\u{10348}"]
    return (0..<Int.random(in: 1...7, using: &random)).map { _ in
      letters[Int.random(in: 0..<(Bool.random(using: &random) ? 3 : 6), using: &random)]
    }.joined()
  }

  private static func resolved(_ view: IndexView, _ query: EngineQuery) throws -> [Variant] {
    try view.resolved(query).alternatives?.variants ?? []
  }

  @Test(arguments: 1...8) func `patterns and edits find exactly the terms that fit, the nearest first, however the documents are split`(
    seed: Int
  ) throws {
    var random = Seeded(UInt64(seed))
    let folder = try Folder()
    let documents = (0..<120).map { number in document(number, (0..<12).map { _ in Self.word(&random) }.joined(separator: " ")) }
    let naive = NaiveIndex(entries: documents.map { NaiveIndex.Entry($0) })
    let views = [
      IndexView([(try folder.segment(documents), nil)]),
      IndexView([(try folder.segment(Array(documents[..<70])), nil), (try folder.segment(Array(documents[70...])), nil)]),
    ]
    for _ in 0..<rounds(10) {
      let word = documents.randomElement(using: &random)!.texts[0].text.split(separator: " ").randomElement(using: &random)!
      var pattern = Array(word)
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        pattern[Int.random(in: pattern.indices, using: &random)] = ["*", "?"].randomElement(using: &random)!
      }
      for query in [
        EngineQuery.wildcard(.body, Array(String(pattern).utf8)), .prefix(.body, Array(String(word.prefix(1)).utf8)),
        .fuzzy(.body, Array(word.utf8), edits: 1), .fuzzy(.body, Array(word.utf8), edits: 2),
      ] {
        let expected = naive.shares(query).1
        for view in views {
          let found = try Self.resolved(view, query)
          #expect(Dictionary(uniqueKeysWithValues: found.map { ($0.term, Double($0.quarters) / 4) }) == expected, "seed \(seed): \(query)")
          #expect(zip(found, found.dropFirst()).allSatisfy { $0.term.lexicographicallyPrecedes($1.term) })
        }
      }
    }
  }

  @Test func `what cannot fit is passed over and not read`() throws {
    let folder = try Folder()
    let text = (0..<20_000).map { "w\($0)" }.joined(separator: " ") + " zebra"
    let view = IndexView([(try folder.segment([document(1, text)]), nil)])
    var asked = 0
    // Each question of whether to stop comes after thousands of terms.
    let found = try view.resolved(.fuzzy(.body, Array("zebar".utf8), edits: 1)) {
      asked += 1
      return false
    }
    #expect(found == .variants(.body, [Variant(Array("zebra".utf8), quarters: 2)]) && asked == 0)
    #expect(throws: SearchError.stopped) { try view.resolved(.wildcard(.body, Array("*9*".utf8))) { true } }
    #expect(throws: SearchError.prefixTooBroad(limit: 4096)) { try view.resolved(.wildcard(.body, Array("w*".utf8))) }
    let near = EngineQuery.near([.wildcard(.body, Array("w1???".utf8)), .wildcard(.body, Array("w????".utf8))], gap: 3, isOrdered: false)
    #expect(throws: SearchError.prefixTooBroad(limit: 4096)) { try view.search(EngineRequest(near)) }
  }

  @Test func `a search is refused when it could take too much`() throws {
    let view = IndexView([(try Folder().segment([document(1, "peace")]), nil)])
    let long = [UInt8](repeating: UInt8(ascii: "?"), count: 70)
    #expect(throws: SearchError.patternTooLong(limit: 63)) { try view.search(EngineRequest(.wildcard(.body, long))) }
    let many = EngineQuery.or(Array(repeating: .prefix(.body, Array("p".utf8)), count: 65))
    #expect(throws: SearchError.tooManyPatterns(limit: 64)) { try view.search(EngineRequest(many)) }
    for boost in [0, -1, 1e7, .infinity, .nan] {
      #expect(throws: SearchError.boostOutOfRange) { try view.search(EngineRequest(.boost(.and([term("peace")]), boost))) }
    }
    for near in [
      EngineQuery.near([], gap: 1, isOrdered: true), .near([.all], gap: 1, isOrdered: true),
      .near([term("a", .title)], gap: 1, isOrdered: true),
      .near([term("a"), term("b", .title)], gap: 0, isOrdered: true), .near([term("a")], gap: .max, isOrdered: true),
      .near([.or([term("a"), phrase("b c")])], gap: 1, isOrdered: true), .near([.or([])], gap: 1, isOrdered: true),
    ] {
      #expect(throws: SearchError.notNear, "\(near)") { try view.search(EngineRequest(.not(near))) }
    }
  }
}
