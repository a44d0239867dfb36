import Platform

/// Values in a row that are written once and read later: the last of them in memory, what is more than `least` bytes in a scratch file. What a segment is
/// made of goes through these, so that the memory taken does not grow with the segment.
struct Spool<Element: BitwiseCopyable>: ~Copyable {
  /// Where scratch files are made; nil keeps all in memory.
  let folder: String?
  private var file: ScratchFile?
  /// Values before those of `tail`.
  private(set) var base = 0
  /// The last values; they may be changed until `spill`.
  var tail = Growable<Element>()

  /// Bytes that are kept in memory before they go to the file.
  private static var least: Int { 1 << 16 }
  /// Bytes go to the file by whole multiples of this.
  private static var unit: Int { 64 }

  init(_ folder: String?) { self.folder = folder }

  var count: Int { base + tail.count }

  @inline(__always)
  mutating func append(_ element: Element) throws(SegmentError) {
    tail.append(element)
    if tail.count * MemoryLayout<Element>.stride >= Self.least { try spill() }
  }

  /// Moves what `tail` holds to the file when it is much; a part of it that is shorter than 64 values stays, so that `base` is a multiple of 64.
  mutating func spill() throws(SegmentError) {
    let stride = MemoryLayout<Element>.stride
    guard let folder, tail.count * stride >= Self.least else { return }
    let moved = tail.count / Self.unit * Self.unit
    do throws(SystemError) {
      if file == nil { file = try ScratchFile(in: folder) }
      try file?.append(UnsafeRawBufferPointer(start: tail.pointer, count: moved * stride))
    } catch { throw .system(error) }
    base += moved
    tail.removeFirst(moved)
  }

  /// All values.
  consuming func finish() throws(SegmentError) -> Spooled<Element> {
    guard var written = file.take() else { return Spooled(tail) }
    do throws(SystemError) {
      try written.append(UnsafeRawBufferPointer(start: tail.pointer, count: tail.count * MemoryLayout<Element>.stride))
      return Spooled(try written.map())
    } catch { throw .system(error) }
  }
}

/// What was spooled: values that lie in a row, in memory or in a mapped scratch file.
///
/// Sound: the memory belongs to this object alone and lives as long as it; the subscript is checked, and the callers that take `pointer` stay below `count`
/// and hold the object meanwhile.
final class Spooled<Element: BitwiseCopyable> {
  private let memory: Growable<Element>?
  private let mapping: ScratchMapping?
  let pointer: UnsafeMutablePointer<Element>
  let count: Int

  init(_ memory: consuming Growable<Element>) {
    (pointer, count) = (memory.pointer, memory.count)
    self.memory = consume memory
    mapping = nil
  }

  fileprivate init(_ mapping: consuming ScratchMapping) {
    // A spool has a file only when something went to it.
    pointer = mapping.bytes.baseAddress!.assumingMemoryBound(to: Element.self)
    count = mapping.bytes.count / MemoryLayout<Element>.stride
    memory = nil
    self.mapping = consume mapping
  }

  /// So many zeros, to be written over.
  convenience init(zeros count: Int, in folder: String?) throws(SegmentError) where Element: FixedWidthInteger {
    let bytes = count * MemoryLayout<Element>.stride
    guard let folder, bytes >= 1 << 16 else {
      var memory = Growable<Element>(capacity: count)
      memory.append(repeating: 0, count: count)
      self.init(memory)
      return
    }
    do throws(SystemError) {
      var file = try ScratchFile(in: folder)
      try file.append(zeros: bytes)
      self.init(try file.map())
    } catch { throw .system(error) }
  }

  /// Runs `body` on the values' bytes.
  func withBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
    defer { withExtendedLifetime(self) {} }
    return try body(UnsafeRawBufferPointer(start: pointer, count: count * MemoryLayout<Element>.stride))
  }

  subscript(index: Int) -> Element {
    precondition(index >= 0 && index < count, "index of what was spooled")
    return pointer[index]
  }
}

/// Numbers that will be packed: a spool and the largest of them.
struct NumberSpool: ~Copyable {
  private var numbers: Spool<UInt32>
  private(set) var largest: UInt32 = 0

  init(_ folder: String?) { numbers = Spool(folder) }

  var count: Int { numbers.count }

  @inline(__always)
  mutating func append(_ number: UInt32) throws(SegmentError) {
    largest = max(largest, number)
    try numbers.append(number)
  }

  consuming func finish() throws(SegmentError) -> Spooled<UInt32> { try numbers.finish() }

  /// Writes them as a packed array.
  consuming func write(into section: inout Spool<UInt8>) throws(SegmentError) {
    let largest = largest
    let numbers = try numbers.finish()
    try PackedArray.write(numbers.count, largest: largest, into: &section) { numbers.pointer[$0] }
  }
}
