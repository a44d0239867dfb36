/// The 16-byte name of a document, which it keeps for good: the first half of the SHA-256 of its canonical first symbol, a line feed and its language (ISO
/// 639-1), of the symbol alone when it is in English or its language was not known, or of the original's bytes when it has no symbol. Versions of one
/// language under one symbol share it.
public struct DocumentID: Sendable, Hashable, Comparable, CustomStringConvertible {
  public static let length = 16
  private let high: UInt64
  private let low: UInt64

  /// The first 16 bytes of a digest; nil when there are fewer.
  public init?(digest: some Sequence<UInt8>) {
    var words: (UInt64, UInt64) = (0, 0)
    var count = 0
    for byte in digest.prefix(Self.length) {
      if count < 8 { words.0 = words.0 << 8 | UInt64(byte) } else { words.1 = words.1 << 8 | UInt64(byte) }
      count += 1
    }
    guard count == Self.length else { return nil }
    (high, low) = words
  }

  /// Exactly 16 bytes, or nil.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == Self.length else { return nil }
    self.init(digest: bytes)
  }

  /// 32 hexadecimal digits of either case, or nil.
  public init?(hexadecimal text: String) {
    var bytes: [UInt8] = []
    var pending: UInt8?
    for character in text.utf8 {
      let digit: UInt8
      switch character {
      case 0x30...0x39: digit = character - 0x30
      case 0x41...0x46: digit = character - 0x41 + 10
      case 0x61...0x66: digit = character - 0x61 + 10
      default: return nil
      }
      if let first = pending {
        bytes.append(first << 4 | digit)
        pending = nil
        if bytes.count > Self.length { return nil }
      } else {
        pending = digit
      }
    }
    guard pending == nil else { return nil }
    self.init(bytes: bytes)
  }

  public var bytes: [UInt8] { (0..<Self.length).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> UInt64(56 - 8 * ($0 % 8))) } }

  /// 32 lowercase hexadecimal digits.
  public var description: String {
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  public static func < (left: Self, right: Self) -> Bool { (left.high, left.low) < (right.high, right.low) }
}
