import Platform
import Synchronization

/// An append-only row of payloads, durable before the answer. Appends that come together share one sync (group commit).
public final class Journal: Sendable {
  typealias Waiter = CheckedContinuation<Result<UInt64, StoreError>, Never>
  typealias Machine = JournalMachine<Waiter>

  private struct State {
    var machine: Machine
    var places: [Machine.Place]
    var watchers: [UInt64: AsyncStream<UInt64>.Continuation] = [:]
    var nextWatcher: UInt64 = 0
    var writing = false
  }

  /// 16 random bytes that tell this journal from any other.
  public let id: [UInt8]
  private let folder: String
  private let lock: LockFile
  private let state: Mutex<State>

  /// The lock that keeps a second process out, held as long as the journal lives.
  private final class LockFile: Sendable {
    let file: File
    init(_ path: String) throws(StoreError) {
      file = try system { () throws(SystemError) in try File(path, .readWrite) }
      guard file.lock(within: 1000) else { throw .fenced("\(path) is locked: another process uses this journal") }
    }
  }

  /// Opens the journal in `folder`, made when missing; checks every record, and cuts a torn tail off the newest file.
  ///
  /// Blocks while it reads. Throws `.corrupt` when a record in the middle is damaged: nothing that was acknowledged is dropped in silence.
  /// - Parameter fileLimit: bytes after which a new file starts.
  public init(_ folder: String, fileLimit: UInt64 = 64 << 20) throws(StoreError) {
    self.folder = folder
    try system { () throws(SystemError) in try Directory.make(folder) }
    lock = try LockFile(folder + "/lock")
    let scan = try JournalScan(folder)
    id = scan.id ?? randomBytes(16)
    let machine = Machine(
      id: id, last: UInt64(scan.places.count), fileFirst: scan.newestFirst, fileEnd: scan.newestEnd, fileLimit: fileLimit)
    state = Mutex(State(machine: machine, places: scan.places))
  }

  /// The last durable sequence number; 0 when the journal is empty.
  public var last: UInt64 { state.withLock { UInt64($0.places.count) } }

  /// Bytes of all payloads.
  public var bytes: UInt64 { state.withLock { $0.places.reduce(0) { $0 + UInt64($1.length) } } }

  /// Appends `payload` and returns its sequence number once it is durable.
  ///
  /// Throws `.system` (a full disk: nothing was kept, trying again can help), `.tooLarge`, or `.closed` after a failed sync.
  public func append(_ payload: [UInt8]) async throws(StoreError) -> UInt64 {
    guard payload.count <= JournalFormat.payloadLimit else {
      throw .tooLarge(subject: "journal entry", bytes: payload.count, limit: JournalFormat.payloadLimit)
    }
    let result = await withCheckedContinuation { (waiter: Waiter) in
      let (taken, start) = state.withLock { state in
        let taken = state.machine.append(payload, waiter)
        let start = taken && !state.writing
        if start { state.writing = true }
        return (taken, start)
      }
      if !taken { waiter.resume(returning: .failure(Self.closed)) }
      if start { startWriting() }
    }
    return try result.get()
  }

  private static let closed = StoreError.closed("the journal could not be synced; restart the service, which checks it")

  /// Writes batch after batch on a thread of its own until none is pending.
  private func startWriting() {
    runDetached {
      while let batch = self.nextBatch() { self.write(batch) }
    }
  }

  private func nextBatch() -> Machine.Batch? {
    state.withLock { state in
      let batch = state.machine.nextBatch()
      if batch == nil { state.writing = false }
      return batch
    }
  }

  private func write(_ batch: Machine.Batch) {
    let path = folder + "/" + JournalFormat.name(batch.fileFirst)
    var outcome = Machine.Outcome.durable
    var failure = Self.closed
    do throws(SystemError) {
      let file = try File(path, .readWrite)
      do throws(SystemError) { try file.write(batch.bytes, at: batch.offset) } catch {
        // Nothing was synced, so cutting the file back undoes the write; a torn record would be cut off at the next start anyway.
        outcome = .undone
        failure = .system(error)
        try file.truncate(to: batch.offset)
      }
      if case .durable = outcome {
        outcome = .unknown
        try file.sync()
        if batch.opensFile { try Directory.sync(folder) }
        outcome = .durable
      }
    } catch {
      if case .durable = outcome { outcome = .undone } else { outcome = .unknown }
      failure = .system(error)
    }
    finish(batch, outcome, failure)
  }

  private func finish(_ batch: Machine.Batch, _ outcome: Machine.Outcome, _ failure: StoreError) {
    let (waiters, first, watchers) = state.withLock { state in
      let first = UInt64(state.places.count) + 1
      let waiters = state.machine.finished(outcome)
      if case .durable = outcome { state.places += batch.places }
      return (waiters, first, Array(state.watchers.values))
    }
    if case .durable = outcome {
      for (index, waiter) in waiters.enumerated() { waiter.resume(returning: .success(first + UInt64(index))) }
      for watcher in watchers { watcher.yield(first + UInt64(waiters.count) - 1) }
    } else {
      for waiter in waiters { waiter.resume(returning: .failure(failure)) }
    }
  }

  /// The payloads after `sequence`, in order: at least one when there is one, then as many as fit in `byteLimit`. Each is checked anew.
  public func read(after sequence: UInt64, byteLimit: Int = 4 << 20) async throws(StoreError) -> [(sequence: UInt64, payload: [UInt8])] {
    let places = state.withLock { state -> [Machine.Place] in
      guard sequence < UInt64(state.places.count) else { return [] }
      var chosen: [Machine.Place] = []
      var total = 0
      for place in state.places[Int(sequence)...] {
        total += Int(place.length)
        if !chosen.isEmpty && total > byteLimit { break }
        chosen.append(place)
      }
      return chosen
    }
    let folder = folder
    return try await offload { () throws(StoreError) in
      var result: [(sequence: UInt64, payload: [UInt8])] = []
      for (index, place) in places.enumerated() {
        result.append((sequence + UInt64(index) + 1, try Self.payload(folder, place, sequence + UInt64(index) + 1)))
      }
      return result
    }
  }

  private static func payload(_ folder: String, _ place: Machine.Place, _ sequence: UInt64) throws(StoreError) -> [UInt8] {
    let path = folder + "/" + JournalFormat.name(place.fileFirst)
    let header = UInt64(JournalFormat.recordHeaderLength)
    let bytes = try system { () throws(SystemError) in
      let file = try File(path, .read)
      return try file.read(at: place.offset - header, count: Int(place.length) + Int(header))
    }
    guard bytes.withUnsafeBytes({ JournalFormat.recordLength($0, at: 0, sequence: sequence) }) == Int(place.length) else {
      throw .corrupt(subject: path, what: "record \(sequence)")
    }
    return Array(bytes[Int(header)...])
  }

  /// The last sequence number, now and whenever it grows. Ends when the consumer stops.
  public func watch() -> AsyncStream<UInt64> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let key = state.withLock { state in
        state.nextWatcher += 1
        state.watchers[state.nextWatcher] = continuation
        continuation.yield(UInt64(state.places.count))
        return state.nextWatcher
      }
      continuation.onTermination = { _ in self.state.withLock { $0.watchers[key] = nil } }
    }
  }

  /// Reads everything back and checks it; the problems found, none when it is sound.
  public func verify() async -> [String] {
    var problems: [String] = []
    var sequence: UInt64 = 0
    let end = last
    while sequence < end {
      do throws(StoreError) {
        let page = try await read(after: sequence)
        sequence = page.last?.sequence ?? end
      } catch {
        problems.append("\(error)")
        sequence += 1
      }
    }
    return problems
  }
}
