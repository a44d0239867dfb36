import ArgumentParser
import Certificates
import Operations
import Platform
import Wire

struct Certs: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes, renews, lists and revokes certificates.",
    discussion: """
      An authority and what it signs are in one directory: ca.pem and ca.key, crl.pem, and NAME.pem with NAME.key for each. Guard ca.key: \
      who has it can become anyone. Services take new files by themselves within 10 seconds of their being replaced, or at once at SIGHUP; \
      no connection is lost but those of the revoked.

        chancery certs init
        chancery certs issue query-1 --role query --host archive-2 --host 10.0.0.7
        chancery certs issue jane --role reader --clearance limited --valid 90d
        chancery certs renew
        chancery certs revoke jane
      """,
    subcommands: [CertsInit.self, CertsIssue.self, CertsRenew.self, CertsList.self, CertsRevoke.self])
}

/// The flags that every `certs` command has.
struct CertsOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Where the authority and its certificates are.", valueName: "dir"), completion: .directory)
  var directory = "run/certificates"

  @Flag(help: "Print JSON for programs.")
  var json = false

  /// Runs `body`; tells the person what failed, and throws the exit code then.
  func reporting(_ body: () throws -> Void) throws {
    do { try body() } catch let error as ExitCode { throw error } catch { throw reportFailure("\(error)", hint: nil, json: json) }
  }

  /// Prints certificates that were made.
  func tell(_ made: [Certificate], nothing: String) throws {
    if json {
      return try printJSON(
        .object([.init("directory", .string(directory)), .init("made", .array(made.map { .object($0.members) }))]))
    }
    if made.isEmpty { return try writeToStandardOutput("\(nothing)\n".utf8) }
    for certificate in made {
      try writeToStandardOutput("\(certificate.name): \(directory)/\(certificate.name).pem, until \(day(certificate.until))\n".utf8)
    }
  }
}

/// A time that a certificate holds: 397d, 24h, 90m.
struct Lifetime: ExpressibleByArgument, CustomStringConvertible {
  private static let units: [Character: Int64] = ["d": 86_400, "h": 3600, "m": 60]
  let seconds: Int64
  let description: String

  init?(argument: String) {
    guard let unit = argument.last.flatMap({ Self.units[$0] }), let count = Int64(argument.dropLast()), (1...100_000).contains(count) else {
      return nil
    }
    seconds = count * unit
    description = argument
  }

  init(days: Int64) {
    seconds = days * 86_400
    description = "\(days)d"
  }

  var defaultValueDescription: String { description }
}

extension Role: ExpressibleByArgument {}

struct CertsInit: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "Makes an authority, and its revocation list, which is empty.")

  @Option(help: "Its name, which its certificates state.") var name = "Chancery authority"
  @Option(help: ArgumentHelp("How long it holds: days, hours or minutes.", valueName: "time")) var valid = Lifetime(days: 3650)
  @OptionGroup var options: CertsOptions

  func run() async throws {
    try options.reporting {
      let folder = try CertificateFolder(making: name, seconds: valid.seconds, in: options.directory)
      if options.json {
        return try printJSON(
          .object([.init("directory", .string(options.directory)), .init("authority", .object(folder.authority.members))]))
      }
      try writeToStandardOutput(
        "\(name): \(options.directory)/ca.pem, until \(day(folder.authority.until)); guard \(options.directory)/ca.key\n".utf8)
    }
  }
}

struct CertsIssue: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "issue", abstract: "Signs a certificate for a service or a person.",
    discussion: """
      Hosts are what a service is reached at; one who only calls has none. Without a clearance a reader or submitter sees General papers \
      only; operator, index and query see everything.
      """)

  @Argument(help: "What it is for: ingest, query-1, a person's name.") var name: String
  @Option(help: "\(Role.allCases.map(\.rawValue).joined(separator: ", ")); may be repeated.") var role: [Role]
  @Option(
    help: "Papers that it may see: \(DistributionClass.allCases.map(\.name).joined(separator: ", ")).",
    completion: .list(DistributionClass.allCases.map(\.name)))
  var clearance: DistributionClass?
  @Option(help: "Host name or IP address; may be repeated.") var host: [String] = []
  @Option(help: ArgumentHelp("How long it holds: days, hours or minutes.", valueName: "time")) var valid = Lifetime(days: 397)
  @Flag(help: "Also when the name has a certificate, which stays good until it ends or is revoked.") var replace = false
  @OptionGroup var options: CertsOptions

  func run() async throws {
    try options.reporting {
      let folder = try CertificateFolder(options.directory)
      guard replace || !Directory.exists("\(options.directory)/\(name).pem") else {
        throw reportFailure(
          "\(name) has a certificate in \(options.directory)",
          hint: "`chancery certs renew \(name)` makes one that says the same, --replace one that says what you ask", json: options.json)
      }
      let request = CertificateRequest(name: name, roles: role, clearance: clearance, hosts: host, seconds: valid.seconds)
      try options.tell([try folder.issue(request)], nothing: "")
    }
  }
}

struct CertsRenew: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "renew", abstract: "Signs certificates anew that say the same, for new keys.",
    discussion: "Without names, those that end soon. The old ones stay good until they end or are revoked.")

  @Argument(help: "Whose; all that end soon if left out.") var names: [String] = []
  @Option(help: ArgumentHelp("What is soon; a third of their time, at most 30d, if left out.", valueName: "time")) var within: Lifetime?
  @Option(help: ArgumentHelp("How long they hold; as long as the old ones if left out.", valueName: "time")) var valid: Lifetime?
  @OptionGroup var options: CertsOptions

  func run() async throws {
    try options.reporting {
      let folder = try CertificateFolder(options.directory)
      let now = unixSeconds()
      func endsSoon(_ certificate: Certificate) -> Bool {
        certificate.until - now < within?.seconds ?? min(30 * 86_400, (certificate.until - certificate.from) / 3)
      }
      let ending =
        names.isEmpty
        ? try folder.rows().filter { $0.file != nil && [.good, .expired, .keyless].contains($0.state) && endsSoon($0.certificate) }
        : []
      var made: [Certificate] = []
      for name in names + ending.map(\.certificate.name) {
        guard let old = try folder.certificate(of: name) else {
          throw CertificateError("\(name) has no certificate in \(options.directory)")
        }
        made.append(
          try folder.issue(
            CertificateRequest(
              name: name, roles: old.roles, clearance: old.clearance, hosts: old.hosts,
              seconds: valid?.seconds ?? old.until - old.from - 3600)))
      }
      try options.tell(made, nothing: "none ends soon")
    }
  }
}

struct CertsList: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists certificates, what they allow and when they end.")

  @OptionGroup var options: CertsOptions

  func run() async throws {
    try options.reporting {
      let folder = try CertificateFolder(options.directory)
      let rows = try folder.rows()
      if options.json {
        let list = rows.map { row in
          let standing: [JSON.Member] = [
            .init("state", .string(row.state.rawValue)), .init("file", row.file.map { .string($0) } ?? .null),
          ]
          return JSON.object(row.certificate.members + standing)
        }
        return try printJSON(
          .object([
            .init("directory", .string(options.directory)), .init("authority", .object(folder.authority.members)),
            .init("certificates", .array(list)),
          ]))
      }
      var out =
        "\(column("NAME", 14)) \(column("STATE", 8)) \(column("UNTIL", 10)) \(column("DAYS", 6)) \(column("ROLES", 18)) CLEARANCE, HOSTS, SERIAL\n"
      for row in rows {
        let one = row.certificate
        let rest = ([one.clearance?.name ?? "-"] + [one.hosts.joined(separator: ",")] + [one.serial]).filter { !$0.isEmpty }
        out +=
          "\(column(plain(one.name), 14)) \(column(row.state.rawValue, 8)) \(column(day(one.until), 10)) \(column("\(one.daysLeft)", 6)) "
          + "\(column(one.roles.map(\.rawValue).joined(separator: ","), 18)) \(plain(rest.joined(separator: "  ")))\n"
      }
      try writeToStandardOutput((out + "authority until \(day(folder.authority.until))\n").utf8)
    }
  }
}

struct CertsRevoke: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "revoke", abstract: "Writes a revocation list with these certificates.",
    discussion: """
      A name stands for all certificates that were issued to it and have not ended. Services that are told of the list (crl) refuse the \
      revoked and close their connections within 10 seconds of its being replaced. Without arguments the list is written anew.
      """)

  @Argument(help: "Names, or serial numbers as `list` shows them.") var certificates: [String] = []
  @OptionGroup var options: CertsOptions

  func run() async throws {
    try options.reporting {
      let folder = try CertificateFolder(options.directory)
      let open = try folder.rows().filter { [.good, .replaced, .keyless].contains($0.state) }.map(\.certificate)
      var serials: [String] = []
      for wanted in certificates {
        let found = open.filter { $0.name == wanted || $0.serial == wanted.lowercased() }
        guard !found.isEmpty else { throw CertificateError("\(wanted) has no certificate in \(options.directory) that could be revoked") }
        serials += found.map(\.serial)
      }
      let list = try folder.revoke(serials)
      if options.json {
        return try printJSON(
          .object([
            .init("revoked", .array(serials.map { .string($0) })), .init("list", .string(options.directory + "/crl.pem")),
            .init("number", .number(list.number)), .init("entries", .number(list.entries.count)),
          ]))
      }
      try writeToStandardOutput(
        "\(options.directory)/crl.pem: \(serials.count) revoked now, \(list.entries.count) in all; bring it to every host\n".utf8)
    }
  }
}

extension Certificate {
  /// Whole days until it ends; negative when it has.
  var daysLeft: Int64 {
    let left = until - unixSeconds()
    return left >= 0 ? left / 86_400 : -((-left + 86_399) / 86_400)
  }

  fileprivate var members: [JSON.Member] {
    [
      .init("name", .string(name)), .init("serial", .string(serial)), .init("roles", .array(roles.map { .string($0.rawValue) })),
      .init("clearance", clearance.map { .string($0.name) } ?? .null), .init("hosts", .array(hosts.map { .string($0) })),
      .init("from", .string(timestamp(UInt64(max(0, from)) * 1000))), .init("until", .string(timestamp(UInt64(max(0, until)) * 1000))),
      .init("seconds_left", .number(until - unixSeconds())),
    ]
  }
}

/// The day of a Unix time, UTC.
private func day(_ seconds: Int64) -> String { String(timestamp(UInt64(max(0, seconds)) * 1000).prefix(10)) }

private func column(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }
