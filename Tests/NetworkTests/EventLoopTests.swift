import Glibc
import Platform
import Synchronization
import Testing

@testable import Network

/// A loop that the test drives on its own thread, at moments that the test sets.
@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
  /// What was done, in its order.
  // Sound: touched on the test's thread only.
  private final class Order: @unchecked Sendable {
    var done: [String] = []
  }

  /// The same, of three threads.
  private final class Numbers: Sendable {
    let lists = Mutex<[[Int]]>([[], [], []])
  }

  /// Counts what it is told.
  private final class Watcher: SocketWatcher {
    var told: [Readiness] = []
    var onReady: (() -> Void)?

    func isReady(_ readiness: Readiness) {
      told.append(readiness)
      onReady?()
    }
  }

  /// Notes when it goes.
  private final class Held {}

  private static func write(_ text: StaticString, to socket: Socket) {
    let outcome = socket.write(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    #expect(outcome == .bytes(text.utf8CodeUnitCount))
  }

  // MARK: Turns

  @Test func `between two turns the loop does what else there is`() {
    let loop = EventLoop(clock: { 0 })
    let order = Order()
    for name in ["a", "b", "c"] {
      loop.awaitTurn { [unowned loop] in
        order.done.append(name)
        // What comes in while a turn lasts.
        loop.execute { order.done.append("other") }
        if name == "a" { loop.awaitTurn { order.done.append("a again") } }
      }
    }
    // None is done at once.
    #expect(order.done.isEmpty && loop.hasTurns)
    for _ in 0..<4 { loop.round(mayWait: false) }
    #expect(order.done == ["a", "other", "b", "other", "c", "other", "a again"])
    #expect(!loop.hasTurns)
  }

  @Test func `in a round one of the turns is taken, after what came and what is due`() throws {
    let loop = EventLoop(clock: { 0 })
    let order = Order()
    let (ours, theirs) = try Socket.pair()
    let watcher = Watcher()
    watcher.onReady = { order.done.append("socket") }
    _ = try #require(loop.watch(ours, for: .read, watcher))
    Self.write("x", to: theirs)
    for name in ["one", "two"] { loop.awaitTurn { order.done.append(name) } }
    _ = loop.schedule(at: 0) { order.done.append("due") }
    loop.execute { order.done.append("job") }
    loop.round(mayWait: false)
    #expect(order.done == ["socket", "job", "due", "one"])
    loop.round(mayWait: false)
    #expect(order.done == ["socket", "job", "due", "one", "socket", "two"])
  }

  // MARK: Jobs

  @Test func `jobs of other threads are done in the order of each thread`() async {
    let loop = EventLoop.next()
    let count = 5000
    let done = Numbers()
    await withTaskGroup(of: Void.self) { group in
      for thread in 0..<3 {
        group.addTask {
          await withCheckedContinuation { continuation in
            runDetached {
              for number in 0..<count { loop.execute { done.lists.withLock { $0[thread].append(number) } } }
              loop.execute { continuation.resume() }
            }
          }
        }
      }
    }
    for numbers in done.lists.withLock({ $0 }) { #expect(numbers == Array(0..<count)) }
  }

  @Test func `a loop that waits is woken by each job`() async {
    // Each job finds the loop asleep or on its way there; one that is missed is waited for without end.
    let loop = EventLoop.next()
    for _ in 0..<5000 { await withCheckedContinuation { continuation in loop.execute { continuation.resume() } } }
  }

  @Test func `a job that a job asks for is done in the next round`() {
    let loop = EventLoop(clock: { 0 })
    let order = Order()
    loop.execute { [unowned loop] in
      order.done.append("one")
      loop.execute { order.done.append("two") }
    }
    loop.round(mayWait: false)
    #expect(order.done == ["one"])
    // It does not wait while there is something to do.
    loop.round(mayWait: true)
    #expect(order.done == ["one", "two"])
  }

  // MARK: Timers

  @Test func `what is due is done in the order of its moments, and what was cancelled never`() {
    let time = Time()
    let loop = EventLoop(clock: { time.value })
    let order = Order()
    var timers: [Timer] = []
    for moment: UInt64 in [30, 10, 20, 10, 40] {
      let number = timers.count
      timers.append(loop.schedule(at: moment) { order.done.append("\(moment) \(number)") })
    }
    timers[2].cancel()
    loop.round(mayWait: false)
    #expect(order.done.isEmpty)
    time.value = 9
    loop.round(mayWait: false)
    #expect(order.done.isEmpty)
    time.value = 35
    loop.round(mayWait: false)
    #expect(order.done == ["10 1", "10 3", "30 0"])
    // What is done already cannot be cancelled, and is not done again.
    timers[0].cancel()
    timers[4].cancel()
    time.value = 100
    loop.round(mayWait: false)
    #expect(order.done.count == 3)
  }

  @Test func `a timer may cancel another that is due in the same round`() {
    let loop = EventLoop(clock: { 10 })
    let order = Order()
    let later = loop.schedule(at: 2) { order.done.append("later") }
    _ = loop.schedule(at: 1) {
      order.done.append("first")
      later.cancel()
    }
    loop.round(mayWait: false)
    #expect(order.done == ["first"])
  }

  @Test func `a loop waits until the next moment and not longer`() {
    let loop = EventLoop()
    let order = Order()
    let start = monotonicNow()
    _ = loop.schedule(in: 20_000_000) { order.done.append("due") }
    _ = loop.schedule(in: 60_000_000_000) { order.done.append("late") }
    while order.done.isEmpty { loop.round() }
    #expect(order.done == ["due"])
    #expect(monotonicNow() - start >= 20_000_000)
    #expect(monotonicNow() - start < 10_000_000_000)
  }

  @Test func `what a timer holds is released when it is cancelled, and the timers themselves when they are many`() {
    struct Weak { weak var timer: Timer? }
    let loop = EventLoop(clock: { 0 })
    weak var held: Held?
    var timers: [Weak] = []
    for number in 0..<10_000 {
      let mine = Held()
      held = mine
      let timer = loop.schedule(at: 1_000_000) { withExtendedLifetime(mine) {} }
      timers.append(Weak(timer: timer))
      // One in a hundred stays.
      if number % 100 != 0 { timer.cancel() }
    }
    #expect(held == nil)
    #expect(timers.count { $0.timer != nil } < 500)
    #expect(timers.enumerated().allSatisfy { $0.offset % 100 != 0 || $0.element.timer != nil })
  }

  @Test func `from any thread something can be done after a time, or be cancelled`() async {
    let fired = Atomic(0)
    let cancelled = Timer.schedule(milliseconds: 20) { fired.add(100, ordering: .relaxed) }
    cancelled.cancel()
    let start = monotonicNow()
    await withCheckedContinuation { continuation in
      _ = Timer.schedule(milliseconds: 20) {
        fired.add(1, ordering: .relaxed)
        continuation.resume()
      }
    }
    #expect(monotonicNow() - start >= 20_000_000)
    // On whichever loop the cancelled one was, its moment has passed.
    await withCheckedContinuation { continuation in _ = Timer.schedule(milliseconds: 20) { continuation.resume() } }
    #expect(fired.load(ordering: .relaxed) == 1)
  }

  // MARK: Sockets

  @Test func `a socket is told of in each round until it was read, as far as was asked`() throws {
    let loop = EventLoop(clock: { 0 })
    let (ours, theirs) = try Socket.pair()
    let watcher = Watcher()
    let watch = try #require(loop.watch(ours, for: .read, watcher))
    loop.round(mayWait: false)
    #expect(watcher.told.isEmpty)
    Self.write("x", to: theirs)
    loop.round(mayWait: false)
    loop.round(mayWait: false)
    #expect(watcher.told == [.read, .read])
    loop.change(watch, to: [])
    loop.round(mayWait: false)
    #expect(watcher.told.count == 2)
    loop.change(watch, to: [.read, .write])
    loop.round(mayWait: false)
    #expect(watcher.told.last == [.read, .write])
    loop.forget(watch)
    loop.round(mayWait: false)
    #expect(watcher.told.count == 3)
  }

  @Test func `of a socket's end is told whatever was asked`() throws {
    let loop = EventLoop(clock: { 0 })
    let (ours, theirs) = try Socket.pair()
    let watcher = Watcher()
    let watch = try #require(loop.watch(ours, for: [], watcher))
    loop.round(mayWait: false)
    #expect(watcher.told.isEmpty)
    shutdown(theirs.descriptor, Int32(SHUT_RDWR))
    loop.round(mayWait: false)
    #expect(watcher.told.count == 1 && watcher.told.allSatisfy { !$0.isDisjoint(with: .end) })
    loop.forget(watch)
  }

  @Test func `a place that is used again in the same round is not told of the old socket's event`() throws {
    let loop = EventLoop(clock: { 0 })
    let pairs = [try Socket.pair(), try Socket.pair(), try Socket.pair()]
    let watchers = [Watcher(), Watcher(), Watcher()]
    var watches: [EventLoop.Watch] = []
    for index in 0..<2 { watches.append(try #require(loop.watch(pairs[index].0, for: .read, watchers[index]))) }
    // Whichever is told first has the third take the other's place.
    for index in 0..<2 {
      watchers[index].onReady = {
        loop.forget(watches[1 - index])
        if watches.count == 2, let watch = loop.watch(pairs[2].0, for: .read, watchers[2]) { watches.append(watch) }
      }
    }
    for pair in pairs[..<2] { Self.write("x", to: pair.1) }
    loop.round(mayWait: false)
    #expect(watches.count == 3)
    #expect(watchers[0].told.count + watchers[1].told.count == 1)
    #expect(watchers[2].told.isEmpty)
    Self.write("x", to: pairs[2].1)
    loop.round(mayWait: false)
    #expect(watchers[2].told == [.read])
  }

  @Test func `with the name of a socket that is not watched any more nothing can be done to its successor`() throws {
    let loop = EventLoop(clock: { 0 })
    let pairs = [try Socket.pair(), try Socket.pair()]
    let watchers = [Watcher(), Watcher()]
    let old = try #require(loop.watch(pairs[0].0, for: .read, watchers[0]))
    loop.forget(old)
    _ = try #require(loop.watch(pairs[1].0, for: .read, watchers[1]))
    loop.change(old, to: [])
    loop.forget(old)
    Self.write("x", to: pairs[1].1)
    loop.round(mayWait: false)
    #expect(watchers[1].told == [.read])
  }

  @Test func `a socket that is forgotten is closed when nobody else holds it`() throws {
    let loop = EventLoop(clock: { 0 })
    let (theirs, watch) = try Self.watched(on: loop)
    var byte: UInt8 = 0
    #expect(withUnsafeMutableBytes(of: &byte) { theirs.read(into: $0) } == .later)
    loop.forget(watch)
    #expect(withUnsafeMutableBytes(of: &byte) { theirs.read(into: $0) } == .bytes(0))
  }

  /// The other end of a socket that only the loop holds.
  private static func watched(on loop: EventLoop) throws -> (Socket, EventLoop.Watch) {
    let (ours, theirs) = try Socket.pair()
    return (theirs, try #require(loop.watch(ours, for: .read, Watcher())))
  }

  @Test func `more sockets than a round looks at all have their turn`() throws {
    let loop = EventLoop(clock: { 0 })
    let pairs = try (0..<200).map { _ in try Socket.pair() }
    let watchers = pairs.map { _ in Watcher() }
    for (pair, watcher) in zip(pairs, watchers) {
      _ = try #require(loop.watch(pair.0, for: .read, watcher))
      Self.write("x", to: pair.1)
    }
    for _ in 0..<4 { loop.round(mayWait: false) }
    #expect(watchers.allSatisfy { !$0.told.isEmpty })
  }
}

/// The time of a loop that is driven, in nanoseconds.
// Sound: touched on the test's thread only.
final class Time: @unchecked Sendable {
  var value: UInt64 = 0
}
