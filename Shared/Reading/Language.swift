/// Which of the six official languages a text is in, and what languages are called.
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

  /// Bytes looked at: enough for a sure answer, few enough to cost nothing.
  private static let sample = 16 << 10

  /// By script, and among Latin ones by the commonest words. nil when nothing stands out.
  static func detect(_ text: [UInt8]) -> String? {
    var latin = 0
    var cyrillic = 0
    var arabic = 0
    var han = 0
    for byte in text.prefix(sample) {
      switch byte {
      case 0x41...0x5a, 0x61...0x7a: latin += 1
      case 0xd0, 0xd1: cyrillic += 1
      case 0xd8...0xdb: arabic += 1
      case 0xe4...0xe9: han += 1
      default: break
      }
    }
    if cyrillic > latin, cyrillic > arabic { return "ru" }
    if arabic > latin { return "ar" }
    if han * 2 > latin { return "zh" }
    return latin >= 20 ? detectLatin(text) : nil
  }

  private static func detectLatin(_ text: [UInt8]) -> String? {
    var counts: [String: Int] = [:]
    for word in text.prefix(sample).split(whereSeparator: { !($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7a) && $0 < 0x80 }) where word.count <= 4
    {
      for language in common[String(decoding: word.lazy.map { Prose.lowered($0) }, as: UTF8.self)] ?? [] {
        counts[language, default: 0] += 1
      }
    }
    let ranked = counts.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
    guard let first = ranked.first, first.value >= 2, ranked.count < 2 || first.value > ranked[1].value else { return nil }
    return first.key
  }

  private static let common: [String: [String]] = {
    var table: [String: [String]] = [:]
    for (language, words) in [
      ("en", "the of and to in that is for it with by on as"), ("fr", "le la les des et du en une est dans au aux par sur que"),
      ("es", "el la los las de y en del que una se por con al su"), ("pt", "o os da do dos das e em um uma que não com ao"),
      ("it", "il di e che la gli del una per con non della dei"),
    ] {
      for word in words.split(separator: " ") { table[String(word), default: []].append(language) }
    }
    return table
  }()
}
