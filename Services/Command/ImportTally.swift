import Documents
import Operations
import Platform
import Synchronization
import Wire

/// What became of every record so far.
final class ImportTally: Sendable {
  /// Records of each sort that are told, at most; all of them are with `--json`.
  static let maximumTold = 20

  private struct State {
    var progress: Progress
    var amended = 0
    var alike = 0
    var fields = 0
    var kept = 0
    var missed = 0
    var failed = 0
    var told: [String: Int] = [:]
  }
  private let state: Mutex<State>
  private let json: Bool

  init(progress: Progress, json: Bool) {
    state = Mutex(State(progress: progress))
    self.json = json
  }

  /// Whether a record could not be taken over.
  var isIncomplete: Bool { state.withLock { $0.failed > 0 || $0.missed > 0 } }

  func taken(_ record: ImportRecord, _ reply: AmendReply) {
    if json {
      emit(
        record,
        [
          .init("amended", .array(reply.made.map { .string($0.field) })),
          .init("kept", .object(reply.kept.map { .init($0.field, .array($0.values.map { .string($0) })) })),
          .init("left_out", .array(record.leftOut.map { .string($0) })),
        ])
    }
    state.withLock { state in
      if reply.made.isEmpty { state.alike += 1 } else { state.amended += 1 }
      state.fields += reply.made.count
      state.kept += reply.kept.count
      for field in reply.kept {
        let own = AmendableField(name: field.field).flatMap { record.fields[$0] } ?? []
        tell(
          &state, "kept",
          "\(label(record)): \(field.field) stays \(oneLine(field.values.joined(separator: ", "), limit: 120)); the file has \(oneLine(own.joined(separator: ", "), limit: 120))"
        )
      }
      for reason in record.leftOut { tell(&state, "left out", "\(record.name): left out: \(oneLine(reason, limit: 300))") }
      advance(&state)
    }
  }

  /// No such paper is registered.
  func missing(_ record: ImportRecord) {
    if json { emit(record, [.init("missing", .bool(true))]) }
    state.withLock { state in
      state.missed += 1
      tell(&state, "missing", "\(label(record)): not registered")
      advance(&state)
    }
  }

  func failed(_ name: String, _ reason: String) {
    if json { emit(ImportRecord(name: name), [.init("failed", .string(reason))]) }
    state.withLock { state in
      state.failed += 1
      tell(&state, "failed", "\(name): \(oneLine(reason, limit: 500))")
      advance(&state)
    }
  }

  /// A line for the person, above the progress.
  func note(_ text: String) { state.withLock { writeToStandardError($0.progress.clearing + oneLine(text, limit: 1000) + "\n") } }

  /// Prints the summary.
  func finish(interrupted: Bool) {
    state.withLock { state in
      if json {
        return emit([
          .init(
            "summary",
            .object([
              .init("amended", .number(state.amended)), .init("fields", .number(state.fields)), .init("as_they_were", .number(state.alike)),
              .init("kept", .number(state.kept)), .init("missing", .number(state.missed)), .init("failed", .number(state.failed)),
              .init("seconds", .number(state.progress.seconds)), .init("interrupted", .bool(interrupted)),
            ]))
        ])
      }
      var out = state.progress.clearing
      for (sort, count) in state.told.sorted(by: { $0.key < $1.key }) where count > Self.maximumTold {
        out += "\(count - Self.maximumTold) more \(sort); --json tells all\n"
      }
      out += "\(state.fields) fields of \(state.amended) papers taken over, \(state.alike) papers as they were"
      if state.kept > 0 { out += ", \(state.kept) fields kept that differ (--replace takes the file's)" }
      if state.missed > 0 { out += ", \(state.missed) not registered" }
      if state.failed > 0 { out += ", \(state.failed) failed" }
      out += " in \(duration(state.progress.seconds))\n"
      if interrupted { out += "interrupted; the same command goes on where it stopped\n" }
      writeToStandardError(out)
    }
  }

  private func label(_ record: ImportRecord) -> String { record.symbol.map { "\(record.name) (\($0))" } ?? record.name }

  private func tell(_ state: inout State, _ sort: String, _ line: String) {
    state.told[sort, default: 0] += 1
    if !json, state.told[sort, default: 0] <= Self.maximumTold { writeToStandardError(state.progress.clearing + plain(line) + "\n") }
  }

  private func advance(_ state: inout State) { writeToStandardError(state.progress.advance(bytes: 0)) }

  private func emit(_ record: ImportRecord, _ members: [JSON.Member]) {
    emit([.init("record", .string(record.name)), .init("symbol", record.symbol.map { .string($0) } ?? .null)] + members)
  }

  /// One JSON object on a line of standard output. A reader that has gone is no reason to stop.
  private func emit(_ members: [JSON.Member]) { try? writeToStandardOutput((JSON.object(members).text + "\n").utf8) }
}
