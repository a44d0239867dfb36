import Documents
import Foundation
import Platform
import Reading
import Testing

/// A paper of the labelled set: what it prints, typed by hand from its text. Tests/Labelled/README.md says how.
struct Label: Decodable, Sendable {
  /// "resolutions:A_RES_79_1", "varied:NAME", …: where it is in the collections; a paper of Tests/Labelled/forms.jsonl brings its text.
  var paper: String
  var text: String?
  var symbols: [String]?
  var distribution: String?
  var date: String?
  var sessions: [String]?
  var items: [String]?
  var itemTitles: [String]?
  var title: String?
  var titles: [String]?
  var kind: String?
  var sponsors: [String]?
  var sender: String?
  var senderState: String?
  var addressees: [String]?
  var signatories: [String]?
  var language: String?
  /// Fields of which the paper says nothing that can be held against a reading.
  var unscored: [String]?

  /// Every field with its values.
  var fields: [(String, [String])] {
    let all: [(String, [String])] = [
      ("symbol", symbols ?? []), ("date", date.map { [$0] } ?? []), ("distribution", distribution.map { [$0] } ?? []),
      ("session", sessions ?? []), ("items", items ?? []),
      ("itemTitles", zip(items ?? [], itemTitles ?? []).map { "\($0): \($1)" }), ("title", title.map { [$0] } ?? []),
      ("titles", titles ?? []),
      ("kind", kind.map { [$0] } ?? []), ("sponsors", sponsors ?? []), ("sender", sender.map { [$0] } ?? []),
      ("senderState", senderState.map { [$0] } ?? []),
      ("addressee", addressees ?? []), ("signatory", signatories ?? []), ("language", language.map { [$0] } ?? []),
    ]
    return all.filter { field in unscored?.contains(field.0) != true && (field.0 != "language" || language != nil) }
  }
}

/// Precision and recall by field, with the errors.
struct Score {
  private(set) var tallies: [String: Tally] = [:]
  private(set) var errors: [String] = []
  /// Right readings and all, by step of confidence.
  private(set) var steps: [Int: (right: Int, all: Int)] = [:]

  static func values(_ document: Document) -> [String: [String]] {
    [
      "symbol": document.symbols.map(\.text), "date": document.date.map { [$0.description] } ?? [],
      "distribution": document.distribution.map { [$0] } ?? [],
      "session": document.sessions.compactMap { $0.number.map(String.init) }, "items": document.items.map(\.number),
      "itemTitles": document.items.compactMap { item in item.title.map { "\(item.number): \($0)" } },
      "title": document.title.map { [$0] } ?? [],
      "titles": document.titles, "kind": document.kind == .other ? [] : [document.kind.rawValue], "sponsors": document.sponsors,
      "sender": document.sender.map { [$0.text] } ?? [], "senderState": document.sender?.code.map { [$0] } ?? [],
      "addressee": document.addressees.map(\.text),
      "signatory": document.signatories.map(\.name), "language": document.language.map { [$0] } ?? [],
    ]
  }

  private static let fieldNames = [
    "symbol": "symbols", "session": "sessions", "itemTitles": "items.title", "addressee": "addressees", "signatory": "signatories",
  ]

  mutating func add(_ label: Label, _ document: Document) {
    let read = Self.values(document)
    for (field, expected) in label.fields {
      let got = read[field] ?? []
      var missing = expected
      var extra: [String] = []
      for (place, value) in got.enumerated() {
        let found = missing.firstIndex(of: value)
        if let found { missing.remove(at: found) } else { extra.append(value) }
        let name = Self.fieldNames[field] ?? field
        if let step = document.readings.first(where: { $0.field == name && $0.index == place && $0.confidence > 0 })?.confidence {
          steps[step, default: (0, 0)].all += 1
          if found != nil { steps[step, default: (0, 0)].right += 1 }
        }
      }
      tallies[field, default: Tally()].right += got.count - extra.count
      tallies[field, default: Tally()].read += got.count
      tallies[field, default: Tally()].labelled += expected.count
      guard !missing.isEmpty || !extra.isEmpty else { continue }
      let reason = document.readings.first { $0.field == (Self.fieldNames[field] ?? field) && $0.confidence == 0 }?.reason
      let cause = extra.isEmpty ? "not read" : missing.isEmpty ? "read where none is" : "read wrongly"
      errors.append("\(field) \(cause): \(label.paper): expected \(missing), read \(extra)\(reason.map { " (\($0))" } ?? "")")
    }
  }

  /// Fields under the share asked of them.
  var failures: [String] {
    let least = Dictionary(uniqueKeysWithValues: ["sponsors", "sender", "senderState", "addressee", "signatory"].map { ($0, 0.95) })
    return tallies.sorted { $0.key < $1.key }.compactMap { field, tally in
      min(tally.precision, tally.recall) < least[field] ?? 0.98 ? "\(field): precision \(tally.precision), recall \(tally.recall)" : nil
    }
  }

  func report() {
    for (field, tally) in tallies.sorted(by: { $0.key < $1.key }) {
      func share(_ value: Double) -> String { String(format: "%.3f", value) }
      print("| \(field) | \(tally.labelled) | \(tally.read) | \(share(tally.precision)) | \(share(tally.recall)) |")
    }
    for error in errors.sorted() { print("error: \(error)") }
    for (step, count) in steps.sorted(by: { $0.key > $1.key }) { print("confidence \(step): \(count.right) of \(count.all) right") }
  }
}

@Suite("The labelled set")
struct LabelledTests {
  private static let folder = TestData.root.appending(path: "Tests/Labelled")

  private static func labels(_ file: String) throws -> [Label] {
    try Data(contentsOf: folder.appending(path: file)).split(separator: 10).map { try JSONDecoder().decode(Label.self, from: $0) }
  }

  @Test(
    "of the papers at hand the fields read are those that they print",
    .enabled(if: TestData.collections != nil, "no collections here: CHANCERY_DATA names their folder"))
  func collections() async throws {
    let labels = try Self.labels("papers.jsonl")
    #expect(labels.count >= 120)
    let papers = try LabelledPapers.shared.get()
    let reader = Reader()
    var score = Score()
    for label in labels { score.add(label, try await reader.read(try papers.original(label.paper)).document) }
    score.report()
    let failures = score.failures
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }

  @Test("forms of papers that are not at hand, in six languages, are read")
  func forms() async throws {
    var score = Score()
    for label in try Self.labels("forms.jsonl") {
      let text = try #require(label.text)
      score.add(label, try await Reader().read(Original(.bytes(Array(text.utf8)), fileName: label.paper)).document)
    }
    score.report()
    let failures = score.failures
    #expect(failures.isEmpty, "\(failures.joined(separator: "\n"))")
  }
}

/// The texts of the collections, by the names that labels use.
struct LabelledPapers: Sendable {
  private struct Row: Decodable, Sendable {
    var id: String
    var text: String
    var state: String?
    var session: Int?
    var year: Int?
  }

  /// Unpacked once for all tests.
  static let shared = Result { try LabelledPapers(try #require(TestData.collections)) }

  private let root: URL
  private var rows: [String: Row] = [:]

  init(_ root: URL) throws {
    self.root = root
    for (prefix, file) in [
      ("resolutions", "resolutions/text.jsonl.zst"), ("multilingual", "multilingual/speeches.jsonl.zst"),
      ("speeches", "speeches/speeches-1946-2015.jsonl.zst"),
      ("mastheads", "mastheads/docs.jsonl"),
    ] {
      let bytes = Array(try Data(contentsOf: root.appending(path: file)))
      let text = file.hasSuffix(".zst") ? try Self.unpacked(bytes, root.appending(path: file).path) : bytes
      for line in text.split(separator: 10) {
        let row = try JSONDecoder().decode(Row.self, from: Data(line))
        rows["\(prefix):\(row.id)"] = row
      }
    }
  }

  /// Frames that do not state their size are unpacked by the system's program.
  private static func unpacked(_ bytes: [UInt8], _ path: String) throws -> [UInt8] {
    if let text = try? Zstd.decompress(bytes, limit: 1 << 30) { return text }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/zstd")
    process.arguments = ["-dcq", path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(text)
  }

  func original(_ paper: String) throws -> Original {
    let halves = paper.split(separator: ":", maxSplits: 1).map(String.init)
    switch halves[0] {
    case "varied": return Original(.file(root.appending(path: "varied/\(halves[1]).pdf").path), fileName: "\(halves[1]).pdf")
    case "specimen": return Original(.file(root.appending(path: "specimen/\(halves[1]).txt").path), fileName: "\(halves[1]).txt")
    default:
      let row = try #require(rows[paper], "\(paper) is not in the collections")
      var metadata: [String: String] = [:]
      if let state = row.state { metadata["state"] = state }
      if let session = row.session { metadata["session"] = String(session) }
      if let year = row.year { metadata["year"] = String(year) }
      return Original(.bytes(Array(row.text.utf8)), fileName: halves[1], metadata: metadata)
    }
  }
}
