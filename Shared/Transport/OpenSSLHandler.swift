import NIOCore
import Wire

/// Fired through the pipeline when the handshake is done and the peer is known.
package struct TLSReady: Sendable {
  package let peer: PeerIdentity
}

/// TLS for one channel. Plaintext is on the side of the tail, ciphertext on the side of the head; nothing else sees OpenSSL.
///
/// Writes are gathered until the flush and go out as few records and one buffer. A failure is reported once by `errorCaught` with a `TLSError`, after the
/// alert for the peer was written, and the channel closes.
package final class OpenSSLHandler: ChannelDuplexHandler {
  package typealias InboundIn = ByteBuffer
  package typealias InboundOut = ByteBuffer
  package typealias OutboundIn = ByteBuffer
  package typealias OutboundOut = ByteBuffer

  private enum State {
    case idle
    case handshaking
    case open
    /// Our close_notify or alert is written; what the peer still sends is thrown away.
    case closing
    case closed
  }

  /// After our last byte the peer has this long to close its side. To close at once would make the system reset the connection when bytes of the
  /// peer lie unread, and the reset can overtake the alert or error that says why.
  private static let linger = TimeAmount.milliseconds(500)
  /// What a peer may still send after our last byte, in ciphertext: as much as it may have had on its way. One that sends more is not listening.
  private static let longestRest = 2 << 20
  /// Each read of it waits for so long: nobody else needs to.
  private static let pause = TimeAmount.milliseconds(1)
  /// A peer that reads slowly has this long to take what was written before the end.
  private static let farewell = TimeAmount.seconds(10)

  /// Bytes after which what is encrypted is written: the peer decrypts the first of many while we encrypt the next, and the buffer that a connection keeps
  /// stays small.
  private static let batch = 3 * TLSSession.maxRecord
  /// Records that are decrypted at once. The next wait for a turn: of the smallest, one read brings thousands.
  private static let records = 64

  private let session: TLSSession
  private let handshakeTimeout: TimeAmount
  /// Server: whose turn a step of the handshake takes; nil when the handshake is done on the event loop.
  private let address: String?
  private var state = State.idle
  private var timer: Scheduled<Void>?
  /// Plaintext to be encrypted at the next flush; small writes are joined in the last one.
  private var pending = CircularBuffer<ByteBuffer>()
  private var promises: [EventLoopPromise<Void>] = []
  private var wantsFlush = false
  /// Reused when nobody else holds it.
  private var plain = ByteBuffer()
  private var output = ByteBuffer()
  /// A step of the handshake is done elsewhere, which has the session meanwhile. What comes then waits, and no more is read.
  private var isAway = false
  /// What has come and was not yet decrypted.
  private var arrived = ByteBuffer()
  private var awaitsTurn = false
  private var holdsRead = false
  /// The peer has closed its side meanwhile.
  private var hasEnded = false
  /// What came after our last byte.
  private var thrownAway = 0

  /// - Parameters:
  ///   - host: client: the host name or IP address that the server's certificate must be for.
  ///   - address: server: who connects; the handshake is then done on another thread, in turn with those of other addresses.
  package init(_ context: TLSContext, host: String? = nil, address: String? = nil, handshakeTimeout: TimeAmount) throws(TLSError) {
    session = try TLSSession(context, host: host)
    self.handshakeTimeout = handshakeTimeout
    self.address = address
  }

  // MARK: Beginning

  package func handlerAdded(context: ChannelHandlerContext) {
    if context.channel.isActive { begin(context) }
  }

  package func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  private func begin(_ context: ChannelHandlerContext) {
    guard state == .idle else { return }
    state = .handshaking
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let limit = handshakeTimeout
    timer = context.eventLoop.scheduleTask(in: limit) {
      let (handler, context) = bound.value
      guard handler.state == .handshaking else { return }
      handler.fail(context, TLSError(kind: .timeout, reason: "the TLS handshake was not done within \(limit.nanoseconds / 1_000_000) ms"))
    }
    // A server has nothing to say first.
    if address == nil { handshake(context) }
  }

  /// Goes on with the handshake, with the bytes that have arrived.
  private func handshake(_ context: ChannelHandlerContext) {
    var step = HandshakeStep(session: session, input: arrived)
    arrived = ByteBuffer()
    guard let address else {
      step.run()
      return handshaken(context, step)
    }
    isAway = true
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    HandshakeQueue.shared.run(address) { [step, loop = context.eventLoop] in
      var step = step
      step.run()
      loop.execute { [step] in
        let (handler, context) = bound.value
        handler.isAway = false
        handler.handshaken(context, step)
        handler.readIfHere(context)
        if handler.hasEnded, !handler.isAway { context.close(promise: nil) }
      }
    }
  }

  /// A step of the handshake is done, unless it took too long or the peer is gone.
  private func handshaken(_ context: ChannelHandlerContext, _ step: HandshakeStep) {
    guard state == .handshaking else { return }
    output.writeImmutableBuffer(step.output)
    switch step.result {
    case .failure(let error): fail(context, error)
    case .success(nil):
      writeOutput(context)
      if arrived.readableBytes > 0 { handshake(context) }
    case .success(let peer?):
      writeOutput(context)
      timer?.cancel()
      timer = nil
      state = .open
      context.fireUserInboundEventTriggered(TLSReady(peer: peer))
      if wantsFlush { flush(context: context) }
      // The peer's first bytes may have come with the end of its handshake, or while its last step was done.
      var rest = step.input
      rest.writeImmutableBuffer(arrived)
      arrived = rest
      if state == .open { decrypt(context) }
      if address != nil { context.fireChannelReadComplete() }
    }
  }

  package func read(context: ChannelHandlerContext) {
    holdsRead = true
    readIfHere(context)
  }

  private func readIfHere(_ context: ChannelHandlerContext) {
    guard holdsRead, !isAway else { return }
    if arrived.readableBytes > 0, state == .open { return awaitTurn(context) }
    holdsRead = false
    guard state == .closing else { return context.read() }
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    context.eventLoop.scheduleTask(in: Self.pause) { bound.value.read() }
  }

  private func awaitTurn(_ context: ChannelHandlerContext) {
    if awaitsTurn { return }
    awaitsTurn = true
    Turns.of(context.eventLoop).add {
      self.awaitsTurn = false
      guard self.state == .open else { return self.readIfHere(context) }
      self.decrypt(context)
      context.fireChannelReadComplete()
      self.readIfHere(context)
    }
  }

  // MARK: Reading

  package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var input = unwrapInboundIn(data)
    switch state {
    case .handshaking:
      arrived.writeBuffer(&input)
      if !isAway { handshake(context) }
    case .open:
      if arrived.readableBytes == 0 { arrived = input } else { arrived.writeBuffer(&input) }
      if !awaitsTurn { decrypt(context) }
    case .closing:
      thrownAway += input.readableBytes
      if thrownAway > Self.longestRest { context.close(promise: nil) }
    case .idle, .closed: break
    }
  }

  /// Decrypts what has arrived, but no more than `records`.
  private func decrypt(_ context: ChannelHandlerContext, records: Int = OpenSSLHandler.records) {
    var failure: TLSError?
    var isOpen = true
    do throws(TLSError) {
      isOpen = try session.decrypt(&arrived, records: records, into: &plain, output: &output)
    } catch {
      failure = error
    }
    if arrived.readableBytes == 0 { arrived = ByteBuffer() }
    if plain.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(plain)) }
    Self.empty(&plain)
    if state != .open { return }
    if let failure {
      fail(context, failure)
    } else if !isOpen {
      close(context: context, mode: .all, promise: nil)
    } else if output.readableBytes > 0 {
      writeOutput(context)
    }
  }

  /// A server hears first that the peer has closed its side, since the last that it said may still be looked at elsewhere.
  package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard case ChannelEvent.inputClosed? = event as? ChannelEvent else { return context.fireUserInboundEventTriggered(event) }
    hasEnded = true
    takeLast(context)
    if !isAway { context.close(promise: nil) }
  }

  /// What a peer sent before its end counts, as much of it as one read brings.
  private func takeLast(_ context: ChannelHandlerContext) {
    if state == .open, !isAway, arrived.readableBytes > 0 { decrypt(context, records: .max) }
  }

  package func channelInactive(context: ChannelHandlerContext) {
    takeLast(context)
    let before = state
    finish(context)
    if before == .handshaking || before == .open {
      let when = before == .open ? "without close_notify" : "during the TLS handshake"
      context.fireErrorCaught(TLSError(kind: .cutOff, reason: "the peer closed the connection \(when)"))
    }
    context.fireChannelInactive()
  }

  // MARK: Writing

  package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard state != .closing, state != .closed else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    var buffer = unwrapOutboundIn(data)
    if let last = pending.last, last.readableBytes + buffer.readableBytes <= TLSSession.maxRecord {
      pending[pending.index(before: pending.endIndex)].writeBuffer(&buffer)
    } else if buffer.readableBytes > 0 {
      pending.append(buffer)
    }
    if let promise { promises.append(promise) }
  }

  package func flush(context: ChannelHandlerContext) {
    guard state == .open else {
      wantsFlush = true
      return
    }
    wantsFlush = false
    do throws(TLSError) {
      // To write can make the channel writable, and its owner write and flush more before the write returns. What is encrypted is therefore out of
      // `pending`, and what is written out of `output`, before the channel has it.
      while state == .open, let piece = nextPiece() {
        try session.encrypt(piece, output: &output)
        if output.readableBytes >= Self.batch { writeOutput(context) }
      }
    } catch {
      return fail(context, error)
    }
    if state == .open { writeOutput(context, promise: joinedPromise(context)) }
  }

  /// The plaintext to be encrypted next, at most `batch` bytes of it.
  private func nextPiece() -> ByteBuffer? {
    guard let first = pending.first else { return nil }
    if first.readableBytes <= Self.batch { return pending.removeFirst() }
    return pending[pending.startIndex].readSlice(length: Self.batch)
  }

  /// A promise for all that were written, which now are encrypted; nil when nobody waits.
  private func joinedPromise(_ context: ChannelHandlerContext) -> EventLoopPromise<Void>? {
    if promises.isEmpty { return nil }
    let all = promises
    promises = []
    let joined = context.eventLoop.makePromise(of: Void.self)
    joined.futureResult.whenComplete { result in for one in all { one.completeWith(result) } }
    return joined
  }

  /// Writes the ciphertext in `output`, if any, and flushes.
  private func writeOutput(_ context: ChannelHandlerContext, promise: EventLoopPromise<Void>? = nil) {
    if output.readableBytes == 0 {
      promise?.succeed(())
      return
    }
    var ciphertext = output
    output = ByteBuffer()
    context.writeAndFlush(wrapOutboundOut(ciphertext), promise: promise)
    // When the channel has written all of it at once, the buffer is ours alone again and its memory is reused.
    Self.empty(&ciphertext)
    if output.readableBytes == 0 { output = ciphertext }
  }

  /// Empties a buffer; its memory is used again when nobody else holds it and it is small.
  private static func empty(_ buffer: inout ByteBuffer) {
    if buffer.capacity > ConnectionMachine.kept { buffer = ByteBuffer() } else { buffer.clear(minimumCapacity: 0) }
  }

  // MARK: Ending

  package func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    guard mode == .all, state == .open || state == .handshaking else {
      context.close(mode: mode, promise: promise)
      return
    }
    if state == .open {
      flush(context: context)
      guard state == .open else {
        // The flush failed, and closes the channel by itself.
        context.channel.closeFuture.cascade(to: promise)
        return
      }
      session.close(output: &output)
    }
    end(context)
    context.channel.closeFuture.cascade(to: promise)
  }

  private func fail(_ context: ChannelHandlerContext, _ error: TLSError) {
    guard state == .handshaking || state == .open else { return }
    end(context)
    context.fireErrorCaught(error)
  }

  /// Writes what is left, closes our side, and gives the peer a moment to close its own.
  private func end(_ context: ChannelHandlerContext) {
    writeOutput(context)
    state = .closing
    failWrites()
    closeSoon(context, Self.farewell)
    // The system would end the channel at once, before the owner has heard why; who set this closes.
    if hasEnded { return }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let written = context.eventLoop.makePromise(of: Void.self)
    written.futureResult.whenSuccess {
      let (handler, context) = bound.value
      if handler.state == .closing { handler.closeSoon(context, Self.linger) }
    }
    context.close(mode: .output, promise: written)
  }

  private func closeSoon(_ context: ChannelHandlerContext, _ time: TimeAmount) {
    timer?.cancel()
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: time) { bound.value.close(mode: .all, promise: nil) }
  }

  package func errorCaught(context: ChannelHandlerContext, error: any Error) {
    // Once all was said, it does not matter how the socket ends.
    if state == .closing { context.close(promise: nil) } else { context.fireErrorCaught(error) }
  }

  private func finish(_ context: ChannelHandlerContext) {
    state = .closed
    timer?.cancel()
    timer = nil
    failWrites()
  }

  package func handlerRemoved(context: ChannelHandlerContext) { finish(context) }

  private func failWrites() {
    pending.removeAll()
    let all = promises
    promises = []
    for promise in all { promise.fail(ChannelError.ioOnClosedChannel) }
  }
}
