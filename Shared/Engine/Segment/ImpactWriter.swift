/// Turns the impacts of blocks and ranges, the most that a posting in them can score per idf, into codes of one byte: a code's value is never below
/// the impact, and is the impact itself for the most frequent ones, since ties at a threshold are what pruning meets most.
struct ImpactWriter: ~Copyable {
  /// Codes of a field; code 0 is no posting.
  static let limit = 256
  /// Codes given to the most frequent values; the others go to every so manieth of the rest.
  private static let frequent = 192

  /// The impacts and their places, those of one field after those of another.
  private var values: Spool<Float>
  private var places: Spool<Int>
  /// For each field, how many were noted up to its end.
  private var ends: [Int] = []

  init(_ folder: String?) {
    values = Spool(folder)
    places = Spool(folder)
  }

  /// Fields ascend.
  mutating func note(_ value: Float, field: Int, at place: Int) throws(SegmentError) {
    while ends.count <= field { ends.append(values.count) }
    try values.append(value)
    try places.append(place)
    ends[field] = values.count
  }

  /// Writes the codes to their places. The section: for each text field its number of codes u32 and their values f32….
  consuming func finish(_ postings: Spooled<UInt8>) throws(SegmentError) -> [UInt8] {
    let (values, places) = (try values.finish(), try places.finish())
    var section: [UInt8] = []
    var start = 0
    for field in TextField.allCases.indices {
      let end = field < ends.count ? ends[field] : start
      let book = Self.book(UnsafeBufferPointer(start: values.pointer + start, count: end - start))
      var codes: [Float: UInt8] = [:]
      for index in start..<end {
        let value = values[index]
        let code = codes[value] ?? UInt8(book.partitioningIndex { $0 >= value })
        codes[value] = code
        precondition(places[index] < postings.count, "the place of an impact")
        postings.pointer[places[index]] = code
      }
      start = end
      section.append(little: UInt32(book.count))
      for value in book { section.append(little: value.bitPattern) }
    }
    return section
  }

  /// At most 256 ascending values, 0 the first, none of `values` over the last.
  static func book(_ values: UnsafeBufferPointer<Float>) -> [Float] {
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
