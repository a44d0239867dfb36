import Glibc

/// An open file, closed when the value ends.
public struct File: ~Copyable, Sendable {
  /// How a file is opened.
  public enum Mode: Sendable {
    /// An existing file, read only.
    case read
    /// Created, which fails with `SystemError.exists` when it is there.
    case create
    /// As `create`, for nobody but this user to read.
    case createPrivate
    /// Created when missing, read and written.
    case readWrite
  }

  public let path: String
  private let descriptor: Int32

  /// Opens `path`. Throws `SystemError`.
  public init(_ path: String, _ mode: Mode) throws(SystemError) {
    let flags: Int32 =
      switch mode {
      case .read: O_RDONLY
      case .create, .createPrivate: O_RDWR | O_CREAT | O_EXCL
      case .readWrite: O_RDWR | O_CREAT
      }
    descriptor = open(path, flags | O_CLOEXEC, mode == .createPrivate ? 0o600 : 0o640)
    self.path = path
    if descriptor < 0 { throw SystemError("open", path) }
  }

  deinit { close(descriptor) }

  /// The file's length in bytes.
  public func size() throws(SystemError) -> UInt64 {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError("inspect", path) }
    return UInt64(status.st_size)
  }

  /// Writes all of `bytes` at `offset`. Throws `SystemError`; part of the bytes may have been written then.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      // `written < count`, so the base address is there and the range lies inside the buffer.
      let count = pwrite(descriptor, bytes.baseAddress! + written, bytes.count - written, off_t(offset) + off_t(written))
      if count < 0 {
        if errno == EINTR { continue }
        throw SystemError("write", path)
      }
      written += count
    }
  }

  /// Writes all of `bytes` at `offset`.
  public func write(_ bytes: [UInt8], at offset: UInt64) throws(SystemError) {
    try bytes.span.bytes.withUnsafeBytes { buffer throws(SystemError) in try write(buffer, at: offset) }
  }

  /// Reads up to `count` bytes at `offset`; fewer only at the end of the file.
  public func read(at offset: UInt64, count: Int) throws(SystemError) -> [UInt8] {
    var failure: SystemError?
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        // `filled < count` and the buffer has `count` bytes: the range lies inside it.
        let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset) + off_t(filled))
        if got < 0 {
          if errno == EINTR { continue }
          failure = SystemError("read", path)
          return
        }
        if got == 0 { return }
        filled += got
      }
    }
    if let failure { throw failure }
    return bytes
  }

  /// Waits until the contents and the length are on stable storage (`fdatasync`).
  public func sync() throws(SystemError) {
    guard fdatasync(descriptor) == 0 else { throw SystemError("sync", path) }
  }

  /// Cuts the file to `length` bytes.
  public func truncate(to length: UInt64) throws(SystemError) {
    guard ftruncate(descriptor, off_t(length)) == 0 else { throw SystemError("truncate", path) }
  }

  /// Takes the exclusive advisory lock that ends with this value; false when another process still holds it after `milliseconds`. Blocks meanwhile.
  ///
  /// A short wait is needed even when the owner has gone: a child process that is just being started shares its lock until it runs its own program.
  public func lock(within milliseconds: UInt64) -> Bool {
    let end = monotonicNow() + milliseconds * 1_000_000
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      if monotonicNow() >= end { return false }
      usleep(10_000)
    }
    return true
  }
}
