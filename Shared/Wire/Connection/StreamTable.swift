/// The open streams of a connection in the order of their ids. They are few, and most calls are about the newest: a row that is searched from its end costs
/// less than a hash table, whose hash alone takes longer than all that a small call needs of it.
struct StreamTable: Hashable, Sendable, Sequence {
  private struct Entry: Hashable {
    let id: UInt64
    var state: ConnectionMachine.StreamState
  }
  private var entries: [Entry] = []

  var count: Int { entries.count }
  var isEmpty: Bool { entries.isEmpty }
  /// The ids, ascending.
  var keys: [UInt64] { entries.map(\.id) }
  var values: [ConnectionMachine.StreamState] { entries.map(\.state) }

  func makeIterator() -> some IteratorProtocol<(id: UInt64, state: ConnectionMachine.StreamState)> {
    entries.lazy.map { (id: $0.id, state: $0.state) }.makeIterator()
  }

  subscript(id: UInt64) -> ConnectionMachine.StreamState? {
    get { index(of: id).map { entries[$0].state } }
    set {
      let place = place(of: id)
      let isThere = place < entries.count && entries[place].id == id
      switch (newValue, isThere) {
      case (let state?, true): entries[place].state = state
      case (let state?, false) where place == entries.count: entries.append(Entry(id: id, state: state))
      case (let state?, false): entries.insert(Entry(id: id, state: state), at: place)
      case (nil, true): _ = remove(at: place)
      case (nil, false): break
      }
    }
  }

  mutating func removeValue(forKey id: UInt64) -> ConnectionMachine.StreamState? {
    index(of: id).map { remove(at: $0).state }
  }

  /// Most calls end in the order in which they began, or alone.
  private mutating func remove(at place: Int) -> Entry { place == entries.count - 1 ? entries.removeLast() : entries.remove(at: place) }

  mutating func removeAll() { entries.removeAll() }

  private func index(of id: UInt64) -> Int? {
    let place = place(of: id)
    return place < entries.count && entries[place].id == id ? place : nil
  }

  /// Where `id` is, or would be.
  private func place(of id: UInt64) -> Int {
    guard let last = entries.last, id <= last.id else { return entries.count }
    if id == last.id { return entries.count - 1 }
    var (low, high) = (0, entries.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].id < id { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
