import Documents
import Operations
import Reading

extension ImportFile {
  /// Reads one JSON object a line; what `chancery show --json` prints, on one line, is such an object.
  mutating func readJSONLines(_ text: [UInt8], name: String, columns: [String: ImportColumn]) {
    for (place, line) in text.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated() {
      if line.allSatisfy({ $0 <= 0x20 }) { continue }
      let lineName = "\(name):\(place + 1)"
      do throws(JSON.Malformed) {
        guard let members = try JSON.parse(Array(line)).object else {
          unusable.append((lineName, "the line is no JSON object"))
          continue
        }
        var record = ImportRecord(name: lineName)
        for member in members {
          guard let column = columns[member.name] ?? ImportColumn(name: member.name) else {
            ignore(member.name)
            continue
          }
          record.add(column, (member.value.array ?? [member.value]).compactMap(\.written))
        }
        records.append(record)
      } catch {
        unusable.append((lineName, error.reason))
      }
    }
  }
}

extension JSON {
  /// A value as `chancery amend` takes it: a scalar, or an object as `chancery show --json` prints an item, session, party or signatory.
  fileprivate var written: String? {
    if let scalar { return scalar }
    func part(_ name: String) -> String? { self[name]?.scalar }
    if let name = part("name") { return Signatory(name: name, rank: part("rank"), post: part("post")).written }
    if let title = part("title"), let number = part("number") { return AgendaItem(number: number, title: title).written }
    if let text = part("text"), !text.isEmpty {
      return part("number") == nil ? text : part("organ").map { "\($0): \(text)" } ?? text
    }
    return part("number")
  }
}
