import Catalogue
import ChanceryClient
import Documents
import Engine
import Operations
import QueryLanguage
import Transport
import Wire

extension QueryHandler {
  /// How a document's score comes about.
  func explain(_ call: ServerCall) async throws(CallError) {
    let request = try ExplainRequest(request: call.body)
    let query = try Self.read(request.query)
    let generation = try replica.generation()
    let view = generation.view(for: call.peer.clearance)
    let reply = try await work { shouldStop throws(CallError) in
      let place = try Self.place(GetRequest(symbol: request.symbol, documentID: request.documentID), view)
      let explanation = try engine { () throws(SearchError) in try view.explain(query, place, shouldStop: shouldStop) }
      var reply = ExplainReply(
        found: explanation != nil, score: Float(explanation?.value ?? 0), generation: generation.number,
        documentID: view.id(place))
      if let explanation { reply.add(explanation, level: 0) }
      return reply
    }
    let body = reply.encoded
    guard body.count <= Int(WireLimits.defaultFrameLength) else {
      throw CallError(
        .tooLarge, "the explanation has \(body.count) bytes, more than a message may have; ask with fewer words", processed: .yes)
    }
    call.reply(body)
  }
}

extension ExplainReply {
  fileprivate mutating func add(_ explanation: Explanation, level: UInt32) {
    steps.append(ExplainStep(level: level, description: explanation.description, value: explanation.value))
    for part in explanation.parts { add(part, level: level + 1) }
  }
}
