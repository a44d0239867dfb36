import CKernels

/// Walks a term's postings in the order of documents, a block or group at a time; those that cannot hold what is asked for are skipped unread.
/// Damage is noted and ends the postings.
struct PostingsCursor {
  /// What `document` is when the postings are at an end.
  static let end = UInt32.max

  private let postings: Postings?
  private let segment: SegmentReader
  private let term: SegmentReader.Term
  private let damage: Damage
  private let kernels = bestKernels
  private var block = -1
  private var place = 0
  private var held = 0
  private var documents = [UInt32](repeating: 0, count: PostingsLayout.group)
  private var frequencies = [UInt32](repeating: 0, count: PostingsLayout.group)
  private var current: Postings.Frequencies?
  /// The positions' gaps of the whole block, and where each posting's begin; read when first asked for.
  private var gaps: [UInt32] = []
  private var gapStarts: [Int] = []
  private var hasGaps = false
  /// The document the cursor stands on; `end` after the last.
  private(set) var document: UInt32 = 0

  /// Stands on the first posting.
  init(_ segment: SegmentReader, _ term: SegmentReader.Term, _ damage: Damage) {
    self.segment = segment
    self.term = term
    self.damage = damage
    do throws(SegmentError) { postings = try Postings(segment, term) } catch {
      postings = nil
      damage.note(segment.subject)
    }
    load(0)
  }

  /// Documents that have the term.
  var count: Int { postings?.count ?? 0 }

  private mutating func load(_ next: Int) {
    var next = next
    while let postings, next < postings.blocks {
      let previous = held > 0 ? documents[held - 1] : nil
      block = next
      place = 0
      hasGaps = false
      guard unpack(postings), isAscending(previous) else {
        damage.note(segment.subject)
        break
      }
      if held > 0 {
        document = documents[0]
        return
      }
      next += 1
    }
    block = postings?.blocks ?? 0
    held = 0
    document = Self.end
  }

  private mutating func unpack(_ postings: Postings) -> Bool {
    if postings.isDense {
      current = documents.withUnsafeMutableBufferPointer { before in before.baseAddress.flatMap { postings.group(block, $0) } }
      held = 0
      let first = block * PostingsLayout.groupRanges
      for range in first..<min(postings.ranges, first + PostingsLayout.groupRanges) {
        var word = postings.words[range]
        while word != 0 {
          documents[held] = UInt32(range * PostingsLayout.range + word.trailingZeroBitCount)
          held += 1
          word &= word - 1
        }
      }
    } else {
      held = postings.held(block)
      current = documents.withUnsafeMutableBufferPointer { documents in
        documents.baseAddress.flatMap { postings.block(block, $0, kernels) }
      }
    }
    guard let current else { return false }
    frequencies.withUnsafeMutableBufferPointer {
      kernels.pointee.frequencies(current.planes, Int32(current.width), Int32(held), Int32(current.more), $0.baseAddress)
    }
    return documents[max(0, held - 1)] < postings.limit
  }

  private func isAscending(_ previous: UInt32?) -> Bool {
    guard held > 0 else { return true }
    if let previous, previous >= documents[0] { return false }
    for index in 1..<max(1, held) where documents[index - 1] >= documents[index] { return false }
    return true
  }

  /// How often the term is in the document.
  var frequency: UInt32 { frequencies[place] }

  /// Goes to the next posting.
  mutating func next() {
    place += 1
    if place < held { document = documents[place] } else { load(block + 1) }
  }

  /// Goes to the first posting at or after `target`; stays where that is already so.
  mutating func advance(to target: UInt32) {
    if document >= target { return }
    if let postings, documents[held - 1] < target {
      load(postings.isDense ? max(block + 1, Int(target) / PostingsLayout.group) : sparseBlock(postings, target))
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

  /// The first block after the current one that may hold `target`.
  private func sparseBlock(_ postings: Postings, _ target: UInt32) -> Int {
    var (low, high) = (block + 1, postings.blocks)
    while low < high {
      let middle = (low + high) / 2
      if postings.last(middle) < target { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Replaces `positions` by those of the term in the document, ascending.
  mutating func positions(into positions: inout [UInt32]) {
    positions.removeAll(keepingCapacity: true)
    var position: UInt32 = 0
    for gap in currentGaps() {
      position &+= gap
      positions.append(position)
    }
  }

  /// The gaps between the positions in the document, the first from 0; as they are on disk. None when they are damaged.
  mutating func currentGaps() -> ArraySlice<UInt32> {
    if !hasGaps { loadGaps() }
    return gaps[gapStarts[place]..<gapStarts[place + 1]]
  }

  /// The gaps of the whole block or group, all postings' in a row. None when they are damaged.
  private mutating func loadGaps() {
    hasGaps = true
    gapStarts.removeAll(keepingCapacity: true)
    var total = 0
    for index in 0..<held {
      gapStarts.append(total)
      total += Int(frequencies[index])
    }
    gapStarts.append(total)
    guard let postings, let current, postings.hasGaps(current, total), (try? segment.checkPositions(term)) != nil else { return dropGaps() }
    if gaps.count < total + PostingsLayout.block { gaps = Array(repeating: 0, count: (total + PostingsLayout.block) * 2) }
    let isGood = gaps.withUnsafeMutableBufferPointer { gaps in
      gaps.baseAddress.map { postings.gaps(current, total: total, $0, kernels) } ?? false
    }
    if !isGood { dropGaps() }
  }

  private mutating func dropGaps() {
    damage.note(segment.subject)
    gapStarts = Array(repeating: 0, count: held + 1)
  }

  // MARK: Whole blocks

  /// The postings of the current block or group; the cursor stands on its first.
  var blockDocuments: ArraySlice<UInt32> { documents[..<held] }
  var blockFrequencies: ArraySlice<UInt32> { frequencies[..<held] }
  /// Their gaps, posting after posting.
  mutating func blockGaps() -> ArraySlice<UInt32> {
    if !hasGaps { loadGaps() }
    return gaps[..<(gapStarts.last ?? 0)]
  }
  /// Goes to the first posting of the next block.
  mutating func nextBlock() { load(block + 1) }
}
