import SystemPackage

/// Writes all of `text` to standard error in one call, so that lines of several threads do not mix.
///
/// What cannot be written is lost: there is nowhere left to say so.
public func writeToStandardError(_ text: String) { _ = try? FileDescriptor.standardError.writeAll(text.utf8) }

/// Writes all of `bytes` to standard output. Throws the system's error, for example when the reader of a pipe has gone.
public func writeToStandardOutput(_ bytes: some Sequence<UInt8>) throws { _ = try FileDescriptor.standardOutput.writeAll(bytes) }

/// Reads up to `count` bytes from standard input, waiting for at least one; none at its end. Throws the system's error.
public func readStandardInput(_ count: Int) throws -> [UInt8] {
  try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
    filled = try FileDescriptor.standardInput.read(into: UnsafeMutableRawBufferPointer(buffer))
  }
}
