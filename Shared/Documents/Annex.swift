/// An annex or enclosure: a document inside the document.
public struct Annex: Sendable, Hashable {
  /// As printed: "Annex II", "Enclosure".
  public var label: String
  public var title: String?
  public var kind: DocumentKind
  public var date: CalendarDate?
  public var sender: Party?
  public var addressees: [Party]
  public var signatories: [Signatory]
  /// ISO 639-1 codes.
  public var originalLanguages: [String]
  /// Numbers of its first and last paragraph; an enclosure's lie among its annex's.
  public var paragraphs: ClosedRange<Int>

  public init(
    label: String, title: String? = nil, kind: DocumentKind = .other, date: CalendarDate? = nil, sender: Party? = nil,
    addressees: [Party] = [], signatories: [Signatory] = [], originalLanguages: [String] = [], paragraphs: ClosedRange<Int>
  ) {
    self.label = label
    self.title = title
    self.kind = kind
    self.date = date
    self.sender = sender
    self.addressees = addressees
    self.signatories = signatories
    self.originalLanguages = originalLanguages
    self.paragraphs = paragraphs
  }
}
