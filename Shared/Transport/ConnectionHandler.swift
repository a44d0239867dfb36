import Network
import Platform
import Wire

/// What the two kinds of owners of a connection do with it. All is called on the connection's event loop.
protocol ConnectionOwner: Sendable {
  /// HELLO has come; streams may be opened.
  func connectionIsReady(_ hello: HelloMessage, peer: PeerIdentity)
  /// Server: a request that the roles allow, to be answered at once by writing its reply. False when it takes a call.
  func answer(_ request: IncomingRequest, peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool
  /// Server: a request that the roles allow. Throws why it is refused.
  func take(_ request: IncomingRequest, peer: PeerIdentity) throws(CallError) -> ServerCall
  /// Server: milliseconds for which a connection is not read on which a call was refused for want of a place; 0 = it is read on.
  var restAfterRefusal: UInt64 { get }
  /// Client: no more streams may be opened.
  func connectionGoesAway()
  /// Nothing follows. `wasReady` tells a refused connection from one that ended.
  func connectionEnded(_ reason: (any Error)?, wasReady: Bool)
}

/// The shell around a `ConnectionMachine`: decrypted bytes, operations and the time go in; events go to the streams and the owner, bytes to the socket.
final class ConnectionHandler: TLSSocketOwner {
  /// Requests that wait on a client for a free stream.
  static let maxWaitingOpens = 1024
  /// Outbound bytes at which they are handed on at once, so that they are not all held twice.
  private static let flushThreshold = 256 << 10

  /// How long a connection may take before the loop's other connections have their turn, nanoseconds.
  private static let turn: UInt64 = 100_000
  /// Frames after which the clock is looked at.
  private static let step = 8
  /// A read of more bytes than this is a turn by itself: to decrypt it takes as long.
  private static let longRead = 8 << 10
  /// Frames that come to nothing (`ConnectionMachine.vainFrames`) after which a connection rests.
  private static let mostVain = 8
  /// How long it rests then, nanoseconds: no honest peer sends 500 such frames a second for long.
  private static let vainRest: UInt64 = 16_000_000

  struct PendingSend {
    var rest: ArraySlice<UInt8>
    let slot: Slot<Void>
  }
  struct Entry {
    let port: StreamPort
    /// Server: the work.
    var call: ServerCall?
    var sends: [PendingSend] = []
  }
  struct WaitingOpen {
    let port: StreamPort
    let method: Method
    var request: Request
    let last: Bool
    /// Monotonic milliseconds; `.max` = none.
    let deadline: UInt64
  }

  let link: Link
  let owner: any ConnectionOwner
  var machine: ConnectionMachine
  var entries: [UInt64: Entry] = [:]
  var waitingOpens: [WaitingOpen] = []
  private(set) var peer: PeerIdentity?
  /// Client: GOAWAY has come.
  var isGoingAway = false
  /// Client: nobody will open another stream.
  var isRetiring = false

  private var socket: TLSSocket?
  private var events: [ConnectionEvent] = []
  private var operations: [Operation] = []
  private var isSettling = false
  /// What was to be sent on some stream waits for the socket, or for what is outbound to be written, and not for credit.
  private var holdsSends = false
  private var mustSettleAgain = false
  private var holdsRead = false
  /// Server: a call was refused for want of a place since the last rest.
  var wasRefused = false
  /// Server: a call with DATA has begun, which ends the turn: it takes its time on another thread, where the turn's clock does not see it.
  var endsTurn = false
  /// Nothing is read for a moment.
  private var isResting = false
  /// It is among those that wait for a turn.
  private var awaitsTurn = false
  /// The last read was a long one.
  private var readLong = false
  private var tickAt = UInt64.max
  private var timer: Timer?
  private var wasReady = false
  private var hasEnded = false
  private var closesSocket = false
  /// Why the connection ended, when it was not the machine that found out.
  private var cause: (any Error)?

  init(_ configuration: ConnectionConfiguration, link: Link, owner: any ConnectionOwner) {
    self.link = link
    self.owner = owner
    machine = ConnectionMachine(configuration, now: nowMilliseconds())
  }

  // MARK: The socket

  /// Begins to speak over a socket that is connected. To be called on the link's loop.
  /// - Parameters: those of `TLSSocket`.
  func begin(_ socket: Socket, _ context: TLSContext, host: String? = nil, address: String? = nil, handshakeWithin limit: UInt64)
    throws(TLSError)
  {
    let socket = try TLSSocket(socket, on: link.loop, context, host: host, address: address, handshakeWithin: limit, owner: self)
    self.socket = socket
    link.attach(self)
    socket.begin()
  }

  func socketIsReady(_ peer: PeerIdentity) {
    self.peer = peer
    settle()
  }

  func received(_ bytes: UnsafeRawBufferPointer) {
    let start = monotonicNow()
    endsTurn = false
    readLong = bytes.count > Self.longRead
    machine.receive(bytes, now: start / 1_000_000, turn: Self.step)
    performEvents()
    // Where others wait for their turns, this one does too when it has more than a few frames.
    takeTurn(from: start, lasting: link.loop.hasTurns ? 0 : Self.turn)
  }

  /// Takes in what was received and not yet looked at, until `start` is so many nanoseconds ago.
  private func takeTurn(from start: UInt64, lasting time: UInt64) {
    while machine.hasUnread {
      if restsForVain() { return }
      let now = monotonicNow()
      guard now - start < time, !endsTurn else { return awaitTurn() }
      machine.receiveMore(now: now / 1_000_000, turn: Self.step)
      performEvents()
    }
  }

  /// Takes the turn that it waited for, with what lies here or by reading.
  func takeTurn() {
    awaitsTurn = false
    endsTurn = false
    guard !isResting, let socket, socket.isWritable else { return settle() }
    if machine.hasUnread {
      takeTurn(from: monotonicNow(), lasting: Self.turn)
      settle()
    } else {
      readLong = false
    }
    readIfFree()
  }

  private func awaitTurn() {
    guard !awaitsTurn, socket != nil else { return }
    awaitsTurn = true
    link.loop.awaitTurn { self.takeTurn() }
  }

  /// What a peer sent before its end counts, up to a bound: nobody waits for answers any more.
  private func takeLast() {
    if machine.hasUnread { machine.receiveMore(now: nowMilliseconds(), turn: 128 * Self.step) }
  }

  /// What the peer makes us write must not grow while it does not read: then nothing more is read from it. Nor is it while there is more than a turn of it,
  /// or while it rests.
  func receivedAll() {
    holdsRead = true
    settle()
    readIfFree()
  }

  private func readIfFree() {
    guard holdsRead, !machine.hasUnread, let socket, socket.isWritable, !restsForVain() else { return }
    if readLong { return awaitTurn() }
    if wasRefused { restAfterRefusal() }
    if isResting { return }
    holdsRead = false
    socket.read()
  }

  /// Has a peer rest whose frames come to nothing: what it pays for them with is its own time. A read afterwards takes its turn.
  /// - Returns: true when it rests.
  private func restsForVain() -> Bool {
    if isResting { return true }
    guard machine.vainFrames >= Self.mostVain else { return false }
    machine.vainFrames -= Self.mostVain
    readLong = true
    rest(until: link.loop.now + Self.vainRest)
    return true
  }

  /// Has the peer's next calls wait, in the system's buffers, after one was refused for want of a place: what comes meanwhile is refused by one read and one
  /// record, and all connections of the loop that rest are read at the same moments, by one wake-up. To wake up for each call that is refused would take from
  /// those that are served a tenth of their time and what they have in the processor's caches.
  private func restAfterRefusal() {
    wasRefused = false
    let time = owner.restAfterRefusal * 1_000_000
    guard time > 0 else { return }
    rest(until: (link.loop.now / time + 1) * time)
  }

  /// - Parameter moment: monotonic nanoseconds.
  private func rest(until moment: UInt64) {
    guard !isResting, socket != nil else { return }
    isResting = true
    _ = link.loop.schedule(at: moment) {
      self.isResting = false
      if self.machine.hasUnread { self.awaitTurn() } else { self.readIfFree() }
    }
  }

  func socketIsWritable() {
    if machine.hasUnread { awaitTurn() }
    readIfFree()
    settle()
  }

  func socketFailed(_ error: TLSError) {
    if cause == nil { cause = error }
    takeLast()
    let code: ErrorCode = error.isRefusal ? .unauthenticated : .unavailable
    machine.connectionLost(CallError(code, "\(error)", retryable: code == .unavailable))
    settle()
  }

  func socketHasClosed() {
    takeLast()
    machine.connectionLost()
    settle()
    socket = nil
    finish()
  }

  // MARK: Settling

  /// To be called after the machine was touched: performs its events, opens what waits, writes what is outbound, sets the timer. What was said in a turn that
  /// has ended before its work goes out with the rest, as one record.
  func settle() {
    if isSettling {
      mustSettleAgain = true
      return
    }
    isSettling = true
    repeat {
      mustSettleAgain = false
      performEvents()
      openWaiting()
      if isRetiring, machine.openStreams == 0, waitingOpens.isEmpty {
        isRetiring = false
        machine.close(nil)
        performEvents()
      }
      if !awaitsTurn || !machine.hasUnread || machine.outboundBytes > TLSSession.maxRecord { writeOutbound() }
      pumpHeld()
      setTimer()
    } while mustSettleAgain
    isSettling = false
    if closesSocket {
      closesSocket = false
      socket?.close()
    }
  }

  /// Does what tasks have asked for.
  func drain() {
    link.take(into: &operations)
    for operation in operations {
      perform(operation)
      if machine.outboundBytes > Self.flushThreshold { writeOutbound() }
    }
    operations.removeAll(keepingCapacity: true)
    settle()
  }

  private func performEvents() {
    // Performing an event may make more in the machine, and may perform them. The list's memory is used again.
    var taken: [ConnectionEvent] = []
    swap(&taken, &events)
    while true {
      machine.takeEvents(into: &taken)
      if taken.isEmpty { break }
      // What an event holds is moved out, not copied and counted.
      for index in taken.indices {
        var event = ConnectionEvent.drained
        swap(&event, &taken[index])
        perform(event)
      }
    }
    swap(&taken, &events)
  }

  private func writeOutbound() {
    guard let socket, peer != nil, machine.outboundBytes > 0 else { return }
    machine.withOutbound { socket.write($0) }
  }

  /// Sends what waits to be sent on a stream, as far as credit and the socket allow.
  func pump(_ stream: UInt64) {
    while let first = entries[stream]?.sends.first {
      guard mayWrite else {
        holdsSends = true
        return
      }
      guard let taken = machine.send(first.rest, on: stream) else { return }
      if taken < first.rest.count {
        entries[stream]?.sends[0].rest = first.rest.dropFirst(taken)
        return
      }
      entries[stream]?.sends.removeFirst()
      first.slot.complete(.success(()))
    }
  }

  /// Goes on with what was held back: the credit for it was announced once and is not announced again.
  private func pumpHeld() {
    guard holdsSends, mayWrite else { return }
    holdsSends = false
    for stream in entries.keys { pump(stream) }
    mustSettleAgain = true
  }

  private var mayWrite: Bool { socket?.isWritable == true && machine.outboundBytes <= Self.flushThreshold }

  private func setTimer() {
    guard socket != nil, peer != nil else { return }
    let due = waitingOpens.reduce(machine.nextTick) { min($0, $1.deadline) }
    // A timer that fires early does no harm, so it is only ever moved forward in time: most calls then need none of their own.
    if due >= tickAt { return }
    timer?.cancel()
    tickAt = due
    let now = nowMilliseconds()
    timer = link.loop.schedule(in: min(due - min(due, now), 1 << 40) * 1_000_000) { [weak self] in self?.tick() }
  }

  private func tick() {
    tickAt = .max
    timer = nil
    machine.tick(now: nowMilliseconds())
    settle()
  }

  private func finish() {
    timer?.cancel()
    timer = nil
    guard !hasEnded else { return }
    hasEnded = true
    let error = CallError(.unavailable, "the connection is closed", retryable: true)
    link.end(error)
    for waiting in waitingOpens.drainAll() { Operation.open(waiting.port, waiting.method, waiting.request, last: true).abandon(error) }
    // A write that fails ends the connection while we settle: what the machine has to say to the streams would then come too late for them.
    for entry in entries.drainAll().values {
      entry.call?.cancel()
      entry.port.end(.failure(error))
      for send in entry.sends { send.slot.complete(.failure(error)) }
    }
    owner.connectionEnded(cause, wasReady: wasReady)
  }

  // MARK: Events of the connection

  func becameReady(_ hello: HelloMessage) {
    wasReady = true
    // The machine is fed only after TLS is done, which is when the peer becomes known.
    if let peer { owner.connectionIsReady(hello, peer: peer) }
  }

  func becameDrained() { closesSocket = true }

  func becameClosed(_ error: CallError?) {
    if cause == nil { cause = error }
    closesSocket = true
  }
}

extension TLSError {
  /// True when trying again cannot help until somebody changes a certificate or a program.
  var isRefusal: Bool {
    switch kind {
    case .cutOff, .timeout, .failed: false
    default: true
    }
  }
}

extension Array {
  /// Empties the array and returns what was in it.
  mutating func drainAll() -> [Element] {
    defer { self = [] }
    return self
  }
}

extension Dictionary {
  /// Empties the dictionary and returns what was in it.
  mutating func drainAll() -> [Key: Value] {
    defer { self = [:] }
    return self
  }
}
