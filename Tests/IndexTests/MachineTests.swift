import Documents
import Engine
import Store
import Testing
import Wire

@testable import chancery_index

private let limits = IndexMachine.Limits(keptManifests: 3, keptMilliseconds: 0, collectionInterval: 0)

/// A machine with its disk, and the steps that the indexer does.
private struct Bench {
  let disk = Disk()
  let store: GenerationStore<Process>
  var machine: IndexMachine
  var mapped = PlainSegments()
  var sequence: UInt64 = 0
  var clock: UInt64 = 1000

  init() async throws {
    store = GenerationStore(Process(disk))
    machine = try await store.machine(limits)
    try machine.follow(journal: "j", last: 0)
  }

  mutating func put(_ documents: Int...) throws {
    for document in documents { try take(document, deletes: false) }
  }
  mutating func put(_ document: Int, _ distribution: DistributionClass) throws {
    try take(document, deletes: false, distribution)
  }
  mutating func delete(_ document: Int) throws { try take(document, deletes: true) }
  private mutating func take(_ document: Int, deletes: Bool, _ distribution: DistributionClass = .general) throws {
    sequence += 1
    try machine.take(change(sequence, document, deletes: deletes, distribution), now: clock)
  }

  mutating func commit() async throws {
    let segments = try await written(machine.batch, to: store)
    clock += 1
    let time = Moment(monotonic: clock, unix: clock)
    let listing = try await store.commitBatch(&machine, segments: segments, lookup: mapped, at: time)
    if let listing { try await store.collect(&machine, listing, at: time) }
    mapped.map(machine.current, disk)
  }

  /// Begins a merge, and gives the bytes that it will write.
  mutating func beginMerge(width: Int) throws -> (merge: IndexMachine.Merge, bytes: [UInt8]) {
    var policy = MergePolicy()
    policy.width = width
    let merge = machine.beginMerge(policy, newName: newObjectName)
    return (try #require(merge), mapped.merged(try #require(merge)))
  }

  mutating func endMerge(_ merge: IndexMachine.Merge, _ bytes: [UInt8]) async throws {
    try await store.put(merge.name, bytes)
    clock += 1
    _ = try await store.commitMerge(&machine, bytes: UInt64(bytes.count), at: Moment(monotonic: clock, unix: clock))
    mapped.map(machine.current, disk)
  }

  var live: [DocumentID: UInt64] {
    get throws {
      let (_, live, problems) = try contents(disk)
      #expect(problems == [])
      return live
    }
  }
}

@Test func theFirstGenerationIsEmptyAndDueAsSoonAsTheJournalIsKnown() async throws {
  #expect(IndexMachine(Generation()).dueAt == nil)
  var bench = try await Bench()
  #expect(bench.machine.dueAt == 0)
  try await bench.commit()
  #expect(bench.machine.dueAt == nil)
  let manifest = try contents(bench.disk).generation
  #expect(manifest.generation == 1 && manifest.journalID == "j" && manifest.documents == 0 && manifest.segments.isEmpty)
}

@Test func aBatchIsDueAfterQuietOrAfterItsIntervalOrWhenItIsLarge() throws {
  var generation = Generation()
  generation.number = 1
  generation.journalID = "j"
  var machine = IndexMachine(generation, limits: IndexMachine.Limits(quiet: 200, interval: 1000, batchBytes: 5000))
  #expect(machine.dueAt == nil)
  try machine.take(change(1, 1), now: 10)
  #expect(machine.dueAt == 210)
  try machine.take(change(2, 2), now: 150)
  #expect(machine.dueAt == 350)
  try machine.take(change(3, 3), now: 990)
  #expect(machine.dueAt == 1010)
  for sequence: UInt64 in 4...6 { try machine.take(change(sequence, Int(sequence)), now: 995) }
  #expect(machine.dueAt == 0)
}

@Test func ofSeveralVersionsInOneBatchOnlyTheLastCounts() async throws {
  var bench = try await Bench()
  try bench.put(1, 2, 1, 1)
  try bench.delete(2)
  try bench.put(3)
  try await bench.commit()
  #expect(bench.machine.current.segments.map(\.documents) == [2])
  #expect(try bench.live == [id(1): 4, id(3): 6])
}

@Test func aVersionAndADeletionMarkWhatOlderSegmentsHold() async throws {
  var bench = try await Bench()
  try bench.put(1, 2, 3)
  try await bench.commit()
  let first = bench.machine.current.segments[0].name
  try bench.put(2)
  try await bench.commit()
  try bench.delete(1)
  try await bench.commit()
  #expect(try bench.live == [id(2): 4, id(3): 3])
  #expect(bench.machine.current.segments.map(\.name).first == first)
  #expect(bench.machine.current.segments.map(\.deletions.deleted) == [2, 0])
}

@Test func aSegmentWithoutLiveDocumentsIsLeftOut() async throws {
  var bench = try await Bench()
  try bench.put(1, 2)
  try await bench.commit()
  try bench.put(1, 2)
  try await bench.commit()
  #expect(bench.machine.current.segments.map(\.live) == [2])
  try bench.delete(1)
  try bench.delete(2)
  try await bench.commit()
  #expect(bench.machine.current.segments == [])
  #expect(bench.machine.current.journalSequence == 6)
}

@Test func anEntryThatIsInAlreadyChangesNothingAndOneThatIsMissingIsAnError() async throws {
  var bench = try await Bench()
  try bench.put(1, 2)
  try await bench.commit()
  try bench.machine.take(change(1, 1, deletes: true), now: 0)
  try bench.machine.take(change(2, 9), now: 0)
  #expect(bench.machine.batch.isEmpty && bench.machine.dueAt == nil)
  #expect(throws: IndexError.gap(after: 2, got: 4)) { try bench.machine.take(change(4, 4), now: 0) }
}

@Test func anotherJournalAndAShorterOneAreRefused() async throws {
  var bench = try await Bench()
  try bench.put(1, 2)
  try await bench.commit()
  var again = try await bench.store.machine(limits)
  #expect(again.current == bench.machine.current)
  #expect(throws: IndexError.otherJournal(index: "j", journal: "k")) { try again.follow(journal: "k", last: 9) }
  #expect(throws: IndexError.journalIsShorter(indexed: 2, last: 1)) { try again.follow(journal: "j", last: 1) }
  try again.follow(journal: "j", last: 2)
}

@Test func whatIsDeletedDuringAMergeIsDeletedInTheMergedSegment() async throws {
  var bench = try await Bench()
  try bench.put(1, 2, 3)
  try await bench.commit()
  try bench.put(4, 5)
  try bench.delete(2)
  try await bench.commit()
  try bench.put(6)
  try await bench.commit()
  let (merge, bytes) = try bench.beginMerge(width: 3)
  #expect(merge.sources.count == 3)
  let second = bench.machine.beginMerge(MergePolicy(), newName: newObjectName)
  #expect(second == nil)
  // All of the last source, one of each other, and a new segment meanwhile.
  try bench.delete(6)
  try bench.delete(3)
  try bench.put(4, 7)
  try await bench.commit()
  try await bench.endMerge(merge, bytes)
  #expect(bench.machine.current.segments.map(\.documents) == [5, 2])
  #expect(bench.machine.current.segments.map(\.deletions.deleted) == [3, 0])
  #expect(bench.machine.current.segments[0].name == merge.name)
  #expect(try bench.live == [id(1): 1, id(5): 5, id(4): 10, id(7): 11])
  #expect(bench.machine.merge == nil)
}

@Test func aMergeWhoseDocumentsWereAllDeletedLeavesNoSegment() async throws {
  var bench = try await Bench()
  for document in 1...2 {
    try bench.put(document)
    try await bench.commit()
  }
  let (merge, bytes) = try bench.beginMerge(width: 2)
  try bench.delete(1)
  try bench.delete(2)
  try await bench.commit()
  try await bench.endMerge(merge, bytes)
  #expect(bench.machine.current.segments == [])
  #expect(try bench.live == [:])
}

@Test func objectsGoWhenNoKeptManifestNamesThemAndNotBefore() async throws {
  var bench = try await Bench()
  try bench.put(1)
  try await bench.commit()
  let first = bench.machine.current.segments[0].name
  let orphan = IndexMachine.segmentName("orphan")
  bench.disk[orphan] = []
  // Document 1's newest version is in the second segment: from the second generation on nobody names the first.
  try bench.put(1, 2)
  try await bench.commit()
  #expect(bench.disk[orphan] == nil)
  for (document, isThere) in [(3, true), (4, false), (5, false)] {
    try bench.put(document)
    try await bench.commit()
    #expect((bench.disk[first] != nil) == isThere)
  }
  #expect(bench.disk.names("manifests/") == (3...5).map { ManifestLog.name($0) })
}

@Test func youngManifestsAreKeptHoweverMany() {
  let kept = Dictionary(uniqueKeysWithValues: (1...40 as ClosedRange<UInt64>).map { ($0, (objects: Set<String>(), createdMs: $0 * 1000)) })
  let machine = IndexMachine(Generation(), kept: kept, limits: IndexMachine.Limits(keptManifests: 8, keptMilliseconds: 20_000))
  #expect(machine.manifestsToKeep(now: 40_000) == 20)
  #expect(machine.manifestsToKeep(now: 400_000) == 8)
}

@Test func aManifestThatWasChangedIsRefused() async throws {
  var bench = try await Bench()
  try bench.put(1)
  try await bench.commit()
  let name = ManifestLog.name(bench.machine.current.number)
  let bytes = try #require(bench.disk[name])
  for index in bytes.indices {
    var changed = bytes
    changed[index] ^= 0x10
    bench.disk[name] = changed
    await #expect(throws: StoreError.self) { try await bench.store.machine(limits) }
    bench.disk[name] = bytes
  }
  _ = try await bench.store.machine(limits)
}

@Test func aSegmentHoldsDocumentsOfOneClassAndIsMergedWithItsLikeOnly() async throws {
  var bench = try await Bench()
  for document in 1...6 { try bench.put(document, document % 2 == 0 ? .restricted : .general) }
  try await bench.commit()
  #expect(bench.machine.current.segments.map(\.distribution) == [.general, .restricted])
  #expect(bench.machine.current.segments.map(\.documents) == [3, 3])
  // A newer version moves a document to its own class.
  try bench.put(1, .confidential)
  try bench.put(2, .general)
  try await bench.commit()
  #expect(bench.machine.current.segments.map(\.distribution) == [.general, .restricted, .general, .confidential])
  #expect(bench.machine.current.segments.map(\.live) == [2, 2, 1, 1])
  let (merge, bytes) = try bench.beginMerge(width: 2)
  #expect(merge.distribution == .general && merge.sources.count == 2)
  try await bench.endMerge(merge, bytes)
  #expect(bench.machine.current.segments.map(\.distribution) == [.general, .restricted, .confidential])
  let manifest = try contents(bench.disk).generation
  #expect(manifest.segments.map(\.distribution) == [1, 3, 4])
  #expect(try bench.live == [id(1): 7, id(2): 8, id(3): 3, id(4): 4, id(5): 5, id(6): 6])
}
