/// A function that takes any bytes and keeps a rule. The fuzzer looks for bytes that break it; the tests replay the bytes that were kept.
package struct FuzzTarget: Sendable {
  /// The name of its folder in the corpus.
  package let name: String
  package let check: @Sendable ([UInt8]) throws(Broken) -> Void

  package static let all = [
    FuzzTarget(name: "frames", check: checkFrames), FuzzTarget(name: "connection", check: checkConnection),
    FuzzTarget(name: "hello", check: checkHello), FuzzTarget(name: "messages", check: checkMessages),
    FuzzTarget(name: "delimited", check: checkDelimited), FuzzTarget(name: "query", check: checkQuery),
    FuzzTarget(name: "symbol", check: checkSymbol), FuzzTarget(name: "reading", check: checkReading),
    FuzzTarget(name: "bitmap", check: checkBitmap), FuzzTarget(name: "fields", check: checkFields),
    FuzzTarget(name: "manifest", check: checkManifest), FuzzTarget(name: "journal", check: checkJournal),
  ]
}

/// A rule that some input breaks.
package struct Broken: Error, CustomStringConvertible {
  package let description: String
}

func require(_ holds: Bool, _ rule: @autoclosure () -> String) throws(Broken) {
  if !holds { throw Broken(description: rule()) }
}

/// Takes what the input itself says about how it is to be used off its front; zeros once it is used up.
struct Choices {
  private(set) var rest: ArraySlice<UInt8>
  init(_ bytes: [UInt8]) { rest = bytes[...] }
  mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }
  mutating func number() -> Int { Int(byte()) << 8 | Int(byte()) }
  mutating func bytes(_ count: Int) -> [UInt8] {
    defer { rest = rest.dropFirst(count) }
    return Array(rest.prefix(count))
  }
}

/// Cuts bytes into pieces as `seed` says: 0 makes single bytes, others make pieces of all lengths.
struct Cuts: Sequence, IteratorProtocol {
  private var rest: ArraySlice<UInt8>
  private var state: UInt32
  private let isSingle: Bool

  init(_ bytes: ArraySlice<UInt8>, seed: UInt8) {
    rest = bytes
    state = UInt32(seed) &* 2_654_435_769 | 1
    isSingle = seed == 0
  }

  mutating func next() -> ArraySlice<UInt8>? {
    if rest.isEmpty { return nil }
    // Xorshift (Marsaglia 2003).
    state ^= state << 13
    state ^= state >> 17
    state ^= state << 5
    let length = isSingle ? 1 : 1 + Int(state & 0xFF) >> Int(state >> 8 & 7)
    defer { rest = rest.dropFirst(length) }
    return rest.prefix(length)
  }
}
