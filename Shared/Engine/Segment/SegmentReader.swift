import Platform

/// A segment, mapped. Every checksum is checked when it is opened; after that reading it cannot fail but for stored blocks.
public struct SegmentReader: Sendable {
  /// Its file's path or object name, for errors.
  public let subject: String
  public let documents: Int
  let termCount: Int
  private let terms, termBytes, termHash: Section
  let postings, positions: Section
  private let lengths, ids, stored: Section
  private let idOrder: PackedArray
  private let keywordFields: [KeywordColumn]
  private let numbers: [PackedArray]
  private let statistics: Section
  private let storedColumns: [PackedArray]
  private let firstRuns, runs: PackedArray
  private let storedBlocks: Int

  /// Maps the segment at `path`. Throws `SegmentError`; a file that cannot be opened is `corrupt`.
  public init(_ path: String) throws(SegmentError) {
    let file: MappedFile
    do throws(SystemError) { file = try MappedFile(path) } catch { throw .corrupt(subject: path, what: error.description) }
    let (sections, documents) = try SegmentFormat.open(file, subject: path)
    let empty = Section(owner: file, start: 0, count: 0)
    func section(_ part: SegmentFormat.Part) -> Section { sections[part] ?? empty }
    subject = path
    self.documents = documents
    terms = section(.terms)
    termBytes = section(.termBytes)
    termHash = section(.termHash)
    postings = section(.postings)
    positions = section(.positions)
    lengths = section(.lengths)
    ids = section(.ids)
    stored = section(.stored)
    statistics = section(.statistics)
    let hasShape =
      terms.count >= SegmentSerializer.termRowLength && terms.count % SegmentSerializer.termRowLength == 0 && termHash.count >= 16
      && (termHash.count / 8).nonzeroBitCount == 1 && lengths.count == documents * TextField.allCases.count
      && statistics.count == TextField.allCases.count * 8 && ids.count > documents * IndexedDocument.idLength && stored.count >= 12
    guard hasShape else { throw .corrupt(subject: path, what: "the lengths of its sections") }
    termCount = terms.count / SegmentSerializer.termRowLength - 1
    idOrder = PackedArray(ids, at: documents * IndexedDocument.idLength)
    var offset = 0
    keywordFields = KeywordField.allCases.map { _ in
      let keywords = section(.keywords)
      let length = Int(keywords.uint64(offset))
      defer { offset += 8 + length }
      return KeywordColumn(keywords.part(offset + 8, length))
    }
    offset = 0
    numbers = NumberField.allCases.map { _ in
      let array = PackedArray(section(.numbers), at: offset)
      offset += array.bytes
      return array
    }
    firstRuns = PackedArray(section(.runs))
    runs = PackedArray(section(.runs), at: firstRuns.bytes)
    storedBlocks = Int(stored.uint32(0))
    offset = 4 + (storedBlocks + 1) * 8
    let storedSection = stored
    storedColumns = (0..<3).map { _ in
      let array = PackedArray(storedSection, at: offset)
      offset += array.bytes
      return array
    }
    storedStart = offset
  }

  private let storedStart: Int

  // MARK: Terms

  /// A term's row of the dictionary.
  struct Term: Sendable, Hashable {
    let number: Int
    /// Documents that have it.
    let documents: Int
    let occurrences: UInt64
    fileprivate(set) var postings: Int
    fileprivate(set) var positions: Int
    let hasPositions: Bool
  }

  /// The bytes of a term's key, its field's number first; valid while the segment is mapped.
  func key(_ number: Int) -> UnsafeRawBufferPointer {
    let row = number * SegmentSerializer.termRowLength
    let (start, end) = (Int(terms.uint32(row)), Int(terms.uint32(row + SegmentSerializer.termRowLength)))
    return termBytes.raw(start, end - start)
  }

  func term(_ number: Int) -> Term {
    let row = number * SegmentSerializer.termRowLength
    return Term(
      number: number, documents: Int(terms.uint32(row + 4)), occurrences: terms.uint64(row + 24), postings: Int(terms.uint64(row + 8)),
      positions: Int(terms.uint64(row + 16)), hasPositions: termBytes.byte(Int(terms.uint32(row))) < 64)
  }

  /// The term with this key; nil when no document has it.
  func find(_ key: [UInt8]) -> Term? {
    let hash = xxh3(key)
    let mask = termHash.count / 8 - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let value = termHash.uint64(slot * 8)
      if value == 0 { return nil }
      if value >> 32 == hash >> 32 {
        let number = Int(truncatingIfNeeded: value & 0xFFFF_FFFF) - 1
        if self.key(number).elementsEqual(key) { return term(number) }
      }
      slot = (slot + 1) & mask
    }
  }

  /// The numbers of the terms whose keys begin with `prefix`.
  func terms(from prefix: [UInt8]) -> Range<Int> {
    func firstNumber(_ isBeyond: (UnsafeRawBufferPointer) -> Bool) -> Int {
      var (low, high) = (0, termCount)
      while low < high {
        let middle = (low + high) / 2
        if isBeyond(key(middle)) { high = middle } else { low = middle + 1 }
      }
      return low
    }
    let start = firstNumber { !$0.lexicographicallyPrecedes(prefix) }
    let end = firstNumber { !$0.lexicographicallyPrecedes(prefix) && !$0.starts(with: prefix) }
    return start..<max(start, end)
  }

  // MARK: Columns

  /// The words of all documents in a field.
  func totalLength(_ field: TextField) -> UInt64 { statistics.uint64(Int(field.rawValue) * 8) }
  func lengthByte(_ field: TextField, _ document: UInt32) -> UInt8 { lengths.byte(Int(field.rawValue) * documents + Int(document)) }
  func id(_ document: UInt32) -> [UInt8] { ids.copy(Int(document) * IndexedDocument.idLength, IndexedDocument.idLength) }
  func keywords(_ field: KeywordField) -> KeywordColumn { keywordFields[Int(field.rawValue)] }

  /// A document's number; nil when it has none.
  func number(_ field: NumberField, _ document: UInt32) -> Int64? {
    let value = numbers[Int(field.rawValue)][Int(document)]
    return value == 0 ? nil : Int64(value) - 1
  }

  /// The positions at which the runs of a document's body begin.
  func runStarts(_ document: UInt32) -> [UInt32] {
    (Int(firstRuns[Int(document)])..<Int(firstRuns[Int(document) + 1])).map { runs[$0] }
  }

  /// The document with this id, deleted or not.
  public func find(id: [UInt8]) -> UInt32? {
    var (low, high) = (0, idOrder.count)
    while low < high {
      let middle = (low + high) / 2
      if self.id(idOrder[middle]).lexicographicallyPrecedes(id) { low = middle + 1 } else { high = middle }
    }
    guard low < idOrder.count, self.id(idOrder[low]) == id else { return nil }
    return idOrder[low]
  }

  /// What was stored with a document. Throws `corrupt`.
  public func stored(_ document: UInt32) throws(SegmentError) -> [UInt8] {
    let index = Int(document)
    let block = Int(storedColumns[0][index])
    let (offset, length) = (Int(storedColumns[1][index]), Int(storedColumns[2][index]))
    if length == 0 { return [] }
    let (start, end) = (Int(stored.uint64(4 + block * 8)), Int(stored.uint64(12 + block * 8)))
    let bytes: [UInt8]
    do throws(Zstd.Corrupt) {
      bytes = try Zstd.decompress(stored.raw(storedStart + start, end - start), limit: StoredWriter.limit + 1)
    } catch {
      throw .corrupt(subject: subject, what: error.description)
    }
    guard offset + length <= bytes.count else { throw .corrupt(subject: subject, what: "the place of a stored document") }
    return Array(bytes[offset..<offset + length])
  }
}

/// The values of a keyword field: each document's as ordinals into the values in the order of their bytes.
struct KeywordColumn: Sendable {
  private let valueStarts, documentStarts, ordinals: PackedArray
  private let bytes: Section

  init(_ section: Section) {
    valueStarts = PackedArray(section)
    documentStarts = PackedArray(section, at: valueStarts.bytes)
    ordinals = PackedArray(section, at: valueStarts.bytes + documentStarts.bytes)
    let start = valueStarts.bytes + documentStarts.bytes + ordinals.bytes
    bytes = section.part(start, section.count - start)
  }

  /// Distinct values.
  var count: Int { valueStarts.count - 1 }
  func value(_ ordinal: UInt32) -> String {
    let start = Int(valueStarts[Int(ordinal)])
    return String(decoding: bytes.raw(start, Int(valueStarts[Int(ordinal) + 1]) - start), as: UTF8.self)
  }
  /// Calls `body` for each of a document's ordinals, ascending.
  func forEach(_ document: UInt32, _ body: (UInt32) -> Void) {
    for index in documentStarts[Int(document)]..<documentStarts[Int(document) + 1] { body(ordinals[Int(index)]) }
  }
  func values(_ document: UInt32) -> [String] {
    var values: [String] = []
    forEach(document) { values.append(value($0)) }
    return values
  }
}
