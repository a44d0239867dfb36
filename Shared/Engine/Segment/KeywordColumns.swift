/// A keyword field's section as its parts come: its length u64, then starts of the values, starts of the documents' ordinals, ordinals, values' bytes.
struct KeywordSection: ~Copyable {
  private var valueStarts, documentStarts, ordinals: NumberSpool
  private var bytes: Spool<UInt8>

  init(_ folder: String?) {
    valueStarts = NumberSpool(folder)
    documentStarts = NumberSpool(folder)
    ordinals = NumberSpool(folder)
    bytes = Spool(folder)
  }

  /// Values ascend.
  mutating func add(value: UnsafeRawBufferPointer) throws(SegmentError) {
    try valueStarts.append(UInt32(bytes.count))
    bytes.tail.append(contentsOf: value)
    try bytes.spill()
  }

  /// The next document begins.
  mutating func beginDocument() throws(SegmentError) { try documentStarts.append(UInt32(ordinals.count)) }
  /// Those of one document ascend.
  mutating func add(ordinal: UInt32) throws(SegmentError) { try ordinals.append(ordinal) }

  consuming func write(into section: inout Spool<UInt8>) throws(SegmentError) {
    try valueStarts.append(UInt32(bytes.count))
    try beginDocument()
    let folder = section.folder
    var field = Spool<UInt8>(folder)
    try valueStarts.write(into: &field)
    try documentStarts.write(into: &field)
    try ordinals.write(into: &field)
    let (arrays, bytes) = (try field.finish(), try bytes.finish())
    section.tail.append(little: UInt64(arrays.count + bytes.count))
    try section.append(contentsOf: arrays)
    try section.append(contentsOf: bytes)
  }
}

extension Spool<UInt8> {
  mutating func append(contentsOf bytes: Spooled<UInt8>) throws(SegmentError) {
    for start in stride(from: 0, to: bytes.count, by: 1 << 16) {
      tail.append(contentsOf: UnsafeRawBufferPointer(start: bytes.pointer + start, count: min(1 << 16, bytes.count - start)))
      try spill()
    }
  }
}

/// The values of a keyword field of documents in memory.
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
    documentStarts.append(contentsOf: repeatElement(UInt32(all.count), count: document + 1 - documentStarts.count))
    for value in documentValues {
      let ordinal = ordinals[value] ?? UInt32(values.count)
      if ordinal == values.count {
        ordinals[value] = ordinal
        values.append(value)
      }
      all.append(ordinal)
    }
  }

  /// For so many documents; values in the order of their bytes.
  func write(_ documents: Int, into section: inout Spool<UInt8>) throws(SegmentError) {
    var field = KeywordSection(section.folder)
    var renumbered = [UInt32](repeating: 0, count: values.count)
    for (ordinal, value) in values.indices.sorted(by: { values[$0].utf8.lexicographicallyPrecedes(values[$1].utf8) }).enumerated() {
      renumbered[value] = UInt32(ordinal)
      try values[value].utf8.span.bytes.withUnsafeBytes { bytes throws(SegmentError) in try field.add(value: bytes) }
    }
    func start(_ document: Int) -> Int { document < documentStarts.count ? Int(documentStarts[document]) : all.count }
    for document in 0..<documents {
      try field.beginDocument()
      let own = all[start(document)..<start(document + 1)]
      if own.isEmpty { continue }
      for ordinal in own.map({ renumbered[Int($0)] }).sorted() { try field.add(ordinal: ordinal) }
    }
    try field.write(into: &section)
  }
}

/// A keyword field of several segments as one. Their values are in order already, so that only each one's new ordinal is held.
enum KeywordMerge {
  static func write(
    _ field: KeywordField, of segments: [SegmentMerger.Source], into section: inout Spool<UInt8>
  ) throws(SegmentError) {
    let columns = segments.map { $0.reader.keywords(field) }
    let isUsed = zip(columns, segments).map { column, segment in used(column, segment.reader, segment.deletions) }
    var renumbered = columns.map { [UInt32](repeating: 0, count: $0.count) }
    var written = KeywordSection(section.folder)
    var heads = columns.map { _ in 0 }
    var next: UInt32 = 0
    while true {
      var least: UnsafeRawBufferPointer?
      for index in columns.indices {
        while heads[index] < columns[index].count, isUsed[index]?[heads[index]] == false { heads[index] += 1 }
        guard heads[index] < columns[index].count else { continue }
        let value = columns[index].bytes(UInt32(heads[index]))
        if least.map({ value.lexicographicallyPrecedes($0) }) ?? true { least = value }
      }
      guard let least else { break }
      try written.add(value: least)
      for index in columns.indices where heads[index] < columns[index].count {
        let value = columns[index].bytes(UInt32(heads[index]))
        guard areEqual(value, least) else { continue }
        renumbered[index][heads[index]] = next
        heads[index] += 1
      }
      next += 1
    }
    for (index, segment) in segments.enumerated() {
      for document in 0..<UInt32(segment.reader.documents) where segment.deletions?.contains(document) != true {
        try written.beginDocument()
        // The order of a segment's values is that of all.
        for ordinal in columns[index].ordinals(document) { try written.add(ordinal: renumbered[index][Int(ordinal)]) }
      }
    }
    try written.write(into: &section)
  }

  /// Which values a live document has; nil = all.
  private static func used(_ column: KeywordColumn, _ reader: SegmentReader, _ deletions: DeletionBitmap?) -> [Bool]? {
    guard let deletions else { return nil }
    var used = [Bool](repeating: false, count: column.count)
    for document in 0..<UInt32(reader.documents) where !deletions.contains(document) {
      column.forEach(document) { used[Int($0)] = true }
    }
    return used
  }
}
