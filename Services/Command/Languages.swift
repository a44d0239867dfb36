import ArgumentParser
import ChanceryClient
import Documents
import Platform
import Wire

/// The languages that a person reads.
struct LanguageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The languages you read, the one you like best first: fr,en. Unless given, that of LC_ALL, LC_MESSAGES or LANG.", valueName: "codes"))
  var language: String?

  /// Their codes, in order; none = nothing is known of them.
  var codes: [String] {
    if let language { return language.split(separator: ",").map { $0.filter { $0 != " " }.lowercased() } }
    return Self.ofEnvironment(environmentVariable).map { [$0] } ?? []
  }

  /// The language of messages that the environment asks for, when it is one of the six official ones.
  static func ofEnvironment(_ variable: (String) -> String?) -> String? {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap(variable).first { !$0.isEmpty } ?? ""
    let code = locale.prefix { $0.isASCII && $0.isLetter }.lowercased()
    return ["en", "fr", "es", "ru", "ar", "zh"].contains(code) ? code : nil
  }
}

extension Hit {
  /// What other versions of its work there are, in a few words: "also fr, ru; Rev.1, Corr.1 (fr)"; nil when there are none.
  var otherVersions: String? {
    if versions.isEmpty { return nil }
    func code(_ language: String) -> String { language.isEmpty ? "und" : plain(language) }
    let same = versions.filter { $0.symbols.first == symbols.first }.map { code($0.language) }
    var others: [(symbol: String, languages: [String])] = []
    for version in versions where version.symbols.first != symbols.first {
      let symbol = version.symbols.first ?? ""
      if let place = others.firstIndex(where: { $0.symbol == symbol }) {
        others[place].languages.append(code(version.language))
      } else {
        others.append((symbol, [code(version.language)]))
      }
    }
    let named = others.map { symbol, languages in
      let work = Symbol(symbol)?.work.text ?? ""
      let name = symbol.hasPrefix(work + "/") ? String(symbol.dropFirst(work.utf8.count + 1)) : symbol
      return plain(name) + (languages == [code(language)] ? "" : " (\(languages.joined(separator: ", ")))")
    }
    return "also " + [same, named].filter { !$0.isEmpty }.map { $0.joined(separator: ", ") }.joined(separator: "; ")
  }
}
