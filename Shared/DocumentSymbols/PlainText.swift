/// What people type and paste as plain ASCII: full-width letters, unusual dashes and spaces, letters of other scripts that look alike, digits of
/// other scripts, percent-encoding, addresses, names of files.
enum PlainText {
  /// Stands for an en or em dash, which may join two symbols.
  static let dash: UInt8 = 0x1e
  static let hyphen = UInt8(ascii: "-")

  /// nil when a character has no place in any symbol. No longer than the text.
  static func ascii(_ written: some StringProtocol) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(written.utf8.count)
    let encoded = written.utf8.contains(UInt8(ascii: "%"))
    guard let text = encoded ? percentDecoded(written) : String(written) else { return nil }
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x21...0x7e, 0x20: bytes.append(UInt8(scalar.value))
      case 0x0a, 0x0d, 0x2028, 0x2029: bytes.append(0x0a)
      case 0x09, 0xa0, 0x1680, 0x2000...0x200a, 0x202f, 0x205f, 0x3000: bytes.append(0x20)
      case 0xad, 0x61c, 0x200b...0x200f, 0x202a...0x202e, 0x2060...0x2069, 0xfeff: continue  // seen by machines only
      case 0xff01...0xff5e: bytes.append(UInt8(scalar.value - 0xfee0))
      case 0x2010...0x2012, 0x2212, 0xfe58, 0xfe63: bytes.append(hyphen)
      case 0x2013...0x2015: bytes.append(dash)
      case 0x2044, 0x2215, 0x29f8: bytes.append(UInt8(ascii: "/"))
      case 0x2018...0x201f, 0xab, 0xbb, 0x300a...0x300f, 0x2039, 0x203a: bytes.append(UInt8(ascii: "\""))
      case 0x660...0x669: bytes.append(UInt8(scalar.value - 0x660) + 0x30)
      case 0x6f0...0x6f9: bytes.append(UInt8(scalar.value - 0x6f0) + 0x30)
      case 0x60c, 0x61b, 0x3001: bytes.append(UInt8(ascii: ","))
      default:
        guard let letter = lookalikes[scalar] else { return nil }
        bytes.append(letter)
      }
    }
    return bytes
  }

  /// Letters that a keyboard set to another script writes, and that look like Latin ones.
  private static let lookalikes: [Unicode.Scalar: UInt8] = {
    let pairs = [
      ("АВЕКМНОРСТХІ", "ABEKMHOPCTXI"), ("аеорсхі", "aeopcxi"), ("ΑΒΕΖΗΙΚΜΝΟΡΤΧ", "ABEZHIKMNOPTX"),
    ]
    return Dictionary(uniqueKeysWithValues: pairs.flatMap { zip($0.0.unicodeScalars, $0.1.utf8) })
  }()

  private static func percentDecoded(_ text: some StringProtocol) -> String? {
    var bytes: [UInt8] = []
    var source = text.utf8.makeIterator()
    while let byte = source.next() {
      guard byte == UInt8(ascii: "%") else {
        bytes.append(byte)
        continue
      }
      guard let high = source.next().flatMap(hexadecimal), let low = source.next().flatMap(hexadecimal) else { return nil }
      bytes.append(high << 4 | low)
    }
    return String(validating: bytes, as: UTF8.self)
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  // MARK: Addresses

  /// Hosts whose path is a symbol, and those that name it in their query only.
  private static let pathHosts: [StaticString] = ["undocs.org/", "www.undocs.org/", "docs.un.org/", "documents.un.org/"]
  private static let queryHosts: [StaticString] = [
    "daccess-ods.un.org/", "daccessods.un.org/", "daccess-dds-ny.un.org/", "www.un.org/", "un.org/", "undocs.un.org/",
  ]
  private static let queryNames: [StaticString] = ["finalsymbol=", "symbol=", "ds=", "s="]
  private static let languages: [StaticString] = ["en/", "fr/", "es/", "ru/", "ar/", "zh/", "de/"]

  /// The symbols in an address, with or without its scheme. A text that is no address is given back; nil when it is an address that names no symbol.
  static func withoutAddress(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    var rest = text
    var hasScheme = false
    for scheme in ["https://", "http://"] as [StaticString] where rest.begins(with: scheme) {
      rest = rest.dropFirst(scheme.utf8CodeUnitCount)
      hasScheme = true
    }
    let byPath = pathHosts.first { rest.begins(with: $0) }
    guard let host = byPath ?? queryHosts.first(where: { rest.begins(with: $0) }) else { return hasScheme ? nil : text }
    rest = rest.dropFirst(host.utf8CodeUnitCount).prefix { $0 != UInt8(ascii: "#") }
    if let mark = rest.firstIndex(of: UInt8(ascii: "?")) {
      for pair in rest[(mark + 1)...].split(separator: UInt8(ascii: "&")) {
        for name in queryNames where pair.begins(with: name) { return withoutLanguage(pair.dropFirst(name.utf8CodeUnitCount)) }
      }
      rest = rest[..<mark]
    }
    return byPath == nil ? nil : withoutLanguage(rest)
  }

  private static func withoutLanguage(_ path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    for language in languages where path.begins(with: language) { return path.dropFirst(language.utf8CodeUnitCount) }
    return path
  }

  // MARK: Names of files, and words around a symbol

  private static let endings: [StaticString] = [".pdf", ".txt", ".docx", ".doc", ".html", ".htm", ".rtf", ".odt", ".xml", ".md"]
  private static let languageEndings: [StaticString] = ["en", "fr", "es", "ru", "ar", "zh", "de"]

  /// Without a file's ending, the mark of its language (`-EN`, `_fr`) and the number of a copy (` (1)`).
  static func withoutFileEnding(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text
    if let ending = endings.first(where: { text.ends(with: $0) }) {
      text = text.dropLast(ending.utf8CodeUnitCount)
      if text.last == UInt8(ascii: ")"), let open = text.lastIndex(of: UInt8(ascii: "(")), open > text.startIndex, text[open - 1] == 0x20,
        text[(open + 1)...].dropLast().count < 3, text[(open + 1)...].dropLast().decimal != nil
      {
        text = text[..<open].trimmed
      }
    }
    let mark = text.dropLast(2).last
    guard mark == hyphen || mark == UInt8(ascii: "_"), languageEndings.contains(where: { text.ends(with: $0) }) else { return text }
    return text.dropLast(3)
  }

  private static let words: [StaticString] = [
    "united nations ", "un doc. ", "u.n. doc. ", "un document ", "documents ", "document ", "docs. ", "doc. ", "symbol: ", "symbol ",
  ]

  /// Without words that say that a symbol follows, and the marks that a sentence puts around one.
  static func withoutSurroundings(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var text = text.trimmed
    while let first = text.first, "\"'([{<".utf8.contains(first) { text = text.dropFirst() }
    for word in words where text.begins(with: word) { text = text.dropFirst(word.utf8CodeUnitCount).trimmed }
    var open = 0
    for byte in text { open += byte == UInt8(ascii: "(") ? 1 : byte == UInt8(ascii: ")") ? -1 : 0 }
    while let last = text.last, " \"']}>.,;:!?*/-".utf8.contains(last) || (last == UInt8(ascii: ")") && open < 0) {
      if last == UInt8(ascii: ")") { open += 1 }
      text = text.dropLast()
    }
    return text
  }
}
