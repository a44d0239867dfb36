import CKernels
import Platform

/// A term's postings in a mapped segment, read through raw pointers: the one place that does so.
///
/// The contract: the sections of postings and positions end in `CHANCERY_PADDING` bytes, which `room` leaves out, and every offset and width that is
/// read from them is checked against `room` here before it is followed, so that damaged bytes give nil or wrong numbers, never a read outside. Documents
/// come out below `limit`. The pointers are valid while the segment is mapped: whoever holds a value of this type keeps its `SegmentReader` alive.
struct Postings {
  /// Documents that have the term.
  let count: Int
  let isDense: Bool
  /// Blocks of a sparse term; groups of a dense one.
  let blocks: Int
  /// The documents of the segment, and its ranges of 64.
  let limit: Int
  let ranges: Int
  let hasPositions: Bool
  /// A dense term's bitmap, `ranges` words.
  let words: UnsafePointer<UInt64>
  /// Codes of the impacts of the ranges or blocks; nil when none are kept.
  let impacts: UnsafePointer<UInt8>?
  private let base: UnsafeRawPointer
  private let room: Int
  private let positions: UnsafeRawPointer
  private let positionsRoom: Int
  /// The words of the whole segment: no block has more positions.
  private let allWords: Int
  /// Where the directory's offsets of blocks or groups begin, and those of their positions.
  private let offsets: Int
  private let positionOffsets: Int

  /// Checks that the term's directory lies in the segment, and that its pages are as they were written: of its positions only when they are to be read.
  /// Throws `corrupt`.
  init(_ segment: SegmentReader, _ term: SegmentReader.Term, withPositions: Bool = false) throws(SegmentError) {
    try segment.checkPostings(term)
    if withPositions, term.hasPositions { try segment.checkPositions(term) }
    let fail = SegmentError.corrupt(subject: segment.subject, what: "the place of a term's postings")
    let padding = Int(CHANCERY_PADDING)
    let (whole, wholePositions) = (segment.postings, segment.positions)
    guard term.documents > 0, term.documents <= segment.documents, term.postings <= whole.count - padding,
      term.positions <= wholePositions.count - padding
    else { throw fail }
    let (bytes, positionBytes) = (
      whole.raw(term.postings, whole.count - term.postings), wholePositions.raw(term.positions, wholePositions.count - term.positions)
    )
    // Both hold the padding at least, so neither is empty.
    guard let base = bytes.baseAddress, let positions = positionBytes.baseAddress else { throw fail }
    (self.base, self.positions) = (base, positions)
    room = bytes.count - padding
    positionsRoom = positionBytes.count - padding
    allWords = segment.words
    count = term.documents
    isDense = term.isDense
    hasPositions = term.hasPositions
    limit = segment.documents
    ranges = (limit + PostingsLayout.range - 1) / PostingsLayout.range
    words = base.assumingMemoryBound(to: UInt64.self)
    let directory: Int
    if isDense {
      guard Int(bitPattern: base) % 8 == 0 else { throw fail }
      blocks = (ranges + PostingsLayout.groupRanges - 1) / PostingsLayout.groupRanges
      impacts = hasPositions ? (base + ranges * 8).assumingMemoryBound(to: UInt8.self) : nil
      offsets = (ranges * 9 + 3) / 4 * 4
      positionOffsets = offsets + blocks * 4
      directory = hasPositions ? positionOffsets + blocks * 4 : ranges * 8
    } else {
      blocks = (count + PostingsLayout.block - 1) / PostingsLayout.block
      offsets = blocks * 4
      positionOffsets = blocks * 8
      impacts = blocks > 1 && hasPositions ? (base + blocks * 12).assumingMemoryBound(to: UInt8.self) : nil
      directory = blocks == 1 ? 2 : blocks * (hasPositions ? 13 : 8)
    }
    guard directory <= room else { throw fail }
  }

  private func number(_ offset: Int) -> Int { Int(UInt32(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))) }

  /// Frequencies of a block or group.
  struct Frequencies {
    let planes: UnsafePointer<UInt8>
    /// 0 when all are 1.
    let width: Int
    /// Postings in it, and how many have the term more than once.
    let count: Int
    let more: Int
    /// Where its positions begin, from the term's.
    let positions: Int
    /// The sum of the frequencies where it is kept, for dense terms; otherwise less than 0.
    let total: Int
  }

  /// The frequencies at `start`, the width first.
  private func frequencies(_ start: Int, _ count: Int, _ positions: Int, total: Int = -1) -> Frequencies? {
    guard start < room else { return nil }
    let width = Int(base.load(fromByteOffset: start, as: UInt8.self))
    let planes = (base + (start + 1)).assumingMemoryBound(to: UInt8.self)
    if width == 0 { return Frequencies(planes: planes, width: 0, count: count, more: 0, positions: positions, total: total) }
    guard width <= PostingsLayout.widest, (count + 7) / 8 <= room - start - 1 else { return nil }
    let more = bestKernels.pointee.bits_between(planes, 0, count)
    guard (count + more * (width - 1) + 7) / 8 <= room - start - 1 else { return nil }
    return Frequencies(planes: planes, width: width, count: count, more: more, positions: positions, total: total)
  }

  /// What the kernels read candidates of; the term has positions.
  var layout: chancery_postings {
    chancery_postings(
      base: base.assumingMemoryBound(to: UInt8.self), positions: positions.assumingMemoryBound(to: UInt8.self), room: room,
      positions_room: positionsRoom, words: allWords, offsets: offsets, position_offsets: positionOffsets, count: UInt32(count),
      blocks: UInt32(blocks),
      ranges: UInt32(ranges), dense: isDense ? 1 : 0)
  }

  // MARK: Sparse terms

  /// Postings of a block.
  func held(_ block: Int) -> Int { min(PostingsLayout.block, count - block * PostingsLayout.block) }

  /// The last document of a block, or one after it that is in the segment.
  func last(_ block: Int) -> UInt32 { blocks == 1 ? UInt32(limit - 1) : UInt32(min(number(block * 4), limit - 1)) }

  /// Asks early for a block's documents.
  @inline(__always)
  func ask(_ block: Int) { if blocks > 1 { chancery_ask(base + number(offsets + block * 4), 192) } }

  /// Unpacks a block's documents into `documents`, which has room for 128; those after its last become the largest number. Where the frequencies begin;
  /// nil when it is damaged.
  @inline(__always)
  func documents(_ block: Int, _ documents: UnsafeMutablePointer<UInt32>, _ kernels: UnsafePointer<chancery_kernels>) -> Int? {
    let held = held(block)
    let start = blocks == 1 ? 0 : number(offsets + block * 4)
    guard start < room else { return nil }
    let width = Int(base.load(fromByteOffset: start, as: UInt8.self))
    let bytes = BitPacking.bytes(held, width)
    guard width <= PostingsLayout.widest, bytes < room - start else { return nil }
    // Wraps to 2³² − 1 before the first document, whose distance then counts from 0.
    let previous = block == 0 ? UInt32.max : last(block - 1)
    let packed = (base + (start + 1)).assumingMemoryBound(to: UInt8.self)
    if held == PostingsLayout.block {
      kernels.pointee.unpack_documents(packed, Int32(width), previous, last(block), documents)
    } else {
      kernels.pointee.unpack_tail(packed, Int32(width), previous, last(block), Int32(held), documents)
    }
    return start + 1 + bytes
  }

  /// The same; the block's frequencies.
  func block(_ block: Int, _ documents: UnsafeMutablePointer<UInt32>, _ kernels: UnsafePointer<chancery_kernels>) -> Frequencies? {
    guard let start = self.documents(block, documents, kernels) else { return nil }
    return frequencies(start, held(block), positions(block))
  }

  private func positions(_ block: Int) -> Int { blocks == 1 || !hasPositions ? 0 : number(positionOffsets + block * 4) }

  // MARK: Dense terms

  /// A group of a dense term, and how many of its documents come before each of its ranges; nil when it is damaged.
  func group(_ group: Int, _ before: UnsafeMutablePointer<UInt32>) -> Frequencies? {
    let first = group &* PostingsLayout.groupRanges
    let total = Int(bestKernels.pointee.group_ranks(words + first, Int32(min(PostingsLayout.groupRanges, ranges &- first)), before))
    guard hasPositions else {
      return Frequencies(planes: base.assumingMemoryBound(to: UInt8.self), width: 0, count: total, more: 0, positions: 0, total: total)
    }
    let start = number(offsets + group * 4)
    guard start <= room - 4 else { return nil }
    return frequencies(start + 4, total, number(positionOffsets + group * 4), total: number(start))
  }

  // MARK: Positions

  /// The heads of the chunks of `total` gaps; nil when they are not in the section.
  @inline(__always)
  private func heads(_ frequencies: Frequencies, _ total: Int) -> (heads: UnsafePointer<UInt8>, count: Int)? {
    let count = (total &+ PostingsLayout.block &- 1) / PostingsLayout.block
    guard total >= 0, total <= allWords, frequencies.positions <= positionsRoom, count <= positionsRoom - frequencies.positions else {
      return nil
    }
    return ((positions + frequencies.positions).assumingMemoryBound(to: UInt8.self), count)
  }

  /// Whether so many gaps can be there at all: the segment has so many words, and each chunk a head. Asked before memory is taken for them.
  func hasGaps(_ frequencies: Frequencies, _ total: Int) -> Bool { hasPositions && heads(frequencies, total) != nil }

  /// Unpacks all gaps of a block or group, of which there are `total`, into `gaps`, which has room for them and 128 more; false when they are damaged.
  func gaps(
    _ frequencies: Frequencies, total: Int, _ gaps: UnsafeMutablePointer<UInt32>, _ kernels: UnsafePointer<chancery_kernels>
  ) -> Bool {
    guard let (heads, count) = heads(frequencies, total) else { return false }
    var (offset, first) = (frequencies.positions + count, 0)
    for number in 0..<count {
      guard let chunk = chunk(offset, heads[number], total - first) else { return false }
      if chunk.held == PostingsLayout.block {
        kernels.pointee.unpack(chunk.packed, Int32(chunk.width), gaps + first)
      } else {
        for index in 0..<chunk.held { gaps[first + index] = BitPacking.value(chunk.packed, index, width: chunk.width) }
      }
      for number in 0..<chunk.exceptions { gaps[first + chunk.place(number)] |= chunk.upper(number) }
      offset += chunk.bytes
      first += chunk.held
    }
    return true
  }

  /// A chunk of gaps.
  private struct Chunk {
    let packed: UnsafePointer<UInt8>
    let width: Int
    let held: Int
    let exceptions: Int

    /// Its length on disk.
    var bytes: Int { BitPacking.bytes(held, width) &+ 2 &* exceptions }
    private func exception(_ number: Int) -> UnsafePointer<UInt8> { packed + (BitPacking.bytes(held, width) &+ 2 &* number) }
    /// Which gap an exception is of, below 128.
    func place(_ number: Int) -> Int { Int(exception(number)[0] & 127) }
    func upper(_ number: Int) -> UInt32 { UInt32(exception(number)[1]) << UInt32(width) }
  }

  /// The chunk at `offset`, with `left` gaps in it and after it; nil when it is not in the section.
  @inline(__always)
  private func chunk(_ offset: Int, _ head: UInt8, _ left: Int) -> Chunk? {
    let held = min(PostingsLayout.block, left)
    let (width, exceptions) = (Int(head & 31), Int(head >> 5))
    guard width <= PostingsLayout.widest, offset <= positionsRoom else { return nil }
    let chunk = Chunk(
      packed: (positions + offset).assumingMemoryBound(to: UInt8.self), width: width, held: held, exceptions: exceptions)
    return chunk.bytes <= positionsRoom - offset ? chunk : nil
  }
}

/// What was found wrong with a segment's postings while they were read; whoever reads checks it at the end.
final class Damage {
  private var subject: String?

  func note(_ subject: String) { self.subject = subject }

  /// Throws `corrupt` when something was found.
  func check() throws(SegmentError) {
    if let subject { throw .corrupt(subject: subject, what: "its postings") }
  }
}

/// The kernels of this machine. Sound: constant tables of functions without state.
nonisolated(unsafe) let bestKernels: UnsafePointer<chancery_kernels> = chancery_kernels_best()
