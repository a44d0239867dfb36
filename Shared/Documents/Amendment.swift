/// The fields that a person can correct; raw values are `Document`'s in docs/chancery.proto.
public enum AmendableField: String, Sendable, Hashable, CaseIterable {
  case symbols, organs, distribution, date
  case originalLanguages = "original_languages"
  case sessions, items, title, titles, kind, sender, addressees, signatories, sponsors, language

  /// "Agenda-Items" is no field; "item", "Items" and "original language" are. nil when there is none of this name.
  public init?(name: some StringProtocol) {
    guard name.utf8.count <= 32 else { return nil }
    let plain = name.lowercased().replacing("-", with: "_").replacing(" ", with: "_")
    let plural = ["addressee": Self.addressees, "signatory": .signatories, "original": .originalLanguages]
    guard let field = Self(rawValue: plain) ?? Self(rawValue: plain + "s") ?? plural[plain] else { return nil }
    self = field
  }

  /// Whether it can have several values.
  public var isRepeated: Bool {
    switch self {
    case .distribution, .date, .title, .kind, .sender, .language: false
    default: true
    }
  }
}

/// A correction of one field by a person, over what was read.
public struct Amendment: Sendable, Hashable {
  public var field: AmendableField
  /// As they were given; none = the field is absent, or as it was read when `isRestored`.
  public var values: [String]
  /// A message Document of docs/chancery.proto with this field alone, as the text was read.
  public var was: [UInt8]
  public var why: String
  /// The name in the certificate of the person or program that corrected it.
  public var who: String
  /// Unix milliseconds.
  public var timeMilliseconds: UInt64
  /// Whether it took the corrections before it back.
  public var isRestored: Bool

  public init(
    field: AmendableField, values: [String], was: [UInt8], why: String, who: String, timeMilliseconds: UInt64, isRestored: Bool = false
  ) {
    self.field = field
    self.values = values
    self.was = was
    self.why = why
    self.who = who
    self.timeMilliseconds = timeMilliseconds
    self.isRestored = isRestored
  }
}
