import Catalogue
import ChanceryClient
import Documents
import Engine
import Wire

extension IndexedDocument {
  /// A document as it is indexed and stored: what a hit gives back is the message.
  init(_ message: DocumentMessage) throws(CallError) { self.init(try Document(message), stored: message.encoded) }
}

extension Change {
  /// What a journal entry changes. Throws `.unknownKind` or `.undecodable`.
  init(_ entry: JournalEntry) throws(IndexError) {
    guard let id = DocumentID(bytes: entry.documentID) else { throw .undecodable(sequence: entry.sequence, what: "its document has no id") }
    switch entry.kind {
    case 1:
      guard let message = entry.document, message.id == entry.documentID else {
        throw .undecodable(sequence: entry.sequence, what: "it holds no document of its id")
      }
      let document: IndexedDocument
      do throws(CallError) { document = try IndexedDocument(message) } catch {
        throw .undecodable(sequence: entry.sequence, what: error.message)
      }
      self.init(
        sequence: entry.sequence, trace: TraceContext(entry.traceParent), id: id,
        kind: .document(document, DistributionClass(distribution: message.distribution)))
    case 2: self.init(sequence: entry.sequence, id: id, kind: .deletion)
    default: throw .unknownKind(sequence: entry.sequence, kind: entry.kind)
    }
  }
}
