/// Several segments → one without their deleted documents, in the order given.
public enum SegmentMerger {
  /// The bytes of the merged segment's file. Throws `SegmentError`.
  ///
  /// - Parameter shouldStop: asked now and then; true ends the work with nil.
  public static func merge(
    _ segments: [(reader: SegmentReader, deletions: DeletionBitmap?)], shouldStop: () -> Bool = { false }
  ) throws(SegmentError) -> [UInt8]? {
    let maps = segments.map { liveNumbers($0.reader, $0.deletions) }
    var next: UInt32 = 0
    let bases = maps.map { map in
      defer { next += UInt32(map.count) }
      return next
    }
    let documents = Int(next)
    var columns = SegmentSerializer.Columns()
    columns.totals = TextField.allCases.map { _ in 0 }
    columns.keywords = KeywordField.allCases.map { _ in [] }
    columns.numbers = NumberField.allCases.map { _ in [] }
    var lengths: [[UInt8]] = TextField.allCases.map { _ in [] }
    for (segment, live) in zip(segments, maps) {
      for document in live.documents {
        if document % 1024 == 0, shouldStop() { return nil }
        columns.ids.append(segment.reader.id(document))
        for field in TextField.allCases { lengths[Int(field.rawValue)].append(segment.reader.lengthByte(field, document)) }
        for field in KeywordField.allCases { columns.keywords[Int(field.rawValue)].append(segment.reader.keywords(field).values(document)) }
        for field in NumberField.allCases {
          columns.numbers[Int(field.rawValue)].append(segment.reader.number(field, document).map { UInt32($0) + 1 } ?? 0)
        }
        try columns.stored.add(try segment.reader.stored(document))
        for start in segment.reader.runStarts(document) { columns.runs.append(start) }
        columns.runs.endDocument()
      }
    }
    var serializer = SegmentSerializer(documents: documents, lengths: lengths)
    var heads = segments.map { _ in 0 }
    var count = 0
    while let key = smallest(segments.map(\.reader), heads) {
      count += 1
      if count % 4096 == 0, shouldStop() { return nil }
      var list = PostingList()
      for index in segments.indices where heads[index] < segments[index].reader.termCount {
        let reader = segments[index].reader
        guard reader.key(heads[index]).elementsEqual(key) else { continue }
        append(reader, reader.term(heads[index]), maps[index], bases[index], &list)
        heads[index] += 1
      }
      if list.documents.isEmpty { continue }
      if key[0] < UInt8(TextField.allCases.count) {
        columns.totals[Int(key[0])] += list.frequencies.reduce(UInt64(0)) { $0 + UInt64($1) }
      }
      try serializer.add(key, list)
    }
    return serializer.finish(columns)
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

  /// The smallest key that any segment has at its head.
  private static func smallest(_ readers: [SegmentReader], _ heads: [Int]) -> [UInt8]? {
    var best: UnsafeRawBufferPointer?
    for (reader, head) in zip(readers, heads) where head < reader.termCount {
      let key = reader.key(head)
      if best.map({ key.lexicographicallyPrecedes($0) }) ?? true { best = key }
    }
    return best.map { [UInt8]($0) }
  }

  private static func append(_ reader: SegmentReader, _ term: SegmentReader.Term, _ live: Live, _ base: UInt32, _ list: inout PostingList) {
    var cursor = PostingsCursor(reader, term)
    while cursor.document != PostingsCursor.end {
      let number = live.renumbered[Int(cursor.document)]
      if number != .max {
        list.documents.append(base + number)
        list.frequencies.append(cursor.frequency)
        if term.hasPositions { list.gaps.append(contentsOf: cursor.currentGaps()) }
      }
      cursor.next()
    }
  }
}
