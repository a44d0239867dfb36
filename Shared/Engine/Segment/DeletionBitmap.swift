import Platform

/// The deleted documents of a segment, one bit each. As an object: magic u32, version u32, documents u32, deleted u32, words u64…, XXH3-64 u64.
public struct DeletionBitmap: Sendable, Hashable {
  static let magic: UInt32 = 0x4C44_4843  // "CHDL"
  static let version: UInt32 = 1

  public let documents: Int
  /// How many are deleted.
  public private(set) var deleted = 0
  private(set) var words: [UInt64]

  /// Bytes of the object for a segment of `documents`.
  public static func encodedLength(documents: Int) -> Int { 24 + (documents + 63) / 64 * 8 }

  /// None deleted of `documents`.
  public init(documents: Int) {
    self.documents = documents
    words = Array(repeating: 0, count: (documents + 63) / 64)
  }

  public func contains(_ document: UInt32) -> Bool {
    let index = Int(document)
    return words[index >> 6] >> UInt64(index & 63) & 1 == 1
  }

  /// Marks a document deleted; false when it was.
  @discardableResult public mutating func insert(_ document: UInt32) -> Bool {
    if contains(document) { return false }
    words[Int(document) >> 6] |= 1 << UInt64(document & 63)
    deleted += 1
    return true
  }

  /// The object's bytes.
  public func encoded() -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.append(little: Self.magic)
    bytes.append(little: Self.version)
    bytes.append(little: UInt32(documents))
    bytes.append(little: UInt32(deleted))
    for word in words { bytes.append(little: word) }
    bytes.append(little: xxh3(bytes))
    return bytes
  }

  /// Reads an object's bytes. Throws `SegmentError`.
  public init(_ bytes: [UInt8], subject: String) throws(SegmentError) {
    func number<T: FixedWidthInteger>(_ offset: Int, _ type: T.Type) -> T {
      (0..<MemoryLayout<T>.size).reduce(0) { $0 | T(truncatingIfNeeded: bytes[offset + $1]) << T(8 * $1) }
    }
    guard bytes.count >= 24, number(0, UInt32.self) == Self.magic else { throw .foreign(subject: subject) }
    let version = number(4, UInt32.self)
    guard version <= Self.version else { throw .tooNew(subject: subject, version: version) }
    guard version == Self.version else { throw .corrupt(subject: subject, what: "its version is \(version)") }
    documents = Int(number(8, UInt32.self))
    guard bytes.count == Self.encodedLength(documents: documents), xxh3(Array(bytes.dropLast(8))) == number(bytes.count - 8, UInt64.self)
    else {
      throw .corrupt(subject: subject, what: "its checksum or length")
    }
    words = (0..<(documents + 63) / 64).map { number(16 + $0 * 8, UInt64.self) }
    deleted = words.reduce(0) { $0 + $1.nonzeroBitCount }
    let tail = documents % 64 == 0 ? 0 : (words.last ?? 0) >> UInt64(documents % 64)
    guard deleted == Int(number(12, UInt32.self)), tail == 0 else { throw .corrupt(subject: subject, what: "the number of its bits") }
  }
}
