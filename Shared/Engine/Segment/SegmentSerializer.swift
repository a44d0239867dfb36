import Platform

/// Writes the sections of one segment: terms must come in the order of their keys. Shared by the builder and the merger.
struct SegmentSerializer: ~Copyable {
  /// A term's row: start of its key u32, documents u32, offset of its postings and of its positions u32 each, the upper bits of the offsets u8 each;
  /// the highest bit of the first is set for a dense term.
  static let termRowLength = 18
  static let denseFlag: UInt8 = 1 << 7
  /// Offsets have 32 + 7 bits.
  static let offsetLimit = 1 << 39

  private let columns: SegmentColumns.Sections
  private var writer: PostingsWriter
  private let norms: [FloatTable]
  private var rows: Spool<UInt8>
  private var keys: Spool<UInt8>
  private var hashes: Spool<UInt64>
  private let output: SegmentOutput

  init(_ columns: consuming SegmentColumns.Sections, to output: consuming SegmentOutput, layout: PostingsLayout) {
    let (documents, folder) = (columns.documents, output.folder)
    writer = PostingsWriter(documents: documents, layout: layout, folder: folder)
    norms = columns.totals.map { FloatTable(BM25.norms(total: $0, documents: documents)) }
    rows = Spool(folder)
    keys = Spool(folder)
    hashes = Spool(folder)
    self.columns = columns
    self.output = output
  }

  /// A term's key: its field's number, for keywords from 64 on, and its bytes.
  static func prefix(_ field: TextField) -> UInt8 { field.rawValue }
  static func prefix(_ field: KeywordField) -> UInt8 { 64 + field.rawValue }

  /// Begins a term that so many documents have; its postings are then given to `take`.
  mutating func begin(_ key: UnsafeRawBufferPointer, documents: Int) throws(SegmentError) {
    guard keys.count + key.count <= Int(UInt32.max) else { throw .tooLarge(what: "the bytes of a segment's terms", limit: Int(UInt32.max)) }
    try hashes.append(xxh3(key))
    let field = Int(key[0])
    var scoring: PostingsWriter.Scoring?
    if field < TextField.allCases.count {
      guard let lengths = columns.lengths.pointer(field) else { preconditionFailure("a field that has a term has words") }
      scoring = PostingsWriter.Scoring(field: field, lengths: lengths, norms: norms[field].base)
    }
    let place = try writer.begin(documents, scoring)
    guard place.postings < Self.offsetLimit, place.positions < Self.offsetLimit else {
      throw .tooLarge(what: "a segment's postings", limit: Self.offsetLimit)
    }
    rows.tail.append(little: UInt32(keys.count))
    rows.tail.append(little: UInt32(documents))
    rows.tail.append(little: UInt32(truncatingIfNeeded: place.postings))
    rows.tail.append(little: UInt32(truncatingIfNeeded: place.positions))
    rows.tail.append(UInt8(place.postings >> 32) | (place.isDense ? Self.denseFlag : 0))
    rows.tail.append(UInt8(place.positions >> 32))
    try rows.spill()
    keys.tail.append(contentsOf: key)
    try keys.spill()
  }

  /// Takes postings of the term from the front of `list`, as many as are whole blocks; with `isLast` all, and the term is at its end. For a keyword the
  /// gaps are left out.
  mutating func take(_ list: inout PostingList, isLast: Bool) throws(SegmentError) { try writer.take(&list, isLast: isLast) }

  /// Writes the segment's file.
  consuming func finish(keywords: Spooled<UInt8>) throws(SegmentError) -> SegmentOutput {
    let folder = output.folder
    let (impacts, postings, positions) = try writer.finish()
    rows.tail.append(little: UInt32(keys.count))
    rows.tail.append(repeating: 0, count: Self.termRowLength - 4)
    let table = try Self.hashTable(try hashes.finish(), folder)
    var assembler = try SegmentFormat.Assembler(output)
    try assembler.add(.terms, try rows.finish())
    try assembler.add(.termBytes, try keys.finish())
    try assembler.add(.termHash, table)
    try assembler.add(.impacts, impacts)
    try assembler.add(.postings, postings)
    try assembler.add(.positions, positions)
    try columns.add(to: &assembler, keywords: keywords)
    return try assembler.finish(documents: columns.documents)
  }

  /// Open addressing, at most half full: a slot is the term's number + 1, or 0.
  private static func hashTable(_ hashes: Spooled<UInt64>, _ folder: String?) throws(SegmentError) -> Spooled<UInt32> {
    var size = 2
    while size < hashes.count * 2 { size *= 2 }
    let slots = try Spooled<UInt32>(zeros: size, in: folder)
    for term in 0..<hashes.count {
      var slot = Int(truncatingIfNeeded: hashes[term]) & (size - 1)
      while slots.pointer[slot] != 0 { slot = (slot + 1) & (size - 1) }
      slots.pointer[slot] = UInt32(term + 1).littleEndian
    }
    return slots
  }
}
