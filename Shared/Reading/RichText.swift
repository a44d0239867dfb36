/// Reads RTF: text with the numbers that the file prints for lists, tables, notes, page breaks and the first page's header.
struct RichText {
  /// Groups inside each other, at most.
  private static let deepest = 256

  private struct Group {
    var isSkipped = false
    var isNote = false
    var isHidden = false
    var fallback = 1
    var font = -1
  }

  private let bytes: [UInt8]
  private let limit: Int
  /// The characters of 0x80…0xff by code page; see `CharacterSets.table`.
  private let tables: [Int: [[UInt8]]]
  private let codePage: Int
  private let fonts: [Int: Int]

  private var index = 0
  private var groups: [Group] = []
  private var group = Group()
  private var out: Assembly
  /// Characters of a fallback still to be passed over after `\u`.
  private var passing = 0
  private var high: UInt32?
  private var notes = 0
  private var inTable = false
  private var tableIsOpen = false
  private var cellIsNew = true

  private static let skipped: Set<String> = [
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "fldinst", "header", "headerl", "headerr", "footer", "footerl",
    "footerr",
    "footerf", "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "themedata", "datastore", "latentstyles", "xmlnstbl",
    "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "annotation", "atnid", "atnauthor", "bkmkstart", "bkmkend", "nonshppict", "template",
    "filetbl",
    "pgptbl", "xe", "tc", "sp", "mmathPr", "pntxta", "pntxtb", "wgrffmtfilter",
  ]
  /// Destinations that begin with `\*` and are read all the same.
  private static let read: Set<String> = ["shptxt", "footnote"]

  init(_ bytes: [UInt8], tables: [Int: [[UInt8]]], limit: Int) {
    self.bytes = bytes
    self.tables = tables
    self.limit = limit
    (codePage, fonts) = Self.codePages(bytes)
    out = Assembly(limit: limit)
  }

  /// The code pages that the file uses.
  static func codePages(of bytes: [UInt8]) -> Set<Int> {
    let found = codePages(bytes)
    return Set(found.fonts.values).union([found.own])
  }

  /// Bytes at the beginning in which the fonts are declared.
  private static let headerWindow = 256 << 10
  private static let pages: [Int: Int] = [
    128: 932, 129: 949, 134: 936, 136: 950, 161: 1253, 162: 1254, 177: 1255, 178: 1256, 186: 1257, 204: 1251, 238: 1250,
  ]

  private static func codePages(_ bytes: [UInt8]) -> (own: Int, fonts: [Int: Int]) {
    var own = 1252
    var fonts: [Int: Int] = [:]
    var font = -1
    var index = 0
    let end = min(bytes.count, headerWindow)
    while index < end {
      if bytes[index] != 0x5c {
        index += 1
        continue
      }
      let (word, number, next) = control(bytes, index)
      if word == "ansicpg", let number { own = number }
      if word == "f", let number { font = number }
      if word == "fcharset", let number, let page = pages[number] { fonts[font] = page }
      index = max(next, index + 1)
    }
    return (own, fonts)
  }

  /// The control word at `start`, its number, and where it ends; a symbol is a word of one character.
  private static func control(_ bytes: [UInt8], _ start: Int) -> (word: String, number: Int?, end: Int) {
    var index = start + 1
    guard index < bytes.count else { return ("", nil, index) }
    guard isLetter(bytes[index]) else { return (String(UnicodeScalar(bytes[index])), nil, index + 1) }
    let first = index
    while index < bytes.count, index - first < 32, isLetter(bytes[index]) { index += 1 }
    let word = String(decoding: bytes[first..<index], as: UTF8.self)
    let digits = index
    if index < bytes.count, bytes[index] == 0x2d { index += 1 }
    while index < bytes.count, index - digits < 11, isDigit(bytes[index]) { index += 1 }
    let number = Int(String(decoding: bytes[digits..<index], as: UTF8.self))
    if index < bytes.count, bytes[index] == 0x20 { index += 1 }
    return (word, number, index)
  }

  private static func isLetter(_ byte: UInt8) -> Bool { isLower(byte) || isUpper(byte) }

  mutating func text() throws(ReadingError) -> [UInt8] {
    out.openParagraph()
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case 0x7b:
        guard groups.count < Self.deepest else { throw .tooLarge(.depth, allowed: Self.deepest) }
        groups.append(group)
        index += 1
      case 0x7d:
        try close()
        index += 1
      case 0x5c:
        let (word, number, end) = Self.control(bytes, index)
        index = max(end, index + 1)
        try obey(word, number)
      case 0x0a, 0x0d: index += 1
      default:
        index += 1
        put(byte)
      }
    }
    try endParagraph()
    return try out.finish()
  }

  private mutating func close() throws(ReadingError) {
    guard let outer = groups.popLast() else { return }
    if group.isNote, !outer.isNote {
      try out.closeParagraph()
      notes += 1
      out.closeNote("\(notes)")
    }
    passing = 0
    group = outer
  }

  // MARK: Characters

  private var isSilent: Bool { group.isSkipped || group.isHidden }

  /// One byte of the code page.
  private mutating func put(_ byte: UInt8) {
    if passing > 0 {
      passing -= 1
      return
    }
    if isSilent { return }
    if byte < 0x80 { return out.append([byte]) }
    let table = tables[fonts[group.font] ?? codePage]
    out.append(table?[Int(byte) - 0x80] ?? UTF8.encodedReplacementCharacter.map { $0 })
  }

  private mutating func put(unit: UInt32) {
    passing = group.fallback
    if isSilent { return }
    if (0xd800...0xdbff).contains(unit) {
      high = unit
      return
    }
    var value = unit
    if let first = high.take(), (0xdc00...0xdfff).contains(unit) { value = 0x10000 + (first - 0xd800) << 10 + (unit - 0xdc00) }
    if let scalar = Unicode.Scalar(value) { out.append(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter) }
  }

  private mutating func put(_ text: String) {
    if passing > 0 {
      passing -= 1
    } else if !isSilent {
      out.append(text.utf8)
    }
  }

  // MARK: Control words

  private mutating func obey(_ word: String, _ number: Int?) throws(ReadingError) {
    if Self.skipped.contains(word) {
      group.isSkipped = true
      return
    }
    switch word {
    case "*":
      // A destination that may be passed over by who does not know it.
      if index < bytes.count, bytes[index] == 0x5c {
        if !Self.read.contains(Self.control(bytes, index).word) { group.isSkipped = true }
      }
    case "'":
      let digits = bytes[index..<min(index + 2, bytes.count)]
      index += digits.count
      if let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16) { put(byte) }
    case "u": if let number, number > -65536, number < 65536 { put(unit: UInt32(number < 0 ? number + 65536 : number)) }
    case "uc": group.fallback = min(max(number ?? 1, 0), 16)
    case "f": if let number { group.font = number }
    case "v": group.isHidden = number != 0
    case "deleted": group.isHidden = number != 0
    case "plain": group.isHidden = false
    case "bin": index = min(bytes.count, index + max(0, number ?? 0))
    case "\\", "{", "}": put(word)
    case "~": put(" ")
    case "_": put("-")
    case "tab": put("\t")
    case "line": put("\n")
    case "emdash": put("—")
    case "endash": put("–")
    case "lquote": put("‘")
    case "rquote": put("’")
    case "ldblquote": put("“")
    case "rdblquote": put("”")
    case "bullet": put("•")
    case "footnote": if !group.isSkipped, !group.isNote { beginNote() }
    default: if !isSilent { try obeyLayout(word, number) }
    }
  }

  private mutating func beginNote() {
    group.isNote = true
    out.openNote()
    out.openParagraph()
  }

  private mutating func obeyLayout(_ word: String, _ number: Int?) throws(ReadingError) {
    switch word {
    case "par", "sect":
      try endParagraph()
      if word == "sect" { out.pageBreak() }
    case "page", "pagebb": out.pageBreak()
    case "pard": inTable = false
    case "intbl": inTable = true
    case "trowd":
      inTable = true
      if !tableIsOpen {
        tableIsOpen = true
        out.openTable()
      }
    case "cell":
      inTable = true
      try endParagraph()
      cellIsNew = true
    case "row":
      try out.closeRow()
      cellIsNew = true
    default: break
    }
  }

  private mutating func endParagraph() throws(ReadingError) {
    if tableIsOpen, !group.isNote {
      if inTable {
        if cellIsNew { out.openCell() }
        cellIsNew = false
      } else {
        tableIsOpen = false
        try out.closeTable()
      }
    }
    try out.closeParagraph()
    out.openParagraph()
  }
}
