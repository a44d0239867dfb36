import Engine
import Operations
import Platform
import Store
import Wire

/// What a node says about itself, and how it checks itself.
extension QueryHandler {
  func status(for clearance: DistributionClass) -> StatusReply {
    guard clearance.seesEverything else { return StatusReply(service: "query", version: softwareVersion) }
    let standing = replica.standing
    let manifest = standing.generation?.manifest ?? ManifestMessage()
    var figures = [
      Figure(name: "generation", value: "\(manifest.generation)"),
      Figure(name: "generations behind", value: "\(standing.newest - min(standing.newest, manifest.generation))"),
      Figure(name: "documents", value: "\(manifest.documents)"), Figure(name: "segments", value: "\(manifest.segments.count)"),
      Figure(name: "copied", value: "\(standing.generation?.bytes ?? 0)", unit: "bytes"),
      Figure(name: "journal entries", value: "\(manifest.journalSequence)"),
      Figure(name: "index", value: standing.lost.map { "not reached: \($0)" } ?? "watched"),
    ]
    if manifest.createdMs > 0 {
      let age = unixMilliseconds() - min(unixMilliseconds(), manifest.createdMs)
      figures.append(Figure(name: "generation's age", value: "\(age / 1000)", unit: "seconds"))
    }
    return StatusReply(service: "query", version: softwareVersion, figures: figures)
  }

  /// Opens every object of the active generation anew, which checks every checksum, checks order and bounds of all in the segments, and compares
  /// their counts with the manifest's.
  func verify() async throws(CallError) -> VerifyReply {
    let generation = try replica.generation()
    var problems: [String] = []
    var objects: [StoredObject: IndexObject] = [:]
    do throws(StoreError) {
      for object in try generation.manifest.objects.sorted(by: { $0.name < $1.name }) where !Task.isCancelled {
        do throws(StoreError) {
          let copy = try await replica.copies.opened(object)
          objects[object] = copy
          problems += try await Self.problems(copy, object)
        } catch { problems.append(error.description) }
      }
      if problems.isEmpty { _ = try Generation(generation.manifest, objects, released: {}) }
    } catch { problems.append(error.description) }
    if Task.isCancelled { throw .stopped }
    return VerifyReply(
      clean: problems.isEmpty, checked: UInt64(generation.manifest.segments.count), problems: problems,
      figures: [
        Figure(name: "generation", value: "\(generation.number)"), Figure(name: "documents", value: "\(generation.manifest.documents)"),
        Figure(name: "checked", value: "\(generation.bytes)", unit: "bytes"),
      ])
  }

  private static func problems(_ copy: IndexObject, _ object: StoredObject) async throws(StoreError) -> [String] {
    guard case .segment(let reader) = copy else { return [] }
    return try await offload { () throws(StoreError) in
      do throws(SegmentError) { return try reader.verify().map { "\(object.name): \($0)" } } catch {
        throw .corrupt(subject: object.name, what: error.description)
      }
    }
  }
}
