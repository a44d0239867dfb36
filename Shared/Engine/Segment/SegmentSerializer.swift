import Platform

/// Writes the sections of one segment: terms must come in the order of their keys. Shared by the builder and the merger.
struct SegmentSerializer {
  /// Postings in a block.
  static let blockLength = 128
  /// A block's row in a term's skip table: last document u32, offset of the block u32, offset of its positions u32, largest frequency u32,
  /// smallest length byte u32.
  static let skipRowLength = 20
  /// A term's row: start of its key u32, documents u32, offset of its postings u64, offset of its positions u64, occurrences u64.
  static let termRowLength = 32

  private let documents: Int
  /// A length byte for each text field and document.
  private let lengths: [[UInt8]]
  private var rows: [UInt8] = []
  private var keys: [UInt8] = []
  private var hashes: [UInt64] = []
  private var postings: [UInt8] = []
  private var positions: [UInt8] = []

  init(documents: Int, lengths: [[UInt8]]) {
    self.documents = documents
    self.lengths = lengths
  }

  /// A term's key: its field's number, for keywords from 64 on, and its bytes.
  static func prefix(_ field: TextField) -> UInt8 { field.rawValue }
  static func prefix(_ field: KeywordField) -> UInt8 { 64 + field.rawValue }

  /// Adds the postings of a term. `gaps` are its positions, each from the one before it in the document; none for a keyword.
  mutating func add(_ key: [UInt8], _ list: PostingList) throws(SegmentError) {
    guard keys.count + key.count <= Int(UInt32.max) else { throw .tooLarge(what: "the bytes of a segment's terms", limit: Int(UInt32.max)) }
    hashes.append(xxh3(key))
    rows.append(little: UInt32(keys.count))
    rows.append(little: UInt32(list.documents.count))
    rows.append(little: UInt64(postings.count))
    rows.append(little: UInt64(positions.count))
    rows.append(little: list.frequencies.reduce(UInt64(0)) { $0 + UInt64($1) })
    keys.append(contentsOf: key)
    let fieldLengths = key[0] < UInt8(TextField.allCases.count) ? lengths[Int(key[0])] : nil
    let count = list.documents.count
    var (skips, blocks): ([UInt8], [UInt8]) = ([], [])
    var (previous, gap) = (Int64(-1), 0)
    let positionsStart = positions.count
    for start in stride(from: 0, to: count, by: Self.blockLength) {
      let end = min(count, start + Self.blockLength)
      let (blockOffset, positionOffset) = (blocks.count, positions.count - positionsStart)
      guard blockOffset <= Int(UInt32.max), positionOffset <= Int(UInt32.max) else {
        throw .tooLarge(what: "the postings of a term", limit: Int(UInt32.max))
      }
      var distances: [UInt32] = []
      for document in list.documents[start..<end] {
        distances.append(UInt32(Int64(document) - previous - 1))
        previous = Int64(document)
      }
      let frequencies = list.frequencies[start..<end]
      let widths = (BitPacking.width(distances.max() ?? 0), BitPacking.width((frequencies.max() ?? 1) - 1))
      blocks.append(UInt8(widths.0))
      blocks.append(UInt8(widths.1))
      BitPacking.pack(distances, width: widths.0, into: &blocks)
      BitPacking.pack(frequencies.map { $0 - 1 }, width: widths.1, into: &blocks)
      skips.append(little: list.documents[end - 1])
      skips.append(little: UInt32(blockOffset))
      skips.append(little: UInt32(positionOffset))
      skips.append(little: frequencies.max() ?? 1)
      skips.append(little: UInt32(fieldLengths.map { lengths in list.documents[start..<end].map { lengths[Int($0)] }.min() ?? 0 } ?? 0))
      if fieldLengths != nil {
        let next = gap + frequencies.reduce(0) { $0 + Int($1) }
        for chunk in stride(from: gap, to: next, by: Self.blockLength) {
          let values = list.gaps[chunk..<min(next, chunk + Self.blockLength)]
          let width = BitPacking.width(values.max() ?? 0)
          positions.append(UInt8(width))
          BitPacking.pack(values, width: width, into: &positions)
        }
        gap = next
      }
    }
    // A single block needs no table.
    if count > Self.blockLength { postings.append(contentsOf: skips) }
    postings.append(contentsOf: blocks)
  }

  /// What is kept for each document beside its terms.
  struct Columns {
    var ids: [[UInt8]] = []
    /// For each keyword field, each document's values.
    var keywords: [[[String]]] = []
    /// For each number field, each document's number + 1; 0 is none.
    var numbers: [[UInt32]] = []
    /// For each text field, the words of all documents.
    var totals: [UInt64] = []
    var stored = StoredWriter()
    var runs = RunStarts()
  }

  /// The segment's file.
  consuming func finish(_ columns: consuming Columns) -> [UInt8] {
    var sections: [SegmentFormat.Part: [UInt8]] = [:]
    rows.append(little: UInt32(keys.count))
    rows.append(contentsOf: repeatElement(0, count: Self.termRowLength - 4))
    let padding = repeatElement(UInt8(0), count: BitPacking.padding)
    postings.append(contentsOf: padding)
    positions.append(contentsOf: padding)
    sections[.terms] = rows
    sections[.termBytes] = keys
    sections[.termHash] = Self.hashTable(hashes)
    sections[.postings] = postings
    sections[.positions] = positions
    sections[.lengths] = lengths.flatMap { $0 }
    sections[.keywords] = Self.keywordSection(columns.keywords, documents: documents)
    var numbers: [UInt8] = []
    for field in columns.numbers { PackedArray.write(field, into: &numbers) }
    sections[.numbers] = numbers
    var ids = columns.ids.flatMap { $0 }
    let order = columns.ids.indices.sorted { columns.ids[$0].lexicographicallyPrecedes(columns.ids[$1]) }
    PackedArray.write(order.map { UInt32($0) }, into: &ids)
    sections[.ids] = ids
    sections[.stored] = columns.stored.finish()
    sections[.runs] = columns.runs.encoded()
    var statistics: [UInt8] = []
    for total in columns.totals { statistics.append(little: total) }
    sections[.statistics] = statistics
    return SegmentFormat.assemble(sections, documents: documents)
  }

  /// Open addressing, at most half full: a slot is the hash's upper half and the term's number + 1.
  private static func hashTable(_ hashes: [UInt64]) -> [UInt8] {
    var size = 2
    while size < hashes.count * 2 { size *= 2 }
    var slots = [UInt64](repeating: 0, count: size)
    for (term, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (size - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (size - 1) }
      slots[slot] = (hash & ~0xFFFF_FFFF) | UInt64(term + 1)
    }
    var bytes: [UInt8] = []
    for slot in slots { bytes.append(little: slot) }
    return bytes
  }

  /// For each field its length u64, then: starts of the values, starts of the documents' ordinals, ordinals, values' bytes.
  private static func keywordSection(_ fields: [[[String]]], documents: Int) -> [UInt8] {
    var section: [UInt8] = []
    for values in fields {
      let distinct = Set(values.joined()).map { Array($0.utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
      let ordinals = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, UInt32($0)) })
      var (valueStarts, documentStarts, all): ([UInt32], [UInt32], [UInt32]) = ([0], [0], [])
      var bytes: [UInt8] = []
      for value in distinct {
        bytes.append(contentsOf: value)
        valueStarts.append(UInt32(bytes.count))
      }
      for document in values {
        all.append(contentsOf: Set(document.compactMap { ordinals[Array($0.utf8)] }).sorted())
        documentStarts.append(UInt32(all.count))
      }
      var field: [UInt8] = []
      PackedArray.write(valueStarts, into: &field)
      PackedArray.write(documentStarts, into: &field)
      PackedArray.write(all, into: &field)
      field.append(contentsOf: bytes)
      section.append(little: UInt64(field.count))
      section.append(contentsOf: field)
    }
    return section
  }
}

/// A term's postings: documents ascending, the frequency in each, and the gaps between positions, all documents' in a row.
struct PostingList: Sendable {
  var documents: [UInt32] = []
  var frequencies: [UInt32] = []
  /// The first of a document counts from 0.
  var gaps: [UInt32] = []
}

/// Where the runs of each document's body begin, by position, so that a position leads to its paragraph. Section: each document's first run and the
/// end as a packed array, then the starts as another.
struct RunStarts {
  private var firsts: [UInt32] = [0]
  private var starts: [UInt32] = []

  mutating func append(_ start: UInt32) { starts.append(start) }
  mutating func endDocument() { firsts.append(UInt32(starts.count)) }

  func encoded() -> [UInt8] {
    var section: [UInt8] = []
    PackedArray.write(firsts, into: &section)
    PackedArray.write(starts, into: &section)
    return section
  }
}

/// Stored bytes in zstd blocks. Section: blocks u32, their starts u64 each and the end, then for each document its block, its offset there and its
/// length as packed arrays, then the blocks.
struct StoredWriter {
  /// A block is closed when it holds so many bytes.
  static let blockBytes = 16 << 10
  /// What one block may hold when read.
  static let limit = 1 << 30

  private var (block, offset, length): ([UInt32], [UInt32], [UInt32]) = ([], [], [])
  private var open: [UInt8] = []
  private var starts: [UInt64] = [0]
  private var blocks: [UInt8] = []
  /// Bytes held so far.
  var bytes: Int { blocks.count + open.count }

  mutating func add(_ stored: [UInt8]) throws(SegmentError) {
    guard open.count + stored.count <= Self.limit else { throw .tooLarge(what: "a stored document", limit: Self.limit) }
    block.append(UInt32(starts.count - 1))
    offset.append(UInt32(open.count))
    length.append(UInt32(stored.count))
    open.append(contentsOf: stored)
    if open.count >= Self.blockBytes { close() }
  }

  private mutating func close() {
    blocks.append(contentsOf: Zstd.compress(open))
    starts.append(UInt64(blocks.count))
    open.removeAll(keepingCapacity: true)
  }

  consuming func finish() -> [UInt8] {
    if !open.isEmpty { close() }
    var section: [UInt8] = []
    section.append(little: UInt32(starts.count - 1))
    for start in starts { section.append(little: start) }
    for column in [block, offset, length] { PackedArray.write(column, into: &section) }
    section.append(contentsOf: blocks)
    return section
  }
}
