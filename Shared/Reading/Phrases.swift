import Documents

/// The words by which the parts of a paper are known, in the six official languages.
enum Phrases {
  /// The start of a text, folded, for comparison with the phrases here; of no more than `length` characters.
  static func folded(_ text: some StringProtocol, _ length: Int = 64) -> String { Folded.words(Prose.prefix(text, length)) }

  private static func begins(_ text: some StringProtocol, _ phrases: PhraseTable<Void>) -> Bool {
    guard phrases.mayBegin(text), let first = text.unicodeScalars.first, first.properties.isAlphabetic else { return false }
    return phrases.value(beginning: folded(text), isWhole: true) != nil
  }

  // MARK: Letters

  static func isLetter(_ text: some StringProtocol) -> Bool {
    begins(text, letters)
      || !Prose.endsInLetter(text) && (text.hasSuffix("的信") || text.hasSuffix("的同文信") || text.hasSuffix("的信*")) && text.contains("给")
  }

  private static let letters = PhraseTable([
    "letter dated", "letters dated", "identical letters dated", "letter of", "letter from the", "cable dated", "cablegram dated",
    "telegram dated", "telegrams dated",
    "communication dated", "lettre datee", "lettre en date", "lettres datees", "lettres identiques", "telegramme date",
    "telegramme en date", "carta de fecha",
    "carta dirigida", "cartas identicas", "cartas de fecha", "telegrama de fecha", "письмо", "письма", "идентичные письма", "телеграмма",
    "رساله مورخه", "رساله موجهه",
    "رسالتان متطابقتان", "رسالتان مورختان", "رسائل متطابقه", "رساله متطابقه", "رسالتان موجهتان",
  ])

  static func isNoteVerbale(_ text: some StringProtocol) -> Bool {
    begins(text, notesVerbales)
      || !Prose.endsInLetter(text) && (text.hasSuffix("的普通照会") || text.hasSuffix("的普通照会*")) && text.contains("给")
  }

  private static let notesVerbales = PhraseTable([
    "note verbale dated", "notes verbales dated", "note verbale from", "identical notes verbales", "note verbale datee",
    "note verbale en date", "notes verbales datees",
    "notes verbales identiques", "nota verbal de fecha", "notas verbales de fecha", "notas verbales identicas", "вербальная нота",
    "вербальные ноты",
    "идентичные вербальные ноты", "مذكره شفويه مورخه", "مذكره شفويه موجهه", "مذكرتان شفويتان",
  ])

  /// Whether a line is the beginning of a letter's text.
  static func opensLetter(_ text: some StringProtocol) -> Bool {
    begins(text, letterOpenings) || !Prose.startsInASCII(text) && (text.hasPrefix("谨") || text.hasPrefix("奉"))
  }

  private static let letterOpenings = PhraseTable([
    "i have the honour", "i have the honor", "i am writing", "i wish to", "i should like", "i would like", "i am transmitting",
    "i am pleased", "i refer to", "i am instructed",
    "on instructions", "upon instructions", "upon the instructions", "on the instructions", "under instructions", "acting on instructions",
    "further to", "with reference to",
    "in my capacity", "pursuant to", "as you are aware", "on behalf of", "please find", "excellency", "sir", "your excellency",
    "the permanent mission of", "j ai l honneur",
    "d ordre de mon", "sur instruction", "sur instructions", "sur l instruction", "comme suite a", "suite a", "me referant", "au nom de",
    "en ma qualite", "la mission permanente",
    "tengo el honor", "siguiendo instrucciones", "por instrucciones", "por orden de", "me dirijo a", "en mi calidad", "en nombre de",
    "le escribo", "la mision permanente",
    "имею честь", "по поручению", "настоящим", "в дополнение к", "ссылаясь на", "в моем качестве", "постоянное представительство",
    "от имени", "اتشرف", "يشرفني",
    "بناء علي تعليمات", "الحاقا", "بالاشاره الي", "اكتب اليكم", "باسم",
  ])

  // MARK: Resolutions

  /// "The General Assembly," and its like: a resolution's text begins.
  static func opensBody(_ text: some StringProtocol) -> Bool {
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "“" else { return false }
    if first.value >= 0x80 || "TLE".unicodeScalars.contains(first) {
      for opening in bodyOpenings where text.hasPrefix(opening) { return true }
    }
    if text.utf8.count <= 32, contents.contains(folded(text, 32)) { return true }
    // "The Commission on Human Rights,", "La Comisión,": an article, a body, a comma, and nothing else.
    guard !Prose.endsInLetter(text), text.hasSuffix(",") || text.hasSuffix("،") || text.hasSuffix("，"), text.utf8.count <= 110 else {
      return false
    }
    let words = folded(text, 110)
    guard articles.contains(where: { words.hasPrefix($0) }) || first.value > 0x3ff else { return false }
    return bodies.contains { words.contains($0) }
  }

  /// Whether the text below a head begins: a resolution's, or a note's with "The Secretary-General has the honour to transmit".
  static func opensText(_ text: String) -> Bool {
    if opensBody(text) { return true }
    let start = text.prefix(140)
    return honours.contains { start.firstRange(of: $0) != nil }
  }

  private static let honours = [" has the honour to ", " a l’honneur de ", " tiene el honor de ", " имеет честь "]

  /// The heading of a table of contents.
  private static let contents: Set<String> = [
    "contents", "table of contents", "sommaire", "table des matieres", "indice", "содержание", "المحتويات", "目录",
  ]

  private static let bodyOpenings = [
    "The General Assembly", "The Security Council", "The Economic and Social Council", "The Human Rights Council",
    "The Trusteeship Council", "L’Assemblée générale,",
    "Le Conseil de sécurité,", "Le Conseil économique et social,", "La Asamblea General,", "El Consejo de Seguridad,",
    "El Consejo Económico y Social,",
    "Генеральная Ассамблея,", "Совет Безопасности,", "Экономический и Социальный Совет,", "إن الجمعية العامة", "إن مجلس الأمن", "إن المجلس",
    "大会，", "大会,", "安全理事会，",
    "安全理事会,", "经济及社会理事会，",
  ]
  private static let articles = ["the ", "l ", "le ", "la ", "les ", "el ", "los ", "las "]
  private static let bodies = [
    "assembl", "council", "commission", "committee", "conference", "board", "parties", "conseil", "comite", "asamblea", "consejo",
    "comision", "conferencia", "ассамблея",
    "совет", "комиссия", "комитет", "конференция", "大会", "理事会", "委员会", "الجمعيه", "مجلس", "لجنه", "موتمر",
  ]

  static func isAdoption(_ text: some StringProtocol) -> Bool {
    // "decisions adopted by the General Assembly at its tenth special session" is the second line of an item's title.
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic, !first.properties.isLowercase || first == "r" else {
      return !Prose.startsInASCII(text) && text.hasPrefix("第") && text.contains("号决议")
        || !Prose.endsInLetter(text) && text.hasSuffix("大会决议")
    }
    return begins(text, adoptions) && !Prose.startsLowercase(String(text.prefix(1))) || councilResolution(text) != nil
      || !Prose.endsInLetter(text) && text.hasSuffix("大会决议")
  }

  private static let adoptions = PhraseTable([
    "resolution adopted by", "resolutions adopted by", "resolution adopted on", "decision adopted by", "decisions adopted by",
    "adopted by the security council",
    "resolution adoptee par", "resolutions adoptees par", "decision adoptee par", "resolucion aprobada por", "resoluciones aprobadas por",
    "decision adoptada por",
    "resolucion adoptada por", "резолюция принятая", "резолюции принятые", "решение принятое", "قرار اتخذته", "قرارات اتخذتها",
    "قرار اعتمدته", "قرار اتخذه", "مقرر اتخذته",
  ])

  /// "Resolution 822 (1993)", "Резолюция 822 (1993)", "القرار 822 (1993)", "第822(1993)号决议": the words that name a Council's resolution at the start of a text.
  static func councilResolution(_ text: some StringProtocol) -> String? {
    guard text.utf8.count < 500, let first = text.utf8.first, !isLower(first | 0x20) || first | 0x20 == UInt8(ascii: "r") else {
      return nil
    }
    if text.hasPrefix("第"), let end = text.firstRange(of: "号决议") { return String(text[..<end.upperBound]) }
    let words = text.split(separator: " ", maxSplits: 3)
    guard words.count >= 3, isDigits(Substring(words[1]), 1...4), words[2].hasPrefix("("),
      words[2].dropFirst().prefix(while: \.isNumber).count == 4,
      ["resolution", "resolucion", "резолюция", "القرار", "قرار"].contains(Folded.words(words[0]))
    else { return nil }
    return words[0...2].joined(separator: " ").filter { $0 != "*" && $0 != "," }
  }

  // MARK: Drafts

  /// The kind that words after sponsors and a colon name: "draft resolution", "projet de décision", "поправка".
  static func draftKind(_ text: some StringProtocol) -> DocumentKind? {
    draftTable.mayBegin(text) ? draftTable.value(beginning: folded(text, 48)) : nil
  }

  private static let draftTable = PhraseTable(drafts.map { ($0.phrase, $0.kind) })

  static let drafts: [(phrase: String, kind: DocumentKind)] = [
    ("draft resolution", .draftResolution), ("revised draft resolution", .draftResolution), ("joint draft resolution", .draftResolution),
    ("draft decision", .draftDecision),
    ("revised draft decision", .draftDecision), ("amendment", .amendment), ("sub amendment", .amendment), ("draft amendment", .amendment),
    ("revised amendment", .amendment),
    ("working paper", .workingPaper), ("draft proposal", .draftResolution), ("projet de resolution", .draftResolution),
    ("projets de resolution", .draftResolution),
    ("projet de decision", .draftDecision), ("amendement", .amendment), ("sous amendement", .amendment),
    ("document de travail", .workingPaper),
    ("proyecto de resolucion", .draftResolution), ("proyectos de resolucion", .draftResolution),
    ("proyecto revisado de resolucion", .draftResolution),
    ("proyecto de decision", .draftDecision), ("enmienda", .amendment), ("subenmienda", .amendment),
    ("documento de trabajo", .workingPaper),
    ("проект резолюции", .draftResolution), ("проекты резолюции", .draftResolution), ("пересмотренный проект резолюции", .draftResolution),
    ("проект решения", .draftDecision),
    ("поправк", .amendment), ("рабочий документ", .workingPaper), ("مشروع قرار", .draftResolution), ("مشروع مقرر", .draftDecision),
    ("تعديل", .amendment),
    ("ورقه عمل", .workingPaper), ("决议草案", .draftResolution), ("订正决议草案", .draftResolution), ("决定草案", .draftDecision), ("修正案", .amendment),
    ("工作文件", .workingPaper),
  ]

  /// Whether a line can be nothing but the beginning of a paper's own heading.
  static func isDocumentStart(_ text: some StringProtocol) -> Bool {
    isLetter(text) || isNoteVerbale(text) || isAdoption(text) || AuthorLine.read(text) != nil || text.hasPrefix("[")
  }
}
