import Catalogue
import ChanceryClient
import Documents
import Engine
import Foundation
import Logging
import Platform
import Store
import Synchronization
import Transport
import Wire

/// What a query node sees of an index: real segments in a real store, and manifests that a test publishes when it wants.
final class SmallIndex: RequestHandler {
  private struct State {
    var newest: ManifestMessage?
    var watchers: [UUID: AsyncStream<ManifestMessage>.Continuation] = [:]
    var fetches: [String: Int] = [:]
    var damages: [String: Int] = [:]
  }

  private let store: DirectoryStore
  private let state = Mutex(State())

  init(_ folder: String) throws { store = try DirectoryStore(folder) }

  /// How often a node has asked for an object from its beginning.
  func fetches(_ name: String) -> Int { state.withLock { $0.fetches[name] ?? 0 } }
  /// The next `times` copies of an object get a wrong byte on the way.
  func damage(_ name: String, times: Int) { state.withLock { $0.damages[name] = times } }

  /// Makes a segment of documents, which are of one class, an object.
  func add(_ documents: [Document], as name: String, _ distribution: DistributionClass = .general) async throws -> SegmentEntry {
    var builder = SegmentBuilder()
    for document in documents { try builder.add(IndexedDocument(document, stored: document.message.encoded)) }
    let bytes = try builder.finish()
    _ = try await store.putIfAbsent(name, bytes)
    return SegmentEntry(
      name: name, bytes: UInt64(bytes.count), documents: UInt32(documents.count), distribution: UInt32(distribution.rawValue))
  }

  /// The same segment without some of its documents.
  func delete(_ numbers: [UInt32], of entry: SegmentEntry, as name: String) async throws -> SegmentEntry {
    var bitmap = DeletionBitmap(documents: Int(entry.documents))
    for number in numbers { bitmap.insert(number) }
    _ = try await store.putIfAbsent(name, bitmap.encoded())
    var entry = entry
    entry.deleted = UInt32(bitmap.deleted)
    entry.deletions = name
    return entry
  }

  /// Publishes a generation. `hasRightSum` false = its checksum is wrong.
  func publish(_ generation: UInt64, _ segments: [SegmentEntry], hasRightSum: Bool = true) {
    let documents = segments.reduce(0) { $0 + UInt64($1.documents - $1.deleted) }
    var manifest = ManifestMessage(generation: generation, segments: segments, documents: documents, createdMs: unixMilliseconds())
    manifest = manifest.sealed
    if !hasRightSum { manifest.checksum ^= 1 }
    let published = manifest
    state.withLock { state in
      state.newest = published
      for watcher in state.watchers.values { watcher.yield(published) }
    }
  }

  func handle(_ call: ServerCall) async throws(CallError) {
    switch call.method {
    case .watchManifest: try await watch(call)
    case .getObject:
      let request = try GetObjectRequest(request: call.body)
      let isDamaged = state.withLock { state in
        if request.offset == 0 { state.fetches[request.name, default: 0] += 1 }
        guard let left = state.damages[request.name], left > 0 else { return false }
        state.damages[request.name] = left - 1
        return true
      }
      if isDamaged { try await sendDamaged(call, request) } else { try await call.sendObject(from: store) }
    default: throw CallError(.unimplemented, "not here", processed: .no)
    }
  }

  private func watch(_ call: ServerCall) async throws(CallError) {
    call.reply(WatchManifestReply(), last: false)
    let (manifests, send) = AsyncStream.makeStream(of: ManifestMessage.self)
    let id = UUID()
    state.withLock { state in
      if let newest = state.newest { send.yield(newest) }
      state.watchers[id] = send
    }
    defer { state.withLock { $0.watchers[id] = nil } }
    for await manifest in manifests { try await call.send(delimited(manifest)) }
  }

  private func sendDamaged(_ call: ServerCall, _ request: GetObjectRequest) async throws(CallError) {
    var bytes: [UInt8]
    do throws(StoreError) { bytes = try await store.get(request.name, nil) } catch { throw CallError(storing: error) }
    bytes[bytes.count / 2] ^= 0x40
    call.reply(GetObjectReply(size: UInt64(bytes.count), offset: 0, length: UInt64(bytes.count)), last: false)
    try await call.send(bytes)
    call.finish()
  }
}

extension Deployment {
  /// Serves an index while `body` runs.
  func serving<R>(_ index: SmallIndex, port: Int = 0, _ body: (Int) async throws -> R) async throws -> R {
    var configuration = ServerConfiguration(
      host: "127.0.0.1", port: port, identity: identity("index"), software: "small-index/1", cluster: "test")
    configuration.drainTimeout = .milliseconds(100)
    let server = try Server(configuration: configuration, logger: Logger(label: "test"), handler: index)
    let port = try await server.start()
    return try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await server.run() }
      defer { server.beginShutdown() }
      return try await body(port)
    }
  }

  /// Starts a query node whose copies are in the directory `name`.
  func startQuery(index: Int, as name: String = "data-query", port: Int = 0) throws -> (process: Process, port: Int) {
    try start("query", ["--index", "127.0.0.1:\(index)", "--data", path(name), "--listen", "127.0.0.1:\(port)"])
  }

  /// Runs the `chancery` command as `name` and returns what it printed; throws `SetupFailure` with it when it fails.
  func command(_ arguments: [String], as name: String) throws -> String {
    let options = ["--certificate", path("\(name).crt"), "--key", path("\(name).key"), "--ca", path("ca.crt"), "--cluster", "test"]
    return try run(try programs().appending(path: "chancery").path, arguments + options, in: folder)
  }

  /// The same with a query node.
  func chancery(_ arguments: [String], as name: String = "reader", query port: Int) throws -> String {
    try command(arguments + ["--query", "127.0.0.1:\(port)"], as: name)
  }
}

/// What `body` gives as soon as it gives something; throws when that takes too long.
@discardableResult func eventually<R>(_ what: String, within limit: Duration = .seconds(20), _ body: () async throws -> R?) async throws
  -> R
{
  let end = ContinuousClock.now + limit
  while true {
    if let result = try await body() { return result }
    guard ContinuousClock.now < end else { throw SetupFailure(description: "not within \(limit): \(what)") }
    try await Task.sleep(for: .milliseconds(20))
  }
}

/// Kills a process and waits until it is gone. (`waitUntilExit` runs the calling thread's run loop, which may miss the end on a thread of a task.)
func killed(_ process: Process) async throws {
  kill(process.processIdentifier, SIGKILL)
  try await eventually("process \(process.processIdentifier) is gone") { process.isRunning ? nil : true }
}
