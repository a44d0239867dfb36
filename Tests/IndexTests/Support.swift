import Documents
import Engine
import Platform
import Store
import Synchronization
import Testing
import Wire

@testable import chancery_index

/// The id of the n-th document.
func id(_ number: Int) -> DocumentID {
  // Sixteen bytes are an id.
  DocumentID(bytes: [UInt8](repeating: 0, count: 8) + (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) })!
}

/// A journal entry that puts a document, or deletes it.
func change(_ sequence: UInt64, _ document: Int, deletes: Bool = false, _ distribution: DistributionClass = .general) -> Change {
  if deletes { return Change(sequence: sequence, id: id(document), kind: .deletion) }
  var indexed = IndexedDocument(id: id(document).bytes)
  indexed.stored = (0..<8).map { UInt8(truncatingIfNeeded: sequence >> (56 - 8 * $0)) }
  return Change(sequence: sequence, id: id(document), kind: .document(indexed, distribution))
}

/// Writes the segments of a batch, as the index writer does.
func written(_ batch: Batch, to store: GenerationStore<Process>) async throws -> [IndexMachine.NewSegment] {
  var segments: [IndexMachine.NewSegment] = []
  for (distribution, documents) in batch.documents {
    let bytes = PlainSegment(documents).bytes
    let name = IndexMachine.segmentName(newObjectName())
    try await store.put(name, bytes)
    segments.append(
      IndexMachine.NewSegment(name: name, bytes: UInt64(bytes.count), documents: documents.count, distribution: distribution))
  }
  return segments
}

/// Objects that outlive the processes that write them.
final class Disk: Sendable {
  fileprivate let objects = Mutex<[String: [UInt8]]>([:])
  subscript(name: String) -> [UInt8]? {
    get { objects.withLock { $0[name] } }
    set { objects.withLock { $0[name] = newValue } }
  }
  private let segments = Mutex<[String: PlainSegment]>([:])
  /// A segment that is there; kept when it was read once, for it never changes.
  func segment(_ name: String) -> PlainSegment? {
    guard let bytes = self[name] else { return nil }
    return segments.withLock { segments in
      let segment = segments[name] ?? PlainSegment(bytes)
      segments[name] = segment
      return segment
    }
  }
  /// The names that begin with `prefix`, in order.
  func names(_ prefix: String = "") -> [String] { objects.withLock { $0.keys.filter { $0.hasPrefix(prefix) }.sorted() } }
}

/// A process's way to the disk: it dies at the n-th operation that changes something, before or after it took effect.
final class Process: ObjectStore {
  let disk: Disk
  /// Operations left, and whether the one that kills still takes effect; nil = never.
  private let fuse: Mutex<(left: Int, takesEffect: Bool)?>

  /// Runs before each listing, as another process may at that moment.
  private let meanwhile: @Sendable () async throws -> Void

  init(
    _ disk: Disk, diesAt fuse: (left: Int, takesEffect: Bool)? = nil, meanwhile: @escaping @Sendable () async throws -> Void = {}
  ) {
    self.disk = disk
    self.meanwhile = meanwhile
    self.fuse = Mutex(fuse)
  }

  var isDead: Bool { fuse.withLock { ($0?.left ?? 0) < 0 } }

  private func change<R>(_ body: () -> R) throws(StoreError) -> R {
    let (runs, dies) = fuse.withLock { fuse in
      guard let now = fuse else { return (true, false) }
      fuse?.left -= 1
      return (now.left > 0 || now.left == 0 && now.takesEffect, now.left <= 0)
    }
    let result = runs ? body() : nil
    guard let result, !dies else { throw .closed("the process died") }
    return result
  }

  func get(_ name: String, _ range: Range<UInt64>?) async throws(StoreError) -> [UInt8] {
    guard let bytes = disk[name] else { throw .missing(name) }
    return bytes
  }
  func size(_ name: String) async throws(StoreError) -> UInt64 { UInt64(try await get(name, nil).count) }
  func putIfAbsent(_ name: String, _ bytes: [UInt8]) async throws(StoreError) -> Bool {
    try change {
      disk.objects.withLock { objects in
        guard objects[name] == nil else { return false }
        objects[name] = bytes
        return true
      }
    }
  }
  func list(_ prefix: String, after: String, limit: Int) async throws(StoreError) -> [StoredObject] {
    do { try await meanwhile() } catch { Issue.record(error) }
    return disk.names(prefix).filter { $0 > after }.prefix(limit).map { StoredObject(name: $0, size: 0) }
  }
  func delete(_ name: String) async throws(StoreError) {
    try change { disk.objects.withLock { objects in _ = objects.removeValue(forKey: name) } }
  }
}

/// A segment as the simulation writes it: each document's id and the sequence of its version.
struct PlainSegment: Sendable {
  var documents: [(id: DocumentID, sequence: UInt64)] = []

  init() {}

  init(_ batch: [IndexedDocument]) {
    documents = batch.map { document in
      // The test's own documents have sixteen bytes of id.
      (DocumentID(bytes: document.id)!, document.stored.reduce(0) { $0 << 8 | UInt64($1) })
    }
  }

  init(_ bytes: [UInt8]) {
    for start in stride(from: 0, to: bytes.count, by: 24) {
      // Sixteen bytes are an id.
      documents.append((DocumentID(bytes: bytes[start..<start + 16])!, bytes[start + 16..<start + 24].reduce(0) { $0 << 8 | UInt64($1) }))
    }
  }

  var bytes: [UInt8] {
    documents.flatMap { document in document.id.bytes + (0..<8).map { UInt8(truncatingIfNeeded: document.sequence >> (56 - 8 * $0)) } }
  }
}

/// The segments of a generation as a process has mapped them: they stay readable when their objects are removed.
struct PlainSegments: SegmentLookup {
  private var segments: [String: PlainSegment] = [:]

  mutating func map(_ generation: Generation, _ disk: Disk) {
    let names = generation.segments.map(\.name)
    segments = segments.filter { names.contains($0.key) }
    for name in names where segments[name] == nil { segments[name] = disk.segment(name) }
  }

  func find(_ id: DocumentID, in segment: String) -> UInt32? { segments[segment]?.documents.firstIndex { $0.id == id }.map { UInt32($0) } }

  /// What the engine's merger makes of them.
  func merged(_ merge: IndexMachine.Merge) -> [UInt8] {
    var result = PlainSegment()
    for source in merge.sources {
      for (number, document) in (segments[source.name]?.documents ?? []).enumerated()
      where !source.deletions.contains(UInt32(number)) { result.documents.append(document) }
    }
    return result.bytes
  }
}

/// What the newest generation on a disk answers with: each live document's version, and what is wrong with the generation.
func contents(_ disk: Disk) throws -> (generation: ManifestMessage, live: [DocumentID: UInt64], problems: [String]) {
  guard let name = disk.names("manifests/").last, let bytes = disk[name] else {
    return (ManifestMessage(), [:], [])
  }
  let manifest = try ManifestMessage(checked: bytes, subject: name)
  var (live, problems): ([DocumentID: UInt64], [String]) = ([:], [])
  var last: [UInt32: UInt64] = [:]
  for entry in manifest.segments {
    guard let segment = disk.segment(entry.name) else {
      problems.append("\(entry.name) is gone")
      continue
    }
    var deletions = DeletionBitmap(documents: segment.documents.count)
    if !entry.deletions.isEmpty {
      guard let bytes = disk[entry.deletions] else {
        problems.append("\(entry.deletions) is gone")
        continue
      }
      deletions = try DeletionBitmap(bytes, subject: entry.deletions)
    }
    if Int(entry.documents) != segment.documents.count || Int(entry.deleted) != deletions.deleted {
      problems.append("the counts of \(entry.name)")
    }
    for (number, document) in segment.documents.enumerated() where !deletions.contains(UInt32(number)) {
      if live.updateValue(document.sequence, forKey: document.id) != nil { problems.append("\(document.id) lives twice") }
      if document.sequence <= last[entry.distribution] ?? 0 { problems.append("\(document.id) is not in the journal's order in its class") }
      last[entry.distribution] = document.sequence
    }
  }
  if live.count != Int(manifest.documents) { problems.append("\(manifest.documents) documents are counted, \(live.count) live") }
  return (manifest, live, problems)
}
