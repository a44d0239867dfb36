import Engine
import Platform
import Store
import Wire

/// An object of the index that is here, whole and checked.
enum IndexObject: Sendable {
  case segment(SegmentReader)
  case deletions(DeletionBitmap)

  /// The longest deletion bitmap, bytes: that of the largest segment.
  private static let bitmapLimit: UInt64 = 64 << 20

  /// Opens the object at `path` and checks all its checksums. Blocks. Throws `SegmentError`.
  init(_ path: String) throws(SegmentError) {
    do throws(SegmentError) { self = .segment(try SegmentReader(path)) } catch {
      // What is no segment is a bitmap, or else damaged as a segment.
      guard let bytes = Self.bitmapBytes(path) else { throw error }
      let failure = error
      do throws(SegmentError) { self = .deletions(try DeletionBitmap(bytes, subject: path)) } catch {
        if case .foreign = error { throw failure }
        throw error
      }
    }
  }

  /// The file's bytes, when it can be one with a bitmap.
  private static func bitmapBytes(_ path: String) -> [UInt8]? {
    guard let file = try? File(path, .read), let size = try? file.size(), size <= bitmapLimit else { return nil }
    return try? file.read(at: 0, count: Int(size))
  }
}

/// One generation of the index, from which searches are answered: immutable, and there until the last search that began with it has ended.
final class Generation: Sendable {
  let manifest: ManifestMessage
  /// What each clearance sees, from the lowest: the segments of its classes, with the statistics of these alone.
  private let views: [IndexView]
  private let released: @Sendable () -> Void

  var number: UInt64 { manifest.generation }
  /// Of all its objects.
  let bytes: UInt64

  /// - Parameter released: called when nobody answers from this generation any more.
  /// Throws `.corrupt` when an object is not what the manifest says.
  init(_ manifest: ManifestMessage, _ objects: [StoredObject: IndexObject], released: @escaping @Sendable () -> Void) throws(StoreError) {
    typealias Segment = (reader: SegmentReader, deletions: DeletionBitmap?)
    var segments: [DistributionClass: [Segment]] = [:]
    var bytes: UInt64 = 0
    for entry in manifest.segments {
      guard case .segment(let reader)? = objects[entry.object], reader.documents == Int(entry.documents) else {
        throw .corrupt(
          subject: entry.name, what: "it is no segment of \(entry.documents) documents, as generation \(manifest.generation) says")
      }
      bytes += entry.bytes
      guard let object = try entry.deletionsObject else {
        segments[entry.distributionClass, default: []].append((reader, nil))
        continue
      }
      guard case .deletions(let bitmap)? = objects[object], bitmap.documents == reader.documents, bitmap.deleted == Int(entry.deleted)
      else {
        throw .corrupt(
          subject: object.name,
          what: "it does not delete \(entry.deleted) documents of \(entry.name), as generation \(manifest.generation) says")
      }
      bytes += object.size
      segments[entry.distributionClass, default: []].append((reader, bitmap))
    }
    self.manifest = manifest
    self.bytes = bytes
    self.released = released
    // Class after class, each in the journal's order: documents of equal rank are then in an order that those of higher classes do not change.
    var visible: [Segment] = []
    views = DistributionClass.allCases.map { distribution in
      visible += segments[distribution] ?? []
      return IndexView(visible)
    }
    let documents = view(for: .strictlyConfidential).documents
    guard documents == Int(manifest.documents) else {
      throw .corrupt(subject: "generation \(manifest.generation)", what: "it has \(documents) documents, not \(manifest.documents)")
    }
  }

  /// All that a caller may know of the index: documents of other classes are not in it, nor in its counts and statistics.
  func view(for clearance: DistributionClass) -> IndexView { views[Int(clearance.rawValue) - 1] }

  deinit { released() }
}

extension SegmentEntry {
  /// That of all its documents; the highest when the manifest does not say.
  var distributionClass: DistributionClass { DistributionClass(number: distribution) }

  /// The segment.
  var object: StoredObject { StoredObject(name: name, size: bytes) }

  /// The deletion bitmap; nil when there is none. Throws `.corrupt` when the segment is larger than there are any.
  var deletionsObject: StoredObject? {
    get throws(StoreError) {
      if deletions.isEmpty { return nil }
      guard documents <= 1 << 28 else { throw .corrupt(subject: name, what: "the manifest claims \(documents) documents") }
      return StoredObject(name: deletions, size: UInt64(DeletionBitmap.encodedLength(documents: Int(documents))))
    }
  }
}

extension ManifestMessage {
  /// What it needs. Throws `.corrupt`.
  var objects: Set<StoredObject> {
    get throws(StoreError) {
      var objects: Set<StoredObject> = []
      for entry in segments {
        objects.insert(entry.object)
        if let deletions = try entry.deletionsObject { objects.insert(deletions) }
      }
      return objects
    }
  }
}
