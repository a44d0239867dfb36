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
  /// For each code of an impact, the most that a posting can score; only where documents are to be scored.
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
      if postings.documents(block, target, kernels) != nil { continue }
      isDamaged = true
      target.initialize(repeating: 0, count: PostingsLayout.block)
    }
  }

  /// Finds ascending documents in a sparse term: for those found, their numbers among `documents` go to `kept`, those of their postings to `found`; how
  /// many. Blocks without any are not read.
  mutating func find(
    _ documents: UnsafePointer<UInt32>, _ count: Int, _ kept: UnsafeMutablePointer<UInt32>, _ found: UnsafeMutablePointer<UInt32>
  ) -> Int {
    if count &* 2 < postings.blocks { ask(documents, count) }
    var (first, held, next) = (0, 0, 0)
    while first < count {
      next = block(from: next, documents[first])
      if next == postings.blocks { break }
      var looked = 1
      if postings.documents(next, self.held, kernels) != nil {
        held &+= kernels.pointee.find(
          documents + first, count &- first, self.held, postings.last(next), UInt32(truncatingIfNeeded: first),
          UInt32(truncatingIfNeeded: next &* PostingsLayout.block), kept + held, found + held, &looked)
      } else {
        isDamaged = true
      }
      first &+= looked
      next &+= 1
    }
    return held
  }

  /// Asks early for the blocks that ascending documents may be in.
  private func ask(_ documents: UnsafePointer<UInt32>, _ count: Int) {
    var next = 0
    for index in 0..<count {
      next = block(from: next, documents[index])
      if next == postings.blocks { break }
      postings.ask(next)
    }
  }

  /// How many of a sparse term's documents have their bit set.
  mutating func count(_ words: UnsafePointer<UInt64>) -> Int {
    var sum = 0
    for block in 0..<postings.blocks {
      if postings.documents(block, held, kernels) != nil {
        sum &+= kernels.pointee.count_members(held, postings.held(block), words)
      } else {
        isDamaged = true
      }
    }
    return sum
  }

  /// The first block from `low` on whose last document is not before `document`; the next few are tried first.
  @inline(__always)
  func block(from low: Int, _ document: UInt32) -> Int {
    var (low, step) = (low, 1)
    while low &+ step < postings.blocks, postings.last(low &+ step &- 1) < document {
      low &+= step
      step &*= 2
    }
    var high = min(postings.blocks, low &+ step)
    while low < high {
      let middle = (low &+ high) >> 1
      if postings.last(middle) < document { low = middle &+ 1 } else { high = middle }
    }
    return low
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

  /// What the kernels read candidates with.
  func reader(at place: Int) -> chancery_reader {
    var reader = chancery_reader()
    reader.postings = postings.layout
    reader.place = UInt32(truncatingIfNeeded: place)
    reader.places = UnsafePointer(places)
    reader.block = .max
    return reader
  }

  /// Whether a dense term is in a document.
  @inline(__always)
  func has(_ document: UInt32) -> Bool { postings.words[Int(document >> 6)] >> UInt64(document & 63) & 1 == 1 }

  /// The number of a document's posting in an unpacked sparse term; nil when the term is not in it.
  func place(_ document: UInt32) -> UInt32? {
    guard let documents, let firsts else { return nil }
    // A range without any has 0, and then the first document tells.
    var place = Int(firsts[Int(document >> 6)])
    while place < postings.count, documents[place] < document { place &+= 1 }
    return place < postings.count && documents[place] == document ? UInt32(truncatingIfNeeded: place) : nil
  }

  /// How many of the current group's documents come before a range of it.
  @inline(__always)
  func rank(_ range: Int) -> Int { Int(held[range & (PostingsLayout.groupRanges - 1)]) }

  /// Goes to a dense term's group.
  @inline(__always)
  mutating func seekGroup(_ group: Int) { if group != block { load(group) } }

  private mutating func load(_ next: Int) {
    block = next
    positions?.isLoaded = false
    frequencies = postings.group(next, held)
    if frequencies == nil { isDamaged = true }
  }
}
