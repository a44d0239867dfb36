import Documents

/// What the numbers of a list are, once the list is whole: its organ may be named behind it, and its session after the last number.
extension CitationScanner {
  /// Resolves the numbers of the open list.
  mutating func close() {
    guard var list = list.take() else { return }
    if list.adopter == nil { nameAdopter(&list) }
    takeSession(&list)
    for member in list.members {
      var next = Found(range: member.range, pinpoint: member.pinpoint)
      switch member.number.resolved(list.kind, list.adopter, through: member.through, in: paper) {
      case .symbols(let symbols):
        if symbols.allSatisfy(own.contains) { continue }
        next.symbols = symbols
      case .unresolved(let reason):
        // "decision 3", "решения 51": not even a number of a list of decisions.
        if case .bare = member.number.form, list.kind == .decision, list.adopter == nil { continue }
        next.reason = reason
      }
      found.append(next)
    }
  }

  /// "resolutions 2253 and 2254 (ES-V)": the session after the last is that of all.
  private func takeSession(_ list: inout List) {
    var session: String?
    for index in list.members.indices.reversed() {
      switch list.members[index].number.form {
      case .roman(_, let numeral): session = numeral
      case .bare(let number):
        guard let numeral = session, list.members[index + 1].range.lowerBound - list.members[index].range.upperBound <= 12 else { continue }
        list.members[index].number.form = .roman(number, numeral)
      default: session = nil
      }
    }
  }

  /// "resolutions 822 (1993) and 853 (1993) of the Security Council", "резолюции 62/243 от 14 марта 2008 года Генеральной Ассамблеи"
  private func nameAdopter(_ list: inout List) {
    for member in list.members.reversed() {
      for place in [member.number.range.upperBound, member.range.upperBound, afterDate(member.range.upperBound)] {
        var index = text.skipSpaces(place)
        if text[index] == 0x2c { index = text.skipSpaces(index + 1) }
        for _ in 0..<2 {
          let links: [StaticString] = [
            "adopted by ", "of ", "the ", "de ", "la ", "l’", "l'", "del ", "du ", "الصادر عن ", "الصادرين عن ", "الصادرة عن ", "من ",
          ]
          if let link = links.first(where: { text.has($0, at: index) }) { index += link.utf8CodeUnitCount }
        }
        guard index > place, let (named, _) = Adopter.named(text, at: index) else { continue }
        // What follows "and" is another list's organ: "resolution 62/243 and Security Council resolution".
        list.adopter = named
        return
      }
    }
  }

  private func afterDate(_ start: Int) -> Int {
    var index = start
    var digits = 0
    while index - start < 48, index < text.count {
      if let (_, length) = text.digit(index) {
        digits += 1
        index += length
        if digits == 4, text.digit(index) == nil {
          let year = text.skipSpaces(index)
          return text.has("года", at: year) ? year + 8 : index
        }
      } else {
        digits = 0
        guard CitedText.isWordByte(text[index]) || text[index] == 0x20 || text[index] == 0x2f else { return start }
        index += 1
      }
    }
    return start
  }
}
