import Analysis
import Engine
import Foundation

/// The slow and obvious way to answer every query, straight from the documents: what the engine is checked against.
struct NaiveIndex {
  struct Entry {
    let document: IndexedDocument
    let isDeleted: Bool
    /// For each field its words by position; a run's end leaves one position out.
    let words: [TextField: [UInt32: [UInt8]]]

    init(_ document: IndexedDocument, isDeleted: Bool = false) {
      self.document = document
      self.isDeleted = isDeleted
      var words: [TextField: [UInt32: [UInt8]]] = [:]
      var next: [TextField: UInt32] = [:]
      for run in document.texts {
        let start = next[run.field, default: 0]
        var terms: [(term: [UInt8], place: UInt32)] = Analyzer().words(run.text).map { ($0.term, $0.token.position) }
        let count = UInt32(terms.count)
        if run.field == .stems {
          var stemmer = Stemmer()
          terms = []
          Analyzer(language: run.language).forEachStem(in: Array(run.text.utf8).span, &stemmer) { stem, token in
            terms.append((stem.bytes, token.position))
          }
        }
        for (term, place) in terms { words[run.field, default: [:]][start + place] = term }
        if count > 0 { next[run.field] = start + count + 1 }
      }
      self.words = words
    }

    func length(_ field: TextField) -> Int { words[field]?.count ?? 0 }
    /// How often the terms stand in a row.
    func rows(_ field: TextField, _ terms: [[UInt8]]) -> Int {
      let words = words[field] ?? [:]
      return words.keys.count { start in terms.indices.allSatisfy { words[start + UInt32($0)] == terms[$0] } }
    }
    func count(_ field: TextField, prefix: [UInt8]) -> Int { (words[field] ?? [:]).values.count { $0.starts(with: prefix) } }
    func values(_ field: KeywordField) -> Set<String> { Set(document.keywords.filter { $0.field == field }.map(\.value)) }
  }

  /// In the order of the index, deleted ones too.
  let entries: [Entry]

  private func mean(_ field: TextField) -> Double {
    Double(entries.reduce(0) { $0 + $1.length(field) }) / Double(max(1, entries.count))
  }

  private func idf(_ frequency: Int) -> Double {
    log(1 + (Double(entries.count - frequency) + 0.5) / (Double(frequency) + 0.5))
  }

  private func weight(_ entry: Entry, _ field: TextField, _ count: Int, _ idf: Double, _ mean: Double) -> Double {
    let length = Double(LengthByte.decode(LengthByte.encode(entry.length(field))))
    return idf * Double(count) / (Double(count) + 1.2 * (1 - 0.75 + 0.75 * length / mean))
  }

  /// The score of every entry that matches.
  func scores(_ query: EngineQuery) -> [Int: Double] {
    switch query {
    case .all: return Dictionary(uniqueKeysWithValues: entries.indices.map { ($0, 0) })
    case .none: return [:]
    case .term(let field, let term): return scores(.phrase(field, [term]))
    case .phrase(let field, let terms):
      if terms.isEmpty { return [:] }
      let idf = terms.reduce(0.0) { sum, term in sum + self.idf(entries.count { $0.rows(field, [term]) > 0 }) }
      return scored(field, idf) { $0.rows(field, terms) }
    case .prefix(let field, let prefix):
      let terms = Set(entries.flatMap { ($0.words[field] ?? [:]).values.filter { $0.starts(with: prefix) } })
      let widest = terms.map { term in entries.count { $0.rows(field, [term]) > 0 } }.max() ?? 0
      return scored(field, idf(widest)) { $0.count(field, prefix: prefix) }
    case .keyword(let field, let value, let isPrefix):
      return matching { $0.values(field).contains { isPrefix ? $0.hasPrefix(value) : $0 == value } }
    case .number(let field, let from, let to):
      return matching { entry in entry.document.numbers[field].map { $0 >= from ?? .min && $0 <= to ?? .max } ?? false }
    case .or(let parts): return parts.map(scores).reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
    case .ranked(let part, let also):
      let more = also.map(scores)
      return scores(part).reduce(into: [:]) { sum, entry in sum[entry.key] = more.reduce(entry.value) { $0 + ($1[entry.key] ?? 0) } }
    case .boost(let part, let boost): return scores(part).mapValues { $0 * boost }
    case .not(let part):
      let excluded = scores(part)
      return scores(.all).filter { excluded[$0.key] == nil }
    case .and(let parts):
      let all = parts.map(scores)
      guard let first = all.first else { return scores(.all) }
      return first.filter { key, _ in all.allSatisfy { $0[key] != nil } }
        .reduce(into: [:]) { sum, entry in sum[entry.key] = all.reduce(0) { $0 + ($1[entry.key] ?? 0) } }
    }
  }

  private func matching(_ predicate: (Entry) -> Bool) -> [Int: Double] {
    Dictionary(uniqueKeysWithValues: entries.indices.filter { predicate(entries[$0]) }.map { ($0, 0) })
  }

  private func scored(_ field: TextField, _ idf: Double, _ count: (Entry) -> Int) -> [Int: Double] {
    let mean = mean(field)
    var scores: [Int: Double] = [:]
    for (index, entry) in entries.enumerated() {
      let count = count(entry)
      if count > 0 { scores[index] = weight(entry, field, count, idf, mean) }
    }
    return scores
  }

  /// The scores of live entries.
  func liveScores(_ query: EngineQuery) -> [Int: Double] { scores(query).filter { !entries[$0.key].isDeleted } }

  /// Counts of a field's values among the live matches.
  func facet(_ field: EngineRequest.FacetField, _ query: EngineQuery) -> [String: Int] {
    var counts: [String: Int] = [:]
    for index in liveScores(query).keys {
      switch field {
      case .keyword(let keyword): for value in entries[index].values(keyword) { counts[value, default: 0] += 1 }
      case .number(let number): if let value = entries[index].document.numbers[number] { counts[String(value), default: 0] += 1 }
      }
    }
    return counts
  }
}
