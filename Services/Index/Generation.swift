import Engine
import Store
import Wire

/// A generation of the index: which segments it has, what is deleted in them, and how far in the journal it goes.
struct Generation: Sendable, Hashable {
  /// An immutable segment with the deletions that this generation sees in it.
  struct Segment: Sendable, Hashable {
    /// The segment's object name.
    let name: String
    let bytes: UInt64
    /// That of all its documents, so that what a caller may see is some segments and not others.
    let distribution: DistributionClass
    var deletions: DeletionBitmap
    /// The object name of `deletions`; empty when nothing is deleted.
    var deletionsName = ""

    /// All documents it holds, deleted ones too.
    var documents: Int { deletions.documents }
    var live: Int { documents - deletions.deleted }

    var entry: SegmentEntry {
      SegmentEntry(
        name: name, bytes: bytes, documents: UInt32(documents), deleted: UInt32(deletions.deleted), deletions: deletionsName,
        distribution: UInt32(distribution.rawValue))
    }
  }

  /// 0 before anything was committed.
  var number: UInt64 = 0
  /// Every journal entry up to this one is in.
  var journalSequence: UInt64 = 0
  var journalID = ""
  var segments: [Segment] = []
  var createdMs: UInt64 = 0
  var boundary: UInt64 = 0

  init() {}

  /// - Parameter bitmaps: the deletion bitmaps that the manifest names, by object name.
  /// Throws `.corrupt` when they do not fit what the manifest says.
  init(_ manifest: ManifestMessage, bitmaps: [String: DeletionBitmap]) throws(StoreError) {
    number = manifest.generation
    journalSequence = manifest.journalSequence
    journalID = manifest.journalID
    createdMs = manifest.createdMs
    boundary = manifest.boundary
    for entry in manifest.segments {
      let bitmap = entry.deletions.isEmpty ? DeletionBitmap(documents: Int(entry.documents)) : bitmaps[entry.deletions]
      guard let bitmap, bitmap.documents == Int(entry.documents), bitmap.deleted == Int(entry.deleted) else {
        throw .corrupt(subject: ManifestLog.name(number), what: "the deletions of \(entry.name) are not those that it counts")
      }
      segments.append(
        Segment(
          name: entry.name, bytes: entry.bytes, distribution: DistributionClass(number: entry.distribution), deletions: bitmap,
          deletionsName: entry.deletions))
    }
    guard documents == Int(manifest.documents) else {
      throw .corrupt(subject: ManifestLog.name(number), what: "its segments hold \(documents) documents, not \(manifest.documents)")
    }
  }

  /// Live documents.
  var documents: Int { segments.reduce(0) { $0 + $1.live } }

  /// With its checksum.
  var manifest: ManifestMessage {
    ManifestMessage(
      generation: number, journalSequence: journalSequence, journalID: journalID, segments: segments.map(\.entry),
      documents: UInt64(documents), createdMs: createdMs, boundary: boundary
    ).sealed
  }
}

extension ManifestMessage {
  /// The objects that the generation needs.
  var objects: Set<String> { Set(segments.flatMap { [$0.name, $0.deletions] }.filter { !$0.isEmpty }) }
}
