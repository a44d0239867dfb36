import Analysis

/// Documents in memory on their way into a segment.
public struct SegmentBuilder: ~Copyable {
  private let layout: PostingsLayout
  private var table = TermTable()
  private var stemmer = Stemmer()
  private var columns = SegmentColumns()
  private var next = [UInt32](repeating: 0, count: TextField.allCases.count)
  private var counts = [Int](repeating: 0, count: TextField.allCases.count)
  private var lengthBytes = [UInt8](repeating: 0, count: TextField.allCases.count)

  public init() { self.init(layout: PostingsLayout()) }

  init(layout: PostingsLayout) { self.layout = layout }

  /// Documents so far.
  public var documents: Int { columns.documents }
  /// About how many bytes of memory the documents take; finishing takes about as much again for the file.
  public var bytes: Int { table.bytes + columns.bytes }

  /// Adds a document; its id must not be in the segment yet. Throws `tooLarge`, after which the builder must be thrown away.
  public mutating func add(_ document: IndexedDocument) throws(SegmentError) {
    guard documents < SegmentFormat.maxDocuments else {
      throw .tooLarge(what: "the documents of a segment", limit: SegmentFormat.maxDocuments)
    }
    let number = UInt32(documents)
    for field in next.indices { (next[field], counts[field]) = (0, 0) }
    for run in document.texts {
      let field = Int(run.field.rawValue)
      let start = next[field]
      if run.field == .body { columns.addRun(start) }
      let (end, added) = add(run, document: number, from: start)
      guard end < Self.positionLimit else { throw .tooLarge(what: "the words of a document", limit: Int(Self.positionLimit)) }
      guard table.occurrenceBytes < TermTable.limit else { throw .tooLarge(what: "the words of a segment", limit: TermTable.limit) }
      counts[field] += added
      // One position is left out, so that no phrase crosses from one run to the next.
      if end > start { next[field] = end + 1 }
    }
    for field in counts.indices {
      lengthBytes[field] = LengthByte.encode(counts[field])
      columns.addTotal(UInt64(counts[field]), field)
    }
    for field in KeywordField.allCases {
      for value in Self.values(document, field) {
        table.add(SegmentSerializer.prefix(field), value.utf8.span, document: number, position: 0)
      }
    }
    try columns.add(
      id: document.id, lengthBytes: lengthBytes, keywords: { Self.values(document, $0) },
      numbers: { field in
        guard let value = document.numbers[field] else { return 0 }
        precondition((0..<Int64(UInt32.max)).contains(value), "a number field holds 0 ..< 2³² − 1")
        return UInt32(value) + 1
      }, stored: document.stored)
  }

  /// Adds the terms of a run; the position after its last word, and how many terms there were.
  private mutating func add(_ run: IndexedDocument.Text, document: UInt32, from start: UInt32) -> (end: UInt32, terms: Int) {
    let (analyzer, field) = (Analyzer(language: run.language), run.field.rawValue)
    if run.field == .stems {
      var terms = 0
      let end = analyzer.forEachStem(in: run.text.utf8.span, from: start, &stemmer) { term, token in
        table.add(field, term, document: document, position: token.position)
        terms += 1
      }
      return (end, terms)
    }
    let end = analyzer.forEachToken(in: run.text.utf8.span, from: start) { term, token in
      table.add(field, term, document: document, position: token.position)
    }
    return (end, Int(end - start))
  }

  /// Positions lie below, so that frequencies and gaps do.
  private static let positionLimit: UInt32 = 1 << 28

  /// A document's values of a field, each once.
  private static func values(_ document: IndexedDocument, _ field: KeywordField) -> [String] {
    var seen: Set<String> = []
    return document.keywords.compactMap { $0.field == field && seen.insert($0.value).inserted ? $0.value : nil }
  }

  /// The bytes of the segment's file.
  public consuming func finish() throws(SegmentError) -> [UInt8] {
    table.settle()
    var serializer = SegmentSerializer(columns, layout: layout)
    var list = PostingList()
    for term in table.sorted() {
      table.read(term, into: &list)
      try serializer.add(table.key(term), list)
    }
    return serializer.finish()
  }
}
