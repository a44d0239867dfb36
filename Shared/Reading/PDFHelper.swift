import Platform
import Synchronization

/// Extracts a PDF's text with poppler's pdftotext in a bounded child process.
///
/// It runs twice: `-layout` keeps the columns and indentation that the form is read from, but tears words where justified text has wide gaps;
/// `-raw` keeps words whole but loses the columns. The words of the second mend those of the first.
final class PDFHelper: Sendable {
  struct Printed: Sendable {
    var text: [UInt8]
    var hasErrors: Bool
  }

  private let configuration: ReaderConfiguration
  private let sandboxed = Mutex(false)

  init(_ configuration: ReaderConfiguration) { self.configuration = configuration }

  /// Bytes at the end among which a whole PDF has its `%%EOF`; generous to files with bytes appended.
  private static let endWindow = 4096

  static func hasEndMarker(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let end = bytes.suffix(endWindow)
    let mark = Array("%%EOF".utf8)
    return end.indices.contains { end[$0] == mark[0] && end[$0...].starts(with: mark) }
  }

  func prepare() async -> String {
    guard configuration.useBubblewrap else { return "limits only: bubblewrap is switched off" }
    guard Directory.exists(configuration.bubblewrap) else { return "limits only: \(configuration.bubblewrap) is not installed" }
    let works = await wrapperWorks()
    sandboxed.withLock { $0 = works }
    return works ? "bubblewrap and limits" : "limits only: bubblewrap cannot make namespaces here"
  }

  private func wrapperWorks() async -> Bool {
    guard let directory = try? PrivateDirectory(in: configuration.temporaryDirectory) else { return false }
    let arguments = wrapping + ["--", "/usr/bin/env", "true"]
    let result = try? await ChildProcess.run(configuration.bubblewrap, arguments, in: directory.path, limits: configuration.helperLimits)
    return result?.ending == .exited(0)
  }

  /// No network, no other processes, nothing of the file system but programs and their data, read-only.
  private var wrapping: [String] {
    var arguments = ["--unshare-all", "--die-with-parent", "--ro-bind", "/usr", "/usr"]
    for path in ["/bin", "/lib", "/lib64", "/etc/fonts"] { arguments += ["--ro-bind-try", path, path] }
    return arguments + ["--dev", "/dev", "--tmpfs", "/tmp", "--chdir", "/tmp"]
  }

  func text(of source: Original.Source) async throws(ReadingError) -> Printed {
    guard Directory.exists(configuration.helper) else { throw .helperMissing(configuration.helper) }
    guard Directory.exists(ChildProcess.limiter) else { throw .helperMissing(ChildProcess.limiter) }
    let directory = try privateDirectory()
    let path = try place(source, in: directory.path)
    let layout = try await run("-layout", path, directory.path)
    let raw = try await run("-raw", path, directory.path)
    let text = WordMending.mended(layout.output, by: raw.output)
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: text.span)
    } catch { throw .helperFailed("it printed text that is not UTF-8") }
    return Printed(text: text, hasErrors: Self.mentions(layout.errorOutput, "Syntax Error"))
  }

  private func privateDirectory() throws(ReadingError) -> PrivateDirectory {
    do throws(SystemError) { return try PrivateDirectory(in: configuration.temporaryDirectory) } catch { throw .unreadable(error) }
  }

  /// A path at which the helper finds the original.
  private func place(_ source: Original.Source, in directory: String) throws(ReadingError) -> String {
    switch source {
    case .file(let path):
      // The helper runs in a directory of its own, where a relative path means another file. 22 is EINVAL.
      guard path.hasPrefix("/") else { throw .unreadable(SystemError("find the absolute path of", path, code: 22)) }
      return path
    case .bytes(let bytes):
      let path = "\(directory)/original.pdf"
      do throws(SystemError) {
        let file = try File(path, .create)
        try file.write(bytes, at: 0)
      } catch { throw .unreadable(error) }
      return path
    }
  }

  private func run(_ mode: String, _ path: String, _ directory: String) async throws(ReadingError) -> ChildResult {
    let wrapped = sandboxed.withLock { $0 }
    let inside = wrapped ? "/tmp/original.pdf" : path
    let arguments = [mode, "-enc", "UTF-8", inside, "-"]
    let result: ChildResult
    do throws(SystemError) {
      if wrapped {
        let binds = ["--ro-bind", path, inside, "--ro-bind", configuration.helper, configuration.helper, "--", configuration.helper]
        result = try await ChildProcess.run(
          configuration.bubblewrap, wrapping + binds + arguments, in: directory, limits: configuration.helperLimits)
      } else {
        result = try await ChildProcess.run(configuration.helper, arguments, in: directory, limits: configuration.helperLimits)
      }
    } catch { throw .unreadable(error) }
    try check(result)
    return result
  }

  /// Turns the ways in which the helper can end into errors. Its own messages may quote the file and are not passed on.
  private func check(_ result: ChildResult) throws(ReadingError) {
    let limits = configuration.helperLimits
    let code: Int32
    switch result.ending {
    case .exited(0): return
    case .timeLimit: throw .timeLimit(seconds: Int(limits.time.components.seconds))
    case .outputLimit: throw .tooLarge(.helperOutput, allowed: limits.output)
    case .cancelled: throw .cancelled
    // A shell and bubblewrap report a child killed by signal n as 128 + n.
    case .signalled(let signal): code = 128 + signal
    case .exited(let status): code = status
    }
    if result.errorOutput.starts(with: "bwrap:".utf8) { throw .helperFailed("its sandbox could not be set up") }
    let memory = ["Out of memory", "bad_alloc", "annot allocate", "MemoryError", "failed to map", "memory exhausted"]
    if memory.contains(where: { Self.mentions(result.errorOutput, $0) }) { throw .memoryLimit(bytes: limits.addressSpace) }
    if code == 128 + 24 { throw .timeLimit(seconds: limits.processorSeconds) }
    if code == 128 + 25 { throw .helperFailed("it wrote a file larger than \(limits.fileSize) bytes") }
    if code == 128 + 9 { throw .helperFailed("the system killed it, as it does when memory runs out") }
    // pdftotext(1): 1 the file cannot be opened, 3 its permissions forbid it.
    if code == 3 || Self.mentions(result.errorOutput, "Incorrect password") || Self.mentions(result.errorOutput, "ncrypt") {
      throw .encryptedPDF
    }
    if code == 1 { throw .damagedPDF("its structure cannot be read, as when a file is cut short") }
    if code > 128 { throw .damagedPDF("the program that reads it was stopped by signal \(code - 128)") }
    throw .helperFailed("status \(code)")
  }

  private static func mentions(_ output: [UInt8], _ words: String) -> Bool { String(decoding: output, as: UTF8.self).contains(words) }
}
