import Documents
import Engine
import Wire

/// A change to one document, as a journal entry tells it.
struct Change: Sendable {
  enum Kind: Sendable {
    /// The document's newest version, and the class of its distribution.
    case document(IndexedDocument, DistributionClass)
    case deletion
  }

  /// The entry's sequence number.
  let sequence: UInt64
  /// What made the entry, when that is traced.
  var trace: TraceContext?
  let id: DocumentID
  let kind: Kind
}

/// The changes that the next generation takes in: of several to one document only the last counts.
struct Batch: Sendable {
  /// A document that the next segment will hold.
  struct Addition: Sendable {
    let sequence: UInt64
    let document: IndexedDocument
    let distribution: DistributionClass

    /// About how many bytes of memory it takes while it waits.
    let bytes: Int

    init(sequence: UInt64, document: IndexedDocument, distribution: DistributionClass) {
      self.sequence = sequence
      self.document = document
      self.distribution = distribution
      // Each string has its bytes in memory of their own, with a header.
      let texts = document.texts.reduce(0) { $0 + $1.text.utf8.count + 96 }
      bytes = document.keywords.reduce(document.stored.count + texts + 512) { $0 + $1.value.utf8.count + 64 }
    }
  }

  /// The last entry taken in.
  private(set) var sequence: UInt64
  private var additions: [DocumentID: Addition] = [:]
  /// Every document that was changed: what older segments hold of these is deleted.
  private(set) var touched: Set<DocumentID> = []
  /// The spans that made entries, and when these came, monotonic milliseconds; no more than `tracedLimit`.
  private(set) var traced: [(TraceContext, since: UInt64)] = []
  private static let tracedLimit = 1000
  /// About how many bytes of memory the batch takes.
  private(set) var bytes = 0
  /// When the first and the last entry came, monotonic milliseconds; nil when none has.
  private(set) var span: ClosedRange<UInt64>?

  init(after sequence: UInt64) { self.sequence = sequence }

  var isEmpty: Bool { span == nil }

  /// The documents to be added, in the journal's order; those of each class are a segment of their own.
  var documents: [(distribution: DistributionClass, documents: [IndexedDocument])] {
    let inOrder = additions.values.sorted { $0.sequence < $1.sequence }
    return DistributionClass.allCases.compactMap { distribution in
      let documents = inOrder.filter { $0.distribution == distribution }.map(\.document)
      return documents.isEmpty ? nil : (distribution, documents)
    }
  }

  /// Takes in the next entry of the journal; one that is in already changes nothing. Throws `.gap`.
  mutating func take(_ change: Change, now: UInt64) throws(IndexError) {
    if change.sequence <= sequence { return }
    guard change.sequence == sequence + 1 else { throw .gap(after: sequence, got: change.sequence) }
    sequence = change.sequence
    span = (span?.lowerBound ?? now)...max(now, span?.upperBound ?? now)
    if let trace = change.trace, traced.count < Self.tracedLimit { traced.append((trace, now)) }
    if touched.insert(change.id).inserted { bytes += 64 }
    if let replaced = additions.removeValue(forKey: change.id) { bytes -= replaced.bytes }
    if case .document(let document, let distribution) = change.kind {
      let addition = Addition(sequence: change.sequence, document: document, distribution: distribution)
      bytes += addition.bytes
      additions[change.id] = addition
    }
  }
}
