import Analysis
import Engine
import Foundation
import Testing

/// The judged collection beside the project; without it these tests are not run.
private let cranfield = root.appending(path: "../shared/data/judged/cranfield")

@Suite(.enabled(if: FileManager.default.fileExists(atPath: cranfield.appending(path: "docs.jsonl").path)))
struct CranfieldTests {
  private struct Paper: Decodable {
    let id: String
    let text: String
  }

  @Test func `ranked answers equal a brute-force BM25 to 1e-5, for any, all and phrases of a query's words`() throws {
    let lines = try String(contentsOf: cranfield.appending(path: "docs.jsonl"), encoding: .utf8).split(separator: "\n")
    let papers = try lines.map { try JSONDecoder().decode(Paper.self, from: Data($0.utf8)) }
    let folder = try Folder()
    let documents = papers.enumerated().map { document($0, $1.text) }
    // In three segments: the statistics are the whole corpus's.
    let view = IndexView(
      try [documents[..<500], documents[500..<501], documents[501...]].map { (try folder.segment(Array($0)), nil) })
    let words = papers.map { Analyzer().terms($0.text) }
    let lengths = words.map { Double(LengthByte.decode(LengthByte.encode($0.count))) }
    let mean = Double(words.reduce(0) { $0 + $1.count }) / Double(words.count)
    var postings: [[UInt8]: [Int: [Int]]] = [:]
    for (number, terms) in words.enumerated() {
      for (position, term) in terms.enumerated() { postings[term, default: [:]][number, default: []].append(position) }
    }
    func idf(_ term: [UInt8]) -> Double {
      let frequency = Double(postings[term]?.count ?? 0)
      return log(1 + (Double(words.count) - frequency + 0.5) / (frequency + 0.5))
    }
    func bm25(_ count: Int, _ document: Int, _ idf: Double) -> Double {
      idf * Double(count) / (Double(count) + 1.2 * (0.25 + 0.75 * lengths[document] / mean))
    }
    func expect(_ query: EngineQuery, _ scores: [Int: Double]) throws {
      var request = EngineRequest(query)
      request.limit = 100
      let result = try view.search(request)
      #expect(result.total == scores.count)
      let best = scores.values.sorted(by: >)
      for (rank, hit) in result.hits.enumerated() {
        let number = Int(hit.id.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
        let score = try #require(scores[number])
        #expect(abs(hit.score - score) <= 1e-5 * score && abs(hit.score - best[rank]) <= 1e-5 * score)
      }
    }
    let queries = try String(contentsOf: cranfield.appending(path: "queries.tsv"), encoding: .utf8).split(separator: "\n")
    #expect(queries.count == 225)
    for query in queries {
      let terms = Analyzer().terms(String(query.split(separator: "\t")[1]))
      var any: [Int: Double] = [:]
      for term in terms {
        for (number, places) in postings[term] ?? [:] { any[number, default: 0] += bm25(places.count, number, idf(term)) }
      }
      try expect(.or(terms.map { .term(.body, $0) }), any)
      let pair = terms.prefix(2)
      let all = any.keys.filter { number in pair.allSatisfy { postings[$0]?[number] != nil } }.map { number in
        (number, pair.reduce(0) { $0 + bm25(postings[$1]?[number]?.count ?? 0, number, idf($1)) })
      }
      try expect(.and(pair.map { .term(.body, $0) }), Dictionary(uniqueKeysWithValues: all))
      for start in terms.indices.dropLast() {
        let (first, second) = (terms[start], terms[start + 1])
        var rows: [Int: Double] = [:]
        for (number, places) in postings[first] ?? [:] {
          let count = places.count { place in postings[second]?[number]?.contains(place + 1) ?? false }
          if count > 0 { rows[number] = bm25(count, number, idf(first) + idf(second)) }
        }
        try expect(.phrase(.body, [first, second]), rows)
      }
    }
  }
}
