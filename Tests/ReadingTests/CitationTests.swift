import Documents
import Foundation
import Reading
import TestSupport
import Testing

@Suite("Citations in running text")
struct CitationTests {
  /// What is cited in a text alone: symbols with a plus between them, an instrument's name, or the reason in brackets; with a pinpoint behind "@".
  static func cited(_ text: String, symbol: String? = nil, metadata: [String: String] = [:]) async throws -> [String] {
    try await TestData.read(text: text, symbol: symbol, metadata: metadata).document.citations.map { citation in
      let target =
        citation.symbols.isEmpty
        ? citation.instrument ?? "[\(citation.reason ?? "no reason")]" : citation.symbols.map(\.text).joined(separator: "+")
      return target + (citation.pinpoint.map { "@\($0)" } ?? "")
    }
  }

  @Test(
    "resolutions and decisions, one by one, in lists and in ranges",
    arguments: [
      ("Recalling General Assembly resolution 62/243 of 14 March 2008,", ["A/RES/62/243"]),
      (
        "Recalling its resolutions 63/33 of 26 November 2008, 64/108 of 10 December 2009 and 65/95 of 9 December 2010,",
        ["A/RES/63/33", "A/RES/64/108", "A/RES/65/95"]
      ),
      (
        "in accordance with Security Council resolutions 822 (1993), 853 (1993) and 884 (1993), which say so.",
        ["S/RES/822 (1993)", "S/RES/853 (1993)", "S/RES/884 (1993)"]
      ),
      ("as resolution 822 (1993) says, and 1325 (2000) after it.", ["S/RES/822 (1993)", "S/RES/1325 (2000)"]),
      ("Recalling resolutions 46/1 to 46/4 and decision 31/308,", ["A/RES/46/1+A/RES/46/2+A/RES/46/3+A/RES/46/4", "A/DEC/31/308"]),
      ("Recalling resolution 3363 (XXX) and resolution 217 A (III) of 1948,", ["A/RES/3363 (XXX)", "A/RES/217 A (III)"]),
      ("Recalling resolutions 3419 A to D (XXX),", ["A/RES/3419 A (XXX)+A/RES/3419 B (XXX)+A/RES/3419 C (XXX)+A/RES/3419 D (XXX)"]),
      ("Recalling resolutions 31/16 A and 75/90 A and B, which stand.", ["A/RES/31/16 A", "A/RES/75/90 A+A/RES/75/90 B"]),
      ("under resolution 46/182, annex, and resolution 70/1, paras. 4 and 5.", ["A/RES/46/182@annex", "A/RES/70/1@paras. 4 and 5"]),
      ("as paragraphs 4 and 5 of its resolution 62/243 say,", ["A/RES/62/243@paragraphs 4 and 5"]),
      ("Recalling Economic and Social Council resolution 1996/31 of 25 July 1996,", ["E/RES/1996/31"]),
      (
        "Recalling Human Rights Council resolutions 16/18 of 24 March 2011, 19/25 of 23 March 2012 and 48/13,",
        ["A/HRC/RES/16/18", "A/HRC/RES/19/25", "A/HRC/RES/48/13"]
      ),
      ("The Human Rights Council, in its resolution 48/13, spoke of it.", ["A/HRC/RES/48/13"]),
      ("resolutions 5/1 and 16/21 of the Human Rights Council are in force.", ["A/HRC/RES/5/1", "A/HRC/RES/16/21"]),
      (
        "Human Rights Council decision 18/120 of 30 September 2011 and resolutions 24/14 and 36/10,",
        ["A/HRC/DEC/18/120", "A/HRC/RES/24/14", "A/HRC/RES/36/10"]
      ),
      ("Recalling its resolutions ES-10/15 and ES-10/17 and resolution S-10/2,", ["A/RES/ES-10/15", "A/RES/ES-10/17", "A/RES/S-10/2"]),
      (
        "We recall Security Council resolution 242 and resolutions 338 and 425.",
        ["S/RES/242 (1967)", "S/RES/338 (1973)", "S/RES/425 (1978)"]
      ),
      ("We recall General Assembly resolution 1514 and resolution 1541 here.", ["A/RES/1514 (XV)", "A/RES/1541 (XV)"]),
      ("The General Assembly resolutions 2253 and 2254 (ES-V) were ignored.", ["A/RES/2253 (ES-V)", "A/RES/2254 (ES-V)"]),
      ("The resolution of 29 November 1947 [181 (II)] is well known.", ["A/RES/181 (II)"]),
      ("Environment Assembly resolution 5/14 ends plastic pollution.", ["UNEP/EA.5/Res.14"]),
      ("the Assembly, in its resolution 1325/2000, or UNSCR 1325, as some write.", ["S/RES/1325 (2000)", "S/RES/1325 (2000)"]),
    ])
  func numbers(text: String, expected: [String]) async throws { #expect(try await Self.cited(text) == expected) }

  @Test(
    "numbers that name no resolution are none",
    arguments: [
      "We worked 24/7 on target 3.2 and won 2/3 of the votes, on a 50/50 basis, in 2019/20.",
      "In resolution of the conflict, 242 people were moved.",
      "that resolution, the present resolution and all other resolutions of 1967 (page 4)", "World Health Assembly resolution 66.8 of 2013",
      "United Nations, Treaty Series, vol. 1833, No. 31363.", "He was born in 1325 (2000 years ago), as HIV/AIDS and A/B tests show.",
      "document CL 144/9, Sales No. E.96.IV.13, chap. I, resolution 1, annexes I and II",
    ])
  func notCited(text: String) async throws { #expect(try await Self.cited(text).isEmpty) }

  @Test(
    "what is doubtful has a reason and no symbol",
    arguments: [
      ("Recalling Security Council resolution 598 (1988), which was heard.", "[the Security Council's resolution 598 is of 1987]"),
      ("Recalling resolution 1514 (XX) of that year,", "[the General Assembly's resolution 1514 is of another session]"),
      (
        "Recalling resolution 16/18 of 24 March,",
        "[the organ is not named, and the General Assembly numbers so from its thirty-first session only]"
      ),
      ("The Commission on Narcotic Drugs resolution 60/1 was noted.", "[of a body whose resolutions have no symbol by their number alone]"),
      ("Recalling Security Council resolution 9999,", "[the year of the Security Council's resolution 9999 is not known]"),
    ])
  func doubtful(text: String, expected: String) async throws { #expect(try await Self.cited(text) == [expected]) }

  @Test("a number alone is what there was when the paper was written")
  func year() async throws {
    let text = "We recall resolution 1803 on sovereignty over natural resources."
    #expect(try await Self.cited(text, metadata: ["year": "1975", "state": "PER"]) == ["A/RES/1803 (XVII)"])
    #expect(try await Self.cited(text, metadata: ["year": "2010", "state": "PER"]) == ["S/RES/1803 (2008)"])
  }

  @Test(
    "symbols, with the place in the paper",
    arguments: [
      ("See A/79/458, para. 23, and A/C.6/79/SR.23.", ["A/79/458@para. 23", "A/C.6/79/SR.23"]),
      ("Official Records of the General Assembly, Supplement No. 7 (A/79/7), chap. V, sect. A.", ["A/79/7@chap. V, sect. A"]),
      ("See A/74/565–S/2019/908, annex.", ["A/74/565+S/2019/908@annex"]),
      ("A/RES/70/1 and S/RES/822 stand.", ["A/RES/70/1", "S/RES/822 (1993)"]),
      ("See A/65/53 and A/65/53/Corr.1, chap. III.", ["A/65/53@chap. III", "A/65/53/Corr.1@chap. III"]),
      (
        "NPT/CONF.2010/50 (Vol. I) and NPT/CONF.1995/32 (Part I)/Corr.2", ["NPT/CONF.2010/50 (Vol. I)", "NPT/CONF.1995/32 (Part I)/Corr.2"]
      ),
    ])
  func symbols(text: String, expected: [String]) async throws { #expect(try await Self.cited(text) == expected) }

  @Test(
    "treaties and charters by name, in the table or not",
    arguments: [
      (
        "under Article 51 of the Charter and the United Nations Charter, Article 2,",
        ["Charter of the United Nations@Article 51", "Charter of the United Nations@Article 2"]
      ),
      (
        "Articles 55 and 56 of the Charter of the United Nations and Chapter VII of the Charter",
        ["Charter of the United Nations@Articles 55 and 56", "Charter of the United Nations@Chapter VII"]
      ),
      ("the Charter, the Convention, the Optional Protocols thereto and the Treaty as such", []),
      ("enshrined in the UN Charter against all that is said", ["Charter of the United Nations"]),
      (
        "the Geneva Accords on Afghanistan, the Camp David Accords, the Peace Accords, the Warsaw Pact and the Warsaw Pact countries",
        ["Geneva Accords on Afghanistan", "Camp David Accords", "Warsaw Pact"]
      ),
      (
        "the Treaty Banning Nuclear Weapon Tests in the Atmosphere, in Outer Space and under Water, which",
        ["Treaty Banning Nuclear Weapon Tests in the Atmosphere, in Outer Space and under Water"]
      ),
      (
        "Article 36, paragraph 2, of the Statute of the International Court of Justice",
        ["Statute of the International Court of Justice@Article 36, paragraph 2"]
      ),
      (
        "the International Covenant on Civil and Political Rights, the Paris Agreement and the Universal Declaration of Human Rights",
        ["International Covenant on Civil and Political Rights", "Paris Agreement", "Universal Declaration of Human Rights"]
      ),
      (
        "the Convention against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment and the Optional Protocol thereto",
        ["Convention against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment"]
      ),
      (
        "the Convention on the Marking, Tracing and Recovery of Lost Sounding Rockets and on Their Removal, the Committee noted,",
        ["Convention on the Marking, Tracing and Recovery of Lost Sounding Rockets and on Their Removal"]
      ),
      (
        "the Treaty between the Kingdom of Norway and the Republic of Peru on Migratory Seabirds, and the Treaty of Tlatelolco",
        ["Treaty between the Kingdom of Norway and the Republic of Peru on Migratory Seabirds", "Treaty of Tlatelolco"]
      ),
      (
        "the Comprehensive Nuclear-Test-Ban Treaty Organization and the Comprehensive Nuclear-Test-Ban Treaty itself",
        ["Comprehensive Nuclear-Test-Ban Treaty"]
      ),
      ("the Treaty on the Non -Proliferation of Nuclear Weapons", ["Treaty on the Non-Proliferation of Nuclear Weapons"]),
      ("the Charter of th e United Nations", ["Charter of the United Nations"]),
      (
        "the treaties of Tlatelolco, Rarotonga, 3 Bangkok 4 and Pelindaba",
        ["Treaty of Tlatelolco", "Treaty of Rarotonga", "Treaty of Bangkok", "Treaty of Pelindaba"]
      ),
      (
        "Additional Protocols I and II to the Treaty of Tlatelolco",
        ["Additional Protocol I to the Treaty of Tlatelolco", "Additional Protocol II to the Treaty of Tlatelolco"]
      ),
      (
        "the Vienna Convention on the Law of Treaties and the Convention on Biological Diversity in Cali",
        ["Vienna Convention on the Law of Treaties", "Convention on Biological Diversity"]
      ),
      (
        "the Optional Protocol to the Convention on the Rights of the Child on the involvement of children in armed conflict",
        ["Optional Protocol to the Convention on the Rights of the Child on the involvement of children in armed conflict"]
      ),
      ("IMPLEMENTATION OF THE CONVENTION ON THE RIGHTS OF THE CHILD IN ALL STATES", ["CONVENTION ON THE RIGHTS OF THE CHILD"]),
    ])
  func instruments(text: String, expected: [String]) async throws { #expect(try await Self.cited(text) == expected) }

  @Test(
    "the same in the other five languages",
    arguments: [
      (
        "L’Assemblée rappelle la résolution 62/243 de l’Assemblée générale, en date du 14 mars 2008, et l’Article 51 de la Charte.",
        ["A/RES/62/243", "Charte des Nations Unies@Article 51"]
      ),
      (
        "les résolutions 822 (1993) et 853 (1993) du Conseil de sécurité et la résolution 16/18 du Conseil des droits de l’homme",
        ["S/RES/822 (1993)", "S/RES/853 (1993)", "A/HRC/RES/16/18"]
      ),
      (
        "la Convention relative aux droits de l’enfant, le Protocole de Tegucigalpa et la Convention sur la sûreté nucléaire, qui",
        ["Convention relative aux droits de l’enfant", "Protocole de Tegucigalpa", "Convention sur la sûreté nucléaire"]
      ),
      (
        "la Convention de 1951 relative au statut des réfugiés, le Protocole de 1967 relatif au statut des réfugiés, "
          + "la Convention des Nations Unies de 1982 sur le droit de la mer et l’Accord de 2015 sur le nucléaire",
        [
          "Convention relative au statut des réfugiés", "Protocole relatif au statut des réfugiés",
          "Convention des Nations Unies sur le droit de la mer",
        ]
      ),
      (
        "la Convention-cadre des Nations unies sur les changements climatiques, que la Convention de 1951 a précédée, et le Pacte pour l’avenir",
        ["Convention-cadre des Nations unies sur les changements climatiques"]
      ),
      (
        "la Convención de 1951 sobre el Estatuto de los Refugiados no lo conoce",
        ["Convención sobre el Estatuto de los Refugiados"]
      ),
      (
        "las resoluciones 822 (1993) y 853 (1993) del Consejo de Seguridad y los párrafos 4 y 5 de la resolución 70/1",
        ["S/RES/822 (1993)", "S/RES/853 (1993)", "A/RES/70/1@párrafos 4 y 5"]
      ),
      (
        "el Artículo 51 de la Carta de las Naciones Unidas, la Convención sobre los Derechos del Niño y el Acuerdo de París",
        ["Carta de las Naciones Unidas@Artículo 51", "Convención sobre los Derechos del Niño", "Acuerdo de París"]
      ),
      (
        "резолюция 1325 (2000) Совета Безопасности, резолюции 62/243 Генеральной Ассамблеи и резолюций 5/1 и 16/21 Совета по правам человека",
        ["S/RES/1325 (2000)", "A/RES/62/243", "A/HRC/RES/5/1", "A/HRC/RES/16/21"]
      ),
      (
        "свои резолюции 63/33 от 26 ноября 2008 года и 64/108 от 10 декабря 2009 года, пункт 4 резолюции 70/1",
        ["A/RES/63/33", "A/RES/64/108", "A/RES/70/1@пункт 4"]
      ),
      (
        "статью 51 Устава, Конвенцию о правах ребенка и Международный пакт о гражданских и политических правах",
        [
          "Устав Организации Объединенных Наций@статью 51", "Конвенцию о правах ребенка",
          "Международный пакт о гражданских и политических правах",
        ]
      ),
      (
        "статьи 3 Конвенции ООН 1951 года о статусе беженцев, Договора 1968 года о нераспространении ядерного оружия и доклада 1951 года о мерах",
        ["Конвенции ООН о статусе беженцев@статьи 3", "Договора о нераспространении ядерного оружия"]
      ),
      (
        "وإذ تشير إلى القرار ١٣٢٥ (٢٠٠٠) وإلى قرار الجمعية العامة 62/243 وقرار مجلس الأمن 822 (1993)",
        ["S/RES/1325 (2000)", "A/RES/62/243", "S/RES/822 (1993)"]
      ),
      (
        "وقراراتها 63/33 المؤرخ 26 تشرين الثاني/نوفمبر 2008 و 64/108 وميثاق الأمم المتحدة والمادة 51 من الميثاق",
        ["A/RES/63/33", "A/RES/64/108", "ميثاق الأمم المتحدة", "ميثاق الأمم المتحدة@المادة 51"]
      ),
      ("回顾大会第62/243号决议、安全理事会第1325(2000)号决议和《联合国宪章》第五十一条", ["A/RES/62/243", "S/RES/1325 (2000)", "联合国宪章@第五十一条"]),
      (
        "其2008年11月26日第63/33号和2009年12月10日第64/108号决议，人权理事会第16/18号决议、第31/308号决定，《儿童权利公约》",
        ["A/RES/63/33", "A/RES/64/108", "A/HRC/RES/16/18", "A/DEC/31/308", "儿童权利公约"]
      ),
    ])
  func languages(text: String, expected: [String]) async throws { #expect(try await Self.cited(text) == expected) }

  // MARK: Papers

  @Test("a letter's reply names what it replies to; one named by date and sender alone has a reason")
  func replies() async throws {
    let document = try await TestData.read(
      text: """
        Letter dated 5 May 2003 from the Permanent Representative of Peru to the United Nations addressed to the Secretary-General

        I have the honour, with reference to the letter dated 26 April 2003 from the Permanent Representative of Chile (A/57/565-S/2003/408), to recall resolution 62/243.

        Further to my letter dated 1 March 2003, I write again. It is of no consequence to A/57/1.
        """
    ).document
    #expect(document.kind == .letter)
    #expect(document.citations.map(\.relation) == [.repliesTo, .cites, .repliesTo, .cites])
    #expect(document.citations[0].symbols.map(\.text) == ["A/57/565", "S/2003/408"])
    #expect(document.citations[2].symbols.isEmpty && document.citations[2].reason == "names a letter by its date and sender only")
    #expect(document.cited(document.citations[2]) == "letter dated 1 March 2003")
  }

  @Test("an amendment names the draft it would alter; the basis under a resolution's title is cited, its own symbol is not")
  func drafts() async throws {
    let amendment = try await TestData.read(
      text: """
        United Nations    A/80/L.30
        General Assembly    Distr.: Limited
                            4 December 2025

        Eightieth session
        Agenda item 20

                Ruritania: amendment to draft resolution A/80/L.22

                Title of the matter

             After the third preambular paragraph, insert what follows, as resolution 79/1 has it.
        """
    ).document
    #expect(amendment.kind == .amendment)
    #expect(amendment.citations.map(\.relation) == [.amends, .cites] && amendment.citations[0].symbols.map(\.text) == ["A/80/L.22"])
    let resolution = try await TestData.read(
      text: """
        United Nations    A/RES/79/81
        General Assembly    Distr.: General
                            5 December 2024

        Seventy-ninth session
        Agenda item 20

                Resolution adopted by the General Assembly on 3 December 2024

                [on the report of the Third Committee (A/79/458, para. 23)]

                79/81. Title of the matter

             The General Assembly,

             Recalling its resolution 78/1 of 5 September 2023, and A/RES/79/81 itself,
        """
    ).document
    #expect(resolution.citations.map { $0.symbols.map(\.text) } == [["A/79/458"], ["A/RES/78/1"]])
    #expect(resolution.citations[0].pinpoint == "para. 23")
    #expect(resolution.cited(resolution.citations[0]) == "A/79/458, para. 23")
  }

  @Test("a resolution, a state and a day in the title of an agenda item are cited and mentioned there; an amendment does not amend it")
  func items() async throws {
    let document = try await TestData.read(
      text: """
        United Nations    A/80/L.30
        General Assembly    Distr.: Limited
                            4 December 2025

        Eightieth session
        Agenda items 20 and 75
        Implementation of resolution 1373 (2001)
        The situation in Chad since 3 May 2002

                Ruritania: amendment to draft resolution A/80/L.22

             After the third preambular paragraph, insert what follows.
        """
    ).document
    #expect(document.items.map(\.title) == ["Implementation of resolution 1373 (2001)", "The situation in Chad since 3 May 2002"])
    let inItems = document.citations.filter { $0.span.text == .item(0) }
    #expect(inItems.map { $0.symbols.map(\.text) } == [["S/RES/1373 (2001)"]] && inItems.map(\.relation) == [.cites])
    #expect(inItems.first.flatMap { document.cited($0) } == "resolution 1373 (2001)")
    let mentions = document.mentions.filter { $0.span.text == .item(1) }
    #expect(mentions.map { document.text($0.span) } == ["Chad", "3 May 2002"])
  }

  // MARK: Properties

  private static let pieces = [
    "resolution ", "resolutions ", "резолюции ", "قرار ", "第", "号决议", "62/243", "822 (1993)", "3419 A to D (XXX)", "242", ", ", " and ",
    " to ", " of the ", "Charter",
    "Convention on the Rights of ", "Article 51", "A/79/458", "(", ")", "S/RES/", "《", "》", "公约", "Устав", "é", "’", "“", "\u{a0}",
    "\u{301}", "Council", "General Assembly ", "Protocol",
    "s I and II", "ES-", "10/2", "para. 4", "١٣٢٥", " (٢٠٠٠)", "Treaties of ", "Paris ", "-", "–", "\n", "decision ", "annex, ", "[", "]",
    "X", "IV", ".", "/",
  ]

  @Test("spans lie within their texts, on borders of characters, and every citation has a target or a reason")
  func spans() async throws {
    var random = Seeded()
    for _ in 0..<150 {
      let text = (0..<Int.random(in: 1...40, using: &random)).map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined()
      guard let document = try? await TestData.read(text: "Words before. " + text).document else { continue }
      for citation in document.citations {
        let cited = document.cited(citation)
        #expect(cited?.isEmpty == false, "\(text)")
        #expect((citation.symbols.isEmpty && citation.instrument == nil) == (citation.reason != nil), "\(text)")
        if let pinpoint = citation.pinpoint { #expect(cited?.contains(pinpoint) == true || citation.symbols.count == 1, "\(text)") }
        for symbol in citation.symbols { #expect(Symbol(symbol.text) == symbol, "\(symbol) is not canonical") }
      }
    }
  }

  @Test(
    "hostile texts take time in proportion to their length",
    arguments: [
      "(", "1", "1/1 ", "A/", "resolution ", "resolution 1/1, ", "62/243 ", "Convention on the Rights of ", "第1/1号", "《", "Article 51 and ",
      "A/79/1–", "Protocols I, ", "IV", "Charter of the ",
      "paragraph 4 of ", "Конвенции о ", "Конвенция ", "и", "ميثاق", "C", "treaties of A, ", "822 (1993) and ", "A to B ", "annex, ",
    ])
  func hostile(piece: String) async {
    // The smaller text is long enough for its time to be measured.
    func time(_ count: Int) async -> Duration {
      let text = String(repeating: piece, count: count / piece.utf8.count)
      return await ContinuousClock().measure { _ = try? await TestData.read(text: "Words. " + text) }
    }
    let short = await time(12_000)
    let long = await time(96_000)
    #expect(long < short * 40 + .seconds(1), "\(piece): \(short), \(long)")
  }

  @Test("of more citations than are kept the first are, with a note")
  func limit() async throws {
    let result = try await TestData.read(text: String(repeating: "See A/79/458 and A/RES/70/1.\n\n", count: 6000))
    #expect(result.document.citations.count == 8192)
    #expect(result.notes.contains { $0.field == "citations" })
  }
}
