import Documents
import Platform

extension DocumentID {
  /// The ids that a paper of this canonical first symbol in this language may have, in the order in which they are taken: the second when the first is
  /// another document's by then. English papers and those whose language is not known have that of the symbol alone.
  /// - Parameter language: ISO 639-1; empty = not known.
  package static func candidates(symbol: String, language: String) -> [DocumentID] {
    let apart = "\(symbol)\n\(language)"
    let names = language.isEmpty || language == "en" ? [symbol, apart] : [apart]
    return names.compactMap { DocumentID(digest: SHA256.hash(Array($0.utf8))) }
  }
}
