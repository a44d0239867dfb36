/// The documents of a segment that a part of a query matches, ascending, each with its score. One document is current; `PostingsCursor.end` after the last.
class Matcher {
  var document: UInt32 { PostingsCursor.end }
  /// An upper estimate of the matching documents, for the order of intersection.
  var cost: Int { 0 }
  /// Goes to the first match at or after `target`, which lies beyond the current document.
  func advance(to target: UInt32) {}
  /// Adds the current document's score, part by part in the order of the query, however they are nested: so all roads add alike.
  func add(to score: inout Float) {}
  /// The current document's score.
  final func score() -> Float {
    var score: Float = 0
    add(to: &score)
    return score
  }
  final func next() { advance(to: document + 1) }
}

/// Every document.
final class AllMatcher: Matcher {
  private let count: UInt32
  private var current: UInt32
  init(_ count: Int) {
    self.count = UInt32(count)
    current = count > 0 ? 0 : PostingsCursor.end
  }
  override var document: UInt32 { current }
  override var cost: Int { Int(count) }
  override func advance(to target: UInt32) { current = target < count ? target : PostingsCursor.end }
}

/// A term; without a weight, a keyword.
final class TermMatcher: Matcher {
  private var cursor: PostingsCursor
  private let weight: Weight?
  init(_ cursor: PostingsCursor, _ weight: Weight?) {
    self.cursor = cursor
    self.weight = weight
  }
  override var document: UInt32 { cursor.document }
  override var cost: Int { cursor.count }
  override func advance(to target: UInt32) { if target == cursor.document + 1 { cursor.next() } else { cursor.advance(to: target) } }
  override func add(to score: inout Float) { score += weight?.score(cursor.document, cursor.frequency) ?? 0 }
}

/// Documents and frequencies gathered beforehand: what a prefix stands for.
final class ListMatcher: Matcher {
  private let postings: [(document: UInt32, frequency: UInt32)]
  private let weight: Weight?
  private var place = 0

  init(_ cursors: [PostingsCursor], _ weight: Weight?) {
    var all: [(document: UInt32, frequency: UInt32)] = []
    for var cursor in cursors {
      while cursor.document != PostingsCursor.end {
        all.append((cursor.document, cursor.frequency))
        cursor.next()
      }
    }
    all.sort { $0.document < $1.document }
    var merged: [(document: UInt32, frequency: UInt32)] = []
    for posting in all {
      if merged.last?.document == posting.document {
        merged[merged.count - 1].frequency += posting.frequency
      } else {
        merged.append(posting)
      }
    }
    postings = merged
    self.weight = weight
  }

  override var document: UInt32 { place < postings.count ? postings[place].document : PostingsCursor.end }
  override var cost: Int { postings.count }
  override func advance(to target: UInt32) { while place < postings.count, postings[place].document < target { place += 1 } }
  override func add(to score: inout Float) {
    score += weight?.score(postings[place].document, postings[place].frequency) ?? 0
  }
}

/// Terms in a row.
final class PhraseMatcher: Matcher {
  private var cursors: [PostingsCursor]
  private let weight: Weight
  private var current: UInt32 = 0
  private var frequency: UInt32 = 0
  private var starts: [UInt32] = []
  private var following: [UInt32] = []

  init(_ cursors: [PostingsCursor], _ weight: Weight) {
    self.cursors = cursors
    self.weight = weight
    super.init()
    settle()
  }

  override var document: UInt32 { current }
  override var cost: Int { (cursors.map(\.count).min() ?? 0) / 2 }
  override func advance(to target: UInt32) {
    cursors[0].advance(to: target)
    settle()
  }
  override func add(to score: inout Float) { score += weight.score(current, frequency) }

  /// Goes on from the first cursor's document to one that holds the row.
  private func settle() {
    search: while true {
      current = cursors[0].document
      if current == PostingsCursor.end { return }
      for index in cursors.indices.dropFirst() {
        cursors[index].advance(to: current)
        if cursors[index].document != current {
          cursors[0].advance(to: cursors[index].document)
          continue search
        }
      }
      frequency = countRows()
      if frequency > 0 { return }
      cursors[0].next()
    }
  }

  /// Where the row stands in one document; nowhere when the document lacks a term.
  static func positions(_ cursors: [PostingsCursor], _ document: UInt32) -> [UInt32] {
    var cursors = cursors
    for index in cursors.indices {
      cursors[index].advance(to: document)
      if cursors[index].document != document { return [] }
    }
    var (starts, following): ([UInt32], [UInt32]) = ([], [])
    findRows(&cursors, &starts, &following)
    return starts
  }

  private func countRows() -> UInt32 {
    Self.findRows(&cursors, &starts, &following)
    return UInt32(starts.count)
  }

  /// Fills `starts` with where the row begins in the document that all cursors stand on; `following` is scratch.
  private static func findRows(_ cursors: inout [PostingsCursor], _ starts: inout [UInt32], _ following: inout [UInt32]) {
    cursors[0].positions(into: &starts)
    for index in cursors.indices.dropFirst() where !starts.isEmpty {
      cursors[index].positions(into: &following)
      var place = 0
      let offset = UInt32(index)
      starts.removeAll { start in
        while place < following.count, following[place] < start + offset { place += 1 }
        return place == following.count || following[place] != start + offset
      }
    }
  }
}

/// Documents whose number lies in a range.
final class NumberMatcher: Matcher {
  private let segment: SegmentReader
  private let field: NumberField
  private let range: ClosedRange<Int64>
  private var current: UInt32 = 0

  init(_ segment: SegmentReader, _ field: NumberField, _ range: ClosedRange<Int64>) {
    self.segment = segment
    self.field = field
    self.range = range
    super.init()
    advance(to: 0)
  }

  override var document: UInt32 { current }
  override var cost: Int { segment.documents }
  override func advance(to target: UInt32) {
    current = target
    while current < segment.documents {
      if let number = segment.number(field, current), range.contains(number) { return }
      current += 1
    }
    current = PostingsCursor.end
  }
}

/// Documents that match every part and none of the excluded.
final class AndMatcher: Matcher {
  /// In the order of the query, in which scores are added, so that every node adds alike.
  private let parts: [Matcher]
  /// The same, fewest documents first.
  private let byCost: [Matcher]
  private let excluded: [Matcher]
  private var current: UInt32 = 0

  init(_ parts: [Matcher], excluding excluded: [Matcher]) {
    precondition(!parts.isEmpty, "an intersection has a part")
    self.parts = parts
    byCost = parts.sorted { $0.cost < $1.cost }
    self.excluded = excluded
    super.init()
    settle()
  }

  override var document: UInt32 { current }
  override var cost: Int { byCost[0].cost }
  override func advance(to target: UInt32) {
    byCost[0].advance(to: target)
    settle()
  }
  override func add(to score: inout Float) { for part in parts { part.add(to: &score) } }

  private func settle() {
    search: while true {
      current = byCost[0].document
      if current == PostingsCursor.end { return }
      for part in byCost.dropFirst() {
        if part.document < current { part.advance(to: current) }
        if part.document != current {
          if part.document == PostingsCursor.end {
            current = PostingsCursor.end
            return
          }
          byCost[0].advance(to: part.document)
          continue search
        }
      }
      for part in excluded where part.document != PostingsCursor.end {
        if part.document < current { part.advance(to: current) }
        if part.document == current {
          byCost[0].next()
          continue search
        }
      }
      return
    }
  }
}

/// Documents that match any part; the score is the sum of those that match.
final class OrMatcher: Matcher {
  private let parts: [Matcher]
  private var current: UInt32

  init(_ parts: [Matcher]) {
    self.parts = parts
    current = parts.map(\.document).min() ?? PostingsCursor.end
  }

  override var document: UInt32 { current }
  override var cost: Int { parts.reduce(0) { $0 + $1.cost } }
  override func advance(to target: UInt32) {
    var least = PostingsCursor.end
    for part in parts {
      if part.document < target { part.advance(to: target) }
      least = min(least, part.document)
    }
    current = least
  }
  override func add(to score: inout Float) { for part in parts where part.document == current { part.add(to: &score) } }
}

/// The documents of a part, to whose scores other parts add where they match.
final class RankedMatcher: Matcher {
  private let part: Matcher
  private let also: [Matcher]

  init(_ part: Matcher, also: [Matcher]) { (self.part, self.also) = (part, also) }

  override var document: UInt32 { part.document }
  override var cost: Int { part.cost }
  override func advance(to target: UInt32) { part.advance(to: target) }
  override func add(to score: inout Float) {
    part.add(to: &score)
    for other in also {
      if other.document < part.document { other.advance(to: part.document) }
      if other.document == part.document { other.add(to: &score) }
    }
  }
}
