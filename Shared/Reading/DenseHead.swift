import Documents

/// Text copied without its empty lines, as web pages and other programs give it: the gaps between the titles of the head are found again.
enum DenseHead {
  /// Lines among which the head is looked for.
  static let maximumLines = 160
  /// Columns of the longest line that a typesetter makes of a title.
  static let longestLine = 100
  /// With more gaps than one in this many lines the text has its empty lines.
  static let linesForAGap = 7

  /// Marks lines of the head as standing after a gap where a title begins: with no small letter, after a line that ended early and not within a phrase.
  static func part(_ lines: inout [Line]) {
    let head = lines.prefix(maximumLines)
    let gaps = head.dropFirst().prefix(60).count(where: \.afterBlank)
    guard head.count > 6, gaps * linesForAGap < head.prefix(60).count, isHead(head) else { return }
    let end = bodyStart(head)
    let width = lines[..<end].map(\.end).max() ?? 0
    for index in lines.indices.dropFirst() where index <= end {
      lines[index].afterBlank = lines[index].afterBlank || index == end || startsAnew(lines[index], after: lines[index - 1], width)
    }
  }

  /// Lines that go on a phrase stand after no gap: in a title in capitals those that begin with a small word; where a page sets each line as a paragraph
  /// those within a phrase, in small letters or set in a little, too.
  static func join(_ lines: inout [Line]) {
    let head = lines.dropFirst().prefix(60)
    let isParted = head.count(where: \.afterBlank) * 10 >= head.count * 7
    for index in lines.indices.prefix(60).dropFirst() where lines[index].afterBlank {
      let (line, previous) = (lines[index], lines[index - 1])
      // The head ends where a list or the text begins.
      if Phrases.opensLetter(line.text) || Phrases.opensBody(line.text) || isListed(line.text) || line.end > longestLine { return }
      guard !Phrases.isDocumentStart(line.text), !Prose.isTerminal(previous.text) || line.indent > 0 else { continue }
      if isParted
        ? startsWithin(line.text) || isOpen(previous.text) || (1...4).contains(line.indent) && previous.indent <= line.indent
        : !Prose.startsLowercase(line.text) && startsWithin(line.text)
      {
        lines[index].afterBlank = false
      }
    }
  }

  /// "1.", "(a)", "b. two", "•": an item of a list.
  private static func isListed(_ text: String) -> Bool {
    if Paragraphs.label(text) != nil { return true }
    let word = text.prefix { $0 != " " }
    return word.utf8.count <= 4 && (word.hasSuffix(".") || word.hasSuffix(")"))
  }

  /// Whether a line begins within a phrase: in small letters, or in a title in capitals with a small word.
  private static func startsWithin(_ text: String) -> Bool {
    if Prose.startsLowercase(text) { return true }
    guard let word = text.split(separator: " ").first, word.utf8.count > 1, text.uppercased() == text else { return false }
    return joints.contains(word.lowercased()) && !["the", "la", "los", "las", "le", "les", "el"].contains(word.lowercased())
  }

  /// Whether the first lines have something of a masthead: running text has no head to part.
  private static func isHead(_ head: ArraySlice<Line>) -> Bool {
    if let first = head.first, Phrases.isDocumentStart(first.text) { return true }
    return head.prefix(15).contains { line in
      line.text.utf8.count <= 80
        && (MastheadWords.isFurniture(line.text) || Organ.name(of: line.text) != nil || Prose.hasPrefix(line.text, "Distr")
          || SessionLine.number(line.text) != nil)
    }
  }

  private static func bodyStart(_ head: ArraySlice<Line>) -> Int {
    for (index, line) in head.enumerated().dropFirst(2) {
      if Phrases.opensText(line.text) || Phrases.opensLetter(line.text) || Paragraphs.label(line.text) != nil || line.end > 110 {
        return index
      }
      if line.text.hasSuffix("."), line.end > 50, !Phrases.isDocumentStart(line.text) { return max(2, index - 1) }
    }
    return head.count - 1
  }

  private static func startsAnew(_ line: Line, after previous: Line, _ width: Int) -> Bool {
    if Phrases.isDocumentStart(line.text) { return true }
    if startsWithin(line.text) || line.text.hasPrefix("(") && !previous.text.hasSuffix(")") || isOpen(previous.text) {
      return false
    }
    // A short word would have stood a little beyond the longest line, too.
    let word = line.firstWord
    return previous.end + 1 + word <= width + (word <= 3 ? 2 : 0)
  }

  /// Whether a line ends within a phrase.
  static func isOpen(_ text: String) -> Bool {
    if text.hasSuffix(",") || text.hasSuffix("-") || text.hasSuffix("،") || text.hasSuffix("、") { return true }
    guard let last = text.split(separator: " ").last else { return false }
    // "the fifty-fourth": of what follows.
    return joints.contains(last.lowercased()) || last.utf8.count > 4 && !last.utf8.contains(where: isDigit) && Ordinal.value(last) != nil
  }

  private static let joints: Set<String> = [
    "and", "or", "of", "the", "for", "to", "in", "on", "by", "with", "from", "a", "an", "at", "as", "permanent", "de", "du", "des", "la",
    "le", "les", "et", "à", "au",
    "aux", "en", "sur", "pour", "par", "dans", "del", "los", "las", "el", "y", "e", "con", "por", "para", "a", "al", "и", "в", "на", "о",
    "об", "по", "с", "от", "при", "из",
    "во", "из", "من", "في", "إلى", "على", "عن", "à", "l’", "d’", "entre", "sous",
  ]
}
