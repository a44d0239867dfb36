/// How a document stands in the answer to a request, wherever it may be in it.
public struct EngineStanding: Sendable {
  /// The document as a hit.
  public let hit: EngineHit
  /// Whether it comes behind the place where the answer begins; otherwise it was in an earlier answer.
  public let isAfter: Bool
}

/// What is asked of single documents: their values, and how they stand in an answer that they may not be near the beginning of.
extension IndexView {
  /// A document's values of a field, in the order of their bytes.
  public func values(_ field: KeywordField, of address: DocumentAddress) -> [String] {
    parts[address.segment].reader.keywords(field).values(address.document)
  }

  /// A document's number; nil when it has none.
  public func number(_ field: NumberField, of address: DocumentAddress) -> Int64? {
    parts[address.segment].reader.number(field, address.document)
  }

  /// How many documents of a segment share a value of a field, deleted ones too, on average; 1 when none do.
  public func sharing(_ field: KeywordField) -> Double {
    let columns = parts.map { $0.reader.keywords(field) }
    return Double(max(1, columns.reduce(0) { $0 + $1.total })) / Double(max(1, columns.reduce(0) { $0 + $1.count }))
  }

  /// The live documents with a value, in the order of the view. Throws `.segment`.
  public func documents(with value: String, in field: KeywordField) throws(SearchError) -> [DocumentAddress] {
    let key = [SegmentSerializer.prefix(field)] + Array(value.utf8)
    let damage = Damage()
    var found: [DocumentAddress] = []
    for (segment, part) in parts.enumerated() {
      guard let term = part.reader.find(key) else { continue }
      var cursor = PostingsCursor(part.reader, term, damage)
      while cursor.document != PostingsCursor.end {
        if part.deletions?.contains(cursor.document) != true { found.append(DocumentAddress(segment: segment, document: cursor.document)) }
        cursor.next()
      }
    }
    do throws(SegmentError) { try damage.check() } catch { throw .segment(error) }
    return found
  }

  /// The place of a hit in an answer in this order, behind which another answer may begin.
  public func place(of hit: EngineHit, _ sort: EngineRequest.Sort) -> EngineCursor {
    let key = sort == .relevance ? hit.score : Self.dateKey(sort, parts[hit.address.segment].reader, hit.address.document)
    return EngineCursor(key: key, id: hit.id)
  }

  /// How documents stand in the answer to a request, to the last bit of a score as in the answer itself; nil for each that the query does not find. Its
  /// limits do not matter. Throws what `search` throws.
  public func standings(
    of addresses: [DocumentAddress], in request: EngineRequest, shouldStop: () -> Bool = { false }
  ) throws(SearchError) -> [EngineStanding?] {
    try request.query.check()
    return try withoutActuallyEscaping(shouldStop) { (shouldStop: @escaping () -> Bool) throws(SearchError) -> [EngineStanding?] in
      let (pace, damage) = (Pace(shouldStop), Damage())
      let (query, work) = (try resolve(request.query, pace), Work(self, damage, pace))
      let after = try entry(request)
      var standings = [EngineStanding?](repeating: nil, count: addresses.count)
      var matcher: Matcher?
      var (segment, base) = (-1, UInt64(0))
      // Matchers go forwards only.
      let order = addresses.indices.sorted {
        (addresses[$0].segment, addresses[$0].document) < (addresses[$1].segment, addresses[$1].document)
      }
      for index in order {
        let address = addresses[index]
        let part = parts[address.segment]
        if address.segment != segment {
          segment = address.segment
          base = parts[..<segment].reduce(0) { $0 + UInt64($1.reader.documents) }
          matcher = work.matcher(query, part.reader, boost: 1)
        }
        if pace.spend(Pace.forMatch) { break }
        guard let matcher, part.deletions?.contains(address.document) != true else { continue }
        if matcher.document < address.document { matcher.advance(to: address.document) }
        guard matcher.document == address.document else { continue }
        let own = entry(address, score: matcher.score(), request.sort, base: base)
        let hit = EngineHit(address: address, score: own.score, id: part.reader.idWords(address.document))
        standings[index] = EngineStanding(hit: hit, isAfter: after?.precedes(own) != false)
      }
      if pace.isStopped { throw .stopped }
      do throws(SegmentError) { try damage.check() } catch { throw .segment(error) }
      return standings
    }
  }
}
