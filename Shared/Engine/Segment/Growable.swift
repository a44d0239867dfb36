/// A growing run of plain values for the innermost loops of indexing, which an Array's checks for uniqueness would slow down.
///
/// Sound: the memory belongs to this value alone, which cannot be copied; every access is below `count`, checked in `subscript` and argued for by
/// the callers that take `pointer`.
struct Growable<Element: BitwiseCopyable>: ~Copyable {
  /// The first element; valid until the next change of length.
  private(set) var pointer: UnsafeMutablePointer<Element>
  fileprivate(set) var count = 0
  private var capacity: Int

  init(capacity: Int = 16) {
    self.capacity = max(1, capacity)
    pointer = Self.allocate(self.capacity)
  }

  /// At the beginning of a line of memory, so that elements of 64 bytes have one each.
  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
    UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Element>.stride, alignment: 64).bindMemory(
      to: Element.self, capacity: count)
  }

  deinit { pointer.deallocate() }

  var bytes: Int { capacity * MemoryLayout<Element>.stride }

  subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "index of a growable")
      return pointer[index]
    }
    set {
      precondition(index >= 0 && index < count, "index of a growable")
      pointer[index] = newValue
    }
  }

  @inline(__always)
  mutating func append(_ element: Element) {
    if count == capacity { grow(1) }
    pointer[count] = element
    count += 1
  }

  /// Makes room for `more` elements at the end, not yet initialised; they must be written before they are read.
  @inline(__always)
  mutating func extend(_ more: Int) -> UnsafeMutablePointer<Element> {
    if count + more > capacity { grow(more) }
    defer { count += more }
    return pointer + count
  }

  mutating func append(repeating element: Element, count more: Int) { extend(more).initialize(repeating: element, count: more) }

  mutating func removeAll() { count = 0 }

  mutating func shorten(to kept: Int) {
    precondition(kept >= 0 && kept <= count, "length of a growable")
    count = kept
  }

  /// Removes so many from the front.
  mutating func removeFirst(_ removed: Int) {
    precondition(removed >= 0 && removed <= count, "length of a growable")
    count -= removed
    if removed > 0 { pointer.update(from: pointer + removed, count: count) }
  }

  private mutating func grow(_ more: Int) {
    capacity = max(capacity * 2, count + more)
    let larger = Self.allocate(capacity)
    larger.update(from: pointer, count: count)
    pointer.deallocate()
    pointer = larger
  }
}

extension Growable<UInt8> {
  @inline(__always)
  mutating func append(little value: some FixedWidthInteger & BitwiseCopyable) {
    let size = MemoryLayout.size(ofValue: value)
    UnsafeMutableRawPointer(extend(size)).storeBytes(of: value.littleEndian, as: type(of: value))
  }

  /// Adds what `body` writes, which tells how many of the bytes it was given room for.
  @inline(__always)
  mutating func append(atMost room: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int) {
    let held = body(extend(room))
    precondition(held >= 0 && held <= room, "bytes of a growable")
    count -= room - held
  }

  mutating func append(contentsOf bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    UnsafeMutableRawPointer(extend(bytes.count)).copyMemory(from: base, byteCount: bytes.count)
  }

  /// Adds zeros until the length is a multiple of `unit`.
  mutating func align(_ unit: Int) {
    let rest = count % unit
    if rest > 0 { append(repeating: 0, count: unit - rest) }
  }

  /// Writes `value` over four bytes that are already there.
  mutating func store(_ value: UInt32, at offset: Int) {
    precondition(offset >= 0 && offset + 4 <= count, "store into a growable")
    UnsafeMutableRawPointer(pointer + offset).storeBytes(of: value.littleEndian, as: UInt32.self)
  }

  /// A copy of the bytes.
  var array: [UInt8] { [UInt8](UnsafeBufferPointer(start: pointer, count: count)) }
}
