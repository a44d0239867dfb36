/// How one value of a field was read: where it stood and how sure the reading is; or why the field is absent.
public struct FieldReading: Sendable, Hashable {
  /// The field of `Document`, as docs/chancery.proto names it: "symbols", "date", "sender", …
  public var field: String
  /// 0-based place among a repeated field's values.
  public var index: Int
  /// UTF-8 bytes of the text as extracted from the original; nil when the value is not in it: given by the submitter, or inferred from another field.
  public var range: Range<Int>?
  /// 1-based page; nil = unknown.
  public var page: Int?
  /// 1–100, by the steps of docs/FORM.md; 0 = the field is absent.
  public var confidence: Int
  /// Why the field is absent, or its reading less than sure.
  public var reason: String?

  public init(field: String, index: Int = 0, range: Range<Int>? = nil, page: Int? = nil, confidence: Int, reason: String? = nil) {
    self.field = field
    self.index = index
    self.range = range
    self.page = page
    self.confidence = confidence
    self.reason = reason
  }
}
