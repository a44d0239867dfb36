/// How far the name of a treaty goes: from the capitals before its head word to the end of what it is on.
///
/// The rules follow how papers write such names in English: the words of a name have capitals, joined by small words. Names that end elsewhere are in a table.
struct TreatyName {
  var range: Range<Int>

  /// "Convention", "Protocols": the head word that begins here.
  static func head(_ text: CitedText, at start: Int) -> Range<Int>? {
    guard mayBegin(text, start) else { return nil }
    if CitedText.isUpper(text[start + 1]) { return capitalHead(text, at: start) }
    let heads: [StaticString]
    switch text[start] {
    case UInt8(ascii: "C"):
      heads = [
        "Conventions", "Convention", "Covenants", "Covenant", "Charter", "Charte", "Carta", "Convenios", "Convenio", "Convenciones",
        "Convención",
      ]
    case UInt8(ascii: "P"):
      heads = ["Protocols", "Protocoles", "Protocole", "Protocolos", "Protocolo", "Protocol", "Pacte", "Pactes", "Pactos", "Pacto", "Pact"]
    case UInt8(ascii: "T"): heads = ["Treaty", "Treaties", "Traité", "Tratado"]
    case UInt8(ascii: "S"): heads = ["Statute", "Statut"]
    case UInt8(ascii: "E"): heads = ["Estatuto"]
    case UInt8(ascii: "A"): heads = ["Agreements", "Agreement", "Accords", "Accord", "Acuerdo"]
    case UInt8(ascii: "U"): heads = ["Universal Declaration of Human Rights"]
    case UInt8(ascii: "D"):
      heads = [
        "Déclaration universelle des droits de l’homme", "Déclaration universelle des droits de l'homme",
        "Declaración Universal de Derechos Humanos", "Declaración Universal de los Derechos Humanos",
      ]
    default: return nil
    }
    guard
      let head = heads.first(where: { text.has($0, at: start) && !CitedText.isWordByte(letterAfter(text, start + $0.utf8CodeUnitCount)) })
    else { return nil }
    return start..<start + head.utf8CodeUnitCount
  }

  /// Whether a head word's first letters are here, in either case: "Con", "Cov", "Cha", …
  private static func mayBegin(_ text: CitedText, _ start: Int) -> Bool {
    let (second, third) = (text[start + 1] | 0x20, text[start + 2] | 0x20)
    switch text[start] {
    case UInt8(ascii: "C"):
      return second == 0x6f && (third == 0x6e || third == 0x76) || second == 0x68 && third == 0x61 || second == 0x61 && third == 0x72
    case UInt8(ascii: "P"): return second == 0x72 && third == 0x6f || second == 0x61 && third == 0x63
    case UInt8(ascii: "T"): return second == 0x72 && (third == 0x65 || third == 0x61)
    case UInt8(ascii: "S"): return second == 0x74 && third == 0x61
    case UInt8(ascii: "E"): return second == 0x73 && third == 0x74
    case UInt8(ascii: "A"): return second == 0x67 && third == 0x72 || second == 0x63
    case UInt8(ascii: "U"): return second == 0x6e && third == 0x69
    case UInt8(ascii: "D"): return true
    default: return false
    }
  }

  /// "CONVENTION" in a heading set in capitals.
  private static func capitalHead(_ text: CitedText, at start: Int) -> Range<Int>? {
    let heads: [StaticString] = [
      "CONVENTION", "COVENANT", "CHARTER", "PROTOCOL", "TREATY", "STATUTE", "UNIVERSAL DECLARATION OF HUMAN RIGHTS",
    ]
    guard
      let head = heads.first(where: { text.has($0, at: start) && !CitedText.isWordByte(letterAfter(text, start + $0.utf8CodeUnitCount)) })
    else { return nil }
    return start..<start + head.utf8CodeUnitCount
  }

  /// In a heading set in capitals only a known name has an end.
  private static func capitalRange(_ text: CitedText, _ head: Range<Int>) -> Range<Int>? {
    if text[head.lowerBound] == UInt8(ascii: "U") { return head }
    guard let end = KnownTreaties.end(text, head) else { return nil }
    var start = head.lowerBound
    while text[start - 1] == 0x20 {
      let word = text.word(endingAt: start - 1)
      guard ["INTERNATIONAL", "UNITED", "NATIONS", "FRAMEWORK", "OPTIONAL", "GENEVA", "VIENNA", "ROME"].contains(text.string(word)) else {
        break
      }
      start = word.lowerBound
    }
    return start..<end
  }

  /// The byte after a word, 0 for marks beyond ASCII that end one.
  private static func letterAfter(_ text: CitedText, _ end: Int) -> UInt8 {
    let byte = text[end]
    return byte == 0xe2 || byte == 0xc2 || byte == 0xe3 ? 0 : byte
  }

  init?(_ text: CitedText, head: Range<Int>) {
    if CitedText.isUpper(text[head.lowerBound + 1]) {
      guard let found = Self.capitalRange(text, head) else { return nil }
      range = found
      return
    }
    if text[head.lowerBound] == UInt8(ascii: "U") || text[head.lowerBound] == UInt8(ascii: "D") {
      range = head
      return
    }
    let word = text.string(head)
    if let other = RomanceTreatyName.end(text, head, word) {
      range = other
      return
    }
    if [
      "Charte", "Carta", "Convenio", "Convenios", "Convención", "Convenciones", "Protocole", "Protocoles", "Protocolo", "Protocolos",
      "Pacte", "Pactes", "Pacto", "Pactos", "Traité", "Tratado", "Statut", "Estatuto", "Accord", "Acuerdo",
    ].contains(word) {
      return nil
    }
    guard !Self.isOther(text, head.upperBound), !text.has("Convention for a Democratic South Africa", at: head.lowerBound) else {
      return nil
    }
    let (start, modifiers) = Self.modifiers(text, head.lowerBound)
    let complement = Self.complement(text, head, word)
    guard Self.isName(text, word, modifiers, complement: complement.map { head.upperBound..<$0 }) else { return nil }
    range = start..<(complement ?? head.upperBound)
    // What scanners make of "United".
    if modifiers.last == "Nations", let united = text.start(of: "united ", endingAt: start) { range = united..<range.upperBound }
    guard range.count <= Instrument.maximumLength, !Self.isBackReference(text, range) else { return nil }
  }

  /// "Treaty Series", "North Atlantic Treaty Organization": another thing's name.
  private static func isOther(_ text: CitedText, _ end: Int) -> Bool {
    guard text[end] == 0x20 else { return text[end] == 0x2d }
    let words: [StaticString] = [
      "Series", "Organization", "Organisation", "Section", "Secretariat", "Collection", "Bodies", "Body", "Centre", "Center", "Area",
      "Parties", "Event", "Office", "Oath", "countries", "members", "forces", "Powers", "powers", "States",
    ]
    return words.contains { text.has($0, at: end + 1) }
  }

  // MARK: Before the head

  /// The capitals before the head word: "United Nations Framework", "Comprehensive Nuclear-Test-Ban".
  static func modifiers(_ text: CitedText, _ head: Int) -> (start: Int, words: [String]) {
    var start = head
    var words: [String] = []
    while words.count < 10 {
      guard text[start - 1] == 0x20 else { break }
      var wordStart = start - 1
      while wordStart > 0, start - wordStart < 48,
        CitedText.isWordByte(text[wordStart - 1]) || text[wordStart - 1] == 0x2d || text[wordStart - 1] == 0x27
      { wordStart -= 1 }
      // Quotes and dashes end a name.
      while wordStart < start - 1, text[wordStart] == 0xe2 || text[wordStart] == 0xc2 { wordStart += text[wordStart] == 0xe2 ? 3 : 2 }
      guard wordStart < start - 1 else { break }
      let word = text.string(wordStart..<start - 1)
      if CitedText.isUpper(text[wordStart]) || text[wordStart] == 0xc3 {
        if stops.contains(word) { break }
        // "States Convention" is none, but "West African States Convention" is.
        if words.isEmpty, bodies.contains(word) {
          guard let (before, _) = capitalBefore(text, wordStart), !bodies.contains(before), !stops.contains(before) else { break }
        }
        words.append(word)
        start = wordStart
      } else if word == "of" || word == "and" || word == "in", let (outer, outerStart) = capitalBefore(text, wordStart),
        !stops.contains(outer), words.count > 0,
        joinable.contains(outer)
      {
        words.append(outer)
        start = outerStart
      } else {
        break
      }
    }
    // In lists of abbreviations the short form stands before the name: "CRC Convention on the Rights of the Child".
    if let outer = words.last, outer.hasPrefix("OP-") || abbreviations.contains(outer) {
      words.removeLast()
      start = text.skipSpaces(start + outer.utf8.count)
    }
    return (start, words)
  }

  private static let abbreviations: Set<String> = [
    "ICERD", "CERD", "ICESCR", "CESCR", "ICCPR", "CEDAW", "CAT", "CRC", "ICRMW", "CMW", "CRPD", "ICPPED", "CED", "UNFCCC", "UNCLOS",
    "UNCAC", "UNTOC", "NPT",
  ]

  private static func capitalBefore(_ text: CitedText, _ end: Int) -> (String, Int)? {
    guard text[end - 1] == 0x20 else { return nil }
    let word = text.word(endingAt: end - 1)
    return CitedText.isUpper(text[word.lowerBound]) && !word.isEmpty ? (text.string(word), word.lowerBound) : nil
  }

  /// "Organization of African Unity Convention", "League of Arab States", "Council of Europe Convention", "Economic Community of West African States".
  private static let joinable: Set<String> = [
    "Organization", "League", "Council", "Community", "Association", "Forms", "Prevention", "Indigenous", "Violence", "Work",
  ]

  /// Words that may have a capital before a head word without being of the name.
  private static let stops: Set<String> = [
    "The", "This", "That", "These", "Those", "Its", "Their", "Our", "Such", "Any", "All", "Each", "Every", "No", "Both", "Other", "Under",
    "In", "By",
    "To", "Of", "For", "From", "With", "On", "At", "As", "And", "Or", "But", "If", "When", "While", "Since", "Recalling", "Reaffirming",
    "Noting", "Recognizing", "Considering", "Welcoming", "Acknowledging", "Stressing",
    "Emphasizing", "Urging", "See", "Article", "Articles", "Section", "Draft", "Present", "Said", "Several", "Many", "Some", "Two", "Three",
    "Four", "Relevant", "Existing", "Core", "Most", "One",
  ]

  /// Words that stand right before a head word without being of the name: "States Parties".
  private static let bodies: Set<String> = [
    "States", "State", "Parties", "Party", "Member", "Members", "Conference", "Committee", "Assembly", "Government",
  ]

  // MARK: After the head

  /// The end of what a treaty is on, for, against, to or between: nil when nothing of that kind follows.
  private static func complement(_ text: CitedText, _ head: Range<Int>, _ word: String) -> Int? {
    guard text.spaceLength(head.upperBound) > 0 else { return nil }
    // What the Charter is against is the sentence's.
    if word == "Charter", !text.has("of ", at: text.skipSpaces(head.upperBound)) { return nil }
    if let known = KnownTreaties.end(text, head) { return known }
    return Complement(text, from: head.upperBound, head: word).end
  }

  /// Whether the words name one treaty and not any.
  private static func isName(_ text: CitedText, _ word: String, _ modifiers: [String], complement: Range<Int>?) -> Bool {
    let last = modifiers.first ?? ""
    let isNamed = !modifiers.isEmpty && !modifiers.allSatisfy(general.contains)
    switch word {
    case "Charter":
      return complement.map { !isOrganization(text, $0) } ?? ["Nations", "UN", "Banjul", "African"].contains(last)
    case "Statute":
      return complement != nil || last == "Rome"
    case "Agreement", "Agreements":
      return complement != nil || isNamed
    // Of pacts few are treaties.
    case "Pact": return complement == nil && ["Warsaw", "Baghdad", "Kellogg-Briand", "Briand-Kellogg"].contains(last)
    case "Accords": return isNamed
    case "Treaties":
      return isNamed && complement == nil
    case "Covenant" where last == "Bridgetown": return false
    default:
      return complement != nil || isNamed && last != "Istanbul"
    }
  }

  /// "the Charter of the Organization" goes back to one named before.
  private static func isOrganization(_ text: CitedText, _ complement: Range<Int>) -> Bool {
    let names: [StaticString] = [
      "of the Organization", "of the Organisation", "of the League", "of the Association", "of the Commonwealth",
    ]
    let start = text.skipSpaces(complement.lowerBound)
    return names.contains { text.has($0, at: start) && start + $0.utf8CodeUnitCount == complement.upperBound }
  }

  /// Words that tell one treaty from another only with more beside them.
  private static let general: Set<String> = [
    "Optional", "Additional", "Second", "First", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "United", "Nations", "UN", "ILO", "EU",
    "European", "Europe", "Council", "OAU", "Union", "African", "Arab", "American", "Inter-American", "International", "Framework",
    "Supplementary", "New", "Final", "Peace",
    "Ceasefire", "Safeguards", "Implementation", "Implementing", "Comprehensive", "Trade", "Global", "Political", "Interim", "Transitional",
    "Model", "Host", "Country", "Cooperation", "National", "Free", "Regional", "Bilateral", "Multilateral", "Joint", "Amended",
    "Revised", "Constitutional", "Economic", "Standard", "General", "Specific", "Special", "Social", "Collective", "Service", "Level",
    "Status",
    "Technical", "Assistance", "Supply", "Loan", "Grant", "Financing", "Contribution", "Mutual", "Main", "Basic", "Security", "Development",
    "Union",
    "Federal", "Democratic", "Republican", "Inter-Agency", "Tripartite", "Quadripartite", "Boundary", "Border", "Association", "Accession",
    "Fund", "Plea",
  ]

  /// "Protocol to the Convention": all its words are heads, so that it names none.
  private static func isBackReference(_ text: CitedText, _ range: Range<Int>) -> Bool {
    text.bytes[range].split(separator: 0x20).allSatisfy { bytes in
      guard CitedText.isUpper(bytes[bytes.startIndex]) else { return true }
      let word = String(decoding: bytes, as: UTF8.self)
      return heads.contains(word) || general.contains(word) && !["Nations", "UN", "African"].contains(word)
    }
  }

  static let heads: Set<String> = [
    "Convention", "Conventions", "Covenant", "Covenants", "Charter", "Protocol", "Protocols", "Treaty", "Treaties", "Statute", "Agreement",
    "Agreements", "Pact", "Accords",
  ]
}
