import Platform

/// What a segment keeps for each document beside its terms, on its way into the file.
struct SegmentColumns: ~Copyable {
  private(set) var documents = 0
  private var ids = Growable<UInt8>(capacity: 1 << 12)
  /// Each document's length bytes, all fields of one after the other.
  private var lengthBytes = Growable<UInt8>(capacity: 1 << 12)
  /// For each text field, the words of all documents.
  private(set) var totals = TextField.allCases.map { _ in UInt64(0) }
  private var keywords = KeywordField.allCases.map { _ in KeywordColumnWriter() }
  /// For each number field, each document's number + 1; 0 is none.
  private var numbers = NumberField.allCases.map { _ in [UInt32]() }
  private var stored = StoredWriter()
  private var runs = RunStarts()

  /// Bytes of memory taken, about.
  var bytes: Int {
    stored.bytes + documents * (48 + TextField.allCases.count + KeywordField.allCases.count * 4) + keywords.reduce(0) { $0 + $1.bytes }
  }

  /// The same by field: of each the bytes of whole ranges of documents, zeros after the last.
  struct Lengths: ~Copyable {
    fileprivate var bytes: Growable<UInt8>
    fileprivate let stride: Int

    /// A field's; valid while this value lives.
    func pointer(_ field: Int) -> UnsafePointer<UInt8> { UnsafePointer(bytes.pointer + field * stride) }
  }

  func lengths() -> Lengths {
    let fields = TextField.allCases.count
    let stride = (documents + PostingsLayout.range - 1) / PostingsLayout.range * PostingsLayout.range
    var bytes = Growable<UInt8>(capacity: fields * stride)
    bytes.append(repeating: 0, count: fields * stride)
    for document in 0..<documents {
      for field in 0..<fields { bytes.pointer[field * stride + document] = lengthBytes.pointer[document * fields + field] }
    }
    return Lengths(bytes: bytes, stride: stride)
  }

  // MARK: Adding, one document after the other

  mutating func addRun(_ start: UInt32) { runs.append(start) }

  /// - Parameters:
  ///   - bytes: a length byte for each text field.
  ///   - values: those of each keyword field that has any, each once.
  mutating func add(
    id: [UInt8], lengthBytes bytes: [UInt8], keywords values: [(field: KeywordField, values: [String])], numbers: (NumberField) -> UInt32,
    stored bytesStored: [UInt8]
  ) throws(SegmentError) {
    id.withUnsafeBytes { ids.append(contentsOf: $0) }
    bytes.withUnsafeBytes { lengthBytes.append(contentsOf: $0) }
    for (field, own) in values { keywords[Int(field.rawValue)].add(own, document: documents) }
    for field in NumberField.allCases { self.numbers[Int(field.rawValue)].append(numbers(field)) }
    runs.endDocument()
    try stored.add(bytesStored)
    documents += 1
  }

  mutating func addTotal(_ words: UInt64, _ field: Int) { totals[field] += words }

  // MARK: Writing

  consuming func add(to assembler: inout SegmentFormat.Assembler, _ lengths: borrowing Lengths) {
    var section: [UInt8] = []
    // No field without words.
    for field in TextField.allCases.indices where totals[field] > 0 {
      section += UnsafeBufferPointer(start: lengths.pointer(field), count: lengths.stride)
    }
    assembler.add(.lengths, section)
    section = []
    for var column in keywords { column.write(documents, into: &section) }
    assembler.add(.keywords, section)
    section = []
    for field in numbers { PackedArray.write(field, into: &section) }
    assembler.add(.numbers, section)
    section = idSection()
    assembler.add(.ids, section)
    let (directory, blocks) = stored.finish()
    assembler.add(.stored, directory)
    assembler.add(.storedBlocks, blocks)
    assembler.add(.runs, runs.encoded())
    section = []
    for total in totals { section.append(little: total) }
    assembler.add(.statistics, section)
  }

  /// Bytes common to all ids u8 and those bytes, 16 bytes in all with zeros; the rest of each id; the documents in the order of their ids,
  /// unless that is their own.
  private func idSection() -> [UInt8] {
    let (length, bytes) = (IndexedDocument.idLength, ids.pointer)
    var common = documents == 0 ? 0 : length - 1
    for document in 0..<documents {
      var same = 0
      while same < common, bytes[document * length + same] == bytes[same] { same += 1 }
      common = same
    }
    var section = [UInt8(common)] + UnsafeBufferPointer(start: bytes, count: common)
    section += repeatElement(0, count: length - section.count)
    for document in 0..<documents {
      section += UnsafeBufferPointer(start: bytes + document * length + common, count: length - common)
    }
    PackedArray.write(idOrder(), into: &section)
    return section
  }

  /// The documents in the order of their ids' bytes.
  private func idOrder() -> [UInt32] {
    let bytes = UnsafeRawPointer(ids.pointer)
    let words = (0..<documents).map { document in
      let offset = document * IndexedDocument.idLength
      return (
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)),
        UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self))
      )
    }
    let isSorted = zip(words, words.dropFirst()).allSatisfy { $0 < $1 }
    return isSorted ? [] : (0..<UInt32(documents)).sorted { words[Int($0)] < words[Int($1)] }
  }
}

/// The values of a keyword field, by document.
struct KeywordColumnWriter {
  private var ordinals: [String: UInt32] = [:]
  private var values: [String] = []
  private var all: [UInt32] = []
  /// Where the values of each document begin, up to the last that has any.
  private var documentStarts: [UInt32] = []

  /// Bytes of memory taken, about.
  var bytes: Int { values.count * 96 + (all.count + documentStarts.count) * 4 }

  /// A document's values, each once; documents ascend.
  mutating func add(_ documentValues: [String], document: Int) {
    pass(document)
    for value in documentValues {
      let ordinal = ordinals[value] ?? UInt32(values.count)
      if ordinal == values.count {
        ordinals[value] = ordinal
        values.append(value)
      }
      all.append(ordinal)
    }
  }

  /// Goes on to a document.
  private mutating func pass(_ document: Int) {
    documentStarts.append(contentsOf: repeatElement(UInt32(all.count), count: document + 1 - documentStarts.count))
  }

  /// For so many documents: its length u64, then: starts of the values, starts of the documents' ordinals, ordinals, values' bytes; values in the order of
  /// their bytes.
  mutating func write(_ documents: Int, into section: inout [UInt8]) {
    pass(documents)
    let order = values.indices.sorted { values[$0].utf8.lexicographicallyPrecedes(values[$1].utf8) }
    var renumbered = [UInt32](repeating: 0, count: values.count)
    var (valueStarts, bytes): ([UInt32], [UInt8]) = ([0], [])
    for (ordinal, value) in order.enumerated() {
      renumbered[value] = UInt32(ordinal)
      bytes.append(contentsOf: values[value].utf8)
      valueStarts.append(UInt32(bytes.count))
    }
    var sorted: [UInt32] = []
    sorted.reserveCapacity(all.count)
    for (start, end) in zip(documentStarts, documentStarts.dropFirst()) where start < end {
      sorted += all[Int(start)..<Int(end)].map { renumbered[Int($0)] }.sorted()
    }
    var field: [UInt8] = []
    PackedArray.write(valueStarts, into: &field)
    PackedArray.write(documentStarts, into: &field)
    PackedArray.write(sorted, into: &field)
    field.append(contentsOf: bytes)
    section.append(little: UInt64(field.count))
    section.append(contentsOf: field)
  }
}

/// Where the runs of each document's body begin, by position, so that a position leads to its paragraph. Section: the fewest runs of a document u32;
/// each document's first run less that many for each document before it, and so for the end, as a packed array; then the starts as another.
struct RunStarts {
  private var firsts: [UInt32] = [0]
  private var starts: [UInt32] = []

  mutating func append(_ start: UInt32) { starts.append(start) }
  mutating func endDocument() { firsts.append(UInt32(starts.count)) }

  func encoded() -> [UInt8] {
    var section: [UInt8] = []
    let fewest = zip(firsts, firsts.dropFirst()).map { $1 - $0 }.min() ?? 0
    section.append(little: fewest)
    PackedArray.write(firsts.enumerated().map { $1 - UInt32($0) * fewest }, into: &section)
    PackedArray.write(starts, into: &section)
    return section
  }
}

/// Stored bytes in zstd blocks. The directory: blocks u32, their starts u64 each and the end, then for each document its block, its offset there and
/// its length as packed arrays.
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

  consuming func finish() -> (directory: [UInt8], blocks: [UInt8]) {
    if !open.isEmpty { close() }
    var directory: [UInt8] = []
    directory.append(little: UInt32(starts.count - 1))
    for start in starts { directory.append(little: start) }
    for column in [block, offset, length] { PackedArray.write(column, into: &directory) }
    return (directory, blocks)
  }
}
