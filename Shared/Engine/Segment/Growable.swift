import CKernels

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

  /// More bytes than this are memory of the system's own, which grows without being copied and goes back at once.
  private static var mapped: Int { 1 << 20 }

  private static func bytes(_ count: Int) -> Int { count * MemoryLayout<Element>.stride }

  /// At the beginning of a line of memory, so that elements of 64 bytes have one each.
  private static func allocate(_ count: Int) -> UnsafeMutablePointer<Element> {
    if bytes(count) > mapped { return resize(nil, 0, count) }
    return UnsafeMutableRawPointer.allocate(byteCount: bytes(count), alignment: 64).bindMemory(to: Element.self, capacity: count)
  }

  private static func resize(_ pointer: UnsafeMutablePointer<Element>?, _ count: Int, _ wanted: Int) -> UnsafeMutablePointer<Element> {
    guard let memory = chancery_resize(pointer, bytes(count), bytes(wanted)) else { fatalError("out of memory") }
    return memory.bindMemory(to: Element.self, capacity: wanted)
  }

  private func release() {
    if Self.bytes(capacity) > Self.mapped { chancery_release(pointer, Self.bytes(capacity)) } else { pointer.deallocate() }
  }

  deinit { release() }

  /// Bytes of memory taken, about: what was never written is not.
  var bytes: Int { count * MemoryLayout<Element>.stride }

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
    let wanted = max(capacity * 2, count + more)
    if Self.bytes(capacity) > Self.mapped {
      pointer = Self.resize(pointer, capacity, wanted)
    } else {
      let larger = Self.allocate(wanted)
      larger.update(from: pointer, count: count)
      release()
      pointer = larger
    }
    capacity = wanted
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
