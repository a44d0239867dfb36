/// Member and observer states by the three-letter codes of ISO 3166-1 and its former codes (ISO 3166-3), with their names in the six official languages and those they bore
/// before. A name here says nothing about status: it is what a code stands for in the standard, or what United Nations papers print.
///
/// The tables are made by deploy/parties/make.py; docs/decisions/0030-parties.md says from what.
public enum StateName {
  /// What a name means.
  public enum Found: Sendable, Hashable {
    /// One state, by its code.
    case state(String)
    /// An observer or group that is no state and has no code.
    case organization
    /// Names several states, or did at different times.
    case ambiguous([String])
    case unknown

    public var code: String? { if case .state(let code) = self { code } else { nil } }
  }

  /// The English name a code stands for, as United Nations papers print it; nil for an unknown code. `EU` is the European Union, as records of statements have it.
  public static func name(code: some StringProtocol) -> String? { code.utf8.count > 3 ? nil : names[code.uppercased()] }

  /// The state that a name in any of the six official languages means: short or formal, with or without article, in the nominative or (Russian) the genitive.
  /// `year` chooses between states that bore one name at different times.
  public static func find(_ name: some StringProtocol, year: Int? = nil) -> Found {
    guard name.utf8.count <= longestName else { return .unknown }
    let key = Folded.words(name)
    if let found = byName[key] { return choose(found, year) }
    for form in forms(key) { if let found = byName[form] { return choose(found, year) } }
    if key.unicodeScalars.first.map({ (0x400...0x4ff).contains($0.value) }) == true, let found = byStem[stem(key)] {
      return choose(found, year)
    }
    return .unknown
  }

  /// A name as the tables print it.
  package struct Printed {
    package var name: Substring
    package var code: String
    /// ISO 639-1.
    package var language: String
    /// Those in which it was borne, when another state bore it too, or this one bore another.
    package var years: ClosedRange<Int>?

    package init(name: Substring, code: String, language: String, years: ClosedRange<Int>? = nil) {
      self.name = name
      self.code = code
      self.language = language
      self.years = years
    }
  }

  /// Every name of a state, past ones too; organizations, which have no code, are left out.
  package static var printed: [Printed] {
    var all: [Printed] = []
    for (language, table) in [("en", english), ("fr", french), ("es", spanish), ("ru", russian), ("ar", arabic), ("zh", chinese)] {
      for row in rows(table) { for name in row.dropFirst() { all.append(Printed(name: name, code: String(row[0]), language: language)) } }
    }
    for row in rows(list) where row[0] != "-" { all.append(Printed(name: row[2], code: String(row[0]), language: "en")) }
    for row in rows(past) {
      let years = (Int(row[1]) ?? 1945)...(Int(row[2]) ?? CalendarDate.years.upperBound)
      all.append(Printed(name: row[4], code: String(row[0]), language: String(row[3]), years: years))
    }
    return all
  }

  /// UTF-8 bytes; the longest name of the tables has about 120.
  static let longestName = 240

  private struct Bearer {
    var code: String
    var years: ClosedRange<Int>?
  }

  private static func choose(_ bearers: [Bearer], _ year: Int?) -> Found {
    let all = Set(bearers.map(\.code))
    if all.count == 1, let code = all.first { return code == "-" ? .organization : .state(code) }
    let then = Set(bearers.filter { bearer in year.map { bearer.years?.contains($0) ?? true } ?? true }.map(\.code))
    if then.count == 1, let code = then.first { return .state(code) }
    return .ambiguous(all.sorted())
  }

  /// Without an article; in Arabic without the "for" that is written with the name.
  private static func forms(_ key: String) -> [String] {
    for article in ["the ", "la ", "le ", "les ", "l ", "el ", "los ", "las "] where key.hasPrefix(article) {
      return [String(key.dropFirst(article.count))]
    }
    if key.hasPrefix("لل") { return ["ال" + key.dropFirst(2), "ل" + key.dropFirst(2)] + [String(key.dropFirst())] }
    return key.hasPrefix("ل") || key.hasPrefix("ب") ? [String(key.dropFirst())] : []
  }

  /// Russian words without the endings that cases change.
  private static func stem(_ key: String) -> String {
    key.split(separator: " ").map { word in
      if word.count >= 6,
        let ending = ["ого", "его", "ая", "ой", "ое", "ий", "ый", "ые", "ых", "их", "ей", "ов"].first(where: { word.hasSuffix($0) })
      {
        return word.dropLast(ending.count)
      }
      return word.count >= 3 && word.last.map { "аяыиуюеойь".contains($0) } == true ? word.dropLast() : word
    }.joined(separator: " ")
  }

  // MARK: Tables

  /// Lines of a table; one that begins with a bar continues the line before.
  private static func rows(_ table: String) -> [[Substring]] {
    var rows: [[Substring]] = []
    for line in table.split(separator: "\n") {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false)
      if cells[0].isEmpty, !rows.isEmpty { rows[rows.count - 1] += cells.dropFirst() } else { rows.append(cells) }
    }
    return rows
  }

  private static let names: [String: String] = {
    var names = ["EU": "European Union"]
    for row in rows(list) where row[0] != "-" { names[String(row[0])] = String(row[2]) }
    return names
  }()

  private static let byName: [String: [Bearer]] = {
    var table: [String: [Bearer]] = [:]
    func add(_ name: Substring, _ bearer: Bearer) {
      let key = Folded.words(name)
      if table[key]?.contains(where: { $0.code == bearer.code }) != true { table[key, default: []].append(bearer) }
    }
    for row in rows(list) { add(row[2], Bearer(code: String(row[0]))) }
    for language in [english, french, spanish, russian, arabic, chinese] {
      for row in rows(language) { for name in row.dropFirst() { add(name, Bearer(code: String(row[0]))) } }
    }
    for row in rows(past) {
      add(row[4], Bearer(code: String(row[0]), years: (Int(row[1]) ?? 1945)...(Int(row[2]) ?? CalendarDate.years.upperBound)))
    }
    return table
  }()

  private static let byStem: [String: [Bearer]] = {
    var table: [String: [Bearer]] = [:]
    for (name, bearers) in byName where name.unicodeScalars.first.map({ (0x400...0x4ff).contains($0.value) }) == true {
      for bearer in bearers where table[stem(name)]?.contains(where: { $0.code == bearer.code }) != true {
        table[stem(name), default: []].append(bearer)
      }
    }
    return table
  }()
}
