import ArgumentParser
import ChanceryClient
import Operations
import Platform
import Wire

struct Search: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Finds documents.",
    discussion: """
      Words, "phrases", AND OR NOT, parentheses, prefix*, wom?n, similar~, "near words"~5, near NEAR/5 words (PRE/5 in this order), 2 OF (some of \
      these), weight^2, field:value and, of date and year, field:from..to. Fields: symbol, organ, session, item, \
      kind, sender, addressee, signatory, title, language, distribution, sponsor, date, year; cites:A/RES/62/243 finds what cites it, citedby:A/74/565 what \
      that cites, mentions:1992-02 or mentions:Peru what speaks of it. Every hit says whose statement it is and in which paragraph.

        chancery search 'sender:Azerbaijan item:34'
        chancery search '"territorial integrity" date:2019-01-01..2019-12-31' --facets organ,year
        chancery search 'genocid* NEAR/5 prevent*' --all --json > hits.jsonl

      Languages, revisions and corrigenda of one paper are one hit, which shows of those found the one in your language, or else English, and of these the \
      newest revision, and names the others. The number of documents counts each.
      """)

  @Argument(help: "What to look for.") var query: [String]
  @Option(help: "Hits to show, 1 to 1000; 10 unless given.") var limit: UInt32?
  @Option(help: "Hits to pass over.") var offset: UInt32 = 0
  @Option(help: "Fields to count the values of, with commas: organ, session, item, kind, sender, year, language.") var facets: String = ""
  @Option(help: "Values to count of each, at most.") var facetLimit: UInt32 = 10
  @Flag(help: "Show all hits, in pages of --limit (100 unless given), newest first unless --sort says; with --json a hit a line.") var all =
    false
  @Option(help: "relevance, date or -date (newest first); relevance unless --all.", completion: .list(["relevance", "date", "-date"]))
  var sort: String?
  @Option(help: "Passages to show of each hit.") var snippets: UInt32 = 1
  @Flag(help: "Look for any of the words, and for what the best documents have in common.") var thorough = false
  @OptionGroup var languages: LanguageOptions
  @Flag(help: "Show every language, revision and corrigendum as a hit of its own.") var everyVersion = false
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (1...1000).contains(limit ?? 1) else { throw ValidationError("--limit is 1 to 1000") }
    guard ["relevance", "date", "-date"].contains(sort ?? "date") else { throw ValidationError("--sort is relevance, date or -date") }
    guard !all || offset == 0 else { throw ValidationError("--all begins with the first hit; leave out --offset") }
  }

  func run() async throws {
    let text = query.joined(separator: " ")
    let fields = facets.split(separator: ",").map { String($0.filter { $0 != " " }) }
    let request = SearchRequest(
      query: text, limit: limit ?? (all ? 100 : 10), offset: offset, facets: fields, facetLimit: facetLimit,
      sort: sort ?? (all ? "-date" : "relevance"), snippets: snippets, thorough: thorough, languages: languages.codes,
      everyVersion: everyVersion)
    try await common.withClient { client in
      let printer = PagePrinter(isJSON: common.json)
      do {
        if all { return try await printer.printAll(request, client) }
        try printer.print(try await client.search(request), after: Int(offset), isLast: true)
      } catch let error as CallError {
        throw common.report(error, query: text)
      }
    }
  }
}

/// Prints answers on standard output, for people or as JSON.
struct PagePrinter {
  let isJSON: Bool
  private var bold: Bool { isTerminal(1) && environmentVariable("NO_COLOR") == nil }

  init(isJSON: Bool) { self.isJSON = isJSON }

  /// One answer, whose hits come after so many others.
  func print(_ reply: SearchReply, after offset: Int, isLast: Bool) throws {
    if isJSON { return try printJSON(reply.json) }
    try writeToStandardOutput(Page(reply: reply, offset: offset, bold: bold, isLast: isLast).text.utf8)
  }

  /// All answers, page by page; as JSON a hit a line.
  func printAll(_ request: SearchRequest, _ client: ChanceryClient) async throws {
    var shown = 0
    try await client.searchAll(request) { reply in
      if isJSON {
        try writeToStandardOutput(reply.hits.map { $0.json.text + "\n" }.joined().utf8)
      } else {
        try print(reply, after: shown, isLast: reply.nextCursor.isEmpty)
      }
      shown += reply.hits.count
      return true
    }
  }
}

/// A reply as a person reads it.
private struct Page {
  let reply: SearchReply
  let offset: Int
  let bold: Bool
  /// Whether to end with how many there are.
  var isLast = true

  var text: String {
    var out = ""
    for (index, hit) in reply.hits.enumerated() { out += self.hit(hit, number: offset + index + 1) }
    for facet in reply.facets {
      out += "\(strong(plain(facet.field)))\n"
      for value in facet.values { out += "  \(padded("\(value.count)", 8))  \(plain(value.value))\n" }
      out += "\n"
    }
    if !isLast { return out }
    let time = reply.serverMicroseconds < 10_000 ? "\(reply.serverMicroseconds) µs" : "\(reply.serverMicroseconds / 1000) ms"
    let together = reply.hits.contains { !$0.versions.isEmpty } ? ", versions together" : ""
    let shown = reply.hits.isEmpty ? "" : ", \(offset + 1) to \(offset + reply.hits.count) shown\(together)"
    return out + "\(reply.total) \(reply.total == 1 ? "document" : "documents")\(shown) (generation \(reply.generation), \(time))\n"
  }

  private func hit(_ hit: Hit, number: Int) -> String {
    let name = hit.symbols.isEmpty ? hexadecimal(hit.documentID) : plain(hit.symbols.joined(separator: "–"))
    let about = [hit.date, hit.kind, hit.organs.joined(separator: ", ")].filter { !$0.isEmpty }.map(plain).joined(separator: " · ")
    var out = "\(padded("\(number)", 3)). \(strong(name))  \(about)\n"
    if !hit.title.isEmpty { out += "     \(oneLine(hit.title, limit: 300))\n" }
    if let others = hit.otherVersions { out += "     \(hit.language.isEmpty ? "" : "in \(plain(hit.language)), ")\(others)\n" }
    if !hit.sender.isEmpty { out += "     from: \(oneLine(hit.sender, limit: 200))\n" }
    for snippet in hit.snippets {
      let page = snippet.page > 0 ? ", page \(snippet.page)" : ""
      let label = snippet.label.isEmpty ? "" : " \(plain(snippet.label))"
      let title = snippet.item > 0 ? "agenda item" : snippet.title > 0 ? "heading" : "title"
      let place = snippet.paragraph > 0 ? "¶\(snippet.paragraph)" : title
      out += "     \(place)\(label)\(page), \(oneLine(snippet.attribution, limit: 200)):\n"
      out += "       \(marked(snippet))\n"
    }
    return out + "\n"
  }

  /// The snippet's text with its highlights in bold. Highlights that are out of order or out of the text are passed over.
  private func marked(_ snippet: Snippet) -> String {
    let bytes = Array(snippet.text.utf8)
    var out = ""
    var place = 0
    for highlight in snippet.highlights {
      let (start, length) = (Int(highlight.start), Int(highlight.length))
      guard start >= place, length > 0, start + length <= bytes.count else { continue }
      out += plain(String(decoding: bytes[place..<start], as: UTF8.self))
      out += strong(plain(String(decoding: bytes[start..<start + length], as: UTF8.self)))
      place = start + length
    }
    out += plain(String(decoding: bytes[place...], as: UTF8.self))
    return out.replacing("\n", with: " ")
  }

  private func strong(_ text: String) -> String { bold ? "\u{1b}[1m\(text)\u{1b}[0m" : text }
}

/// `text` on one line of at most `limit` characters.
func oneLine(_ text: String, limit: Int) -> String {
  let line = plain(text).replacing("\n", with: " ")
  return line.count > limit ? line.prefix(limit - 1) + "…" : line
}

/// `text` with spaces before it up to `width` characters.
func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
