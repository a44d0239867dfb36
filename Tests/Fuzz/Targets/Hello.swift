import Wire

/// What a HELLO must lead to, told by the rules of docs/PROTOCOL.md and not by the machine's code.
private enum Verdict: Equatable {
  case ready(UInt32)
  case refused(ErrorCode)
}

/// Any HELLO is agreed with or refused for the right reason; two machines with the same two HELLOs agree with each other.
/// Input: side and cluster, lowest version, how many more, the body of HELLO.
func checkHello(_ bytes: [UInt8]) throws(Broken) {
  var choices = Choices(bytes)
  let mode = choices.byte()
  let lowest = UInt32(choices.byte() & 3) + 1
  var ours = ConnectionConfiguration(mode & 1 == 0 ? .server : .client, software: "ours", cluster: mode & 2 == 0 ? "" : "a")
  ours.versions = lowest...lowest + UInt32(choices.byte() & 3)
  let body = choices.rest
  guard body.count <= WireLimits.maxControlLength else { return }
  let found = try meet(ours, body)
  try require(found == expected(ours, body), "HELLO leads to \(expected(ours, body)), not \(found)")
  guard let theirs = try? HelloMessage(decoding: body), let configuration = configuration(theirs, against: ours) else { return }
  // The one that refuses first may tell the other, but they do not come to different versions.
  let mine = try meet(ours, ConnectionMachine(configuration, now: 0).hello())
  let other = try meet(configuration, ConnectionMachine(ours, now: 0).hello())
  try require(mine == other, "both sides come to the same verdict: \(mine), \(other)")
}

extension ConnectionMachine {
  /// The body of the HELLO that a new machine says.
  fileprivate consuming func hello() -> ArraySlice<UInt8> { takeOutbound().dropFirst(FrameHeader.length) }
}

private func meet(_ configuration: ConnectionConfiguration, _ body: ArraySlice<UInt8>) throws(Broken) -> Verdict {
  var machine = ConnectionMachine(configuration, now: 0)
  _ = machine.takeOutbound()
  var frame: [UInt8] = []
  FrameHeader(kind: .hello, length: body.count).encode(into: &frame)
  machine.receive((frame + body)[...], now: 0)
  var events: [ConnectionEvent] = []
  machine.takeEvents(into: &events)
  try require(events.count == 1, "HELLO is agreed with or refused")
  switch events[0] {
  case .ready(let hello, let version):
    try require(machine.outboundBytes == 0, "nothing is said to a HELLO that is agreed with")
    let credits = [hello.initialStreamCredit, hello.initialConnectionCredit]
    try require(credits.allSatisfy { (1...WireLimits.maxCredit).contains($0) }, "credit is within its bounds")
    try require(hello.maxStreams > 0 && hello.maxFrameLength >= WireLimits.maxControlLength, "limits are within their bounds")
    return .ready(version)
  case .closed(let error?):
    try require(machine.outboundBytes > 0, "a peer that is refused is told so")
    return .refused(error.code)
  default: throw Broken(description: "HELLO leads to \(events[0])")
  }
}

private func expected(_ ours: ConnectionConfiguration, _ body: ArraySlice<UInt8>) -> Verdict {
  guard let hello = try? HelloMessage(decoding: body) else { return .refused(.invalid) }
  let (low, high) = (hello.minVersion, hello.maxVersion)
  if high == 0 || low > high { return .refused(.invalid) }
  guard let version = ours.versions.filter({ low <= $0 && $0 <= high }).last else { return .refused(.unimplemented) }
  if !hello.cluster.isEmpty, !ours.cluster.isEmpty, hello.cluster != ours.cluster { return .refused(.conflict) }
  if hello.maxFrameLength != 0, hello.maxFrameLength < 4096 { return .refused(.invalid) }
  if hello.initialStreamCredit > 1 << 62 || hello.initialConnectionCredit > 1 << 62 { return .refused(.invalid) }
  return .ready(version)
}

/// A configuration for the other side with the versions and the cluster of a HELLO; nil when none can have them.
private func configuration(_ hello: HelloMessage, against ours: ConnectionConfiguration) -> ConnectionConfiguration? {
  guard hello.maxVersion > 0, hello.minVersion <= hello.maxVersion, hello.cluster.utf8.count <= 128 else { return nil }
  var theirs = ConnectionConfiguration(ours.side == .client ? .server : .client, software: "theirs", cluster: hello.cluster)
  theirs.versions = hello.minVersion...hello.maxVersion
  return theirs
}
