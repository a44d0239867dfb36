import Analysis
import Foundation
import Platform

@testable import Engine

/// The package's root.
let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// A folder that goes when this object does.
final class Folder: Sendable {
  let url: URL
  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "chancery-engine-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }
  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ bytes: [UInt8], _ name: String = UUID().uuidString) throws -> String {
    let file = url.appending(path: name)
    try Data(bytes).write(to: file)
    return file.path
  }

  /// Mapped bytes.
  func section(_ bytes: [UInt8]) throws -> Section { Section(owner: try MappedFile(try write(bytes)), start: 0, count: bytes.count) }

  /// The documents as one segment.
  func segment(_ documents: [IndexedDocument], _ layout: PostingsLayout = PostingsLayout()) throws -> SegmentReader {
    var builder = SegmentBuilder(layout: layout)
    for document in documents { try builder.add(document) }
    return try SegmentReader(try write(try builder.finish()))
  }
}

/// Rounds of a random test: a tenth where nothing is optimised.
func rounds(_ count: Int) -> Int {
  #if DEBUG
    return max(1, count / 10)
  #else
    return count
  #endif
}

/// The id of document `number`.
func id(_ number: Int) -> [UInt8] { Array(repeating: 7, count: 8) + withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) } }

/// A document of one run of text.
func document(_ number: Int, _ text: String) -> IndexedDocument {
  var document = IndexedDocument(id: id(number))
  document.texts = [.init(.body, text)]
  document.stored = Array(text.utf8)
  return document
}

func term(_ word: String, _ field: TextField = .body) -> EngineQuery { .term(field, Array(word.utf8)) }
func phrase(_ words: String, _ field: TextField = .body) -> EngineQuery { .phrase(field, Analyzer().terms(words)) }
