// What the peer sends.
extension ConnectionMachine {
  /// Takes in bytes from the peer, in any pieces. Slices of `bytes` come out in events, so no byte of a body that arrives whole is copied.
  /// - Parameter turn: how many frames are looked at now; the rest waits for `receiveMore`.
  public mutating func receive(_ bytes: ArraySlice<UInt8>, now: UInt64, turn: Int = .max) {
    guard phase != .closed, !bytes.isEmpty else { return }
    if output.bytes.isEmpty { output.reserve(min(usualOutput, 4 * Self.kept)) }
    receivedAt = now
    pingSentAt = nil
    if unread.isEmpty { unread = take(bytes, now, turn) } else { unread += bytes }
  }

  /// Takes in a copy of `bytes`, in memory that is used again unless an event that was not yet performed, or its owner, still holds a slice of it.
  public mutating func receive(_ bytes: UnsafeRawBufferPointer, now: UInt64, turn: Int = .max) {
    input.removeAll(keepingCapacity: true)
    input.append(contentsOf: bytes)
    receive(input[...], now: now, turn: turn)
    if input.capacity > Self.kept, unread.isEmpty { input = [] }
  }

  /// Goes on with what a turn has left.
  public mutating func receiveMore(now: UInt64, turn: Int) {
    let bytes = unread
    unread = []
    unread = take(bytes, now, turn)
    if input.capacity > Self.kept, unread.isEmpty { input = [] }
  }

  /// - Returns: what is left after `turn` frames.
  private mutating func take(_ bytes: ArraySlice<UInt8>, _ now: UInt64, _ turn: Int) -> ArraySlice<UInt8> {
    var rest = bytes
    let unfinished = frameSince
    var frames = 0
    do throws(FrameError) {
      while phase != .closed, frames < turn, let output = try parser.next(&rest) {
        frames += 1
        switch consume output {
        case .frame(let header, let body): take(header, header.kind == .reply ? body.tight(within: rest.endIndex) : body, now)
        case .data(let header, let piece, let isFirst): takeData(header, piece.tight(within: rest.endIndex), isFirst)
        case .skipped(let header): countIdle(1 + Int(header.length) / WireLimits.idleBody)
        }
      }
    } catch {
      violation(error)
    }
    frameSince = parser.isInsideFrame ? (frames > 0 ? now : unfinished ?? now) : nil
    // An empty slice would keep the memory of `input` from being used again.
    return phase == .closed || rest.isEmpty ? [] : rest
  }

  private mutating func violation(_ error: FrameError) {
    switch error {
    case .tooLong(let kind, let length, let limit):
      close(
        CallError(
          .tooLarge, "a frame of kind \(kind) claims \(length) bytes; the limit is \(limit)",
          details: [ErrorDetail(key: "limit", value: "\(limit)")]))
    case .unknownKind(let kind):
      violation("frame kind \(kind) is not known and not ignorable")
    }
  }

  private mutating func take(_ header: FrameHeader, _ body: ArraySlice<UInt8>, _ now: UInt64) {
    // The parser hands over known kinds only.
    guard let kind = header.kind else { return }
    if phase == .awaitingHello, kind != .hello, !(kind == .error && header.stream == 0) {
      return violation("the first frame must be HELLO, not \(kind)")
    }
    switch kind {
    case .hello, .goAway, .ping, .pong:
      if header.stream != 0 { return violation("\(kind) on stream \(header.stream)") }
    case .request, .reply, .data, .end, .cancel:
      if header.stream == 0 { return violation("\(kind) on stream 0") }
    case .error, .credit: break
    }
    do throws(CodecError) {
      switch kind {
      case .hello: takeHello(try HelloMessage(decoding: body))
      case .request: takeRequest(header, body, now)
      case .reply: takeReply(header, body)
      case .error: takeError(header.stream, CallError(try ErrorMessage(decoding: body)))
      case .data: break
      case .end: takeEnd(header.stream)
      case .credit: takeCredit(header.stream, try Credit(decoding: body).bytes)
      case .cancel: takeCancel(header.stream)
      case .ping: takePing(try Ping(decoding: body), now)
      case .pong:
        _ = try Ping(decoding: body)
        countIdle(1)
      case .goAway: takeGoAway(try GoAway(decoding: body))
      }
    } catch {
      violation("malformed \(kind): \(error.description)")
    }
  }

  // MARK: The connection

  private mutating func takeHello(_ hello: HelloMessage) {
    guard phase == .awaitingHello else { return violation("a second HELLO") }
    guard hello.maxVersion > 0, hello.minVersion <= hello.maxVersion else {
      return violation("HELLO states the version range \(hello.minVersion) to \(hello.maxVersion)")
    }
    let ours = configuration.versions
    let version = min(hello.maxVersion, ours.upperBound)
    guard version >= max(hello.minVersion, ours.lowerBound) else {
      let ranges = "peer \(hello.minVersion) to \(hello.maxVersion), this side \(ours.lowerBound) to \(ours.upperBound)"
      return close(CallError(.unimplemented, "no protocol version in common: \(ranges)", processed: .no))
    }
    if !hello.cluster.isEmpty, !configuration.cluster.isEmpty, hello.cluster != configuration.cluster {
      let names = "peer \(hello.cluster), this side \(configuration.cluster)"
      return close(CallError(.conflict, "the two sides belong to different clusters: \(names)", processed: .no))
    }
    var stated = hello
    if stated.maxFrameLength == 0 { stated.maxFrameLength = WireLimits.defaultFrameLength }
    if stated.maxStreams == 0 { stated.maxStreams = WireLimits.defaultStreams }
    if stated.initialStreamCredit == 0 { stated.initialStreamCredit = WireLimits.defaultStreamCredit }
    if stated.initialConnectionCredit == 0 { stated.initialConnectionCredit = WireLimits.defaultConnectionCredit }
    guard stated.maxFrameLength >= WireLimits.maxControlLength else {
      return violation("HELLO states max_frame_length \(stated.maxFrameLength), below \(WireLimits.maxControlLength)")
    }
    guard max(stated.initialStreamCredit, stated.initialConnectionCredit) <= WireLimits.maxCredit else {
      return violation("HELLO grants more than 2^62 bytes of credit")
    }
    peer.maxFrameLength = min(stated.maxFrameLength, WireLimits.maxFrameLength)
    peer.maxStreams = stated.maxStreams
    peer.streamCredit = stated.initialStreamCredit
    sendCredit = stated.initialConnectionCredit
    parser.maxFrameLength = configuration.maxFrameLength
    phase = .ready
    events.append(.ready(stated, version: version))
  }

  private mutating func takeGoAway(_ message: GoAway) {
    guard configuration.side == .client else { return violation("GOAWAY from a client") }
    if let before = goAwayStream, message.lastStream > before {
      return violation("GOAWAY raises its last stream from \(before) to \(message.lastStream)")
    }
    goAwayStream = message.lastStream
    for stream in streams.keys where stream > message.lastStream {
      let error = CallError(.unavailable, "the server is going away: \(message.reason)", retryable: true, processed: .no)
      events.append(.error(stream: stream, error))
      remove(stream)
    }
    events.append(.goAway(lastStream: message.lastStream, reason: message.reason))
    reportDrained()
  }

  private mutating func takePing(_ ping: Ping, _ now: UInt64) {
    counted.note(now)
    counted.pings += 1
    vainFrames += 1
    guard counted.pings <= WireLimits.maxPings else {
      return violation("more than \(WireLimits.maxPings) PINGs in \(WireLimits.windowMilliseconds) ms")
    }
    writeControl(.pong, ping)
  }

  /// Counts frames that mean nothing.
  private mutating func countIdle(_ frames: Int) {
    counted.note(receivedAt)
    counted.idleFrames += frames
    vainFrames += frames
    if counted.idleFrames > WireLimits.maxIdleFrames {
      violation("more than \(WireLimits.maxIdleFrames) frames that mean nothing in \(WireLimits.windowMilliseconds) ms")
    }
  }

  private mutating func takeCredit(_ stream: UInt64, _ bytes: UInt64) {
    guard bytes > 0 else { return violation("a CREDIT of 0 bytes") }
    if bytes < WireLimits.leastCredit {
      counted.note(receivedAt)
      counted.smallCredits += 1
      vainFrames += 1
      guard counted.smallCredits <= WireLimits.maxSmallCredits else {
        return violation(
          "more than \(WireLimits.maxSmallCredits) CREDITs of less than \(WireLimits.leastCredit) bytes in \(WireLimits.windowMilliseconds) ms"
        )
      }
    }
    if stream == 0 {
      guard let sum = credit(sendCredit, bytes) else { return }
      sendCredit = sum
      wakeWaiting()
      return
    }
    guard var state = streams[stream] else { return checkLate(.credit, stream) }
    guard let sum = credit(state.sendCredit, bytes) else { return }
    state.sendCredit = sum
    if state.isBlocked, sendCredit > 0 {
      state.isBlocked = false
      events.append(.writable(stream: stream))
    }
    streams[stream] = state
  }

  private mutating func credit(_ held: UInt64, _ bytes: UInt64) -> UInt64? {
    guard bytes <= WireLimits.maxCredit - held else {
      violation("CREDIT raises what may be sent above 2^62 bytes")
      return nil
    }
    return held + bytes
  }

  /// Wakes the streams that have credit of their own. All of them: one alone might have nothing left to send, and then none would.
  private mutating func wakeWaiting() {
    let before = waiting
    waiting = []
    for stream in before {
      guard var state = streams[stream] else { continue }
      if state.isBlocked, state.sendCredit == 0 {
        waiting.append(stream)
        continue
      }
      if state.isBlocked { events.append(.writable(stream: stream)) }
      state.isBlocked = false
      state.isWaiting = false
      streams[stream] = state
    }
  }

  // MARK: Streams

  /// A frame for a stream that is gone was sent before the peer knew, and is ignored. A stream that never was is a violation.
  private mutating func checkLate(_ kind: FrameKind, _ stream: UInt64) {
    // After its GOAWAY a server no longer counts the streams that it does not serve.
    if configuration.side == .server, goAwayStream != nil { return }
    if stream > lastStream { violation("\(kind) on stream \(stream), which was never opened") }
  }

  private mutating func takeRequest(_ header: FrameHeader, _ body: ArraySlice<UInt8>, _ now: UInt64) {
    guard configuration.side == .server else { return violation("REQUEST from a server") }
    let stream = header.stream
    // The client learns from GOAWAY itself that streams after its last one were not served.
    if goAwayStream != nil { return }
    guard stream > lastStream else { return violation("REQUEST on stream \(stream) after stream \(lastStream)") }
    lastStream = stream
    counted.note(now)
    counted.calls += 1
    guard let method = Method(rawValue: header.method) else {
      return refuse(stream, CallError(.unimplemented, "method \(header.method) is not known here"))
    }
    let request: Request
    do throws(CodecError) {
      request = try Request(decoding: body)
    } catch {
      return refuse(stream, CallError(.invalid, "malformed REQUEST: \(error.description)"))
    }
    guard request.idempotencyKey.utf8.count <= WireLimits.maxIdempotencyKey else {
      return refuse(stream, CallError(.invalid, "idempotency_key is longer than \(WireLimits.maxIdempotencyKey) bytes"))
    }
    guard request.traceParent.isEmpty || request.traceParent.count == WireLimits.traceParentLength else {
      return refuse(stream, CallError(.invalid, "trace_parent has \(request.traceParent.count) bytes, not \(WireLimits.traceParentLength)"))
    }
    guard max(streams.count, stopping.count) < configuration.maxStreams else {
      return refuse(stream, CallError(.overloaded, "\(configuration.maxStreams) streams are open, the limit", retryable: true))
    }
    let last = header.flags.contains(.last)
    var deadline = UInt64.max
    if request.deadlineMs > 0 {
      deadline = now + UInt64(request.deadlineMs)
    } else if method.streaming == .none {
      deadline = now + configuration.unaryDeadline
    }
    earliestDeadline = min(earliestDeadline, deadline)
    streams[stream] = StreamState(
      localOpen: false, remoteOpen: !last, sendCredit: peer.streamCredit, window: ReceiveWindow(limit: configuration.streamCredit),
      deadline: deadline)
    events.append(
      .request(
        IncomingRequest(stream: stream, method: method, request: consume request, last: last, deadline: deadline == .max ? nil : deadline)))
  }

  /// Refuses a stream before any work was done for it.
  private mutating func refuse(_ stream: UInt64, _ error: CallError) {
    guard countVainCall() else { return }
    var told = error
    told.processed = .no
    writeControl(.error, stream: stream, told.wire)
  }

  private mutating func takeReply(_ header: FrameHeader, _ body: ArraySlice<UInt8>) {
    guard configuration.side == .client else { return violation("REPLY from a client") }
    guard let state = streams[header.stream] else { return checkLate(.reply, header.stream) }
    guard !state.replied else { return violation("a second REPLY on stream \(header.stream)") }
    let last = header.flags.contains(.last)
    events.append(.reply(stream: header.stream, body: body, last: last))
    if last { remove(header.stream) } else { streams[header.stream]?.replied = true }
  }

  private mutating func takeError(_ stream: UInt64, _ error: CallError) {
    if stream == 0 { return end(error) }
    guard configuration.side == .client else { return violation("ERROR from a client on stream \(stream)") }
    guard streams[stream] != nil else { return checkLate(.error, stream) }
    events.append(.error(stream: stream, error))
    remove(stream)
  }

  private mutating func takeCancel(_ stream: UInt64) {
    guard configuration.side == .server else { return violation("CANCEL from a server") }
    guard let state = streams[stream] else { return checkLate(.cancel, stream) }
    guard state.replied || countVainCall() else { return }
    stop(stream, .peer)
  }

  /// Counts a call that came to nothing by the client's own doing. False when there were too many, which has closed the connection.
  private mutating func countVainCall() -> Bool {
    counted.note(receivedAt)
    counted.vainCalls += 1
    guard counted.vainCalls * 2 > counted.calls else { return true }
    vainFrames += 1
    guard counted.vainCalls > WireLimits.maxVainCalls else { return true }
    violation(
      "more than \(WireLimits.maxVainCalls) calls were made in vain within \(WireLimits.windowMilliseconds) ms: cancelled before the reply, or wrong"
    )
    return false
  }

  /// Server: ends a stream whose work must stop.
  mutating func stop(_ stream: UInt64, _ reason: CancelReason) {
    events.append(.cancelled(stream: stream, reason))
    stopping.insert(stream)
    remove(stream)
  }

  private mutating func takeEnd(_ stream: UInt64) {
    guard let state = streams[stream] else { return checkLate(.end, stream) }
    guard mayReceive(state, .end, stream) else { return }
    events.append(.end(stream: stream))
    switch configuration.side {
    case .client: remove(stream, lingering: true)
    case .server: streams[stream]?.remoteOpen = false
    }
  }

  private mutating func mayReceive(_ state: StreamState, _ kind: FrameKind, _ stream: UInt64) -> Bool {
    if configuration.side == .client, !state.replied {
      violation("\(kind) before REPLY on stream \(stream)")
      return false
    }
    if !state.remoteOpen {
      violation("\(kind) after the last frame of stream \(stream)")
      return false
    }
    return true
  }

  private mutating func takeData(_ header: FrameHeader, _ piece: ArraySlice<UInt8>, _ isFirst: Bool) {
    let stream = header.stream
    if isFirst {
      guard phase == .ready else { return violation("the first frame must be HELLO, not data") }
      guard stream != 0 else { return violation("data on stream 0") }
      guard admit(header) else { return }
    }
    guard !piece.isEmpty else { return countIdle(1) }
    guard var state = streams[stream] else {
      // The stream has ended in the middle of the frame.
      if !discardsData { returnConnectionCredit(UInt64(piece.count)) }
      return
    }
    state.unconsumed += UInt64(piece.count)
    streams[stream] = state
    events.append(.data(stream: stream, bytes: piece))
  }

  /// Checks a whole DATA frame against the rules and the credit when its first byte comes.
  private mutating func admit(_ header: FrameHeader) -> Bool {
    let stream = header.stream
    let count = UInt64(header.length)
    discardsData = false
    guard window.admit(count) else {
      violation("DATA of \(count) bytes on stream \(stream) exceeds the connection's credit of \(window.granted)")
      return false
    }
    guard var state = streams[stream] else {
      checkLate(.data, stream)
      guard phase == .ready else { return false }
      // Nobody will consume it. All of it is granted again now, so that what the peer may send does not depend on the pieces in which it comes.
      discardsData = true
      returnConnectionCredit(count)
      return true
    }
    guard mayReceive(state, .data, stream) else { return false }
    guard state.window.admit(count) else {
      violation("DATA of \(count) bytes on stream \(stream) exceeds its credit of \(state.window.granted)")
      return false
    }
    streams[stream] = state
    return true
  }
}
