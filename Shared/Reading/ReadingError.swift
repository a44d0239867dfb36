import Platform

/// Why a file could not be read into a document. Descriptions hold no text of the file.
public enum ReadingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Which limit was passed by the file or by what it unpacks to.
  public enum Limit: String, Sendable, Hashable {
    case textBytes = "bytes of text"
    case fileBytes = "bytes"
    case paragraphs
    case helperOutput = "bytes when it is unpacked"
    case helperFile = "bytes in one of its pages"
    case members = "files"
    case depth = "archives inside each other"
    case ratio = "times its own size when it is unpacked"
  }

  case empty
  case tooLarge(Limit, allowed: Int)
  /// A type that is not read; what its first bytes look like.
  case unsupportedType(String)
  /// Control bytes that no text has.
  case binary(offset: Int)
  case invalidUTF8(offset: Int)
  case invalidUTF16(offset: Int)
  /// A text says it is in a set of characters that is not known.
  case unknownCharset
  /// Protected by a password; which kind of file.
  case encrypted(String)
  /// Which kind of file, and what is wrong with it.
  case damaged(String, String)
  case timeLimit(seconds: Int)
  case memoryLimit(bytes: Int)
  case helperMissing(program: String, package: String)
  case helperFailed(String)
  case unreadable(SystemError)
  case cancelled

  public var description: String {
    switch self {
    case .empty: "the file is empty"
    case .tooLarge(let limit, let allowed): "the file holds more than \(allowed) \(limit.rawValue)"
    case .unsupportedType(let type):
      "the file is \(type); plain text (UTF-8, or UTF-16 with a byte order mark), PDF, Word, OpenDocument text, RTF, HTML, e-mail, ZIP and pictures of pages are read"
    case .binary(let offset): "the file is not text: a control byte at offset \(offset)"
    case .invalidUTF8(let offset): "the file is not UTF-8 text: invalid bytes at offset \(offset)"
    case .invalidUTF16(let offset): "the file is not UTF-16 text: invalid bytes at offset \(offset)"
    case .unknownCharset: "the file is in a set of characters that is not known; submit it as UTF-8"
    case .encrypted(let kind): "the \(kind) file is encrypted; submit a copy without a password"
    case .damaged(let kind, let reason): "the \(kind) file is damaged: \(reason)"
    case .timeLimit(let seconds): "reading the file took longer than \(seconds) s and was stopped"
    case .memoryLimit(let bytes): "reading the file needed more than \(bytes) bytes of memory and was stopped"
    case .helperMissing(let program, let package):
      "the program that reads such files is not installed: \(program) (package \(package)); install it and submit again"
    case .helperFailed(let reason): "the program that reads such files failed: \(reason)"
    case .unreadable(let error): "\(error)"
    case .cancelled: "reading was cancelled"
    }
  }

  /// Whether the same file may be read later without being changed.
  public var isRetryable: Bool {
    switch self {
    case .helperMissing, .helperFailed, .unreadable, .cancelled: true
    default: false
    }
  }

  /// Whether a size limit was passed.
  public var isTooLarge: Bool { if case .tooLarge = self { true } else { false } }

  /// Whether the machine, not the file, is at fault.
  public var isHelperFault: Bool {
    switch self {
    case .helperMissing, .helperFailed, .unreadable: true
    default: false
    }
  }
}

/// A field that could not be read, or was read only in part, and why.
public struct ReadingNote: Sendable, Hashable, CustomStringConvertible {
  public var field: String
  public var reason: String

  public init(_ field: String, _ reason: String) {
    self.field = field
    self.reason = reason
  }

  public var description: String { "\(field): \(reason)" }
}
