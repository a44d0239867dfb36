import ChanceryClient
import Documents
import Foundation
import Platform
import Store
import Testing
import Wire

/// Makes an archive with Python in a folder of its own.
private func zip(_ script: String) throws -> [UInt8] {
  let folder = try PrivateDirectory(in: "/tmp")
  try run(
    "python3", ["-c", "import zipfile, io\nz = zipfile.ZipFile('x.zip', 'w', zipfile.ZIP_DEFLATED)\n\(script)\nz.close()"],
    in: URL(filePath: folder.path))
  return Array(try Data(contentsOf: URL(filePath: "\(folder.path)/x.zip")))
}

private let mail = """
  From: Registry <registry@example.org>
  Subject: A statement and its annex
  Date: Tue, 26 Nov 2019 10:00:00 +0100
  Message-ID: <1@example.org>
  MIME-Version: 1.0
  Content-Type: multipart/mixed; boundary=b

  --b
  Content-Type: text/plain

  The statement is attached.
  --b
  Content-Type: text/plain; name=statement.txt
  Content-Disposition: attachment; filename=statement.txt

  The delegation has the honour to state its position.
  --b--

  """

@Test func eachFileInAnArchiveAndEachAttachmentIsADocumentThatNamesWhatItWasIn() async throws {
  let deployment = try Deployment()
  let (_, port) = try deployment.start("ingest")
  let client = try deployment.client(ingest: port)
  let pdf = root.appending(path: "deploy/sample/A_80_L.42.pdf").path
  let archive = try zip(
    """
    z.write('\(pdf)', 'drafts/A_80_L.42.pdf'); z.writestr('mail/note.eml', '''\(mail)'''); z.writestr('broken.txt', bytes([0x63, 0xe9, 0x20]))
    inner = io.BytesIO(); y = zipfile.ZipFile(inner, 'w'); y.writestr('deep.txt', 'The deepest paper says this.'); y.close()
    z.writestr('inner.zip', inner.getvalue()); z.writestr('../../evil.txt', 'outside'); z.writestr('__MACOSX/x', 'x'); z.writestr('empty.txt', '')
    z.writestr('zeros.txt', 'The statement goes on and on. ' * 20_000); i = z.filelist[-1]
    i.file_size += 500; z.fp.seek(i.header_offset + 22); z.fp.write(i.file_size.to_bytes(4, 'little'))
    """)
  let reply = try await client.submit(bytes: archive, fileName: "papers.zip", metadata: ["batch": "7"], distribution: "general")
  #expect(reply.documentID.isEmpty && !reply.duplicate)
  let members = Dictionary(uniqueKeysWithValues: reply.members.map { ($0.fileName, $0) })
  #expect(
    Set(members.keys) == [
      "drafts/A_80_L.42.pdf", "mail/note.eml", "mail/note.eml/statement.txt", "broken.txt", "inner.zip/deep.txt", "../../evil.txt",
      "empty.txt", "zeros.txt",
    ])
  #expect(members["drafts/A_80_L.42.pdf"]?.symbols == ["A/80/L.42"])
  for name in ["broken.txt", "../../evil.txt", "empty.txt", "zeros.txt"] { #expect(members[name]?.refusal.isEmpty == false, "\(name)") }
  #expect(members["../../evil.txt"]?.refusal.contains("leads out of") == true)
  #expect(members["zeros.txt"]?.refusal.contains("length and checksum") == true)
  // The same again registers nothing.
  let again = try await client.submit(bytes: archive, fileName: "papers.zip", distribution: "general")
  #expect(again.duplicate && again.members.filter { $0.refusal.isEmpty }.allSatisfy(\.duplicate) && again.sequence == reply.sequence)
  #expect(again.members.count == reply.members.count)

  let (_, index) = try deployment.start("index", ["--ingest", "127.0.0.1:\(port)"])
  let (_, query) = try deployment.start("query", ["--index", "127.0.0.1:\(index)"])
  let reader = try deployment.client(query: [query])
  let statement = try #require(members["mail/note.eml/statement.txt"])
  var found: Document?
  while found == nil {
    found = try? await reader.get(GetRequest(documentID: statement.documentID))
    if found == nil { try await Task.sleep(for: .milliseconds(20)) }
  }
  let metadata = try #require(found?.metadata)
  #expect(metadata["container"] == "papers.zip/note.eml" && metadata["batch"] == "7")
  let hits = try await reader.search(SearchRequest(query: "honour")).hits
  #expect(hits.map(\.documentID) == [statement.documentID])
  await reader.close()
  await client.close()
}

@Test func aServiceWhoseDataAreNamedFromTheCurrentDirectoryReadsFilesOfEveryKind() async throws {
  let deployment = try Deployment()
  let here = FileManager.default.currentDirectoryPath.split(separator: "/").map { _ in ".." }.joined(separator: "/")
  let (_, port) = try deployment.start("ingest", ["--data", "\(here)\(deployment.path("relative"))"])
  let client = try deployment.client(ingest: port)
  let paper = [UInt8](try Data(contentsOf: root.appending(path: "deploy/sample/A_80_L.42.pdf")))
  let reply = try await client.submit(bytes: paper, fileName: "A_80_L.42.pdf")
  #expect(reply.symbols == ["A/80/L.42"] && reply.paragraphs > 3)
  await client.close()
}

@Test func anArchiveOfWhichNothingCanBeRegisteredIsRefused() async throws {
  let deployment = try Deployment()
  let (_, port) = try deployment.start("ingest")
  let client = try deployment.client(ingest: port)
  let refused = try await #require(throws: CallError.self) {
    try await client.submit(bytes: try zip("z.writestr('a.bin', bytes(100))"), fileName: "x.zip")
  }
  #expect(refused.code == .invalid && refused.message.contains("a.bin"), "\(refused)")
  // Archives in archives end somewhere.
  let nested = try zip(
    """
    b = b'The innermost paper.'; n = 'a.txt'
    for depth in range(8):
      inner = io.BytesIO(); y = zipfile.ZipFile(inner, 'w'); y.writestr(n, b); y.close(); b = inner.getvalue(); n = 'z.zip'
    z.writestr('z.zip', b)
    """)
  let deep = try await #require(throws: CallError.self) { try await client.submit(bytes: nested, fileName: "x.zip") }
  #expect(deep.message.contains("inside each other"), "\(deep)")
  await client.close()
}

@Test func theFilesInARefusedArchiveCountTowardsTheSubmissionsLimit() async throws {
  let deployment = try Deployment()
  let (_, port) = try deployment.start("ingest")
  let client = try deployment.client(ingest: port)
  // Sixteen archives of sixteen archives of sixteen empty files: 273 in each of the outer ones, and 1,000 may be looked at.
  let nested = try zip(
    """
    b = b''; n = 'a.bin'
    for depth in range(2):
      inner = io.BytesIO(); y = zipfile.ZipFile(inner, 'w')
      for number in range(16): y.writestr(str(number) + n, b)
      y.close(); b = inner.getvalue(); n = 'z.zip'
    for number in range(16): z.writestr(str(number) + n, b)
    """)
  let refused = try await #require(throws: CallError.self) { try await client.submit(bytes: nested, fileName: "x.zip") }
  #expect(refused.code == .invalid && refused.message.hasPrefix("none of the 4 files in the archive"), "\(refused)")
  await client.close()
}

@Test(.timeLimit(.minutes(1))) func anArchiveThatUnpacksToItselfIsRefused() async throws {
  let deployment = try Deployment()
  let (_, port) = try deployment.start("ingest")
  let client = try deployment.client(ingest: port)
  let folder = root.appending(path: "Tests/HostileFiles")
  let hexadecimal = try run("python3", ["-B", "-c", "import quine; print(quine.quine().hex(), end='')"], in: folder)
  let bytes = stride(from: 0, to: hexadecimal.count, by: 2).compactMap { UInt8(hexadecimal.dropFirst($0).prefix(2), radix: 16) }
  // Twice: it was once waited for without end.
  for _ in 0..<2 {
    let refused = try await #require(throws: CallError.self) { try await client.submit(bytes: bytes, fileName: "r.zip") }
    #expect(refused.code == .invalid && refused.message.contains("it is the archive that it is in"), "\(refused)")
  }
  await client.close()
}

@Test func filesWithNamesOfMegabytesAreAnswered() async throws {
  let deployment = try Deployment()
  let (_, port) = try deployment.start("ingest")
  let client = try deployment.client(ingest: port)
  let archive = try zip("for n in range(50): z.writestr('d/' * 30000 + '%d\\x1b.txt' % n, 'This is paper %d.' % n)")
  let reply = try await client.submit(bytes: archive, fileName: "x.zip", distribution: "general")
  #expect(reply.members.count == 50 && reply.members.allSatisfy { !$0.documentID.isEmpty && $0.fileName.utf8.count < 300 })
  #expect(reply.members.first?.fileName.hasSuffix("d/0\u{fffd}.txt") == true)
  await client.close()
}

@Test func severalLargeArchivesOfOneOfficeAreNotHeldInMemoryAtTheSameTime() async throws {
  let deployment = try Deployment()
  let (process, port) = try deployment.start("ingest")
  let client = try deployment.client(ingest: port)
  let archives = try (0..<4).map { number in
    try zip(
      "z.writestr('zeros.bin', bytes(150 << 20)); z.writestr('noise.bin', __import__('os').urandom(1 << 20)); z.writestr('\(number).txt', 'This is paper \(number).')"
    )
  }
  let replies = try await withThrowingTaskGroup(of: SubmitReply.self) { group in
    for archive in archives { group.addTask { try await client.submit(bytes: archive, fileName: "x.zip", distribution: "general") } }
    return try await group.reduce(into: []) { $0.append($1) }
  }
  #expect(replies.allSatisfy { $0.members.count { $0.refusal.isEmpty } == 1 })
  var figures = ProcessFigures()
  figures.look(at: process.processIdentifier)
  #expect(figures.peak < 600 << 20, "\(figures.peak >> 20) MiB")
  await client.close()
}

@Test func aPaperThatCouldNotBeReadAgainFromTheJournalIsRefused() async throws {
  let deployment = try Deployment()
  let (process, port) = try deployment.start("ingest")
  let client = try deployment.client(ingest: port)
  let text = String(repeating: "It stands alone.\n\n", count: 70_000)
  let refused = try await #require(throws: CallError.self) { try await client.submit(bytes: Array(text.utf8), fileName: "long.txt") }
  #expect(refused.code == .tooLarge && refused.message.contains("65536 paragraphs"), "\(refused)")
  _ = try await client.submit(bytes: Array("The delegation has the honour to say so.".utf8), fileName: "good.txt")
  let verified = try await client.verify(Endpoint(host: "127.0.0.1", port: port))
  #expect(verified.clean && verified.checked == 1, "\(verified.problems)")
  await client.close()
  process.terminate()
  process.waitUntilExit()
  _ = try deployment.start("ingest")
}

/// Writes a journal with a document of so many paragraphs, as services did that took more than is taken now.
private func journal(_ folder: String, paragraphs count: Int) async throws -> Document {
  var document = Document(id: try #require(DocumentID(hexadecimal: String(repeating: "5a", count: 16))))
  document.originalSHA256 = [UInt8](repeating: 1, count: 32)
  document.distribution = "General"
  document.language = "en"
  document.paragraphs = (1...count).map {
    Paragraph(number: $0, text: $0 == count ? "The last is remarkable." : "It stands alone.", attribution: Document.authorNotStated)
  }
  let entry = JournalEntry(kind: 1, timeMs: 1, document: document.message, documentID: document.id.bytes, version: 1)
  _ = try await Journal(folder).append(entry.encoded)
  return document
}

@Test func aDocumentFromBeforeTheLimitOfParagraphsIsServedIndexedAndFound() async throws {
  let deployment = try Deployment()
  let document = try await journal(deployment.path("data-ingest/journal"), paragraphs: 100_000)
  let (process, port) = try deployment.start("ingest")
  let (_, index) = try deployment.start("index", ["--ingest", "127.0.0.1:\(port)"])
  let (_, query) = try deployment.start("query", ["--index", "127.0.0.1:\(index)"])
  let client = try deployment.client("operator", ingest: port, query: [query])
  var hits: [Hit] = []
  while hits.isEmpty {
    hits = (try? await client.search(SearchRequest(query: "remarkable")).hits) ?? []
    if hits.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
  }
  #expect(hits.map(\.documentID) == [document.id.bytes] && hits[0].snippets.map(\.paragraph) == [100_000])
  #expect(try await client.get(GetRequest(documentID: document.id.bytes)).paragraphs == document.paragraphs)
  let amended = try await client.amend(
    AmendRequest(documentID: document.id.bytes, fields: [FieldValues(field: "title", values: ["A long paper"])], why: "It has one."))
  #expect(amended.sequence == 2)
  await client.close()
  process.terminate()
  #expect(try deployment.log(of: process).contains("more paragraphs than one may have now"))
}
