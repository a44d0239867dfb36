import Documents

/// What people call a paper in place of its symbol: "resolution 62/243", "Security Council resolution 822 (1993)", "A/RES/2625(XXV)".
enum CitedName {
  /// UTF-8 bytes that are looked at.
  private static let limit = 256

  /// The symbols that `written` stands for; empty when it is no symbol and no resolution's or decision's number.
  static func symbols(_ written: String) -> [Symbol] {
    let symbols = Symbol.list(written)
    if !symbols.isEmpty || written.utf8.count > limit { return symbols }
    let words = written.lowercased().replacing("’", with: "'").split { $0.isWhitespace || $0 == "," }
    guard let place = words.firstIndex(where: { $0.first?.isNumber == true }) else { return [] }
    var before = words[..<place]
    let noun = before.popLast().map(String.init)
    guard noun.map({ nouns.keys.contains($0) }) ?? true, let kind = noun.map({ nouns[$0] }) ?? "RES" else { return [] }
    // The number, "62/243", "822 (1993)", "2625 (xxv)", and what is behind it: "de l'assemblée générale".
    let end = words[(place + 1)...].firstIndex { $0.first != "(" } ?? words.endIndex
    let number = words[place..<end].joined()
    var body = (before + words[end...]).joined(separator: " ")
    for article in ["of the ", "the ", "de la ", "de l'", "del ", "du "] where body.hasPrefix(article) { body.removeFirst(article.count) }
    guard let bodies = body.isEmpty ? [Organ.generalAssembly, Organ.securityCouncil, Organ.economicAndSocialCouncil] : organ(body) else {
      return []
    }
    return candidates(kind, number).filter { bodies.contains($0.organ) }.prefix(1).compactMap { Symbol($0.symbol) }
  }

  private static let nouns = [
    "resolution": "RES", "resolutions": "RES", "res.": "RES", "résolution": "RES", "resolución": "RES", "резолюция": "RES",
    "резолюции": "RES", "резолюцию": "RES", "القرار": "RES", "قرار": "RES", "decision": "DEC", "décision": "DEC", "decisión": "DEC",
    "решение": "DEC", "المقرر": "DEC",
  ]

  private static let humanRightsCouncil = "Human Rights Council"

  private static func organ(_ body: String) -> [String]? {
    if ["human rights council", "conseil des droits de l'homme", "consejo de derechos humanos"].contains(body) {
      return [humanRightsCouncil]
    }
    return Organ.name(of: body).map { [$0] }
  }

  /// What a number can be the symbol of, the likeliest first: a number with a session is the Assembly's, one with a year before it the Economic and Social
  /// Council's, one with a year in parentheses the Security Council's.
  private static func candidates(_ kind: String, _ number: String) -> [(organ: String, symbol: String)] {
    let upper = number.uppercased()
    let parts = upper.split(separator: "/")
    if parts.count == 2, let first = Int(parts[0]) {
      return first >= 1978
        ? [(Organ.economicAndSocialCouncil, "E/\(kind)/\(upper)")]
        : [(Organ.generalAssembly, "A/\(kind)/\(upper)"), (humanRightsCouncil, "A/HRC/\(kind)/\(upper)")]
    }
    guard parts.count == 1 else { return [] }
    guard let open = upper.firstIndex(of: "("), upper.last == ")" else { return [(Organ.securityCouncil, "S/\(kind)/\(upper)")] }
    let inside = upper[upper.index(after: open)...].dropLast()
    if inside.count == 4, Int(inside) != nil { return [(Organ.securityCouncil, "S/\(kind)/\(upper)")] }
    return [(Organ.generalAssembly, "A/\(kind)/\(upper)"), (Organ.economicAndSocialCouncil, "E/\(kind)/\(upper)")]
  }
}
