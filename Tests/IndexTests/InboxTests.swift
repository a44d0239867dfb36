import Platform
import Testing

@testable import chancery_index

private func now() -> UInt64 { monotonicNow() / 1_000_000 }

@Test func eventsComeInOrderAndAFullInboxHoldsItsSendersBack() async {
  let inbox = Inbox<Int>(capacity: 2)
  await withTaskGroup(of: Void.self) { group in
    group.addTask { for number in 0..<500 { await inbox.send(number) } }
    for number in 0..<500 { #expect(await inbox.next(until: nil) == number) }
  }
}

@Test func manySendersLoseNothing() async {
  let inbox = Inbox<Int>(capacity: 3)
  await withTaskGroup(of: Void.self) { group in
    for sender in 0..<20 { group.addTask { for number in 0..<50 { await inbox.send(sender * 50 + number) } } }
    var seen: Set<Int> = []
    for _ in 0..<1000 { if let event = await inbox.next(until: now() + 10_000) { seen.insert(event) } }
    #expect(seen.count == 1000)
  }
}

@Test func waitingEndsAtItsTimeAndWhenTheTaskIsCancelled() async {
  let inbox = Inbox<Int>(capacity: 1)
  let start = now()
  #expect(await inbox.next(until: start + 30) == nil)
  #expect(now() >= start + 30)
  await withTaskGroup(of: Int?.self) { group in
    group.addTask { await inbox.next(until: nil) }
    group.cancelAll()
    #expect(await group.next() == .some(nil))
  }
}

@Test func aClosedInboxHoldsNobodyBack() async {
  let inbox = Inbox<Int>(capacity: 1)
  await inbox.send(1)
  await withTaskGroup(of: Void.self) { group in
    group.addTask { await inbox.send(2) }
    group.addTask { inbox.close() }
  }
  await inbox.send(3)
}
