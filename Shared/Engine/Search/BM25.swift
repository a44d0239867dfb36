import Platform

/// BM25 as Lucene computes it: k1 = 1.2, b = 0.75, idf = ln(1 + (N − df + ½) / (df + ½)), length rounded to a byte, without the constant factor k1 + 1
/// (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009; LUCENE-8563).
enum BM25 {
  static let k1 = 1.2
  static let b = 0.75

  static func idf(documents: Int, frequency: Int) -> Double {
    logarithm(1 + (Double(documents - frequency) + 0.5) / (Double(frequency) + 0.5))
  }

  /// k1 · (1 − b + b · length / mean) for each length byte.
  static func norms(mean: Double) -> [Double] {
    (0...255).map { k1 * (1 - b + b * Double(LengthByte.decode(UInt8($0))) / max(mean, .leastNormalMagnitude)) }
  }
}

/// The score of a term or phrase in a segment: idf · tf / (tf + norm of the document's length).
struct Weight: Sendable {
  let idf: Double
  let norms: [Double]
  let field: TextField
  let segment: SegmentReader

  func score(_ document: UInt32, _ frequency: UInt32) -> Double {
    let count = Double(frequency)
    return idf * count / (count + norms[Int(segment.lengthByte(field, document))])
  }
}
