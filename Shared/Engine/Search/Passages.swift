extension IndexView {
  /// The runs of a document's body that hold the words of `query`, best first: by the sum over the words in a run of idf · tf / (tf + k1), then in order.
  ///
  /// A phrase counts where it begins. What is negated does not count, nor what is looked for in other fields. Throws `prefixTooBroad`.
  /// - Parameter below: only runs 0 ..< `below`.
  public func passages(_ query: EngineQuery, _ address: DocumentAddress, limit: Int, below: Int = .max) throws(SearchError) -> [Int] {
    let reader = parts[address.segment].reader
    let starts = reader.runStarts(address.document)
    var scores: [Int: Double] = [:]
    let damage = Damage()
    let occurrences = try occurrences(query, reader, address.document, damage)
    do throws(SegmentError) { try damage.check() } catch { throw .segment(error) }
    for (idf, positions) in occurrences {
      var counts: [Int: Double] = [:]
      for position in positions {
        let run = starts.partitioningIndex { $0 > position } - 1
        if run >= 0, run < below { counts[run, default: 0] += 1 }
      }
      for (run, count) in counts { scores[run, default: 0] += idf * count / (count + BM25.k1) }
    }
    return scores.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }.prefix(limit).map(\.key)
  }

  /// For each word, phrase and prefix of the body that the query wants: its idf and where it stands in the document.
  private func occurrences(
    _ query: EngineQuery, _ reader: SegmentReader, _ document: UInt32, _ damage: Damage
  ) throws(SearchError) -> [(idf: Double, positions: [UInt32])] {
    switch query {
    case .and(let parts), .or(let parts):
      var all: [(idf: Double, positions: [UInt32])] = []
      for part in parts { all += try occurrences(part, reader, document, damage) }
      return all
    case .boost(let part, _), .ranked(let part, _): return try occurrences(part, reader, document, damage)
    case .term(let field, let term) where field == .body || field == .stems:
      return [occurrences(of: [term], field, reader, document, damage)]
    case .phrase(let field, let terms) where field == .body || field == .stems:
      return [occurrences(of: terms, field, reader, document, damage)]
    case .prefix(.body, let prefix):
      let range = try terms(key(.body, prefix), reader)
      return range.map { number in
        let term = reader.term(number)
        let key = [UInt8](reader.key(number))
        return (idf(key), PhraseMatcher.positions([PostingsCursor(reader, term, damage)], document))
      }
    default: return []
    }
  }

  private func occurrences(
    of terms: [[UInt8]], _ field: TextField, _ reader: SegmentReader, _ document: UInt32, _ damage: Damage
  ) -> (idf: Double, positions: [UInt32]) {
    let keys = terms.map { key(field, $0) }
    let found = keys.compactMap { reader.find($0) }
    guard !keys.isEmpty, found.count == keys.count else { return (0, []) }
    return (keys.reduce(0) { $0 + idf($1) }, PhraseMatcher.positions(found.map { PostingsCursor(reader, $0, damage) }, document))
  }
}

extension Array {
  /// The first index whose element satisfies `predicate`, which no element before one that does may; `endIndex` when none does.
  func partitioningIndex(_ predicate: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
