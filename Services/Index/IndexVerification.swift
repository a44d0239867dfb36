import ChanceryClient
import Documents
import Engine
import Platform
import Store
import Wire

/// Reads a generation back from the store and checks that it is what its manifest says.
struct IndexVerification: Sendable {
  /// Problems that are listed; more are only counted.
  private static let problemLimit = 100

  private let objects: DirectoryStore
  private var problems: [String] = []
  private var problemCount = 0
  private var checked: UInt64 = 0

  init(_ objects: DirectoryStore) { self.objects = objects }

  /// A segment of the generation that could be opened, and what is deleted in it.
  private struct Part: Sendable {
    let name: String
    let reader: SegmentReader
    let deletions: DeletionBitmap
    let distribution: DistributionClass
  }

  /// - Parameter newest: the manifest that is in force; nil when nothing was committed yet. Its objects must not be removed meanwhile.
  func run(_ newest: ManifestMessage?) async -> VerifyReply {
    var verification = self
    if let newest { await verification.check(newest) }
    return verification.reply(newest ?? ManifestMessage())
  }

  private func reply(_ manifest: ManifestMessage) -> VerifyReply {
    let hidden = problemCount - problems.count
    return VerifyReply(
      clean: problems.isEmpty, checked: checked, problems: problems + (hidden > 0 ? ["and \(hidden) more"] : []),
      figures: [
        Figure(name: "generation", value: "\(manifest.generation)"), Figure(name: "documents", value: "\(manifest.documents)"),
        Figure(name: "segments", value: "\(manifest.segments.count)"),
      ])
  }

  private mutating func fail(_ problem: String) {
    problemCount += 1
    if problems.count < Self.problemLimit { problems.append(problem) }
  }

  private mutating func check(_ newest: ManifestMessage) async {
    let name = ManifestLog.name(newest.generation)
    checked += 1
    do throws(StoreError) {
      let stored = try ManifestMessage(checked: try await objects.get(name, nil), subject: name)
      if stored != newest { fail("\(name) is not the manifest that is in force") }
    } catch { fail("\(error)") }
    var parts: [Part] = []
    for entry in newest.segments { if let part = await open(entry) { parts.append(part) } }
    // What could not be opened was said; the sums would only say it again.
    guard parts.count == newest.segments.count else { return }
    let (verification, found) = (self, parts)
    self = await offload {
      var verification = verification
      for index in found.indices { verification.checkDocuments(found, index) }
      return verification
    }
    let live = parts.reduce(0) { $0 + $1.reader.documents - $1.deletions.deleted }
    if live != Int(newest.documents) { fail("\(name) counts \(newest.documents) documents, its segments hold \(live)") }
  }

  /// Opens a segment, which checks every byte of it, and its bitmap.
  private mutating func open(_ entry: SegmentEntry) async -> Part? {
    let objects = objects
    do {
      checked += 1
      let size = try await objects.size(entry.name)
      if size != entry.bytes { fail("\(entry.name) has \(size) bytes, not \(entry.bytes)") }
      let path = try objects.path(entry.name)
      let reader = try await offload { () throws(SegmentError) in try SegmentReader(path) }
      guard reader.documents == Int(entry.documents) else {
        fail("\(entry.name) holds \(reader.documents) documents, not \(entry.documents)")
        return nil
      }
      var deletions = DeletionBitmap(documents: reader.documents)
      if !entry.deletions.isEmpty {
        checked += 1
        deletions = try DeletionBitmap(try await objects.get(entry.deletions, nil), subject: entry.deletions)
      }
      guard deletions.documents == reader.documents, deletions.deleted == Int(entry.deleted) else {
        fail("\(entry.deletions) marks \(deletions.deleted) of \(deletions.documents), not \(entry.deleted) of \(entry.documents)")
        return nil
      }
      return Part(
        name: entry.name, reader: reader, deletions: deletions, distribution: DistributionClass(number: entry.distribution))
    } catch {
      fail("\(entry.name): \(error)")
      return nil
    }
  }

  /// Every live document can be read, is found by its id, is of its segment's class, and lives nowhere else.
  private mutating func checkDocuments(_ parts: [Part], _ index: Int) {
    let part = parts[index]
    for document in 0..<UInt32(part.reader.documents) where !part.deletions.contains(document) {
      checked += 1
      do throws(SegmentError) {
        let message = try part.reader.message(document)
        let id = message.id
        if DistributionClass(distribution: message.distribution) != part.distribution {
          fail("document \(hexadecimal(id)) of \(part.name) is not \(part.distribution.name), as its segment is")
        }
        if part.reader.find(id: id) != document { fail("\(part.name): document \(document) is not found by its id") }
        for (other, elsewhere) in parts.enumerated() where other > index {
          if let twin = elsewhere.reader.find(id: id), !elsewhere.deletions.contains(twin) {
            fail("document \(hexadecimal(id)) lives in both \(part.name) and \(elsewhere.name)")
          }
        }
      } catch { fail("\(error)") }
    }
  }
}

extension SegmentReader {
  /// The message stored with a document. Throws `.corrupt`.
  func message(_ document: UInt32) throws(SegmentError) -> DocumentMessage {
    let bytes = try stored(document)
    do throws(CodecError) { return try DocumentMessage(decoding: bytes) } catch {
      throw .corrupt(subject: subject, what: "stored document \(document): \(error)")
    }
  }
}
