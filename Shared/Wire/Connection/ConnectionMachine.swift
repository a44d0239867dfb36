/// One side of a connection as a value: bytes, calls and the time go in; events and bytes to write come out. There is no I/O and no clock
/// inside.
///
/// After every call the owner takes the events (`takeEvents`) and writes the outbound bytes (`withOutbound` or `takeOutbound`). What the
/// peer makes us write (PONG, CREDIT, refusals) is small beside what it sends, but the owner must stop reading while its own output is not
/// being taken, or a peer that never reads makes it grow. The work per frame is constant, but for a CREDIT of the connection, which visits
/// the streams that wait for it.
///
/// Times are monotonic milliseconds. docs/PROTOCOL.md states the rules that are kept here.
public struct ConnectionMachine: ~Copyable, Sendable {
  enum Phase { case awaitingHello, ready, closed }

  /// What the peer has said it accepts.
  struct PeerLimits: Hashable {
    var maxFrameLength = WireLimits.maxControlLength
    var maxStreams: UInt32 = 0
    var streamCredit: UInt64 = 0
  }

  /// DATA that the peer may send us.
  struct ReceiveWindow: Hashable {
    let limit: UInt64
    /// What the peer may still send.
    var granted: UInt64
    /// Consumed, but not yet granted again.
    var pending: UInt64 = 0

    init(limit: UInt64) {
      self.limit = limit
      granted = limit
    }

    mutating func admit(_ count: UInt64) -> Bool {
      guard granted >= count else { return false }
      granted -= count
      return true
    }

    /// The credit to grant now: nothing until half the window is free, so that CREDIT frames are few.
    mutating func consume(_ count: UInt64) -> UInt64 {
      pending += count
      guard pending > 0, pending >= limit / 2 else { return 0 }
      let grant = pending
      granted += grant
      pending = 0
      return grant
    }
  }

  /// What the peer has done since a moment, for the limits that hold within `WireLimits.windowMilliseconds`.
  struct Counted: Hashable {
    var since: UInt64 = 0
    var pings = 0
    var calls = 0
    var vainCalls = 0
    var smallCredits = 0
    var idleFrames = 0

    /// Begins anew when the time is over.
    mutating func note(_ now: UInt64) {
      if now - min(now, since) >= WireLimits.windowMilliseconds { self = Counted(since: now) }
    }
  }

  struct StreamState: Hashable {
    /// We may still send DATA or END (a server only after its REPLY).
    var localOpen: Bool
    /// The peer may still send DATA or END.
    var remoteOpen: Bool
    /// The REPLY was received (client) or sent (server).
    var replied = false
    var sendCredit: UInt64
    var window: ReceiveWindow
    /// Delivered to the owner and not yet consumed.
    var unconsumed: UInt64 = 0
    /// Monotonic milliseconds; `.max` = none.
    var deadline: UInt64
    /// The owner wants to send more than credit allows and waits for `writable`.
    var isBlocked = false
    /// Its id stands in `waiting`.
    var isWaiting = false
  }

  public let configuration: ConnectionConfiguration
  var phase = Phase.awaitingHello
  var parser = FrameParser()
  /// What was received last, for its memory.
  var input: [UInt8] = []
  /// What of it was not yet looked at.
  var unread: ArraySlice<UInt8> = []
  var output = FieldWriter()
  /// Bytes that were written last: room for as many is made at once when calls come in.
  var usualOutput = 0
  var events: [ConnectionEvent] = []

  var peer = PeerLimits()
  var streams = StreamTable()
  /// Client: streams that ended well with DATA the owner has not consumed. The connection's credit for it is still out.
  var lingering: [UInt64: UInt64] = [:]
  /// Server: cancelled streams whose work has not stopped yet. No more than `maxStreams` of them either, so that a peer that opens and
  /// cancels in a loop cannot make more work run at once than twice that; counted apart, so that an honest peer may replace a call that it
  /// cancelled.
  var stopping: Set<UInt64> = []
  /// The highest stream id that was opened.
  var lastStream: UInt64 = 0
  /// The last stream that will be served, once GOAWAY was sent (server) or received (client).
  var goAwayStream: UInt64?
  var isDrained = false

  var sendCredit: UInt64 = 0
  var window: ReceiveWindow
  /// The DATA frame that comes in belongs to no open stream and was granted again when its header came.
  var discardsData = false
  /// Streams that wait for credit, those that wait longest first. May hold ids that no longer wait.
  var waiting: [UInt64] = []

  let startedAt: UInt64
  var receivedAt: UInt64
  var pingSentAt: UInt64?
  var pingToken: UInt64 = 0
  /// When the first byte of an unfinished frame came.
  var frameSince: UInt64?
  /// No stream's deadline is earlier.
  var earliestDeadline = UInt64.max
  var counted = Counted()
  /// Frames of the peer's that came to nothing, less those for which the owner has it rest, and takes them away here: frames that count for a limit within
  /// `WireLimits.windowMilliseconds`, of calls in vain those that were made when most were, and calls that ended before the client had said its last.
  public var vainFrames = 0
  /// For so many frames counts a call that ended before the client had said its last: it had a task of its own.
  private static let vainCall = 8

  /// A connection that has just been made. Our HELLO is outbound at once; the peer's is awaited.
  public init(_ configuration: ConnectionConfiguration, now: UInt64) {
    configuration.check()
    self.configuration = configuration
    window = ReceiveWindow(limit: configuration.connectionCredit)
    startedAt = now
    receivedAt = now
    writeControl(.hello, configuration.hello)
  }

  // MARK: What the owner can ask

  /// True after `ready` until the connection closes.
  public var isReady: Bool { phase == .ready }
  /// True after `closed`.
  public var isClosed: Bool { phase == .closed }
  /// Client: true when `open` would not be refused now.
  public var canOpen: Bool { phase == .ready && goAwayStream == nil && streams.count < peer.maxStreams }
  /// Streams that are open now.
  public var openStreams: Int { streams.count }
  /// Bytes that wait to be written.
  public var outboundBytes: Int { output.bytes.count }

  /// True while bytes were received that a turn has left for the next.
  public var hasUnread: Bool { !unread.isEmpty }

  // MARK: What comes out

  /// Hands over the events since the last call, oldest first, in `buffer`, whose contents are discarded and whose memory is used again.
  public mutating func takeEvents(into buffer: inout [ConnectionEvent]) {
    buffer.removeAll(keepingCapacity: true)
    swap(&events, &buffer)
  }

  /// Hands over the bytes to write.
  public mutating func takeOutbound() -> [UInt8] { output.take() }

  /// Memory that a connection without open streams keeps for what it receives, and as much for what it sends; bytes. Most are idle most of the time.
  public static var kept: Int { 2048 }

  /// Lends the bytes to write to `body`, then forgets them; the memory is used again.
  public mutating func withOutbound(_ body: (UnsafeRawBufferPointer) -> Void) {
    usualOutput = output.bytes.count
    output.bytes.withUnsafeBytes(body)
    output.clear(keeping: streams.isEmpty ? Self.kept : 4 * WireLimits.dataFrameLength)
  }

  // MARK: Ends

  /// Server: serves what was opened, refuses what comes after, and reports `drained` when the last stream has ended.
  public mutating func goAway(reason: String) {
    precondition(configuration.side == .server, "only a server sends GOAWAY")
    guard phase != .closed, goAwayStream == nil else { return }
    goAwayStream = lastStream
    writeControl(.goAway, GoAway(lastStream: lastStream, reason: cut(reason, to: WireLimits.maxErrorMessage)))
    reportDrained()
  }

  /// Ends the connection from this side. `error` is told to the peer; every open stream ends.
  public mutating func close(_ error: CallError?) {
    guard phase != .closed else { return }
    if let error { writeControl(.error, error.wire) }
    end(error)
  }

  /// To be called when the transport says that no more bytes will come, or that it has broken.
  public mutating func connectionLost(_ error: CallError? = nil) {
    guard phase != .closed else { return }
    if error == nil, !parser.isAtBoundary {
      end(CallError(.unavailable, "the peer closed the connection inside a frame", retryable: true))
    } else {
      end(error)
    }
  }

  /// Ends every stream and reports `closed`.
  mutating func end(_ error: CallError?) {
    phase = .closed
    for stream in streams.keys {
      switch configuration.side {
      case .client:
        let why = error.map { "the connection ended: \($0.description)" } ?? "the connection was closed before the reply"
        events.append(.error(stream: stream, CallError(.unavailable, why, retryable: true)))
      case .server:
        events.append(.cancelled(stream: stream, .connection))
      }
    }
    streams.removeAll()
    unread = []
    lingering = [:]
    waiting = []
    events.append(.closed(error))
  }

  /// A peer that breaks the protocol is told so, and the connection ends.
  mutating func violation(_ what: String) { close(CallError(.invalid, "protocol violation: \(what)")) }

  mutating func reportDrained() {
    guard goAwayStream != nil, streams.isEmpty, !isDrained else { return }
    isDrained = true
    events.append(.drained)
  }

  // MARK: Streams

  /// Forgets a stream. Its unconsumed bytes go back to the connection at once, or (`lingering`) as the owner consumes them.
  mutating func remove(_ stream: UInt64, lingering keep: Bool = false) {
    guard let state = streams.removeValue(forKey: stream) else { return }
    if configuration.side == .server, state.remoteOpen { vainFrames += Self.vainCall }
    if state.unconsumed > 0 {
      if keep { lingering[stream] = state.unconsumed } else { returnConnectionCredit(state.unconsumed) }
    }
    // Ids of streams that are gone must not pile up when no CREDIT comes to clear them.
    if waiting.count > 2 * streams.count + 16 { waiting = waiting.filter { streams[$0]?.isWaiting == true } }
    reportDrained()
  }

  mutating func returnConnectionCredit(_ count: UInt64) {
    let grant = window.consume(count)
    if grant > 0, phase == .ready { writeControl(.credit, Credit(bytes: grant)) }
  }

  // MARK: Writing frames

  mutating func writeControl(_ kind: FrameKind, stream: UInt64 = 0, _ message: some WireMessage) {
    let start = output.bytes.count
    output.header(FrameHeader(kind: kind, stream: stream))
    message.encode(into: &output)
    _ = output.closeFrame(at: start)
  }

  mutating func writeEmpty(_ kind: FrameKind, stream: UInt64) { output.header(FrameHeader(kind: kind, stream: stream)) }
}
