import Synchronization
import Wire

/// A call with DATA, on the client. When nobody holds it or its `incoming` any more, the call is given up.
public final class ClientStream: Sendable {
  /// The server's DATA. Comes after the reply.
  public let incoming: IncomingBytes

  private let port: StreamPort
  private let keeper: StreamKeeper
  /// True while DATA may follow from this side.
  private let sends: Mutex<Bool>
  private let calls: CallCount

  init(_ port: StreamPort, sends: Bool, calls: CallCount) {
    self.port = port
    keeper = StreamKeeper(port)
    self.sends = Mutex(sends)
    self.calls = calls
    incoming = IncomingBytes(port: port, keeper: keeper)
    calls.value.add(1, ordering: .relaxed)
  }

  deinit { calls.value.subtract(1, ordering: .relaxed) }

  /// Sends DATA; waits until all of it is on its way, which the server's credit decides. Throws the call's error when it has failed, and `cancelled` when
  /// the server has answered without waiting for the rest.
  public func send(_ bytes: ArraySlice<UInt8>) async throws(CallError) {
    sends.withLock { precondition($0, "the call was opened without DATA to send, or finishSending() was called") }
    try await port.send(bytes)
  }

  /// Sends DATA; see `send(_:)` of a slice.
  public func send(_ bytes: [UInt8]) async throws(CallError) { try await send(bytes[...]) }

  /// Says that all DATA was sent.
  public func finishSending() {
    let ends = sends.withLock { sends in
      defer { sends = false }
      return sends
    }
    if ends { port.link.post(.end(port)) }
  }

  /// Waits for the reply; to be called once.
  public func reply() async throws(CallError) -> ArraySlice<UInt8> {
    try await port.reply.get(onCancel: { [port] in port.link.post(.cancel(port)) })
  }

  /// Gives the call up; the server stops its work.
  public func cancel() { port.link.post(.cancel(port)) }
}
