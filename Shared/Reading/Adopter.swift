import Documents

/// Whose resolution or decision a number is, by the words beside it.
enum Adopter: Hashable {
  case assembly, securityCouncil, economicCouncil, humanRightsCouncil, humanRightsCommission
  /// "Council" alone.
  case someCouncil
  /// "its": of the organ that speaks.
  case its
  /// That of the United Nations Environment Programme.
  case environmentAssembly
  /// A body whose resolutions bear no symbol that their number tells.
  case other

  /// The organ whose name ends at `end`, and where that name begins. A longer name of another body is not taken for its last words.
  static func named(_ text: CitedText, endingAt end: Int) -> (Adopter, start: Int)? {
    let last = text[end - 1]
    guard end > 3, CitedText.isWordByte(last) || last == 0x2e else { return nil }
    for (name, adopter) in byLast[Int(last)] where end >= name.count && text.has(name, at: end - name.count) {
      let start = end - name.count
      guard text.isWordStart(start) || text[start] >= 0xe3 || isPrefixed(text, start) else { continue }
      return (adopter, start)
    }
    return isOtherBody(text, endingAt: end) ? (.other, text.word(endingAt: end).lowerBound) : nil
  }

  /// The organ whose name begins at `start`, and where that name ends.
  static func named(_ text: CitedText, at start: Int) -> (Adopter, end: Int)? {
    guard CitedText.isWordByte(text[start]) else { return nil }
    for (name, adopter) in byFirst[Int(text[start])] where text.has(name, at: start) && !CitedText.isLetter(text[start + name.count]) {
      return adopter == .its ? nil : (adopter, start + name.count)
    }
    let word = text.word(at: start)
    let words: [StaticString] = [
      "Conference", "Commission", "Committee", "Executive", "Board", "United Nations Environment", "World Health", "Conférence",
      "Conferencia",
      "Конференции", "Комиссии", "Environment", "International", "Meeting", "Parties", "Governing", "Parliamentary", "Organization",
    ]
    return words.contains { text.has($0, at: start) } ? (.other, word.upperBound) : nil
  }

  /// Arabic writes "and", "of" and "to" with the word.
  private static func isPrefixed(_ text: CitedText, _ start: Int) -> Bool { text[start - 2] == 0xd9 || text[start - 2] == 0xd8 }

  /// "Health Assembly", "General Conference", "Commission on Narcotic Drugs": capitals that are no principal organ's.
  private static func isOtherBody(_ text: CitedText, endingAt end: Int) -> Bool {
    let word = text.word(endingAt: end)
    let bodies: [StaticString] = [
      "Conference", "Commission", "Committee", "Board", "Drugs", "Justice", "Women", "Parties", "Union", "Development", "Population",
    ]
    return bodies.contains { text.start(of: $0, endingAt: end) == word.lowerBound }
  }

  /// Printed names, longer before their own ends.
  private static let names: [([UInt8], Adopter)] = {
    let printed: [(Adopter, [String])] = [
      (.environmentAssembly, ["United Nations Environment Assembly", "Environment Assembly", "UNEA"]),
      (
        .other,
        [
          "Health Assembly", "Parliamentary Assembly", "Habitat Assembly", "Governing Council", "European Council", "Executive Council",
          "Trusteeship Council",
        ]
      ),
      (
        .assembly,
        [
          "General Assembly", "Assembly", "UNGA", "GA", "Assemblée générale", "Assemblée", "Asamblea General", "Asamblea",
          "Генеральной Ассамблеи", "Генеральной Ассамблеей", "Генеральная Ассамблея", "Ассамблеи", "ГА ООН", "الجمعية العامة",
          "للجمعية العامة", "الجمعية", "联合国大会", "联大", "大会",
        ]
      ),
      (
        .securityCouncil,
        [
          "Security Council", "UNSC", "Conseil de sécurité", "Consejo de Seguridad", "Совета Безопасности", "Советом Безопасности",
          "Совет Безопасности", "СБ ООН", "مجلس الأمن", "مجلس الامن", "安全理事会", "安理会",
        ]
      ),
      (
        .economicCouncil,
        [
          "Economic and Social Council", "ECOSOC", "Conseil économique et social", "Consejo Económico y Social",
          "Экономического и Социального Совета", "المجلس الاقتصادي والاجتماعي", "经济及社会理事会", "经社理事会",
        ]
      ),
      (
        .humanRightsCouncil,
        [
          "Human Rights Council", "Conseil des droits de l’homme", "Conseil des droits de l'homme", "Consejo de Derechos Humanos",
          "Совета по правам человека", "مجلس حقوق الإنسان", "人权理事会",
        ]
      ),
      (
        .humanRightsCommission,
        [
          "Commission on Human Rights", "Commission des droits de l’homme", "Commission des droits de l'homme",
          "Comisión de Derechos Humanos", "Комиссии по правам человека", "لجنة حقوق الإنسان", "人权委员会",
        ]
      ),
      (
        .someCouncil,
        [
          "Council", "Conseil", "Consejo", "Совета", "理事会",
        ]
      ),
      (
        .its,
        [
          "its", "our", "ses", "sa", "sus", "su", "своей", "своих", "свою", "свои", "ее", "её", "其",
        ]
      ),
    ]
    // Headings are set in capitals.
    return printed.flatMap { adopter, names in
      names.flatMap { name in [name] + (name.contains(" ") && name.utf8.first.map(CitedText.isUpper) == true ? [name.uppercased()] : []) }
        .map { (Array($0.utf8), adopter) }
    }.sorted { $0.0.count > $1.0.count }
  }()

  /// The names by their last byte, and by their first.
  private static let byLast = (0...255).map { byte in names.filter { $0.0[$0.0.count - 1] == byte } }
  private static let byFirst = (0...255).map { byte in names.filter { $0.0[0] == byte } }
}

/// The paper in which a number stands.
struct CitingPaper {
  /// The organ that "its" means.
  var organ: Adopter?
  var year: Int?
}

extension CitedNumber {
  enum Kind { case resolution, decision }

  enum Resolved: Equatable {
    case symbols([Symbol])
    case unresolved(String)
  }

  /// Most papers that one range may stand for.
  private static let maximumRange = 64

  /// The canonical symbols of this number; `through` is the last number of a range ("46/1 to 46/4").
  func resolved(_ kind: Kind, _ adopter: Adopter?, through last: Int? = nil, in paper: CitingPaper) -> Resolved {
    let word = kind == .resolution ? "RES" : "DEC"
    var texts: [String] = []
    switch form {
    case .session(let session, let first, let prefix):
      let series: String
      switch adopter == .its ? paper.organ : adopter {
      case .humanRightsCouncil?: series = "A/HRC"
      case .humanRightsCommission?: series = "E/CN.4"
      case .economicCouncil?: series = "E"
      case .environmentAssembly?: return .symbols([Symbol(canonical: "UNEP/EA.\(session)/Res.\(first)")])
      case .other?:
        return .unresolved("of a body whose \(word == "RES" ? "resolutions" : "decisions") have no symbol by their number alone")
      case .someCouncil? where session < 1000: series = "A/HRC"
      default: series = session >= 1000 ? "E" : "A"
      }
      guard session < 1000 || (1978...2199).contains(session) && series.hasPrefix("E") else {
        return .unresolved("no organ has such a number")
      }
      guard series != "A" || !prefix.isEmpty || session >= 31 else {
        return .unresolved("the organ is not named, and the General Assembly numbers so from its thirty-first session only")
      }
      let end = last ?? first
      guard end - first < Self.maximumRange else { return .unresolved("a range of more than \(Self.maximumRange)") }
      for number in first...max(first, end) { texts.append("\(series)/\(word)/\(prefix)\(session)/\(number)") }
    case .year(let number, let year):
      guard kind == .resolution else { return .unresolved("the Security Council's decisions have no such numbers") }
      if let known = Symbol.councilYear(of: number), known != year {
        return .unresolved("the Security Council's resolution \(number) is of \(known)")
      }
      texts = ["S/RES/\(number) (\(year))"]
    case .roman(let number, let numeral):
      let series = adopter == .economicCouncil || adopter == .someCouncil ? "E" : "A"
      if series == "A", let session = AssemblySessions.number(roman: numeral.utf8) {
        guard session <= AssemblySessions.last else {
          return .unresolved("the organ is not named, and the General Assembly had no such session then")
        }
        guard AssemblySessions.isPlausible(number, session: session) else {
          return .unresolved("the General Assembly's resolution \(number) is of another session")
        }
      }
      if letters.isEmpty { return .symbols([Symbol(canonical: "\(series)/\(word)/\(number) (\(numeral))")]) }
      return .symbols(letters.map { Symbol(canonical: "\(series)/\(word)/\(number) \(Character(Unicode.Scalar($0))) (\(numeral))") })
    case .bare(let number):
      return bare(number, kind, adopter == .its ? paper.organ : adopter, paper.year)
    }
    if letters.isEmpty { return .symbols(texts.map { Symbol(canonical: $0) }) }
    return .symbols(texts.flatMap { text in letters.map { Symbol(canonical: "\(text) \(Character(Unicode.Scalar($0)))") } })
  }

  /// Numbers of Assembly resolutions that are spoken of without session or organ.
  private static let knownByNumber: Set<Int> = [181, 194, 377, 1514, 1541, 2065, 2625, 2758, 3314, 3379]

  private func bare(_ number: Int, _ kind: Kind, _ adopter: Adopter?, _ year: Int?) -> Resolved {
    guard kind == .resolution else { return .unresolved("neither its session nor its year is said") }
    let council = Symbol.councilYear(of: number).map { (Symbol(canonical: "S/RES/\(number) (\($0))"), $0) }
    let assembly = AssemblySessions.numeral(of: number).map { (Symbol(canonical: "A/RES/\(number) (\($0.0))"), $0.year) }
    switch adopter {
    case .securityCouncil?, .someCouncil?:
      return council.map { .symbols([$0.0]) } ?? .unresolved("the year of the Security Council's resolution \(number) is not known")
    case .assembly?:
      return assembly.map { .symbols([$0.0]) } ?? .unresolved("the session of the General Assembly's resolution \(number) is not known")
    case nil, .its?:
      // What was not yet adopted when the paper was written is not meant.
      let isCouncils = council.map { $0.1 <= year ?? .max } ?? false
      let isAssemblys = assembly.map { $0.1 <= year ?? .max } ?? false
      if isAssemblys, !isCouncils || Self.knownByNumber.contains(number), let assembly { return .symbols([assembly.0]) }
      if isCouncils, number >= 100, let council { return .symbols([council.0]) }
      return .unresolved("neither the organ nor the year is said")
    default: return .unresolved("of a body whose resolutions have no symbol by their number alone")
    }
  }
}
