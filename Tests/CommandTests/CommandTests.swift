import Foundation
import Operations
import Testing
import Wire

@testable import chancery

/// A new directory that is removed after `body`.
private func withDirectory<R>(_ body: (String) async throws -> R) async throws -> R {
  let directory = FileManager.default.temporaryDirectory.appending(path: "chancery-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: directory) }
  return try await body(directory.path + "/")
}

private func write(_ text: String, _ path: String) throws { try Data(text.utf8).write(to: URL(filePath: path)) }

@Test func aDirectoryIsSubmittedWithAllBelowItButHiddenFilesAndSidecars() async throws {
  try await withDirectory { directory in
    try FileManager.default.createDirectory(atPath: directory + "b/c", withIntermediateDirectories: true)
    for name in ["a.txt", "a.txt.meta.json", ".hidden", "b/c/d.pdf", "b/e"] { try write("x", directory + name) }
    let files = try FileList.files(at: directory)
    #expect(files.map { $0.path.dropFirst(directory.count) } == ["a.txt", "b/c/d.pdf", "b/e"])
    #expect(files.map(\.bytes) == [1, 1, 1])
    #expect(try FileList.files(at: directory + "b/e").map(\.path) == [directory + "b/e"])
  }
}

@Test func aSidecarGivesSymbolAndMetadataAndGoesBeforeTheFlags() async throws {
  try await withDirectory { directory in
    try write("x", directory + "a")
    try write(#"{"symbol": "A/74/565", "metadata": {"year": 2019, "of": "sidecar"}}"#, directory + "a.meta.json")
    let supply = Supply(
      files: try FileList.files(at: directory + "a"), lineFiles: [], symbol: nil, metadata: ["of": "flag", "also": "flag"])
    let source = Source(supply)
    guard case .document(let submission) = try await source.next() else {
      Issue.record("no document")
      return
    }
    #expect(submission.symbol == "A/74/565")
    #expect(submission.metadata == ["year": "2019", "of": "sidecar", "also": "flag"])
    #expect(try await source.next() == nil)
  }
}

@Test(arguments: ["[]", "{", #"{"symbl": "x"}"#, #"{"symbol": 1}"#, #"{"metadata": {"a": []}}"#])
func aWrongSidecarRefusesItsFileOnly(text: String) async throws {
  try await withDirectory { directory in
    try write("x", directory + "a")
    try write(text, directory + "a.meta.json")
    try write("x", directory + "b")
    let source = Source(Supply(files: try FileList.files(at: directory), lineFiles: [], symbol: nil, metadata: [:]))
    guard case .refused(directory + "a", _) = try await source.next(), case .document = try await source.next() else {
      Issue.record("not refused, or the next one too")
      return
    }
  }
}

@Test(
  arguments: [
    ([:], nil), (["LANG": "fr_FR.UTF-8"], "fr"), (["LANG": "en"], "en"), (["LANG": "C.UTF-8"], nil), (["LANG": "POSIX"], nil),
    (["LANG": "de_DE"], nil), (["LC_MESSAGES": "es@euro", "LANG": "fr"], "es"), (["LC_ALL": "zh_CN", "LC_MESSAGES": "es"], "zh"),
    (["LC_ALL": "", "LANG": "ar"], "ar"), (["LC_ALL": "C", "LANG": "fr_FR"], nil), (["LANG": "fra"], nil),
  ] as [([String: String], String?)])
func theEnvironmentSaysWhichLanguageAReaderHas(_ variables: [String: String], _ language: String?) {
  #expect(LanguageOptions.ofEnvironment { variables[$0] } == language)
}

@Test func theOtherVersionsOfAHitAreTold() {
  func told(_ symbol: String, _ language: String, _ versions: (String, String)...) -> String? {
    Hit(symbols: [symbol], language: language, versions: versions.map { HitVersion(symbols: [$0.0], language: $0.1) }).otherVersions
  }
  #expect(told("A/1/1", "en") == nil)
  #expect(told("A/1/1", "en", ("A/1/1", "fr"), ("A/1/1", "")) == "also fr, und")
  #expect(
    told("A/1/1", "en", ("A/1/1/Rev.1", "en"), ("A/1/1", "fr"), ("A/1/1/Corr.1", "fr"), ("A/1/1/Corr.1", "ru"))
      == "also fr; Rev.1, Corr.1 (fr, ru)")
  #expect(told("A/1/1/Rev.1", "fr", ("A/1/1", "fr"), ("A/1/1/Rev.1", "en")) == "also en; A/1/1")
  #expect(told("A/1/1", "en", ("A/1/1/Rev.1\u{1b}", "\u{7}")) == "also A/1/1/Rev.1\u{fffd} (\u{fffd})")
}

@Test func aLineBecomesATextDocumentWithItsOtherValuesAsMetadata() throws {
  let line = try TextLine(
    try JSON.parse(#"{"id": "FIN_59/2004", "state": "FIN", "session": 59, "text": "Words", "symbol": "A/59/PV.5", "list": []}"#))
  #expect(line.text == "Words")
  #expect(line.id == "FIN_59_2004")
  #expect(line.symbol == "A/59/PV.5")
  #expect(line.metadata == ["state": "FIN", "session": "59"])
}

@Test func linesAreFoundWhereverChunksEnd() async throws {
  let chunk = LineReader.chunkBytes
  let lengths = [0, 1, chunk - 2, chunk - 1, chunk, chunk + 1, 3 * chunk, 5]
  try await withDirectory { directory in
    for last in ["", "\n"] {
      let lines = lengths.map { String(repeating: "x", count: $0) }
      try write(lines.joined(separator: "\n") + last, directory + "lines")
      let reader = try LineReader(directory + "lines")
      var found: [Int] = []
      var names: [String] = []
      while let line = try await reader.next() {
        found.append(try line.bytes().count)
        names.append(line.name)
      }
      #expect(found == lengths.filter { $0 > 0 })
      #expect(names.first == directory + "lines:2")
      #expect(names.last == directory + "lines:\(lengths.count)")
    }
  }
}

@Test func aLineThatIsTooLongIsRefusedAndTheNextOneIsRead() async throws {
  try await withDirectory { directory in
    try write(String(repeating: "x", count: LineReader.maximumLineBytes + LineReader.chunkBytes + 1) + "\nnext\n", directory + "lines")
    let reader = try LineReader(directory + "lines")
    let long = try #require(try await reader.next())
    #expect(throws: Unusable.self) { try long.bytes() }
    #expect(long.length == UInt64(LineReader.maximumLineBytes + LineReader.chunkBytes + 2))
    let next = try #require(try await reader.next())
    #expect(try next.bytes() == Array("next".utf8))
    #expect(try await reader.next() == nil)
  }
}

@Test func aFileIsSentInChunksAsItIs() async throws {
  try await withDirectory { directory in
    for length in [0, 1, OpenFile.chunkBytes, OpenFile.chunkBytes + 1] {
      let contents = Data((0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) })
      try contents.write(to: URL(filePath: directory + "file"))
      var read = Data()
      for try await chunk in try OpenFile(directory + "file").chunks { read += chunk }
      #expect(read == contents)
    }
    #expect(throws: CallError.self) { try OpenFile(directory + "missing") }
  }
}

@Test func theCaretStandsUnderTheByteThatTheErrorNames() {
  #expect(caret("sender:é x:y", position: 11) == "  sender:é x:y\n            ^\n")
  #expect(caret("a\nb", position: 99) == "  a b\n     ^\n")
}

@Test func textForATerminalHasNoControlCharacters() {
  #expect(plain("a\u{1b}[31mb\u{9b}c\u{7}\nd") == "a\u{fffd}[31mb\u{fffd}c\u{fffd}\nd")
  #expect(oneLine("a\nb", limit: 10) == "a b")
  #expect(oneLine(String(repeating: "x", count: 11), limit: 10).count == 10)
}

@Test func timesAndAmountsAreWrittenForPeople() {
  #expect([0, 5, 754, 3723].map { duration($0) } == ["0:00", "0:05", "12:34", "1:02:03"])
  #expect([0, 1023, 1536, 5 * 1_048_576].map { amount($0) } == ["0 B", "1023 B", "1.5 KiB", "5.0 MiB"])
}
