import Documents
import Engine
import Store
import Wire

/// Where documents lie in committed segments.
protocol SegmentLookup: Sendable {
  /// The number of the document with this id in the segment, deleted or not.
  func find(_ id: DocumentID, in segment: String) -> UInt32?
}

/// What an index process decides: what goes into the next generation and when it is due, which older documents it deletes, what is merged,
/// and which objects nobody needs any more.
///
/// A value without I/O. The owner writes the objects of a draft, commits its manifest, and only then reports `committed`; a draft that was
/// not committed leaves everything as it was.
struct IndexMachine: Sendable {
  struct Limits: Sendable, Hashable {
    /// A batch is due when no entry has come for so long, milliseconds.
    var quiet: UInt64 = 200
    /// A batch is due so long after its first entry, milliseconds.
    var interval: UInt64 = 1000
    /// The memory of documents on their way into segments, bytes: a batch is due when it takes half of it, and what a segment that is built of it takes
    /// is held to the other half.
    var batchBytes = 64 << 20
    /// The smallest `batchBytes` that can be held to.
    static let leastBatchBytes = SegmentBuilder.leastMemory * 2
    var waitingBytes: Int { batchBytes / 2 }
    var builderBytes: Int { batchBytes / 2 }
    /// The newest manifests that are kept, and with them the objects they name.
    var keptManifests = 8
    /// Manifests younger than this are kept too, milliseconds, so that a query node can finish copying what it began.
    var keptMilliseconds: UInt64 = 60_000
    /// Time between collections, milliseconds.
    var collectionInterval: UInt64 = 10_000
  }

  /// A segment of a batch's documents of one class, which is in the store.
  struct NewSegment: Sendable {
    /// Its object name.
    let name: String
    let bytes: UInt64
    let documents: Int
    let distribution: DistributionClass
  }

  /// A generation that is not committed yet, and the bitmaps that must be written before it is. Its new segments are written already.
  struct Draft: Sendable {
    let generation: Generation
    let bitmaps: [(name: String, bitmap: DeletionBitmap)]
    fileprivate let isMerge: Bool
  }

  /// Segments that are being merged into one, as they were when the merge began.
  struct Merge: Sendable, Hashable {
    /// The object name that the merged segment will have.
    let name: String
    let distribution: DistributionClass
    let sources: [Generation.Segment]
  }

  let limits: Limits
  /// The newest committed generation.
  private(set) var current: Generation
  private(set) var batch: Batch
  private(set) var merge: Merge?
  /// Manifests that are in the store: the objects they name, and when they were made.
  private var kept: [UInt64: (objects: Set<String>, createdMs: UInt64)] = [:]
  private var collectedAt: UInt64?
  private var boundary: UInt64

  /// - Parameters:
  ///   - current: the newest committed generation.
  ///   - kept: the objects of every manifest in the store and when it was made (Unix milliseconds), by generation.
  init(_ current: Generation, kept: [UInt64: (objects: Set<String>, createdMs: UInt64)] = [:], limits: Limits = Limits()) {
    self.limits = limits
    self.current = current
    self.kept = kept
    batch = Batch(after: current.journalSequence)
    boundary = current.boundary
  }

  // MARK: The journal

  /// The journal that will be followed, and its last entry. Throws when it is not the one that the index was built from.
  mutating func follow(journal id: String, last: UInt64) throws(IndexError) {
    if current.journalID.isEmpty { current.journalID = id }
    guard current.journalID == id else { throw .otherJournal(index: current.journalID, journal: id) }
    guard batch.sequence <= last else { throw .journalIsShorter(indexed: batch.sequence, last: last) }
  }

  /// Takes in the next entry; one that is in already changes nothing. `now` in monotonic milliseconds. Throws `.gap`.
  mutating func take(_ change: Change, now: UInt64) throws(IndexError) { try batch.take(change, now: now) }

  /// When the batch is to be committed at the latest if nothing more comes, monotonic milliseconds; 0 = at once, nil = there is nothing to
  /// commit.
  ///
  /// The first generation is due as soon as the journal is known, so that query nodes have something to answer from.
  var dueAt: UInt64? {
    if current.number == 0 && !current.journalID.isEmpty { return 0 }
    guard let span = batch.span else { return nil }
    return batch.bytes >= limits.waitingBytes ? 0 : min(span.upperBound + limits.quiet, span.lowerBound + limits.interval)
  }

  // MARK: The next generation

  /// The generation that takes the batch in.
  /// - Parameters:
  ///   - segments: the batch's documents, in their order; none when it adds none.
  ///   - newName: gives names that no object ever had.
  ///   - now: Unix milliseconds.
  func draft(
    segments: [NewSegment], lookup: some SegmentLookup, newName: () -> String, now: UInt64
  ) -> Draft {
    var next = successor(now)
    next.journalSequence = batch.sequence
    var changed: Set<Int> = []
    for id in batch.touched {
      for index in next.segments.indices {
        let name = next.segments[index].name
        guard let document = lookup.find(id, in: name), next.segments[index].deletions.insert(document) else { continue }
        changed.insert(index)
        // A document is live in one place at most.
        break
      }
    }
    var bitmaps: [(name: String, bitmap: DeletionBitmap)] = []
    for index in changed.sorted() where next.segments[index].live > 0 {
      next.segments[index].deletionsName = Self.deletionsName(newName())
      bitmaps.append((next.segments[index].deletionsName, next.segments[index].deletions))
    }
    next.segments.removeAll { $0.live == 0 }
    for segment in segments {
      let none = DeletionBitmap(documents: segment.documents)
      next.segments.append(
        Generation.Segment(name: segment.name, bytes: segment.bytes, distribution: segment.distribution, deletions: none))
    }
    return Draft(generation: next, bitmaps: bitmaps, isMerge: false)
  }

  private func successor(_ now: UInt64) -> Generation {
    var next = current
    next.number += 1
    next.createdMs = now
    next.boundary = boundary
    return next
  }

  /// The object name of a segment called `unique`.
  static func segmentName(_ unique: String) -> String { "segments/\(unique)" }
  /// The object name of a deletion bitmap called `unique`.
  static func deletionsName(_ unique: String) -> String { "deletions/\(unique)" }

  /// The draft is durable as the newest generation.
  mutating func committed(_ draft: Draft) {
    current = draft.generation
    let manifest = current.manifest
    kept[current.number] = (manifest.objects, manifest.createdMs)
    if draft.isMerge { merge = nil } else { batch = Batch(after: current.journalSequence) }
  }

  // MARK: Merging

  /// The merge that is worth doing now, which is under way from then on; nil when there is none or one is under way.
  mutating func beginMerge(_ policy: MergePolicy, newName: () -> String) -> Merge? {
    guard merge == nil else { return nil }
    for distribution in DistributionClass.allCases {
      let segments = current.segments.filter { $0.distribution == distribution }
      let chosen = Set(policy.next(segments.map(\.candidate)))
      if chosen.isEmpty { continue }
      merge = Merge(
        name: Self.segmentName(newName()), distribution: distribution, sources: segments.filter { chosen.contains($0.name) })
      return merge
    }
    return nil
  }

  /// The merge that was under way came to nothing.
  mutating func abandonMerge() { merge = nil }

  /// The generation that has the merged segment, which is `bytes` long and in the store, in place of its sources. What was deleted in these
  /// since the merge began is deleted in the merged one. Nil when no merge is under way.
  func mergeDraft(bytes: UInt64, newName: () -> String, now: UInt64) -> Draft? {
    guard let merge else { return nil }
    var next = successor(now)
    var merged = DeletionBitmap(documents: merge.sources.reduce(0) { $0 + $1.live })
    var number: UInt32 = 0
    for source in merge.sources {
      let newest = next.segments.first { $0.name == source.name }?.deletions
      for document in 0..<UInt32(source.documents) where !source.deletions.contains(document) {
        // A source that is gone had all its documents deleted since.
        if newest?.contains(document) ?? true { merged.insert(number) }
        number += 1
      }
    }
    let names = Set(merge.sources.map(\.name))
    let place = next.segments.firstIndex { names.contains($0.name) }
    next.segments.removeAll { names.contains($0.name) }
    var segment = Generation.Segment(name: merge.name, bytes: bytes, distribution: merge.distribution, deletions: merged)
    guard let place, segment.live > 0 else { return Draft(generation: next, bitmaps: [], isMerge: true) }
    if merged.deleted > 0 { segment.deletionsName = Self.deletionsName(newName()) }
    next.segments.insert(segment, at: place)
    return Draft(generation: next, bitmaps: merged.deleted > 0 ? [(segment.deletionsName, merged)] : [], isMerge: true)
  }

  // MARK: Collection

  /// Whether old generations should be collected with the next commit. `now` in monotonic milliseconds.
  func isCollectionDue(now: UInt64) -> Bool { collectedAt.map { now >= $0 + limits.collectionInterval } ?? true }

  /// How many manifests to keep; `now` in Unix milliseconds.
  func manifestsToKeep(now: UInt64) -> Int {
    max(limits.keptManifests, kept.values.count { $0.createdMs + limits.keptMilliseconds > now })
  }

  /// All manifests but these are gone.
  /// - Returns: those of `listed` that nobody needs. `listed` must have been read before the newest generation was committed: then whoever
  ///   else had put an object that is in it, for a generation of its own, finds that generation's number taken, and the object is never
  ///   named.
  mutating func collected(keeping generations: [UInt64], listed: [String], now: UInt64) -> [String] {
    collectedAt = now
    let left = Set(generations)
    kept = kept.filter { left.contains($0.key) }
    boundary = max(boundary, (generations.min() ?? 1) - 1)
    var needed = kept.values.reduce(into: Set<String>()) { $0.formUnion($1.objects) }
    if let merge { needed.insert(merge.name) }
    return listed.filter { !needed.contains($0) }
  }
}

extension Generation.Segment {
  fileprivate var candidate: MergePolicy.Candidate {
    MergePolicy.Candidate(name: name, bytes: bytes, documents: UInt32(documents), deleted: UInt32(deletions.deleted))
  }
}
