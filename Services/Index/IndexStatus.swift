import Metrics
import Operations
import Synchronization
import Wire

/// What the service tells others: its newest generation, how far it is behind the journal, and whether it reaches the ingest service.
final class IndexStatus: Sendable {
  private struct State {
    var manifest: ManifestMessage?
    /// The journal's last entry, as far as it is known here.
    var last: UInt64 = 0
    var ingest = "not reached yet"
    var isMerging = false
    var watchers: [UInt64: AsyncStream<ManifestMessage>.Continuation] = [:]
    var pins: [UInt64: Set<String>] = [:]
    var nextKey: UInt64 = 0
  }
  private let state = Mutex(State())

  private let generation = Gauge(label: "chancery_index_generation")
  private let documents = Gauge(label: "chancery_index_documents")
  private let segments = Gauge(label: "chancery_index_segments")
  private let sequence = Gauge(label: "chancery_index_journal_sequence")
  private let lag = Gauge(label: "chancery_index_lag_entries")
  private let connected = Gauge(label: "chancery_index_ingest_connected")

  // MARK: From the indexer

  /// A generation is durable: everyone who watches gets it.
  func publish(_ manifest: ManifestMessage) {
    let watchers = state.withLock { state in
      state.manifest = manifest
      state.last = max(state.last, manifest.journalSequence)
      return Array(state.watchers.values)
    }
    for watcher in watchers { watcher.yield(manifest) }
    generation.record(Int64(clamping: manifest.generation))
    documents.record(Int64(clamping: manifest.documents))
    segments.record(manifest.segments.count)
    sequence.record(Int64(clamping: manifest.journalSequence))
    recordLag()
  }

  /// The journal has entries up to `last`.
  func journalReached(_ last: UInt64) {
    state.withLock { $0.last = max($0.last, last) }
    recordLag()
  }

  private func recordLag() { lag.record(Int64(clamping: state.withLock { $0.last - ($0.manifest?.journalSequence ?? 0) })) }

  /// The ingest service is followed (nil), or why it is not.
  /// - Returns: whether that is news.
  @discardableResult func setIngest(failure: String?) -> Bool {
    connected.record(failure == nil ? 1 : 0)
    let text = failure ?? "connected"
    return state.withLock { state in
      defer { state.ingest = text }
      return state.ingest != text
    }
  }

  func setMerging(_ isMerging: Bool) { state.withLock { $0.isMerging = isMerging } }

  /// Objects that somebody here still reads.
  var pinned: Set<String> { state.withLock { $0.pins.values.reduce(into: []) { $0.formUnion($1) } } }

  // MARK: From callers

  /// The newest manifest, now and whenever there is a newer one; one who is slow misses those in between. Ends when the consumer stops.
  func watch() -> AsyncStream<ManifestMessage> {
    AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
      let key = state.withLock { state in
        state.nextKey += 1
        state.watchers[state.nextKey] = continuation
        if let manifest = state.manifest { continuation.yield(manifest) }
        return state.nextKey
      }
      continuation.onTermination = { _ in self.state.withLock { $0.watchers[key] = nil } }
    }
  }

  /// Runs `body` on the newest manifest; its objects are not removed meanwhile.
  func withNewest<R, E: Error>(_ body: (ManifestMessage?) async throws(E) -> R) async throws(E) -> R {
    let (key, manifest) = state.withLock { state in
      state.nextKey += 1
      state.pins[state.nextKey] = state.manifest?.objects
      return (state.nextKey, state.manifest)
    }
    defer { state.withLock { $0.pins[key] = nil } }
    return try await body(manifest)
  }

  /// The answer to Status: figures are for those from whom no document is hidden.
  func reply(for clearance: DistributionClass) -> StatusReply {
    guard clearance.seesEverything else { return StatusReply(service: "index", version: softwareVersion) }
    let (manifest, last, ingest, isMerging) = state.withLock { ($0.manifest ?? ManifestMessage(), $0.last, $0.ingest, $0.isMerging) }
    let deleted = manifest.segments.reduce(0) { $0 + Int($1.deleted) }
    let bytes = manifest.segments.reduce(UInt64(0)) { $0 + $1.bytes }
    return StatusReply(
      service: "index", version: softwareVersion,
      figures: [
        Figure(name: "generation", value: "\(manifest.generation)"), Figure(name: "documents", value: "\(manifest.documents)"),
        Figure(name: "segments", value: "\(manifest.segments.count)"),
        Figure(name: "deleted in segments", value: "\(deleted)"), Figure(name: "segment size", value: "\(bytes)", unit: "bytes"),
        Figure(name: "journal entries indexed", value: "\(manifest.journalSequence)"),
        Figure(name: "journal entries not indexed yet", value: "\(last - manifest.journalSequence)"), Figure(name: "ingest", value: ingest),
        Figure(name: "merging", value: isMerging ? "yes" : "no"),
      ])
  }
}
