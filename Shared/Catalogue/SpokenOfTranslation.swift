import Documents
import Engine
import QueryLanguage

/// What a query must ask to find citations and mentions again as `SpokenOf` put them in the index.
extension QueryTranslation {
  /// Papers that cite what `value` names: a symbol in any spelling, a resolution by its number, or an instrument by its name.
  func cites(_ value: String, _ isPrefix: Bool) -> EngineQuery {
    if isPrefix {
      let name = Citation.instrument(value)
      let symbols = EngineQuery.keyword(.cites, Self.symbolPrefix(value), isPrefix: true)
      return value.contains("/") || name.isEmpty ? symbols : .or([symbols, .keyword(.cites, name, isPrefix: true)])
    }
    let symbols = CitedName.symbols(value).map(\.text)
    let values = symbols.isEmpty ? [Citation.instrument(value)] : symbols
    return join(values.map { .keyword(.cites, $0, isPrefix: false) }) { .or($0) } ?? .none
  }

  /// Papers that a paper cites are found up to so many.
  private static let citedLimit = 512

  func citedBy(_ value: String) throws(QueryError) -> EngineQuery {
    let cited = citations[value] ?? []
    guard cited.count <= Self.citedLimit else {
      throw unknown(
        .citedby, value, "\(value) cites \(cited.count) papers, and a search takes \(Self.citedLimit)",
        hint: "its citations are in the document: chancery cites SYMBOL lists them")
    }
    return join(cited.map { .keyword(.symbol, $0.text, isPrefix: false) }) { .or($0) } ?? .none
  }

  /// Papers whose text speaks of a day or month, written as in a paper, or of a state.
  func mentions(_ value: String, _ isPrefix: Bool) throws(QueryError) -> EngineQuery {
    let hint = "write a date, a range or a state: mentions:1992-02-26, mentions:\"February 1992\", mentions:1992..1995, mentions:Peru"
    if isPrefix { throw unknown(.mentions, value + "*", "mentions: takes no *", hint: hint) }
    if let day = CalendarDate(written: value) {
      return .keyword(.mentioned, DatePart(year: day.year, month: day.month, day: day.day).text, isPrefix: false)
    }
    // "February 1992", "1992年2月".
    if let first = CalendarDate(written: "1 " + value) ?? CalendarDate(written: value + "1日") {
      return .keyword(.mentioned, DatePart(year: first.year, month: first.month).text, isPrefix: false)
    }
    guard let codes = Self.states(value) else { throw unknown(.mentions, value, "\(value) is no date and no state", hint: hint) }
    return join(codes.map { .keyword(.place, $0, isPrefix: false) }) { .or($0) } ?? .none
  }

  /// The codes of the states that a code or a name in any of six languages means; nil for none.
  private static func states(_ value: String) -> [String]? {
    if let code = Names.state(value) { return [code] }
    if case .ambiguous(let codes) = StateName.find(value) { return codes.filter { $0 != "-" } }
    return nil
  }
}
