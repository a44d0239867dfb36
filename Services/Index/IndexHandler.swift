import Operations
import Store
import Transport
import Wire

/// Answers the methods of the index service.
struct IndexHandler: RequestHandler {
  let objects: DirectoryStore
  let status: IndexStatus
  let readiness: Readiness

  func answer(_ request: IncomingRequest, from peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool {
    readiness.answer(request, service: "index", into: &reply)
  }

  func handle(_ call: ServerCall) async throws(CallError) {
    switch call.method {
    case .watchManifest: try await watchManifest(call)
    case .getObject: try await call.sendObject(from: objects)
    case .listObjects: try await call.listObjects(from: objects)
    case .verify: call.reply(await status.withNewest { await IndexVerification(objects).run($0) })
    case .status: call.reply(status.reply(for: call.peer.clearance))
    default: throw CallError(.unimplemented, "the index service has no method \(call.method.name)", processed: .no)
    }
  }

  private func watchManifest(_ call: ServerCall) async throws(CallError) {
    let request = try WatchManifestRequest(request: call.body)
    call.reply(WatchManifestReply(), last: false)
    for await manifest in status.watch() where manifest.generation != request.have { try await call.send(delimited(manifest)) }
  }
}
