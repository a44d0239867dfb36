import Documents

/// The citations of a document: in its title and titles, in those of its agenda items, and in every paragraph that is text of the paper.
struct Citations {
  /// Citations of one document at most; what stands beyond is not looked for.
  static let limit = 8192

  private(set) var all: [Citation] = []
  private(set) var isCut = false
  private let document: Document
  private let paper: CitingPaper
  /// Of a paper that is a treaty itself.
  private var ownName: String?

  init(_ document: Document, year: Int?) {
    self.document = document
    paper = CitingPaper(organ: Self.organ(of: document), year: document.date?.year ?? year)
  }

  mutating func read() {
    ownName = Self.ownName(document)
    if let title = document.title { read(title, .title) }
    for (index, title) in document.titles.enumerated() { read(title, .heading(index)) }
    for (index, item) in document.items.enumerated() { if let title = item.title { read(title, .item(index)) } }
    for paragraph in document.paragraphs where !isCut {
      switch paragraph.role {
      case .masthead, .signature: continue
      case .body, .heading, .annexHeading, .footnote: read(paragraph.text, .paragraph(paragraph.number))
      }
    }
  }

  /// The text of a treaty, which has no masthead, begins with its name.
  private static func ownName(_ document: Document) -> String? {
    guard document.symbols.isEmpty, document.kind == .other else { return nil }
    return document.title ?? document.paragraphs.first.map(\.text)
  }

  private mutating func read(_ text: String, _ place: TextSpan.Text) {
    var scanner = CitationScanner(text, own: document.symbols, paper: paper, limit: Self.limit - all.count)
    scanner.scan()
    if scanner.found.count > Self.limit - all.count { isCut = true }
    let first = all.count
    for found in scanner.found.prefix(Self.limit - all.count) where found.instrument == nil || found.instrument != ownName {
      all.append(
        Citation(
          span: TextSpan(place, found.range), symbols: found.symbols, instrument: found.instrument,
          pinpoint: found.pinpoint.map { Prose.collapsed(scanner.text.string($0)) }, reason: found.reason))
    }
    relate(from: first, scanner.text, place)
  }

  /// What "its" means in a paper: the organ that speaks.
  private static func organ(of document: Document) -> Adopter? {
    if let symbol = document.symbols.first {
      if symbol.text.hasPrefix("A/HRC/") { return .humanRightsCouncil }
      if symbol.text.hasPrefix("A/") { return .assembly }
      if symbol.text.hasPrefix("S/") { return .securityCouncil }
      if symbol.text.hasPrefix("E/CN.4/") { return .humanRightsCommission }
      if symbol.text.hasPrefix("E/") { return .economicCouncil }
    }
    switch document.organs.first {
    case Organ.generalAssembly?: return document.organs.contains("Human Rights Council") ? .humanRightsCouncil : .assembly
    case Organ.securityCouncil?: return .securityCouncil
    case Organ.economicAndSocialCouncil?: return .economicCouncil
    default: return nil
    }
  }

  // MARK: What a citation says of its paper

  private mutating func relate(from first: Int, _ text: CitedText, _ place: TextSpan.Text) {
    // An item's title is the organ's, and says nothing of this paper.
    if case .item = place { return }
    if document.kind == .amendment {
      // The title of an amendment names the draft, or the words above its text do.
      if case .paragraph(let number) = place, number > 3 { return }
      for index in all.indices[first...] where all[index].symbols.first?.nature == .limited { all[index].relation = .amends }
    }
    guard document.kind == .letter || document.kind == .noteVerbale, case .paragraph(let number) = place,
      document.annexes.first.map({ !$0.paragraphs.contains(number) && number < $0.paragraphs.lowerBound }) ?? true,
      let reply = Reply(text)
    else { return }
    var isNamed = false
    for index in all.indices[first...] where reply.sentence.contains(all[index].span.range.lowerBound) && !all[index].symbols.isEmpty {
      guard all[index].symbols.first?.nature != .resolution else { continue }
      all[index].relation = .repliesTo
      isNamed = true
    }
    if !isNamed, all.count < Self.limit {
      all.append(
        Citation(
          span: TextSpan(place, reply.letter), relation: .repliesTo, reason: "names a letter by its date and sender only"))
      all[first...].sort { $0.span.range.lowerBound < $1.span.range.lowerBound }
    }
  }
}

/// "With reference to the letter dated 5 May 2003 from …": what a letter says it replies to.
struct Reply {
  /// From the words of reference to the end of their sentence.
  var sentence: Range<Int>
  /// The letter as it is named, to the end of its date.
  var letter: Range<Int>

  private static let widest = 500

  init?(_ text: CitedText) {
    guard let phrase = Self.phrases.lazy.compactMap({ Self.find(text, $0) }).first else { return nil }
    guard let word = Self.letters.lazy.compactMap({ Self.find(text, $0, from: phrase.upperBound, within: 60) }).first else { return nil }
    // A date must follow: "the letter dated 5 May 2003".
    var index = word.upperBound
    var year: Int?
    while index < text.count, index - word.upperBound < 60, year == nil {
      if let (value, end) = text.number(at: index) {
        if (1945...2199).contains(value) { year = end }
        index = end
      } else {
        index += 1
      }
    }
    guard let year else { return nil }
    letter = word.lowerBound..<year
    var end = year
    while end < text.count, end - year < Self.widest, !(text[end] == 0x2e && text.spaceLength(end + 1) > 0) { end += 1 }
    sentence = phrase.lowerBound..<end
  }

  private static func find(_ text: CitedText, _ words: [UInt8], from start: Int = 0, within: Int = widest) -> Range<Int>? {
    var index = start
    let last = min(text.count, start + within) - words.count
    while index <= last {
      if text[index] | 0x20 == words[0] | 0x20, text.bytes[(index + 1)...].starts(with: words.dropFirst()) {
        return index..<index + words.count
      }
      index += 1
    }
    return nil
  }

  private static let phrases: [[UInt8]] = [
    "with reference to", "in reply to", "in response to", "further to", "I refer to", "has the honour to refer to",
    "have the honour to refer to", "wish to refer to", "acknowledge receipt of", "acknowledge the receipt of", "referring to",
    "me référant à", "me référer à", "comme suite à", "en réponse à", "suite à", "accuser réception de", "con referencia a",
    "en respuesta a", "me refiero a", "referirme a", "acusar recibo de",
    "ссылаясь на", "сослаться на", "в ответ на", "в дополнение к", "со ссылкой на", "بالإشارة إلى", "ردا على", "إلحاقا ب", "أشير إلى",
    "谨提及", "关于", "答复", "复",
  ].map { Array($0.utf8) }
  private static let letters: [[UInt8]] = [
    "letter", "note verbale", "notes verbales", "communication", "telegram", "cable", "lettre", "note", "carta", "nota", "comunicación",
    "письм", "нот", "رسالة", "رسالتي", "رسالتكم", "المذكرة", "مذكرة", "来信", "的信", "信",
    "照会",
  ].map { Array($0.utf8) }
}
