import Documents
import Platform
import Reading
import Synchronization
import Wire

/// What one registered original became.
struct Registration: Sendable {
  var documentID: [UInt8]
  var sequence: UInt64
  var version: UInt32
  var symbols: [String]
  var kind: String
  var paragraphs: UInt32
  var mediaType: String
  var fileName: String
  var distribution: DistributionClass
}

/// Which originals and documents the journal holds; rebuilt from it at every start.
struct Registry: Sendable {
  /// A document's newest version.
  private struct Latest {
    var version: UInt32
    var sequence: UInt64
    var original: [UInt8]
    var distribution: DistributionClass
    var symbols: [String]
    /// ISO 639-1; empty = not known.
    var language: String
    var isDeleted: Bool
  }

  private var originals: [[UInt8]: Registration] = [:]
  private var documents: [[UInt8]: Latest] = [:]
  /// The documents that have each symbol, in the order in which they got it.
  private var bySymbol: [String: [[UInt8]]] = [:]
  /// Idempotency keys, each with its original and when it was used; and the keys by their time, the oldest first.
  private var keys: [String: (original: [UInt8], timeMs: UInt64)] = [:]
  private var keyOrder: [String] = []
  /// How long an idempotency key is remembered.
  static let keyMilliseconds: UInt64 = 24 * 3600 * 1000

  /// Documents that are registered and not deleted.
  var documentCount: Int { documents.values.reduce(0) { $0 + ($1.isDeleted ? 0 : 1) } }
  /// Originals ever registered.
  var originalCount: Int { originals.count }

  /// Takes in a journal entry, in the journal's order.
  mutating func apply(_ entry: JournalEntry) {
    switch entry.kind {
    case JournalKind.document.rawValue:
      guard let document = entry.document else { return }
      let distribution = DistributionClass(distribution: document.distribution)
      originals[document.originalSHA256] = Registration(
        documentID: document.id, sequence: entry.sequence, version: entry.version, symbols: document.symbols, kind: document.kind,
        paragraphs: UInt32(document.paragraphs.count), mediaType: document.mediaType, fileName: document.fileName,
        distribution: distribution)
      rename(document.id, from: documents[document.id]?.symbols ?? [], to: document.symbols)
      documents[document.id] = Latest(
        version: entry.version, sequence: entry.sequence, original: document.originalSHA256, distribution: distribution,
        symbols: document.symbols, language: document.language, isDeleted: false)
      remember(entry, document.originalSHA256)
    case JournalKind.deletion.rawValue:
      guard let latest = documents[entry.documentID] else { return }
      documents[entry.documentID]?.isDeleted = true
      // The same bytes may be sent again after a deletion: they are then registered anew.
      originals[latest.original] = nil
    default: return
    }
  }

  private mutating func rename(_ documentID: [UInt8], from old: [String], to new: [String]) {
    if old == new { return }
    for symbol in old {
      bySymbol[symbol]?.removeAll { $0 == documentID }
      if bySymbol[symbol]?.isEmpty == true { bySymbol[symbol] = nil }
    }
    for symbol in new where bySymbol[symbol]?.last != documentID { bySymbol[symbol, default: []].append(documentID) }
  }

  private mutating func remember(_ entry: JournalEntry, _ original: [UInt8]) {
    forgetKeys(now: entry.timeMs)
    if entry.idempotencyKey.isEmpty || keys[entry.idempotencyKey] != nil { return }
    keys[entry.idempotencyKey] = (original, entry.timeMs)
    keyOrder.append(entry.idempotencyKey)
  }

  /// Forgets the keys whose time is over.
  private mutating func forgetKeys(now: UInt64) {
    let kept = keyOrder.firstIndex { key in keys[key].map { $0.timeMs + Self.keyMilliseconds > now } ?? false } ?? keyOrder.count
    for key in keyOrder[..<kept] { keys[key] = nil }
    keyOrder.removeFirst(kept)
  }

  /// The original that was registered under an idempotency key that is still remembered. `now` in Unix milliseconds.
  mutating func original(key: String, now: UInt64) -> [UInt8]? {
    forgetKeys(now: now)
    return keys[key]?.original
  }

  /// What these bytes became; nil when they were never registered, or their document was deleted since.
  func registration(_ sha256: [UInt8]) -> Registration? {
    originals[sha256].flatMap { documents[$0.documentID]?.isDeleted == true ? nil : $0 }
  }

  /// What these bytes became, when both that version and the document's newest one are open to `clearance`.
  func registration(_ sha256: [UInt8], for clearance: DistributionClass) -> Registration? {
    guard let known = registration(sha256), known.distribution <= clearance, isOpen(known.documentID, to: clearance) else { return nil }
    return known
  }

  /// Whether the document's newest version, deleted or not, is open to `clearance`; a document that was never registered is.
  private func isOpen(_ documentID: [UInt8], to clearance: DistributionClass) -> Bool {
    documents[documentID].map { $0.distribution <= clearance } ?? true
  }

  /// The version number the next original under this document will have, from 1.
  func nextVersion(_ documentID: [UInt8]) -> UInt32 { (documents[documentID]?.version ?? 0) + 1 }

  /// The documents that have a symbol and are open to `clearance`, each with its language: those that are there or, when none is, those that were deleted.
  /// - Parameter language: only those in it, empty for one that is not known; nil = in any.
  func documents(
    symbol: String, language: String?, for clearance: DistributionClass
  ) -> [(id: [UInt8], language: String)] {
    let open = (bySymbol[symbol] ?? []).compactMap { id in
      documents[id].flatMap { $0.distribution <= clearance && (language ?? $0.language) == $0.language ? (id: id, latest: $0) : nil }
    }
    let live = open.filter { !$0.latest.isDeleted }
    return (live.isEmpty ? open : live).map { ($0.id, $0.latest.language) }
  }

  /// The language of the document's newest version, deleted or not; a version whose own is not known is in it too. Empty = not known.
  func language(_ documentID: [UInt8]) -> String { documents[documentID]?.language ?? "" }

  /// The journal entry of the document's newest version, and the version's number; nil when it was never registered, or was deleted.
  func newest(_ documentID: [UInt8]) -> (sequence: UInt64, version: UInt32)? {
    documents[documentID].flatMap { $0.isDeleted ? nil : ($0.sequence, $0.version) }
  }

  /// The id under which a paper is registered: that of the document of its first symbol in its language, whether or not that was deleted. Where one of the
  /// two languages is not known, it is taken for the same if there is no other choice: a paper goes with the document whose language is not known, and one
  /// whose own is not known with the only document of its symbol. Otherwise it is a new document; the ids it could have may be those of documents whose
  /// symbols or language changed.
  func id(of document: DocumentMessage) -> [UInt8] {
    guard let symbol = document.symbols.first else { return document.id }
    let named = (bySymbol[symbol] ?? []).filter { documents[$0]?.symbols.first == symbol }
    func last(in language: String) -> [UInt8]? { named.last { documents[$0]?.language == language } }
    if let same = last(in: document.language) ?? last(in: "") { return same }
    if document.language.isEmpty, named.count == 1 { return named[0] }
    let free = DocumentID.candidates(symbol: symbol, language: document.language).lazy.map(\.bytes).first { documents[$0] == nil }
    return free ?? Array(document.originalSHA256.prefix(DocumentID.length))
  }

  /// Whether the document is there, not deleted, and open to `clearance`.
  func isLive(_ documentID: [UInt8], for clearance: DistributionClass) -> Bool {
    documents[documentID].map { !$0.isDeleted && $0.distribution <= clearance } ?? false
  }
}

/// The kinds of journal entries, as docs/chancery.proto numbers them.
enum JournalKind: UInt32 {
  case document = 1
  case deletion = 2
}

/// Lets one task at a time through for each key.
final class KeyedLock: Sendable {
  private let waiting = Mutex<[[UInt8]: [CheckedContinuation<Void, Never>]]>([:])

  /// Runs `body` while no other task runs under `key`.
  func run<R, E: Error>(_ key: [UInt8], _ body: () async throws(E) -> R) async throws(E) -> R {
    await withCheckedContinuation { continuation in
      let free = waiting.withLock { waiting in
        if waiting[key] == nil {
          waiting[key] = []
          return true
        }
        waiting[key]?.append(continuation)
        return false
      }
      if free { continuation.resume() }
    }
    defer {
      let next = waiting.withLock { waiting -> CheckedContinuation<Void, Never>? in
        if waiting[key]?.isEmpty ?? true {
          waiting[key] = nil
          return nil
        }
        return waiting[key]?.removeFirst()
      }
      next?.resume()
    }
    return try await body()
  }
}
