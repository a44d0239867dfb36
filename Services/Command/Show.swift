import ArgumentParser
import ChanceryClient
import Documents
import Operations
import Platform
import Wire

struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows a document: its fields and its paragraphs, or the file as it was submitted.",
    discussion: """
      A document is named by its symbol, or by the id that `search` shows for one without a symbol. Of several languages you see yours, or else English, or \
      what there is.
      """)

  @Argument(help: "Symbol, e.g. A/74/565, or id.") var symbol: String
  @Option(help: ArgumentHelp("Only this paragraph.", valueName: "number")) var paragraph: Int?
  @Option(
    help: ArgumentHelp("Write the file as it was submitted to this path; - is standard output.", valueName: "path"), completion: .file())
  var original: String?
  @OptionGroup var languages: LanguageOptions
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try await common.withClient { client in
      let document = try await client.document(named: symbol, languages: languages.codes)
      if let original { return try await fetch(document, to: original, client: client) }
      if let paragraph {
        guard let one = document.paragraphs.first(where: { $0.number == paragraph }) else {
          throw common.report("\(symbol) has no paragraph \(paragraph)", hint: "it has \(document.paragraphs.count)")
        }
        var only = document
        only.paragraphs = [one]
        only.citations.removeAll { $0.span.text != .paragraph(paragraph) }
        only.mentions.removeAll { $0.span.text != .paragraph(paragraph) }
        return try common.json ? printJSON(only.json) : writeToStandardOutput(paragraphText(one).utf8)
      }
      if common.json { return try printJSON(document.json) }
      try writeToStandardOutput((fields(document) + "\n" + document.paragraphs.map(paragraphText).joined()).utf8)
    }
  }

  private func fields(_ document: Document) -> String {
    var out = ""
    func line(_ name: String, _ value: String?) {
      guard let value, !value.isEmpty else { return }
      let column = name + String(repeating: " ", count: max(1, 18 - name.count))
      out += column + plain(value).replacing("\n", with: "\n" + String(repeating: " ", count: 18)) + "\n"
    }
    func party(_ party: Party) -> String { party.text }
    line("symbols", document.symbols.map(\.text).joined(separator: ", "))
    line("kind", document.kind.rawValue)
    line("title", document.title)
    line("organs", document.organs.joined(separator: ", "))
    line("date", document.date?.description)
    line("distribution", document.distribution)
    line("original", document.originalLanguages.joined(separator: ", "))
    for session in document.sessions { line("session", "\(session.text) (\(session.organ))") }
    for item in document.items { line("agenda item", "\(item.number)\(item.title.map { "  \($0)" } ?? "")") }
    for title in document.titles { line("heading", title) }
    line("sender", document.sender.map(party))
    for addressee in document.addressees { line("addressee", addressee.text) }
    for signatory in document.signatories {
      line("signed", [signatory.name, signatory.rank, signatory.post].compactMap { $0 }.joined(separator: ", "))
    }
    line("sponsors", document.sponsors.joined(separator: ", "))
    line("language", document.language)
    for annex in document.annexes {
      line(
        "annex", "\(annex.label)\(annex.title.map { ": \($0)" } ?? "")  (¶\(annex.paragraphs.lowerBound)–\(annex.paragraphs.upperBound))")
    }
    for relation in CitationRelation.allCases { line(relation.name, document.summary(relation)) }
    line("mentions", mentions(document))
    for amendment in document.amendments { line("amended", "\(amendment.line)  (\(amendment.provenance))") }
    for (key, value) in document.metadata.sorted(by: { $0.key < $1.key }) { line(key, "\(value)  (given by the submitter)") }
    line("file", "\(document.fileName), \(document.mediaType), \(document.originalBytes) bytes")
    line("sha256", hexadecimal(document.originalSHA256))
    line("id", document.id.description)
    return out
  }

  /// How many dates, places and figures it speaks of; empty for none.
  private func mentions(_ document: Document) -> String {
    var counts = [0, 0, 0]
    for mention in document.mentions {
      switch mention.meaning {
      case .days: counts[0] += 1
      case .place: counts[1] += 1
      case .figure: counts[2] += 1
      }
    }
    return zip(counts, ["dates", "places", "figures"]).filter { $0.0 > 0 }.map { "\($0) \($1)" }.joined(separator: ", ")
  }

  private func paragraphText(_ paragraph: Paragraph) -> String {
    let label = paragraph.label.map { "\($0) " } ?? ""
    let page = paragraph.page.map { ", page \($0)" } ?? ""
    let who = paragraph.role == .body && !paragraph.attribution.isEmpty ? " — \(oneLine(paragraph.attribution, limit: 160))" : ""
    return "¶\(paragraph.number)\(page)\(who)\n\(plain(label + paragraph.text))\n\n"
  }

  /// Writes the original to `path`, which is there only when it is whole.
  private func fetch(_ document: Document, to path: String, client: ChanceryClient) async throws {
    if path == "-" {
      _ = try await client.original(sha256: document.originalSHA256) { chunk throws(CallError) in
        do { try writeToStandardOutput(chunk) } catch { throw CallError(.cancelled, "cannot write to standard output: \(error)") }
      }
      return
    }
    let partial = path + ".part"
    let output = try OutputFile(partial)
    do {
      _ = try await client.original(sha256: document.originalSHA256) { chunk throws(CallError) in
        do { try output.append(chunk) } catch { throw CallError(.cancelled, "\(error)") }
      }
      let digest = try output.finish()
      guard digest == document.originalSHA256 else {
        throw CallError(.internal, "the original came with other bytes than its SHA-256 says; try again", retryable: true)
      }
      try Directory.rename(partial, path)
    } catch {
      try? Directory.remove(partial)
      throw error
    }
    let written = JSON.object([.init("path", .string(path)), .init("bytes", .number(document.originalBytes))])
    try common.json ? printJSON(written) : writeToStandardOutput("\(path): \(document.originalBytes) bytes\n".utf8)
  }
}

extension ChanceryClient {
  /// The document whose symbol or id (32 hexadecimal digits) `name` is, in the first of these languages that there is.
  func document(named name: String, languages: [String]) async throws(CallError) -> Document {
    let id = DocumentID(hexadecimal: name)
    return try await get(GetRequest(symbol: id == nil ? name : "", documentID: id?.bytes ?? [], languages: languages))
  }
}
