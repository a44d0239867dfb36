import CKernels
import Platform

/// A range of a mapped file. All loads are little-endian and checked against the range, and the file stays mapped as long as the value lives.
struct Section: Sendable {
  let owner: MappedFile
  let start: Int
  let count: Int

  /// A part of this section.
  func part(_ offset: Int, _ length: Int) -> Section {
    precondition(offset >= 0 && length >= 0 && offset + length <= count, "part of a section")
    return Section(owner: owner, start: start + offset, count: length)
  }

  func load<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: T.Type) -> T {
    precondition(offset >= 0 && offset + MemoryLayout<T>.size <= count, "load from a section")
    return T(littleEndian: owner.bytes.loadUnaligned(fromByteOffset: start + offset, as: type))
  }

  func byte(_ offset: Int) -> UInt8 { load(offset, as: UInt8.self) }
  func uint32(_ offset: Int) -> UInt32 { load(offset, as: UInt32.self) }
  func uint64(_ offset: Int) -> UInt64 { load(offset, as: UInt64.self) }

  /// The bytes of a range; valid while the section's file is mapped.
  func raw(_ offset: Int, _ length: Int) -> UnsafeRawBufferPointer {
    precondition(offset >= 0 && length >= 0 && offset + length <= count, "range of a section")
    return UnsafeRawBufferPointer(rebasing: owner.bytes[(start + offset)..<(start + offset + length)])
  }

  /// Asks early for bytes that will be read.
  @inline(__always)
  func ask(_ offset: Int, _ length: Int) {
    guard offset >= 0, offset < count, let base = owner.bytes.baseAddress else { return }
    chancery_ask(base + (start &+ offset), length)
  }

  /// A copy of a range.
  func copy(_ offset: Int, _ length: Int) -> [UInt8] { [UInt8](raw(offset, length)) }
}

/// Whether these are the same bytes.
@inline(__always)
func areEqual(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Bool {
  first.count == second.count && chancery_are_equal(first.baseAddress, second.baseAddress, first.count)
}

extension [UInt8] {
  mutating func append(little value: some FixedWidthInteger & BitwiseCopyable) {
    Swift.withUnsafeBytes(of: value.littleEndian) { append(contentsOf: $0) }
  }
}

/// Fixed-width packing of unsigned numbers, the first in the lowest bits (little-endian bit order), as FORMAT.md says.
enum BitPacking {
  /// Loads read eight bytes at a time; each section that holds packed numbers ends in so many zero bytes.
  static let padding = 8

  /// Bits that hold `value`.
  static func width(_ value: UInt32) -> Int { 32 - value.leadingZeroBitCount }

  /// Bytes that `count` numbers of `width` bits take.
  static func bytes(_ count: Int, _ width: Int) -> Int { (count * width + 7) / 8 }

  static func pack(_ values: UnsafePointer<UInt32>, _ count: Int, width: Int, into bytes: inout Growable<UInt8>) {
    bytes.append(atMost: Self.bytes(count, width) + 8) { target in
      bestKernels.pointee.pack_row(values, count, Int32(width), target)
      return Self.bytes(count, width)
    }
  }

  /// Number `index` of those packed from `bytes` on; eight bytes are read from where it begins.
  @inline(__always)
  static func value(_ bytes: UnsafeRawPointer, _ index: Int, width: Int) -> UInt32 {
    let bit = index &* width
    let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: bit >> 3, as: UInt64.self))
    return UInt32(truncatingIfNeeded: word >> UInt64(bit & 7) & ((1 << UInt64(width)) &- 1))
  }
}

/// Numbers of one width that can be read singly. On disk: count u32, width u8, packed bits, padding.
struct PackedArray: Sendable {
  private let section: Section
  let count: Int
  private let width: Int
  private static let header = 5

  /// Reads the array that begins at `offset` of `section`; its length in bytes is `bytes`.
  init(_ section: Section, at offset: Int = 0) {
    count = Int(section.uint32(offset))
    width = Int(section.byte(offset + 4))
    precondition(width <= 32, "width of packed numbers")
    self.section = section.part(offset, Self.header + BitPacking.bytes(count, width) + BitPacking.padding)
  }

  var bytes: Int { section.count }

  subscript(index: Int) -> UInt32 {
    precondition(index >= 0 && index < count, "index of packed numbers")
    if width == 0 { return 0 }
    let bit = index * width
    return UInt32(truncatingIfNeeded: section.uint64(Self.header + bit >> 3) >> UInt64(bit & 7) & (UInt64.max >> UInt64(64 - width)))
  }

  /// Writes `count` numbers, told by their index, none of them over `largest`, which decides the width.
  static func write(
    _ count: Int, largest: UInt32, into section: inout Spool<UInt8>, _ value: (Int) -> UInt32
  ) throws(SegmentError) {
    let width = BitPacking.width(largest)
    section.tail.append(little: UInt32(count))
    section.tail.append(UInt8(width))
    // A multiple of eight, so that each part fills whole bytes.
    var part = Growable<UInt32>(capacity: min(count, 4096))
    for start in stride(from: 0, to: count, by: 4096) {
      part.removeAll()
      for index in start..<min(count, start + 4096) { part.append(value(index)) }
      BitPacking.pack(part.pointer, part.count, width: width, into: &section.tail)
      try section.spill()
    }
    section.tail.append(repeating: 0, count: BitPacking.padding)
  }
}
