import Glibc

/// A system call that failed: what was being done, to what, and the system's reason.
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What was being done, e.g. "open".
  public let operation: String
  /// The file or thing it was done to.
  public let subject: String
  /// The system's error number (`errno`).
  public let code: Int32

  public init(_ operation: String, _ subject: String, code: Int32 = errno) {
    self.operation = operation
    self.subject = subject
    self.code = code
  }

  /// The system's text for the error.
  public var reason: String { Self.text(code) }

  /// The system's text for an error number.
  public static func text(_ code: Int32) -> String { strerror(code).map { String(cString: $0) } ?? "error \(code)" }

  public var description: String { "cannot \(operation) \(subject): \(reason)" }

  /// Whether the device or quota has no room left (ENOSPC, EDQUOT): trying again can help once there is room.
  public var isFull: Bool { code == ENOSPC || code == EDQUOT }
  /// Whether the file is not there (ENOENT).
  public var isMissing: Bool { code == ENOENT }
  /// Whether the file is there already (EEXIST).
  public var exists: Bool { code == EEXIST }
}
