import Documents
import Foundation
import Reading
import TestSupport
import Testing

@Suite("Dates, places and figures in the text")
struct MentionTests {
  /// What is read in a paragraph: "26 February 1992 = 1992-02-26", "Iraq = IRQ", "20,000 refugees = 20000 refugees".
  private func read(_ text: String, metadata: [String: String] = [:], kinds: Set<Kind> = [.date, .place, .figure]) async throws -> [String]
  {
    let document = try await TestData.read(text: text, metadata: metadata).document
    return try document.mentions.filter { kinds.contains(Kind($0)) }.map { mention in
      let printed = try #require(document.text(mention.span), "\(mention)")
      switch mention.meaning {
      case .days(let first, let last): return "\(printed) = \(first == last ? "\(first)" : "\(first)..\(last)")"
      case .place(let code): return "\(printed) = \(code)"
      case .figure(let number, let unit): return "\(printed) = \(number) \(unit ?? "-")"
      }
    }
  }

  private enum Kind {
    case date, place, figure

    init(_ mention: Mention) {
      switch mention.meaning {
      case .days: self = .date
      case .place: self = .place
      case .figure: self = .figure
      }
    }
  }

  @Test(
    "days, months and years, in English",
    arguments: [
      ("It was signed on 26 February 1992 in the capital.", ["26 February 1992 = 1992-02-26"]),
      ("It was signed on February 26, 1992, in the capital.", ["February 26, 1992 = 1992-02-26"]),
      ("They met on February 26–28, 1992, again.", ["February 26–28, 1992 = 1992-02-26..1992-02-28"]),
      ("They met on 26 and 27 February 1992 again.", ["26 = 1992-02-26", "27 February 1992 = 1992-02-27"]),
      ("They met on 1, 3 and 5 February 1992.", ["1 = 1992-02-01", "3 = 1992-02-03", "5 February 1992 = 1992-02-05"]),
      ("They met from 26 February to 3 March 1992.", ["26 February to 3 March 1992 = 1992-02-26..1992-03-03"]),
      ("They met from 9 to 13 June 1993.", ["9 to 13 June 1993 = 1993-06-09..1993-06-13"]),
      (
        "In Kyoto, from 7 to 12 March 2021, and in Rome from 20 to 22 March 2019 they met.",
        [
          "7 to 12 March 2021 = 2021-03-07..2021-03-12", "20 to 22 March 2019 = 2019-03-20..2019-03-22",
        ]
      ),
      ("They met 26–28 February 1992.", ["26–28 February 1992 = 1992-02-26..1992-02-28"]),
      ("It lasted from 26 December 1991 to 3 January 1992.", ["26 December 1991 to 3 January 1992 = 1991-12-26..1992-01-03"]),
      ("It happened in February 1992 there.", ["February 1992 = 1992-02-01..1992-02-29"]),
      ("It happened in late February 1993 there.", ["February 1993 = 1993-02-01..1993-02-28"]),
      ("It happened in June and July 1993.", ["June = 1993-06-01..1993-06-30", "July 1993 = 1993-07-01..1993-07-31"]),
      ("It lasted from June to August 1993.", ["June to August 1993 = 1993-06-01..1993-08-31"]),
      ("It happened in 1992 there.", ["1992 = 1992-01-01..1992-12-31"]),
      (
        "It happened in 1988, 1992 and 1994.",
        [
          "1988 = 1988-01-01..1988-12-31", "1992 = 1992-01-01..1992-12-31", "1994 = 1994-01-01..1994-12-31",
        ]
      ),
      ("Between 1988 and 1994 it was calm.", ["1988 and 1994 = 1988-01-01..1994-12-31"]),
      ("The period 1992–1994 was calm.", ["1992–1994 = 1992-01-01..1994-12-31"]),
      ("The programme of the year 1992/93 began.", ["1992/93 = 1992-01-01..1993-12-31"]),
      ("At the end of the 1980s it began.", ["1980s = 1980-01-01..1989-12-31"]),
      ("It is dated 2019-11-26, as said.", ["2019-11-26 = 2019-11-26"]),
      ("It is dated 26.02.1992 and 26/02/1992.", ["26.02.1992 = 1992-02-26", "26/02/1992 = 1992-02-26"]),
      (
        "On 26 February 1992 it began and on 3 March of the same year it ended.", ["26 February 1992 = 1992-02-26", "3 March = 1992-03-03"]
      ),
      ("The 1992 Conference and the 1967 borders.", ["1992 = 1992-01-01..1992-12-31", "1967 = 1967-01-01..1967-12-31"]),
      // None of these is a date.
      ("It recalled resolution 1992 (1992) and resolution 1992/31.", []), ("See 03/04/1992, page 1992, paragraph 1990.", []),
      ("It fell on 30 February 1992, or 31 June 1993.", []), ("A total of 1992 persons and some 2000 more.", []),
      ("The documents S/1992/31, E/1992/1 and A/54/1992.", []), ("You may 2 or march 3 times.", []),
    ])
  func english(text: String, expected: [String]) async throws {
    let found = try await read(text, kinds: [.date])
    #expect(found == expected)
  }

  @Test(
    "days, months and years, in the other languages",
    arguments: [
      (
        "Le 26 février 1992, le 1er mars 1992 et en mai 1993, nous avons été là.",
        [
          "26 février 1992 = 1992-02-26", "1er mars 1992 = 1992-03-01", "mai 1993 = 1993-05-01..1993-05-31",
        ]
      ),
      ("La réunion a eu lieu du 26 février au 3 mars 1992 dans la ville.", ["26 février au 3 mars 1992 = 1992-02-26..1992-03-03"]),
      ("Dans les années 1990 et depuis 1992 nous avons été là.", ["1990 = 1990-01-01..1999-12-31", "1992 = 1992-01-01..1992-12-31"]),
      ("La reunión se celebró el 26 de febrero de 1992 en la ciudad.", ["26 de febrero de 1992 = 1992-02-26"]),
      ("La reunión se celebró del 26 al 28 de febrero de 1992 en la ciudad.", ["26 al 28 de febrero de 1992 = 1992-02-26..1992-02-28"]),
      (
        "La reunión se celebró en marzo de 1992, en el decenio de 1990 y desde 1988.",
        [
          "marzo de 1992 = 1992-03-01..1992-03-31", "1990 = 1990-01-01..1999-12-31", "1988 = 1988-01-01..1988-12-31",
        ]
      ),
      ("Совещание прошло 26 февраля 1992 года в столице.", ["26 февраля 1992 года = 1992-02-26"]),
      ("Совещание прошло с 26 по 28 февраля 1992 года.", ["26 по 28 февраля 1992 года = 1992-02-26..1992-02-28"]),
      (
        "Это было в феврале 1992 года и в 1993 году.", ["феврале 1992 года = 1992-02-01..1992-02-29", "1993 году = 1993-01-01..1993-12-31"]
      ),
      ("عقد الاجتماع في 26 شباط/فبراير 1992 هنا.", ["26 شباط/فبراير 1992 = 1992-02-26"]),
      ("عقد الاجتماع في ٢٦ فبراير ١٩٩٢ هنا.", ["٢٦ فبراير ١٩٩٢ = 1992-02-26"]),
      (
        "عقد الاجتماع في تشرين الثاني/نوفمبر 1992 وفي عام 1993.",
        [
          "تشرين الثاني/نوفمبر 1992 = 1992-11-01..1992-11-30", "1993 = 1993-01-01..1993-12-31",
        ]
      ),
      ("会议于1992年2月26日举行。", ["1992年2月26日 = 1992-02-26"]),
      ("会议于1992年2月26日至3月3日举行。", ["1992年2月26日至3月3日 = 1992-02-26..1992-03-03"]),
      ("会议于1992年2月和一九九三年三月举行。", ["1992年2月 = 1992-02-01..1992-02-29", "一九九三年三月 = 1993-03-01..1993-03-31"]),
      ("在1992年至1994年和1990年代，情况有所改善。", ["1992年至1994年 = 1992-01-01..1994-12-31", "1990年代 = 1990-01-01..1999-12-31"]),
    ])
  func others(text: String, expected: [String]) async throws {
    let found = try await read(text, kinds: [.date])
    #expect(found == expected)
  }

  @Test("a day without a year has the year of its paragraph or paper only where that is sure")
  func open() async throws {
    let day = ["date": "1992-05-05"]
    #expect(try await read("On 26 February the town was taken.", kinds: [.date]) == [])
    #expect(try await read("On 26 February the town was taken.", metadata: day, kinds: [.date]) == ["26 February = 1992-02-26"])
    #expect(try await read("On 26 June the town was taken.", metadata: day, kinds: [.date]) == [])
    #expect(try await read("On 26 June of last year the town was taken.", metadata: day, kinds: [.date]) == ["26 June = 1991-06-26"])
    #expect(try await read("The International Day is marked on 26 April.", metadata: day, kinds: [.date]) == [])
    #expect(
      try await read("On 3 March 1990 it began. On 5 March it ended.", metadata: day, kinds: [.date]) == [
        "3 March 1990 = 1990-03-03", "5 March = 1990-03-05",
      ])
  }

  @Test(
    "states by their names in six languages, and not what is named after them",
    arguments: [
      (
        "He spoke of Azerbaijan, the Islamic Republic of Iran and Côte d'Ivoire.",
        [
          "Azerbaijan = AZE", "Islamic Republic of Iran = IRN", "Côte d'Ivoire = CIV",
        ]
      ),
      (
        "He spoke of Papua New Guinea, Equatorial Guinea, Guinea-Bissau and Guinea.",
        [
          "Papua New Guinea = PNG", "Equatorial Guinea = GNQ", "Guinea-Bissau = GNB", "Guinea = GIN",
        ]
      ),
      (
        "He spoke of Niger and Nigeria, of the Sudan and South Sudan.",
        ["Niger = NER", "Nigeria = NGA", "Sudan = SDN", "South Sudan = SSD"]
      ),
      ("He spoke of the Lake Chad Basin, Northern Ireland, the South China Sea, the Gulf of Guinea and American Samoa.", []),
      ("Mr. Jordan and Mr. Michael Jordan met in New Mexico, by the Jordan River, with turkey and china.", []),
      ("It paid 5,000 United States dollars to the United States of America.", ["United States of America = USA"]),
      ("The Palestine Liberation Organization spoke of the Uruguay Round.", []),
      ("The Democratic Republic of the Congo and the Congo agreed.", ["Democratic Republic of the Congo = COD", "Congo = COG"]),
      (
        "L’Algérie et la République arabe syrienne ont été avec nous dans les débats.",
        ["Algérie = DZA", "République arabe syrienne = SYR"]
      ),
      (
        "El Perú y la República Bolivariana de Venezuela han sido los primeros en la lista.",
        [
          "Perú = PER", "República Bolivariana de Venezuela = VEN",
        ]
      ),
      (
        "Представители Ирака, Российской Федерации, Перу и Северной Ирландии говорили об этом.",
        [
          "Ирака = IRQ", "Российской Федерации = RUS", "Перу = PER",
        ]
      ),
      (
        "وتحدث ممثلو العراق ومصر وللأردن والولايات المتحدة الأمريكية عن ذلك.",
        [
          "العراق = IRQ", "مصر = EGY", "للأردن = JOR", "الولايات المتحدة الأمريكية = USA",
        ]
      ),
      ("阿塞拜疆、巴布亚新几内亚和中国代表谈到南中国海和沿海地区。", ["阿塞拜疆 = AZE", "巴布亚新几内亚 = PNG", "中国 = CHN"]),
    ])
  func places(text: String, expected: [String]) async throws {
    let found = try await read(text, kinds: [.place])
    #expect(found == expected)
  }

  @Test("the paper's year chooses between states that bore one name")
  func years() async throws {
    let text = "The representative of the United Arab Republic spoke."
    #expect(try await read(text, metadata: ["date": "1965-05-05"], kinds: [.place]) == ["United Arab Republic = EGY"])
    #expect(try await read(text, metadata: ["date": "1959-05-05"], kinds: [.place]) == ["United Arab Republic = SYR"])
    let two = "Romania, Serbia and Montenegro, and Slovakia spoke."
    #expect(try await read(two, metadata: ["date": "2015-05-05"], kinds: [.place]).count == 4)
    #expect(try await read(two, metadata: ["date": "2004-05-05"], kinds: [.place]).count == 3)
  }

  @Test(
    "sums, shares, measures and counts in six languages, and no other numbers",
    arguments: [
      (
        "It cost $1.2 million, US$ 350,000 and 20 million euros.",
        [
          "$1.2 million = 1200000 $", "US$ 350,000 = 350000 US$", "20 million euros = 20000000 euros",
        ]
      ),
      (
        "It rose by 20 per cent, 5.5% and 20 to 30 per cent.",
        [
          "20 per cent = 20 per cent", "5.5% = 5.5 %", "20 = 20 per cent", "30 per cent = 30 per cent",
        ]
      ),
      (
        "There were 20,000 refugees, 613 persons, 5,000 innocent civilians and 1.5 billion people.",
        [
          "20,000 refugees = 20000 refugees", "613 persons = 613 persons", "5,000 innocent civilians = 5000 civilians",
          "1.5 billion people = 1500000000 people",
        ]
      ),
      (
        "It is 300 km and 12 square kilometres for 193 Member States over 20 years.",
        [
          "300 km = 300 km", "12 square kilometres = 12 square kilometres", "193 Member States = 193 Member States", "20 years = 20 years",
        ]
      ),
      ("See paragraphs 4, 5 and 6 of resolution 242 (1967), article 51, page 12, item 25 (b) and A/74/565.", []),
      ("Resolution 242 calls for peace; paragraph 12 states that chapter 5 measures apply at 11.45 a.m.", []),
      (
        "It covers 2,758,000 km2, or 3 km², of 12 square km.",
        [
          "2,758,000 km2 = 2758000 km2", "3 km² = 3 km²", "12 square km = 12 square km",
        ]
      ),
      ("At the fifteenth 21 anniversaries, and for COVID-19 vaccines; 2025 marks the year.", []),
      ("Call (212) 963-1234 or see No. 31363, vol. 1833, on 5 May 1992.", []),
      (
        "Le coût est de 1,5 million de dollars, soit 20 pour cent pour 20 000 réfugiés dans les camps.",
        [
          "1,5 million de dollars = 1500000 dollars", "20 pour cent = 20 pour cent", "20 000 réfugiés = 20000 réfugiés",
        ]
      ),
      (
        "El costo es de 2 millones de dólares, el 20 por ciento, para 1.500 personas en los campamentos.",
        [
          "2 millones de dólares = 2000000 dólares", "20 por ciento = 20 por ciento", "1.500 personas = 1500 personas",
        ]
      ),
      (
        "Расходы составили 350 млн. долл. США, или 1,5 процента, на 120 000 беженцев.",
        [
          "350 млн. долл. США = 350000000 долл. США", "1,5 процента = 1.5 процента", "120 000 беженцев = 120000 беженцев",
        ]
      ),
      (
        "بلغت التكاليف 3 ملايين دولار أي 20 في المائة لصالح ١٢٠٠٠ لاجئ.",
        [
          "3 ملايين دولار = 3000000 دولار", "20 في المائة = 20 في المائة", "١٢٠٠٠ لاجئ = 12000 لاجئ",
        ]
      ),
      (
        "费用为3.5亿美元，占20%，涉及12万名难民和15个国家。",
        [
          "3.5亿美元 = 350000000 美元", "20% = 20 %", "12万名难民 = 120000 名难民", "15个国家 = 15 个国家",
        ]
      ),
    ])
  func figures(text: String, expected: [String]) async throws {
    let found = try await read(text, kinds: [.figure])
    #expect(found == expected)
  }

  @Test("a letter's title is searched as its paragraphs are")
  func titles() async throws {
    let document = try await TestData.read(
      text: "Letter dated 5 May 1961 from the Permanent Representative of Ghana addressed to the President of the Security Council\n\n…\n"
    ).document
    let inTitle = document.mentions.filter { $0.span.text == .title }
    #expect(
      inTitle.map(\.meaning) == [
        .days(try #require(CalendarDate(iso: "1961-05-05")), try #require(CalendarDate(iso: "1961-05-05"))), .place("GHA"),
      ])
  }

  @Test("spans are in bounds, cut no character, and those of one kind do not overlap, in real papers and in broken ones")
  func spans() async throws {
    var random = Seeded()
    let texts = try Data(contentsOf: TestData.root.appending(path: "Tests/Labelled/mentions.jsonl")).split(separator: 10).map { line in
      try #require((try JSONSerialization.jsonObject(with: line) as? [String: Any])?["text"] as? String)
    }
    for text in texts {
      for round in 0..<12 {
        var bytes = Array(text.utf8)
        if round > 0 {
          for _ in 0..<Int.random(in: 1...60, using: &random) {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[at] = UInt8.random(in: 0x20...0x7e, using: &random)
            case 1: bytes.remove(at: at)
            case 2: bytes.insert(contentsOf: Array("26 February 1992–".utf8).shuffled(using: &random), at: at)
            case 3: bytes.insert(contentsOf: bytes[at..<min(at + 40, bytes.count)], at: Int.random(in: 0..<bytes.count, using: &random))
            default:
              bytes.insert(
                contentsOf: Array("٢年月–.,$ 5".unicodeScalars.randomElement(using: &random).map { String($0).utf8 } ?? "".utf8), at: at)
            }
          }
        }
        // Damage may cut a character: what is read is text.
        let document = try await TestData.read(text: String(decoding: bytes, as: UTF8.self)).document
        var ends: [String: Int] = [:]
        for mention in document.mentions {
          #expect(document.text(mention.span) != nil, "\(mention)")
          let key = "\(mention.span.text) \(Kind(mention))"
          #expect(mention.span.range.lowerBound >= ends[key] ?? 0, "\(mention)")
          ends[key] = mention.span.range.upperBound
          if case .days(let first, let last) = mention.meaning { #expect(first <= last) }
          if case .figure(let number, _) = mention.meaning {
            #expect(number.wholeMatch(of: #/(0|[1-9]\d*)(\.\d*[1-9])?/#) != nil, "\(number)")
          }
        }
      }
    }
  }

  @Test(
    "hostile texts take time in proportion to their length, and mentions are bounded",
    arguments: [
      "1", "1992 ", ",", "1,", "26 ", "1 and ", "26 February ", "United ", "年", "一", "12月", "$", "Соединенные ", "و", "1.", "100 million ",
      "26 February to ", "June and 1992 ",
    ])
  func hostile(unit: String) throws {
    let isNamed = ["1", "1992 ", ","].contains(unit)
    let text = String(repeating: unit, count: (isNamed ? 1 << 20 : 1 << 18) / unit.utf8.count)
    var document = Document(id: try #require(DocumentID(digest: repeatElement(0, count: DocumentID.length))))
    // What is beyond a mebibyte of a paragraph is not looked at.
    document.paragraphs = [Paragraph(number: 1, text: isNamed ? String(repeating: text, count: 30) : text, attribution: "")]
    let start = ContinuousClock.now
    Mentions.read(&document)
    // A look at all numbers from each would take hours.
    #expect(ContinuousClock.now - start < .seconds(120))
    #expect(document.mentions.count <= Mentions.most)
  }
}
