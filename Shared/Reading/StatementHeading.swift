import Documents

/// The heading of a statement as a delegation hands it out: who speaks, where and when, above the salutation.
struct StatementHeading {
  var title: String
  var sender: Party?
  var date: CalendarDate?
  /// Of the General Assembly.
  var session: Int?
  /// The line after it.
  var end: Int

  static let maximumLines = 30

  /// nil when the lines are no such heading.
  init?(_ lines: ArraySlice<Line>) {
    var head: [String] = []
    for line in lines.prefix(Self.maximumLines) {
      if Self.isSalutation(line.text) { break }
      guard line.text.utf8.count <= 240 else { return nil }
      head.append(line.collapsed)
    }
    guard !head.isEmpty, head.count < Self.maximumLines, head.count < lines.count else { return nil }
    let text = head.joined(separator: " ")
    let words = Folded.words(text)
    guard Self.names.contains(where: { words.contains($0) }), Self.occasions.contains(where: { words.contains($0) }) else { return nil }
    end = lines.startIndex + head.count
    title = String(text.prefix(600))
    date = Parties.date(in: text)
    session = Self.session(words)
    if let state = Self.state(text) { sender = Party(text: state.name, state: state.name, code: state.code) }
  }

  private static func isSalutation(_ text: String) -> Bool {
    let words = Phrases.folded(text, 40)
    return salutations.contains { words.hasPrefix($0) } && text.utf8.count <= 160
  }

  private static let salutations = [
    "mr president", "madam president", "mister president", "mr chairman", "mr secretary", "excellencies", "your excellenc", "distinguished",
    "president of the general assembly",
    "president of the 79", "the president of the united nations general assembly", "thank you", "h e philemon", "ladies and gentlemen",
    "mdm president", "monsieur le president", "madame la presidente",
    "excellence monsieur", "monsieur philemon", "mesdames", "senor presidente", "senora presidenta", "senor a presidente",
    "excelentisimo senor presidente de la asamblea",
    "muchas gracias", "a las autoridades", "господин председатель", "уважаемы", "السيد الرئيس", "اصحاب", "主席先生", "bismillah", "mr speaker",
    "president of the united", "president of the un ", "majest", "when we gathered",
  ]
  private static let names = [
    "statement", "address", "speech", "remarks", "stement", "allocution", "discours", "intervention", "declaration", "discurso", "palabras",
    "mensaje", "intervencion",
    "выступление", "заявление", "речь", "كلمه", "خطاب", "بيان", "讲话", "发言",
  ]
  private static let occasions = [
    "general debate", "general assembly", "united nations", "unga", "assemblee generale", "debat general", "nations unies",
    "asamblea general", "debate general", "naciones unidas",
    "генеральной ассамблеи", "общая дискуссия", "общеполитическая", "الجمعيه العامه", "المناقشه العامه", "大会", "一般性辩论",
  ]

  /// "79th session", "79ème session", "79 período de sesiones", "79-я сессия": the number before the word.
  private static func session(_ folded: String) -> Int? {
    let words = folded.split(separator: " ")
    for (index, word) in words.enumerated()
    where ["session", "periodo", "сессия", "сессии", "agnu", "assemblee", "unga"].contains(word) || word == "united" || word == "un" {
      for back in 1...4 where index >= back {
        let digits = words[index - back].prefix { $0.isNumber }
        guard let number = Int(digits), (1...150).contains(number), digits.utf8.count >= 1 else { continue }
        let suffix = words[index - back].dropFirst(digits.count)
        if ["", "th", "st", "nd", "rd", "e", "eme", "o", "º", "°", "я"].contains(suffix), suffix != "" || back <= 2 || number > 40 {
          return number
        }
      }
      if index >= 1, let number = Ordinal.value(words[max(0, index - 2)..<index].joined(separator: " ")) { return number }
    }
    return nil
  }

  /// The one state that the heading names, in its longest form.
  private static func state(_ text: String) -> (name: String, code: String)? {
    let words = text.split(whereSeparator: { " ,()«»“”\":;’'\n".contains($0) }).prefix(200)
    var found: [(name: String, code: String, length: Int)] = []
    var index = words.startIndex
    while index < words.endIndex {
      var step = 1
      for length in stride(from: min(9, words.endIndex - index), through: 1, by: -1) {
        let name = words[index..<index + length].joined(separator: " ")
        guard !Folded.words(name).hasPrefix("new york"), case .state(let code) = StateName.find(name) else { continue }
        if code == "USA", index > words.startIndex, ["york", "yorkcity"].contains(Folded.words(words[index - 1])) { continue }
        found.append((String(Parties.withoutArticle(name[...])), code, length))
        step = length
        break
      }
      index += step
    }
    let codes = Set(found.map(\.code)).subtracting(["USA"].filter { _ in Set(found.map(\.code)).count > 1 })
    guard codes.count == 1, let code = codes.first else { return nil }
    return found.filter { $0.code == code }.max { $0.length < $1.length }.map { ($0.name, $0.code) }
  }
}
