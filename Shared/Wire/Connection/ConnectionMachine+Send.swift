// What the owner does on streams.
extension ConnectionMachine {
  // MARK: Client

  /// Client: opens a stream. With `last` no DATA follows.
  /// - Parameter request: `deadlineMs` counts from `now`; when it passes, the call fails here and the server is told to stop.
  /// - Returns: the stream's id; ids only ever increase.
  /// - Throws: a refusal before anything was sent (`processed` is `.no`): not ready, going away, too many streams, or a body beyond the
  /// peer's limit.
  public mutating func open(_ method: Method, _ request: Request, last: Bool = true, now: UInt64) throws(CallError) -> UInt64 {
    precondition(configuration.side == .client, "only a client opens streams")
    guard phase == .ready else { throw CallError(.unavailable, "the connection is not ready", retryable: true, processed: .no) }
    guard goAwayStream == nil else { throw CallError(.unavailable, "the server is going away", retryable: true, processed: .no) }
    guard streams.count < peer.maxStreams else {
      throw CallError(.overloaded, "\(peer.maxStreams) streams are open, the server's limit", retryable: true, processed: .no)
    }
    let stream = lastStream + 1
    let header = FrameHeader(kind: .request, flags: last ? .last : [], method: method.rawValue, stream: stream)
    _ = try writeLimited(header, "\(method.name) request") { output in
      request.encode(into: &output)
      return true
    }
    lastStream = stream
    let deadline = request.deadlineMs == 0 ? UInt64.max : now + UInt64(request.deadlineMs)
    earliestDeadline = min(earliestDeadline, deadline)
    streams[stream] = StreamState(
      localOpen: !last, remoteOpen: true, sendCredit: peer.streamCredit, window: ReceiveWindow(limit: configuration.streamCredit),
      deadline: deadline)
    return stream
  }

  /// Client: gives a call up. The server stops its work; nothing more is reported for the stream. Also gives back what a finished stream's
  /// owner will not consume. A stream that is not known is ignored.
  public mutating func cancel(_ stream: UInt64) {
    precondition(configuration.side == .client, "only a client cancels")
    if streams[stream] != nil {
      writeEmpty(.cancel, stream: stream)
      remove(stream)
    } else if let count = lingering.removeValue(forKey: stream) {
      returnConnectionCredit(count)
    }
  }

  // MARK: Server

  /// Server: sends the reply. With `last` the stream has ended; otherwise DATA may follow and `end` must. Does nothing when the stream is
  /// gone.
  /// - Throws: `too-large` when the peer does not accept a body of this length; the stream stays open, to be failed or replied to.
  public mutating func reply(_ stream: UInt64, _ body: ArraySlice<UInt8>, last: Bool = true) throws(CallError) {
    precondition(configuration.side == .server, "only a server replies")
    guard let state = streams[stream] else { return }
    precondition(!state.replied, "a stream has one REPLY")
    _ = try writeLimited(FrameHeader(kind: .reply, flags: last ? .last : [], stream: stream), "reply") { output in
      output.raw(body)
      return true
    }
    if last {
      remove(stream)
    } else {
      streams[stream]?.replied = true
      streams[stream]?.localOpen = true
    }
  }

  /// Server: has `body` write the reply's body where it goes out, and ends the stream. When `body` returns false or throws nothing was said, and the stream
  /// is open as before; so it is when the peer does not accept a body of this length, which throws `too-large`.
  /// - Returns: what `body` did; true when the stream is gone.
  public mutating func reply(
    _ stream: UInt64, writing body: (inout FieldWriter) throws(CallError) -> Bool
  ) throws(CallError) -> Bool {
    guard let state = streams[stream] else { return true }
    precondition(!state.replied, "a stream has one REPLY")
    guard try writeLimited(FrameHeader(kind: .reply, flags: .last, stream: stream), "reply", body) else { return false }
    remove(stream)
    return true
  }

  /// Server: ends the stream with an error. Does nothing when the stream is gone.
  public mutating func fail(_ stream: UInt64, _ error: CallError) {
    precondition(configuration.side == .server, "only a server fails a stream")
    guard streams[stream] != nil else { return }
    writeControl(.error, stream: stream, error.wire)
    remove(stream)
  }

  /// Server: to be called once for every `request`, when its work has stopped, however it ended. Frees the place of a cancelled stream; a
  /// stream that got no end yet is failed as `internal`.
  public mutating func finished(_ stream: UInt64) {
    if stopping.remove(stream) == nil {
      fail(stream, CallError(.internal, "the server's work ended without an answer"))
    }
  }

  // MARK: DATA

  /// Bytes that `send` would take on the stream now; nil when it is gone.
  public func sendable(on stream: UInt64) -> Int? {
    streams[stream].map { Int(clamping: min($0.sendCredit, sendCredit)) }
  }

  /// Sends as many of `bytes` as credit allows, as DATA; nothing is queued. When that is not all, `writable` comes as soon as more can be
  /// sent.
  /// - Returns: how many were taken, from the front; nil when the stream is gone.
  public mutating func send(_ bytes: ArraySlice<UInt8>, on stream: UInt64) -> Int? {
    var rest = bytes
    while !rest.isEmpty {
      guard let count = reserve(rest.count, on: stream) else { return nil }
      if count == 0 { break }
      output.raw(rest.prefix(count))
      rest.removeFirst(count)
    }
    return streams[stream] == nil ? nil : bytes.count - rest.count
  }

  /// Begins one DATA frame for up to `count` bytes, for an owner that writes bulk bytes itself: after the outbound bytes, and before
  /// anything else, it must write exactly as many bytes as were granted.
  /// - Returns: the bytes granted, possibly fewer than wanted; 0 when there is no credit, and `writable` will come; nil when the stream is
  /// gone.
  public mutating func reserve(_ count: Int, on stream: UInt64) -> Int? {
    guard let state = streams[stream] else { return nil }
    precondition(state.localOpen, "DATA after the stream's last frame, or before its REPLY")
    let most = min(count, WireLimits.dataFrameLength, Int(peer.maxFrameLength))
    let granted = Int(clamping: min(UInt64(most), state.sendCredit, sendCredit))
    if granted == 0 {
      if count > 0 { wait(stream) }
      return 0
    }
    streams[stream]?.sendCredit -= UInt64(granted)
    sendCredit -= UInt64(granted)
    output.header(FrameHeader(kind: .data, stream: stream, length: granted))
    return granted
  }

  /// Says that no more DATA follows. On a server the stream has ended. Does nothing when the stream is gone.
  public mutating func end(_ stream: UInt64) {
    guard let state = streams[stream] else { return }
    precondition(state.localOpen, "END after the stream's last frame, or before its REPLY")
    writeEmpty(.end, stream: stream)
    switch configuration.side {
    case .client:
      streams[stream]?.localOpen = false
      // Who was waiting for credit no longer is.
      streams[stream]?.isBlocked = false
    case .server: remove(stream)
    }
  }

  /// Says that the owner has done with `count` bytes of a stream's DATA, so that the peer may send as many again.
  public mutating func consumed(_ count: Int, on stream: UInt64) {
    let bytes = UInt64(count)
    if let held = lingering[stream] {
      assert(bytes <= held, "more consumed than was delivered")
      lingering[stream] = held > bytes ? held - bytes : nil
      returnConnectionCredit(min(bytes, held))
      return
    }
    guard var state = streams[stream] else { return }
    assert(bytes <= state.unconsumed, "more consumed than was delivered")
    let done = min(bytes, state.unconsumed)
    state.unconsumed -= done
    let grant = state.window.consume(done)
    streams[stream] = state
    if grant > 0, state.remoteOpen { writeControl(.credit, stream: stream, Credit(bytes: grant)) }
    returnConnectionCredit(done)
  }

  // MARK: Parts

  private mutating func wait(_ stream: UInt64) {
    guard var state = streams[stream] else { return }
    state.isBlocked = true
    if !state.isWaiting {
      state.isWaiting = true
      waiting.append(stream)
    }
    streams[stream] = state
  }

  /// Writes a frame whose body the peer may find too long; then nothing is written, nor when `body` returns false or throws.
  /// - Returns: what `body` did.
  private mutating func writeLimited(
    _ header: FrameHeader, _ what: @autoclosure () -> String, _ body: (inout FieldWriter) throws(CallError) -> Bool
  ) throws(CallError) -> Bool {
    let start = output.bytes.count
    output.header(header)
    do throws(CallError) {
      guard try body(&output) else {
        output.truncate(to: start)
        return false
      }
      let length = output.closeFrame(at: start)
      if length > Int(peer.maxFrameLength) {
        throw CallError(
          .tooLarge, "\(what()) of \(length) bytes is beyond the peer's limit of \(peer.maxFrameLength)", processed: .no,
          details: [ErrorDetail(key: "limit", value: "\(peer.maxFrameLength)")])
      }
    } catch {
      output.truncate(to: start)
      throw error
    }
    return true
  }
}
