import Platform

extension IndexView {
  /// How much more a term tells of a few documents, in which it stands `frequency` times, than of all: Bo1 of Amati ("Probability Models for Information Retrieval
  /// based on Divergence from Randomness", 2003), with the share of documents that have the term for its mean frequency, which is close where feedback
  /// chooses. 0 for a term that no document has.
  public func divergence(of term: [UInt8], in field: TextField, frequency: Int) -> Double {
    let documents = documents(with: key(field, term))
    guard documents > 0 else { return 0 }
    let share = Double(documents) / Double(allDocuments)
    return (Double(frequency) * logarithm((1 + share) / share) + logarithm(1 + share)) / logarithm(2)
  }
}
