import Operations
import Platform
import Synchronization
import Wire

/// What became of every document so far.
final class Tally: Sendable {
  /// Reasons that the summary tells, at most.
  static let maximumReasons = 20

  private struct State {
    var progress: Progress
    var new = 0
    var versions = 0
    var duplicates = 0
    var bytes: UInt64 = 0
    var reasons: [(text: String, example: String, count: Int)] = []
    var refused = 0
    var notes = 0
  }
  private let state: Mutex<State>
  private let json: Bool

  init(progress: Progress, json: Bool) {
    state = Mutex(State(progress: progress))
    self.json = json
  }

  var refusals: Int { state.withLock { $0.refused } }

  func registered(_ submission: Submission, _ reply: SubmitReply) {
    for (name, reply) in reply.all(named: submission.name) {
      if !reply.refusal.isEmpty {
        refused(name, reply.refusal, bytes: nil)
        continue
      }
      if json { emit([.init("file", .string(name))] + reply.jsonFields) }
      state.withLock { state in
        if reply.duplicate { state.duplicates += 1 } else if reply.version > 1 { state.versions += 1 } else { state.new += 1 }
        if !reply.notes.isEmpty { state.notes += 1 }
      }
    }
    state.withLock { state in
      state.bytes += submission.bytes
      writeToStandardError(state.progress.advance(bytes: submission.bytes))
    }
  }

  /// `bytes`: what the submission adds to the progress; nil for a file in one, which adds nothing.
  func refused(_ name: String, _ reason: String, bytes: UInt64?) {
    if json { emit([.init("file", .string(name)), .init("refused", .string(reason))]) }
    state.withLock { state in
      state.refused += 1
      if let place = state.reasons.firstIndex(where: { $0.text == reason }) {
        state.reasons[place].count += 1
      } else if state.reasons.count < Self.maximumReasons {
        state.reasons.append((reason, name, 1))
      }
      let line = json ? "" : state.progress.clearing + "refused: \(oneLine(name, limit: 200)): \(oneLine(reason, limit: 500))\n"
      writeToStandardError(line + (bytes.map { state.progress.advance(bytes: $0) } ?? ""))
    }
  }

  /// A line for the person, above the progress.
  func note(_ text: String) { state.withLock { writeToStandardError($0.progress.clearing + text + "\n") } }

  /// Prints the summary.
  func finish(interrupted: Bool) {
    state.withLock { state in
      let seconds = state.progress.seconds
      let all = state.new + state.versions + state.duplicates
      if json {
        return emit([
          .init(
            "summary",
            .object([
              .init("registered", .number(state.new)), .init("new_versions", .number(state.versions)),
              .init("duplicates", .number(state.duplicates)),
              .init("refused", .number(state.refused)), .init("bytes", .number(state.bytes)), .init("seconds", .number(seconds)),
              .init("interrupted", .bool(interrupted)),
            ]))
        ])
      }
      var out = state.progress.clearing
      out += "\(state.new) registered, \(state.versions) new versions, \(state.duplicates) duplicates, \(state.refused) refused"
      let rate = seconds > 0 ? " (\(Int((Double(all) / seconds).rounded()))/s, \(amount(Double(state.bytes) / seconds))/s)" : ""
      out += " in \(duration(seconds))\(rate)\n"
      if state.notes > 0 { out += "of \(state.notes) not every field could be read; `--json` says which\n" }
      for reason in state.reasons {
        out += "  \(padded("\(reason.count)", 6)) refused: \(oneLine(reason.text, limit: 500)) (\(oneLine(reason.example, limit: 200)))\n"
      }
      let others = state.refused - state.reasons.reduce(0) { $0 + $1.count }
      if others > 0 { out += "  \(padded("\(others)", 6)) refused for other reasons, told above\n" }
      if interrupted { out += "interrupted; the same command goes on where it stopped\n" }
      writeToStandardError(out)
    }
  }

  /// One JSON object on a line of standard output. A reader that has gone is no reason to stop registering.
  private func emit(_ members: [JSON.Member]) { try? writeToStandardOutput((JSON.object(members).text + "\n").utf8) }
}
