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
  /// Where the directory's offsets of blocks or groups begin, and those of their positions.
  private let offsets: Int
  private let positionOffsets: Int

  /// Checks that the term's directory lies in the segment. Throws `corrupt`.
  init(_ segment: SegmentReader, _ term: SegmentReader.Term) throws(SegmentError) {
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

    /// The frequency of posting `rank`.
    @inline(__always)
    func frequency(_ rank: Int) -> UInt32 {
      bestKernels.pointee.frequency(planes, Int32(width), Int32(count), Int32(more), Int32(rank))
    }

    /// The sum of the frequencies of the postings before `rank`.
    @inline(__always)
    func occurrences(before rank: Int) -> Int {
      bestKernels.pointee.occurrences(planes, Int32(width), Int32(count), Int32(more), Int32(rank))
    }
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

  // MARK: Sparse terms

  /// Postings of a block.
  func held(_ block: Int) -> Int { min(PostingsLayout.block, count - block * PostingsLayout.block) }

  /// The last document of a block, or one after it that is in the segment.
  func last(_ block: Int) -> UInt32 { blocks == 1 ? UInt32(limit - 1) : UInt32(min(number(block * 4), limit - 1)) }

  /// Unpacks a block's documents into the front of `documents`, which has room for 128; nil when it is damaged.
  func block(_ block: Int, _ documents: UnsafeMutablePointer<UInt32>, _ kernels: UnsafePointer<chancery_kernels>) -> Frequencies? {
    let held = held(block)
    let start = blocks == 1 ? 0 : number(offsets + block * 4)
    guard start < room else { return nil }
    let width = Int(base.load(fromByteOffset: start, as: UInt8.self))
    let bytes = BitPacking.bytes(held, width)
    guard width <= PostingsLayout.widest, bytes < room - start else { return nil }
    let last = last(block)
    // Wraps to 2³² − 1 before the first document, whose distance then counts from 0.
    var previous = block == 0 ? UInt32.max : self.last(block - 1)
    let packed = base + (start + 1)
    if held == PostingsLayout.block {
      kernels.pointee.unpack_documents(packed, Int32(width), previous, last, documents)
    } else {
      for index in 0..<held {
        previous = previous &+ BitPacking.value(packed, index, width: width) &+ 1
        documents[index] = min(previous, last)
      }
    }
    return frequencies(start + 1 + bytes, held, positions(block))
  }

  private func positions(_ block: Int) -> Int { blocks == 1 || !hasPositions ? 0 : number(positionOffsets + block * 4) }

  /// The frequencies of a block whose documents are known; nil when it is damaged.
  func frequencies(_ block: Int) -> Frequencies? {
    let held = held(block)
    let start = blocks == 1 ? 0 : number(offsets + block * 4)
    guard start < room else { return nil }
    let width = Int(base.load(fromByteOffset: start, as: UInt8.self))
    guard width <= PostingsLayout.widest, BitPacking.bytes(held, width) < room - start else { return nil }
    return frequencies(start + 1 + BitPacking.bytes(held, width), held, positions(block))
  }

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
    guard total >= 0, frequencies.positions <= positionsRoom, count <= positionsRoom - frequencies.positions else { return nil }
    return ((positions + frequencies.positions).assumingMemoryBound(to: UInt8.self), count)
  }

  /// Asks early for what reading a dense term with positions in some documents will touch.
  func prefetch(_ documents: UnsafePointer<UInt32>, _ count: Int) {
    guard isDense, hasPositions else { return }
    // All documents are in the segment, so the directory that `init` checked has their groups.
    chancery_prefetch(
      documents, count, base.assumingMemoryBound(to: UInt8.self), offsets, positionOffsets, positions.assumingMemoryBound(to: UInt8.self))
  }

  /// The same for postings of a sparse term by their numbers.
  func prefetch(places: UnsafePointer<UInt32>, _ count: Int) {
    guard !isDense, hasPositions, blocks > 1 else { return }
    chancery_prefetch_blocks(
      places, count, base.assumingMemoryBound(to: UInt8.self), offsets, positionOffsets, positions.assumingMemoryBound(to: UInt8.self))
  }

  /// Whether so many gaps can be there at all: each chunk has a head. Asked before memory is taken for them.
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

  /// Reads the `count` positions of a posting of a block or group, of which there are `total`; false when they are damaged.
  @inline(__always)
  func positions(
    _ frequencies: Frequencies, total: Int, _ rank: Int, _ count: Int, _ positions: UnsafeMutablePointer<UInt32>,
    _ kernels: UnsafePointer<chancery_kernels>
  ) -> Bool {
    guard frequencies.positions <= positionsRoom else { return false }
    return kernels.pointee.positions(
      frequencies.planes, Int32(frequencies.width), Int32(frequencies.count), Int32(frequencies.more), Int32(rank),
      UInt32(truncatingIfNeeded: count), (self.positions + frequencies.positions).assumingMemoryBound(to: UInt8.self),
      positionsRoom - frequencies.positions, total, positions) != 0
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
