import Documents

/// Annexes, enclosures and appendices: documents inside the document, found by their headings among its paragraphs.
enum Annexes {
  /// A heading's label and what it says after it: "Annex II" and "to the letter dated …".
  struct Label {
    var text: String
    var rest: Substring
    /// An enclosure lies in its annex.
    var level: Int
  }

  private static let words: [(word: String, level: Int)] = [
    ("Annexes", 0), ("Annexe", 0), ("ANNEXE", 0), ("Annex", 0), ("ANNEX", 0), ("Enclosure", 1), ("ENCLOSURE", 1), ("Appendix", 1),
    ("APPENDIX", 1), ("Pièce jointe", 1),
    ("PIECE JOINTE", 1), ("Appendice", 1), ("APPENDICE", 1), ("Anexo", 0), ("ANEXO", 0), ("Apéndice", 1), ("APENDICE", 1),
    ("Documento adjunto", 1), ("Приложение", 0), ("ПРИЛОЖЕНИЕ", 0),
    ("Добавление", 1), ("المرفق", 0), ("مرفق", 0), ("الضميمة", 1), ("ضميمة", 1), ("التذييل", 1), ("附件", 0), ("附文", 1), ("附录", 1),
  ]

  /// The label of a heading line; nil when it is none: a sentence may begin with "Annex" too.
  static func label(_ text: String) -> Label? {
    guard mayBegin(text), text.utf8.count <= 400,
      let first = text.unicodeScalars.first,
      let (word, level) = words.first(where: { text.hasPrefix($0.word) })
    else { return nil }
    var rest = text.dropFirst(word.count)
    if rest.isEmpty || rest == "*" { return Label(text: word, rest: "", level: level) }
    let isJoined = first.value > 0x2e80
    guard rest.hasPrefix(" ") || isJoined else { return nil }
    rest = rest.drop { $0 == " " }
    let number = rest.prefix { $0 != " " && $0 != ":" && $0 != "." && $0 != "*" }
    if Prose.isRoman(number) || isDigits(number, 1...2) || number.count == 1 && (number.first?.isUppercase == true || isJoined)
      || isArabicOrdinal(number)
    {
      let after = rest[number.endIndex...].drop { " .:*".contains($0) }
      guard after.utf8.count <= 300, !after.hasSuffix(","), !after.hasSuffix(";"), !Prose.startsLowercase(String(after)) || links(after)
      else { return nil }
      return Label(text: word + (isJoined ? "" : " ") + number, rest: after, level: level)
    }
    return links(rest) ? Label(text: word, rest: rest, level: level) : nil
  }

  /// Whether the first letters are those of one of the words: "An", "En", …
  private static func mayBegin(_ text: String) -> Bool {
    var bytes = text.utf8.makeIterator()
    guard let first = bytes.next(), let second = bytes.next() else { return false }
    switch first {
    case UInt8(ascii: "A"): return second | 0x20 == UInt8(ascii: "n") || second | 0x20 == UInt8(ascii: "p")
    case UInt8(ascii: "E"): return second | 0x20 == UInt8(ascii: "n")
    case UInt8(ascii: "P"): return second | 0x20 == UInt8(ascii: "i")
    case UInt8(ascii: "D"): return second == UInt8(ascii: "o")
    default: return first >= 0xd0 && first < 0xe0 || first >= 0xe3
    }
  }

  private static func isArabicOrdinal(_ word: Substring) -> Bool {
    ["الأول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس"].contains(word)
  }

  /// "to the letter dated …", "à la lettre …", "de la carta …", "к письму …".
  private static func links(_ text: some StringProtocol) -> Bool {
    let start = Phrases.folded(text, 40)
    return [
      "to the letter", "to the note", "to the identical", "to letter", "to the cable", "to the communication", "to the annex",
      "a la lettre", "a la note", "aux lettres", "de la lettre", "de la carta",
      "de la nota", "de las cartas", "a la carta", "al anexo", "a la nota", "к письму", "к вербальной", "к идентичным", "к записке",
      "للرساله", "للرسالتين", "للمذكره",
    ].contains { start.hasPrefix($0) }
  }

  /// The annexes of a document whose paragraphs are known. `signed` has the signatories by the number of their paragraph; `year` is that of the document.
  static func read(_ paragraphs: [Paragraph], signed: [Int: [Signatory]], year: Int?) -> [Annex] {
    var open: [(level: Int, place: Int)] = []
    var annexes: [Annex] = []
    let last = paragraphs.lastIndex { $0.role != .footnote } ?? 0
    func close(from level: Int, at number: Int) {
      while let top = open.last, top.level >= level {
        let first = annexes[top.place].paragraphs.lowerBound
        annexes[top.place].paragraphs = first...max(first, number)
        open.removeLast()
      }
    }
    for (index, paragraph) in paragraphs.enumerated() where paragraph.role == .annexHeading {
      guard let label = label(paragraph.text) else { continue }
      close(from: label.level, at: paragraph.number - 1)
      open.append((label.level, annexes.count))
      annexes.append(annex(label, paragraphs[(index + 1)...], number: paragraph.number, signed, year))
    }
    if !paragraphs.isEmpty { close(from: 0, at: paragraphs[last].number) }
    return annexes
  }

  private static func annex(_ label: Label, _ rest: ArraySlice<Paragraph>, number: Int, _ signed: [Int: [Signatory]], _ year: Int?) -> Annex
  {
    var annex = Annex(label: label.text, paragraphs: number...number)
    var title = links(label.rest) ? "" : String(label.rest)
    for paragraph in rest.prefix(5) {
      if let languages = originals(paragraph.text) {
        annex.originalLanguages = languages
        continue
      }
      let isLetter = Phrases.isLetter(paragraph.text) || Phrases.isNoteVerbale(paragraph.text)
      let isTitle = paragraph.role == .heading || isLetter
      guard isTitle, annex.kind == .other, title.utf8.count + paragraph.text.utf8.count <= 1000 else { break }
      title += (title.isEmpty ? "" : " ") + paragraph.text
      if isLetter { annex.kind = .letter }
    }
    annex.title = title.isEmpty ? nil : Prose.withoutMarks(title)
    take(title: title, &annex, year)
    for paragraph in rest {
      if paragraph.role == .annexHeading { break }
      annex.signatories += signed[paragraph.number] ?? []
    }
    return annex
  }

  private static func take(title: String, _ annex: inout Annex, _ year: Int?) {
    if Phrases.isLetter(title) || Phrases.isNoteVerbale(title) {
      let letter = LetterTitle(Prose.withoutMarks(title)[...])
      annex.kind = Phrases.isNoteVerbale(title) ? .noteVerbale : .letter
      annex.date = letter.date
      annex.sender = letter.sender.map { Parties.party($0, year: year) }
      annex.addressees = letter.addressees.map { Parties.addressee($0, year: year) }
      return
    }
    annex.date = Parties.date(in: title)
    let words = Folded.words(title.prefix(80))
    if let note = AuthorLine.read(title) {
      annex.kind = note.kind
    } else if ["statement", "declaration", "communique", "joint statement", "declaracion", "заявление", "بيان"].contains(where: {
      words.hasPrefix($0)
    }) {
      annex.kind = .statement
    } else if words.hasPrefix("resolution") {
      annex.kind = .resolution
    }
  }

  /// "[Original: Arabic]", "[Original : français]": the languages.
  private static func originals(_ text: String) -> [String]? {
    guard text.hasPrefix("["), text.utf8.count <= 80, let colon = text.firstIndex(where: { $0 == ":" || $0 == "：" }) else { return nil }
    let codes = text[text.index(after: colon)...].lowercased().split(whereSeparator: { " ,]/和".contains($0) }).compactMap {
      Language.code(named: String($0))
    }
    return codes.isEmpty ? nil : codes
  }
}
