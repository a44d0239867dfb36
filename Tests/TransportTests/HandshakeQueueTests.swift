import Dispatch
import Synchronization
import Testing

@testable import Transport

@Suite struct HandshakeQueueTests {
  @Test func addressesTakeTurnsHoweverManyStepsOneHas() async throws {
    let queue = HandshakeQueue(width: 1)
    let done = Mutex<[String]>([])
    let first = DispatchSemaphore(value: 0)
    let started = Latch()
    queue.run("busy") {
      started.open()
      first.wait()
    }
    await started.wait()
    for number in 1...3 { queue.run("busy") { done.withLock { $0.append("busy \(number)") } } }
    for number in 1...2 { queue.run("quiet \(number)") { done.withLock { $0.append("quiet \(number)") } } }
    first.signal()
    try await until { done.withLock { $0.count } == 5 }
    #expect(done.withLock { $0 } == ["busy 1", "quiet 1", "quiet 2", "busy 2", "busy 3"])
  }
}
