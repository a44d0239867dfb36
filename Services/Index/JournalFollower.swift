import Logging
import Transport
import Wire

/// Reads the journal over the protocol, from one entry on and for ever, and hands its changes to the indexer. Connects anew whenever that
/// fails.
struct JournalFollower: Sendable {
  /// The longest journal entry that is taken, bytes: more than the journal itself keeps.
  private static let entryLimit = 80 << 20
  private static let firstPause = Duration.milliseconds(100)
  private static let longestPause = Duration.seconds(5)

  let client: Client
  /// The last entry that is not wanted any more.
  let after: UInt64
  let inbox: Inbox<IndexerEvent>
  let status: IndexStatus
  let logger: Logger

  /// Follows until the task is cancelled, or an entry comes that cannot be indexed, which is the inbox's last event then.
  func run() async {
    var after = after
    var pause = Self.firstPause
    while !Task.isCancelled {
      let start = after
      let reason: String
      do {
        try await follow(&after)
        reason = "the ingest service ended the journal's stream"
      } catch let error as CallError {
        reason = error.description
      } catch {
        return await inbox.send(.failed(error))
      }
      if Task.isCancelled { return }
      if status.setIngest(failure: reason) { logger.warning("ingest is not reached; trying on", metadata: ["reason": "\(reason)"]) }
      if after != start { pause = Self.firstPause }
      try? await Task.sleep(for: pause)
      pause = min(pause * 2, Self.longestPause)
    }
  }

  /// Follows one stream to its end. `after` is always the last entry handed on.
  private func follow(_ after: inout UInt64) async throws {
    let stream = try await client.open(.readJournal, body: ReadJournalRequest(after: after, follow: true).encoded)
    let reply = try ReadJournalReply(reply: try await stream.reply())
    await inbox.send(.connected(journal: reply.journalID, last: reply.last))
    status.journalReached(reply.last)
    if status.setIngest(failure: nil) { logger.info("following the journal", metadata: ["after": "\(after)", "last": "\(reply.last)"]) }
    var decoder = DelimitedDecoder<JournalEntry>(maxLength: Self.entryLimit)
    for try await piece in stream.incoming {
      decoder.push(piece)
      var changes: [Change] = []
      while let entry = try next(&decoder) { changes.append(try Change(entry)) }
      guard let last = changes.last?.sequence else { continue }
      await inbox.send(.changes(changes))
      after = last
      status.journalReached(last)
    }
  }

  /// A stream that cannot be decoded is given up like one that broke; the next begins after the last whole entry.
  private func next(_ decoder: inout DelimitedDecoder<JournalEntry>) throws(CallError) -> JournalEntry? {
    do throws(CodecError) { return try decoder.next() } catch {
      throw CallError(.internal, "the journal's stream cannot be decoded: \(error)")
    }
  }
}
