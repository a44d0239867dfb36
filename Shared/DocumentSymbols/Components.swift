/// What the parts of a symbol mean.
extension Symbol {
  /// What the series says about the paper: `L.` limited, `RES` resolution, …
  public enum Nature: String, Sendable, CaseIterable {
    case conferenceRoomPaper = "CRP"
    case decision = "DEC"
    case information = "INF"
    case limited = "L"
    case nonGovernmental = "NGO"
    case petition = "PET"
    case presidentialStatement = "PRST"
    case restricted = "R"
    case resolution = "RES"
    case summaryRecord = "SR"
    case verbatimRecord = "PV"
    case workingPaper = "WP"
  }

  /// A session of an organ or body. Special and emergency special sessions have numbers of their own: S-12, ES-10.
  public enum Session: Sendable, Hashable {
    case regular(Int)
    case special(Int)
    case emergencySpecial(Int)
  }

  /// One part of a symbol. Numbers are kept as written where they may be long or missing.
  public enum Component: Sendable, Hashable {
    /// Who issues the papers: `A`, `S`, `CRC`.
    case series(String)
    /// A subsidiary body or sub-series: `AC.105`, `C.3`, `CONF.192`, `GC`, `HRC`; `number` is what follows the dot.
    case body(String, number: String?)
    /// `L.5`, `PV.3745`, `RES`.
    case nature(Nature, number: String?)
    case session(Session)
    case year(Int)
    /// The number in the series, with a resolution's letters: 565; 263 with "B"; 16 with "A to D".
    case serial(String, letters: String?)
    case modifier(Modifier)
  }

  /// What a parenthesis says.
  public enum Parenthesis: Sendable, Hashable {
    case year(Int)
    /// `(XXX)`, `(S-VI)`
    case session(Session)
    /// A number of a kind: "Resumption", "Part", "Vol."
    case named(String, number: Int)
    case other(String)
  }

  /// The parts in order.
  public var components: [Component] {
    let parts = parts.map(Self.withoutParenthesis)
    let isModifier = parts.indices.map { $0 >= 2 && Modifier.Kind(word: Array(parts[$0].utf8)) != nil }
    return parts.indices.map { index in
      let part = parts[index]
      if index == 0 { return .series(String(part)) }
      if isModifier[index], let modifier = Modifier(part) { return .modifier(modifier) }
      let goesOn = parts.indices.contains { $0 > index && !isModifier[$0] }
      return Self.component(part, goesOn: goesOn)
    }
  }

  private static func component(_ part: Substring, goesOn: Bool) -> Component {
    if let number = part.utf8.decimal, goesOn {
      return (1946...2199).contains(number)
        ? .year(number) : number > 0 && number < 1000 ? .session(.regular(number)) : .serial("\(part)", letters: nil)
    }
    let words = part.split(separator: " ", maxSplits: 1)
    if words[0].utf8.allSatisfy(\.isDigit) { return .serial(String(words[0]), letters: words.count > 1 ? String(words[1]) : nil) }
    let halves = part.split(separator: "-", omittingEmptySubsequences: false)
    if halves.count == 2, let number = halves[1].utf8.decimal, number > 0 {
      if halves[0] == "ES" { return .session(.emergencySpecial(number)) }
      if halves[0] == "S" { return .session(.special(number)) }
    }
    let pieces = part.split(separator: ".", maxSplits: 1)
    let number = pieces.count > 1 ? String(pieces[1]) : nil
    if let nature = Nature(rawValue: pieces[0].uppercased()) { return .nature(nature, number: number) }
    return .body(String(pieces[0]), number: number)
  }

  private static func withoutParenthesis(_ part: Substring) -> Substring {
    guard part.utf8.last == UInt8(ascii: ")"), let open = part.firstIndex(of: "("), open > part.startIndex else { return part }
    let main = part[..<open]
    return main.hasSuffix(" ") ? main.dropLast() : main
  }

  /// What the parentheses hold, in order.
  public var parentheses: [Parenthesis] {
    text.split(separator: "(").dropFirst().compactMap { piece in
      let inside = piece.prefix { $0 != ")" }
      let words = inside.split(separator: " ")
      func number(_ word: Substring) -> Int? { word.utf8.decimal ?? word.utf8.roman }
      if words.count == 2, let number = number(words[1]) { return .named(String(words[0]), number: number) }
      if let year = inside.utf8.decimal, (1946...2199).contains(year) { return .year(year) }
      if let roman = inside.utf8.roman { return .session(.regular(roman)) }
      if inside.hasPrefix("ES-"), let roman = inside.dropFirst(3).utf8.roman { return .session(.emergencySpecial(roman)) }
      if inside.hasPrefix("S-"), let roman = inside.dropFirst(2).utf8.roman { return .session(.special(roman)) }
      return .other(String(inside))
    }
  }

  /// The English name of the issuing principal organ, when the first part names one.
  public var organ: String? { Organ.name(series: text.prefix { $0 != "/" }) }

  /// The English name of the organ or body whose series it is, when it is known.
  public var issuer: String? { Series.issuer(of: String(text.prefix { $0 != "/" })) }

  /// The nature the symbol states, nil for the main series.
  public var nature: Nature? {
    for (place, component) in components.enumerated() {
      guard case .nature(let nature, _) = component else { continue }
      // "ECE/TRANS/WP.1/163": a working party, and a paper of it.
      if nature == .workingPaper, place + 1 < components.count {
        switch components[place + 1] {
        case .serial, .year, .session: continue
        default: break
        }
      }
      return nature
    }
    return nil
  }

  /// The session, of whatever body has one; before 1976 the Assembly's stands in Roman numerals in parentheses.
  public var anySession: Session? {
    for case .session(let session) in components { return session }
    for case .session(let session) in parentheses { return session }
    return nil
  }

  /// The regular session of the General Assembly or one of its Main Committees: `A/74/565` → 74, `A/RES/3363 (XXX)` → 30. nil for papers of bodies that
  /// have sessions of their own or none, and of special sessions.
  public var session: Int? {
    guard text.hasPrefix("A/"), case .regular(let number)? = anySession else { return nil }
    for component in components.dropFirst() {
      switch component {
      case .body("C", let number?) where number.utf8.decimal != nil: continue
      case .body("BUR", _), .body("SPC", _), .nature: continue
      case .body: return nil
      case .session, .serial, .modifier: return number
      case .series, .year: return nil
      }
    }
    return number
  }

  /// The year that the symbol states, as a part or in parentheses.
  public var year: Int? {
    for case .year(let year) in components { return year }
    for case .year(let year) in parentheses { return year }
    return nil
  }
}
