import NIOCore
import NIOPosix

/// Something that happens after a while unless it is cancelled.
struct Timer: Sendable {
  private let scheduled: Scheduled<Void>

  static func schedule(milliseconds: UInt64, _ body: @escaping @Sendable () -> Void) -> Timer {
    let loop = MultiThreadedEventLoopGroup.singleton.any()
    return Timer(scheduled: loop.scheduleTask(in: .milliseconds(Int64(clamping: milliseconds)), body))
  }

  func cancel() { scheduled.cancel() }
}
