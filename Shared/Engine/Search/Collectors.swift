/// The best hits so far: a heap whose root is the worst of them.
struct TopHits {
  struct Entry {
    let key: Double
    /// Orders equal keys, the lower first: the place in the view, or the id.
    let tie: (upper: UInt64, lower: UInt64)
    let score: Double
    let segment: Int
    let document: UInt32

    /// Whether this one comes before `other` in the answer.
    func precedes(_ other: Entry) -> Bool {
      key != other.key ? key > other.key : tie < other.tie
    }
  }

  private let capacity: Int
  private var heap: [Entry] = []

  init(capacity: Int) { self.capacity = capacity }

  /// A key below this is not taken.
  var lowest: Double { heap.count < capacity ? -.infinity : heap.first?.key ?? .infinity }

  mutating func offer(_ entry: Entry) {
    if heap.count < capacity {
      heap.append(entry)
      var child = heap.count - 1
      while child > 0, heap[(child - 1) / 2].precedes(heap[child]) {
        heap.swapAt(child, (child - 1) / 2)
        child = (child - 1) / 2
      }
      return
    }
    guard entry.precedes(heap[0]) else { return }
    heap[0] = entry
    var parent = 0
    while true {
      var worst = parent
      for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[worst].precedes(heap[child]) { worst = child }
      if worst == parent { return }
      heap.swapAt(parent, worst)
      parent = worst
    }
  }

  /// Best first.
  func sorted() -> [Entry] { heap.sorted { $0.precedes($1) } }
}

/// Counts the values of one field over the matches in a segment.
struct FacetCounter {
  private let field: EngineRequest.FacetField
  private let reader: SegmentReader
  private var ordinals: [Int]
  private var numbers: [Int64: Int] = [:]

  init(_ field: EngineRequest.FacetField, _ reader: SegmentReader) {
    self.field = field
    self.reader = reader
    ordinals = if case .keyword(let keyword) = field { Array(repeating: 0, count: reader.keywords(keyword).count) } else { [] }
  }

  mutating func count(_ document: UInt32) {
    switch field {
    case .keyword(let keyword): reader.keywords(keyword).forEach(document) { ordinals[Int($0)] += 1 }
    case .number(let number): if let value = reader.number(number, document) { numbers[value, default: 0] += 1 }
    }
  }

  func add(to counts: inout [String: Int]) {
    if case .keyword(let keyword) = field {
      for (ordinal, count) in ordinals.enumerated() where count > 0 {
        counts[reader.keywords(keyword).value(UInt32(ordinal)), default: 0] += count
      }
    }
    for (value, count) in numbers { counts[String(value), default: 0] += count }
  }
}
