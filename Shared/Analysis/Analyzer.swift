/// A word of a text: where it stands in the row of words, and where in the text's bytes.
public struct Token: Sendable, Hashable {
  /// Its place among the words, counted from the position that the caller gave.
  public let position: UInt32
  /// Where the word as written begins, in bytes of the text.
  public let start: Int
  /// The word's length as written, in bytes of the text.
  public let length: Int

  public init(position: UInt32, start: Int, length: Int) {
    self.position = position
    self.start = start
    self.length = length
  }
}

/// Text → words, the same for documents and for queries.
///
/// - A word is a run of letters, digits and their marks in Unicode's sense; everything else parts words, the apostrophe too.
/// - Words are in lower case and without accents (`Folding`); decimal digits of any script are ASCII's.
/// - An ideograph or kana letter is a word by itself, so that any run of them is found as a phrase. Bigrams would be more selective
///   but would not find a single character.
/// - A word of more than `maximumTermLength` bytes is cut there; its position and its place in the text are the whole word's.
/// - Scripts that write no spaces between words (Thai, Lao, Khmer) give one word a run.
/// - Bytes that are not UTF-8 part words.
///
/// Words by their stems are told by `forEachStem`.
public struct Analyzer: Sendable, Hashable {
  /// The longest term, in bytes of its folded form.
  public static let maximumTermLength = 64

  /// ISO 639-1; empty when not known. It chooses stems; words are the same in every language.
  public let language: String

  public init(language: String = "") { self.language = language }

  /// Calls `body` for each word of `text` (UTF-8) in order, with the folded term, which is valid during the call only.
  ///
  /// Positions count up from `position`; returns the position after the last word. Allocates nothing for ASCII text. Throws only what `body` throws.
  @discardableResult
  public func forEachToken<Failure: Error>(
    in text: Span<UInt8>, from position: UInt32 = 0, _ body: (_ term: Span<UInt8>, _ token: Token) throws(Failure) -> Void
  ) throws(Failure) -> UInt32 {
    var scanner = Scanner(position: position)
    var index = 0
    while true {
      index = try Self.forEachShortWord(in: text, from: index) { term, start throws(Failure) in
        let token = Token(position: scanner.position, start: start, length: term.count)
        scanner.position &+= 1
        try term.withSpan { span throws(Failure) in try body(span, token) }
        return true
      }
      if index == text.count { return scanner.position }
      index = try scanner.scan(text, from: index, body)
    }
  }

  /// The same where only terms and positions are wanted: calls `short` for short terms of ASCII in a row, the first of which has the given position, and
  /// `other` for what is not one.
  public func forEachTerm(
    in text: Span<UInt8>, from position: UInt32, short: (_ terms: Span<ShortTerm>, _ position: UInt32) -> Void,
    other: (_ term: Span<UInt8>, _ position: UInt32) -> Void
  ) -> UInt32 {
    withUnsafeTemporaryAllocation(of: ShortTerm.self, capacity: Self.batch) { terms in
      var scanner = Scanner(position: position)
      var index = 0
      while true {
        var held = 0
        index = Self.forEachShortWord(in: text, from: index) { term, _ in
          terms.initializeElement(at: held, to: term)
          held &+= 1
          return held < Self.batch
        }
        if held > 0 {
          // So many have been written.
          short(UnsafeBufferPointer(rebasing: terms[..<held]).span, scanner.position)
          scanner.position &+= UInt32(held)
        }
        if index == text.count { return scanner.position }
        if held < Self.batch { index = scanner.scan(text, from: index) { other($0, $1.position) } }
      }
    }
  }

  private static let batch = 64

  /// The words of `text`, each with its folded term. For queries and short texts; documents go through `forEachToken`.
  public func words(_ text: String) -> [(term: [UInt8], token: Token)] {
    var words: [(term: [UInt8], token: Token)] = []
    let bytes = Array(text.utf8)
    forEachToken(in: bytes.span) { term, token in words.append((term.bytes, token)) }
    return words
  }

  /// The folded terms of `text` in order.
  public func terms(_ text: String) -> [[UInt8]] { words(text).map(\.term) }
}

extension Span<UInt8> {
  /// A copy of the bytes.
  public var bytes: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      for index in indices { buffer.initializeElement(at: index, to: self[index]) }
      filled = count
    }
  }
}

/// The general road: a stretch of text that has bytes above ASCII, or a long word.
private struct Scanner {
  var position: UInt32
  /// The folded word so far, reused.
  var term: [UInt8] = []
  private var isFull = false

  init(position: UInt32) { self.position = position }

  /// Reads the word that begins at `from` and what directly belongs to it; returns where it stopped, beyond `from`.
  mutating func scan<Failure: Error>(
    _ text: Span<UInt8>, from start: Int, _ body: (Span<UInt8>, Token) throws(Failure) -> Void
  ) throws(Failure) -> Int {
    term.removeAll(keepingCapacity: true)
    isFull = false
    var index = start
    // Marks that are dropped after the last letter are part of the word as written; those before the first are not.
    var wordStart = start
    while index < text.count {
      let (scalar, length) = decode(text, index)
      switch scalar.map(classify) ?? .separator {
      case .separator:
        try emit(wordStart, index, body)
        return index + length
      case .dropped:
        index += length
        if term.isEmpty { wordStart = index }
        if scalar?.value == 0x0306 { composeShortI() }
      case .letter(let folded):
        append(folded)
        index += length
      case .pair(let first, let second):
        append(UInt32(first))
        append(UInt32(second))
        index += length
      case .single(let folded):
        try emit(wordStart, index, body)
        append(folded)
        try emit(index, index + length, body)
        return index + length
      }
    }
    try emit(wordStart, index, body)
    return index
  }

  private mutating func emit<Failure: Error>(
    _ start: Int, _ end: Int, _ body: (Span<UInt8>, Token) throws(Failure) -> Void
  ) throws(Failure) {
    guard !term.isEmpty else { return }
    try body(term.span, Token(position: position, start: start, length: end - start))
    position &+= 1
    term.removeAll(keepingCapacity: true)
    isFull = false
  }

  private func classify(_ scalar: Unicode.Scalar) -> Folding.Class {
    guard scalar.value < Folding.tableEnd else { return Folding.classify(scalar) }
    return switch Folding.table[Int(scalar.value)] {
    case Folding.separatorEntry: .separator
    case Folding.droppedEntry: .dropped
    case Folding.pairEntry: Folding.classify(scalar)
    case let folded: .letter(UInt32(folded))
    }
  }

  /// Makes и before a breve the letter й, which is one of its own: endings are told by it.
  private mutating func composeShortI() {
    if term.suffix(2).elementsEqual([0xD0, 0xB8]) { term[term.count - 1] = 0xB9 }
  }

  /// Adds a scalar in UTF-8 unless the term is as long as it may be; after the first that does not fit nothing is added.
  private mutating func append(_ value: UInt32) {
    let length = value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4
    guard !isFull, term.count + length <= Analyzer.maximumTermLength else {
      isFull = true
      return
    }
    switch length {
    case 1: term.append(UInt8(value))
    case 2:
      term.append(UInt8(0xC0 | value >> 6))
      term.append(UInt8(0x80 | value & 0x3F))
    case 3:
      term.append(UInt8(0xE0 | value >> 12))
      term.append(UInt8(0x80 | value >> 6 & 0x3F))
      term.append(UInt8(0x80 | value & 0x3F))
    default:
      term.append(UInt8(0xF0 | value >> 18))
      term.append(UInt8(0x80 | value >> 12 & 0x3F))
      term.append(UInt8(0x80 | value >> 6 & 0x3F))
      term.append(UInt8(0x80 | value & 0x3F))
    }
  }

  /// The scalar at `index` and its length; nil and 1 when the byte begins no well-formed UTF-8 (Unicode 16, table 3-7).
  private func decode(_ text: Span<UInt8>, _ index: Int) -> (scalar: Unicode.Scalar?, length: Int) {
    let first = UInt32(text[index])
    if first < 0x80 { return (Unicode.Scalar(first), 1) }
    let length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0
    guard length > 0, index + length <= text.count else { return (nil, 1) }
    var value = first & (0x7F >> UInt32(length))
    for offset in 1..<length {
      let byte = UInt32(text[index + offset])
      guard byte & 0xC0 == 0x80 else { return (nil, 1) }
      value = value << 6 | byte & 0x3F
    }
    let minimum: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
    // `Unicode.Scalar` refuses surrogates and what lies beyond U+10FFFF.
    guard value >= minimum, let scalar = Unicode.Scalar(value) else { return (nil, 1) }
    return (scalar, length)
  }
}
