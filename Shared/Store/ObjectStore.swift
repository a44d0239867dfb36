import Platform

/// What went wrong in a store or the journal.
public enum StoreError: Error, Sendable, Hashable, CustomStringConvertible {
  /// No object has this name.
  case missing(String)
  /// The machine refused: a full disk, a lost permission.
  case system(SystemError)
  /// What is stored is not what was written. `what` says which check failed.
  case corrupt(subject: String, what: String)
  /// Written by a newer version than this one reads.
  case tooNew(subject: String, version: UInt32)
  /// A name that no object may have.
  case badName(String)
  /// Over a limit that is stated.
  case tooLarge(subject: String, bytes: Int, limit: Int)
  /// Another process owns the place, or has committed first.
  case fenced(String)
  /// The store is closed, or an earlier failure left it unable to promise anything until it is opened again.
  case closed(String)
  /// The store is behind a connection that failed.
  case unreachable(String)

  public var description: String {
    switch self {
    case .missing(let name): "there is no object \(name)"
    case .system(let error): error.description
    case .corrupt(let subject, let what): "\(subject) is corrupt: \(what)"
    case .tooNew(let subject, let version): "\(subject) has format version \(version), newer than this program reads"
    case .badName(let name): "\(name) is not an object name"
    case .tooLarge(let subject, let bytes, let limit): "\(subject) has \(bytes) bytes, over the limit of \(limit)"
    case .fenced(let what): what
    case .closed(let what): what
    case .unreachable(let what): what
    }
  }
}

/// An object's name and length.
public struct StoredObject: Sendable, Hashable {
  public let name: String
  /// Bytes.
  public let size: UInt64

  public init(name: String, size: UInt64) {
    self.name = name
    self.size = size
  }
}

/// Immutable objects by name. A name is one to eight parts of `[A-Za-z0-9._-]`, none starting with a dot, joined by `/`.
public protocol ObjectStore: Sendable {
  /// The bytes of `range` (all of them when nil) of an object. Throws `.missing`.
  func get(_ name: String, _ range: Range<UInt64>?) async throws(StoreError) -> [UInt8]
  /// An object's length in bytes. Throws `.missing`.
  func size(_ name: String) async throws(StoreError) -> UInt64
  /// Writes an object durably; false when one of that name is there, which stays as it is. Of several writers exactly one wins.
  func putIfAbsent(_ name: String, _ bytes: [UInt8]) async throws(StoreError) -> Bool
  /// Objects whose names start with `prefix`, by name, those after `after`, at most `limit`.
  func list(_ prefix: String, after: String, limit: Int) async throws(StoreError) -> [StoredObject]
  /// Removes an object; one that is not there is no error.
  func delete(_ name: String) async throws(StoreError)
}

/// The longest object name, bytes.
public let objectNameLimit = 200

/// Throws `.badName` unless `name` is an object name.
public func checkObjectName(_ name: String) throws(StoreError) {
  let parts = name.split(separator: "/", omittingEmptySubsequences: false)
  let allowed = parts.allSatisfy { part in
    guard let first = part.utf8.first, first != UInt8(ascii: ".") else { return false }
    return part.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
      case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
      default: false
      }
    }
  }
  guard allowed, parts.count <= 8, name.utf8.count <= objectNameLimit else { throw .badName(name) }
}

/// Runs file work, its `SystemError` as a `StoreError`.
func system<R: ~Copyable>(_ body: () throws(SystemError) -> R) throws(StoreError) -> R {
  do throws(SystemError) { return try body() } catch { throw .system(error) }
}
