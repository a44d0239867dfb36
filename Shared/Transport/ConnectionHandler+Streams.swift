import Wire

// What happens on streams: the machine's events go out to the tasks, the tasks' operations in to the machine.
extension ConnectionHandler {
  func perform(_ event: consuming ConnectionEvent) {
    switch consume event {
    case .ready(let hello, _): becameReady(hello)
    case .request(let request): take(request)
    case .reply(let stream, let body, let last):
      guard let port = entries[stream]?.port else { return }
      port.reply.complete(.success(body))
      if last { close(stream, .success(())) }
    case .data(let stream, let bytes): entries[stream]?.port.deliver(bytes)
    case .end(let stream):
      if machine.configuration.side == .client { close(stream, .success(())) } else { entries[stream]?.port.end(.success(())) }
    case .error(let stream, let error): close(stream, .failure(error))
    case .writable(let stream): pump(stream)
    case .cancelled(let stream, let reason):
      entries[stream]?.call?.cancel()
      close(stream, .failure(reason.error))
    case .goAway:
      isGoingAway = true
      owner.connectionGoesAway()
    case .drained: becameDrained()
    case .closed(let error): becameClosed(error)
    }
  }

  private func take(_ incoming: IncomingRequest) {
    let stream = incoming.stream
    guard let peer, peer.mayCall(incoming.method) else {
      let roles = incoming.method.roles.map(\.rawValue).sorted().joined(separator: ", ")
      let error = CallError(.forbidden, "\(incoming.method.name) needs one of the roles \(roles)", processed: .no)
      return machine.fail(stream, error)
    }
    do throws(CallError) {
      let isAnswered = try machine.reply(stream) { (reply) throws(CallError) in
        try owner.answer(incoming, peer: peer, into: &reply)
      }
      if isAnswered { return }
      let call = try owner.take(incoming, peer: peer)
      entries[stream] = Entry(port: call.port, call: call)
      if call.method.streaming != .none { endsTurn = true }
    } catch {
      if error.code == .overloaded { wasRefused = true }
      machine.fail(stream, error)
    }
  }

  /// Forgets a stream and tells its tasks how it ended.
  private func close(_ stream: UInt64, _ result: Result<Void, CallError>) {
    guard let entry = entries.removeValue(forKey: stream) else { return }
    entry.port.end(result)
    if entry.sends.isEmpty { return }
    let error = entry.port.failure ?? CallError(.cancelled, "the stream has ended")
    for send in entry.sends { send.slot.complete(.failure(error)) }
  }

  // MARK: Operations

  func perform(_ operation: Operation) {
    switch operation {
    case .open(let port, let method, let request, let last): open(port, method, request, last: last)
    case .cancel(let port): cancel(port)
    case .reply(let port, let body, let last): reply(port, body, last: last)
    case .fail(let port, let error):
      machine.fail(port.stream, error)
      leave(port)
    case .finished(let port): leave(port)
    case .send(let port, let bytes, let slot):
      guard entries[port.stream] != nil else {
        slot.complete(.failure(port.failure ?? CallError(.cancelled, "the stream has ended")))
        return
      }
      entries[port.stream]?.sends.append(PendingSend(rest: bytes, slot: slot))
      pump(port.stream)
    case .end(let port):
      if entries[port.stream] != nil { machine.end(port.stream) }
      if machine.configuration.side == .server { leave(port) }
    case .consumed(let port, let count): machine.consumed(count, on: port.stream)
    case .goAway(let reason):
      machine.goAway(reason: reason)
      for entry in entries.values { if let call = entry.call, call.method.streaming == .follow { call.stop() } }
    case .retire: isRetiring = true
    case .close(let error): machine.close(error)
    }
  }

  private func reply(_ port: StreamPort, _ body: ArraySlice<UInt8>, last: Bool) {
    guard entries[port.stream] != nil else {
      if last { leave(port) }
      return
    }
    do throws(CallError) {
      try machine.reply(port.stream, body, last: last)
    } catch {
      var told = error
      told.processed = .yes
      machine.fail(port.stream, told)
      port.end(.failure(told))
      leave(port)
      return
    }
    if last { leave(port) }
  }

  /// Server: nothing more will be said on the stream.
  private func leave(_ port: StreamPort) {
    machine.finished(port.stream)
    close(port.stream, .failure(CallError(.cancelled, "the stream has ended")))
  }

  // MARK: Opening

  private func open(_ port: StreamPort, _ method: Method, _ request: Request, last: Bool) {
    let now = nowMilliseconds()
    if machine.isReady, !machine.canOpen, !isGoingAway, waitingOpens.count < Self.maxWaitingOpens {
      let deadline = request.deadlineMs == 0 ? UInt64.max : now + UInt64(request.deadlineMs)
      waitingOpens.append(WaitingOpen(port: port, method: method, request: request, last: last, deadline: deadline))
      return
    }
    do throws(CallError) {
      port.stream = try machine.open(method, request, last: last, now: now)
      entries[port.stream] = Entry(port: port)
      port.opened.complete(.success(()))
    } catch {
      port.opened.complete(.failure(error))
      port.end(.failure(error))
    }
  }

  /// Opens streams for requests that waited, in their order, and ends those whose time has passed.
  func openWaiting() {
    if waitingOpens.isEmpty { return }
    let now = nowMilliseconds()
    var left: [WaitingOpen] = []
    for var waiting in waitingOpens.drainAll() {
      if waiting.deadline <= now {
        let error = CallError(.deadline, "the deadline passed while the call waited for a free stream", processed: .no)
        waiting.port.opened.complete(.failure(error))
        waiting.port.end(.failure(error))
      } else if machine.canOpen || !machine.isReady || isGoingAway {
        if waiting.deadline != .max { waiting.request.deadlineMs = UInt32(clamping: waiting.deadline - now) }
        open(waiting.port, waiting.method, waiting.request, last: waiting.last)
      } else {
        left.append(waiting)
      }
    }
    waitingOpens = left
  }

  private func cancel(_ port: StreamPort) {
    waitingOpens.removeAll { $0.port === port }
    port.opened.complete(.failure(CallError(.cancelled, "the call was cancelled", processed: .no)))
    if port.stream == 0 { return }
    machine.cancel(port.stream)
    close(port.stream, .failure(CallError(.cancelled, "the call was cancelled")))
  }
}

extension CancelReason {
  /// What the server's own work is told.
  var error: CallError {
    switch self {
    case .peer: CallError(.cancelled, "the caller gave the call up")
    case .deadline: CallError(.deadline, "the deadline has passed")
    case .connection: CallError(.cancelled, "the caller's connection is closed")
    }
  }
}
