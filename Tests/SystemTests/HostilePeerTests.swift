import ChanceryClient
import Foundation
import Synchronization
import Testing
import Transport
import Wire

/// A small paper that is its own.
private func paper(_ number: Int) -> [UInt8] { Array("Statement number \(number).\n\nThe delegation has the honour to say so.\n".utf8) }

/// A peer that does what our own client never would, as a program that ends when the service has cut it off.
private struct HostilePeer: Sendable {
  let name: String
  /// What the service's log says of it.
  let reason: String
  /// For bash, with the service's port as $PORT.
  let script: String
  /// Seconds after which the service must have cut it off, and before which it must not.
  var limit: Int?

  /// `openssl s_client` with a certificate of the deployment. It must not see the end of its input, or it would leave by itself.
  private static func client(_ certificate: String?, _ options: String = "-alpn chancery/1", input: String = "exec sleep 60") -> String {
    let identity = certificate.map { "-cert \($0).crt -key \($0).key" } ?? ""
    // What feeds the client is stopped when the client has ended; by a signal that the test's threads do not block and so hand down.
    return """
      exec 4< <(exec 4<&-; \(input))
      feeder=$!
      openssl s_client -connect 127.0.0.1:$PORT -quiet -CAfile ca.crt \(identity) \(options) <&4
      kill -9 $feeder
      """
  }

  /// A plain TCP connection that sends, and waits for the service to close.
  private static func plain(_ send: String) -> String {
    "exec 3<>/dev/tcp/127.0.0.1/$PORT; \(send) >&3 & cat <&3; kill -9 $!"
  }

  private static func escaped(_ bytes: [UInt8]) -> String { bytes.map { "\\x" + String($0, radix: 16) }.joined() }

  /// HELLO, and the header of a REQUEST that claims four gibibytes.
  private static let giant: [UInt8] = {
    var machine = ConnectionMachine(ConnectionConfiguration(.client, software: "hostile/1", cluster: "test"), now: 0)
    var bytes = machine.takeOutbound()
    var header = FrameHeader(kind: .request, method: Method.status.rawValue, stream: 1)
    header.length = .max
    header.encode(into: &bytes)
    return bytes
  }()

  static let all = [
    HostilePeer(name: "TLS 1.2", reason: "does not speak TLS 1.3", script: client("submitter", "-tls1_2 -alpn chancery/1")),
    HostilePeer(name: "HTTP", reason: "plaintext HTTP, not TLS", script: plain("printf 'GET / HTTP/1.1\\r\\n\\r\\n'")),
    HostilePeer(name: "noise", reason: "did not speak TLS", script: plain("printf 'Is anybody there? Please answer.'")),
    HostilePeer(name: "no certificate", reason: "the peer showed no certificate", script: client(nil)),
    HostilePeer(name: "another authority", reason: "unable to get local issuer certificate", script: client("stranger")),
    HostilePeer(name: "expired", reason: "certificate has expired", script: client("expired")),
    HostilePeer(name: "another protocol", reason: "this side speaks chancery/1 only", script: client("submitter", "-alpn h2")),
    HostilePeer(
      name: "four gibibytes", reason: "claims 4294967295 bytes; the limit is 1048576",
      script: client("submitter", input: "printf '\(escaped(giant))'; exec sleep 60")),
    // Both send a byte a second. The first five bytes of the handshake are a record's header: five hundred and twelve bytes of a ClientHello follow.
    HostilePeer(
      name: "slow handshake", reason: "the TLS handshake was not done within 5000 ms",
      script: plain("for byte in 16 03 01 02 00 01 00 01 fc 03 03 00 00 00 00 00; do printf \"\\x$byte\"; sleep 1; done"), limit: 5),
    HostilePeer(
      name: "slow HELLO", reason: "no HELLO within 10000 ms",
      script: client("submitter", input: "while printf '\\0'; do sleep 1; done 2>/dev/null"), limit: 10),
  ]

  /// Runs until the service has cut the peer off.
  /// - Returns: how long that took.
  func run(_ port: Int, in folder: URL) async throws -> Duration {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", script]
    process.environment = ProcessInfo.processInfo.environment.merging(["PORT": "\(port)"]) { $1 }
    process.currentDirectoryURL = folder
    for stream in [\Process.standardInput, \.standardOutput, \.standardError] { process[keyPath: stream] = FileHandle.nullDevice }
    let start = ContinuousClock.now
    try await withCheckedThrowingContinuation { continuation in
      process.terminationHandler = { _ in continuation.resume() }
      do { try process.run() } catch { continuation.resume(throwing: error) }
    }
    return ContinuousClock.now - start
  }
}

/// The reasons of all refused and broken connections in a service's log.
private func reasons(_ log: String) throws -> [String] {
  try log.split(separator: "\n").compactMap { line in
    let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "no JSON object: \(line)")
    guard ["connection refused", "connection broke"].contains(object["message"] as? String) else { return nil }
    #expect(object["level"] as? String == "warning" || object["level"] as? String == "notice", "\(line)")
    return object["reason"] as? String
  }
}

@Test(.timeLimit(.minutes(2))) func `hostile peers are cut off with a reason in the log while papers are taken and none is lost`()
  async throws
{
  let deployment = try Deployment()
  try deployment.authority("other")
  try deployment.certificate("stranger", role: "submitter", signedBy: "other")
  try deployment.certificate("expired", role: "submitter", signedBy: "ca", days: -1)
  let (process, port) = try deployment.start("ingest")
  let client = try deployment.client("submitter", ingest: port)
  var acknowledged = [try await client.submit(bytes: paper(0), fileName: "0.txt")]

  let peersAreGone = Atomic(false)
  async let during = {
    var replies: [SubmitReply] = []
    while !peersAreGone.load(ordering: .relaxed) {
      let number = replies.count + 1
      replies.append(try await client.submit(bytes: paper(number), fileName: "\(number).txt"))
    }
    return replies
  }()
  try await withThrowingTaskGroup(of: (HostilePeer, Duration).self) { group in
    for peer in HostilePeer.all { group.addTask { (peer, try await peer.run(port, in: deployment.folder)) } }
    for try await (peer, time) in group {
      guard let limit = peer.limit else { continue }
      #expect(time > .seconds(limit) - .milliseconds(100) && time < .seconds(limit + 10), "\(peer.name) was cut off after \(time)")
    }
  }
  peersAreGone.store(true, ordering: .relaxed)
  acknowledged += try await during
  #expect(acknowledged.count > 2)
  let after = acknowledged.count
  acknowledged.append(try await client.submit(bytes: paper(after), fileName: "\(after).txt"))
  #expect(acknowledged.map(\.sequence) == (1...UInt64(acknowledged.count)).map { $0 })
  #expect(acknowledged.allSatisfy { !$0.duplicate })
  await client.close()

  process.terminate()
  let found = try reasons(try deployment.log(of: process))
  for peer in HostilePeer.all {
    #expect(found.filter { $0.contains(peer.reason) }.count == 1, "\(peer.name): \(found)")
  }
  #expect(found.count == HostilePeer.all.count, "\(found)")

  let (_, again) = try deployment.start("ingest")
  let reader = try deployment.client(ingest: again)
  let verified = try await reader.verify(Endpoint(host: "127.0.0.1", port: again))
  #expect(verified.clean && verified.checked == UInt64(acknowledged.count), "\(verified.problems)")
  await reader.close()
}
