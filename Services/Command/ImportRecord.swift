import Documents
import Reading
import Wire

/// What a line of somebody's catalogue says of one paper.
struct ImportRecord: Sendable, Hashable {
  /// File and line or record, for messages.
  var name: String
  /// The document's id, when the catalogue was exported from here.
  var id: DocumentID?
  /// Path of the paper's file, as the catalogue has it.
  var file: String?
  /// Fields with their values as `chancery amend` takes them.
  private(set) var fields: [AmendableField: [String]] = [:]
  /// Values that could not be understood, and why.
  private(set) var leftOut: [String] = []

  init(name: String) { self.name = name }

  /// By which the paper is looked for, unless there is an id.
  var symbol: String? { fields[.symbols]?.first }

  /// Adds values to a field; those that cannot be understood are left out.
  mutating func add(_ field: AmendableField, _ values: [String]) {
    for value in values {
      let value = Self.clean(value)
      if value.isEmpty { continue }
      let single = field == .symbols ? Symbol.list(value).map(\.text) : [value]
      for one in single.isEmpty ? [value] : single where fields[field]?.contains(one) != true {
        do throws(AmendmentError) {
          var trial = Document(id: Self.nameless)
          try trial.amend(field, to: (fields[field] ?? []) + [one])
          fields[field, default: []].append(one)
        } catch {
          leftOut.append(error.description)
        }
      }
    }
  }

  private static let nameless = DocumentID(digest: repeatElement(0, count: DocumentID.length))!  // sixteen bytes are given

  private static func clean(_ value: String) -> String {
    value.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The fields for a request, in their order; a single symbol is there to find the paper by. `fill`: only where the document has no value.
  func values(fill: Bool) -> [FieldValues] {
    AmendableField.allCases.compactMap { field in
      field == .symbols && fields[field]?.count == 1
        ? nil : fields[field].map { FieldValues(field: field.rawValue, values: $0, fill: fill) }
    }
  }
}

/// What a column, or a member of a JSON object, is for.
enum ImportColumn: Sendable, Hashable {
  case field(AmendableField)
  case file
  case id

  /// A field's name as `chancery amend` takes it, `file` or `id`, in any case; nil for any other.
  init?(name: some StringProtocol) {
    switch name.lowercased() {
    case "file", "file_name", "filename": self = .file
    case "id": self = .id
    default:
      guard let field = AmendableField(name: name) else { return nil }
      self = .field(field)
    }
  }
}

extension ImportRecord {
  mutating func add(_ column: ImportColumn, _ values: [String]) {
    switch column {
    case .field(let field): add(field, values)
    case .file: file = values.first.flatMap { $0.isEmpty ? nil : $0 } ?? file
    // Other catalogues number their records as they like.
    case .id: id = values.first.flatMap { DocumentID(hexadecimal: $0) } ?? id
    }
  }
}

/// The records of a catalogue, and what of it was not understood as a whole.
struct ImportFile: Sendable {
  var records: [ImportRecord] = []
  /// Columns or members that name no field, in the order in which they came.
  var ignored: [String] = []
  /// Lines and records that cannot be read, and why.
  var unusable: [(name: String, reason: String)] = []

  /// Reads CSV, MARCXML or JSON lines, told apart by how they begin. `columns`: what headings and members stand for that name no field themselves.
  /// Throws `Unusable`.
  init(_ bytes: [UInt8], name: String, columns: [String: ImportColumn]) throws {
    let text = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? Array(bytes.dropFirst(3)) : bytes
    guard let first = text.first(where: { $0 > 0x20 }) else { throw Unusable(description: "\(name) is empty") }
    guard let string = String(validating: text, as: UTF8.self) else {
      throw Unusable(description: "\(name) is not in UTF-8; save it so, as \"CSV UTF-8\" in spreadsheets")
    }
    switch first {
    case UInt8(ascii: "<"): try readMARCXML(text, name: name)
    case UInt8(ascii: "{"): readJSONLines(text, name: name, columns: columns)
    case UInt8(ascii: "0")...UInt8(ascii: "9") where text.contains(0x1e):
      throw Unusable(description: "\(name) is MARC in binary form (ISO 2709); export it as MARCXML")
    default: try readCSV(string, name: name, columns: columns)
    }
  }

  mutating func ignore(_ name: String) {
    if ignored.count < 100, !ignored.contains(name) { ignored.append(name) }
  }
}
