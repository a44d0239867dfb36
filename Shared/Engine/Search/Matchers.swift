/// The documents of a segment that a part of a query matches, ascending, each with its score. One document is current; `PostingsCursor.end` after the last.
class Matcher {
  var document: UInt32 { PostingsCursor.end }
  /// An upper estimate of the matching documents, for the order of intersection.
  var cost: Int { 0 }
  /// Goes to the first match at or after `target`, which lies beyond the current document.
  func advance(to target: UInt32) {}
  /// The current document's score.
  func score() -> Float { 0 }
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

/// Documents whose number lies in a range.
final class NumberMatcher: Matcher {
  private let segment: SegmentReader
  private let field: NumberField
  private let range: ClosedRange<Int64>
  private let pace: Pace
  private var current: UInt32 = 0

  init(_ segment: SegmentReader, _ field: NumberField, _ range: ClosedRange<Int64>, _ pace: Pace) {
    self.pace = pace
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
      if pace.spend(Pace.forUnit) { break }
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
  private let pace: Pace
  private var current: UInt32 = 0

  init(_ parts: [Matcher], excluding excluded: [Matcher] = [], _ pace: Pace) {
    self.pace = pace
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
  override func score() -> Float { parts.reduce(0) { $0 + $1.score() } }

  private func settle() {
    search: while true {
      current = pace.spend(Pace.forUnit) ? PostingsCursor.end : byCost[0].document
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
  override func score() -> Float { parts.reduce(0) { $1.document == current ? $0 + $1.score() : $0 } }
}

/// Documents that match so many parts or more; the score is the sum of those that match.
final class AtLeastMatcher: Matcher {
  private let least: Int
  private let parts: [Matcher]
  private let pace: Pace
  private var current: UInt32 = 0

  init(_ least: Int, _ parts: [Matcher], _ pace: Pace) {
    self.least = max(1, least)
    self.parts = parts
    self.pace = pace
    super.init()
    settle()
  }

  override var document: UInt32 { current }
  override var cost: Int { parts.reduce(0) { $0 + $1.cost } / least }
  override func advance(to target: UInt32) {
    for part in parts where part.document < target { part.advance(to: target) }
    settle()
  }
  override func score() -> Float { parts.reduce(0) { $1.document == current ? $0 + $1.score() : $0 } }

  /// Goes on to the first document that enough parts stand on: no earlier one can match than that which the least-th part in their order stands on.
  private func settle() {
    current = PostingsCursor.end
    guard parts.count >= least else { return }
    while !pace.spend(Pace.forUnit) {
      let documents = parts.map(\.document).sorted()
      let candidate = documents[least - 1]
      if candidate == documents[0] || candidate == PostingsCursor.end {
        current = candidate
        return
      }
      for part in parts where part.document < candidate { part.advance(to: candidate) }
    }
  }
}
