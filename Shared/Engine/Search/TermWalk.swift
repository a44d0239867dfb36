/// Reads a term letter by letter and says whether it fits.
protocol TermAutomaton {
  /// Reads the letter after the first `depth`, of which it remembers what it read last; false when no term that begins so can fit.
  mutating func read(_ letter: UInt32, at depth: Int) -> Bool
  /// How many edits the term of the first `depth` letters is away; nil when it does not fit.
  func edits(at depth: Int) -> Int?
}

extension SegmentReader {
  /// Calls `body` with the number of each term that begins with `prefix`, a key that ends between two letters, and of which the rest fits.
  ///
  /// The dictionary is walked as the trie that its order makes of it: what neighbours begin alike with is read once, and all terms are passed over that
  /// begin with what cannot fit. Throws `stopped`.
  func walk<Automaton: TermAutomaton>(
    from prefix: [UInt8], _ automaton: inout Automaton, _ pace: Pace, _ body: (_ number: Int, _ edits: Int) -> Void
  ) throws(SearchError) {
    let range = terms(from: prefix)
    var number = range.lowerBound
    /// Where each letter that has been read ends, in the key that was read last.
    var ends = [prefix.count]
    var previous = UnsafeRawBufferPointer(start: nil, count: 0)
    while number < range.upperBound {
      if pace.spend(1) { throw .stopped }
      let key = key(number)
      let shared = zip(previous, key).prefix { $0 == $1 }.count
      while ends.count > 1, ends[ends.count - 1] > shared { ends.removeLast() }
      previous = key
      var fits = true
      while fits, let end = ends.last, end < key.count {
        let (letter, length) = Self.letter(key, end)
        fits = automaton.read(letter, at: ends.count - 1)
        if fits { ends.append(end + length) } else { number = next(after: number, beginning: key.prefix(end + length), range.upperBound) }
      }
      if fits {
        if let edits = automaton.edits(at: ends.count - 1) { body(number, edits) }
        number += 1
      }
    }
  }

  /// The first term after `number` that does not begin with `prefix`, or `end`.
  private func next(after number: Int, beginning prefix: Slice<UnsafeRawBufferPointer>, _ end: Int) -> Int {
    var step = 1
    var low = number + 1
    while low + step < end, key(low + step).starts(with: prefix) {
      low += step
      step *= 2
    }
    var high = min(end, low + step)
    while low < high {
      let middle = (low + high) / 2
      if key(middle).starts(with: prefix) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The letter at a place and its length in bytes. Terms are UTF-8; in a damaged one each byte that is none counts as a letter.
  private static func letter(_ key: UnsafeRawBufferPointer, _ place: Int) -> (letter: UInt32, length: Int) {
    let first = UInt32(key[place])
    let length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
    if length == 1 || place + length > key.count { return (first, 1) }
    var letter = first & (0x7F >> UInt32(length))
    for offset in 1..<length { letter = letter << 6 | UInt32(key[place + offset]) & 0x3F }
    return (letter, length)
  }
}

/// Terms that a pattern of letters, `?` (one letter) and `*` (any letters) fits: the set of places in the pattern that can be reached, a bit each.
struct PatternAutomaton: TermAutomaton {
  /// Letters, `?` and `*`.
  static let limit = 63

  /// The places before each letter of the pattern, before a `?`, and before a `*`.
  private var letters: [UInt32: UInt64] = [:]
  private var any: UInt64 = 0
  private var stars: UInt64 = 0
  private var end: UInt64
  /// What can be reached after each number of letters.
  private var states: [UInt64]

  /// Nil when the pattern is longer than `limit`.
  init?(_ pattern: some Sequence<Unicode.Scalar>) {
    var place = 0
    var wasStar = false
    for scalar in pattern {
      if scalar == "*", wasStar { continue }
      wasStar = scalar == "*"
      if place == Self.limit { return nil }
      switch scalar {
      case "*": stars |= 1 << UInt64(place)
      case "?": any |= 1 << UInt64(place)
      default: letters[scalar.value, default: 0] |= 1 << UInt64(place)
      }
      place += 1
    }
    end = 1 << UInt64(place)
    states = [1 | (stars & 1) << 1]
  }

  mutating func read(_ letter: UInt32, at depth: Int) -> Bool {
    states.removeSubrange((depth + 1)...)
    let state = states[depth]
    var next = (state & (any | letters[letter, default: 0])) << 1 | state & stars
    next |= (next & stars) << 1
    states.append(next)
    return next != 0
  }

  func edits(at depth: Int) -> Int? { states[depth] & end != 0 ? 0 : nil }
}

/// Terms that so many edits make of a word: letters put in, left out or changed, and neighbours exchanged; no letter is edited twice (optimal string
/// alignment, the restricted distance of Damerau and Levenshtein).
struct EditAutomaton: TermAutomaton {
  private let word: [UInt32]
  private let most: Int
  private let width: Int
  /// A row for each number of letters read: the least edits that make them of each beginning of the word. Cells further than `most` from the diagonal
  /// are not computed: they are more than `most`.
  private var rows: [UInt8]
  private var letters: [UInt32] = []

  init(_ word: some Sequence<Unicode.Scalar>, edits: Int) {
    self.word = word.map(\.value)
    most = edits
    width = self.word.count + 1
    rows = (0..<width).map { UInt8(min($0, edits + 1)) }
  }

  mutating func read(_ letter: UInt32, at depth: Int) -> Bool {
    let row = depth + 1
    if row > word.count + most { return false }
    letters.removeSubrange(depth...)
    letters.append(letter)
    let start = row * width
    rows.removeSubrange(start...)
    rows.append(contentsOf: repeatElement(UInt8(most + 1), count: width))
    var least = most + 1
    for column in max(0, row - most)...min(word.count, row + most) {
      var cost = Int(rows[start - width + column]) + 1
      if column > 0 {
        let changes = word[column - 1] == letter ? 0 : 1
        cost = min(cost, Int(rows[start - width + column - 1]) + changes, Int(rows[start + column - 1]) + 1)
        if column > 1, row > 1, word[column - 1] == letters[row - 2], word[column - 2] == letter {
          cost = min(cost, Int(rows[start - 2 * width + column - 2]) + 1)
        }
      }
      rows[start + column] = UInt8(min(cost, most + 1))
      least = min(least, cost)
    }
    return least <= most
  }

  func edits(at depth: Int) -> Int? {
    let edits = Int(rows[depth * width + word.count])
    return edits <= most ? edits : nil
  }
}
