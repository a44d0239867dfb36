import ChanceryClient
import Documents
import Foundation
import Testing
import Wire

@Test func aCatalogueFillsWhatWasNotReadAndReplacesTheRestOnlyWhenToldTo() async throws {
  let deployment = try Deployment()
  let (_, ingest) = try deployment.start("ingest")
  let (_, index) = try deployment.start("index", ["--ingest", "127.0.0.1:\(ingest)"])
  let (_, query) = try deployment.start("query", ["--index", "127.0.0.1:\(index)"])
  let client = try deployment.client(ingest: ingest)
  let reader = try deployment.client(query: [query])
  let letter = [UInt8](try Data(contentsOf: root.appending(path: "deploy/sample/letter-2019-11-26.txt")))
  _ = try await client.submit(bytes: letter, fileName: "letter.txt", symbol: "A/74/565–S/2019/908")
  // A paper of which nothing can be read: a picture of nothing, in an empty page.
  try Data("An unsigned page\n".utf8).write(to: deployment.folder.appending(path: "page 1.txt"))
  try Data(
    """
    symbol,kind,sender,date,file
    A/74/565,,Armenia,2019-12-01,
    A/1/1,letter,Uruguay,1946-03-02,page 1.txt
    A/99/99,letter,,,
    ,,,,
    """.utf8
  ).write(to: deployment.folder.appending(path: "list.csv"))

  func take(_ arguments: String...) -> String {
    let all = ["import", deployment.path("list.csv"), "--files", deployment.folder.path, "--ingest", "127.0.0.1:\(ingest)"] + arguments
    do {
      return try deployment.command(all, as: "submitter")
    } catch {
      return "\(error)"
    }
  }
  let told = take()
  #expect(told.contains("row 2 (A/74/565): sender stays Permanent Representative of Azerbaijan"), "\(told)")
  #expect(
    told.contains("row 4 (A/99/99): not registered") && told.contains("3 fields of 1 papers taken over, 1 papers as they were"), "\(told)")
  let filled = try await eventually("the page has its fields") {
    (try? await reader.get(symbol: "A/1/1")).flatMap { $0.sender != nil ? $0 : nil }
  }
  #expect(filled.sender?.code == "URY" && filled.date == CalendarDate(iso: "1946-03-02") && filled.kind == .letter)
  #expect(filled.amendments.count == 3 && filled.amendments.allSatisfy { $0.why == "imported from list.csv" })
  #expect(try await reader.get(symbol: "A/74/565").amendments.isEmpty)

  #expect(take("--replace", "--why", "the catalogue is right").contains("2 fields of 1 papers taken over, 1 papers as they were"))
  let replaced = try await eventually("the letter is amended") {
    (try? await reader.get(symbol: "A/74/565")).flatMap { $0.amendments.isEmpty ? nil : $0 }
  }
  #expect(replaced.sender?.state == "Armenia" && replaced.amendments.map(\.why) == ["the catalogue is right", "the catalogue is right"])
  await client.close()
  await reader.close()
}
