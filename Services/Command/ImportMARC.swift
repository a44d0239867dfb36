import Documents
import Reading

/// A record of MARC 21 in XML, its data fields only.
private struct MARCRecord {
  struct DataField {
    var tag: String
    var subfields: [(code: String, text: String)] = []

    subscript(_ code: String) -> String? { subfields.first { $0.code == code }?.text }
  }

  var fields: [DataField] = []

  /// Adds a subfield to the last field.
  mutating func add(_ code: String, _ text: String) {
    if let last = fields.indices.last { fields[last].subfields.append((code, text)) }
  }

  func values(_ tag: String, _ code: String) -> [String] { fields.filter { $0.tag == tag }.compactMap { $0[code] } }
}

extension ImportFile {
  /// Reads MARCXML (https://www.loc.gov/standards/marcxml/) as the Dag Hammarskjöld Library uses it: symbols in 191 $a, title in 245 $a $b, date in 269 $a, else
  /// 992 $a, agenda items in 991 $b with titles in $c; states that are authors (110, 710 $a) are the sender of a letter or note verbale, the sponsors of a
  /// draft. Throws `Unusable` when there is no record.
  mutating func readMARCXML(_ bytes: [UInt8], name: String) throws {
    var xml = XML(bytes)
    var record: MARCRecord?
    var code: String?
    var text: [UInt8] = []
    var count = 0
    while let event = xml.next() {
      switch event {
      case .open(let tag):
        switch local(tag.name) {
        case "record": record = MARCRecord()
        case "datafield": record?.fields.append(MARCRecord.DataField(tag: tag["tag"] ?? ""))
        case "subfield":
          code = tag["code"]
          text = []
        default: break
        }
      case .text(let part): if code != nil { text += XML.unescaped(part) }
      case .close(let closed):
        switch local(closed) {
        case "subfield":
          if let code { record?.add(code, String(decoding: text, as: UTF8.self)) }
          code = nil
        case "record":
          count += 1
          if let record { records.append(ImportRecord(record, name: "\(name), record \(count)")) }
          record = nil
        default: break
        }
      }
    }
    if count == 0 { throw Unusable(description: "\(name) has no MARC record") }
  }

  /// An element's name without its prefix.
  private func local(_ name: ArraySlice<UInt8>) -> String {
    String(decoding: name.split(separator: UInt8(ascii: ":")).last ?? name, as: UTF8.self)
  }
}

extension ImportRecord {
  fileprivate init(_ marc: MARCRecord, name: String) {
    self.init(name: name)
    add(.symbols, marc.values("191", "a"))
    let title = marc.fields.first { $0.tag == "245" }.map { [$0["a"], $0["b"]].compactMap { $0 }.joined(separator: " ") }
    let plain = title.map { String($0.reversed().drop { " /:;,".contains($0) }.reversed()) }
    add(.title, plain.map { [$0] } ?? [])
    let date = (marc.values("269", "a") + marc.values("992", "a")).first
    add(.date, date.map { [Self.day($0)] } ?? [])
    add(
      .items,
      marc.fields.filter { $0.tag == "991" }.compactMap { field in
        field["b"].map { number in field["c"].map { "\(number): \($0)" } ?? number }
      })
    let authors = (marc.values("110", "a") + marc.values("710", "a"))
      .map { String($0.reversed().drop { " .,".contains($0) }.reversed()) }.filter { StateName.find($0).code != nil }
    let kind = title?.lowercased() ?? ""
    if kind.hasPrefix("letter") || kind.hasPrefix("note verbale"), authors.count == 1 { add(.sender, authors) }
    if kind.contains("draft resolution") || kind.contains("draft decision") { add(.sponsors, authors) }
  }

  /// `20191126` as `2019-11-26`.
  private static func day(_ text: String) -> String {
    guard text.utf8.count == 8, text.allSatisfy(\.isNumber) else { return text }
    return "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))"
  }
}
