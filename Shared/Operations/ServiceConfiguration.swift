import Configuration
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
  /// Directory of the service's files.
  public let data: String
  /// Path of the PEM file with this service's certificate and its chain.
  public let certificate: String
  /// Path of the certificate's private key, PEM.
  public let key: String
  /// Path of the authorities' certificates, PEM.
  public let ca: String
  /// Name of the cluster.
  public let cluster: String
  public let logLevel: Logger.Level
  /// Addresses of the ingest service; empty when none is given.
  public let ingest: [Address]
  /// Addresses of the index service; empty when none is given.
  public let index: [Address]

  private let values: Values

  /// Longest configuration file, bytes.
  public static let maximumFileBytes = 1 << 20

  /// The ports of services on which nothing else was configured.
  static let standardListen = [
    "chancery-ingest": "127.0.0.1:7410", "chancery-index": "127.0.0.1:7420", "chancery-query": "127.0.0.1:7430",
  ]

  /// Reads the file at path `file` and lays `flags` over `environment` over it over the defaults.
  ///
  /// `environment` nil = the process's own. Throws `ConfigurationError`.
  init(service: String, flags: [String: String], environment: [String: String]?, file: String?, own: [OwnKey]) throws(ConfigurationError) {
    var standards = [
      "listen": Self.standardListen[service] ?? "127.0.0.1:0", "metrics": "0", "data": "data/\(service)", "certificate": "", "key": "", "ca": "",
      "cluster": "chancery", "log-level": "info", "ingest": "", "index": "",
    ]
    for key in own { standards[key.name] = key.standard }
    let inFile = try file.map { path throws(ConfigurationError) in try Self.read(path, known: Set(standards.keys)) } ?? [:]
    let values = Values(flags: flags, environment: environment, file: file ?? "", inFile: inFile, standards: standards)
    self.service = service
    self.values = values
    listen = try values.address("listen")
    let port = try values.integer("metrics", in: 0...65535)
    metricsPort = port == 0 ? nil : port
    data = try values.needed("data")
    certificate = try values.needed("certificate")
    key = try values.needed("key")
    ca = try values.needed("ca")
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

  /// The members of the file's object, as text. Lists become text with commas.
  private static func read(_ path: String, known: Set<String>) throws(ConfigurationError) -> [String: String] {
    let json: JSON
    do {
      let file = try File(path, .read)
      let bytes = try file.read(at: 0, count: maximumFileBytes + 1)
      if bytes.count > maximumFileBytes { throw ConfigurationError("\(path) is longer than \(maximumFileBytes) bytes") }
      json = try JSON.parse(bytes)
    } catch let error as JSON.Malformed {
      throw ConfigurationError("\(path): \(error)")
    } catch {
      throw ConfigurationError("cannot read the configuration: \(error)")
    }
    guard let members = json.object else { throw ConfigurationError("\(path): the configuration must be one JSON object") }
    var values: [String: String] = [:]
    for member in members {
      guard known.contains(member.name) else {
        throw ConfigurationError("\(path): unknown key \"\(member.name)\"; known are \(known.sorted().joined(separator: ", "))")
      }
      let list = member.value.array?.compactMap(\.scalar)
      guard let text = member.value.scalar ?? list?.joined(separator: ","), list?.count == member.value.array?.count else {
        throw ConfigurationError("\(path): the value of \"\(member.name)\" must be text, a number, true, false or a list of these")
      }
      values[member.name] = text
    }
    return values
  }
}

/// Values by key from the four places, the first that has one wins; every value is text until it is read.
private struct Values: Sendable {
  private let places: [(name: String, provider: any ConfigProvider)]
  private let reader: ConfigReader

  init(flags: [String: String], environment: [String: String]?, file: String, inFile: [String: String], standards: [String: String]) {
    let variables = environment.map { EnvironmentVariablesProvider(environmentVariables: $0) } ?? EnvironmentVariablesProvider()
    places = [
      ("the flag", Self.provider("flags", flags)), ("the environment", variables.prefixKeys(with: "chancery")), (file, Self.provider("file", inFile)),
      ("the default", Self.provider("defaults", standards)),
    ]
    reader = ConfigReader(providers: places.map(\.provider))
  }

  private static func provider(_ name: String, _ values: [String: String]) -> InMemoryProvider {
    let pairs = values.map { (AbsoluteConfigKey([$0.key]), ConfigValue(.string($0.value), isSecret: false)) }
    return InMemoryProvider(name: name, values: Dictionary(uniqueKeysWithValues: pairs))
  }

  func string(_ key: String) -> String { reader.string(forKey: ConfigKey([key]), default: "") }

  /// The error that `key` has a value that is none of `allowed`.
  func wrong(_ key: String, _ allowed: String) -> ConfigurationError {
    let place = places.first { (try? $0.provider.value(forKey: AbsoluteConfigKey([key]), type: .string).value) != nil }?.name ?? "no place"
    let value = string(key)
    let found = value.isEmpty ? "is not set" : "is \"\(value)\" (from \(place))"
    return ConfigurationError(
      "\(key) \(found); it must be \(allowed): give --\(key), CHANCERY_\(key.uppercased().map { $0 == "-" ? "_" : String($0) }.joined()), or \"\(key)\" in the configuration file")
  }

  func needed(_ key: String) throws(ConfigurationError) -> String {
    let value = string(key)
    if value.isEmpty { throw wrong(key, "a path") }
    return value
  }

  func integer(_ key: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int {
    guard let value = Int(string(key)), range.contains(value) else {
      throw wrong(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func address(_ key: String) throws(ConfigurationError) -> Address {
    guard let address = Address(string(key)) else { throw wrong(key, "HOST:PORT") }
    return address
  }

  func addresses(_ key: String) throws(ConfigurationError) -> [Address] {
    var addresses: [Address] = []
    for part in string(key).split(separator: ",") {
      guard let address = Address(String(part.trimmingSpaces)) else { throw wrong(key, "HOST:PORT, several separated by commas") }
      addresses.append(address)
    }
    return addresses
  }
}

extension Substring {
  fileprivate var trimmingSpaces: Substring {
    var text = self.drop { $0 == " " }
    while text.last == " " { text.removeLast() }
    return text
  }
}
