import Foundation
import NIOCore
import NIOSSL
import Transport

/// What makes the TLS handlers of one library.
struct Library: Sendable {
  let name: String
  let server: @Sendable () throws -> any ChannelHandler
  let client: @Sendable () throws -> any ChannelHandler
}

/// An authority and one certificate for both sides, in a folder that goes when this object does.
final class Certificates {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "chancery-bench-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let new = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2"
    try openssl("\(new) -subj /CN=ca -keyout ca.key -out ca.pem")
    try openssl("\(new) -CA ca.pem -CAkey ca.key -subj /CN=peer -addext subjectAltName=DNS:localhost -keyout peer.key -out peer.pem")
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func openssl(_ arguments: String) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments.split(separator: " ").map(String.init)
    process.currentDirectoryURL = folder
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus != 0 { throw TransportError("run", "openssl \(arguments)", reason: "status \(process.terminationStatus)") }
  }

  private func path(_ name: String) -> String { folder.appending(path: name).path }

  func ours() throws -> Library {
    let identity = TLSIdentity(certificateChain: path("peer.pem"), privateKey: path("peer.key"), authority: path("ca.pem"))
    let server = try TLSContext(identity, side: .server)
    let client = try TLSContext(identity, side: .client)
    return Library(
      name: "OpenSSLHandler",
      server: { try OpenSSLHandler(server, handshakeTimeout: .seconds(10)) },
      client: { try OpenSSLHandler(client, host: "localhost", handshakeTimeout: .seconds(10)) })
  }

  func theirs() throws -> Library {
    let chain = try NIOSSLCertificate.fromPEMFile(path("peer.pem")).map { NIOSSLCertificateSource.certificate($0) }
    let key = NIOSSLPrivateKeySource.privateKey(try NIOSSLPrivateKey(file: path("peer.key"), format: .pem))
    var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: key)
    configuration.trustRoots = .file(path("ca.pem"))
    configuration.certificateVerification = .noHostnameVerification
    configuration.minimumTLSVersion = .tlsv13
    configuration.applicationProtocols = ["chancery/1"]
    let server = try NIOSSLContext(configuration: configuration)
    configuration.certificateVerification = .fullVerification
    let client = try NIOSSLContext(configuration: configuration)
    return Library(
      name: "NIOSSLHandler",
      server: { NIOSSLServerHandler(context: server) },
      client: { try NIOSSLClientHandler(context: client, serverHostname: "localhost") })
  }
}
