import Platform

/// Why a segment or a deletion bitmap cannot be used or made.
public enum SegmentError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The bytes are not those that were written; `what` says which check failed.
  case corrupt(subject: String, what: String)
  /// The file is of another kind.
  case foreign(subject: String)
  /// Written by a newer version than this one reads.
  case tooNew(subject: String, version: UInt32)
  /// More than a segment can hold; `limit` is the bound.
  case tooLarge(what: String, limit: Int)
  /// Its file, or a scratch file for it, could not be written.
  case system(SystemError)

  public var description: String {
    switch self {
    case .corrupt(let subject, let what): "\(subject) is corrupt: \(what)"
    case .foreign(let subject): "\(subject) is not a segment's file"
    case .tooNew(let subject, let version): "\(subject) has format version \(version), newer than this program reads"
    case .tooLarge(let what, let limit): "\(what) would be over the limit of \(limit)"
    case .system(let error): error.description
    }
  }
}
