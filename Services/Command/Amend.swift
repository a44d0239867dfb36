import ArgumentParser
import ChanceryClient
import Documents
import Operations
import Wire

struct Amend: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Corrects fields of a document over what was read. The correction stays when a new version is submitted; `chancery show` tells its history.",
    discussion: """
      A field that has several values is given once for each; FIELD= alone says that the paper has none. Fields: \
      \(AmendableField.allCases.map(\.rawValue).joined(separator: " ")).

        chancery amend A/74/565 date=2019-11-26 item='34: Prevention of armed conflict' --why 'misread by OCR'
        chancery amend A/74/565 --restore date --why 'the paper was right'
      """)

  @Argument(help: "Symbol, or id.") var symbol: String
  @Argument(help: ArgumentHelp("What a field is to be.", valueName: "field=value")) var values: [String] = []
  @Option(help: "A field that is to be as it was read again.") var restore: [String] = []
  @Option(help: "The reason, for the document's history.") var why: String
  @Option(help: ArgumentHelp("Which document, where several languages have the symbol; und: not known.", valueName: "code"))
  var language: String?
  @OptionGroup var common: CommonOptions

  func validate() throws {
    if why.allSatisfy(\.isWhitespace) { throw ValidationError("--why needs a reason") }
    if values.isEmpty, restore.isEmpty { throw ValidationError("say what is to be corrected: FIELD=VALUE, or --restore FIELD") }
    _ = try fields()
  }

  private func fields() throws -> [FieldValues] {
    var fields: [FieldValues] = []
    for value in values {
      guard let equals = value.firstIndex(of: "=") else { throw ValidationError("\(value) is not of the form FIELD=VALUE") }
      let name = try field(value[..<equals])
      let text = String(value[value.index(after: equals)...])
      let place = fields.firstIndex { $0.field == name } ?? fields.endIndex
      if place == fields.endIndex { fields.append(FieldValues(field: name)) }
      if !text.isEmpty { fields[place].values.append(text) }
    }
    return try fields + restore.map { FieldValues(field: try field($0[...]), restore: true) }
  }

  private func field(_ name: Substring) throws -> String {
    guard let field = AmendableField(name: name) else { throw ValidationError("\(name) is no field that can be corrected") }
    return field.rawValue
  }

  func run() async throws {
    let id = DocumentID(hexadecimal: symbol)
    let request = AmendRequest(
      symbol: id == nil ? symbol : "", documentID: id?.bytes ?? [], fields: try fields(), why: why, language: language ?? "")
    try await common.withClient { client in
      let reply = try await client.amend(request)
      let made = reply.made.compactMap { Amendment($0) }
      if common.json {
        return try printJSON(.object([.init("sequence", .number(reply.sequence)), .init("amendments", .array(made.map(\.json)))]))
      }
      try writeToStandardOutput((made.isEmpty ? "nothing to correct: it is so already\n" : made.map { $0.line + "\n" }.joined()).utf8)
    }
  }
}

extension Amendment {
  /// What was corrected, in a line.
  var line: String {
    let new = isRestored ? "as it was read" : values.isEmpty ? "none" : values.joined(separator: ", ")
    return "\(field.rawValue): \(oneLine(new, limit: 200))"
  }

  /// Who corrected it, when and why.
  var provenance: String { "\(who), \(timestamp(timeMilliseconds)): \(oneLine(why, limit: 200))" }

  var json: JSON {
    .object([
      .init("field", .string(field.rawValue)), .init("values", .array(values.map { .string($0) })), .init("restored", .bool(isRestored)),
      .init("why", .string(why)), .init("who", .string(who)), .init("time", .string(timestamp(timeMilliseconds))),
    ])
  }
}
