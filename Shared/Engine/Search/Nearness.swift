/// How words stand near one another: in a stretch of one run of text that holds an occurrence of each, no two of which begin at the same word, and at
/// most `gap` words more than these have together.
public struct Nearness: Sendable, Hashable {
  public let gap: Int
  /// Whether the words stand in the order given, none inside another.
  public let isOrdered: Bool

  public init(gap: Int, isOrdered: Bool) {
    self.gap = gap
    self.isOrdered = isOrdered
  }

  /// The words at which such stretches begin, with the last word that each may reach; ascending.
  /// - Parameters:
  ///   - places: where each of the words or rows of words begins, ascending.
  ///   - lengths: how many words each of these has.
  ///   - runs: where the runs of text begin, ascending; none when there is but one.
  public func stretches(_ places: [[UInt32]], lengths: [Int], runs: [UInt32]) -> [(start: UInt32, last: Int)] {
    guard !places.isEmpty, places.allSatisfy({ !$0.isEmpty }) else { return [] }
    let span = gap + lengths.reduce(0, +)
    // The first place of each that is not behind the start.
    var firsts = places.map { _ in 0 }
    var found: [(start: UInt32, last: Int)] = []
    var run = 0
    // In any order a stretch begins at any of the words; when one is at its end, no more stretches hold it.
    while true {
      let start = isOrdered ? places[0][firsts[0]] : Self.least(places, firsts)
      while run < runs.count, runs[run] <= start { run += 1 }
      let last = min(Int(start) + span - 1, run < runs.count ? Int(runs[run]) - 1 : .max)
      if isOrdered ? holdsInOrder(places, lengths, &firsts, start, last) : holdsAll(places, lengths, firsts, start, last) {
        found.append((start, last))
      }
      for index in places.indices where index == 0 || !isOrdered {
        while firsts[index] < places[index].count, places[index][firsts[index]] <= start { firsts[index] += 1 }
        if firsts[index] == places[index].count { return found }
      }
    }
  }

  private static func least(_ places: [[UInt32]], _ firsts: [Int]) -> UInt32 {
    var least = UInt32.max
    for index in places.indices { least = min(least, places[index][firsts[index]]) }
    return least
  }

  /// Whether the others follow, each behind the one before; `firsts` only go on from one start to the next.
  private func holdsInOrder(_ places: [[UInt32]], _ lengths: [Int], _ firsts: inout [Int], _ start: UInt32, _ last: Int) -> Bool {
    var next = Int(start) + lengths[0]
    if next - 1 > last { return false }
    for index in places.indices.dropFirst() {
      while firsts[index] < places[index].count, Int(places[index][firsts[index]]) < next { firsts[index] += 1 }
      guard firsts[index] < places[index].count else { return false }
      next = Int(places[index][firsts[index]]) + lengths[index]
      if next - 1 > last { return false }
    }
    return true
  }

  /// Whether all stand from `start` to `last`, in any order, and one begins at `start`.
  private func holdsAll(_ places: [[UInt32]], _ lengths: [Int], _ firsts: [Int], _ start: UInt32, _ last: Int) -> Bool {
    for index in places.indices where Int(places[index][firsts[index]]) + lengths[index] - 1 > last { return false }
    // Mostly the first place of each is another, and then nothing has to be tried.
    var areDistinct = true
    for index in places.indices {
      for other in 0..<index where places[index][firsts[index]] == places[other][firsts[other]] { areDistinct = false }
    }
    if areDistinct { return true }
    return places.indices.contains { index in
      guard places[index][firsts[index]] == start else { return false }
      var owners: [UInt32: Int] = [start: index]
      return places.indices.allSatisfy { other in
        var tried: Set<UInt32> = [start]
        return other == index || Self.assign(other, places, lengths, firsts, last, &owners, &tried)
      }
    }
  }

  /// Finds a place of its own for one, moving others where they have another (Kuhn's matching).
  private static func assign(
    _ index: Int, _ places: [[UInt32]], _ lengths: [Int], _ firsts: [Int], _ last: Int, _ owners: inout [UInt32: Int],
    _ tried: inout Set<UInt32>
  ) -> Bool {
    for place in places[index][firsts[index]...] {
      if Int(place) + lengths[index] - 1 > last { return false }
      guard tried.insert(place).inserted else { continue }
      if let owner = owners[place], !assign(owner, places, lengths, firsts, last, &owners, &tried) { continue }
      owners[place] = index
      return true
    }
    return false
  }
}

/// Finds the stretches of a document in which words stand near one another.
struct NearReader {
  private let nearness: Nearness
  private let reader: SegmentReader
  private let isBody: Bool
  private let lengths: [Int]
  /// For each word or row its terms' postings.
  private var cursors: [[PostingsCursor]]
  private var places: [[UInt32]]
  private var scratch: [UInt32] = []

  /// nil when the segment lacks one of the words or rows.
  /// - Parameter operands: each a term, variants of one, or a row, as a query that is resolved has them.
  init?(_ operands: [EngineQuery], _ nearness: Nearness, _ view: IndexView, _ reader: SegmentReader, _ damage: Damage) {
    self.nearness = nearness
    self.reader = reader
    isBody = operands.first?.textField == .body
    lengths = operands.map { if case .phrase(_, let terms) = $0 { terms.count } else { 1 } }
    cursors = operands.map { operand in
      view.keys(operand).compactMap { reader.find($0) }.map { PostingsCursor(reader, $0, damage) }
    }
    places = operands.map { _ in [] }
    // A row needs all of its terms, a word one of its variants.
    guard zip(cursors, lengths).allSatisfy({ $1 > 1 ? $0.count == $1 : !$0.isEmpty }) else { return nil }
  }

  /// The stretches in a document that has all words, asked for in ascending order.
  mutating func stretches(_ document: UInt32) -> [(start: UInt32, last: Int)] {
    for index in cursors.indices {
      if lengths[index] > 1 {
        places[index] = PhraseMatcher.positions(&cursors[index], document)
        continue
      }
      places[index].removeAll(keepingCapacity: true)
      var terms = 0
      for number in cursors[index].indices {
        cursors[index][number].advance(to: document)
        if cursors[index][number].document != document { continue }
        cursors[index][number].positions(into: &scratch)
        places[index] += scratch
        terms += 1
      }
      if terms > 1 { places[index].sort() }
    }
    let found = nearness.stretches(places, lengths: lengths, runs: [])
    // Mostly there is none even when the text is taken for one run.
    return found.isEmpty || !isBody ? found : nearness.stretches(places, lengths: lengths, runs: reader.runStarts(document))
  }

  /// Positions read for the last document, for the pace.
  var work: Int { places.reduce(0) { $0 + $1.count } }
}
