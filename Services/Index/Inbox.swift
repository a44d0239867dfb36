import Platform
import Synchronization

/// Events for one reader, in the order they came. Senders wait while it is full, so that a reader that is busy slows them down.
final class Inbox<Event: Sendable>: Sendable {
  private struct State {
    var events: [Event] = []
    var reader: CheckedContinuation<Void, Never>?
    var senders: [CheckedContinuation<Void, Never>] = []
    var isClosed = false
  }
  private let state = Mutex(State())
  private let capacity: Int

  init(capacity: Int) { self.capacity = capacity }

  /// Adds an event, waiting until there is room. After `close` it is thrown away.
  func send(_ event: Event) async {
    while true {
      let (isDone, reader) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
        if state.isClosed { return (true, nil) }
        guard state.events.count < capacity else { return (false, nil) }
        state.events.append(event)
        return (true, state.reader.take())
      }
      reader?.resume()
      if isDone { return }
      await withCheckedContinuation { continuation in
        let mayGo = state.withLock { state in
          if state.isClosed || state.events.count < capacity { return true }
          state.senders.append(continuation)
          return false
        }
        if mayGo { continuation.resume() }
      }
    }
  }

  /// The next event; nil when the monotonic clock has reached `due` milliseconds first, or the task is cancelled. One task may wait.
  func next(until due: UInt64?) async -> Event? {
    while true {
      if let event = poll() { return event }
      let now = monotonicNow() / 1_000_000
      if Task.isCancelled || due.map({ $0 <= now }) ?? false { return nil }
      await wait(milliseconds: due.map { $0 - now })
    }
  }

  /// Waits until something has come, or so long, or until the task is cancelled.
  private func wait(milliseconds: UInt64?) async {
    guard let milliseconds else { return await arrival() }
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.arrival() }
      group.addTask { try? await Task.sleep(for: .milliseconds(milliseconds)) }
      await group.next()
      group.cancelAll()
    }
  }

  private func arrival() async {
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let mayGo = state.withLock { state in
          if !state.events.isEmpty || Task.isCancelled { return true }
          precondition(state.reader == nil, "one task waits")
          state.reader = continuation
          return false
        }
        if mayGo { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.reader.take() }?.resume()
    }
  }

  private func poll() -> Event? {
    let (event, senders) = state.withLock { state -> (Event?, [CheckedContinuation<Void, Never>]) in
      if state.events.isEmpty { return (nil, []) }
      let event = state.events.removeFirst()
      defer { state.senders = [] }
      return (event, state.senders)
    }
    for sender in senders { sender.resume() }
    return event
  }

  /// Nobody reads any more: senders need not wait.
  func close() {
    let senders = state.withLock { state in
      state.isClosed = true
      state.events = []
      defer { state.senders = [] }
      return state.senders
    }
    for sender in senders { sender.resume() }
  }
}
