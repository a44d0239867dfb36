import Synchronization
import Wire

/// One stream between the tasks that use it and the connection's handler.
final class StreamPort: Sendable {
  private struct Incoming {
    var chunks: [ArraySlice<UInt8>] = []
    var head = 0
    /// How the stream's DATA ended; nil while it goes on.
    var end: Result<Void, CallError>?
    var waiter: CheckedContinuation<Result<ArraySlice<UInt8>?, CallError>, Never>?

    /// Pieces up to this length are joined, in bytes: one of a single byte takes eighty, and credit counts the byte.
    static let joined = 4096

    mutating func hold(_ bytes: ArraySlice<UInt8>) {
      // Chunks that are there at all have not been taken to the last.
      if let last = chunks.indices.last, chunks[last].count + bytes.count <= Self.joined {
        chunks[last] += bytes
      } else {
        chunks.append(bytes)
      }
    }

    mutating func pop() -> ArraySlice<UInt8>? {
      guard head < chunks.count else { return nil }
      let chunk = chunks[head]
      head += 1
      if head == chunks.count {
        chunks.removeAll(keepingCapacity: true)
        head = 0
      }
      return chunk
    }
  }

  let link: Link
  /// The stream's id; 0 until it is opened.
  // Sound: read and written on the connection's event loop only, or before the port is shared.
  nonisolated(unsafe) var stream: UInt64
  /// Client: completed when the REQUEST is on its way.
  let opened = Slot<Void>()
  /// Client: the reply.
  let reply = Slot<ArraySlice<UInt8>>()
  private let incoming = Mutex(Incoming())

  init(_ link: Link, stream: UInt64 = 0) {
    self.link = link
    self.stream = stream
  }

  // MARK: From the event loop

  func deliver(_ bytes: ArraySlice<UInt8>) {
    let (isTaken, waiter) = incoming.withLock { incoming -> (Bool, CheckedContinuation<Result<ArraySlice<UInt8>?, CallError>, Never>?) in
      if let waiter = incoming.waiter.take() { return (true, waiter) }
      // The reader was cancelled: nobody will take them.
      if incoming.end != nil { return (true, nil) }
      incoming.hold(bytes)
      return (false, nil)
    }
    if isTaken { link.post(.consumed(self, bytes.count)) }
    waiter?.resume(returning: .success(bytes))
  }

  /// Ends the DATA. After a failure what was not yet taken is thrown away; the first end counts.
  func end(_ result: Result<Void, CallError>) {
    let (isFirst, waiter) = incoming.withLock { incoming -> (Bool, CheckedContinuation<Result<ArraySlice<UInt8>?, CallError>, Never>?) in
      guard incoming.end == nil else { return (false, nil) }
      incoming.end = result
      if case .failure = result {
        incoming.chunks = []
        incoming.head = 0
      }
      return (true, incoming.waiter.take())
    }
    if isFirst, case .failure(let error) = result { reply.complete(.failure(error)) }
    waiter?.resume(returning: result.map { nil })
  }

  /// Why the stream failed, if it did.
  var failure: CallError? {
    incoming.withLock { if case .failure(let error) = $0.end { error } else { nil } }
  }

  // MARK: From tasks

  /// The next bytes of the peer's DATA; nil at its end.
  func next() async throws(CallError) -> ArraySlice<UInt8>? {
    if let ready = poll() { return try ready.get() }
    let result: Result<ArraySlice<UInt8>?, CallError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let ready = incoming.withLock { incoming -> Result<ArraySlice<UInt8>?, CallError>? in
          if let chunk = incoming.pop() { return .success(chunk) }
          if let end = incoming.end { return end.map { nil } }
          precondition(incoming.waiter == nil, "one task reads a stream")
          incoming.waiter = continuation
          return nil
        }
        guard let ready else { return }
        if case .success(let chunk?) = ready { link.post(.consumed(self, chunk.count)) }
        continuation.resume(returning: ready)
      }
    } onCancel: {
      end(.failure(CallError(.cancelled, "the task was cancelled")))
    }
    return try result.get()
  }

  private func poll() -> Result<ArraySlice<UInt8>?, CallError>? {
    let ready = incoming.withLock { incoming -> Result<ArraySlice<UInt8>?, CallError>? in
      if let chunk = incoming.pop() { return .success(chunk) }
      return incoming.end.map { end in end.map { nil } }
    }
    if case .success(let chunk?) = ready { link.post(.consumed(self, chunk.count)) }
    return ready
  }

  /// Sends DATA; returns when all of it is on its way, which waits for the peer's credit.
  func send(_ bytes: ArraySlice<UInt8>) async throws(CallError) {
    if bytes.isEmpty { return }
    let slot = Slot<Void>()
    link.post(.send(self, bytes, slot))
    try await slot.get(onCancel: {})
  }
}

/// The bytes of a stream's DATA, in the order they were sent and in pieces that mean nothing. Taking a piece lets the peer send as many bytes again, so a
/// reader that stops taking stops the sender. One task may read, once.
public struct IncomingBytes: AsyncSequence, Sendable {
  public typealias Element = ArraySlice<UInt8>
  public typealias Failure = CallError

  let port: StreamPort
  /// Client: what keeps the call from being given up while somebody still reads.
  var keeper: StreamKeeper?

  public struct AsyncIterator: AsyncIteratorProtocol {
    let port: StreamPort
    let keeper: StreamKeeper?

    /// The next bytes, never empty; nil at the end.
    public mutating func next() async throws(CallError) -> ArraySlice<UInt8>? { try await port.next() }

    /// The next bytes, never empty; nil at the end.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws(CallError) -> ArraySlice<UInt8>? {
      try await port.next()
    }
  }

  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(port: port, keeper: keeper) }
}

/// Gives a client's call up when nobody holds the call any more.
final class StreamKeeper: Sendable {
  let port: StreamPort

  init(_ port: StreamPort) { self.port = port }

  // A call that has ended and was read to its end is not known any more, and the operation does nothing.
  deinit { port.link.post(.cancel(port)) }
}
