import ArgumentParser
import Logging
import Platform

/// The flags by which a client finds the services and shows who it is. As with `ServiceOptions`, a flag goes before the environment, the
/// environment before the file.
public struct ClientOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Client settings, a JSON file as `deploy/chancery up` writes it. [CHANCERY_CONFIG; run/client.json if it is there]", valueName: "file"
    ))
  public var config: String?

  @Option(help: ArgumentHelp("Ingest services, separated by commas. [CHANCERY_INGEST]", valueName: "host:port,…"))
  public var ingest: String?

  @Option(help: ArgumentHelp("Index services. [CHANCERY_INDEX]", valueName: "host:port,…"))
  public var index: String?

  @Option(help: ArgumentHelp("Query nodes. [CHANCERY_QUERY]", valueName: "host:port,…"))
  public var query: String?

  @Option(help: ArgumentHelp("Your certificate, PEM. [CHANCERY_CERTIFICATE]", valueName: "file"))
  public var certificate: String?

  @Option(help: ArgumentHelp("Its private key, PEM. [CHANCERY_KEY]", valueName: "file"))
  public var key: String?

  @Option(help: ArgumentHelp("Certificates of the authorities to trust, PEM. [CHANCERY_CA]", valueName: "file"))
  public var ca: String?

  @Option(
    help: ArgumentHelp("Revocation lists of these authorities, PEM; without it nothing is looked up. [CHANCERY_CRL]", valueName: "file"))
  public var crl: String?

  @Option(help: ArgumentHelp("Name of the cluster. [CHANCERY_CLUSTER]", valueName: "name"))
  public var cluster: String?

  public init() {}

  /// Where the settings are when nothing says otherwise.
  static let standardFile = "run/client.json"

  /// The settings in force. Throws `ConfigurationError`.
  public func settings() throws(ConfigurationError) -> ClientSettings {
    let flags = [
      "ingest": ingest, "index": index, "query": query, "certificate": certificate, "key": key, "ca": ca, "crl": crl,
      "cluster": cluster,
    ].compactMapValues { $0 }
    let standard = Directory.exists(Self.standardFile) ? Self.standardFile : nil
    return try ClientSettings(flags: flags, environment: nil, file: config ?? environmentVariable("CHANCERY_CONFIG") ?? standard)
  }
}

/// Where the services are and what the client shows them.
public struct ClientSettings: Sendable {
  public let ingest: [Address]
  public let index: [Address]
  public let query: [Address]
  public let certificate: String
  public let key: String
  public let ca: String
  public let crl: String?
  public let cluster: String

  /// Throws `ConfigurationError`. `environment` nil = the process's own.
  init(flags: [String: String], environment: [String: String]?, file: String?) throws(ConfigurationError) {
    let standards = ["ingest": "", "index": "", "query": "", "certificate": "", "key": "", "ca": "", "crl": "", "cluster": ""]
    let inFile = try file.map { path throws(ConfigurationError) in try SettingsFile.read(path, known: Set(standards.keys)) } ?? [:]
    let values = SettingValues(flags: flags, environment: environment, file: file ?? "", inFile: inFile, standards: standards)
    ingest = try values.addresses("ingest")
    index = try values.addresses("index")
    query = try values.addresses("query")
    guard !(ingest.isEmpty && index.isEmpty && query.isEmpty) else {
      throw ConfigurationError(
        "no service is known: run where run/client.json is (`deploy/chancery up` writes it), or give --config, CHANCERY_CONFIG, "
          + "or --query and --ingest"
      )
    }
    certificate = try values.needed("certificate")
    key = try values.needed("key")
    ca = try values.needed("ca")
    let crl = values.string("crl")
    self.crl = crl.isEmpty ? nil : crl
    cluster = values.string("cluster")
  }
}

/// A logger for a command at a terminal: errors only, or everything when `verbose`.
public func commandLogger(_ name: String, verbose: Bool) -> Logger {
  var logger = Logger(label: name, factory: { _ in JSONLogHandler(service: name, level: verbose ? .debug : .critical) })
  logger.logLevel = verbose ? .debug : .critical
  return logger
}
