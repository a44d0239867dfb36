/// Counts the numbered paragraphs of a Word file, as Word prints them.
struct WordNumbering {
  private struct Level {
    var start = 1
    var style = ListNumber.Style.decimal
    /// "%1." or "(%2)".
    var pattern = ""
  }
  private struct List {
    var abstract: String
    var starts: [Int: Int] = [:]
  }
  private struct ParagraphStyle {
    var base: String?
    var list: String?
    var level: Int?
  }

  /// Levels of a list, as Word has them.
  private static let levels = 9
  /// Styles that build on each other, at most.
  private static let deepestStyle = 16

  private var abstracts: [String: [Level]] = [:]
  private var lists: [String: List] = [:]
  private var styles: [String: ParagraphStyle] = [:]
  /// The level of a list that belongs to a paragraph style.
  private var styleLevels: [String: [String: Int]] = [:]
  private var counters: [String: [Int?]] = [:]
  private var started: Set<String> = []

  init(numbering: [UInt8], styles: [UInt8]) {
    readNumbering(numbering)
    readStyles(styles)
  }

  private mutating func readNumbering(_ part: [UInt8]) {
    var abstract: String?
    var list: String?
    var level: Int?
    var xml = XML(part)
    while let event = xml.next() {
      guard case .open(let tag) = event else { continue }
      let value = tag["w:val"]
      switch String(decoding: tag.name, as: UTF8.self) {
      case "w:abstractNum":
        abstract = tag["w:abstractNumId"]
        list = nil
        if let abstract { abstracts[abstract] = Array(repeating: Level(), count: Self.levels) }
      case "w:num":
        list = tag["w:numId"]
        abstract = nil
      case "w:abstractNumId": if let list, let value { lists[list] = List(abstract: value) }
      case "w:lvl", "w:lvlOverride": level = tag.number("w:ilvl").flatMap { (0..<Self.levels).contains($0) ? $0 : nil }
      case "w:startOverride": if let list, let level { lists[list]?.starts[level] = value.flatMap { Int($0) } ?? 1 }
      case "w:start": change(abstract, level) { $0.start = value.flatMap { Int($0) } ?? 1 }
      case "w:numFmt": change(abstract, level) { $0.style = Self.style(value ?? "decimal") }
      case "w:lvlText": change(abstract, level) { $0.pattern = value ?? "" }
      case "w:pStyle": if let abstract, let level, let value { styleLevels[abstract, default: [:]][value] = level }
      default: break
      }
    }
  }

  private mutating func change(_ abstract: String?, _ level: Int?, _ body: (inout Level) -> Void) {
    guard let abstract, let level, abstracts[abstract] != nil else { return }
    body(&abstracts[abstract, default: []][level])
  }

  private static func style(_ name: String) -> ListNumber.Style {
    switch name {
    case "lowerLetter": .lowerLetter
    case "upperLetter": .upperLetter
    case "lowerRoman": .lowerRoman
    case "upperRoman": .upperRoman
    case "bullet": .bullet
    case "none": .none
    default: .decimal
    }
  }

  private mutating func readStyles(_ part: [UInt8]) {
    var id: String?
    var xml = XML(part)
    while let event = xml.next() {
      switch event {
      case .open(let tag):
        if tag.named("w:style") {
          id = tag["w:styleId"]
          if let id { styles[id] = ParagraphStyle() }
        } else if let id {
          if tag.named("w:basedOn") { styles[id]?.base = tag["w:val"] }
          if tag.named("w:numId") { styles[id]?.list = tag["w:val"] }
          if tag.named("w:ilvl") { styles[id]?.level = tag.number("w:val") }
        }
      case .close(let name): if name.equals("w:style") { id = nil }
      case .text: break
      }
    }
  }

  /// The label of the next paragraph with this style and these list settings; empty when it has no number.
  mutating func label(style: String?, list: String?, level: Int?) -> String {
    var list = list
    var level = level
    var name = style
    var depth = 0
    while list == nil, let current = name, depth < Self.deepestStyle, let known = styles[current] {
      list = known.list
      if let list, let abstract = lists[list]?.abstract { level = level ?? known.level ?? styleLevels[abstract]?[current] }
      name = known.base
      depth += 1
    }
    guard let list, let known = lists[list], let levels = abstracts[known.abstract] else { return "" }
    let at = min(max(level ?? 0, 0), Self.levels - 1)
    var counts = counters[known.abstract] ?? Array(repeating: nil, count: Self.levels)
    if started.insert(list).inserted { for (level, _) in known.starts where (0..<Self.levels).contains(level) { counts[level] = nil } }
    func start(_ level: Int) -> Int { known.starts[level] ?? levels[level].start }
    counts[at] = counts[at].map { $0 &+ 1 } ?? start(at)
    for above in 0..<at where counts[above] == nil { counts[above] = start(above) }
    for below in (at + 1)..<max(Self.levels, at + 1) { counts[below] = nil }
    counters[known.abstract] = counts
    if levels[at].style == .bullet { return "•" }
    var label = ""
    var pattern = levels[at].pattern[...]
    while let character = pattern.popFirst() {
      if character == "%", let digit = pattern.first?.wholeNumberValue, (1...Self.levels).contains(digit) {
        pattern.removeFirst()
        label += ListNumber.text(counts[digit - 1] ?? 1, levels[digit - 1].style)
      } else {
        label.append(character)
      }
    }
    return String(label.prefix(32))
  }
}
