import ArgumentParser
import ChanceryClient
import Documents
import Operations
import Platform
import Wire

struct Cites: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists what a document cites, in order: the words, what they name, where they stand, and whether that is in the registry.",
    discussion: """
      A document is named by its symbol, or by its id. The same in a search: citedby:A/74/565 finds the documents that it cites.

        chancery cites A/74/565
      """)

  @Argument(help: "Symbol, e.g. A/74/565, or id.") var symbol: String
  @OptionGroup var languages: LanguageOptions
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try await common.withClient { client in
      let document = try await client.document(named: symbol, languages: languages.codes)
      let registered = try await client.registered(document.citations.flatMap(\.symbols))
      if common.json { return try printJSON(.array(document.citations.map { $0.json(in: document, registered: registered) })) }
      let name = document.symbols.isEmpty ? document.id.description : document.symbols.map(\.text).joined(separator: "–")
      let lines = document.citations.map { "  " + $0.line(in: document, registered: registered) + "\n" }
      let count = lines.count == 1 ? "1 citation" : "\(lines.count) citations"
      try writeToStandardOutput((lines.joined() + "\(plain(name)): \(count)\n").utf8)
    }
  }
}

struct CitedBy: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cited-by", abstract: "Lists the documents that cite one, the newest first, with the paragraphs and who says it.",
    discussion: """
      What is cited need not be in the registry; a charter or treaty is named in words. The same in a search: cites:A/RES/62/243.

        chancery cited-by A/RES/62/243
        chancery cited-by 'Charter of the United Nations' --limit 20
      """)

  @Argument(help: "Symbol, e.g. A/74/565, either of two; id; resolution by its number; or instrument by its name.") var cited: String
  @Option(help: "Documents to show, 1 to 1000; all unless given.") var limit: UInt32?
  @Option(help: "Paragraphs to show of each, at most.") var snippets: UInt32 = 3
  @OptionGroup var languages: LanguageOptions
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (1...1000).contains(limit ?? 1) else { throw ValidationError("--limit is 1 to 1000") }
    guard !cited.allSatisfy({ $0.isWhitespace || $0 == "\"" }) else { throw ValidationError("say what is cited") }
  }

  func run() async throws {
    try await common.withClient { client in
      let names = try await names(client)
      guard !names.isEmpty else { throw common.report("\(cited) has no symbol by which others could cite it", hint: nil) }
      let query = names.map { "cites:\"\($0)\"" }.joined(separator: " OR ")
      let request = SearchRequest(query: query, limit: limit ?? 100, sort: "-date", snippets: snippets, languages: languages.codes)
      let printer = PagePrinter(isJSON: common.json)
      if limit == nil { return try await printer.printAll(request, client) }
      try printer.print(try await client.search(request), after: 0, isLast: true)
    }
  }

  /// All symbols of the paper, if it is in the registry: it may be cited by any.
  private func names(_ client: ChanceryClient) async throws(CallError) -> [String] {
    do throws(CallError) { return try await client.document(named: cited, languages: languages.codes).symbols.map(\.text) } catch {
      guard error.code == .notFound, DocumentID(hexadecimal: cited) == nil else { throw error }
      return [cited.replacing("\"", with: "")]
    }
  }
}

extension ChanceryClient {
  /// Those of `symbols` under which there is a document.
  fileprivate func registered(_ symbols: [Symbol]) async throws(CallError) -> Set<Symbol> {
    var registered: Set<Symbol> = []
    for symbol in Set(symbols) where try await search(SearchRequest(query: "symbol:\"\(symbol)\"", limit: 1)).total > 0 {
      registered.insert(symbol)
    }
    return registered
  }
}

extension CitationRelation {
  /// What a paper does to the one that it names.
  var name: String {
    switch self {
    case .cites: "cites"
    case .repliesTo: "replies to"
    case .amends: "amends"
    }
  }
}

extension TextSpan {
  /// The words there; empty when the text has no such place.
  func words(in document: Document) -> String {
    var whole = document.wording(at: text)
    // A document that is shown in part has no other paragraphs.
    if case .paragraph(let number) = text, document.paragraphs.count == 1 {
      whole = document.paragraphs.first { $0.number == number }?.text
    }
    guard let bytes = whole.map({ Array($0.utf8) }), range.lowerBound >= 0, range.upperBound <= bytes.count else { return "" }
    return String(decoding: bytes[range], as: UTF8.self)
  }

  /// "¶3", "title", "item 34".
  func place(in document: Document) -> String {
    switch text {
    case .title: "title"
    case .heading: "heading"
    case .item(let index): document.items.indices.contains(index) ? "item \(document.items[index].number)" : "item"
    case .paragraph(let number): "¶\(number)"
    }
  }

  fileprivate func fields(in document: Document) -> [JSON.Member] {
    let paragraph: Int? = if case .paragraph(let number) = text { number } else { nil }
    return [
      .init("text", .string(words(in: document))), .init("paragraph", paragraph.map { .number($0) } ?? .null),
      .init("place", .string(place(in: document))),
      .init("start", .number(range.lowerBound)), .init("length", .number(range.count)),
    ]
  }
}

extension Citation {
  /// What it names: "A/74/565–S/2019/908", "Charter of the United Nations"; nil when it was not resolved.
  var target: String? { symbols.isEmpty ? instrument : symbols.map(\.text).joined(separator: "–") }

  fileprivate func line(in document: Document, registered: Set<Symbol>) -> String {
    let place = plain(span.place(in: document))
    var line =
      place + String(repeating: " ", count: max(1, 8 - place.count)) + "\"\(oneLine(span.words(in: document), limit: 160))\""
    if relation != .cites { line += "  \(relation.name)" }
    line += target.map { "  \(plain($0))" } ?? "  not resolved\(reason.map { ": \(oneLine($0, limit: 160))" } ?? "")"
    if let pinpoint { line += ", \(oneLine(pinpoint, limit: 100))" }
    if !symbols.isEmpty, !symbols.contains(where: registered.contains) { line += "  (not in the registry)" }
    return line
  }

  /// - Parameter registered: the symbols under which there is a document; nil when it was not looked.
  func json(in document: Document, registered: Set<Symbol>? = nil) -> JSON {
    let named = symbols.map { symbol -> JSON in
      guard let registered else { return .string(symbol.text) }
      return .object([.init("symbol", .string(symbol.text)), .init("registered", .bool(registered.contains(symbol)))])
    }
    return .object(
      span.fields(in: document) + [
        .init("symbols", .array(named)), .init("instrument", instrument.map { .string($0) } ?? .null),
        .init("pinpoint", pinpoint.map { .string($0) } ?? .null), .init("relation", .string(relation.name)),
        .init("reason", reason.map { .string($0) } ?? .null),
      ])
  }
}

extension Mention {
  func json(in document: Document) -> JSON {
    let meaning: [JSON.Member] =
      switch meaning {
      case .days(let first, let last): [.init("from", .string(first.description)), .init("to", .string(last.description))]
      case .place(let code): [.init("state", .string(code))]
      case .figure(let number, let unit): [.init("figure", .string(number)), .init("unit", unit.map { .string($0) } ?? .null)]
      }
    return .object(span.fields(in: document) + meaning)
  }
}

extension Document {
  /// What it does to others by a relation, each with where: "A/RES/62/243 (¶3, ¶7), Charter of the United Nations (¶4)"; empty for none.
  func summary(_ relation: CitationRelation) -> String {
    var places: [(target: String, places: [String])] = []
    for citation in citations where citation.relation == relation {
      guard let target = citation.target else { continue }
      let place = citation.span.place(in: self)
      if let known = places.firstIndex(where: { $0.target == target }) {
        if places[known].places.last != place { places[known].places.append(place) }
      } else {
        places.append((target, [place]))
      }
    }
    let shown = places.prefix(12).map { "\($0.target) (\($0.places.prefix(5).joined(separator: ", "))\($0.places.count > 5 ? ", …" : ""))" }
    return shown.joined(separator: ", ") + (places.count > 12 ? ", and \(places.count - 12) more" : "")
  }
}
