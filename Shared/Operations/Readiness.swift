import Synchronization

/// Whether the service can do its work now, for /health and the Health method.
public final class Readiness: Sendable {
  /// One moment's answer.
  public struct State: Sendable, Hashable {
    public let ready: Bool
    /// Why it is not ready; empty when it is.
    public let reason: String
    /// Where the protocol is served, once it is.
    public let address: Address?
  }

  private struct Conditions {
    /// Why the service does not serve.
    var obstacle: String? = "starting"
    /// What it needs beside that and has not got yet.
    var missing: String?
    var address: Address?
  }

  private let current: Mutex<Conditions>

  /// Not ready, for it is starting. With `missing` it takes more to be ready than to serve: `provide()` says when that is there.
  public init(missing: String? = nil) { current = Mutex(Conditions(missing: missing)) }

  public var state: State {
    current.withLock {
      let reason = $0.obstacle ?? $0.missing
      return State(ready: reason == nil, reason: reason ?? "", address: $0.address)
    }
  }

  /// From now on the service serves. `address` is where it listens, when that is not known from the configuration (port 0).
  public func setReady(at address: Address? = nil) {
    current.withLock {
      $0.obstacle = nil
      $0.address = address ?? $0.address
    }
  }

  /// What was missing at the start is there.
  public func provide() { current.withLock { $0.missing = nil } }

  /// From now on the service cannot work, because of `reason`.
  public func setNotReady(_ reason: String) { current.withLock { $0.obstacle = reason } }
}
