/// A document symbol in canonical form: `A/74/565`, `A/C.3/74/L.5/Rev.1`, `S/RES/822 (1993)`.
///
/// Canonical means: parts in upper case except `Add.`, `Amend.`, `Corr.`, `Rev.`, `Sub.`, `Summary` and the words in a closing parenthesis; one
/// slash between parts; one space before a closing parenthesis and before a resolution's letter; no reissue mark (`*`), language or file suffix.
public struct Symbol: Sendable, Hashable, Comparable, CustomStringConvertible {
  /// Longest text that is looked at, UTF-8 bytes: a pasted address with its query fits.
  public static let maximumWrittenLength = 1024
  /// Longest canonical symbol, UTF-8 bytes.
  public static let maximumLength = 128
  public static let maximumParts = 16

  public let text: String

  /// The one symbol that `written` is: typed, copied from a paper, from a file name or from an address at undocs.org or docs.un.org. nil when
  /// it is none or several.
  public init?(_ written: some StringProtocol) {
    let all = Self.list(written)
    guard all.count == 1 else { return nil }
    self = all[0]
  }

  init(canonical: String) { text = canonical }

  /// Every symbol of a text that consists of symbols only, in order and without repetition: `A/74/565–S/2019/908` is two. Empty when any part
  /// of the text is no symbol.
  public static func list(_ written: some StringProtocol) -> [Symbol] { SymbolReader.symbols(written) }

  public var description: String { text }

  public static func < (left: Self, right: Self) -> Bool { left.text < right.text }

  /// The parts between slashes; the closing parenthesis belongs to the last.
  public var parts: [Substring] { text.split(separator: "/") }

  /// The English name of the issuing principal organ, when the first part names one.
  public var organ: String? { Organ.name(series: text.prefix { $0 != "/" }) }

  /// The General Assembly's session (`A/74/565` → 74, `A/RES/62/243` → 62). nil for symbols of others, of special sessions, and from before 1976.
  public var session: Int? {
    let parts = parts
    guard parts[0] == "A", let index = parts.firstIndex(where: { Int($0) != nil }), index + 1 < parts.count else { return nil }
    guard let number = Int(parts[index]), (31...999).contains(number) else { return nil }
    return number
  }

  /// What the series says about the paper: `L.` limited, `RES` resolution, …
  public enum Nature: String, Sendable, CaseIterable {
    case conferenceRoomPaper = "CRP"
    case decision = "DEC"
    case information = "INF"
    case limited = "L"
    case nonGovernmental = "NGO"
    case petition = "PET"
    case presidentialStatement = "PRST"
    case verbatimRecord = "PV"
    case resolution = "RES"
    case summaryRecord = "SR"
    case workingPaper = "WP"
  }

  /// The nature the symbol states, nil for the main series.
  public var nature: Nature? {
    for part in parts.dropFirst() { if let nature = Nature(rawValue: String(part.prefix { $0 != "." && $0 != " " })) { return nature } }
    return nil
  }
}
