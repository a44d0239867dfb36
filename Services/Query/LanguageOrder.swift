import Wire

/// In which order a reader wants the languages of a paper: those asked for, then the six official ones, then others by their codes, and at last one that is
/// not known.
struct LanguageOrder: Sendable, Hashable {
  /// After those asked for.
  private static let official = ["en", "fr", "es", "ru", "ar", "zh"]
  /// Languages that may be asked for.
  private static let limit = 16

  private let wanted: [String]

  /// That of a reader who asks for none.
  init() { wanted = Self.official }

  /// Throws `invalid` for what is neither a code of two letters nor "und", which stands for a language that is not known.
  init(_ languages: [String]) throws(CallError) {
    guard languages.count <= Self.limit else {
      throw CallError(
        .invalid, "\(languages.count) languages are asked for; they may be \(Self.limit) at the most", processed: .no,
        details: [ErrorDetail(key: "limit", value: "\(Self.limit)")])
    }
    for language in languages where language != "und" {
      guard language.utf8.count == 2, language.utf8.allSatisfy({ (0x61...0x7a).contains($0) }) else {
        throw CallError(
          .invalid, "\(language) is no language's code; write the two letters of ISO 639-1, or und for a language that is not known",
          processed: .no)
      }
    }
    wanted = languages.map { $0 == "und" ? "" : $0 } + Self.official
  }

  /// Ascending in the order wanted.
  /// - Parameter language: ISO 639-1; empty = not known.
  func rank(_ language: String) -> (Int, String) {
    if let place = wanted.firstIndex(of: language) { return (place, "") }
    return (language.isEmpty ? wanted.count + 1 : wanted.count, language)
  }
}
