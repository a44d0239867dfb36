import Documents

/// What follows the head word of a treaty's name in English: "on the Rights of the Child", "against Torture and Other Cruel, Inhuman or Degrading Treatment".
struct Complement {
  /// Where the name ends; nil when what follows is no part of a name.
  private(set) var end: Int?

  private let text: CitedText
  private var index: Int

  /// Small words in a row at most.
  private static let mostSmallWords = 5
  private static let mostWords = 60

  init(_ text: CitedText, from start: Int, head: String) {
    self.text = text
    index = start
    read(head)
  }

  private mutating func read(_ head: String) {
    var small: [String] = []
    var isBetween = false
    for _ in 0..<Self.mostWords {
      let next = text.skipSpaces(index)
      // "Nuclear -Weapon": a hyphen that a line's end set apart.
      if end != nil, small.isEmpty, text[next] == 0x2d, CitedText.isLetter(text[next + 1]) {
        index = text.word(at: next + 1).upperBound
        end = index
        continue
      }
      guard next > index || text[index - 1] == 0x2d else {
        guard small.isEmpty, end != nil, text[index] == 0x2c, takesListed() else { return }
        continue
      }
      let word = text.word(at: next)
      guard !word.isEmpty else { return }
      let isCapital = CitedText.isUpper(text[next]) || text[next] == 0xc3 && (0x80...0x9e).contains(text[next + 1])
      let written = text.string(word)
      if isCapital {
        if small.isEmpty, end == nil, !Self.capitalOpenings.contains(written) { return }
        if !small.isEmpty || end != nil, !accepts(written, after: small, isBetween: isBetween, at: next, head) { return }
        if small.contains("between") { isBetween = true }
        small = []
        index = word.upperBound
        end = index
        if TreatyName.heads.contains(written), let known = KnownTreaties.end(text, word) {
          end = known
          return
        }
      } else {
        guard small.count < Self.mostSmallWords,
          end == nil && small.isEmpty ? Self.openings.contains(written) : Self.joints.contains(written)
        else { return }
        small.append(written)
        index = word.upperBound
      }
    }
  }

  /// Words that what a treaty is on may begin with.
  private static let openings: Set<String> = [
    "on", "of", "for", "against", "to", "concerning", "relating", "relative", "regarding", "respecting", "between", "among", "governing",
    "under",
    "establishing", "banning", "prohibiting", "supplementing",
  ]

  /// The same, where a name's every word has a capital: "Treaty Banning Nuclear Weapon Tests".
  private static let capitalOpenings: Set<String> = [
    "Against", "Banning", "Establishing", "Governing", "Additional", "Relating", "Concerning", "Prohibiting", "Regarding", "Amending",
    "Revising", "Supplementing",
  ]

  /// Small words within a name.
  private static let joints: Set<String> = [
    "on", "of", "for", "against", "to", "concerning", "relating", "relative", "regarding", "respecting", "between", "among", "governing",
    "under",
    "establishing", "banning", "the", "a", "an", "and", "or", "in", "from", "by", "with", "at", "as", "its", "their", "that", "which",
    "other", "all",
    "than", "upon", "without", "through", "especially", "particularly", "those", "into", "and/or", "supplementing",
  ]

  private func accepts(_ word: String, after small: [String], isBetween: Bool, at start: Int, _ head: String) -> Bool {
    if !small.isEmpty, Self.days.contains(word) { return false }
    let bare = end == nil
    if bare {
      switch small.first {
      // "the Convention to Combat …", "the Protocol to the Treaty …", but not "apply the Convention to Palestine".
      case "to":
        if small.count == 1
          ? !Self.infinitives.contains(word) && !Self.isAcronym(word)
          : !TreatyName.heads.contains(word) && !["United", "International", "Optional", "European", "Geneva"].contains(word)
        {
          return false
        }
      // "the Charter of the Organization" speaks of the Charter, but "the Statute of the Court" too.
      case "of":
        if Self.organs.contains(word), small.count > 1, word != "United", word != "International", word != "Organization" { return false }
      case "under": if head != "Agreement" || !["United", "Convention"].contains(word) { return false }
      default: break
      }
      if small.contains(where: { ["and", "or", "those", "that", "its", "their", "such"].contains($0) }) { return false }
      if small.first != "to", TreatyName.heads.contains(word) { return false }
      return small.first == "between" || !Self.bodies.contains(word)
    }
    if small.isEmpty { return !Self.ends.contains(word) }
    if small == ["of", "the"],
      text.has("United Nations Educational", at: start) || text.has("Food and", at: start) || text.has("World Trade", at: start)
        || text.has("World Health", at: start)
    {
      return false
    }
    if small == ["in"] || small == ["in", "the"] || small == ["by"] || small == ["at"] && word != "Sea" || small == ["by", "the"]
      || small == ["at", "the"] || small == ["with"] || small == ["as"]
    {
      return !isBetween && isPartOfName(small, word) && !(small.count > 1 && Self.organs.contains(word))
    }
    guard small.contains("and") || small.contains("or") || small.contains("as") else { return true }
    if isBetween { return !TreatyName.heads.contains(word) }
    if small == ["and", "the"] { return Self.regions.contains(word) }
    if small.first == "and", small.count > 1, small[1] == "in" || small[1] == "with" || small[1] == "by" || small[1] == "to" {
      return false
    }
    return !heads(from: start)
  }

  /// "Optional Protocol to ICCPR"
  private static func isAcronym(_ word: String) -> Bool {
    word.utf8.count >= 3 && word.utf8.allSatisfy { CitedText.isUpper($0) || $0 == 0x2d }
  }

  /// "in Persons", "by Land", but not "in Geneva" or "by Italy", where something took place or whose doing it was.
  private func isPartOfName(_ small: [String], _ word: String) -> Bool {
    guard small.first == "in" || small.first == "with" || small == ["by"] || small.first == "as" else { return small == ["at"] }
    return !Self.places.contains(word) && (small.count > 1 || StateName.find(word).code == nil)
  }

  private static let places: Set<String> = [
    "Geneva", "Vienna", "New", "Nairobi", "Paris", "Rome", "Bonn", "Montreal", "Victoria", "Cali", "Kunming", "Baku", "Dubai", "Glasgow",
    "Belém", "The", "London", "Brussels", "Washington", "Sharm",
    "Riyadh", "Abidjan", "Bangkok", "Nice", "Lisbon", "Stockholm", "Doha", "Marrakech", "Copenhagen", "Cancun", "Durban", "Bali", "Kyoto",
    "Buenos", "Addis", "Beijing", "Tokyo", "Moscow",
  ]

  /// Whether the capitals that begin here name something else: another treaty, an organ, a plan.
  private func heads(from start: Int) -> Bool {
    var index = start
    for _ in 0..<6 {
      let word = text.word(at: index)
      guard !word.isEmpty, CitedText.isUpper(text[index]) else { return false }
      let written = text.string(word)
      if TreatyName.heads.contains(written) || Self.organs.contains(written) { return true }
      guard text[word.upperBound] == 0x20 else { return false }
      index = word.upperBound + 1
    }
    return false
  }

  /// ", Production, Stockpiling and Use": a row of capitals that ends in "and" or "or" and one more.
  private mutating func takesListed() -> Bool {
    var place = index
    for _ in 0..<12 {
      guard text[place] == 0x2c else { return false }
      var next = text.skipSpaces(place + 1)
      guard next > place + 1 else { return false }
      for word in ["especially", "particularly", "and", "or", "including", "their", "its"]
      where text.bytes[next...].starts(with: word.utf8) && text[next + word.utf8.count] == 0x20 {
        next += word.utf8.count + 1
      }
      guard CitedText.isUpper(text[next]) else { return false }
      var steps = 0
      while CitedText.isUpper(text[next]), steps < 8 {
        let word = text.word(at: next)
        let written = text.string(word)
        guard !TreatyName.heads.contains(written), !Self.organs.contains(written), !Self.ends.contains(written),
          !Self.days.contains(written)
        else { return false }
        if ["Especially", "Particularly", "Their"].contains(written) {
          index = word.upperBound
          end = index
          return true
        }
        place = word.upperBound
        next = text.skipSpaces(place)
        steps += 1
        for small in ["of", "for", "to"]
        where text.bytes[next...].starts(with: small.utf8) && CitedText.isUpper(text[next + small.utf8.count + 1]) {
          next += small.utf8.count + 1
        }
      }
      if steps == 0 || steps == 8 { return false }
      if text[place] == 0x2c { continue }
      for joint in ["and", "or"] where text.bytes[next...].starts(with: joint.utf8) {
        var after = text.skipSpaces(next + joint.utf8.count)
        guard after > next + joint.utf8.count else { continue }
        for small in ["of", "to", "on", "their", "other", "the"]
        where text.bytes[after...].starts(with: small.utf8) && text[after + small.utf8.count] == 0x20 { after += small.utf8.count + 1 }
        guard CitedText.isUpper(text[after]), !heads(from: after) else { return false }
        index = place
        end = place
        return true
      }
      return false
    }
    return false
  }

  private static let bodies: Set<String> = [
    "Committee", "Council", "Assembly", "Commission", "Conference", "Secretary-General", "Secretariat", "Court", "Parties", "Party",
    "Member", "States", "Government",
  ]
  private static let infinitives: Set<String> = [
    "Combat", "Prevent", "Eliminate", "Regulate", "Suppress", "Abolish", "Prohibit", "Facilitate", "Limit", "Protect", "Promote",
    "Establish", "Control",
  ]
  private static let regions: Set<String> = [
    "Caribbean", "Pacific", "Coastal", "Subsoil", "Ocean", "Seabed", "Fight", "Transfer", "Use", "Stockpiling", "Sea", "Procedure", "Union",
    "Government", "Republic", "Kingdom", "Removal", "Mediterranean", "Baltic", "Arctic", "Fisheries",
  ]
  /// Capitals that begin something else than a treaty's name goes on with.
  static let organs: Set<String> = [
    "General", "Security", "Council", "Assembly", "Secretary-General", "Secretariat", "Committee", "Commission", "Conference",
    "Declaration", "Agenda",
    "Programme", "Plan", "Platform", "Framework", "Resolution", "Government", "Governments", "Member", "United", "International",
    "Organization", "Meeting", "Parties", "Additional", "Court", "Tribunal",
    "Agency", "Beijing", "Sendai", "Addis", "Paris", "Principles", "Guidelines", "Rules", "Code", "Guiding", "Basic",
  ]
  /// Words that a sentence begins or goes on with after a name.
  private static let ends: Set<String> = [
    "Final", "Recalling", "Reaffirming", "Noting", "Recognizing", "Decides", "Requests", "Calls", "Urges", "Stressing", "Welcoming", "The",
    "In", "On", "For", "To", "And", "Adopted", "Resolution",
    "Conference", "Review", "Secretariat", "Committee", "Having", "Bearing", "Taking", "Guided", "Emphasizing", "Expressing", "Convinced",
    "Deeply", "Considering", "Acknowledging", "Mindful",
  ]
  private static let days: Set<String> = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December", "Monday",
    "Tuesday", "Wednesday", "Thursday",
    "Friday", "Saturday", "Sunday",
  ]
}
