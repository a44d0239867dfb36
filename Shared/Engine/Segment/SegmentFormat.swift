import Platform

/// The frame of a segment's file (docs/FORMAT.md): magic, version, sections, a table of the sections with a checksum each, and a footer.
enum SegmentFormat {
  static let magic: UInt32 = 0x4753_4843  // "CHSG"
  static let version: UInt32 = 1
  /// Documents in a segment.
  static let maxDocuments = 1 << 28
  /// A file has magic u32 and version u32 in front.
  static let headerLength = 8
  /// A section begins at a multiple of this.
  static let alignment = 64
  /// A section's row of the table: number u32, zero u32, offset u64, length u64, XXH3-64 of its bytes u64.
  static let rowLength = 32
  /// After the table: documents u32, rows u32, XXH3-64 of table and counts u64, magic u32, version u32.
  static let footerLength = 24

  /// The sections; raw values are the numbers on disk.
  enum Part: UInt32, CaseIterable {
    case terms = 1
    case termBytes = 2
    case termHash = 3
    case postings = 4
    case positions = 5
    case lengths = 6
    case keywords = 7
    case numbers = 8
    case ids = 9
    case stored = 10
    case statistics = 11
    case runs = 12
    case impacts = 13
    case storedBlocks = 14
    case pages = 15

    /// Those that grow with the text: their checksums may be left until they are read, page by page, and every offset read from them is checked where it
    /// is used.
    static let large: [Part] = [.postings, .positions, .storedBlocks]
    var isLarge: Bool { Self.large.contains(self) }
  }

  /// Puts a file together, section by section.
  struct Assembler: ~Copyable {
    private var output: SegmentOutput
    private var rows: [Part: [UInt8]] = [:]
    private var pages: [Part: [UInt8]] = [:]

    init(_ output: consuming SegmentOutput) throws(SegmentError) {
      self.output = output
      var header: [UInt8] = []
      header.append(little: SegmentFormat.magic)
      header.append(little: SegmentFormat.version)
      try self.output.append(header)
    }

    mutating func add(_ part: Part, _ bytes: UnsafeRawBufferPointer) throws(SegmentError) {
      let rest = output.count % SegmentFormat.alignment
      if rest > 0 { try output.append([UInt8](repeating: 0, count: SegmentFormat.alignment - rest)) }
      var row: [UInt8] = []
      row.append(little: part.rawValue)
      row.append(little: UInt32(0))
      row.append(little: UInt64(output.count))
      row.append(little: UInt64(bytes.count))
      row.append(little: xxh3(bytes))
      rows[part] = row
      if part.isLarge { pages[part] = PageChecks.sums(bytes) }
      try output.append(bytes)
    }

    mutating func add(_ part: Part, _ bytes: [UInt8]) throws(SegmentError) {
      try bytes.span.bytes.withUnsafeBytes { bytes throws(SegmentError) in try add(part, bytes) }
    }

    mutating func add<Element>(_ part: Part, _ spooled: Spooled<Element>) throws(SegmentError) {
      try spooled.withBytes { bytes throws(SegmentError) in try add(part, bytes) }
    }

    /// The whole file; every section but that of the pages must have been added.
    consuming func finish(documents: Int) throws(SegmentError) -> SegmentOutput {
      try add(.pages, Part.large.flatMap { pages[$0] ?? [] })
      var table: [UInt8] = []
      for part in Part.allCases { table += rows[part] ?? [] }
      precondition(table.count == Part.allCases.count * SegmentFormat.rowLength, "a segment has every section")
      table.append(little: UInt32(documents))
      table.append(little: UInt32(Part.allCases.count))
      let checksum = xxh3(table)
      table.append(little: checksum)
      table.append(little: SegmentFormat.magic)
      table.append(little: SegmentFormat.version)
      try output.append(table)
      return output
    }
  }

  /// The sections of a mapped file, checksums checked as asked. Throws `SegmentError`.
  static func open(
    _ file: MappedFile, subject: String, _ checksums: SegmentReader.Checksums
  ) throws(SegmentError) -> (sections: [Part: Section], documents: Int) {
    let (rows, documents) = try table(file, subject: subject)
    var sections: [Part: Section] = [:]
    for (part, row) in rows {
      if checksums == .all || !part.isLarge { try check(row, part, subject) }
      sections[part] = row.section
    }
    return (sections, documents)
  }

  /// Checks the checksum of every section. Throws `SegmentError`.
  static func checkAll(_ file: MappedFile, subject: String) throws(SegmentError) {
    for (part, row) in try table(file, subject: subject).rows { try check(row, part, subject) }
  }

  private struct Row {
    let section: Section
    let checksum: UInt64
  }

  private static func check(_ row: Row, _ part: Part, _ subject: String) throws(SegmentError) {
    guard xxh3(row.section.raw(0, row.section.count)) == row.checksum else {
      throw .corrupt(subject: subject, what: "the checksum of its section \(part)")
    }
  }

  private static func table(_ file: MappedFile, subject: String) throws(SegmentError) -> (rows: [(Part, Row)], documents: Int) {
    func fail(_ what: String) -> SegmentError { .corrupt(subject: subject, what: what) }
    let whole = Section(owner: file, start: 0, count: file.bytes.count)
    guard whole.count >= headerLength + footerLength else { throw fail("it has only \(whole.count) bytes") }
    guard whole.uint32(0) == magic else { throw .foreign(subject: subject) }
    guard whole.uint32(4) <= version else { throw .tooNew(subject: subject, version: whole.uint32(4)) }
    guard whole.uint32(4) == version else { throw fail("its version is \(whole.uint32(4))") }
    let end = whole.count
    guard whole.uint32(end - 8) == magic, whole.uint32(end - 4) == version else { throw fail("its end is missing") }
    let documents = Int(whole.uint32(end - 24))
    let count = Int(whole.uint32(end - 20))
    guard count == Part.allCases.count, end >= headerLength + count * rowLength + footerLength else {
      throw fail("its table has \(count) rows")
    }
    let start = end - footerLength - count * rowLength
    guard xxh3(whole.raw(start, count * rowLength + 8)) == whole.uint64(end - 16) else { throw fail("the checksum of its table") }
    guard documents <= maxDocuments else { throw fail("it claims \(documents) documents") }
    var rows: [(Part, Row)] = []
    for (index, part) in Part.allCases.enumerated() {
      let row = start + index * rowLength
      let (offset, length) = (whole.uint64(row + 8), whole.uint64(row + 16))
      guard whole.uint32(row) == part.rawValue, offset % UInt64(alignment) == 0, offset <= UInt64(start), length <= UInt64(start) - offset
      else { throw fail("the place of its section \(part)") }
      rows.append((part, Row(section: whole.part(Int(offset), Int(length)), checksum: whole.uint64(row + 24))))
    }
    return (rows, documents)
  }
}
