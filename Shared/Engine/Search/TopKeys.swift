import CKernels

/// The best scored documents so far, each as one number: the score's bits above, the place in the view below, turned over so that the earlier of two
/// equal ones is larger.
///
/// A few are kept as a heap whose root is the least, so that the threshold rises at once; of many, twice as many are gathered and then halved, which
/// costs less for each.
struct TopKeys: ~Copyable {
  private static let few = 100

  let capacity: Int
  private var count = 0
  private let keys: UnsafeMutablePointer<UInt64>
  /// Only keys below this are taken.
  private let ceiling: UInt64
  /// What a key must be over to be taken.
  private(set) var threshold: UInt64 = 0

  init(capacity: Int, below ceiling: UInt64 = .max) {
    self.capacity = capacity
    self.ceiling = ceiling
    keys = .allocate(capacity: max(1, capacity * 2))
    if capacity == 0 { threshold = .max }
  }

  deinit { keys.deallocate() }

  /// Scores are not negative, so that their bits have the order of their values.
  @inline(__always)
  static func key(_ score: Float, _ place: Int) -> UInt64 { UInt64(score.bitPattern) << 32 | UInt64(~UInt32(truncatingIfNeeded: place)) }

  /// The least score that may still be taken.
  @inline(__always)
  var lowest: Float { Float(bitPattern: UInt32(truncatingIfNeeded: threshold >> 32)) }

  @inline(__always)
  mutating func offer(_ key: UInt64) {
    if key <= threshold || key >= ceiling { return }
    if capacity > Self.few {
      keys[count] = key
      count &+= 1
      if count == capacity &* 2 { halve() }
    } else {
      insert(key)
    }
  }

  private mutating func halve() {
    threshold = bestKernels.pointee.select_keys(keys, count, capacity)
    count = capacity
  }

  private mutating func insert(_ key: UInt64) {
    let keys = keys
    if count < capacity {
      var child = count
      while child > 0, keys[(child &- 1) >> 1] > key {
        keys[child] = keys[(child &- 1) >> 1]
        child = (child &- 1) >> 1
      }
      keys[child] = key
      count &+= 1
    } else {
      var parent = 0
      while true {
        var child = 2 &* parent &+ 1
        if child >= count { break }
        if child &+ 1 < count, keys[child &+ 1] < keys[child] { child &+= 1 }
        if keys[child] >= key { break }
        keys[parent] = keys[child]
        parent = child
      }
      keys[parent] = key
    }
    if count == capacity { threshold = keys[0] }
  }

  /// How many there are at the end.
  var held: Int { min(count, capacity) }

  /// Makes the threshold about as high as what was offered allows.
  mutating func settle() {
    if capacity > Self.few, count >= (threshold == 0 ? capacity : capacity + capacity / 4) { halve() }
  }

  /// Puts them in their order, best first, when all have been offered.
  mutating func sort() {
    if count > capacity { halve() }
    // The kernel takes room up to a power of two, which is less than twice as many.
    bestKernels.pointee.sort_keys(keys, count)
  }

  /// The score and the place of the one at `index`, once they are sorted.
  subscript(index: Int) -> (score: Float, place: Int) {
    precondition(index >= 0 && index < count, "index of a hit")
    return (Float(bitPattern: UInt32(truncatingIfNeeded: keys[index] >> 32)), Int(~UInt32(truncatingIfNeeded: keys[index])))
  }
}
