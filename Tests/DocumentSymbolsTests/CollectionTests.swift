import DocumentSymbols
import Foundation
import Testing

/// The collections beside the project, or where CHANCERY_DATA points; nil when they are not on this machine.
private let collections: URL? = {
  let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  let place =
    ProcessInfo.processInfo.environment["CHANCERY_DATA"].map { URL(filePath: $0) }
    ?? root.appending(path: "../shared/data").standardizedFileURL
  return FileManager.default.fileExists(atPath: place.path) ? place : nil
}()

@Suite("Symbols in the collections", .enabled(if: collections != nil, "no collections here: CHANCERY_DATA names their folder"))
struct CollectionTests {
  private struct Paper: Decodable {
    var file: String?
    var text: String?
  }

  private static func papers(_ name: String) throws -> [Paper] {
    let file = try #require(collections).appending(path: name).path
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = name.hasSuffix(".zst") ? ["zstd", "-dc", file] : ["cat", file]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let bytes = try #require(try pipe.fileHandleForReading.readToEnd())
    process.waitUntilExit()
    return try bytes.split(separator: 0x0a).map { try JSONDecoder().decode(Paper.self, from: Data($0)) }
  }

  @Test("every file's name is its symbol, in any way it is written")
  func fileNames() throws {
    let papers = try Self.papers("resolutions/text.jsonl.zst")
    #expect(papers.count == 902)
    for paper in papers {
      let file = try #require(paper.file)
      let symbol = try #require(Symbol(file), "\(file)")
      #expect(symbol.fileName + ".pdf" == file && Symbol(symbol.address(language: "en")) == symbol)
      // The paper prints its symbol, within the first lines.
      let head = try #require(paper.text).prefix(3000).replacing(#/\s*\*/#, with: "")
      #expect(head.contains(symbol.text), "\(symbol)")
    }
  }

  /// What an eye takes for a symbol: letters of a principal organ, then parts of which the last has a digit.
  @Test("whatever looks like a symbol of a principal organ in the texts is found whole, and reads back as itself")
  func texts() throws {
    let papers = try Self.papers("resolutions/text.jsonl.zst") + Self.papers("mastheads/docs.jsonl")
    var all = Set<Symbol>()
    for text in papers.compactMap(\.text) {
      let bytes = Array(text.utf8)
      let found = Symbol.find(in: bytes)
      for place in found {
        #expect(Symbol.list(String(decoding: bytes[place.range], as: UTF8.self)) == place.symbols)
        all.formUnion(place.symbols)
      }
      let starts = Set(found.flatMap { place in place.range })
      let looks = text.matches(
        of: #/(?:^|[\s(\[“])(?<symbol>(?:A|S|E|ST|T)(?:/[A-Za-z0-9.()\-]+)*/[A-Za-z.]*[0-9]+)/#.anchorsMatchLineEndings())
      // One paper prints its symbol twice without a space.
      for look in looks where !look.output.symbol.contains(#/[0-9]A\//#) {
        let start = text.utf8.distance(from: text.utf8.startIndex, to: look.output.symbol.startIndex)
        #expect(starts.contains(start), "\(look.output.symbol)")
      }
    }
    print("\(all.count) symbols")
    #expect(all.count > 2500)
    for symbol in all {
      #expect(
        Symbol.list(symbol.text) == [symbol] && Symbol(symbol.fileName) == symbol && Symbol(symbol.text.lowercased()) == symbol, "\(symbol)"
      )
      #expect(symbol.chain.allSatisfy { Symbol($0.text) == $0 })
    }
    #expect(zip(all.sorted(), all.sorted().dropFirst()).allSatisfy { $0 < $1 })
  }
}
