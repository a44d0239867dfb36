/// What went wrong, from a closed list that clients may decide by.
public enum ErrorCode: UInt32, Sendable, CaseIterable {
  /// A code of a newer peer.
  case unknown = 0
  case invalid = 1
  case unauthenticated = 2
  case forbidden = 3
  case notFound = 4
  case conflict = 5
  case tooLarge = 6
  case overloaded = 7
  case unavailable = 8
  case deadline = 9
  case cancelled = 10
  case `internal` = 11
  case unimplemented = 12

  /// The code's name as people read it: `not-found`.
  public var name: String {
    switch self {
    case .unknown: "unknown"
    case .invalid: "invalid"
    case .unauthenticated: "unauthenticated"
    case .forbidden: "forbidden"
    case .notFound: "not-found"
    case .conflict: "conflict"
    case .tooLarge: "too-large"
    case .overloaded: "overloaded"
    case .unavailable: "unavailable"
    case .deadline: "deadline"
    case .cancelled: "cancelled"
    case .internal: "internal"
    case .unimplemented: "unimplemented"
    }
  }
}

/// Whether the server did what the failed call asked for.
public enum Processed: UInt32, Sendable, CaseIterable {
  case maybe = 0
  case no = 1
  case yes = 2
}

/// The error of every call: what the server sent as ERROR, or what the client found out by itself.
public struct CallError: Error, Sendable, Hashable, CustomStringConvertible {
  public var code: ErrorCode
  /// For people: what was being done, to what, and what can be done about it. Holds no document text.
  public var message: String
  /// True when the same call can succeed later or elsewhere.
  public var retryable: Bool
  /// When to try again at the earliest, in milliseconds from now; 0 = at once.
  public var retryAfterMilliseconds: UInt32
  public var processed: Processed
  /// Named facts: `position` and `hint` of a wrong query, `limit` that was passed.
  public var details: [ErrorDetail]

  public init(
    _ code: ErrorCode, _ message: String, retryable: Bool = false, retryAfterMilliseconds: UInt32 = 0, processed: Processed = .maybe,
    details: [ErrorDetail] = []
  ) {
    self.code = code
    self.message = message
    self.retryable = retryable
    self.retryAfterMilliseconds = retryAfterMilliseconds
    self.processed = processed
    self.details = details
  }

  /// The error that an ERROR frame carries. Codes that we do not know become `unknown`, and an unknown `processed` means maybe.
  public init(_ message: ErrorMessage) {
    self.init(
      ErrorCode(rawValue: message.code) ?? .unknown, message.message, retryable: message.retryable,
      retryAfterMilliseconds: message.retryAfterMs, processed: Processed(rawValue: message.processed) ?? .maybe, details: message.details)
  }

  /// The body of an ERROR frame; texts beyond `WireLimits` are cut so that it always fits a control frame.
  public var wire: ErrorMessage {
    ErrorMessage(
      code: code.rawValue, message: cut(message, to: WireLimits.maxErrorMessage), retryable: retryable,
      retryAfterMs: retryAfterMilliseconds, processed: processed.rawValue,
      details: details.prefix(WireLimits.maxErrorDetails).map {
        ErrorDetail(key: cut($0.key, to: WireLimits.maxErrorKey), value: cut($0.value, to: WireLimits.maxErrorValue))
      })
  }

  /// The value of the first detail named `key`.
  public func detail(_ key: String) -> String? { details.first { $0.key == key }?.value }

  public var description: String { "\(code.name): \(message)" }
}

/// The longest beginning of `text` that is whole code points and at most `limit` UTF-8 bytes.
package func cut(_ text: String, to limit: Int) -> String {
  if text.utf8.count <= limit { return text }
  var kept = ""
  var count = 0
  for scalar in text.unicodeScalars {
    count += UTF8.width(scalar)
    if count > limit { break }
    kept.unicodeScalars.append(scalar)
  }
  return kept
}
