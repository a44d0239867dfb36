/// Several segments → one without their deleted documents, in the order given.
public enum SegmentMerger {
  /// The bytes of the merged segment's file. Throws `SegmentError`.
  ///
  /// - Parameter shouldStop: asked now and then; true ends the work with nil.
  public static func merge(
    _ segments: [(reader: SegmentReader, deletions: DeletionBitmap?)], shouldStop: () -> Bool = { false }
  ) throws(SegmentError) -> [UInt8]? { try merge(segments, layout: PostingsLayout(), shouldStop: shouldStop) }

  static func merge(
    _ segments: [(reader: SegmentReader, deletions: DeletionBitmap?)], layout: PostingsLayout, shouldStop: () -> Bool = { false }
  ) throws(SegmentError) -> [UInt8]? {
    let maps = segments.map { liveNumbers($0.reader, $0.deletions) }
    var next: UInt32 = 0
    let bases = maps.map { map in
      defer { next += UInt32(map.count) }
      return next
    }
    var columns = SegmentColumns()
    for (segment, live) in zip(segments, maps) {
      for document in live.documents {
        if document % 1024 == 0, shouldStop() { return nil }
        let reader = segment.reader
        for start in reader.runStarts(document) { columns.addRun(start) }
        try columns.add(
          id: reader.id(document), lengthBytes: TextField.allCases.map { reader.lengthByte($0, document) },
          keywords: KeywordField.allCases.map { ($0, reader.keywords($0).values(document)) }.filter { !$0.values.isEmpty },
          numbers: { field in reader.number(field, document).map { UInt32($0) + 1 } ?? 0 },
          stored: try reader.stored(document))
      }
      // Without deletions the words are as many as before; otherwise they are counted.
      let isWhole = live.count == segment.reader.documents
      for field in TextField.allCases where isWhole { columns.addTotal(segment.reader.totalLength(field), Int(field.rawValue)) }
      if !isWhole { countWords(segment.reader, live, &columns) }
    }
    var serializer = SegmentSerializer(columns, layout: layout)
    var heads = segments.map { _ in 0 }
    var count = 0
    var list = PostingList()
    while let key = smallest(segments.map(\.reader), heads) {
      count += 1
      if count % 4096 == 0, shouldStop() { return nil }
      list.removeAll()
      for index in segments.indices where heads[index] < segments[index].reader.termCount {
        let reader = segments[index].reader
        guard isEqual(reader.key(heads[index]), key) else { continue }
        try append(reader, reader.term(heads[index]), maps[index], bases[index], &list)
        heads[index] += 1
      }
      if list.documents.count > 0 { try serializer.add(key, list) }
    }
    return serializer.finish()
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
        for (document, frequency) in zip(cursor.blockDocuments, cursor.blockFrequencies) where live.renumbered[Int(document)] != .max {
          words += UInt64(frequency)
        }
        cursor.nextBlock()
      }
      columns.addTotal(words, Int(field))
    }
  }

  private static func isEqual(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Bool {
    first.count == second.count && first.elementsEqual(second)
  }

  /// A segment's live documents: their numbers, and each old number's new one from 0 on (`UInt32.max` for a deleted document).
  private struct Live {
    var documents: [UInt32] = []
    var renumbered: [UInt32] = []
    var count: Int { documents.count }
  }

  private static func liveNumbers(_ reader: SegmentReader, _ deletions: DeletionBitmap?) -> Live {
    var live = Live()
    for document in 0..<UInt32(reader.documents) {
      if deletions?.contains(document) == true {
        live.renumbered.append(.max)
      } else {
        live.renumbered.append(UInt32(live.documents.count))
        live.documents.append(document)
      }
    }
    return live
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

  private static func append(
    _ reader: SegmentReader, _ term: SegmentReader.Term, _ live: Live, _ base: UInt32, _ list: inout PostingList
  ) throws(SegmentError) {
    let damage = Damage()
    var cursor = PostingsCursor(reader, term, damage)
    while cursor.document != PostingsCursor.end {
      let (documents, frequencies) = (cursor.blockDocuments, cursor.blockFrequencies)
      let gaps = term.hasPositions ? cursor.blockGaps() : []
      var gap = 0
      for index in documents.indices {
        let frequency = Int(frequencies[index])
        let number = live.renumbered[Int(documents[index])]
        if number != .max {
          list.documents.append(base + number)
          list.frequencies.append(frequencies[index])
          if term.hasPositions, gap + frequency <= gaps.count { for place in gap..<gap + frequency { list.gaps.append(gaps[place]) } }
        }
        gap += frequency
      }
      cursor.nextBlock()
    }
    try damage.check()
  }
}
