import CEpoll
import Glibc
import Platform

/// Makes one connection: asks for the host's addresses and tries them in their order, the next one when one fails or has not answered within a moment
/// (RFC 8305, section 5). The first that stands is taken.
// Sound: touched on its loop only.
package final class Connector: @unchecked Sendable {
  /// How long an address is tried before the next one is tried too, in nanoseconds.
  private static let patience: UInt64 = 250_000_000

  // Sound: touched on the loop only.
  private final class Attempt: SocketWatcher {
    let socket: Socket
    var watch: EventLoop.Watch?
    unowned let connector: Connector

    init(_ socket: Socket, _ connector: Connector) {
      self.socket = socket
      self.connector = connector
    }

    func isReady(_ readiness: Readiness) { connector.hasEnded(self, socket.connectError) }
  }

  private let loop: EventLoop
  private let completion: (Result<Socket, ConnectError>) -> Void
  private var rest: ArraySlice<SocketAddress> = []
  private var attempts: [Attempt] = []
  /// Ends it all.
  private var limit: Timer?
  /// Tries the next address.
  private var patience: Timer?
  private var lastError: ConnectError?
  private var isDone = false

  private init(_ loop: EventLoop, _ completion: @escaping @Sendable (Result<Socket, ConnectError>) -> Void) {
    self.loop = loop
    self.completion = completion
  }

  /// Begins to connect.
  /// - Parameters:
  ///   - limit: nanoseconds.
  ///   - completion: called once, on `loop`.
  package static func connect(
    host: String, port: Int, within limit: UInt64, on loop: EventLoop,
    _ completion: @escaping @Sendable (Result<Socket, ConnectError>) -> Void
  ) {
    let connector = Connector(loop, completion)
    loop.execute {
      connector.limit = loop.schedule(in: limit) {
        connector.end(.failure(ConnectError(reason: "no answer within \(limit / 1_000_000) ms")))
      }
    }
    // On a thread of its own: the name service may keep it waiting, and the others are few.
    do throws(SystemError) {
      try startThread {
        let found: Result<[SocketAddress], ConnectError>
        do throws(ConnectError) { found = .success(try SocketAddress.resolve(host, port: port)) } catch { found = .failure(error) }
        loop.execute {
          switch found {
          case .success(let addresses):
            connector.rest = addresses[...]
            connector.tryNext()
          case .failure(let error): connector.end(.failure(error))
          }
        }
      }
    } catch {
      loop.execute { connector.end(.failure(ConnectError(reason: "\(error)"))) }
    }
  }

  private func tryNext() {
    if isDone { return }
    patience?.cancel()
    guard let address = rest.popFirst() else {
      // The others may still answer.
      if attempts.isEmpty { end(.failure(lastError ?? ConnectError(reason: "the host has no address"))) }
      return
    }
    do throws(SystemError) {
      let attempt = Attempt(try Socket(for: address), self)
      let result = address.withPointer { Glibc.connect(attempt.socket.descriptor, $0, $1) }
      guard result == 0 || errno == EINPROGRESS else { throw SystemError("connect to", "\(address)") }
      attempt.watch = loop.watch(attempt.socket, for: .write, attempt)
      guard attempt.watch != nil else { throw SystemError("watch", "a socket") }
      attempts.append(attempt)
      patience = loop.schedule(in: Self.patience) { [weak self] in self?.tryNext() }
    } catch {
      lastError = ConnectError(reason: error.reason)
      tryNext()
    }
  }

  private func hasEnded(_ attempt: Attempt, _ error: Int32) {
    if error == 0 {
      attempt.socket.sendAtOnce()
      if let watch = attempt.watch { loop.forget(watch) }
      attempt.watch = nil
      return end(.success(attempt.socket))
    }
    lastError = ConnectError(reason: SystemError.text(error))
    if let watch = attempt.watch { loop.forget(watch) }
    attempts.removeAll { $0 === attempt }
    tryNext()
  }

  private func end(_ result: Result<Socket, ConnectError>) {
    if isDone { return }
    isDone = true
    limit?.cancel()
    patience?.cancel()
    for attempt in attempts { if let watch = attempt.watch { loop.forget(watch) } }
    attempts = []
    completion(result)
  }
}
