import CKernels

/// A term's postings: documents ascending, the frequency in each, and the gaps between positions, all documents' in a row; the first of a document
/// counts from 0. Without gaps for a keyword.
struct PostingList: ~Copyable {
  var documents = Growable<UInt32>()
  var frequencies = Growable<UInt32>()
  var gaps = Growable<UInt32>()

  mutating func removeAll() {
    documents.removeAll()
    frequencies.removeAll()
    gaps.removeAll()
  }

  /// Removes postings with so many gaps from the front.
  mutating func removeFirst(_ postings: Int, gaps count: Int) {
    documents.removeFirst(postings)
    frequencies.removeFirst(postings)
    gaps.removeFirst(min(count, gaps.count))
  }
}

/// How postings are laid out; tests lower the bounds so that small corpora have every shape.
struct PostingsLayout: Sendable {
  /// Segments of fewer documents have no dense terms.
  var denseMinimum = 4096
  /// A term is dense when at least one document in so many has it.
  var denseShare = 8

  func isDense(_ frequency: Int, of documents: Int) -> Bool { documents >= denseMinimum && frequency * denseShare >= documents }

  /// Postings in a full block, and gaps in a full chunk.
  static let block = Int(CHANCERY_BLOCK)
  /// Documents in a range: what one word of a bitmap stands for.
  static let range = 64
  /// Ranges in a group of a dense term.
  static let groupRanges = 8
  static let group = range * groupRanges
  /// The widest packed number: documents and frequencies are below 2²⁸.
  static let widest = 28
  /// Where a dense term's postings begin: a multiple of this.
  static let denseAlignment = 64
}

/// Encodes the postings of one term after the other, as FORMAT.md says. Of a term only its directory and the postings behind it must stay in memory until
/// its end, since the directory is filled in as they come.
struct PostingsWriter: ~Copyable {
  private let documents: Int
  private let layout: PostingsLayout
  private let kernels = bestKernels
  private var postings: Spool<UInt8>
  private var positions: Spool<UInt8>
  private var impacts: ImpactWriter
  private var block = Growable<UInt32>()
  private var term = Term()

  /// The term that is being written.
  private struct Term {
    var scoring: Scoring?
    var isDense = false
    var documents = 0
    /// Where its postings begin, in the postings' tail, and its positions, of all.
    var start = 0
    var positionsStart = 0
    /// Its blocks or groups, and how many are written.
    var blocks = 0
    var next = 0
    /// The last document written.
    var previous = UInt32.max
    /// Of a dense one, where in the tail the impacts of its ranges and the offsets of its groups are.
    var impacts = 0
    var offsets = 0
  }

  init(documents: Int, layout: PostingsLayout, folder: String?) {
    self.documents = documents
    self.layout = layout
    postings = Spool(folder)
    positions = Spool(folder)
    impacts = ImpactWriter(folder)
    block.append(repeating: 0, count: PostingsLayout.block)
  }

  /// What the scores of a text field depend on; the pointers are valid during a call of `add`.
  struct Scoring {
    let field: Int
    /// A length byte for each document.
    let lengths: UnsafePointer<UInt8>
    /// 256 norms.
    let norms: UnsafePointer<Float>

    /// The most that a term scores per idf in up to 128 documents; 0 without any.
    func impact(
      _ documents: UnsafePointer<UInt32>, _ frequencies: UnsafePointer<UInt32>, _ count: Int, _ kernels: UnsafePointer<chancery_kernels>
    ) -> Float {
      withUnsafeTemporaryAllocation(of: Float.self, capacity: PostingsLayout.block) { scores in
        // The capacity is not 0.
        let scores = scores.baseAddress!
        kernels.pointee.score(documents, frequencies, Int32(count), lengths, norms, 1, scores)
        return kernels.pointee.largest(scores, count)
      }
    }
  }

  /// Begins a term that so many documents have; without `scoring` a keyword. Its place: the offsets of its postings and its positions, and whether it is
  /// dense.
  mutating func begin(_ count: Int, _ scoring: Scoring?) throws(SegmentError) -> (postings: Int, positions: Int, isDense: Bool) {
    try postings.spill()
    term = Term(scoring: scoring, isDense: layout.isDense(count, of: documents), documents: count)
    if term.isDense {
      // `tail` begins at a multiple of 64 of the section.
      postings.tail.align(PostingsLayout.denseAlignment)
    } else if count > PostingsLayout.block {
      postings.tail.align(4)
    }
    (term.start, term.positionsStart) = (postings.tail.count, positions.count)
    let place = (postings.count, positions.count, term.isDense)
    if term.isDense { beginDense() } else { beginSparse() }
    return place
  }

  /// Writes the postings that come next: whole blocks or groups, which are removed from `list`; with `isLast`, after which the term is at its end, all.
  mutating func take(_ list: inout PostingList, isLast: Bool) throws(SegmentError) {
    if term.isDense { try takeDense(&list, isLast: isLast) } else { try takeSparse(&list, isLast: isLast) }
    guard postings.tail.count - term.start <= Int(UInt32.max), positions.count - term.positionsStart <= Int(UInt32.max) else {
      throw .tooLarge(what: "the postings of a term", limit: Int(UInt32.max))
    }
  }

  /// Writes the impacts, for which all postings must be known; the codebooks' section, and what else was written.
  consuming func finish() throws(SegmentError) -> (impacts: [UInt8], postings: Spooled<UInt8>, positions: Spooled<UInt8>) {
    postings.tail.append(repeating: 0, count: Int(CHANCERY_PADDING))
    positions.tail.append(repeating: 0, count: Int(CHANCERY_PADDING))
    let written = try postings.finish()
    let section = try impacts.finish(written)
    return (section, written, try positions.finish())
  }

  // MARK: Sparse terms

  /// With more than one block a directory: last documents u32…, offsets u32…, for text offsets of positions u32… and impacts u8….
  private mutating func beginSparse() {
    term.blocks = (term.documents + PostingsLayout.block - 1) / PostingsLayout.block
    if term.blocks > 1 { postings.tail.append(repeating: 0, count: term.blocks * (term.scoring == nil ? 8 : 13)) }
  }

  private mutating func takeSparse(_ list: inout PostingList, isLast: Bool) throws(SegmentError) {
    let (count, blocks, start, hasDirectory) = (list.documents.count, term.blocks, term.start, term.blocks > 1)
    var (first, gap) = (0, 0)
    while isLast ? first < count : count - first >= PostingsLayout.block {
      let (held, number) = (min(PostingsLayout.block, count - first), term.next)
      precondition(number < blocks, "a term has as many documents as was said")
      let (documents, frequencies) = (list.documents.pointer + first, list.frequencies.pointer + first)
      if hasDirectory {
        postings.tail.store(documents[held - 1], at: start + number * 4)
        postings.tail.store(UInt32(truncatingIfNeeded: postings.tail.count - start), at: start + (blocks + number) * 4)
      }
      addBlock(documents, frequencies, held, after: term.previous)
      term.previous = documents[held - 1]
      term.next += 1
      first += held
      guard let scoring = term.scoring else { continue }
      if hasDirectory {
        postings.tail.store(UInt32(truncatingIfNeeded: positions.count - term.positionsStart), at: start + (2 * blocks + number) * 4)
        let impact = scoring.impact(documents, frequencies, held, kernels)
        try impacts.note(impact, field: scoring.field, at: postings.base + start + 12 * blocks + number)
      }
      gap = try addPositions(list, gap, frequencies, held)
    }
    list.removeFirst(first, gaps: gap)
  }

  /// Width of distances u8, distances less one, frequencies.
  private mutating func addBlock(
    _ documents: UnsafePointer<UInt32>, _ frequencies: UnsafePointer<UInt32>, _ count: Int, after previous: UInt32
  ) {
    var previous = previous
    var distances: UInt32 = 0
    for index in 0..<count {
      let distance = documents[index] &- previous &- 1
      previous = documents[index]
      block.pointer[index] = distance
      distances |= distance
    }
    let width = BitPacking.width(distances)
    postings.tail.append(UInt8(width))
    postings.tail.append(atMost: BitPacking.bytes(count, width) + 8) { [kernels, block = block.pointer] bytes in
      if count == PostingsLayout.block {
        kernels.pointee.pack(block, Int32(width), bytes)
      } else {
        kernels.pointee.pack_row(block, count, Int32(width), bytes)
      }
      return BitPacking.bytes(count, width)
    }
    addFrequencies(frequencies, count)
  }

  /// Width u8; 0 when all are 1. Else `count` bits: which are over 1; then width − 1 planes with a bit for each of those, the lowest first: what they
  /// have over 2. The planes follow one another without gaps.
  private mutating func addFrequencies(_ frequencies: UnsafePointer<UInt32>, _ count: Int) {
    // A bit and, for those over 1, the widest planes.
    postings.tail.append(atMost: 1 + BitPacking.bytes(count, PostingsLayout.widest + 1) + 16) { [kernels] bytes in
      kernels.pointee.write_frequencies(frequencies, count, bytes)
    }
  }

  /// The gaps of so many postings from number `gap` on in chunks: the head of each u8, then their bytes. Returns the number of the gap after them.
  private mutating func addPositions(
    _ list: borrowing PostingList, _ gap: Int, _ frequencies: UnsafePointer<UInt32>, _ count: Int
  ) throws(SegmentError) -> Int {
    var end = gap
    for index in 0..<count { end += Int(frequencies[index]) }
    try positions.spill()
    let heads = positions.tail.count
    positions.tail.append(repeating: 0, count: (end - gap + PostingsLayout.block - 1) / PostingsLayout.block)
    for (number, chunk) in stride(from: gap, to: end, by: PostingsLayout.block).enumerated() {
      var head: UInt8 = 0
      let gaps = list.gaps.pointer + chunk
      positions.tail.append(atMost: PostingsLayout.block * 4 + 32) { [kernels] bytes in
        kernels.pointee.write_chunk(gaps, min(PostingsLayout.block, end - chunk), &head, bytes)
      }
      positions.tail[heads + number] = head
    }
    return end
  }

  // MARK: Dense terms

  private var ranges: Int { (documents + PostingsLayout.range - 1) / PostingsLayout.range }

  /// A bitmap u64…, for text impacts u8… of the ranges, offsets of the groups u32… and of their positions u32…; then the groups: sum of
  /// the frequencies u32, frequencies. A keyword has the bitmap only.
  private mutating func beginDense() {
    postings.tail.append(repeating: 0, count: ranges * 8)
    if term.scoring == nil { return }
    term.blocks = (ranges + PostingsLayout.groupRanges - 1) / PostingsLayout.groupRanges
    term.impacts = postings.tail.count
    postings.tail.append(repeating: 0, count: ranges)
    postings.tail.align(4)
    term.offsets = postings.tail.count
    postings.tail.append(repeating: 0, count: term.blocks * 8)
  }

  private mutating func takeDense(_ list: inout PostingList, isLast: Bool) throws(SegmentError) {
    let count = list.documents.count
    var (place, gap) = (0, 0)
    if let scoring = term.scoring {
      let last = count > 0 ? Int(list.documents[count - 1]) : 0
      while term.next < term.blocks, isLast || (term.next + 1) * PostingsLayout.group <= last {
        try addGroup(list, scoring, &place, &gap)
      }
    } else {
      place = count
    }
    // A multiple of 64 from where the memory begins, which is one too.
    let words = UnsafeMutableRawPointer(postings.tail.pointer + term.start).assumingMemoryBound(to: UInt64.self)
    kernels.pointee.set_bits(list.documents.pointer, place, words)
    list.removeFirst(place, gaps: gap)
  }

  /// Writes the next group, of the postings from `place` on, whose gaps begin at `gap`.
  private mutating func addGroup(
    _ list: borrowing PostingList, _ scoring: Scoring, _ place: inout Int, _ gap: inout Int
  ) throws(SegmentError) {
    let (group, first, count) = (term.next, place, list.documents.count)
    term.next += 1
    postings.tail.store(UInt32(truncatingIfNeeded: postings.tail.count - term.start), at: term.offsets + group * 4)
    postings.tail.store(UInt32(truncatingIfNeeded: positions.count - term.positionsStart), at: term.offsets + (term.blocks + group) * 4)
    for range in group * PostingsLayout.groupRanges..<min(ranges, (group + 1) * PostingsLayout.groupRanges) {
      let next = place
      while place < count, Int(list.documents.pointer[place]) < (range + 1) * PostingsLayout.range { place += 1 }
      let best = scoring.impact(list.documents.pointer + next, list.frequencies.pointer + next, place - next, kernels)
      try impacts.note(best, field: scoring.field, at: postings.base + term.impacts + range)
    }
    let total = postings.tail.count
    postings.tail.append(little: UInt32(0))
    addFrequencies(list.frequencies.pointer + first, place - first)
    let before = gap
    gap = try addPositions(list, gap, list.frequencies.pointer + first, place - first)
    postings.tail.store(UInt32(truncatingIfNeeded: gap - before), at: total)
  }
}
