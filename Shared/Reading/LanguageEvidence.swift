/// What a text shows of its language: its script, and of languages in Latin letters their commonest words, ends of words and letters. It reads every
/// paragraph of every paper, so it works on bytes and allocates nothing.
struct LanguageEvidence {
  /// In the order of their names: of two with as many letters the first counts.
  enum Script: Int, CaseIterable { case arabic, armenian, cyrillic, devanagari, georgian, greek, han, hangul, hebrew, kana, latin, thai }

  /// The scripts of languages that are not written in Latin letters.
  static let scripts: [String: Script] = [
    "ru": .cyrillic, "uk": .cyrillic, "bg": .cyrillic, "ar": .arabic, "fa": .arabic, "zh": .han, "ja": .kana, "ko": .hangul, "el": .greek,
    "he": .hebrew, "th": .thai, "hi": .devanagari, "hy": .armenian, "ka": .georgian,
  ]

  private(set) var letters = 0
  /// Those of ASCII.
  private var ascii = 0
  private(set) var script = Script.latin
  /// Of `LatinWords.languages`.
  private var scores = InlineArray<6, Double>(repeating: 0)
  /// Letters that only one language of a script has, as Ukrainian's among Cyrillic ones.
  private var own = (persian: 0, russian: 0, ukrainian: 0)

  /// Reads UTF-8; what is none counts as no letters.
  init(_ text: UnsafeBufferPointer<UInt8>) {
    let words = LatinWords.table
    var counts = InlineArray<12, Int>(repeating: 0)
    var word = Word()
    var index = 0
    while index < text.count {
      if word.bytes == 0, index + 8 <= text.count, let length = take(text, index, words) {
        index += length
        continue
      }
      let byte = text[index]
      if byte < 0x80 {
        let run = word.append(text, from: index)
        if run > 0 {
          letters += run
          ascii += run
          index += run
        } else {
          index += 1
          end(&word, words, isApostrophe: byte == 0x27)
        }
        continue
      }
      guard let (scalar, length) = Self.scalar(text, index) else { break }
      index += length
      guard let (script, weight) = Self.script(scalar) else {
        end(&word, words, isApostrophe: scalar == 0x2019)
        continue
      }
      letters += weight
      counts[script.rawValue] += weight
      note(scalar)
      if script == .latin {
        let lower = (0xc0...0xde).contains(scalar) ? scalar + 0x20 : scalar
        word.append(lower, length: length)
      } else if script == .cyrillic {
        word.append(scalar, length: length)
      }
    }
    end(&word, words, isApostrophe: false)
    counts[Script.latin.rawValue] += ascii
    for script in Script.allCases where counts[script.rawValue] > counts[self.script.rawValue] { self.script = script }
    if let first = Script.allCases.first(where: { counts[$0.rawValue] == counts[script.rawValue] }) { script = first }
    if letters == 0 { script = .latin }
    // Japanese is written with Chinese characters too, but never without kana for long.
    if script == .han, counts[Script.kana.rawValue] * 10 > counts[Script.han.rawValue] { script = .kana }
  }

  // MARK: Words

  /// Takes what begins a text's next eight bytes: spaces, or a whole word of ASCII and what ends it. Most of most texts is read so. Gives its length; nil
  /// for anything else.
  @inline(__always)
  private mutating func take(_ text: UnsafeBufferPointer<UInt8>, _ index: Int, _ words: LatinWords) -> Int? {
    guard let first = text.baseAddress else { return nil }
    // The caller knows that so many bytes are in the text.
    func eight(_ place: Int) -> UInt64 { UInt64(littleEndian: UnsafeRawPointer(first + place).loadUnaligned(as: UInt64.self)) }
    let start = eight(index)
    if start == Self.spaces { return 8 }
    let small = start & Self.lowBits | Self.spaces
    var count = Self.letters(start)
    if count == 0 { return start & 0x80 == 0 ? 1 : nil }
    var word = Word()
    let unused = UInt64(64 - 8 * count)
    word.tail = small &<< unused
    word.head = word.tail &>> unused
    var marks = Self.marks(word.head)
    var more = count
    while more == 8 {
      guard index + count + 8 <= text.count else { return nil }
      let next = eight(index + count)
      more = Self.letters(next)
      if more > 0 { word.marks += Self.marks((next & Self.lowBits | Self.spaces) &<< UInt64(64 - 8 * more)).nonzeroBitCount }
      count += more
    }
    if count > 8 { word.tail = eight(index + count - 8) & Self.lowBits | Self.spaces }
    guard index + count < text.count, case let next = text[index + count], next < 0x80, next != 0x27 else { return nil }
    word.bytes = count
    letters += count
    ascii += count
    while marks != 0 {
      scores[LatinWords.english] += 0.2
      marks &= marks - 1
    }
    weigh(word, words)
    return count + 1
  }

  private static var spaces: UInt64 { 0x2020_2020_2020_2020 }
  private static var highBits: UInt64 { 0x8080_8080_8080_8080 }
  private static var lowBits: UInt64 { ~highBits }

  /// Letters of ASCII with which eight bytes begin.
  @inline(__always)
  private static func letters(_ eight: UInt64) -> Int {
    let small = eight & lowBits | spaces
    // The highest bit of each byte: whether it is at least "a", and not beyond "z".
    let isLetter = (small &+ 0x1f1f_1f1f_1f1f_1f1f) & ~(small &+ 0x0505_0505_0505_0505) & ~eight & highBits
    return (~isLetter & highBits).trailingZeroBitCount >> 3
  }

  /// A bit for each of the letters k and w in eight bytes of ASCII.
  @inline(__always)
  private static func marks(_ eight: UInt64) -> UInt64 {
    func places(_ byte: UInt64) -> UInt64 { ~((eight ^ byte &* 0x0101_0101_0101_0101) &+ lowBits) & highBits }
    return places(0x77) | places(0x6b)
  }

  /// A word in lower case as it is read.
  fileprivate struct Word {
    /// Its first eight bytes, the first lowest; and its last eight, the last highest.
    var head: UInt64 = 0
    var tail: UInt64 = 0
    var bytes = 0
    var scalars = 0
    /// Letters of it that English has more of than the others: k and w.
    var marks = 0

    /// The ASCII letters that stand from `start` on; gives how many.
    mutating func append(_ text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
      var index = start
      while index < text.count, case let lower = text[index] | 0x20, lower &- 0x61 < 26 {
        if lower == 0x77 || lower == 0x6b { marks += 1 }
        add(UInt64(lower))
        index += 1
      }
      scalars += index - start
      return index - start
    }

    /// `length` in UTF-8, 2 or 3.
    mutating func append(_ scalar: UInt32, length: Int) {
      scalars &+= 1
      if length == 3 {
        add(UInt64(0xe0 | scalar >> 12))
        add(UInt64(0x80 | scalar >> 6 & 0x3f))
      } else {
        add(UInt64(0xc0 | scalar >> 6))
      }
      add(UInt64(0x80 | scalar & 0x3f))
    }

    @inline(__always)
    mutating func add(_ byte: UInt64) {
      if bytes < 8 { head |= byte << UInt64(8 &* bytes) }
      tail = tail >> 8 | byte << 56
      bytes &+= 1
    }
  }

  private mutating func end(_ word: inout Word, _ words: LatinWords, isApostrophe: Bool) {
    if word.bytes == 0 { return }
    // An apostrophe after one or two letters is French or Italian.
    if isApostrophe, word.scalars <= 2 { word.add(0x27) }
    weigh(word, words)
    word = Word()
  }

  @inline(__always)
  private mutating func weigh(_ word: Word, _ words: LatinWords) {
    for _ in 0..<word.marks { scores[LatinWords.english] += 0.2 }
    words.forEachLanguage(of: word) { scores[$0] += $1 }
  }

  private mutating func note(_ scalar: UInt32) {
    switch Unicode.Scalar(scalar) {
    case "ñ", "Ñ", "¿", "¡": scores[LatinWords.spanish] += 1
    case "ã", "õ", "Ã", "Õ": scores[LatinWords.portuguese] += 1
    case "ß": scores[LatinWords.german] += 1
    case "è", "ê", "œ", "û", "î", "à", "ç": scores[LatinWords.french] += 0.4
    case "í", "ó", "á", "ú":
      scores[LatinWords.spanish] += 0.4
      scores[LatinWords.portuguese] += 0.3
    case "і", "ї", "є", "ґ", "І", "Ї", "Є": own.ukrainian += 1
    case "ы", "э", "ё", "Э": own.russian += 1
    case "پ", "چ", "گ", "ژ": own.persian += 1
    default: break
    }
  }

  /// The one language that matters here of a script other than Latin.
  var onlyLanguage: String? {
    switch script {
    case .latin: nil
    case .cyrillic: own.ukrainian > own.russian ? "uk" : "ru"
    case .arabic: own.persian * 50 > letters ? "fa" : "ar"
    case .han: "zh"
    case .kana: "ja"
    case .hangul: "ko"
    case .greek: "el"
    case .hebrew: "he"
    case .thai: "th"
    case .devanagari: "hi"
    case .armenian: "hy"
    case .georgian: "ka"
    }
  }

  /// nil when the best language has less than `wanted` for it, or no such lead over the next. The favoured one needs no lead.
  func language(wanted: Double, lead: Double, favoured: String? = nil) -> String? {
    if let only = onlyLanguage { return only }
    // Of equal ones the first by name, as they stand in the list.
    var best = 0
    for language in scores.indices where scores[language] > scores[best] { best = language }
    let first = scores[best]
    guard first >= wanted else { return nil }
    let names = LatinWords.languages
    if let favoured, let its = names.firstIndex(of: favoured), scores[its] * lead >= first { return favoured }
    let hasLead = scores.indices.allSatisfy { $0 == best || first > scores[$0] * lead }
    return hasLead ? names[best] : nil
  }

  /// The scalar at `index` and its length; nil when the text ends in it.
  private static func scalar(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> (UInt32, Int)? {
    let lead = UInt32(text[index])
    let length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1
    guard index + length <= text.count else { return nil }
    if length == 1 { return (0xfffd, 1) }
    var scalar = lead & (0x7f >> UInt32(length))
    for place in 1..<length { scalar = scalar << 6 | UInt32(text[index + place] & 0x3f) }
    return (scalar, length)
  }

  /// A letter's script, and how many letters of an alphabet it stands for; nil for what is no letter.
  private static func script(_ scalar: UInt32) -> (Script, Int)? {
    switch scalar {
    case 0xc0...0x24f, 0x1e00...0x1eff: scalar == 0xd7 || scalar == 0xf7 ? nil : (.latin, 1)
    case 0x400...0x52f: (.cyrillic, 1)
    case 0x600...0x6ff, 0x750...0x77f, 0xfb50...0xfdff, 0xfe70...0xfefe: (.arabic, 1)
    case 0x4e00...0x9fff, 0x3400...0x4dbf, 0x2_0000...0x2_a6df: (.han, 3)
    case 0x3040...0x30ff: (.kana, 3)
    case 0xac00...0xd7af: (.hangul, 3)
    case 0x370...0x3ff, 0x1f00...0x1fff: (.greek, 1)
    case 0x590...0x5ff: (.hebrew, 1)
    case 0xe00...0xe7f: (.thai, 1)
    case 0x900...0x97f: (.devanagari, 1)
    case 0x530...0x58f: (.armenian, 1)
    case 0x10a0...0x10ff: (.georgian, 1)
    default: nil
    }
  }
}

/// The commonest words of languages in Latin letters, and ends of words that one of them has.
private final class LatinWords: Sendable {
  static let languages = ["de", "en", "es", "fr", "it", "pt"]
  static var german: Int { 0 }
  static var english: Int { 1 }
  static var spanish: Int { 2 }
  static var french: Int { 3 }
  static var portuguese: Int { 5 }
  static let table = LatinWords()

  /// A hash table of words of up to eight bytes, a bit for each language that has them; an empty place is 0.
  private let words: [UInt64]
  private let masks: [UInt8]
  private static let places = 1024
  /// What a word says for each of its languages, by the bits of these.
  private let shares = (0..<64).map { mask in 1 / Double(mask.nonzeroBitCount) }

  private struct Ending {
    let bytes: UInt64
    let mask: UInt64
    let length: Int
    let language: Int
  }

  /// In the order of their last two bytes' places; and where those of each place begin.
  private let endings: [Ending]
  private let firstEndings: [Int]

  private static func place(_ word: UInt64) -> Int { Int((word &* 0x9e37_79b9_7f4a_7c15) >> 54) }

  /// Of a word's last two bytes, which are its highest.
  private static func place(ofEnd tail: UInt64) -> Int { place(tail >> 48) }

  private init() {
    var (words, masks) = ([UInt64](repeating: 0, count: Self.places), [UInt8](repeating: 0, count: Self.places))
    for (language, text) in Self.common {
      for word in text.split(separator: " ") {
        precondition(word.utf8.count <= 8, "a common word has up to eight bytes")
        let key = word.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
        var place = Self.place(key)
        while words[place] != 0, words[place] != key { place = (place + 1) % Self.places }
        words[place] = key
        masks[place] |= 1 << UInt8(Self.languages.firstIndex(of: language) ?? 0)
      }
    }
    (self.words, self.masks) = (words, masks)
    var endings: [Ending] = []
    for (language, text) in Self.ends {
      for ending in text.split(separator: " ") {
        let length = ending.utf8.count
        precondition((2...8).contains(length), "an ending has two to eight bytes")
        let bytes = ending.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) } << UInt64(64 - 8 * length)
        endings.append(
          Ending(
            bytes: bytes, mask: .max << UInt64(64 - 8 * length), length: length, language: Self.languages.firstIndex(of: language) ?? 0))
      }
    }
    endings.sort { Self.place(ofEnd: $0.bytes) < Self.place(ofEnd: $1.bytes) }
    self.endings = endings
    firstEndings = (0...Self.places).map { place in endings.firstIndex { Self.place(ofEnd: $0.bytes) >= place } ?? endings.count }
  }

  /// What a word says for each language.
  @inline(__always)
  func forEachLanguage(of word: LanguageEvidence.Word, _ body: (_ language: Int, _ share: Double) -> Void) {
    if word.bytes <= 8 {
      var place = Self.place(word.head)
      while words[place] != 0, words[place] != word.head { place = (place + 1) % Self.places }
      var mask = masks[place]
      let share = shares[Int(mask)]
      while mask != 0 {
        body(mask.trailingZeroBitCount, share)
        mask &= mask - 1
      }
    }
    let place = Self.place(ofEnd: word.tail)
    for index in firstEndings[place]..<firstEndings[place + 1]
    where word.bytes > endings[index].length + 1 && word.tail & endings[index].mask == endings[index].bytes {
      body(endings[index].language, 0.6)
    }
  }

  private static let ends = [
    ("en", "ing ings ed ly ght ness ship ships ck ies ould ity ities ance ence ous ful less"),
    ("fr", "eux euse ment ments ée ées és ité ités ique iques aire aires ais ait aient ons eur eurs ienne ières ère ères"),
    (
      "es", "ción ciones sión siones dad dades ado ada ados adas iento ientos ismo ario arios anos nuestro nuestra aron ieron ará erá irá"
    ),
    ("pt", "ção ções são dade agem ável ões"), ("it", "zione zioni ità mente ezza anza enza"),
    ("de", "ung ungen keit heit lich isch ische"),
  ]

  private static let common = [
    (
      "en",
      "the of and to in that is for it with by on as was were be been which this from its are at or an have has had not their they we he our all "
        + "also should would will can may who more than between into under other such any these those "
        + "there here when what how if no do does them so only some many every each here now over about through year years us my your"
    ),
    (
      "fr",
      "le la les des et du en une est dans au aux par sur que qui il elle pour ce cette ces ne pas plus se son sa ses leur leurs nous vous je "
        + "avec sont été être ont à ou où de un comme mais d' l' qu' n' s' c' j' m' aussi tous toutes tout toute notre nos votre vos entre sans "
        + "sous depuis aujourd' ainsi cela si même y on ils elles lui eux bien très encore autres dont contre monsieur"
    ),
    (
      "es",
      "el la los las de y en del que una se por con al su un para es no lo como más sus este esta ha han son está entre sobre nos también ser "
        + "fue o a ante contra todo todos toda todas pero sí sin ni ya muy desde hasta cuando donde quien porque hay cada tres dos tanto así esa ese "
        + "esto eso estos estas sólo nuestro nuestra nuestros nuestras me te le les mi tu"
    ),
    (
      "pt",
      "o os as da do dos das e em um uma que não com ao à aos para por se no na nos nas mais como foi são é seu sua pelo pela ou de a também"
    ),
    (
      "it",
      "il di e che la gli del una per con non della dei è un le nel si sono alla dal da delle degli ai lo anche come questo i al nella l' d' "
        + "dell'"
    ),
    ("de", "der die das und in zu den von mit ist des sich dem nicht ein eine auf für als auch im werden wird sind oder dass bei nach"),
  ]
}
