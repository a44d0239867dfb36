import Documents

/// Finds the citations of one text, from its first byte to its last: symbols, numbers of resolutions and decisions, instruments by name.
struct CitationScanner {
  /// A citation of this text.
  struct Found {
    var range: Range<Int>
    var symbols: [Symbol] = []
    var instrument: String?
    var pinpoint: Range<Int>?
    var reason: String?
  }

  /// A number of a list that is still open: the organ may be named at its end.
  struct Member {
    var number: CitedNumber
    /// From the words before the number, or the pinpoint, to the end of what is cited.
    var range: Range<Int>
    var pinpoint: Range<Int>?
    /// Last number of a range.
    var through: Int?
  }

  struct List {
    var kind: CitedNumber.Kind
    var adopter: Adopter?
    var members: [Member]
    var end: Int { members[members.count - 1].range.upperBound }
  }

  /// Bytes between two numbers of one list at most: a date, and the title of the resolution.
  private static let widestGap = 500
  static let longestList = 512

  let text: CitedText
  let paper: CitingPaper
  let own: [Symbol]
  private let limit: Int
  var found: [Found] = []
  var list: List?

  init(_ text: String, own: [Symbol], paper: CitingPaper, limit: Int) {
    self.text = CitedText(text)
    self.own = own
    self.paper = paper
    self.limit = limit
  }

  private enum Byte: UInt8 { case other, digit, slash, upper, cyrillic, arabic, bracket, han }

  private static let kinds: [Byte] = (0...255).map { value in
    switch UInt8(value) {
    case 0x30...0x39: .digit
    case 0x2f: .slash
    case 0x41...0x5a: .upper
    case 0xd0: .cyrillic
    case 0xd8, 0xd9: .arabic
    case 0xe3: .bracket
    case 0xe7: .han
    default: .other
    }
  }

  /// Finds all, in order; more than the limit are left out.
  mutating func scan() {
    let bytes = text.bytes
    let kinds = Self.kinds
    var index = 0
    while found.count <= limit {
      // Most of a text is passed at once.
      index = kinds.withUnsafeBufferPointer { kinds in bytes.place(from: index) { kinds[Int($0)] != .other } }
      guard index < bytes.count else { break }
      switch kinds[Int(bytes[index])] {
      case .other: index += 1
      case .digit: index = number(index)
      case .slash: index = symbol(index)
      case .upper: index = text.isWordStart(index) ? capital(index) : index + 1
      case .cyrillic: index = text.isWordStart(index) ? take(Instrument(cyrillic: text, at: index), index) : index + 2
      case .arabic: index = text.digit(index) != nil ? number(index) : take(Instrument(arabic: text, at: index), index)
      case .bracket: index = take(Instrument(bracketed: text, at: index), index)
      case .han: index = text.has("第", at: index) ? numbered(index) : index + 3
      }
    }
    close()
    found.sort { $0.range.lowerBound < $1.range.lowerBound }
  }

  // MARK: Symbols

  private mutating func symbol(_ slash: Int) -> Int {
    guard CitedText.isUpper(text[slash - 1]) || CitedText.isDigit(text[slash - 1]) else { return slash + 1 }
    var start = slash
    while start > 0, slash - start < 16, case let byte = text[start - 1], CitedText.isUpper(byte) || CitedText.isDigit(byte) || byte == 0x2d
    {
      start -= 1
    }
    while start < slash, !CitedText.isUpper(text[start]) { start += 1 }
    guard start < slash, let next = Symbol.find(at: start, in: text.bytes) else { return slash + 1 }
    var end = next.range.upperBound
    guard !next.symbols.allSatisfy(own.contains) else { return end }
    let pinpoint = Pinpoint.after(text, end)
    if let pinpoint {
      end = max(end, pinpoint.upperBound)
      shareWithBase(next, pinpoint)
    }
    let before = pinpoint == nil ? Pinpoint.before(text, next.range.lowerBound) : nil
    found.append(
      Found(range: (before?.lowerBound ?? next.range.lowerBound)..<end, symbols: next.symbols, pinpoint: pinpoint ?? before))
    return end
  }

  /// "A/65/53 and A/65/53/Corr.1, chap. III": the place is in both.
  private mutating func shareWithBase(_ next: Symbol.Found, _ pinpoint: Range<Int>) {
    var start = next.range.lowerBound
    for index in found.indices.reversed().prefix(8) {
      let last = found[index]
      guard last.pinpoint == nil, last.symbols.count == 1, next.symbols.count == 1, last.symbols[0].base == next.symbols[0].base,
        text.start(of: " and ", endingAt: start) == last.range.upperBound || text.start(of: ", ", endingAt: start) == last.range.upperBound
      else { return }
      found[index].pinpoint = pinpoint
      start = last.range.lowerBound
    }
  }

  // MARK: Instruments

  private mutating func capital(_ index: Int) -> Int {
    let listed = TreatyLists.all(text, at: index)
    guard let last = listed.last else { return take(Instrument(text, at: index), index) }
    for instrument in listed.dropLast() { _ = take(instrument, index) }
    return take(last, index)
  }

  private mutating func take(_ instrument: Instrument?, _ index: Int) -> Int {
    guard let instrument else { return index + (text[index] < 0x80 ? 1 : text[index] < 0xe0 ? 2 : 3) }
    found.append(Found(range: instrument.range, instrument: instrument.name, pinpoint: instrument.pinpoint))
    return max(instrument.range.upperBound, index + 1)
  }

  // MARK: Numbers

  private mutating func number(_ start: Int) -> Int {
    var after = start
    while let (_, length) = text.digit(after) { after += length }
    let before = text[start - 1]
    let opens =
      before == 0x20 || before == 0x28 || before == 0x5b || before == 0x0a || start == 0 || before >= 0x80 || before == 0x2d
      || before == 0x22
      || before == 0x2c && !CitedText.isDigit(text[start - 2])
    guard opens, after - start <= 8, let number = CitedNumber(text, at: start) else { return after }
    let lead = text.isWordStart(number.range.lowerBound) && !isBarePart(number) ? CitationLead(text, before: number.range.lowerBound) : nil
    if let lead, !isPart(number, lead) {
      let adopter = lead.adopter ?? inherited(lead, number)
      close()
      list = List(kind: lead.kind, adopter: adopter, members: [])
      append(number, from: lead.start)
      return max(number.range.upperBound, start + 1)
    }
    guard standsAlone(number) || goesOn(number) else { return max(after, number.range.lowerBound) }
    if let list, list.members.count >= Self.longestList { close() }
    if list == nil { list = List(kind: .resolution, adopter: nil, members: []) }
    append(number, from: number.range.lowerBound)
    return max(number.range.upperBound, start + 1)
  }

  /// "resolution 66.8", "resolution 8/1.", "decision 5.2", "resolution 2022-15": numbers of other bodies.
  private func isBarePart(_ number: CitedNumber) -> Bool {
    guard case .bare = number.form else { return false }
    let end = number.range.upperBound
    return text[end] == 0x2e && text.digit(end + 1) != nil || text[end] == 0x2f || text.dashLength(end) == 1
      || CitedText.isLetter(text[end]) || text[end] == 0x28
  }

  /// "Human Rights Council decision 18/120 and resolutions 24/14": the organ of both, where the second is of another kind or can be no other organ's.
  private func inherited(_ lead: CitationLead, _ number: CitedNumber) -> Adopter? {
    guard let list, let adopter = list.adopter, adopter != .its, lead.start - list.end <= Self.widestGap,
      isJoined(lead.start, after: list.end),
      case .session(let session, _, _) = number.form
    else { return nil }
    return lead.kind != list.kind || session < 31 && adopter != .assembly ? adopter : nil
  }

  /// "chap. I, resolution 1, annex II": a resolution that a report holds is a place in that report.
  private func isPart(_ number: CitedNumber, _ lead: CitationLead) -> Bool {
    guard case .bare(let value) = number.form, lead.adopter == nil, value < 100 else { return false }
    return text[text.skipSpacesBack(lead.start) - 1] == 0x2c
  }

  /// Whether a number can be nothing but a resolution's, whatever stands before it.
  private func standsAlone(_ number: CitedNumber) -> Bool {
    switch number.form {
    case .session(let session, _, let prefix):
      return prefix.isEmpty && ((31...120).contains(session) || (1978...2199).contains(session)) && isDated(number.range.upperBound)
    case .year(let number, let year): return number >= 50 && Symbol.councilYear(of: number) == year
    case .roman(let number, let numeral):
      return number >= 100 && AssemblySessions.number(roman: numeral.utf8).map { AssemblySessions.isPlausible(number, session: $0) } == true
    case .bare: return false
    }
  }

  /// " of 21 December", " du 21 décembre", " de 21 de", " от 21 декабря"
  private func isDated(_ end: Int) -> Bool {
    let words: [StaticString] = [" of ", " du ", " de ", " от "]
    guard let word = words.first(where: { text.has($0, at: end) }),
      let (day, after) = text.number(at: end + word.utf8CodeUnitCount), (1...31).contains(day)
    else { return false }
    return text[after] == 0x20 && CitedText.isWordByte(text[after + 1])
  }

  /// Whether a number is the next of the open list.
  private func goesOn(_ number: CitedNumber) -> Bool {
    guard let list, list.members.count < Self.longestList, let last = list.members.last,
      number.range.lowerBound - list.end <= Self.widestGap
    else { return false }
    switch number.form {
    case .session(let session, _, let prefix):
      let isSpecial = !prefix.isEmpty
      guard case .session = last.number.form else {
        return (isSpecial || isAssemblys(session)) && isJoined(number.range.lowerBound, after: list.end)
      }
      // "5/1 and 16/21 of the Human Rights Council"
      if case .session(let before, _, _) = last.number.form, before < 31, list.adopter == nil, number.range.lowerBound - list.end <= 12 {
        return isJoined(number.range.lowerBound, after: list.end)
      }
      let isPlausible =
        isSpecial || list.adopter == .humanRightsCouncil || list.adopter == .other || list.adopter == .environmentAssembly
        || list.adopter == .someCouncil
        || isAssemblys(session) || (1978...2199).contains(session)
      return isPlausible && isJoined(number.range.lowerBound, after: list.end)
    case .year, .roman: return text[number.range.lowerBound - 1] != 0x28 && isJoined(number.range.lowerBound, after: list.end)
    case .bare(let value):
      switch last.number.form {
      case .bare, .year: break
      default: return false
      }
      return value > 0 && text[number.range.lowerBound - 1] != 0x28 && number.range.lowerBound - list.end <= 12
        && isJoined(number.range.lowerBound, after: list.end)
        && !isBarePart(number)
    }
  }

  private func isAssemblys(_ session: Int) -> Bool { (31...120).contains(session) }

  /// Whether a comma or a joining word stands before the number, perhaps with a footnote's number behind it.
  private func isJoined(_ start: Int, after: Int) -> Bool {
    var end = text.skipSpacesBack(start)
    guard end > after else { return end == after && start > end || text.dashLength(after) > 0 }
    if text.dashLength(end - 1) == 1 || text.start(of: "–", endingAt: end) != nil { return true }
    var digits = 0
    while digits < 3, end > after, CitedText.isDigit(text[end - 1]) {
      end -= 1
      digits += 1
    }
    if digits > 0 { end = text.skipSpacesBack(end) }
    if text[end - 1] == 0x2c || text[end - 1] == 0x3b || text[end - 1] == 0x28 { return true }
    if digits > 0 { return false }
    let marks: [StaticString] = ["،", "؛", "、", "，", "和", "及", "و", "“", "«"]
    if marks.contains(where: { text.start(of: $0, endingAt: end) != nil }) { return true }
    let word = text.word(endingAt: end)
    let words: [StaticString] = [
      "and", "or", "to", "through", "et", "ou", "à", "y", "e", "o", "u", "a", "и", "или", "по", "in", "by", "as", "also", "including",
      "dans",
      "en", "в", "see", "also", "with",
    ]
    return words.contains { text.start(of: $0, endingAt: end) == word.lowerBound }
  }

  mutating func append(_ number: CitedNumber, from start: Int) {
    // Taken out, so that a long list is not copied for each of its numbers.
    guard var list = self.list.take() else { return }
    var number = number
    if let last = list.members.last, let through = rangeEnd(last, number) {
      list.members[list.members.count - 1].through = through
      list.members[list.members.count - 1].range = last.range.lowerBound..<number.range.upperBound
      number.range = last.range.lowerBound..<number.range.upperBound
    } else {
      list.members.append(Member(number: number, range: start..<number.range.upperBound))
    }
    let place = list.members.count - 1
    if let pinpoint = Pinpoint.after(text, list.end), !isLead(pinpoint) {
      list.members[place].pinpoint = pinpoint
      list.members[place].range = list.members[place].range.lowerBound..<pinpoint.upperBound
    } else if let pinpoint = Pinpoint.before(text, start) {
      list.members[place].pinpoint = pinpoint
      list.members[place].range = pinpoint.lowerBound..<list.end
    }
    self.list = list
  }

  /// "resolution 242 (1967), resolution 338 (1973)": the second is no pinpoint of the first.
  private func isLead(_ pinpoint: Range<Int>) -> Bool { CitationLead.kind(text, text.word(at: pinpoint.lowerBound)) != nil }

  /// The last number of "46/1 to 46/4".
  private func rangeEnd(_ last: Member, _ number: CitedNumber) -> Int? {
    guard case .session(let session, let first, let prefix) = last.number.form, last.number.letters.isEmpty, last.through == nil,
      case .session(session, let end, prefix) = number.form, number.letters.isEmpty, end > first
    else { return nil }
    let joints: [StaticString] = [" to ", "–", "-", " – ", " à ", " a ", " al ", " a la ", " по ", " through ", "至", " إلى "]
    return joints.contains {
      text.has($0, at: last.range.upperBound) && last.range.upperBound + $0.utf8CodeUnitCount == number.range.lowerBound
    }
      ? end : nil
  }
}
