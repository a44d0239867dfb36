import Documents

/// Which language a text or paragraph is in, and what languages are called.
enum Language {
  /// ISO 639-1 code of a language named in English, French, Spanish or Russian, in lower case.
  static func code(named name: String) -> String? { names[name] }

  /// The code of a language given by its name or its code of two letters, in either case.
  static func code(given: String) -> String? {
    let lower = given.lowercased()
    return code(named: lower) ?? (lower.utf8.count == 2 && lower.utf8.allSatisfy(isLower) ? lower : nil)
  }

  private static let names: [String: String] = {
    var table: [String: String] = [:]
    for (code, words) in [
      ("en", "english anglais inglés ingles английский الإنكليزية 英文"),
      ("fr", "french français francais francés frances французский الفرنسية 法文"),
      ("es", "spanish espagnol español espanol испанский الإسبانية 西班牙文"), ("ru", "russian russe ruso русский الروسية 俄文"),
      ("ar", "arabic arabe árabe арабский العربية 阿拉伯文"), ("zh", "chinese chinois chino китайский الصينية 中文"),
      ("pt", "portuguese portugais portugués португальский"), ("de", "german allemand alemán немецкий"), ("it", "italian italien italiano"),
    ] {
      for word in words.split(separator: " ") { table[String(word)] = code }
    }
    return table
  }()

  /// Bytes looked at for a whole text: enough for a sure answer, few enough to cost nothing.
  private static let sample = 16 << 10

  /// The language of a text by its script, and among those of one script by its words and letters. nil when nothing stands out.
  static func detect(_ text: [UInt8]) -> String? {
    let text = String(decoding: text.prefix(sample), as: UTF8.self)
    return Evidence(text).language(wanted: 2, lead: 1)
  }

  /// Sets each paragraph's language. A short one takes the document's unless its own evidence is strong.
  static func assign(_ document: inout Document) {
    for index in document.paragraphs.indices {
      document.paragraphs[index].language = detect(paragraph: document.paragraphs[index].text, in: document.language)
    }
  }

  /// Letters from which on a paragraph speaks for itself.
  private static let shortLetters = 60
  /// UTF-8 bytes of a paragraph that are looked at.
  private static let paragraphSample = 4 << 10

  static func detect(paragraph text: String, in document: String?) -> String? {
    let evidence = Evidence(text.utf8.count <= paragraphSample ? text : String(decoding: text.utf8.prefix(paragraphSample), as: UTF8.self))
    guard evidence.letters > 0 else { return document }
    let isShort = evidence.letters < shortLetters
    if let own = evidence.language(wanted: isShort ? 3 : 2, lead: isShort ? 2 : 1.3, favoured: document) { return own }
    // Without evidence of its own it is in the document's language, if that is written in its script.
    return document.flatMap { scripts[$0] ?? .latin } == evidence.script ? document : evidence.onlyLanguage
  }

  private enum Script: CaseIterable { case latin, cyrillic, arabic, han, kana, hangul, greek, hebrew, thai, devanagari, armenian, georgian }
  private static let scripts: [String: Script] = [
    "ru": .cyrillic, "uk": .cyrillic, "bg": .cyrillic, "ar": .arabic, "fa": .arabic, "zh": .han, "ja": .kana, "ko": .hangul, "el": .greek,
    "he": .hebrew, "th": .thai, "hi": .devanagari, "hy": .armenian, "ka": .georgian,
  ]

  /// What a text shows of its language.
  private struct Evidence {
    private(set) var letters = 0
    private(set) var script = Script.latin
    private var scores: [String: Double] = [:]
    /// Letters that only one language of a script has, as Ukrainian's among Cyrillic ones.
    private var own: [String: Int] = [:]

    init(_ text: String) {
      var counts: [Script: Int] = [:]
      var word = ""
      for scalar in text.unicodeScalars {
        guard let (script, weight) = Self.script(scalar) else {
          // An apostrophe after one or two letters is French or Italian.
          if scalar == "'" || scalar == "’", word.unicodeScalars.count <= 2, !word.isEmpty { add(word + "'") } else { add(word) }
          word = ""
          continue
        }
        counts[script, default: 0] += weight
        letters += weight
        note(scalar)
        if script == .latin || script == .cyrillic { word.unicodeScalars.append(Self.lowered(scalar)) }
      }
      add(word)
      if let most = counts.max(by: { ($0.value, "\($1.key)") < ($1.value, "\($0.key)") }) { script = most.key }
      // Japanese is written with Chinese characters too, but never without kana for long.
      if script == .han, (counts[.kana] ?? 0) * 10 > counts[.han] ?? 0 { script = .kana }
    }

    private mutating func add(_ word: String) {
      guard !word.isEmpty else { return }
      for language in Language.common[word] ?? [] { scores[language, default: 0] += 1 / Double(Language.common[word]?.count ?? 1) }
      for (ending, language) in Language.endings where word.utf8.count > ending.utf8.count + 1 && word.hasSuffix(ending) {
        scores[language, default: 0] += 0.6
      }
    }

    private mutating func note(_ scalar: Unicode.Scalar) {
      switch scalar {
      case "ñ", "Ñ", "¿", "¡": scores["es", default: 0] += 1
      case "ã", "õ", "Ã", "Õ": scores["pt", default: 0] += 1
      case "ß": scores["de", default: 0] += 1
      case "è", "ê", "œ", "û", "î", "à", "ç": scores["fr", default: 0] += 0.4
      case "í", "ó", "á", "ú":
        scores["es", default: 0] += 0.4
        scores["pt", default: 0] += 0.3
      case "w", "k", "W", "K": scores["en", default: 0] += 0.2
      case "і", "ї", "є", "ґ", "І", "Ї", "Є": own["uk", default: 0] += 1
      case "ы", "э", "ё", "Э": own["ru", default: 0] += 1
      case "پ", "چ", "گ", "ژ": own["fa", default: 0] += 1
      default: break
      }
    }

    /// The one language that matters here of a script other than Latin.
    var onlyLanguage: String? {
      switch script {
      case .latin: nil
      case .cyrillic: (own["uk"] ?? 0) > (own["ru"] ?? 0) ? "uk" : "ru"
      case .arabic: (own["fa"] ?? 0) * 50 > letters ? "fa" : "ar"
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
      let ranked = scores.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
      guard let first = ranked.first, first.value >= wanted else { return nil }
      if let favoured, let its = scores[favoured], its * lead >= first.value { return favoured }
      return ranked.count < 2 || first.value > ranked[1].value * lead ? first.key : nil
    }

    /// A letter's script, and how many letters of an alphabet it stands for; nil for what is no letter.
    private static func script(_ scalar: Unicode.Scalar) -> (Script, Int)? {
      switch scalar.value {
      case 0x41...0x5a, 0x61...0x7a, 0xc0...0x24f, 0x1e00...0x1eff: scalar.value == 0xd7 || scalar.value == 0xf7 ? nil : (.latin, 1)
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

    private static func lowered(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
      switch scalar.value {
      case 0x41...0x5a, 0xc0...0xde: Unicode.Scalar(scalar.value + 0x20) ?? scalar
      default: scalar
      }
    }
  }

  /// Ends of words that one language has.
  private static let endings: [(String, String)] = {
    var table: [(String, String)] = []
    for (language, words) in [
      ("en", "ing ings ed ly ght ness ship ships ck ies ould ity ities ance ence ous ful less"),
      ("fr", "eux euse ment ments ée ées és ité ités ique iques aire aires ais ait aient ons eur eurs ienne ières ère ères"),
      (
        "es", "ción ciones sión siones dad dades ado ada ados adas iento ientos ismo ario arios anos nuestro nuestra aron ieron ará erá irá"
      ),
      ("pt", "ção ções são dade agem ável ões"), ("it", "zione zioni ità mente ezza anza enza"),
      ("de", "ung ungen keit heit lich isch ische"),
    ] {
      for word in words.split(separator: " ") { table.append((String(word), language)) }
    }
    return table
  }()

  /// The commonest words of the languages in Latin letters, and which of them have each.
  private static let common: [String: [String]] = {
    var table: [String: [String]] = [:]
    for (language, words) in [
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
    ] {
      for word in words.split(separator: " ") { table[String(word), default: []].append(language) }
    }
    return table
  }()
}
