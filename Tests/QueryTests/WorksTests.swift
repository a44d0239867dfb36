import Catalogue
import Documents
import Engine
import Foundation
import Platform
import TestSupport
import Testing
import Wire

@testable import chancery_query

/// A paper, and what its symbol was made of.
private struct Paper {
  var document: Document
  var work: String?
  var revision = 0
  var isCorrigendum = false
  var isDeleted = false
}

/// Papers in an index of several segments.
private struct Register {
  static let languages = ["en", "fr", "ru", "de", nil]
  static let modifiers: [(text: String, revision: Int, isCorrigendum: Bool)] = [
    ("", 0, false), ("/Rev.1", 1, false), ("/Rev.2", 2, false), ("/Rev.10", 10, false), ("/Corr.1", 0, true),
    ("/Corr.2", 0, true), ("/Rev.1/Corr.1", 1, true),
  ]
  var papers: [Paper] = []

  /// Few words and works, so that many documents tie and have others of their work in the answer.
  init(_ count: Int, _ random: inout Seeded) {
    var names: Set<String> = []
    for number in 0..<count {
      func one<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
      var document = Document(id: DocumentID(digest: SHA256.hash(Array("\(number)".utf8)))!)
      document.language = one(Self.languages)
      document.date = one([nil, CalendarDate(year: 2019, month: 1, day: Int.random(in: 1...4, using: &random))])
      document.kind = one([.letter, .report])
      let words = (0..<Int.random(in: 1...6, using: &random)).map { _ in one(["peace", "law", "war", "treaty"]) }
      document.paragraphs = [Paragraph(number: 1, text: words.joined(separator: " "), attribution: "somebody")]
      var paper = Paper(document: document)
      let modifier = one(Self.modifiers)
      let series = one(["A/74/\(Int.random(in: 1...count / 8, using: &random))", "A/74/\(Int.random(in: 1...2, using: &random))/Add.1"])
      if Int.random(in: 0..<10, using: &random) > 0, names.insert("\(series)\(modifier.text) \(document.language ?? "")").inserted {
        // The second symbol says nothing about the work.
        paper.document.symbols = Symbol.list("\(series)\(modifier.text)") + one([[], Symbol.list("S/2019/\(number)/Rev.7")])
        (paper.work, paper.revision, paper.isCorrigendum) = (series, modifier.revision, modifier.isCorrigendum)
      }
      paper.isDeleted = Int.random(in: 0..<10, using: &random) == 0
      papers.append(paper)
    }
  }

  func view(_ random: inout Seeded) throws -> IndexView {
    var segments: [(reader: SegmentReader, deletions: DeletionBitmap?)] = []
    var rest = papers[...]
    while !rest.isEmpty {
      let batch = Array(rest.prefix(Int.random(in: 1...60, using: &random)))
      rest = rest.dropFirst(batch.count)
      var builder = SegmentBuilder()
      for paper in batch { try builder.add(IndexedDocument(paper.document, stored: [])) }
      var bitmap = DeletionBitmap(documents: batch.count)
      for (place, paper) in batch.enumerated() where paper.isDeleted { bitmap.insert(UInt32(place)) }
      let path = FileManager.default.temporaryDirectory.appending(path: "chancery-works-\(UUID().uuidString)").path
      try Data(try builder.finish()).write(to: URL(filePath: path))
      // The mapping outlives the name.
      defer { try? FileManager.default.removeItem(atPath: path) }
      segments.append((try SegmentReader(path), bitmap))
    }
    return IndexView(segments)
  }

  /// The works of a ranking of documents: each at the place of its first, shown by one, with the ids of its others.
  func grouped(_ ranking: [[UInt8]], _ languages: [String]) throws -> [[[UInt8]]] {
    var (seen, groups): (Set<String>, [[[UInt8]]]) = ([], [])
    let works = Dictionary(uniqueKeysWithValues: papers.map { ($0.document.id.bytes, $0.work) })
    for id in ranking {
      guard let work = try #require(works[id]) else {
        groups.append([id])
        continue
      }
      if !seen.insert(work).inserted { continue }
      let members = papers.filter { $0.work == work && !$0.isDeleted }.sorted { isBetter($0, $1, languages) }.map(\.document.id.bytes)
      let shown = try #require(members.first { ranking.contains($0) })
      groups.append([shown] + members.filter { $0 != shown })
    }
    return groups
  }

  private func isBetter(_ one: Paper, _ other: Paper, _ languages: [String]) -> Bool {
    func key(_ paper: Paper) -> [Int] {
      let order = languages + ["en", "fr", "ru", "de", ""].filter { !languages.contains($0) }
      let corrigendum = paper.document.symbols[0].text.suffix { $0 != "." }
      return [
        paper.isCorrigendum ? 1 : 0, order.firstIndex(of: paper.document.language ?? "") ?? 99, -paper.revision,
        paper.isCorrigendum ? -(Int(corrigendum) ?? 0) : 0,
      ]
    }
    return key(one).lexicographicallyPrecedes(key(other))
  }
}

extension StringProtocol {
  fileprivate func suffix(_ isIncluded: (Character) -> Bool) -> String { String(String(reversed().prefix(while: isIncluded)).reversed()) }
}

private func ids(_ hits: [WorkHit]) -> [[[UInt8]]] { hits.map { [$0.hit.id] + $0.others.map(\.id) } }

@Suite struct WorksTests {
  @Test(arguments: 1...4 as ClosedRange<UInt64>)
  func `pages of any length name each work once, at its best place, in the reader's language`(_ seed: UInt64) throws {
    var random = Seeded(seed)
    let register = Register(100, &random)
    let view = try register.view(&random)
    var together = 0
    for query in ["", "peace", "peace OR war OR treaty", "\"peace law\"", "NOT war", "symbol:A/74/1*", "kind:letter treaty"] {
      for sort in [EngineRequest.Sort.relevance, .dateAscending, .dateDescending] {
        var request = EngineRequest(try view.resolved(try EngineQuery(reading: query)))
        (request.sort, request.facets, request.limit) = (sort, [.keyword(.language)], 1000)
        let all = try view.search(request)
        for languages in [[], ["fr"], ["", "de"]] {
          let expected = try register.grouped(all.hits.map(\.id), languages)
          together += all.total - expected.count
          var search = WorkSearch(view: view, languages: try LanguageOrder(languages.map { $0.isEmpty ? "und" : $0 }))
          let comment = "seed \(seed): \(query), \(sort), \(languages)" as Comment
          for limit in [2, 7, 400] {
            (request.limit, request.offset, request.after) = (limit, 0, nil)
            // Few hits at a time, so that the engine is asked again and again for a page.
            search.window = limit < 5 ? 1 : 64
            var walked: [[[UInt8]]] = []
            repeat {
              let (hits, result) = try search.run(request, shouldStop: { false })
              #expect(result.total == all.total && result.facets == all.facets && hits.count <= limit, comment)
              for hit in hits {
                let own = try #require(try view.standings(of: [hit.hit.address], in: request)[0])
                #expect(own.hit == hit.hit && all.hits.contains(own.hit), comment)
              }
              walked += ids(hits)
              request.after = result.next
            } while request.after != nil
            #expect(walked == expected, comment)
          }
          (request.after, request.limit) = (nil, 7)
          for offset in [0, 5, expected.count - 3, expected.count + 4] where offset >= 0 {
            request.offset = offset
            let hits = try search.run(request, shouldStop: { false }).hits
            #expect(ids(hits) == Array(expected.dropFirst(offset).prefix(7)), comment)
          }
        }
      }
    }
    #expect(together > 300)
  }

  @Test func `a work of thousands of documents is one hit, wherever the walk over them stands`() throws {
    var papers: [Document] = []
    for number in 0..<2000 {
      var document = Document(id: DocumentID(digest: SHA256.hash(Array("\(number)".utf8)))!)
      document.symbols = Symbol.list(number % 50 == 7 ? "A/74/\(number)" : "A/75/1/Rev.\(number + 1)")
      document.language = "en"
      document.paragraphs = [Paragraph(number: 1, text: "peace", attribution: "somebody")]
      papers.append(document)
    }
    var builder = SegmentBuilder()
    for paper in papers { try builder.add(IndexedDocument(paper, stored: [])) }
    let path = FileManager.default.temporaryDirectory.appending(path: "chancery-works-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data(try builder.finish()).write(to: URL(filePath: path))
    let view = IndexView([(try SegmentReader(path), nil)])
    let search = WorkSearch(view: view, languages: try LanguageOrder([]))
    var request = EngineRequest(try view.resolved(try EngineQuery(reading: "peace")))
    request.limit = 10
    var hits: [WorkHit] = []
    repeat {
      let (page, result) = try search.run(request, shouldStop: { false })
      #expect(result.total == 2000)
      hits += page
      request.after = result.next
    } while request.after != nil
    #expect(hits.count == 41 && Set(hits.map(\.hit.id)).count == 41)
    let large = hits.filter { !$0.others.isEmpty }
    #expect(large.map(\.others.count) == [1959] && large.first?.hit.id == papers[1999].id.bytes)
  }

  @Test func `languages are two letters or und, sixteen at the most, and those that are not named follow in a stated order`() throws {
    for wrong in [["french"], ["FR"], ["f1"], [""], Array(repeating: "fr", count: 17)] {
      #expect(throws: CallError.self) { try LanguageOrder(wrong) }
    }
    let order = try LanguageOrder(["ru", "und", "en"])
    let all = ["ru", "", "en", "fr", "es", "ar", "zh", "de", "pt"]
    #expect(all.shuffled().sorted { order.rank($0) < order.rank($1) } == all)
    let none = try LanguageOrder([])
    let standard = ["en", "fr", "es", "ru", "ar", "zh", "de", "pt", ""]
    #expect(standard.shuffled().sorted { none.rank($0) < none.rank($1) } == standard)
  }
}
