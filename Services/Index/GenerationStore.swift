import Engine
import Platform
import Store
import Wire

/// Generations in an object store: the order in which objects and manifests are written and removed, on which it rests that none is lost.
struct GenerationStore<Objects: ObjectStore>: Sendable {
  let objects: Objects
  private let log: ManifestLog

  init(_ objects: Objects) {
    self.objects = objects
    log = ManifestLog(objects)
  }

  /// A machine that goes on from the newest generation. Throws `.corrupt` when that cannot be read.
  func machine(_ limits: IndexMachine.Limits) async throws(StoreError) -> IndexMachine {
    guard let newest = try await log.newest() else { return IndexMachine(Generation(), limits: limits) }
    var kept: [UInt64: (objects: Set<String>, createdMs: UInt64)] = [:]
    for name in try await list("manifests/") {
      let manifest = try ManifestMessage(checked: try await objects.get(name, nil), subject: name)
      kept[manifest.generation] = (manifest.objects, manifest.createdMs)
    }
    let manifest = try ManifestMessage(checked: newest.bytes, subject: ManifestLog.name(newest.generation))
    guard manifest.generation == newest.generation else {
      throw .corrupt(subject: ManifestLog.name(newest.generation), what: "it says that it is generation \(manifest.generation)")
    }
    return IndexMachine(try Generation(manifest, bitmaps: try await bitmaps(of: manifest)), kept: kept, limits: limits)
  }

  private func bitmaps(of manifest: ManifestMessage) async throws(StoreError) -> [String: DeletionBitmap] {
    var bitmaps: [String: DeletionBitmap] = [:]
    for name in manifest.segments.map(\.deletions) where !name.isEmpty {
      let bytes = try await objects.get(name, nil)
      do throws(SegmentError) { bitmaps[name] = try DeletionBitmap(bytes, subject: name) } catch {
        throw .corrupt(subject: name, what: "\(error)")
      }
    }
    return bitmaps
  }

  /// Writes a new object durably.
  func put(_ name: String, _ bytes: [UInt8]) async throws(StoreError) {
    guard try await objects.putIfAbsent(name, bytes) else { throw .corrupt(subject: name, what: "an object of that name is there already") }
  }

  // MARK: The next generation

  /// Makes the machine's batch the newest generation. Throws `.fenced` when another process has taken its number; after any other error but
  /// a full disk the manifest may or may not be there, and only a new start can tell.
  /// - Parameter segments: the batch's documents as segments that are in the store; none when there are none.
  /// - Returns: what `collect` is to be given, when it is time for that.
  func commitBatch(
    _ machine: inout IndexMachine, segments: [IndexMachine.NewSegment], lookup: some SegmentLookup, at time: Moment
  ) async throws -> Listing? {
    let planned = machine
    let draft = await offload { planned.draft(segments: segments, lookup: lookup, newName: newObjectName, now: time.unix) }
    return try await commit(draft, &machine, time)
  }

  /// Puts the merged segment, which is in the store with `bytes` bytes, in the place of its sources, as a generation of its own. Throws and
  /// returns as `commitBatch` does.
  func commitMerge(_ machine: inout IndexMachine, bytes: UInt64, at time: Moment) async throws(StoreError) -> Listing? {
    guard let draft = machine.mergeDraft(bytes: bytes, newName: newObjectName, now: time.unix) else { return nil }
    return try await commit(draft, &machine, time)
  }

  private func commit(_ draft: IndexMachine.Draft, _ machine: inout IndexMachine, _ time: Moment) async throws(StoreError) -> Listing? {
    // Before the manifest: see `IndexMachine.collected`.
    let listing = machine.isCollectionDue(now: time.monotonic) ? Listing(names: try await list("segments/") + list("deletions/")) : nil
    for (name, bitmap) in draft.bitmaps { try await put(name, bitmap.encoded()) }
    try await log.commit(draft.generation.number, draft.generation.manifest.encoded)
    machine.committed(draft)
    return listing
  }

  /// Removes old manifests, and objects that no manifest names any more. What fails is left for the next time.
  /// - Parameters:
  ///   - listing: from the newest commit.
  ///   - pinned: objects that somebody here still reads.
  func collect(_ machine: inout IndexMachine, _ listing: Listing, pinned: Set<String> = [], at time: Moment) async throws(StoreError) {
    let left = try await log.collect(keeping: machine.manifestsToKeep(now: time.unix))
    for name in machine.collected(keeping: left, listed: listing.names, now: time.monotonic) where !pinned.contains(name) {
      try await objects.delete(name)
    }
  }

  private func list(_ prefix: String) async throws(StoreError) -> [String] {
    var names: [String] = []
    while true {
      let page = try await objects.list(prefix, after: names.last ?? "", limit: 1000)
      names += page.map(\.name)
      if page.count < 1000 { return names }
    }
  }
}

extension GenerationStore<DirectoryStore> {
  /// Makes the file that `body` writes at the path it is given a new object, durably: its length, which `body` returns; nil when that came to nothing.
  func put(_ name: String, _ body: @escaping @Sendable (String) throws(SegmentError) -> Int?) async throws -> Int? {
    let scratch = objects.newTemporaryPath()
    let objects = objects
    return try await offload { () throws(StoreError) in
      defer { try? Directory.remove(scratch) }
      let bytes: Int?
      do throws(SegmentError) { bytes = try body(scratch) } catch {
        if case .system(let reason) = error { throw .system(reason) }
        throw .corrupt(subject: name, what: error.description)
      }
      guard let bytes else { return nil }
      do throws(SystemError) { try File(scratch, .readWrite).sync() } catch { throw .system(error) }
      guard try objects.adopt(scratch, as: name) else { throw .corrupt(subject: name, what: "an object of that name is there already") }
      return bytes
    }
  }
}

/// The segments and bitmaps that were in the store before a generation was committed.
struct Listing: Sendable {
  fileprivate let names: [String]
}

/// A moment by both clocks.
struct Moment: Sendable {
  /// Milliseconds of a clock that never goes back.
  let monotonic: UInt64
  /// Milliseconds since 1970.
  let unix: UInt64

  static var now: Moment { Moment(monotonic: monotonicNow() / 1_000_000, unix: unixMilliseconds()) }
}

/// A name that no object ever had.
func newObjectName() -> String { hexadecimal(randomBytes(12)) }
