/// What a node without state of its own does to follow the generations of an index: which objects to fetch, when to switch, what to drop.
///
/// A value without I/O. The owner performs the actions and reports their outcome; a switch happens only when every object of the newest generation
/// is here, so readers always see one whole generation.
public struct ReplicaMachine: Sendable {
  /// A generation and the objects that it needs.
  public struct Generation: Sendable, Hashable {
    public let number: UInt64
    public let objects: Set<StoredObject>

    public init(number: UInt64, objects: Set<StoredObject>) {
      self.number = number
      self.objects = objects
    }
  }

  /// What the owner must do.
  public enum Action: Sendable, Hashable {
    /// Copy the object here, then report `fetched` or `failed`.
    case fetch(StoredObject)
    /// Give up the copying of an object that no generation needs any more; report nothing.
    case abandon(StoredObject)
    /// Answer from this generation from now on; report `released` for the one before when its last reader is gone.
    case activate(Generation)
    /// Remove the copy.
    case drop(StoredObject)
  }

  /// The longest wait before a failed copy is tried again, milliseconds.
  public static let maxDelay: UInt64 = 10_000

  private var present: Set<StoredObject>
  private var fetching: Set<StoredObject> = []
  private var retries: [StoredObject: (at: UInt64, delay: UInt64)] = [:]
  private var target: Generation?
  /// The generation that is answered from.
  public private(set) var active: Generation?
  /// Earlier generations that still have readers.
  private var draining: [UInt64: Generation] = [:]

  /// - Parameter present: whole, checked copies that are here from an earlier run.
  public init(present: Set<StoredObject> = []) { self.present = present }

  /// The index has published a generation. An older one than is known is ignored.
  public mutating func published(_ generation: Generation) -> [Action] {
    if let newest = target?.number ?? active?.number, generation.number <= newest { return [] }
    target = generation
    var actions: [Action] = fetching.subtracting(generation.objects).sorted { $0.name < $1.name }.map { .abandon($0) }
    fetching.formIntersection(generation.objects)
    retries = retries.filter { generation.objects.contains($0.key) }
    for object in generation.objects.sorted(by: { $0.name < $1.name }) where !present.contains(object) && !fetching.contains(object) {
      if retries[object] != nil { continue }
      fetching.insert(object)
      actions.append(.fetch(object))
    }
    return actions + switchIfWhole()
  }

  /// An object is here, whole and checked.
  public mutating func fetched(_ object: StoredObject) -> [Action] {
    fetching.remove(object)
    retries[object] = nil
    guard target?.objects.contains(object) == true else {
      present.insert(object)
      return sweep()
    }
    present.insert(object)
    return switchIfWhole()
  }

  /// An object could not be copied; it is tried again after a growing delay.
  public mutating func failed(_ object: StoredObject, now: UInt64) {
    guard fetching.remove(object) != nil else { return }
    let delay = min((retries[object]?.delay ?? 50) * 2, Self.maxDelay)
    retries[object] = (now + delay, delay)
  }

  /// Time has passed: copies that are due are tried again. `now` in monotonic milliseconds.
  public mutating func tick(now: UInt64) -> [Action] {
    let due = retries.filter { $0.value.at <= now && !fetching.contains($0.key) }.keys.sorted { $0.name < $1.name }
    for object in due {
      // The delay is kept so that the next failure waits longer; the time is moved out of reach while the copy runs.
      retries[object]?.at = .max
      fetching.insert(object)
    }
    return due.map { .fetch($0) }
  }

  /// The last reader of an earlier generation is gone.
  public mutating func released(_ number: UInt64) -> [Action] {
    draining[number] = nil
    return sweep()
  }

  private mutating func switchIfWhole() -> [Action] {
    guard let next = target, next.objects.isSubset(of: present) else { return [] }
    target = nil
    retries = [:]
    if let active { draining[active.number] = active }
    active = next
    return [.activate(next)] + sweep()
  }

  /// Drops copies that no generation needs: neither the one in use, nor the next, nor one that still has readers.
  private mutating func sweep() -> [Action] {
    var needed = active?.objects ?? []
    if let target { needed.formUnion(target.objects) }
    for generation in draining.values { needed.formUnion(generation.objects) }
    let surplus = active == nil ? [] : present.subtracting(needed)
    present.subtract(surplus)
    return surplus.sorted { $0.name < $1.name }.map { .drop($0) }
  }
}
