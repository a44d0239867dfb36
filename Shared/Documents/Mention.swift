/// A date, place or figure that a document's text speaks of.
public struct Mention: Sendable, Hashable {
  public enum Meaning: Sendable, Hashable {
    /// From the first to the last of these days, which are one and the same for a single day.
    case days(CalendarDate, CalendarDate)
    /// ISO 3166 alpha-3 of a state.
    case place(String)
    /// A decimal number as digits with an optional point, and its unit as printed.
    case figure(String, unit: String?)
  }

  public var span: TextSpan
  public var meaning: Meaning

  public init(span: TextSpan, meaning: Meaning) {
    self.span = span
    self.meaning = meaning
  }
}
