import CEpoll
import Glibc
import Platform

/// A socket that takes connections.
package final class Listener: Sendable {
  /// After the system has had no room for another connection, in nanoseconds.
  private static let rest: UInt64 = 100_000_000

  /// The port that it listens on.
  package let port: Int
  private let loop: EventLoop
  private let watcher: Watcher

  // Sound: touched on its loop only.
  private final class Watcher: SocketWatcher, @unchecked Sendable {
    private var socket: Socket?
    private let loop: EventLoop
    private let accept: @Sendable (Socket, SocketAddress) -> Void
    private var watch: EventLoop.Watch?

    init(_ socket: Socket, _ loop: EventLoop, _ accept: @escaping @Sendable (Socket, SocketAddress) -> Void) {
      self.socket = socket
      self.loop = loop
      self.accept = accept
    }

    func begin() { if let socket { watch = loop.watch(socket, for: .read, self) } }

    /// Takes one connection: those who come one after the other let those who are there have their turn in between.
    func isReady(_ readiness: Readiness) {
      guard let socket else { return }
      var descriptor: Int32 = -1
      do throws(SystemError) {
        let address = try SocketAddress { address, length in
          descriptor = chancery_accept(socket.descriptor, address, length)
          return descriptor
        }
        let accepted = Socket(descriptor)
        accepted.sendAtOnce()
        accept(accepted, address)
      } catch {
        if [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(error.code) { pause() }
      }
    }

    /// Whoever waits stays in the system's queue: to ask again at once would be to ask without end.
    private func pause() {
      guard let watch else { return }
      loop.change(watch, to: [])
      _ = loop.schedule(in: Listener.rest) { [weak self] in
        if let self, let watch = self.watch { self.loop.change(watch, to: .read) }
      }
    }

    func end() {
      if let watch { loop.forget(watch) }
      watch = nil
      socket = nil
    }
  }

  /// Begins to listen.
  /// - Parameters:
  ///   - port: 0 = any free one.
  ///   - queue: connections that wait to be taken, at most.
  ///   - accept: is given each connection, on the listener's loop.
  package init(
    host: String, port: Int, queue: Int32, accept: @escaping @Sendable (Socket, SocketAddress) -> Void
  ) throws(ConnectError) {
    // There is one at least.
    let address = try SocketAddress.resolve(host, port: port, passive: true)[0]
    let socket: Socket
    do { socket = try Socket(for: address) } catch { throw ConnectError(reason: "\(error)") }
    socket.set(SOL_SOCKET, SO_REUSEADDR, 1)
    guard address.withPointer({ bind(socket.descriptor, $0, $1) }) == 0, listen(socket.descriptor, queue) == 0 else {
      throw ConnectError(reason: SystemError.text(errno))
    }
    self.port = socket.port ?? port
    loop = EventLoop.next()
    watcher = Watcher(socket, loop, accept)
    loop.execute { [watcher] in watcher.begin() }
  }

  /// Listens no more; what waits in the system's queue is refused.
  package func close() { loop.execute { [watcher] in watcher.end() } }
}
