/// The fields whose words are indexed with positions. Raw values are those on disk.
public enum TextField: UInt8, Sendable, Hashable, CaseIterable {
  /// Paragraphs, and after them titles and the words of the masthead: what a plain word is looked for in.
  case body = 0
  case title = 1
  case organ = 2
  case session = 3
  case item = 4
  case sender = 5
  case addressee = 6
  case signatory = 7
  case sponsor = 8
  /// The body's words by their stems (`Analyzer.forEachStem`), run by run at the same positions, and whatever is to count more than once again.
  case stems = 9
}

/// The fields whose whole values are indexed, counted and kept for each document. Raw values are those on disk.
public enum KeywordField: UInt8, Sendable, Hashable, CaseIterable {
  case symbol = 0
  case organ = 1
  case session = 2
  case item = 3
  case kind = 4
  case sender = 5
  case language = 6
  case distribution = 7
  case work = 8
  /// Canonical symbols of what a document cites, and the names of instruments in folded words.
  case cites = 9
  /// Days, months and years that its text speaks of: `1992-02-26`, `1992-02`, `1992`.
  case mentioned = 10
  /// Codes of the states that its text speaks of.
  case place = 11
  /// Codes of the states that it is from, is addressed to, is sponsored by.
  case senderState = 12
  case addresseeState = 13
  case sponsorState = 14
  /// Codes of the states that its text speaks of, or that it is from, to or sponsored by.
  case state = 15
}

/// The fields that are one whole number a document. Raw values are those on disk.
public enum NumberField: UInt8, Sendable, Hashable, CaseIterable {
  /// A day as yyyymmdd.
  case date = 0
  case year = 1
  /// The day that a letter's own title states, where it is another than the masthead's; as yyyymmdd.
  case dated = 2
}

/// A document as the index takes it.
public struct IndexedDocument: Sendable {
  /// The length of an id, bytes.
  public static let idLength = 16

  /// A run of text; two runs of one field are parted so that no phrase crosses from one to the other.
  public struct Text: Sendable {
    public let field: TextField
    public let text: String
    /// ISO 639-1; empty when not known.
    public let language: String

    public init(_ field: TextField, _ text: String, language: String = "") {
      self.field = field
      self.text = text
      self.language = language
    }
  }

  /// 16 bytes.
  public var id: [UInt8]
  public var texts: [Text] = []
  public var keywords: [(field: KeywordField, value: String)] = []
  public var numbers: [NumberField: Int64] = [:]
  /// What a hit gives back, opaque to the engine.
  public var stored: [UInt8] = []

  public init(id: [UInt8]) {
    precondition(id.count == Self.idLength, "a document's id has 16 bytes")
    self.id = id
  }
}
