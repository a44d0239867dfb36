import ArgumentParser
import ChanceryClient
import Documents
import Operations
import Transport
import Wire

struct Delete: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Takes a document out of the registry's search. The journal keeps who took it out, when and why.")

  @Argument(help: "Symbol, or id.") var symbol: String
  @Option(help: "The reason, for the journal.") var why: String
  @Option(help: ArgumentHelp("Which document, where several languages have the symbol; und: not known.", valueName: "code"))
  var language: String?
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if why.allSatisfy(\.isWhitespace) { throw ValidationError("--why needs a reason") }
  }

  func run() async throws {
    let id = DocumentID(hexadecimal: symbol)
    let request = DeleteRequest(symbol: id == nil ? symbol : "", documentID: id?.bytes ?? [], why: why, language: language ?? "")
    try await common.withClient { client in
      let reply = try await client.delete(request)
      if common.json {
        try printJSON(.object([.init("existed", .bool(reply.existed)), .init("sequence", .number(reply.sequence))]))
      } else if reply.existed {
        try writeToStandardOutput("\(plain(symbol)) deleted (journal entry \(reply.sequence))\n".utf8)
      }
      if !reply.existed { throw common.report("there is no document \(symbol)", hint: "`chancery suggest symbol PREFIX` lists symbols") }
    }
  }
}

struct Suggest: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the values of a field that begin with a text, with the number of documents.")

  @Argument(help: "Field, e.g. symbol, sender, organ, item.") var field: String
  @Argument(help: "How the value begins.") var prefix: String = ""
  @Option(help: "Values to list, at most.") var limit: UInt32 = 10
  @OptionGroup var common: CommonOptions

  func run() async throws {
    try await common.withClient { client in
      let reply = try await client.suggest(SuggestRequest(field: field, prefix: prefix, limit: limit))
      if common.json { return try printJSON(.array(reply.values.map(\.json))) }
      try writeToStandardOutput(reply.values.map { "\(padded("\($0.count)", 8))  \(plain($0.value))\n" }.joined().utf8)
    }
  }
}

struct Status: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Says how every service is and what it holds.")

  @OptionGroup var common: CommonOptions

  func run() async throws {
    try await common.withClient { client in
      var rows: [JSON] = []
      var failed = false
      for (service, endpoint) in client.everything {
        let place: [JSON.Member] = [.init("service", .string(service.rawValue)), .init("endpoint", .string(endpoint.description))]
        do throws(CallError) {
          let reply = try await client.status(endpoint)
          rows.append(.object(place + [.init("version", .string(reply.version)), .init("figures", .array(reply.figures.map(\.json)))]))
          if !common.json { try write("\(service.rawValue) \(endpoint)  \(reply.version)", reply.figures) }
        } catch {
          failed = true
          rows.append(.object(place + [.init("error", error.json)]))
          if !common.json { writeToStandardError("\(service.rawValue) \(endpoint)  \(plain(error.description))\n") }
        }
      }
      if common.json { try printJSON(.array(rows)) }
      if failed { throw ExitCode.failure }
    }
  }
}

struct Verify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Has every service check all that it holds: checksums, order, and that nothing acknowledged is missing.")

  @OptionGroup var common: CommonOptions

  func run() async throws {
    try await common.withClient { client in
      var rows: [JSON] = []
      var clean = true
      for (service, endpoint) in client.everything {
        let place: [JSON.Member] = [.init("service", .string(service.rawValue)), .init("endpoint", .string(endpoint.description))]
        do throws(CallError) {
          let reply = try await client.verify(endpoint)
          clean = clean && reply.clean
          rows.append(
            .object(
              place + [
                .init("clean", .bool(reply.clean)), .init("checked", .number(reply.checked)),
                .init("problems", .array(reply.problems.map { .string($0) })), .init("figures", .array(reply.figures.map(\.json))),
              ]))
          if !common.json {
            try write("\(service.rawValue) \(endpoint)  \(reply.clean ? "clean" : "NOT CLEAN"), \(reply.checked) checked", reply.figures)
            for problem in reply.problems { try write("  problem: \(plain(problem))", []) }
          }
        } catch {
          clean = false
          rows.append(.object(place + [.init("error", error.json)]))
          if !common.json { writeToStandardError("\(service.rawValue) \(endpoint)  \(plain(error.description))\n") }
        }
      }
      if common.json { try printJSON(.object([.init("clean", .bool(clean)), .init("services", .array(rows))])) }
      if !clean { throw ExitCode.failure }
    }
  }
}

/// A heading and figures under it on standard output. Throws `internal` when nobody reads any more.
private func write(_ heading: String, _ figures: [Figure]) throws(CallError) {
  var out = heading + "\n"
  for figure in figures {
    out +=
      "  \(plain(figure.name))\(String(repeating: " ", count: max(1, 28 - figure.name.count)))\(plain(figure.value)) \(plain(figure.unit))\n"
  }
  do { try writeToStandardOutput(out.utf8) } catch { throw CallError(.internal, "cannot write to standard output: \(error)") }
}

extension ChanceryClient {
  /// Every service with each of its endpoints.
  var everything: [(Service, Endpoint)] { Service.allCases.flatMap { service in endpoints(of: service).map { (service, $0) } } }
}
