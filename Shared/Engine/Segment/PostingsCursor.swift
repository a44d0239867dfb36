/// Walks a term's postings in the order of documents, a block at a time; blocks that cannot hold what is asked for are skipped unread.
struct PostingsCursor: Sendable {
  /// What `document` is when the postings are at an end.
  static let end = UInt32.max

  private let segment: SegmentReader
  let term: SegmentReader.Term
  private let blockCount: Int
  private var block = -1
  private var place = 0
  private var held = 0
  private var documents = [UInt32](repeating: 0, count: SegmentSerializer.blockLength)
  private var frequencies = [UInt32](repeating: 0, count: SegmentSerializer.blockLength)
  private var frequencyOffset = 0
  /// The positions' gaps of the whole block, and where each posting's begin; read when first asked for.
  private var gaps: [UInt32] = []
  private var gapStarts: [Int] = []
  private var hasGaps = false
  /// The document the cursor stands on; `end` after the last.
  private(set) var document: UInt32 = 0

  /// Stands on the first posting.
  init(_ segment: SegmentReader, _ term: SegmentReader.Term) {
    self.segment = segment
    self.term = term
    blockCount = (term.documents + SegmentSerializer.blockLength - 1) / SegmentSerializer.blockLength
    load(0)
  }

  private var hasTable: Bool { blockCount > 1 }
  private func row(_ block: Int) -> Int { term.postings + block * SegmentSerializer.skipRowLength }
  private func lastDocument(_ block: Int) -> UInt32 { segment.postings.uint32(row(block)) }

  private mutating func load(_ next: Int) {
    block = next
    place = 0
    hasGaps = false
    guard next < blockCount else {
      document = Self.end
      return
    }
    held = min(SegmentSerializer.blockLength, term.documents - next * SegmentSerializer.blockLength)
    let tableLength = hasTable ? blockCount * SegmentSerializer.skipRowLength : 0
    let start = term.postings + tableLength + (hasTable ? Int(segment.postings.uint32(row(next) + 4)) : 0)
    let widths = (Int(segment.postings.byte(start)), Int(segment.postings.byte(start + 1)))
    BitPacking.unpack(segment.postings, start + 2, count: held, width: widths.0, into: &documents)
    frequencyOffset = start + 2 + BitPacking.bytes(held, widths.0)
    BitPacking.unpack(segment.postings, frequencyOffset, count: held, width: widths.1, into: &frequencies)
    // Wraps to 2³² − 1 before the first document, whose distance then counts from 0.
    var previous = next == 0 ? UInt32.max : lastDocument(next - 1)
    for index in 0..<held {
      previous = previous &+ documents[index] &+ 1
      documents[index] = previous
    }
    document = documents[0]
  }

  /// How often the term is in the document.
  var frequency: UInt32 { frequencies[place] + 1 }

  /// Goes to the next posting.
  mutating func next() {
    place += 1
    if place < held { document = documents[place] } else { load(block + 1) }
  }

  /// Goes to the first posting at or after `target`; stays where that is already so.
  mutating func advance(to target: UInt32) {
    if document >= target { return }
    if hasTable, lastDocument(block) < target {
      var (low, high) = (block + 1, blockCount)
      while low < high {
        let middle = (low + high) / 2
        if lastDocument(middle) < target { low = middle + 1 } else { high = middle }
      }
      load(low)
      if document >= target { return }
    }
    var (low, high) = (place + 1, held)
    while low < high {
      let middle = (low + high) / 2
      if documents[middle] < target { low = middle + 1 } else { high = middle }
    }
    place = low
    if low < held { document = documents[low] } else { load(block + 1) }
  }

  /// Replaces `positions` by those of the term in the document, ascending.
  mutating func positions(into positions: inout [UInt32]) {
    if !hasGaps { loadGaps() }
    positions.removeAll(keepingCapacity: true)
    var position: UInt32 = 0
    for index in gapStarts[place]..<gapStarts[place + 1] {
      position += gaps[index]
      positions.append(position)
    }
  }

  private mutating func loadGaps() {
    hasGaps = true
    gapStarts.removeAll(keepingCapacity: true)
    var total = 0
    for index in 0..<held {
      gapStarts.append(total)
      total += Int(frequencies[index]) + 1
    }
    gapStarts.append(total)
    gaps.removeAll(keepingCapacity: true)
    var offset = term.positions + (hasTable ? Int(segment.postings.uint32(row(block) + 8)) : 0)
    var chunk = [UInt32](repeating: 0, count: SegmentSerializer.blockLength)
    while gaps.count < total {
      let count = min(SegmentSerializer.blockLength, total - gaps.count)
      let width = Int(segment.positions.byte(offset))
      BitPacking.unpack(segment.positions, offset + 1, count: count, width: width, into: &chunk)
      gaps.append(contentsOf: chunk[..<count])
      offset += 1 + BitPacking.bytes(count, width)
    }
  }

  /// The gaps between the positions in the document, the first from 0; as they are on disk.
  mutating func currentGaps() -> ArraySlice<UInt32> {
    if !hasGaps { loadGaps() }
    return gaps[gapStarts[place]..<gapStarts[place + 1]]
  }

  /// The upper bounds kept for a block of a term with several: largest frequency, smallest length byte, and the last document they hold for.
  func impact(_ block: Int) -> (frequency: UInt32, lengthByte: UInt8, last: UInt32)? {
    guard hasTable, block < blockCount else { return nil }
    return (
      segment.postings.uint32(row(block) + 12), UInt8(truncatingIfNeeded: segment.postings.uint32(row(block) + 16)), lastDocument(block)
    )
  }
}
