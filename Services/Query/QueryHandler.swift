import ChanceryClient
import Documents
import Engine
import Operations
import Platform
import Store
import Synchronization
import Transport
import Wire

/// Answers the methods of the query service, each from the generation that is active when the call begins.
final class QueryHandler: RequestHandler {
  /// The values that Suggest gives at the most.
  static let suggestionLimit: UInt32 = 1000

  let replica: Replica
  private let readiness: Readiness

  init(replica: Replica, readiness: Readiness) {
    self.replica = replica
    self.readiness = readiness
  }

  func answer(_ request: IncomingRequest, from peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool {
    readiness.answer(request, service: "query", into: &reply)
  }

  func handle(_ call: ServerCall) async throws(CallError) {
    switch call.method {
    case .search: try await search(call)
    case .get: try await get(call)
    case .suggest: try await suggest(call)
    case .explain: try await explain(call)
    case .status: call.reply(status(for: call.peer.clearance))
    case .verify: call.reply(try await verify())
    default: throw CallError(.unimplemented, "the query service has no method \(call.method.name)", processed: .no)
    }
  }

  /// Runs work on a thread of its own. `shouldStop` becomes true when the call is given up or its deadline passes.
  func work<R: Sendable>(_ body: @escaping @Sendable (_ shouldStop: () -> Bool) throws(CallError) -> R) async throws(CallError) -> R {
    let stop = Stop()
    // Typed throws do not pass through withTaskCancellationHandler, hence the result.
    let result: Result<R, CallError> = await withTaskCancellationHandler {
      do throws(CallError) {
        return .success(
          try await offload { () throws(CallError) in
            if stop.isSet { throw .stopped }
            return try body { stop.isSet }
          })
      } catch { return .failure(error) }
    } onCancel: {
      stop.set()
    }
    return try result.get()
  }

  /// A request's number, or what 0 stands for. Throws `invalid` above the limit.
  static func bounded(_ value: UInt32, _ name: String, standard: Int, limit: UInt32) throws(CallError) -> Int {
    guard value <= limit else {
      throw CallError(
        .invalid, "\(name) is \(value); it may be \(limit) at the most", processed: .no,
        details: [ErrorDetail(key: "limit", value: "\(limit)")])
    }
    return value == 0 ? standard : Int(value)
  }

  // MARK: Get and Suggest

  private func get(_ call: ServerCall) async throws(CallError) {
    let request = try GetRequest(request: call.body)
    let generation = try replica.generation()
    let view = generation.view(for: call.peer.clearance)
    let stored = try await work { _ throws(CallError) in
      let place = try Self.place(request, view)
      return try engine { () throws(SearchError) in try view.stored(place) }
    }
    call.reply(GetReply(size: UInt64(stored.count), generation: generation.number), last: false)
    try await call.send(stored)
    call.finish()
  }

  private func suggest(_ call: ServerCall) async throws(CallError) {
    let request = try SuggestRequest(request: call.body)
    let limit = try Self.bounded(request.limit, "limit", standard: 10, limit: Self.suggestionLimit)
    let view = try replica.generation().view(for: call.peer.clearance)
    let field = KeywordField.allCases.first { "\($0)" == request.field }
    guard field != nil || request.field.isEmpty else {
      throw CallError(
        .invalid,
        "there are no suggestions for the field \(request.field); there are for \(KeywordField.allCases.map { "\($0)" }.joined(separator: ", "))"
          + ", and for words of the text without a field", processed: .no)
    }
    let values = try await work { _ throws(CallError) in
      if let field { return view.suggest(field, prefix: request.prefix, limit: limit) }
      return try Self.words(view, beginning: request.prefix, limit)
    }
    call.reply(SuggestReply(values: values.map { FacetValue(value: $0.value, count: UInt64($0.count)) }))
  }
}

/// Whether work is to stop.
private final class Stop: Sendable {
  private let requested = Atomic(false)
  var isSet: Bool { requested.load(ordering: .relaxed) }
  func set() { requested.store(true, ordering: .relaxed) }
}
