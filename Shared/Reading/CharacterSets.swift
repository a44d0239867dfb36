import Platform

/// Text in older sets of characters, converted by the C library's iconv program.
struct CharacterSets: Sendable {
  private let helper: Helper
  private let temporaryDirectory: String

  init(_ configuration: ReaderConfiguration) {
    helper = Helper(program: configuration.programs.iconv, package: "libc-bin", kind: "text", limits: configuration.helperLimits)
    temporaryDirectory = configuration.temporaryDirectory
  }

  /// The names that mail and pages use, lower case, as iconv knows them. Anything else is not tried.
  private static let known: [String: String] = {
    var table: [String: String] = [:]
    for name in [
      "utf-16", "utf-16le", "utf-16be", "utf-7", "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7",
      "iso-8859-8",
      "iso-8859-9", "iso-8859-15", "koi8-r", "koi8-u", "big5", "gb18030", "euc-jp", "shift_jis", "iso-2022-jp", "euc-kr", "tis-620",
    ] { table[name] = name }
    for page in [437, 850, 852, 855, 866, 874, 932, 936, 949, 950, 1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258] {
      table["windows-\(page)"] = "cp\(page)"
      table["cp\(page)"] = "cp\(page)"
      table["ibm\(page)"] = "cp\(page)"
    }
    // What calls itself Latin 1 or ASCII is Windows' set of Western Europe as a rule, and that is a superset but for control characters.
    for name in ["iso-8859-1", "latin1", "windows-1252", "cp1252", "us-ascii", "ascii"] { table[name] = "cp1252" }
    for name in ["gb2312", "gbk", "x-gbk", "hz-gb-2312"] { table[name] = "gb18030" }
    return table
  }()

  static func isUTF8(_ name: String) -> Bool { ["utf-8", "utf8"].contains(name.lowercased()) }

  /// The text as UTF-8; characters that the set does not have are left out. Throws `unknownCharset` and what a helper throws.
  func converted(_ bytes: [UInt8], from name: String) async throws(ReadingError) -> [UInt8] {
    guard let known = Self.known[name.lowercased()] else { throw .unknownCharset }
    return try await convert(bytes, known)
  }

  /// As `converted`, but what is valid UTF-8 is taken as that, whatever it calls itself.
  func text(_ bytes: [UInt8], stated: String?) async throws(ReadingError) -> [UInt8] {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      let isOther = stated.map { ["utf-16", "utf-7", "iso-2022-jp", "hz-gb-2312"].contains($0.lowercased()) } ?? false
      if !isOther { return bytes }
    } catch { if stated.map(Self.isUTF8) ?? false { throw .invalidUTF8(offset: error.byteOffsets.lowerBound) } }
    return try await converted(bytes, from: stated ?? "windows-1252")
  }

  private func convert(_ bytes: [UInt8], _ name: String) async throws(ReadingError) -> [UInt8] {
    let place = try Workplace(.bytes(bytes), in: temporaryDirectory)
    // With -c iconv leaves out what cannot be converted, and ends with 1 when it did.
    let (status, result) = try await helper.run(["-c", "-f", name, "-t", "utf-8", place.original], in: place.directory)
    guard status == 0 || status == 1 && !result.output.isEmpty else { throw .unknownCharset }
    return result.output
  }

  /// The characters of the bytes 0x80…0xff in a code page of one byte a character; empty where it has none. Of code pages with two bytes a
  /// character, which writers of RTF give only as a fallback for Unicode, all are empty.
  func table(codePage: Int) async throws(ReadingError) -> [[UInt8]] {
    let none = [[UInt8]](repeating: [], count: 128)
    guard let known = codePage == 1252 ? "cp1252" : Self.known["cp\(codePage)"], ![932, 936, 949, 950].contains(codePage) else {
      return none
    }
    let text = try await convert((UInt8(0x80)...0xff).flatMap { [$0, 0x0a] }, known)
    let lines = text.split(separator: 0x0a, maxSplits: 128, omittingEmptySubsequences: false).prefix(128)
    return lines.count == 128 ? lines.map { Array($0) } : none
  }
}
