import Platform

/// The programs that read what is no plain text, absolute paths. Debian's packages bring them; each runs confined, see `ChildProcess`.
public struct HelperPrograms: Sendable {
  public var pdftotext = "/usr/bin/pdftotext"
  public var pdfimages = "/usr/bin/pdfimages"
  public var pdftoppm = "/usr/bin/pdftoppm"
  public var tesseract = "/usr/bin/tesseract"
  public var antiword = "/usr/bin/antiword"
  public var bsdtar = "/usr/bin/bsdtar"
  public var iconv = "/usr/bin/iconv"

  public init() {}
}

/// A program that reads one kind of file.
struct Helper: Sendable {
  let program: String
  /// Debian's package that brings it.
  let package: String
  /// What it reads, for messages: "PDF".
  let kind: String
  var limits: ChildLimits

  /// Runs it to its end. The result's ending is `exited`: a file that makes it pass a limit or crash is an error. Its own messages may quote the
  /// file and are not passed on. Throws `ReadingError`.
  func run(
    _ arguments: [String], in directory: String, reading: [String] = [], environment: [String] = []
  ) async throws(ReadingError) -> (status: Int32, result: ChildResult) {
    guard Directory.exists(program) else { throw .helperMissing(program: program, package: package) }
    let result: ChildResult
    do throws(SystemError) {
      result = try await ChildProcess.run(
        program, arguments, in: directory, reading: reading, environment: ["LC_ALL=C.UTF-8"] + environment, limits: limits)
    } catch { throw .unreadable(error) }
    let code: Int32
    switch result.ending {
    case .exited(0): return (0, result)
    case .timeLimit: throw .timeLimit(seconds: Int(limits.time.components.seconds))
    case .outputLimit: throw .tooLarge(.helperOutput, allowed: limits.output)
    case .cancelled: throw .cancelled
    case .signalled(let signal): code = 128 + signal
    case .exited(let status): code = status
    }
    let memory = ["Out of memory", "bad_alloc", "annot allocate", "MemoryError", "failed to map", "memory exhausted", "out of memory"]
    if memory.contains(where: { Self.mentions(result.errorOutput, $0) }) { throw .memoryLimit(bytes: limits.addressSpace) }
    // A shell reports a child killed by signal n as 128 + n. 24 is SIGXCPU, 25 SIGXFSZ, 9 SIGKILL.
    if code == 128 + 24 { throw .timeLimit(seconds: limits.processorSeconds) }
    if code == 128 + 25 { throw .tooLarge(.helperFile, allowed: limits.fileSize) }
    if code == 128 + 9 { throw .helperFailed("the system killed it, as it does when memory runs out") }
    if code > 128 { throw .damaged(kind, "the program that reads it was stopped by signal \(code - 128)") }
    return (code, result)
  }

  static func mentions(_ output: [UInt8], _ words: String) -> Bool { String(decoding: output, as: UTF8.self).contains(words) }
}

/// A private directory in which a helper works, and the original where the helper finds it.
struct Workplace: ~Copyable {
  private let home: PrivateDirectory
  let original: String
  var directory: String { home.path }

  /// Writes an original that is in memory to a file. Throws `unreadable`.
  init(_ source: Original.Source, in parent: String) throws(ReadingError) {
    let home = try Self.home(in: parent)
    original = try Self.place(source, in: home.path)
    self.home = home
  }

  private static func home(in parent: String) throws(ReadingError) -> PrivateDirectory {
    do throws(SystemError) { return try PrivateDirectory(in: parent) } catch { throw .unreadable(error) }
  }

  private static func place(_ source: Original.Source, in directory: String) throws(ReadingError) -> String {
    switch source {
    case .file(let path):
      // The helper runs in a directory of its own, where a relative path means another file. 22 is EINVAL.
      guard path.hasPrefix("/") else { throw .unreadable(SystemError("find the absolute path of", path, code: 22)) }
      return path
    case .bytes(let bytes):
      let path = "\(directory)/original"
      do throws(SystemError) {
        let file = try File(path, .create)
        try file.write(bytes, at: 0)
      } catch { throw .unreadable(error) }
      return path
    }
  }
}
