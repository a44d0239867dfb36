/// A document symbol in canonical form: `A/74/565`, `A/C.3/74/L.5/Rev.1`, `S/RES/822 (1993)`. docs/SYMBOLS.md has the grammar.
///
/// Canonical means: parts in upper case except `Add.`, `Amend.`, `Corr.`, `Dec.`, `Res.`, `Rev.`, `Sub.`, `Summary` and the words in a closing
/// parenthesis; one slash between parts; one space before a closing parenthesis and before a resolution's letter; the year of a resolution of the
/// Security Council; no reissue mark (`*`), language or file ending.
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

  /// Of a text that is canonical already, as one put together from its parts is.
  package init(canonical: String) { text = canonical }

  /// Every symbol of a text that consists of symbols only, in order and without repetition: `A/74/565–S/2019/908` is two. Empty when any part
  /// of the text is no symbol.
  public static func list(_ written: some StringProtocol) -> [Symbol] { SymbolReader.symbols(written) }

  public var description: String { text }

  /// The parts between slashes; a closing parenthesis belongs to its part.
  public var parts: [Substring] { text.split(separator: "/") }

  // MARK: Written for other places

  /// Where the Organisation serves the paper, in one of `en fr es ru ar zh` or what else there is.
  public func address(language: String) -> String { "https://docs.un.org/\(language)/\(text.replacing(" ", with: "%20"))" }

  /// The name of a file without its ending: `A_74_565`, `S_RES_822_(1993)`. Reads back as the symbol.
  public var fileName: String { text.replacing("/", with: "_").replacing(" ", with: "_") }
}
