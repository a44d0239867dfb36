import ArgumentParser
import Operations
import Platform
import Wire

/// The flags of commands that make many calls.
struct RepeatingOptions: ParsableArguments {
  @Option(help: "How many are under way at once, 1 to 256.") var inFlight: Int = 8
  @Option(help: "Seconds to go on trying when a service does not answer or is overloaded.") var patience: Int = 120

  func validate() throws {
    guard (1...256).contains(inFlight) else { throw ValidationError("--in-flight is 1 to 256") }
    guard (0...86_400).contains(patience) else { throw ValidationError("--patience is 0 to 86400 seconds") }
  }

  func patience(until interruption: Interruption) -> Patience {
    Patience(nanoseconds: UInt64(patience) * 1_000_000_000, interruption: interruption)
  }
}

/// How long a call is repeated that failed and may yet succeed.
struct Patience: Sendable {
  let nanoseconds: UInt64
  let interruption: Interruption

  /// Throws the last error: one that no repetition mends, or any once the time is over or the person has had enough.
  func call<R>(_ body: () async throws(CallError) -> R) async throws(CallError) -> R {
    let deadline = monotonicNow() + nanoseconds
    var pause: UInt32 = 200
    while true {
      do throws(CallError) { return try await body() } catch {
        let wait = max(error.retryAfterMilliseconds, pause)
        guard error.retryable, !interruption.isRequested, monotonicNow() + UInt64(wait) * 1_000_000 < deadline,
          (try? await Task.sleep(for: .milliseconds(wait))) != nil
        else { throw error }
        pause = min(pause * 2, 5000)
      }
    }
  }
}

/// Keeps so many under way until there is no more, or the person has had enough.
func forEach<Element: Sendable>(
  inFlight: Int, until interruption: Interruption, next: () async throws -> Element?, _ body: @escaping @Sendable (Element) async -> Void
) async throws {
  try await withThrowingTaskGroup(of: Void.self) { group in
    var running = 0
    while !interruption.isRequested {
      if running == inFlight {
        try await group.next()
        running -= 1
      }
      guard let element = try await next() else { break }
      running += 1
      group.addTask { await body(element) }
    }
    try await group.waitForAll()
  }
}
