/// Several segments → one without their deleted documents, in the order given.
public enum SegmentMerger {
  /// A segment, and which of its documents are deleted.
  public typealias Source = (reader: SegmentReader, deletions: DeletionBitmap?)

  /// Writes the merged segment as a new file at `path`, with scratch files beside it: its length. The memory taken is some
  /// megabytes, and about 16 bytes for each document. Throws `SegmentError`; part of
  /// the file may have been written then.
  ///
  /// - Parameter shouldStop: asked now and then; true ends the work with nil.
  public static func merge(_ segments: [Source], to path: String, shouldStop: () -> Bool = { false }) throws(SegmentError) -> Int? {
    try merge(segments, to: try SegmentOutput(path), layout: PostingsLayout(), shouldStop: shouldStop)?.count
  }

  /// The bytes of the merged segment's file, for small ones.
  static func merge(
    _ segments: [Source], layout: PostingsLayout = PostingsLayout(), shouldStop: () -> Bool = { false }
  ) throws(SegmentError) -> [UInt8]? {
    try merge(segments, to: SegmentOutput(), layout: layout, shouldStop: shouldStop)?.memory
  }

  private static func merge(
    _ segments: [Source], to output: consuming SegmentOutput, layout: PostingsLayout, shouldStop: () -> Bool
  ) throws(SegmentError) -> SegmentOutput? {
    let folder = output.folder
    let maps = segments.map { Live($0.reader, $0.deletions) }
    guard let columns = try columns(segments, maps, folder, shouldStop) else { return nil }
    var keywords = Spool<UInt8>(folder)
    for field in KeywordField.allCases { try KeywordMerge.write(field, of: segments, into: &keywords) }
    let keywordSection = try keywords.finish()
    var serializer = SegmentSerializer(columns, to: output, layout: layout)
    var heads = segments.map { _ in 0 }
    var count = 0
    var list = PostingList()
    while let key = smallest(segments.map(\.reader), heads) {
      count += 1
      if count % 4096 == 0, shouldStop() { return nil }
      var documents = 0
      let holding = segments.indices.filter {
        heads[$0] < segments[$0].reader.termCount && areEqual(segments[$0].reader.key(heads[$0]), key)
      }
      for index in holding {
        let reader = segments[index].reader
        documents += try maps[index].count(of: reader.term(heads[index]), reader)
      }
      if documents > 0 { try serializer.begin(key, documents: documents) }
      var next: UInt32 = 0
      for index in segments.indices {
        defer { next += UInt32(maps[index].count) }
        guard holding.contains(index) else { continue }
        let reader = segments[index].reader
        if documents > 0 { try append(reader, reader.term(heads[index]), maps[index], next, &list, to: &serializer) }
        heads[index] += 1
      }
      if documents > 0 { try serializer.take(&list, isLast: true) }
    }
    return try serializer.finish(keywords: keywordSection)
  }

  /// What is kept for each live document; nil when it was to stop.
  private static func columns(
    _ segments: [Source], _ maps: [Live], _ folder: String?, _ shouldStop: () -> Bool
  ) throws(SegmentError) -> SegmentColumns.Sections? {
    var columns = SegmentColumns(folder)
    for (segment, live) in zip(segments, maps) {
      let reader = segment.reader
      for document in 0..<UInt32(reader.documents) where live.number(document) != nil {
        if document % 1024 == 0, shouldStop() { return nil }
        for start in reader.runStarts(document) { try columns.addRun(start) }
        try columns.add(
          id: reader.id(document), lengthBytes: TextField.allCases.map { reader.lengthByte($0, document) },
          numbers: { field in reader.number(field, document).map { UInt32($0) + 1 } ?? 0 },
          stored: try reader.stored(document))
      }
      // Without deletions the words are as many as before; otherwise they are counted.
      for field in TextField.allCases where live.isWhole { columns.addTotal(reader.totalLength(field), Int(field.rawValue)) }
      if !live.isWhole { countWords(reader, live, &columns) }
    }
    return try columns.finish()
  }

  /// Adds up the words of the live documents in each field: the lengths kept are rounded, the postings are not.
  private static func countWords(_ reader: SegmentReader, _ live: Live, _ columns: inout SegmentColumns) {
    let damage = Damage()
    for number in 0..<reader.termCount {
      let term = reader.term(number)
      guard term.hasPositions, let field = reader.key(number).first else { continue }
      var cursor = PostingsCursor(reader, term, damage)
      var words = UInt64(0)
      while cursor.document != PostingsCursor.end {
        for (document, frequency) in zip(cursor.blockDocuments, cursor.blockFrequencies) where live.number(document) != nil {
          words += UInt64(frequency)
        }
        cursor.nextBlock()
      }
      columns.addTotal(words, Int(field))
    }
  }

  /// A segment's live documents.
  private struct Live {
    /// Each document's new number from 0 on, `UInt32.max` for a deleted one; nil when none is.
    private let renumbered: [UInt32]?
    let count: Int

    init(_ reader: SegmentReader, _ deletions: DeletionBitmap?) {
      guard let deletions, deletions.deleted > 0 else {
        (renumbered, count) = (nil, reader.documents)
        return
      }
      var next: UInt32 = 0
      renumbered = (0..<UInt32(reader.documents)).map { document in
        if deletions.contains(document) { return .max }
        defer { next += 1 }
        return next
      }
      count = Int(next)
    }

    var isWhole: Bool { renumbered == nil }

    @inline(__always)
    func number(_ document: UInt32) -> UInt32? {
      guard let renumbered else { return document }
      let number = renumbered[Int(document)]
      return number == .max ? nil : number
    }

    /// How many of them have a term.
    func count(of term: SegmentReader.Term, _ reader: SegmentReader) throws(SegmentError) -> Int {
      if isWhole { return term.documents }
      let damage = Damage()
      var cursor = PostingsCursor(reader, term, damage)
      var count = 0
      while cursor.document != PostingsCursor.end {
        for document in cursor.blockDocuments where number(document) != nil { count += 1 }
        cursor.nextBlock()
      }
      try damage.check()
      return count
    }
  }

  /// The smallest key that any segment has at its head; valid while that segment is mapped.
  private static func smallest(_ readers: [SegmentReader], _ heads: [Int]) -> UnsafeRawBufferPointer? {
    var best: UnsafeRawBufferPointer?
    for (reader, head) in zip(readers, heads) where head < reader.termCount {
      let key = reader.key(head)
      if best.map({ key.lexicographicallyPrecedes($0) }) ?? true { best = key }
    }
    return best
  }

  /// So many gaps are read before what can be written of them is.
  private static let batch = 1 << 16

  private static func append(
    _ reader: SegmentReader, _ term: SegmentReader.Term, _ live: Live, _ base: UInt32, _ list: inout PostingList,
    to serializer: inout SegmentSerializer
  ) throws(SegmentError) {
    let damage = Damage()
    var cursor = PostingsCursor(reader, term, damage)
    while cursor.document != PostingsCursor.end {
      let (documents, frequencies) = (cursor.blockDocuments, cursor.blockFrequencies)
      let gaps = term.hasPositions ? cursor.blockGaps() : []
      try damage.check()
      var gap = 0
      for index in documents.indices {
        let frequency = Int(frequencies[index])
        if let number = live.number(documents[index]) {
          list.documents.append(base + number)
          list.frequencies.append(frequencies[index])
          if term.hasPositions { for place in gap..<gap + frequency { list.gaps.append(gaps[place]) } }
        }
        gap += frequency
      }
      if list.gaps.count + list.documents.count >= batch { try serializer.take(&list, isLast: false) }
      cursor.nextBlock()
    }
    try damage.check()
  }
}
