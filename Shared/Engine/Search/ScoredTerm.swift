import CKernels

/// A term of a plan in one segment, and where it is being read. Plain values only, kept in the search's arena: nothing here counts references.
struct ScoredTerm: BitwiseCopyable {
  let postings: Postings
  let idf: Float
  /// What it can score at the most, with what it adds to the scores of pairs.
  let most: Float
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
  /// A sparse term's numbers of the candidates of an intersection.
  var places: UnsafeMutablePointer<UInt32>?
  /// The block or group that is being read; its documents, or how many of them come before each range; its frequencies.
  private var block = -1
  private let held: UnsafeMutablePointer<UInt32>
  private(set) var frequencies: Postings.Frequencies?
  /// The sum of the block's frequencies; less than 0 until it is asked for.
  var total = -1
  /// Whether the positions of a block or group are unpacked all at once.
  var readsWholeBlocks = false
  var positions: PositionRoom?
  var isDamaged = false

  init(
    _ postings: Postings, idf: Float, most: Float, lengths: UnsafePointer<UInt8>, norms: UnsafePointer<Float>, bounds: UnsafePointer<Float>,
    kernels: UnsafePointer<chancery_kernels>, _ arena: Arena
  ) {
    self.postings = postings
    self.idf = idf
    self.most = most
    self.lengths = lengths
    self.norms = norms
    self.bounds = bounds
    self.kernels = kernels
    held = arena.allocate(PostingsLayout.block)
  }

  /// Unpacks all of a sparse term's documents and their scores.
  mutating func unpack(_ arena: Arena) {
    let room = postings.blocks * PostingsLayout.block
    let (documents, scores) = (arena.allocate(room, of: UInt32.self), arena.allocate(room, of: Float.self))
    for block in 0..<postings.blocks {
      let place = block * PostingsLayout.block
      if unpack(block: block, documents + place, scores + place) > 0 { continue }
      (documents + place).initialize(repeating: 0, count: PostingsLayout.block)
      (scores + place).initialize(repeating: 0, count: PostingsLayout.block)
    }
    self.documents = documents
    self.scores = scores
  }

  /// Unpacks all of a sparse term's documents into room for whole blocks.
  mutating func unpack(into documents: UnsafeMutablePointer<UInt32>) {
    for block in 0..<postings.blocks {
      let target = documents + block * PostingsLayout.block
      if postings.block(block, target, kernels) != nil { continue }
      isDamaged = true
      target.initialize(repeating: 0, count: PostingsLayout.block)
    }
  }

  /// A sparse term's documents whose bit is set; notes their places.
  mutating func intersect(_ words: UnsafePointer<UInt64>, _ arena: Arena) -> (documents: UnsafeMutablePointer<UInt32>, count: Int) {
    let room = postings.blocks * PostingsLayout.block
    let (documents, places) = (arena.allocate(room, of: UInt32.self), arena.allocate(room, of: UInt32.self))
    var kept = 0
    for block in 0..<postings.blocks {
      guard let frequencies = postings.block(block, held, kernels) else {
        isDamaged = true
        continue
      }
      let first = UInt32(truncatingIfNeeded: block &* PostingsLayout.block)
      kept &+= kernels.pointee.keep_bits(held, frequencies.count, words, first, documents + kept, places + kept)
    }
    self.places = places
    return (documents, kept)
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

  /// Goes to candidate number `candidate`, a document; its number in the block or group, nil when the term is not in it.
  @inline(__always)
  mutating func seek(_ document: UInt32, _ candidate: Int) -> Int? {
    guard let places else { return seekDense(document) }
    let place = Int(places[candidate])
    if place / PostingsLayout.block != block { goTo(place / PostingsLayout.block) }
    return frequencies == nil ? nil : place % PostingsLayout.block
  }

  /// The number of a document's posting in its block or group, nil when the term is not in it. A sparse term must be unpacked.
  mutating func seekUnpacked(_ document: UInt32) -> Int? {
    if postings.isDense { return seekDense(document) }
    guard let documents, let firsts else { return nil }
    // A range without any has 0, and then the first document tells.
    var place = Int(firsts[Int(document >> 6)])
    while place < postings.count, documents[place] < document { place &+= 1 }
    guard place < postings.count, documents[place] == document else { return nil }
    if place / PostingsLayout.block != block { goTo(place / PostingsLayout.block) }
    return frequencies == nil ? nil : place % PostingsLayout.block
  }

  @inline(__always)
  private mutating func seekDense(_ document: UInt32) -> Int? {
    let range = Int(document) >> 6
    guard postings.isDense, postings.words[range] >> UInt64(document & 63) & 1 == 1 else { return nil }
    seekGroup(range / PostingsLayout.groupRanges)
    return rank(range) &+ (postings.words[range] & ((1 << UInt64(document & 63)) &- 1)).nonzeroBitCount
  }

  /// Goes to a sparse term's block, without its documents.
  private mutating func goTo(_ next: Int) {
    block = next
    total = -1
    positions?.isLoaded = false
    frequencies = postings.frequencies(block)
    if frequencies == nil { isDamaged = true }
  }

  /// Asks early for what reading so many candidates from number `first` on will touch.
  func prefetch(_ documents: UnsafePointer<UInt32>, _ first: Int, _ count: Int) {
    if let places { postings.prefetch(places: places + first, count) } else { postings.prefetch(documents + first, count) }
  }

  /// How many of the current group's documents come before a range of it.
  @inline(__always)
  func rank(_ range: Int) -> Int { Int(held[range & (PostingsLayout.groupRanges - 1)]) }

  /// The number of a document among a sparse term's, nil when the term is not in it; documents are asked for in ascending order.
  mutating func seekSparse(_ document: UInt32) -> UInt32? {
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
    return held[low] == document ? UInt32(truncatingIfNeeded: block &* PostingsLayout.block &+ low) : nil
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

  /// What the term contributes in a candidate; nothing when it is not in it.
  mutating func score(_ document: UInt32, _ candidate: Int) -> Float {
    guard let rank = seek(document, candidate), let frequencies else { return 0 }
    return BM25.score(idf, frequencies.frequency(rank), norms[Int(lengths[Int(document)])])
  }
}
