import ChanceryClient
import Documents
import Foundation
import Testing
import Wire

private func letter(_ ending: String = "") throws -> [UInt8] {
  [UInt8](try Data(contentsOf: root.appending(path: "deploy/sample/letter-2019-11-26.txt"))) + Array(ending.utf8)
}

private let symbol = "A/74/565–S/2019/908"

extension ChanceryClient {
  fileprivate func amend(_ fields: [FieldValues], why: String = "misread") async throws -> AmendReply {
    try await amend(AmendRequest(symbol: "a/74/565", fields: fields, why: why))
  }
}

@Test func aCorrectionHoldsThroughRestartsAndLaterVersionsIsFoundAndCanBeTakenBack() async throws {
  let deployment = try Deployment()
  let (process, port) = try deployment.start("ingest")
  let (_, index) = try deployment.start("index", ["--ingest", "127.0.0.1:\(port)"])
  let (_, query) = try deployment.start("query", ["--index", "127.0.0.1:\(index)"])
  let reader = try deployment.client(query: [query])
  var client = try deployment.client(ingest: port)
  let first = try await client.submit(bytes: try letter(), fileName: "letter.txt", symbol: symbol)
  func get(until isSo: @escaping (Document) -> Bool) async throws -> Document {
    try await eventually("the document is so") {
      (try? await reader.get(symbol: "A/74/565")).flatMap { isSo($0) ? $0 : nil }
    }
  }
  let read = try await get { $0.amendments.isEmpty }

  let made = try await client.amend([
    FieldValues(field: "sender", values: ["the Permanent Representative of Armenia to the United Nations"]),
    FieldValues(field: "date", values: ["1 December 2019"]),
  ])
  #expect(made.sequence > first.sequence && made.documentID == first.documentID && made.made.map(\.field) == ["sender", "date"])
  let amended = try await get { !$0.amendments.isEmpty }
  #expect(amended.date == CalendarDate(iso: "2019-12-01") && amended.sender?.state == "Armenia")
  #expect(amended.amendments.allSatisfy { $0.why == "misread" && !$0.who.isEmpty && $0.timeMilliseconds > 0 })
  // Who says it follows the sender, and nothing else has changed.
  #expect(
    amended.paragraphs.contains { $0.attribution.contains("Armenia") }
      && amended.paragraphs.allSatisfy { !$0.attribution.contains("Azerbaijan to") })
  #expect(amended.paragraphs.map(\.text) == read.paragraphs.map(\.text) && amended.items == read.items)
  #expect(try await reader.search(SearchRequest(query: "date:2019-12-01 sender:Armenia")).total == 1)
  #expect(try await client.amend([FieldValues(field: "date", values: ["2019-12-01"])]).sequence == 0)

  kill(process.processIdentifier, SIGKILL)
  process.waitUntilExit()
  await client.close()
  let (_, again) = try deployment.start("ingest", ["--listen", "127.0.0.1:\(port)"])
  client = try deployment.client(ingest: again)
  let second = try await client.submit(bytes: try letter("\nCorrected.\n"), fileName: "letter.txt", symbol: symbol)
  #expect(second.version == 2 && second.documentID == first.documentID && second.notes.contains { $0.contains("amended it (misread)") })
  let later = try await get { $0.paragraphs.last?.text.contains("Corrected") == true || $0.originalSHA256 == second.sha256 }
  #expect(later.date == CalendarDate(iso: "2019-12-01") && later.sender?.state == "Armenia")

  _ = try await client.amend(
    [FieldValues(field: "date", restore: true), FieldValues(field: "sender", restore: true)], why: "the paper was right")
  let restored = try await get { $0.amendments.count == 4 }
  #expect(restored.date == read.date && restored.sender == read.sender)
  #expect(restored.paragraphs.first?.attribution == read.paragraphs.first?.attribution)
  await client.close()
  await reader.close()
}

@Test func aCorrectionThatCannotBeUnderstoodChangesNothingAndSaysWhy() async throws {
  let deployment = try Deployment()
  let (_, port) = try deployment.start("ingest")
  let client = try deployment.client(ingest: port)
  let registered = try await client.submit(bytes: try letter(), fileName: "letter.txt", symbol: symbol)
  for (fields, words) in [
    ([FieldValues(field: "date", values: ["2019-11-26"]), FieldValues(field: "kind", values: ["novel"])], "kind: it is one of letter"),
    ([FieldValues(field: "date", values: ["31 February 2019"])], "is no day"),
    ([FieldValues(field: "paragraphs", values: ["x"])], "no field that can be amended"),
    ([FieldValues(field: "date", values: ["2019-11-26", "2019-11-27"])], "has one value"),
    ([FieldValues(field: "symbols", values: ["nothing"])], "is no symbol"),
  ] {
    let error = await #expect(throws: CallError.self) { try await client.amend(fields) }
    #expect(error?.code == .invalid && error?.message.contains(words) == true, "\(String(describing: error))")
  }
  let unknown = await #expect(throws: CallError.self) {
    try await client.amend(AmendRequest(symbol: "A/1/1", fields: [FieldValues(field: "date")], why: "x"))
  }
  #expect(unknown?.code == .notFound)
  let reason = await #expect(throws: CallError.self) { try await client.amend([FieldValues(field: "date")], why: "") }
  #expect(reason?.code == .invalid)
  let later = try await client.submit(bytes: try letter("\nAgain.\n"), fileName: "letter.txt", symbol: symbol)
  #expect(later.sequence == registered.sequence + 1)
  await client.close()
}

@Test func aPaperWhoseSymbolWasCorrectedIsFoundAndGoesOnUnderIt() async throws {
  let deployment = try Deployment()
  let (_, port) = try deployment.start("ingest")
  let client = try deployment.client(ingest: port)
  let wrong = try await client.submit(bytes: try letter(), fileName: "letter.txt", symbol: "A/74/999")
  _ = try await client.amend(
    AmendRequest(symbol: "A/74/999", fields: [FieldValues(field: "symbols", values: ["A/74/565", "S/2019/908"])], why: "mistyped"))
  let newer = try await client.submit(bytes: try letter("\nCorrected.\n"), fileName: "letter.txt", symbol: symbol)
  #expect(newer.documentID == wrong.documentID && newer.version == 2)
  // Another paper that has the symbol it had by mistake is a document of its own.
  let other = try await client.submit(bytes: try letter("\nAnother.\n"), fileName: "other.txt", symbol: "A/74/999")
  #expect(other.documentID != wrong.documentID && other.version == 1)
  await client.close()
}
