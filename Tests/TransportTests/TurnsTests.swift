import NIOCore
import NIOPosix
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1))) struct TurnsTests {
  /// What was done on the loop, in its order.
  private final class Order {
    var done: [String] = []
  }

  @Test func betweenTwoTurnsTheLoopDoesWhatElseThereIs() async throws {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let all = loop.makePromise(of: [String].self)
    loop.execute {
      let turns = Turns.of(loop)
      let order = Order()
      let bound = NIOLoopBound(order, eventLoop: loop)
      for name in ["a", "b", "c"] {
        turns.add {
          order.done.append(name)
          // What comes in while a turn lasts.
          loop.execute { bound.value.done.append("other") }
          if order.done.count == 1 {
            turns.add {
              order.done.append("a again")
              all.succeed(order.done)
            }
          }
        }
      }
      // None is done at once.
      order.done = order.done.isEmpty && !turns.isEmpty ? [] : ["early"]
    }
    #expect(try await all.futureResult.get() == ["a", "other", "b", "other", "c", "other", "a again"])
  }
}
