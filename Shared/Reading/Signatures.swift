import Documents

/// The grammar of "(Signed) Name / rank / post", in six languages, and of several signatures side by side.
enum Signatures {
  private static let marks = [
    "(Signed)", "(signed)", "(SIGNED)", "(Signé)", "(Signe)", "(Signée)", "(signé)", "(Firmado)", "(firmado)", "(Firmada)", "(Fdo.)",
    "(Подпись)", "(подпись)", "(Подписано)",
    "(Подписал)", "(توقيع)", "(التوقيع)", "(签名)", "（签名）", "(签字)", "（签字）", "Signed:", "Signed by:",
  ]
  private static let closingMarks = ["（签名）", "(签名)", "（签字）", "(签字)", "(توقيع)"]

  static func isSigned(_ text: String) -> Bool {
    let bytes = text.utf8
    guard let first = bytes.first, let last = bytes.last else { return false }
    if first == 0x28 {
      // "(a)" begins many lines, "(S" few.
      guard let second = bytes.dropFirst().first, second >= 0x80 || "SsFf".utf8.contains(second) else { return false }
      return marks.contains { text.hasPrefix($0) }
    }
    if first == 0xef || first == 0x53 && text.hasPrefix("Signed") { return marks.contains { text.hasPrefix($0) } }
    return (last == 0x29 || last >= 0x80) && first >= 0x80 && bytes.count <= 90 && closingMarks.contains { text.hasSuffix($0) }
  }

  /// The signatories of a block whose lines are parted by LF and whose columns by tabs.
  static func signatories(_ block: String) -> [Signatory] {
    var rows = block.split(separator: "\n").map { $0.split(separator: "\t").map { String(Prose.trimmed($0)) }.filter { !$0.isEmpty } }
    guard rows.first?.isEmpty == false else { return [] }
    // "(Signed)" may stand apart from its name.
    rows[0] = rows[0].reduce(into: []) { cells, cell in
      if let last = cells.last, marks.contains(last) { cells[cells.count - 1] = last + " " + cell } else { cells.append(cell) }
    }
    let first = rows[0]
    let starts = first.filter { cell in marks.contains { cell.hasPrefix($0) } }
    guard starts.count > 1, starts.count == first.count else { return signatory(rows.map { $0.joined(separator: " ") }).map { [$0] } ?? [] }
    return starts.indices.compactMap { column in
      signatory(rows.filter { $0.count == starts.count }.map { $0[column] })
    }
  }

  private static func signatory(_ given: [String]) -> Signatory? {
    guard var first = given.first else { return nil }
    if let mark = marks.first(where: { first.hasPrefix($0) }) {
      first = String(first.dropFirst(mark.count))
    } else if let mark = closingMarks.first(where: { first.hasSuffix($0) }) {
      first = String(first.dropLast(mark.count))
    }
    var lines = ([first] + given.dropFirst()).map { Prose.collapsed($0) }.filter { !$0.isEmpty }
    guard let name = lines.first else { return nil }
    if lines.count == 1 { lines = cut(name) }
    // A post may run over lines: "Permanent Representative of", "Bangladesh to the United Nations".
    var joined: [String] = []
    for line in lines {
      if let last = joined.last, joined.count > 1, goesOn(last, line) {
        joined[joined.count - 1] = last + " " + line
      } else {
        joined.append(line)
      }
    }
    let rest = joined.dropFirst()
    guard let second = rest.first else { return Signatory(name: tidy(joined[0])) }
    if rest.count == 1 {
      return isRank(second) ? Signatory(name: tidy(joined[0]), rank: second) : Signatory(name: tidy(joined[0]), post: second)
    }
    return isRank(second) || !isPost(second)
      ? Signatory(name: tidy(joined[0]), rank: second, post: rest.dropFirst().joined(separator: ", "))
      : Signatory(name: tidy(joined[0]), post: rest.joined(separator: ", "))
  }

  private static func tidy(_ name: String) -> String { name.hasSuffix(",") ? String(name.dropLast()) : name }

  private static func goesOn(_ last: String, _ line: String) -> Bool {
    [" of", " to", " the", " for", " and", ",", " de", " du", " la", " des", " auprès", " ante", " las", " при", " و", " لدى"].contains {
      last.hasSuffix($0)
    }
      || Prose.startsLowercase(line)
  }

  // MARK: Ranks and posts

  private static let ranks = [
    "Ambassador", "Minister Plenipotentiary", "Minister Counsellor", "Counsellor", "Professor", "Dr.", "First Secretary",
    "Second Secretary", "Deputy Ambassador", "Embajador", "Ambassadeur",
    "Ambassadrice", "Ministre plénipotentiaire", "Ministre conseiller", "Conseiller", "Ministro Consejero", "Consejero",
    "Ministro Plenipotenciario", "Посол", "Советник", "السفير", "سفير",
    "大使", "参赞", "公使",
  ]
  static let posts = [
    "Permanent Representative", "Permanent Observer", "Deputy Permanent", "Acting Permanent", "Alternate Permanent", "Charg",
    "Minister for", "Minister of", "President", "Prime Minister",
    "Secretary", "Chair", "Foreign Minister", "Head of", "Acting", "Deputy", "Representative of", "Rapporteur", "Vice-", "Director",
    "Executive", "Special", "Coordinator", "Under-Secretary",
    "Représentant permanent", "Représentante permanente", "Observateur permanent", "Ministre des", "Ministre de", "Président", "Secrétaire",
    "Premier Ministre", "Représentant",
    "Representante Permanente", "Observador Permanente", "Encargad", "Ministro de", "Ministra de", "Presidente", "Secretario",
    "Primer Ministro", "Постоянный представитель",
    "Постоянный наблюдатель", "Временный поверенный", "Министр", "Председатель", "Президент", "Генеральный секретарь", "Заместитель",
    "الممثل الدائم", "الممثلة الدائمة", "المراقب الدائم",
    "القائم بالأعمال", "وزير", "الرئيس", "رئيس", "الأمين", "نائب", "常驻代表", "常驻观察员", "临时代办", "外交部长", "主席", "总统", "秘书长", "代表",
  ]

  private static func isRank(_ text: String) -> Bool { ranks.contains { text.hasPrefix($0) || text.hasPrefix($0.uppercased()) } }
  static func isPost(_ text: String) -> Bool { posts.contains { text.hasPrefix($0) || text.hasPrefix($0.uppercased()) } }

  /// Name, rank and post set on one line, cut before the words known as ranks and posts.
  private static func cut(_ line: String) -> [String] {
    var pieces = [line]
    for words in [ranks, posts] {
      let last = pieces[pieces.count - 1]
      var place: String.Index?
      for index in last.indices where index > last.startIndex && last[last.index(before: index)] == " " {
        if words.contains(where: { last[index...].hasPrefix($0) }) {
          place = index
          break
        }
      }
      if let place {
        pieces[pieces.count - 1] = String(Prose.trimmed(last[..<place]))
        pieces.append(String(last[place...]))
      }
    }
    return pieces
  }
}
