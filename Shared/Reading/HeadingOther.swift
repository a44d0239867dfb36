import Documents

extension Heading {
  /// Reports, notes, agendas, statements of organizations: a title, and often a line that names the author; in either order.
  mutating func readOther(_ first: Block) {
    if Phrases.opensText(first.text) {
      readings.absent("title", "none is printed")
      return
    }
    if let note = AuthorLine.read(first.text) {
      take(title: withoutSubject(first))
      take(note, first)
    } else {
      guard first.text.utf8.count <= 600, !Prose.isTerminal(first.text) || first.text.hasSuffix(")") || first.text.hasSuffix("*"),
        !Phrases.opensLetter(first.text)
      else {
        readProposal(first)
        return
      }
      take(title: withoutSubject(first))
    }
    readMore()
    let named = Self.kind(ofTitle: title ?? "")
    // "Annotated provisional agenda / Note by the Secretariat" is an agenda.
    if kind == nil || kind == .note && named == .agenda { kind = named }
    if kind == nil, titles.contains(where: Self.isObservations) { kind = .report }
  }

  /// Words of explanation before the proposal itself: "Draft decision" alone on a line, and its title. They stay in the text.
  private mutating func readProposal(_ first: Block) {
    for index in lines[first.end...].indices.prefix(40) where lines[index].afterBlank && lines[index].text.utf8.count <= 40 {
      guard let kind = Phrases.draftKind(lines[index].text), Prose.startsUppercase(lines[index].text) else { continue }
      self.kind = kind
      let place = end
      take(titles: Block(text: lines[index].text, start: index, end: index + 1), Confidence.layout)
      end = index + 1
      readTitle()
      end = place
      return
    }
    readings.absent("title", "no heading stands above the text")
  }

  /// A title whose last line is a state's name alone, after a line that had room for it: the state is whom the paper is about.
  private func withoutSubject(_ block: Block) -> Block {
    let last = block.end - 1
    guard last > block.start, StateName.find(Prose.withoutMarks(lines[last].text)).code != nil, !DenseHead.isOpen(lines[last - 1].text)
    else { return block }
    let width = lines(block).map(\.end).max() ?? 0
    guard lines[last - 1].text.hasSuffix("*") || lines[last - 1].end + 1 + lines[last].firstWord <= width else {
      return block
    }
    return Block(text: Prose.joined(lines[block.start..<last].map(\.collapsed)), start: block.start, end: last)
  }

  /// What stands between the title and the text: the author's line, "Addendum", the state a report is about.
  private mutating func readMore() {
    var sawAuthor = false
    for _ in 0..<6 where end < lines.count {
      let line = lines[end]
      let block = block(at: end)
      guard block.text.utf8.count <= 400, !Phrases.opensText(line.text), !Phrases.opensLetter(line.text),
        Paragraphs.label(line.text) == nil,
        !Paragraphs.isAnnexHeading(line.text)
      else { return }
      if let note = AuthorLine.read(block.text), !sawAuthor {
        // Below a title that names a report stands who hands it on: "Report of the Board" above "Note by the Secretariat".
        sawAuthor = true
        sender = nil
        take(note, block)
        take(titles: block)
      } else if Self.isAddition(block.text) || isSubject(block) || Self.isObservations(block.text) {
        take(titles: block, Confidence.layout)
      } else {
        return
      }
    }
  }

  private static func isAddition(_ text: String) -> Bool {
    let words = Phrases.folded(text, 24)
    return text.utf8.count <= 48
      && [
        "addendum", "corrigendum", "additif", "rectificatif", "adicion", "correccion", "добавление", "исправление", "اضافه", "تصويب", "增编",
        "更正", "corrigenda", "revision",
      ]
      .contains { words == $0 || words.hasPrefix($0 + " ") && words.count <= $0.count + 5 }
  }

  /// "Concluding observations: Dominica" below "Consideration of reports submitted by States parties …".
  private static func isObservations(_ text: String) -> Bool {
    text.utf8.count <= 300 && observations.contains { Phrases.folded(text, 40).hasPrefix($0) }
  }

  private static let observations = [
    "concluding observations", "observations finales", "observaciones finales", "заключительные замечания", "الملاحظات الختاميه", "结论性意见",
  ]

  /// "Italy" below "National report …", "Islamic Republic of Iran" below "Report of the Working Group …".
  private func isSubject(_ block: Block) -> Bool {
    block.text.utf8.count <= 80 && StateName.find(Prose.withoutMarks(block.text)).code != nil
  }

  private mutating func take(_ note: (kind: DocumentKind, author: String?), _ block: Block) {
    kind = note.kind
    if note.kind == .presidentialStatement { attribution = Organ.securityCouncil }
    guard let author = note.author.map({ Prose.withoutMarks($0) }), author.utf8.count <= 400, !author.isEmpty else { return }
    let party = Parties.party(author[...], year: year)
    sender = Party(text: author, state: party.code == nil ? nil : party.state, post: author, code: party.code)
    readings.add("sender", 0, lines(block), Confidence.layout)
    if attribution == nil { attribution = author }
  }

  /// Whether words are the title of a report or an agenda.
  static func isOwnTitle(_ text: String) -> Bool {
    AuthorLine.read(text) != nil || Self.kind(ofTitle: text).map { $0 == .report || $0 == .agenda } == true
  }

  /// The kind that a title's first words name.
  private static func kind(ofTitle title: String) -> DocumentKind? {
    let words = Folded.words(title.prefix(160))
    for (phrase, kind) in titleKinds where words.hasPrefix(phrase) { return kind }
    if isObservations(title) { return .report }
    for (phrase, kind) in innerKinds where words.contains(phrase) { return kind }
    return nil
  }

  private static let titleKinds: [(String, DocumentKind)] = [
    ("annotations to the provisional agenda", .agenda), ("anotaciones al programa", .agenda), ("annotations a l ordre du jour", .agenda),
    ("аннотации к предварительной повестке", .agenda), ("аннотированная предварительная повестка", .agenda),
    ("ordre du jour provisoire annote", .agenda), ("provisional agenda", .agenda), ("annotated provisional agenda", .agenda),
    ("agenda of the", .agenda), ("agenda", .agenda),
    ("adoption of the agenda", .agenda),
    ("ordre du jour provisoire", .agenda), ("programa provisional", .agenda), ("предварительная повестка дня", .agenda),
    ("جدول الاعمال المؤقت", .agenda), ("临时议程", .agenda),
    ("annotated preliminary list", .agenda), ("preliminary list", .agenda), ("supplementary list", .agenda),
    ("adoption de l ordre du jour", .agenda),
    ("report", .report), ("rapport", .report), ("informe", .report), ("доклад", .report), ("تقرير", .report),
    ("views adopted by", .decision), ("decision", .decision),
    ("decisions", .decision), ("petition", .petition), ("note", .note), ("summary of", .report), ("national report", .report),
    ("compilation", .report),
  ]
  private static let innerKinds: [(String, DocumentKind)] = [
    ("periodic report", .report), ("provisional agenda", .agenda), (" report", .report),
  ]

  // MARK: Statements of delegations, which have no masthead

  /// "Statement by H.E. …, Minister for Foreign Affairs of X, at the General Debate of the 79th session": a heading above the salutation.
  mutating func readStatement(_ start: Int) {
    guard let statement = StatementHeading(lines[start...]) else { return }
    kind = .statement
    let head = lines[start..<statement.end]
    sender = statement.sender
    readings.add("sender", 0, head, Confidence.inferred)
    if let day = statement.date, let first = head.first, let last = head.last {
      ownDate = (day, first.start..<last.range.upperBound, first.page)
    }
    session = statement.session
    if statement.session != nil { readings.add("sessions", 0, head, Confidence.inferred) }
    title = statement.title
    readings.add("title", 0, head, Confidence.layout)
    attribution = statement.sender?.text
    end = statement.end
  }
}
