import Documents

/// The session of a masthead, where and when it meets, and the committee or body that it is of.
extension Masthead {
  mutating func readSession(_ line: Line) -> Bool {
    // Two organs' blocks side by side: "Fifty-second session    Fifty-second year".
    let cells = line.cells
    if cells.count == 1, let next = lines.indices.contains(index + 1) ? lines[index + 1] : nil, !next.afterBlank,
      ["session", "session*"].contains(next.text.lowercased()), let number = SessionLine.number(line.text + " session")
    {
      // "Fifty-fourth" above "session".
      readings.add("sessions", sessions.count, line.range, line.page, number != nil ? Confidence.printed : Confidence.partial)
      sessions.append(
        Session(organ: committees.last ?? currentOrgan ?? organs.first ?? "", text: "\(line.text) \(next.text)", number: number))
      endSession(line, lines: 2)
      return true
    }
    let found = cells.compactMap { cell in SessionLine.number(cell).map { (cell, $0) } }
    let others = cells.filter { cell in !found.contains { $0.0 == cell } }
    guard !found.isEmpty, others.allSatisfy({ CalendarDate(written: Prose.withoutMarks(Prose.trimmed($0))) != nil }) else { return false }
    // A word processor's table has the day beside the session.
    for cell in others { _ = readCell(Prose.trimmed(cell), line) }
    // "Human Rights Council / Forty-third session": the session of the body named last.
    if !sawSession, let body = committees.last { currentOrgan = body }
    for (place, (cell, number)) in found.enumerated() {
      let organ = found.count > 1 && place < organs.count ? organs[place] : currentOrgan ?? organs.first ?? ""
      let fromSymbol = symbols.first { $0.organ == Organ.generalAssembly }?.session
      let value = number ?? (organ == Organ.generalAssembly ? fromSymbol : nil)
      if value == nil { readings.absent("sessions", "its ordinal was not understood") }
      let confidence = number != nil ? Confidence.printed : value != nil ? Confidence.inferred : Confidence.partial
      readings.add("sessions", sessions.count, line.range(of: cell), line.page, confidence)
      sessions.append(Session(organ: organ, text: Prose.withoutMarks(cell), number: value))
    }
    endSession(line, lines: 1)
    return true
  }

  private mutating func endSession(_ line: Line, lines: Int) {
    sawSession = true
    leftEdge = line.indent
    index += lines
    skipPlace()
  }

  /// Where and when a session meets, below it: "Geneva, 8-19 February 2010"; "Midrand, South Africa" above "27 April-11 May 1996".
  private mutating func skipPlace() {
    guard index < lines.count else { return }
    if lines[index].afterBlank ? SessionLine.isPlaceAndDates(lines[index].text) : namesMonthAndYear(lines[index].text) {
      index += 1
    } else if index + 1 < lines.count, !lines[index].afterBlank, !lines[index + 1].afterBlank, lines[index].text.utf8.count <= 60,
      !lines[index].text.utf8.contains(where: isDigit), SessionLine.isPlaceAndDates(lines[index + 1].text)
    {
      index += 2
    }
  }

  /// "4–15 November 2019", "Geneva, 8-19 February 2010": what in its own place, right below a session or with a dash, is where and when it meets.
  private func namesMonthAndYear(_ text: String) -> Bool {
    guard text.utf8.count < 110 else { return false }
    if text.contains("年"), text.contains("月"), text.contains("日") { return true }
    let words = text.lowercased().split(whereSeparator: { $0 == " " || $0 == "," || $0 == "/" })
    return words.contains { CalendarDate.month($0) != nil } && words.contains { isDigits($0, 4...4) }
  }

  /// "New York, 27 April–22 May 2015", where a conference has no session to print.
  mutating func readPlace(_ line: Line) -> Bool {
    guard !symbols.isEmpty, items.isEmpty, !sawSession, line.indent <= leftEdge + 3, line.text.contains("–") || line.text.contains("-"),
      !line.text.contains("/"),
      namesMonthAndYear(line.text), CalendarDate(written: line.text) == nil
    else { return false }
    index += 1
    return true
  }

  mutating func readCommittee(_ line: Line) -> Bool {
    guard sawSession || !organs.isEmpty || !symbols.isEmpty, items.isEmpty, line.indent <= leftEdge + 3 else { return false }
    let text = Prose.withoutMarks(line.text)
    guard !Phrases.isDocumentStart(text) else { return false }
    let lower = text.lowercased()
    if lower.hasPrefix("("), lower.hasSuffix(")"), text.utf8.count <= 96, !committees.isEmpty, !line.afterBlank {
      committees[committees.count - 1] += " " + text
    } else if Organ.name(of: text) == nil, MastheadWords.isBody(text) || MastheadWords.isBody(joinedToSmall(text)) {
      readings.add("organs", organs.count + committees.count, line.range, line.page, Confidence.printed)
      var name = text
      // "Рабочая группа по универсальному" runs on with "периодическому обзору".
      while index + 1 < lines.count, !lines[index + 1].afterBlank, Prose.startsLowercase(lines[index + 1].text) || DenseHead.isOpen(name),
        lines[index + 1].text.utf8.count <= 96
      {
        index += 1
        name += " " + Prose.withoutMarks(lines[index].text)
      }
      committees.append(name == name.uppercased() ? Self.capitalised(name) : name)
    } else {
      return false
    }
    index += 1
    return true
  }

  /// With the next line, when that goes on in small letters: "Sub-Commission" above "on Prevention of Discrimination".
  private func joinedToSmall(_ text: String) -> String {
    guard index + 1 < lines.count, lines[index + 1].text.utf8.count <= 96, !lines[index + 1].afterBlank,
      Prose.startsLowercase(lines[index + 1].text)
    else { return text }
    return text + " " + lines[index + 1].text
  }

  private static func capitalised(_ text: String) -> String {
    let small: Set<String> = ["of", "on", "the", "and", "for", "to", "against", "all"]
    return text.lowercased().split(separator: " ").enumerated()
      .map { $0 > 0 && small.contains(String($1)) ? String($1) : String($1.prefix(1)).uppercased() + String($1.dropFirst()) }.joined(
        separator: " ")
  }
}
