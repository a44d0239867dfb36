import Network
import Platform
import Wire

/// Who a TLS connection belongs to. All is called on its event loop.
package protocol TLSSocketOwner: AnyObject {
  /// The handshake is done and the peer is known.
  func socketIsReady(_ peer: PeerIdentity)
  /// Plaintext, which is lent. More may be asked for afterwards only.
  func received(_ bytes: UnsafeRawBufferPointer)
  /// What was read is done with. The owner asks for more (`TLSSocket.read`) when it wants more.
  func receivedAll()
  /// There is room again for what is written.
  func socketIsWritable()
  /// The connection was refused or has broken. It closes by itself.
  func socketFailed(_ error: TLSError)
  /// Nothing follows.
  func socketHasClosed()
}

/// TLS over one socket. Nothing else sees OpenSSL or the socket.
///
/// What is written is encrypted and sent at once, and what the system does not take waits here. A failure is reported once, after the alert for the peer was
/// written, and the socket closes. It belongs to its event loop, which keeps it until it has closed.
package final class TLSSocket: SocketWatcher {
  private enum State {
    case handshaking
    case open
    /// Our close_notify or alert is written; what the peer still sends is thrown away.
    case closing
    case closed
  }

  /// After our last byte the peer has this long to close its side, nanoseconds. To close at once would make the system reset the connection when bytes of the
  /// peer lie unread, and the reset can overtake the alert or error that says why.
  private static let linger: UInt64 = 500_000_000
  /// What a peer may still send after our last byte, in ciphertext: as much as it may have had on its way. One that sends more is not listening.
  private static let longestRest = 2 << 20
  /// Each read of it waits for so long, nanoseconds: nobody else needs to.
  private static let pause: UInt64 = 1_000_000
  /// A peer that reads slowly has this long to take what was written before the end, nanoseconds.
  private static let farewell: UInt64 = 10_000_000_000
  /// Ciphertext that waits for a slow peer, in bytes: above the second number the owner is to write no more, until it falls below the first.
  private static let waterMarks = (low: 128 << 10, high: 512 << 10)
  /// Records that are decrypted at once. The next wait for a turn: of the smallest, one read brings thousands.
  private static let records = 64

  package let loop: EventLoop
  private let session: TLSSession
  /// Server: whose turn a step of the handshake takes; nil when the handshake is done on the event loop.
  private let address: String?
  private var owner: (any TLSSocketOwner)?
  private var socket: Socket?
  private var watch: EventLoop.Watch?
  private var watched: Readiness = .read
  private var state = State.handshaking
  private var timer: Timer?
  /// The owner wants what comes next.
  private var wantsRead = true
  /// A step of the handshake is done elsewhere, which has the session meanwhile. What comes then waits, and no more is read.
  private var isAway = false
  /// What has come and was not yet decrypted.
  private var arrived: ArraySlice<UInt8> = []
  private var awaitsTurn = false
  /// The peer has closed its side.
  private var hasEnded = false
  /// What came after our last byte.
  private var thrownAway = 0
  /// Ciphertext that the system has not taken yet.
  private var unsent: ArraySlice<UInt8> = []
  /// True while the owner may write more.
  package private(set) var isWritable = true
  /// A write has failed, which will be told.
  private var isBroken = false

  /// Takes over a socket that is connected. To be called on `loop`.
  /// - Parameters:
  ///   - host: client: the host name or IP address that the server's certificate must be for.
  ///   - address: server: who connects; the handshake is then done on another thread, in turn with those of other addresses.
  ///   - limit: the handshake must be done within so many nanoseconds.
  package init(
    _ socket: Socket, on loop: EventLoop, _ context: TLSContext, host: String? = nil, address: String? = nil, handshakeWithin limit: UInt64,
    owner: any TLSSocketOwner
  ) throws(TLSError) {
    session = try TLSSession(context, host: host)
    self.socket = socket
    self.loop = loop
    self.address = address
    self.owner = owner
    watch = loop.watch(socket, for: watched, self)
    guard watch != nil else { throw TLSError(kind: .failed, reason: "the system has no room to watch another socket") }
    timer = loop.schedule(in: limit) { [weak self] in
      guard let self, state == .handshaking else { return }
      fail(TLSError(kind: .timeout, reason: "the TLS handshake was not done within \(limit / 1_000_000) ms"))
    }
  }

  /// Says what a client says first. To be called once.
  package func begin() { if address == nil { handshake() } }

  // MARK: The handshake

  /// Goes on with the handshake, with the bytes that have arrived.
  private func handshake() {
    var step = HandshakeStep(session: session, input: arrived)
    arrived = []
    guard let address else {
      step.run()
      return handshaken(step)
    }
    isAway = true
    let bound = LoopBound(self)
    HandshakeQueue.shared.run(address) { [step, loop] in
      var step = step
      step.run()
      loop.execute { [step] in
        let socket = bound.value
        socket.isAway = false
        socket.handshaken(step)
      }
    }
  }

  /// A step of the handshake is done, unless it took too long or the peer is gone.
  private func handshaken(_ step: HandshakeStep) {
    guard state == .handshaking else { return }
    step.output.withUnsafeBytes { send($0) }
    switch step.result {
    case .failure(let error): fail(error)
    case .success(nil): if arrived.isEmpty { read() } else { handshake() }
    case .success(let peer?):
      timer?.cancel()
      timer = nil
      state = .open
      owner?.socketIsReady(peer)
      // The peer's first bytes may have come with the end of its handshake, or while its last step was done.
      arrived = step.input + arrived
      if state == .open, !arrived.isEmpty { takeArrived() }
      if state == .open { owner?.receivedAll() }
    }
  }

  // MARK: Reading

  /// Asks for what comes next, of which one read is taken.
  package func read() {
    wantsRead = true
    if isAway { return }
    if !arrived.isEmpty, state == .open { return awaitTurn() }
    if !watched.contains(.read) { tellOf(watched.union(.read)) }
  }

  private func awaitTurn() {
    if awaitsTurn { return }
    awaitsTurn = true
    loop.awaitTurn { [self] in
      awaitsTurn = false
      guard state == .open else { return }
      wantsRead = false
      takeArrived()
      if state == .open { owner?.receivedAll() }
    }
  }

  package func isReady(_ readiness: Readiness) {
    if readiness.contains(.write), !unsent.isEmpty { sendUnsent() }
    guard let socket, state != .closed, readiness != .write else { return }
    guard wantsRead, !isAway, !awaitsTurn else {
      // Asked for again when it is wanted. Of the end the system would tell without end.
      if readiness.intersection(.end).isEmpty { return tellOf(watched.subtracting(.read)) }
      return hasBroken("the peer closed the connection")
    }
    wantsRead = false
    let buffer = loop.buffers.input
    switch socket.read(into: buffer) {
    case .bytes(0): peerIsGone()
    case .bytes(let count): take(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    case .later: wantsRead = true
    case .broken(let error): hasBroken(Self.reason(error))
    }
  }

  private func take(_ bytes: UnsafeRawBufferPointer) {
    switch state {
    case .handshaking:
      arrived += bytes
      handshake()
      if state == .handshaking, !isAway { read() }
    case .open:
      let taken = decrypt(bytes)
      // What was left is no more than this read brought: no other is made before it is taken.
      if taken < bytes.count { arrived = ArraySlice(bytes[taken...]) }
      if state == .open { owner?.receivedAll() }
    case .closing:
      thrownAway += bytes.count
      if thrownAway > Self.longestRest { shut() } else { discardMore() }
    case .closed: break
    }
  }

  private func takeArrived(records: Int = TLSSocket.records) {
    let bytes = arrived
    arrived = []
    let taken = bytes.withUnsafeBytes { decrypt($0, records: records) }
    if taken < bytes.count { arrived = bytes.dropFirst(taken) }
  }

  /// Decrypts what has come, but no more than `records`.
  /// - Returns: how much of it.
  private func decrypt(_ bytes: UnsafeRawBufferPointer, records: Int = TLSSocket.records) -> Int {
    let (plain, output) = (loop.buffers.plain, loop.buffers.output)
    let result = session.decrypt(bytes, records: records, into: plain, output: output)
    // Whoever takes the plaintext may write, into the same memory.
    if result.output > 0 { send(UnsafeRawBufferPointer(rebasing: output[..<result.output])) }
    if result.plain > 0 { owner?.received(UnsafeRawBufferPointer(rebasing: plain[..<result.plain])) }
    if state == .open {
      if let failure = result.failure { fail(failure) } else if !result.isOpen { close() }
    }
    return result.taken
  }

  private func peerIsGone() {
    hasEnded = true
    switch state {
    case .open, .handshaking: hasBroken("the peer closed the connection")
    // Once all was said, it does not matter how the socket ends.
    case .closing: if unsent.isEmpty { shut() }
    case .closed: break
    }
  }

  /// What a peer sent before its end counts, as much of it as one read brings.
  private func takeLast() { while state == .open, !isAway, !arrived.isEmpty { takeArrived(records: .max) } }

  // MARK: Writing

  /// Encrypts and sends `bytes`, which are lent. To be called when the socket is ready.
  package func write(_ bytes: UnsafeRawBufferPointer) {
    var rest = bytes[...]
    while state == .open, !isBroken, !rest.isEmpty {
      let piece = rest.prefix(TLSSession.batch)
      rest = rest.dropFirst(piece.count)
      let output = loop.buffers.output
      do throws(TLSError) {
        let count = try session.encrypt(UnsafeRawBufferPointer(rebasing: piece), output: output)
        send(UnsafeRawBufferPointer(rebasing: output[..<count]))
      } catch {
        breakSoon(error.reason)
      }
    }
  }

  /// Sends ciphertext, or keeps it until the system takes it.
  private func send(_ bytes: UnsafeRawBufferPointer) {
    guard let socket, !isBroken, !bytes.isEmpty else { return }
    var taken = 0
    if unsent.isEmpty {
      switch socket.write(bytes) {
      case .bytes(let count): taken = count
      case .later: break
      case .broken(let error): return breakSoon(Self.reason(error))
      }
    }
    if taken == bytes.count { return }
    unsent += bytes[taken...]
    if unsent.count > Self.waterMarks.high { isWritable = false }
    if !watched.contains(.write) { tellOf(watched.union(.write)) }
  }

  private func sendUnsent() {
    guard let socket, !isBroken else { return }
    switch unsent.withUnsafeBytes({ socket.write($0) }) {
    case .bytes(let count): unsent = unsent.dropFirst(count)
    case .later: return
    case .broken(let error): return breakSoon(Self.reason(error))
    }
    if unsent.isEmpty {
      unsent = []
      tellOf(watched.subtracting(.write))
      if state == .closing { endWriting() }
    }
    if !isWritable, unsent.count < Self.waterMarks.low {
      isWritable = true
      if state == .open { owner?.socketIsWritable() }
    }
  }

  private func tellOf(_ readiness: Readiness) {
    watched = readiness
    if let watch { loop.change(watch, to: readiness) }
  }

  // MARK: Ending

  /// Says close_notify and closes, once what was written is sent.
  package func close() {
    switch state {
    case .open:
      let output = loop.buffers.output
      let count = session.close(output: output)
      send(UnsafeRawBufferPointer(rebasing: output[..<count]))
      end()
    case .handshaking: end()
    case .closing, .closed: break
    }
  }

  /// The connection was refused or has broken.
  private func fail(_ error: TLSError) {
    guard state == .handshaking || state == .open else { return }
    end()
    owner?.socketFailed(error)
  }

  /// Whoever writes is not told in the middle of it.
  private func breakSoon(_ why: String) {
    isBroken = true
    unsent = []
    _ = loop.schedule(in: 0) { [weak self] in self?.hasBroken(why) }
  }

  private static func reason(_ error: Int32) -> String {
    "the connection broke (\(SystemError.text(error)))"
  }

  /// No more can be read or written.
  private func hasBroken(_ why: String) {
    isBroken = true
    takeLast()
    let before = state
    state = .closing
    if before == .handshaking || before == .open {
      let when = before == .open ? "without close_notify" : "during the TLS handshake"
      owner?.socketFailed(TLSError(kind: .cutOff, reason: "\(why) \(when)"))
    }
    shut()
  }

  /// Sends what is left, closes our side, and gives the peer a moment to close its own.
  private func end() {
    state = .closing
    arrived = []
    closeSoon(Self.farewell)
    if unsent.isEmpty { endWriting() }
    discardMore()
  }

  private func endWriting() {
    socket?.endWriting()
    closeSoon(hasEnded ? 0 : Self.linger)
  }

  /// Has the next be read, and thrown away, in a moment.
  private func discardMore() {
    _ = loop.schedule(in: Self.pause) { [weak self] in
      if let self, state == .closing, !isAway { read() }
    }
  }

  private func closeSoon(_ time: UInt64) {
    timer?.cancel()
    timer = loop.schedule(in: time) { [weak self] in self?.shut() }
  }

  private func shut() {
    guard state != .closed else { return }
    state = .closed
    timer?.cancel()
    timer = nil
    if let watch { loop.forget(watch) }
    watch = nil
    socket = nil
    arrived = []
    unsent = []
    owner?.socketHasClosed()
    owner = nil
  }
}

/// What belongs to an event loop, on its way through another thread.
// Sound: it is used on the loop only.
struct LoopBound<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}
