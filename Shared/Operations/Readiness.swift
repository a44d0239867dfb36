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

  private let current = Mutex(State(ready: false, reason: "starting", address: nil))

  /// Not ready, for it is starting.
  public init() {}

  public var state: State { current.withLock { $0 } }

  /// From now on the service can work. `address` is where it listens, when that is not known from the configuration (port 0).
  public func setReady(at address: Address? = nil) {
    current.withLock { $0 = State(ready: true, reason: "", address: address ?? $0.address) }
  }

  /// From now on the service cannot work, because of `reason`.
  public func setNotReady(_ reason: String) { current.withLock { $0 = State(ready: false, reason: reason, address: $0.address) } }
}
