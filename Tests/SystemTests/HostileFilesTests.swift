import ChanceryClient
import Foundation
import Synchronization
import Testing
import Transport
import Wire

/// How many files, and from which seed: all kinds and some mutants in `swift test`, 1,000 and more on demand.
private let settings = ProcessInfo.processInfo.environment
private let count = settings["CHANCERY_HOSTILE_FILES"].flatMap { Int($0) } ?? 150
private let seed = settings["CHANCERY_HOSTILE_SEED"].flatMap { Int($0) } ?? 1

/// Until a file is answered: its limits are 30 s for each helper, 200 s for pictures of pages.
private let longestAnswer = Duration.seconds(280)
/// Until a neighbour's paper is registered.
private let longestWait = Duration.seconds(20)
private let longestHealth = Duration.seconds(5)
/// Bytes.
private let memory = 4 << 30
private let memoryWithChildren = 6 << 30

/// What came of a file.
private struct Outcome: Sendable {
  var file: HostileFile
  var time: Duration
  var result: Result<SubmitReply, CallError>

  /// "document", or the reason without numbers.
  var kind: String {
    switch result {
    case .success(let reply): reply.documentID.isEmpty ? "archive" : "document"
    case .failure(let error): "\(error.code.name): " + error.message.prefix(100).replacing(#/[0-9]+/#, with: "N")
    }
  }
}

/// What goes on beside the hostile files, until it is over.
private final class Beside: Sendable {
  let isOver = Atomic(false)
  private let deployment: Deployment
  private let process: Int32
  private let port: Int

  init(deployment: Deployment, process: Process, port: Int) {
    self.deployment = deployment
    self.process = process.processIdentifier
    self.port = port
  }

  private var goesOn: Bool { !isOver.load(ordering: .relaxed) }

  func watch() async throws -> ProcessFigures {
    var figures = ProcessFigures()
    while goesOn {
      figures.look(at: process)
      try await Task.sleep(for: .milliseconds(20))
    }
    return figures
  }

  /// Another office, which submits its papers one after the other; how long each took.
  func submit() async throws -> [Duration] {
    let client = try deployment.client("operator", ingest: port)
    let pdf = [UInt8](try Data(contentsOf: root.appending(path: "Tests/Files/letter.pdf")))
    var waits: [Duration] = []
    while goesOn {
      let number = waits.count
      let text = Array("Statement number \(number).\n\nThe delegation has the honour to say so.\n".utf8)
      // Bytes after a PDF's end make it another paper.
      let (bytes, name) = number % 4 == 3 ? (pdf + Array("\n% \(number)\n".utf8), "\(number).pdf") : (text, "\(number).txt")
      let start = ContinuousClock.now
      _ = try await client.submit(bytes: bytes, fileName: name)
      waits.append(ContinuousClock.now - start)
      try await Task.sleep(for: .milliseconds(100))
    }
    await client.close()
    return waits
  }

  func askHealth() async throws -> [Duration] {
    let client = try deployment.client("reader", ingest: port)
    var times: [Duration] = []
    while goesOn {
      let start = ContinuousClock.now
      let reply = try await client.health(Endpoint(host: "127.0.0.1", port: port))
      #expect(reply.ready)
      times.append(ContinuousClock.now - start)
      try await Task.sleep(for: .milliseconds(100))
    }
    await client.close()
    return times
  }
}

private func seconds(_ time: Duration) -> Double { Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18 }

@Test(.timeLimit(.minutes(120))) func `hostile files end in a document or a clear refusal while neighbours are served`() async throws {
  let deployment = try Deployment()
  let forbidden = deployment.folder.appending(path: "forbidden")
  let folder = deployment.folder.appending(path: "hostile")
  for place in [forbidden, folder] { try FileManager.default.createDirectory(at: place, withIntermediateDirectories: false) }
  let secret = "canary\(UInt64.random(in: 0...(.max)))"
  try secret.write(to: forbidden.appending(path: "secret.txt"), atomically: false, encoding: .utf8)
  let listener = try ForbiddenPort()
  let files = try HostileFile.make(count, seed: seed, in: folder, forbidden: forbidden, port: listener.number)
  #expect(files.count >= count)

  let (process, port) = try deployment.start("ingest")
  let endpoint = Endpoint(host: "127.0.0.1", port: port)
  let beside = Beside(deployment: deployment, process: process, port: port)
  async let figures = beside.watch()
  async let waits = beside.submit()
  async let health = beside.askHealth()

  let client = try deployment.client("submitter", ingest: port)
  let start = ContinuousClock.now
  let outcomes = try await withThrowingTaskGroup(of: Outcome.self) { group in
    var left = files[...]
    func next() {
      guard let file = left.popFirst() else { return }
      group.addTask {
        let bytes = [UInt8](try Data(contentsOf: folder.appending(path: file.file)))
        let start = ContinuousClock.now
        let result: Result<SubmitReply, CallError>
        do throws(CallError) {
          result = .success(try await client.submit(bytes: bytes, fileName: file.file, mediaType: file.media, distribution: "general"))
        } catch { result = .failure(error) }
        let outcome = Outcome(file: file, time: ContinuousClock.now - start, result: result)
        if settings["CHANCERY_HOSTILE_FILES"] != nil { print(file.file, seconds(outcome.time), outcome.kind) }
        return outcome
      }
    }
    for _ in 0..<6 { next() }
    var outcomes: [Outcome] = []
    for try await outcome in group {
      outcomes.append(outcome)
      next()
    }
    return outcomes
  }
  let time = ContinuousClock.now - start
  await client.close()
  beside.isOver.store(true, ordering: .relaxed)

  for outcome in outcomes { check(outcome, secret) }
  let waited = try await waits
  let healthy = try await health
  let used = try await figures
  #expect(!waited.isEmpty && waited.allSatisfy { $0 < longestWait }, "a neighbour waited \(waited.max() ?? .zero)")
  #expect(!healthy.isEmpty && healthy.allSatisfy { $0 < longestHealth }, "health was told after \(healthy.max() ?? .zero)")
  #expect(used.peak < memory && used.peakWithChildren < memoryWithChildren)
  #expect(ProcessFigures.children(of: process.processIdentifier).isEmpty)
  // Where helpers work, and where files arrive.
  for place in ["reading", "objects/.tmp"] {
    #expect(try FileManager.default.contentsOfDirectory(atPath: deployment.path("data-ingest/\(place)")).isEmpty, "\(place)")
  }
  #expect(try FileManager.default.contentsOfDirectory(atPath: forbidden.path) == ["secret.txt"])
  for name in try FileManager.default.contentsOfDirectory(atPath: deployment.path("data-ingest/journal")) {
    let bytes = try Data(contentsOf: URL(filePath: deployment.path("data-ingest/journal/\(name)")))
    #expect(bytes.firstRange(of: Data(secret.utf8)) == nil, "a document quotes a file outside")
  }
  let wasCalled = listener.wasCalled
  #expect(!wasCalled)
  let judge = try deployment.client("operator", ingest: port)
  let verified = try await judge.verify(endpoint)
  #expect(verified.clean && verified.checked >= waited.count, "\(verified.problems.prefix(5))")
  #expect(try await judge.health(endpoint).ready)
  await judge.close()
  summarise(outcomes, time, waited, healthy, used)
  withExtendedLifetime(deployment) {}
}

private func check(_ outcome: Outcome, _ secret: String) {
  let name = outcome.file.file
  #expect(outcome.time < longestAnswer, "\(name)")
  var reasons: [String] = []
  switch outcome.result {
  case .success(let reply):
    #expect(outcome.file.expect != "refused", "\(name) was read")
    reasons = reply.members.map(\.refusal).filter { !$0.isEmpty } + reply.notes
    #expect(!"\(reply)".contains(secret))
  case .failure(let error):
    #expect(outcome.file.expect != "read", "\(name): \(error)")
    #expect(error.code == .invalid || error.code == .tooLarge, "\(name): \(error)")
    reasons = [error.message]
  }
  for reason in reasons {
    let isReadable = reason.count > 10 && !reason.contains(secret) && reason.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" }
    #expect(isReadable, "\(name): \(reason)")
  }
}

private func summarise(_ outcomes: [Outcome], _ time: Duration, _ waited: [Duration], _ healthy: [Duration], _ used: ProcessFigures) {
  guard settings["CHANCERY_HOSTILE_FILES"] != nil else { return }
  print("seed \(seed): \(outcomes.count) files in \(time)")
  for (kind, same) in Dictionary(grouping: outcomes, by: \.kind).sorted(by: { $0.value.count > $1.value.count }) { print(same.count, kind) }
  for outcome in outcomes.sorted(by: { $0.time > $1.time }).prefix(20) { print(seconds(outcome.time), outcome.file.file, outcome.kind) }
  for (name, times) in [("papers", waited.sorted()), ("health", healthy.sorted())] where !times.isEmpty {
    print("neighbours' \(name): \(times.count), median \(seconds(times[times.count / 2])), longest \(seconds(times[times.count - 1])) s")
  }
  print("memory: \(used.peak >> 20) MiB, with children \(used.peakWithChildren >> 20) MiB; children at most \(used.mostChildren)")
}
