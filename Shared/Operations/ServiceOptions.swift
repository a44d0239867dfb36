import ArgumentParser
import Platform

/// The flags that every service has. The same names are the keys of the configuration file, and with `CHANCERY_` before them, in capitals
/// and with `_` for `-`, the environment's variables. A flag goes before the environment, the environment before the file, the file before
/// the default.
///
/// A service declares `@OptionGroup var options: ServiceOptions` in its `AsyncParsableCommand` and calls `configuration(for:)` in `run()`.
public struct ServiceOptions: ParsableArguments {
  @Option(help: "Configuration file: one JSON object whose names are those of these flags. [CHANCERY_CONFIG]")
  public var config: String?

  @Option(help: "Address to serve the protocol on, HOST:PORT. [CHANCERY_LISTEN]")
  public var listen: String?

  @Option(help: "Loopback port for GET /metrics and /health; 0 = none. [CHANCERY_METRICS]")
  public var metrics: String?

  @Option(help: "Directory for the service's files. [CHANCERY_DATA]")
  public var data: String?

  @Option(help: "This service's certificate with its chain, PEM. [CHANCERY_CERTIFICATE]")
  public var certificate: String?

  @Option(help: "Private key of the certificate, PEM. [CHANCERY_KEY]")
  public var key: String?

  @Option(help: "Certificates of the authorities to trust, PEM. [CHANCERY_CA]")
  public var ca: String?

  @Option(help: "Revocation lists of these authorities, PEM; without it nothing is looked up. [CHANCERY_CRL]")
  public var crl: String?

  @Option(help: "Name of the cluster; both sides of a connection must agree. [CHANCERY_CLUSTER]")
  public var cluster: String?

  @Option(help: "Least severe level that is logged: trace, debug, info, notice, warning, error, critical. [CHANCERY_LOG_LEVEL]")
  public var logLevel: String?

  @Option(help: "Addresses of the ingest service, HOST:PORT, separated by commas. [CHANCERY_INGEST]")
  public var ingest: String?

  @Option(help: "Addresses of the index service, HOST:PORT, separated by commas. [CHANCERY_INDEX]")
  public var index: String?

  public init() {}

  /// The flags that were given, by key.
  var given: [String: String] {
    [
      "listen": listen, "metrics": metrics, "data": data, "certificate": certificate, "key": key, "ca": ca, "crl": crl, "cluster": cluster,
      "log-level": logLevel, "ingest": ingest, "index": index,
    ].compactMapValues { $0 }
  }

  /// What is in force for the service called `name`.
  ///
  /// `own` lists the keys that only this service has, each with its flag's value if one was given. Throws `ConfigurationError`.
  public func configuration(for name: String, own: [OwnKey] = []) throws(ConfigurationError) -> ServiceConfiguration {
    var flags = given
    for key in own { flags[key.name] = key.flag }
    return try ServiceConfiguration(
      service: name, flags: flags, environment: nil, file: config ?? environmentVariable("CHANCERY_CONFIG"), own: own)
  }
}

/// A key that one service has beside the common ones.
public struct OwnKey: Sendable {
  /// The key in the file and, with `--` before it, the flag: `maximum-file-bytes`.
  public let name: String
  /// What the flag said; nil when it was not given.
  public let flag: String?
  /// The value when nobody gives one.
  public let standard: String

  public init(_ name: String, flag: String?, standard: String) {
    self.name = name
    self.flag = flag
    self.standard = standard
  }
}

/// A configuration that cannot be used. The description says which value, from where, and what is allowed.
public struct ConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
