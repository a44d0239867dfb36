import Glibc

/// A whole file mapped read-only. The mapping lives as long as this object.
///
/// The file must not be shortened while it is mapped: objects are immutable once written and are only ever unlinked.
// Sound: the mapping is read-only and all properties are constants, so any number of threads may read it.
public final class MappedFile: @unchecked Sendable {
  public let path: String
  /// The file's bytes; valid while this object lives.
  public let bytes: UnsafeRawBufferPointer

  /// Maps the file at `path`. Throws `SystemError`.
  public init(_ path: String) throws(SystemError) {
    self.path = path
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError("open", path) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw SystemError("inspect", path) }
    let count = Int(status.st_size)
    if count == 0 {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let base = mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0), base != MAP_FAILED else { throw SystemError("map", path) }
    bytes = UnsafeRawBufferPointer(start: base, count: count)
  }

  deinit {
    if let base = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: base), bytes.count) }
  }

  /// Runs `body` on the file's bytes, keeping the mapping alive meanwhile.
  public func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }
}
