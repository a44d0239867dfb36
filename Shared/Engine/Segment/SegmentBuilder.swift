import Analysis

/// Documents in memory on their way into a segment.
public struct SegmentBuilder: ~Copyable {
  private let layout: PostingsLayout
  private var table = TermTable()
  private var places = DocumentPlaces()
  private var stemmer = Stemmer()
  private var columns: SegmentColumns
  private var keywords = KeywordField.allCases.map { _ in KeywordColumnWriter() }
  private let output: SegmentOutput
  private var next = [UInt32](repeating: 0, count: TextField.allCases.count)
  private var counts = [Int](repeating: 0, count: TextField.allCases.count)
  private var lengthBytes = [UInt8](repeating: 0, count: TextField.allCases.count)

  /// A builder of a small segment, whose file is made in memory.
  public init() { self.init(SegmentOutput(), layout: PostingsLayout()) }

  /// A builder whose file will be a new one at `path`; what it does not keep in memory goes to scratch files beside it. Throws `system`.
  public init(_ path: String) throws(SegmentError) { self.init(try SegmentOutput(path), layout: PostingsLayout()) }

  init(layout: PostingsLayout) { self.init(SegmentOutput(), layout: layout) }

  private init(_ output: consuming SegmentOutput, layout: PostingsLayout) {
    self.layout = layout
    columns = SegmentColumns(output.folder)
    self.output = output
  }

  /// Documents so far.
  public var documents: Int { columns.documents }
  /// The least that it makes sense to allow for `bytes`: below it, what a builder takes without any documents would weigh too much.
  public static let leastMemory = 8 << 20

  /// Bytes of memory that the documents take and finishing the segment will: whoever finishes it when they are over a bound holds to that bound, but for
  /// the last document.
  public var bytes: Int { Self.fixedBytes + table.bytes + places.bytes + keywords.reduce(0) { $0 + $1.bytes } }

  /// What the buffers of spools take, about.
  private static let fixedBytes = 3 << 20

  /// Adds a document; its id must not be in the segment yet. Throws `tooLarge`, after which the builder must be thrown away.
  public mutating func add(_ document: IndexedDocument) throws(SegmentError) {
    guard documents < SegmentFormat.maxDocuments else {
      throw .tooLarge(what: "the documents of a segment", limit: SegmentFormat.maxDocuments)
    }
    guard places.end < DocumentPlaces.limit else { throw .tooLarge(what: "the words of a segment", limit: Int(DocumentPlaces.limit)) }
    for field in next.indices { (next[field], counts[field]) = (0, 0) }
    for run in document.texts {
      let field = Int(run.field.rawValue)
      let start = next[field]
      if run.field == .body { try columns.addRun(start) }
      let (end, added) = add(run, from: start)
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
    for (field, values) in Self.keywords(document) {
      keywords[Int(field.rawValue)].add(values, document: documents)
      for value in values { table.add(SegmentSerializer.prefix(field), value.utf8.span, at: places.end) }
    }
    places.add(positions: next.reduce(0, max))
    try columns.add(
      id: document.id, lengthBytes: lengthBytes,
      numbers: { field in
        guard !document.numbers.isEmpty, let value = document.numbers[field] else { return 0 }
        precondition((0..<Int64(UInt32.max)).contains(value), "a number field holds 0 ..< 2³² − 1")
        return UInt32(value) + 1
      }, stored: document.stored)
  }

  /// Adds the terms of a run; the position after its last word, and how many terms there were.
  private mutating func add(_ run: IndexedDocument.Text, from start: UInt32) -> (end: UInt32, terms: Int) {
    let (analyzer, field, first) = (Analyzer(language: run.language), run.field.rawValue, places.end)
    if run.field == .stems {
      var terms = 0
      let end = analyzer.forEachStem(in: run.text.utf8.span, from: start, &stemmer) { term, token in
        table.add(field, term, at: first &+ token.position)
        terms += 1
      }
      return (end, terms)
    }
    let end = analyzer.forEachTerm(
      in: run.text.utf8.span, from: start,
      short: { terms, position in
        for index in terms.indices { table.add(field, terms[index], at: first &+ position &+ UInt32(truncatingIfNeeded: index)) }
      }, other: { term, position in table.add(field, term, at: first &+ position) })
    return (end, Int(end - start))
  }

  /// Positions lie below, so that frequencies and gaps do.
  private static let positionLimit: UInt32 = 1 << 28

  /// A document's values, each once, of each field that has any.
  private static func keywords(_ document: IndexedDocument) -> [(field: KeywordField, values: [String])] {
    if document.keywords.isEmpty { return [] }
    return KeywordField.allCases.compactMap { field in
      var seen: Set<String> = []
      let values = document.keywords.compactMap { $0.field == field && seen.insert($0.value).inserted ? $0.value : nil }
      return values.isEmpty ? nil : (field, values)
    }
  }

  /// Writes the segment's file; the bytes of one that is made in memory. Throws `SegmentError`; part of the file may have been written then.
  public consuming func finish() throws(SegmentError) -> [UInt8] { try write().memory }

  /// The same for a file at a path: its length.
  public consuming func finishFile() throws(SegmentError) -> Int { try write().count }

  private consuming func write() throws(SegmentError) -> SegmentOutput {
    table.settle()
    var section = Spool<UInt8>(output.folder)
    let documents = documents
    for field in keywords { try field.write(documents, into: &section) }
    var serializer = SegmentSerializer(try columns.finish(), to: output, layout: layout)
    var list = PostingList()
    var occurrences = Growable<UInt32>()
    let finder = places.finder()
    for term in table.sorted() {
      table.read(term, into: &occurrences)
      finder.split(occurrences, into: &list)
      try serializer.begin(table.key(term), documents: list.documents.count)
      try serializer.take(&list, isLast: true)
    }
    return try serializer.finish(keywords: try section.finish())
  }
}
