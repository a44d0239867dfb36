import Platform

/// Writes the sections of one segment: terms must come in the order of their keys. Shared by the builder and the merger.
struct SegmentSerializer: ~Copyable {
  /// A term's row: start of its key u32, documents u32, offset of its postings and of its positions u32 each, the upper bits of the offsets u8 each;
  /// the highest bit of the first is set for a dense term.
  static let termRowLength = 18
  static let denseFlag: UInt8 = 1 << 7
  /// Offsets have 32 + 7 bits.
  static let offsetLimit = 1 << 39

  private let columns: SegmentColumns
  private let lengths: SegmentColumns.Lengths
  private var writer: PostingsWriter
  private let norms: [[Float]]
  private var rows = Growable<UInt8>(capacity: 1 << 16)
  private var keys = Growable<UInt8>(capacity: 1 << 16)
  private var hashes: [UInt64] = []

  init(_ columns: consuming SegmentColumns, layout: PostingsLayout) {
    writer = PostingsWriter(documents: columns.documents, layout: layout)
    norms = columns.totals.map { BM25.norms(total: $0, documents: columns.documents) }
    lengths = columns.lengths()
    self.columns = columns
  }

  /// A term's key: its field's number, for keywords from 64 on, and its bytes.
  static func prefix(_ field: TextField) -> UInt8 { field.rawValue }
  static func prefix(_ field: KeywordField) -> UInt8 { 64 + field.rawValue }

  /// Adds the postings of a term; for a keyword the gaps are left out.
  mutating func add(_ key: UnsafeRawBufferPointer, _ list: borrowing PostingList) throws(SegmentError) {
    guard keys.count + key.count <= Int(UInt32.max) else { throw .tooLarge(what: "the bytes of a segment's terms", limit: Int(UInt32.max)) }
    hashes.append(xxh3(key))
    let field = Int(key[0])
    let place: (postings: Int, positions: Int, isDense: Bool)
    if field < TextField.allCases.count {
      place = try norms[field].withUnsafeBufferPointer { norms throws(SegmentError) in
        // A norm for each of 256 length bytes.
        try writer.add(list, .init(field: field, lengths: lengths.pointer(field), norms: norms.baseAddress!))
      }
    } else {
      place = try writer.add(list, nil)
    }
    guard place.postings < Self.offsetLimit, place.positions < Self.offsetLimit else {
      throw .tooLarge(what: "a segment's postings", limit: Self.offsetLimit)
    }
    rows.append(little: UInt32(keys.count))
    rows.append(little: UInt32(list.documents.count))
    rows.append(little: UInt32(truncatingIfNeeded: place.postings))
    rows.append(little: UInt32(truncatingIfNeeded: place.positions))
    rows.append(UInt8(place.postings >> 32) | (place.isDense ? Self.denseFlag : 0))
    rows.append(UInt8(place.positions >> 32))
    keys.append(contentsOf: key)
  }

  /// The segment's file.
  consuming func finish() -> [UInt8] {
    let impacts = writer.finish()
    rows.append(little: UInt32(keys.count))
    rows.append(repeating: 0, count: Self.termRowLength - 4)
    var assembler = SegmentFormat.Assembler(
      capacity: writer.postings.count + writer.positions.count + rows.count + keys.count + hashes.count * 16 + columns.bytes)
    assembler.add(.terms, rows)
    assembler.add(.termBytes, keys)
    assembler.add(.termHash, Self.hashTable(hashes))
    assembler.add(.impacts, impacts)
    assembler.add(.postings, writer.postings)
    assembler.add(.positions, writer.positions)
    let documents = columns.documents
    columns.add(to: &assembler, lengths)
    return assembler.finish(documents: documents)
  }

  /// Open addressing, at most half full: a slot is the term's number + 1, or 0.
  private static func hashTable(_ hashes: [UInt64]) -> Growable<UInt8> {
    var size = 2
    while size < hashes.count * 2 { size *= 2 }
    var slots = [UInt32](repeating: 0, count: size)
    for (term, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (size - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = UInt32(term + 1)
    }
    var bytes = Growable<UInt8>(capacity: size * 4)
    for slot in slots { bytes.append(little: slot) }
    return bytes
  }
}
