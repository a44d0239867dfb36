import Platform

/// The frame of a segment's file (docs/FORMAT.md): magic, version, sections, a table of the sections with a checksum each, and a footer.
enum SegmentFormat {
  static let magic: UInt32 = 0x4753_4843  // "CHSG"
  static let version: UInt32 = 1
  /// Documents in a segment.
  static let maxDocuments = 1 << 28
  /// A file has magic u32 and version u32 in front.
  static let headerLength = 8
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
  }

  /// The file of the given sections.
  static func assemble(_ sections: [Part: [UInt8]], documents: Int) -> [UInt8] {
    var file: [UInt8] = []
    file.reserveCapacity(sections.values.reduce(1024) { $0 + $1.count + 16 })
    file.append(little: magic)
    file.append(little: version)
    var table: [UInt8] = []
    for part in Part.allCases {
      let bytes = sections[part] ?? []
      while file.count % 8 != 0 { file.append(0) }
      table.append(little: part.rawValue)
      table.append(little: UInt32(0))
      table.append(little: UInt64(file.count))
      table.append(little: UInt64(bytes.count))
      table.append(little: xxh3(bytes))
      file.append(contentsOf: bytes)
    }
    table.append(little: UInt32(documents))
    table.append(little: UInt32(Part.allCases.count))
    file.append(contentsOf: table)
    file.append(little: xxh3(table))
    file.append(little: magic)
    file.append(little: version)
    return file
  }

  /// The sections of a mapped file, every checksum checked. Throws `SegmentError`.
  static func open(_ file: MappedFile, subject: String) throws(SegmentError) -> (sections: [Part: Section], documents: Int) {
    func fail(_ what: String) -> SegmentError { .corrupt(subject: subject, what: what) }
    let whole = Section(owner: file, start: 0, count: file.bytes.count)
    guard whole.count >= headerLength + footerLength else { throw fail("it has only \(whole.count) bytes") }
    guard whole.uint32(0) == magic else { throw .foreign(subject: subject) }
    guard whole.uint32(4) <= version else { throw .tooNew(subject: subject, version: whole.uint32(4)) }
    guard whole.uint32(4) == version else { throw fail("its version is \(whole.uint32(4))") }
    let end = whole.count
    guard whole.uint32(end - 8) == magic, whole.uint32(end - 4) == version else { throw fail("its end is missing") }
    let documents = Int(whole.uint32(end - 24))
    let rows = Int(whole.uint32(end - 20))
    guard rows == Part.allCases.count, end >= headerLength + rows * rowLength + footerLength else {
      throw fail("its table has \(rows) rows")
    }
    let tableStart = end - footerLength - rows * rowLength
    guard xxh3(whole.raw(tableStart, rows * rowLength + 8)) == whole.uint64(end - 16) else { throw fail("the checksum of its table") }
    guard documents <= maxDocuments else { throw fail("it claims \(documents) documents") }
    var sections: [Part: Section] = [:]
    for (index, part) in Part.allCases.enumerated() {
      let row = tableStart + index * rowLength
      let (offset, length) = (whole.uint64(row + 8), whole.uint64(row + 16))
      guard whole.uint32(row) == part.rawValue, offset <= UInt64(tableStart), length <= UInt64(tableStart) - offset else {
        throw fail("the place of its section \(part)")
      }
      let section = whole.part(Int(offset), Int(length))
      guard xxh3(section.raw(0, section.count)) == whole.uint64(row + 24) else { throw fail("the checksum of its section \(part)") }
      sections[part] = section
    }
    return (sections, documents)
  }
}
