/// The cases of Russian names of states, as far as their endings tell them.
enum RussianCases {
  /// A name in its nominative and in the other cases: "Ирак", "Ирака", …; "Республика Корея", "Республики Корея".
  static func forms(_ name: String) -> [String] {
    var words = name.split(separator: " ").map(String.init)
    // Marks of stress, as catalogues print them.
    words = words.map { word in String(String.UnicodeScalarView(word.unicodeScalars.filter { $0 != "\u{301}" })) }
    let fixed = words.firstIndex { $0.hasPrefix("(") || $0 == "и" && words.count > 3 } ?? words.count
    var forms: Set<String> = [words.joined(separator: " ")]
    for index in 0..<5 {
      let declined = words[..<fixed].map { cases($0)[index] }
      forms.insert((declined + words[fixed...]).joined(separator: " "))
      // The name after "Республика" often stays as it is, and what is in the genitive always.
      for stop in 1..<max(1, fixed) where fixed > 1 {
        forms.insert((declined[..<stop] + words[stop...]).joined(separator: " "))
      }
      let both = words.map { $0 == "и" ? $0 : cases($0)[index] }
      forms.insert(both.joined(separator: " "))
    }
    return forms.sorted()
  }

  private static let indeclinable: Set<String> = [
    "Тринидад", "и", "Того", "Перу", "Чили", "Мали", "США", "СССР", "КНДР", "ОАЭ", "ДРК", "Сан", "Сент", "Сьерра", "Шри", "Коста", "Кот",
    "Кабо", "Эль", "Северной", "Великобритании", "Америки",
    "Микронезии", "Нидерландов",
  ]

  /// Genitive, dative, accusative, instrumental, prepositional.
  private static func cases(_ word: String) -> [String] {
    // "Шри-Ланка", "Народно-Демократическая": the last part declines.
    if let hyphen = word.lastIndex(of: "-") {
      let head = word[...hyphen]
      return cases(String(word[word.index(after: hyphen)...])).map { head + $0 }
    }
    if word == "Египет" { return ["Египта", "Египту", "Египет", "Египтом", "Египте"] }
    let same = Array(repeating: word, count: 5)
    if indeclinable.contains(word) || word.count < 3 { return same }
    func with(_ cut: Int, _ endings: [String]) -> [String] { endings.map { word.dropLast(cut) + $0 } }
    let beforeLast = word.dropLast().last ?? " "
    let isSibilant = "гкхжчшщ".contains(beforeLast)
    switch word.suffix(2) {
    case "ая": return with(2, ["ой", "ой", "ую", "ой", "ой"])
    case "яя": return with(2, ["ей", "ей", "юю", "ей", "ей"])
    case "ое": return with(2, ["ого", "ому", "ое", "ым", "ом"]).map { $0.replacing("кым", with: "ким") }
    case "ые": return with(2, ["ых", "ым", "ые", "ыми", "ых"])
    case "ие": return with(2, ["их", "им", "ие", "ими", "их"])
    case "ый": return with(2, ["ого", "ому", "ый", "ым", "ом"])
    case "ой": return with(2, ["ого", "ому", "ой", "ым", "ом"])
    case "ия": return with(2, ["ии", "ии", "ию", "ией", "ии"])
    case "во": return with(1, ["а", "у", "о", "ом", "е"])
    case "ны": return with(1, ["", "ам", "ы", "ами", "ах"])
    case "ды", "вы", "мы", "ры": return with(1, ["ов", "ам", "ы", "ами", "ах"])
    case "ты": return with(1, ["ов", "ам", "ы", "ами", "ах"])
    case "ва" where word == "Острова": return ["Островов", "Островам", "Острова", "Островами", "Островах"]
    default: break
    }
    switch word.last {
    case "а": return with(1, [isSibilant ? "и" : "ы", "е", "у", "ой", "е"])
    case "я": return with(1, ["и", "е", "ю", "ей", "е"])
    case "й": return with(1, ["я", "ю", "й", "ем", "е"])
    case "ь" where word.hasSuffix("русь"): return with(1, ["и", "и", "ь", "ью", "и"])
    case "ь": return with(1, ["я", "ю", "ь", "ем", "е"])
    case let last? where "бвгджзклмнпрстфхцчшщ".contains(last): return ["а", "у", "", "ом", "е"].map { word + $0 }
    default: return same
    }
  }
}
