import Operations
import Platform

/// The lines of a file or of standard input.
final class LineReader {
  /// Longest line, bytes.
  static let maximumLineBytes = 64 << 20
  static let chunkBytes = 1 << 18

  struct Line: Sendable {
    /// File and number.
    let name: String
    /// Bytes that it takes up in the file, its line feed among them.
    let length: UInt64
    /// nil when it is too long.
    fileprivate let content: [UInt8]?

    /// Throws `Unusable` when it is too long.
    func bytes() throws(Unusable) -> [UInt8] {
      guard let content else { throw Unusable(description: "the line is longer than \(maximumLineBytes) bytes") }
      return content
    }
  }

  private let path: String
  private let input: Input
  private var buffer: [UInt8] = []
  /// Where the first line that was not given yet begins, and how far a line feed was looked for.
  private var start = 0
  private var searched = 0
  private var number = 0
  private var ended = false

  private final class Input: Sendable {
    let file: File?

    init(_ path: String) throws(SystemError) { file = path == "-" ? nil : try File(path, .read) }

    func read(at offset: UInt64) throws -> [UInt8] {
      if file == nil { return try readStandardInput(LineReader.chunkBytes) }
      return try file?.read(at: offset, count: LineReader.chunkBytes) ?? []
    }
  }

  private var offset: UInt64 = 0

  /// Throws `SystemError` when `path` cannot be opened; - is standard input.
  init(_ path: String) throws(SystemError) {
    self.path = path
    input = try Input(path)
  }

  /// The next line that is not blank; nil at the end.
  func next() async throws -> Line? {
    while true {
      if let feed = buffer[searched...].firstIndex(of: 0x0a) {
        if let line = take(to: feed, after: feed + 1) { return line }
        continue
      }
      searched = buffer.count
      if ended { return start < buffer.count ? take(to: buffer.count, after: buffer.count) : nil }
      if buffer.count - start > Self.maximumLineBytes { return try await skip() }
      try await fill()
    }
  }

  private func fill() async throws {
    buffer.removeSubrange(..<start)
    searched -= start
    start = 0
    let chunk = try await read()
    ended = chunk.isEmpty
    buffer += chunk
  }

  private func read() async throws -> [UInt8] {
    let chunk: [UInt8] = try await offload { [input, offset] () throws(any Error) in try input.read(at: offset) }
    offset += UInt64(chunk.count)
    return chunk
  }

  /// The line up to `end`; nil when it is blank.
  private func take(to end: Int, after: Int) -> Line? {
    number += 1
    let content = Array(buffer[start..<end])
    let length = UInt64(after - start)
    start = after
    searched = after
    if content.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) { return nil }
    return Line(name: "\(path == "-" ? "standard input" : path):\(number)", length: length, content: content)
  }

  /// Passes over the rest of a line that is too long.
  private func skip() async throws -> Line {
    number += 1
    var length = UInt64(buffer.count - start)
    buffer.removeAll()
    start = 0
    searched = 0
    while true {
      let chunk = try await read()
      if chunk.isEmpty {
        ended = true
        break
      }
      if let feed = chunk.firstIndex(of: 0x0a) {
        length += UInt64(feed + 1)
        buffer = Array(chunk[(feed + 1)...])
        break
      }
      length += UInt64(chunk.count)
    }
    return Line(name: "\(path == "-" ? "standard input" : path):\(number)", length: length, content: nil)
  }
}
