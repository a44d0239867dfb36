import CStemmer

/// Word → stem, so that a word is found in all its inflections: Snowball's algorithms for English (Porter 2), French, Spanish, Russian and Arabic
/// (docs/decisions/0018).
///
/// The script of a word chooses among them: Cyrillic is Russian, Arabic is Arabic, Latin is what the text's language says, English unless that is French or
/// Spanish. So every word of every text has one stem, and the stems that a word without a language can have are few (`stems(of:languages:)`).
///
/// Words come folded (`Folding`), without the accents by which Snowball knows some French and Spanish endings: -cion and -ee, -ees get theirs back.
///
/// A value is used by one thread at a time. Its memory is that of at most five Snowball environments, whose buffers grow to the longest word.
public struct Stemmer: ~Copyable {
  /// A language that has stems of its own.
  enum Algorithm: Int, CaseIterable {
    case english, french, spanish, russian, arabic

    /// ISO 639-1, by which Snowball knows it too.
    var code: String {
      switch self {
      case .english: "en"
      case .french: "fr"
      case .spanish: "es"
      case .russian: "ru"
      case .arabic: "ar"
      }
    }
  }

  /// Snowball's environments, made when they are first needed; nil then, too, when there is no memory for one.
  private var environments = [OpaquePointer?](repeating: nil, count: Algorithm.allCases.count)
  /// A word with its ending put right, reused.
  private var restored: [UInt8] = []

  public init() {}

  deinit { for environment in environments { sb_stemmer_delete(environment) } }

  /// Calls `body` with the stem of a folded word (UTF-8) of a text in `language` (ISO 639-1, empty when not known). What has no stems, numbers and words of other
  /// scripts, is its own.
  public mutating func stem<Failure: Error>(
    _ word: Span<UInt8>, language: String, _ body: (_ stem: Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    guard let algorithm = Self.algorithm(word, language) else { return try body(word) }
    try stem(word, algorithm, body)
  }

  /// The stems of a folded word in texts of any of `languages`, each once, in the order of the languages; empty stands for texts whose language is not known.
  public mutating func stems(of word: [UInt8], languages: [String]) -> [[UInt8]] {
    var stems: [[UInt8]] = []
    for language in languages {
      stem(word.span, language: language) { stem in
        let bytes: [UInt8] = stem.bytes
        if !stems.contains(bytes) { stems.append(bytes) }
      }
    }
    return stems
  }

  /// What stems a word; nil when nothing does.
  private static func algorithm(_ word: Span<UInt8>, _ language: String) -> Algorithm? {
    guard word.count > 0 else { return nil }
    switch word[0] {
    case 0x61...0x7A: return language == "fr" ? .french : language == "es" ? .spanish : .english
    case 0xD0...0xD3: return .russian
    case 0xD8...0xDB: return .arabic
    default: return nil
    }
  }

  private mutating func stem<Failure: Error>(
    _ word: Span<UInt8>, _ algorithm: Algorithm, _ body: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    guard let environment = environment(algorithm) else { return try body(word) }
    if restoreEnding(word, algorithm) { return try stem(restored.span, environment, body) }
    try stem(word, environment, body)
  }

  private func stem<Failure: Error>(
    _ word: Span<UInt8>, _ environment: OpaquePointer, _ body: (Span<UInt8>) throws(Failure) -> Void
  ) throws(Failure) {
    // Snowball copies the word before it returns. What it returns lasts until the environment is used again, which is not before `body` has ended: the
    // environment is this value's own, and nothing else holds it.
    let found = word.withUnsafeBufferPointer { word in
      UnsafeBufferPointer(
        start: sb_stemmer_stem(environment, word.baseAddress, Int32(word.count)), count: Int(sb_stemmer_length(environment)))
    }
    // Without memory there is no stem, and a word must not be stemmed to nothing.
    guard found.baseAddress != nil, found.count > 0, found.count <= Analyzer.maximumTermLength else { return try body(word) }
    try body(found.span)
  }

  private mutating func environment(_ algorithm: Algorithm) -> OpaquePointer? {
    if let known = environments[algorithm.rawValue] { return known }
    environments[algorithm.rawValue] = sb_stemmer_new(algorithm.code, "UTF_8")
    return environments[algorithm.rawValue]
  }

  /// Puts into `restored` a word with the accent that its ending lost in folding; whether it has such an ending.
  private mutating func restoreEnding(_ word: Span<UInt8>, _ algorithm: Algorithm) -> Bool {
    // The letter's place from the end.
    let place: Int
    let accented: UInt8
    switch algorithm {
    case .spanish where Self.ends(word, "cion"): (place, accented) = (2, 0xB3)
    case .french where Self.ends(word, "ee"): (place, accented) = (2, 0xA9)
    case .french where Self.ends(word, "ees"): (place, accented) = (3, 0xA9)
    default: return false
    }
    restored.removeAll(keepingCapacity: true)
    for index in 0..<word.count {
      if index == word.count - place { restored.append(0xC3) }
      restored.append(index == word.count - place ? accented : word[index])
    }
    return true
  }

  private static func ends(_ word: Span<UInt8>, _ ending: StaticString) -> Bool {
    let length = ending.utf8CodeUnitCount
    guard word.count > length else { return false }
    // A static string of ASCII letters has that many bytes.
    for index in 0..<length where word[word.count - length + index] != ending.utf8Start[index] { return false }
    return true
  }
}

extension Analyzer {
  /// Calls `body` for what stands for the words of `text` where inflections are not told apart: the stem of each word, at its position.
  ///
  /// Of ideographs and kana letters, which are words by themselves, each two in a row are a term at the first's position, and one that stands alone is a term:
  /// pairs are far more selective. (So a row of stems is a row of words, except behind an ideograph: the last of several has no term of its own.)
  ///
  /// Positions and the text's bytes are as in `forEachToken`; a pair's bytes are those of both. Returns the position after the last word.
  @discardableResult
  public func forEachStem(
    in text: Span<UInt8>, from position: UInt32 = 0, _ stemmer: inout Stemmer, _ body: (_ stem: Span<UInt8>, _ token: Token) -> Void
  ) -> UInt32 {
    // An ideograph whose term is not told yet, and whether it was the second of a pair.
    var waiting: (term: [UInt8], token: Token, isPaired: Bool)?
    func flush() {
      if let alone = waiting, !alone.isPaired { body(alone.term.span, alone.token) }
      waiting = nil
    }
    let end = forEachToken(in: text, from: position) { term, token in
      guard Folding.isSingle(term) else {
        if waiting != nil { flush() }
        stemmer.stem(term, language: language) { body($0, token) }
        return
      }
      let own: [UInt8] = term.bytes
      if let first = waiting, first.token.start + first.token.length == token.start {
        let pair = Token(position: first.token.position, start: first.token.start, length: first.token.length + token.length)
        body((first.term + own).span, pair)
        waiting = (own, token, true)
      } else {
        flush()
        waiting = (own, token, false)
      }
    }
    flush()
    return end
  }

  /// Whether a folded term is an ideograph or kana letter, which stands for itself.
  public static func isIdeograph(_ term: [UInt8]) -> Bool { Folding.isSingle(term.span) }

  /// Whether a stem is two of them.
  public static func isPairOfIdeographs(_ stem: [UInt8]) -> Bool {
    guard stem.count >= 6, stem[0] >= 0xE3 else { return false }
    let first = stem[0] < 0xF0 ? 3 : 4
    return isIdeograph(Array(stem[..<first])) && isIdeograph(Array(stem[first...]))
  }
}
