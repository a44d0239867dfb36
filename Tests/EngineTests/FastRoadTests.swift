import CKernels
import Foundation
import TestSupport
import Testing

@testable import Engine

/// The fast roads against the general one, which looks at every match: the same documents, the same bits of the scores, the same totals.
@Suite struct FastRoadTests {
  /// Words by rank with the frequencies of Zipf's law, so that there are dense terms, long sparse ones and rare ones.
  private struct Zipf {
    private let sums: [Double]
    init(_ count: Int) {
      var sum = 0.0
      sums = (1...count).map { rank in
        sum += 1 / Double(rank)
        return sum
      }
    }
    func word(_ random: inout Seeded) -> Int {
      let place = Double.random(in: 0..<sums[sums.count - 1], using: &random)
      return sums.partitioningIndex { $0 > place }
    }
  }

  private static func corpus(_ random: inout Seeded, _ count: Int, longest: Int) -> [IndexedDocument] {
    let zipf = Zipf(2000)
    return (0..<count).map { number in
      var document = IndexedDocument(id: id(number))
      let square = Double.random(in: 0..<1, using: &random)
      let words = (0..<Int(square * square * Double(longest))).map { _ in "w\(zipf.word(&random))" }
      document.texts = [.init(.body, words.joined(separator: " "))]
      if number % 3 == 0 { document.texts.append(.init(.title, words.prefix(3).joined(separator: " "))) }
      document.keywords = [(.organ, number % 5 == 0 ? "Security Council" : "General Assembly"), (.symbol, "A/\(number % 700)")]
      if number % 7 != 0 { document.numbers[.year] = Int64(1946 + number % 70) }
      return document
    }
  }

  /// The terms of a text, with words that do stand in a row.
  private static func inARow(_ random: inout Seeded, _ documents: [IndexedDocument]) -> [EngineQuery] {
    let words = documents.randomElement(using: &random)?.texts[0].text.split(separator: " ") ?? []
    let start = words.isEmpty ? 0 : Int.random(in: 0..<words.count, using: &random)
    return words[start...].prefix(3).map { .term(.body, Array($0.utf8)) }
  }

  private static func words(in query: EngineQuery) -> [(field: TextField, term: [UInt8])] {
    switch query {
    case .term(let field, let term): [(field, term)]
    case .boost(let part, _): words(in: part)
    case .or(let parts): parts.flatMap { words(in: $0) }
    default: []
    }
  }

  private static func query(_ random: inout Seeded, _ zipf: Zipf, _ documents: [IndexedDocument]) -> EngineQuery {
    func word() -> [UInt8] { Array("w\(zipf.word(&random))".utf8) }
    func boosted(_ query: EngineQuery) -> EngineQuery {
      Int.random(in: 0..<5, using: &random) == 0 ? .boost(query, [0.3, 2, 5.5].randomElement(using: &random)!) : query
    }
    func terms(_ count: Int) -> [EngineQuery] {
      (0..<count).map { _ in boosted(.term(Int.random(in: 0..<8, using: &random) == 0 ? .title : .body, word())) }
    }
    /// With pairs of its terms, some of which stand side by side.
    func ranked(_ parts: [EngineQuery], _ join: ([EngineQuery]) -> EngineQuery) -> EngineQuery {
      let words = parts.flatMap { Self.words(in: $0) }.filter { $0.field == .body }.map(\.term)
      let pairs = zip(words, words.dropFirst()).filter { $0 != $1 }.map { EngineQuery.phrase(.body, [$0, $1]) }
      return .ranked(join(parts), also: pairs.map { pair in .boost(pair, [0.1, 0.5, 3].randomElement(using: &random)!) })
    }
    let scored: EngineQuery
    switch Int.random(in: 0..<14, using: &random) {
    case 12, 13:
      // Values in place of terms, of all groups or of some.
      let groups = (0..<Int.random(in: 1...3, using: &random)).map { number -> EngineQuery in
        let values = [("A/\(Int.random(in: 0..<710, using: &random))", KeywordField.symbol), ("Security Council", .organ)]
        let some = number == 1 ? [] : values.filter { _ in Bool.random(using: &random) }
        return .or(terms(Int.random(in: 1...2, using: &random)) + some.map { .keyword($0.1, $0.0, isPrefix: false) })
      }
      scored = groups.count == 1 ? groups[0] : Bool.random(using: &random) ? .and(groups) : ranked(groups) { .and($0) }
    case 8: scored = ranked(terms(Int.random(in: 2...4, using: &random))) { .and($0) }
    case 9, 10: scored = ranked(Self.inARow(&random, documents) + terms(Int.random(in: 1...4, using: &random))) { .or($0) }
    case 11:
      let groups = (0..<Int.random(in: 2...3, using: &random)).map { _ in EngineQuery.or(terms(Int.random(in: 1...3, using: &random))) }
      scored = Bool.random(using: &random) ? .and(groups) : ranked(groups) { .and($0) }
    case 0: scored = .term(.body, word())
    case 1, 2: scored = .and(terms(Int.random(in: 2...4, using: &random)))
    case 3, 4: scored = .or(terms(Int.random(in: 2...6, using: &random)))
    default:
      // Words that do stand in a row, mostly.
      let words = documents.randomElement(using: &random)?.texts[0].text.split(separator: " ") ?? []
      let length = Int.random(in: 2...4, using: &random)
      if words.count < 10 {
        scored = .phrase(.body, [word(), word()])
      } else {
        let start = Int.random(in: 0...words.count - length, using: &random)
        scored = .phrase(.body, words[start..<start + length].map { Array($0.utf8) })
      }
    }
    var parts = [boosted(scored)]
    if Int.random(in: 0..<4, using: &random) == 0 { parts.append(.keyword(.organ, "Security Council", isPrefix: false)) }
    if Int.random(in: 0..<6, using: &random) == 0 { parts.append(.keyword(.symbol, "A/1", isPrefix: true)) }
    if Int.random(in: 0..<6, using: &random) == 0 { parts.append(.number(.year, from: 1950, to: 1990)) }
    if Int.random(in: 0..<6, using: &random) == 0 { parts.append(.not(.term(.body, word()))) }
    return parts.count == 1 ? parts[0] : boosted(.and(parts))
  }

  private func check(_ view: IndexView, _ query: EngineQuery, _ random: inout Seeded, _ place: String) throws {
    var request = EngineRequest(query)
    request.limit = [0, 1, 10, 100, 1000].randomElement(using: &random)!
    request.offset = [0, 0, 0, 5].randomElement(using: &random)!
    #expect(Plan(query, view) != nil, "\(place): \(query)")
    let slow = try view.searchAll(request, request.offset + request.limit, Pace { false })
    let fast = try view.search(request)
    #expect(fast.total == slow.total, "\(place): total of \(query)")
    #expect(fast.hits == slow.hits, "\(place): \(query), \(request.limit) hits")
    request.wantsTotal = false
    #expect(try view.search(request).hits == slow.hits, "\(place): \(query), \(request.limit) hits without total")
  }

  @Test(arguments: [(1, 3000, 60, 64), (2, 3000, 60, 64), (3, 800, 300, 64), (4, 5000, 20, 4096)])
  func `every fast road gives the hits, scores and totals of the general one, across segments, deletions and merges`(
    seed: Int, count: Int, longest: Int, denseMinimum: Int
  ) throws {
    var random = Seeded(UInt64(seed))
    let layout = PostingsLayout(denseMinimum: denseMinimum, denseShare: [4, 8, 32].randomElement(using: &random)!)
    let folder = try Folder()
    let documents = Self.corpus(&random, count, longest: longest)
    let cut = Int.random(in: 1..<count, using: &random)
    var segments: [(reader: SegmentReader, deletions: DeletionBitmap?)] = []
    for part in [Array(documents[..<cut]), Array(documents[cut...])] {
      var deletions = DeletionBitmap(documents: part.count)
      for number in part.indices where Int.random(in: 0..<10, using: &random) == 0 { deletions.insert(UInt32(number)) }
      segments.append((try folder.segment(part, layout), seed % 2 == 0 ? deletions : nil))
    }
    let merged = try SegmentReader(try folder.write(try #require(try SegmentMerger.merge(segments, layout: layout))))
    let zipf = Zipf(2000)
    for view in [IndexView(segments), IndexView([(merged, nil)])] {
      for number in 0..<rounds(150) { try check(view, Self.query(&random, zipf, documents), &random, "seed \(seed), query \(number)") }
    }
    for reader in segments.map(\.reader) + [merged] { #expect(try reader.verify().isEmpty) }
  }

  /// A segment is one piece of work, however large.
  @Test func `a search of one segment stops when it is told to while it works`() throws {
    let folder = try Folder()
    let reader = try folder.segment(
      (0..<6000).map { document($0, "alpha beta") }, PostingsLayout(denseMinimum: 64, denseShare: 8))
    let view = IndexView([(reader, nil)])
    var asked = 0
    #expect(throws: SearchError.stopped) {
      try view.search(EngineRequest(phrase("alpha beta"))) {
        asked += 1
        return asked == 2
      }
    }
    #expect(try view.search(EngineRequest(phrase("alpha beta"))).total == 6000)
  }

  /// Whole milliseconds when optimised, minutes otherwise: run with `-c release`.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["CHANCERY_LARGE_TESTS"] != nil))
  func `at twenty thousand documents every fast road gives what the general one gives`() throws {
    let seed = UInt64.random(in: 0..<1_000_000)
    print("large corpus: seed \(seed)")
    var random = Seeded(seed)
    let folder = try Folder()
    let documents = Self.corpus(&random, 20_000, longest: 400)
    let reader = try folder.segment(documents)
    var deletions = DeletionBitmap(documents: documents.count)
    for number in documents.indices where Int.random(in: 0..<10, using: &random) == 0 { deletions.insert(UInt32(number)) }
    let zipf = Zipf(2000)
    for view in [IndexView([(reader, nil)]), IndexView([(reader, deletions)])] {
      for number in 0..<400 { try check(view, Self.query(&random, zipf, documents), &random, "seed \(seed), query \(number)") }
    }
    #expect(try reader.verify().isEmpty)
  }
}
