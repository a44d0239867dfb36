import DequeModule
import Network
import Platform
import Synchronization

/// The servers' handshakes, step by step and apart from the event loops: a step of one costs up to a millisecond of a core, for which the calls of all
/// connections of a loop would wait. Addresses have their steps done in turn, so that one that knocks without end does not keep the others out.
///
/// What waits is bounded by `ServerConfiguration.maxStrangers`: each connection has one step at most.
final class HandshakeQueue: Sendable {
  static let shared = HandshakeQueue(width: max(1, coreCount / 2))

  typealias Step = @Sendable () -> Void
  private struct State {
    var running = 0
    /// Steps by address; those of one in the order in which they came. No list is empty.
    var waiting: [String: Deque<Step>] = [:]
    /// The addresses of `waiting`, whose turn is next first.
    var turns = Deque<String>()

    mutating func add(_ step: @escaping Step, _ address: String) {
      if waiting[address] == nil { turns.append(address) }
      waiting[address, default: []].append(step)
    }

    mutating func next() -> Step? {
      guard let address = turns.popFirst(), let step = waiting[address]?.popFirst() else { return nil }
      if waiting[address]?.isEmpty == true { waiting[address] = nil } else { turns.append(address) }
      return step
    }
  }

  /// A step that took longer was itself kept waiting; nanoseconds.
  private static let longestRest: UInt64 = 2_000_000

  private let width: Int
  private let state = Mutex(State())

  /// - Parameter width: steps that are done at once.
  init(width: Int) { self.width = width }

  /// Has `step` done on another thread when it is the turn of `address`.
  func run(_ address: String, _ step: @escaping Step) {
    let starts = state.withLock { state in
      state.add(step, address)
      guard state.running < width else { return false }
      state.running += 1
      return true
    }
    if starts { runDetached { self.work() } }
  }

  /// Does steps until none waits, and rests after each as long as it took: the event loops and the calls have the processor in between.
  private func work() {
    while let step = next() {
      let start = monotonicNow()
      step()
      rest(nanoseconds: min(monotonicNow() - start, Self.longestRest))
    }
  }

  private func next() -> Step? {
    state.withLock { state in
      let step = state.next()
      if step == nil { state.running -= 1 }
      return step
    }
  }
}
