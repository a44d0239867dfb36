import CZstd

/// Zstandard frames (RFC 8878) by the system's libzstd.
public enum Zstd {
  /// Bytes that are no frame, or one that claims more than was allowed.
  public struct Corrupt: Error, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// `bytes` as one frame that states its content size.
  public static func compress(_ bytes: [UInt8], level: Int32 = 3) -> [UInt8] {
    let bound = ZSTD_compressBound(bytes.count)
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      let written = bytes.withUnsafeBytes { ZSTD_compress(buffer.baseAddress, bound, $0.baseAddress, $0.count, level) }
      // The buffer has compressBound bytes, for which libzstd promises success.
      precondition(ZSTD_isError(written) == 0, "zstd cannot compress")
      count = written
    }
  }

  /// The contents of the frame `bytes`. Throws `Corrupt` when it is damaged or holds more than `limit` bytes.
  public static func decompress(_ bytes: UnsafeRawBufferPointer, limit: Int) throws(Corrupt) -> [UInt8] {
    let size = ZSTD_getFrameContentSize(bytes.baseAddress, bytes.count)
    guard size <= UInt64(limit) else { throw Corrupt(description: "zstd frame has no size, or one over \(limit) bytes") }
    var good = true
    let result = [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
      let written = ZSTD_decompress(buffer.baseAddress, Int(size), bytes.baseAddress, bytes.count)
      good = ZSTD_isError(written) == 0 && written == Int(size)
      count = good ? written : 0
    }
    if !good { throw Corrupt(description: "zstd frame is damaged") }
    return result
  }

  /// The contents of the frame `bytes`.
  public static func decompress(_ bytes: [UInt8], limit: Int) throws(Corrupt) -> [UInt8] {
    try bytes.span.bytes.withUnsafeBytes { buffer throws(Corrupt) in try decompress(buffer, limit: limit) }
  }
}
