import Configuration
import Platform

/// A configuration file: one JSON object of texts, numbers, truth values and lists of these.
enum SettingsFile {
  /// Longest configuration file, bytes.
  static let maximumFileBytes = 1 << 20

  /// The members of the file's object, as text. Lists become text with commas.
  static func read(_ path: String, known: Set<String>) throws(ConfigurationError) -> [String: String] {
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
struct SettingValues: Sendable {
  private let places: [(name: String, provider: any ConfigProvider)]
  private let reader: ConfigReader

  init(flags: [String: String], environment: [String: String]?, file: String, inFile: [String: String], standards: [String: String]) {
    let variables = environment.map { EnvironmentVariablesProvider(environmentVariables: $0) } ?? EnvironmentVariablesProvider()
    places = [
      ("the flag", Self.provider("flags", flags)), ("the environment", variables.prefixKeys(with: "chancery")),
      (file, Self.provider("file", inFile)),
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
    let variable = "CHANCERY_" + key.uppercased().replacing("-", with: "_")
    return ConfigurationError(
      "\(key) \(found); it must be \(allowed): give --\(key), \(variable), or \"\(key)\" in the configuration file")
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
