import Documents
import Foundation
import Reading
import Testing

@Suite(
  "The collections beside the project", .enabled(if: TestData.collections != nil, "no collections here: CHANCERY_DATA names their folder"))
struct CollectionTests {
  @Test("of 240 General Assembly papers at least 98 in 100 give each field of the masthead")
  func papers() async throws {
    let folder = try #require(TestData.collections).appending(path: "resolutions/pdf")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".pdf") }.sorted()
    let reader = Reader()
    var misses: [String: [String]] = [:]
    try await withThrowingTaskGroup(of: (String, Document).self) { group in
      var waiting = files.makeIterator()
      func start() {
        guard let file = waiting.next() else { return }
        group.addTask { (file, try await reader.read(Original(.file(folder.appending(path: file).path), fileName: file)).document) }
      }
      for _ in 0..<4 { start() }
      while let (file, document) = try await group.next() {
        start()
        for (field, isRight) in Self.check(document, file) where !isRight { misses[field, default: []].append(file) }
      }
    }
    for (field, files) in misses.sorted(by: { $0.key < $1.key }) { print("missed \(field): \(files.joined(separator: " "))") }
    #expect(files.count == 240)
    for (field, missed) in misses { #expect(missed.count * 50 <= files.count, "\(field)") }
  }

  private static func check(_ document: Document, _ file: String) -> [(String, Bool)] {
    let symbol = document.symbols.first
    let isResolution = file.hasPrefix("A_RES")
    let committee = file.hasPrefix("A_C.") ? 1 : 0
    return [
      ("symbol", document.symbols.count == 1 && symbol == Symbol(file)), ("organ", document.organs.first == "General Assembly"),
      ("committee", document.organs.count == 1 + committee), ("date", document.date.map { (2023...2026).contains($0.year) } ?? false),
      ("session", document.sessions.map(\.number) == [symbol?.session]),
      ("distribution", document.distribution == (isResolution ? "General" : "Limited")),
      ("kind", isResolution ? document.kind == .resolution : document.kind != .resolution && document.kind != .other),
      ("item", !document.items.isEmpty && document.items.allSatisfy { $0.title != nil }), ("title", document.title != nil),
      ("language", document.language == "en"), ("paragraphs", document.paragraphs.contains { $0.role == .body }),
      ("attribution", document.paragraphs.allSatisfy { !$0.attribution.isEmpty && $0.attribution != "author not stated" }),
    ]
  }

  @Test("a PDF without a text layer is registered without paragraphs when nothing recognises its pages, and says so")
  func scanned() async throws {
    let folder = try #require(TestData.collections).appending(path: "varied")
    let file = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.contains("1991_12_30") })
    var configuration = ReaderConfiguration()
    configuration.recognition.isOn = false
    let result = try await Reader(configuration).read(
      Original(.file(folder.appending(path: file).path), fileName: file, givenSymbol: "S/23329"))
    #expect(result.document.paragraphs.isEmpty && result.document.symbols.isEmpty == false)
    #expect(result.notes.contains { $0.field == "text" && $0.reason.contains("no text layer") })
  }
}
