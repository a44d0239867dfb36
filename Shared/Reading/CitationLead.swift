/// The words that say that a number is a resolution's or decision's: "General Assembly resolutions", "своих резолюциях", "القرار".
struct CitationLead {
  /// From the organ's name, or the word itself, to the number.
  var start: Int
  var kind: CitedNumber.Kind
  var adopter: Adopter?

  /// The lead that ends where a number begins; nil when there is none.
  init?(_ text: CitedText, before number: Int) {
    var end = text.skipSpacesBack(number)
    end = Self.withoutNumberSign(text, end)
    guard end > 5 else { return nil }
    var word = text.word(endingAt: end)
    var said: Adopter?
    var found = Self.kind(text, word)
    if found == nil {
      // "резолюция Совета Безопасности 1325", "قرار مجلس الأمن 1325", "resolution of the Security Council 1325"
      guard let (adopter, nameStart) = Adopter.named(text, endingAt: end), adopter != .its, adopter != .other else { return nil }
      said = adopter
      var before = text.skipSpacesBack(nameStart)
      for link in Self.links {
        if let start = text.start(of: link, endingAt: before), text.isWordStart(start) { before = text.skipSpacesBack(start) }
      }
      word = text.word(endingAt: before)
      found = Self.kind(text, word)
    }
    guard let found else { return nil }
    kind = found
    start = word.lowerBound
    adopter = said
    if said == nil {
      let before = text.skipSpacesBack(start)
      let suffix = Self.ownSuffix(text, word)
      if suffix { adopter = .its }
      if Self.isCouncilsOwn(text, word) {
        adopter = .securityCouncil
      } else if let (named, nameStart) = Adopter.named(text, endingAt: before) {
        adopter = named == .its ? Self.owner(text, nameStart, ["in", "by", "through", "under"]) ?? .its : named
        if named != .other { start = nameStart }
      } else {
        adopter = adopter ?? Self.owner(text, start, ["including", "namely", "notably", "particularly", "particular"])
      }
    }
  }

  /// Before "No.", "no", "nº", "№".
  private static func withoutNumberSign(_ text: CitedText, _ end: Int) -> Int {
    switch text[end - 1] {
    case 0x2e, 0x6f, 0x72, 0x73, 0x85, 0x96, 0xb0, 0xba: break
    default: return end
    }
    let signs: [StaticString] = ["Nos.", "No.", "no.", "nos.", "n°", "nº", "no", "núm.", "núms.", "№", "nos", "رقم", "number", "numbers"]
    for sign in signs {
      if let start = text.start(of: sign, endingAt: end), text[start - 1] == 0x20 { return text.skipSpacesBack(start) }
    }
    return end
  }

  private static let links: [StaticString] = ["the", "la", "l’", "l'", "of", "de", "del", "du"]

  /// "the Human Rights Council, in its resolution 16/18": whose "its" it is, when the organ stands right before.
  private static func owner(_ text: CitedText, _ start: Int, _ words: Set<String>) -> Adopter? {
    var end = text.skipSpacesBack(start)
    let word = text.string(text.word(endingAt: end))
    guard words.contains(word) else { return nil }
    end = text.skipSpacesBack(end - word.utf8.count)
    if word == "particular", let inParticular = text.start(of: "in", endingAt: end) { end = text.skipSpacesBack(inParticular) }
    if text[end - 1] == 0x2c { end -= 1 }
    guard let (named, _) = Adopter.named(text, endingAt: end), named != .its else { return nil }
    return named
  }

  /// Arabic writes "its" behind the word.
  private static func ownSuffix(_ text: CitedText, _ word: Range<Int>) -> Bool { text.start(of: "ها", endingAt: word.upperBound) != nil }

  private static func isCouncilsOwn(_ text: CitedText, _ word: Range<Int>) -> Bool {
    text.has("UNSCR", at: word.lowerBound) || text.has("СБ", at: word.lowerBound)
  }

  /// What the word says in any of the six languages; Chinese has its own order.
  static func kind(_ text: CitedText, _ word: Range<Int>) -> CitedNumber.Kind? {
    guard word.count >= 5 else { return nil }
    let first = text[word.lowerBound]
    let isLatin = first | 0x20 == UInt8(ascii: "r") || first | 0x20 == UInt8(ascii: "d") || first == UInt8(ascii: "U")
    guard isLatin || first >= 0xd0 && first <= 0xd9 else { return nil }
    if isLatin {
      for (form, kind) in latin where form.count == word.count && matches(text, word.lowerBound, form) { return kind }
      return nil
    }
    if first <= 0xd1 {
      guard word.count >= 12 else { return nil }
      if text.has("езолюци", at: word.lowerBound + 2) { return .resolution }
      return text.has("ешени", at: word.lowerBound + 2) && (text.has("р", at: word.lowerBound) || text.has("Р", at: word.lowerBound))
        ? .decision : nil
    }
    return arabic(text, word)
  }

  private static func arabic(_ text: CitedText, _ word: Range<Int>) -> CitedNumber.Kind? {
    let prefixes: [StaticString] = ["", "ال", "و", "وال", "ب", "بال", "ل", "لل", "ف", "ك", "وب", "ول", "وبال"]
    for prefix in prefixes where text.has(prefix, at: word.lowerBound) {
      let stem = word.lowerBound + prefix.utf8CodeUnitCount
      let kind: CitedNumber.Kind
      var end: Int
      if text.has("قرار", at: stem) {
        (kind, end) = (.resolution, stem + 8)
      } else if text.has("مقرر", at: stem) {
        (kind, end) = (.decision, stem + 8)
      } else {
        continue
      }
      let endings: [StaticString] = ["", "ات", "ين", "ان", "ي", "ا", "ها", "اتها", "يها", "اها", "ه", "اته", "يه"]
      if endings.contains(where: { text.has($0, at: end) && end + $0.utf8CodeUnitCount == word.upperBound }) { return kind }
      end = stem
    }
    return nil
  }

  /// Letters are compared without case, as ASCII and Latin-1 letters have it.
  private static func matches(_ text: CitedText, _ start: Int, _ form: [UInt8]) -> Bool {
    for (offset, byte) in form.enumerated() {
      let own = text[start + offset]
      guard own == byte || own | 0x20 == byte && byte != 0xc3 else { return false }
    }
    return true
  }

  private static let latin: [([UInt8], CitedNumber.Kind)] = {
    let resolutions: [String] = ["resolution", "resolutions", "résolution", "résolutions", "resolución", "resoluciones", "UNSCR"]
    let decisions: [String] = ["decision", "decisions", "décision", "décisions", "decisión", "decisiones"]
    return resolutions.map { (Array($0.utf8), .resolution) } + decisions.map { (Array($0.utf8), .decision) }
  }()
}
