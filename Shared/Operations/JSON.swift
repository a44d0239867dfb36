/// A JSON value (RFC 8259). Object members keep their order.
public enum JSON: Sendable, Hashable {
  case null
  case bool(Bool)
  /// A number as it is written, so that no digit is lost; `integer` and `double` read it.
  case number(String)
  case string(String)
  case array([JSON])
  case object([Member])

  /// One name and value of an object.
  public struct Member: Sendable, Hashable {
    public let name: String
    public let value: JSON

    public init(_ name: String, _ value: JSON) {
      self.name = name
      self.value = value
    }
  }

  /// A whole number.
  public static func number(_ value: some BinaryInteger) -> JSON { .number("\(value)") }

  /// A number; null when `value` is not finite, which JSON cannot say.
  public static func number(_ value: Double) -> JSON { value.isFinite ? .number("\(value)") : .null }

  /// The first member called `name`; nil when there is none or this is no object.
  public subscript(name: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  /// The text of a string.
  public var string: String? {
    if case .string(let value) = self { value } else { nil }
  }

  /// The elements of an array.
  public var array: [JSON]? {
    if case .array(let value) = self { value } else { nil }
  }

  /// The members of an object.
  public var object: [Member]? {
    if case .object(let value) = self { value } else { nil }
  }

  /// The value of a number without fraction or exponent.
  public var integer: Int? {
    if case .number(let text) = self { Int(text) } else { nil }
  }

  /// What a person would write: a string's text, a number's digits, `true` or `false`; nil for the rest.
  public var scalar: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .bool(let value): value ? "true" : "false"
    case .null, .array, .object: nil
    }
  }

  /// The value as JSON text on one line.
  public var text: String {
    var out = ""
    write(to: &out, indent: nil)
    return out
  }

  /// The value as JSON text of one member or element a line, two spaces deeper each level.
  public var indented: String {
    var out = ""
    write(to: &out, indent: 0)
    return out
  }

  private func write(to out: inout String, indent: Int?) {
    switch self {
    case .null: out += "null"
    case .bool(let value): out += value ? "true" : "false"
    case .number(let value): out += value
    case .string(let value): JSON.quote(value, to: &out)
    case .array(let values):
      JSON.write(values, "[", "]", to: &out, indent: indent) { value, out, deeper in value.write(to: &out, indent: deeper) }
    case .object(let members):
      JSON.write(members, "{", "}", to: &out, indent: indent) { member, out, deeper in
        JSON.quote(member.name, to: &out)
        out += deeper == nil ? ":" : ": "
        member.value.write(to: &out, indent: deeper)
      }
    }
  }

  private static func write<T>(
    _ parts: [T], _ open: String, _ close: String, to out: inout String, indent: Int?, _ each: (T, inout String, Int?) -> Void
  ) {
    out += open
    let deeper = parts.isEmpty ? nil : indent.map { $0 + 1 }
    for (index, part) in parts.enumerated() {
      if index > 0 { out += "," }
      if let deeper { out += "\n" + String(repeating: "  ", count: deeper) }
      each(part, &out, deeper)
    }
    if deeper != nil, let indent { out += "\n" + String(repeating: "  ", count: indent) }
    out += close
  }

  private static let hexDigits = Array("0123456789abcdef")

  /// Appends `value` as a JSON string. Control characters (U+007F to U+009F too, which terminals act on) are escaped.
  static func quote(_ value: String, to out: inout String) {
    out += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": out += "\\\""
      case "\\": out += "\\\\"
      case "\n": out += "\\n"
      case "\r": out += "\\r"
      case "\t": out += "\\t"
      case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value):
        out += "\\u00"
        out.append(hexDigits[Int(scalar.value >> 4)])
        out.append(hexDigits[Int(scalar.value & 15)])
      default: out.unicodeScalars.append(scalar)
      }
    }
    out += "\""
  }
}
