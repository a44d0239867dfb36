import Synchronization

/// Lets at most a fixed number of tasks through at once. Those of a party that has the fewest inside come first, then those that came first; so one that
/// sends much does not keep the others waiting.
public final class Gate: Sendable {
  private struct Waiting {
    var party: String
    var continuation: CheckedContinuation<Void, Never>
  }
  private struct State {
    var free: Int
    var inside: [String: Int] = [:]
    var waiting: [Waiting] = []
  }
  private let share: Int
  private let state: Mutex<State>

  /// `share`: how many of one party are let in at most, where parties are told apart.
  public init(_ width: Int, share: Int = .max) {
    self.share = share
    state = Mutex(State(free: width))
  }

  /// Runs `body` when there is room.
  public func run<R, E: Error>(for party: String = "", _ body: () async throws(E) -> R) async throws(E) -> R {
    await withCheckedContinuation { continuation in
      let entering = state.withLock { state in
        state.waiting.append(Waiting(party: party, continuation: continuation))
        return next(&state)
      }
      entering?.resume()
    }
    defer {
      let entering = state.withLock { state in
        state.free += 1
        state.inside[party] = state.inside[party].flatMap { $0 > 1 ? $0 - 1 : nil }
        return next(&state)
      }
      entering?.resume()
    }
    return try await body()
  }

  /// Takes out of the row the one that may enter now.
  private func next(_ state: inout State) -> CheckedContinuation<Void, Never>? {
    guard state.free > 0 else { return nil }
    var best: (place: Int, inside: Int)?
    for (place, waiting) in state.waiting.enumerated() {
      let inside = state.inside[waiting.party] ?? 0
      if inside < share, inside < best?.inside ?? .max { best = (place, inside) }
      if inside == 0 { break }
    }
    guard let best else { return nil }
    let entering = state.waiting.remove(at: best.place)
    state.free -= 1
    state.inside[entering.party] = best.inside + 1
    return entering.continuation
  }
}
