import Documents

/// The grammar of names: senders, addressees, sponsors.
enum Parties {
  /// The first day a title names, in any language whose months are known.
  static func date(in title: some StringProtocol) -> CalendarDate? {
    let words = title.prefix(600).split(whereSeparator: { " ,;()\n".contains($0) })
    for start in words.indices {
      let first = words[start]
      guard first.utf8.first.map(isDigit) == true || CalendarDate.month(first.lowercased()) != nil else { continue }
      if first.contains("年"), let end = first.firstIndex(of: "日"), let day = CalendarDate(written: first[...end]) { return day }
      for count in [3, 4, 5] where start + count <= words.count {
        if let day = CalendarDate(written: words[start..<start + count].joined(separator: " ")) { return day }
      }
    }
    return nil
  }

  static func withoutArticle(_ text: Substring) -> Substring {
    for article in ["the ", "The ", "THE ", "le ", "la ", "les ", "l’", "l'", "el ", "los ", "las ", "LE ", "EL "]
    where text.hasPrefix(article) {
      return text.dropFirst(article.count)
    }
    return text
  }

  /// "the Permanent Representative of Azerbaijan to the United Nations" → its text without the article, state, post and the state's code; in the six languages.
  static func party(_ written: Substring, year: Int? = nil) -> Party {
    let text = Prose.trimmed(withoutArticle(Prose.trimmed(written)))
    var head = text
    for mission in missions { if let to = head.firstRange(of: mission), to.lowerBound > head.startIndex { head = head[..<to.lowerBound] } }
    if let to = Prose.range(of: " to the united nations", in: head) { head = head[..<to.lowerBound] }
    guard let (post, state, code) = stateEnd(head, year) ?? statePlain(head, year) else { return Party(text: String(text)) }
    return Party(text: String(text), state: state.map(String.init), post: post.map { String(withoutMission($0)) }, code: code)
  }

  private static let missions = [
    " to the United Nations", " auprès de l", " auprès des Nations", " ante las Naciones", " ante la Organización", " при Организации",
    " при Отделении", " لدى الأمم",
  ]

  /// The longest end of the words that is a state's name, or a list of such names.
  private static func stateEnd(_ head: Substring, _ year: Int?) -> (post: Substring?, state: Substring?, code: String?)? {
    guard head.utf8.count <= 400 else { return nil }
    if let first = head.unicodeScalars.first, (0x3400...0x9fff).contains(first.value) { return chineseState(head, year) }
    var starts: [Substring.Index] = [head.startIndex]
    for index in head.indices where head[index] == " " || head[index] == "’" || head[index] == "'" {
      starts.append(head.index(after: index))
    }
    guard starts.count <= 60 else { return nil }
    if let several = severalStates(head, starts, year) { return several }
    for start in starts {
      var name = head[start...]
      if let comma = name.firstRange(of: ", ") { name = name[..<comma.lowerBound] }
      guard case .state(let code) = StateName.find(name, year: year) else { continue }
      let before = withoutJoint(head[..<start])
      return (before.isEmpty ? nil : before, withoutArticle(name), code)
    }
    return nil
  }

  /// "Permanent Representatives of Austria, Germany and Italy": all of them by name, no code.
  private static func severalStates(_ head: Substring, _ starts: [Substring.Index], _ year: Int?) -> (
    post: Substring?, state: Substring?, code: String?
  )? {
    guard [",", " and ", " et ", " y ", " и "].contains(where: { head.contains($0) }) else { return nil }
    for start in starts where start > head.startIndex {
      let names = sponsors(String(withoutArticle(head[start...])))
      guard names.count > 1, names.allSatisfy({ StateName.find($0, year: year).code != nil }) else { continue }
      return (withoutJoint(head[..<start]), withoutArticle(head[start...]), nil)
    }
    return nil
  }

  private static func chineseState(_ head: Substring, _ year: Int?) -> (post: Substring?, state: Substring?, code: String?)? {
    for length in stride(from: min(24, head.count), to: 1, by: -1) {
      let name = head.prefix(length)
      if case .state(let code) = StateName.find(name, year: year) { return (head.dropFirst(length), name, code) }
    }
    return nil
  }

  /// A name after "of" that the tables lack: a state's as far as can be told, but for an organ's ("President of the General Assembly").
  private static func statePlain(_ head: Substring, _ year: Int?) -> (post: Substring?, state: Substring?, code: String?)? {
    guard let of = stateStart(in: head) else { return nil }
    let state = withoutArticle(Prose.trimmed(head[of.upperBound...]))
    let isOrgan = Organ.name(of: state) != nil || organWords.contains { state.firstRange(of: $0) != nil }
    if isOrgan || state.isEmpty { return (head, nil, nil) }
    let name = state.firstIndex(of: ",").map { state[..<$0] } ?? state
    return (Prose.trimmed(head[..<of.lowerBound]), name, nil)
  }

  private static let organWords = [
    "Secretary", "SECRETARY", "ouncil", "ommittee", "ssembly", "ommission", "OUNCIL", "OMMITTEE", "SSEMBLY", "Group", "Conference",
    "Movement", "Board", "Bureau", "Session",
  ]

  /// "Permanent Representative of the" → "Permanent Representative".
  private static func withoutJoint(_ text: Substring) -> Substring {
    var text = Prose.trimmed(text)
    while true {
      let word = text[(text.lastIndex(of: " ").map { text.index(after: $0) } ?? text.startIndex)...]
      guard
        ["of", "the", "de", "du", "des", "del", "la", "los", "las", "l’", "d’", "l'", "d'", "for", "OF", "THE", "DE", "el", "en"].contains(
          word)
      else { return text }
      text = Prose.trimmed(text[..<word.startIndex])
    }
  }

  /// "Chargé d’affaires a.i. of the Permanent Mission" → "Chargé d’affaires a.i."; a mission that writes itself stays.
  private static func withoutMission(_ post: Substring) -> Substring {
    for mission in [
      " of the Permanent Mission", " of the permanent mission", " de la Mission permanente", " de la Misión Permanente",
      " Постоянного представительства", " للبعثة الدائمة",
    ] {
      if let found = post.firstRange(of: mission) { return Prose.trimmed(post[..<found.lowerBound]) }
    }
    return post
  }

  /// The " of " before a state's name: not one within a post ("Minister of Foreign Affairs of X").
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

  /// The parties of a letter's title, with what was printed of each.
  static func addressee(_ written: Substring, year: Int?) -> Party {
    let name = withoutArticle(written)
    let read = party(written, year: year)
    return Party(text: String(name), state: read.state, post: read.post ?? String(name), code: read.code)
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

  /// A list of states in any of the six languages: "Austria, Iran (Islamic Republic of), Antigua and Barbuda and State of Palestine".
  static func sponsors(_ list: String) -> [String] {
    var names: [String] = []
    for piece in split(list, at: [",", "،", "、"]) {
      // "Egypt, on behalf of …" qualifies the name before it.
      if Prose.startsLowercase(piece), let last = names.last {
        if let joint = joints.first(where: { piece.hasPrefix($0.dropFirst()) }) {
          names += parted(String(piece.dropFirst(joint.count - 1)))
        } else {
          names[names.count - 1] = "\(last), \(piece)"
        }
      } else {
        names += parted(piece)
      }
    }
    return names.filter { !$0.isEmpty }
  }

  private static let joints = [" and ", " et ", " y ", " e ", " и ", " و"]

  /// "Trinidad and Tobago and Tunisia" as two: a name of the table stays whole, and so do both sides of a joint.
  private static func parted(_ piece: String) -> [String] {
    if StateName.find(piece) != .unknown { return [piece] }
    for joint in joints + ["和"] where piece.contains(joint) {
      let places = piece.ranges(of: joint).prefix(8)
      let best = places.first { StateName.find(piece[..<$0.lowerBound]) != .unknown && StateName.find(piece[$0.upperBound...]) != .unknown }
      guard let cut = best ?? places.first(where: { isOutsideBrackets($0.lowerBound, in: piece) }) else { continue }
      return [String(Prose.trimmed(piece[..<cut.lowerBound]))] + parted(String(Prose.trimmed(piece[cut.upperBound...])))
    }
    return [piece]
  }

  private static func isOutsideBrackets(_ place: String.Index, in text: String) -> Bool {
    text[..<place].utf8.reduce(0) { $0 + ($1 == 0x28 ? 1 : $1 == 0x29 ? -1 : 0) } == 0
  }

  /// Pieces between separators outside brackets.
  private static func split(_ text: String, at separators: Set<Character>) -> [String] {
    var depth = 0
    return text.split { character in
      if character == "(" { depth += 1 }
      if character == ")" { depth -= 1 }
      return depth == 0 && separators.contains(character)
    }.map { String(Prose.trimmed($0)) }.filter { !$0.isEmpty }
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
