/// Documents with words, scored with how often they have them.
class WordMatcher: Matcher {
  /// Nil when the score is not wanted.
  let weight: Weight?
  init(_ weight: Weight?) { self.weight = weight }
  /// How often the current document has the words.
  var frequency: Float { 0 }
  final override func score() -> Float { weight?.score(document, frequency) ?? 0 }
}

/// A term, or a keyword.
final class TermMatcher: WordMatcher {
  private var cursor: PostingsCursor
  init(_ cursor: PostingsCursor, _ weight: Weight?) {
    self.cursor = cursor
    super.init(weight)
  }
  override var document: UInt32 { cursor.document }
  override var cost: Int { cursor.count }
  override func advance(to target: UInt32) { if target == cursor.document + 1 { cursor.next() } else { cursor.advance(to: target) } }
  override var frequency: Float { Float(cursor.frequency) }
}

/// Terms as one: their documents and frequencies, gathered beforehand.
final class VariantsMatcher: WordMatcher {
  /// With one posting for so many documents or fewer, postings are sorted, and otherwise counted in a place for each document.
  private static let sparse = 16

  /// A document above and its frequency in quarters below; ascending.
  private var postings: [UInt64] = []
  private var place = 0

  /// - Parameter variants: terms of the segment, and what an occurrence counts in quarters.
  init(
    _ reader: SegmentReader, _ variants: [(term: SegmentReader.Term, quarters: UInt32)], _ weight: Weight?, _ damage: Damage, _ pace: Pace
  ) {
    super.init(weight)
    let all = variants.reduce(0) { $0 + $1.term.documents }
    if all * Self.sparse <= reader.documents {
      Self.forEach(reader, variants, damage, pace) { document, quarters in postings.append(UInt64(document) << 32 | UInt64(quarters)) }
      sortAndJoin()
    } else {
      var counts = [UInt32](repeating: 0, count: reader.documents)
      Self.forEach(reader, variants, damage, pace) { document, quarters in counts[Int(document)] &+= quarters }
      for (document, quarters) in counts.enumerated() where quarters > 0 { postings.append(UInt64(document) << 32 | UInt64(quarters)) }
    }
  }

  /// Cursors end where a segment's documents do.
  private static func forEach(
    _ reader: SegmentReader, _ variants: [(term: SegmentReader.Term, quarters: UInt32)], _ damage: Damage, _ pace: Pace,
    _ body: (_ document: UInt32, _ quarters: UInt32) -> Void
  ) {
    for variant in variants {
      var cursor = PostingsCursor(reader, variant.term, damage)
      while cursor.document != PostingsCursor.end {
        body(cursor.document, cursor.frequency &* variant.quarters)
        cursor.next()
        if pace.spend(Pace.forUnit) { return }
      }
    }
  }

  private func sortAndJoin() {
    postings.sort()
    var kept = 0
    for posting in postings {
      if kept > 0, postings[kept - 1] >> 32 == posting >> 32 {
        postings[kept - 1] &+= posting & 0xFFFF_FFFF
      } else {
        postings[kept] = posting
        kept += 1
      }
    }
    postings.removeSubrange(kept...)
  }

  override var document: UInt32 { place < postings.count ? UInt32(postings[place] >> 32) : PostingsCursor.end }
  override var cost: Int { postings.count }
  override func advance(to target: UInt32) {
    var step = 1
    while place + step < postings.count, postings[place + step] >> 32 < target {
      place += step
      step *= 2
    }
    var end = min(postings.count, place + step)
    while place < end {
      let middle = (place + end) / 2
      if postings[middle] >> 32 < target { place = middle + 1 } else { end = middle }
    }
  }
  override var frequency: Float { Float(UInt32(truncatingIfNeeded: postings[place])) / 4 }
}

/// Terms in a row.
final class PhraseMatcher: WordMatcher {
  /// So many positions read are a unit of work.
  static let positionsOfUnit = 64

  private var cursors: [PostingsCursor]
  private let pace: Pace
  private var current: UInt32 = 0
  private var starts: [UInt32] = []
  private var following: [UInt32] = []

  init(_ cursors: [PostingsCursor], _ weight: Weight?, _ pace: Pace) {
    self.cursors = cursors
    self.pace = pace
    super.init(weight)
    settle()
  }

  override var document: UInt32 { current }
  override var cost: Int { (cursors.map(\.count).min() ?? 0) / 2 }
  override func advance(to target: UInt32) {
    cursors[0].advance(to: target)
    settle()
  }
  override var frequency: Float { Float(starts.count) }

  /// Goes on from the first cursor's document to one that holds the row.
  private func settle() {
    search: while true {
      current = cursors[0].document
      if current == PostingsCursor.end { return }
      if pace.spend(Pace.forUnit + Int(cursors[0].frequency) / Self.positionsOfUnit) { break }
      for index in cursors.indices.dropFirst() {
        cursors[index].advance(to: current)
        if cursors[index].document != current {
          cursors[0].advance(to: cursors[index].document)
          continue search
        }
      }
      Self.findRows(&cursors, &starts, &following)
      if !starts.isEmpty { return }
      cursors[0].next()
    }
    current = PostingsCursor.end
  }

  /// Where the row stands in one document; nowhere when the document lacks a term.
  static func positions(_ cursors: inout [PostingsCursor], _ document: UInt32) -> [UInt32] {
    for index in cursors.indices {
      cursors[index].advance(to: document)
      if cursors[index].document != document { return [] }
    }
    var (starts, following): ([UInt32], [UInt32]) = ([], [])
    findRows(&cursors, &starts, &following)
    return starts
  }

  /// Fills `starts` with where the row begins in the document that all cursors stand on; `following` is scratch.
  private static func findRows(_ cursors: inout [PostingsCursor], _ starts: inout [UInt32], _ following: inout [UInt32]) {
    cursors[0].positions(into: &starts)
    for index in cursors.indices.dropFirst() where !starts.isEmpty {
      cursors[index].positions(into: &following)
      var place = 0
      let offset = UInt32(index)
      starts.removeAll { start in
        while place < following.count, following[place] < start &+ offset { place += 1 }
        return place == following.count || following[place] != start &+ offset
      }
    }
  }
}

/// Words near one another.
final class NearMatcher: WordMatcher {
  /// Documents that have them all.
  private let documents: AndMatcher
  private var reader: NearReader
  private let pace: Pace
  private var current: UInt32 = 0
  private var stretches = 0

  init(_ documents: AndMatcher, _ reader: NearReader, _ weight: Weight?, _ pace: Pace) {
    self.documents = documents
    self.reader = reader
    self.pace = pace
    super.init(weight)
    settle()
  }

  override var document: UInt32 { current }
  override var cost: Int { documents.cost / 2 }
  override func advance(to target: UInt32) {
    documents.advance(to: target)
    settle()
  }
  override var frequency: Float { Float(stretches) }

  private func settle() {
    while documents.document != PostingsCursor.end {
      stretches = reader.stretches(documents.document).count
      if pace.spend(reader.work / PhraseMatcher.positionsOfUnit) { break }
      current = documents.document
      if stretches > 0 { return }
      documents.next()
    }
    current = PostingsCursor.end
  }
}
