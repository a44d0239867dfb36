import Catalogue
import Documents
import Engine
import Foundation
import Platform
import Reading

/// Documents in an index made of them, in one segment or several.
struct Corpus {
  let documents: [Document]
  let view: IndexView

  init(_ documents: [Document], segmentLength: Int = .max) throws {
    self.documents = documents
    var segments: [(reader: SegmentReader, deletions: DeletionBitmap?)] = []
    for start in stride(from: 0, to: documents.count, by: max(1, min(segmentLength, documents.count))) {
      var builder = SegmentBuilder()
      for document in documents[start..<min(documents.count, start + min(segmentLength, documents.count))] {
        try builder.add(IndexedDocument(document, stored: Array(document.title?.utf8 ?? "".utf8)))
      }
      let path = FileManager.default.temporaryDirectory.appending(path: "chancery-catalogue-\(UUID().uuidString)").path
      let bytes = try builder.finish()
      try Data(bytes).write(to: URL(filePath: path))
      segments.append((try SegmentReader(path), nil))
      // The mapping outlives the name.
      try FileManager.default.removeItem(atPath: path)
    }
    view = IndexView(segments)
  }

  /// The numbers of the documents that a query finds, ascending.
  func found(_ query: String) throws -> [Int] { try found(EngineQuery(reading: query)) }

  func found(_ query: EngineQuery) throws -> [Int] {
    var request = EngineRequest(query)
    request.limit = 1000
    let result = try view.search(request)
    let places = result.hits.compactMap { hit in documents.firstIndex { $0.id.bytes == hit.id } }
    return places.count == result.total ? places.sorted() : [-1]
  }

  func passages(_ query: EngineQuery, _ number: Int, limit: Int) throws -> [Passage] {
    guard let address = view.find(id: documents[number].id.bytes) else { return [] }
    return try PassageFinder(view.resolved(query)).passages(of: documents[number], at: address, in: view, limit: limit)
  }
}

extension Passage {
  /// The paragraph's number; 0 of a title.
  var paragraph: Int { if case .paragraph(let number) = place { number } else { 0 } }
}

/// The type specimen, as it is registered.
func specimen() async throws -> Document {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let path = root.appending(path: "deploy/sample/letter-2019-11-26.txt").path
  let original = Original(.file(path), fileName: "letter-2019-11-26.txt", givenSymbol: "A/74/565–S/2019/908")
  return try await Reader().read(original).document
}

/// An id for the n-th document of a test.
func id(_ number: Int) -> DocumentID {
  guard let id = DocumentID(digest: SHA256.hash(Array("\(number)".utf8))) else { preconditionFailure("a digest has 32 bytes") }
  return id
}

func symbols(_ written: String...) -> [Symbol] { written.flatMap { Symbol.list($0) } }
