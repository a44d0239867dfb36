/// Treaties' names in Russian and Arabic.
extension Instrument {
  // MARK: Russian

  /// At a capital that begins a word: "Устава Организации Объединенных Наций", "Международного пакта о гражданских и политических правах".
  init?(cyrillic text: CitedText, at start: Int) {
    guard (0x90...0xaf).contains(text[start + 1]) else { return nil }
    var index = start
    var head: Range<Int>?
    for step in 0..<4 {
      let word = text.word(at: index)
      guard word.count >= 8 else { return nil }
      if Self.russianHeads.contains(where: { text.has($0, at: word.lowerBound) })
        || step > 0 && Self.russianLowerHeads.contains(where: { text.has($0, at: word.lowerBound) })
      {
        head = word
        break
      }
      // Only adjectives stand before: "Международного", "Факультативным".
      guard Self.adjectives.contains(where: { text.start(of: $0, endingAt: word.upperBound) != nil }) else { return nil }
      index = text.skipSpaces(word.upperBound)
    }
    guard let head else { return nil }
    let isNamed = head.lowerBound > start
    let after = text.skipSpaces(head.upperBound)
    let isCharter = text.has("Устав", at: head.lowerBound)
    if let tail = Self.russianTails.first(where: { text.has($0, at: after) }), isCharter || !Self.isOrganization(tail) {
      self.init(text, start..<after + tail.count, name: text.string(start..<after + tail.count), nil)
      return
    }
    if let end = Self.endAfterYear(text, after) {
      self.init(text, start..<end, name: text.string(start..<end), nil)
      return
    }
    if isCharter {
      guard let pinpoint = Pinpoint.before(text, start) else { return nil }
      self.init(text, start..<head.upperBound, name: "Устав Организации Объединенных Наций", pinpoint)
      return
    }
    let openings: [StaticString] = [
      "о ", "об ", "по ", "против ", "для ", "относительно ", "Организации Объединенных Наций ", "ООН ", "Совета Европы ",
    ]
    guard let opening = openings.first(where: { text.has($0, at: after) }),
      let end = Self.russianEnd(text, after + opening.utf8CodeUnitCount)
    else {
      guard isNamed, Self.places.contains(where: { text.has($0, at: start) }) else { return nil }
      self.init(text, start..<head.upperBound, name: text.string(start..<head.upperBound), nil)
      return
    }
    self.init(text, start..<end, name: text.string(start..<end), nil)
  }

  /// The Organization's name makes the Charter's, and no treaty's.
  private static func isOrganization(_ tail: [UInt8]) -> Bool {
    tail == Array("Организации Объединенных Наций".utf8) || tail == Array("ООН".utf8)
  }

  /// The end of a name that has a year before what it is about: "ООН 1951 года о статусе беженцев".
  private static func endAfterYear(_ text: CitedText, _ start: Int) -> Int? {
    let bodies: [StaticString] = ["ООН ", "Организации Объединенных Наций "]
    let body = bodies.first { text.has($0, at: start) }.map(\.utf8CodeUnitCount) ?? 0
    guard let year = Instrument.year(text, at: start + body), text.has(" года ", at: year) else { return nil }
    let about = year + (" года " as StaticString).utf8CodeUnitCount
    if let tail = russianTails.first(where: { text.has($0, at: about) }), !isOrganization(tail) { return about + tail.count }
    let openings: [StaticString] = ["о ", "об ", "против ", "относительно "]
    return openings.first { text.has($0, at: about) }.flatMap { russianEnd(text, about + $0.utf8CodeUnitCount) }
  }

  private static let russianHeads: [[UInt8]] = ["Устав", "Конвенци", "Пакт", "Протокол", "Договор", "Статут", "Соглашени", "Деклараци"].map
  { Array($0.utf8) }
  private static let russianLowerHeads: [[UInt8]] = [
    "конвенци", "пакт", "протокол", "договор", "статут", "соглашени", "декларации прав человека", "декларация прав человека",
    "декларацией прав человека", "декларацию прав человека",
  ]
  .map { Array($0.utf8) }
  private static let adjectives: [StaticString] = [
    "ый", "ий", "ой", "ого", "его", "ому", "ему", "ым", "им", "ом", "ем", "ая", "яя", "ую", "юю", "ые", "ие", "ых", "их", "ыми", "ими",
    "ей",
  ]
  private static let places: [StaticString] = [
    "Венск", "Женевск", "Римск", "Парижск", "Киотск", "Монреальск", "Гаагск", "Базельск", "Стокгольмск", "Роттердамск", "Нагойск",
    "Картахенск", "Минаматск", "Рамсарск", "Лиссабонск",
  ]

  private static let russianTails: [[UInt8]] = [
    "Организации Объединенных Наций об изменении климата", "Организации Объединенных Наций по морскому праву",
    "Организации Объединенных Наций против коррупции",
    "Организации Объединенных Наций против транснациональной организованной преступности",
    "Организации Объединенных Наций по борьбе с опустыниванием", "прав человека", "Международного Суда", "Международного уголовного суда",
    "о правах ребенка", "о правах инвалидов", "о биологическом разнообразии", "об изменении климата",
    "о ликвидации всех форм дискриминации в отношении женщин",
    "о ликвидации всех форм расовой дискриминации", "о предупреждении преступления геноцида и наказании за него",
    "против пыток и других жестоких, бесчеловечных или унижающих достоинство видов обращения и наказания",
    "о гражданских и политических правах",
    "об экономических, социальных и культурных правах", "для защиты всех лиц от насильственных исчезновений",
    "о нераспространении ядерного оружия",
    "о защите прав всех трудящихся-мигрантов и членов их семей", "о запрещении ядерного оружия",
    "о всеобъемлющем запрещении ядерных испытаний",
    "о торговле оружием", "о статусе беженцев", "по морскому праву", "Организации Объединенных Наций", "ООН",
  ].map { Array($0.utf8) }

  /// By rule: up to the first mark, digit or word that no name goes on with.
  private static func russianEnd(_ text: CitedText, _ start: Int) -> Int? {
    let stops: [StaticString] = [
      " и Конвенци", " и Протокол", " и Факультатив", " и Договор", " и Международн", " и Всеобщ", " и Устав", " и другие", " и другими",
      " и ее ", " и её ", " и его ", " который", " которая", " которые", " которой", " от ", " является", " в отношении Украин", " года",
      " или Конвенци", " был", " будет",
    ]
    var index = start
    var end = start
    while index < text.count, index - start < 300 {
      let byte = text[index]
      if [0x2c, 0x2e, 0x3b, 0x3a, 0x28, 0x29, 0x22].contains(byte) || text.digit(index) != nil || text.has("»", at: index)
        || text.has("«", at: index)
      {
        break
      }
      if byte == 0x20 {
        if stops.contains(where: { text.has($0, at: index) }) || text.digit(index + 1) != nil { break }
        index += 1
      } else {
        index = max(index + 1, text.word(at: index).upperBound)
        end = index
      }
    }
    return end > start + 6 ? end : nil
  }

  // MARK: Arabic

  /// The names are fixed; "and", "by" and "for" are written with them.
  init?(arabic text: CitedText, at start: Int) {
    guard start == 0 || !(0xd8...0xdb).contains(text[start - 2]) || start == 1 else { return nil }
    let prefixes: [StaticString] = ["", "و", "ب", "ل", "ول", "وب", "ك"]
    for prefix in prefixes where text.has(prefix, at: start) {
      let place = start + prefix.utf8CodeUnitCount
      if let name = Self.arabicNames.first(where: { text.has($0, at: place) }) {
        self.init(text, place..<place + name.count, name: text.string(place..<place + name.count), nil)
        return
      }
      // "للميثاق", "الميثاق"
      let charters: [StaticString] = ["الميثاق", "لميثاق"]
      if let charter = charters.first(where: { text.has($0, at: place) }), let pinpoint = Pinpoint.before(text, start) {
        self.init(text, place..<place + charter.utf8CodeUnitCount, name: "ميثاق الأمم المتحدة", pinpoint)
        return
      }
    }
    return nil
  }

  private static let arabicNames: [[UInt8]] = [
    "ميثاق الأمم المتحدة", "ميثاق الامم المتحدة", "اتفاقية حقوق الطفل", "اتفاقية حقوق الأشخاص ذوي الإعاقة",
    "الاتفاقية الدولية للقضاء على جميع أشكال التمييز العنصري",
    "اتفاقية القضاء على جميع أشكال التمييز ضد المرأة", "العهد الدولي الخاص بالحقوق المدنية والسياسية",
    "العهد الدولي الخاص بالحقوق الاقتصادية والاجتماعية والثقافية", "الإعلان العالمي لحقوق الإنسان", "معاهدة عدم انتشار الأسلحة النووية",
    "معاهدة منع انتشار الأسلحة النووية", "معاهدة حظر الأسلحة النووية", "معاهدة الحظر الشامل للتجارب النووية", "معاهدة تجارة الأسلحة",
    "اتفاق باريس", "اتفاقية باريس", "نظام روما الأساسي للمحكمة الجنائية الدولية", "نظام روما الأساسي",
    "النظام الأساسي لمحكمة العدل الدولية",
    "اتفاقية الأمم المتحدة الإطارية بشأن تغير المناخ", "اتفاقية الأمم المتحدة لقانون البحار", "اتفاقية الأمم المتحدة لمكافحة الفساد",
    "اتفاقية الأمم المتحدة لمكافحة الجريمة المنظمة عبر الوطنية", "اتفاقية الأمم المتحدة لمكافحة التصحر",
    "اتفاقية منع جريمة الإبادة الجماعية والمعاقبة عليها",
    "اتفاقية التنوع البيولوجي", "اتفاقية مناهضة التعذيب وغيره من ضروب المعاملة أو العقوبة القاسية أو اللاإنسانية أو المهينة",
    "اتفاقية مناهضة التعذيب",
    "اتفاقية جنيف الرابعة", "اتفاقيات جنيف", "اتفاقية جنيف", "اتفاقية فيينا لقانون المعاهدات", "اتفاقية فيينا للعلاقات الدبلوماسية",
    "اتفاقية فيينا للعلاقات القنصلية",
    "بروتوكول كيوتو", "بروتوكول مونتريال", "اتفاقية الأسلحة الكيميائية", "اتفاقية الأسلحة البيولوجية",
    "الاتفاقية الدولية لحماية جميع الأشخاص من الاختفاء القسري",
    "الاتفاقية الدولية لحماية حقوق جميع العمال المهاجرين وأفراد أسرهم", "الاتفاقية الخاصة بوضع اللاجئين",
  ].map { Array($0.utf8) }
}
