import Logging
import Platform
import ServiceLifecycle
import Synchronization
import Transport

/// Has a service take new certificates, keys, authorities and revocation lists into use, at a signal or when their files have changed, and ends the
/// connections of peers that would be refused now.
///
/// Files are looked at every five seconds, and taken when two looks have seen the same: so they may be replaced one after the other.
final class CertificateWatch: Service {
  private static let interval = Duration.seconds(5)
  /// The longest file of certificates, bytes.
  private static let fileLimit = 16 << 20

  private struct State {
    /// What the files were when they were last read for use, well or not.
    var used: UInt64
    var seen: UInt64
  }

  private let paths: [String]
  private let users: [any CertificateUser]
  private let logger: Logger
  private let state: Mutex<State>

  /// - Parameter users: those that have read the files.
  init(_ paths: [String], users: [any CertificateUser], logger: Logger) {
    self.paths = paths
    self.users = users
    self.logger = logger
    let now = Self.fingerprint(paths)
    state = Mutex(State(used: now, seen: now))
  }

  func run() async throws {
    await cancelWhenGracefulShutdown {
      while (try? await Task.sleep(for: Self.interval)) != nil {
        await self.look()
        for user in self.users { user.closeExpired(at: unixSeconds()) }
      }
    }
  }

  /// Looks whether the files have changed, and takes them.
  func look() async {
    let now = await offload { [paths] in Self.fingerprint(paths) }
    let isDue = state.withLock { state in
      defer { state.seen = now }
      return now == state.seen && now != state.used
    }
    if isDue { await take(now) }
  }

  /// Takes the files as they are.
  func take() async { await take(await offload { [paths] in Self.fingerprint(paths) }) }

  private func take(_ fingerprint: UInt64) async {
    state.withLock { $0.used = fingerprint }
    do {
      try await offload { [users] () throws(TransportError) in for user in users { try user.reload() } }
      logger.info("certificates reloaded")
    } catch { logger.error("the new certificates cannot be used; the old ones stay in use", metadata: ["reason": "\(error)"]) }
  }

  /// A number that changes when a file does.
  private static func fingerprint(_ paths: [String]) -> UInt64 {
    xxh3(paths.flatMap { path in hexadecimal(SHA256.hash((try? File(path, .read).read(at: 0, count: fileLimit)) ?? [])).utf8 })
  }
}
