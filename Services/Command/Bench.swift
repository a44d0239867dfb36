import ArgumentParser
import ChanceryClient
import Operations
import Platform
import Transport
import Wire

struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Measures a running service.", subcommands: [BenchRPC.self])
}

struct BenchRPC: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rpc", abstract: "Calls a service as fast as it answers, or at a rate, and tells how long the answers took.",
    discussion: """
      Without --rate each of the connections keeps --in-flight calls under way (closed loop). With --rate calls are due on a schedule (open loop), and \
      latency counts from when a call was due, also when it could not be sent then: so a stall is told in full.

        chancery bench rpc --method search genocide 'sender:Azerbaijan' --connections 50
        chancery bench rpc --method health --rate 5000 --connections 16 --duration 30

      What is called is real: the service's other callers feel it. Exit code 1 when no call was answered.
      """)

  /// Longest list of queries.
  static let maximumQueries = 1_000_000

  enum CalledMethod: String, ExpressibleByArgument, CaseIterable { case health, status, search, get }

  @Argument(help: "Queries for search, symbols for get, called in turn.") var texts: [String] = []
  @Option(help: "More of them, one a line; - is standard input.", completion: .file()) var queries: String?
  @Option(help: "health, status, search or get.") var method: CalledMethod = .health
  @Option(help: "Who is called: ingest, index or query.") var service: ChanceryClient.Service = .query
  @Option(help: "Hits of a search, 1 to 1000.") var limit: UInt32 = 10
  @Option(help: "Connections, 1 to 1000.") var connections = 1
  @Option(help: "Calls under way on each connection, at most; 1 to 128.") var inFlight = 1
  @Option(help: "Calls a second in all, on a schedule.") var rate: Double?
  @Option(help: "Seconds to measure.") var duration = 10.0
  @Option(help: "Seconds before that, which do not count.") var warmup = 1.0
  @Option(help: "Seconds that a call may take.") var deadline = 10.0
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (1...1000).contains(connections) else { throw ValidationError("--connections is 1 to 1000") }
    guard (1...128).contains(inFlight) else { throw ValidationError("--in-flight is 1 to 128") }
    guard (1...1000).contains(limit) else { throw ValidationError("--limit is 1 to 1000") }
    guard rate.map({ $0 >= 0.01 && $0 <= 10_000_000 }) ?? true else { throw ValidationError("--rate is 0.01 to 10000000 calls a second") }
    for (name, seconds, range) in [("duration", duration, 0.1...86_400), ("warmup", warmup, 0...3600), ("deadline", deadline, 0.001...600)]
    {
      guard range.contains(seconds) else { throw ValidationError("--\(name) is \(range.lowerBound) to \(range.upperBound) seconds") }
    }
    let takesTexts = method == .search || method == .get
    if takesTexts && texts.isEmpty && queries == nil {
      throw ValidationError("--method \(method.rawValue) needs at least one, or --queries")
    }
    if !takesTexts && !(texts.isEmpty && queries == nil) { throw ValidationError("--method \(method.rawValue) takes no queries") }
    if takesTexts && service != .query { throw ValidationError("only the query service answers \(method.rawValue)") }
  }

  func run() async throws {
    let bodies = try await bodies()
    try await common.withClient { client in
      let endpoints = client.endpoints(of: service)
      guard !endpoints.isEmpty else { throw common.report("no address of the \(service.rawValue) service is known", hint: nil) }
      var pools: [Client] = []
      for index in 0..<connections { pools.append(try client.connection(to: endpoints[index % endpoints.count])) }
      do {
        try await measure(pools, bodies)
      } catch {
        await Self.close(pools)
        throw error
      }
      await Self.close(pools)
    }
  }

  private static func close(_ pools: [Client]) async { for pool in pools { await pool.close() } }

  /// The requests, in turn.
  private func bodies() async throws -> [[UInt8]] {
    var all = texts
    if let queries {
      do {
        let reader = try LineReader(queries)
        while let line = try await reader.next() {
          guard all.count < Self.maximumQueries else { throw ValidationError("\(queries) has more than \(Self.maximumQueries) lines") }
          var bytes = try line.bytes()
          if bytes.last == 0x0d { bytes.removeLast() }
          all.append(String(decoding: bytes, as: UTF8.self))
        }
      } catch let error as SystemError {
        throw common.report("\(error)", hint: nil)
      }
      if all.isEmpty { throw ValidationError("\(queries) has no line") }
    }
    return switch method {
    case .health: [HealthRequest().encoded]
    case .status: [StatusRequest().encoded]
    case .search: all.map { SearchRequest(query: $0, limit: limit).encoded }
    case .get: all.map { GetRequest(symbol: $0).encoded }
    }
  }

  private func measure(_ pools: [Client], _ bodies: [[UInt8]]) async throws {
    // Connections are made beforehand, since a handshake is no call.
    try await withThrowingTaskGroup(of: Void.self) { group in
      for pool in pools { group.addTask { _ = try await pool.call(.health, body: HealthRequest().encoded, deadline: .seconds(10)) } }
      try await group.waitForAll()
    }
    let load = Load(MachineClock(), warmup: UInt64(warmup * 1e9), duration: UInt64(duration * 1e9), rate: rate)
    let progress = LoadProgress(seconds: duration, shown: isTerminal(2) && !common.json)
    let interrupted = try await interruptible(interrupted: { progress.note("interrupted: waiting for the calls under way") }) {
      [method, inFlight, deadline] interruption in
      let limit = Duration.nanoseconds(Int64(deadline * 1e9))
      await withTaskGroup(of: Void.self) { group in
        group.addTask { await progress.show(load) }
        await withTaskGroup(of: Void.self) { workers in
          for pool in pools {
            for _ in 0..<inFlight {
              workers.addTask {
                await load.work(isStopped: { interruption.isRequested }) { (index) throws(CallError) in
                  try await method.call(pool, bodies[index % bodies.count], limit)
                }
              }
            }
          }
        }
        group.cancelAll()
      }
      return interruption.isRequested
    }
    progress.clear()
    let report = LoadReport(
      what: "\(method.rawValue), \(shape)", measured: load.measured, seconds: load.seconds, rate: rate, interrupted: interrupted)
    if common.json { try printJSON(report.json) } else { try writeToStandardOutput(report.text.utf8) }
    if interrupted { throw ExitCode(130) }
    if report.measured.answers == 0, report.measured.given == 0 { throw ExitCode.failure }
  }

  private var shape: String {
    let places = "\(connections) \(connections == 1 ? "connection" : "connections"), \(inFlight) in flight on each"
    return places + (rate.map { ", \($0) calls a second (open loop)" } ?? " (closed loop)")
  }
}

extension ChanceryClient.Service: ExpressibleByArgument {}

extension BenchRPC.CalledMethod {
  /// Makes one call and takes all of its answer.
  fileprivate func call(_ pool: Client, _ body: [UInt8], _ deadline: Duration) async throws(CallError) {
    switch self {
    case .health: _ = try await pool.call(.health, body: body, deadline: deadline)
    case .status: _ = try await pool.call(.status, body: body, deadline: deadline)
    case .search: _ = try await pool.call(.search, body: body, deadline: deadline)
    case .get:
      let stream = try await pool.open(.get, body: body, deadline: deadline)
      _ = try await stream.reply()
      for try await _ in stream.incoming {}
    }
  }
}
