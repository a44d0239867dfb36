/// Why the index cannot go on with the journal that it follows.
enum IndexError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The index was built from another journal.
  case otherJournal(index: String, journal: String)
  /// The journal ends before what the index has taken in.
  case journalIsShorter(indexed: UInt64, last: UInt64)
  /// An entry came out of order.
  case gap(after: UInt64, got: UInt64)
  /// An entry of a kind that this version does not know.
  case unknownKind(sequence: UInt64, kind: UInt32)
  /// An entry that is not what its kind asks for.
  case undecodable(sequence: UInt64, what: String)
  /// Another process has the data directory open.
  case inUse(String)

  var description: String {
    switch self {
    case .otherJournal(let index, let journal):
      "the index was built from journal \(index), but the ingest service has journal \(journal): "
        + "check the address of ingest, or give this index an empty data directory, and it is built anew"
    case .journalIsShorter(let indexed, let last):
      "the index holds journal entries up to \(indexed), but the ingest service's journal ends at \(last): the journal has lost entries; "
        + "restore it, or give this index an empty data directory, and it is built anew"
    case .gap(let after, let got): "journal entry \(got) came after entry \(after): entries are missing between them"
    case .unknownKind(let sequence, let kind):
      "journal entry \(sequence) is of kind \(kind), which this version does not know: update the index service"
    case .undecodable(let sequence, let what): "journal entry \(sequence) cannot be indexed: \(what)"
    case .inUse(let path): "\(path) is locked: another index process uses this data directory"
    }
  }
}
