/// How letters are folded, so that a word is found with and without its accents, in either case.
///
/// Combining marks of Latin, Greek and Cyrillic and the vowel marks of Arabic are dropped, precomposed letters give their base letter
/// (Unicode's canonical decompositions of those scripts), a few letters without a decomposition give the letters they are commonly
/// typed as. Letters of other scripts are put in lower case and otherwise kept.
enum Folding {
  /// What becomes of a scalar.
  enum Class: Equatable {
    /// It ends a word.
    case separator
    /// It is part of no word and ends none: a mark that is dropped.
    case dropped
    /// It continues a word as this scalar.
    case letter(UInt32)
    /// It continues a word as two ASCII letters.
    case pair(UInt8, UInt8)
    /// It is a word by itself: an ideograph or a kana letter.
    case single(UInt32)
  }

  /// Scalars below this are looked up in `table`; what lies above is rare enough for the general road.
  static let tableEnd: UInt32 = 0x3000

  // An entry of the table is the folded scalar, or one of these.
  static let separatorEntry: UInt16 = 0
  static let droppedEntry: UInt16 = 0xFFFF
  static let pairEntry: UInt16 = 0xFFFE

  /// For each scalar below `tableEnd` its entry. Made once, when it is first needed.
  static let table: [UInt16] = (0..<tableEnd).map { value in
    guard let scalar = Unicode.Scalar(value) else { return separatorEntry }
    return switch classify(scalar) {
    case .separator: separatorEntry
    case .dropped: droppedEntry
    case .letter(let folded): folded < UInt32(pairEntry) ? UInt16(folded) : separatorEntry
    case .pair: pairEntry
    // There is no ideograph below U+3000 that is a word by itself.
    case .single(let folded): UInt16(truncatingIfNeeded: folded)
    }
  }

  /// The general road: what becomes of any scalar.
  static func classify(_ scalar: Unicode.Scalar) -> Class {
    let value = scalar.value
    if value < 0x80 { return ascii(value) }
    if isDropped(value) { return .dropped }
    if let pair = pairs[value] { return .pair(pair.0, pair.1) }
    // Full-width forms stand for ASCII.
    if (0xFF01...0xFF5E).contains(value) { return ascii(value - 0xFEE0) }
    let properties = scalar.properties
    if properties.isIdeographic || isKana(value) { return .single(value) }
    if properties.numericType == .decimal, let digit = properties.numericValue { return .letter(0x30 + UInt32(digit)) }
    guard properties.isAlphabetic || properties.numericType != nil || isMark(properties.generalCategory) else { return .separator }
    // The first scalar of the lower case is its letter; the only other one, in U+0130, is a mark that would be dropped.
    let lower = properties.lowercaseMapping.unicodeScalars.first?.value ?? value
    return .letter(bases[lower] ?? lower)
  }

  private static func ascii(_ value: UInt32) -> Class {
    switch value {
    case 0x30...0x39, 0x61...0x7A: .letter(value)
    case 0x41...0x5A: .letter(value + 0x20)
    default: .separator
    }
  }

  private static func isMark(_ category: Unicode.GeneralCategory) -> Bool {
    category == .nonspacingMark || category == .spacingMark
  }

  /// Whether a folded term is a single letter that is a word by itself.
  static func isSingle(_ term: Span<UInt8>) -> Bool {
    // The first such letter is U+3005, three bytes in UTF-8.
    guard term.count == 3 || term.count == 4, term[0] >= 0xE3 else { return false }
    var scalars = String(decoding: term.bytes, as: UTF8.self).unicodeScalars.makeIterator()
    guard let scalar = scalars.next(), scalars.next() == nil, case .single = classify(scalar) else { return false }
    return true
  }

  /// Combining accents, soft hyphen, joiners and direction marks, Arabic vowel marks and the Arabic stretching stroke.
  private static func isDropped(_ value: UInt32) -> Bool {
    switch value {
    case 0xAD, 0x0300...0x036F, 0x0483...0x0487, 0x0610...0x061A, 0x0640, 0x064B...0x065F, 0x0670, 0x06D6...0x06DC, 0x06DF...0x06E4,
      0x200B...0x200F, 0x2060, 0xFE00...0xFE0F, 0xFEFF:
      true
    default: false
    }
  }

  /// Hiragana and Katakana, full and half width. (The prolonged sound mark included.)
  private static func isKana(_ value: UInt32) -> Bool {
    (0x3041...0x3096).contains(value) || (0x30A1...0x30FA).contains(value) || value == 0x30FC || (0xFF66...0xFF9D).contains(value)
  }

  static let pairs: [UInt32: (UInt8, UInt8)] = {
    func pair(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> (UInt8, UInt8) { (UInt8(ascii: first), UInt8(ascii: second)) }
    return [
      0xC6: pair("a", "e"), 0xE6: pair("a", "e"), 0x01E2: pair("a", "e"), 0x01E3: pair("a", "e"), 0x01FC: pair("a", "e"),
      0x01FD: pair("a", "e"), 0xDF: pair("s", "s"), 0x1E9E: pair("s", "s"), 0x0152: pair("o", "e"), 0x0153: pair("o", "e"),
      0xFB00: pair("f", "f"), 0xFB01: pair("f", "i"), 0xFB02: pair("f", "l"), 0xFB05: pair("s", "t"), 0xFB06: pair("s", "t"),
    ]
  }()

  private static let bases: [UInt32: UInt32] = {
    var bases: [UInt32: UInt32] = [:]
    for (base, letters) in baseLetters {
      for letter in letters.unicodeScalars { bases[letter.value] = base.value }
    }
    return bases
  }()

  /// Each base letter with the lower-case letters that are folded to it.
  private static let baseLetters: [(Unicode.Scalar, String)] = [
    ("a", "àáâãäåāăąǎǟǡǻȁȃȧḁạảấầẩẫậắằẳẵặ"),
    ("b", "ḃḅḇ"),
    ("c", "çćĉċčḉ"),
    ("d", "ďḋḍḏḑḓđ"),
    ("e", "èéêëēĕėęěȅȇȩḕḗḙḛḝẹẻẽếềểễệ"),
    ("f", "ḟ"),
    ("g", "ĝğġģǧǵḡ"),
    ("h", "ĥȟḣḥḧḩḫẖħ"),
    ("i", "ìíîïĩīĭįǐȉȋḭḯỉịı"),
    ("j", "ĵǰ"),
    ("k", "ķǩḱḳḵ"),
    ("l", "ĺļľḷḹḻḽł"),
    ("m", "ḿṁṃ"),
    ("n", "ñńņňǹṅṇṉṋ"),
    ("o", "òóôõöōŏőơǒǫǭȍȏȫȭȯȱṍṏṑṓọỏốồổỗộớờởỡợøǿ"),
    ("p", "ṕṗ"),
    ("r", "ŕŗřȑȓṙṛṝṟ"),
    ("s", "śŝşšșṡṣṥṧṩſẛ"),
    ("t", "ţťțṫṭṯṱẗŧ"),
    ("u", "ùúûüũūŭůűųưǔǖǘǚǜȕȗṳṵṷṹṻụủứừửữự"),
    ("v", "ṽṿ"),
    ("w", "ŵẁẃẅẇẉẘ"),
    ("x", "ẋẍ"),
    ("y", "ýÿŷȳẏẙỳỵỷỹ"),
    ("z", "źżžẑẓẕ"),
    ("æ", "ǣǽ"),
    ("ʒ", "ǯ"),
    ("α", "άἀἁἂἃἄἅἆἇὰάᾀᾁᾂᾃᾄᾅᾆᾇᾰᾱᾲᾳᾴᾶᾷ"),
    ("ε", "έἐἑἒἓἔἕὲέ"),
    ("η", "ήἠἡἢἣἤἥἦἧὴήᾐᾑᾒᾓᾔᾕᾖᾗῂῃῄῆῇ"),
    ("ι", "ΐίϊἰἱἲἳἴἵἶἷὶίῐῑῒΐῖῗ"),
    ("ο", "όὀὁὂὃὄὅὸό"),
    ("ρ", "ῤῥ"),
    ("σ", "ς"),
    ("υ", "ΰϋύὐὑὒὓὔὕὖὗὺύῠῡῢΰῦῧ"),
    ("ω", "ώὠὡὢὣὤὥὦὧὼώᾠᾡᾢᾣᾤᾥᾦᾧῲῳῴῶῷ"),
    ("ϒ", "ϓϔ"),
    ("а", "ӑӓ"),
    ("г", "ѓ"),
    ("е", "ѐёӗ"),
    ("ж", "ӂӝ"),
    ("з", "ӟ"),
    ("и", "ѝӣӥ"),
    ("к", "ќ"),
    ("о", "ӧ"),
    ("у", "ўӯӱӳ"),
    ("ч", "ӵ"),
    ("ы", "ӹ"),
    ("э", "ӭ"),
    ("і", "ї"),
    ("ѵ", "ѷ"),
    ("ә", "ӛ"),
    ("ө", "ӫ"),
    ("ا", "آأإ"),
    ("و", "ؤ"),
    ("ي", "ئ"),
    ("ہ", "ۂ"),
    ("ے", "ۓ"),
    ("ە", "ۀ"),
  ]
}
