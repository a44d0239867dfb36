import Catalogue
import Documents
import Engine
import Foundation
import Platform

/// chancery-relevance FOLDER [DEPTH] → runs in TREC form on stdout, tagged plain and thorough.
/// chancery-relevance FOLDER DEPTH grid → runs of other parameters than the product's, for cross-validation; tagged with them.
///
/// FOLDER has docs.jsonl ({"id", "title", "text"} a line) and queries.tsv (number, tab, text). Documents are indexed, and queries read, by what the index
/// service and query nodes use; a query's text is that of the collection, without the signs that are operators of our language.

private struct Line: Decodable {
  let id: String
  let title: String?
  let text: String
}

/// What the grid varies.
private struct Setting {
  /// How often titles count.
  var titles = 2
  /// The weight of pairs, as a share of the product's.
  var pairs = 1.0
  /// Of feedback; nil for a plain search.
  var feedback: (documents: Int, terms: Int, weight: Double)?

  var tag: String {
    let feedback = feedback.map { "documents=\($0.documents),terms=\($0.terms),weight=\($0.weight)" } ?? "plain"
    return "titles=\(titles),pairs=\(pairs),\(feedback)"
  }
}

private struct Collection {
  let names: [String]
  private let documents: [Document]
  private let numbers: [[UInt8]: Int]

  init(_ folder: String) throws {
    let lines = try String(contentsOfFile: folder + "/docs.jsonl", encoding: .utf8).split(separator: "\n")
    let rows = try lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    names = rows.map(\.id)
    documents = rows.map { row in
      guard let id = DocumentID(digest: SHA256.hash(Array(row.id.utf8))) else { fatalError("a digest has 32 bytes") }
      var document = Document(id: id)
      if let title = row.title, !title.isEmpty { document.title = title }
      document.language = "en"
      document.paragraphs = [Paragraph(number: 1, text: row.text, attribution: "")]
      return document
    }
    numbers = Dictionary(uniqueKeysWithValues: documents.enumerated().map { ($1.id.bytes, $0) })
  }

  /// An index of one segment.
  func index(titles: Int) throws -> IndexView {
    var builder = SegmentBuilder()
    for document in documents {
      var indexed = IndexedDocument(document, stored: [])
      let title = IndexedDocument.Text(.stems, document.title ?? "", language: "en")
      if titles < 2, document.title != nil, let last = indexed.texts.lastIndex(where: { $0.field == .stems }) {
        indexed.texts.remove(at: last)
      }
      for _ in 2..<max(2, titles) { indexed.texts.append(title) }
      try builder.add(indexed)
    }
    let path = FileManager.default.temporaryDirectory.appending(path: "chancery-relevance-\(ProcessInfo.processInfo.processIdentifier)")
      .path
    try Data(try builder.finish()).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return IndexView([(try SegmentReader(path), nil)])
  }

  func number(_ hit: EngineHit) -> Int { numbers[hit.id] ?? 0 }

  /// The hits of a query, as a query node finds them.
  func search(_ text: String, _ view: IndexView, _ setting: Setting, depth: Int) throws -> [EngineHit] {
    let languages = EngineQuery.languages(of: view)
    func hits(_ feedback: Feedback?, _ limit: Int) throws -> [EngineHit] {
      var request = EngineRequest(try EngineQuery(reading: text, languages: languages, thorough: feedback).scaled(setting.pairs))
      request.limit = limit
      request.wantsTotal = false
      return try view.search(request).hits
    }
    guard let (count, terms, weight) = setting.feedback else { return try hits(nil, depth) }
    let best = Feedback.best(try hits(Feedback(), Feedback.candidates), count).map { documents[number($0)] }
    return try hits(Feedback(best, in: view, terms: terms, weight: weight), depth)
  }
}

extension EngineQuery {
  /// The same with the weights of pairs so many times over.
  fileprivate func scaled(_ factor: Double) -> EngineQuery {
    switch self {
    case _ where factor == 1: self
    case .ranked(let part, let also) where factor == 0: also.isEmpty ? self : part
    case .ranked(let part, let also): .ranked(part, also: also.map { .boost($0, factor) })
    case .and(let parts): .and(parts.map { $0.scaled(factor) })
    default: self
    }
  }
}

/// A query's text as words only: letters and digits stay, and operators become words.
private func plain(_ text: String) -> String {
  String(text.map { $0.isLetter || $0.isNumber ? $0 : " " }).lowercased()
}

private func run(_ folder: String, _ depth: Int, _ settings: [(tag: String, setting: Setting)]) throws {
  let collection = try Collection(folder)
  let queries = try String(contentsOfFile: folder + "/queries.tsv", encoding: .utf8).split(separator: "\n").map { line in
    let parts = line.split(separator: "\t", maxSplits: 1)
    return (number: String(parts[0]), text: plain(String(parts[1])))
  }
  var views: [Int: IndexView] = [:]
  for (tag, setting) in settings {
    let view = try views[setting.titles] ?? collection.index(titles: setting.titles)
    views[setting.titles] = view
    var lines = ""
    let start = monotonicNow()
    for (number, text) in queries {
      for (rank, hit) in try collection.search(text, view, setting, depth: depth).enumerated() {
        lines += "\(number) Q0 \(collection.names[collection.number(hit)]) \(rank + 1) \(hit.score) \(tag)\n"
      }
    }
    let microseconds = (monotonicNow() - start) / 1000 / UInt64(max(1, queries.count))
    FileHandle.standardError.write(Data("\(tag): \(microseconds) µs a query, output included\n".utf8))
    FileHandle.standardOutput.write(Data(lines.utf8))
  }
}

private let arguments = CommandLine.arguments
guard arguments.count >= 2 else {
  FileHandle.standardError.write(Data("usage: chancery-relevance FOLDER [DEPTH [grid]]\n".utf8))
  exit(2)
}
private let feedback = (documents: Feedback.documents, terms: Feedback.terms, weight: Feedback.weight)
private var settings: [(tag: String, setting: Setting)] = [("plain", Setting()), ("thorough", Setting(feedback: feedback))]
if arguments.count > 3 {
  var grid: [Setting] = []
  for titles in [1, 2, 3] {
    for pairs in [0, 0.5, 1, 2, 4] { grid.append(Setting(titles: titles, pairs: pairs)) }
  }
  for documents in [3, 5, 10] {
    for terms in [10, 20, 40] {
      for weight in [0.2, 0.4, 0.8] { grid.append(Setting(feedback: (documents, terms, weight))) }
    }
  }
  settings = grid.map { ($0.tag, $0) }
}
try run(arguments[1], arguments.count > 2 ? Int(arguments[2]) ?? 1000 : 1000, settings)
