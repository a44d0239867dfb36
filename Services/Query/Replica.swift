import Engine
import Logging
import Metrics
import Operations
import Platform
import ServiceLifecycle
import Store
import Synchronization
import Transport
import Wire

/// Keeps a copy of the index here: watches for new generations, copies the objects they need, and switches when all of one is here.
///
/// `ReplicaMachine` decides; this performs. One task takes the events in turn and owns the machine.
final class Replica: Service {
  private enum Event: Sendable {
    /// A watch of the index has begun.
    case connected
    /// The watched index has published this.
    case published(ManifestMessage)
    /// The watched index has had time to send its newest manifest.
    case settled
    case fetched(StoredObject, IndexObject)
    case failed(StoredObject)
    case released(UInt64)
    case tick
  }

  /// How the node stands, for Status.
  struct Standing: Sendable {
    /// What is answered from.
    var generation: Generation?
    /// The newest generation that the index has published, as far as is known.
    var newest: UInt64 = 0
    /// Why there is no connection to an index; nil when there is one.
    var lost: String? = "not yet connected"
  }

  /// The longest manifest, bytes.
  private static let manifestLimit = 16 << 20
  /// An index that has sent no manifest for so long after its reply has none.
  private static let settlingTime = Duration.seconds(1)
  /// How often the machine is asked for copies that are due again.
  private static let tickTime = Duration.milliseconds(100)
  /// The wait after a watch has ended; it doubles up to the second.
  private static let waits = (first: Duration.milliseconds(100), longest: Duration.seconds(5))

  let copies: ObjectCopies
  let client: Client
  private let readiness: Readiness
  private let logger: Logger
  private let events: AsyncStream<Event>
  private let send: AsyncStream<Event>.Continuation
  private let current = Mutex(Standing())
  private let meter = Meter(label: "chancery_query_generation")

  /// Opens the data directory and reads the certificates. Throws `StoreError` and `TransportError`.
  init(_ configuration: ServiceConfiguration, index: [Endpoint], readiness: Readiness, logger: Logger) throws {
    let transport = ClientConfiguration(
      identity: configuration.identity, software: configuration.software, cluster: configuration.cluster)
    client = try Client(configuration: transport, endpoints: index, logger: logger)
    copies = try ObjectCopies(configuration.data, source: client)
    self.readiness = readiness
    self.logger = logger
    (events, send) = AsyncStream.makeStream(of: Event.self)
  }

  var standing: Standing { current.withLock { $0 } }

  /// What to answer from. Whoever holds it keeps it and its objects. Throws `unavailable` until the first one is here.
  func generation() throws(CallError) -> Generation {
    guard let generation = current.withLock({ $0.generation }) else {
      throw CallError(
        .unavailable, "this node has no generation of the index yet", retryable: true, retryAfterMilliseconds: 500, processed: .no)
    }
    return generation
  }

  func run() async throws {
    try await cancelWhenGracefulShutdown {
      let present = try await self.copies.open(self.logger)
      await withDiscardingTaskGroup { group in
        group.addTask { await self.watch() }
        group.addTask {
          while (try? await Task.sleep(for: Self.tickTime)) != nil { self.send.yield(.tick) }
        }
        await self.follow(present, &group)
      }
    }
    await client.close()
  }

  // MARK: The machine

  /// Takes the events in turn until the task is cancelled.
  private func follow(_ present: [StoredObject: IndexObject], _ group: inout DiscardingTaskGroup) async {
    var objects = present
    var machine = ReplicaMachine(present: Set(present.keys))
    var manifests: [UInt64: ManifestMessage] = [:]
    var hasPublished = false
    for await event in events {
      var actions: [ReplicaMachine.Action] = []
      switch event {
      case .connected: hasPublished = false
      case .published(let manifest):
        hasPublished = true
        actions = published(manifest, &machine, &manifests)
      case .settled:
        // An index without documents has no manifest: that is generation 0.
        if !hasPublished { actions = published(ManifestMessage(), &machine, &manifests) }
      case .fetched(let object, let copy):
        objects[object] = copy
        actions = machine.fetched(object)
      case .failed(let object): machine.failed(object, now: monotonicNow() / 1_000_000)
      case .released(let number): actions = machine.released(number)
      case .tick: actions = machine.tick(now: monotonicNow() / 1_000_000)
      }
      for action in actions {
        switch action {
        case .fetch(let object):
          let ticket = copies.want(object)
          group.addTask { await self.fetch(object, ticket) }
        case .abandon(let object): copies.abandon(object)
        case .activate(let generation):
          activate(manifests[generation.number], objects)
          manifests = manifests.filter { $0.key > generation.number }
        case .drop(let object):
          objects[object] = nil
          // A copy of the same name that has taken its place is another object.
          if !objects.keys.contains(where: { $0.name == object.name }) { await copies.drop(object) }
        }
      }
    }
  }

  private func published(
    _ manifest: ManifestMessage, _ machine: inout ReplicaMachine, _ manifests: inout [UInt64: ManifestMessage]
  ) -> [ReplicaMachine.Action] {
    let number = manifest.generation
    if let active = machine.active?.number, number < active {
      logger.warning(
        "the index offers an older generation than this node answers from, which it keeps; if the index was made anew, restart this node",
        metadata: ["offered": "\(number)", "active": "\(active)"])
      return []
    }
    do throws(StoreError) {
      let generation = ReplicaMachine.Generation(number: number, objects: try manifest.objects)
      manifests[number] = manifest
      current.withLock { $0.newest = max($0.newest, number) }
      return machine.published(generation)
    } catch {
      logger.error("a manifest cannot be used", metadata: ["generation": "\(number)", "reason": "\(error)"])
      return []
    }
  }

  /// Switches to a generation whose objects are all here. One that is not what its manifest says is not used; the one before stays.
  private func activate(_ manifest: ManifestMessage?, _ objects: [StoredObject: IndexObject]) {
    guard let manifest else { return }
    let number = manifest.generation
    do throws(StoreError) {
      let next = try Generation(manifest, objects) { [send] in send.yield(.released(number)) }
      // The one before may end here, and must not do so under the lock.
      let before = current.withLock { standing in
        defer { standing.generation = next }
        return standing.generation
      }
      readiness.provide()
      meter.set(Int64(clamping: number))
      logger.info(
        "generation active",
        metadata: [
          "generation": "\(number)", "before": "\(before?.number ?? 0)", "segments": "\(manifest.segments.count)",
          "documents": "\(manifest.documents)", "bytes": "\(next.bytes)",
        ])
    } catch {
      logger.error("a generation cannot be used", metadata: ["generation": "\(number)", "reason": "\(error)"])
    }
  }

  private func fetch(_ object: StoredObject, _ ticket: UInt64) async {
    do throws(StoreError) {
      guard let copy = try await copies.fetch(object, ticket) else { return }
      logger.debug("object copied", metadata: ["object": "\(object.name)", "bytes": "\(object.size)"])
      send.yield(.fetched(object, copy))
    } catch {
      guard copies.isWanted(object, ticket), !Task.isCancelled else { return }
      logger.warning("an object could not be copied and is tried again", metadata: ["object": "\(object.name)", "reason": "\(error)"])
      send.yield(.failed(object))
    }
  }

  // MARK: The index

  /// Watches an index, and another or the same again when the watch ends, until the task is cancelled.
  private func watch() async {
    var wait = Self.waits.first
    while !Task.isCancelled {
      let began = monotonicNow()
      let reason: String
      do {
        try await watchOnce()
        reason = "the index has ended the watch"
      } catch { reason = "\(error)" }
      if Task.isCancelled { return }
      let isNew = current.withLock { standing in
        defer { standing.lost = reason }
        return standing.lost != reason
      }
      logger.log(level: isNew ? .warning : .debug, "the index is not watched", metadata: ["reason": "\(reason)"])
      // A watch that stood for a while was a good one.
      if monotonicNow() - began > 10_000_000_000 { wait = Self.waits.first }
      try? await Task.sleep(for: wait)
      wait = min(wait * 2, Self.waits.longest)
    }
  }

  private func watchOnce() async throws {
    // All is asked for again, also what is here: so an index that has less than this node is noticed.
    let stream = try await client.open(.watchManifest, body: WatchManifestRequest().encoded)
    _ = try WatchManifestReply(reply: await stream.reply())
    current.withLock { $0.lost = nil }
    send.yield(.connected)
    try await withThrowingTaskGroup { group in
      group.addTask {
        try await Task.sleep(for: Self.settlingTime)
        self.send.yield(.settled)
      }
      group.addTask {
        var decoder = DelimitedDecoder<ManifestMessage>(maxLength: Self.manifestLimit)
        for try await chunk in stream.incoming {
          decoder.push(chunk)
          while let body = try decoder.nextBody() {
            self.send.yield(.published(try ManifestMessage(checked: body, subject: "a manifest from the index")))
          }
        }
      }
      try await group.waitForAll()
    }
  }
}
