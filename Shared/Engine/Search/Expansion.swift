/// One of several terms that a word of a query stands for.
public struct Variant: Sendable, Hashable {
  public let term: [UInt8]
  /// What an occurrence counts, in quarters of one: 4 for the word itself.
  public let quarters: UInt32

  public init(_ term: [UInt8], quarters: UInt32 = 4) {
    self.term = term
    self.quarters = quarters
  }
}

/// What prefixes, patterns and similar words stand for: terms of all segments alike, so that any split into segments gives the same answer.
extension IndexView {
  /// The query with terms in place of each prefix, pattern and similar word. Throws what `search` throws for a query that it cannot
  /// answer, and `stopped`.
  public func resolved(_ query: EngineQuery, shouldStop: () -> Bool = { false }) throws(SearchError) -> EngineQuery {
    try query.check()
    return try withoutActuallyEscaping(shouldStop) { (shouldStop: @escaping () -> Bool) throws(SearchError) in
      try resolve(query, Pace(shouldStop))
    }
  }

  func resolve(_ query: EngineQuery, _ pace: Pace) throws(SearchError) -> EngineQuery {
    switch query {
    case .prefix(let field, let prefix): return Self.anyOf(field, try words(field, beginning: prefix).map { Variant($0) })
    case .wildcard(let field, let pattern): return Self.anyOf(field, try words(field, fitting: pattern, pace).map { Variant($0) })
    case .fuzzy(let field, let word, let edits): return Self.anyOf(field, try words(field, like: word, edits, pace))
    case .and(let parts): return .and(try resolve(parts, pace))
    case .or(let parts):
      // A phrase with a word that no document has, such as a name in another language, is no reason to look at every match.
      let parts = try resolve(parts, pace).filter { !isUnknownPhrase($0) }
      return parts.count == 1 ? parts[0] : parts.isEmpty ? .none : .or(parts)
    case .atLeast(let count, let parts): return .atLeast(count, try resolve(parts, pace))
    case .near(let parts, let gap, let isOrdered):
      var operands: [EngineQuery] = []
      for part in try resolve(parts, pace) { operands.append(Self.joined(part)) }
      if operands.contains(.none) { return .none }
      // All of them are read side by side.
      guard operands.reduce(0, { $0 + keys($1).count }) <= EngineRequest.prefixLimit else {
        throw .prefixTooBroad(limit: EngineRequest.prefixLimit)
      }
      return .near(operands, gap: gap, isOrdered: isOrdered)
    case .not(let part): return .not(try resolve(part, pace))
    case .boost(let part, let boost): return .boost(try resolve(part, pace), boost)
    case .ranked(let part, let also): return .ranked(try resolve(part, pace), also: try resolve(also, pace))
    default: return query
    }
  }

  private func isUnknownPhrase(_ query: EngineQuery) -> Bool {
    guard case .phrase = query else { return false }
    return keys(query).contains { documents(with: $0) == 0 }
  }

  private func resolve(_ parts: [EngineQuery], _ pace: Pace) throws(SearchError) -> [EngineQuery] {
    var resolved: [EngineQuery] = []
    for part in parts { resolved.append(try resolve(part, pace)) }
    return resolved
  }

  private static func anyOf(_ field: TextField, _ variants: [Variant]) -> EngineQuery {
    variants.isEmpty
      ? .none : variants.count == 1 && variants[0].quarters == 4 ? .term(field, variants[0].term) : .variants(field, variants)
  }

  /// Alternatives in a place near others, which have been resolved, as one.
  private static func joined(_ query: EngineQuery) -> EngineQuery {
    guard case .or(let parts) = query else { return query }
    var all: [[UInt8]: UInt32] = [:]
    var common: TextField?
    for part in parts {
      guard let (field, variants) = part.alternatives else { continue }
      common = field
      for variant in variants { all[variant.term] = max(all[variant.term] ?? 0, variant.quarters) }
    }
    guard let common else { return .none }
    return anyOf(common, all.map { Variant($0.key, quarters: $0.value) }.sorted { $0.term.lexicographicallyPrecedes($1.term) })
  }

  private func words(_ field: TextField, beginning prefix: [UInt8]) throws(SearchError) -> [[UInt8]] {
    var found: Set<[UInt8]> = []
    for part in parts {
      for number in try terms(key(field, prefix), part.reader) { found.insert([UInt8](part.reader.key(number).dropFirst())) }
    }
    guard found.count <= EngineRequest.prefixLimit else { throw .prefixTooBroad(limit: EngineRequest.prefixLimit) }
    return found.sorted { $0.lexicographicallyPrecedes($1) }
  }

  private func words(_ field: TextField, fitting pattern: [UInt8], _ pace: Pace) throws(SearchError) -> [[UInt8]] {
    let start = pattern.prefix { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
    guard var automaton = PatternAutomaton(String(decoding: pattern[start.endIndex...], as: UTF8.self).unicodeScalars) else {
      throw .patternTooLong(limit: PatternAutomaton.limit)
    }
    let found = try words(from: key(field, Array(start)), &automaton, EngineRequest.prefixLimit, pace)
    guard found.count <= EngineRequest.prefixLimit else { throw .prefixTooBroad(limit: EngineRequest.prefixLimit) }
    return found.keys.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// The nearest words and of these the most frequent; an occurrence of one that is an edit away counts half, of one two edits away a quarter.
  private func words(_ field: TextField, like word: [UInt8], _ edits: Int, _ pace: Pace) throws(SearchError) -> [Variant] {
    var automaton = EditAutomaton(String(decoding: word, as: UTF8.self).unicodeScalars, edits: min(max(0, edits), EngineRequest.editLimit))
    let found = try words(from: key(field, []), &automaton, .max, pace)
    let nearest = found.sorted { first, second in
      let (one, other) = (first.value, second.value)
      if one.edits != other.edits { return one.edits < other.edits }
      return one.documents != other.documents ? one.documents > other.documents : first.key.lexicographicallyPrecedes(second.key)
    }.prefix(EngineRequest.fuzzyLimit)
    return nearest.map { Variant($0.key, quarters: 4 >> UInt32($0.value.edits)) }.sorted { $0.term.lexicographicallyPrecedes($1.term) }
  }

  /// The terms of all segments that begin with a key and of which the rest fits, each with its edits and the documents that have it; a few more than
  /// `limit` when there are so many.
  private func words<Automaton: TermAutomaton>(
    from key: [UInt8], _ automaton: inout Automaton, _ limit: Int, _ pace: Pace
  ) throws(SearchError) -> [[UInt8]: (edits: Int, documents: Int)] {
    var found: [[UInt8]: (edits: Int, documents: Int)] = [:]
    for part in parts where found.count <= limit {
      let reader = part.reader
      try reader.walk(from: key, &automaton, pace) { number, edits in
        if found.count <= limit {
          found[[UInt8](reader.key(number).dropFirst()), default: (edits, 0)].documents += reader.term(number).documents
        }
      }
    }
    return found
  }
}

extension EngineQuery {
  /// The terms that it is one of, when it is resolved and one word.
  var alternatives: (field: TextField, variants: [Variant])? {
    switch self {
    case .term(let field, let term): (field, [Variant(term)])
    case .variants(let field, let variants): (field, variants)
    default: nil
    }
  }
}
