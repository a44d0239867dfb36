import Network
import Synchronization
import Wire

/// What tasks ask of a connection. Done in order on its event loop.
enum Operation: Sendable {
  /// Client: opens a stream; the slot says when it is open.
  case open(StreamPort, Method, Request, last: Bool)
  /// Client: gives a stream up, or what is left of it.
  case cancel(StreamPort)
  /// Server: the reply. With `last` it is the stream's end.
  case reply(StreamPort, ArraySlice<UInt8>, last: Bool)
  /// Server: the stream's end with an error.
  case fail(StreamPort, CallError)
  /// Server: the work has stopped, and nothing else can be said on the stream.
  case finished(StreamPort)
  /// Sends DATA; the slot is completed when all of it is on its way.
  case send(StreamPort, ArraySlice<UInt8>, Slot<Void>)
  /// No more DATA follows.
  case end(StreamPort)
  /// The owner has taken so many bytes of DATA.
  case consumed(StreamPort, Int)
  /// Server: GOAWAY.
  case goAway(String)
  /// Client: closes once the streams that are open have ended.
  case retire
  case close(CallError?)

  /// Gives the waiting task its answer when the connection is gone.
  func abandon(_ error: CallError) {
    switch self {
    case .open(let port, _, _, _):
      var refused = error
      refused.processed = .no
      port.opened.complete(.failure(refused))
      port.end(.failure(refused))
    case .send(_, _, let slot): slot.complete(.failure(error))
    default: break
    }
  }
}

/// The way from any thread to a connection's handler: a mailbox that wakes the event loop once for all that is in it.
final class Link: Sendable {
  private struct Inbox {
    var operations: [Operation] = []
    var isScheduled = false
    var handler: LoopBound<ConnectionHandler>?
    var ended: CallError?
  }

  let loop: EventLoop
  private let inbox = Mutex(Inbox())

  init(_ loop: EventLoop) { self.loop = loop }

  /// Says who does the operations. The link keeps the handler alive until `end`.
  func attach(_ handler: ConnectionHandler) {
    let bound = LoopBound(handler)
    let hasWork = inbox.withLock { inbox in
      inbox.handler = bound
      inbox.isScheduled = !inbox.operations.isEmpty
      return inbox.isScheduled
    }
    if hasWork { loop.execute { bound.value.drain() } }
  }

  /// Has `operation` done soon; when the connection is gone, the task that waits for it is told.
  func post(_ operation: Operation) {
    let (toWake, ended) = inbox.withLock { inbox -> (LoopBound<ConnectionHandler>?, CallError?) in
      if let ended = inbox.ended { return (nil, ended) }
      inbox.operations.append(operation)
      guard !inbox.isScheduled, let handler = inbox.handler else { return (nil, nil) }
      inbox.isScheduled = true
      return (handler, nil)
    }
    if let ended { operation.abandon(ended) }
    if let toWake { loop.execute { toWake.value.drain() } }
  }

  /// Hands over the operations since the last call, in `buffer`, whose contents are discarded and whose memory is used again.
  func take(into buffer: inout [Operation]) {
    buffer.removeAll(keepingCapacity: true)
    inbox.withLock { inbox in
      inbox.isScheduled = false
      swap(&inbox.operations, &buffer)
    }
  }

  /// From now on every operation is answered with `error`.
  func end(_ error: CallError) {
    let left = inbox.withLock { inbox -> [Operation] in
      inbox.ended = error
      inbox.handler = nil
      defer { inbox.operations = [] }
      return inbox.operations
    }
    for operation in left { operation.abandon(error) }
  }
}
