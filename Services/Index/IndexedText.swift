import Analysis
import Catalogue
import ChanceryClient
import Documents
import Engine
import Wire

extension IndexedDocument {
  /// A document as it is indexed and stored: what a hit gives back is the message.
  init(_ message: DocumentMessage) throws(CallError) { self.init(try Document(message), stored: message.encoded) }

  /// Words of its body, counted as the segment counts them.
  var bodyWords: UInt64 {
    texts.reduce(0) { sum, run in
      guard run.field == .body else { return sum }
      return sum + UInt64(Analyzer(language: run.language).forEachToken(in: Array(run.text.utf8).span, from: 0) { _, _ in })
    }
  }
}

extension SegmentReader {
  /// The message stored with a document. Throws `.corrupt`.
  func message(_ document: UInt32) throws(SegmentError) -> DocumentMessage {
    let bytes = try stored(document)
    do throws(CodecError) { return try DocumentMessage(decoding: bytes) } catch {
      throw .corrupt(subject: subject, what: "stored document \(document): \(error)")
    }
  }

  /// Words of a document's body. Throws `.corrupt`.
  func bodyWords(_ document: UInt32) throws(SegmentError) -> UInt64 {
    let message = try message(document)
    do throws(CallError) { return try IndexedDocument(message).bodyWords } catch {
      throw .corrupt(subject: subject, what: "stored document \(document): \(error.message)")
    }
  }
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
      self.init(sequence: entry.sequence, id: id, kind: .document(document, words: document.bodyWords))
    case 2: self.init(sequence: entry.sequence, id: id, kind: .deletion)
    default: throw .unknownKind(sequence: entry.sequence, kind: entry.kind)
    }
  }
}
