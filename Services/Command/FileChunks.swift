import ChanceryClient
import Platform
import Wire

extension ChanceryClient {
  /// Registers the file at `path` without holding more of it in memory than a chunk.
  ///
  /// It is read twice: its SHA-256 goes ahead, so that the service can tell a duplicate before the bytes come and notices a file that changes
  /// meanwhile. Throws `CallError`: `notFound` when it is not there, `invalid` when it cannot be read.
  func submit(file path: String, symbol: String, metadata: [String: String], distribution: String) async throws(CallError) -> SubmitReply {
    let file = try OpenFile(path)
    var digest = SHA256()
    var size: UInt64 = 0
    var chunks = file.chunks.makeAsyncIterator()
    while let chunk = try await chunks.next(isolation: nil) {
      digest.update(chunk)
      size += UInt64(chunk.count)
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let request = SubmitRequest(
      fileName: name, mediaType: "", size: size, symbol: symbol, metadata: metadata, sha256: digest.finish(), distribution: distribution)
    return try await submit(request, chunks: file.chunks)
  }
}

/// A file that is read from its beginning, as often as wanted.
final class OpenFile: Sendable {
  /// Bytes in a chunk, at most.
  static let chunkBytes = 256 << 10

  private let file: File

  init(_ path: String) throws(CallError) {
    do throws(SystemError) { file = try File(path, .read) } catch {
      throw CallError(error.isMissing ? .notFound : .invalid, error.description, processed: .no)
    }
  }

  /// The file's bytes in order.
  var chunks: Chunks { Chunks(file: self) }

  fileprivate func read(at offset: UInt64) throws(SystemError) -> [UInt8] { try file.read(at: offset, count: Self.chunkBytes) }

  struct Chunks: AsyncSequence, Sendable {
    fileprivate let file: OpenFile

    struct AsyncIterator: AsyncIteratorProtocol {
      fileprivate let file: OpenFile
      fileprivate var offset: UInt64 = 0

      mutating func next() async throws(CallError) -> [UInt8]? { try await next(isolation: nil) }

      mutating func next(isolation actor: isolated (any Actor)?) async throws(CallError) -> [UInt8]? {
        let chunk: [UInt8]
        do throws(SystemError) {
          chunk = try await offload { [file, offset] () throws(SystemError) in try file.read(at: offset) }
        } catch {
          throw CallError(.invalid, error.description, processed: .no)
        }
        offset += UInt64(chunk.count)
        return chunk.isEmpty ? nil : chunk
      }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(file: file) }
  }
}
