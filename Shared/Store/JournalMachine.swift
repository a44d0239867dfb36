/// The journal's group commit without any I/O: appends in, batches to write out, outcomes in, completions out.
///
/// At most one batch is being written at a time; appends that come meanwhile make the next one.
struct JournalMachine<Waiter> {
  /// What the shell must write: `bytes` at `offset` of the file that starts with `first`, then sync.
  struct Batch {
    /// True when a new file starts with this batch; `bytes` then begin with its header.
    let opensFile: Bool
    /// The sequence number that the file's name carries.
    let fileFirst: UInt64
    let offset: UInt64
    let bytes: [UInt8]
    let places: [Place]
    fileprivate(set) var waiters: [Waiter]
  }

  /// Where a payload stands.
  struct Place: Equatable {
    let fileFirst: UInt64
    /// Of the payload, bytes from the file's start.
    let offset: UInt64
    let length: UInt32
  }

  /// How a batch ended.
  enum Outcome {
    case durable
    /// Nothing of it counts and the file is as before: the journal goes on.
    case undone
    /// Whether it is on disk is not known (a failed sync): nothing may be promised until the journal is opened again.
    case unknown
  }

  private let id: [UInt8]
  private let fileLimit: UInt64
  private var fileFirst: UInt64
  private var fileEnd: UInt64
  private(set) var last: UInt64
  private var pending: [(payload: [UInt8], waiter: Waiter)] = []
  private var writing: Batch?
  private(set) var poisoned = false

  /// - Parameters:
  ///   - last: the last durable sequence number.
  ///   - fileEnd: the length of the newest file; 0 when there is none yet.
  ///   - fileLimit: a file that has reached this length is followed by a new one.
  init(id: [UInt8], last: UInt64, fileFirst: UInt64, fileEnd: UInt64, fileLimit: UInt64) {
    self.id = id
    self.last = last
    self.fileFirst = fileFirst
    self.fileEnd = fileEnd
    self.fileLimit = fileLimit
  }

  var isIdle: Bool { writing == nil && pending.isEmpty }

  /// Takes in a payload; `waiter` is given back with the batch that holds it. False when the journal is poisoned.
  mutating func append(_ payload: [UInt8], _ waiter: Waiter) -> Bool {
    if poisoned { return false }
    pending.append((payload, waiter))
    return true
  }

  /// The next batch to write; nil when one is being written or nothing is pending.
  mutating func nextBatch(byteLimit: Int = 16 << 20) -> Batch? {
    guard writing == nil, !pending.isEmpty, !poisoned else { return nil }
    let opens = fileEnd == 0 || fileEnd >= fileLimit
    let first = opens ? last + 1 : fileFirst
    let start = opens ? 0 : fileEnd
    var bytes = opens ? JournalFormat.header(id: id, first: first) : []
    var places: [Place] = []
    var waiters: [Waiter] = []
    for (payload, waiter) in pending {
      if !places.isEmpty && bytes.count + payload.count > byteLimit { break }
      JournalFormat.appendRecord(payload, sequence: last + UInt64(places.count) + 1, to: &bytes)
      places.append(Place(fileFirst: first, offset: start + UInt64(bytes.count - payload.count), length: UInt32(payload.count)))
      waiters.append(waiter)
    }
    pending.removeFirst(places.count)
    let batch = Batch(opensFile: opens, fileFirst: first, offset: start, bytes: bytes, places: places, waiters: waiters)
    writing = batch
    return batch
  }

  /// The batch that was being written ended so. Returns the waiters to be told, and with `.unknown` those of all later appends too.
  mutating func finished(_ outcome: Outcome) -> [Waiter] {
    guard let batch = writing else { preconditionFailure("no batch was being written") }
    writing = nil
    switch outcome {
    case .durable:
      fileFirst = batch.fileFirst
      fileEnd = batch.offset + UInt64(batch.bytes.count)
      last += UInt64(batch.places.count)
      return batch.waiters
    case .undone: return batch.waiters
    case .unknown:
      poisoned = true
      let all = batch.waiters + pending.map(\.waiter)
      pending = []
      return all
    }
  }
}
