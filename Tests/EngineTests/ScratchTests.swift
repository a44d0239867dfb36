import Foundation
import Platform
import TestSupport
import Testing

@testable import Engine

/// Segments of so many words that what they are made of goes through scratch files.
@Suite struct ScratchTests {
  /// Numbers `range` of a corpus: a word that all have, so often that it is merged piece by piece, one in a third of them, and rare ones.
  private static func documents(_ range: Range<Int>) -> [IndexedDocument] {
    range.map { number in
      var random = Seeded(UInt64(number))
      var document = IndexedDocument(id: (0..<16).map { _ in UInt8.random(in: 0 ... .max, using: &random) })
      let common = String(repeating: "the ", count: 20 + number % 7)
      let words = (0..<6).map { _ in "word\(Int.random(in: 0..<3000, using: &random))" }.joined(separator: " ")
      document.texts = [.init(.body, common + words), .init(.title, number % 3 == 0 ? "report \(number)" : "letter")]
      document.keywords = [(.symbol, "A/\(number)"), (.kind, number % 2 == 0 ? "report" : "letter")]
      document.numbers = [.date: Int64(19_000_000 + number)]
      document.stored = (0..<40).map { _ in UInt8.random(in: 0 ... .max, using: &random) }
      return document
    }
  }

  private static func inMemory(_ documents: [IndexedDocument]) throws -> [UInt8] {
    var builder = SegmentBuilder()
    for document in documents { try builder.add(document) }
    return try builder.finish()
  }

  @Test func `a segment made through scratch files is the one made in memory, and leaves nothing else behind`() throws {
    let folder = try Folder()
    let documents = Self.documents(0..<6000)
    let path = folder.url.appending(path: "segment").path
    var builder = try SegmentBuilder(path)
    for document in documents { try builder.add(document) }
    let count = try builder.finishFile()
    let bytes = try Data(contentsOf: URL(filePath: path))
    #expect(bytes.count == count)
    #expect(try bytes == Data(Self.inMemory(documents)))
    #expect(try Directory.names(folder.url.path) == ["segment"])
  }

  @Test func `segments merged are the segment of their live documents, byte for byte`() throws {
    let folder = try Folder()
    let documents = Self.documents(0..<9000)
    let cuts = [0, 2500, 2501, 6000, 9000]
    var sources: [SegmentMerger.Source] = []
    var live: [IndexedDocument] = []
    for (start, end) in zip(cuts, cuts.dropFirst()) {
      let part = Array(documents[start..<end])
      var deletions = DeletionBitmap(documents: part.count)
      // One segment is whole.
      for number in part.indices where start > 0 && number % 5 == 0 { _ = deletions.insert(UInt32(number)) }
      live += part.indices.filter { !deletions.contains(UInt32($0)) }.map { part[$0] }
      sources.append((try SegmentReader(try folder.write(try Self.inMemory(part))), start > 0 ? deletions : nil))
    }
    let path = folder.url.appending(path: "merged").path
    let count = try SegmentMerger.merge(sources, to: path)
    let merged = try Data(contentsOf: URL(filePath: path))
    #expect(merged.count == count)
    #expect(try merged == Data(Self.inMemory(live)))
    let again = try #require(try SegmentMerger.merge(sources))
    #expect(Data(again) == merged)
  }

  @Test func `a folder that is not there is told`() throws {
    #expect(throws: SegmentError.self) { _ = try SegmentBuilder("/nowhere/at/all/segment").documents }
  }
}
