import Documents

/// A paper that came as one line, as some web pages give it: the parts of its head are put on lines of their own where their words begin.
enum Unrolled {
  /// A line longer than this holds more than one part.
  static let shortest = 300
  /// UTF-8 bytes in which the head is looked for.
  static let window = 6000

  /// The line as several, or as it is when it does not begin as a paper's head does.
  static func parts(_ line: Line) -> [Line] {
    guard line.text.utf8.count > shortest else { return [line] }
    let head = line.text.prefix(window)
    guard head.prefix(400).contains("Distr") || head.prefix(160).contains(" session ") || head.prefix(160).contains("Letter dated") else {
      return [line]
    }
    var cuts = cuts(head)
    guard cuts.count >= 3 else { return [line] }
    cuts.append(line.text.endIndex)
    var parts: [Line] = []
    var start = line.text.startIndex
    for cut in cuts {
      let text = Prose.trimmed(line.text[start..<cut])
      if !text.isEmpty {
        let range = line.range(of: text)
        parts.append(
          Line(
            text: String(text), start: range.lowerBound, indent: 0, end: min(text.count, DenseHead.longestLine), page: line.page,
            afterBlank: true, widestGap: Line.widestGap(in: text), firstWord: Line.firstWord(of: text)))
      }
      start = cut
    }
    // What follows the head is a paragraph and keeps its length.
    if let last = parts.last { parts[parts.count - 1].end = last.text.count }
    return parts
  }

  private static func cuts(_ head: Substring) -> [Substring.Index] {
    var cuts: [Substring.Index] = []
    var seen: Set<String> = []
    var inItems = false
    var sawItems = false
    var sawHeading = false
    var index = head.startIndex
    while index < head.endIndex {
      let rest = head[index...]
      let word = rest.prefix { $0 != " " }
      if inItems, !isNumbers(word) {
        inItems = false
        cuts.append(index)
      } else if bodies.contains(where: { rest.hasPrefix($0) }), sawHeading || !seen.isEmpty {
        cuts.append(index)
        break
      } else if let phrase = headings.first(where: { rest.hasPrefix($0) }), !sawHeading || phrase.hasPrefix("[") {
        cuts.append(index)
        sawHeading = true
      } else if !sawHeading, !sawItems, let phrase = fields.first(where: { rest.hasPrefix($0) }), seen.insert(phrase).inserted {
        cuts.append(index)
        inItems = phrase.lowercased().contains("item")
        sawItems = sawItems || inItems
        if inItems { index = head.index(index, offsetBy: phrase.count) }
      } else if !sawHeading, !sawItems, startsSession(rest) || startsDate(rest) || word.contains("/") && !Symbol.list(word).isEmpty {
        cuts.append(index)
      } else if let last = cuts.last, sawHeading, numbered(word), head[last...].hasPrefix("[") {
        cuts.append(index)
      }
      guard let space = head[index...].firstIndex(of: " ") else { break }
      index = head.index(after: space)
    }
    return cuts
  }

  private static func isNumbers(_ word: Substring) -> Bool {
    word.utf8.first.map { isDigit($0) || $0 == 0x28 } == true
      || ["and", "to", "of", "the", "provisional", "agenda*", "agenda", "preliminary", "list*", "list"].contains(word)
  }

  /// "56/242." before a resolution's title.
  private static func numbered(_ word: Substring) -> Bool {
    word.hasSuffix(".") && word.contains("/") && word.utf8.first.map(isDigit) == true
  }

  private static func startsSession(_ rest: Substring) -> Bool {
    guard rest.unicodeScalars.first?.properties.isUppercase == true else { return false }
    let words = rest.prefix(60).split(separator: " ").prefix(3)
    return (1...2).contains { count in
      words.count > count && ["session", "year"].contains(words[count]) && Ordinal.value(words[..<count].joined(separator: " ")) != nil
    }
  }

  private static func startsDate(_ rest: Substring) -> Bool {
    rest.utf8.first.map(isDigit) == true
      && CalendarDate(written: rest.prefix(40).split(separator: " ").prefix(3).joined(separator: " ")) != nil
  }

  private static let fields = [
    "United Nations ", "UNITED NATIONS ", "General Assembly ", "Security Council ", "Economic and Social Council ", "COMMISSION ON ",
    "Human Rights Council ", "Distr.", "Original:", "ORIGINAL:",
    "Agenda items ", "Agenda item ", "Items ", "Item ", "First Committee ", "Second Committee ", "Third Committee ", "Fourth Committee ",
    "Fifth Committee ", "Sixth Committee ",
  ]
  private static let headings = [
    "Letter dated ", "Letters dated ", "Identical letters dated ", "Note verbale dated ", "Resolution adopted by ", "[on the report",
    "[without reference", "Note by the ", "Report of the ", "Report by the ",
    "Draft resolution",
  ]
  private static let bodies = [
    "The General Assembly, ", "The Security Council, ", "The Economic and Social Council, ", "I have the honour", "On instructions",
    "Upon instructions", "The Permanent Mission of ",
    "The Secretary-General has the honour", "1. ", "The High Commissioner",
  ]
}
