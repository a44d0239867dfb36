import GRPCCore
import GRPCNIOTransportHTTP2Posix

/// Messages that are bytes already, so that no codec is measured.
private struct Bytes: MessageSerializer, MessageDeserializer {
  func serialize<B: GRPCContiguousBytes>(_ message: [UInt8]) throws -> B { B(message) }
  func deserialize<B: GRPCContiguousBytes>(_ bytes: B) throws -> [UInt8] { bytes.withUnsafeBytes { Array($0) } }
}

private struct Echoing: RegistrableRPCService {
  static let method = MethodDescriptor(fullyQualifiedService: "bench.Echo", method: "Echo")
  static let bulk = MethodDescriptor(fullyQualifiedService: "bench.Echo", method: "Bulk")

  func registerMethods<Transport: ServerTransport>(with router: inout RPCRouter<Transport>) {
    router.registerHandler(forMethod: Self.bulk, deserializer: Bytes(), serializer: Bytes()) { request, _ in
      _ = try await ServerRequest(stream: request)
      return StreamingServerResponse(single: ServerResponse(message: Bench.mebibyte))
    }
    router.registerHandler(forMethod: Self.method, deserializer: Bytes(), serializer: Bytes()) { request, _ in
      let single = try await ServerRequest(stream: request)
      return StreamingServerResponse(single: ServerResponse(message: single.message))
    }
  }
}

struct GRPCEcho: Echo {
  let isBulk: Bool

  func serve(port: Int, certificates: String) async throws {
    let security = HTTP2ServerTransport.Posix.TransportSecurity.mTLS(
      certificateChain: [.file(path: "\(certificates)/peer.pem", format: .pem)],
      privateKey: .file(path: "\(certificates)/peer.key", format: .pem)
    ) { $0.trustRoots = .certificates([.file(path: "\(certificates)/ca.pem", format: .pem)]) }
    let transport = HTTP2ServerTransport.Posix(address: .ipv4(host: "127.0.0.1", port: port), transportSecurity: security)
    let server = GRPCServer(transport: transport, services: [Echoing()])
    print("listening")
    try await server.serve()
  }

  func call(port: Int, certificates: String, connections: Int, depth: Int, load: Load) async throws {
    let body = [UInt8](repeating: 0x61, count: Bench.size)
    let security = HTTP2ClientTransport.Posix.TransportSecurity.mTLS(
      certificateChain: [.file(path: "\(certificates)/peer.pem", format: .pem)],
      privateKey: .file(path: "\(certificates)/peer.key", format: .pem)
    ) { $0.trustRoots = .certificates([.file(path: "\(certificates)/ca.pem", format: .pem)]) }
    try await withThrowingTaskGroup(of: Void.self) { running in
      var clients: [GRPCClient<HTTP2ClientTransport.Posix>] = []
      for _ in 0..<connections {
        let client = GRPCClient(
          transport: try HTTP2ClientTransport.Posix(target: .dns(host: "localhost", port: port), transportSecurity: security))
        running.addTask { try await client.runConnections() }
        clients.append(client)
      }
      for client in clients { try await call(client, body) }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for client in clients {
          for _ in 0..<depth { group.addTask { try await load.work { try await call(client, body) } } }
        }
        try await group.waitForAll()
      }
      for client in clients { client.beginGracefulShutdown() }
      try await running.waitForAll()
    }
  }

  private func call(_ client: GRPCClient<HTTP2ClientTransport.Posix>, _ body: [UInt8]) async throws {
    let count = try await client.unary(
      request: ClientRequest(message: body), descriptor: isBulk ? Echoing.bulk : Echoing.method, serializer: Bytes(), deserializer: Bytes(),
      options: .defaults
    ) { response in try response.message.count }
    precondition(count == (isBulk ? Bench.mebibyte.count : Bench.size))
  }
}
