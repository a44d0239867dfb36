/// Reads an OpenDocument text (.odt): its text with list numbers as printed, tables, notes and the page breaks that were last set. Headers and
/// footers are running heads and stay out, but for a first page's own header, where a masthead is.
struct OpenDocument {
  static let parts = ["content.xml", "styles.xml"]

  private struct Level {
    var style = ListNumber.Style.decimal
    var prefix = ""
    var suffix = ""
    var start = 1
    var shown = 1
  }
  /// A list that is open: the style it is numbered by and its level.
  private struct Open {
    var style: String
    var level: Int
  }

  /// Levels of a list, as the format has them.
  private static let levels = 10
  private static let skipped: [StaticString] = [
    "text:tracked-changes", "office:annotation", "office:forms", "svg:desc", "svg:title", "text:sequence-decls",
  ]

  private let parts: [String: [UInt8]]
  private let limit: Int
  private var lists: [String: [Level]] = [:]
  private var counters: [String: [Int?]] = [:]
  private var breaking: Set<String> = []
  private var open: [Open] = []
  /// The label of the next paragraph: of an item's first one only.
  private var label = ""
  private var inNote = false

  init(_ parts: [String: [UInt8]], limit: Int) {
    self.parts = parts
    self.limit = limit
  }

  mutating func text() throws(ReadingError) -> [UInt8] {
    guard let content = parts["content.xml"] else { throw .damaged("OpenDocument", "it has no text part") }
    let styles = parts["styles.xml"] ?? []
    readStyles(styles)
    readStyles(content)
    var out = Assembly(limit: limit)
    try read(styles, below: "style:header-first", into: &out)
    try read(content, below: "office:text", into: &out)
    return try out.finish()
  }

  private mutating func readStyles(_ part: [UInt8]) {
    var list: String?
    var paragraph: String?
    var xml = XML(part)
    while let event = xml.next() {
      switch event {
      case .open(let tag):
        switch String(decoding: tag.name, as: UTF8.self) {
        case "text:list-style":
          list = tag["style:name"]
          if let list { lists[list] = Array(repeating: Level(), count: Self.levels) }
        case "text:list-level-style-number", "text:list-level-style-bullet":
          guard let list, let number = tag.number("text:level"), (1...Self.levels).contains(number) else { continue }
          lists[list]?[number - 1] = Level(
            style: tag.named("text:list-level-style-bullet") ? .bullet : Self.style(tag["style:num-format"] ?? ""),
            prefix: tag["style:num-prefix"] ?? "", suffix: tag["style:num-suffix"] ?? "", start: tag.number("text:start-value") ?? 1,
            shown: tag.number("text:display-levels") ?? 1)
        case "style:style": paragraph = tag["style:name"]
        case "style:paragraph-properties": if let paragraph, tag["fo:break-before"] == "page" { breaking.insert(paragraph) }
        case "office:text": return
        default: break
        }
      case .close(let name):
        if name.equals("text:list-style") { list = nil }
        if name.equals("style:style") { paragraph = nil }
      case .text: break
      }
    }
  }

  private static func style(_ format: String) -> ListNumber.Style {
    switch format {
    case "a": .lowerLetter
    case "A": .upperLetter
    case "i": .lowerRoman
    case "I": .upperRoman
    case "": .none
    default: .decimal
    }
  }

  private mutating func read(_ part: [UInt8], below root: StaticString, into out: inout Assembly) throws(ReadingError) {
    var xml = XML(part)
    var inside = false
    var paragraphs = 0
    var skipping: (name: [UInt8], depth: Int)?
    var citation: [UInt8] = []
    var isCitation = false
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
      case .text(let bytes):
        if isCitation {
          citation.append(contentsOf: bytes)
        } else if inside, paragraphs > 0 {
          out.append(Self.spaced(XML.unescaped(bytes)))
        }
      case .open(let tag):
        if tag.named(root) { inside = true }
        guard inside else { continue }
        if Self.skipped.contains(where: { tag.named($0) }) {
          skipping = (Array(tag.name), 1)
        } else if tag.named("text:note-citation") {
          citation = []
          isCitation = true
        } else {
          if tag.named("text:p") || tag.named("text:h") { paragraphs += 1 }
          try begin(tag, &out)
        }
      case .close(let name):
        if name.equals(root) { return }
        guard inside else { continue }
        switch String(decoding: name, as: UTF8.self) {
        case "text:p", "text:h":
          paragraphs -= 1
          let printed = out.hasText && !inNote ? label : ""
          if out.hasText, !inNote { label = "" }
          try out.closeParagraph(label: printed)
        case "text:list": _ = open.popLast()
        case "table:table": try out.closeTable()
        case "table:table-row": try out.closeRow()
        case "text:note-citation": isCitation = false
        case "text:note":
          inNote = false
          out.closeNote(String(decoding: citation.prefix(8), as: UTF8.self))
        default: break
        }
      }
    }
  }

  private mutating func begin(_ tag: XML.Tag, _ out: inout Assembly) throws(ReadingError) {
    switch String(decoding: tag.name, as: UTF8.self) {
    case "text:p", "text:h":
      if let style = tag["text:style-name"], breaking.contains(style) { out.pageBreak() }
      out.openParagraph()
    case "text:s": out.append(repeatElement(0x20, count: min(max(tag.number("text:c") ?? 1, 1), 64)))
    case "text:tab": out.append([0x09])
    case "text:line-break": out.append([0x0a])
    case "text:soft-page-break": out.pageBreak()
    case "text:note-body":
      inNote = true
      out.openNote()
    case "text:list":
      let style = tag["text:style-name"] ?? open.last?.style ?? ""
      open.append(Open(style: style, level: (open.last?.level ?? 0) + 1))
      // A list of its own counts from the start unless it says that it goes on.
      let goesOn = tag["text:continue-numbering"] == "true" || tag["text:continue-list"] != nil
      if open.count == 1, !goesOn { counters[style] = nil }
    case "text:list-item": label = next(start: tag.number("text:start-value"))
    case "text:list-header": label = ""
    case "table:table": out.openTable()
    case "table:table-row": try out.openRow()
    case "table:table-cell": out.openCell()
    default: break
    }
  }

  private mutating func next(start: Int?) -> String {
    guard let here = open.last, let levels = lists[here.style], here.level <= Self.levels else { return "" }
    let at = here.level - 1
    var counts = counters[here.style] ?? Array(repeating: nil, count: Self.levels)
    counts[at] = start ?? counts[at].map { $0 &+ 1 } ?? levels[at].start
    for below in (at + 1)..<max(Self.levels, at + 1) { counts[below] = nil }
    counters[here.style] = counts
    let level = levels[at]
    if level.style == .bullet { return "•" }
    if level.style == .none { return "" }
    let first = max(0, here.level - max(1, level.shown))
    let numbers = (first...at).map { ListNumber.text(counts[$0] ?? levels[$0].start, levels[$0].style) }
    return String((level.prefix + numbers.joined(separator: ".") + level.suffix).prefix(32))
  }

  /// Runs of white space are one space in this format.
  private static func spaced(_ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    for byte in text {
      if XML.isSpace(byte) { if result.last != 0x20 { result.append(0x20) } } else { result.append(byte) }
    }
    return result
  }
}
