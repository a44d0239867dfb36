import Logging
import Metrics
import Platform
import ServiceLifecycle
import Store
import Synchronization
import Transport
import Wire

/// What the indexer waits for.
enum IndexerEvent: Sendable {
  /// The ingest service is followed; its journal's id and last entry.
  case connected(journal: String, last: UInt64)
  case changes([Change])
  /// The journal cannot be followed any further.
  case failed(any Error)
  /// The merged segment's bytes; nil when the work was stopped.
  case merged(Result<UInt64?, any Error>)
}

/// Follows the journal and commits generations, merges beside it, and stops when another process has taken over.
struct Indexer: Service {
  /// Pieces of the journal that wait while a generation is committed.
  private static let waitingPieces = 16
  /// After a merge that failed none is begun for so long, milliseconds.
  private static let mergePause: UInt64 = 60_000

  private let initial: IndexWriter
  private let ingest: Client
  private let status: IndexStatus
  private let spans: SpanLog
  private let logger: Logger

  private let commits = Metrics.Timer(label: "chancery_index_commit_seconds")
  private let entries = Counter(label: "chancery_index_entries_total")
  private let merges = Counter(label: "chancery_index_merges_total")

  init(_ writer: IndexWriter, ingest: Client, status: IndexStatus, spans: SpanLog, logger: Logger) {
    initial = writer
    self.ingest = ingest
    self.spans = spans
    self.status = status
    self.logger = logger
    if writer.machine.current.number > 0 { status.publish(writer.machine.current.manifest) }
  }

  func run() async throws {
    do {
      // A batch that is not committed is read again after the next start.
      try await cancelWhenGracefulShutdown { try await index() }
    } catch is CancellationError {
    } catch {
      logger.critical("the index cannot go on", metadata: ["reason": "\(error)"])
      await ingest.close()
      throw error
    }
    await ingest.close()
  }

  private func index() async throws {
    let inbox = Inbox<IndexerEvent>(capacity: Self.waitingPieces)
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer {
        inbox.close()
        group.cancelAll()
      }
      var writer = initial
      let follower = JournalFollower(
        client: ingest, after: writer.machine.batch.sequence, inbox: inbox, status: status, logger: logger)
      group.addTask { await follower.run() }
      var mergeAfter: UInt64 = 0
      while !Task.isCancelled {
        switch await inbox.next(until: writer.machine.dueAt) {
        case .connected(let journal, let last): try writer.follow(journal: journal, last: last)
        case .changes(let changes): try writer.take(changes)
        case .failed(let error): throw error
        case .merged(let result):
          if case .failure(let error) = result {
            logger.error("a merge failed", metadata: ["reason": "\(error)"])
            mergeAfter = monotonicNow() / 1_000_000 + Self.mergePause
          }
          try await endMerge(&writer, bytes: try? result.get())
        case nil: break
        }
        let now = monotonicNow() / 1_000_000
        if let due = writer.machine.dueAt, due <= now, !Task.isCancelled { try await commit(&writer) }
        if now >= mergeAfter, let work = writer.beginMerge() {
          status.setMerging(true)
          group.addTask { await inbox.send(.merged(await merge(work))) }
        }
      }
    }
  }

  private func commit(_ writer: inout IndexWriter) async throws {
    let start = monotonicNow()
    let before = writer.machine.current.journalSequence
    let traced = writer.machine.batch.traced
    try await writer.commit(pinned: status.pinned)
    let current = writer.machine.current
    commits.recordNanoseconds(monotonicNow() - start)
    entries.increment(by: Int64(current.journalSequence - before))
    for (context, since) in traced {
      let attributes = ["generation": "\(current.number)"]
      spans.add("Index", context.child, parent: context.span, start: since * 1_000_000, attributes: attributes)
    }
    publish(current, "committed", since: start)
  }

  private func publish(_ current: Generation, _ what: Logger.Message, since start: UInt64) {
    status.publish(current.manifest)
    logger.info(
      what,
      metadata: [
        "generation": "\(current.number)", "sequence": "\(current.journalSequence)", "documents": "\(current.documents)",
        "segments": "\(current.segments.count)", "milliseconds": "\((monotonicNow() - start) / 1_000_000)",
      ])
  }

  private func endMerge(_ writer: inout IndexWriter, bytes: UInt64?) async throws {
    let start = monotonicNow()
    let before = writer.machine.current.number
    try await writer.endMerge(bytes: bytes, pinned: status.pinned)
    status.setMerging(false)
    if writer.machine.current.number == before { return }
    merges.increment()
    publish(writer.machine.current, "merged", since: start)
  }

  /// Merges on a thread of its own; ends early when the task is cancelled.
  private func merge(_ work: MergeWork) async -> Result<UInt64?, any Error> {
    let stop = StopFlag()
    logger.debug("merging", metadata: ["segments": "\(work.segments)"])
    return await withTaskCancellationHandler {
      do { return .success(try await work.run(shouldStop: { stop.isSet })) } catch { return .failure(error) }
    } onCancel: {
      stop.set()
    }
  }
}

/// Tells work on another thread to stop.
private final class StopFlag: Sendable {
  private let flag = Atomic(false)
  var isSet: Bool { flag.load(ordering: .relaxed) }
  func set() { flag.store(true, ordering: .relaxed) }
}
