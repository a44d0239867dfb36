/// Something of ours that could not be set up or kept up: a certificate that cannot be loaded, a port that cannot be bound.
public struct TransportError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was being done, e.g. "load certificate".
  public let operation: String
  /// The file, address or thing it was done to.
  public let subject: String
  /// Why it failed, for people.
  public let reason: String

  public init(_ operation: String, _ subject: String, reason: String) {
    self.operation = operation
    self.subject = subject
    self.reason = reason
  }

  public var description: String { "cannot \(operation) \(subject): \(reason)" }
}
