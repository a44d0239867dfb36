import Logging
import Platform
import Wire

/// One connection of a server: hands its requests to the queue and says in the log why it was refused or broke.
final class ServerConnection: ConnectionOwner {
  let link: Link
  private let server: Server
  private let address: String
  /// What its handshake is done with.
  private let context: TLSContext

  init(_ server: Server, link: Link, address: String, context: TLSContext) {
    self.server = server
    self.link = link
    self.address = address
    self.context = context
  }

  func connectionIsReady(_ hello: HelloMessage, peer: PeerIdentity) {
    server.isKnown(self, peer.certificate, since: context)
    server.logger.debug("connection is ready", metadata: ["peer": "\(address)", "name": "\(peer.name)"])
  }

  func answer(_ request: IncomingRequest, peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool {
    if request.method == .trace {
      let trace = try TraceRequest(request: request.request.body).traceID
      TraceReply(spans: server.configuration.spans.spans(of: trace)).encode(into: &reply)
      return true
    }
    let caller = TraceContext(request.request.traceParent).flatMap { $0.isSampled ? $0 : nil }
    let observe = server.configuration.observe
    let start = caller == nil && observe == nil ? 0 : monotonicNow()
    do throws(CallError) {
      guard try server.handler.answer(request, from: peer, into: &reply) else { return false }
    } catch {
      observe?(request.method, monotonicNow() - start, error.code)
      throw error
    }
    observe?(request.method, monotonicNow() - start, nil)
    if let caller {
      server.configuration.spans.add(request.method.name, caller.child, parent: caller.span, start: start, attributes: ["peer": peer.name])
    }
    return true
  }

  func take(_ request: IncomingRequest, peer: PeerIdentity) throws(CallError) -> ServerCall {
    do throws(CallError) {
      let (call, mayStart) = try server.queue.admit(request.method, request.deadline) {
        let port = StreamPort(link, stream: request.stream)
        if request.last { port.end(.success(())) }
        return ServerCall(request, port: port, peer: peer, spans: server.configuration.spans)
      }
      if mayStart { server.start(call) }
      return call
    } catch {
      server.configuration.observe?(request.method, 0, error.code)
      throw error
    }
  }

  var restAfterRefusal: UInt64 { server.queue.rest }

  func connectionGoesAway() {}

  /// Ends the connection, whose peer would not be let in any more.
  func close(_ refusal: String) { link.post(.close(CallError(.unauthenticated, refusal))) }

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
