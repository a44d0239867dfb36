extension SegmentReader {
  /// Reads everything in the segment and checks what its checksums cannot: order, bounds and agreement of the parts. The problems found.
  public func verify() throws(SegmentError) -> [String] {
    try checkAll()
    var problems: [String] = []
    var totals = TextField.allCases.map { _ in UInt64(0) }
    var previous: [UInt8] = []
    for number in 0..<termCount {
      let key = [UInt8](self.key(number))
      if number > 0, !previous.lexicographicallyPrecedes(key) { problems.append("term \(number) is out of order") }
      previous = key
      if find(key)?.number != number { problems.append("term \(number) is not found by its hash") }
      let term = term(number)
      let (problem, occurrences) = check(term, field: Int(key[0]))
      if let problem { problems.append("term \(number): \(problem)") }
      if term.hasPositions { totals[Int(key[0])] += occurrences }
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

  /// What is wrong with a term, and its occurrences.
  private func check(_ term: Term, field: Int) -> (problem: String?, occurrences: UInt64) {
    let damage = Damage()
    var cursor = PostingsCursor(self, term, damage)
    var (count, occurrences) = (0, UInt64(0))
    var positions: [UInt32] = []
    while cursor.document != PostingsCursor.end {
      count += 1
      occurrences += UInt64(cursor.frequency)
      if term.hasPositions {
        cursor.positions(into: &positions)
        guard positions.count == Int(cursor.frequency), zip(positions, positions.dropFirst()).allSatisfy(<) else {
          return ("its positions in document \(cursor.document) are out of order", occurrences)
        }
      }
      cursor.next()
    }
    do throws(SegmentError) { try damage.check() } catch { return ("\(error)", occurrences) }
    if count != term.documents { return ("its documents are not as many as stated", occurrences) }
    return (term.hasPositions ? checkImpacts(term, field: field) : nil, occurrences)
  }

  /// Whether no posting scores more than the impact of its block or range.
  private func checkImpacts(_ term: Term, field: Int) -> String? {
    guard let text = TextField(rawValue: UInt8(field)), let postings = try? Postings(self, term), let impacts = postings.impacts else {
      return nil
    }
    let norms = BM25.norms(total: totalLength(text), documents: documents)
    var cursor = PostingsCursor(self, term, Damage())
    var number = 0
    while cursor.document != PostingsCursor.end {
      let code = impacts[term.isDense ? Int(cursor.document) / PostingsLayout.range : number / PostingsLayout.block]
      let most = impactValues[field][code]
      if BM25.score(1, cursor.frequency, norms[Int(lengthByte(text, cursor.document))]) > most {
        return "document \(cursor.document) scores more than its impact"
      }
      number += 1
      cursor.next()
    }
    return nil
  }
}
