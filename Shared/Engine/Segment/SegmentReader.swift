import CKernels
import Platform

/// A segment, mapped. Reading it fails with `corrupt` where a checksum that was left out when it was opened would have.
public final class SegmentReader: Sendable {
  /// Its file's path or object name, for errors.
  public let subject: String
  public let documents: Int
  let termCount: Int
  private let file: MappedFile
  private let terms, termBytes, termHash: Section
  let postings, positions: Section
  private let lengths, ids, stored, storedBlocks: Section
  /// Where each text field's length bytes begin; nil when the field has no words.
  private let lengthStarts: [Int?]
  /// For each text field, what its 256 codes of impacts stand for; a code that is not in the book allows everything.
  let impactValues: [FloatTable]
  /// What all ids begin with.
  private let commonID: [UInt8]
  /// The same as two words, and a mask of what is not common.
  private let commonWords, ownID: (upper: UInt64, lower: UInt64)
  private let idOrder: PackedArray
  private let keywordFields: [KeywordColumn]
  private let numbers: [PackedArray]
  private let statistics: Section
  /// The words of all documents in all fields.
  let words: Int
  private let storedColumns: [PackedArray]
  private let fewestRuns: UInt32
  private let firstRuns, runs: PackedArray

  /// Which checksums are checked when a segment is opened.
  public enum Checksums: Sendable {
    case all
    /// All but those of the sections that grow with the text (postings, positions, stored documents): their pages are checked when they are first read.
    /// Opening then reads little of a large file; damage is met, as `corrupt`, by the first search that would read it.
    case directory
  }

  private let postingsPages, positionsPages, storedPages: PageChecks

  /// Maps the segment at `path`. Throws `SegmentError`; a file that cannot be opened is `corrupt`.
  public init(_ path: String, checksums: Checksums = .all) throws(SegmentError) {
    do throws(SystemError) { file = try MappedFile(path) } catch { throw .corrupt(subject: path, what: error.description) }
    let (sections, documents) = try SegmentFormat.open(file, subject: path, checksums)
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
    storedBlocks = section(.storedBlocks)
    statistics = section(.statistics)
    let ranges = (documents + PostingsLayout.range - 1) / PostingsLayout.range
    let hasShape =
      terms.count >= SegmentSerializer.termRowLength && terms.count % SegmentSerializer.termRowLength == 0 && termHash.count >= 8
      && (termHash.count / 4).nonzeroBitCount == 1 && statistics.count == TextField.allCases.count * 8
      && ids.count >= IndexedDocument.idLength && ids.byte(0) < IndexedDocument.idLength && stored.count >= 12
      && postings.count >= Int(CHANCERY_PADDING)
      && positions.count >= Int(CHANCERY_PADDING)
    guard hasShape else { throw .corrupt(subject: path, what: "the lengths of its sections") }
    var firstPage = 0
    let pages = section(.pages)
    let large = SegmentFormat.Part.large.map { part in
      defer { firstPage += PageChecks.count(section(part).count) }
      return (part: section(part), first: firstPage)
    }
    guard pages.count == firstPage * 8 else { throw .corrupt(subject: path, what: "the lengths of its sections") }
    let checks = large.map { part, first in
      PageChecks(part, sums: pages.part(first * 8, PageChecks.count(part.count) * 8), isGood: checksums == .all)
    }
    (postingsPages, positionsPages, storedPages) = (checks[0], checks[1], checks[2])
    termCount = terms.count / SegmentSerializer.termRowLength - 1
    var offset = 0
    var (starts, wordCount): ([Int?], Int) = ([], 0)
    for field in TextField.allCases {
      let own = Int(clamping: statistics.uint64(Int(field.rawValue) * 8))
      let isKept = own > 0
      wordCount = wordCount.addingReportingOverflow(own).overflow ? .max : wordCount + own
      starts.append(isKept ? offset : nil)
      if isKept { offset += ranges * PostingsLayout.range }
    }
    lengthStarts = starts
    words = wordCount
    guard lengths.count == offset else { throw .corrupt(subject: path, what: "the lengths of its sections") }
    impactValues = Self.impactValues(section(.impacts))
    commonID = ids.copy(1, Int(ids.byte(0)))
    var (common, own): ((upper: UInt64, lower: UInt64), (upper: UInt64, lower: UInt64)) = ((0, 0), (0, 0))
    for index in 0..<8 {
      let shift = UInt64(56 - 8 * index)
      if index < commonID.count { common.upper |= UInt64(commonID[index]) << shift } else { own.upper |= 0xFF << shift }
      if index + 8 < commonID.count { common.lower |= UInt64(commonID[index + 8]) << shift } else { own.lower |= 0xFF << shift }
    }
    (commonWords, ownID) = (common, own)
    idOrder = PackedArray(ids, at: IndexedDocument.idLength + documents * (IndexedDocument.idLength - commonID.count))
    offset = 0
    keywordFields = KeywordField.allCases.map { _ in
      let keywords = section(.keywords)
      guard offset < keywords.count else { return KeywordColumn() }
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
    fewestRuns = section(.runs).uint32(0)
    firstRuns = PackedArray(section(.runs), at: 4)
    runs = PackedArray(section(.runs), at: 4 + firstRuns.bytes)
    offset = 4 + (Int(stored.uint32(0)) + 1) * 8
    let storedSection = stored
    storedColumns = (0..<3).map { _ in
      let array = PackedArray(storedSection, at: offset)
      offset += array.bytes
      return array
    }
  }

  private static func impactValues(_ section: Section) -> [FloatTable] {
    var offset = 0
    return TextField.allCases.map { _ in
      let count = Int(section.uint32(offset))
      defer { offset += 4 + count * 4 }
      return FloatTable((0..<256).map { $0 < count ? Float(bitPattern: section.uint32(offset + 4 + $0 * 4)) : 1 })
    }
  }

  /// Checks every checksum. Throws `SegmentError`.
  func checkAll() throws(SegmentError) { try SegmentFormat.checkAll(file, subject: subject) }

  // MARK: Terms

  /// A term's row of the dictionary.
  struct Term: Sendable, Hashable {
    let number: Int
    /// Documents that have it.
    let documents: Int
    let postings: Int
    let positions: Int
    let isDense: Bool
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
    let upper = terms.byte(row + 16)
    return Term(
      number: number, documents: Int(terms.uint32(row + 4)),
      postings: Int(terms.uint32(row + 8)) | Int(upper & ~SegmentSerializer.denseFlag) << 32,
      positions: Int(terms.uint32(row + 12)) | Int(terms.byte(row + 17)) << 32,
      isDense: upper & SegmentSerializer.denseFlag != 0, hasPositions: termBytes.byte(Int(terms.uint32(row))) < 64)
  }

  /// Checks that what is kept of a term in `postings` is as it was written. Throws `corrupt`.
  func checkPostings(_ term: Term) throws(SegmentError) {
    let end = term.number + 1 < termCount ? self.term(term.number + 1).postings : postings.count
    guard term.postings <= end, end <= postings.count, postingsPages.check(term.postings..<end) else {
      throw .corrupt(subject: subject, what: "a term's postings")
    }
  }

  /// The same in `positions`.
  func checkPositions(_ term: Term) throws(SegmentError) {
    let end = term.number + 1 < termCount ? self.term(term.number + 1).positions : positions.count
    guard term.positions <= end, end <= positions.count, positionsPages.check(term.positions..<end) else {
      throw .corrupt(subject: subject, what: "a term's positions")
    }
  }

  /// The term with this key; nil when no document has it.
  func find(_ key: [UInt8]) -> Term? { key.withUnsafeBytes { find($0) } }

  /// Finds some terms, given by a field's number and a term: what each touches in memory is asked for before any of it is waited for.
  func find(_ count: Int, _ key: (Int) -> (field: UInt8, term: [UInt8]), _ body: (Int, Term?) -> Void) {
    if count == 1 { return body(0, Self.withKey(key(0).field, key(0).term) { find($0) }) }
    withUnsafeTemporaryAllocation(of: Int.self, capacity: count) { slots in
      for index in 0..<count {
        let (field, term) = key(index)
        slots[index] = Self.withKey(field, term) { firstSlot($0) }
        termHash.ask(slots[index] * 4, 4)
      }
      let length = SegmentSerializer.termRowLength
      // A row, the next one's start, and where its postings begin.
      for index in 0..<count { terms.ask((Int(termHash.uint32(slots[index] * 4)) - 1) * length, 3 * length) }
      for index in 0..<count {
        let number = Int(termHash.uint32(slots[index] * 4)) - 1
        guard number >= 0 else { continue }
        let row = number * length
        termBytes.ask(Int(terms.uint32(row)), Self.leastAsked)
        let first = term(number)
        if !first.isDense {
          postings.ask(first.postings, min(Self.mostAsked, first.documents / PostingsLayout.block * 4 + Self.leastAsked))
        }
      }
      for index in 0..<count {
        let (field, term) = key(index)
        body(index, Self.withKey(field, term) { find($0, from: slots[index]) })
      }
    }
  }

  /// Bytes of a key, and of a term's directory, that are asked for.
  private static let leastAsked = 64
  private static let mostAsked = 512

  private static func withKey<R>(_ field: UInt8, _ term: [UInt8], _ body: (UnsafeRawBufferPointer) -> R) -> R {
    withUnsafeTemporaryAllocation(byteCount: term.count + 1, alignment: 1) { key in
      key[0] = field
      UnsafeMutableRawBufferPointer(rebasing: key[1...]).copyBytes(from: term)
      return body(UnsafeRawBufferPointer(key))
    }
  }

  private func firstSlot(_ key: UnsafeRawBufferPointer) -> Int { Int(truncatingIfNeeded: xxh3(key)) & (termHash.count / 4 - 1) }

  private func find(_ key: UnsafeRawBufferPointer) -> Term? { find(key, from: firstSlot(key)) }

  private func find(_ key: UnsafeRawBufferPointer, from first: Int) -> Term? {
    let mask = termHash.count / 4 - 1
    var slot = first
    while true {
      let value = Int(termHash.uint32(slot * 4))
      if value == 0 { return nil }
      let candidate = self.key(value - 1)
      if areEqual(candidate, key) { return term(value - 1) }
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
  func lengthByte(_ field: TextField, _ document: UInt32) -> UInt8 {
    lengthStarts[Int(field.rawValue)].map { lengths.byte($0 + Int(document)) } ?? 0
  }
  /// The length bytes of whole ranges of documents; nil when the field has no words. Valid while the segment is mapped.
  func lengthBytes(_ field: TextField) -> UnsafePointer<UInt8>? {
    guard let start = lengthStarts[Int(field.rawValue)] else { return nil }
    return lengths.raw(start, lengths.count - start).baseAddress?.assumingMemoryBound(to: UInt8.self)
  }
  func id(_ document: UInt32) -> [UInt8] {
    let rest = IndexedDocument.idLength - commonID.count
    return commonID + ids.raw(IndexedDocument.idLength + Int(document) * rest, rest)
  }
  /// The same as two big-endian words.
  func idWords(_ document: UInt32) -> (upper: UInt64, lower: UInt64) { idColumn.words(document) }

  /// The ids as words, for many documents at once; valid while the segment is mapped.
  var idColumn: IDColumn {
    let rest = IndexedDocument.idLength - commonID.count
    return IDColumn(
      rows: ids.raw(0, IndexedDocument.idLength + documents * rest), rest: rest, documents: documents, common: commonWords, own: ownID)
  }

  struct IDColumn {
    fileprivate let rows: UnsafeRawBufferPointer
    fileprivate let rest, documents: Int
    fileprivate let common, own: (upper: UInt64, lower: UInt64)

    @inline(__always)
    func words(_ document: UInt32) -> (upper: UInt64, lower: UInt64) {
      precondition(document < documents, "number of a document")
      // Ids are kept from their common bytes on, after 16 bytes: the 16 bytes that end with this one's are in the rows.
      let end = IndexedDocument.idLength &+ (Int(document) &+ 1) &* rest
      let upper = UInt64(bigEndian: rows.loadUnaligned(fromByteOffset: end &- 16, as: UInt64.self))
      let lower = UInt64(bigEndian: rows.loadUnaligned(fromByteOffset: end &- 8, as: UInt64.self))
      return (upper & own.upper | common.upper, lower & own.lower | common.lower)
    }
  }
  func keywords(_ field: KeywordField) -> KeywordColumn { keywordFields[Int(field.rawValue)] }

  /// A document's number; nil when it has none.
  func number(_ field: NumberField, _ document: UInt32) -> Int64? {
    let value = numbers[Int(field.rawValue)][Int(document)]
    return value == 0 ? nil : Int64(value) - 1
  }

  /// The positions at which the runs of a document's body begin.
  func runStarts(_ document: UInt32) -> [UInt32] {
    (firstRun(document)..<firstRun(document + 1)).map { runs[$0] }
  }

  private func firstRun(_ document: UInt32) -> Int { Int(firstRuns[Int(document)]) + Int(document) * Int(fewestRuns) }

  /// The document with this id, deleted or not.
  public func find(id: [UInt8]) -> UInt32? {
    // Without an order of their own the documents are in that of their ids.
    func document(_ place: Int) -> UInt32 { idOrder.count == 0 ? UInt32(place) : idOrder[place] }
    var (low, high) = (0, documents)
    while low < high {
      let middle = (low + high) / 2
      if self.id(document(middle)).lexicographicallyPrecedes(id) { low = middle + 1 } else { high = middle }
    }
    guard low < documents, self.id(document(low)) == id else { return nil }
    return document(low)
  }

  /// What was stored with a document. Throws `corrupt`.
  public func stored(_ document: UInt32) throws(SegmentError) -> [UInt8] {
    let index = Int(document)
    let block = Int(storedColumns[0][index])
    let (offset, length) = (Int(storedColumns[1][index]), Int(storedColumns[2][index]))
    if length == 0 { return [] }
    let (start, end) = (Int(stored.uint64(4 + block * 8)), Int(stored.uint64(12 + block * 8)))
    guard start <= end, end <= storedBlocks.count else { throw .corrupt(subject: subject, what: "the place of a stored block") }
    guard storedPages.check(start..<end) else { throw .corrupt(subject: subject, what: "a stored block") }
    let bytes: [UInt8]
    do throws(Zstd.Corrupt) {
      bytes = try Zstd.decompress(storedBlocks.raw(start, end - start), limit: StoredWriter.limit + 1)
    } catch {
      throw .corrupt(subject: subject, what: error.description)
    }
    guard offset + length <= bytes.count else { throw .corrupt(subject: subject, what: "the place of a stored document") }
    return Array(bytes[offset..<offset + length])
  }
}

/// 256 numbers that stay where they are as long as the object lives.
// Sound: the memory is written before anyone else has the object, and only read then.
final class FloatTable: @unchecked Sendable {
  let base: UnsafePointer<Float>

  init(_ values: [Float]) {
    precondition(values.count == 256, "a table's length")
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: 256)
    for (index, value) in values.enumerated() { (memory + index).initialize(to: value) }
    base = UnsafePointer(memory)
  }

  deinit { base.deallocate() }

  subscript(index: UInt8) -> Float { base[Int(index)] }
}

/// The values of a keyword field: each document's as ordinals into the values in the order of their bytes.
struct KeywordColumn: Sendable {
  private struct Parts {
    let valueStarts, documentStarts, ordinals: PackedArray
    let bytes: Section
  }
  /// Nil when the file was written before there was such a field: no document has a value.
  private let parts: Parts?

  init() { parts = nil }

  init(_ section: Section) {
    let valueStarts = PackedArray(section)
    let documentStarts = PackedArray(section, at: valueStarts.bytes)
    let ordinals = PackedArray(section, at: valueStarts.bytes + documentStarts.bytes)
    let start = valueStarts.bytes + documentStarts.bytes + ordinals.bytes
    parts = Parts(
      valueStarts: valueStarts, documentStarts: documentStarts, ordinals: ordinals, bytes: section.part(start, section.count - start))
  }

  /// Distinct values.
  var count: Int { parts.map { $0.valueStarts.count - 1 } ?? 0 }
  /// Values of all documents.
  var total: Int { parts?.ordinals.count ?? 0 }
  /// The value of an ordinal below `count`.
  func value(_ ordinal: UInt32) -> String {
    parts == nil ? "" : String(decoding: bytes(ordinal), as: UTF8.self)
  }
  /// Its bytes, where there is such a value; valid while the segment is mapped.
  func bytes(_ ordinal: UInt32) -> UnsafeRawBufferPointer {
    guard let parts else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    let start = Int(parts.valueStarts[Int(ordinal)])
    return parts.bytes.raw(start, Int(parts.valueStarts[Int(ordinal) + 1]) - start)
  }
  /// Calls `body` for each of a document's ordinals, ascending.
  func forEach(_ document: UInt32, _ body: (UInt32) -> Void) {
    guard let parts else { return }
    for index in parts.documentStarts[Int(document)]..<parts.documentStarts[Int(document) + 1] { body(parts.ordinals[Int(index)]) }
  }
  /// The same as a list.
  func ordinals(_ document: UInt32) -> [UInt32] {
    var ordinals: [UInt32] = []
    forEach(document) { ordinals.append($0) }
    return ordinals
  }
  func values(_ document: UInt32) -> [String] {
    var values: [String] = []
    forEach(document) { values.append(value($0)) }
    return values
  }
}
