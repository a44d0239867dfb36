import Platform

/// What a segment keeps for each document beside its terms and keywords, on its way into the file.
struct SegmentColumns: ~Copyable {
  private(set) var documents = 0
  private var ids: Spool<UInt8>
  /// Each document's length bytes, all fields of one after the other.
  private var lengthBytes: Spool<UInt8>
  /// For each text field, the words of all documents.
  private(set) var totals = TextField.allCases.map { _ in UInt64(0) }
  /// Each document's number + 1, or 0 for none, all fields of one after the other.
  private var numbers: Spool<UInt32>
  private var largestNumbers = NumberField.allCases.map { _ in UInt32(0) }
  private var stored: StoredWriter
  private var runs: RunStarts
  private let folder: String?

  init(_ folder: String?) {
    self.folder = folder
    ids = Spool(folder)
    lengthBytes = Spool(folder)
    numbers = Spool(folder)
    stored = StoredWriter(folder)
    runs = RunStarts(folder)
  }

  // MARK: Adding, one document after the other

  mutating func addRun(_ start: UInt32) throws(SegmentError) { try runs.append(start) }

  /// - Parameter bytes: a length byte for each text field.
  mutating func add(
    id: [UInt8], lengthBytes bytes: [UInt8], numbers: (NumberField) -> UInt32, stored bytesStored: [UInt8]
  ) throws(SegmentError) {
    for byte in id { try ids.append(byte) }
    for byte in bytes { try lengthBytes.append(byte) }
    for (index, field) in NumberField.allCases.enumerated() {
      let number = numbers(field)
      largestNumbers[index] = max(largestNumbers[index], number)
      try self.numbers.append(number)
    }
    try runs.endDocument()
    try stored.add(bytesStored)
    documents += 1
  }

  mutating func addTotal(_ words: UInt64, _ field: Int) { totals[field] += words }

  // MARK: Writing

  /// The sections, but for those of the terms and keywords.
  struct Sections: ~Copyable {
    let documents: Int
    let totals: [UInt64]
    let lengths: Lengths
    fileprivate let numbers, ids, directory, blocks, runs: Spooled<UInt8>

    func add(to assembler: inout SegmentFormat.Assembler, keywords: Spooled<UInt8>) throws(SegmentError) {
      try assembler.add(.lengths, lengths.bytes)
      try assembler.add(.keywords, keywords)
      try assembler.add(.numbers, numbers)
      try assembler.add(.ids, ids)
      try assembler.add(.stored, directory)
      try assembler.add(.storedBlocks, blocks)
      try assembler.add(.runs, runs)
      var statistics: [UInt8] = []
      for total in totals { statistics.append(little: total) }
      try assembler.add(.statistics, statistics)
    }
  }

  consuming func finish() throws(SegmentError) -> Sections {
    let (documents, totals) = (documents, totals)
    let lengths = try Lengths(try lengthBytes.finish(), documents: documents, totals: totals, folder)
    var section = Spool<UInt8>(folder)
    let values = try numbers.finish()
    let fields = NumberField.allCases.count
    for field in 0..<fields {
      try PackedArray.write(documents, largest: largestNumbers[field], into: &section) { values.pointer[$0 * fields + field] }
    }
    let idSection = try Self.idSection(try ids.finish(), documents, folder)
    let (directory, blocks) = try stored.finish()
    return Sections(
      documents: documents, totals: totals, lengths: lengths, numbers: try section.finish(), ids: idSection, directory: directory,
      blocks: blocks, runs: try runs.finish())
  }

  /// Length bytes by field, for each field that has words those of whole ranges of documents, zeros after the last.
  struct Lengths: ~Copyable {
    fileprivate let bytes: Spooled<UInt8>
    private let starts: [Int?]

    fileprivate init(_ rows: Spooled<UInt8>, documents: Int, totals: [UInt64], _ folder: String?) throws(SegmentError) {
      let stride = (documents + PostingsLayout.range - 1) / PostingsLayout.range * PostingsLayout.range
      var (starts, end): ([Int?], Int) = ([], 0)
      for total in totals {
        starts.append(total > 0 ? end : nil)
        if total > 0 { end += stride }
      }
      bytes = try Spooled(zeros: end, in: folder)
      for (field, start) in starts.enumerated() {
        guard let start else { continue }
        for document in 0..<documents { bytes.pointer[start + document] = rows.pointer[document * totals.count + field] }
      }
      self.starts = starts
    }

    /// A field's, which has words; valid while this value lives.
    func pointer(_ field: Int) -> UnsafePointer<UInt8>? { starts[field].map { UnsafePointer(bytes.pointer + $0) } }
  }

  /// Bytes common to all ids u8 and those bytes, 16 bytes in all with zeros; the rest of each id; the documents in the order of their ids,
  /// unless that is their own.
  private static func idSection(
    _ ids: Spooled<UInt8>, _ documents: Int, _ folder: String?
  ) throws(SegmentError) -> Spooled<UInt8> {
    defer { withExtendedLifetime(ids) {} }
    let (length, bytes) = (IndexedDocument.idLength, ids.pointer)
    var common = documents == 0 ? 0 : length - 1
    for document in 0..<documents {
      var same = 0
      while same < common, bytes[document * length + same] == bytes[same] { same += 1 }
      common = same
    }
    var section = Spool<UInt8>(folder)
    section.tail.append(UInt8(common))
    section.tail.append(contentsOf: UnsafeRawBufferPointer(start: bytes, count: common))
    section.tail.append(repeating: 0, count: length - section.tail.count)
    for document in 0..<documents {
      section.tail.append(contentsOf: UnsafeRawBufferPointer(start: bytes + document * length + common, count: length - common))
      try section.spill()
    }
    let order = idOrder(ids, documents)
    try PackedArray.write(order.count, largest: order.isEmpty ? 0 : UInt32(documents - 1), into: &section) { order[$0] }
    return try section.finish()
  }

  /// The documents in the order of their ids' bytes; none when that is their own.
  private static func idOrder(_ ids: Spooled<UInt8>, _ documents: Int) -> [UInt32] {
    defer { withExtendedLifetime(ids) {} }
    let bytes = UnsafeRawPointer(ids.pointer)
    func precedes(_ one: Int, _ other: Int) -> Bool {
      let (first, second) = (one * IndexedDocument.idLength, other * IndexedDocument.idLength)
      let upper = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: first, as: UInt64.self))
      let otherUpper = UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: second, as: UInt64.self))
      if upper != otherUpper { return upper < otherUpper }
      return UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: first + 8, as: UInt64.self))
        < UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: second + 8, as: UInt64.self))
    }
    if (1..<max(1, documents)).allSatisfy({ precedes($0 - 1, $0) }) { return [] }
    return (0..<UInt32(documents)).sorted { precedes(Int($0), Int($1)) }
  }
}

/// Where the runs of each document's body begin, by position, so that a position leads to its paragraph. Section: the fewest runs of a document u32;
/// each document's first run less that many for each document before it, and so for the end, as a packed array; then the starts as another.
struct RunStarts: ~Copyable {
  private var firsts: Spool<UInt32>
  private var starts: NumberSpool
  private var fewest = UInt32.max
  private var last: UInt32 = 0
  private let folder: String?

  init(_ folder: String?) {
    self.folder = folder
    firsts = Spool(folder)
    starts = NumberSpool(folder)
  }

  mutating func append(_ start: UInt32) throws(SegmentError) { try starts.append(start) }

  mutating func endDocument() throws(SegmentError) {
    try firsts.append(last)
    let end = UInt32(starts.count)
    fewest = min(fewest, end - last)
    last = end
  }

  consuming func finish() throws(SegmentError) -> Spooled<UInt8> {
    try firsts.append(last)
    let (fewest, last) = (firsts.count == 1 ? 0 : fewest, last)
    let firsts = try firsts.finish()
    var section = Spool<UInt8>(folder)
    section.tail.append(little: fewest)
    // They ascend also without the fewest: the end is the largest.
    try PackedArray.write(firsts.count, largest: last - UInt32(firsts.count - 1) * fewest, into: &section) {
      firsts.pointer[$0] - UInt32($0) * fewest
    }
    try starts.write(into: &section)
    return try section.finish()
  }
}

/// Stored bytes in zstd blocks. The directory: blocks u32, their starts u64 each and the end, then for each document its block, its offset there and
/// its length as packed arrays.
struct StoredWriter: ~Copyable {
  /// A block is closed when it holds so many bytes.
  static let blockBytes = 16 << 10
  /// What one block may hold when read.
  static let limit = 1 << 30

  private var block, offset, length: NumberSpool
  private var open: [UInt8] = []
  private var starts: Spool<UInt64>
  private var blocks: Spool<UInt8>
  private let folder: String?

  init(_ folder: String?) {
    self.folder = folder
    block = NumberSpool(folder)
    offset = NumberSpool(folder)
    length = NumberSpool(folder)
    starts = Spool(folder)
    blocks = Spool(folder)
  }

  mutating func add(_ stored: [UInt8]) throws(SegmentError) {
    guard open.count + stored.count <= Self.limit else { throw .tooLarge(what: "a stored document", limit: Self.limit) }
    try block.append(UInt32(starts.count))
    try offset.append(UInt32(open.count))
    try length.append(UInt32(stored.count))
    open.append(contentsOf: stored)
    if open.count >= Self.blockBytes { try close() }
  }

  private mutating func close() throws(SegmentError) {
    try starts.append(UInt64(blocks.count))
    Zstd.compress(open).withUnsafeBytes { blocks.tail.append(contentsOf: $0) }
    try blocks.spill()
    open.removeAll(keepingCapacity: open.capacity <= Self.blockBytes * 4)
  }

  consuming func finish() throws(SegmentError) -> (directory: Spooled<UInt8>, blocks: Spooled<UInt8>) {
    if !open.isEmpty { try close() }
    var directory = Spool<UInt8>(folder)
    directory.tail.append(little: UInt32(starts.count))
    let end = UInt64(blocks.count)
    let starts = try starts.finish()
    for index in 0..<starts.count {
      directory.tail.append(little: starts[index])
      try directory.spill()
    }
    directory.tail.append(little: end)
    try block.write(into: &directory)
    try offset.write(into: &directory)
    try length.write(into: &directory)
    return (try directory.finish(), try blocks.finish())
  }
}
