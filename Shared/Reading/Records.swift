import Documents

extension Heading {
  /// Lines among which a record names its meeting.
  static let recordLines = 60

  /// Verbatim and summary records: "4907th meeting", "Summary record of the 22nd meeting", with the day it was held. False when the paper is none.
  mutating func readRecord(_ start: Int, masthead: Masthead) -> Bool {
    let nature = masthead.symbols.lazy.compactMap(\.nature).first { $0 == .verbatimRecord || $0 == .summaryRecord }
    // Some pages give the record's name above the masthead.
    let top = start > 0 && (Record.isSummary(lines[0].text) || Record.isVerbatim(lines[0].text)) ? 0 : start
    let window = lines[top...].prefix(nature != nil ? Self.recordLines : 12)
    guard let place = window.firstIndex(where: { Record.isMeeting($0.text) }),
      nature != nil || place < start + 12 && !Phrases.isDocumentStart(lines[start].text)
    else {
      return false
    }
    let isSummary = Record.isSummary(lines[place].text)
    // "Summary record of the 61st meeting" says what the paper is, also where a scanner spoilt its masthead.
    guard nature != nil || isSummary || Record.isVerbatim(lines[place].text) || masthead.isPresent && Record.opens(window) else {
      return false
    }
    kind = nature.map { $0 == .summaryRecord ? .summaryRecord : .verbatimRecord } ?? (isSummary ? .summaryRecord : .verbatimRecord)
    let name = Prose.withoutMarks(Prose.collapsed(lines[place].cells.first ?? ""))
    title = Prose.range(of: ", held ", in: name[...]).map { String(name[..<$0.lowerBound]) } ?? name
    readings.add("title", 0, lines[place...place], Confidence.printed)
    end = max(start, place + 1)
    attribution = masthead.organs.first ?? masthead.committees.first
    // "Held at Headquarters, New York, on Tuesday, 3 November 2009, at 3 p.m.", "Friday, 30 January 2004, 11.45 a.m. / New York".
    for index in place..<min(lines.count, place + 5) {
      guard let day = Parties.date(in: lines[index].text) else { continue }
      ownDate = (day, lines[index].range, lines[index].page)
      end = index + 1
      break
    }
    return true
  }
}

/// The grammar of meeting records: the line that names the meeting, and who speaks in each paragraph.
enum Record {
  /// "4907th meeting", "82e séance plénière", "Acta resumida de la 22ª sesión", "1-е пленарное заседание", "第4907次会议".
  static func isMeeting(_ text: String) -> Bool {
    // Most lines of most papers are told by their first letter.
    guard text.utf8.count <= 240, let first = text.utf8.first, isDigit(first) || first >= 0x80 || "SsCcAaPpVv".utf8.contains(first),
      text.utf8.contains(where: isDigit) || text.utf8.contains(0xe7) && text.contains("第") || isSummary(text) || isVerbatim(text)
    else { return false }
    if text.utf8.allSatisfy({ $0 < 0x80 }),
      !(["meeting", "seance", "sesion"] as [StaticString]).contains(where: { Prose.range(of: $0, in: text[...]) != nil })
    {
      return false
    }
    let words = Phrases.folded(text, 110).split(separator: " ")
    let head = words.prefix(14).joined(separator: " ")
    if isSummary(text) || isVerbatim(text), nouns.contains(where: { head.contains($0) }) { return true }
    guard let first = words.first, first.utf8.first.map(isDigit) == true || text.hasPrefix("第") || text.hasPrefix("الجلسة") else {
      return false
    }
    return nouns.contains { noun in words.prefix(6).contains { $0.hasPrefix(noun) } } && !text.hasSuffix(".")
  }

  private static let nouns = ["meeting", "seance", "sesion", "заседани", "جلسه", "الجلسه", "للجلسه", "次会议", "次全体会议"]

  static func isSummary(_ text: String) -> Bool {
    summaries.mayBegin(text) && summaries.value(beginning: Phrases.folded(text, 40)) != nil
      || text.utf8.contains(0xe7) && text.contains("简要记录")
  }

  static func isVerbatim(_ text: String) -> Bool {
    verbatims.mayBegin(text) && verbatims.value(beginning: Phrases.folded(text, 40)) != nil
  }

  private static let summaries = PhraseTable([
    "summary record", "provisional summary record", "compte rendu analytique", "acta resumida", "краткий отчет", "محضر موجز",
    "partial summary record",
  ])
  private static let verbatims = PhraseTable([
    "verbatim record of", "provisional verbatim record", "final verbatim record", "compte rendu stenographique", "acta taquigrafica",
  ])

  /// Whether a meeting is opened soon.
  static func opens(_ lines: ArraySlice<Line>) -> Bool {
    lines.contains { line in
      let start = Phrases.folded(line.text, 48)
      return [
        "the meeting was called", "the meeting opened", "president", "la seance est ouverte", "se abre la sesion", "se declara abierta",
        "заседание открывается", "افتتحت الجلسه",
      ]
      .contains { start.hasPrefix($0) } || line.text.hasPrefix("会议开始") || line.text.contains("开会")
    }
  }

  private static let titles = [
    "mr ", "mrs ", "ms ", "miss ", "sir ", "dame ", "lord ", "lady ", "dr ", "prince ", "princess ", "sheikh ", "sheikha ", "archbishop ",
    "monsignor ", "king ", "queen ", "judge ",
    "the president", "the acting president", "the temporary president", "the chair", "the chairman", "the chairperson", "the acting chair",
    "the vice president", "the secretary general",
    "the deputy secretary general", "the rapporteur", "the secretary of", "president ", "m ", "mme ", "mlle ", "le president",
    "la presidente", "le secretaire general",
    "le president par interim", "la presidente par interim", "el sr ", "la sra ", "sr ", "sra ", "el presidente", "la presidenta",
    "el secretario general", "г н ", "г жа ",
    "председатель", "исполняющий обязанности председателя", "генеральный секретарь", "السيد ", "السيده ", "الرئيس", "الرئيسه",
    "الامين العام", "主席", "代理主席", "秘书长",
  ]

  private static let procedure = [
    "the meeting was called", "the meeting rose", "the meeting was suspended", "the meeting was resumed", "the agenda was adopted",
    "it was so decided", "a vote was taken", "in favour",
    "the draft resolution", "draft resolution", "there being no objection", "la seance est", "l ordre du jour est adopte",
    "il en est ainsi decide", "se abre la sesion",
    "se levanta la sesion", "queda aprobado", "asi queda acordado", "заседание", "повестка дня утверждается", "решение принимается",
    "رفعت الجلسه", "افتتحت الجلسه", "اقر جدول",
    "会议开始", "议程通过", "就这样决定", "against", "abstaining", "a recorded vote", "by ",
  ]

  static func isProcedure(_ text: String) -> Bool {
    let start = Phrases.folded(text, 32)
    return text.utf8.count <= 240 && procedure.contains { start.hasPrefix($0) }
  }

  /// The speaker whom a paragraph's first words name: "Mr. Al-Otaibi (Kuwait)", "The President"; nil when they name none.
  static func speaker(_ text: String) -> String? {
    let head = text.prefix(200)
    let start = Folded.words(head.prefix(40))
    let chinese = head.prefix(60)
    let isTitled = titles.contains { start.hasPrefix($0) } || ["先生", "女士", "主席"].contains { chinese.contains($0) } && chinese.contains("：")
    guard isTitled else { return nil }
    if let colon = head.firstIndex(where: { $0 == ":" || $0 == "：" }) {
      let name = head[..<colon]
      if name.count <= 150, !name.contains(". ") || name.split(separator: " ").count <= 14 { if let said = tidy(name) { return said } }
    }
    return reported(head)
  }

  /// Without "(spoke in Spanish)": the name and the state or office in brackets.
  private static func tidy(_ name: Substring) -> String? {
    var result = ""
    var brackets = 0
    var rest = name
    while let open = rest.firstIndex(where: { $0 == "(" || $0 == "（" }) {
      result += rest[..<open]
      let close = rest[open...].firstIndex(where: { $0 == ")" || $0 == "）" }) ?? rest.index(before: rest.endIndex)
      let inside = Folded.words(rest[rest.index(after: open)..<close])
      let isLanguage = [
        "spoke in", "interpretation", "translated", "parle en", "interpretation de", "habla en", "говорит", "перевод", "تكلم", "以",
      ].contains { inside.hasPrefix($0) }
      if !isLanguage, brackets == 0 {
        result += rest[open...close]
        brackets += 1
      }
      rest = rest[rest.index(after: close)...]
    }
    let text = Prose.collapsed(result + rest)
    return text.isEmpty || text.utf8.count > 160 ? nil : text
  }

  /// Summary records tell what was said: "Mr. Al-Otaibi (Kuwait) said that …", "The Chairman invited …": up to the brackets or the verb.
  private static func reported(_ head: Substring) -> String? {
    if let close = head.firstIndex(of: ")"), let open = head.firstIndex(of: "("), open < close,
      head[..<open].split(separator: " ").count <= 7
    {
      return tidy(head[...close])
    }
    var name: [Substring] = []
    for word in head.split(separator: " ").prefix(8) {
      let isName =
        Prose.startsUppercase(String(word)) || ["of", "the", "de", "van", "von", "der", "al", "bin"].contains(word) && !name.isEmpty
      if !isName {
        return name.count >= 2 && !word.hasSuffix(":") ? String(name.joined(separator: " ").drop { $0 == " " }) : nil
      }
      if word.hasSuffix(","), name.count >= 1 { return (name + [word.dropLast()]).joined(separator: " ") }
      name.append(word)
    }
    return nil
  }
}
