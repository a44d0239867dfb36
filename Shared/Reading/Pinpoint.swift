/// The place within what is cited, as printed: "para. 23", "Article 51", "annex", "sections II and III".
enum Pinpoint {
  /// Bytes that one takes at most.
  private static let maximumLength = 120

  /// The pinpoint that follows a name or number after a comma, in parentheses or directly, and where it ends: ", paras. 4 and 5".
  static func after(_ text: CitedText, _ start: Int) -> Range<Int>? {
    var index = start
    var isOpen = false
    if text[index] == 0x29, text[index + 1] == 0x2c { index += 1 }  // "(A/79/7), chap. V"
    if text[index] == 0x2c {
      index = text.skipSpaces(index + 1)
    } else if text.has("،", at: index) || text.has("，", at: index) {
      index = text.skipSpaces(index + (text.has("،", at: index) ? 2 : 3))
    } else if case let next = text.skipSpaces(index), text[next] == 0x28 {
      (index, isOpen) = (next + 1, true)
    } else if text.has("第", at: index) {
      return chinese(text, index)
    } else {
      index = text.skipSpaces(index)
    }
    guard index > start, let first = phrase(text, index) else { return nil }
    var end = first
    // ", annex, sect. II, para. 3"
    while end - index < maximumLength, text[end] == 0x2c || text.has(" and ", at: end),
      let next = phrase(text, text.skipSpaces(end + (text[end] == 0x2c ? 1 : 5)))
    { end = next }
    guard isOpen ? text[end] == 0x29 : !belongsToNext(text, end) else { return nil }
    return index..<end
  }

  /// ", article 6 of the Vienna Convention", "пункт 4 резолюции": what follows is the one that it is of.
  private static func belongsToNext(_ text: CitedText, _ end: Int) -> Bool {
    let next = text.skipSpaces(text[end] == 0x2c ? end + 1 : end)
    let links: [StaticString] = [
      "of ", "to ", "de ", "du ", "del ", "des ", "à la ", "к ", "من ", "резолюци", "решени", "Устав", "Конвенци", "Пакт", "Статут",
      "Договор",
    ]
    return links.contains { text.has($0, at: next) }
  }

  /// A word and its numbers: the end of the last.
  private static func phrase(_ text: CitedText, _ start: Int) -> Int? {
    guard let (wordEnd, needsNumber) = word(text, at: start) else { return nil }
    var end = wordEnd
    var index = text.skipSpaces(wordEnd)
    var isFirst = true
    while index - start < maximumLength {
      guard let last = numeral(text, index) else { break }
      end = last
      isFirst = false
      guard let next = joint(text, last), next > last else { break }
      index = next
    }
    return isFirst && needsNumber ? nil : end
  }

  /// After a number: the place of the next of the same list.
  private static func joint(_ text: CitedText, _ index: Int) -> Int? {
    if text.dashLength(index) > 0 { return index + text.dashLength(index) }
    if text[index] == 0x2c { return text.skipSpaces(index + 1) }
    let joints: [StaticString] = [" and ", " to ", " et ", " à ", " y ", " a ", " и ", " по ", " or ", " ("]
    guard let joint = joints.first(where: { text.has($0, at: index) }) else { return nil }
    return index + joint.utf8CodeUnitCount - (joint.utf8CodeUnitCount == 2 ? 1 : 0)
  }

  /// "23", "4.2", "(c)", "51 bis", "IV", "A", "I.A": where it ends; nil for any other word.
  private static func numeral(_ text: CitedText, _ start: Int) -> Int? {
    var end = start
    let isOpen = text[end] == 0x28
    if isOpen { end += 1 }
    let first = end
    if text.digit(end) != nil {
      while let (_, length) = text.digit(end) { end += length }
      while text[end] == 0x2e, text.digit(end + 1) != nil {
        end += 1
        while let (_, length) = text.digit(end) { end += length }
      }
    } else if CitedText.isLetter(text[end]), !CitedText.isWordByte(text[end + 1]), text[end] >= 0x61, !isOpen {
      end += 1  // "Article 73 e"
    } else if let word = (["one", "two", "three", "four", "five"] as [StaticString]).first(where: { text.has($0, at: start) }) {
      end += word.utf8CodeUnitCount
    } else {
      while "IVXLABCDEFGH".utf8.contains(text[end]) || isOpen && CitedText.isLetter(text[end]) { end += 1 }
      while text[end] == 0x2e, CitedText.isUpper(text[end + 1]), !CitedText.isLetter(text[end + 2]) { end += 2 }
    }
    guard end > first, end - first <= 12, !CitedText.isWordByte(text[end]) || text.dashLength(end) > 0 || text[end] >= 0xe2,
      text[end] != 0x2f
    else { return nil }
    if isOpen {
      guard text[end] == 0x29 else { return nil }
      end += 1
    }
    return end
  }

  /// A word that a paper's parts are named by, and whether a number must follow.
  private static func word(_ text: CitedText, at start: Int) -> (end: Int, needsNumber: Bool)? {
    switch text[start] | 0x20 {
    case UInt8(ascii: "p"), UInt8(ascii: "e"), UInt8(ascii: "a"), UInt8(ascii: "c"), UInt8(ascii: "s"), UInt8(ascii: "r"),
      UInt8(ascii: "t"), UInt8(ascii: "d"):
      break
    default: if text[start] < 0xd0 { return nil }
    }
    for (word, needsNumber) in text[start] < 0x80 ? byFirst[Int(text[start] | 0x20)] : words where lowered(text, start, word) {
      let end = start + word.count
      if !CitedText.isWordByte(text[end]) { return (end, needsNumber) }
    }
    return nil
  }

  private static func lowered(_ text: CitedText, _ start: Int, _ word: [UInt8]) -> Bool {
    guard text.count - start >= word.count, (text[start] | 0x20) == word[0] || text[start] == word[0] || word[0] >= 0xd0 else {
      return false
    }
    if text.bytes[start...].starts(with: word) { return true }
    if word[0] < 0x80 {
      return CitedText.isUpper(text[start]) && text.bytes[(start + 1)...].starts(with: word.dropFirst())
    }
    return word[0] == 0xd0 && text[start] == 0xd0 && text[start + 1] + 0x20 == word[1]
      && text.bytes[(start + 2)...].starts(with: word.dropFirst(2))
      || word[0] == 0xd1 && text[start] == 0xd0 && text[start + 1] &- 0x20 == word[1]
        && text.bytes[(start + 2)...].starts(with: word.dropFirst(2))
  }

  /// Words that numbers follow, and words that stand alone too.
  private static let words: [([UInt8], needsNumber: Bool)] = {
    let numbered: [String] = [
      "pp.", "p.", "actions", "action", "paragraphs", "paragraph", "paras.", "para.", "subparagraphs", "subparagraph", "articles",
      "article", "art.", "arts.", "chapters", "chapter", "chaps.", "chap.", "chapitre", "chapitres", "sections", "section", "sects.",
      "sect.", "parts", "part", "resolution", "decision", "principle", "target", "rule", "draft resolution", "draft decision", "paragraphe",
      "paragraphes", "par.", "partie", "párrafos", "párrafo", "párr.", "párrs.", "artículos", "artículo", "capítulo", "capítulos", "cap.",
      "sección", "secc.", "parte", "пункты", "пункта", "пункте", "пункту", "пунктах", "пунктом", "пунктов", "пункт", "пп.", "п.", "статьи",
      "статьей", "статьями", "статьях", "статье", "статью", "статья", "статей", "ст.", "глава", "главы", "главе", "главой", "главу",
      "разделе", "раздел", "раздела", "المادة", "للمادة", "بالمادة", "المادتين", "المواد", "الفصل", "الفصلين", "الفقرة", "الفقرات",
      "الفقرتين",
    ]
    let alone: [String] = [
      "annexes", "annexe", "annex", "appendix", "enclosure", "apéndice", "appendice", "anexos", "anexo", "приложение", "приложения",
      "приложении", "приложению", "المرفق", "附件", "段",
    ]
    return numbered.map { (Array($0.utf8), true) } + alone.map { (Array($0.utf8), false) }
  }()

  /// Those of each first letter of ASCII.
  private static let byFirst = (0..<0x80).map { first in words.filter { $0.0[0] == first } }

  /// "第五十一条", "第七章".
  private static func chinese(_ text: CitedText, _ start: Int) -> Range<Int>? {
    var end = start
    while text.has("第", at: end), end - start < maximumLength {
      var index = end + 3
      while index - end < 40, !text.has("条", at: index), !text.has("章", at: index), !text.has("款", at: index), !text.has("段", at: index) {
        guard text[index] != 0, !text.has("，", at: index), !text.has("。", at: index) else { return end > start ? start..<end : nil }
        index += text[index] >= 0xe0 ? 3 : text[index] >= 0xc0 ? 2 : 1
      }
      guard index - end < 40 else { break }
      end = index + 3
    }
    return end > start ? start..<end : nil
  }

  // MARK: Before

  /// The pinpoint that stands before a name or number and belongs to it: "paragraph 4 of", "Articles 55 and 56 of the", "annex to".
  static func before(_ text: CitedText, _ end: Int) -> Range<Int>? {
    guard var limit = stripped(text, end) else { return nil }
    var found: Range<Int>?
    for _ in 0..<4 {
      guard let start = phraseStart(text, limit, isWhole: found == nil) else { break }
      found = start..<(found?.upperBound ?? limit)
      // "paragraph 1 of Article 2 of", "Article 2, paragraph 4, of"
      let before = text.skipSpacesBack(start)
      if text[before - 1] == 0x2c {
        limit = before - 1
      } else if let inner = stripped(text, start) {
        limit = inner
      } else if ["and", "et", "y", "и"].contains(text.string(text.word(endingAt: before))) {
        // "paragraphs 3 and 4 and annex I to" is one list; its first words are taken only if they are a pinpoint too.
        limit = text.skipSpacesBack(text.word(endingAt: before).lowerBound)
      } else {
        break
      }
    }
    return found
  }

  /// The place before " of the ", ", of ", " to ", "de la" …; nil when none of them stands there.
  private static func stripped(_ text: CitedText, _ end: Int) -> Int? {
    var end = text.skipSpacesBack(end)
    var count = 0
    let links: [StaticString] = [
      "of", "the", "to", "in", "de", "la", "del", "du", "des", "los", "las", "les", "à", "aux", "al", "le", "от", "к", "из", "من", "في",
    ]
    while count < 3 {
      if text[end - 1] == 0x99, text.start(of: "’", endingAt: end) != nil, text[end - 4] | 0x20 == UInt8(ascii: "l") {
        end = text.skipSpacesBack(end - 4)
        count += 1
        continue
      }
      let word = text.word(endingAt: end)
      guard let link = links.first(where: { text.start(of: $0, endingAt: end) == word.lowerBound }) else { break }
      end = text.skipSpacesBack(end - link.utf8CodeUnitCount)
      count += 1
    }
    // In Russian the genitive itself links.
    let isCyrillic = count == 0 && (text.digit(end - 1) != nil || "IVX".utf8.contains(text[end - 1]))
    guard count > 0 || isCyrillic else { return nil }
    return text[end - 1] == 0x2c ? end - 1 : end
  }

  /// Where a phrase of a word and its numbers that ends at `end` begins.
  private static func phraseStart(_ text: CitedText, _ end: Int, isWhole: Bool) -> Int? {
    var index = end
    var steps = 0
    while index > 0, end - index < maximumLength, steps < 14 {
      let tokenEnd = text.skipSpacesBack(index)
      var start = tokenEnd
      while start > 0, tokenEnd - start < 40, text[start - 1] != 0x20, text[start - 1] != 0x0a { start -= 1 }
      guard start < tokenEnd else { return nil }
      // "(para. 4", "l’article 51", "والمادة 51"
      let prefixes: [StaticString] = ["(", "l’", "L’", "l'", "L'", "و", "“"]
      let prefix = prefixes.first { text.has($0, at: start) }?.utf8CodeUnitCount ?? 0
      if let (wordEnd, needsNumber) = word(text, at: start + prefix), wordEnd >= tokenEnd {
        guard CitationLead.kind(text, text.word(at: start + prefix)) == nil else { return nil }
        return !needsNumber || steps > 0 ? start + prefix : nil
      }
      guard isNumberToken(text, start..<tokenEnd) else { return nil }
      index = start
      steps += 1
    }
    return nil
  }

  private static func isNumberToken(_ text: CitedText, _ range: Range<Int>) -> Bool {
    if let end = numeral(text, range.lowerBound) {
      if end == range.upperBound { return true }
      if end == range.upperBound - 1, text[end] == 0x2c { return true }
      if text.dashLength(end) > 0, numeral(text, end + text.dashLength(end)) == range.upperBound { return true }
      // "2(4)"
      if text[end] == 0x28, let close = numeral(text, end), close >= range.upperBound - 1 { return true }
      return false
    }
    let words: [StaticString] = ["and", "to", "or", "et", "à", "y", "a", "и", "по", "و"]
    return words.contains { $0.utf8CodeUnitCount == range.count && text.has($0, at: range.lowerBound) }
  }
}
