extension SegmentReader {
  /// Reads everything in the segment and checks what its checksums cannot: order, bounds and agreement of the parts. The problems found.
  public func verify() throws(SegmentError) -> [String] {
    var problems: [String] = []
    var totals = TextField.allCases.map { _ in UInt64(0) }
    var previous: [UInt8] = []
    for number in 0..<termCount {
      let key = [UInt8](self.key(number))
      if number > 0, !previous.lexicographicallyPrecedes(key) { problems.append("term \(number) is out of order") }
      previous = key
      if find(key)?.number != number { problems.append("term \(number) is not found by its hash") }
      let term = term(number)
      if let problem = check(term) { problems.append("term \(number): \(problem)") }
      if term.hasPositions { totals[Int(key[0])] += term.occurrences }
    }
    for field in TextField.allCases where totals[Int(field.rawValue)] != totalLength(field) {
      problems.append("the words of field \(field) are not as many as stated")
    }
    for document in 0..<UInt32(documents) {
      if find(id: id(document)) != document { problems.append("document \(document) is not found by its id") }
      let starts = runStarts(document)
      if zip(starts, starts.dropFirst()).contains(where: { $0 > $1 }) {
        problems.append("the runs of document \(document) are out of order")
      }
      _ = try stored(document)
    }
    return problems
  }

  private func check(_ term: Term) -> String? {
    var cursor = PostingsCursor(self, term)
    var (count, occurrences) = (0, UInt64(0))
    var previous: UInt32?
    var positions: [UInt32] = []
    while cursor.document != PostingsCursor.end {
      guard cursor.document < documents, previous.map({ $0 < cursor.document }) ?? true else { return "its documents are out of order" }
      previous = cursor.document
      count += 1
      occurrences += UInt64(cursor.frequency)
      if term.hasPositions {
        cursor.positions(into: &positions)
        guard positions.count == Int(cursor.frequency), zip(positions, positions.dropFirst()).allSatisfy(<) else {
          return "its positions in document \(cursor.document) are out of order"
        }
      }
      cursor.next()
    }
    return count == term.documents && occurrences == term.occurrences ? nil : "its counts are not those stated"
  }
}
