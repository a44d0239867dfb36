import Analysis
import Documents
import Engine
import QueryLanguage
import TestSupport

@testable import Catalogue

/// Random papers and queries over a few words, so that they meet often.
struct RandomCorpora {
  var random: Seeded

  private static let words = ["peace", "peaceful", "law", "lawful", "war", "state", "states", "Élysée", "74", "a", "和", "平"]
  private static let symbols = ["A/74/1", "A/74/10", "A/75/1/Add.1", "S/2019/1", "S/RES/822 (1993)"]
  private static let organs = ["General Assembly", "Security Council", "Third Committee"]
  private static let items = ["3", "34", "34 (a)", "34 (b)", "130"]
  private static let states = ["Peace State", "Law", "States of War"]

  private mutating func one<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
  private mutating func some<T>(_ values: [T], upTo limit: Int) -> [T] {
    (0..<Int.random(in: 0...limit, using: &random)).map { _ in one(values) }
  }
  private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
  private mutating func text(_ lengths: ClosedRange<Int>) -> String {
    (0..<Int.random(in: lengths, using: &random)).map { _ in one(Self.words) + one(["", "", "", ",", " –", "."]) }.joined(separator: " ")
  }
  private mutating func date() -> CalendarDate? {
    CalendarDate(
      year: Int.random(in: 2018...2020, using: &random), month: Int.random(in: 1...12, using: &random),
      day: Int.random(in: 1...28, using: &random))
  }

  mutating func document(_ number: Int) -> Document {
    var document = Document(id: id(number))
    document.symbols = some(Self.symbols, upTo: 2).compactMap { Symbol($0) }
    document.organs = some(Self.organs, upTo: 2)
    document.distribution = chance(50) ? one(["General", "Limited"]) : nil
    document.date = chance(80) ? date() : nil
    document.sessions = some([74, 7, 62], upTo: 2).map { Session(organ: "General Assembly", text: "Session \($0 ?? 0)", number: $0) }
    document.items = some(Self.items, upTo: 3).map { AgendaItem(number: $0, title: chance(50) ? text(1...3) : nil) }
    document.titles = some(Self.words, upTo: 2)
    if chance(50) { document.title = "Letter dated \(Int.random(in: 1...28, using: &random)) May 2019 about \(text(1...3))" }
    document.kind = one([.letter, .note, .noteVerbale, .report])
    document.language = one(["en", "fr", nil])
    if chance(60) {
      document.sender = Party(text: text(1...3), state: chance(50) ? one(Self.states) : nil, post: chance(50) ? "Envoy" : nil)
    }
    document.addressees = some(Self.states, upTo: 2).map { Party(text: $0) }
    document.signatories = some(Self.words, upTo: 2).map { Signatory(name: $0, rank: "Envoy") }
    document.sponsors = some(Self.states, upTo: 2)
    if chance(20) { document.metadata = ["year": "2017"] }
    document.paragraphs = (0..<Int.random(in: 0...4, using: &random)).map { index in
      Paragraph(number: index + 1, text: text(0...90), attribution: "somebody", role: one([.body, .body, .heading]))
    }
    for _ in 0..<Int.random(in: 0...4, using: &random) {
      if let span = span(document) { speak(span, &document) }
    }
    return document
  }

  /// A few words of one of the paragraphs.
  private mutating func span(_ document: Document) -> TextSpan? {
    guard let paragraph = document.paragraphs.randomElement(using: &random) else { return nil }
    let tokens = Analyzer().words(paragraph.text).map(\.token)
    guard !tokens.isEmpty else { return nil }
    let first = Int.random(in: 0..<tokens.count, using: &random)
    let last = min(tokens.count - 1, first + Int.random(in: 0...3, using: &random))
    return TextSpan(.paragraph(paragraph.number), tokens[first].start..<tokens[last].start + tokens[last].length)
  }

  private mutating func speak(_ span: TextSpan, _ document: inout Document) {
    switch Int.random(in: 0...4, using: &random) {
    case 0: document.citations.append(Citation(span: span, symbols: some(Self.symbols, upTo: 2).compactMap { Symbol($0) }))
    case 1: document.citations.append(Citation(span: span, instrument: one(["the Peace Treaty", "Law of War"])))
    case 2: document.mentions.append(Mention(span: span, meaning: .place(one(["AZE", "PER"]))))
    default:
      guard let day = date(), let month = CalendarDate(year: day.year, month: day.month, day: 1), let later = date() else { return }
      let last = (28...31).reversed().compactMap { CalendarDate(year: day.year, month: day.month, day: $0) }.first ?? day
      let year = [CalendarDate(year: day.year, month: 1, day: 1), CalendarDate(year: day.year, month: 12, day: 31)].compactMap { $0 }
      let (from, to) = one([(day, day), (month, last), (year[0], year[1]), (min(day, later), max(day, later))])
      document.mentions.append(Mention(span: span, meaning: .days(from, to)))
    }
  }

  mutating func query(_ depth: Int = 0) -> String {
    switch depth < 3 ? Int.random(in: 0...9, using: &random) : 9 {
    case 0: return "(\(query(depth + 1)) OR \(query(depth + 1)))"
    case 2, 3: return "(\(query(depth + 1)) \(query(depth + 1)))"
    case 5: return "(\(query(depth + 1)))^2"
    case 1:
      let words = (0..<Int.random(in: 4...6, using: &random)).map { _ in one(Self.words).uppercased() }.joined(separator: " ")
      return chance(50) ? "(\(words))" : "(\(words) \(field()))"
    case 4: return "NOT \(query(depth + 1))"
    default: return chance(60) ? words() : field()
    }
  }

  private mutating func words() -> String {
    switch Int.random(in: 0...10, using: &random) {
    case 0: "\"\(text(1...3))\""
    case 5: one(["p?ace*", "*ful", "l?w", "st*te", "*a*e*", "A/7?/1*", "peace/l*", "élys*e", "1?"])
    case 6: one(["paece~", "laws~1", "stats~", "elyseé~2", "wra~", "sattes~2"])
    case 7: "\"\(text(2...3))\"~\(Int.random(in: 0...4, using: &random))"
    case 8, 9: near()
    case 10: "\(Int.random(in: 1...2, using: &random)) OF (\(one(Self.words)) \"\(text(1...2))\" \(field()) NOT \(one(Self.words)))"
    case 1: String(one(Self.words).prefix(Int.random(in: 1...4, using: &random))) + "*"
    case 2: one(["A/74/1", "&", "peace/law"])
    default: one(Self.words).uppercased()
    }
  }

  private mutating func near() -> String {
    let operation = " \(one(["NEAR", "PRE"]))/\(Int.random(in: 1...6, using: &random)) "
    return (0...Int.random(in: 1...2, using: &random)).map { _ in
      switch Int.random(in: 0...5, using: &random) {
      case 0: "\"\(text(1...2))\""
      case 1: one(["pea*", "st?te*", "lw~"])
      case 2: "(\(one(Self.words)) OR \(one(Self.words)) OR pea*)"
      default: one(Self.words)
      }
    }.joined(separator: operation)
  }

  private mutating func field() -> String {
    switch Int.random(in: 0...18, using: &random) {
    case 0: "symbol:\"\(one(Self.symbols).lowercased())\""
    case 1: "symbol:\(one(["A/74/1", "a/7", "S/", "s_2019"]))*"
    case 2: "organ:\"\(one(Self.organs))\""
    case 3: "session:\(one(["74", "7", "62nd"]))"
    case 4: "item:\(one(["3", "34", "34(a)", "130", "13", "peace", "3*"]))"
    case 5: "kind:\(one(["letter", "NOTE", "no*", "\"note verbale\""]))"
    case 6: "sender:\(one(["peace", "pea*e", "stats~","\"law peace\"", "env*", "\"States of War\""]))"
    case 7: "addressee:\(one(["law", "sta*"]))"
    case 8: "signatory:\(one(Self.words))"
    case 9: "title:\(one(["peace", "lawf*", "l?w", "lwa~", "*ful","\"dated 5 May\""]))"
    case 10: "language:\(one(["en", "French"]))"
    case 11: "sponsor:\"\(one(Self.states))\""
    case 13: "cites:\"\(one(Self.symbols).lowercased())\""
    case 14: "cites:\(one(["A/74/1*", "s*", "peace*", "\"PEACE treaty\"", "\"law of war\"", "law", "\"A/74/10–S/2019/1\""]))"
    case 15, 16:
      "mentions:\(one(["2019", "2019-05", "2018..2019", "2018-03..2019-05", "2019-02-10..2019-03-31", "2019-05-05", "\"May 2019\""]))"
    case 17: "mentions:\(one(["AZE", "Perú", "Азербайджан", "秘鲁"]))"
    case 12: "date:\(one(["2019", "2019-05", ">=2019-06", "2018-03..2019-05", "2019-05-05"]))"
    default: "year:\(one(["2017", "2019", "2018..2019", "<=2018"]))"
    }
  }
}

/// Whether a document matches a query, from the document's own fields and without an index. Nil when the query says nothing.
func matches(_ document: Document, _ query: Query) -> Bool? {
  switch query {
  case .all: return true
  case .term(let text):
    let marked = document.body.map { stemmedMarks(terms($0), text, document.language ?? "") }
    return terms(text).isEmpty ? nil : marked.contains { !$0.isEmpty }
  case .some(let parts):
    let answers = telling(parts).compactMap { matches(document, $0) }
    return answers.isEmpty ? nil : answers.contains(true)
  case .phrase, .prefix, .pattern, .fuzzy, .loosePhrase, .near:
    let marked = document.body.map { marks(terms($0), query) }
    return marked.contains(nil) ? nil : marked.contains { $0?.isEmpty == false }
  case .inField(let field, let query): return document.texts(field).contains { marks(terms($0), query)?.isEmpty == false }
  case .field(let field, let value, let isPrefix): return matches(document, field, value, isPrefix)
  case .dates(let from, let to):
    return [document.date, document.titleDate].contains { date in
      guard let date, let day = Day(date.year, date.month, date.day) else { return false }
      return day >= from ?? day && day <= to ?? day
    }
  case .years(let from, let to): return document.year.map { $0 >= from ?? $0 && $0 <= to ?? $0 } ?? false
  case .mentioned(let from, let to): return document.mentions.contains { names($0, from, to) }
  case .and(let parts):
    let answers = parts.compactMap { matches(document, $0) }
    return answers.isEmpty ? nil : answers.allSatisfy { $0 }
  case .or(let parts):
    let answers = parts.compactMap { matches(document, $0) }
    return answers.isEmpty ? nil : answers.contains(true)
  case .atLeast(let least, let parts):
    let answers = parts.compactMap { matches(document, $0) }
    return answers.isEmpty ? nil : answers.count { $0 } >= min(least, answers.count)
  case .not(let part): return matches(document, part).map { !$0 }
  case .boost(let part, _): return matches(document, part)
  }
}

/// Whether one of the days, months and years that a mention names lies in a range of days.
func names(_ mention: Mention, _ from: Day, _ to: Day) -> Bool {
  guard case .days(let first, let last) = mention.meaning, let start = Day(first.year, first.month, first.day),
    let end = Day(last.year, last.month, last.day)
  else { return false }
  func month(_ number: Int) -> [Day] {
    let days = (1...31).compactMap { Day(number / 12, number % 12 + 1, $0) }
    return [days[0], days[days.count - 1]]
  }
  let months = (start.year * 12 + start.month - 1...end.year * 12 + end.month - 1).map(month)
  let years = (start.year...end.year).map { month($0 * 12)[0...0] + month($0 * 12 + 11)[1...1] }.map { Array($0) }
  let isOfMonths = start == months[0][0] && end == months[months.count - 1][1]
  let isOfYears = isOfMonths && start.month == 1 && end.month == 12
  // The stretches of these corpora are shorter than 36 months, and of those from 24 on only the first and last month are named.
  let named =
    years + (isOfYears ? [] : months.count <= 24 ? months : [months[0], months[months.count - 1]])
    + (isOfMonths ? [] : [[start, start], [end, end]])
  return named.contains { $0[0] >= from && $0[1] <= to }
}

func names(_ mention: Mention, _ value: String) -> Bool {
  if value == "May 2019", let first = Day(2019, 5, 1), let last = Day(2019, 5, 31) { return names(mention, first, last) }
  return mention.meaning == .place(["AZE": "AZE", "Азербайджан": "AZE"][value] ?? "PER")
}

func cites(_ citation: Citation, _ value: String, _ isPrefix: Bool) -> Bool {
  let wanted = value.lowercased()
  let instrument = citation.instrument.map { $0.lowercased().replacing("the ", with: "") }
  let all = citation.symbols.map { $0.text.lowercased() } + [instrument].compactMap { $0 }
  if isPrefix { return all.contains { $0.hasPrefix(wanted) } }
  return all.contains { wanted.split(separator: "–").map(String.init).contains($0) }
}

func terms(_ text: String) -> [String] { Analyzer().terms(text).map { String(decoding: $0, as: UTF8.self) } }

/// Of the words of these corpora "a" says nothing of a subject.
func telling(_ parts: [Query]) -> [Query] {
  let telling = parts.filter { $0 != .term("A") }
  return telling.isEmpty ? parts : telling
}

/// The words of a text in a language that stand in a row in any inflection: each wanted word has a stem in every language, which is looked for among those of
/// the text's own.
func stemmedMarks(_ words: [String], _ written: String, _ textLanguage: String) -> Set<Int> {
  var stemmer = Stemmer()
  func stemmed(_ words: [String], _ language: String) -> [String] {
    words.map { String(decoding: stemmer.stems(of: Array($0.utf8), languages: [language])[0], as: UTF8.self) }
  }
  let own = stemmed(words, textLanguage)
  var marked: Set<Int> = []
  for language in EngineQuery.languages {
    let row = stemmed(terms(written), language)
    for start in words.indices where !row.isEmpty && own[start...].starts(with: row) { marked.formUnion(start..<start + row.count) }
  }
  return marked
}

/// The words of a text that match a query of words; nil when it says nothing.
func marks(_ words: [String], _ query: Query) -> Set<Int>? {
  switch query {
  case .loosePhrase(let text, let others):
    let wanted = terms(text)
    if others == 0 || wanted.count < 2 { return marks(words, .phrase(text)) }
    return stretches(words, wanted.map { [[$0]] }, others, isOrdered: false)
  case .near(let parts, let distance, let isOrdered):
    let operands = parts.map { part -> [[String]] in
      if case .or(let parts) = part { return parts.flatMap { rows(words, $0) ?? [] } }
      return rows(words, part) ?? []
    }
    return stretches(words, operands, distance - 1, isOrdered: isOrdered)
  default:
    guard let rows = rows(words, query) else { return nil }
    var marked: Set<Int> = []
    for row in rows { for start in words.indices where words[start...].starts(with: row) { marked.formUnion(start..<start + row.count) } }
    return marked
  }
}

/// The rows of a text's words that fit a word, phrase or pattern; nil when that says nothing.
private func rows(_ words: [String], _ query: Query) -> [[String]]? {
  let patterns: [(String) -> Bool]
  switch query {
  case .term(let text), .phrase(let text): patterns = terms(text).map { wanted in { $0 == wanted } }
  case .prefix(let stem): return rows(words, .pattern(stem + "*"))
  case .pattern(let text):
    // The folding leaves * and ? out, so each piece between them is folded by itself.
    patterns = text.split { !$0.isLetter && !$0.isNumber && $0 != "*" && $0 != "?" }.compactMap { word in
      var pattern = ""
      for piece in word { pattern += piece == "*" || piece == "?" ? String(piece) : terms(String(piece)).joined() }
      return pattern.contains { $0 != "*" && $0 != "?" } ? { fits($0[...], pattern[...]) } : nil
    }
  case .fuzzy(let word, let most):
    guard let word = terms(word).first else { return nil }
    patterns = [{ edits(Array(word), Array($0)) <= most ?? (word.count < 6 ? 1 : 2) }]
  default: return []
  }
  if patterns.isEmpty { return nil }
  return words.indices.dropLast(patterns.count - 1).map { Array(words[$0..<$0 + patterns.count]) }.filter {
    zip($0, patterns).allSatisfy { $1($0) }
  }
}

/// The words of a text that belong to stretches with all operands, tried in every way.
private func stretches(_ words: [String], _ operands: [[[String]]], _ others: Int, isOrdered: Bool) -> Set<Int> {
  let places = operands.map { rows in words.indices.filter { start in rows.contains { words[start...].starts(with: $0) } } }
  let lengths = operands.map { $0.first?.count ?? 1 }
  let span = others + lengths.reduce(0, +)
  var marked: Set<Int> = []
  func choose(_ chosen: [Int]) {
    guard chosen.count < operands.count else {
      let (first, last) = (chosen.min() ?? 0, zip(chosen, lengths).map { $0 + $1 }.max() ?? 0)
      let follow = zip(zip(chosen, lengths), chosen.dropFirst()).allSatisfy { $0.0 + $0.1 <= $1 }
      guard last - first <= span, Set(chosen).count == chosen.count, !isOrdered || follow else { return }
      // All occurrences that such a stretch has room for.
      for (own, length) in zip(places, lengths) {
        for place in own where place >= first && place + length <= first + span { marked.formUnion(place..<place + length) }
      }
      return
    }
    for place in places[chosen.count] { choose(chosen + [place]) }
  }
  choose([])
  return marked
}

private func fits(_ word: Substring, _ pattern: Substring) -> Bool {
  guard let first = pattern.first else { return word.isEmpty }
  if first == "*" { return fits(word, pattern.dropFirst()) || !word.isEmpty && fits(word.dropFirst(), pattern) }
  return !word.isEmpty && (first == "?" || first == word.first) && fits(word.dropFirst(), pattern.dropFirst())
}

/// Optimal string alignment.
private func edits(_ one: [Character], _ other: [Character]) -> Int {
  var cost = (0...one.count).map { row in (0...other.count).map { row == 0 ? $0 : $0 == 0 ? row : 0 } }
  for (row, left) in one.enumerated() {
    for (column, right) in other.enumerated() {
      var least = min(cost[row][column + 1] + 1, cost[row + 1][column] + 1, cost[row][column] + (left == right ? 0 : 1))
      if row > 0, column > 0, left == other[column - 1], one[row - 1] == right { least = min(least, cost[row - 1][column - 1] + 1) }
      cost[row + 1][column + 1] = least
    }
  }
  return cost[one.count][other.count]
}

private func row(_ texts: [String], _ wanted: String) -> Bool? {
  let wanted = terms(wanted)
  return wanted.isEmpty
    ? nil
    : texts.contains { text in
      let words = terms(text)
      return words.indices.contains { words[$0...].starts(with: wanted) }
    }
}

private func beginning(_ texts: [String], _ stem: String) -> Bool? {
  let answers = texts.map { marks(terms($0), .prefix(stem)) }
  return answers.contains(nil) ? nil : answers.contains { $0?.isEmpty == false }
}

private func matches(_ document: Document, _ field: Field, _ value: String, _ isPrefix: Bool) -> Bool {
  func text(_ texts: [String?]) -> Bool {
    (isPrefix ? beginning(texts.compactMap { $0 }, value) : row(texts.compactMap { $0 }, value)) ?? false
  }
  func keyword(_ values: [String], _ wanted: String) -> Bool { values.contains { isPrefix ? $0.hasPrefix(wanted) : $0 == wanted } }
  let parties = { (parties: [Party]) in parties.flatMap { [$0.text, $0.state, $0.post] } }
  switch field {
  case .symbol: return keyword(document.symbols.map(\.text), value.uppercased().replacing("_", with: "/").replacing("ADD", with: "Add"))
  case .organ: return text(document.organs)
  case .session: return document.sessions.contains { $0.number == Int(value.filter(\.isNumber)) }
  case .item where value.first?.isNumber == true:
    let numbers = document.items.map { $0.number.filter { $0 != " " } }
    return numbers.contains { $0 == value || isPrefix && $0.hasPrefix(value) || !value.contains("(") && $0.hasPrefix(value + "(") }
  case .item: return text(document.items.map(\.title))
  case .kind: return keyword([document.kind.rawValue], value.lowercased())
  case .sender: return text(parties(document.sender.map { [$0] } ?? []))
  case .addressee: return text(parties(document.addressees))
  case .signatory: return text(document.signatories.flatMap { [$0.name, $0.rank, $0.post] })
  case .title: return text([document.title] + document.titles + document.items.map(\.title))
  case .language: return document.language == String(value.prefix(2)).lowercased()
  case .distribution: return keyword([document.distribution?.lowercased() ?? ""], value)
  case .sponsor: return text(document.sponsors)
  case .cites: return document.citations.contains { cites($0, value, isPrefix) }
  case .mentions: return document.mentions.contains { names($0, value) }
  case .date, .year, .citedby: return false
  }
}

extension Document {
  /// The texts of a field of words.
  fileprivate func texts(_ field: Field) -> [String] {
    let parties = { (parties: [Party]) in parties.flatMap { [$0.text, $0.state, $0.post] } }
    let texts: [String?] =
      switch field {
      case .organ: organs
      case .title: [title] + titles + items.map(\.title)
      case .sender: parties(sender.map { [$0] } ?? [])
      default: []
      }
    return texts.compactMap { $0 }
  }

  /// The texts that a plain word is looked for in.
  fileprivate var body: [String] {
    let people = (sender.map { [$0.text] } ?? []) + addressees.map(\.text) + signatories.map(\.name) + sponsors
    let heading = symbols.map(\.text) + [title].compactMap { $0 } + titles + items.compactMap(\.title)
    return paragraphs.map(\.text) + heading + organs + sessions.map(\.text) + people
  }
}
