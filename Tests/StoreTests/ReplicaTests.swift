import TestSupport
import Testing

@testable import Store

private func object(_ number: Int) -> StoredObject { StoredObject(name: "segments/\(number)", size: UInt64(number)) }
private func generation(_ number: UInt64, _ objects: [Int]) -> ReplicaMachine.Generation {
  ReplicaMachine.Generation(number: number, objects: Set(objects.map(object)))
}

@Test func aGenerationIsActiveOnlyWhenAllOfItIsHere() {
  var replica = ReplicaMachine()
  #expect(replica.published(generation(1, [1, 2])) == [.fetch(object(1)), .fetch(object(2))])
  #expect(replica.fetched(object(2)) == [])
  #expect(replica.active == nil)
  #expect(replica.fetched(object(1)) == [.activate(generation(1, [1, 2]))])
}

@Test func sharedObjectsAreNotFetchedAgainAndOldOnesStayWhileTheyAreRead() {
  var replica = ReplicaMachine(present: [object(1), object(2)])
  #expect(replica.published(generation(1, [1, 2])) == [.activate(generation(1, [1, 2]))])
  #expect(replica.published(generation(2, [2, 3])) == [.fetch(object(3))])
  #expect(replica.fetched(object(3)) == [.activate(generation(2, [2, 3]))])
  #expect(replica.released(1) == [.drop(object(1))])
}

@Test func aNewerGenerationReplacesOneThatIsStillBeingFetched() {
  var replica = ReplicaMachine()
  _ = replica.published(generation(1, [1, 2]))
  #expect(replica.published(generation(2, [2, 3])) == [.abandon(object(1)), .fetch(object(3))])
  #expect(replica.published(generation(1, [1, 2])) == [])
  #expect(replica.fetched(object(3)) == [])
  #expect(replica.fetched(object(2)) == [.activate(generation(2, [2, 3]))])
}

@Test func aFailedCopyIsTriedAgainLaterEachTime() {
  var replica = ReplicaMachine()
  _ = replica.published(generation(1, [1]))
  replica.failed(object(1), now: 1000)
  #expect(replica.tick(now: 1050) == [])
  #expect(replica.tick(now: 1100) == [.fetch(object(1))])
  #expect(replica.tick(now: 9999) == [])
  replica.failed(object(1), now: 2000)
  #expect(replica.tick(now: 2150) == [])
  #expect(replica.tick(now: 2200) == [.fetch(object(1))])
  #expect(replica.fetched(object(1)) == [.activate(generation(1, [1]))])
}

@Test(arguments: 1...200 as ClosedRange<UInt64>) func whateverHappensReadersSeeWholeGenerationsAndNothingIsLeftOver(seed: UInt64) {
  var random = Seeded(seed)
  var replica = ReplicaMachine()
  var here: Set<StoredObject> = []
  var running: Set<StoredObject> = []
  var read: [UInt64: Set<StoredObject>] = [:]
  var (published, now): (UInt64, UInt64) = (0, 0)

  func perform(_ actions: [ReplicaMachine.Action]) {
    for action in actions {
      switch action {
      case .fetch(let object):
        #expect(!here.contains(object) && !running.contains(object), "seed \(seed): \(object.name) is fetched twice")
        running.insert(object)
      case .abandon(let object): running.remove(object)
      case .activate(let generation):
        #expect(generation.objects.isSubset(of: here), "seed \(seed): generation \(generation.number) is not whole")
        read[generation.number] = generation.objects
      case .drop(let object):
        here.remove(object)
        #expect(!read.values.contains { $0.contains(object) }, "seed \(seed): \(object.name) is dropped while it is read")
      }
    }
  }

  for _ in 0..<150 {
    now += UInt64.random(in: 0...400, using: &random)
    switch Int.random(in: 0...4, using: &random) {
    case 0:
      published += 1
      let first = Int(published / 2)
      perform(replica.published(generation(published, (first..<first + Int.random(in: 1...5, using: &random)).map { $0 })))
    case 1, 2:
      guard let object = running.sorted(by: { $0.name < $1.name }).randomElement(using: &random) else { continue }
      running.remove(object)
      if Int.random(in: 0...2, using: &random) == 0 {
        replica.failed(object, now: now)
      } else {
        here.insert(object)
        perform(replica.fetched(object))
      }
    case 3: perform(replica.tick(now: now))
    default:
      guard let old = read.keys.filter({ $0 != replica.active?.number }).min() else { continue }
      read[old] = nil
      perform(replica.released(old))
    }
  }
  // Left alone without failures, the replica arrives at the newest generation and holds nothing else.
  for _ in 0..<50 where replica.active?.number != published {
    now += ReplicaMachine.maxDelay
    perform(replica.tick(now: now))
    for object in running.sorted(by: { $0.name < $1.name }) where running.remove(object) != nil {
      here.insert(object)
      perform(replica.fetched(object))
    }
  }
  for old in read.keys.filter({ $0 != replica.active?.number }) {
    read[old] = nil
    perform(replica.released(old))
  }
  #expect(published == 0 || replica.active?.number == published)
  #expect(here == replica.active?.objects ?? [], "seed \(seed)")
}

private func segment(_ name: Int, bytes: UInt64, documents: UInt32 = 100, deleted: UInt32 = 0) -> MergePolicy.Candidate {
  MergePolicy.Candidate(name: "\(name)", bytes: bytes, documents: documents, deleted: deleted)
}

@Test func segmentsOfOneTierAreMergedWhenThereAreEnough() {
  let policy = MergePolicy()
  let small = (1...8).map { segment($0, bytes: 1000) }
  #expect(policy.next(small) == (1...8).map(String.init))
  #expect(policy.next(Array(small.dropLast())) == [])
  #expect(policy.next(small.dropLast() + [segment(9, bytes: 50 << 20)]) == [])
}

@Test func onlyNeighboursAreMergedSoThatDocumentsStayInTheirOrder() {
  let policy = MergePolicy()
  func small(_ names: ClosedRange<Int>) -> [MergePolicy.Candidate] { names.map { segment($0, bytes: 1000) } }
  func large(_ name: Int) -> MergePolicy.Candidate { segment(name, bytes: 50 << 20) }
  #expect(policy.next(small(1...4) + [large(5)] + small(6...9)) == [])
  #expect(policy.next(small(1...4) + [large(5)] + small(6...14)) == (6...13).map(String.init))
  // Small segments between large ones are taken along when these are merged.
  #expect(policy.next((1...4).map(large) + small(5...6) + (7...12).map(large)) == (1...10).map(String.init))
  // One that is too large for a merge keeps its place.
  let giant = segment(1, bytes: 7 << 30)
  #expect(policy.next([giant] + (2...9).map { segment($0, bytes: 3 << 30) }) == ["2", "3"])
}

@Test func aSegmentThatIsLargelyDeletedIsRewritten() {
  let policy = MergePolicy()
  #expect(policy.next([segment(1, bytes: 50 << 20, deleted: 10), segment(2, bytes: 9 << 20, deleted: 40)]) == ["2"])
  #expect(policy.next([segment(1, bytes: 50 << 20, deleted: 10)]) == [])
}

@Test func noMergeExceedsTheLimit() {
  let policy = MergePolicy()
  #expect(policy.next((1...8).map { segment($0, bytes: 5 << 30) }) == [])
}

@Test func documentsAreRewrittenALogarithmicNumberOfTimes() {
  let policy = MergePolicy()
  var segments: [MergePolicy.Candidate] = []
  var (written, number): (UInt64, Int) = (0, 0)
  for _ in 0..<4096 {
    number += 1
    segments.append(segment(number, bytes: 1 << 20))
    while true {
      let names = Set(policy.next(segments))
      if names.isEmpty { break }
      let bytes = segments.filter { names.contains($0.name) }.reduce(0) { $0 + $1.bytes }
      written += bytes
      number += 1
      let place = segments.firstIndex { names.contains($0.name) }
      segments.removeAll { names.contains($0.name) }
      segments.insert(segment(number, bytes: bytes), at: place ?? 0)
    }
  }
  // 4096 = 8^4: each byte is rewritten at most four times, and at most seven segments of each tier are left.
  #expect(written <= 4 * 4096 << 20)
  #expect(segments.count <= 7 * 5)
}
