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
        let terms = Analyzer().terms(run.text)
        for (offset, term) in terms.enumerated() { words[run.field, default: [:]][next[run.field, default: 0] + UInt32(offset)] = term }
        if !terms.isEmpty { next[run.field, default: 0] += UInt32(terms.count) + 1 }
      }
      self.words = words
    }

    func length(_ field: TextField) -> Int { words[field]?.count ?? 0 }
    /// How often the terms stand in a row.
    func rows(_ field: TextField, _ terms: [[UInt8]]) -> Int {
      let words = words[field] ?? [:]
      return words.keys.count { start in terms.indices.allSatisfy { words[start + UInt32($0)] == terms[$0] } }
    }
    /// How often any of the terms is there, an occurrence counting so much.
    func count(_ field: TextField, _ shares: [[UInt8]: Double]) -> Double {
      (words[field] ?? [:]).values.reduce(0) { $0 + (shares[$1] ?? 0) }
    }
    /// At how many words a stretch of one run begins that holds all of the words, each of which is any of some rows.
    func stretches(_ field: TextField, _ operands: [[[[UInt8]]]], gap: Int, isOrdered: Bool) -> Int {
      let words = words[field] ?? [:]
      let places = operands.map { rows in
        words.keys.filter { start in rows.contains { row in row.indices.allSatisfy { words[start + UInt32($0)] == row[$0] } } }.map {
          Int($0)
        }
      }
      let lengths = operands.map { $0.first?.count ?? 0 }
      let span = gap + lengths.reduce(0, +)
      // Tries every choice of a place for each.
      var starts: Set<Int> = []
      func choose(_ chosen: [Int]) {
        guard chosen.count < operands.count else {
          let first = chosen.min() ?? 0
          let last = zip(chosen, lengths).map { $0 + $1 - 1 }.max() ?? 0
          let isOneRun = (first...last).allSatisfy { words[UInt32($0)] != nil }
          let follow = zip(zip(chosen, lengths), chosen.dropFirst()).allSatisfy { $0.0 + $0.1 <= $1 }
          if isOneRun, last - first < span, Set(chosen).count == chosen.count, !isOrdered || follow { starts.insert(first) }
          return
        }
        for place in places[chosen.count] { choose(chosen + [place]) }
      }
      choose([])
      return starts.count
    }
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

  private func weight(_ entry: Entry, _ field: TextField, _ count: Double, _ idf: Double, _ mean: Double) -> Double {
    let length = Double(LengthByte.decode(LengthByte.encode(entry.length(field))))
    return idf * count / (count + 1.2 * (1 - 0.75 + 0.75 * length / mean))
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
      return scored(field, idf) { Double($0.rows(field, terms)) }
    case .variants, .prefix, .wildcard, .fuzzy:
      let (field, shares) = shares(query)
      return scored(field, idf((field, shares))) { $0.count(field, shares) }
    case .near(let parts, let gap, let isOrdered):
      let operands =
        parts.map { part in
          if case .phrase(let field, let terms) = part { return (field, [terms], terms.reduce(0.0) { $0 + idf((field, [$1: 1])) }) }
          let (field, shares) = shares(part)
          return (field, shares.keys.map { [$0] }, idf((field, shares)))
        } as [(field: TextField, rows: [[[UInt8]]], idf: Double)]
      return scored(operands[0].field, operands.reduce(0) { $0 + $1.idf }) {
        Double($0.stretches(operands[0].field, operands.map(\.rows), gap: gap, isOrdered: isOrdered))
      }
    case .atLeast(let least, let parts):
      let all = parts.map(scores)
      return all.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }.filter { key, _ in all.count { $0[key] != nil } >= least }
    case .keyword(let field, let value, let isPrefix):
      return matching { $0.values(field).contains { isPrefix ? $0.hasPrefix(value) : $0 == value } }
    case .number(let field, let from, let to):
      return matching { entry in entry.document.numbers[field].map { $0 >= from ?? .min && $0 <= to ?? .max } ?? false }
    case .or(let parts): return parts.map(scores).reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
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

  /// What a word of a query stands for, each term with what an occurrence counts.
  func shares(_ query: EngineQuery) -> (TextField, [[UInt8]: Double]) {
    switch query {
    case .term(let field, let term): return (field, [term: 1])
    case .variants(let field, let variants):
      return (field, Dictionary(variants.map { ($0.term, Double($0.quarters) / 4) }, uniquingKeysWith: +))
    case .prefix(let field, let prefix):
      return (field, Dictionary(uniqueKeysWithValues: terms(field).filter { $0.starts(with: prefix) }.map { ($0, 1) }))
    case .wildcard(let field, let pattern):
      return (
        field, Dictionary(uniqueKeysWithValues: terms(field).filter { Self.fits(letters($0)[...], letters(pattern)[...]) }.map { ($0, 1) })
      )
    case .fuzzy(let field, let word, let most):
      let near = terms(field).map { (term: $0, edits: Self.edits(letters(word), letters($0)), documents: documents(field, $0)) }.filter {
        $0.edits <= most
      }
      let sorted = near.sorted {
        ($0.edits, -$0.documents, String(decoding: $0.term, as: UTF8.self)) < (
          $1.edits, -$1.documents, String(decoding: $1.term, as: UTF8.self)
        )
      }
      return (field, Dictionary(uniqueKeysWithValues: sorted.prefix(EngineRequest.fuzzyLimit).map { ($0.term, 1 / Double(1 << $0.edits)) }))
    case .or(let parts):
      let all = parts.map(shares)
      return (all[0].0, all.reduce(into: [:]) { $0.merge($1.1, uniquingKeysWith: max) })
    default: return (.body, [:])
    }
  }

  private func terms(_ field: TextField) -> Set<[UInt8]> { Set(entries.flatMap { ($0.words[field] ?? [:]).values }) }
  private func documents(_ field: TextField, _ term: [UInt8]) -> Int { entries.count { $0.rows(field, [term]) > 0 } }
  private func letters(_ term: [UInt8]) -> [Unicode.Scalar] { Array(String(decoding: term, as: UTF8.self).unicodeScalars) }

  /// The idf of the most frequent of some terms of any field; the tests' words are in few.
  private func idf(_ shares: (TextField, [[UInt8]: Double])) -> Double { idf(shares.1.keys.map { documents(shares.0, $0) }.max() ?? 0) }

  static func fits(_ term: ArraySlice<Unicode.Scalar>, _ pattern: ArraySlice<Unicode.Scalar>) -> Bool {
    guard let first = pattern.first else { return term.isEmpty }
    if first == "*" { return fits(term, pattern.dropFirst()) || !term.isEmpty && fits(term.dropFirst(), pattern) }
    return !term.isEmpty && (first == "?" || first == term.first) && fits(term.dropFirst(), pattern.dropFirst())
  }

  /// Optimal string alignment, by the book.
  static func edits(_ one: [Unicode.Scalar], _ other: [Unicode.Scalar]) -> Int {
    var cost = (0...one.count).map { row in (0...other.count).map { row == 0 ? $0 : $0 == 0 ? row : 0 } }
    for row in 1..<max(1, one.count + 1) {
      for column in 1..<max(1, other.count + 1) {
        cost[row][column] = min(
          cost[row - 1][column] + 1, cost[row][column - 1] + 1, cost[row - 1][column - 1] + (one[row - 1] == other[column - 1] ? 0 : 1))
        if row > 1, column > 1, one[row - 1] == other[column - 2], one[row - 2] == other[column - 1] {
          cost[row][column] = min(cost[row][column], cost[row - 2][column - 2] + 1)
        }
      }
    }
    return cost[one.count][other.count]
  }

  private func matching(_ predicate: (Entry) -> Bool) -> [Int: Double] {
    Dictionary(uniqueKeysWithValues: entries.indices.filter { predicate(entries[$0]) }.map { ($0, 0) })
  }

  private func scored(_ field: TextField, _ idf: Double, _ count: (Entry) -> Double) -> [Int: Double] {
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
