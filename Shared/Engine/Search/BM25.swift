import Platform

/// BM25 as Lucene computes it: k1 = 1.2, b = 0.75, idf = ln(1 + (N − df + ½) / (df + ½)), length rounded to a byte, without the constant factor k1 + 1
/// (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009; LUCENE-8563).
enum BM25 {
  static let k1 = 1.2
  static let b = 0.75

  static func idf(documents: Int, frequency: Int) -> Double {
    logarithm(1 + (Double(documents - frequency) + 0.5) / (Double(frequency) + 0.5))
  }

  /// k1 · (1 − b + b · length / mean) for each length byte, where so many documents have so many words in all.
  static func norms(total: UInt64, documents: Int) -> [Float] {
    let mean = max(documents == 0 ? 1 : Double(total) / Double(documents), .leastNormalMagnitude)
    return (0...255).map {
      Float(min(k1 * (1 - b + b * Double(LengthByte.decode(UInt8($0))) / mean), Double(Float.greatestFiniteMagnitude)))
    }
  }

  /// What a term in a document contributes; computed alike wherever it is, so that all roads give the same bits.
  @inline(__always)
  static func score(_ idf: Float, _ frequency: UInt32, _ norm: Float) -> Float {
    score(idf, Float(Int32(bitPattern: frequency)), norm)
  }

  /// The same for a count that may be in parts.
  @inline(__always)
  static func score(_ idf: Float, _ count: Float, _ norm: Float) -> Float { idf * (count / (count + norm)) }
}

/// The score of a term or phrase in a segment: idf · tf / (tf + norm of the document's length).
struct Weight {
  let idf: Float
  let norms: FloatTable
  let field: TextField
  let segment: SegmentReader

  func score(_ document: UInt32, _ count: Float) -> Float { BM25.score(idf, count, norm(document)) }

  /// k1 · (1 − b + b · length / mean) of a document.
  func norm(_ document: UInt32) -> Float { norms[segment.lengthByte(field, document)] }
}
