import CEpoll
import DequeModule
import Glibc
import HeapModule
import Platform
import Synchronization

/// Processors that this process may run on.
package let coreCount = max(1, Int(chancery_processors()))

/// Who is told what the system says of a socket, on the loop that watches it.
package protocol SocketWatcher: AnyObject {
  /// The socket can be read from or written to, as was asked for, or has broken.
  func isReady(_ readiness: Readiness)
}

/// What can be done with a socket (epoll_ctl(2)).
package struct Readiness: OptionSet, Sendable {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }
  /// Bytes, a connection or the peer's end can be read.
  package static var read: Readiness { Readiness(rawValue: 0x001) }
  package static var write: Readiness { Readiness(rawValue: 0x004) }
  /// It has broken, or both sides have closed it. Always told.
  package static var end: Readiness { Readiness(rawValue: 0x008 | 0x010) }
}

/// A thread that waits for sockets (epoll(7)), for moments, and for what other threads want done. A connection lives on one loop: whatever is done with it is
/// done there.
///
/// In each round the sockets that are ready have their turn once, then what others want done is done, then what is due, and at last one of the turns
/// that connections wait for which have more to do than others should wait for: however many of these there are, a small call waits for one turn.
// Sound: what has no lock is touched on the loop's thread only.
package final class EventLoop: @unchecked Sendable {
  /// Names a watched socket; not used again when the place is.
  package struct Watch { fileprivate let value: UInt64 }

  private struct Place {
    var generation: UInt32 = 0
    var socket: Socket?
    var watcher: (any SocketWatcher)?
  }
  private struct Due: Comparable {
    let moment: UInt64
    /// Of what is due at one moment, what was set first comes first.
    let order: UInt64
    let timer: Timer

    static func < (one: Due, other: Due) -> Bool { (one.moment, one.order) < (other.moment, other.order) }
    static func == (one: Due, other: Due) -> Bool { one.order == other.order }
  }

  /// Sockets that are looked at in one round.
  private static let mostReady = 64
  /// The event that wakes the loop up.
  private static let wakeUp = UInt64.max

  /// One for each core, which run until the program ends.
  fileprivate static let all = (0..<coreCount).map { _ in
    let loop = EventLoop()
    loop.start()
    return loop
  }
  private static let used = Atomic(0)

  /// The loops in turn.
  package static func next() -> EventLoop { all[used.add(1, ordering: .relaxed).oldValue % all.count] }

  /// Memory that is lent to whatever is done on the loop, for the time of it.
  package let buffers = LoopBuffers()

  private let epoll: Int32
  private let event: Int32
  private let clock: @Sendable () -> UInt64
  private let jobs = Mutex<[@Sendable () -> Void]>([])
  private let isAsleep = Atomic(false)

  private let ready = UnsafeMutablePointer<epoll_event>.allocate(capacity: mostReady)
  private var places: [Place] = []
  private var free: [UInt32] = []
  private var timers = Heap<Due>()
  private var timersSet: UInt64 = 0
  /// Timers that were there when those were last thrown out which were cancelled.
  private var timersKept = 64
  private var turns = Deque<() -> Void>()
  private var running: [@Sendable () -> Void] = []

  /// The moment at which this round began, monotonic nanoseconds.
  package private(set) var now: UInt64

  /// A loop that is driven by `round`, and told the time by `clock`, monotonic nanoseconds.
  package init(clock: @escaping @Sendable () -> UInt64 = monotonicNow) {
    self.clock = clock
    now = clock()
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    event = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    precondition(epoll >= 0 && event >= 0, "the system has no event loop to give: \(SystemError.text(errno))")
    // Edge-triggered: it need not be read to be raised again.
    var asked = epoll_event(events: Readiness.read.rawValue | EPOLLET.rawValue, data: epoll_data_t(u64: Self.wakeUp))
    epoll_ctl(epoll, EPOLL_CTL_ADD, event, &asked)
  }

  deinit {
    close(epoll)
    close(event)
    ready.deallocate()
  }

  private func start() {
    do throws(SystemError) {
      try startThread { while true { self.round() } }
    } catch {
      preconditionFailure("there is no event loop: \(error)")
    }
  }

  // MARK: From any thread

  /// Has `job` done on the loop, soon.
  package func execute(_ job: @escaping @Sendable () -> Void) {
    jobs.withLock { $0.append(job) }
    guard isAsleep.exchange(false, ordering: .sequentiallyConsistent) else { return }
    eventfd_write(event, 1)
  }

  // MARK: On the loop

  /// Does what is to be done now; waits for it first when `mayWait`.
  package func round(mayWait: Bool = true) {
    var wait: Int32 = 0
    if mayWait {
      isAsleep.store(true, ordering: .sequentiallyConsistent)
      wait = jobs.withLock { $0.isEmpty } ? timeToWait() : 0
    }
    let count = epoll_wait(epoll, ready, Int32(Self.mostReady), wait)
    isAsleep.store(false, ordering: .sequentiallyConsistent)
    now = clock()
    if count > 0 { for index in 0..<Int(count) { tell(ready[index]) } }
    doJobs()
    while let due = timers.min, due.moment <= now {
      timers.removeMin()
      due.timer.run()
    }
    turns.popFirst()?()
  }

  private func tell(_ event: epoll_event) {
    let value = event.data.u64
    if value == Self.wakeUp { return }
    let place = places[Int(value & 0xFFFF_FFFF)]
    // Another socket may have taken the place in this round.
    if place.generation == UInt32(value >> 32) { place.watcher?.isReady(Readiness(rawValue: event.events)) }
  }

  private func doJobs() {
    jobs.withLock { swap(&$0, &running) }
    for job in running { job() }
    running.removeAll(keepingCapacity: true)
  }

  /// Milliseconds until something is due, -1 = for ever.
  private func timeToWait() -> Int32 {
    if !turns.isEmpty { return 0 }
    guard let due = timers.min else { return -1 }
    let now = clock()
    return due.moment <= now ? 0 : Int32(clamping: (due.moment - now + 999_999) / 1_000_000)
  }

  /// Has `work` done at a moment, in monotonic nanoseconds, or up to a millisecond later.
  package func schedule(at moment: UInt64, _ work: @escaping () -> Void) -> Timer {
    let timer = Timer(work)
    add(timer, at: moment)
    return timer
  }

  /// Has `work` done in so many nanoseconds.
  package func schedule(in time: UInt64, _ work: @escaping () -> Void) -> Timer { schedule(at: clock() + time, work) }

  fileprivate func add(_ timer: Timer, at moment: UInt64) {
    if timers.count > 2 * timersKept {
      timers = Heap(timers.unordered.filter { !$0.timer.isCancelled })
      timersKept = max(64, timers.count)
    }
    timersSet += 1
    timers.insert(Due(moment: moment, order: timersSet, timer: timer))
  }

  /// Has `turn` done when those before it have been, one in each round.
  package func awaitTurn(_ turn: @escaping () -> Void) { turns.append(turn) }

  /// True while connections wait for their turns.
  package var hasTurns: Bool { !turns.isEmpty }

  /// Tells `watcher` when the socket is ready. Both are kept until `forget`.
  /// - Returns: nil when the system has no room to watch it.
  package func watch(_ socket: Socket, for readiness: Readiness, _ watcher: any SocketWatcher) -> Watch? {
    let index: UInt32
    if let last = free.popLast() {
      index = last
    } else {
      index = UInt32(places.count)
      places.append(Place())
    }
    let watch = Watch(value: UInt64(places[Int(index)].generation) << 32 | UInt64(index))
    var asked = epoll_event(events: readiness.rawValue, data: epoll_data_t(u64: watch.value))
    guard epoll_ctl(epoll, EPOLL_CTL_ADD, socket.descriptor, &asked) == 0 else {
      free.append(index)
      return nil
    }
    places[Int(index)].socket = socket
    places[Int(index)].watcher = watcher
    return watch
  }

  /// Changes what is told of a socket.
  package func change(_ watch: Watch, to readiness: Readiness) {
    guard let socket = socket(of: watch) else { return }
    var asked = epoll_event(events: readiness.rawValue, data: epoll_data_t(u64: watch.value))
    epoll_ctl(epoll, EPOLL_CTL_MOD, socket.descriptor, &asked)
  }

  /// Tells nothing more of a socket, and lets go of it.
  package func forget(_ watch: Watch) {
    guard let socket = socket(of: watch) else { return }
    let index = UInt32(truncatingIfNeeded: watch.value)
    epoll_ctl(epoll, EPOLL_CTL_DEL, socket.descriptor, nil)
    places[Int(index)] = Place(generation: places[Int(index)].generation &+ 1)
    free.append(index)
  }

  /// Nil when it is not watched any more.
  private func socket(of watch: Watch) -> Socket? {
    let place = places[Int(watch.value & 0xFFFF_FFFF)]
    return place.generation == UInt32(watch.value >> 32) ? place.socket : nil
  }
}

/// Memory of a loop that whoever has it to do with a socket uses, so that a connection which waits keeps none.
package struct LoopBuffers: ~Copyable {
  /// What one read brings at most, in bytes.
  package static let readLength = 64 << 10

  /// For what is read.
  package let input = UnsafeMutableRawBufferPointer.allocate(byteCount: readLength, alignment: 64)
  /// For what it is decrypted to, which a record may make longer that began in an earlier read.
  package let plain = UnsafeMutableRawBufferPointer.allocate(byteCount: readLength + (32 << 10), alignment: 64)
  /// For what is encrypted.
  package let output = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 64)

  deinit {
    input.deallocate()
    plain.deallocate()
    output.deallocate()
  }
}

/// Something that is done on an event loop at a moment, unless it is cancelled before.
package final class Timer: Sendable {
  // Sound: made and run on the loop, or made of what is sendable.
  private struct Work: @unchecked Sendable { let run: () -> Void }
  private let work: Mutex<Work?>

  fileprivate init(_ work: @escaping () -> Void) { self.work = Mutex(Work(run: work)) }

  /// Has `body` done after so many milliseconds on some loop; from any thread.
  package static func schedule(milliseconds: UInt64, _ body: @escaping @Sendable () -> Void) -> Timer {
    let timer = Timer(body)
    let moment = monotonicNow() + min(milliseconds, 1 << 40) * 1_000_000
    // Not the next one: to set a timer is not to have a connection, for which they take turns.
    let loop = EventLoop.all[0]
    loop.execute { loop.add(timer, at: moment) }
    return timer
  }

  /// From any thread; does nothing when it is done or cancelled already.
  package func cancel() { work.withLock { $0 = nil } }

  fileprivate var isCancelled: Bool { work.withLock { $0 == nil } }
  fileprivate func run() { work.withLock { $0.take() }?.run() }
}
