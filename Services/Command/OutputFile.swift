import Platform
import Synchronization

/// A file that is written from its beginning, with the SHA-256 of what was written.
final class OutputFile: Sendable {
  private struct State: ~Copyable {
    let file: File
    var digest = SHA256()
    var offset: UInt64 = 0
  }
  private let state: Mutex<State?>

  /// Makes the file, or empties the one that is there.
  init(_ path: String) throws(SystemError) {
    let file = try File(path, .readWrite)
    try file.truncate(to: 0)
    state = Mutex(State(file: file))
  }

  func append(_ chunk: ArraySlice<UInt8>) throws {
    try state.withLock { state in
      guard state != nil else { return }
      try chunk.withUnsafeBytes { bytes in
        if let offset = state?.offset { try state?.file.write(bytes, at: offset) }
        state?.digest.update(bytes)
        state?.offset += UInt64(bytes.count)
      }
    }
  }

  /// Puts the file on stable storage and gives its SHA-256. Nothing can be appended any more.
  func finish() throws -> [UInt8] {
    try state.withLock { state in
      guard let last = state.take() else { return [] }
      try last.file.sync()
      return last.digest.finish()
    }
  }
}
