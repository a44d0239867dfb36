/// The best scored documents so far, each as one number: the score's bits above, the place in the view below, turned over so that the earlier of two
/// equal ones is larger. A heap whose root is the least of them.
struct TopKeys {
  private let capacity: Int
  private var heap: [UInt64] = []
  /// What a key must be over to be taken.
  private(set) var threshold: UInt64 = 0

  init(capacity: Int) {
    self.capacity = capacity
    heap.reserveCapacity(capacity)
    if capacity == 0 { threshold = .max }
  }

  /// Scores are not negative, so that their bits have the order of their values.
  @inline(__always)
  static func key(_ score: Float, _ place: Int) -> UInt64 { UInt64(score.bitPattern) << 32 | UInt64(~UInt32(truncatingIfNeeded: place)) }

  /// The least score that may still be taken.
  @inline(__always)
  var lowest: Float { Float(bitPattern: UInt32(truncatingIfNeeded: threshold >> 32)) }

  @inline(__always)
  mutating func offer(_ key: UInt64) { if key > threshold { insert(key) } }

  private mutating func insert(_ key: UInt64) {
    let (count, capacity) = (heap.count, capacity)
    if count < capacity {
      heap.append(key)
      heap.withUnsafeMutableBufferPointer { heap in
        var child = count
        while child > 0, heap[(child &- 1) >> 1] > key {
          heap[child] = heap[(child &- 1) >> 1]
          child = (child &- 1) >> 1
        }
        heap[child] = key
      }
    } else {
      heap.withUnsafeMutableBufferPointer { heap in
        var parent = 0
        while true {
          var child = 2 &* parent &+ 1
          if child >= count { break }
          if child &+ 1 < count, heap[child &+ 1] < heap[child] { child &+= 1 }
          if heap[child] >= key { break }
          heap[parent] = heap[child]
          parent = child
        }
        heap[parent] = key
      }
    }
    if heap.count == capacity { threshold = heap[0] }
  }

  /// Best first.
  func sorted() -> [(score: Float, place: Int)] {
    heap.sorted(by: >).map { (Float(bitPattern: UInt32(truncatingIfNeeded: $0 >> 32)), Int(~UInt32(truncatingIfNeeded: $0))) }
  }
}
