import Platform

/// Numbered generations in an object store, each committed by put-if-absent of its number, which is the fence between writers.
///
/// Collection first advances a durable boundary, and a writer reads the boundary after it has created its manifest: so a stalled writer that creates
/// a number anew that was used and collected finds out that it lost.
public struct ManifestLog: Sendable {
  private let store: any ObjectStore

  public init(_ store: any ObjectStore) { self.store = store }

  /// The object name of a generation's manifest.
  public static func name(_ generation: UInt64) -> String { "manifests/" + digits(generation) }
  private static func boundaryName(_ generation: UInt64) -> String { "boundaries/" + digits(generation) }

  private static func digits(_ number: UInt64) -> String {
    let text = String(number)
    return String(repeating: "0", count: 20 - text.count) + text
  }

  private func numbers(_ folder: String) async throws(StoreError) -> [UInt64] {
    var result: [UInt64] = []
    var after = ""
    while true {
      let page = try await store.list(folder, after: after, limit: 1000)
      for object in page {
        guard let number = UInt64(object.name.dropFirst(folder.count)) else {
          throw .corrupt(subject: object.name, what: "the name is no generation number")
        }
        result.append(number)
      }
      guard page.count == 1000, let last = page.last else { return result }
      after = last.name
    }
  }

  /// Generations up to this one may have been collected, and none of them is valid again. 0 at first.
  public func boundary() async throws(StoreError) -> UInt64 { try await numbers("boundaries/").max() ?? 0 }

  /// The newest generation and its manifest's bytes; nil when there is none.
  public func newest() async throws(StoreError) -> (generation: UInt64, bytes: [UInt8])? {
    guard let generation = try await numbers("manifests/").max() else { return nil }
    return (generation, try await store.get(Self.name(generation), nil))
  }

  /// Commits `bytes` as `generation`. Throws `.fenced` when another writer has committed that number, or it was collected.
  public func commit(_ generation: UInt64, _ bytes: [UInt8]) async throws(StoreError) {
    guard try await store.putIfAbsent(Self.name(generation), bytes) else {
      throw .fenced("generation \(generation) was committed by another index process; this one must stop")
    }
    let boundary = try await boundary()
    if generation <= boundary {
      try await store.delete(Self.name(generation))
      throw .fenced("generation \(generation) lies at or below the collected boundary \(boundary); this index process must stop")
    }
  }

  /// Deletes all manifests but the newest `keeping`, after advancing the boundary. Returns the generations that are left.
  public func collect(keeping: Int) async throws(StoreError) -> [UInt64] {
    let all = try await numbers("manifests/").sorted()
    guard all.count > keeping else { return all }
    let old = all.dropLast(keeping)
    guard let last = old.last else { return all }
    _ = try await store.putIfAbsent(Self.boundaryName(last), [])
    for number in try await numbers("boundaries/") where number < last { try await store.delete(Self.boundaryName(number)) }
    for number in old { try await store.delete(Self.name(number)) }
    return Array(all.suffix(keeping))
  }
}
