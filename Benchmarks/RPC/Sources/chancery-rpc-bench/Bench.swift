import Platform
import Wire

/// An echo of a few bytes over mutual TLS 1.3, or a mebibyte for the asking, by our protocol or by grpc-swift-2.
protocol Echo: Sendable {
  /// Serves until the process is killed; prints `listening` first.
  func serve(port: Int, certificates: String) async throws
  /// Calls `connections` connections, each with `depth` calls under way, until `load` says that the time is over.
  func call(port: Int, certificates: String, connections: Int, depth: Int, load: Load) async throws
}

/// chancery-rpc-bench serve KIND PORT CERTIFICATES
/// chancery-rpc-bench machine SHAPE CALLS
/// chancery-rpc-bench hold PORT CERTIFICATES CONNECTIONS
/// chancery-rpc-bench load KIND PORT CERTIFICATES CONNECTIONS DEPTH SECONDS [PAUSE]
///
/// KIND is chancery, chancery-task or grpc; for load also chancery-batch, chancery-bulk or grpc-bulk. CERTIFICATES is a folder with ca.pem, peer.pem and peer.key. `load` prints calls, seconds, p50 and p99 in microseconds, and calls with those of the warm-up;
/// after each call a caller waits for PAUSE microseconds;
/// `hold` opens connections, one call on each, prints `holding`, and keeps them until the process is killed.
@main struct Bench {
  /// Bytes of a request and of its reply.
  static let size = 256
  /// What is asked for in bulk.
  static let mebibyte = [UInt8](repeating: 0x62, count: 1 << 20)

  static func main() async throws {
    let arguments = CommandLine.arguments
    if arguments.count == 5, arguments[1] == "hold", let port = Int(arguments[2]), let connections = Int(arguments[4]) {
      return try await ChanceryEcho(method: .health).hold(port: port, certificates: arguments[3], connections: connections)
    }
    if arguments.count == 4, arguments[1] == "machine", let calls = Int(arguments[3]) {
      return try MachineCalls.run(arguments[2], calls: calls)
    }
    guard arguments.count >= 5, let port = Int(arguments[3]) else { fatalError("see the comment on Bench") }
    let kinds: [String: any Echo] = [
      "chancery": ChanceryEcho(method: .health), "chancery-task": ChanceryEcho(method: .status), "grpc": GRPCEcho(isBulk: false),
      "chancery-batch": BatchedLoad(), "chancery-bulk": ChanceryEcho(method: .getObject), "grpc-bulk": GRPCEcho(isBulk: true),
    ]
    guard let kind = kinds[arguments[2]] else { fatalError("KIND is one of \(kinds.keys.sorted())") }
    let certificates = arguments[4]
    if arguments[1] == "serve" { return try await kind.serve(port: port, certificates: certificates) }
    guard arguments.count == 8 || arguments.count == 9, let connections = Int(arguments[5]), let depth = Int(arguments[6]),
      let seconds = Double(arguments[7])
    else {
      fatalError("see the comment on Bench")
    }
    let load = Load(seconds: seconds, pause: arguments.count == 9 ? Int(arguments[8]) ?? 0 : 0)
    try await kind.call(port: port, certificates: certificates, connections: connections, depth: depth, load: load)
    let found = load.result
    print(found.calls, found.seconds, found.p50, found.p99, found.all)
  }
}
