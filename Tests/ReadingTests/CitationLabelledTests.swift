import Documents
import Foundation
import Reading
import Testing

/// The citations of a paper of the labelled set, marked by a person. Tests/Labelled/README.md says how.
struct CitationLabel: Decodable, Sendable {
  struct Place: Decodable, Sendable {
    /// Words of the paper that stand in the citation.
    var text: String
    /// Canonical symbols, or `instrument:` and a name; none where the paper names what has no symbol.
    var targets: [String]
    var pinpoint: String?
  }

  var paper: String
  var citations: [Place]
}

/// Precision and recall of citations, with the errors.
struct CitationScore {
  private(set) var all = Tally()
  private(set) var byKind: [String: Tally] = [:]
  private(set) var pinpoints = (right: 0, all: 0)
  private(set) var errors: [String] = []

  private struct Read {
    var text: String
    var targets: [String]
    var pinpoint: String?
    var reason: String?
  }

  /// Compares as multisets: a citation is right when its targets are the label's and the label's words stand in its text.
  mutating func add(_ label: CitationLabel, _ document: Document?) {
    let kind = document?.kind.rawValue ?? "refused"
    var left = document?.citations.map { Self.read($0, in: document) } ?? []
    var tally = Tally(right: 0, read: left.count { !$0.targets.isEmpty }, labelled: label.citations.count { !$0.targets.isEmpty })
    for place in label.citations {
      let fitting = left.indices.filter { left[$0].targets == place.targets.sorted() && left[$0].text.contains(Self.collapsed(place.text)) }
      guard let found = fitting.first(where: { left[$0].pinpoint == place.pinpoint }) ?? fitting.first else {
        errors.append("\(place.targets.isEmpty ? "unresolved not read" : "not read"): \(label.paper): \(place.text) → \(place.targets)")
        continue
      }
      if !place.targets.isEmpty { tally.right += 1 }
      if place.pinpoint != nil || left[found].pinpoint != nil {
        pinpoints.all += 1
        if place.pinpoint == left[found].pinpoint {
          pinpoints.right += 1
        } else {
          errors.append(
            "pinpoint: \(label.paper): \(place.text): expected \(place.pinpoint ?? "none"), read \(left[found].pinpoint ?? "none")")
        }
      }
      left.remove(at: found)
    }
    for extra in left where !extra.targets.isEmpty {
      errors.append("read where none is: \(label.paper): \(extra.text) → \(extra.targets)")
    }
    for unresolved in left where unresolved.targets.isEmpty {
      errors.append("unresolved: \(label.paper): \(unresolved.text) (\(unresolved.reason ?? ""))")
    }
    for keyPath in [\Tally.right, \Tally.read, \Tally.labelled] {
      all[keyPath: keyPath] += tally[keyPath: keyPath]
      byKind[kind, default: Tally()][keyPath: keyPath] += tally[keyPath: keyPath]
    }
  }

  private static func read(_ citation: Citation, in document: Document?) -> Read {
    let instrument = citation.instrument.map { ["instrument:\($0)"] } ?? []
    return Read(
      text: collapsed(document?.cited(citation) ?? ""), targets: (citation.symbols.map(\.text) + instrument).sorted(),
      pinpoint: citation.pinpoint, reason: citation.reason)
  }

  private static func collapsed(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

  func report() {
    func row(_ name: String, _ tally: Tally) {
      print(
        "| \(name) | \(tally.labelled) | \(tally.read) | \(String(format: "%.3f", tally.precision)) | \(String(format: "%.3f", tally.recall)) |"
      )
    }
    row("all", all)
    for (kind, tally) in byKind.sorted(by: { $0.key < $1.key }) { row(kind, tally) }
    print("pinpoints: \(pinpoints.right) of \(pinpoints.all) right")
    for error in errors.sorted() { print("error: \(error)") }
  }
}

extension Document {
  /// The text of a citation's place, nil when its span is not one of this document.
  func cited(_ citation: Citation) -> String? {
    let text: String
    switch citation.span.text {
    case .title: text = title ?? ""
    case .heading(let index): text = titles.indices.contains(index) ? titles[index] : ""
    case .paragraph(let number): text = paragraphs.indices.contains(number - 1) ? paragraphs[number - 1].text : ""
    }
    let bytes = Array(text.utf8)
    guard citation.span.range.upperBound <= bytes.count else { return nil }
    return String(validating: bytes[citation.span.range], as: UTF8.self)
  }
}

@Suite("The labelled citations")
struct CitationLabelledTests {
  @Test(
    "the citations read in the papers at hand are those that persons marked",
    .enabled(if: TestData.collections != nil, "no collections here: CHANCERY_DATA names their folder"))
  func collections() async throws {
    let file = TestData.root.appending(path: "Tests/Labelled/citations.jsonl")
    let labels = try Data(contentsOf: file).split(separator: 10).map { try JSONDecoder().decode(CitationLabel.self, from: $0) }
    #expect(labels.count == 64)
    let papers = try LabelledPapers.shared.get()
    let reader = Reader()
    var score = CitationScore()
    for label in labels {
      // One paper's text layer is of glyph numbers, which the reader refuses.
      score.add(label, try? await reader.read(try papers.original(label.paper)).document)
    }
    score.report()
    #expect(score.all.labelled > 1_240)
    #expect(score.all.recall >= 0.97)
    #expect(score.all.precision >= 0.99)
  }
}
