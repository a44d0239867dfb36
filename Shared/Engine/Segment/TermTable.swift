/// The terms of the documents in memory and their occurrences: an open-addressed table over an arena of key bytes, and for each term a chain of
/// growing chunks in an arena of occurrences.
///
/// An occurrence is (distance from the last position in the document << 1 | first in its document) as a variable-length number, then for the first in
/// a document the distance from the last document.
///
/// Sound: offsets into the arenas are made here only; a key takes whole words of eight bytes, the last filled up with zeros.
struct TermTable: ~Copyable {
  /// One line of memory.
  struct Term: BitwiseCopyable {
    /// The key's first words, so that most are compared without going to the arena of keys.
    var first, second, third: UInt64
    var keyStart: UInt32
    var keyLength: UInt32
    /// Where the next byte goes, and the end of the room in its chunk; the first chunk.
    var next: UInt32
    var end: UInt32
    var chunk: UInt32
    var chunkLength: UInt32
    var lastDocument: UInt32
    var lastPosition: UInt32
    var documents: UInt32
  }

  /// Lengths of a term's first chunk and of its longest; a chunk ends in the offset of the next, u32.
  private static let firstChunk: UInt32 = 16
  private static let longestChunk: UInt32 = 4096
  private static let link: UInt32 = 4
  /// Bytes of occurrences, whose offsets are 32 bits.
  static let limit = Int(UInt32.max) - (1 << 30)

  /// A term's number + 1 in the lower half, the upper half of its hash above; 0 is free. At most half full.
  private var slots = Growable<UInt64>()
  private var slotMask: Int
  private var keys = Growable<UInt64>(capacity: 1 << 12)
  private var terms = Growable<Term>(capacity: 1 << 10)
  private var arena = Growable<UInt8>(capacity: 1 << 16)
  private var scratch = Growable<UInt64>()
  /// Drawn for each table, so that nobody can choose words that collide.
  private let seed = UInt64.random(in: 0 ... .max)

  init() {
    slotMask = (1 << 12) - 1
    slots.append(repeating: 0, count: slotMask + 1)
    scratch.append(repeating: 0, count: 16)
  }

  var count: Int { terms.count }
  /// Bytes of memory taken.
  var bytes: Int { slots.bytes + keys.bytes + terms.bytes + arena.bytes }
  /// Bytes of occurrences; must stay below `limit`.
  var occurrenceBytes: Int { arena.count }

  /// The bytes of a term's key; valid until the next change.
  func key(_ term: Int) -> UnsafeRawBufferPointer {
    let entry = terms[term]
    return UnsafeRawBufferPointer(start: keys.pointer + Int(entry.keyStart), count: Int(entry.keyLength))
  }

  // MARK: Adding

  /// Notes one occurrence. Documents and, in a document, positions come ascending; a keyword comes once a document, at position 0.
  @inline(__always)
  mutating func add(_ field: UInt8, _ term: Span<UInt8>, document: UInt32, position: UInt32) {
    let length = term.count + 1
    let words = (length + 7) / 8
    if words > scratch.count { scratch.append(repeating: 0, count: words - scratch.count) }
    scratch.pointer[words - 1] = 0
    let bytes = UnsafeMutableRawPointer(scratch.pointer)
    bytes.storeBytes(of: field, as: UInt8.self)
    term.withUnsafeBytes { if let base = $0.baseAddress { (bytes + 1).copyMemory(from: base, byteCount: $0.count) } }
    let number = find(words, length)
    let entry = terms.pointer + number
    if entry.pointee.lastDocument == document {
      write(entry, (position &- entry.pointee.lastPosition) << 1)
    } else {
      write(entry, position << 1 | 1)
      write(entry, document &- entry.pointee.lastDocument)
      entry.pointee.lastDocument = document
      entry.pointee.documents += 1
    }
    entry.pointee.lastPosition = position
  }

  @inline(__always)
  private func hash(_ words: Int) -> UInt64 {
    var hash = seed
    for index in 0..<words {
      let product = (hash ^ scratch.pointer[index]).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      hash = product.high ^ product.low
    }
    return hash
  }

  /// The number of the term in `scratch`, new or old.
  @inline(__always)
  private mutating func find(_ words: Int, _ length: Int) -> Int {
    let hash = hash(words)
    var slot = Int(truncatingIfNeeded: hash) & slotMask
    while true {
      let value = slots.pointer[slot]
      if value == 0 { return insert(words, length, hash, slot) }
      if value >> 32 == hash >> 32 {
        let number = Int(truncatingIfNeeded: value & 0xFFFF_FFFF) - 1
        if terms.pointer[number].keyLength == UInt32(length), isEqual(terms.pointer + number, words) { return number }
      }
      slot = (slot + 1) & slotMask
    }
  }

  @inline(__always)
  private func isEqual(_ term: UnsafePointer<Term>, _ words: Int) -> Bool {
    if term.pointee.first != scratch.pointer[0] { return false }
    if words == 1 { return true }
    if term.pointee.second != scratch.pointer[1] { return false }
    if words == 2 { return true }
    if term.pointee.third != scratch.pointer[2] { return false }
    if words == 3 { return true }
    let key = keys.pointer + Int(term.pointee.keyStart)
    for index in 3..<words where key[index] != scratch.pointer[index] { return false }
    return true
  }

  private mutating func insert(_ words: Int, _ length: Int, _ hash: UInt64, _ slot: Int) -> Int {
    let number = terms.count
    slots.pointer[slot] = (hash & ~0xFFFF_FFFF) | UInt64(number + 1)
    let start = UInt32(arena.count)
    terms.append(
      Term(
        first: scratch.pointer[0], second: words > 1 ? scratch.pointer[1] : 0, third: words > 2 ? scratch.pointer[2] : 0, keyStart: UInt32(keys.count), keyLength: UInt32(length), next: start, end: start + Self.firstChunk - Self.link, chunk: start,
        chunkLength: Self.firstChunk, lastDocument: .max, lastPosition: 0, documents: 0))
    for index in 0..<words { keys.append(scratch.pointer[index]) }
    _ = arena.extend(Int(Self.firstChunk))
    if terms.count * 2 > slots.count { growSlots() }
    return number
  }

  private mutating func growSlots() {
    var larger = Growable<UInt64>(capacity: slots.count * 2)
    larger.append(repeating: 0, count: slots.count * 2)
    slotMask = larger.count - 1
    for number in 0..<terms.count {
      let entry = terms[number]
      let words = (Int(entry.keyLength) + 7) / 8
      for index in 0..<words { scratch.pointer[index] = keys.pointer[Int(entry.keyStart) + index] }
      let hash = hash(words)
      var slot = Int(truncatingIfNeeded: hash) & slotMask
      while larger.pointer[slot] != 0 { slot = (slot + 1) & slotMask }
      larger.pointer[slot] = (hash & ~0xFFFF_FFFF) | UInt64(number + 1)
    }
    slots = larger
  }

  @inline(__always)
  private mutating func write(_ entry: UnsafeMutablePointer<Term>, _ value: UInt32) {
    var value = value
    while value >= 0x80 {
      put(entry, UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    put(entry, UInt8(truncatingIfNeeded: value))
  }

  @inline(__always)
  private mutating func put(_ entry: UnsafeMutablePointer<Term>, _ byte: UInt8) {
    if entry.pointee.next == entry.pointee.end { addChunk(entry) }
    arena.pointer[Int(entry.pointee.next)] = byte
    entry.pointee.next &+= 1
  }

  private mutating func addChunk(_ entry: UnsafeMutablePointer<Term>) {
    let start = UInt32(arena.count)
    let length = min(entry.pointee.chunkLength * 2, Self.longestChunk)
    _ = arena.extend(Int(length))
    arena.store(start, at: Int(entry.pointee.end))
    entry.pointee.next = start
    entry.pointee.end = start + length - Self.link
    entry.pointee.chunkLength = length
  }

  // MARK: Reading

  /// Replaces `list` by the postings of a term; a keyword's gaps are all 0.
  func read(_ number: Int, into list: inout PostingList) {
    list.removeAll()
    let entry = terms[number]
    var (place, length) = (entry.chunk, Self.firstChunk)
    var end = place + length - Self.link
    var document = UInt32.max
    func next() -> UInt32 {
      var (value, shift): (UInt32, UInt32) = (0, 0)
      while true {
        if place == end {
          place = UnsafeRawPointer(arena.pointer).loadUnaligned(fromByteOffset: Int(end), as: UInt32.self).littleEndian
          length = min(length * 2, Self.longestChunk)
          end = place + length - Self.link
        }
        let byte = arena.pointer[Int(place)]
        place &+= 1
        value |= UInt32(byte & 0x7F) << shift
        if byte < 0x80 { return value }
        shift += 7
      }
    }
    while place != entry.next {
      let value = next()
      list.gaps.append(value >> 1)
      if value & 1 == 1 {
        document = document &+ next()
        list.documents.append(document)
        list.frequencies.append(1)
      } else {
        list.frequencies.pointer[list.frequencies.count - 1] += 1
      }
    }
  }

  /// The terms in the order of their keys' bytes.
  func sorted() -> [Int] {
    let prefixes = (0..<count).map { number in UInt64(bigEndian: keys.pointer[Int(terms[number].keyStart)]) }
    return (0..<count).sorted { first, second in
      prefixes[first] != prefixes[second] ? prefixes[first] < prefixes[second] : key(first).lexicographicallyPrecedes(key(second))
    }
  }
}
