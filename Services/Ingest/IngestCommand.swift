import ArgumentParser
import Logging
import Operations
import Platform
import Reading
import Store

/// Receives files, reads their form, keeps originals and the journal.
@main
struct IngestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chancery-ingest", abstract: "Registers documents: receives files, reads their form, keeps originals and the journal.",
    version: softwareVersion)

  @OptionGroup var options: ServiceOptions

  @Option(help: "Files read at the same time; each PDF runs a helper process. [CHANCERY_READERS]")
  var readers: Int?

  func run() async throws {
    let configuration = try options.configuration(
      for: "chancery-ingest", own: [OwnKey("readers", flag: readers.map(String.init), standard: "4")])
    let readers = try configuration.integer("readers", in: 1...256)
    bootstrapOperations(configuration)
    let logger = Logger(label: configuration.service)
    let readiness = Readiness()
    let journal = try Journal(configuration.data + "/journal")
    let originals = try DirectoryStore(configuration.data + "/objects")
    var reading = ReaderConfiguration()
    reading.temporaryDirectory = try PrivateDirectory.emptied(configuration.data + "/reading")
    let reader = Reader(reading)
    logger.info("journal opened", metadata: ["entries": "\(journal.last)", "helpers": "\(ChildProcess.protection)"])
    let handler = try await IngestHandler(
      journal: journal, originals: originals, reader: reader, readers: readers, readiness: readiness, logger: logger)
    let listener = try ListenerService(configuration, readiness: readiness, logger: logger, handler: handler)
    try await runService(
      configuration, version: softwareVersion, readiness: readiness, services: [listener], certificates: [listener.server],
      logger: logger)
  }
}
