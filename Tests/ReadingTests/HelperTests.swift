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
    #expect(await TestData.failure(pdf(encrypt: true)) == .encrypted("PDF"))
    let result = try await Reader().read(Original(.bytes(pdf(encrypt: false)), fileName: "blank.pdf"))
    #expect(result.document.paragraphs.isEmpty && result.notes.contains { $0.field == "text" })
  }

  @Test("a PDF cut short anywhere is refused as damaged")
  func truncated() async throws {
    let whole = try #require(FileManager.default.contents(atPath: TestData.path(sample: "A_80_L.38.pdf")))
    for share in [1, 30, 60, 95] {
      guard case .damaged("PDF", _) = await TestData.failure(Array(whole.prefix(whole.count * share / 100))) else {
        Issue.record("\(share) in 100 of the file was not refused as damaged")
        continue
      }
    }
    guard case .damaged("PDF", _) = await TestData.failure(Array("%PDF-1.7\nnothing that follows\n%%EOF\n".utf8)) else {
      Issue.record("a file with a PDF's first and last line only was not refused as damaged")
      return
    }
    guard case .damaged("PDF", _) = await TestData.failure(Array("no PDF at all".utf8), mediaType: "application/pdf") else {
      Issue.record("text submitted as PDF was not refused as damaged")
      return
    }
  }

  @Test("a PDF that says it has more pages than it has objects is damaged, and that is not the machine's fault")
  func noPages() async throws {
    let whole = String(decoding: pdf(encrypt: false), as: UTF8.self)
    for wrong in [
      whole.replacing("/Count 1", with: "/Count 2147483647"),
      whole.replacing("[3 0 R]", with: "[2 0 R]").replacing("/Count 1", with: "/Count 99"),
    ] {
      #expect(await TestData.failure(Array(wrong.utf8)) == .damaged("PDF", "no page of it can be found"))
    }
  }

  @Test("bytes and file give the same document")
  func sources() async throws {
    let path = TestData.path(sample: "A_80_L.42.pdf")
    let bytes = Array(try #require(FileManager.default.contents(atPath: path)))
    let first = try await Reader().read(Original(.file(path), fileName: "a.pdf"))
    let second = try await Reader().read(Original(.bytes(bytes), fileName: "a.pdf"))
    #expect(first.document == second.document)
  }

  /// What comes of reading a PDF when the helper for it does what `script` says; it may make processes.
  private func refusal(_ script: String, _ limits: ChildLimits) async -> ReadingError? {
    var configuration = ReaderConfiguration()
    configuration.programs.pdftotext = TestData.root.appending(path: "Tests/Files/script-for-pdftotext").path
    configuration.helperLimits = limits
    configuration.helperLimits.forks = true
    return await TestData.failure(Array("# %PDF-1.4\n\(script)\n# %%EOF\n".utf8), with: Reader(configuration))
  }

  private static let short = ChildLimits(time: .milliseconds(300), processorSeconds: 5)

  @Test("a helper that hangs is stopped at the time limit, with all its children", .timeLimit(.minutes(2)))
  func hangs() async throws {
    let failure = await refusal("sleep 1000 & sleep 1000", Self.short)
    #expect(failure == .timeLimit(seconds: 0), "\(String(describing: failure))")
  }

  @Test("a helper that closes its output and stays is stopped at the time limit")
  func staysSilently() async throws {
    let failure = await refusal("exec >&- 2>&-\nsleep 1000", Self.short)
    #expect(failure == .timeLimit(seconds: 0))
  }

  @Test("a helper that spins is stopped at the limit of processor time")
  func spins() async throws {
    let failure = await refusal("while :; do :; done", ChildLimits(time: .seconds(30), processorSeconds: 1))
    #expect(failure == .timeLimit(seconds: 1))
  }

  @Test("a helper that swells is stopped at the memory limit")
  func swells() async throws {
    let limits = ChildLimits(time: .seconds(30), processorSeconds: 20, addressSpace: 128 << 20)
    let failure = await refusal("head -c 1G /dev/zero | tail", limits)
    #expect(failure == .memoryLimit(bytes: 128 << 20), "\(String(describing: failure))")
  }

  @Test("a helper that prints without end is stopped at the output limit")
  func floods() async throws {
    let failure = await refusal("exec yes", ChildLimits(time: .seconds(30), output: 1 << 20))
    #expect(failure == .tooLarge(.helperOutput, allowed: 1 << 20))
  }

  @Test("a missing helper is the machine's fault, not the file's")
  func helperMissing() async {
    var configuration = ReaderConfiguration()
    configuration.programs.pdftotext = "/nowhere/pdftotext"
    let failure = await TestData.failure(pdf(encrypt: false), with: Reader(configuration))
    #expect(
      failure == .helperMissing(program: "/nowhere/pdftotext", package: "poppler-utils") && failure?.isHelperFault == true
        && failure?.isRetryable == true)
  }

  @Test("a helper that prints what is no UTF-8 has failed")
  func noUTF8() async throws {
    let failure = await refusal("printf '\\377\\377'", ChildLimits())
    guard case .helperFailed = failure else {
      Issue.record("output that is no UTF-8 was taken")
      return
    }
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

  @Test("what a killed process left in the place for private directories goes when the place is opened again")
  func leftBehind() throws {
    let home = try PrivateDirectory(in: "/tmp")
    let place = try PrivateDirectory.emptied("\(home.path)/place")
    try FileManager.default.createDirectory(atPath: "\(place)/chancery-123456", withIntermediateDirectories: false)
    try "text".write(toFile: "\(place)/chancery-123456/original", atomically: false, encoding: .utf8)
    #expect(try PrivateDirectory.emptied(place) == place)
    #expect(try FileManager.default.contentsOfDirectory(atPath: place).isEmpty)
  }
}
