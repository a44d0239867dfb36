/// Reads HTML: its paragraphs, lists with their numbers, and tables; no scripts, styles or hidden machinery.
struct HTMLText {
  private static let skipped: Set<String> = [
    "script", "style", "noscript", "template", "svg", "math", "select", "button", "iframe", "object", "audio", "video", "canvas",
    "textarea",
  ]
  private static let blocks: Set<String> = [
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "section", "article", "header", "footer", "main", "nav", "aside",
    "address", "center", "dl", "dt", "dd", "pre", "figure", "figcaption", "form", "fieldset", "hr", "body", "html", "ul", "ol", "caption",
    "title", "summary", "details",
  ]

  private struct List {
    var style: ListNumber.Style
    var count: Int
  }
  /// Lists inside each other whose numbers are kept, at most.
  private static let deepestList = 64

  private let bytes: [UInt8]
  private var out: Assembly
  private var lists: [List] = []
  private var label = ""
  private var isSpaced = true
  private var preformatted = 0

  init(_ bytes: [UInt8], limit: Int) {
    self.bytes = bytes
    out = Assembly(limit: limit)
  }

  mutating func text() throws(ReadingError) -> [UInt8] {
    var xml = XML(bytes)
    var hidden = 0
    out.openParagraph()
    while let event = xml.next() {
      switch event {
      case .text(let text): if hidden == 0 { append(Self.unescaped(text)) }
      case .open(let tag):
        let name = String(decoding: tag.name.lazy.map { Prose.lowered($0) }, as: UTF8.self)
        if Self.skipped.contains(name) { xml.skipContent(of: Array(name.utf8)) } else if name == "head" || name == "title" { hidden += 1 }
        if name == "body" { hidden = 0 }
        if hidden == 0 { try begin(name, tag) }
      case .close(let bytes):
        let name = String(decoding: bytes.lazy.map { Prose.lowered($0) }, as: UTF8.self)
        if name == "head" || name == "title" { hidden = max(0, hidden - 1) }
        if hidden == 0 { try end(name) }
      }
    }
    try block()
    return try out.finish()
  }

  private mutating func append(_ text: [UInt8]) {
    if preformatted > 0 { return out.append(text) }
    var spaced: [UInt8] = []
    spaced.reserveCapacity(text.count)
    for byte in text {
      if XML.isSpace(byte) {
        if !isSpaced { spaced.append(0x20) }
        isSpaced = true
      } else {
        spaced.append(byte)
        isSpaced = false
      }
    }
    out.append(spaced)
  }

  /// Ends the paragraph and begins another.
  private mutating func block() throws(ReadingError) {
    let printed = out.hasText ? label : ""
    if out.hasText { label = "" }
    try out.closeParagraph(label: printed)
    out.openParagraph()
    isSpaced = true
  }

  private mutating func begin(_ name: String, _ tag: XML.Tag) throws(ReadingError) {
    switch name {
    case "br": out.append([0x0a])
    case "table":
      try block()
      out.openTable()
    case "tr":
      try block()
      try out.openRow()
    case "td", "th":
      try block()
      out.openCell()
    case "ul", "ol":
      try block()
      if lists.count < Self.deepestList {
        lists.append(List(style: name == "ul" ? .bullet : Self.style(tag["type"]), count: (tag.number("start") ?? 1) &- 1))
      }
    case "li":
      try block()
      guard !lists.isEmpty else { return }
      lists[lists.count - 1].count = tag.number("value") ?? lists[lists.count - 1].count &+ 1
      let list = lists[lists.count - 1]
      label = list.style == .bullet ? "•" : ListNumber.text(list.count, list.style) + "."
    case "pre":
      try block()
      preformatted += 1
    default: if Self.blocks.contains(name) { try block() }
    }
  }

  private mutating func end(_ name: String) throws(ReadingError) {
    switch name {
    case "table":
      try block()
      try out.closeTable()
    case "tr":
      try block()
      try out.closeRow()
    case "td", "th": try block()
    case "ul", "ol":
      try block()
      _ = lists.popLast()
      label = ""
    case "pre":
      try block()
      preformatted = max(0, preformatted - 1)
    default: if Self.blocks.contains(name) { try block() }
    }
  }

  private static func style(_ type: String?) -> ListNumber.Style {
    switch type {
    case "a": .lowerLetter
    case "A": .upperLetter
    case "i": .lowerRoman
    case "I": .upperRoman
    default: .decimal
    }
  }

  // MARK: Characters

  /// The set of characters a page declares in its first bytes; nil when it declares none.
  static func declaredCharset(_ bytes: UnsafeRawBufferPointer) -> String? {
    var xml = XML(Array(bytes.prefix(4096)))
    while let event = xml.next() {
      guard case .open(let tag) = event, tag.name.count == 4, tag.name.allSatisfy({ "METAmeta".utf8.contains($0) }) else { continue }
      if let name = tag["charset"] { return name }
      if let content = tag["content"], let found = content.lowercased().firstRange(of: "charset=") {
        return String(content.lowercased()[found.upperBound...].prefix { $0 != ";" && $0 != " " })
      }
    }
    return nil
  }

  private static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8] {
    guard text.contains(UInt8(ascii: "&")) else { return Array(text) }
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var index = text.startIndex
    while index < text.endIndex {
      if text[index] == UInt8(ascii: "&"), let (scalar, end) = XML.reference(text, index, named: { entities[String($0)] }) {
        result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        index = end
      } else {
        result.append(text[index])
        index += 1
      }
    }
    return result
  }

  private static let entities: [String: Unicode.Scalar] = {
    var table: [String: Unicode.Scalar] = [
      "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "OElig": "Œ", "oelig": "œ", "Scaron": "Š", "scaron": "š", "Yuml": "Ÿ",
      "ensp": " ", "emsp": " ", "thinsp": " ", "zwnj": "\u{200c}", "zwj": "\u{200d}", "lrm": "\u{200e}", "rlm": "\u{200f}", "ndash": "–",
      "mdash": "—", "lsquo": "‘", "rsquo": "’", "sbquo": "‚", "ldquo": "“", "rdquo": "”", "bdquo": "„", "dagger": "†", "Dagger": "‡",
      "bull": "•", "hellip": "…", "permil": "‰", "prime": "′", "Prime": "″", "lsaquo": "‹", "rsaquo": "›", "euro": "€", "trade": "™",
      "minus": "−", "larr": "←", "rarr": "→",
    ]
    // Those of U+00A0 to U+00FF, in order.
    let latin = """
      nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 \
      ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc \
      Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml \
      aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave \
      uacute ucirc uuml yacute thorn yuml
      """
    for (offset, name) in latin.split(separator: " ").enumerated() { table[String(name)] = Unicode.Scalar(0xa0 + UInt8(offset)) }
    return table
  }()
}
