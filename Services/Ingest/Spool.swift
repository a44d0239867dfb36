import Platform
import Store
import Wire

/// An original as it arrives: written to a temporary file of the object store and hashed on the way, so that memory stays small.
struct Spool: ~Copyable {
  /// The longest original that is taken, bytes.
  static let limit = 256 << 20

  let path: String
  private let file: File
  private var digest = SHA256()
  private(set) var size: UInt64 = 0

  init(_ path: String) throws(CallError) {
    self.path = path
    do throws(SystemError) { file = try File(path, .create) } catch { throw CallError(storing: .system(error)) }
  }

  /// Adds a chunk. Throws `tooLarge` past the limit.
  mutating func append(_ chunk: ArraySlice<UInt8>) throws(CallError) {
    try Self.check(size + UInt64(chunk.count))
    let bytes = Array(chunk)
    digest.update(bytes)
    do throws(SystemError) { try file.write(bytes, at: size) } catch { throw CallError(storing: .system(error)) }
    size += UInt64(chunk.count)
  }

  static func check(_ size: UInt64) throws(CallError) {
    guard size <= UInt64(limit) else {
      throw CallError(.tooLarge, "an original may have at most \(limit) bytes; split the file or send its text", processed: .no)
    }
  }

  /// Waits until the bytes are on stable storage; returns their SHA-256.
  consuming func finish() throws(CallError) -> [UInt8] {
    do throws(SystemError) { try file.sync() } catch { throw CallError(storing: .system(error)) }
    return digest.finish()
  }
}
