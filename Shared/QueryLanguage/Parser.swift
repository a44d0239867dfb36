extension Query {
  /// Reads a person's query.
  ///
  /// ```
  /// query  := or
  /// or     := and ("OR" and)*
  /// and    := unary (["AND"] unary)*          words side by side must both be there, when they are two;
  ///                                           of more, without AND between them, any may be missing
  /// unary  := ("NOT" | "-") unary | near
  /// near   := weighted (("NEAR/" | "PRE/") number weighted)*
  /// weighted := one ["^" number]
  /// one    := "(" or ")" | number "OF (" unary unary* ")" | field ":" value | "phrase" ["~" number] | word ["~" [number]]
  /// value  := word ["~" [number]] | "phrase" | from ".." to | ">=" from | "<=" to
  /// ```
  /// A word may hold `?` for one letter and `*` for any. Operators are upper case. An empty query is every document. Throws `QueryError` for anything that cannot be meant.
  /// - Parameter limit: of plain words side by side that must all be there; 0 for a thorough search.
  public init(_ text: String, wordsThatMustAllBeThere limit: Int = QueryLimits.wordsThatMustAllBeThere) throws(QueryError) {
    guard text.utf8.count <= QueryLimits.bytes else {
      throw QueryError(
        position: QueryLimits.bytes, length: text.utf8.count - QueryLimits.bytes,
        message: "the query is longer than \(QueryLimits.bytes) bytes",
        hint: "shorten it, or ask in several queries")
    }
    var parser = try Parser(text, limit)
    self = try parser.query()
  }
}

private struct Parser {
  private var lexer: Lexer
  private var token: Token
  private var clauses = 0
  private var citingPapers = 0
  private let limit: Int

  init(_ text: String, _ limit: Int) throws(QueryError) {
    self.limit = limit
    lexer = Lexer(text)
    token = try lexer.next()
  }

  private mutating func advance() throws(QueryError) { token = try lexer.next() }

  private func fail(_ message: String, _ hint: String) -> QueryError {
    QueryError(position: token.position, length: token.length, message: message, hint: hint)
  }

  mutating func query() throws(QueryError) -> Query {
    if token.kind == .end { return .all }
    let query = try or(depth: 0)
    guard token.kind == .end else { throw fail("this parenthesis was never opened", "remove it, or add a ( before") }
    return limit == 0 && query.isWord ? .some([query]) : query
  }

  private mutating func or(depth: Int) throws(QueryError) -> Query {
    var parts = [try and(depth: depth)]
    while token.kind == .or {
      try advance()
      parts.append(try and(depth: depth))
    }
    return parts.count == 1 ? parts[0] : .or(parts)
  }

  private mutating func and(depth: Int) throws(QueryError) -> Query {
    var parts = [try unary(depth: depth)]
    var isExplicit = false
    while true {
      switch token.kind {
      case .end, .close, .or: return isExplicit ? .and(parts) : .row(parts, limit: limit)
      case .and:
        isExplicit = true
        try advance()
      default: break
      }
      parts.append(try unary(depth: depth))
    }
  }

  private mutating func near(depth: Int) throws(QueryError) -> Query {
    let start = token
    let first = try weighted(depth: depth)
    let operation = token.kind
    guard case .near(let number, let isOrdered) = operation else { return first }
    guard let words = Int(number), (1...QueryLimits.near).contains(words) else {
      throw fail("\(number) is no distance", "write a number of words from 1 to \(QueryLimits.near): climate NEAR/5 security")
    }
    var parts = [try nearby(first, start)]
    while case .near = token.kind {
      guard token.kind == operation else {
        throw fail("one row of NEAR or PRE has one distance", "write the same each time, or join two rows by AND")
      }
      try advance()
      let place = token
      parts.append(try nearby(token.kind == .not || token.kind == .minus ? .all : try weighted(depth: depth), place))
    }
    return .near(parts, words: words, isOrdered: isOrdered)
  }

  /// What can stand near something else. Throws when `query`, which begins at `place`, cannot.
  private func nearby(_ query: Query, _ place: Token) throws(QueryError) -> Query {
    func isWord(_ query: Query) -> Bool {
      switch query {
      case .term, .prefix, .pattern, .fuzzy: true
      default: false
      }
    }
    switch query {
    case .phrase: return query
    case .or(let parts) where parts.allSatisfy(isWord): return query
    case _ where isWord(query): return query
    default:
      throw QueryError(
        position: place.position, length: place.length, message: "this cannot stand near something",
        hint: "write words, phrases, or words with OR in parentheses; a weight stands behind the whole: (a NEAR/5 b)^2")
    }
  }

  private mutating func unary(depth: Int) throws(QueryError) -> Query {
    guard depth < QueryLimits.depth else { throw fail("more than \(QueryLimits.depth) levels of parentheses or NOT", "simplify the query") }
    if token.kind == .not || token.kind == .minus {
      try advance()
      return .not(try unary(depth: depth + 1).strict)
    }
    return try near(depth: depth)
  }

  private mutating func weighted(depth: Int) throws(QueryError) -> Query {
    let query = try one(depth: depth)
    guard case .weight(let text) = token.kind else { return query }
    guard let weight = Double(text), QueryLimits.weights.contains(weight) else {
      throw fail("\(text) is no weight", "write a number from 0.001 to 1000: peace^2")
    }
    try advance()
    return .boost(query, weight)
  }

  private mutating func one(depth: Int) throws(QueryError) -> Query {
    let start = token
    switch start.kind {
    case .open:
      try advance()
      if token.kind == .close { throw fail("there is nothing between the parentheses", "put a word between them, or remove them") }
      let inner = try or(depth: depth + 1)
      guard token.kind == .close else {
        throw QueryError(
          position: start.position, length: 1, message: "this parenthesis is never closed", hint: "add a ) where it should end")
      }
      try advance()
      return inner
    case .quoted(let text):
      try count()
      if text.allSatisfy({ $0.isWhitespace }) { throw fail("there is nothing between the quotation marks", "put words between them") }
      try advance()
      guard case .tilde(let number) = token.kind else { return .phrase(text) }
      guard let others = Int(number), others <= QueryLimits.near else {
        throw fail(
          "~ behind a phrase says how many other words may stand in it", "write a number up to \(QueryLimits.near): \"climate security\"~5")
      }
      try advance()
      return .loosePhrase(text, others: others)
    case .word(let text):
      if let wanted = try someOf(text, depth: depth) { return wanted }
      try count()
      return try word(text)
    case .field(let name):
      try count()
      return try field(name)
    case .weight: throw fail("a weight stands directly behind a word, a phrase or a parenthesis", "write one weight: peace^2")
    case .tilde: throw fail("~ stands directly behind a word or a phrase", "write it there: azerbaijan~ or \"climate security\"~5")
    case .and, .or, .not, .minus, .near:
      throw fail("an operator has nothing before it", "put a word before it, or quote it to search for the word itself")
    case .close: throw fail("a word is missing before this parenthesis", "put a word before it, or remove it")
    case .end: throw fail("the query ends where a word is expected", "add a word, or remove the operator")
    }
  }

  private mutating func count() throws(QueryError) {
    clauses += 1
    guard clauses <= QueryLimits.clauses else {
      throw fail("more than \(QueryLimits.clauses) words and conditions", "ask in several queries")
    }
  }

  /// `2 OF (a b c)`, of which `2` has been read; nil when something else follows.
  private mutating func someOf(_ number: String, depth: Int) throws(QueryError) -> Query? {
    guard number.utf8.count <= 3, let least = Int(number) else { return nil }
    var ahead = lexer
    guard try ahead.next().kind == .word("OF"), try ahead.next().kind == .open else { return nil }
    let start = token
    try advance()
    try advance()
    try advance()
    var parts: [Query] = []
    while token.kind != .close {
      if token.kind == .end { throw fail("the parenthesis behind OF is never closed", "add a ) where it should end") }
      parts.append(try unary(depth: depth + 1))
    }
    guard (1...max(1, parts.count)).contains(least), !parts.isEmpty else {
      throw QueryError(
        position: start.position, length: start.length, message: "\(number) of \(parts.count) cannot be had",
        hint: "write a number from 1 to as many as stand in the parentheses: 2 OF (peace law war)")
    }
    try advance()
    return .atLeast(least, parts)
  }

  private mutating func word(_ text: String) throws(QueryError) -> Query {
    let place = token
    try advance()
    if case .tilde(let number) = token.kind { return try fuzzy(text, number) }
    guard let pattern = try pattern(text, place) else { return .term(text) }
    return pattern
  }

  /// A word with `?` or `*`, which began at `place`; nil when it has none. A `?` at the end is a question mark, which is left there.
  private func pattern(_ text: String, _ place: Token) throws(QueryError) -> Query? {
    var core = text[...]
    while core.last == "?" { core.removeLast() }
    guard core.contains(where: { $0 == "*" || $0 == "?" }) else { return nil }
    let letters = core.count { $0.isLetter || $0.isNumber }
    let begins = core.first == "*" || core.first == "?"
    guard letters >= (begins ? 2 : 1) else {
      throw QueryError(
        position: place.position, length: place.length, message: "a * or ? stands in a word that has letters",
        hint: "write one letter before it, as in geno* or wom?n, or two behind it, as in *cide")
    }
    if core.last == "*", !core.dropLast().contains(where: { $0 == "*" || $0 == "?" }) { return .prefix(String(core.dropLast())) }
    return .pattern(text)
  }

  private mutating func fuzzy(_ text: String, _ number: String) throws(QueryError) -> Query {
    guard number.isEmpty || number == "1" || number == "2" else {
      throw fail("a word like another is one or two edits away", "write ~, ~1 or ~2")
    }
    guard !text.contains(where: { $0 == "*" || $0 == "?" }) else {
      throw fail("~ stands behind a word without * and ?", "remove one of them")
    }
    try advance()
    return .fuzzy(text, edits: Int(number))
  }

  private mutating func field(_ name: String) throws(QueryError) -> Query {
    guard let field = Field(rawValue: name.lowercased()) else {
      let near = nearest(name.lowercased()).map { "did you mean \($0):? " } ?? ""
      throw fail("there is no field \(name)", "\(near)fields are \(Field.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    try advance()
    let value: String
    let isQuoted: Bool
    switch token.kind {
    case .word(let text): (value, isQuoted) = (text, false)
    case .quoted(let text): (value, isQuoted) = (text, true)
    default: throw fail("the field \(field.rawValue) has no value", "write it directly after the colon, in \" when it has spaces")
    }
    guard value.contains(where: { !$0.isWhitespace }) else { throw fail("the field \(field.rawValue) has an empty value", "write a value") }
    let place = token
    var query: Query
    switch field {
    case .date: query = try dates(value)
    case .year: query = try years(value)
    case .mentions where value.utf8.allSatisfy({ (0x30...0x39).contains($0) || "-.<=>".utf8.contains($0) }): query = try mentioned(value)
    default:
      let isPrefix = !isQuoted && value.last == "*" && value.count > 1
      query = .field(field, isPrefix ? String(value.dropLast()) : value, isPrefix: isPrefix)
      if !isQuoted, let pattern = try pattern(value, place), case .pattern = pattern {
        guard field.hasWords else { throw fail("in \(field.rawValue) a * stands at the end", "write the beginning and a *: symbol:A/74/*") }
        query = .inField(field, pattern)
      }
      if field == .citedby {
        citingPapers += 1
        guard !isPrefix else { throw fail("citedby names one paper", "write its whole symbol: citedby:A/74/565") }
        guard citingPapers <= QueryLimits.citingPapers else {
          throw fail("more than \(QueryLimits.citingPapers) papers whose citations are asked for", "ask in several queries")
        }
      }
    }
    try advance()
    if case .tilde(let number) = token.kind {
      guard field.hasWords, !isQuoted else { throw fail("~ stands behind a single word", "remove it, or write a word: title:genocide~") }
      query = .inField(field, try fuzzy(value, number))
    }
    return query
  }

  // MARK: Ranges

  /// The two ends of `a..b`, `>=a`, `<=b` or `a` alone; nil for an open end.
  private func ends(_ value: String) -> (from: Substring?, to: Substring?) {
    if value.hasPrefix(">=") { return (value.dropFirst(2), nil) }
    if value.hasPrefix("<=") { return (nil, value.dropFirst(2)) }
    let bytes = Array(value.utf8)
    guard let dots = bytes.indices.dropLast().first(where: { bytes[$0] == 0x2e && bytes[$0 + 1] == 0x2e }) else {
      return (value[...], value[...])
    }
    let from = value.utf8.prefix(dots)
    let to = value.utf8.dropFirst(dots + 2)
    return (from.isEmpty ? nil : Substring(from), to.isEmpty ? nil : Substring(to))
  }

  private func dates(_ value: String) throws(QueryError) -> Query {
    let hint = "write a day, month, year or range: date:2019-11-26, date:2019-11, date:2019-01-01..2019-12-31, date:>=2019"
    let (from, to) = ends(value)
    guard from != nil || to != nil else { throw fail("the date range has no ends", hint) }
    var days: (Day?, Day?) = (nil, nil)
    if let from {
      guard let span = span(from) else { throw fail("\(from) is not a date", hint) }
      days.0 = span.first
    }
    if let to {
      guard let span = span(to) else { throw fail("\(to) is not a date", hint) }
      days.1 = span.last
    }
    if let first = days.0, let last = days.1, first > last { throw fail("the range ends before it begins", "exchange its ends") }
    return .dates(days.0, days.1)
  }

  private func mentioned(_ value: String) throws(QueryError) -> Query {
    let hint = "write a day, month, year or range: mentions:1992-02-26, mentions:1992-02, mentions:1992-02..1992-05"
    let (from, to) = ends(value)
    guard let from, let to else { throw fail("a range of dates that are mentioned has two ends", hint) }
    guard let first = span(from) else { throw fail("\(from) is not a date", hint) }
    guard let last = span(to) else { throw fail("\(to) is not a date", hint) }
    guard first.first <= last.last else { throw fail("the range ends before it begins", "exchange its ends") }
    guard Day.parts(first.first, last.last) != nil else {
      throw fail(
        "the range has more than \(QueryLimits.mentionedDates) years, months and days", "ask for a shorter one, or in several queries")
    }
    return .mentioned(first.first, last.last)
  }

  /// The first and last day of a year, a month or a day.
  private func span(_ text: Substring) -> (first: Day, last: Day)? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { number($0) }
    guard (1...3).contains(parts.count), !parts.contains(nil) else { return nil }
    let numbers = parts.compactMap { $0 }
    let month = numbers.count > 1 ? numbers[1] : nil
    guard (1...12).contains(month ?? 1) else { return nil }
    let day = numbers.count > 2 ? numbers[2] : nil
    guard let first = Day(numbers[0], month ?? 1, day ?? 1),
      let last = Day(numbers[0], month ?? 12, day ?? Day.length(numbers[0], month ?? 12))
    else { return nil }
    return (first, last)
  }

  private func years(_ value: String) throws(QueryError) -> Query {
    let hint = "write a year or a range: year:2019, year:2019..2021, year:>=2019"
    let (from, to) = ends(value)
    guard from != nil || to != nil else { throw fail("the range of years has no ends", hint) }
    for end in [from, to] {
      if let end, number(end).map({ (1...9999).contains($0) }) != true { throw fail("\(end) is not a year", hint) }
    }
    let (first, last) = (from.flatMap { number($0) }, to.flatMap { number($0) })
    if let first, let last, first > last { throw fail("the range ends before it begins", "exchange its ends") }
    return .years(first, last)
  }

  private func number(_ text: Substring) -> Int? {
    guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  /// The field whose name is fewest edits away, when it is two at the most; of equally near ones that which begins alike for longest, so that "titel" is
  /// title and not item (optimal string alignment: an exchange of neighbours is one edit).
  private func nearest(_ name: String) -> String? {
    guard name.utf8.count <= 20 else { return nil }
    let scored = Field.allCases.map { field -> (name: String, edits: Int, common: Int) in
      let known = field.rawValue
      return (known, distance(Array(name.utf8), Array(known.utf8)), zip(name.utf8, known.utf8).prefix { $0 == $1 }.count)
    }
    return scored.min { ($0.edits, -$0.common) < ($1.edits, -$1.common) }.flatMap { $0.edits <= 2 ? $0.name : nil }
  }

  private func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var row = Array(0...right.count)
    for (index, byte) in left.enumerated() {
      var next = [index + 1]
      for column in right.indices {
        var cost = min(row[column] + (byte == right[column] ? 0 : 1), row[column + 1] + 1, next[column] + 1)
        if index > 0, column > 0, byte == right[column - 1], left[index - 1] == right[column] { cost = min(cost, before[column - 1] + 1) }
        next.append(cost)
      }
      (before, row) = (row, next)
    }
    return row[right.count]
  }
}
