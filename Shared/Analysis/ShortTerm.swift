/// A folded term of at most 24 bytes as three words: the first byte in the lowest of the first word, zeros after the last. So it is compared and hashed
/// without going through memory.
public struct ShortTerm: BitwiseCopyable, Sendable, Equatable {
  /// The longest, in bytes.
  public static let limit = 24

  public let first, second, third: UInt64
  public let count: Int

  init(_ first: UInt64, _ second: UInt64, _ third: UInt64, count: Int) {
    (self.first, self.second, self.third, self.count) = (first, second, third, count)
  }

  /// The first bytes of a term.
  public init(beginning term: Span<UInt8>) { self.init(term.word(0), term.word(8), term.word(16), count: min(term.count, Self.limit)) }

  /// Nil when there are more bytes.
  public init?(_ term: Span<UInt8>) {
    guard term.count <= Self.limit else { return nil }
    self.init(beginning: term)
  }

  /// Calls `body` with the bytes, which are valid during the call only.
  @inline(__always)
  public func withSpan<Result, Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Result) throws(Failure) -> Result {
    var words = (first.littleEndian, second.littleEndian, third.littleEndian)
    let count = count
    return try withUnsafeBytes(of: &words) { bytes throws(Failure) in
      // The words are laid out one after the other and hold `count` bytes.
      try body(bytes.bindMemory(to: UInt8.self).span.extracting(first: count))
    }
  }
}

extension Span<UInt8> {
  /// Up to eight bytes from `place` on, the first in the lowest, and zeros.
  @inline(__always)
  fileprivate func word(_ place: Int) -> UInt64 {
    // The eight bytes are in the span.
    if place &+ 8 <= count { return withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self)) } }
    var word: UInt64 = 0
    for index in min(place, count)..<count { word |= UInt64(self[index]) << UInt64((index - place) * 8) }
    return word
  }
}

/// Eight bytes of a text, folded if they are ASCII.
struct FoldedBytes {
  private static let ones: UInt64 = 0x0101_0101_0101_0101
  private static let highs = ones << 7

  /// Letters in lower case; what is neither letter nor digit means nothing.
  private let folded: UInt64
  /// The highest bit of each byte that is no ASCII letter or digit.
  private let others: UInt64

  @inline(__always)
  init(_ text: Span<UInt8>, at place: Int) {
    let bytes = text.word(place)
    // Sums of bytes below 128 and constants below 128 do not carry.
    let plain = bytes & ~Self.highs
    let lower = plain | 0x20 &* Self.ones
    let letters = (lower &+ (0x80 - 0x61) &* Self.ones) & ~(lower &+ (0x80 - 0x7B) &* Self.ones)
    let digits = (plain &+ (0x80 - 0x30) &* Self.ones) & ~(plain &+ (0x80 - 0x3A) &* Self.ones)
    others = ~((letters | digits) & ~bytes) & Self.highs
    folded = bytes | (letters & Self.highs) >> 2
  }

  /// Letters and digits before the first other byte; 8 when there is none.
  var count: Int { others.trailingZeroBitCount >> 3 }
  /// These alone.
  var word: UInt64 { folded & (((others & (0 &- others)) >> 7) &- 1) }
}

extension Analyzer {
  /// Calls `body` for the words of `text` from `start` on as long as they are of ASCII and short, and until it returns false; returns where the next word
  /// may begin.
  @inline(__always)
  static func forEachShortWord<Failure: Error>(
    in text: Span<UInt8>, from start: Int, _ body: (_ term: ShortTerm, _ start: Int) throws(Failure) -> Bool
  ) throws(Failure) -> Int {
    var index = start
    while index < text.count {
      let bytes = FoldedBytes(text, at: index)
      var count = bytes.count
      if count == 0 {
        if text[index] >= 0x80 { return index }
        index &+= 1
        continue
      }
      var (second, third): (UInt64, UInt64) = (0, 0)
      if count == 8 {
        let more = FoldedBytes(text, at: index &+ 8)
        second = more.word
        count &+= more.count
        if count == 16 {
          let last = FoldedBytes(text, at: index &+ 16)
          third = last.word
          count &+= last.count
          if count == ShortTerm.limit { return index }
        }
      }
      let end = index &+ count
      if end < text.count, text[end] >= 0x80 { return index }
      // The byte after a word is none of the next.
      let place = index
      index = min(end &+ 1, text.count)
      if !(try body(ShortTerm(bytes.word, second, third, count: count), place)) { return index }
    }
    return index
  }
}
