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
    text.withUnsafeBufferPointer { LanguageEvidence(UnsafeBufferPointer(rebasing: $0.prefix(sample))).language(wanted: 2, lead: 1) }
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
    var text = text
    let evidence = text.withUTF8 { LanguageEvidence(UnsafeBufferPointer(rebasing: $0.prefix(paragraphSample))) }
    guard evidence.letters > 0 else { return document }
    let isShort = evidence.letters < shortLetters
    if let own = evidence.language(wanted: isShort ? 3 : 2, lead: isShort ? 2 : 1.3, favoured: document) { return own }
    // Without evidence of its own it is in the document's language, if that is written in its script.
    return document.flatMap { LanguageEvidence.scripts[$0] ?? .latin } == evidence.script ? document : evidence.onlyLanguage
  }
}
