import Glibc

/// A file without a name for what is made before it is known where it goes, so that it takes no memory of the process; gone with the value.
public struct ScratchFile: ~Copyable, Sendable {
  private let descriptor: Int32
  private let folder: String
  /// The bytes appended.
  public private(set) var count = 0

  /// Makes one in `folder`. Throws `SystemError`.
  public init(in folder: String) throws(SystemError) {
    self.folder = folder
    let path = "\(folder)/scratch-\(hexadecimal(randomBytes(12)))"
    descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0, unlink(path) == 0 else { throw SystemError("make a scratch file in", folder) }
  }

  deinit { close(descriptor) }

  /// Adds all of `bytes` at the end. Throws `SystemError`.
  public mutating func append(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var rest = bytes
    while !rest.isEmpty {
      let written = pwrite(descriptor, rest.baseAddress, rest.count, off_t(count))
      if written < 0 {
        if errno == EINTR { continue }
        throw SystemError("write a scratch file in", folder)
      }
      count += written
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// Adds zeros, for which the file system gives room at once: writing to their mapping then cannot fail for want of it.
  public mutating func append(zeros more: Int) throws(SystemError) {
    if more == 0 { return }
    let code = posix_fallocate(descriptor, off_t(count), off_t(more))
    guard code == 0 else { throw SystemError("write a scratch file in", folder, code: code) }
    count += more
  }

  /// The bytes, mapped to be read and changed.
  public consuming func map() throws(SystemError) -> ScratchMapping {
    guard count > 0 else { return ScratchMapping(bytes: UnsafeMutableRawBufferPointer(start: nil, count: 0)) }
    guard let base = mmap(nil, count, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), base != MAP_FAILED else {
      throw SystemError("map a scratch file in", folder)
    }
    return ScratchMapping(bytes: UnsafeMutableRawBufferPointer(start: base, count: count))
  }
}

/// A scratch file's bytes, mapped as long as the value lives.
public struct ScratchMapping: ~Copyable {
  /// Valid while this value lives.
  public let bytes: UnsafeMutableRawBufferPointer

  deinit { if let base = bytes.baseAddress { munmap(base, bytes.count) } }
}
