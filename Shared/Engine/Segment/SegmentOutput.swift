import Platform

/// Where a segment's file goes, from its beginning to its end: to a path, or for a small one to memory.
struct SegmentOutput: ~Copyable {
  private let file: File?
  private(set) var memory: [UInt8] = []
  private(set) var count = 0

  /// Where scratch files are made for it.
  let folder: String?

  init() {
    file = nil
    folder = nil
  }

  /// A new file at `path`; scratch files are made beside it.
  init(_ path: String) throws(SegmentError) {
    folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    do throws(SystemError) { file = try File(path, .create) } catch { throw .system(error) }
  }

  mutating func append(_ bytes: UnsafeRawBufferPointer) throws(SegmentError) {
    if folder != nil {
      do throws(SystemError) { try file?.write(bytes, at: UInt64(count)) } catch { throw .system(error) }
    } else {
      memory.append(contentsOf: bytes)
    }
    count += bytes.count
  }

  mutating func append(_ bytes: [UInt8]) throws(SegmentError) {
    try bytes.span.bytes.withUnsafeBytes { bytes throws(SegmentError) in try append(bytes) }
  }
}
