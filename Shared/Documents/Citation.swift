/// A stretch of a document's text.
public struct TextSpan: Sendable, Hashable {
  public enum Text: Sendable, Hashable {
    /// The document's own title.
    case title
    /// One of the document's `titles`; 0-based.
    case heading(Int)
    /// The title of one of the document's agenda items; 0-based.
    case item(Int)
    /// The paragraph of this number.
    case paragraph(Int)
  }

  public var text: Text
  /// UTF-8 bytes of that text.
  public var range: Range<Int>

  public init(_ text: Text, _ range: Range<Int>) {
    self.text = text
    self.range = range
  }
}

extension Document {
  /// The text that spans of a place are in; nil when the document has no such place.
  public func wording(at place: TextSpan.Text) -> String? {
    switch place {
    case .title: title
    case .heading(let index): titles.indices.contains(index) ? titles[index] : nil
    case .item(let index): items.indices.contains(index) ? items[index].title : nil
    case .paragraph(let number): paragraphs.indices.contains(number - 1) ? paragraphs[number - 1].text : nil
    }
  }
}

/// What a citation says of its paper and the one it names. Raw values are those on the wire.
public enum CitationRelation: UInt8, Sendable, Hashable, CaseIterable {
  case cites = 0
  /// A letter's "with reference to the letter dated …".
  case repliesTo = 1
  /// An amendment and the draft it would alter.
  case amends = 2
}

/// A resolution, document or instrument named in a document's text.
public struct Citation: Sendable, Hashable {
  public var span: TextSpan
  /// Canonical: two of a double symbol, one for each of a range; none of an instrument, or when it was not resolved.
  public var symbols: [Symbol]
  /// A treaty or charter by name: "Charter of the United Nations".
  public var instrument: String?
  /// The place in what is cited, as printed: "para. 23", "Article 51".
  public var pinpoint: String?
  public var relation: CitationRelation
  /// Why it was not resolved.
  public var reason: String?

  public init(
    span: TextSpan, symbols: [Symbol] = [], instrument: String? = nil, pinpoint: String? = nil, relation: CitationRelation = .cites,
    reason: String? = nil
  ) {
    self.span = span
    self.symbols = symbols
    self.instrument = instrument
    self.pinpoint = pinpoint
    self.relation = relation
    self.reason = reason
  }
}
