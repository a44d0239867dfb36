/// The types of originals that can be read.
enum MediaType: Sendable {
  case pdf, utf8, utf16, word, openDocument, oldWord, richText, html, mail, zip, png, jpeg, tiff

  var name: String {
    switch self {
    case .pdf: "application/pdf"
    case .utf8: "text/plain; charset=utf-8"
    case .utf16: "text/plain; charset=utf-16"
    case .word: "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    case .openDocument: "application/vnd.oasis.opendocument.text"
    case .oldWord: "application/msword"
    case .richText: "application/rtf"
    case .html: "text/html"
    case .mail: "message/rfc822"
    case .zip: "application/zip"
    case .png: "image/png"
    case .jpeg: "image/jpeg"
    case .tiff: "image/tiff"
    }
  }

  /// Bytes in which a PDF's header may stand after others (ISO 32000-1, annex H, note 13).
  private static let headerWindow = 1024

  /// The type by the bytes. What a submitter states, and a file's name, are only believed where text could be either plain, HTML or mail, and to
  /// explain a refusal. Throws `unsupportedType`, `damaged` and `binary`.
  static func sniff(_ bytes: UnsafeRawBufferPointer, stated: String?, fileName: String) throws(ReadingError) -> MediaType {
    let stated = stated?.lowercased() ?? ""
    let name = fileName.lowercased()
    let head = bytes.prefix(headerWindow)
    let isUTF16 = starts(bytes, [0xff, 0xfe]) || starts(bytes, [0xfe, 0xff])
    if starts(bytes, [0x50, 0x4b, 3, 4]) || starts(bytes, [0x50, 0x4b, 5, 6]) { return try archive(bytes) }
    if starts(bytes, [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]) { return try compound(bytes) }
    if starts(bytes, "{\\rtf") { return .richText }
    if starts(bytes, "%PDF-") || contains(head, "%PDF-"), !isUTF16, !isMail(bytes, stated, name) { return .pdf }
    if stated.hasPrefix("application/pdf") { throw .damaged("PDF", "it does not begin as a PDF does") }
    if starts(bytes, [0x89, 0x50, 0x4e, 0x47]) { return .png }
    if starts(bytes, [0xff, 0xd8, 0xff]) { return .jpeg }
    if starts(bytes, [0x49, 0x49, 0x2a, 0]) || starts(bytes, [0x4d, 0x4d, 0, 0x2a]) { return .tiff }
    for (magic, name) in known where starts(bytes, magic) { throw .unsupportedType(name) }
    if starts(bytes, [0xff, 0xfe, 0, 0]) { throw .unsupportedType("UTF-32 text") }
    if isMail(bytes, stated, name) { return .mail }
    if isHTML(bytes, stated, name) { return .html }
    if isUTF16 { return .utf16 }
    if let offset = head.firstIndex(of: 0) { throw .binary(offset: offset) }
    return .utf8
  }

  private static let known: [([UInt8], String)] = [
    (Array("GIF8".utf8), "a GIF picture"), ([0x1f, 0x8b], "a gzip file"), ([0x28, 0xb5, 0x2f, 0xfd], "a Zstandard file"),
    (Array("\u{7f}ELF".utf8), "a program"), (Array("MZ".utf8) + [0x90, 0], "a program"), (Array("%!PS".utf8), "a PostScript file"),
    (Array("7z".utf8) + [0xbc, 0xaf], "a 7-Zip archive"), (Array("Rar!".utf8), "a RAR archive"), (Array("BZh".utf8), "a bzip2 file"),
    ([0xfd, 0x37, 0x7a, 0x58, 0x5a], "an xz file"),
  ]

  private static func archive(_ bytes: UnsafeRawBufferPointer) throws(ReadingError) -> MediaType {
    guard let directory = ZIPDirectory(bytes) else { throw .damaged("ZIP", "its directory is missing, as when a file is cut short") }
    if directory.has("word/document.xml") { return .word }
    if directory.has("content.xml"), directory.has("mimetype") {
      let type = bytes.prefix(200)
      if contains(type, "opendocument.text") { return .openDocument }
      throw .unsupportedType("an OpenDocument file of another kind than text")
    }
    if directory.has("xl/workbook.xml") { throw .unsupportedType("an Excel workbook") }
    if directory.has("ppt/presentation.xml") { throw .unsupportedType("a PowerPoint presentation") }
    if directory.has("META-INF/container.xml") { throw .unsupportedType("an EPUB book") }
    return .zip
  }

  /// Old Office files are told apart by the names of their streams, which are in UTF-16.
  private static func compound(_ bytes: UnsafeRawBufferPointer) throws(ReadingError) -> MediaType {
    func has(_ name: String) -> Bool {
      let wide: [UInt8] = name.utf8.flatMap { byte in [byte, 0] as [UInt8] }
      // Directory entries stand at multiples of 128 bytes.
      return stride(from: 0, to: bytes.count - wide.count, by: 128).contains { at in bytes[at...].starts(with: wide) }
    }
    if has("WordDocument") { return .oldWord }
    if has("EncryptedPackage") { throw .encrypted("Word") }
    throw .unsupportedType(has("Workbook") || has("Book") ? "an old Excel workbook" : "an old Office file of another kind than Word")
  }

  /// Mail begins with header fields. A typed memorandum does too: only fields that machines write make it mail.
  private static func isMail(_ bytes: UnsafeRawBufferPointer, _ stated: String, _ name: String) -> Bool {
    var isKnown = stated.hasPrefix("message/rfc822") || name.hasSuffix(".eml")
    var fields = 0
    var rest = bytes.prefix(16 << 10)
    var isLast = false
    for count in 0...200 where !isLast {
      let end = count < 200 ? rest.firstIndex(of: 0x0a) : nil
      let line = rest[..<(end ?? rest.endIndex)]
      isLast = end == nil
      if let end { rest = rest[(end + 1)...] }
      guard let first = line.first, first != 0x0d else { break }
      if first == 0x20 || first == 0x09 { continue }
      let field = String(decoding: line.prefix { $0 != 0x3a }.prefix(64), as: UTF8.self).lowercased()
      guard line.contains(0x3a), !field.contains(" ") else { return false }
      fields += 1
      if ["message-id", "mime-version", "received", "return-path", "content-type", "delivered-to"].contains(field) { isKnown = true }
    }
    return isKnown && fields >= 2
  }

  private static func isHTML(_ bytes: UnsafeRawBufferPointer, _ stated: String, _ name: String) -> Bool {
    let mark = starts(bytes, [0xef, 0xbb, 0xbf]) ? 3 : 0
    let head = bytes.dropFirst(mark).prefix(512)
    let first = head.first { $0 > 0x20 || $0 > 0 && $0 < 0x09 || $0 > 0x0d && $0 < 0x20 }
    guard let first, first == UInt8(ascii: "<") || first >= 0x80 else { return false }
    let start = String(decoding: head.filter { $0 != 0 }, as: UTF8.self).lowercased()
    let text = start.drop { $0.isWhitespace || $0 == "\u{fffd}" }
    guard text.hasPrefix("<") else { return false }
    if stated.hasPrefix("text/html") || name.hasSuffix(".html") || name.hasSuffix(".htm") || name.hasSuffix(".xhtml") { return true }
    return ["<!doctype html", "<html", "<head", "<body"].contains { text.hasPrefix($0) }
      || text.hasPrefix("<?xml") && text.contains("<html")
  }

  private static func starts(_ bytes: UnsafeRawBufferPointer, _ magic: some Sequence<UInt8>) -> Bool { bytes.starts(with: magic) }
  private static func starts(_ bytes: UnsafeRawBufferPointer, _ magic: StaticString) -> Bool {
    magic.withUTF8Buffer { bytes.starts(with: $0) }
  }
  private static func contains(_ bytes: Slice<UnsafeRawBufferPointer>, _ magic: StaticString) -> Bool {
    magic.withUTF8Buffer { word in
      guard let first = word.first else { return false }
      return bytes.indices.contains { bytes[$0] == first && bytes[$0...].starts(with: word) }
    }
  }
}
