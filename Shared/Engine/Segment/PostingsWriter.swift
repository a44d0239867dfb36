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

/// Encodes the postings of one term after the other, as FORMAT.md says.
struct PostingsWriter: ~Copyable {
  private let documents: Int
  private let layout: PostingsLayout
  private let kernels = bestKernels
  private(set) var postings = Growable<UInt8>(capacity: 1 << 16)
  private(set) var positions = Growable<UInt8>(capacity: 1 << 16)
  private var impacts = ImpactWriter()
  private var block = Growable<UInt32>()

  init(documents: Int, layout: PostingsLayout) {
    self.documents = documents
    self.layout = layout
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

  /// Adds a term; without `scoring` a keyword. Its place: the offsets of its postings and its positions, and whether it is dense.
  mutating func add(
    _ list: borrowing PostingList, _ scoring: Scoring?
  ) throws(SegmentError) -> (postings: Int, positions: Int, isDense: Bool) {
    let count = list.documents.count
    let isDense = layout.isDense(count, of: documents)
    if isDense {
      postings.align(PostingsLayout.denseAlignment)
    } else if count > PostingsLayout.block {
      postings.align(4)
    }
    let place = (postings.count, positions.count, isDense)
    if isDense { addDense(list, scoring) } else { addSparse(list, scoring) }
    guard postings.count - place.0 <= Int(UInt32.max), positions.count - place.1 <= Int(UInt32.max) else {
      throw .tooLarge(what: "the postings of a term", limit: Int(UInt32.max))
    }
    return place
  }

  /// Writes the impacts, for which all postings must be known; the codebooks' section.
  mutating func finish() -> [UInt8] {
    postings.append(repeating: 0, count: Int(CHANCERY_PADDING))
    positions.append(repeating: 0, count: Int(CHANCERY_PADDING))
    return impacts.finish(&postings)
  }

  // MARK: Sparse terms

  /// With more than one block a directory: last documents u32…, offsets u32…, for text offsets of positions u32… and impacts u8….
  private mutating func addSparse(_ list: borrowing PostingList, _ scoring: Scoring?) {
    let count = list.documents.count
    let blocks = (count + PostingsLayout.block - 1) / PostingsLayout.block
    let (start, positionsStart) = (postings.count, positions.count)
    let hasDirectory = blocks > 1
    if hasDirectory { postings.append(repeating: 0, count: blocks * (scoring == nil ? 8 : 13)) }
    var previous = UInt32.max
    var gap = 0
    for number in 0..<blocks {
      let first = number * PostingsLayout.block
      let held = min(PostingsLayout.block, count - first)
      let (documents, frequencies) = (list.documents.pointer + first, list.frequencies.pointer + first)
      if hasDirectory {
        postings.store(documents[held - 1], at: start + number * 4)
        postings.store(UInt32(truncatingIfNeeded: postings.count - start), at: start + (blocks + number) * 4)
      }
      addBlock(documents, frequencies, held, after: previous)
      previous = documents[held - 1]
      guard let scoring else { continue }
      if hasDirectory {
        postings.store(UInt32(truncatingIfNeeded: positions.count - positionsStart), at: start + (2 * blocks + number) * 4)
        impacts.note(scoring.impact(documents, frequencies, held, kernels), field: scoring.field, at: start + 12 * blocks + number)
      }
      gap = addPositions(list, gap, frequencies, held)
    }
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
    postings.append(UInt8(width))
    postings.append(atMost: BitPacking.bytes(count, width) + 8) { [kernels, block = block.pointer] bytes in
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
    postings.append(atMost: 1 + BitPacking.bytes(count, PostingsLayout.widest + 1) + 16) { [kernels] bytes in
      kernels.pointee.write_frequencies(frequencies, count, bytes)
    }
  }

  /// The gaps of so many postings from number `gap` on in chunks: the head of each u8, then their bytes. Returns the number of the gap after them.
  private mutating func addPositions(
    _ list: borrowing PostingList, _ gap: Int, _ frequencies: UnsafePointer<UInt32>, _ count: Int
  ) -> Int {
    var end = gap
    for index in 0..<count { end += Int(frequencies[index]) }
    let heads = positions.count
    positions.append(repeating: 0, count: (end - gap + PostingsLayout.block - 1) / PostingsLayout.block)
    for (number, chunk) in stride(from: gap, to: end, by: PostingsLayout.block).enumerated() {
      var head: UInt8 = 0
      let gaps = list.gaps.pointer + chunk
      positions.append(atMost: PostingsLayout.block * 4 + 32) { [kernels] bytes in
        kernels.pointee.write_chunk(gaps, min(PostingsLayout.block, end - chunk), &head, bytes)
      }
      positions[heads + number] = head
    }
    return end
  }

  // MARK: Dense terms

  /// A bitmap u64…, for text impacts u8… of the ranges, offsets of the groups u32… and of their positions u32…; then the groups: sum of
  /// the frequencies u32, frequencies. A keyword has the bitmap only.
  private mutating func addDense(_ list: borrowing PostingList, _ scoring: Scoring?) {
    let ranges = (documents + PostingsLayout.range - 1) / PostingsLayout.range
    let (start, count) = (postings.count, list.documents.count)
    postings.append(repeating: 0, count: ranges * 8)
    // A multiple of 64 from where the memory begins, which is one too.
    let words = UnsafeMutableRawPointer(postings.pointer + start).assumingMemoryBound(to: UInt64.self)
    kernels.pointee.set_bits(list.documents.pointer, count, words)
    guard let scoring else { return }
    let groups = (ranges + PostingsLayout.groupRanges - 1) / PostingsLayout.groupRanges
    let (impactsStart, positionsStart) = (postings.count, positions.count)
    postings.append(repeating: 0, count: ranges)
    postings.align(4)
    let offsetsStart = postings.count
    postings.append(repeating: 0, count: groups * 8)
    var (place, gap) = (0, 0)
    for group in 0..<groups {
      postings.store(UInt32(truncatingIfNeeded: postings.count - start), at: offsetsStart + group * 4)
      postings.store(UInt32(truncatingIfNeeded: positions.count - positionsStart), at: offsetsStart + (groups + group) * 4)
      let first = place
      for range in group * PostingsLayout.groupRanges..<min(ranges, (group + 1) * PostingsLayout.groupRanges) {
        let next = place
        while place < count, Int(list.documents.pointer[place]) < (range + 1) * PostingsLayout.range { place += 1 }
        let best = scoring.impact(list.documents.pointer + next, list.frequencies.pointer + next, place - next, kernels)
        impacts.note(best, field: scoring.field, at: impactsStart + range)
      }
      let total = postings.count
      postings.append(little: UInt32(0))
      addFrequencies(list.frequencies.pointer + first, place - first)
      let before = gap
      gap = addPositions(list, gap, list.frequencies.pointer + first, place - first)
      postings.store(UInt32(truncatingIfNeeded: gap - before), at: total)
    }
  }
}
