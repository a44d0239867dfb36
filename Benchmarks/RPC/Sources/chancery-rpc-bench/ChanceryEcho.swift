import Logging
import Transport
import Wire

/// Answers Health with the bytes of the request at once, and Status in a task, the way of calls that wait for something; GetObject with a mebibyte of DATA.
private struct Echoing: RequestHandler {
  func answer(_ request: IncomingRequest, from peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool {
    guard request.method == .health else { return false }
    reply.raw(request.request.body)
    return true
  }

  func handle(_ call: ServerCall) async throws(CallError) {
    guard call.method == .getObject else { return call.reply(Array(call.body)) }
    call.reply([], last: false)
    try await call.send(Bench.mebibyte)
    call.finish()
  }
}

/// `chancery` is answered at once, `chancery-task` in a task, `chancery-bulk` as DATA.
struct ChanceryEcho: Echo {
  let method: Method

  static func identity(_ folder: String) -> TLSIdentity {
    TLSIdentity(certificateChain: "\(folder)/peer.pem", privateKey: "\(folder)/peer.key", authority: "\(folder)/ca.pem")
  }

  private static var logger: Logger {
    var logger = Logger(label: "bench")
    logger.logLevel = .error
    return logger
  }

  func serve(port: Int, certificates: String) async throws {
    var configuration = ServerConfiguration(host: "127.0.0.1", port: port, identity: Self.identity(certificates), software: "bench")
    // Nothing is to be refused in the largest shape, 50 connections with 16 calls.
    configuration.maxQueuedCalls = 1000
    configuration.maxConnections = 20_000
    let server = try Server(configuration: configuration, logger: Self.logger, handler: Echoing())
    _ = try await server.start()
    print("listening")
    try await server.run()
  }

  /// Opens connections and leaves them idle.
  func hold(port: Int, certificates: String, connections: Int) async throws {
    let configuration = ClientConfiguration(identity: Self.identity(certificates), software: "bench")
    var held: [ClientConnection] = []
    for _ in 0..<connections {
      let connection = try await ClientConnection.connect(to: Endpoint(host: "localhost", port: port), configuration: configuration)
      _ = try await connection.call(method, body: [UInt8](repeating: 0x61, count: Bench.size))
      held.append(connection)
    }
    print("holding", held.count)
    try await Task.sleep(for: .seconds(3600))
  }

  func call(port: Int, certificates: String, connections: Int, depth: Int, load: Load) async throws {
    let body = [UInt8](repeating: 0x61, count: Bench.size)
    let configuration = ClientConfiguration(identity: Self.identity(certificates), software: "bench")
    let endpoint = Endpoint(host: "localhost", port: port)
    let clients = try (0..<connections).map { _ in try Client(configuration: configuration, endpoints: [endpoint], logger: Self.logger) }
    for client in clients { _ = try await client.call(.health, body: body) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for client in clients {
        for _ in 0..<depth {
          group.addTask {
            try await load.work { [method] in
              if method == .getObject { return try await Self.fetch(client, body) }
              let reply = try await client.call(method, body: body)
              precondition(reply.count == Bench.size)
            }
          }
        }
      }
      try await group.waitForAll()
    }
    for client in clients { await client.close() }
  }

  private static func fetch(_ client: Client, _ body: [UInt8]) async throws {
    let stream = try await client.open(.getObject, body: body)
    _ = try await stream.reply()
    var count = 0
    for try await piece in stream.incoming { count += piece.count }
    precondition(count == Bench.mebibyte.count)
  }
}
