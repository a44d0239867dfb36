import ArgumentParser
import Logging
import Operations

/// Answers searches from a copy of the index that it keeps up to date.
@main
struct QueryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "chancery-query",
    abstract: "Answers searches: copies each generation of the index, switches to it, finds documents in it.",
    discussion: "Its directory holds copies only: it may be removed while the node is stopped, and no two nodes may share one.",
    version: softwareVersion)

  @OptionGroup var options: ServiceOptions

  func run() async throws {
    let configuration = try options.configuration(for: "chancery-query")
    let index = try configuration.needed(configuration.index, "index")
    bootstrapOperations(configuration)
    let logger = Logger(label: configuration.service)
    let readiness = Readiness(missing: "no generation of the index is here yet")
    let replica = try Replica(configuration, index: index.map(\.endpoint), readiness: readiness, logger: logger)
    let handler = QueryHandler(replica: replica, readiness: readiness)
    let listener = try ListenerService(configuration, readiness: readiness, logger: logger, handler: handler)
    try await runService(
      configuration, version: softwareVersion, readiness: readiness, services: [replica, listener],
      certificates: [listener.server, replica.client], logger: logger)
  }
}
