import Documents
import Foundation
import Platform
import Reading
import Testing

/// The same letter as a word processor wrote it in several formats.
@Suite("Files of word processors")
struct FormatTests {
  static func read(_ name: String) async throws -> ReadingResult {
    try await Reader().read(Original(.file(TestData.root.appending(path: "Tests/Files/\(name)").path), fileName: name))
  }

  @Test("paragraphs keep the numbers the word processor prints", arguments: ["letter.docx", "letter.odt", "letter.rtf"])
  func numbers(name: String) async throws {
    let body = try await Self.read(name).document.paragraphs.filter { $0.role == .body }
    #expect(
      body.compactMap(\.label) == ["1.", "2.", "(a)", "(b)", "(i)", "(ii)", "3.", "4."], "\(body.map { "\($0.label ?? "-") \($0.text)" })")
    let villages = try #require(body.first { $0.label == "(ii)" })
    #expect(villages.text == "Those of the villages.")
  }

  @Test("form, notes, tables and pages are read alike", arguments: ["letter.docx", "letter.odt", "letter.rtf", "letter.doc"])
  func form(name: String) async throws {
    let document = try await Self.read(name).document
    #expect(
      document.kind == .letter && document.date == CalendarDate(iso: "2019-11-27"), "\(document.kind) \(String(describing: document.date))")
    #expect(document.distribution == "General" && document.originalLanguages == ["en"])
    #expect(document.items.map(\.number) == ["34"] && document.sender?.state == "Azerbaijan")
    #expect(document.signatories.map(\.name) == ["Yashar Aliyev"])
    let texts = document.paragraphs.map(\.text)
    let note = document.paragraphs.first { $0.role == .footnote }
    #expect(note?.label == "1" && note?.text == "See A/73/878, annex, for the earlier letter.", "\(texts)")
    #expect(texts.contains { $0.contains("2018") && $0.contains("653000") && $0.contains("120") }, "\(texts)")
    #expect(texts.contains { $0.contains("« Les réfugiés doivent rentrer chez eux. »") && $0.contains("право на возвращение") }, "\(texts)")
    if name != "letter.doc" { #expect(document.paragraphs.first { $0.text.contains("réfugiés") }?.page == 2) }
  }

  @Test("the first page's header gives the symbol", arguments: ["letter.docx", "letter.odt", "letter.pdf"])
  func header(name: String) async throws {
    #expect(try await Self.read(name).document.symbols.map(\.text) == ["A/74/565"])
  }
}

/// Documents read from text of some kind.
private func paragraphs(_ text: [UInt8], _ fileName: String, mediaType: String? = nil) async throws -> [Paragraph] {
  try await Reader().read(Original(.bytes(text), mediaType: mediaType, fileName: fileName)).document.paragraphs
}

@Suite("HTML")
struct HTMLTests {
  @Test("paragraphs, lists and tables are read; scripts, styles and comments are not")
  func structure() async throws {
    let page = """
      <!DOCTYPE html><html><head><title>Site</title><style>p { color: red }</style><script>if (a < b) document.write("<p>no</p>")</script></head>
      <body><!-- <p>no</p> --><p>The delegation&nbsp;said that 3 &lt; 5 &amp; so
      on, &laquo;&eacute;t&eacute;&raquo; &#8212; &#x2014;.</p><ol type=a start=2><li>two<li>three<ul><li>bullet</ul></ol>
      <table><tr><th>Year<th>Sum<tr><td>2018</td><td>12</td></tr></table><script>no()</script><p>Done
      """
    let read = try await paragraphs(Array(page.utf8), "page.html")
    #expect(
      read.map { "\($0.label ?? "")|\($0.text)" } == [
        "|The delegation said that 3 < 5 & so on, «été» — —.", "|b. two", "|c. three", "•|bullet", "|Year Sum 2018 12", "|Done",
      ])
  }

  @Test(
    "the set of characters is the declared one, or what the bytes are",
    arguments: [
      ("windows-1251", [0xcf, 0xf0, 0xe0, 0xe2, 0xee] as [UInt8], "Право"), ("iso-8859-1", [0x93, 0xe9, 0x74, 0xe9, 0x94], "“été”"),
      ("koi8-r", [0xf0, 0xd2, 0xc1, 0xd7, 0xcf], "Право"), ("gb2312", [0xb4, 0xf3, 0xbb, 0xe1], "大会"),
      ("windows-1256", [0xc7, 0xe1, 0xc3, 0xe3, 0xe3], "الأمم"), ("utf-8", Array("Право".utf8), "Право"),
      ("windows-1251", Array("Право".utf8), "Право"),
    ])
  func charset(name: String, bytes: [UInt8], text: String) async throws {
    let page =
      Array("<html><head><meta http-equiv='Content-Type' content='text/html; charset=\(name)'></head><body><p>A ".utf8) + bytes
      + Array("</p></body></html>".utf8)
    #expect(try await paragraphs(page, "page.htm").map(\.text) == ["A \(text)"])
  }
}

@Suite("E-mail")
struct MailTests {
  static let message = """
    Received: from mail.example (192.0.2.1)\r
    From: =?utf-8?B?0JjQstCw0L0=?= <ivan@example.org>\r
    To: Registry <registry@example.org>\r
    Subject: =?iso-8859-1?Q?Note_verbale_de_l'=E9t=E9?=\r
     and more\r
    Date: Tue, 26 Nov 2019 10:00:00 +0100\r
    Message-ID: <1@example.org>\r
    MIME-Version: 1.0\r
    Content-Type: multipart/mixed; boundary="outer"\r
    \r
    --outer\r
    Content-Type: multipart/alternative; boundary=inner\r
    \r
    --inner\r
    Content-Type: text/plain; charset=iso-8859-1\r
    Content-Transfer-Encoding: quoted-printable\r
    \r
    Please find the note of the d=E9l=E9gation attached, with the text that=\r
     was agreed.\r
    --inner\r
    Content-Type: text/html\r
    \r
    <p>HTML twin</p>\r
    --inner--\r
    --outer\r
    Content-Type: application/pdf; name="x.pdf"\r
    Content-Disposition: attachment; filename*=utf-8''%D0%BD%D0%BE%D1%82%D0%B0.txt\r
    Content-Transfer-Encoding: base64\r
    \r
    VGhlIG5vdGUgaXRzZWxmLg==\r
    --outer\r
    Content-Type: message/rfc822\r
    \r
    Subject: inner mail\r
    Message-ID: <2@example.org>\r
    \r
    The forwarded text.\r
    --outer--\r

    """

  @Test("the text is the plain one, headers give what the text does not state, and attachments are files of their own")
  func message() async throws {
    let result = try await Reader().read(Original(.bytes(Array(Self.message.utf8)), fileName: "note.eml"))
    #expect(result.document.paragraphs.map(\.text) == ["Please find the note of the délégation attached, with the text that was agreed."])
    #expect(result.document.title == "Note verbale de l'été and more" && result.document.date == CalendarDate(iso: "2019-11-26"))
    #expect(result.document.metadata["from"] == "Иван <ivan@example.org>" && result.document.mediaType == "message/rfc822")
    #expect(result.attachments.map(\.name) == ["нота.txt", "message-2.eml"])
    #expect(result.attachments.first?.bytes == Array("The note itself.".utf8))
    let inner = try await Reader().read(Original(.bytes(result.attachments[1].bytes), fileName: result.attachments[1].name))
    #expect(inner.document.paragraphs.map(\.text) == ["The forwarded text."])
  }

  @Test("a memorandum typed with From, To, Date and Subject is a text, not mail")
  func memorandum() async throws {
    let memorandum = "TO: The Legal Counsel\nFROM: A. Officer\nDATE: 10 October 1991\nSUBJECT: Membership\n\nThe question was raised."
    let result = try await Reader().read(Original(.bytes(Array(memorandum.utf8)), fileName: "memo.txt"))
    #expect(result.document.mediaType.hasPrefix("text/plain"))
  }

  @Test("parts within parts without end are refused")
  func nested() async throws {
    var message = "Message-ID: <1>\nMIME-Version: 1.0\n"
    for depth in 0..<40 { message += "Content-Type: multipart/mixed; boundary=b\(depth)\n\n--b\(depth)\n" }
    #expect(await TestData.failure(Array(message.utf8))?.isTooLarge == true)
  }
}

@Suite("ZIP archives")
struct ArchiveTests {
  /// Makes an archive with Python, which lets us write what no archiver would.
  static func zip(_ script: String) throws -> [UInt8] {
    let folder = try PrivateDirectory(in: "/tmp")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/python3")
    process.currentDirectoryURL = URL(filePath: folder.path)
    process.arguments = ["-c", "import zipfile, io\nz = zipfile.ZipFile('x.zip', 'w', zipfile.ZIP_DEFLATED)\n\(script)\nz.close()"]
    try process.run()
    process.waitUntilExit()
    return Array(try Data(contentsOf: URL(filePath: "\(folder.path)/x.zip")))
  }

  private func failure(_ bytes: [UInt8], _ configuration: ReaderConfiguration = ReaderConfiguration()) async -> ReadingError? {
    do throws(ReadingError) {
      _ = try await Reader(configuration).unpack(Original(.bytes(bytes), fileName: "x.zip"))
      return nil
    } catch { return error }
  }

  @Test("members come with their names and bytes; a file that is no archive has none")
  func members() async throws {
    let bytes = try Self.zip("z.writestr('a/b.txt', 'one'); z.writestr('Лист.txt', 'два'); z.writestr('empty/', '')")
    let members = try #require(try await Reader().unpack(Original(.bytes(bytes), fileName: "x.zip")))
    #expect(members.map(\.name) == ["a/b.txt", "Лист.txt"] && members.map(\.bytes) == [Array("one".utf8), Array("два".utf8)])
    #expect(try await Reader().unpack(Original(.bytes(Array("text".utf8)), fileName: "x.zip")) == nil)
  }

  @Test("bombs are refused by ratio, by size and by count, and damage is told")
  func bombs() async throws {
    let bomb = try Self.zip("z.writestr('zeros', bytes(64 << 20))")
    #expect(await failure(bomb) == .tooLarge(.ratio, allowed: 200))
    var small = ReaderConfiguration()
    small.unpackedBytes = 1 << 20
    #expect(await failure(bomb, small) == .tooLarge(.helperOutput, allowed: 1 << 20))
    let many = try Self.zip("for n in range(10001): z.writestr(str(n), '')")
    #expect(await failure(many) == .tooLarge(.members, allowed: 10_000))
    let good = try Self.zip("z.writestr('a.txt', 'one' * 1000)")
    guard case .damaged("ZIP", _) = await failure(Array(good.prefix(good.count - 30))) else {
      Issue.record("a cut archive was taken")
      return
    }
  }

  /// An archive whose first member has, in its header and in the directory, a checksum, a packed length and a length that `lie` changes.
  private static func lying(_ lie: String, _ name: String = "a.txt") throws -> [UInt8] {
    try zip(
      """
      import struct, zlib
      data = ''.join('<w:p><w:r><w:t>Paragraph %d.</w:t></w:r></w:p>' % n for n in range(20_000)).encode()
      z.writestr('\(name)', data); z.writestr('b.txt', 'whole')
      i = z.filelist[0]
      \(lie)
      z.fp.seek(i.header_offset + 14)
      z.fp.write(struct.pack('<III', i.CRC, i.compress_size, i.file_size))
      """)
  }

  @Test(
    "a member whose checksum or length is a lie is known, and those beside it are whole; a Word file with such a part is damaged",
    arguments: [
      "i.CRC ^= 1", "i.CRC = 0", "i.file_size -= 1", "i.file_size -= 300_000", "i.file_size += 1", "i.file_size += 1_000_000",
      "i.file_size = 0",
      "i.compress_size = 0",
    ])
  func lies(_ lie: String) async throws {
    let members = try #require(try await Reader().unpack(Original(.bytes(try Self.lying(lie)), fileName: "x.zip")))
    #expect(members.map(\.name) == ["a.txt", "b.txt"] && members.map(\.isWhole) == [false, true])
    let refusal = await TestData.failure(try Self.lying(lie, "word/document.xml"))
    guard case .damaged("Word", _) = refusal else {
      Issue.record("\(String(describing: refusal))")
      return
    }
  }

  @Test(
    "an archive is refused whose packed bytes end too early, or whose member goes on behind the length and checksum that are stated",
    arguments: [
      "i.compress_size -= 2000", "i.file_size = 300_000; i.CRC = zlib.crc32(data[:300_000])",
      "z.filelist.append(i)",
    ])
  func cut(_ lie: String) async throws {
    for name in ["a.txt", "word/document.xml"] {
      let bytes = try Self.lying(lie, name)
      let refusal = name == "a.txt" ? await failure(bytes) : await TestData.failure(bytes)
      guard case .damaged = refusal else {
        Issue.record("\(name): \(String(describing: refusal))")
        return
      }
    }
  }

  @Test("an archive that lies about its sizes is stopped all the same")
  func liar() async throws {
    var bomb = try Self.zip("z.writestr('zeros', bytes(64 << 20))")
    // The sizes in the directory, which says that there are 100 bytes.
    let directory = try #require(bomb.indices.last { $0 + 4 <= bomb.count && bomb[$0..<($0 + 4)].elementsEqual([0x50, 0x4b, 1, 2]) })
    bomb.replaceSubrange((directory + 24)..<(directory + 28), with: [100, 0, 0, 0])
    var small = ReaderConfiguration()
    small.unpackedBytes = 1 << 20
    let refusal = await failure(bomb, small)
    #expect(refusal != nil && refusal?.isHelperFault == false, "\(String(describing: refusal))")
  }

  @Test("a member that has the name by which cpio ends hides none of those after it")
  func trailer() async throws {
    let bytes = try Self.zip("z.writestr('TRAILER!!!', 'one'); z.writestr('after.txt', 'two')")
    let members = try await Reader().unpack(Original(.bytes(bytes), fileName: "x.zip"))
    #expect(members?.map(\.name) == ["TRAILER!!!", "after.txt"])
  }

  @Test("headers of a Word file whose names are patterns, or too many for a program's arguments, are no headers")
  func headers() async throws {
    let bytes = try Self.zip(
      """
      z.writestr('word/document.xml', '<w:document><w:body><w:p><w:r><w:t>A text.</w:t></w:r></w:p></w:body></w:document>')
      for number in range(9000): z.writestr('word/header%d%s.xml' % (number, 'x' * 300), '<x/>')
      z.writestr('word/header' + 'a' * 200 + '.xml', '<x/>')
      z.writestr('word/header' + '*a' * 30 + 'b.xml', '<x/>')
      for number in range(3000): z.writestr('word/header1.xml', '<x/>')
      """)
    let result = try await Reader().read(Original(.bytes(bytes), fileName: "x.docx"))
    #expect(result.document.paragraphs.map(\.text) == ["A text."])
  }

  @Test("a Word file of zeros is refused, and so are workbooks and the like")
  func office() async throws {
    let bomb = try Self.zip("z.writestr('word/document.xml', bytes(200 << 20))")
    #expect(await TestData.failure(bomb)?.isTooLarge == true)
    let workbook = try Self.zip("z.writestr('xl/workbook.xml', '<x/>')")
    #expect(await TestData.failure(workbook)?.description.contains("Excel") == true)
  }
}
