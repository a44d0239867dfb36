import NIOCore
import NIOPosix

/// The connections of an event loop that have more to do than others should wait for. They get their turns one after the other, and the loop looks at all its
/// other connections in between: however many of them there are, a small call waits for one turn.
///
/// Must stay on its event loop.
final class Turns {
  /// How soon the next turn comes: the loop does at once what is due at once, and would not look at the others before it.
  private static let pause = TimeAmount.microseconds(20)
  // Sound: a thread finds its own.
  nonisolated(unsafe) private static let current = ThreadSpecificVariable<Turns>()

  private let eventLoop: any EventLoop
  private var waiting = CircularBuffer<() -> Void>()
  private var isScheduled = false

  private init(_ eventLoop: any EventLoop) { self.eventLoop = eventLoop }

  /// Those of `eventLoop`, which this must be called on.
  static func of(_ eventLoop: any EventLoop) -> Turns {
    if let turns = current.currentValue, turns.eventLoop === eventLoop { return turns }
    let turns = Turns(eventLoop)
    current.currentValue = turns
    return turns
  }

  var isEmpty: Bool { waiting.isEmpty }

  /// Has `turn` done when those before it have been.
  func add(_ turn: @escaping () -> Void) {
    waiting.append(turn)
    schedule()
  }

  private func schedule() {
    if isScheduled || waiting.isEmpty { return }
    isScheduled = true
    let bound = NIOLoopBound(self, eventLoop: eventLoop)
    eventLoop.scheduleTask(in: Self.pause) {
      bound.value.isScheduled = false
      bound.value.waiting.popFirst()?()
      bound.value.schedule()
    }
  }
}
