import Logging
import Network
import Synchronization
import Testing
import Transport
import Wire

/// Waits until `condition` holds, or throws when the test's time is over: a test must fail then, not hang.
func until(_ condition: () async throws -> Bool) async throws {
  while try await !condition() { try await Task.sleep(for: .milliseconds(1)) }
}

/// Counts up; tasks wait until it has reached a number.
final class Counter: Sendable {
  private let value = Atomic(0)

  var count: Int { value.load(ordering: .sequentiallyConsistent) }
  func add() { value.add(1, ordering: .sequentiallyConsistent) }
  func reached(_ number: Int) async throws { try await until { count >= number } }
}

/// Keeps the log's lines; a test can wait for one.
final class LogBook: Sendable {
  private let lines = Mutex<[String]>([])

  /// The first line that contains `text`, as soon as there is one.
  func line(_ text: String) async throws -> String {
    func found() -> String? { lines.withLock { $0.first { $0.contains(text) } } }
    try await until { found() != nil }
    return found() ?? ""
  }

  var logger: Logger {
    var logger = Logger(label: "test") { _ in Handler(book: self) }
    logger.logLevel = .debug
    return logger
  }

  private struct Handler: LogHandler {
    let book: LogBook
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.debug
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) {
      let facts = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
      book.lines.withLock { $0.append("\(event.level) \(event.message) \(facts.joined(separator: " "))") }
    }
  }
}

/// A service for tests: what a method does depends on its number only.
final class TestService: RequestHandler {
  let started = Counter()
  let cancelled = Counter()
  let gate = Latch()

  func handle(_ call: ServerCall) async throws(CallError) {
    started.add()
    switch call.method {
    case .search, .delete: call.reply(Array(call.body))
    case .status:
      await gate.wait()
      call.reply(Array(call.body))
    case .suggest: await untilCancelled()
    case .submit:
      var count = 0
      for try await chunk in call.incoming { count += chunk.count }
      call.reply(Array("\(count)".utf8))
    case .getObject:
      call.reply(Array(call.body), last: false)
      for try await chunk in call.incoming { try await call.send(chunk) }
      call.finish()
    case .readJournal:
      call.reply([], last: false)
      await untilCancelled()
    case .get:
      call.reply([], last: false)
      throw CallError(.notFound, "no such document", processed: .yes)
    case .health: break
    case .verify:
      call.reply([UInt8](repeating: 1, count: 2 << 20))
    default: throw CallError(.unimplemented, "\(call.method.name) is not served here", processed: .no)
    }
  }

  private func untilCancelled() async {
    let gate = Latch()
    await withTaskCancellationHandler {
      await gate.wait()
    } onCancel: {
      gate.open()
    }
    cancelled.add()
  }
}

/// A server that runs while `body` does.
func withServer<R>(
  _ service: any RequestHandler = TestService(), identity name: String = "server", book: LogBook = LogBook(),
  _ change: (inout ServerConfiguration) -> Void = { _ in }, _ body: (Server, Endpoint) async throws -> R
) async throws -> R {
  var configuration = ServerConfiguration(host: "127.0.0.1", port: 0, identity: try identity(name), software: "test/1", cluster: "test")
  configuration.drainTimeout = .milliseconds(200)
  change(&configuration)
  let server = try Server(configuration: configuration, logger: book.logger, handler: service)
  let port = try await server.start()
  return try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { try await server.run() }
    do {
      let result = try await body(server, Endpoint(host: "127.0.0.1", port: port))
      server.beginShutdown()
      try await group.waitForAll()
      return result
    } catch {
      server.beginShutdown()
      throw error
    }
  }
}

func clientConfiguration(_ name: String = "operator", trusting authority: String = "ca") throws -> ClientConfiguration {
  ClientConfiguration(identity: try identity(name, trusting: authority), software: "test-client/1", cluster: "test")
}

func connect(_ endpoint: Endpoint, as name: String = "operator") async throws -> ClientConnection {
  try await ClientConnection.connect(to: endpoint, configuration: try clientConfiguration(name))
}

/// A TCP connection on which nothing is said.
func plainConnection(_ endpoint: Endpoint) async throws -> Socket {
  try await withCheckedThrowingContinuation { continuation in
    Connector.connect(host: endpoint.host, port: endpoint.port, within: 10_000_000_000, on: EventLoop.next()) {
      continuation.resume(with: $0.mapError { $0 as any Error })
    }
  }
}

/// The call's error; a test fails when there is none.
func failure<R>(_ body: () async throws -> R) async throws -> CallError {
  do { _ = try await body() } catch let error as CallError { return error }
  Issue.record("no error was thrown")
  return CallError(.unknown, "")
}
