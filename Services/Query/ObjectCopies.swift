import Engine
import Logging
import Operations
import Platform
import Store
import Synchronization
import Transport
import Wire

/// The copies of the index's objects in this node's directory. Every one was synced and checked before it got its name.
final class ObjectCopies: Sendable {
  /// Bytes that are asked for at a time.
  private static let pieceBytes: UInt64 = 8 << 20
  /// The time in which a piece must come.
  private static let pieceTime = Duration.seconds(60)
  /// Objects that are copied at the same time.
  private static let width = 4

  private struct Wanted {
    var tickets: [StoredObject: UInt64] = [:]
    var last: UInt64 = 0
  }

  private let store: DirectoryStore
  /// Keeps a second process out of the directory as long as it is open.
  private let lock: File
  private let source: Client
  private let gate = Gate(width)
  private let wanted = Mutex(Wanted())

  /// Opens the directory `data`, made when missing. Throws `.fenced` when another process uses it.
  init(_ data: String, source: Client) throws(StoreError) {
    do throws(SystemError) {
      try Directory.make(data)
      lock = try File(data + "/lock", .readWrite)
    } catch { throw .system(error) }
    guard lock.lock(within: 1000) else {
      throw .fenced("\(data) is locked: another process keeps its copies there; give each node its own")
    }
    store = try DirectoryStore(data + "/objects")
    self.source = source
  }

  /// The copies of an earlier run; those that are damaged are removed.
  func open(_ logger: Logger) async throws(StoreError) -> [StoredObject: IndexObject] {
    var found: [StoredObject: IndexObject] = [:]
    for object in try await store.list("", after: "", limit: .max) {
      do throws(StoreError) { found[object] = try await opened(object) } catch {
        logger.warning("a damaged copy is removed", metadata: ["object": "\(object.name)", "reason": "\(error)"])
        try await store.delete(object.name)
      }
    }
    return found
  }

  /// Opens an object's file anew and checks it. Throws `.corrupt`.
  func opened(_ object: StoredObject) async throws(StoreError) -> IndexObject {
    let path = try store.path(object.name)
    return try await offload { () throws(StoreError) in
      let size: UInt64
      do throws(SystemError) { size = try Directory.size(path) } catch { throw .system(error) }
      guard size == object.size else { throw .corrupt(subject: object.name, what: "it has \(size) bytes, not \(object.size)") }
      do throws(SegmentError) { return try IndexObject(path) } catch { throw .corrupt(subject: object.name, what: error.description) }
    }
  }

  /// Removes a copy, which may still be mapped. One that cannot be removed is found again at the next start.
  func drop(_ object: StoredObject) async { try? await store.delete(object.name) }

  // MARK: What is wanted

  /// A ticket for copying an object, good until `abandon` or the next ticket.
  func want(_ object: StoredObject) -> UInt64 {
    wanted.withLock { wanted in
      wanted.last += 1
      wanted.tickets[object] = wanted.last
      return wanted.last
    }
  }

  func abandon(_ object: StoredObject) { wanted.withLock { $0.tickets[object] = nil } }

  func isWanted(_ object: StoredObject, _ ticket: UInt64) -> Bool { wanted.withLock { $0.tickets[object] == ticket } }

  // MARK: Copying

  /// Copies an object here and opens it; nil when its ticket is not good any more. Throws what failed; nothing is left behind then.
  func fetch(_ object: StoredObject, _ ticket: UInt64) async throws(StoreError) -> IndexObject? {
    try await gate.run { () async throws(StoreError) in
      let scratch = store.newTemporaryPath()
      defer { try? Directory.remove(scratch) }
      guard try await copy(object, to: scratch, ticket) else { return nil }
      let store = store
      try await offload { () throws(StoreError) in
        do throws(SystemError) { try File(scratch, .readWrite).sync() } catch { throw .system(error) }
        // A file of that name is an abandoned copy's: checked below like this one.
        _ = try store.adopt(scratch, as: object.name)
      }
      do throws(StoreError) { return try await opened(object) } catch {
        try await store.delete(object.name)
        throw error
      }
    }
  }

  private func copy(_ object: StoredObject, to path: String, _ ticket: UInt64) async throws(StoreError) -> Bool {
    let file: File
    do throws(SystemError) { file = try File(path, .create) } catch { throw .system(error) }
    var offset: UInt64 = 0
    while offset < object.size {
      guard isWanted(object, ticket), !Task.isCancelled else { return false }
      let length = min(Self.pieceBytes, object.size - offset)
      let request = GetObjectRequest(name: object.name, offset: offset, length: length)
      let end = offset + length
      do throws(CallError) {
        let stream = try await source.open(.getObject, body: request.encoded, deadline: Self.pieceTime)
        let reply = try GetObjectReply(reply: await stream.reply())
        guard reply.size == object.size, reply.offset == offset, reply.length == length else {
          throw CallError(.internal, "the index has \(reply.size) bytes of \(object.name), the manifest says \(object.size)")
        }
        for try await chunk in stream.incoming {
          guard UInt64(chunk.count) <= end - offset else { throw CallError(.internal, "the index sent more bytes than it announced") }
          do throws(SystemError) { try file.write(Array(chunk), at: offset) } catch { throw CallError(storing: .system(error)) }
          offset += UInt64(chunk.count)
        }
      } catch { throw .unreachable("\(error)") }
      guard offset == end else { throw .unreachable("the index sent fewer bytes of \(object.name) than it announced") }
    }
    return true
  }
}
