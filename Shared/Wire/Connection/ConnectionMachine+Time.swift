// What the passing of time brings.
extension ConnectionMachine {
  /// When `tick` next has something to do, in monotonic milliseconds, unless bytes or calls come before; `.max` when the connection is
  /// closed.
  public var nextTick: UInt64 {
    switch phase {
    case .closed: return .max
    case .awaitingHello: return min(startedAt + configuration.helloTimeout, frameDue)
    case .ready:
      let alive = pingSentAt.map { $0 + configuration.pongTimeout } ?? receivedAt + configuration.pingInterval
      return min(alive, frameDue, earliestDeadline)
    }
  }

  private var frameDue: UInt64 { frameSince.map { $0 + configuration.frameTimeout } ?? .max }

  /// Does what is due: the HELLO's and a frame's timeout, PING and the dead peer, and streams' deadlines. Calling it early does no harm.
  public mutating func tick(now: UInt64) {
    guard now >= nextTick else { return }
    if phase == .awaitingHello, now >= startedAt + configuration.helloTimeout {
      return close(CallError(.deadline, "no HELLO within \(configuration.helloTimeout) ms", processed: .no))
    }
    if now >= frameDue {
      return close(CallError(.deadline, "a frame was not whole within \(configuration.frameTimeout) ms"))
    }
    guard phase == .ready else { return }
    if let sent = pingSentAt {
      if now >= sent + configuration.pongTimeout {
        let silence = now - receivedAt
        return close(CallError(.unavailable, "the peer was silent for \(silence) ms and did not answer PING", retryable: true))
      }
    } else if now >= receivedAt + configuration.pingInterval {
      pingToken += 1
      pingSentAt = now
      writeControl(.ping, Ping(token: pingToken))
    }
    if now >= earliestDeadline { expire(now) }
  }

  /// Ends the streams whose deadline has passed. Looks at every open stream, of which there are few, but only when one may be due.
  private mutating func expire(_ now: UInt64) {
    for (stream, _) in streams.filter({ $0.state.deadline <= now }) {
      let error = CallError(.deadline, "the deadline passed before the call was done", retryable: true)
      switch configuration.side {
      case .client:
        events.append(.error(stream: stream, error))
        cancel(stream)
      case .server:
        writeControl(.error, stream: stream, error.wire)
        stop(stream, .deadline)
      }
    }
    earliestDeadline = streams.values.reduce(UInt64.max) { min($0, $1.deadline) }
  }
}
