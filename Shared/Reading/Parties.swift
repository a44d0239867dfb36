import Documents

/// The grammar of names: senders, addressees, sponsors.
enum Parties {
  struct Letter {
    var date: CalendarDate?
    var sender: Party?
    var addressees: [Party] = []
  }

  /// "Letter dated DATE from SENDER addressed to ADDRESSEES".
  static func letter(_ title: String) -> Letter {
    var letter = Letter()
    guard let dated = Prose.range(of: " dated ", in: title[...]) else { return letter }
    let from = Prose.range(of: " from ", in: title[dated.upperBound...])
    letter.date = CalendarDate(written: Prose.trimmed(title[dated.upperBound..<(from?.lowerBound ?? title.endIndex)]))
    guard let from else { return letter }
    let addressed = Prose.range(of: " addressed ", in: title[from.upperBound...])
    let sender = Prose.trimmed(title[from.upperBound..<(addressed?.lowerBound ?? title.endIndex)])
    if !sender.isEmpty { letter.sender = party(sender) }
    guard let addressed else { return letter }
    var rest = title[addressed.upperBound...]
    for word in ["respectively ", "to "] as [StaticString] where Prose.hasPrefix(rest, word) {
      rest = rest.dropFirst(word.utf8CodeUnitCount)
    }
    letter.addressees = addressees(rest)
    return letter
  }

  /// The first day a title names, in any language whose months are known.
  static func date(in title: String) -> CalendarDate? {
    let words = title.split(whereSeparator: { $0 == " " || $0 == "," })
    for start in words.indices where words[start].utf8.first.map(isDigit) == true {
      for count in [3, 5] where start + count <= words.count {
        if let day = CalendarDate(written: words[start..<start + count].joined(separator: " ")) { return day }
      }
    }
    return nil
  }

  static func withoutArticle(_ text: Substring) -> Substring { Prose.hasPrefix(text, "the ") ? text.dropFirst(4) : text }

  /// "the Permanent Representative of Azerbaijan to the United Nations" → its text without the article, state and post.
  static func party(_ written: Substring) -> Party {
    let text = Prose.trimmed(withoutArticle(written))
    var head = text
    if let to = Prose.range(of: " to the united nations", in: head) { head = head[..<to.lowerBound] }
    guard let of = stateStart(in: head) else {
      // A mission writes its notes verbales itself.
      return Party(text: String(text))
    }
    var post = Prose.trimmed(head[..<of.lowerBound])
    if let mission = Prose.range(of: " of the permanent mission", in: post) { post = post[..<mission.lowerBound] }
    var state = withoutArticle(Prose.trimmed(head[of.upperBound...]))
    if let mission = Prose.range(of: "permanent mission of ", in: state) { state = withoutArticle(state[mission.upperBound...]) }
    if let end = state.firstIndex(of: ",") { state = state[..<end] }
    // The President of the General Assembly is no state's.
    let isOrgan =
      Organ.name(of: state) != nil || Prose.range(of: "council", in: state) != nil || Prose.range(of: "committee", in: state) != nil
    return Party(text: String(text), state: isOrgan || state.isEmpty ? nil : String(state), post: String(isOrgan ? text : post))
  }

  /// The " of " before a state's name: not one within a post ("Minister of Foreign Affairs of X", "Chargé d’affaires of the Permanent Mission of X").
  private static func stateStart(in text: Substring) -> Range<Substring.Index>? {
    var start = text.startIndex
    var found: Range<Substring.Index>?
    while let of = Prose.range(of: " of ", in: text[start...]) {
      let rest = withoutArticle(text[of.upperBound...])
      start = of.upperBound
      if let previous = found {
        // "Republic of", "Kingdom of": the state's own name goes on.
        let between = text[previous.upperBound..<of.lowerBound]
        guard within.contains(where: { Prose.hasPrefix(withoutArticle(between), $0) }) else { break }
      }
      found = of
      if !within.contains(where: { Prose.hasPrefix(rest, $0) }) { break }
    }
    return found
  }

  /// What follows "of" inside a post.
  private static let within: [StaticString] = [
    "Foreign ", "External ", "State for ", "Defence", "Justice", "Interior", "Permanent Mission", "Mission", "Ministry", "Government",
    "Cabinet", "Ministers",
    "International ", "Delegation", "delegation",
  ]

  /// "the Secretary-General and the President of the Security Council".
  private static func addressees(_ text: Substring) -> [Party] {
    var pieces: [Substring] = []
    var rest = Prose.trimmed(text)
    while !rest.isEmpty, pieces.count < 16 {
      let cuts = [", the ", " and the ", " and to the ", ", and the "].compactMap { rest.firstRange(of: $0) }
      guard let cut = cuts.min(by: { ($0.lowerBound, $1.upperBound) < ($1.lowerBound, $0.upperBound) }) else { break }
      pieces.append(rest[..<cut.lowerBound])
      rest = rest[cut.upperBound...]
    }
    pieces.append(rest)
    return pieces.map(Prose.trimmed).filter { !$0.isEmpty }.map { piece in
      let name = withoutArticle(piece)
      let read = party(piece)
      return Party(text: String(name), state: read.state, post: read.post ?? String(name))
    }
  }

  /// "the Rapporteur of the Committee, Javad Momeni (Islamic Republic of Iran), on the basis of informal consultations …".
  static func submitter(_ text: Substring) -> Party {
    var name = withoutArticle(text)
    for ending in [", on the basis of", " on the basis of", " following ", ", in accordance"] as [StaticString] {
      if let found = Prose.range(of: ending, in: name) { name = name[..<found.lowerBound] }
    }
    let post = name.firstIndex(of: ",").map { String(name[..<$0]) } ?? String(name)
    return Party(text: String(Prose.trimmed(name)), post: post)
  }

  // MARK: Sponsors

  private static let compounds = [
    "Antigua and Barbuda", "Bosnia and Herzegovina", "Great Britain and Northern Ireland", "Saint Kitts and Nevis",
    "Saint Vincent and the Grenadines",
    "Sao Tome and Principe", "Serbia and Montenegro", "Trinidad and Tobago", "Group of 77 and China",
  ]

  /// A list of states: "Austria, Iran (Islamic Republic of), Antigua and Barbuda and State of Palestine".
  static func sponsors(_ list: String) -> [String] {
    var text = list
    for name in compounds where text.contains(name) { text.replace(name, with: name.split(separator: " and ").joined(separator: "\u{1}")) }
    var names: [String] = []
    for piece in split(text, at: ",") {
      // "Egypt, on behalf of …" qualifies the name before it.
      if Prose.startsLowercase(piece), let last = names.popLast() {
        names.append(piece.hasPrefix("and ") ? last : "\(last), \(piece)")
        if piece.hasPrefix("and ") { names.append(String(piece.dropFirst(4))) }
      } else {
        names += split(piece, at: " and ")
      }
    }
    return names.map { name in name.split(separator: "\u{1}").joined(separator: " and ") }.filter { !$0.isEmpty }
  }

  /// Pieces between `separator`s outside brackets.
  private static func split(_ text: String, at separator: String) -> [String] {
    var pieces: [String] = []
    var piece = ""
    var depth = 0
    var rest = text[...]
    while let character = rest.first {
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      if depth == 0, rest.hasPrefix(separator) {
        pieces.append(String(Prose.trimmed(piece[...])))
        piece = ""
        rest = rest.dropFirst(separator.count)
      } else {
        piece.append(character)
        rest = rest.dropFirst()
      }
    }
    pieces.append(String(Prose.trimmed(piece[...])))
    return pieces.filter { !$0.isEmpty }
  }

  /// Up to three sponsors by name; of more, two and the number of the others.
  static func abridged(_ sponsors: [String]) -> String {
    switch sponsors.count {
    case 0: ""
    case 1: sponsors[0]
    case 2, 3: sponsors.dropLast().joined(separator: ", ") + " and " + sponsors[sponsors.count - 1]
    default: "\(sponsors[0]), \(sponsors[1]) and \(sponsors.count - 2) other sponsors"
    }
  }
}
