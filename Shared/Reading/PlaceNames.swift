import Documents

/// Names of states as a tree of letters, so that a text is compared with all of them at once.
struct PlaceNames {
  /// What a name means.
  struct Name {
    /// As the table prints it.
    var printed: String
    /// nil when it names several states, of which the year chooses.
    var code: String?
    /// Bits of the languages it belongs to, of those in Latin letters; 0 = of another script.
    var languages: UInt8
  }

  static let shared = PlaceNames()

  private(set) var names: [Name] = []
  /// The node after a node and a letter: an open hash table of 48-bit keys.
  private var keys: [UInt64]
  private var nodes: [UInt32]
  /// The name that ends at a node; -1 = none.
  private var ends: [Int32] = [-1]
  private let mask: Int
  /// First letters of names.
  private(set) var isFirst: Set<UInt32> = []

  private init() {
    let size = 1 << 18
    mask = size - 1
    keys = Array(repeating: .max, count: size)
    nodes = Array(repeating: 0, count: size)
    for printed in StateName.printed where !Self.omitted.contains(String(printed.name)) { add(printed) }
    for (name, code, language) in Self.others {
      add(StateName.Printed(name: Substring(name), code: code, language: language))
    }
  }

  /// Names that the tables lack, as papers print them.
  private static let others = [
    ("Democratic Republic of Congo", "COD", "en"), ("Republic of Congo", "COG", "en"), ("Kampuchea", "KHM", "en"),
    ("Byelorussia", "BLR", "en"), ("Viet Nam", "VNM", "fr"),
    ("Соединенное Королевство", "GBR", "ru"), ("США", "USA", "ru"), ("ДРК", "COD", "ru"), ("苏联", "SUN", "zh"),
    ("República Democrática del Congo", "COD", "es"),
    ("Côte d’Ivoire", "CIV", "fr"), ("Czechoslovak Socialist Republic", "CSK", "en"),
    ("The former Yugoslav Republic of Macedonia", "MKD", "en"),
  ]

  /// Words of the language too often: "financial", Amman as well as Oman, a company, the lands that an occupation is of.
  private static let omitted: Set<String> = ["مالي", "عمان", "عُمان", "Emirates", "Territoires palestiniens"]

  // MARK: Building

  private mutating func add(_ printed: StateName.Printed) {
    let name = String(printed.name)
    let bit = Self.bit(printed.language)
    let place = names.count
    let found = StateName.find(name)
    var entry = Name(printed: name, code: found.code, languages: bit)
    if case .unknown = found { entry.code = printed.code }
    names.append(entry)
    var forms = [name]
    if printed.language == "ru" { forms = RussianCases.forms(name) }
    if printed.language == "ar" {
      forms = Self.arabic(name)
    }
    for form in forms { insert(form, place, bit) }
  }

  /// "for" and an article are written as one.
  private static func arabic(_ name: String) -> [String] { name.hasPrefix("ال") ? [name, "لل" + name.dropFirst(2)] : [name] }

  static func bit(_ language: String?) -> UInt8 {
    switch language {
    case "en": 1
    case "fr": 2
    case "es": 4
    case "ru", "ar", "zh": 0
    default: 7
    }
  }

  private mutating func insert(_ form: String, _ place: Int, _ bit: UInt8) {
    let text = Array(form.utf8)
    var node = 0
    var at = 0
    while let letter = Letter(text, at) {
      at = letter.end
      guard letter.value != 0 else { continue }
      if node == 0 { isFirst.insert(letter.value) }
      var slot = slot(node, letter.value)
      if keys[slot] == .max {
        precondition(ends.count * 3 < keys.count * 2, "the table of names is too small")
        keys[slot] = UInt64(node) << 24 | UInt64(letter.value)
        nodes[slot] = UInt32(ends.count)
        ends.append(-1)
        slot = self.slot(node, letter.value)
      }
      node = Int(nodes[slot])
    }
    // A name that several languages share.
    if ends[node] >= 0, names[Int(ends[node])].code == names[place].code || names[place].code == nil {
      names[Int(ends[node])].languages |= bit
    } else if ends[node] < 0 {
      ends[node] = Int32(place)
    }
  }

  private func slot(_ node: Int, _ letter: UInt32) -> Int {
    let key = UInt64(node) << 24 | UInt64(letter)
    var slot = Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) >> 40) & mask
    while keys[slot] != .max, keys[slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  // MARK: Looking

  /// The longest name at a place that ends at a word's border, of those of some languages and of a year.
  func longest(in text: MentionText, at start: Int, _ languages: UInt8, _ year: Int?) -> (name: Name, end: Int)? {
    var node = 0
    var at = start
    var found: (name: Name, end: Int)?
    while let letter = Letter(text.bytes, at) {
      at = letter.end
      guard letter.value != 0 else { continue }
      let slot = slot(node, letter.value)
      guard keys[slot] != .max else { break }
      node = Int(nodes[slot])
      guard ends[node] >= 0, !letter.isSpace, !continues(text, at, letter.value) else { continue }
      let name = names[Int(ends[node])]
      if name.languages == 0 || name.languages & languages != 0, !isOutOfYears(name, year) { found = (name, at) }
    }
    return found
  }

  /// "Serbia and Montenegro" of another year is two states.
  private func isOutOfYears(_ name: Name, _ year: Int?) -> Bool {
    guard name.code == "SCG", let year else { return false }
    return !(2003...2006).contains(year)
  }

  /// Whether a word goes on; Chinese has no borders.
  private func continues(_ text: MentionText, _ end: Int, _ last: UInt32) -> Bool {
    if last >= 0x3400 { return false }
    let length = text.letter(at: end)
    return length == 1 || length == 2 || isDigit(text.byte(end))
  }
}

/// A letter as names are compared: in lower case and without accents, hyphens as spaces; 0 stands for marks that do not count.
struct Letter {
  var value: UInt32
  var end: Int
  var isSpace: Bool { value == 0x20 }

  init?(_ text: [UInt8], _ at: Int) {
    guard at < text.count else { return nil }
    let byte = text[at]
    if byte < 0x80 {
      value = UInt32(Prose.lowered(byte))
      if byte == 0x2d { value = 0x20 }
      end = at + 1
      if value == 0x20 { while end < text.count, end - at < 4, text[end] == 0x20 { end += 1 } }
      return
    }
    let length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
    guard at + length <= text.count else { return nil }
    end = at + length
    switch length {
    case 2: value = Self.folded(UInt32(byte & 0x1f) << 6 | UInt32(text[at + 1] & 0x3f))
    case 3: value = Self.folded(UInt32(byte & 0x0f) << 12 | UInt32(text[at + 1] & 0x3f) << 6 | UInt32(text[at + 2] & 0x3f))
    default: value = 0xf_ffff
    }
  }

  private static func folded(_ scalar: UInt32) -> UInt32 {
    switch scalar {
    case 0xa0, 0x2010, 0x2011, 0x2013, 0x2014, 0x202f: 0x20
    case 0x2018, 0x2019, 0x2bc: 0x27
    case 0xc0...0xc5, 0xe0...0xe5: 0x61
    case 0xc7, 0xe7: 0x63
    case 0xc8...0xcb, 0xe8...0xeb: 0x65
    case 0xcc...0xcf, 0xec...0xef: 0x69
    case 0xd1, 0xf1: 0x6e
    case 0xd2...0xd6, 0xf2...0xf6: 0x6f
    case 0xd9...0xdc, 0xf9...0xfc: 0x75
    case 0x300...0x36f, 0x64b...0x652, 0x640, 0xad: 0
    case 0x410...0x42f: scalar + 0x20
    case 0x401, 0x451: 0x435
    case 0x622, 0x623, 0x625, 0x671: 0x627
    case 0x649, 0x626: 0x64a
    case 0x624: 0x648
    case 0x629: 0x647
    case 0xff08: 0x28
    case 0xff09: 0x29
    default: scalar
    }
  }
}
