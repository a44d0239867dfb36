import Documents
import Engine
import Store
import Synchronization
import TestSupport
import Testing
import Wire

@testable import chancery_index

private let limits = IndexMachine.Limits(keptManifests: 2, keptMilliseconds: 30, collectionInterval: 20)

private func mergePolicy() -> MergePolicy {
  var policy = MergePolicy()
  policy.width = 3
  policy.floorBytes = 200
  return policy
}

/// The class of the version that entry `sequence` puts.
private func distribution(_ sequence: UInt64) -> DistributionClass { DistributionClass.allCases[Int(sequence / 3 % 5)] }

/// The journal, the disk, and what the index must answer with.
private struct World {
  let disk = Disk()
  /// Entry n is at n − 1: a document and whether it is deleted.
  var journal: [(document: Int, deletes: Bool)] = []
  var clock: UInt64 = 1

  /// Each live document's version after the first n entries, at n.
  var expected: [[DocumentID: UInt64]] = [[:]]

  mutating func submit(_ random: inout Seeded) {
    let entry = (document: Int.random(in: 0..<40, using: &random), deletes: Int.random(in: 0..<4, using: &random) == 0)
    journal.append(entry)
    var live = expected[expected.count - 1]
    live[id(entry.document)] = entry.deletes ? nil : UInt64(journal.count)
    expected.append(live)
  }

  /// The newest generation is exactly the journal up to its sequence; all that the newest manifests name is there.
  func check(_ what: String) throws {
    let (manifest, live, problems) = try contents(disk)
    try #require(problems == [], "\(what): generation \(manifest.generation)")
    let isRight = live == expected[Int(manifest.journalSequence)]
    try #require(isRight, "\(what): generation \(manifest.generation) is not the journal up to \(manifest.journalSequence)")
    for segment in manifest.segments {
      let classes = Set((disk.segment(segment.name)?.documents ?? []).map { distribution($0.sequence) })
      let isOfOne = classes == [DistributionClass(number: segment.distribution)]
      try #require(isOfOne, "\(what): \(segment.name) holds documents of \(classes)")
    }
    for name in disk.names("manifests/").suffix(limits.keptManifests) {
      let kept = try ManifestMessage(checked: disk[name] ?? [], subject: name)
      for object in kept.objects { try #require(disk[object] != nil, "\(what): \(object) of \(name) is gone") }
    }
  }
}

/// One index process, step by step; another may take steps in between.
private struct Life {
  let process: Process
  let store: GenerationStore<Process>
  var machine: IndexMachine
  var mapped = PlainSegments()
  /// The batch's segments when they are written and not committed.
  var segments: [IndexMachine.NewSegment] = []
  /// What the merge under way will write, and its length when it has been written.
  var merged: [UInt8] = []
  var mergedBytes: UInt64?
  var isCommitting = false

  init(
    _ world: World, diesAt fuse: (left: Int, takesEffect: Bool)?, meanwhile: @escaping @Sendable () async throws -> Void = {}
  ) async throws {
    process = Process(world.disk, diesAt: fuse, meanwhile: meanwhile)
    store = GenerationStore(process)
    machine = try await store.machine(limits)
    try machine.follow(journal: "j", last: UInt64(world.journal.count))
    mapped.map(machine.current, world.disk)
  }

  /// Feeds up to `count` entries; as after a reconnection, some of them may be in already.
  mutating func read(_ world: World, _ count: Int, back: Int = 0) throws {
    if isCommitting { return }
    let start = max(0, Int(machine.batch.sequence) - back)
    for index in start..<min(world.journal.count, start + count) {
      let entry = world.journal[index]
      try machine.take(change(UInt64(index + 1), entry.document, deletes: entry.deletes, distribution(UInt64(index + 1))), now: world.clock)
    }
  }

  mutating func putSegment() async throws {
    if isCommitting { return }
    isCommitting = true
    segments = try await written(machine.batch, to: store)
  }

  mutating func commit(_ world: World) async throws {
    try await putSegment()
    let listing = try await store.commitBatch(&machine, segments: segments, lookup: mapped, at: Self.moment(world))
    try await collect(listing, world)
    mapped.map(machine.current, world.disk)
    segments = []
    isCommitting = false
  }

  mutating func beginMerge() {
    if let merge = machine.beginMerge(mergePolicy(), newName: newObjectName) { merged = mapped.merged(merge) }
  }

  mutating func putMerged() async throws {
    guard let merge = machine.merge, mergedBytes == nil else { return }
    try await store.put(merge.name, merged)
    mergedBytes = UInt64(merged.count)
  }

  mutating func commitMerge(_ world: World) async throws {
    // As in the indexer, which does one thing at a time.
    guard let bytes = mergedBytes, !isCommitting else { return }
    let listing = try await store.commitMerge(&machine, bytes: bytes, at: Self.moment(world))
    try await collect(listing, world)
    mergedBytes = nil
    mapped.map(machine.current, world.disk)
  }

  private mutating func collect(_ listing: Listing?, _ world: World) async throws {
    if let listing { try await store.collect(&machine, listing, at: Self.moment(world)) }
  }

  private static func moment(_ world: World) -> Moment { Moment(monotonic: world.clock, unix: world.clock) }

  /// One step at random. Throws when the process dies or is fenced.
  mutating func step(_ world: World, _ random: inout Seeded) async throws {
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<3: try read(world, Int.random(in: 1...12, using: &random), back: Int.random(in: 0...3, using: &random))
    case 3: try await putSegment()
    case 4..<6: try await commit(world)
    case 6: beginMerge()
    case 7, 8: try await putMerged()
    default: try await commitMerge(world)
    }
  }
}

private func fuse(_ random: inout Seeded) -> (left: Int, takesEffect: Bool)? {
  Int.random(in: 0..<3, using: &random) == 0 ? nil : (Int.random(in: 0..<40, using: &random), Bool.random(using: &random))
}

@Test(arguments: 1...60 as ClosedRange<UInt64>)
func everyLiveDocumentIsInExactlyOnePlaceWhateverDies(seed: UInt64) async throws {
  var random = Seeded(seed)
  var world = World()
  // A second process is one that was taken for dead, or started by mistake.
  var lives = [try await Life(world, diesAt: fuse(&random))]
  var (deaths, fenced) = (0, 0)
  for step in 0..<400 {
    world.clock += UInt64.random(in: 0...5, using: &random)
    for _ in 0..<Int.random(in: 0...3, using: &random) { world.submit(&random) }
    if lives.isEmpty || lives.count < 2 && Int.random(in: 0..<40, using: &random) == 0 {
      lives.append(try await Life(world, diesAt: fuse(&random)))
    }
    let index = Int.random(in: 0..<lives.count, using: &random)
    do {
      try await lives[index].step(world, &random)
    } catch StoreError.fenced {
      fenced += 1
      lives.remove(at: index)
    } catch {
      #expect(lives[index].process.isDead, "seed \(seed), step \(step): \(error)")
      deaths += 1
      lives.remove(at: index)
    }
    try world.check("seed \(seed), step \(step)")
  }
  #expect(deaths + fenced > 0, "seed \(seed) tried nothing")
  var last = try await Life(world, diesAt: nil)
  try last.read(world, .max / 2)
  try await last.commit(world)
  try world.check("seed \(seed), end")
  #expect(try contents(world.disk).generation.journalSequence == UInt64(world.journal.count))
}

/// A fixed course of one process with every kind of step.
private func course(_ world: World, diesAt fuse: (left: Int, takesEffect: Bool)?) async throws -> Bool {
  var world = world
  var life = try await Life(world, diesAt: fuse)
  do {
    for round in 0..<8 {
      world.clock += 25
      try life.read(world, 8)
      try await life.commit(world)
      try world.check("round \(round)")
      life.beginMerge()
      try life.read(world, 8)
      try await life.commit(world)
      try await life.putMerged()
      try await life.commitMerge(world)
      try world.check("round \(round), merged")
    }
  } catch {
    #expect(life.process.isDead, "\(error)")
    return false
  }
  return true
}

@Test func theIndexGoesOnFromADeathAtEveryOperation() async throws {
  for takesEffect in [false, true] {
    var count = 0
    while true {
      var random = Seeded(7)
      var world = World()
      for _ in 0..<120 { world.submit(&random) }
      let isDone = try await course(world, diesAt: (count, takesEffect))
      try world.check("death at operation \(count)")
      var next = try await Life(world, diesAt: nil)
      try next.read(world, .max / 2)
      try await next.commit(world)
      try world.check("after a death at operation \(count)")
      if isDone { break }
      count += 1
    }
    #expect(count > 40)
  }
}

@Test func nothingIsLeftBehindForEver() async throws {
  var random = Seeded(3)
  var world = World()
  for count in 0..<15 {
    for _ in 0..<8 { world.submit(&random) }
    _ = try await course(world, diesAt: (count, true))
  }
  var life = try await Life(world, diesAt: nil)
  for _ in 0..<limits.keptManifests + 1 {
    world.clock += 100
    world.submit(&random)
    try life.read(world, .max / 2)
    try await life.commit(world)
  }
  let manifests = world.disk.names("manifests/")
  let objects = Set(world.disk.names("segments/") + world.disk.names("deletions/"))
  let named = try manifests.reduce(into: Set<String>()) {
    $0.formUnion(try ManifestMessage(checked: world.disk[$1] ?? [], subject: $1).objects)
  }
  #expect(manifests.count == limits.keptManifests)
  #expect(objects == named)
}

/// A second process that comes up while the first is looking at the store, writes its segment, and commits it later.
private final class Latecomer: Sendable {
  private let state: Mutex<(looks: Int, life: Life?)>
  init(at look: Int) { state = Mutex((look, nil)) }
  var life: Life? { state.withLock { $0.life } }

  func look(_ world: World) async throws {
    let isNow = state.withLock { state in
      state.looks -= 1
      return state.looks == 0
    }
    guard isNow else { return }
    var life = try await Life(world, diesAt: nil)
    try life.read(world, 7)
    try await life.putSegment()
    state.withLock { [life] in $0.life = life }
  }
}

@Test(arguments: 1...40) func aCollectionTakesNothingThatAnotherProcessStillCommits(look: Int) async throws {
  var random = Seeded(5)
  var world = World()
  for _ in 0..<60 { world.submit(&random) }
  let latecomer = Latecomer(at: look)
  let start = world
  var first = try await Life(world, diesAt: nil, meanwhile: { try await latecomer.look(start) })
  for _ in 0..<6 {
    world.clock += 100
    try first.read(world, 5)
    try await first.commit(world)
    try world.check("the first")
  }
  guard var second = latecomer.life else { return }
  do { try await second.commit(world) } catch StoreError.fenced { return }
  try world.check("the second")
}
