import Documents

/// The grammar of "(Signed) Name / rank / post".
enum Signatures {
  private static let marks = ["(Signed)", "(signed)", "(SIGNED)", "(Signé)", "(Firmado)", "(Подпись)", "(Подписано)", "(توقيع)", "(签名)"]

  static func isSigned(_ text: String) -> Bool { text.utf8.first == 0x28 && marks.contains { text.hasPrefix($0) } }

  /// The signatory of a block whose lines are parted by LF.
  static func signatory(_ block: String) -> Signatory? {
    guard let mark = marks.first(where: { block.hasPrefix($0) }) else { return nil }
    var lines = block.dropFirst(mark.count).split(separator: "\n").map { Prose.collapsed($0) }.filter { !$0.isEmpty }
    guard let first = lines.first else { return nil }
    if lines.count == 1 { lines = cut(first) }
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
    guard let second = rest.first else { return Signatory(name: joined[0]) }
    if rest.count == 1 {
      return isRank(second) ? Signatory(name: joined[0], rank: second) : Signatory(name: joined[0], post: second)
    }
    return isRank(second) || !isPost(second)
      ? Signatory(name: joined[0], rank: second, post: rest.dropFirst().joined(separator: ", "))
      : Signatory(name: joined[0], post: rest.joined(separator: ", "))
  }

  private static func goesOn(_ last: String, _ line: String) -> Bool {
    [" of", " to", " the", " for", " and", ","].contains { last.hasSuffix($0) } || Prose.startsLowercase(line)
  }

  private static let ranks: [StaticString] = [
    "Ambassador", "Minister Plenipotentiary", "Counsellor", "Embajador", "Ambassadeur", "Professor", "Dr.",
  ]
  private static let posts: [StaticString] = [
    "Permanent Representative", "Permanent Observer", "Deputy Permanent", "Acting Permanent", "Charg", "Minister for", "Minister of",
    "President", "Prime Minister",
    "Secretary", "Chair", "Representante Permanente", "Foreign Minister",
  ]

  private static func isRank(_ text: String) -> Bool { ranks.contains { Prose.hasPrefix(text, $0) } }
  private static func isPost(_ text: String) -> Bool { posts.contains { Prose.hasPrefix(text, $0) } }

  /// Name, rank and post set on one line, cut before the words known as ranks and posts.
  private static func cut(_ line: String) -> [String] {
    var pieces = [line]
    for words in [ranks, posts] {
      let last = pieces[pieces.count - 1]
      var place: String.Index?
      for index in last.indices where index > last.startIndex && last[last.index(before: index)] == " " {
        if words.contains(where: { Prose.hasPrefix(last[index...], $0) }) {
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
