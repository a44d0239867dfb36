import Documents

/// Fields of a head that stand one after another in a line, as some web pages and scanners give them: they are put on lines of their own.
enum Unrolled {
  /// A line longer than this holds more than one part.
  static let shortest = 300
  /// UTF-8 bytes in which the head is looked for.
  static let window = 6000
  /// Lines among which those of several fields are looked for.
  static let maximumLines = 40

  static func part(_ lines: inout [Line]) {
    var scanner = FieldScanner()
    var result: [Line] = []
    var end = 0
    var left = window
    for line in lines.prefix(maximumLines) where left > 0 {
      if Phrases.isDocumentStart(line.text) || Phrases.opensBody(line.text) { break }
      let parts = parts(line, &scanner, left)
      left -= line.text.utf8.count
      // What follows a page number or a scrap is a head too; what follows a paragraph is none.
      if parts.count == 1, line.text.utf8.count > shortest { break }
      end += 1
      result += parts
      if scanner.isPastHead { break }
    }
    if result.count > end { lines.replaceSubrange(..<end, with: result) }
  }

  /// The line as several, or as it is when it does not begin as a paper's head does.
  private static func parts(_ line: Line, _ scanner: inout FieldScanner, _ window: Int) -> [Line] {
    var cuts = scanner.cuts(line.text.prefix(window))
    guard cuts.count >= (line.text.utf8.count > shortest ? 3 : 2) else { return [line] }
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
}

/// Finds where the fields of a masthead begin and end that run on in a line, up to the paper's own heading and its text.
struct FieldScanner {
  private var sawSession = false
  private var sawPlace = false
  private var sawItems = false
  private var sawHeading = false
  private var sawNote = false
  private(set) var isPastHead = false

  /// Where to cut; none when the text does not begin with a field.
  mutating func cuts(_ head: Substring) -> [Substring.Index] {
    let before = self
    var cuts: [Substring.Index] = []
    var index = head.startIndex
    var previous: Substring = ""
    var words = 0
    // Within a body's name words begin that begin other names too.
    var inBody = false
    while index < head.endIndex {
      let rest = head[index...]
      let word = rest.prefix { $0 != " " }
      // A page number or a series may stand before the first field.
      let mayStart =
        cuts.isEmpty
        ? words == 0 || words == 1 && previous.utf8.count <= 4 && !previous.contains(where: \.isLowercase)
        : previous.isEmpty || !Self.isJoint(previous)
      if sawHeading {
        if Self.bodies.contains(where: { rest.hasPrefix($0) }) {
          cuts.append(index)
          isPastHead = true
          break
        }
        if Self.afterHeading.contains(where: { rest.hasPrefix($0) })
          || Self.isNumbered(word) && cuts.last.map({ head[$0...].hasPrefix("[") }) == true
        {
          cuts.append(index)
        } else if !sawNote, mayStart, AuthorLine.read(rest.prefix(160))?.kind == .note {
          // "REPORT OF THE HIGH COMMISSIONER Note by the High Commissioner": a title, and the author's line.
          cuts.append(index)
          sawNote = true
        }
      } else if mayStart, !cuts.isEmpty || words == 0, Self.startsHeading(rest) {
        cuts.append(index)
        sawHeading = true
        sawNote = AuthorLine.read(rest.prefix(160))?.kind == .note
      } else if mayStart, let end = fieldEnd(rest, &inBody) {
        if cuts.last != index { cuts.append(index) }
        if end < head.endIndex { cuts.append(end) }
        previous = ""
        index = end
        while index < head.endIndex, head[index] == " " { index = head.index(after: index) }
        continue
      } else if mayStart, !cuts.isEmpty || words == 0, !inBody, !sawItems, MastheadWords.startsBody(rest.prefix(60)) {
        cuts.append(index)
        inBody = true
      } else if cuts.isEmpty, words >= 1 {
        // A line of something else.
        self = before
        return []
      }
      words += 1
      previous = word
      guard let space = rest.firstIndex(of: " ") else { break }
      index = space
      while index < head.endIndex, head[index] == " " { index = head.index(after: index) }
    }
    return cuts
  }

  /// "of", "the": what follows belongs to a phrase. Russian's small words are shorter.
  private static func isJoint(_ word: Substring) -> Bool {
    guard let first = word.unicodeScalars.first else { return false }
    return first.properties.isLowercase && word.count <= (first.value > 0x3ff ? 3 : 7)
      || ["ON", "OF", "THE", "ITS", "FOR", "TO", "AND", "DE", "DEL", "DU", "LA", "AL"].contains(word)
  }

  // MARK: Fields

  private mutating func fieldEnd(_ rest: Substring, _ inBody: inout Bool) -> Substring.Index? {
    guard let first = rest.unicodeScalars.first, !first.properties.isLowercase else { return nil }
    let end =
      distributionEnd(rest) ?? originalEnd(rest) ?? symbolEnd(rest) ?? sessionEnd(rest) ?? itemsEnd(rest)
      ?? (sawSession ? placeEnd(rest) : dateEnd(rest)) ?? (inBody || sawItems ? nil : nameEnd(rest))
    if end != nil { inBody = false }
    return end
  }

  private func distributionEnd(_ rest: Substring) -> Substring.Index? {
    guard rest.hasPrefix("Distr") else {
      // "GENERAL E/CN.6/1": the class alone, before a symbol.
      let word = rest.prefix { $0 != " " }
      guard MastheadWords.distribution(word) != nil else { return nil }
      return symbolEnd(rest[word.endIndex...].drop { $0 == " " }) != nil ? word.endIndex : nil
    }
    let end = rest.firstIndex(of: " ") ?? rest.endIndex
    let word = rest[end...].drop { $0 == " " || $0 == ":" }.prefix { $0 != " " }
    return MastheadWords.distribution(Prose.withoutMarks(word)) != nil ? word.endIndex : end
  }

  /// "Original: English", and the version's language before it: "RUSSIAN Original: ENGLISH"; "English only".
  private func originalEnd(_ rest: Substring) -> Substring.Index? {
    let word = rest.prefix { $0 != " " && $0 != ":" }
    let after = rest[word.endIndex...].drop { " :".contains($0) }
    if ["original", "оригинал"].contains(word.lowercased()) {
      var end = word.endIndex
      for name in after.prefix(60).split(whereSeparator: { " /".contains($0) }) {
        let lower = name.lowercased().filter { $0 != "," }
        guard Language.code(named: lower) != nil || ["and", "et", "y", "only"].contains(lower) else { break }
        end = name.endIndex
      }
      return end > word.endIndex ? end : nil
    }
    guard Language.code(named: word.lowercased()) != nil else { return nil }
    if Prose.hasPrefix(after, "only") { return after.index(after.startIndex, offsetBy: 4) }
    return Prose.hasPrefix(after, "original") ? word.endIndex : nil
  }

  private func symbolEnd(_ rest: Substring) -> Substring.Index? {
    let word = rest.prefix { $0 != " " }
    guard word.utf8.first.map(isUpper) == true, word.contains("/"), word.utf8.contains(where: isDigit) else { return nil }
    // A scanner parts digits: "E/CN.4/200 1/94".
    let next = rest[word.endIndex...].drop { $0 == " " }.prefix { $0 != " " }
    if word.utf8.last.map(isDigit) == true, next.utf8.first.map(isDigit) == true, next.contains("/") { return next.endIndex }
    // "Add.23830 juin 2004": the day runs into it.
    if CalendarDate.month(next.lowercased()) != nil { return nil }
    // "A/1 and A/2", "A/1 (Vol. I)": a list or a citation.
    if next.hasPrefix("(") || Self.isJoint(next) { return nil }
    return word.hasSuffix(".") || Symbol.list(word).isEmpty ? nil : word.endIndex
  }

  private mutating func sessionEnd(_ rest: Substring) -> Substring.Index? {
    let words = rest.prefix(90).split(separator: " ").prefix(7)
    guard words.count >= 2 else { return nil }
    for count in (2...words.count).reversed() {
      guard case .some(.some) = SessionLine.number(rest[..<words[words.startIndex + count - 1].endIndex]) else { continue }
      sawSession = true
      return words[words.startIndex + count - 1].endIndex
    }
    return nil
  }

  /// "Geneva, 27 September – 2 October 2006" after a session: up to the year.
  private mutating func placeEnd(_ rest: Substring) -> Substring.Index? {
    guard !sawPlace, !sawItems else { return nil }
    sawPlace = true
    var sawMonth = false
    for word in rest.prefix(140).split(separator: " ").prefix(14) {
      let bare = word.filter { !"(),".contains($0) }
      sawMonth = sawMonth || CalendarDate.month(bare.lowercased()) != nil
      guard isDigits(bare[...], 4...4) else { continue }
      guard sawMonth, bare.hasPrefix("19") || bare.hasPrefix("20") else { return nil }
      return rest[word.endIndex...].hasPrefix(" года") ? rest.index(word.endIndex, offsetBy: 5) : word.endIndex
    }
    return nil
  }

  private mutating func itemsEnd(_ rest: Substring) -> Substring.Index? {
    let lower = rest.prefix(24).lowercased()
    guard !sawItems, let phrase = Self.items.first(where: { lower.hasPrefix($0) }) else { return nil }
    let numbers = rest.dropFirst(phrase.count)
    guard numbers.utf8.first.map(isDigit) == true else { return nil }
    var end = numbers.startIndex
    for word in numbers.prefix(400).split(separator: " ") {
      guard
        word.utf8.first.map({ isDigit($0) || $0 == 0x28 }) == true || word.utf8.count <= 3 && word.hasSuffix(")")
          || ["and", "to", "et", "y", "и"].contains(word)
      else { break }
      end = word.endIndex
    }
    let after = rest[end...].drop { $0 == " " }
    if let ending = Self.lists.first(where: { after.hasPrefix($0) }) {
      end = after.index(after.startIndex, offsetBy: ending.count)
      while end < rest.endIndex, rest[end] == "*" { end = rest.index(after: end) }
    } else if !phrase.hasPrefix("agenda") {
      return nil
    }
    sawItems = true
    return end
  }

  private func dateEnd(_ rest: Substring) -> Substring.Index? {
    guard rest.utf8.first.map(isDigit) == true else { return nil }
    let words = rest.prefix(60).split(separator: " ").prefix(6)
    guard words.count >= 3 else { return nil }
    for count in 3...words.count {
      let end = words[words.startIndex + count - 1].endIndex
      if CalendarDate(written: rest[..<end]) != nil { return end }
    }
    return nil
  }

  private func nameEnd(_ rest: Substring) -> Substring.Index? {
    let lower = rest.prefix(48).lowercased()
    guard
      let count = (Self.houses.first { lower.hasPrefix($0) } ?? Organ.printedNames.first { lower.hasPrefix($0.printed) }?.printed)?.count
    else { return nil }
    let end = rest.index(rest.startIndex, offsetBy: count)
    guard end < rest.endIndex else { return end }
    guard rest[end] == " " else { return nil }
    let after = rest[end...].drop { $0 == " " }
    let word = after.prefix { $0 != " " }
    // "General Assembly resolution", "United Nations Conference": a name goes on. A series may follow: "UNITED NATIONS E".
    return after.hasPrefix("Distr") || word.count <= 5 && word.allSatisfy(\.isUppercase) || symbolEnd(after) != nil
      || nameEnd(after) != nil || dateEnd(after) != nil || MastheadWords.startsBody(after.prefix(60)) ? end : nil
  }

  private static let houses = [
    "advance edited version", "advance unedited version", "advance version", "united nations", "nations unies", "naciones unidas",
    "организация объединенных наций",
  ]

  /// In lower case.
  private static let items = [
    "agenda items ", "agenda item ", "items ", "item ", "points ", "point ", "temas ", "tema ", "пункты ", "пункт ",
  ]
  private static let lists = [
    "of the provisional agenda", "of the preliminary list", "of the supplementary list", "of the agenda",
    "de l’ordre du jour provisoire", "de l'ordre du jour provisoire", "de l’ordre du jour", "de l'ordre du jour",
    "del programa provisional", "del programa", "de la agenda", "предварительной повестки дня", "повестки дня",
  ]

  // MARK: The heading and what follows it

  private static func startsHeading(_ rest: Substring) -> Bool {
    guard let first = rest.unicodeScalars.first, first.properties.isUppercase || first == "[" else { return false }
    let start = rest.prefix(160)
    if Phrases.isLetter(start) || Phrases.isNoteVerbale(start) || Phrases.isAdoption(start) || AuthorLine.read(start) != nil { return true }
    if first == "[" { return start.hasPrefix("[on the report") || start.hasPrefix("[without reference") }
    let words = Phrases.folded(start, 48)
    return [
      "draft resolution", "report to the", "report on the", "provisional agenda", "annotated provisional agenda",
      "аннотированная предварительная повестка",
    ].contains {
      words.hasPrefix($0)
    }
  }

  /// "56/242." before a resolution's title.
  private static func isNumbered(_ word: Substring) -> Bool {
    word.hasSuffix(".") && word.contains("/") && word.utf8.first.map(isDigit) == true
  }

  private static let afterHeading = [
    "[on the report", "[without reference", "Rapporteur:", "Vice-President and Rapporteur:", "Chairman:", "Chairperson:", "Held at ",
  ]
  private static let bodies = [
    "The General Assembly, ", "The Security Council, ", "The Economic and Social Council, ", "I have the honour", "On instructions",
    "Upon instructions", "The Permanent Mission of ",
    "The Secretary-General has the honour", "1. ", "The High Commissioner", "CONTENTS ", "Contents ", "TABLE OF CONTENTS ",
  ]
}
