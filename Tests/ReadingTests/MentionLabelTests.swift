import Documents
import Foundation
import Reading
import Testing

/// An excerpt whose dates, places and figures were written down by reading it. Tests/Labelled/README.md says how.
private struct MentionLabel: Decodable {
  var paper: String
  var text: String
  var metadata: [String: String]
  /// As printed, first day, last day.
  var dates: [[String]]
  /// As printed, code.
  var places: [[String]]
  /// As printed, number, unit.
  var figures: [[String]]
}

extension Tally {
  fileprivate mutating func add(_ expected: [[String]], _ got: [[String]], _ kind: String, _ paper: String) {
    var missing = expected
    var extra: [[String]] = []
    for value in got {
      if let place = missing.firstIndex(of: value) { missing.remove(at: place) } else { extra.append(value) }
    }
    right += got.count - extra.count
    read += got.count
    labelled += expected.count
    for value in missing { print("error: \(kind) not read: \(paper): \(value)") }
    for value in extra { print("error: \(kind) read where none is: \(paper): \(value)") }
  }
}

@Suite("The labelled mentions")
struct MentionLabelTests {
  @Test("of labelled excerpts at least 95 of 100 dates, places and figures are read, and as many of those read are right")
  func score() async throws {
    let file = TestData.root.appending(path: "Tests/Labelled/mentions.jsonl")
    let labels = try Data(contentsOf: file).split(separator: 10).map { try JSONDecoder().decode(MentionLabel.self, from: $0) }
    #expect(labels.count >= 12)
    var tallies = ["dates": Tally(), "places": Tally(), "figures": Tally()]
    for label in labels {
      let document = try await TestData.read(text: label.text, metadata: label.metadata).document
      var read: [String: [[String]]] = [:]
      for mention in document.mentions {
        let printed = try #require(document.text(mention.span))
        switch mention.meaning {
        case .days(let first, let last): read["dates", default: []].append([printed, first.description, last.description])
        case .place(let code): read["places", default: []].append([printed, code])
        case .figure(let number, let unit): read["figures", default: []].append([printed, number, unit ?? ""])
        }
      }
      tallies["dates"]?.add(label.dates, read["dates"] ?? [], "date", label.paper)
      tallies["places"]?.add(label.places, read["places"] ?? [], "place", label.paper)
      tallies["figures"]?.add(label.figures, read["figures"] ?? [], "figure", label.paper)
    }
    for (kind, tally) in tallies.sorted(by: { $0.key < $1.key }) {
      func share(_ value: Double) -> String { String(format: "%.3f", value) }
      print("| \(kind) | \(tally.labelled) | \(tally.read) | \(share(tally.precision)) | \(share(tally.recall)) |")
      #expect(tally.precision >= 0.95 && tally.recall >= 0.95, "\(kind): precision \(tally.precision), recall \(tally.recall)")
    }
  }
}

extension Document {
  /// What stands at a span; nil when it is out of bounds or cuts a character.
  func text(_ span: TextSpan) -> String? {
    guard let whole = wording(at: span.text), span.range.lowerBound < span.range.upperBound, span.range.upperBound <= whole.utf8.count
    else { return nil }
    return String(validating: Array(whole.utf8)[span.range], as: UTF8.self)
  }
}
