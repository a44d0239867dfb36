import Platform

/// Why a file could not be read into a document. Descriptions hold no text of the file.
public enum ReadingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Which limit was passed by the file or by what it unpacks to.
  public enum Limit: String, Sendable, Hashable {
    case textBytes = "bytes of text"
    case pdfBytes = "bytes of a PDF"
    case paragraphs
    case helperOutput = "bytes of text from the PDF"
  }

  case empty
  case tooLarge(Limit, allowed: Int)
  /// Neither text nor PDF; what its first bytes look like.
  case unsupportedType(String)
  /// Control bytes that no text has.
  case binary(offset: Int)
  case invalidUTF8(offset: Int)
  case invalidUTF16(offset: Int)
  case encryptedPDF
  case damagedPDF(String)
  case timeLimit(seconds: Int)
  case memoryLimit(bytes: Int)
  case helperMissing(String)
  case helperFailed(String)
  case unreadable(SystemError)
  case cancelled

  public var description: String {
    switch self {
    case .empty: "the file is empty"
    case .tooLarge(let limit, let allowed): "the file holds more than \(allowed) \(limit.rawValue)"
    case .unsupportedType(let type): "the file is \(type); plain text (UTF-8, or UTF-16 with a byte order mark) and PDF are read"
    case .binary(let offset): "the file is not text: a control byte at offset \(offset)"
    case .invalidUTF8(let offset): "the file is not UTF-8 text: invalid bytes at offset \(offset)"
    case .invalidUTF16(let offset): "the file is not UTF-16 text: invalid bytes at offset \(offset)"
    case .encryptedPDF: "the PDF is encrypted; submit a copy without a password"
    case .damagedPDF(let reason): "the PDF is damaged: \(reason)"
    case .timeLimit(let seconds): "reading the PDF took longer than \(seconds) s and was stopped"
    case .memoryLimit(let bytes): "reading the PDF needed more than \(bytes) bytes of memory and was stopped"
    case .helperMissing(let path):
      "the program that reads PDF is not installed: \(path) (package poppler-utils); install it and submit again"
    case .helperFailed(let reason): "the program that reads PDF failed: \(reason)"
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
