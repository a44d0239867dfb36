import Documents

/// The grammar of a paper's author's line: "Report of the Secretary-General", "Note du Secrétariat", "Written statement submitted by …", "秘书长的报告".
enum AuthorLine {
  /// The kind of paper that the line names, and the words after "of" or "by".
  static func read(_ text: some StringProtocol) -> (kind: DocumentKind, author: String?)? {
    guard let first = text.unicodeScalars.first, first.properties.isAlphabetic, !first.properties.isLowercase, text.utf8.count <= 700 else {
      return nil
    }
    // "доклад" is one, "докладчик" is none.
    if table.mayBegin(text), let found = table.value(beginning: Phrases.folded(text, 72), isWhole: true) {
      // "Statement by the President of the Security Council": the phrase holds the author too.
      let words =
        found.kind == .presidentialStatement
        ? found.phrase.split(separator: " ").prefix(found.phrase.utf8.first.map { $0 < 0x80 } == true ? 2 : 1).joined(separator: " ")
        : found.phrase
      return (found.kind, author(String(text), words: words))
    }
    if Prose.endsInLetter(text) { return nil }
    let bare = String(text.filter { $0 != "*" })
    for (suffix, kind) in [("的报告", .report), ("的说明", .note), ("的声明", .presidentialStatement), ("次报告", .report)] as [(String, DocumentKind)]
    {
      if bare.hasSuffix(suffix), bare.count <= 40 { return (kind, String(bare.dropLast(suffix.count))) }
    }
    return nil
  }

  /// What follows as many words as the phrase has, without an article and without what the report is about.
  private static func author(_ text: String, words phrase: String) -> String? {
    var count = phrase.split(separator: " ").count
    var rest = text[...]
    while count > 0, let word = rest.firstIndex(where: { $0 == " " || $0 == "’" || $0 == "'" || $0 == "-" }) {
      count -= 1
      rest = rest[rest.index(after: word)...].drop { $0 == " " }
    }
    if count > 0 { return nil }
    for article in ["the ", "The ", "THE ", "la ", "le ", "les ", "l’", "l'", "el ", "los ", "las ", "L’"] where rest.hasPrefix(article) {
      rest = rest.dropFirst(article.count)
      break
    }
    // "National report submitted in accordance with …", "Доклад о …" name no author.
    let next = Folded.words(rest.prefix(24))
    if ["in accordance", "pursuant", "conformement", "de conformidad"].contains(where: { next.hasPrefix($0) }) { return nil }
    if Prose.startsLowercase(String(rest.prefix(1))), rest.unicodeScalars.first.map({ $0.value > 0x3ff }) == true { return nil }
    return rest.isEmpty ? nil : cut(rest)
  }

  /// An author is named up to "in accordance with", "pursuant to" and their like; an officer, up to "on" as well, which in a committee's name is part of it.
  private static func cut(_ text: Substring) -> String {
    var end = text.endIndex
    // In capitals a title's small words are capitals too.
    let isCapital = text.prefix(60).uppercased() == text.prefix(60)
    func cased(_ words: [String]) -> [String] { isCapital ? words.map { $0.uppercased() } : words }
    for word in cased(endings) { if let found = Prose.firstRange(of: word, in: text) { end = min(end, found.lowerBound) } }
    let head = text[..<end]
    let start = Folded.words(head.prefix(40))
    if officers.contains(where: { start.hasPrefix($0) }) {
      for word in cased([" on ", " sur ", " sobre ", " о ", " об ", " concerning ", " concernant ", " for the period", " to the "]) {
        if let found = Prose.firstRange(of: word, in: head) { end = min(end, found.lowerBound) }
      }
    }
    var name = Prose.trimmed(text[..<end])
    while name.hasSuffix(",") || name.hasSuffix("*") { name = Prose.trimmed(name.dropLast()) }
    return String(name)
  }

  private static let endings = [
    " in accordance with", " pursuant to", " submitted ", ", submitted", " under ", " prepared ", " présenté", " présentée",
    " conformément", " presentado", " presentada",
    " de conformidad", ", представленн", " в соответствии", " во исполнение", ", a non-governmental", ", non-governmental",
    ", an organization", ", organisation non",
    ", organización no", ", неправительственн", " for the period", " at its ", " on its ",
  ]
  private static let officers = [
    "secretary general", "secretariat", "president", "executive", "director", "administrator", "chair", "secretaire general", "secretariat",
    "secretario general", "secretaria",
    "генерального секретаря", "секретариата", "united nations high commissioner", "high commissioner", "under secretary",
  ]

  /// Folded; of two that fit, the longer stands first.
  static let phrases: [(phrase: String, kind: DocumentKind)] = {
    let table: [(DocumentKind, String)] = [
      (
        .presidentialStatement,
        "statement by the president of the security council|statement by the president on behalf of the security council"
      ),
      (.presidentialStatement, "declaration du president du conseil de securite|declaration de la presidente du conseil de securite"),
      (
        .presidentialStatement, "declaracion del presidente del consejo de seguridad|declaracion de la presidencia del consejo de seguridad"
      ),
      (
        .presidentialStatement,
        "declaracion de la presidenta del consejo de seguridad|заявление председателя совета безопасности|بيان من رئيس مجلس الامن|بيان من رئيسه مجلس الامن"
      ),
      (
        .ngoStatement,
        "written statement submitted by|joint written statement submitted by|statement submitted by|joint statement submitted by|exposicion escrita presentada"
      ),
      (
        .ngoStatement,
        "exposicion conjunta escrita presentada|expose ecrit presente|expose ecrit conjoint presente|declaration presentee par|declaracion presentada por"
      ),
      (
        .ngoStatement,
        "exposition ecrite|письменное заявление представленное|совместное письменное заявление|заявление представленное|بيان خطي مقدم|بيان مقدم من"
      ),
      (
        .workingPaper,
        "working paper submitted by|working paper prepared by|joint working paper submitted by|working paper by|document de travail presente|document de travail etabli"
      ),
      (
        .workingPaper,
        "documento de trabajo presentado|documento de trabajo preparado|рабочий документ представленный|рабочий документ подготовленный|ورقه عمل مقدمه"
      ),
      (.conferenceRoomPaper, "conference room paper submitted by|conference room paper by"),
      (.petition, "petition from|petition dated|petition of|petition submitted by|petition emanant|peticion de|петиция"),
      (
        .statement,
        "statement by|statement made by|summary statement by|expose succinct du|exposicion sucinta del|relacion sucinta del|краткое сообщение|oral statement by"
      ),
      (
        .report,
        "report of|report by|report submitted by|report prepared by|interim report of|progress report of|second report of|third report of|final report of|first report of"
      ),
      (
        .report,
        "annual report of|draft report of|preliminary report of|joint report of|mid term report of|consolidated report of|special report of|fourth report of|fifth report of"
      ),
      (
        .report,
        "rapport du|rapport de la|rapport de l|rapport des|rapport presente par|rapport etabli par|rapport interimaire du|premier rapport du|deuxieme rapport du"
      ),
      (
        .report,
        "informe del|informe de la|informe de los|informe presentado por|informe provisional del|primer informe|segundo informe|informe preparado por|informe de"
      ),
      (
        .report,
        "доклад|промежуточный доклад|первый доклад|второй доклад|تقرير الامين العام|تقرير مقدم|تقرير من|تقرير مفوض|تقرير المقرر|تقرير المقرره|تقرير اللجنه|تقرير"
      ),
      (
        .report,
        "national report submitted|national report presented|rapport national presente|informe nacional presentado|национальный доклад представленный"
      ),
      (
        .note,
        "note by|memorandum by|note submitted by|note prepared by|information note by|background note by|memorandum from|note du|note de la|note de l|memoire du"
      ),
      (
        .note,
        "note d information|note etablie par|nota del|nota de la|memorando del|nota presentada por|записка|меморандум|مذكره من|مذكره مقدمه|background paper prepared by"
      ),
    ]
    return table.flatMap { kind, list in list.split(separator: "|").map { (String($0), kind) } }.sorted { $0.0.count > $1.0.count }
  }()

  private static let table = PhraseTable(phrases.map { ($0.phrase, $0) })
}
