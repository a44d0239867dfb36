import Analysis
import Platform

/// Documents in memory on their way into a segment.
public struct SegmentBuilder {
  private var table = TermTable()
  private var columns = SegmentSerializer.Columns()
  private var lengths: [[UInt8]]
  private var positionCount = 0

  public init() {
    lengths = TextField.allCases.map { _ in [] }
    columns.totals = TextField.allCases.map { _ in 0 }
    columns.keywords = KeywordField.allCases.map { _ in [] }
    columns.numbers = NumberField.allCases.map { _ in [] }
  }

  /// Documents so far.
  public var documents: Int { columns.ids.count }
  /// About how many bytes of memory the documents take.
  public var bytes: Int { columns.stored.bytes + positionCount * 12 + table.count * 160 + documents * 400 }

  /// Adds a document; its id must not be in the segment yet. Throws `tooLarge`, after which the builder must be thrown away.
  public mutating func add(_ document: IndexedDocument) throws(SegmentError) {
    guard documents < SegmentFormat.maxDocuments else {
      throw .tooLarge(what: "the documents of a segment", limit: SegmentFormat.maxDocuments)
    }
    let number = UInt32(documents)
    columns.ids.append(document.id)
    var next = [UInt32](repeating: 0, count: TextField.allCases.count)
    var counts = [Int](repeating: 0, count: next.count)
    for run in document.texts {
      let field = Int(run.field.rawValue)
      let start = next[field]
      if run.field == .body { columns.runs.append(start) }
      let end = Analyzer(language: run.language).forEachToken(in: Array(run.text.utf8).span, from: start) { term, token in
        table.add(run.field.rawValue, term, document: number, position: token.position)
      }
      guard end < UInt32.max - 1 else { throw .tooLarge(what: "the words of a document", limit: Int(UInt32.max)) }
      counts[field] += Int(end - start)
      // One position is left out, so that no phrase crosses from one run to the next.
      if end > start { next[field] = end + 1 }
    }
    columns.runs.endDocument()
    for field in TextField.allCases.indices {
      lengths[field].append(LengthByte.encode(counts[field]))
      columns.totals[field] += UInt64(counts[field])
      positionCount += counts[field]
    }
    for field in KeywordField.allCases {
      let values = Set(document.keywords.filter { $0.field == field }.map(\.value)).sorted()
      columns.keywords[Int(field.rawValue)].append(values)
      for value in values { table.add(SegmentSerializer.prefix(field), Array(value.utf8).span, document: number, position: 0) }
    }
    for field in NumberField.allCases {
      let value = document.numbers[field]
      precondition(value.map { (0..<Int64(UInt32.max)).contains($0) } ?? true, "a number field holds 0 ..< 2³² − 1")
      columns.numbers[Int(field.rawValue)].append(value.map { UInt32($0) + 1 } ?? 0)
    }
    try columns.stored.add(document.stored)
  }

  /// The bytes of the segment's file.
  public consuming func finish() throws(SegmentError) -> [UInt8] {
    var serializer = SegmentSerializer(documents: documents, lengths: lengths)
    for term in table.sorted() { try serializer.add(table.key(term), table.list(term)) }
    return serializer.finish(columns)
  }
}

/// The terms of the documents in memory: an open-addressed table over one array of key bytes.
private struct TermTable {
  private var slots = [UInt32](repeating: 0, count: 1 << 12)
  private var keys: [UInt8] = []
  private var ends: [Int] = []
  private var hashes: [UInt64] = []
  private var lists: [PostingList] = []
  private var lastPositions: [UInt32] = []
  private var scratch: [UInt8] = []

  var count: Int { ends.count }

  func key(_ term: Int) -> [UInt8] { Array(keys[range(term)]) }
  func list(_ term: Int) -> PostingList { lists[term] }
  private func range(_ term: Int) -> Range<Int> { (term == 0 ? 0 : ends[term - 1])..<ends[term] }

  /// The terms in the order of their keys' bytes.
  func sorted() -> [Int] {
    ends.indices.sorted { keys[range($0)].lexicographicallyPrecedes(keys[range($1)]) }
  }

  /// Notes one occurrence. Documents and, in a document, positions come ascending; a keyword comes once a document.
  mutating func add(_ field: UInt8, _ term: Span<UInt8>, document: UInt32, position: UInt32) {
    scratch.removeAll(keepingCapacity: true)
    scratch.append(field)
    for index in term.indices { scratch.append(term[index]) }
    let number = find(xxh3(scratch))
    if lists[number].documents.last == document {
      lists[number].frequencies[lists[number].frequencies.count - 1] += 1
      lists[number].gaps.append(position - lastPositions[number])
    } else {
      lists[number].documents.append(document)
      lists[number].frequencies.append(1)
      lists[number].gaps.append(position)
    }
    lastPositions[number] = position
  }

  /// The number of the term in `scratch`, new or old.
  private mutating func find(_ hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
    while slots[slot] != 0 {
      let term = Int(slots[slot]) - 1
      if hashes[term] == hash, keys[range(term)].elementsEqual(scratch) { return term }
      slot = (slot + 1) & (slots.count - 1)
    }
    slots[slot] = UInt32(ends.count + 1)
    keys.append(contentsOf: scratch)
    ends.append(keys.count)
    hashes.append(hash)
    lists.append(PostingList())
    lastPositions.append(0)
    if ends.count * 2 > slots.count { grow() }
    return ends.count - 1
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 2)
    for (term, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & (slots.count - 1)
      while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = UInt32(term + 1)
    }
  }
}
