/// A treaty or charter by its name, as it stands in a text.
struct Instrument {
  /// With the article or chapter that is named with it.
  var range: Range<Int>
  var name: String
  var pinpoint: Range<Int>?

  static let charter = "Charter of the United Nations"

  /// Longest name, UTF-8 bytes.
  static let maximumLength = 400

  /// Names in Latin letters, at a capital that begins a word.
  init?(_ text: CitedText, at start: Int) {
    guard let head = TreatyName.head(text, at: start) else { return nil }
    guard let found = TreatyName(text, head: head) else {
      // "Article 51 of the Charter"
      guard Self.isCharter(text, head), let pinpoint = Pinpoint.before(text, start) ?? Self.following(text, head.upperBound) else {
        return nil
      }
      let name = ["Charte": "Charte des Nations Unies", "Carta": "Carta de las Naciones Unidas"][text.string(head)] ?? Self.charter
      self.init(text, start..<head.upperBound, name: name, pinpoint)
      return
    }
    // "United Nations Charter", "UN Charter"
    if text.has("Charter", at: head.lowerBound), head.upperBound == found.range.upperBound,
      ["United Nations Charter", "united Nations Charter", "Nations Charter", "UN Charter"].contains(text.string(found.range))
    {
      self.init(text, found.range, name: Self.charter, nil)
      return
    }
    self.init(text, found.range, name: KnownTreaties.mended(text, head, found.range.lowerBound) ?? text.string(found.range), nil)
  }

  init(_ text: CitedText, _ range: Range<Int>, name: String, _ pinpoint: Range<Int>?) {
    self.name = Self.mended(name)
    self.pinpoint = pinpoint ?? Pinpoint.before(text, range.lowerBound) ?? Self.following(text, range.upperBound)
    self.range = range
    if let pinpoint = self.pinpoint {
      self.range = min(range.lowerBound, pinpoint.lowerBound)..<max(range.upperBound, pinpoint.upperBound)
    }
  }

  /// The end of a year at a place.
  static func year(_ text: CitedText, at start: Int) -> Int? {
    guard let (year, end) = text.number(at: start), (1800...2199).contains(year) else { return nil }
    return end
  }

  /// Without the year of "Convention de 1951 relative" and "Конвенции 1951 года о", with single spaces and plain hyphens, none of them set apart at a
  /// line's end: "Non -Proliferation".
  private static func mended(_ name: String) -> String {
    guard
      name.utf8.contains(where: { $0 < 0x20 || $0 == 0xa0 || $0 == 0x2d || $0 == 0x91 || CitedText.isDigit($0) })
        || Line.widestGap(in: name[...]) > 1
    else { return name }
    var result = ""
    var words = name.split(whereSeparator: { $0 == "\n" || $0 == " " || $0 == "\u{a0}" })
    func isYear(_ word: Substring) -> Bool { word.utf8.count == 4 && word.utf8.allSatisfy(CitedText.isDigit) }
    if let year = words.firstIndex(where: isYear), year > 0, year + 1 < words.count {
      if words[year + 1] == "года" {
        words.removeSubrange(year...year + 1)
      } else if words[year - 1] == "de" {
        words.removeSubrange(year - 1...year)
      }
    }
    for word in words {
      let word = word.replacing("\u{2011}", with: "-")
      if !result.isEmpty, !result.hasSuffix("-"), !word.hasPrefix("-") { result += " " }
      result += word
    }
    return result
  }

  private static func isCharter(_ text: CitedText, _ head: Range<Int>) -> Bool {
    ["Charter", "Charte", "Carta"].contains(text.string(head))
  }

  /// "the Charter, Article 51": only what names an article or chapter.
  private static func following(_ text: CitedText, _ end: Int) -> Range<Int>? {
    guard text[end] == 0x2c || text.has("第", at: end) || text.has("》第", at: end) else { return nil }
    return Pinpoint.after(text, end)
  }

  // MARK: Chinese

  /// 《联合国宪章》第五十一条
  init?(bracketed text: CitedText, at start: Int) {
    guard text.has("《", at: start) else { return nil }
    var end = start + 3
    while !text.has("》", at: end) {
      guard end < text.count, end - start < Self.maximumLength, !text.has("《", at: end) else { return nil }
      end += 1
    }
    let name = start + 3..<end
    let heads: [StaticString] = ["公约", "宪章", "条约", "议定书", "规约", "协定", "盟约", "世界人权宣言"]
    // "宪章" alone is a back-reference, but for the Charter's articles.
    guard let head = heads.first(where: { contains(text, name, $0) }) else { return nil }
    let bare = name.count <= head.utf8CodeUnitCount
    guard Self.endsIn(text, name, heads) else { return nil }
    let pinpoint = Pinpoint.after(text, end + 3)
    if bare {
      guard text.has("宪章", at: name.lowerBound), let pinpoint else { return nil }
      self.init(text, start..<end + 3, name: "联合国宪章", pinpoint)
    } else {
      self.init(text, start..<end + 3, name: text.string(name), pinpoint)
    }
  }

  private static func endsIn(_ text: CitedText, _ name: Range<Int>, _ heads: [StaticString]) -> Bool {
    heads.contains { text.start(of: $0, endingAt: name.upperBound) != nil }
  }
}

private func contains(_ text: CitedText, _ range: Range<Int>, _ words: StaticString) -> Bool {
  var index = range.lowerBound
  while index < range.upperBound {
    if text.has(words, at: index) { return true }
    index += 3
  }
  return false
}
