import Documents

/// The grammar of a letter's title in the six official languages: when it is dated, who sends it, and to whom.
///
///     Letter dated 26 November 2019 from the Permanent Representative of X to the United Nations addressed to the Secretary-General
///     Lettre datée du 26 novembre 2019, adressée au Secrétaire général par le Représentant permanent de X auprès de l’Organisation des Nations Unies
///     Carta de fecha 26 de noviembre de 2019 dirigida al Secretario General por el Representante Permanente de X ante las Naciones Unidas
///     Письмо Постоянного представителя X при Организации Объединенных Наций от 26 ноября 2019 года на имя Генерального секретаря
///     رسالة مؤرخة 26 تشرين الثاني/نوفمبر 2019 موجهة إلى الأمين العام من الممثل الدائم لـX لدى الأمم المتحدة
///     2019年11月26日X常驻联合国代表给秘书长的信
struct LetterTitle {
  var date: CalendarDate?
  var sender: Substring?
  var addressees: [Substring] = []

  /// Whether both ends were found.
  var isWhole: Bool { sender != nil && !addressees.isEmpty }

  init(_ title: Substring) {
    guard let first = title.unicodeScalars.first else { return }
    switch first.value {
    case 0x400...0x4ff: russian(title)
    case 0x600...0x6ff: arabic(title)
    case 0x30...0x39 where title.contains("给"), 0x3400...0x9fff: chinese(title)
    default:
      let words = Folded.words(title.prefix(24))
      if words.hasPrefix("lettre") || words.hasPrefix("note verbale dat") && title.contains(" du ") && !title.contains(" from ")
        || words.hasPrefix("telegramme")
        || words.hasPrefix("notes verbales dat") && title.contains(" du ")
      {
        romance(
          title,
          addressed: [" adressées ", " adressée ", " adressé ", " adressees ", " adressee ", " ADRESSEES ", " ADRESSEE ", " ADRESSÉE "],
          by: [" par ", " PAR "])
      } else if words.hasPrefix("carta") || words.hasPrefix("nota") || words.hasPrefix("telegrama") {
        romance(title, addressed: [" dirigidas ", " dirigida ", " dirigido ", " DIRIGIDAS ", " DIRIGIDA "], by: [" por ", " POR "])
      } else {
        english(title)
      }
    }
    date = date ?? Parties.date(in: title)
    addressees = addressees.map(Prose.trimmed).filter { !$0.isEmpty }
  }

  // MARK: English

  private mutating func english(_ title: Substring) {
    let dated = Prose.range(of: " dated ", in: title)
    let rest = dated.map { title[$0.upperBound...] } ?? title
    let addressed = Prose.range(of: " addressed ", in: rest)
    if let from = Prose.range(of: " from ", in: rest) {
      date = CalendarDate(written: Prose.trimmed(rest[..<min(from.lowerBound, addressed?.lowerBound ?? from.lowerBound)]))
      if let addressed, addressed.lowerBound < from.lowerBound {
        addressees = Self.pieces(Self.afterTo(rest[addressed.upperBound..<from.lowerBound]), Self.englishCuts)
        sender = Prose.trimmed(rest[from.upperBound...])
      } else {
        let end = addressed?.lowerBound ?? Self.plainTo(rest[from.upperBound...])
        sender = Prose.trimmed(rest[from.upperBound..<(end ?? rest.endIndex)])
        if let addressed {
          addressees = Self.pieces(Self.afterTo(rest[addressed.upperBound...]), Self.englishCuts)
        } else if let end {
          addressees = Self.pieces(Self.afterTo(Prose.trimmed(rest[end...])), Self.englishCuts)
        }
      }
    } else if let addressed {
      date = CalendarDate(written: Prose.trimmed(rest[..<addressed.lowerBound]))
      let parties = rest[addressed.upperBound...]
      let by = Prose.range(of: " by ", in: parties)
      addressees = Self.pieces(Self.afterTo(parties[..<(by?.lowerBound ?? parties.endIndex)]), Self.englishCuts)
      if let by { sender = Prose.trimmed(parties[by.upperBound...]) }
    }
    if sender?.isEmpty == true { sender = nil }
  }

  private static let englishCuts = [
    ", the ", " and the ", " and to the ", ", and the ", ", to the ", "; the ", " AND THE ", " AND TO THE ", ", THE ",
  ]

  private static func afterTo(_ text: Substring) -> Substring {
    var text = Prose.trimmed(text)
    for word in ["respectively ", "to "] as [StaticString] where Prose.hasPrefix(text, word) {
      text = text.dropFirst(word.utf8CodeUnitCount)
    }
    return text
  }

  /// The " to the " before an addressee: not that of "to the United Nations".
  private static func plainTo(_ text: Substring) -> Substring.Index? {
    var start = text.startIndex
    while let to = Prose.range(of: " to the ", in: text[start...]) {
      if !Prose.hasPrefix(text[to.upperBound...], "united nations") || Prose.hasPrefix(text[to.upperBound...], "united nations secretary") {
        return to.lowerBound
      }
      start = to.upperBound
    }
    return nil
  }

  private static func pieces(_ text: Substring, _ cuts: [String]) -> [Substring] {
    var pieces: [Substring] = []
    var rest = Prose.trimmed(text)
    while pieces.count < 16 {
      let found = cuts.compactMap { rest.firstRange(of: $0) }
      guard let cut = found.min(by: { ($0.lowerBound, $1.upperBound) < ($1.lowerBound, $0.upperBound) }) else { break }
      pieces.append(rest[..<cut.lowerBound])
      rest = rest[cut.upperBound...]
    }
    return pieces + [rest]
  }

  // MARK: French and Spanish: "… adressée à … par …"

  private mutating func romance(_ title: Substring, addressed: [String], by: [String]) {
    guard let to = addressed.lazy.compactMap({ title.firstRange(of: $0) }).first else { return }
    let before = title[..<to.lowerBound]
    date = Parties.date(in: before)
    let parties = title[to.upperBound...]
    let end = by.lazy.compactMap { parties.firstRange(of: $0) }.first
    var receivers = Prose.trimmed(parties[..<(end?.lowerBound ?? parties.endIndex)])
    for word in ["respectivement ", "respectivamente ", "à l’", "à la ", "aux ", "au ", "à ", "al ", "a la ", "a los ", "a ", "AU ", "AL "]
    where receivers.hasPrefix(word) {
      receivers = receivers.dropFirst(word.count)
    }
    addressees = Self.pieces(
      receivers,
      [
        " et au ", " et à la ", " et à l’", " et aux ", ", au ", ", à la ", " ainsi qu’au ", " et à ", " et le ", " y al ", " y a la ",
        " y a los ", ", al ", ", a la ", " ET AU ", " Y AL ",
      ])
    if let end { sender = Prose.trimmed(parties[end.upperBound...]) }
  }

  // MARK: Russian: "Письмо … от … на имя …"

  private mutating func russian(_ title: Substring) {
    guard let head = title.firstIndex(of: " ") else { return }
    var from = title[head...].drop { $0 == " " }
    for word in ["письма ", "нота ", "ноты "] where from.hasPrefix(word) { from = from.dropFirst(word.count) }
    let name = title.firstRange(of: " на имя ")
    var end = name?.lowerBound ?? title.endIndex
    var start = from.startIndex
    while let of = title[start...].firstRange(of: " от ") {
      if title[of.upperBound...].utf8.first.map(isDigit) == true {
        end = min(end, of.lowerBound)
        break
      }
      start = of.upperBound
    }
    if start < end, from.startIndex < end {
      let text = Prose.trimmed(title[from.startIndex..<end])
      if !text.isEmpty { sender = text }
    }
    if let name {
      var receivers = title[name.upperBound...]
      if let dated = receivers.firstRange(of: " от ") { receivers = receivers[..<dated.lowerBound] }
      addressees = Self.pieces(receivers, [" и ", ", "])
    }
  }

  // MARK: Arabic: "رسالة مؤرخة … موجهة إلى … من …"

  private mutating func arabic(_ title: Substring) {
    let heads = ["موجهتان إلى ", "موجهة إلى ", "موجهتين إلى ", "موجهة الى ", "موجهتان الى "]
    guard let to = heads.lazy.compactMap({ title.firstRange(of: $0) }).first else { return }
    let parties = title[to.upperBound...]
    let from = parties.firstRange(of: " من ")
    addressees = Self.pieces(parties[..<(from?.lowerBound ?? parties.endIndex)], [" وإلى ", " و"])
    if let from { sender = Prose.trimmed(parties[from.upperBound...]) }
  }

  // MARK: Chinese: "…日…给…的信"

  private mutating func chinese(_ title: Substring) {
    guard let gives = title.firstIndex(of: "给"), let end = ["的同文信", "的普通照会", "的信"].lazy.compactMap({ title.firstRange(of: $0) }).first,
      gives < end.lowerBound
    else { return }
    var from = title[..<gives]
    if let day = from.firstIndex(of: "日"), CalendarDate(written: from[...day]) != nil {
      date = CalendarDate(written: from[...day])
      from = from[from.index(after: day)...]
    }
    sender = from.isEmpty ? nil : from
    addressees = Self.pieces(title[title.index(after: gives)..<end.lowerBound], ["和", "、"])
  }
}
