import Documents
import SwiftCSV

extension ImportFile {
  /// Several values in a cell are parted by this.
  static let separator: Character = "|"

  /// Reads comma-, semicolon- or tab-separated values (RFC 4180); the first row has the names. Throws `Unusable`.
  mutating func readCSV(_ text: String, name: String, columns: [String: ImportColumn]) throws {
    // A quote that is never closed would make one cell of all that follows.
    guard text.utf8.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2) else {
      throw Unusable(description: "\(name): a quote \" is opened and not closed; quotes within a cell are doubled")
    }
    let table: CSV<Enumerated>
    do { table = try CSV<Enumerated>(string: text, loadColumns: false) } catch {
      let reason = if case .quotation(let message)? = error as? CSVParseError { message } else { "\(error)" }
      throw Unusable(description: "\(name): a quoted cell goes on after its closing quote: \(reason)")
    }
    let header = table.header.map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
    let kinds = header.map { columns[$0] ?? ImportColumn(name: $0) }
    for (title, kind) in zip(header, kinds) where kind == nil && !title.isEmpty { ignore(title) }
    guard kinds.contains(.field(.symbols)) || kinds.contains(.file) || kinds.contains(.id) else {
      throw Unusable(
        description: "\(name): no column is called symbol, file or id, by which a paper is found; --column 'HEADING=symbol' names one")
    }
    for (place, row) in table.rows.enumerated() {
      if row.allSatisfy({ $0.allSatisfy(\.isWhitespace) }) { continue }
      let rowName = "\(name), row \(place + 2)"
      guard row.dropFirst(header.count).allSatisfy(\.isEmpty) else {
        unusable.append((rowName, "it has \(row.count) cells, and the first row has \(header.count)"))
        continue
      }
      var record = ImportRecord(name: rowName)
      for (kind, cell) in zip(kinds, row) {
        guard let kind else { continue }
        record.add(kind, kind.isRepeated ? cell.split(separator: Self.separator).map(String.init) : [cell])
      }
      records.append(record)
    }
  }
}

extension ImportColumn {
  fileprivate var isRepeated: Bool { if case .field(let field) = self { field.isRepeated } else { false } }
}
