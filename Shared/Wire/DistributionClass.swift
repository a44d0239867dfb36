/// How far a document may be read, from the distribution on its masthead; and how far a caller may read, from its certificate.
///
/// The classes are in order: who is cleared for one is cleared for those before it.
public enum DistributionClass: UInt8, Sendable, CaseIterable, Comparable {
  case general = 1
  case limited
  case restricted
  case confidential
  case strictlyConfidential

  /// A certificate's URI begins so; the class's name follows.
  private static let prefix = "chancery:clearance:"

  /// The class of a document with this distribution, as it is printed or submitted. One that is not read or not known is of the highest class: nobody
  /// sees a document by mistake. A provisional paper is not final, as a limited one is not.
  public init(distribution: String) {
    let words = distribution.lowercased().split { $0 == " " || $0 == "-" }.joined(separator: "-")
    self = words == "provisional" ? .limited : Self(name: words) ?? .strictlyConfidential
  }

  /// The class with this number in a manifest; the highest for one that is not known.
  public init(number: UInt32) { self = UInt8(exactly: number).flatMap { Self(rawValue: $0) } ?? .strictlyConfidential }

  /// The class with this name, e.g. "strictly-confidential".
  public init?(name: String) {
    guard let found = Self.allCases.first(where: { $0.name == name }) else { return nil }
    self = found
  }

  /// The clearance that a certificate's URI names; nil when it names none.
  public init?(uri: String) {
    guard uri.hasPrefix(Self.prefix) else { return nil }
    self.init(name: String(uri.dropFirst(Self.prefix.count)))
  }

  public var name: String { self == .strictlyConfidential ? "strictly-confidential" : "\(self)" }
  /// As a masthead prints it.
  public var printed: String {
    switch self {
    case .general: "General"
    case .limited: "Limited"
    case .restricted: "Restricted"
    case .confidential: "Confidential"
    case .strictlyConfidential: "Strictly confidential"
    }
  }
  /// The URI that a certificate carries for this clearance.
  public var uri: String { Self.prefix + name }

  /// True when no document is hidden from who has this clearance.
  public var seesEverything: Bool { self == .strictlyConfidential }

  public static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}
