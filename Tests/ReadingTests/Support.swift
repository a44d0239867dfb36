import Documents
import Foundation
import Reading
import TestSupport
import Testing

/// Where test data is found.
enum TestData {
  /// The package's root, from this file's place in it.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  static let sample = root.appending(path: "deploy/sample")

  /// The larger collections beside the project, or where CHANCERY_DATA points; nil when they are not on this machine.
  static let collections: URL? = {
    let place =
      ProcessInfo.processInfo.environment["CHANCERY_DATA"].map { URL(filePath: $0) }
      ?? root.appending(path: "../shared/data").standardizedFileURL
    return FileManager.default.fileExists(atPath: place.path) ? place : nil
  }()

  static func path(sample name: String) -> String { sample.appending(path: name).path }

  /// Reads a sample paper with what stands beside it.
  static func read(sample name: String, with reader: Reader = Reader()) async throws -> ReadingResult {
    let path = sample.appending(path: name).path
    struct Beside: Decodable {
      var symbol: String?
      var metadata: [String: String]?
    }
    let beside = FileManager.default.contents(atPath: path + ".meta.json")
    let given = try beside.map { try JSONDecoder().decode(Beside.self, from: $0) }
    return try await reader.read(Original(.file(path), fileName: name, givenSymbol: given?.symbol, metadata: given?.metadata ?? [:]))
  }

  static func read(text: String, symbol: String? = nil, metadata: [String: String] = [:]) async throws -> ReadingResult {
    try await Reader().read(Original(.bytes(Array(text.utf8)), fileName: "paper.txt", givenSymbol: symbol, metadata: metadata))
  }

  /// The error that reading these bytes gives.
  static func failure(_ bytes: [UInt8], mediaType: String? = nil, with reader: Reader = Reader()) async -> ReadingError? {
    do throws(ReadingError) {
      _ = try await reader.read(Original(.bytes(bytes), mediaType: mediaType, fileName: "bad"))
      return nil
    } catch { return error }
  }
}

extension Seeded {
  /// With a seed of its own, or that of CHANCERY_SEED.
  init() {
    let seed = ProcessInfo.processInfo.environment["CHANCERY_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0 ... .max)
    print("seed \(seed)")
    self.init(seed)
  }
}
