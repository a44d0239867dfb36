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
    let never = Pace { false }
    let work = Work(self, damage, never)
    let occurrences = occurrences(try resolve(query, never), reader, address.document, damage, work)
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

  /// For each word, stem, phrase and stretch of near words of the body that the query wants: its idf and where it stands in the document.
  private func occurrences(
    _ query: EngineQuery, _ reader: SegmentReader, _ document: UInt32, _ damage: Damage, _ work: Work
  ) -> [(idf: Double, positions: [UInt32])] {
    switch query {
    case .and(let parts), .or(let parts), .atLeast(_, let parts):
      return parts.flatMap { occurrences($0, reader, document, damage, work) }
    case .boost(let part, _), .ranked(let part, _): return occurrences(part, reader, document, damage, work)
    case .term(.body, _), .term(.stems, _), .variants(.body, _):
      return keys(query).compactMap { key in
        guard let term = reader.find(key) else { return nil }
        let idf = BM25.idf(documents: allDocuments, frequency: documents(with: key))
        var cursors = [PostingsCursor(reader, term, damage)]
        return (idf, PhraseMatcher.positions(&cursors, document))
      }
    case .phrase(.body, _), .phrase(.stems, _):
      let keys = keys(query)
      var cursors = keys.compactMap { reader.find($0) }.map { PostingsCursor(reader, $0, damage) }
      guard !keys.isEmpty, cursors.count == keys.count else { return [] }
      return [(work.idf(query), PhraseMatcher.positions(&cursors, document))]
    case .near(let parts, let gap, let isOrdered) where query.wordField == .body:
      guard var near = NearReader(parts, Nearness(gap: gap, isOrdered: isOrdered), self, reader, damage) else { return [] }
      return [(work.idf(query), near.stretches(document).map(\.start))]
    default: return []
    }
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
