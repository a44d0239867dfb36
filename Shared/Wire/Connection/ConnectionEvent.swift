/// A request that a client opened a stream with.
public struct IncomingRequest: Sendable, Hashable {
  public let stream: UInt64
  public let method: Method
  public let request: Request
  /// True when no DATA follows from the client.
  public let last: Bool
  /// When the work must be done, in monotonic milliseconds; nil = no limit. The machine reports its passing.
  public let deadline: UInt64?

  public init(stream: UInt64, method: Method, request: Request, last: Bool, deadline: UInt64?) {
    self.stream = stream
    self.method = method
    self.request = request
    self.last = last
    self.deadline = deadline
  }
}

/// Why a server must stop working on a stream. The stream is gone: nothing can be sent on it.
public enum CancelReason: Sendable, Hashable {
  /// The client said CANCEL.
  case peer
  /// The deadline has passed; the client has been told.
  case deadline
  /// The connection has closed.
  case connection
}

/// What a connection tells its owner.
public enum ConnectionEvent: Sendable, Hashable {
  /// The peer's HELLO came and agrees with ours; streams may be opened. Limits that the HELLO left out are filled in.
  case ready(HelloMessage, version: UInt32)
  /// Server: a stream was opened. The request's body may be a slice of all that was received with it: who holds it for long makes a copy.
  case request(IncomingRequest)
  /// Client: the reply. With `last` the stream has ended.
  case reply(stream: UInt64, body: ArraySlice<UInt8>, last: Bool)
  /// Bytes of the peer's DATA, in order, never empty. Call `consumed(_:on:)` for them in time, even after the stream's end.
  case data(stream: UInt64, bytes: ArraySlice<UInt8>)
  /// The peer's DATA has ended. On a client the stream has ended.
  case end(stream: UInt64)
  /// Client: the call failed and the stream has ended: the server's ERROR, a passed deadline, a refusal by GOAWAY, or the connection's end.
  case error(stream: UInt64, CallError)
  /// Bytes can be sent again on a stream whose last `send` or `reserve` got less than it asked for.
  case writable(stream: UInt64)
  /// Server: stop working on the stream, then call `finished(_:)`.
  case cancelled(stream: UInt64, CancelReason)
  /// Client: the server will serve no stream after `lastStream`. Later ones have got their `error`; open no more here.
  case goAway(lastStream: UInt64, reason: String)
  /// After a GOAWAY, either side: the last stream has ended. Write what is outbound, then close.
  case drained
  /// Nothing can follow. Write what is outbound, then close. Nil = closed without an error.
  case closed(CallError?)
}
