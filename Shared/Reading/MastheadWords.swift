import Documents

/// Words of mastheads: the house's name, classes of distribution, bodies.
enum MastheadWords {
  /// What a masthead prints and no field holds.
  static func isFurniture(_ cell: some StringProtocol) -> Bool {
    let lower = cell.lowercased()
    return furniture.contains(lower) || lower.hasPrefix("official records") || lower.hasPrefix("documents officiels")
      || lower.hasPrefix("documentos oficiales")
      || treaties.contains { lower.hasPrefix($0) }
  }

  private static let furniture: Set<String> = [
    "united nations", "united", "nations", "nations unies", "unies", "naciones unidas", "naciones", "unidas",
    "организация объединенных наций", "объединенные нации",
    "организация", "объединенных наций", "объединенных", "наций", "الأمم المتحدة", "联合国", "联 合 国", "a", "s", "e", "a s", "a s e", "t",
    "e c", "assembly", "council", "unies a",
    "nations a", "unies s", "nations s", "unidas a", "unidas s", "provisional", "provisoire", "официальные отчеты", "предварительный", "*",
    "**", "advance unedited version",
    "advance edited version", "advance version", "for participants only", "dual distribution", "unedited version",
    "reissued for technical reasons",
  ]

  /// Series of the treaty bodies' symbols.
  static let treatySeries: Set<String> = ["CAT", "CCPR", "CED", "CEDAW", "CERD", "CMW", "CRC", "CRPD"]

  /// In a treaty body's masthead the treaty's name stands where others have an organ's.
  private static let treaties = [
    "international covenant on", "international convention on", "convention on the", "convention against torture",
    "pacte international relatif", "convention internationale",
    "convention relative", "convention contre la torture", "convention sur", "pacto internacional de", "convención internacional",
    "convención sobre", "convención contra",
    "международный пакт", "международная конвенция", "конвенция о", "конвенция против", "العهد الدولي", "الاتفاقية الدولية", "اتفاقية",
    "optional protocol", "公民权利和政治权利",
    "消除", "儿童权利公约", "禁止酷刑",
  ]

  /// The language in which the house's name is printed, which is that of the paper.
  static func language(ofHouse cell: some StringProtocol) -> String? {
    switch cell.lowercased() {
    case "united nations": "en"
    case "nations unies": "fr"
    case "naciones unidas": "es"
    case "организация объединенных наций": "ru"
    case "الأمم المتحدة": "ar"
    case "联合国", "联 合 国": "zh"
    default: nil
    }
  }

  /// The language a version is in, where that is printed on a line of its own.
  static func versionLanguage(_ cell: some StringProtocol) -> String? {
    cell.utf8.count <= 24 ? Language.code(named: cell.lowercased()) : nil
  }

  static func distribution(_ word: some StringProtocol) -> String? { distributions[word.lowercased()] }

  private static let distributions: [String: String] = {
    var names: [String: String] = [:]
    for (name, printed) in [
      ("General", "general générale generale общая عام عامة 普遍 普遍分发 général généralé"),
      ("Limited", "limited limitée limitee limitada ограниченная محدود محدودة 有限 有限分发"),
      ("Restricted", "restricted restreinte reservada ограниченного restringida مقيد 限制"), ("Provisional", "provisional provisoire"),
      ("Unrestricted", "unrestricted"),
    ] {
      for word in printed.split(separator: " ") { names[String(word)] = name }
    }
    return names
  }()

  /// Whether a line names a committee, commission, council or another body.
  static func isBody(_ text: String) -> Bool {
    guard text.utf8.count <= 200, let first = text.unicodeScalars.first else { return false }
    if (0x4e00...0x9fff).contains(first.value) {
      return ["委员会", "理事会", "工作组", "会议", "小组委员会"].contains { text.hasSuffix($0) } && text.count <= 24
    }
    if (0x600...0x6ff).contains(first.value) {
      return ["لجنة", "اللجنة", "مجلس", "الفريق", "المجلس", "فريق"].contains { text.hasPrefix($0) }
    }
    let lower = text.lowercased()
    if lower.hasPrefix("report") || lower.hasPrefix("note") || lower.hasSuffix(",") || lower.contains(":") || lower.hasSuffix(".") {
      return false
    }
    return bodyStarts.contains { lower.hasPrefix($0) } || bodyEnds.contains { lower.hasSuffix($0) }
  }

  /// Whether words begin as the name of a body does: with a capital.
  static func startsBody(_ text: Substring) -> Bool {
    guard text.unicodeScalars.first?.properties.isUppercase == true else { return false }
    let lower = text.lowercased()
    return bodyStarts.contains { lower.hasPrefix($0) }
  }

  private static let bodyStarts = [
    "commission on ", "committee on ", "committee against ", "committee for ", "human rights council", "working group on ",
    "working group of ", "special committee on ", "ad hoc ",
    "preparatory commi", "sub-commission", "subcommission", "executive board of ", "governing council",
    "trade and development board", "united nations conference on ",
    "conference of the parties", "meeting of the parties", "intergovernmental ", "permanent forum on ", "advisory committee",
    "committee of experts", "statistical commission",
    "conference on ", "united nations commission on ", "commission for ", "working group i", "working group v", "subsidiary body for ",
    "legal subcommittee",
    "scientific and technical subcommittee", "conférence ", "comité ", "commission ", "conseil des droits", "conseil des chefs",
    "groupe de travail ", "sous-commission ",
    "comité", "comisión ", "consejo de derechos", "grupo de trabajo", "subcomisión ", "conferencia ", "комитет ", "комиссия ",
    "совет по правам", "рабочая группа",
    "подкомиссия ", "специальный комитет", "первый комитет", "второй комитет", "третий комитет", "четвертый комитет", "пятый комитет",
    "шестой комитет", "конференция ",
    "consejo económico", "international law commission", "peacebuilding commission", "disarmament commission",
    "group of governmental experts", "review conference of",
    "general committee", "credentials committee", "security council committee ",
  ]
  private static let bodyEnds = [
    "committee", "committee)", " commission", "première commission", "deuxième commission", "troisième commission", "quatrième commission",
    "cinquième commission",
    "sixième commission", "primera comisión", "segunda comisión", "tercera comisión", "cuarta comisión", "quinta comisión",
    "sexta comisión", " commission)", " comisión)",
    " комитет)", " subcommittee",
  ]
}
