import Platform

/// What a file of any kind gives: its text, as the form is read from, and what came with it.
struct Extracted: Sendable {
  var text: [UInt8]
  /// Whether empty lines in it stand between paragraphs and nowhere else.
  var marksParagraphs = false
  var notes: [ReadingNote] = []
  /// What the file itself states beside its text.
  var metadata: [String: String] = [:]
  var attachments: [Member] = []
}

extension Extracted {
  fileprivate mutating func take(_ result: Recognition.Result) {
    notes += result.notes
    if !result.confidences.isEmpty { metadata["ocr"] = String(result.summary.prefix(1000)) }
  }
}

/// Extracts the text of files of every kind.
struct Extraction: Sendable {
  private let configuration: ReaderConfiguration
  private var limit: Int { configuration.textBytes }

  init(_ configuration: ReaderConfiguration) { self.configuration = configuration }

  func extract(_ type: MediaType, _ original: Original, _ bytes: Bytes) async throws(ReadingError) -> Extracted {
    switch type {
    case .utf8, .utf16:
      return Extracted(text: Hyphens.mended(try bytes.withBytes { (all) throws(ReadingError) in try TextDecoding.decode(all, as: type) }))
    case .pdf: return try await pdf(original, bytes)
    case .word, .openDocument: return Extracted(text: try await office(type, original, bytes), marksParagraphs: true)
    case .oldWord:
      return Extracted(
        text: try await oldWord(original), marksParagraphs: true,
        notes: [
          ReadingNote(
            "text", "numbers that Word gives to paragraphs by itself are not in old Word files' text: submit a .docx or PDF to have them")
        ])
    case .richText: return Extracted(text: try await richText(bytes.array), marksParagraphs: true)
    case .html: return Extracted(text: try await html(bytes.array, stated: original.mediaType), marksParagraphs: true)
    case .mail: return try await mail(bytes.array)
    case .zip: throw .unsupportedType("a ZIP archive, which holds papers and is none itself")
    case .png, .jpeg, .tiff: return try await picture(original)
    }
  }

  private func pdf(_ original: Original, _ bytes: Bytes) async throws(ReadingError) -> Extracted {
    guard bytes.withBytes(PDFText.hasEndMarker) else {
      throw .damaged("PDF", "its end-of-file mark is missing, as when a file is cut short")
    }
    let place = try Workplace(original.source, in: configuration.temporaryDirectory)
    let reader = PDFText(configuration)
    let printed = try await reader.text(in: place)
    guard printed.text.count <= limit else { throw .tooLarge(.textBytes, allowed: limit) }
    var extracted = Extracted(text: printed.text)
    if printed.hasErrors {
      extracted.notes.append(ReadingNote("text", "the PDF breaks its format's rules in places; text may be missing"))
    }
    // pdftotext ends each page with a form feed.
    var pages = printed.text.split(separator: 0x0c, omittingEmptySubsequences: false)
    if pages.last?.isEmpty == true { pages.removeLast() }
    let scanned = try await reader.scannedPages(pages, in: place)
    guard !scanned.isEmpty else { return extracted }
    let recognition = Recognition(configuration)
    if let obstacle = recognition.obstacle {
      let list = scanned.prefix(50).map { "\($0)" }.joined(separator: ", ")
      extracted.notes.append(ReadingNote("text", "pages that are pictures were not read: \(list): \(obstacle)"))
      return extracted
    }
    let result = try await recognition.pdf(scanned, in: place)
    // A stamp in the text layer may be all there is.
    for (page, text) in result.pages where text.count > pages[page - 1].count { pages[page - 1] = Hyphens.mended(text)[...] }
    extracted.text = Array(pages.joined(separator: [0x0c])) + [0x0c]
    extracted.take(result)
    return extracted
  }

  private func picture(_ original: Original) async throws(ReadingError) -> Extracted {
    let recognition = Recognition(configuration)
    if recognition.obstacle != nil {
      guard configuration.recognition.isOn else { throw .unsupportedType("a picture, and reading pictures is switched off here") }
      throw .helperMissing(program: configuration.programs.tesseract, package: "tesseract-ocr")
    }
    let place = try Workplace(original.source, in: configuration.temporaryDirectory)
    let result = try await recognition.picture(in: place)
    var extracted = Extracted(text: [])
    for (_, text) in result.pages.sorted(by: { $0.key < $1.key }) { extracted.text += Hyphens.mended(text) + [0x0c] }
    extracted.take(result)
    return extracted
  }

  // MARK: Word processors

  private func office(_ type: MediaType, _ original: Original, _ bytes: Bytes) async throws(ReadingError) -> [UInt8] {
    let kind = type == .word ? "Word" : "OpenDocument"
    let entries = bytes.withBytes { ZIPDirectory($0) }?.entries.filter {
      type == .word ? WordFile.isPart($0.name) : OpenDocument.parts.contains($0.name)
    }
    guard let entries else { throw .damaged(kind, "its directory is missing, as when a file is cut short") }
    let unpacker = Unpacker(configuration)
    try Unpacker.check(entries, of: bytes.count, unpacked: unpacker.helper.limits.output)
    let place = try Workplace(original.source, in: configuration.temporaryDirectory)
    var parts: [String: [UInt8]] = [:]
    for member in try await unpacker.members(entries, byName: true, in: place) {
      guard member.isWhole else { throw .damaged(kind, "a part of it does not have the length and checksum that its directory states") }
      parts[member.name] = member.bytes
    }
    if type == .word {
      var file = WordFile(parts, limit: limit)
      return try file.text()
    }
    var file = OpenDocument(parts, limit: limit)
    return try file.text()
  }

  private func oldWord(_ original: Original) async throws(ReadingError) -> [UInt8] {
    let helper = Helper(program: configuration.programs.antiword, package: "antiword", kind: "Word", limits: configuration.helperLimits)
    let place = try Workplace(original.source, in: configuration.temporaryDirectory)
    // One line a paragraph, UTF-8, no pictures.
    let (status, result) = try await helper.run(
      ["-w", "0", "-m", "UTF-8.txt", "-i", "1", place.original], in: place.directory, reading: [place.original],
      environment: ["HOME=\(place.directory)"])
    if Helper.mentions(result.errorOutput + result.output.prefix(200), "ncrypted") { throw .encrypted("Word") }
    guard status == 0 else { throw .damaged("Word", "its structure cannot be read, as when a file is cut short") }
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: result.output.span)
    } catch { throw .helperFailed("it printed text that is not UTF-8") }
    guard result.output.count <= limit else { throw .tooLarge(.textBytes, allowed: limit) }
    return try OldWordText.text(try TextDecoding.checked(result.output), limit: limit)
  }

  private func richText(_ bytes: [UInt8]) async throws(ReadingError) -> [UInt8] {
    guard bytes.count <= limit * 4 else { throw .tooLarge(.fileBytes, allowed: limit * 4) }
    var tables: [Int: [[UInt8]]] = [:]
    for page in RichText.codePages(of: bytes) { tables[page] = try await CharacterSets(configuration).table(codePage: page) }
    var file = RichText(bytes, tables: tables, limit: limit)
    return try file.text()
  }

  // MARK: Pages and mail

  private func html(_ bytes: [UInt8], stated: String?) async throws(ReadingError) -> [UInt8] {
    guard bytes.count <= limit else { throw .tooLarge(.textBytes, allowed: limit) }
    if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) {
      let text = try Bytes.memory(bytes).withBytes { (all) throws(ReadingError) in try TextDecoding.decode(all, as: .utf16) }
      return try hypertext(text)
    }
    let charset = stated?.lowercased().split(separator: "charset=").dropFirst().first.map(String.init)
    let declared = charset ?? bytes.withUnsafeBytes { HTMLText.declaredCharset($0) }
    return try hypertext(try await CharacterSets(configuration).text(bytes, stated: declared))
  }

  private func hypertext(_ text: [UInt8]) throws(ReadingError) -> [UInt8] {
    var page = HTMLText(try TextDecoding.checked(text), limit: limit)
    return try page.text()
  }

  private func mail(_ bytes: [UInt8]) async throws(ReadingError) -> Extracted {
    let mail = try Mail(bytes)
    var extracted = Extracted(text: [], attachments: mail.attachments)
    for part in mail.texts where part.bytes.contains(where: { $0 > 0x20 }) {
      var text = try await CharacterSets(configuration).text(part.bytes, stated: part.charset)
      text = part.type == "text/html" ? try hypertext(text) : try TextDecoding.checked(text)
      extracted.text.append(contentsOf: text)
      extracted.text.append(contentsOf: [0x0a, 0x0a])
      guard extracted.text.count <= limit else { throw .tooLarge(.textBytes, allowed: limit) }
    }
    for (name, value) in [
      ("title", mail.subject), ("date", mail.day), ("from", mail.from), ("to", mail.to), ("message-id", mail.messageID),
    ] {
      if let value, !value.isEmpty { extracted.metadata[name] = String(value.prefix(1000)) }
    }
    if mail.pictures > 0 { extracted.notes.append(ReadingNote("attachments", "\(mail.pictures) pictures within the text were left out")) }
    return extracted
  }
}
