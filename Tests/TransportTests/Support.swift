import Logging
import Synchronization
import Testing
import Transport
import Wire

/// Something that tasks wait for until it is opened.
final class Gate: Sendable {
  private let state = Mutex<(isOpen: Bool, waiters: [CheckedContinuation<Void, Never>])>((false, []))

  func open() {
    let waiters = state.withLock { state in
      state.isOpen = true
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters { waiter.resume() }
  }

  func wait() async {
    await withCheckedContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiters.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }
}

/// Counts up; tasks wait until it has reached a number.
final class Counter: Sendable {
  private let state = Mutex<(count: Int, waiters: [(Int, CheckedContinuation<Void, Never>)])>((0, []))

  var count: Int { state.withLock { $0.count } }

  func add() {
    let due = state.withLock { state in
      state.count += 1
      let count = state.count
      defer { state.waiters.removeAll { $0.0 <= count } }
      return state.waiters.filter { $0.0 <= count }
    }
    for waiter in due { waiter.1.resume() }
  }

  func reached(_ number: Int) async {
    await withCheckedContinuation { continuation in
      let isReached = state.withLock { state in
        if state.count < number { state.waiters.append((number, continuation)) }
        return state.count >= number
      }
      if isReached { continuation.resume() }
    }
  }
}

/// Keeps the log's lines; a test can wait for one.
final class LogBook: Sendable {
  private let state = Mutex<(lines: [String], waiters: [(String, CheckedContinuation<String, Never>)])>(([], []))

  var lines: [String] { state.withLock { $0.lines } }

  func add(_ line: String) {
    let due = state.withLock { state in
      state.lines.append(line)
      defer { state.waiters.removeAll { line.contains($0.0) } }
      return state.waiters.filter { line.contains($0.0) }
    }
    for waiter in due { waiter.1.resume(returning: line) }
  }

  /// The first line that contains `text`, as soon as there is one.
  func line(_ text: String) async -> String {
    await withCheckedContinuation { continuation in
      let found = state.withLock { state in
        let found = state.lines.first { $0.contains(text) }
        if found == nil { state.waiters.append((text, continuation)) }
        return found
      }
      if let found { continuation.resume(returning: found) }
    }
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
      book.add("\(event.level) \(event.message) \(facts.joined(separator: " "))")
    }
  }
}

/// A service for tests: what a method does depends on its number only.
final class TestService: RequestHandler {
  let started = Counter()
  let cancelled = Counter()
  let gate = Gate()

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
    let gate = Gate()
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

/// The call's error; a test fails when there is none.
func failure<R>(_ body: () async throws -> R) async throws -> CallError {
  do { _ = try await body() } catch let error as CallError { return error }
  Issue.record("no error was thrown")
  return CallError(.unknown, "")
}
