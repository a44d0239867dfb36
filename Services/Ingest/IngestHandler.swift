import ChanceryClient
import Documents
import Logging
import Operations
import Platform
import Reading
import Store
import Synchronization
import Transport
import Wire

/// Answers the methods of the ingest service.
final class IngestHandler: RequestHandler {
  let journal: Journal
  let originals: DirectoryStore
  let registry: Mutex<Registry>
  let reader: Reader
  let locks = KeyedLock()
  let readers: Gate
  /// For submissions that hold many files in memory, each for as long as it takes: one of an office, and one of another beside it.
  let holders = Gate(2, share: 1)
  let logger: Logger
  private let readiness: Readiness

  /// Replays the journal into the registry. Throws when an entry cannot be read.
  init(journal: Journal, originals: DirectoryStore, reader: Reader, readers: Int, readiness: Readiness, logger: Logger)
    async throws
  {
    self.readiness = readiness
    self.journal = journal
    self.originals = originals
    self.reader = reader
    // One is left for others while one office's files take long.
    self.readers = Gate(readers, share: max(1, readers - 1))
    self.logger = logger
    var registry = Registry()
    var after: UInt64 = 0
    let most = ReaderConfiguration().paragraphs
    while after < journal.last {
      for (sequence, payload) in try await journal.read(after: after) {
        let entry = try Self.entry(sequence, payload)
        if let count = entry.document?.paragraphs.count, count > most {
          logger.notice(
            "a document has more paragraphs than one may have now; it is served as it is",
            metadata: ["sequence": "\(sequence)", "paragraphs": "\(count)"])
        }
        registry.apply(entry)
        after = sequence
      }
    }
    self.registry = Mutex(registry)
  }

  /// The journal's payloads are entries without their sequence number, which the journal itself keeps.
  private static func entry(_ sequence: UInt64, _ payload: [UInt8]) throws(CallError) -> JournalEntry {
    do {
      var entry = try JournalEntry(decoding: payload)
      entry.sequence = sequence
      return entry
    } catch { throw CallError(.internal, "journal entry \(sequence) cannot be decoded: \(error)") }
  }

  func answer(_ request: IncomingRequest, from peer: PeerIdentity, into reply: inout FieldWriter) throws(CallError) -> Bool {
    readiness.answer(request, service: "ingest", into: &reply)
  }

  func handle(_ call: ServerCall) async throws(CallError) {
    switch call.method {
    case .submit: try await submit(call)
    case .getOriginal: try await getOriginal(call)
    case .readJournal: try await readJournal(call)
    case .delete: try await delete(call)
    case .amend: try await amend(call)
    case .status: call.reply(status(for: call.peer.clearance))
    case .verify: call.reply(await verify())
    default: throw CallError(.unimplemented, "the ingest service has no method \(call.method.name)", processed: .no)
    }
  }

  // MARK: Submit

  private func submit(_ call: ServerCall) async throws(CallError) {
    let request = try SubmitRequest(request: call.body)
    guard request.distribution.isEmpty || DistributionClass(name: request.distribution) != nil else {
      let names = DistributionClass.allCases.map(\.name).joined(separator: ", ")
      throw CallError(.invalid, "\(request.distribution) is no distribution; they are \(names)", processed: .no)
    }
    try Spool.check(request.size)
    var spool = try Spool(originals.newTemporaryPath())
    let path = spool.path
    defer { try? Directory.remove(path) }
    for try await chunk in call.incoming { try spool.append(chunk) }
    let size = spool.size
    guard size > 0 else { throw CallError(.invalid, "the file is empty: there is nothing to register", processed: .no) }
    guard request.size == 0 || request.size == size else {
      throw CallError(
        .invalid, "\(size) bytes came where \(request.size) were announced: the file was cut off; send it again", processed: .no)
    }
    let sha256 = try spool.finish()
    guard request.sha256.isEmpty || request.sha256 == sha256 else {
      throw CallError(
        .invalid, "the bytes received do not have the SHA-256 that was stated; send the file again", processed: .no)
    }
    let key = call.idempotencyKey
    let reply = try await locks.run(key.isEmpty ? sha256 : Array("key:\(key)".utf8)) { () async throws(CallError) in
      if let other = registry.withLock({ $0.original(key: key, now: unixMilliseconds()) }), other != sha256 {
        throw CallError(
          .conflict,
          "this idempotency key was used for other bytes, with SHA-256 \(hexadecimal(other)); give each submission a key of its own",
          processed: .no)
      }
      if key.isEmpty { return try await register(call, request, path: path, sha256: sha256, size: size) }
      return try await locks.run(sha256) { () async throws(CallError) in
        try await register(call, request, path: path, sha256: sha256, size: size)
      }
    }
    call.reply(reply.fitting)
  }

  private func register(
    _ call: ServerCall, _ request: SubmitRequest, path: String, sha256: [UInt8], size: UInt64
  ) async throws(CallError) -> SubmitReply {
    let arrival = Arrival(
      path: path, sha256: sha256, size: size, mediaType: request.mediaType, fileName: request.fileName, symbol: request.symbol,
      metadata: request.metadata, distribution: request.distribution)
    let holdsMuch: Bool
    do throws(ReadingError) { holdsMuch = try reader.holdsMuch(arrival.original) } catch { throw CallError(reading: error) }
    func register() async throws(CallError) -> SubmitReply {
      var holding = Holding(call: call)
      return try await self.register(arrival, &holding)
    }
    guard holdsMuch else { return try await register() }
    return try await holders.run(for: call.peer.name) { () async throws(CallError) in try await register() }
  }

  /// Registers a file and those in it. Throws `CallError` when the file itself is refused.
  func register(_ arrival: Arrival, _ holding: inout Holding) async throws(CallError) -> SubmitReply {
    if let known = registry.withLock({ $0.registration(arrival.sha256) }) {
      // What a mail brought with it was registered with it, but for what was refused or cut off then.
      var reply = SubmitReply(
        documentID: known.documentID, sha256: arrival.sha256, sequence: known.sequence, duplicate: true, version: known.version,
        symbols: known.symbols, kind: known.kind, paragraphs: known.paragraphs)
      if known.mediaType == Self.mail {
        let read = try await read(arrival, holding.call)
        reply.members = await register(read.attachments, of: arrival, &holding)
      }
      return reply
    }
    if let members = try await unpack(arrival, holding.call) {
      let replies = await register(members, of: arrival, &holding)
      guard let last = replies.filter({ $0.refusal.isEmpty }).map(\.sequence).max() else {
        let reason = replies.first.map { "; \($0.fileName): \($0.refusal)" } ?? ""
        throw CallError(
          .invalid, "none of the \(replies.count) files in the archive can be registered\(reason.prefix(400))", processed: .no)
      }
      return SubmitReply(
        sha256: arrival.sha256, sequence: last, duplicate: replies.allSatisfy { $0.duplicate || !$0.refusal.isEmpty }, members: replies)
    }
    let result = try await read(arrival, holding.call)
    var reply = try await register(result, arrival, holding.call)
    // The message first: what it brought with it names it.
    reply.members = await register(result.attachments, of: arrival, &holding)
    return reply
  }

  private static let mail = "message/rfc822"

  private func unpack(_ arrival: Arrival, _ call: ServerCall) async throws(CallError) -> [Member]? {
    // Most files hold none: they need not wait for their turn twice.
    do throws(ReadingError) { guard try reader.mayHoldFiles(arrival.original) else { return nil } } catch {
      throw CallError(reading: error)
    }
    return try await reading(for: call) { () async throws(ReadingError) in try await reader.unpack(arrival.original) }
  }

  private func read(_ arrival: Arrival, _ call: ServerCall) async throws(CallError) -> ReadingResult {
    try await call.span("read") { () async throws(CallError) in
      try await reading(for: call) { () async throws(ReadingError) in try await reader.read(arrival.original) }
    }
  }

  /// Reads when the caller's turn has come, beside what the service's own threads do.
  private func reading<R: Sendable>(
    for call: ServerCall, _ body: @Sendable () async throws(ReadingError) -> R
  ) async throws(CallError) -> R {
    try await readers.run(for: call.peer.name) { () async throws(CallError) in
      do throws(ReadingError) {
        return try await onOwnThread { () async throws(ReadingError) in try await body() }
      } catch { throw CallError(reading: error) }
    }
  }

  /// Makes a document durable, its original first.
  private func register(_ result: ReadingResult, _ arrival: Arrival, _ call: ServerCall) async throws(CallError) -> SubmitReply {
    var document = result.document.message
    document.state(arrival.distribution)
    _ = try Self.payload(of: JournalEntry(kind: JournalKind.document.rawValue, document: document, documentID: document.id))
    let name = Self.objectName(arrival.sha256)
    let originals = originals
    do throws(StoreError) { _ = try await offload { () throws(StoreError) in try originals.adopt(arrival.path, as: name) } } catch {
      throw CallError(storing: error)
    }
    let key = arrival.isMember ? "" : call.idempotencyKey
    let (entry, amendments) = try await call.span("journal") { [document] () async throws(CallError) in
      guard let symbol = document.symbols.first else { return try await append(document: document, key: key, of: call) }
      // Which document it belongs to holds until it is registered: two papers of one symbol that come at once do not both take it for a new one.
      return try await locks.run(Array("symbol:\(symbol)".utf8)) { () async throws(CallError) in
        try await append(document: document, key: key, of: call)
      }
    }
    document.id = entry.documentID
    logger.info(
      "registered", metadata: ["document": "\(hexadecimal(document.id))", "sequence": "\(entry.sequence)", "bytes": "\(arrival.size)"])
    var notes = result.notes.map(\.description) + amendments
    if document.isUnclassed {
      notes.append("distribution: not known, so that only callers cleared for everything find it; say which when you submit it")
    }
    return SubmitReply(
      documentID: document.id, sha256: arrival.sha256, sequence: entry.sequence, version: entry.version, symbols: document.symbols,
      kind: document.kind, paragraphs: UInt32(document.paragraphs.count), notes: notes)
  }

  /// Registers a version under the id that it belongs to.
  private func append(document: DocumentMessage, key: String, of call: ServerCall) async throws(CallError) -> (
    JournalEntry, notes: [String]
  ) {
    var document = document
    document.id = registry.withLock { $0.id(of: document) }
    return try await locks.run(document.id) { [document] () async throws(CallError) in
      try await append(version: document, key: key, of: call)
    }
  }

  /// Registers a version, with the corrections that hold for the document, of which it gives notes.
  private func append(version document: DocumentMessage, key: String, of call: ServerCall) async throws(CallError) -> (
    JournalEntry, notes: [String]
  ) {
    var document = document
    var notes: [String] = []
    let newest = registry.withLock { $0.newest(document.id) }
    if let newest, let previous = try await registered(newest.sequence), !previous.amendments.isEmpty {
      notes = document.takeLayer(of: previous)
    }
    // It must not make the document one without a language, whose place the next paper in any language would take.
    let language = registry.withLock { $0.language(document.id) }
    if document.language.isEmpty, !language.isEmpty {
      document.language = language
      notes.append("language: not recognised; \(language), as the version before")
    }
    let version = registry.withLock { $0.nextVersion(document.id) }
    let entry = try await append(
      JournalEntry(
        kind: JournalKind.document.rawValue, timeMs: unixMilliseconds(), document: document, documentID: document.id, version: version,
        idempotencyKey: key, traceParent: call.trace?.bytes ?? [], who: call.peer.name))
    return (entry, notes)
  }

  /// The document of a journal entry.
  private func registered(_ sequence: UInt64) async throws(CallError) -> DocumentMessage? {
    let page: [(sequence: UInt64, payload: [UInt8])]
    do throws(StoreError) { page = try await journal.read(after: sequence - 1, byteLimit: 1) } catch { throw CallError(storing: error) }
    guard let first = page.first, first.sequence == sequence else { return nil }
    return try Self.entry(sequence, first.payload).document
  }

  /// Bytes of an entry, at most: what follows the journal takes no longer one.
  private static let longestEntry = 60 << 20

  /// An entry's bytes. Throws `tooLarge` when they could not be read again, as when a paper cites more than a message may have elements: an entry like that
  /// would keep this service from starting, and those that follow the journal from going on.
  private static func payload(of entry: JournalEntry) throws(CallError) -> [UInt8] {
    let bytes = entry.encoded
    do throws(CodecError) {
      guard bytes.count <= longestEntry else { throw CodecError(.tooLong, offset: bytes.count) }
      _ = try JournalEntry(decoding: bytes)
    } catch {
      throw CallError(
        .tooLarge, "what was read of the file is too much for one document (\(error.reason.rawValue)); split it", processed: .no)
    }
    return bytes
  }

  /// Makes an entry durable, then known.
  private func append(_ entry: JournalEntry) async throws(CallError) -> JournalEntry {
    var entry = entry
    let payload = try Self.payload(of: entry)
    do throws(StoreError) { entry.sequence = try await journal.append(payload) } catch { throw CallError(storing: error) }
    registry.withLock { $0.apply(entry) }
    return entry
  }

  private static func objectName(_ sha256: [UInt8]) -> String {
    let digest = hexadecimal(sha256)
    return "originals/\(digest.prefix(2))/\(digest)"
  }

  // MARK: Originals, journal, deletion

  private func getOriginal(_ call: ServerCall) async throws(CallError) {
    let request = try GetOriginalRequest(request: call.body)
    guard request.sha256.count == SHA256.length,
      let known = registry.withLock({ $0.registration(request.sha256, for: call.peer.clearance) })
    else {
      throw CallError(.notFound, "no original with this SHA-256 is registered", processed: .no)
    }
    let name = Self.objectName(request.sha256)
    let size: UInt64
    do throws(StoreError) { size = try await originals.size(name) } catch { throw CallError(storing: error) }
    call.reply(GetOriginalReply(size: size, mediaType: known.mediaType, fileName: known.fileName), last: false)
    try await call.send(0..<size, of: name, in: originals)
    call.finish()
  }

  private func readJournal(_ call: ServerCall) async throws(CallError) {
    let request = try ReadJournalRequest(request: call.body)
    call.reply(ReadJournalReply(last: journal.last, journalID: hexadecimal(journal.id)), last: false)
    var after = request.after
    for await last in journal.watch() {
      while after < last {
        let page: [(sequence: UInt64, payload: [UInt8])]
        do throws(StoreError) { page = try await journal.read(after: after) } catch { throw CallError(storing: error) }
        for (sequence, payload) in page {
          try await call.send(delimited(try Self.entry(sequence, payload)))
          after = sequence
          if request.limit > 0 && sequence - request.after >= UInt64(request.limit) { return call.finish() }
        }
      }
      if !request.follow { return call.finish() }
    }
  }

  private func delete(_ call: ServerCall) async throws(CallError) {
    let request = try DeleteRequest(request: call.body)
    let id = try documentID(request.documentID, request.symbol, request.language, for: call.peer)
    let reply = try await locks.run(id) { () async throws(CallError) in
      guard registry.withLock({ $0.isLive(id, for: call.peer.clearance) }) else { return DeleteReply(sequence: 0, existed: false) }
      let entry = try await append(
        JournalEntry(
          kind: JournalKind.deletion.rawValue, timeMs: unixMilliseconds(), documentID: id, who: call.peer.name, why: request.why))
      return DeleteReply(sequence: entry.sequence, existed: true)
    }
    logger.notice("deleted", metadata: ["document": "\(hexadecimal(id))", "sequence": "\(reply.sequence)"])
    call.reply(reply)
  }

  /// The document that a caller names by id, or by symbol and language. Throws `notFound` for a symbol that none open to the caller has, and `conflict` for
  /// one that several have.
  private func documentID(
    _ id: [UInt8], _ symbol: String, _ language: String, for peer: PeerIdentity
  ) throws(CallError) -> [UInt8] {
    if !id.isEmpty { return id }
    let symbol = Symbol(symbol)?.text ?? symbol
    let wanted = language.isEmpty ? nil : language.lowercased() == "und" ? "" : language.lowercased()
    let found = registry.withLock { $0.documents(symbol: symbol, language: wanted, for: peer.clearance) }
    guard let first = found.first else {
      let place = language.isEmpty ? "" : " in \(language)"
      throw CallError(.notFound, "no document \(symbol)\(place) is registered", processed: .no)
    }
    if found.count == 1 { return first.id }
    let languages = Set(found.map { $0.language.isEmpty ? "und" : $0.language }).sorted().joined(separator: ", ")
    throw CallError(
      .conflict,
      "\(symbol) is the symbol of \(found.count) documents, in \(languages) (und: not known); say the language, or the id of one",
      processed: .no, details: [ErrorDetail(key: "languages", value: languages)])
  }

  private func amend(_ call: ServerCall) async throws(CallError) {
    let request = try AmendRequest(request: call.body)
    guard (1...1000).contains(request.why.utf8.count) else {
      throw CallError(.invalid, "why: a reason of 1 to 1000 bytes is needed, it stands in the document's history", processed: .no)
    }
    let id = try documentID(request.documentID, request.symbol, request.language, for: call.peer)
    let reply = try await locks.run(id) { () async throws(CallError) in
      guard registry.withLock({ $0.isLive(id, for: call.peer.clearance) }), let newest = registry.withLock({ $0.newest(id) }),
        var document = try await registered(newest.sequence)
      else {
        throw CallError(.notFound, "no document \(request.symbol.isEmpty ? hexadecimal(id) : request.symbol) is registered", processed: .no)
      }
      let now = unixMilliseconds()
      let (made, kept) = try document.amend(request.fields, why: request.why, who: call.peer.name, timeMs: now)
      if made.isEmpty { return AmendReply(documentID: id, kept: kept) }
      let entry = try await append(
        JournalEntry(
          kind: JournalKind.document.rawValue, timeMs: now, document: document, documentID: id, version: newest.version,
          traceParent: call.trace?.bytes ?? [], who: call.peer.name, why: request.why))
      return AmendReply(sequence: entry.sequence, documentID: id, made: made, kept: kept)
    }
    logger.notice("amended", metadata: ["document": "\(hexadecimal(id))", "sequence": "\(reply.sequence)", "by": "\(call.peer.name)"])
    call.reply(reply)
  }

  // MARK: Status and verification

  private func status(for clearance: DistributionClass) -> StatusReply {
    guard clearance.seesEverything else { return StatusReply(service: "ingest", version: softwareVersion) }
    let (documents, originals) = registry.withLock { ($0.documentCount, $0.originalCount) }
    return StatusReply(
      service: "ingest", version: softwareVersion,
      figures: [
        Figure(name: "documents", value: "\(documents)"), Figure(name: "originals", value: "\(originals)"),
        Figure(name: "journal entries", value: "\(journal.last)"), Figure(name: "journal", value: "\(journal.bytes)", unit: "bytes"),
        Figure(name: "helper protection", value: ChildProcess.protection),
      ])
  }

  /// Reads every journal entry and every original it names, and compares the originals' SHA-256.
  private func verify() async -> VerifyReply {
    var problems = await journal.verify()
    var checked: UInt64 = 0
    var after: UInt64 = 0
    let end = journal.last
    while after < end {
      guard let page = try? await journal.read(after: after), !page.isEmpty else { break }
      for (sequence, payload) in page {
        after = sequence
        checked += 1
        guard let entry = try? Self.entry(sequence, payload) else {
          problems.append("journal entry \(sequence) cannot be decoded")
          continue
        }
        guard let sha256 = entry.document?.originalSHA256 else { continue }
        let name = Self.objectName(sha256)
        guard let bytes = try? await originals.get(name, nil) else {
          problems.append("original \(name) of entry \(sequence) cannot be read")
          continue
        }
        if SHA256.hash(bytes) != sha256 { problems.append("original \(name) does not have its SHA-256") }
      }
    }
    return VerifyReply(clean: problems.isEmpty, checked: checked, problems: problems)
  }
}

extension DocumentMessage {
  /// Whether it has the highest class only because its distribution is not known.
  fileprivate var isUnclassed: Bool {
    DistributionClass(distribution: distribution) == .strictlyConfidential && distribution != DistributionClass.strictlyConfidential.printed
  }

  /// Takes the distribution that the submitter states when the text states none, or a less strict one.
  fileprivate mutating func state(_ stated: String) {
    guard let given = DistributionClass(name: stated) else { return }
    if distribution.isEmpty || DistributionClass(distribution: distribution) < given { distribution = given.printed }
  }
}

extension CallError {
  /// What a submitter is told when a file cannot be read.
  fileprivate init(reading error: ReadingError) {
    let code: ErrorCode = error.isTooLarge ? .tooLarge : error.isRetryable || error.isHelperFault ? .unavailable : .invalid
    self.init(code, error.description, retryable: error.isRetryable, processed: .no)
  }
}
