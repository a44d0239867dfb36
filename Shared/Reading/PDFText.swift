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
    let text = LamAlef.mended(Hyphens.mended(Self.inColumns(WordMending.mended(layout.output, by: raw.output), raw.output), by: raw.output))
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: text.span)
    } catch { throw .helperFailed("it printed text that is not UTF-8") }
    return Printed(text: text, hasErrors: Helper.mentions(layout.errorOutput, "Syntax Error"))
  }

  /// Lines in which two texts stand side by side: so many, and such a share of a page's, make two columns of text.
  private static let fewestColumnLines = 8
  private static let columnShare = 40
  private static let columnLetters = 25

  /// `layout` with the pages that are set in two columns as `raw` has them: one column after the other.
  private static func inColumns(_ layout: [UInt8], _ raw: [UInt8]) -> [UInt8] {
    let pages = layout.split(separator: 0x0c, omittingEmptySubsequences: false)
    guard pages.contains(where: isInColumns) else { return layout }
    let others = raw.split(separator: 0x0c, omittingEmptySubsequences: false)
    guard others.count == pages.count else { return layout }
    return Array(zip(pages, others).map { isInColumns($0) ? $1 : $0 }.joined(separator: [0x0c]))
  }

  private static func isInColumns(_ page: ArraySlice<UInt8>) -> Bool {
    var lines = 0
    var wide = 0
    for line in page.split(separator: 0x0a) where line.contains(where: { $0 > 0x20 }) {
      lines += 1
      // Letters before and after the last gap of three spaces or more.
      var left = 0
      var right = 0
      var gap = 0
      for byte in line {
        if byte == 0x20 {
          gap += 1
        } else if byte & 0xc0 != 0x80 {
          if gap >= 3, left + right > 0 {
            left += right
            right = 0
          }
          gap = 0
          right += 1
        }
      }
      if left >= columnLetters, right >= columnLetters { wide += 1 }
    }
    return wide >= fewestColumnLines && wide * 100 > lines * columnShare
  }

  private func run(_ mode: String, _ path: String, _ directory: String) async throws(ReadingError) -> ChildResult {
    let (status, result) = try await helper.run([mode, "-enc", "UTF-8", path, "-"], in: directory, reading: [path])
    try Self.check(status, result)
    return result
  }

  /// pdftotext(1): 1 the file cannot be opened, 3 its permissions forbid it, 99 among others that it has no page.
  static func check(_ status: Int32, _ result: ChildResult) throws(ReadingError) {
    if status == 0 { return }
    if status == 3 || Helper.mentions(result.errorOutput, "Incorrect password") || Helper.mentions(result.errorOutput, "ncrypt") {
      throw .encrypted("PDF")
    }
    if status == 1 { throw .damaged("PDF", "its structure cannot be read, as when a file is cut short") }
    if status == 99 { throw .damaged("PDF", "no page of it can be found") }
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
