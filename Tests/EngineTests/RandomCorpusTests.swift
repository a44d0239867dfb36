import Foundation
import TestSupport
import Testing

@testable import Engine

/// Random small corpora, in several segments with deletions, against the naive index: every kind of query, count, facet and order.
@Suite struct RandomCorpusTests {
  private static let vocabulary = ["a", "b", "c", "d", "e", "ab", "abc", "abd", "état", "8", "80", "мир", "和", "bac", "abcd", "мрам", "和平"]
  private static let values = ["A/1", "A/2", "A/10", "S/1", "E/5 (I)"]

  private static func text(_ random: inout Seeded, _ longest: Int) -> String {
    let count = Int.random(in: 0...longest, using: &random)
    // Squared, so that some words are common and some rare.
    return (0..<count).map { _ in
      let place = Double.random(in: 0..<1, using: &random)
      return vocabulary[Int(place * place * Double(vocabulary.count))]
    }.joined(separator: " ")
  }

  private static func corpus(_ random: inout Seeded, _ count: Int) -> [IndexedDocument] {
    (0..<count).map { number in
      var document = IndexedDocument(id: id(number))
      for _ in 0..<Int.random(in: 0...3, using: &random) {
        document.texts.append(.init(.body, text(&random, Bool.random(using: &random) ? 4 : 40)))
      }
      if Bool.random(using: &random) { document.texts.append(.init(.title, text(&random, 5))) }
      for run in document.texts where run.field == .body {
        document.texts.append(.init(.stems, run.text, language: ["", "en", "fr"].randomElement(using: &random)!))
      }
      for _ in 0..<Int.random(in: 0...2, using: &random) { document.keywords.append((.symbol, values.randomElement(using: &random)!)) }
      if Bool.random(using: &random) { document.keywords.append((.organ, values.randomElement(using: &random)!)) }
      if Bool.random(using: &random) { document.numbers[.date] = Int64.random(in: 20_190_101...20_190_110, using: &random) }
      document.stored = Array("\(number)".utf8)
      return document
    }
  }

  private static func word(_ random: inout Seeded) -> [UInt8] {
    Array((vocabulary + ["absent", "etat"]).randomElement(using: &random)!.utf8)
  }

  private static func query(_ random: inout Seeded, _ depth: Int = 0) -> EngineQuery {
    let field: TextField = [.body, .body, .stems, .title].randomElement(using: &random)!
    func word() -> [UInt8] { Self.word(&random) }
    switch Int.random(in: 0..<(depth < 3 ? 23 : 13), using: &random) {
    case 0, 1, 2: return .term(field, word())
    case 3, 4: return .phrase(field, (0..<Int.random(in: 1...4, using: &random)).map { _ in word() })
    case 5: return .prefix(field, Array(word().prefix(Int.random(in: 0...2, using: &random))))
    case 6: return .keyword(.symbol, Bool.random(using: &random) ? "A/1" : "A/", isPrefix: Bool.random(using: &random))
    case 7:
      let from = Int64.random(in: 20_190_100...20_190_111, using: &random)
      return .number(.date, from: Bool.random(using: &random) ? from : nil, to: from + Int64.random(in: -1...4, using: &random))
    case 8:
      let letters = (0..<Int.random(in: 1...4, using: &random)).map { _ in
        ["a", "b", "c", "*", "?", "м", "0"].randomElement(using: &random)!
      }
      return .wildcard(field, Array(letters.joined().utf8))
    case 9: return .fuzzy(field, word(), edits: Int.random(in: 0...2, using: &random))
    case 10:
      return .variants(
        field,
        Set((0..<Int.random(in: 1...3, using: &random)).map { _ in word() }).map {
          Variant($0, quarters: [1, 2, 4].randomElement(using: &random)!)
        })
    case 11, 12: return near(&random, field)
    case 13, 14, 15: return .and((0..<Int.random(in: 1...4, using: &random)).map { _ in query(&random, depth + 1) })
    case 16, 17: return .or((0..<Int.random(in: 0...4, using: &random)).map { _ in query(&random, depth + 1) })
    case 18:
      return .atLeast(
        Int.random(in: 1...3, using: &random), (0..<Int.random(in: 0...5, using: &random)).map { _ in query(&random, depth + 1) })
    case 22: return .ranked(query(&random, depth + 1), also: (0..<2).map { _ in query(&random, depth + 1) })
    case 19, 20: return .boost(query(&random, depth + 1), [0.25, 0.5, 2, 7.3].randomElement(using: &random)!)
    default: return Bool.random(using: &random) ? .not(query(&random, depth + 1)) : .all
    }
  }

  private static func near(_ random: inout Seeded, _ field: TextField) -> EngineQuery {
    func word() -> [UInt8] { Self.word(&random) }
    var operands: [EngineQuery] = []
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      switch Int.random(in: 0..<8, using: &random) {
      case 0: operands.append(.phrase(field, [word(), word()]))
      case 1: operands.append(.prefix(field, Array(word().prefix(1))))
      case 2: operands.append(.fuzzy(field, word(), edits: 1))
      case 3: operands.append(.or([.term(field, word()), .wildcard(field, Array("a*".utf8)), .term(field, word())]))
      default: operands.append(.term(field, word()))
      }
    }
    return field == .body
      ? .near(operands, gap: Int.random(in: 0...6, using: &random), isOrdered: Bool.random(using: &random))
      : .near(operands, gap: 0, isOrdered: true)
  }

  @Test(arguments: 1...24) func `every query gives the documents, scores, order and facets of the naive index`(seed: Int) throws {
    var random = Seeded(UInt64(seed))
    let folder = try Folder()
    // Every other corpus has dense terms.
    let layout = seed % 2 == 0 ? PostingsLayout(denseMinimum: 0, denseShare: 3) : PostingsLayout()
    // Some corpora span several blocks of a posting list.
    let documents = Self.corpus(&random, seed % 4 == 0 ? 700 : Int.random(in: 0...60, using: &random))
    var segments: [(reader: SegmentReader, deletions: DeletionBitmap?)] = []
    var entries: [NaiveIndex.Entry] = []
    var rest = documents[...]
    while !rest.isEmpty {
      let part = Array(rest.prefix(Int.random(in: 1...max(1, documents.count), using: &random)))
      rest = rest.dropFirst(part.count)
      var deletions = DeletionBitmap(documents: part.count)
      for number in part.indices {
        let isDeleted = Int.random(in: 0..<5, using: &random) == 0
        if isDeleted { deletions.insert(UInt32(number)) }
        entries.append(.init(part[number], isDeleted: isDeleted))
      }
      segments.append((try folder.segment(part, layout), deletions.deleted == 0 ? nil : deletions))
    }
    let queries = (0..<rounds(80)).map { _ in Self.query(&random) }
    try check(segments, NaiveIndex(entries: entries), queries, &random, "seed \(seed)")
    // A merge drops what is deleted, from the statistics too.
    let merged = try #require(try SegmentMerger.merge(segments, layout: layout))
    let whole = try SegmentReader(try folder.write(merged))
    let live = NaiveIndex(entries: entries.filter { !$0.isDeleted })
    #expect(whole.documents == live.entries.count)
    try check([(whole, nil)], live, queries, &random, "seed \(seed), merged")
    // A merge of one segment that was built at once gives that segment.
    let direct = try folder.segment(live.entries.map(\.document), layout)
    #expect(try Data(contentsOf: URL(filePath: direct.subject)) == Data(merged))
  }

  private func check(
    _ segments: [(reader: SegmentReader, deletions: DeletionBitmap?)], _ naive: NaiveIndex, _ queries: [EngineQuery],
    _ random: inout Seeded,
    _ place: String
  ) throws {
    let view = IndexView(segments)
    for query in queries {
      let expected = naive.liveScores(query)
      var request = EngineRequest(query)
      request.limit = [0, 1, 3, 10, 1000].randomElement(using: &random)!
      let facets: [EngineRequest.FacetField] = [.keyword(.symbol), .keyword(.organ), .number(.date)]
      request.facets = facets
      request.facetLimit = 1000
      let result = try view.search(request)
      #expect(result.total == expected.count, "\(place): total of \(query)")
      request.facets = []
      let plain = try view.search(request)
      #expect(plain.total == result.total && plain.hits == result.hits, "\(place): \(query) without facets")
      let best = expected.values.sorted(by: >)
      #expect(result.hits.count == min(request.limit, expected.count), "\(place): \(query)")
      var previous: (score: Double, address: DocumentAddress)?
      for (rank, hit) in result.hits.enumerated() {
        let index = segments[..<hit.address.segment].reduce(0) { $0 + $1.reader.documents } + Int(hit.address.document)
        let score = try #require(expected[index], "\(place): \(query) gives \(index)")
        #expect(abs(hit.score - score) <= 1e-6 * max(1, score) && abs(hit.score - best[rank]) <= 1e-6 * max(1, score), "\(place): \(query)")
        #expect(hit.id == naive.entries[index].document.id)
        #expect(try view.stored(hit.address) == naive.entries[index].document.stored)
        if let previous {
          let inOrder =
            hit.score != previous.score
            ? hit.score < previous.score
            : (previous.address.segment, previous.address.document) < (hit.address.segment, hit.address.document)
          #expect(inOrder, "\(place): order of \(query)")
        }
        previous = (hit.score, hit.address)
      }
      for (field, counts) in zip(facets, result.facets) {
        #expect(Dictionary(uniqueKeysWithValues: counts.map { ($0.value, $0.count) }) == naive.facet(field, query), "\(place): \(query)")
        #expect(zip(counts, counts.dropFirst()).allSatisfy { $0.count >= $1.count }, "\(place): \(query)")
      }
    }
  }

  @Test(arguments: 1...4) func `pages by date in either direction hold every match once, those without a date last`(seed: Int) throws {
    var random = Seeded(UInt64(seed) + 100)
    let folder = try Folder()
    let documents = Self.corpus(&random, 90)
    let view = IndexView([(try folder.segment(Array(documents[..<40])), nil), (try folder.segment(Array(documents[40...])), nil)])
    for sort in [EngineRequest.Sort.dateAscending, .dateDescending, .relevance] {
      var ids: [[UInt8]] = []
      for offset in stride(from: 0, to: 100, by: 7) {
        var request = EngineRequest(.all)
        (request.offset, request.limit, request.sort) = (offset, 7, sort)
        ids += try view.search(request).hits.map(\.id)
      }
      #expect(ids.count == 90 && Set(ids).count == 90)
      let dates = ids.map { wanted in documents.first { $0.id == wanted }?.numbers[.date] }
      let dated = dates.compactMap { $0 }
      if sort == .relevance { continue }
      #expect(dates.prefix(dated.count).allSatisfy { $0 != nil })
      #expect(dated == dated.sorted { sort == .dateAscending ? $0 < $1 : $0 > $1 })
    }
  }

  @Test(arguments: 1...12) func `pages by cursor hold every hit of every query once, in the order of one long answer`(seed: Int) throws {
    var random = Seeded(UInt64(seed) + 200)
    let folder = try Folder()
    let documents = Self.corpus(&random, 150)
    let cut = Int.random(in: 1..<150, using: &random)
    var deletions = DeletionBitmap(documents: cut)
    for number in 0..<UInt32(cut) where number % 9 == 0 { deletions.insert(number) }
    let layout = seed % 2 == 0 ? PostingsLayout(denseMinimum: 0, denseShare: 3) : PostingsLayout()
    let segments = [
      (try folder.segment(Array(documents[..<cut]), layout), deletions), (try folder.segment(Array(documents[cut...]), layout), nil),
    ]
    let view = IndexView(segments)
    // Other segments of the same documents.
    let other = IndexView([(try SegmentReader(try folder.write(try #require(try SegmentMerger.merge(segments, layout: layout)))), nil)])
    for number in 0..<rounds(40) {
      let query = number < 3 ? .all : Self.query(&random)
      for sort in [EngineRequest.Sort.relevance, .dateAscending, .dateDescending] {
        var request = EngineRequest(query)
        (request.limit, request.sort) = (1000, sort)
        let whole = try view.search(request)
        request.limit = Int.random(in: 1...40, using: &random)
        var hits: [EngineHit] = []
        var pages = 0
        repeat {
          let page = try view.search(request)
          #expect(page.total == whole.total)
          hits += page.hits
          request.after = page.next
          pages += 1
        } while request.after != nil && pages < 200
        #expect(hits == whole.hits, "seed \(seed): \(query) by \(sort), \(request.limit) a page")
        if sort == .relevance { continue }
        // By date the place is one in every view.
        var ids: [[UInt8]] = []
        for index in 0..<200 {
          let page = try (index % 2 == 0 ? view : other).search(request)
          ids += page.hits.map(\.id)
          request.after = page.next
          if page.next == nil { break }
        }
        #expect(ids == whole.hits.map(\.id), "seed \(seed): \(query) by \(sort) in two views")
      }
    }
    var request = EngineRequest(.all)
    request.after = EngineCursor(key: 0, id: id(1_000_000))
    #expect(throws: SearchError.noSuchPlace) { try view.search(request) }
    for key in [Double.nan, .infinity, -.infinity, -1, 0] {
      for sort in [EngineRequest.Sort.relevance, .dateAscending] {
        request.after = EngineCursor(key: key, id: documents[149].id)
        request.sort = sort
        for query in [EngineQuery.all, term("a")] {
          request.query = query
          _ = try view.search(request)
        }
      }
    }
  }

  @Test(arguments: 1...12)
  func `an explanation adds up to exactly the score that the search gives, and there is none of what it does not find`(seed: Int)
    throws
  {
    var random = Seeded(UInt64(seed) + 300)
    let folder = try Folder()
    let documents = Self.corpus(&random, 60)
    let layout = seed % 2 == 0 ? PostingsLayout(denseMinimum: 0, denseShare: 3) : PostingsLayout()
    var deletions = DeletionBitmap(documents: 25)
    deletions.insert(3)
    let view = IndexView([
      (try folder.segment(Array(documents[..<25]), layout), deletions), (try folder.segment(Array(documents[25...]), layout), nil),
    ])
    for _ in 0..<rounds(40) {
      let query = Self.query(&random)
      var request = EngineRequest(query)
      request.limit = 100
      let scores = Dictionary(uniqueKeysWithValues: try view.search(request).hits.map { ($0.address, $0.score) })
      for number in 0..<60 {
        let address = DocumentAddress(segment: number < 25 ? 0 : 1, document: UInt32(number < 25 ? number : number - 25))
        let explanation = try view.explain(query, address)
        #expect(explanation?.value == scores[address], "seed \(seed): \(query) in \(number)")
        if let explanation { Self.check(explanation, "seed \(seed): \(query) in \(number)") }
      }
    }
  }

  /// Calculates every value anew from what it is said to be calculated from.
  private static func check(_ explanation: Explanation, _ place: String) {
    let parts = explanation.parts
    #expect(!explanation.description.isEmpty && explanation.description.utf8.count < 400)
    if explanation.description.contains("weight · frequency") {
      let values = parts.map { Float($0.value) }
      #expect(
        values.count == 3 && Double(values[0] * (values[1] / (values[1] + values[2]))) == explanation.value, "\(place): \(explanation)")
      let boost = parts[0].parts.last.flatMap { $0.description == "boost" ? $0.value : nil }
      let idfs = parts[0].parts.dropLast(boost == nil ? 0 : 1).map(\.value)
      #expect(Double(Float(idfs.reduce(0) { $0 + $1 * (boost ?? 1) })) == parts[0].value, "\(place): \(explanation)")
      let norm = 1.2 * (1 - 0.75 + 0.75 * parts[2].parts[0].value / parts[2].parts[1].value)
      #expect(abs(norm - parts[2].value) < 1e-5 * norm, "\(place): \(explanation)")
    } else {
      // The parts of a sum in a sum are added one by one.
      func addends(_ explanation: Explanation) -> [Float] {
        explanation.isSum ? explanation.parts.flatMap(addends) : [Float(explanation.value)]
      }
      let sum = Double(parts.flatMap(addends).reduce(0, +))
      #expect(sum == explanation.value, "\(place): \(explanation)")
      for part in parts { check(part, place) }
    }
  }
}
