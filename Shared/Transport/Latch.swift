import Synchronization

/// Something that tasks wait for until it is opened, and then no more.
package final class Latch: Sendable {
  private let state = Mutex<(isOpen: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

  package init() {}

  package func open() {
    let waiters = state.withLock { state in
      state.isOpen = true
      return state.waiters.drainAll()
    }
    for waiter in waiters { waiter.resume() }
  }

  package func wait() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiters.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }
}
