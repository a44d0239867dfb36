import Documents
import Foundation
import Platform
import Reading
import Testing

/// A PDF of one empty page; `encrypt` adds a standard security handler whose password is not empty.
private func pdf(encrypt: Bool) -> [UInt8] {
  var objects = [
    "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>",
  ]
  let key = String(repeating: "5A", count: 32)
  if encrypt { objects.append("<< /Filter /Standard /V 1 /R 2 /O <\(key)> /U <\(key)> /P -4 >>") }
  var text = "%PDF-1.4\n"
  var offsets: [Int] = []
  for (index, object) in objects.enumerated() {
    offsets.append(text.utf8.count)
    text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
  }
  let table = text.utf8.count
  text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
  for offset in offsets { text += String(repeating: "0", count: 10 - String(offset).count) + "\(offset) 00000 n \n" }
  let id = "[<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]"
  text += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R /ID \(id)\(encrypt ? " /Encrypt 4 0 R" : "") >>\nstartxref\n\(table)\n%%EOF\n"
  return Array(text.utf8)
}

@Suite("The PDF helper and its bounds")
struct HelperTests {
  @Test("an encrypted PDF is refused as one; the same without encryption is read, and has no text")
  func encrypted() async throws {
    #expect(await TestData.failure(pdf(encrypt: true)) == .encryptedPDF)
    let result = try await Reader().read(Original(.bytes(pdf(encrypt: false)), fileName: "blank.pdf"))
    #expect(result.document.paragraphs.isEmpty && result.notes.contains { $0.field == "text" })
  }

  @Test("a PDF cut short anywhere is refused as damaged")
  func truncated() async throws {
    let whole = try #require(FileManager.default.contents(atPath: TestData.path(sample: "A_80_L.38.pdf")))
    for share in [1, 30, 60, 95] {
      guard case .damagedPDF = await TestData.failure(Array(whole.prefix(whole.count * share / 100))) else {
        Issue.record("\(share) in 100 of the file was not refused as damaged")
        continue
      }
    }
    guard case .damagedPDF = await TestData.failure(Array("%PDF-1.7\nnothing that follows\n%%EOF\n".utf8)) else {
      Issue.record("a file with a PDF's first and last line only was not refused as damaged")
      return
    }
    guard case .damagedPDF = await TestData.failure(Array("no PDF at all".utf8), mediaType: "application/pdf") else {
      Issue.record("text submitted as PDF was not refused as damaged")
      return
    }
  }

  @Test("bytes and file give the same document, with and without the sandbox")
  func sources() async throws {
    let path = TestData.path(sample: "A_80_L.42.pdf")
    let bytes = Array(try #require(FileManager.default.contents(atPath: path)))
    let sandboxed = Reader()
    print("the helper is protected by: \(await sandboxed.prepare())")
    let first = try await sandboxed.read(Original(.file(path), fileName: "a.pdf"))
    let second = try await Reader().read(Original(.bytes(bytes), fileName: "a.pdf"))
    #expect(first.document == second.document)
  }

  /// A reader whose helper is a shell script, in the sandbox where there is one.
  private func reader(_ script: String, in directory: borrowing PrivateDirectory, _ limits: ChildLimits) async throws -> Reader {
    let path = "\(directory.path)/helper"
    try "#!/bin/sh\n\(script)\n".write(toFile: path, atomically: false, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    var configuration = ReaderConfiguration()
    configuration.helper = path
    configuration.helperLimits = limits
    let reader = Reader(configuration)
    await reader.prepare()
    return reader
  }

  private static let short = ChildLimits(time: .milliseconds(300), processorSeconds: 5)

  @Test("a helper that hangs is stopped at the time limit, with all its children", .timeLimit(.minutes(2)))
  func hangs() async throws {
    let directory = try PrivateDirectory(in: "/tmp")
    let reader = try await reader("sleep 1000 & sleep 1000", in: directory, Self.short)
    #expect(await TestData.failure(pdf(encrypt: false), with: reader) == .timeLimit(seconds: 0))
  }

  @Test("a helper that closes its output and stays is stopped at the time limit")
  func staysSilently() async throws {
    let directory = try PrivateDirectory(in: "/tmp")
    let reader = try await reader("exec >&- 2>&-\nsleep 1000", in: directory, Self.short)
    #expect(await TestData.failure(pdf(encrypt: false), with: reader) == .timeLimit(seconds: 0))
  }

  @Test("a helper that spins is stopped at the limit of processor time")
  func spins() async throws {
    let directory = try PrivateDirectory(in: "/tmp")
    let reader = try await reader("while :; do :; done", in: directory, ChildLimits(time: .seconds(30), processorSeconds: 1))
    #expect(await TestData.failure(pdf(encrypt: false), with: reader) == .timeLimit(seconds: 1))
  }

  @Test("a helper that swells is stopped at the memory limit")
  func swells() async throws {
    let directory = try PrivateDirectory(in: "/tmp")
    let limits = ChildLimits(time: .seconds(30), processorSeconds: 20, addressSpace: 128 << 20)
    let reader = try await reader("head -c 1G /dev/zero | tail", in: directory, limits)
    let script = await TestData.failure(pdf(encrypt: false), with: reader)
    #expect(script == .memoryLimit(bytes: 128 << 20), "\(String(describing: script))")
  }

  @Test("a helper that prints without end is stopped at the output limit")
  func floods() async throws {
    let directory = try PrivateDirectory(in: "/tmp")
    let reader = try await reader("exec yes", in: directory, ChildLimits(time: .seconds(30), output: 1 << 20))
    #expect(await TestData.failure(pdf(encrypt: false), with: reader) == .tooLarge(.helperOutput, allowed: 1 << 20))
  }

  @Test("a flood on standard error is read away and kept short")
  func floodsErrors() async throws {
    let result = try await ChildProcess.run("/bin/sh", ["-c", "head -c 5000000 /dev/zero >&2; exit 7"], in: "/tmp", limits: ChildLimits())
    #expect(result.ending == .exited(7) && result.errorOutput.count == ChildProcess.errorOutputLimit && result.output.isEmpty)
  }

  @Test("a missing helper is the machine's fault, not the file's")
  func helperMissing() async {
    var configuration = ReaderConfiguration()
    configuration.helper = "/nowhere/pdftotext"
    let failure = await TestData.failure(pdf(encrypt: false), with: Reader(configuration))
    #expect(failure == .helperMissing("/nowhere/pdftotext") && failure?.isHelperFault == true && failure?.isRetryable == true)
  }

  @Test("a helper that prints what is no UTF-8 has failed")
  func noUTF8() async throws {
    let directory = try PrivateDirectory(in: "/tmp")
    let reader = try await reader("printf '\\377\\377'", in: directory, ChildLimits())
    guard case .helperFailed = await TestData.failure(pdf(encrypt: false), with: reader) else {
      Issue.record("output that is no UTF-8 was taken")
      return
    }
  }

  @Test("cancelling the task kills the child")
  func cancelled() async throws {
    let ending = await withTaskGroup(of: ChildResult.Ending?.self) { group in
      group.addTask { (try? await ChildProcess.run("/bin/sleep", ["1000"], in: "/tmp", limits: ChildLimits(time: .seconds(60))))?.ending }
      group.cancelAll()
      return await group.next() ?? nil
    }
    #expect(ending == .cancelled)
  }

  @Test("a child has an empty environment, no input, no descriptors of ours, a group of its own, and its limits")
  func surroundings() async throws {
    let script = "env | grep -v '^PWD=\\|^SHLVL=\\|^_=\\|^OLDPWD='; cat; ls /proc/self/fd | tr '\\n' ' '; ulimit -v; ulimit -t; pwd"
    let directory = try PrivateDirectory(in: "/tmp")
    let limits = ChildLimits(processorSeconds: 17, addressSpace: 512 << 20)
    let result = try await ChildProcess.run("/bin/sh", ["-c", script], in: directory.path, limits: limits)
    // 3 is the directory that ls itself reads.
    #expect(String(decoding: result.output, as: UTF8.self) == "0 1 2 3 \(512 << 10)\n17\n\(directory.path)\n")
    #expect(result.ending == .exited(0))
  }

  @Test("many children at once all end")
  func many() async throws {
    let endings = await withTaskGroup(of: ChildResult.Ending?.self) { group in
      for status in 0..<24 {
        group.addTask { (try? await ChildProcess.run("/bin/sh", ["-c", "exit \(status)"], in: "/tmp", limits: ChildLimits()))?.ending }
      }
      return await group.reduce(into: Set<ChildResult.Ending?>()) { $0.insert($1) }
    }
    #expect(endings == Set((0..<24).map { .exited($0) }))
  }

  @Test("a private directory and all in it are gone when its value ends")
  func privateDirectory() throws {
    var path = ""
    do {
      let directory = try PrivateDirectory(in: "/tmp")
      path = directory.path
      try FileManager.default.createDirectory(atPath: "\(path)/inner", withIntermediateDirectories: false)
      try "text".write(toFile: "\(path)/inner/file", atomically: false, encoding: .utf8)
    }
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
