import Logging
import Wire

/// One connection of a server: hands its requests to the queue and says in the log why it was refused or broke.
final class ServerConnection: ConnectionOwner {
  let link: Link
  private let server: Server
  private let address: String

  init(_ server: Server, link: Link, address: String) {
    self.server = server
    self.link = link
    self.address = address
  }

  func connectionIsReady(_ hello: HelloMessage, peer: PeerIdentity) {
    server.isKnown(self)
    server.logger.debug("connection is ready", metadata: ["peer": "\(address)", "name": "\(peer.name)"])
  }

  func answer(_ request: IncomingRequest, peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool {
    try server.handler.answer(request, from: peer, into: &reply)
  }

  func take(_ request: IncomingRequest, port: StreamPort, peer: PeerIdentity) throws(CallError) -> ServerCall {
    let (call, mayStart) = try server.queue.admit(request.method, request.deadline) { ServerCall(request, port: port, peer: peer) }
    if mayStart { server.start(call) }
    return call
  }

  func connectionGoesAway() {}

  func connectionEnded(_ reason: (any Error)?, wasReady: Bool) {
    server.hasEnded(self)
    let why = reason.map { "\($0)" } ?? "the peer closed the connection before HELLO"
    if !wasReady {
      server.logger.warning("connection refused", metadata: ["peer": "\(address)", "reason": "\(why)"])
    } else if reason != nil {
      server.logger.notice("connection broke", metadata: ["peer": "\(address)", "reason": "\(why)"])
    }
  }
}
