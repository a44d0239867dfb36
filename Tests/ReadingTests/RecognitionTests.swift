import Documents
import Foundation
import Platform
import Reading
import Testing

@Suite("Pages that are pictures")
struct RecognitionTests {
  /// The first page of a PDF as a picture.
  private static func picture(of sample: String, kind: String, turned: Bool = false) throws -> [UInt8] {
    let folder = try PrivateDirectory(in: "/tmp")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/pdftoppm")
    process.arguments = ["-\(kind)", "-gray", "-r", "150", "-f", "1", "-l", "1", "-singlefile", sample, "\(folder.path)/page"]
    try process.run()
    process.waitUntilExit()
    let name = try #require(try Directory.names(folder.path).first)
    return Array(try Data(contentsOf: URL(filePath: "\(folder.path)/\(name)")))
  }

  @Test("a picture of a paper gives the fields of its masthead, and says how sure it is", arguments: ["png", "jpeg", "tiff"])
  func masthead(kind: String) async throws {
    let picture = try Self.picture(of: TestData.path(sample: "A_80_L.42.pdf"), kind: kind)
    let result = try await Reader().read(Original(.bytes(picture), fileName: "scan.\(kind)"))
    let document = result.document
    // The symbol is set in letters of two sizes, which Tesseract confuses.
    #expect(document.organs.first == "General Assembly" && document.sessions.first?.number == 80)
    #expect(document.language == "en" && document.distribution == "Limited" && document.date == CalendarDate(iso: "2025-12-23"))
    #expect(document.paragraphs.allSatisfy { $0.page == 1 })
    #expect(document.metadata["ocr"]?.hasPrefix("1: ") == true && result.notes.contains { $0.reason.contains("confidence") })
    let asText = try await Reader().read(Original(.file(TestData.path(sample: "A_80_L.42.pdf")), fileName: "a.pdf")).document
    #expect(document.title == asText.title && document.items.map(\.number) == asText.items.map(\.number))
  }

  @Test("a TIFF of which no page can be opened is damaged, though Tesseract is content with it")
  func noPage() async throws {
    var picture: [UInt8] = [0x49, 0x49, 0x2a, 0, 8, 0, 0, 0, 9, 0]
    // Width and height 65535; 8 bits, uncompressed, one strip of 100 bytes at the beginning.
    for (tag, value) in [(256, 65535), (257, 65535), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 65535), (279, 100)] {
      picture += [UInt8(tag & 0xff), UInt8(tag >> 8), 4, 0, 1, 0, 0, 0, UInt8(value & 0xff), UInt8(value >> 8), 0, 0]
    }
    let failure = await TestData.failure(picture + [UInt8](repeating: 0, count: 200))
    #expect(failure == .damaged("picture", "it cannot be opened"))
  }

  @Test("of a PDF only pages without text are recognised; without Tesseract they are registered without it, and a picture has to wait")
  func parts() async throws {
    let scanned = try Self.scan(TestData.path(sample: "A_80_L.42.pdf"))
    let read = try await Reader().read(Original(.bytes(scanned), fileName: "scan.pdf"))
    #expect(read.document.items.map(\.number) == ["18"] && read.document.paragraphs.count > 3)
    var configuration = ReaderConfiguration()
    configuration.programs.tesseract = "/nowhere/tesseract"
    let without = try await Reader(configuration).read(Original(.bytes(scanned), fileName: "scan.pdf"))
    #expect(without.document.paragraphs.isEmpty && without.notes.contains { $0.reason.contains("tesseract-ocr") })
    let picture = try Self.picture(of: TestData.path(sample: "A_80_L.42.pdf"), kind: "png")
    let refusal = await TestData.failure(picture, with: Reader(configuration))
    #expect(refusal == .helperMissing(program: "/nowhere/tesseract", package: "tesseract-ocr"))
    configuration.programs.tesseract = "/usr/bin/tesseract"
    configuration.recognition.isOn = false
    let off = try await Reader(configuration).read(Original(.bytes(scanned), fileName: "scan.pdf"))
    #expect(off.document.paragraphs.isEmpty && off.notes.contains { $0.reason.contains("switched off") })
  }

  /// A PDF of so many pages, each with what `content` draws: black on white, or a picture of 8 × 8 grey pixels over all of it.
  private static func pages(_ count: Int, _ content: (Int) -> String) -> [UInt8] {
    let picture =
      "<< /Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /ASCIIHexDecode /Length 129 >>\nstream\n"
      + String(repeating: "f4f5", count: 32) + ">\nendstream"
    let kids = (0..<count).map { "\(4 + 2 * $0) 0 R" }.joined(separator: " ")
    var objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [\(kids)] /Count \(count) >>", picture]
    for page in 0..<count {
      let drawn = content(page)
      objects.append(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /I 3 0 R >> >> /Contents \(5 + 2 * page) 0 R >>")
      objects.append("<< /Length \(drawn.utf8.count) >>\nstream\n\(drawn)\nendstream")
    }
    return file(objects.map { Array($0.utf8) })
  }

  @Test("pages without ink, and pictures of nothing, are not given to Tesseract; one with ink among them is")
  func blank() async throws {
    let pdf = Self.pages(300) { page in
      // Strokes as wide as a letter's: "L" and "T", a line of them.
      if page == 250 {
        return (0..<12).map { "1 0 0 1 \(60 + 36 * $0) 700 cm 3 w 0 30 m 0 0 l 18 0 l S 1 0 0 1 \(-60 - 36 * $0) -700 cm" }.joined(
          separator: " ")
      }
      return page % 2 == 0 ? "" : "q 595 0 0 842 0 0 cm /I Do Q"
    }
    let result = try await Reader().read(Original(.bytes(pdf), fileName: "blank.pdf"))
    #expect(result.document.metadata["ocr"]?.hasPrefix("251: ") == true, "\(result.document.metadata)")
    #expect(!result.notes.contains { $0.reason.contains("pages without text") }, "\(result.notes)")
  }

  @Test("of many pages the first are looked at, and for a time; a note says which were not")
  func bounds() async throws {
    var configuration = ReaderConfiguration()
    configuration.recognition.pages = 5
    let pdf = Self.pages(8) { _ in "" }
    let few = try await Reader(configuration).read(Original(.bytes(pdf), fileName: "blank.pdf"))
    #expect(few.notes.contains { $0.reason == "pages without text: 6, 7, 8: of one file 5 are looked at" }, "\(few.notes)")
    configuration.recognition.time = .milliseconds(1)
    let late = try await Reader(configuration).read(
      Original(.bytes(Self.scan(TestData.path(sample: "A_80_L.42.pdf"))), fileName: "scan.pdf"))
    #expect(late.notes.contains { $0.reason == "pages without text: 1: the time for one file was over" }, "\(late.notes)")
  }

  /// A PDF of one page that is a JPEG picture of another's first page.
  private static func scan(_ path: String) throws -> [UInt8] {
    let picture = try picture(of: path, kind: "jpeg")
    // Its size stands in the frame header, after ff c0 and seven bytes; 150 pixels an inch.
    let frame = try #require(picture.indices.first { $0 + 9 < picture.count && picture[$0] == 0xff && picture[$0 + 1] == 0xc0 })
    let height = Int(picture[frame + 5]) << 8 | Int(picture[frame + 6])
    let width = Int(picture[frame + 7]) << 8 | Int(picture[frame + 8])
    let content = Array("q \(width * 72 / 150) 0 0 \(height * 72 / 150) 0 0 cm /I Do Q".utf8)
    let page = "/MediaBox [0 0 \(width * 72 / 150) \(height * 72 / 150)] /Resources << /XObject << /I 4 0 R >> >> /Contents 5 0 R"
    var objects: [[UInt8]] = [
      Array("<< /Type /Catalog /Pages 2 0 R >>".utf8), Array("<< /Type /Pages /Kids [3 0 R] /Count 1 >>".utf8),
      Array("<< /Type /Page /Parent 2 0 R \(page) >>".utf8),
    ]
    // Some versions of poppler write grey pictures in three colours.
    let colours = picture[frame + 9] == 1 ? "/DeviceGray" : "/DeviceRGB"
    let about =
      "/Type /XObject /Subtype /Image /Width \(width) /Height \(height) /ColorSpace \(colours) /BitsPerComponent 8 /Filter /DCTDecode"
    objects.append(Array("<< \(about) /Length \(picture.count) >>\nstream\n".utf8) + picture + Array("\nendstream".utf8))
    objects.append(Array("<< /Length \(content.count) >>\nstream\n".utf8) + content + Array("\nendstream".utf8))
    return file(objects)
  }

  /// A PDF of these objects, the first of which is its catalog.
  private static func file(_ objects: [[UInt8]]) -> [UInt8] {
    var file = Array("%PDF-1.4\n".utf8)
    var offsets: [Int] = []
    for (index, object) in objects.enumerated() {
      offsets.append(file.count)
      file += Array("\(index + 1) 0 obj\n".utf8) + object + Array("\nendobj\n".utf8)
    }
    let table = file.count
    var end = "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
    for offset in offsets { end += String(repeating: "0", count: 10 - String(offset).count) + "\(offset) 00000 n \n" }
    end += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(table)\n%%EOF\n"
    return file + Array(end.utf8)
  }
}
