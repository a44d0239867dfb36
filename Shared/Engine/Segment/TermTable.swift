import Analysis
import CKernels

/// The terms of the documents in memory and their occurrences: an open-addressed table over an arena of key bytes, and for each term a chain of
/// growing chunks in an arena of occurrences.
///
/// An occurrence is the distance from the term's last place (`DocumentPlaces`), below 2³¹: one unit of 16 bits, or two whose first has the highest bit
/// set and holds the upper bits. Such units are written and read with one branch that is mostly guessed, and take less than bytes of seven bits.
///
/// Sound: offsets into the arenas are made here only, and a term's bytes are read within their span.
struct TermTable: ~Copyable {
  /// One line of memory.
  struct Term: BitwiseCopyable {
    /// The term's first 24 bytes, the first in the lowest, filled up with zeros: most are compared without going to the arena of keys.
    let words: Words
    let hash: UInt64
    let kind: Kind
    /// Where the key begins: the field's number and the term's bytes.
    let keyStart: UInt32
    /// Where the next unit goes, and the end of the room in its chunk; the first chunk.
    var next: UInt32
    var end: UInt32
    var chunk: UInt32
    var chunkLength: UInt32
    var lastPlace: UInt32
    var occurrences: UInt32
  }

  /// A term's field and its length in bytes.
  struct Kind: BitwiseCopyable, Equatable {
    private let value: UInt32

    @inline(__always)
    init(_ field: UInt8, _ length: Int) { value = UInt32(truncatingIfNeeded: length) << 8 | UInt32(field) }

    var field: UInt8 { UInt8(truncatingIfNeeded: value) }
    var length: Int { Int(value >> 8) }
    var bits: UInt64 { UInt64(value) }
  }

  struct Words: BitwiseCopyable, Equatable {
    let first, second, third: UInt64

    @inline(__always)
    init(_ term: ShortTerm) { (first, second, third) = (term.first, term.second, term.third) }
  }

  /// Units of a term's first chunk and of its longest; a chunk ends in the offset of the next, two units.
  private static let firstChunk: UInt32 = 8
  private static let longestChunk: UInt32 = 2048
  private static let link: UInt32 = 2
  /// Set in the first of two units.
  private static let isFirstOfTwo: UInt32 = 1 << 15
  /// Bytes of occurrences, whose offsets are 32 bits.
  static let limit = Int(UInt32.max) - (1 << 30)

  /// A term's number + 1 in the lower half, the upper half of its hash above; 0 is free. At most half full.
  private var slots = Growable<UInt64>()
  private var slotMask: Int
  private var keys = Growable<UInt8>(capacity: 1 << 12)
  private var terms = Growable<Term>(capacity: 1 << 10)
  private var arena = Growable<UInt16>(capacity: 1 << 15)
  /// Occurrences that wait to be noted, and the hashes of their terms.
  private let pending = UnsafeMutablePointer<Pending>.allocate(capacity: batch)
  private let hashes = UnsafeMutablePointer<UInt64>.allocate(capacity: batch)
  private var waiting = 0
  /// The most occurrences that a term had when a chunk was added to it.
  private var most = 0
  /// Drawn for each table, so that nobody can choose words that collide.
  private let seeds = (UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max), UInt64.random(in: 0 ... .max))

  init() {
    slotMask = (1 << 12) - 1
    slots.append(repeating: 0, count: slotMask + 1)
  }

  deinit {
    pending.deallocate()
    hashes.deallocate()
  }

  var count: Int { terms.count }
  /// Bytes of memory taken, and by reading all terms in order: the slots are there three times while they grow, terms are sorted by number, and of one term
  /// at a time the places and postings are held.
  var bytes: Int { slots.bytes * 3 + keys.bytes + terms.bytes + arena.bytes + terms.count * 12 + most * 12 }
  /// Bytes of occurrences; must stay below `limit`.
  var occurrenceBytes: Int { arena.count * 2 }

  /// The bytes of a term's key; valid until the next change.
  func key(_ term: Int) -> UnsafeRawBufferPointer {
    let entry = terms[term]
    return UnsafeRawBufferPointer(start: keys.pointer + Int(entry.keyStart), count: entry.kind.length + 1)
  }

  // MARK: Adding

  /// An occurrence of a short term that waits.
  private struct Pending: BitwiseCopyable {
    let words: Words
    let kind: Kind
    let place: UInt32
  }

  /// So many occurrences are noted together: what noting them will touch is asked for beforehand, their slots first, then their terms, then where their
  /// next units go; the table is too large for the cache.
  private static var batch: Int { 128 }

  /// Notes an occurrence. A term's places, below 2³¹, come ascending. What is read of the table afterwards is right after `settle`.
  mutating func add(_ field: UInt8, _ term: Span<UInt8>, at place: UInt32) {
    if let short = ShortTerm(term) { return add(field, short, at: place) }
    settle()
    term.withUnsafeBytes { bytes in
      let (words, kind) = (Words(ShortTerm(beginning: term)), Kind(field, bytes.count))
      let hash = hash(words, kind, rest: bytes.dropFirst(ShortTerm.limit))
      note(find(words, kind, hash, bytes), place)
    }
  }

  /// The same.
  @inline(__always)
  mutating func add(_ field: UInt8, _ term: ShortTerm, at place: UInt32) {
    pending[waiting] = Pending(words: Words(term), kind: Kind(field, term.count), place: place)
    waiting &+= 1
    if waiting == Self.batch { settle() }
  }

  /// Notes all that waits.
  mutating func settle() {
    for index in 0..<waiting {
      hashes[index] = hash(pending[index].words, pending[index].kind)
      chancery_touch(slots.pointer + (Int(truncatingIfNeeded: hashes[index]) & slotMask))
    }
    for index in 0..<waiting { if let entry = likely(hashes[index]) { chancery_touch(entry) } }
    for index in 0..<waiting { if let entry = likely(hashes[index]) { chancery_touch(arena.pointer + Int(entry.pointee.next)) } }
    for index in 0..<waiting { note(find(pending[index].words, pending[index].kind, hashes[index], nil), pending[index].place) }
    waiting = 0
  }

  /// The term in the slot where one is looked for first.
  @inline(__always)
  private func likely(_ hash: UInt64) -> UnsafeMutablePointer<Term>? {
    let value = slots.pointer[Int(truncatingIfNeeded: hash) & slotMask]
    return value == 0 ? nil : terms.pointer + (Int(truncatingIfNeeded: value & 0xFFFF_FFFF) &- 1)
  }

  @inline(__always)
  private mutating func note(_ number: Int, _ place: UInt32) {
    let entry = terms.pointer + number
    let distance = place &- entry.pointee.lastPlace
    entry.pointee.lastPlace = place
    entry.pointee.occurrences &+= 1
    if distance >= Self.isFirstOfTwo { put(entry, Self.isFirstOfTwo | distance >> 16) }
    put(entry, distance)
  }

  @inline(__always)
  private static func mix(_ one: UInt64, _ other: UInt64) -> UInt64 {
    let product = one.multipliedFullWidth(by: other)
    return product.high ^ product.low
  }

  /// The hash of a term that its words hold.
  @inline(__always)
  private func hash(_ words: Words, _ kind: Kind) -> UInt64 {
    let both = Self.mix(words.first ^ seeds.0, words.second ^ seeds.1)
    return Self.mix(both ^ words.third, kind.bits ^ seeds.2)
  }

  /// The hash of any term.
  private func hash(_ words: Words, _ kind: Kind, rest: some Sequence<UInt8>) -> UInt64 {
    rest.reduce(hash(words, kind)) { Self.mix($0 ^ UInt64($1), seeds.0) }
  }

  /// The number of a term, new or old. Its bytes are told when it is not short.
  @inline(__always)
  private mutating func find(_ words: Words, _ kind: Kind, _ hash: UInt64, _ term: UnsafeRawBufferPointer?) -> Int {
    var slot = Int(truncatingIfNeeded: hash) & slotMask
    while true {
      let value = slots.pointer[slot]
      if value == 0 { return insert(words, kind, hash, term, slot) }
      if value >> 32 == hash >> 32 {
        let number = Int(truncatingIfNeeded: value & 0xFFFF_FFFF) &- 1
        let entry = terms.pointer + number
        if entry.pointee.words == words, entry.pointee.kind == kind, term.map({ key(number).dropFirst().elementsEqual($0) }) ?? true {
          return number
        }
      }
      slot = (slot &+ 1) & slotMask
    }
  }

  @inline(never)
  private mutating func insert(_ words: Words, _ kind: Kind, _ hash: UInt64, _ term: UnsafeRawBufferPointer?, _ slot: Int) -> Int {
    let number = terms.count
    slots.pointer[slot] = (hash & ~0xFFFF_FFFF) | UInt64(number + 1)
    let start = UInt32(arena.count)
    terms.append(
      Term(
        words: words, hash: hash, kind: kind, keyStart: UInt32(keys.count), next: start, end: start + Self.firstChunk - Self.link,
        chunk: start,
        chunkLength: Self.firstChunk, lastPlace: 0, occurrences: 0))
    keys.append(kind.field)
    if let term {
      keys.append(contentsOf: term)
    } else {
      // A short term's bytes are those of its words, in their order.
      withUnsafeBytes(of: words) { keys.append(contentsOf: UnsafeRawBufferPointer(rebasing: $0[..<kind.length])) }
    }
    _ = arena.extend(Int(Self.firstChunk))
    if terms.count * 2 > slots.count { growSlots() }
    return number
  }

  private mutating func growSlots() {
    var larger = Growable<UInt64>(capacity: slots.count * 2)
    larger.append(repeating: 0, count: slots.count * 2)
    slotMask = larger.count - 1
    for number in 0..<terms.count {
      let hash = terms[number].hash
      var slot = Int(truncatingIfNeeded: hash) & slotMask
      while larger.pointer[slot] != 0 { slot = (slot + 1) & slotMask }
      larger.pointer[slot] = (hash & ~0xFFFF_FFFF) | UInt64(number + 1)
    }
    slots = larger
  }

  /// Adds a unit, the lower half of `value`.
  @inline(__always)
  private mutating func put(_ entry: UnsafeMutablePointer<Term>, _ value: UInt32) {
    if entry.pointee.next == entry.pointee.end { addChunk(entry) }
    arena.pointer[Int(entry.pointee.next)] = UInt16(truncatingIfNeeded: value)
    entry.pointee.next &+= 1
  }

  private mutating func addChunk(_ entry: UnsafeMutablePointer<Term>) {
    most = max(most, Int(entry.pointee.occurrences))
    let start = UInt32(arena.count)
    let length = min(entry.pointee.chunkLength * 2, Self.longestChunk)
    _ = arena.extend(Int(length))
    UnsafeMutableRawPointer(arena.pointer + Int(entry.pointee.end)).storeBytes(of: start, as: UInt32.self)
    entry.pointee.next = start
    entry.pointee.end = start + length - Self.link
    entry.pointee.chunkLength = length
  }

  // MARK: Reading

  /// Replaces `places` by those of a term.
  func read(_ number: Int, into places: inout Growable<UInt32>) {
    places.removeAll()
    let entry = terms[number]
    var target = places.extend(Int(entry.occurrences))
    var (start, length) = (entry.chunk, Self.firstChunk)
    var (place, upper, isSecond): (UInt32, UInt32, Bool) = (0, 0, false)
    while true {
      let isLast = (start..<start &+ length).contains(entry.next)
      let end = isLast ? entry.next : start &+ length &- Self.link
      for index in start..<end {
        let unit = UInt32(arena.pointer[Int(index)])
        if unit >= Self.isFirstOfTwo, !isSecond {
          (upper, isSecond) = ((unit ^ Self.isFirstOfTwo) << 16, true)
          continue
        }
        place &+= upper | unit
        target.pointee = place
        target += 1
        (upper, isSecond) = (0, false)
      }
      if isLast { return }
      start = UnsafeRawPointer(arena.pointer + Int(end)).loadUnaligned(as: UInt32.self)
      length = min(length * 2, Self.longestChunk)
    }
  }

  /// The terms in the order of their keys' bytes.
  func sorted() -> [Int] {
    (0..<count).sorted { first, second in
      let (one, other) = (terms.pointer + first, terms.pointer + second)
      if one.pointee.kind.field != other.pointee.kind.field { return one.pointee.kind.field < other.pointee.kind.field }
      let (word, otherWord) = (one.pointee.words.first.byteSwapped, other.pointee.words.first.byteSwapped)
      return word != otherWord ? word < otherWord : key(first).lexicographicallyPrecedes(key(second))
    }
  }
}
