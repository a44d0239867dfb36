/// Reads e-mail (RFC 5322, MIME): the headers a reader wants, the text, and the attached files.
struct Mail {
  /// Parts within each other, and parts in all, at most.
  static let deepest = 16
  static let mostParts = 1_000

  struct Part {
    var type: String
    var charset: String?
    var bytes: [UInt8]
  }

  private(set) var subject: String?
  private(set) var from: String?
  private(set) var to: String?
  /// The header's day, ISO.
  private(set) var day: String?
  private(set) var messageID: String?
  /// What is to be read as the message's own text, in order: plain text where there is any, else HTML.
  private(set) var texts: [Part] = []
  private(set) var attachments: [Member] = []
  /// Pictures within the text, as logos are, which are no papers.
  private(set) var pictures = 0
  private var parts = 0

  init(_ bytes: [UInt8]) throws(ReadingError) {
    let headers = Headers(bytes[...])
    subject = headers["subject"].map(MailWords.decoded)
    from = headers["from"].map(MailWords.decoded)
    to = headers["to"].map(MailWords.decoded)
    day = headers["date"].flatMap(Self.isoDay)
    messageID = headers["message-id"]
    try read(headers, depth: 0, related: false)
  }

  private mutating func read(_ headers: Headers, depth: Int, related: Bool) throws(ReadingError) {
    guard depth < Self.deepest else { throw .tooLarge(.depth, allowed: Self.deepest) }
    parts += 1
    guard parts <= Self.mostParts else { throw .tooLarge(.members, allowed: Self.mostParts) }
    let type = MailField(headers["content-type"] ?? "text/plain")
    let disposition = MailField(headers["content-disposition"] ?? "")
    if type.value.hasPrefix("multipart/"), let boundary = type["boundary"], !boundary.isEmpty {
      let sections = Self.sections(headers.body, boundary: boundary)
      guard type.value == "multipart/alternative" else {
        for section in sections { try read(Headers(section), depth: depth + 1, related: related || type.value == "multipart/related") }
        return
      }
      // The same text several times, the plainest first: the first that gives text, with the attachments of all.
      let before = texts
      var chosen: [Part] = []
      for section in sections {
        texts = []
        try read(Headers(section), depth: depth + 1, related: related)
        if chosen.isEmpty { chosen = texts }
      }
      texts = before + chosen
      return
    }
    let name = (disposition["filename"] ?? type["name"]).map(MailWords.decoded)
    if related && type.value.hasPrefix("image/") || disposition.value == "inline" && type.value.hasPrefix("image/") {
      pictures += 1
      return
    }
    let bytes = Self.decoded(headers.body, headers["content-transfer-encoding"])
    if type.value == "message/rfc822" {
      attachments.append(Member(name: name ?? "message-\(attachments.count + 1).eml", bytes: bytes))
    } else if name != nil || disposition.value == "attachment" || !type.value.hasPrefix("text/") {
      if type.value == "application/pkcs7-signature" || type.value == "application/pgp-signature" { return }
      attachments.append(Member(name: name ?? "attachment-\(attachments.count + 1)", bytes: bytes))
    } else if type.value == "text/plain" || type.value == "text/html" {
      texts.append(Part(type: type.value, charset: type["charset"], bytes: bytes))
    }
  }

  /// The parts between lines `--boundary`, up to `--boundary--`.
  private static func sections(_ body: ArraySlice<UInt8>, boundary: String) -> [ArraySlice<UInt8>] {
    let mark = Array("--\(boundary)".utf8)
    var sections: [ArraySlice<UInt8>] = []
    var start: Int?
    var line = body.startIndex
    while line < body.endIndex {
      let end = body[line...].firstIndex(of: 0x0a) ?? body.endIndex
      if body[line..<end].starts(with: mark) {
        if let start, sections.count < mostParts { sections.append(body[start..<max(start, line - 1)]) }
        let rest = body[(line + mark.count)..<end]
        start = min(end + 1, body.endIndex)
        if rest.starts(with: [0x2d, 0x2d]) { return sections }
      }
      line = end + 1
    }
    // A message that was cut off: what is there of its last part.
    if let start, start < body.endIndex { sections.append(body[start...]) }
    return sections
  }

  private static func decoded(_ body: ArraySlice<UInt8>, _ encoding: String?) -> [UInt8] {
    switch encoding?.lowercased() {
    case "base64": MailWords.base64(body)
    case "quoted-printable": MailWords.quotedPrintable(body)
    default: Array(body)
    }
  }

  /// "Tue, 26 Nov 2019 10:00:00 +0100" as 2019-11-26.
  private static func isoDay(_ text: String) -> String? {
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    let words = text.lowercased().split { " ,\t".contains($0) }
    guard let place = words.firstIndex(where: { word in months.contains { word.hasPrefix($0) } }), place > 0, place + 1 < words.count,
      let month = months.firstIndex(where: { words[place].hasPrefix($0) }), let day = Int(words[place - 1]),
      let year = Int(words[place + 1]),
      (1...31).contains(day), (1970...9999).contains(year)
    else { return nil }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(year)-\(two(month + 1))-\(two(day))"
  }
}

/// The header fields before an empty line, and what comes after it.
private struct Headers {
  private var fields: [String: String] = [:]
  let body: ArraySlice<UInt8>
  private static let most = 1_000
  private static let longest = 64 << 10

  init(_ bytes: ArraySlice<UInt8>) {
    var line = bytes.startIndex
    var name = ""
    var value: [UInt8] = []
    var count = 0
    func text(_ value: [UInt8]) -> String { String(decoding: value, as: UTF8.self) }
    while line < bytes.endIndex {
      let end = bytes[line...].firstIndex(of: 0x0a) ?? bytes.endIndex
      let content = end > line && bytes[end - 1] == 0x0d ? bytes[line..<(end - 1)] : bytes[line..<end]
      line = min(end + 1, bytes.endIndex)
      if content.isEmpty { break }
      if content.first == 0x20 || content.first == 0x09 {
        if value.count < Self.longest {
          value.append(0x20)
          value.append(contentsOf: content.drop { $0 == 0x20 || $0 == 0x09 }.prefix(Self.longest))
        }
        continue
      }
      if !name.isEmpty, fields[name] == nil { fields[name] = text(value) }
      count += 1
      guard let colon = content.firstIndex(of: 0x3a), count <= Self.most else {
        name = ""
        continue
      }
      name = text(Array(content[..<colon])).lowercased()
      value = Array(content[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }.prefix(Self.longest))
    }
    if !name.isEmpty, fields[name] == nil { fields[name] = text(value) }
    body = bytes[line...]
  }

  subscript(_ name: String) -> String? { fields[name] }
}

/// A field with parameters: `text/plain; charset="utf-8"`.
private struct MailField {
  /// Lower case.
  let value: String
  private var parameters: [String: String] = [:]

  init(_ text: String) {
    var pieces: [String] = [""]
    var quoted = false
    var escaped = false
    for character in text {
      if escaped {
        pieces[pieces.count - 1].append(character)
        escaped = false
      } else if quoted, character == "\\" {
        escaped = true
      } else if character == "\"" {
        quoted.toggle()
      } else if character == ";", !quoted {
        pieces.append("")
      } else {
        pieces[pieces.count - 1].append(character)
      }
    }
    value = Self.trimmed(pieces[0]).lowercased()
    var continued: [String: [Int: String]] = [:]
    for piece in pieces.dropFirst().prefix(100) {
      guard let equals = piece.firstIndex(of: "=") else { continue }
      let name = Self.trimmed(String(piece[..<equals])).lowercased()
      let value = Self.trimmed(String(piece[piece.index(after: equals)...]))
      // RFC 2231: name*0*=utf-8''percent-encoded, name*1=….
      let words = name.split(separator: "*", omittingEmptySubsequences: false)
      guard words.count > 1, let base = words.first else {
        parameters[name] = value
        continue
      }
      continued[String(base), default: [:]][Int(words[1]) ?? 0] = name.hasSuffix("*") ? Self.percentDecoded(value) : value
    }
    for (name, pieces) in continued where parameters[name] == nil {
      parameters[name] = pieces.sorted { $0.key < $1.key }.map(\.value).joined()
    }
  }

  subscript(_ name: String) -> String? { parameters[name] }

  private static func trimmed(_ text: String) -> String { String(Prose.trimmed(text[...])) }

  private static func percentDecoded(_ text: String) -> String {
    // Its set of characters and language come before two apostrophes; other sets than UTF-8 are rare, and shown as they are.
    let pieces = text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
    var bytes: [UInt8] = []
    var rest = Array((pieces.count == 3 ? pieces[2] : text[...]).utf8)[...]
    while let byte = rest.popFirst() {
      if byte == 0x25, rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) {
        bytes.append(value)
        rest.removeFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The ways in which mail writes what is not ASCII.
enum MailWords {
  /// With encoded words (RFC 2047) as what they stand for, where they are in UTF-8, ASCII or Latin 1.
  static func decoded(_ text: String) -> String {
    guard text.contains("=?") else { return text }
    var result = ""
    var rest = text[...]
    var wasEncoded = false
    while let start = rest.firstRange(of: "=?") {
      let before = rest[..<start.lowerBound]
      let pieces = rest[start.upperBound...].split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
      guard pieces.count == 4, pieces[3].hasPrefix("="), pieces[1].count == 1 else { break }
      // Spaces between two encoded words belong to neither.
      if !(wasEncoded && before.allSatisfy { $0 == " " }) { result += before }
      result += word(pieces[0].lowercased(), pieces[1].lowercased(), pieces[2])
      rest = pieces[3].dropFirst()
      wasEncoded = true
    }
    return result + rest
  }

  private static func word(_ charset: String, _ encoding: String, _ text: Substring) -> String {
    let bytes =
      encoding == "b" ? base64(Array(text.utf8)[...]) : quotedPrintable(Array(text.utf8.map { $0 == 0x5f ? 0x20 : $0 })[...])
    if ["iso-8859-1", "latin1", "windows-1252"].contains(charset.prefix { $0 != "*" }) {
      return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func base64(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count / 4 * 3)
    var bits: UInt32 = 0
    var count = 0
    for byte in text {
      let value: UInt8
      switch byte {
      case 0x41...0x5a: value = byte - 0x41
      case 0x61...0x7a: value = byte - 0x61 + 26
      case 0x30...0x39: value = byte - 0x30 + 52
      case 0x2b, 0x2d: value = 62
      case 0x2f, 0x5f: value = 63
      case 0x3d: return result
      default: continue
      }
      bits = bits << 6 | UInt32(value)
      count += 1
      if count % 4 != 1 { result.append(UInt8(truncatingIfNeeded: bits >> UInt32((4 - (count - 1) % 4 - 1) * 2))) }
    }
    return result
  }

  static func quotedPrintable(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      guard text[index] == 0x3d else {
        result.append(text[index])
        index += 1
        continue
      }
      let next = text[(index + 1)...].prefix(2)
      if let value = next.count == 2 ? UInt8(String(decoding: next, as: UTF8.self), radix: 16) : nil {
        result.append(value)
        index += 3
      } else if next.first == 0x0a {
        index += 2
      } else if next.elementsEqual([0x0d, 0x0a]) {
        index += 3
      } else {
        result.append(0x3d)
        index += 1
      }
    }
    return result
  }
}
