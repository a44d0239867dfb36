/// Turns the impacts of blocks and ranges, the most that a posting in them can score per idf, into codes of one byte: a code's value is never below
/// the impact, and is the impact itself for the most frequent ones, since ties at a threshold are what pruning meets most.
struct ImpactWriter: ~Copyable {
  /// Codes of a field; code 0 is no posting.
  static let limit = 256
  /// Codes given to the most frequent values; the others go to every so manieth of the rest.
  private static let frequent = 192

  private var values = TextField.allCases.map { _ in [Float]() }
  private var places = TextField.allCases.map { _ in [Int]() }

  mutating func note(_ value: Float, field: Int, at place: Int) {
    values[field].append(value)
    places[field].append(place)
  }

  /// Writes the codes to their places. The section: for each text field its number of codes u32 and their values f32….
  mutating func finish(_ postings: inout Growable<UInt8>) -> [UInt8] {
    var section: [UInt8] = []
    for field in TextField.allCases.indices {
      let book = Self.book(values[field])
      var codes: [Float: UInt8] = [:]
      for (value, place) in zip(values[field], places[field]) {
        let code = codes[value] ?? UInt8(book.partitioningIndex { $0 >= value })
        codes[value] = code
        postings[place] = code
      }
      section.append(little: UInt32(book.count))
      for value in book { section.append(little: value.bitPattern) }
    }
    return section
  }

  /// At most 256 ascending values, 0 the first, none of `values` over the last.
  static func book(_ values: [Float]) -> [Float] {
    var counts: [Float: Int] = [:]
    for value in values { counts[value, default: 0] += 1 }
    counts[0] = nil
    if counts.count < limit { return [0] + counts.keys.sorted() }
    let byCount = counts.sorted { $0.value != $1.value ? $0.value > $1.value : $0.key < $1.key }
    var book = Set(byCount.prefix(frequent).map(\.key))
    let rest = byCount.dropFirst(frequent).map(\.key).sorted()
    let room = limit - 1 - frequent
    // The last of the rest is taken, so that nothing lies over the book.
    for number in 1...room { book.insert(rest[number * rest.count / room - 1]) }
    return [0] + book.sorted()
  }
}
