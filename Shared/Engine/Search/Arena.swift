import Synchronization

/// Memory of one search: one slab that is used from the front, and more blocks when it is too small. All is given back at the end, the slab to be used
/// again, so that a search does not pay for fresh pages.
final class Arena {
  /// Memory that nobody else holds. Sound to send: a slab has one owner at a time.
  struct Slab: @unchecked Sendable {
    let base: UnsafeMutableRawPointer
    let capacity: Int

    init(capacity: Int) {
      base = .allocate(byteCount: capacity, alignment: 64)
      self.capacity = capacity
    }
  }

  private let pool: ArenaPool
  private var slab: Slab
  private var used = 0
  private var blocks: [UnsafeMutableRawPointer] = []
  private var overflow = 0

  init(_ pool: ArenaPool) {
    self.pool = pool
    slab = pool.take()
  }

  deinit {
    for block in blocks { block.deallocate() }
    if overflow > 0 {
      let larger = Slab(capacity: (slab.capacity + overflow) * 2)
      slab.base.deallocate()
      slab = larger
    }
    pool.give(slab)
  }

  /// Not initialised.
  func allocate<Element: BitwiseCopyable>(_ count: Int, of: Element.Type = Element.self) -> UnsafeMutablePointer<Element> {
    let bytes = (max(1, count) * MemoryLayout<Element>.stride + 63) & ~63
    let block: UnsafeMutableRawPointer
    if used + bytes <= slab.capacity {
      block = slab.base + used
      used += bytes
    } else {
      block = .allocate(byteCount: bytes, alignment: 64)
      blocks.append(block)
      overflow += bytes
    }
    return block.bindMemory(to: Element.self, capacity: max(1, count))
  }

  func zeros<Element: BitwiseCopyable & ExpressibleByIntegerLiteral>(_ count: Int) -> UnsafeMutablePointer<Element> {
    let pointer = allocate(count, of: Element.self)
    pointer.initialize(repeating: 0, count: count)
    return pointer
  }

  /// 0 ..< count, few, in the order that `isBefore` says; equal ones ascend.
  @inline(__always)
  func sorted(_ count: Int, by isBefore: (Int, Int) -> Bool) -> UnsafeMutablePointer<Int> {
    let order = allocate(count, of: Int.self)
    for index in 0..<count {
      var place = index
      while place > 0, isBefore(index, order[place - 1]) {
        order[place] = order[place - 1]
        place -= 1
      }
      order[place] = index
    }
    return order
  }

  /// 0 ..< count.
  func ascending(_ count: Int) -> UnsafePointer<Int> {
    let numbers = allocate(count, of: Int.self)
    for number in 0..<count { numbers[number] = number }
    return UnsafePointer(numbers)
  }
}

/// The slabs of finished searches, for those to come.
final class ArenaPool: Sendable {
  /// Slabs kept, and the longest that is.
  private static let limit = 8
  private static let longest = 16 << 20
  private static let first = 1 << 16
  private let slabs = Mutex<[Arena.Slab]>([])

  deinit { for slab in slabs.withLock({ $0 }) { slab.base.deallocate() } }

  func take() -> Arena.Slab { slabs.withLock { $0.popLast() } ?? Arena.Slab(capacity: Self.first) }

  func give(_ slab: Arena.Slab) {
    let isKept = slabs.withLock { slabs in
      guard slabs.count < Self.limit, slab.capacity <= Self.longest else { return false }
      slabs.append(slab)
      return true
    }
    if !isKept { slab.base.deallocate() }
  }
}
