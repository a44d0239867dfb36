import ChanceryClient
import Documents
import Foundation
import Reading
import Testing
import Wire

/// The sample papers that are text, as they are registered: the specimen is the first.
func sampleTexts() async throws -> [Document] {
  struct Beside: Decodable {
    var symbol: String?
    var metadata: [String: String]?
  }
  var documents: [Document] = []
  for name in ["letter-2019-11-26", "statement-FIN-2004", "statement-IDN-1966", "statement-NAM-2011"] {
    let path = root.appending(path: "deploy/sample/\(name).txt").path
    let beside = try JSONDecoder().decode(Beside.self, from: try Data(contentsOf: URL(filePath: path + ".meta.json")))
    let original = Original(.file(path), fileName: name + ".txt", givenSymbol: beside.symbol, metadata: beside.metadata ?? [:])
    documents.append(try await Reader().read(original).document)
  }
  return documents
}

/// What finds the specimen among the sample papers, and it alone.
let specimenQueries = [
  "symbol:A/74/565", "symbol:s_2019_908.pdf", "symbol:\"A/74/565–S/2019/908\"", "sender:Azerbaijan",
  "addressee:\"Secretary-General\" kind:letter",
  "signatory:\"Yashar Aliyev\"", "date:2019-11-26", "date:2019-11-27", "organ:\"Security Council\" session:74", "item:31", "item:32",
  "item:37",
  "item:68", "item:75 sender:Azerbaijan", "item:83", "item:130", "item:\"rule of law at the national\"",
  "title:\"Prevention of armed conflict\"",
  "\"odious scourge of genocide\"", "khojal*", "genocide year:2019 language:en distribution:general",
]

/// What does not find it, though parts of it would.
let vainQueries = [
  "symbol:A/74/56", "sender:Armenia", "addressee:Azerbaijan", "date:2019-11-28", "item:13 sender:Azerbaijan", "\"scourge odious\"",
  "kind:resolution genocide scourge", "genocide NOT sender:Azerbaijan Khojaly", "year:2018 Khojaly",
]

/// Asks for the specimen in every way, and looks at how it is shown.
func expectSpecimen(_ client: ChanceryClient) async throws {
  for query in specimenQueries {
    let reply = try await client.search(SearchRequest(query: query))
    #expect(reply.total == 1 && reply.hits.first?.symbols == ["A/74/565", "S/2019/908"], "\(query): \(reply.hits.map(\.symbols))")
  }
  for query in vainQueries { #expect(try await client.search(SearchRequest(query: query)).total == 0, "\(query)") }
  let reply = try await client.search(SearchRequest(query: "\"scourge of genocide\" kind:letter", snippets: 3))
  let hit = try #require(reply.hits.first)
  #expect(hit.date == "2019-11-27" && hit.kind == "letter" && hit.organs == ["General Assembly", "Security Council"])
  #expect(
    hit.sender == "Permanent Representative of Azerbaijan to the United Nations" && hit.title.hasPrefix("Letter dated 26 November 2019"))
  let snippet = try #require(hit.snippets.first)
  #expect(snippet.paragraph == 4 && snippet.attribution == hit.sender)
  let bytes = Array(snippet.text.utf8)
  let marked = snippet.highlights.map { String(decoding: bytes[Int($0.start)..<Int($0.start + $0.length)], as: UTF8.self) }
  #expect(marked == ["scourge", "of", "genocide"])
  let byField = try #require(try await client.search(SearchRequest(query: "symbol:A/74/565")).hits.first?.snippets.first)
  #expect(byField.paragraph == 1 && byField.highlights.isEmpty && byField.text.hasPrefix("As we are approaching"))
  for name in ["A/74/565", "s/2019/908", "A_74_565.pdf", "https://undocs.org/en/A/74/565"] {
    let document = try await client.get(symbol: name)
    #expect(document.symbols.map(\.text) == ["A/74/565", "S/2019/908"] && document.paragraphs.count == 12 && document.items.count == 7)
  }
}
