/// Reads a Word file (.docx): the first page's header, where the masthead is, then the text with its numbers as printed, tables, notes and the
/// page breaks that Word last set. Other headers and footers are running heads and stay out.
struct WordFile {
  /// Whether a part is read, by its name in the archive.
  static func isPart(_ name: String) -> Bool {
    let parts = ["document", "numbering", "styles", "footnotes", "endnotes", "_rels/document.xml.rels"]
    return parts.contains { name == "word/\($0)" || name == "word/\($0).xml" } || isHeader(name)
  }

  /// "word/header1.xml". Names go to a program as patterns, so that there are no others than these thousand.
  private static func isHeader(_ name: String) -> Bool {
    let number = name.dropFirst("word/header".count).dropLast(".xml".count)
    return name.hasPrefix("word/header") && name.hasSuffix(".xml") && isDigits(number, 0...3)
  }

  private let parts: [String: [UInt8]]
  private var numbering: WordNumbering
  private var footnotes: [String: [UInt8]] = [:]
  private var endnotes: [String: [UInt8]] = [:]
  private var noteCount = 0
  private var endnoteCount = 0
  private let limit: Int

  init(_ parts: [String: [UInt8]], limit: Int) {
    self.parts = parts
    self.limit = limit
    numbering = WordNumbering(numbering: parts["word/numbering.xml"] ?? [], styles: parts["word/styles.xml"] ?? [])
  }

  mutating func text() throws(ReadingError) -> [UInt8] {
    guard let document = parts["word/document.xml"] else { throw .damaged("Word", "it has no text part") }
    footnotes = try notes(parts["word/footnotes.xml"] ?? [], "w:footnote")
    endnotes = try notes(parts["word/endnotes.xml"] ?? [], "w:endnote")
    var out = Assembly(limit: limit)
    if let header = firstHeader(document) { try read(header, into: &out) }
    try read(document, into: &out)
    return try out.finish()
  }

  /// The header of the first section's first page, or of all its pages.
  private func firstHeader(_ document: [UInt8]) -> [UInt8]? {
    var ids: [String: String] = [:]
    var xml = XML(document)
    scan: while let event = xml.next() {
      switch event {
      case .open(let tag) where tag.named("w:headerReference"):
        if let id = tag["r:id"] { ids[tag["w:type"] ?? "default"] = id }
      case .close(let name) where name.equals("w:sectPr"): break scan
      default: break
      }
    }
    guard let id = ids["first"] ?? ids["default"] else { return nil }
    xml = XML(parts["word/_rels/document.xml.rels"] ?? [])
    while let event = xml.next() {
      if case .open(let tag) = event, tag.named("Relationship"), tag["Id"] == id, let target = tag["Target"] {
        return parts["word/\(target)"]
      }
    }
    return nil
  }

  /// The text of each note by its id.
  private mutating func notes(_ part: [UInt8], _ element: StaticString) throws(ReadingError) -> [String: [UInt8]] {
    var result: [String: [UInt8]] = [:]
    var id: String?
    var text: [UInt8] = []
    var isText = false
    var xml = XML(part)
    while let event = xml.next() {
      switch event {
      case .open(let tag):
        if tag.named(element) {
          // Separators are notes with a type.
          id = tag["w:type"] == nil ? tag["w:id"] : nil
          text = []
        }
        isText = tag.named("w:t")
        if tag.named("w:p"), !text.isEmpty || tag.named("w:tab") { text.append(0x20) }
      case .close(let name):
        if name.equals("w:t") { isText = false }
        if name.equals(element), let done = id.take() { result[done] = text }
      case .text(let bytes): if isText, id != nil { text.append(contentsOf: XML.unescaped(bytes)) }
      }
    }
    return result
  }

  private static let skipped: [StaticString] = [
    "mc:Fallback", "w:del", "w:moveFrom", "w:instrText", "w:pPrChange", "w:rPrChange", "w:sectPrChange", "w:tblPrChange",
  ]

  /// A paragraph's own settings; a text box in it has others.
  private struct Settings {
    var style: String?
    var level: Int?
    var list: String?
    var endsSection = false
  }

  private mutating func read(_ part: [UInt8], into out: inout Assembly) throws(ReadingError) {
    var xml = XML(part)
    var open: [Settings] = []
    var skipping: (name: [UInt8], depth: Int)?
    var isText = false
    while let event = xml.next() {
      if let skip = skipping {
        switch event {
        case .open(let tag) where tag.name.elementsEqual(skip.name): skipping?.depth += 1
        case .close(let name) where name.elementsEqual(skip.name): skipping = skip.depth == 1 ? nil : (skip.name, skip.depth - 1)
        default: break
        }
        continue
      }
      switch event {
      case .text(let bytes): if isText { out.append(XML.unescaped(bytes)) }
      case .open(let tag):
        if Self.skipped.contains(where: { tag.named($0) }) {
          skipping = (Array(tag.name), 1)
          continue
        }
        if tag.named("w:p") { open.append(Settings()) }
        isText = tag.named("w:t")
        try begin(tag, &open, &out)
      case .close(let name):
        isText = false
        if name.equals("w:p") {
          let settings = open.popLast() ?? Settings()
          let label = out.hasText ? numbering.label(style: settings.style, list: settings.list, level: settings.level) : ""
          try out.closeParagraph(label: label)
          if settings.endsSection { out.pageBreak() }
        } else if name.equals("w:tbl") {
          try out.closeTable()
        } else if name.equals("w:tr") {
          try out.closeRow()
        }
      }
    }
  }

  private mutating func begin(_ tag: XML.Tag, _ open: inout [Settings], _ out: inout Assembly) throws(ReadingError) {
    let last = open.count - 1
    switch String(decoding: tag.name, as: UTF8.self) {
    case "w:p": out.openParagraph()
    case "w:tab", "w:ptab": if last >= 0 { out.append([0x09]) }
    case "w:cr": out.append([0x0a])
    case "w:br": if tag["w:type"] == "page" { out.pageBreak() } else { out.append([0x0a]) }
    case "w:lastRenderedPageBreak": out.pageBreak()
    case "w:noBreakHyphen": out.append([0x2d])
    case "w:tbl": out.openTable()
    case "w:tr": try out.openRow()
    case "w:tc": out.openCell()
    case "w:pStyle": if last >= 0 { open[last].style = tag["w:val"] }
    case "w:ilvl": if last >= 0 { open[last].level = tag.number("w:val") }
    case "w:numId": if last >= 0 { open[last].list = tag["w:val"] }
    case "w:sectPr": if last >= 0 { open[last].endsSection = true }
    // A section that begins on the same page.
    case "w:type": if last >= 0, tag["w:val"] == "continuous" { open[last].endsSection = false }
    case "w:footnoteReference":
      noteCount += 1
      if let note = tag["w:id"].flatMap({ footnotes.removeValue(forKey: $0) }) { out.footnote("\(noteCount)", note) }
    case "w:endnoteReference":
      endnoteCount += 1
      if let note = tag["w:id"].flatMap({ endnotes.removeValue(forKey: $0) }) { out.footnote("\(endnoteCount)", note) }
    default: break
    }
  }
}
