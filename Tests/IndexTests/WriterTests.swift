import ChanceryClient
import Documents
import Engine
import Foundation
import Logging
import Platform
import Store
import TestSupport
import Testing
import Wire

@testable import chancery_index

/// A folder that goes when the test ends.
private final class Scratch: Sendable {
  let path = NSTemporaryDirectory() + "chancery-index-" + UUID().uuidString
  init() throws { try Directory.make(path) }
  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A journal entry with a real document: two paragraphs and a title, other words in each version.
private func entry(_ sequence: UInt64, _ document: Int) -> JournalEntry {
  let paragraphs = (1...2).map {
    ParagraphMessage(number: UInt32($0), text: "Paragraph \($0) of version v\(sequence), as the delegation says.")
  }
  let message = DocumentMessage(
    id: id(document).bytes, symbols: ["A/74/\(document)"], date: "2019-11-26", title: "Letter number \(document)", kind: "letter",
    paragraphs: paragraphs, language: "en")
  return JournalEntry(sequence: sequence, kind: 1, document: message, documentID: message.id, version: 1)
}

private func deletion(_ sequence: UInt64, _ document: Int) -> JournalEntry {
  JournalEntry(sequence: sequence, kind: 2, documentID: id(document).bytes)
}

private func writer(_ scratch: Scratch) async throws -> IndexWriter {
  var policy = MergePolicy()
  policy.width = 3
  let limits = IndexMachine.Limits(keptManifests: 2, keptMilliseconds: 0, collectionInterval: 0)
  var writer = try await IndexWriter(DirectoryStore(scratch.path), limits: limits, policy: policy, logger: Logger(label: "test"))
  try writer.follow(journal: "j", last: .max)
  return writer
}

private func verify(_ writer: IndexWriter, _ scratch: Scratch) async throws -> VerifyReply {
  await IndexVerification(try DirectoryStore(scratch.path)).run(writer.machine.current.manifest)
}

@Test func realSegmentsAreWrittenMergedAndReadBack() async throws {
  let scratch = try Scratch()
  var random = Seeded(11)
  var index = try await writer(scratch)
  var (live, sequence, merges): ([Int: UInt64], UInt64, Int) = ([:], 0, 0)
  for round in 0..<14 {
    var changes: [Change] = []
    for _ in 0..<12 {
      sequence += 1
      let document = Int.random(in: 0..<30, using: &random)
      let deletes = Int.random(in: 0..<4, using: &random) == 0
      live[document] = deletes ? nil : sequence
      changes.append(try Change(deletes ? deletion(sequence, document) : entry(sequence, document)))
    }
    let work = index.beginMerge()
    try index.take(changes)
    try await index.commit(pinned: [])
    if let work {
      merges += 1
      let bytes = try await work.run(shouldStop: { false })
      try await index.endMerge(bytes: bytes, pinned: [])
    }
    let verified = try await verify(index, scratch)
    #expect(verified.clean, "round \(round): \(verified.problems)")
    if round % 4 == 3 { index = try await writer(scratch) }
  }
  #expect(merges > 3)
  #expect(index.machine.current.documents == live.count)
  var found: [Int: UInt64] = [:]
  for segment in index.machine.current.segments {
    let reader = try SegmentReader(scratch.path + "/" + segment.name)
    for document in 0..<30 {
      guard let number = reader.find(id: id(document).bytes), !segment.deletions.contains(number) else { continue }
      let text = try reader.message(number).paragraphs[0].text
      found[document] = UInt64(text.split(separator: "v").last?.prefix { $0.isNumber } ?? "")
    }
  }
  #expect(found == live)
}

@Test func aStoppedMergeChangesNothing() async throws {
  let scratch = try Scratch()
  var index = try await writer(scratch)
  for sequence: UInt64 in 1...3 {
    try index.take([Change(entry(sequence, Int(sequence)))])
    try await index.commit(pinned: [])
  }
  let before = index.machine.current
  let begun = index.beginMerge()
  let work = try #require(begun)
  let bytes = try await work.run(shouldStop: { true })
  #expect(bytes == nil)
  try await index.endMerge(bytes: nil, pinned: [])
  #expect(index.machine.current == before && index.machine.merge == nil)
}

@Test func verificationNamesWhatIsDamaged() async throws {
  let scratch = try Scratch()
  var index = try await writer(scratch)
  for sequence: UInt64 in 1...3 { try index.take([Change(entry(sequence, Int(sequence)))]) }
  try await index.commit(pinned: [])
  try index.take([Change(deletion(4, 2))])
  try await index.commit(pinned: [])
  let segment = index.machine.current.segments[0]
  #expect(try await verify(index, scratch).clean)
  for name in [segment.name, segment.deletionsName, ManifestLog.name(index.machine.current.number)] {
    let file = URL(filePath: scratch.path + "/" + name)
    let whole = try Data(contentsOf: file)
    // Some bytes of a segment are padding between its sections, which no checksum covers.
    for offset in [whole.count / 3, whole.count - 3] {
      var bytes = whole
      bytes[offset] ^= 1
      try bytes.write(to: file)
      let verified = try await verify(index, scratch)
      #expect(!verified.clean && verified.problems.contains { $0.contains(name) }, "\(name), byte \(offset): \(verified.problems)")
    }
    try whole.write(to: file)
  }
  #expect(try await verify(index, scratch).clean)
}

@Test func anEntryThatCannotBeIndexedIsNamed() {
  var strange = entry(7, 1)
  strange.kind = 9
  #expect(throws: IndexError.unknownKind(sequence: 7, kind: 9)) { try Change(strange) }
  var empty = entry(8, 1)
  empty.document = nil
  #expect(throws: IndexError.undecodable(sequence: 8, what: "it holds no document of its id")) { try Change(empty) }
  #expect(throws: IndexError.self) { try Change(JournalEntry(sequence: 9, kind: 2, documentID: [1, 2, 3])) }
}

@Test func aBatchThatTakesMoreMemoryThanASegmentMayIsWrittenAsSeveral() async throws {
  let scratch = try Scratch()
  // Three and a half megabytes for a builder, of which three are its buffers.
  let limits = IndexMachine.Limits(batchBytes: 7 << 20)
  var index = try await IndexWriter(DirectoryStore(scratch.path), limits: limits, policy: MergePolicy(), logger: Logger(label: "test"))
  try index.follow(journal: "j", last: .max)
  for sequence: UInt64 in 1...12 {
    var long = entry(sequence, Int(sequence))
    let words = (0..<3000).map { "w\(sequence)x\($0)" }.joined(separator: " ")
    long.document?.paragraphs.append(ParagraphMessage(number: 3, text: words))
    try index.take([Change(long)])
  }
  #expect(index.machine.batch.bytes > 12 * 3000 * 6)
  try await index.commit(pinned: [])
  #expect(index.machine.current.segments.count > 2 && index.machine.current.documents == 12)
  #expect(try await verify(index, scratch).clean)
  #expect(try Directory.names(scratch.path + "/.tmp").isEmpty)
}

@Test func aMergeLeavesNoScratchFiles() async throws {
  let scratch = try Scratch()
  var index = try await writer(scratch)
  for sequence: UInt64 in 1...3 {
    try index.take([Change(entry(sequence, Int(sequence)))])
    try await index.commit(pinned: [])
  }
  let begun = index.beginMerge()
  let bytes = try await #require(begun).run(shouldStop: { false })
  try await index.endMerge(bytes: bytes, pinned: [])
  #expect(index.machine.current.segments.count == 1 && index.machine.current.documents == 3)
  #expect(try Directory.names(scratch.path + "/.tmp").isEmpty)
}
