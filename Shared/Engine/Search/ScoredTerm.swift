import CKernels

/// A term of a plan in one segment, and where it is being read. Plain values only, kept in the search's arena: nothing here counts references.
struct ScoredTerm: BitwiseCopyable {
  let postings: Postings
  let idf: Float
  /// What the score depends on: the field's length bytes and the norm of each.
  let lengths: UnsafePointer<UInt8>
  let norms: UnsafePointer<Float>
  /// For each code of an impact, the most that a posting can score.
  let bounds: UnsafePointer<Float>
  let kernels: UnsafePointer<chancery_kernels>
  /// All of a sparse term's documents and their scores, once they are unpacked, and for each range that has any the number of its first.
  var documents: UnsafeMutablePointer<UInt32>?
  var scores: UnsafeMutablePointer<Float>?
  var firsts: UnsafeMutablePointer<UInt32>?
  /// The block or group that is being read; its documents, or how many of them come before each range; its frequencies.
  private var block = -1
  private let held: UnsafeMutablePointer<UInt32>
  private(set) var frequencies: Postings.Frequencies?
  /// Where the last search among the unpacked documents ended.
  private var place = 0
  /// The sum of the block's frequencies; less than 0 until it is asked for.
  var total = -1
  /// Whether the positions of a block or group are unpacked all at once.
  var readsWholeBlocks = false
  var positions: PositionRoom?
  var isDamaged = false

  init(
    _ postings: Postings, idf: Float, lengths: UnsafePointer<UInt8>, norms: UnsafePointer<Float>, bounds: UnsafePointer<Float>,
    kernels: UnsafePointer<chancery_kernels>, _ arena: Arena
  ) {
    self.postings = postings
    self.idf = idf
    self.lengths = lengths
    self.norms = norms
    self.bounds = bounds
    self.kernels = kernels
    held = arena.allocate(PostingsLayout.block)
  }

  /// Unpacks all of a sparse term's documents, and their scores when asked for.
  mutating func unpack(_ arena: Arena, withScores: Bool) {
    let room = postings.blocks * PostingsLayout.block
    let documents = arena.allocate(room, of: UInt32.self)
    let scores = withScores ? arena.allocate(room, of: Float.self) : nil
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: PostingsLayout.block) { counts in
      // The capacity is not 0.
      let counts = counts.baseAddress!
      for block in 0..<postings.blocks {
        let target = documents + block * PostingsLayout.block
        guard let frequencies = postings.block(block, target, kernels) else {
          isDamaged = true
          target.initialize(repeating: 0, count: PostingsLayout.block)
          scores?.advanced(by: block * PostingsLayout.block).initialize(repeating: 0, count: PostingsLayout.block)
          continue
        }
        if let scores { score(target, frequencies, counts, scores + block * PostingsLayout.block) }
      }
    }
    self.documents = documents
    self.scores = scores
  }

  private func score(
    _ documents: UnsafePointer<UInt32>, _ frequencies: Postings.Frequencies, _ counts: UnsafeMutablePointer<UInt32>,
    _ scores: UnsafeMutablePointer<Float>
  ) {
    let count = Int32(frequencies.count)
    kernels.pointee.frequencies(frequencies.planes, Int32(frequencies.width), count, Int32(frequencies.more), counts)
    kernels.pointee.score(documents, counts, count, lengths, norms, idf, scores)
  }

  /// Unpacks a block's documents and scores; how many, none when it is damaged.
  mutating func unpack(block: Int, _ documents: UnsafeMutablePointer<UInt32>, _ scores: UnsafeMutablePointer<Float>) -> Int {
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: PostingsLayout.block) { counts in
      guard let frequencies = postings.block(block, documents, kernels) else {
        isDamaged = true
        return 0
      }
      // The capacity is not 0.
      score(documents, frequencies, counts.baseAddress!, scores)
      return frequencies.count
    }
  }

  /// Goes to a document; its number in the block or group, nil when the term is not in it.
  @inline(__always)
  mutating func seek(_ document: UInt32) -> Int? {
    if postings.isDense {
      let range = Int(document) >> 6
      guard postings.words[range] >> UInt64(document & 63) & 1 == 1 else { return nil }
      seekGroup(range / PostingsLayout.groupRanges)
      return rank(range) &+ (postings.words[range] & ((1 << UInt64(document & 63)) &- 1)).nonzeroBitCount
    }
    return seekSparse(document)
  }

  /// How many of the current group's documents come before a range of it.
  @inline(__always)
  func rank(_ range: Int) -> Int { Int(held[range & (PostingsLayout.groupRanges - 1)]) }

  private mutating func seekSparse(_ document: UInt32) -> Int? {
    if let documents { return seek(document, in: documents) }
    if block < 0 || postings.last(block) < document || (block > 0 && postings.last(block - 1) >= document) {
      guard let next = find(document) else { return nil }
      load(next)
    }
    guard frequencies != nil else { return nil }
    var (low, count) = (0, postings.held(block))
    while count > 1 {
      let half = count >> 1
      low = held[low &+ half &- 1] < document ? low &+ half : low
      count &-= half
    }
    return held[low] == document ? low : nil
  }

  /// The same when all documents are unpacked; they mostly come ascending.
  private mutating func seek(_ document: UInt32, in documents: UnsafeMutablePointer<UInt32>) -> Int? {
    let count = postings.count
    var low = place < count && documents[place] <= document ? place : 0
    var step = 1
    while low &+ step < count, documents[low &+ step] <= document {
      low &+= step
      step &*= 2
    }
    // The last document that is not over the one wanted lies in low ..< low + step.
    var left = min(step, count &- low)
    while left > 1 {
      let half = left >> 1
      low = documents[low &+ half] <= document ? low &+ half : low
      left &-= half
    }
    place = low
    guard documents[low] == document else { return nil }
    if low / PostingsLayout.block != block {
      block = low / PostingsLayout.block
      total = -1
      positions?.isLoaded = false
      frequencies = postings.frequencies(block)
      if frequencies == nil { isDamaged = true }
    }
    return frequencies == nil ? nil : low % PostingsLayout.block
  }

  /// The block that may hold a document; from the current one on when it lies there.
  private func find(_ document: UInt32) -> Int? {
    var low = block >= 0 && postings.last(block) < document ? block &+ 1 : 0
    // The next few first: documents mostly come ascending.
    var step = 1
    while low &+ step < postings.blocks, postings.last(low &+ step &- 1) < document {
      low &+= step
      step &*= 2
    }
    var high = min(postings.blocks, low &+ step)
    while low < high {
      let middle = (low &+ high) >> 1
      if postings.last(middle) < document { low = middle &+ 1 } else { high = middle }
    }
    return low < postings.blocks ? low : nil
  }

  /// Goes to a dense term's group.
  @inline(__always)
  mutating func seekGroup(_ group: Int) { if group != block { load(group) } }

  private mutating func load(_ next: Int) {
    block = next
    total = -1
    positions?.isLoaded = false
    frequencies = postings.isDense ? postings.group(next, held) : postings.block(next, held, kernels)
    if frequencies == nil { isDamaged = true }
  }

  /// The frequency in a document; 0 when the term is not in it.
  mutating func frequency(_ document: UInt32) -> UInt32 {
    guard let rank = seek(document), let frequencies else { return 0 }
    return frequencies.frequency(rank)
  }

  /// What the term contributes in a document; nothing when it is not in it.
  mutating func score(_ document: UInt32) -> Float {
    let frequency = frequency(document)
    return frequency == 0 ? 0 : BM25.score(idf, frequency, norms[Int(lengths[Int(document)])])
  }
}
