import Catalogue
import ChanceryClient
import Documents
import Engine
import Foundation
import Platform
import Store
import TestSupport
import Testing
import Wire

@testable import chancery_query

/// Papers as a journal has them, each with its class and whether it was deleted.
private struct Register {
  struct Paper {
    let document: Document
    let distribution: DistributionClass
    let isDeleted: Bool
  }
  static let words = ["peace", "peaceful", "law", "lawful", "war", "state", "states", "Élysée", "treaty", "of", "the", "和"]
  var papers: [Paper] = []

  init(_ count: Int, _ random: inout Seeded) {
    for number in 0..<count {
      func one<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
      let distribution = one(DistributionClass.allCases)
      // Some words are in papers of one class only.
      let own = "\(distribution)\(Int.random(in: 0..<3, using: &random))"
      var document = Document(id: DocumentID(digest: SHA256.hash(Array("\(number)".utf8)))!)
      document.symbols = Int.random(in: 0..<2, using: &random) == 0 ? [] : [Symbol("A/74/\(number)")].compactMap { $0 }
      document.distribution = distribution.printed
      document.organs = [one(["General Assembly", "Security Council"])]
      document.date = CalendarDate(year: 2019, month: Int.random(in: 1...3, using: &random), day: 5)
      document.sender = Party(text: one(Self.words), state: one(["Aland", "Bland", own]))
      document.kind = one([.letter, .report])
      document.paragraphs = (1...Int.random(in: 1...3, using: &random)).map { place in
        let text = (0..<Int.random(in: 1...40, using: &random)).map { _ in one(Self.words + [own]) }.joined(separator: " ")
        return Paragraph(number: place, text: text, attribution: "somebody")
      }
      document.citations = (0..<Int.random(in: 0..<4, using: &random)).map { _ in
        Citation(
          span: TextSpan(.paragraph(1), 0..<1), symbols: [Symbol("A/74/\(Int.random(in: 0..<count, using: &random))")].compactMap { $0 },
          instrument: one([nil, "Treaty of \(own)"]))
      }
      document.mentions = [
        Mention(span: TextSpan(.paragraph(1), 0..<1), meaning: .place(one(["PER", "AZE"]))),
        Mention(span: TextSpan(.paragraph(1), 0..<1), meaning: document.date.map { .days($0, $0) } ?? .figure("5", unit: nil)),
      ]
      document.addressees = [Party(text: own, code: one(["PER", "AZE", nil]))]
      papers.append(Paper(document: document, distribution: distribution, isDeleted: Int.random(in: 0..<8, using: &random) == 0))
    }
  }

  /// The generation that an index makes of the papers that `isThere` lets through, cut into batches anywhere.
  func generation(_ random: inout Seeded, statesClasses: Bool = true, _ isThere: (Paper) -> Bool) throws -> Generation {
    var (entries, objects): ([SegmentEntry], [StoredObject: IndexObject]) = ([], [:])
    var rest = papers.filter(isThere)[...]
    while !rest.isEmpty {
      let batch = rest.prefix(Int.random(in: 1...60, using: &random))
      rest = rest.dropFirst(batch.count)
      for distribution in DistributionClass.allCases {
        let members = batch.filter { $0.distribution == distribution }
        if members.isEmpty { continue }
        var builder = SegmentBuilder()
        for paper in members { try builder.add(IndexedDocument(paper.document, stored: paper.document.message.encoded)) }
        var bitmap = DeletionBitmap(documents: members.count)
        for (place, paper) in members.enumerated() where paper.isDeleted { bitmap.insert(UInt32(place)) }
        let bytes = try builder.finish()
        var entry = SegmentEntry(
          name: "segments/\(entries.count)", bytes: UInt64(bytes.count), documents: UInt32(members.count), deleted: UInt32(bitmap.deleted),
          distribution: statesClasses ? UInt32(distribution.rawValue) : 0)
        if bitmap.deleted > 0 { entry.deletions = "deletions/\(entries.count)" }
        entries.append(entry)
        objects[entry.object] = try Self.opened(bytes)
        if let object = try entry.deletionsObject { objects[object] = try Self.opened(bitmap.encoded()) }
      }
    }
    let live = papers.count { isThere($0) && !$0.isDeleted }
    return try Generation(ManifestMessage(generation: 1, segments: entries, documents: UInt64(live)), objects, released: {})
  }

  private static func opened(_ bytes: [UInt8]) throws -> IndexObject {
    let path = FileManager.default.temporaryDirectory.appending(path: "chancery-query-\(UUID().uuidString)").path
    try Data(bytes).write(to: URL(filePath: path))
    // The mapping outlives the name.
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try IndexObject(path)
  }
}

/// All that a view answers to a query, a prefix and a name.
private struct Answers: Hashable {
  var search: [String] = []
  var suggestions: [ValueCount] = []
  var found: [String] = []

  init(_ view: IndexView, _ register: Register, _ query: String, _ random: inout Seeded) throws {
    var request = EngineRequest(try QueryHandler.queries(query, isThorough: query.utf8.count % 4 == 0, view) { false }.asked)
    for sort in [EngineRequest.Sort.relevance, .dateAscending, .dateDescending] {
      for facets: [EngineRequest.FacetField] in [[], [.keyword(.sender), .keyword(.distribution), .number(.year)]] {
        for limit in [0, 3, 100] {
          (request.sort, request.facets, request.limit, request.facetLimit) = (sort, facets, limit, 100)
          let result = try view.search(request)
          search.append("\(result.total) \(result.hits.map { "\($0.id) \($0.score.bitPattern)" }) \(result.facets)")
          let finder = PassageFinder(try view.resolved(request.query))
          for hit in result.hits.prefix(5) {
            let paper = try #require(register.papers.first { $0.document.id.bytes == hit.id })
            search.append("\(try finder.passages(of: paper.document, at: hit.address, in: view, limit: 3))")
          }
        }
      }
    }
    for field in KeywordField.allCases { suggestions += view.suggest(field, prefix: String(query.prefix(1)), limit: 50) }
    if let letter = query.unicodeScalars.first(where: { $0.properties.isAlphabetic && $0.isASCII }) {
      suggestions += try view.suggestTerms(prefix: Array("\(letter)".lowercased().utf8), limit: 50)
    }
    for paper in register.papers {
      if let place = view.find(id: paper.document.id.bytes) {
        found.append("\(paper.document.id) \(try view.stored(place))")
      }
    }
  }
}

private func queries(_ random: inout Seeded) -> [String] {
  let words = Register.words + DistributionClass.allCases.flatMap { distribution in (0..<3).map { "\(distribution)\($0)" } }
  func number() -> Int { Int.random(in: 0..<100, using: &random) }
  func word() -> String { words[Int.random(in: 0..<words.count, using: &random)] }
  return [
    "", word(), "\(word()) \(word())", "\(word()) OR \(word()) OR \(word())", "\"\(word()) \(word())\"", "\(word()) NOT \(word())",
    word().prefix(1) + "*", "sender:\(word())", "distribution:restricted", "date:2019-02", "kind:letter \(word())", "NOT \(word())",
    "symbol:A/74/\(number())", "cites:A/74/\(number())", "cites:A/74/*", "cites:\"Treaty of \(word())\"", "citedby:A/74/\(number())",
    "NOT citedby:A/74/\(number())", "\(word()) OR citedby:A/74/\(number()) citedby:A/74/\(number())", "mentions:2019-02", "mentions:PER",
    "Peru", "\"Azerbaïdjan\" \(word())",
    "addressee:PER",
    "mentions:2019-01-01..2019-02-20 \(word())",
  ]
}

@Test(arguments: 1...3 as ClosedRange<UInt64>)
func `a caller is answered as though documents beyond his clearance did not exist, to the last bit of a score`(_ seed: UInt64) throws {
  var random = Seeded(seed)
  let register = Register(100, &random)
  let whole = try register.generation(&random) { _ in true }
  for clearance in DistributionClass.allCases {
    let open = try register.generation(&random) { $0.distribution <= clearance }
    let (seen, alone) = (whole.view(for: clearance), open.view(for: .strictlyConfidential))
    #expect(seen.documents == alone.documents)
    for query in queries(&random) {
      let (one, other) = (try Answers(seen, register, query, &random), try Answers(alone, register, query, &random))
      #expect(one == other, "seed \(seed), \(clearance.name): \(query)")
    }
  }
}

@Test func `a manifest that does not say a segment's class shows it only to who sees everything`() throws {
  var random = Seeded(3)
  let generation = try Register(20, &random).generation(&random, statesClasses: false) { _ in true }
  #expect(generation.view(for: .confidential).documents == 0)
  #expect(generation.view(for: .strictlyConfidential).documents == Int(generation.manifest.documents))
}

@Test func `what a paper cites that is not for the caller is what a paper cites that is not there`() throws {
  var random = Seeded(5)
  let register = Register(100, &random)
  let whole = try register.generation(&random) { _ in true }
  func asked(_ paper: Register.Paper, _ clearance: DistributionClass) throws -> EngineQuery {
    try QueryHandler.queries("citedby:\(paper.document.symbols[0])", isThorough: false, whole.view(for: clearance)) { false }.asked
  }
  var told = 0
  for paper in register.papers where !paper.document.symbols.isEmpty && !paper.isDeleted {
    for clearance in DistributionClass.allCases {
      let isTold = clearance >= paper.distribution && !paper.document.citations.isEmpty
      #expect(try (asked(paper, clearance) == .none) != isTold, "\(paper.document.symbols) \(clearance)")
      told += isTold ? 1 : 0
    }
    let byID = try QueryHandler.queries("citedby:\(paper.document.id)", isThorough: false, whole.view(for: .strictlyConfidential)) { false }
    #expect(try byID.asked == asked(paper, .strictlyConfidential))
  }
  #expect(told > 50)
}
