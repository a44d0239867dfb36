import Logging
import Platform

/// What a service runs with, from flags, environment, file and defaults (`ServiceOptions`).
public struct ServiceConfiguration: Sendable {
  /// The service's name, e.g. `chancery-query`.
  public let service: String
  /// Where the protocol is served.
  public let listen: Address
  /// Loopback port of /metrics and /health; nil = not served.
  public let metricsPort: Int?
  /// Directory of the service's files, from the root on.
  public let data: String
  /// Path of the PEM file with this service's certificate and its chain.
  public let certificate: String
  /// Path of the certificate's private key, PEM.
  public let key: String
  /// Path of the authorities' certificates, PEM.
  public let ca: String
  /// Path of the authorities' revocation lists, PEM; nil = none.
  public let crl: String?
  /// Name of the cluster.
  public let cluster: String
  public let logLevel: Logger.Level
  /// Addresses of the ingest service; empty when none is given.
  public let ingest: [Address]
  /// Addresses of the index service; empty when none is given.
  public let index: [Address]

  private let values: SettingValues

  /// The ports of services on which nothing else was configured.
  static let standardListen = [
    "chancery-ingest": "127.0.0.1:7410", "chancery-index": "127.0.0.1:7420", "chancery-query": "127.0.0.1:7430",
  ]

  /// Reads the file at path `file` and lays `flags` over `environment` over it over the defaults.
  ///
  /// `environment` nil = the process's own. Throws `ConfigurationError`.
  init(service: String, flags: [String: String], environment: [String: String]?, file: String?, own: [OwnKey]) throws(ConfigurationError) {
    var standards = [
      "listen": Self.standardListen[service] ?? "127.0.0.1:0", "metrics": "0", "data": "data/\(service)", "certificate": "", "key": "",
      "ca": "", "crl": "",
      "cluster": "chancery", "log-level": "info", "ingest": "", "index": "",
    ]
    for key in own { standards[key.name] = key.standard }
    let inFile = try file.map { path throws(ConfigurationError) in try SettingsFile.read(path, known: Set(standards.keys)) } ?? [:]
    let values = SettingValues(flags: flags, environment: environment, file: file ?? "", inFile: inFile, standards: standards)
    self.service = service
    self.values = values
    listen = try values.address("listen")
    let port = try values.integer("metrics", in: 0...65535)
    metricsPort = port == 0 ? nil : port
    let data = try values.needed("data")
    do throws(SystemError) { self.data = try Directory.absolute(data) } catch { throw ConfigurationError("\(error)") }
    certificate = try values.needed("certificate")
    key = try values.needed("key")
    ca = try values.needed("ca")
    let crl = values.string("crl")
    self.crl = crl.isEmpty ? nil : crl
    cluster = values.string("cluster")
    guard let level = Logger.Level(rawValue: values.string("log-level")) else {
      throw values.wrong("log-level", "one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    logLevel = level
    ingest = try values.addresses("ingest")
    index = try values.addresses("index")
  }

  /// The value of one of the service's own keys.
  public func string(_ key: String) -> String { values.string(key) }

  /// The value of one of the service's own keys, a whole number inside `range`. Throws `ConfigurationError`.
  public func integer(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int { try values.integer(key, in: range) }

  /// `addresses`, which this service cannot do without. Throws `ConfigurationError` when there is none.
  public func needed(_ addresses: [Address], _ key: String) throws(ConfigurationError) -> [Address] {
    if addresses.isEmpty { throw values.wrong(key, "at least one HOST:PORT") }
    return addresses
  }
}
