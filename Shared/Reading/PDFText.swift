import Platform

/// Extracts a PDF's text with poppler's pdftotext.
///
/// It runs twice: `-layout` keeps the columns and indentation that the form is read from, but tears words where justified text has wide gaps;
/// `-raw` keeps words whole but loses the columns. The words of the second mend those of the first.
struct PDFText: Sendable {
  struct Printed: Sendable {
    var text: [UInt8]
    var hasErrors: Bool
  }

  let helper: Helper
  private let pictures: Helper

  init(_ configuration: ReaderConfiguration) {
    pictures = Helper(program: configuration.programs.pdfimages, package: "poppler-utils", kind: "PDF", limits: configuration.helperLimits)
    helper = Helper(program: configuration.programs.pdftotext, package: "poppler-utils", kind: "PDF", limits: configuration.helperLimits)
  }

  /// Bytes at the end among which a whole PDF has its `%%EOF`; generous to files with bytes appended.
  private static let endWindow = 4096

  static func hasEndMarker(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let end = bytes.suffix(endWindow)
    let mark = Array("%%EOF".utf8)
    return end.indices.contains { end[$0] == mark[0] && end[$0...].starts(with: mark) }
  }

  /// The text, a form feed after each page.
  func text(in place: borrowing Workplace) async throws(ReadingError) -> Printed {
    let layout = try await run("-layout", place.original, place.directory)
    let raw = try await run("-raw", place.original, place.directory)
    let text = WordMending.mended(layout.output, by: raw.output)
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: text.span)
    } catch { throw .helperFailed("it printed text that is not UTF-8") }
    return Printed(text: text, hasErrors: Helper.mentions(layout.errorOutput, "Syntax Error"))
  }

  private func run(_ mode: String, _ path: String, _ directory: String) async throws(ReadingError) -> ChildResult {
    let (status, result) = try await helper.run([mode, "-enc", "UTF-8", path, "-"], in: directory, reading: [path])
    try Self.check(status, result)
    return result
  }

  /// pdftotext(1): 1 the file cannot be opened, 3 its permissions forbid it.
  static func check(_ status: Int32, _ result: ChildResult) throws(ReadingError) {
    if status == 0 { return }
    if status == 3 || Helper.mentions(result.errorOutput, "Incorrect password") || Helper.mentions(result.errorOutput, "ncrypt") {
      throw .encrypted("PDF")
    }
    if status == 1 { throw .damaged("PDF", "its structure cannot be read, as when a file is cut short") }
    throw .helperFailed("status \(status)")
  }

  /// Letters below which a page with a large picture is taken for a scanned one, whose own text is a stamp or a running head.
  private static let fewLetters = 200
  /// Square inches of pictures that are most of a page; A4 has 97.
  private static let largePicture = 40.0

  /// The pages, 1-based, of which there is a picture but no text to speak of, or nothing at all.
  func scannedPages(_ pages: [ArraySlice<UInt8>], in place: borrowing Workplace) async throws(ReadingError) -> [Int] {
    let letters = pages.map { $0.reduce(0) { $0 + ($1 > 0x20 && $1 & 0xc0 != 0x80 ? 1 : 0) } }
    guard letters.contains(where: { $0 < Self.fewLetters }) else { return [] }
    let (_, result) = try await pictures.run(["-list", place.original], in: place.directory, reading: [place.original])
    var areas = [Double](repeating: 0, count: pages.count)
    for line in String(decoding: result.output, as: UTF8.self).split(separator: "\n").dropFirst(2) {
      // page, number, type, width, height, colour, components, bits, encoding, interpolation, object, generation, x and y pixels an inch, …
      let cells = line.split(separator: " ")
      guard cells.count >= 14, cells[2] == "image" || cells[2] == "stencil", let page = Int(cells[0]), areas.indices.contains(page - 1),
        let width = Double(cells[3]), let height = Double(cells[4]), let x = Double(cells[12]), let y = Double(cells[13]), x > 0, y > 0
      else { continue }
      areas[page - 1] += width / x * height / y
    }
    return pages.indices.filter { letters[$0] == 0 || letters[$0] < Self.fewLetters && areas[$0] >= Self.largePicture }.map { $0 + 1 }
  }
}
