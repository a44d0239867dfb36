import CKernels

/// The terms of the documents in memory and their occurrences: an open-addressed table over an arena of key bytes, and for each term a chain of
/// growing chunks in an arena of occurrences.
///
/// An occurrence is (distance from the last position in the document << 1 | first in its document) as a variable-length number, then for the first in
/// a document the distance from the last document.
///
/// Sound: offsets into the arenas are made here only, and a term's bytes are read within their span.
struct TermTable: ~Copyable {
  /// One line of memory.
  struct Term: BitwiseCopyable {
    /// The term's first 24 bytes, the first in the lowest, filled up with zeros: most are compared without going to the arena of keys.
    var words: Words
    /// Where the key begins; its length there, the field's number included.
    var keyStart: UInt32
    var keyLength: UInt32
    /// Where the next byte goes, and the end of the room in its chunk; the first chunk.
    var next: UInt32
    var end: UInt32
    var chunk: UInt32
    var chunkLength: UInt32
    var lastDocument: UInt32
    var lastPosition: UInt32
    var field: UInt8
  }

  struct Words: BitwiseCopyable, Equatable {
    static let bytes = 24
    var first: UInt64 = 0
    var second: UInt64 = 0
    var third: UInt64 = 0

    @inline(__always)
    init(_ term: UnsafeRawBufferPointer) {
      guard let base = term.baseAddress else { return }
      let count = term.count
      first = Self.word(base, count)
      if count > 8 { second = Self.word(base + 8, count &- 8) }
      if count > 16 { third = Self.word(base + 16, count &- 16) }
    }

    /// Up to eight of `count` bytes, at least one. Loads overlap rather than go through memory byte by byte.
    @inline(__always)
    private static func word(_ base: UnsafeRawPointer, _ count: Int) -> UInt64 {
      if count >= 8 { return UInt64(littleEndian: base.loadUnaligned(as: UInt64.self)) }
      if count >= 4 {
        let (low, high) = (base.loadUnaligned(as: UInt32.self), base.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
        return UInt64(UInt32(littleEndian: low)) | UInt64(UInt32(littleEndian: high)) << UInt64((count &- 4) &* 8)
      }
      if count >= 2 {
        let (low, high) = (base.loadUnaligned(as: UInt16.self), base.loadUnaligned(fromByteOffset: count &- 2, as: UInt16.self))
        return UInt64(UInt16(littleEndian: low)) | UInt64(UInt16(littleEndian: high)) << UInt64((count &- 2) &* 8)
      }
      return UInt64(base.load(as: UInt8.self))
    }
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
  private var keys = Growable<UInt8>(capacity: 1 << 12)
  private var terms = Growable<Term>(capacity: 1 << 10)
  private var arena = Growable<UInt8>(capacity: 1 << 16)
  /// The occurrences `first` ..< `last` are on their way, each at the remainder of its number.
  private let pending = UnsafeMutablePointer<Pending>.allocate(capacity: waiting)
  private var (first, last) = (0, 0)
  /// Drawn for each table, so that nobody can choose words that collide.
  private let seed = UInt64.random(in: 0 ... .max)

  init() {
    slotMask = (1 << 12) - 1
    slots.append(repeating: 0, count: slotMask + 1)
  }

  deinit { pending.deallocate() }

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

  /// An occurrence of a term of up to 24 bytes that is on its way: while it waits, what noting it will touch is asked for, its slot first, then its
  /// term, then the place of its next byte; the table is too large for the cache.
  private struct Pending: BitwiseCopyable {
    let words: Words
    let hash: UInt64
    let document, position, length: UInt32
    let field: UInt8
  }

  private static let waiting = 32
  /// After so many more occurrences each step is taken.
  private static let (termStep, placeStep, lastStep) = (8, 16, 24)

  /// Notes one occurrence. Documents and, in a document, positions come ascending; a keyword comes once a document, at position 0. What is read of the
  /// table afterwards is right after `settle`.
  @inline(__always)
  mutating func add(_ field: UInt8, _ term: Span<UInt8>, document: UInt32, position: UInt32) {
    term.withUnsafeBytes { bytes in
      let words = Words(bytes)
      let hash = hash(field, words, bytes)
      if bytes.count > Words.bytes {
        settle()
        note(find(field, words, bytes, hash), document: document, position: position)
        return
      }
      pending[last & (Self.waiting - 1)] = Pending(
        words: words, hash: hash, document: document, position: position, length: UInt32(truncatingIfNeeded: bytes.count), field: field)
      chancery_touch(slots.pointer + (Int(truncatingIfNeeded: hash) & slotMask))
      last &+= 1
      if last &- first > Self.termStep, let entry = likely(last &- 1 &- Self.termStep) { chancery_touch(entry) }
      if last &- first > Self.placeStep, let entry = likely(last &- 1 &- Self.placeStep) {
        chancery_touch(arena.pointer + Int(entry.pointee.next))
      }
      if last &- first > Self.lastStep { noteFirst() }
    }
  }

  /// The term in the slot where one that waits is looked for first.
  @inline(__always)
  private func likely(_ number: Int) -> UnsafeMutablePointer<Term>? {
    let value = slots.pointer[Int(truncatingIfNeeded: pending[number & (Self.waiting - 1)].hash) & slotMask]
    return value == 0 ? nil : terms.pointer + (Int(truncatingIfNeeded: value & 0xFFFF_FFFF) &- 1)
  }

  @inline(__always)
  private mutating func noteFirst() {
    let own = pending[first & (Self.waiting - 1)]
    first &+= 1
    let number = withUnsafeBytes(of: own.words) { bytes in
      // The words hold the term's bytes in their order.
      find(own.field, own.words, UnsafeRawBufferPointer(rebasing: bytes[..<Int(own.length)]), own.hash)
    }
    note(number, document: own.document, position: own.position)
  }

  /// Notes all that waits.
  mutating func settle() { while first < last { noteFirst() } }

  @inline(__always)
  private mutating func note(_ number: Int, document: UInt32, position: UInt32) {
    let entry = terms.pointer + number
    if entry.pointee.lastDocument == document {
      write(entry, (position &- entry.pointee.lastPosition) << 1)
    } else {
      write(entry, position << 1 | 1)
      write(entry, document &- entry.pointee.lastDocument)
      entry.pointee.lastDocument = document
    }
    entry.pointee.lastPosition = position
  }

  @inline(__always)
  private static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }

  @inline(__always)
  private func hash(_ field: UInt8, _ words: Words, _ term: UnsafeRawBufferPointer) -> UInt64 {
    var hash = Self.mix(seed ^ UInt64(field) << 32 ^ UInt64(term.count), words.first)
    if term.count > 8 { hash = Self.mix(hash, words.second) }
    if term.count > 16 { hash = Self.mix(hash, words.third) }
    if term.count > Words.bytes { for index in Words.bytes..<term.count { hash = Self.mix(hash, UInt64(term[index])) } }
    return hash
  }

  /// The number of a term, new or old.
  @inline(__always)
  private mutating func find(_ field: UInt8, _ words: Words, _ term: UnsafeRawBufferPointer, _ hash: UInt64) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & slotMask
    while true {
      let value = slots.pointer[slot]
      if value == 0 { return insert(field, words, term, hash, slot) }
      if value >> 32 == hash >> 32 {
        let number = Int(truncatingIfNeeded: value & 0xFFFF_FFFF) - 1
        let entry = terms.pointer + number
        if entry.pointee.words == words, entry.pointee.field == field,
          entry.pointee.keyLength == UInt32(truncatingIfNeeded: term.count + 1),
          term.count <= Words.bytes || key(number).dropFirst().elementsEqual(term)
        {
          return number
        }
      }
      slot = (slot + 1) & slotMask
    }
  }

  private mutating func insert(_ field: UInt8, _ words: Words, _ term: UnsafeRawBufferPointer, _ hash: UInt64, _ slot: Int) -> Int {
    let number = terms.count
    slots.pointer[slot] = (hash & ~0xFFFF_FFFF) | UInt64(number + 1)
    let start = UInt32(arena.count)
    terms.append(
      Term(
        words: words, keyStart: UInt32(keys.count), keyLength: UInt32(term.count + 1), next: start,
        end: start + Self.firstChunk - Self.link,
        chunk: start, chunkLength: Self.firstChunk, lastDocument: .max, lastPosition: 0, field: field))
    keys.append(field)
    keys.append(contentsOf: term)
    _ = arena.extend(Int(Self.firstChunk))
    if terms.count * 2 > slots.count { growSlots() }
    return number
  }

  private mutating func growSlots() {
    var larger = Growable<UInt64>(capacity: slots.count * 2)
    larger.append(repeating: 0, count: slots.count * 2)
    slotMask = larger.count - 1
    for number in 0..<terms.count {
      let term = UnsafeRawBufferPointer(rebasing: key(number).dropFirst())
      let hash = hash(terms[number].field, terms[number].words, term)
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
    (0..<count).sorted { first, second in
      let (one, other) = (terms.pointer + first, terms.pointer + second)
      if one.pointee.field != other.pointee.field { return one.pointee.field < other.pointee.field }
      let (word, otherWord) = (one.pointee.words.first.byteSwapped, other.pointee.words.first.byteSwapped)
      return word != otherWord ? word < otherWord : key(first).lexicographicallyPrecedes(key(second))
    }
  }
}
