import Documents
import Engine
import Logging
import Platform
import Store
import Synchronization
import Wire

/// The index on disk, as its one writer sees it: the machine, its store, and the segments it has mapped.
struct IndexWriter: Sendable {
  private(set) var machine: IndexMachine
  private let store: GenerationStore<DirectoryStore>
  private let policy: MergePolicy
  private var segments: MappedSegments
  private let logger: Logger

  /// Reads the newest generation and maps its segments. Throws `StoreError` and `SegmentError` when it is damaged.
  init(_ objects: DirectoryStore, limits: IndexMachine.Limits, policy: MergePolicy, logger: Logger) async throws {
    store = GenerationStore(objects)
    machine = try await store.machine(limits)
    segments = MappedSegments(objects)
    self.policy = policy
    self.logger = logger
    try await mapSegments()
  }

  /// Maps what the current generation needs and is not mapped yet, and lets go of the rest.
  private mutating func mapSegments() async throws {
    let names = machine.current.segments.map(\.name)
    let now = segments
    segments = try await offload { () throws(SegmentError) in try now.holding(names) }
  }

  // MARK: The journal

  /// See `IndexMachine.follow`.
  mutating func follow(journal id: String, last: UInt64) throws(IndexError) { try machine.follow(journal: id, last: last) }

  /// See `IndexMachine.take`.
  mutating func take(_ changes: [Change]) throws(IndexError) {
    let now = Moment.now.monotonic
    for change in changes { try machine.take(change, now: now) }
  }

  /// Makes the batch the next generation; see `GenerationStore.commitBatch`.
  /// - Parameter pinned: objects that must not be removed yet.
  mutating func commit(pinned: Set<String>) async throws {
    var written: [IndexMachine.NewSegment] = []
    for (distribution, documents) in machine.batch.documents {
      var rest = documents[...]
      while !rest.isEmpty {
        let (segment, taken) = try await write(rest, distribution)
        written.append(segment)
        rest = rest.dropFirst(taken)
      }
    }
    let listing = try await whenThereIsRoom(logger) { [written] in
      try await store.commitBatch(&machine, segments: written, lookup: segments, at: .now)
    }
    try await finish(listing, pinned)
  }

  /// Writes as many of the documents from the first on as may be built in memory together, one at least, as a segment: it, and how many those are.
  private func write(
    _ documents: ArraySlice<IndexedDocument>, _ distribution: DistributionClass
  ) async throws -> (segment: IndexMachine.NewSegment, taken: Int) {
    let (store, limit) = (store, machine.limits.builderBytes)
    return try await whenThereIsRoom(logger) {
      let name = IndexMachine.segmentName(newObjectName())
      let taken = Mutex(0)
      let bytes = try await store.put(name) { path throws(SegmentError) in
        var builder = try SegmentBuilder(path)
        for document in documents {
          try builder.add(document)
          if builder.bytes >= limit { break }
        }
        let count = builder.documents
        taken.withLock { $0 = count }
        return try builder.finishFile()
      }
      let count = taken.withLock { $0 }
      // A builder's work cannot be stopped, so that there are bytes.
      return (IndexMachine.NewSegment(name: name, bytes: UInt64(bytes ?? 0), documents: count, distribution: distribution), count)
    }
  }

  /// After a commit: maps its segments and removes what is not needed any more.
  private mutating func finish(_ listing: Listing?, _ pinned: Set<String>) async throws {
    try await mapSegments()
    guard let listing else { return }
    do throws(StoreError) { try await store.collect(&machine, listing, pinned: pinned, at: .now) } catch {
      logger.error("old objects could not be removed; they will be", metadata: ["reason": "\(error)"])
    }
  }

  // MARK: Merging

  /// The merge that should begin now, which can run on any thread; nil when there is none.
  mutating func beginMerge() -> MergeWork? {
    guard let merge = machine.beginMerge(policy, newName: newObjectName) else { return nil }
    let sources = merge.sources.compactMap { source in
      segments.reader(source.name).map { (reader: $0, deletions: source.deletions.deleted == 0 ? nil : source.deletions) }
    }
    precondition(sources.count == merge.sources.count, "the current generation's segments are mapped")
    return MergeWork(name: merge.name, sources: sources, store: store)
  }

  /// Makes the merged segment of `bytes` part of the next generation; nil = the merge came to nothing.
  mutating func endMerge(bytes: UInt64?, pinned: Set<String>) async throws {
    guard let bytes else { return machine.abandonMerge() }
    let listing = try await whenThereIsRoom(logger) { try await store.commitMerge(&machine, bytes: bytes, at: .now) }
    try await finish(listing, pinned)
  }
}

/// Runs work that writes; while the disk is full it is tried again, for what is not committed is not lost.
private func whenThereIsRoom<R>(_ logger: Logger, _ body: () async throws -> R) async throws -> R {
  while true {
    do { return try await body() } catch StoreError.system(let reason) where reason.isFull {
      logger.error("the disk is full: nothing is indexed until there is room", metadata: ["reason": "\(reason)"])
      try await Task.sleep(for: .seconds(5))
    }
  }
}

/// A merge on its way: reads segments that never change and writes one object.
struct MergeWork: Sendable {
  let name: String
  fileprivate let sources: [(reader: SegmentReader, deletions: DeletionBitmap?)]
  fileprivate let store: GenerationStore<DirectoryStore>

  /// Segments that are merged.
  var segments: Int { sources.count }

  /// Writes the merged segment durably and returns its bytes; nil when `shouldStop` ended the work.
  func run(shouldStop: @escaping @Sendable () -> Bool) async throws -> UInt64? {
    let sources = sources
    let bytes = try await store.put(name) { path throws(SegmentError) in
      try SegmentMerger.merge(sources, to: path, shouldStop: shouldStop)
    }
    return bytes.map { UInt64($0) }
  }
}

/// Segments by object name, mapped.
struct MappedSegments: SegmentLookup, Sendable {
  private let objects: DirectoryStore
  private var readers: [String: SegmentReader] = [:]

  init(_ objects: DirectoryStore) { self.objects = objects }

  /// The same with these segments and no others. Checks every byte of those that are new. Blocks. Throws `SegmentError`.
  func holding(_ names: [String]) throws(SegmentError) -> MappedSegments {
    var next = MappedSegments(objects)
    for name in names {
      if let reader = readers[name] { next.readers[name] = reader } else { next.readers[name] = try open(name) }
    }
    return next
  }

  private func open(_ name: String) throws(SegmentError) -> SegmentReader {
    let path: String
    do throws(StoreError) { path = try objects.path(name) } catch { throw .corrupt(subject: name, what: "its name is none of an object") }
    return try SegmentReader(path)
  }

  func reader(_ name: String) -> SegmentReader? { readers[name] }

  func find(_ id: DocumentID, in segment: String) -> UInt32? { readers[segment]?.find(id: id.bytes) }

}
