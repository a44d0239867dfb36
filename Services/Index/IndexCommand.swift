import ArgumentParser
import Logging
import Operations
import Platform
import Store
import Transport

/// Follows the journal, builds and merges segments, and publishes generations.
@main
struct IndexCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chancery-index", abstract: "Indexes documents: follows the ingest service's journal and publishes generations.",
    version: softwareVersion)

  @OptionGroup var options: ServiceOptions

  @Option(
    help:
      "Memory of documents on their way into segments, MiB, 16 or more: half while they wait, half while a segment is built. [CHANCERY_BATCH_MEMORY]"
  )
  var batchMemory: Int?

  func run() async throws {
    let configuration = try options.configuration(
      for: "chancery-index", own: [OwnKey("batch-memory", flag: batchMemory.map(String.init), standard: "64")])
    var limits = IndexMachine.Limits()
    limits.batchBytes = try configuration.integer("batch-memory", in: IndexMachine.Limits.leastBatchBytes >> 20...65_536) << 20
    let addresses = try configuration.needed(configuration.ingest, "ingest")
    bootstrapOperations(configuration)
    let logger = Logger(label: configuration.service)
    let readiness = Readiness()
    let lock = try DataLock(configuration.data)
    defer { withExtendedLifetime(lock) {} }
    let objects = try DirectoryStore(configuration.data + "/objects")
    let writer = try await IndexWriter(objects, limits: limits, policy: MergePolicy(), logger: logger)
    let current = writer.machine.current
    logger.info(
      "index opened",
      metadata: ["generation": "\(current.number)", "documents": "\(current.documents)", "sequence": "\(current.journalSequence)"])
    let client = try Client(
      configuration: ClientConfiguration(
        identity: configuration.identity, software: configuration.software, cluster: configuration.cluster),
      endpoints: addresses.map(\.endpoint), logger: logger)
    let status = IndexStatus()
    let spans = SpanLog(software: configuration.software)
    let indexer = Indexer(writer, ingest: client, status: status, spans: spans, logger: logger)
    let handler = IndexHandler(objects: objects, status: status, readiness: readiness)
    let listener = try ListenerService(configuration, readiness: readiness, spans: spans, logger: logger, handler: handler)
    try await runService(
      configuration, version: softwareVersion, readiness: readiness, services: [listener, indexer],
      certificates: [listener.server, client], logger: logger)
  }
}

/// Keeps a second index process out of a data directory as long as it lives.
private final class DataLock: Sendable {
  private let file: File

  /// Throws `IndexError.inUse` when another process holds it.
  init(_ data: String) throws {
    try Directory.make(data)
    file = try File(data + "/lock", .readWrite)
    guard file.lock(within: 1000) else { throw IndexError.inUse(data) }
  }
}
