import Platform
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
    var isDeleted: Bool
  }

  private var originals: [[UInt8]: Registration] = [:]
  private var documents: [[UInt8]: Latest] = [:]
  private var bySymbol: [String: [UInt8]] = [:]
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
      for symbol in documents[document.id]?.symbols ?? [] where bySymbol[symbol] == document.id { bySymbol[symbol] = nil }
      documents[document.id] = Latest(
        version: entry.version, sequence: entry.sequence, original: document.originalSHA256, distribution: distribution,
        symbols: document.symbols, isDeleted: false)
      for symbol in document.symbols { bySymbol[symbol] = document.id }
      remember(entry, document.originalSHA256)
    case JournalKind.deletion.rawValue:
      guard let latest = documents[entry.documentID] else { return }
      documents[entry.documentID]?.isDeleted = true
      // The same bytes may be sent again after a deletion: they are then registered anew.
      originals[latest.original] = nil
    default: return
    }
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
  func registration(_ sha256: [UInt8]) -> Registration? { originals[sha256] }

  /// What these bytes became, when both that version and the document's newest one are open to `clearance`.
  func registration(_ sha256: [UInt8], for clearance: DistributionClass) -> Registration? {
    guard let known = originals[sha256], known.distribution <= clearance, isOpen(known.documentID, to: clearance) else { return nil }
    return known
  }

  /// Whether the document's newest version, deleted or not, is open to `clearance`; a document that was never registered is.
  private func isOpen(_ documentID: [UInt8], to clearance: DistributionClass) -> Bool {
    documents[documentID].map { $0.distribution <= clearance } ?? true
  }

  /// The version number the next original under this document will have, from 1.
  func nextVersion(_ documentID: [UInt8]) -> UInt32 { (documents[documentID]?.version ?? 0) + 1 }

  /// The document that a symbol names, when it is open to `clearance`.
  func documentID(symbol: String, for clearance: DistributionClass) -> [UInt8]? {
    bySymbol[symbol].flatMap { isOpen($0, to: clearance) ? $0 : nil }
  }

  /// The journal entry of the document's newest version, and the version's number; nil when it was never registered, or was deleted.
  func newest(_ documentID: [UInt8]) -> (sequence: UInt64, version: UInt32)? {
    documents[documentID].flatMap { $0.isDeleted ? nil : ($0.sequence, $0.version) }
  }

  /// The id under which a paper is registered: that of the document whose first symbol it has. Before symbols are amended this is `document.id`, which is
  /// made of that symbol; after that it may be another document's, or `document.id` may belong to a document that lost the symbol.
  func id(of document: DocumentMessage) -> [UInt8] {
    guard let symbol = document.symbols.first else { return document.id }
    if let owner = bySymbol[symbol], documents[owner]?.symbols.first == symbol { return owner }
    guard let other = documents[document.id], other.symbols.first != symbol else { return document.id }
    return Array(document.originalSHA256.prefix(document.id.count))
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
