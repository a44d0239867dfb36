/// A field's length in one byte, exactly as Lucene rounds it (`SmallFloat.intToByte4`), so that scores can be compared one to one:
/// exact below 24, then 4 significant bits.
public enum LengthByte {
  private static let exact = 24

  /// The byte that stands for `length` words.
  public static func encode(_ length: Int) -> UInt8 {
    if length < exact { return UInt8(max(0, length)) }
    let rest = UInt64(min(length, Int(Int32.max)) - exact)
    let bits = 64 - rest.leadingZeroBitCount
    if bits < 4 { return UInt8(exact + Int(rest)) }
    let shift = bits - 4
    return UInt8(exact + (Int(rest >> UInt64(shift)) & 7 | (shift + 1) << 3))
  }

  /// The length that `byte` stands for.
  public static func decode(_ byte: UInt8) -> Int {
    let value = Int(byte)
    if value < exact { return value }
    let (bits, shift) = ((value - exact) & 7, (value - exact) >> 3 - 1)
    return exact + (shift < 0 ? bits : (bits | 8) << shift)
  }
}
