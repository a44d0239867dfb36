import Operations
import Synchronization
import Testing

/// Tasks that enter a gate and stay until they are let go.
private final class Room: Sendable {
  private let leaving = Mutex<[CheckedContinuation<Void, Never>]>([])
  private let entered = Mutex<[String]>([])

  private let came = Mutex(0)

  var comers: Int { came.withLock { $0 } }
  func come() { came.withLock { $0 += 1 } }

  var names: [String] { entered.withLock { $0 } }

  func stay(_ name: String) async {
    await withCheckedContinuation { continuation in
      leaving.withLock { $0.append(continuation) }
      entered.withLock { $0.append(name) }
    }
  }

  /// Lets the one go that came first.
  func release() { leaving.withLock { $0.removeFirst() }.resume() }

  func wait(for count: Int) async { while names.count < count { await Task.yield() } }
}

@Test(.timeLimit(.minutes(10)))
func `a gate lets in those of the party that has the fewest inside, and of one party no more than its share`() async {
  let gate = Gate(3, share: 2)
  let room = Room()
  await withTaskGroup { group in
    for party in ["a", "a"] { group.addTask { await gate.run(for: party) { await room.stay(party) } } }
    await room.wait(for: 2)
    // A third of the same has to wait though there is room; another does not.
    for _ in 0..<3 {
      group.addTask {
        room.come()
        await gate.run(for: "a") { await room.stay("a") }
      }
    }
    while room.comers < 3 { await Task.yield() }
    group.addTask { await gate.run(for: "b") { await room.stay("b") } }
    await room.wait(for: 3)
    #expect(room.names == ["a", "a", "b"])
    for count in 4...5 {
      room.release()
      await room.wait(for: count)
    }
    // The other leaves, for whom none of these comes, and one of these, for whom one does.
    for _ in 0..<2 { room.release() }
    await room.wait(for: 6)
    #expect(room.names == ["a", "a", "b", "a", "a", "a"])
    for _ in 0..<2 { room.release() }
  }
}

@Test(.timeLimit(.minutes(10))) func `a gate without a share lets in as many as it is wide`() async {
  let gate = Gate(3)
  let room = Room()
  await withTaskGroup { group in
    for _ in 0..<5 { group.addTask { await gate.run { await room.stay("") } } }
    for count in 3...5 {
      await room.wait(for: count)
      room.release()
    }
    for _ in 0..<2 { room.release() }
  }
  #expect(room.names.count == 5)
}
