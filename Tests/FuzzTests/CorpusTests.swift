import Foundation
import FuzzTargets
import Testing

/// Inputs that the fuzzer found and that were kept: those that reach new code, and those that once broke a rule (`found-…`).
@Suite struct CorpusTests {
  private static let corpus = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
    path: "Fuzz/Corpus")

  @Test(arguments: FuzzTarget.all.map(\.name)) func `every input that was kept keeps the rules`(name: String) throws {
    let target = try #require(FuzzTarget.all.first { $0.name == name })
    let files = try FileManager.default.contentsOfDirectory(at: Self.corpus.appending(path: name), includingPropertiesForKeys: nil)
    #expect(!files.isEmpty)
    for file in files {
      let bytes = try [UInt8](Data(contentsOf: file))
      do throws(Broken) { try target.check(bytes) } catch { Issue.record("\(name)/\(file.lastPathComponent): \(error)") }
    }
  }

  @Test func `every folder of inputs is some target's`() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.corpus.path)
    #expect(Set(folders) == Set(FuzzTarget.all.map(\.name)))
  }
}
