import Wire

/// A connection under any bytes of its peer. Three runs of the same bytes:
/// - whole and cut, with an owner that does nothing until the end: events and answers are the same;
/// - cut, with an owner that works: every event has its place, no more is held than was granted, all ends when the peer goes silent.
///
/// Input: mode (`Setting`), seed of the cuts, what the peer sends.
func checkConnection(_ bytes: [UInt8]) throws(Broken) {
  var choices = Choices(bytes)
  let setting = Setting(mode: choices.byte())
  let seed = choices.byte()
  let input = choices.rest
  var whole = try Connection(setting)
  try whole.feed(input, works: false)
  var split = try Connection(setting)
  for piece in Cuts(input, seed: seed) { try split.feed(piece, works: false) }
  try require(whole.events == split.events, "any split of the bytes gives the same events")
  try require(whole.written == split.written, "any split of the bytes gives the same answers")
  try require(whole.written.count <= 16 * input.count + 8192, "answers are small beside what is received")
  var working = try Connection(setting)
  for piece in Cuts(input, seed: seed) { try working.feed(piece, works: true) }
  try working.fallSilent()
}

private struct Setting {
  let configuration: ConnectionConfiguration
  /// The peer's HELLO is sent before the input.
  let isGreeted: Bool

  init(mode: UInt8) {
    var configuration = ConnectionConfiguration(mode & 1 == 0 ? .server : .client, software: "fuzzed")
    configuration.maxStreams = 4
    switch mode >> 2 & 3 {
    case 0: break
    case 1: (configuration.streamCredit, configuration.connectionCredit) = (64, 96)
    case 2: (configuration.streamCredit, configuration.connectionCredit) = (1, 1)
    default: (configuration.streamCredit, configuration.connectionCredit) = (300, 200)
    }
    self.configuration = configuration
    isGreeted = mode & 2 == 0
  }
}

private struct Connection: ~Copyable {
  /// What the rules say of a stream that is open.
  struct Stream {
    var replied = false
    var remoteOpen = true
    var localOpen = false
    var held = 0
  }
  private var machine: ConnectionMachine
  private let setting: Setting
  private var now: UInt64 = 0
  private var streams: [UInt64: Stream] = [:]
  private var lastStream: UInt64 = 0
  /// DATA of finished streams that the owner has not consumed (client).
  private var late: [UInt64: Int] = [:]
  private var isReady = false
  private var isClosed = false
  /// All that came out, DATA joined.
  private(set) var events: [ConnectionEvent] = []
  private(set) var written: [UInt8] = []

  init(_ setting: Setting) throws(Broken) {
    self.setting = setting
    machine = ConnectionMachine(setting.configuration, now: 0)
    try observe(works: false)
    guard setting.isGreeted else { return }
    var hello: [UInt8] = []
    let body = HelloMessage(minVersion: 1, maxVersion: 1, initialStreamCredit: 50, initialConnectionCredit: 80).encoded
    FrameHeader(kind: .hello, length: body.count).encode(into: &hello)
    machine.receive((hello + body)[...], now: 0)
    if setting.configuration.side == .client {
      for (method, last) in [(Method.search, true), (.get, true), (.submit, false)] {
        let stream = Result { () throws(CallError) in try machine.open(method, Request(deadlineMs: 40), last: last, now: 0) }
        guard case .success(let stream) = stream else { throw Broken(description: "a ready client may open a stream") }
        streams[stream] = Stream(localOpen: !last)
        lastStream = stream
      }
    }
    try observe(works: false)
  }

  mutating func feed(_ piece: ArraySlice<UInt8>, works: Bool) throws(Broken) {
    if works {
      now += UInt64(piece.count)
      machine.tick(now: now)
      try observe(works: true)
    }
    machine.receive(piece, now: now)
    try observe(works: works)
    if works, machine.openStreams > 0 { try work(piece) }
  }

  /// The peer says nothing more: the connection must end by itself, in a few ticks.
  mutating func fallSilent() throws(Broken) {
    for _ in 0..<64 {
      let due = machine.nextTick
      if due == .max { break }
      now = max(now, due)
      machine.tick(now: now)
      try observe(works: true)
      try require(machine.nextTick > now, "a tick does all that is due")
    }
    try require(machine.isClosed && isClosed, "a connection whose peer is silent ends")
    try require(machine.openStreams == 0 && streams.isEmpty, "no stream outlives its connection")
  }

  // MARK: Events

  private mutating func observe(works: Bool) throws(Broken) {
    var found: [ConnectionEvent] = []
    repeat {
      machine.takeEvents(into: &found)
      for event in found {
        try take(event)
        if works { try answer(event) }
        if case .data(let stream, let bytes) = event, case .data(stream, let before)? = events.last {
          events[events.count - 1] = .data(stream: stream, bytes: before + bytes)
        } else {
          events.append(event)
        }
      }
    } while !found.isEmpty
    written += machine.takeOutbound()
    try require(machine.isClosed == isClosed, "the end of a connection is reported")
    let (granted, each) = (setting.configuration.connectionCredit, setting.configuration.streamCredit)
    let held = streams.values.reduce(0) { $0 + $1.held } + late.values.reduce(0, +)
    try require(held <= granted && streams.values.allSatisfy { $0.held <= each }, "no more is held than was granted")
    try require(machine.openStreams == (isClosed ? 0 : streams.count), "streams are open until their end is reported")
    try require(machine.openStreams <= setting.configuration.maxStreams, "no more streams are open than allowed")
  }

  /// Whether an event has its place here.
  private mutating func take(_ event: ConnectionEvent) throws(Broken) {
    try require(!isClosed, "nothing is reported after the end: \(event)")
    let isClient = setting.configuration.side == .client
    var rest: Stream?
    let stream: UInt64
    switch event {
    case .ready:
      try require(!isReady, "a connection is ready once")
      isReady = true
      return
    case .request(let request):
      try require(isReady && !isClient && request.stream > lastStream, "a request opens a new stream")
      lastStream = request.stream
      streams[lastStream] = Stream(remoteOpen: !request.last)
      return
    case .goAway: return try require(isClient, "GOAWAY reaches clients")
    case .drained: return try require(streams.isEmpty, "a connection is drained when no stream is open")
    case .closed:
      isClosed = true
      return try require(streams.isEmpty, "streams end before their connection")
    case .reply(let id, _, let last):
      stream = id
      rest = last ? nil : streams[id].map { Stream(replied: true, localOpen: $0.localOpen, held: $0.held) }
      try require(isClient && streams[id]?.replied == false, "one reply to an open stream")
    case .data(let id, let bytes):
      stream = id
      rest = streams[id]
      rest?.held += bytes.count
      try require(!bytes.isEmpty && rest?.remoteOpen == true && (!isClient || rest?.replied == true), "DATA has its place")
    case .end(let id):
      stream = id
      rest = isClient ? nil : streams[id]
      try require(streams[id]?.remoteOpen == true && (!isClient || streams[id]?.replied == true), "END has its place")
      rest?.remoteOpen = false
      if isClient, let held = streams[id]?.held, held > 0 { late[id] = held }
    case .writable(let id):
      stream = id
      rest = streams[id]
      try require(streams[id]?.localOpen == true, "only an open stream is writable")
    case .error(let id, _):
      stream = id
      try require(isClient, "errors end a client's streams")
    case .cancelled(let id, _):
      stream = id
      try require(!isClient, "a server's work is cancelled")
    }
    try require(streams[stream] != nil, "stream \(stream) is open when something happens on it: \(event)")
    streams[stream] = rest
  }

  // MARK: An owner that works

  private mutating func answer(_ event: ConnectionEvent) throws(Broken) {
    switch event {
    case .cancelled(let stream, _): machine.finished(stream)
    case .data(let stream, let bytes) where stream % 2 == 1:
      machine.consumed(bytes.count, on: stream)
      if streams[stream] != nil { streams[stream]?.held -= bytes.count } else { late[stream] = nil }
    case .writable(let stream): _ = machine.send([1, 2, 3], on: stream)
    default: break
    }
  }

  /// Does one thing on the oldest stream, which the piece chooses.
  private mutating func work(_ piece: ArraySlice<UInt8>) throws(Broken) {
    guard let id = streams.keys.min(), let stream = streams[id] else { return }
    let choice = piece.count &+ Int(piece.first ?? 0)
    switch setting.configuration.side {
    case .server:
      switch choice % 4 {
      case 0 where !stream.replied:
        _ = Result { () throws(CallError) in try machine.reply(id, [7]) }
        streams[id] = nil
      case 1 where !stream.replied:
        _ = Result { () throws(CallError) in try machine.reply(id, [7], last: false) }
        streams[id] = Stream(replied: true, remoteOpen: stream.remoteOpen, localOpen: true, held: stream.held)
      case 2 where stream.localOpen: _ = machine.send([UInt8](repeating: 9, count: 60)[...], on: id)
      case 3 where stream.localOpen:
        machine.end(id)
        streams[id] = nil
      case 3 where choice % 3 == 0: machine.goAway(reason: "restart")
      default: return
      }
      if streams[id] == nil { machine.finished(id) }
    case .client:
      switch choice % 4 {
      case 0 where stream.localOpen: _ = machine.send([UInt8](repeating: 9, count: 60)[...], on: id)
      case 1 where stream.localOpen:
        machine.end(id)
        streams[id]?.localOpen = false
      case 2 where choice % 3 == 0:
        machine.cancel(id)
        streams[id] = nil
      default: return
      }
    }
    try observe(works: true)
  }
}
