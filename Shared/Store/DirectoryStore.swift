import Platform

/// Objects as files under one directory: the embedded default.
///
/// An object is written to a temporary name, synced, then linked to its own name, which is atomic and fails when the name is taken; the directory
/// is synced before the answer. Temporary files of an earlier run are removed when the store opens.
public struct DirectoryStore: ObjectStore {
  /// The directory.
  public let root: String
  private var temporary: String { root + "/.tmp" }

  /// Opens the store at `root`, made when missing. Throws `.system`.
  public init(_ root: String) throws(StoreError) {
    self.root = root
    do throws(SystemError) {
      try Directory.make(root + "/.tmp")
      for name in try Directory.names(root + "/.tmp") { try Directory.remove(root + "/.tmp/" + name) }
    } catch { throw .system(error) }
  }

  /// The path of the object's file, for mapping. Throws `.badName`.
  public func path(_ name: String) throws(StoreError) -> String {
    try checkObjectName(name)
    return root + "/" + name
  }

  public func get(_ name: String, _ range: Range<UInt64>?) async throws(StoreError) -> [UInt8] {
    let path = try path(name)
    return try await offload { () throws(StoreError) in
      do throws(SystemError) {
        let file = try File(path, .read)
        let size = try file.size()
        let range = range ?? 0..<size
        let end = min(range.upperBound, size)
        guard range.lowerBound < end else { return [] }
        return try file.read(at: range.lowerBound, count: Int(end - range.lowerBound))
      } catch { throw error.isMissing ? .missing(name) : .system(error) }
    }
  }

  public func size(_ name: String) async throws(StoreError) -> UInt64 {
    let path = try path(name)
    do throws(SystemError) { return try Directory.size(path) } catch { throw error.isMissing ? .missing(name) : .system(error) }
  }

  public func putIfAbsent(_ name: String, _ bytes: [UInt8]) async throws(StoreError) -> Bool {
    let scratch = newTemporaryPath()
    return try await offload { () throws(StoreError) in
      do throws(SystemError) {
        let file = try File(scratch, .create)
        try file.write(bytes, at: 0)
        try file.sync()
      } catch {
        try? Directory.remove(scratch)
        throw .system(error)
      }
      return try adopt(scratch, as: name)
    }
  }

  /// A path for a file that `adopt` will make an object; on the same file system as the objects.
  public func newTemporaryPath() -> String { temporary + "/" + hexadecimal(randomBytes(12)) }

  /// Makes the synced file at `scratch` the object `name`, durably, and removes the name `scratch`; false when the object is there already. Blocks.
  public func adopt(_ scratch: String, as name: String) throws(StoreError) -> Bool {
    defer { try? Directory.remove(scratch) }
    let path = try path(name)
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    do throws(SystemError) {
      var made = false
      if !Directory.exists(folder) {
        try Directory.make(folder)
        made = true
      }
      try Directory.link(scratch, path)
      try Directory.sync(folder)
      if made { try syncParents(of: folder) }
      return true
    } catch {
      if error.exists { return false }
      throw .system(error)
    }
  }

  private func syncParents(of folder: String) throws(SystemError) {
    var path = folder[...]
    while path.count > root.count, let slash = path.lastIndex(of: "/") {
      path = path[..<slash]
      try Directory.sync(String(path))
    }
  }

  public func list(_ prefix: String, after: String, limit: Int) async throws(StoreError) -> [StoredObject] {
    try await offload { () throws(StoreError) in
      do throws(SystemError) {
        var found: [StoredObject] = []
        // The deepest whole folder of the prefix is where every match lies.
        let folder = prefix.lastIndex(of: "/").map { String(prefix[...$0]) } ?? ""
        if !folder.isEmpty { do throws(StoreError) { try checkObjectName(String(folder.dropLast())) } catch { return [] } }
        guard Directory.exists(root + "/" + folder) else { return [] }
        try collect(folder, prefix, &found)
        found.sort { $0.name < $1.name }
        return Array(found.lazy.filter { $0.name > after }.prefix(limit))
      } catch { throw .system(error) }
    }
  }

  private func collect(_ folder: String, _ prefix: String, _ found: inout [StoredObject]) throws(SystemError) {
    for name in try Directory.names(root + "/" + folder) where !name.hasPrefix(".") {
      let full = folder + name
      if name.hasSuffix("/") {
        if full.hasPrefix(prefix) || prefix.hasPrefix(full) { try collect(full, prefix, &found) }
      } else if full.hasPrefix(prefix) {
        // An object may be deleted between the listing and here: then it is simply no longer listed.
        do throws(SystemError) { found.append(StoredObject(name: full, size: try Directory.size(root + "/" + full))) } catch {
          if !error.isMissing { throw error }
        }
      }
    }
  }

  public func delete(_ name: String) async throws(StoreError) {
    let path = try path(name)
    do throws(SystemError) { try Directory.remove(path) } catch { if !error.isMissing { throw .system(error) } }
  }
}
