import Platform

/// Writes all of `text` to standard error in one call, so that lines of several threads do not mix.
///
/// What cannot be written is lost: there is nowhere left to say so.
public func writeToStandardError(_ text: String) { try? writeAll(Array(text.utf8), to: 2) }

/// Writes all of `bytes` to standard output. Throws the system's error, for example when the reader of a pipe has gone.
public func writeToStandardOutput(_ bytes: some Sequence<UInt8>) throws(SystemError) { try writeAll(Array(bytes), to: 1) }
