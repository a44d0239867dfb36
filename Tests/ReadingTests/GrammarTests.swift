import Documents
import Reading
import Testing

@Suite("The form's grammar")
struct GrammarTests {
  /// An older masthead: fields on lines of their own, capitals, centred titles, an asterisked list.
  static let older = """
    United Nations

    A/51/120


    General Assembly

    Distr. GENERAL

    22 April 1996

    ORIGINAL:
    ENGLISH


    General Assembly
    Fifty-first session
    Item 97 of the preliminary list*

    *    A/51/50.


                       SUSTAINABLE DEVELOPMENT AND INTERNATIONAL
                                 ECONOMIC COOPERATION

             Letter dated 19 April 1996 from the Permanent Representative
             of Bangladesh to the United Nations addressed to the
                                   Secretary-General


         I have the honour to enclose a letter dated 19 April 1996 from the
    Chairmen/Coordinators of the Group of Least Developed Countries.

         I would like to request you to circulate the present letter
    together with its annex as a document of the General Assembly.


                                                  (Signed)  Reaz RAHMAN
                                                             Ambassador
                                                     Permanent Representative of
                                                  Bangladesh to the United Nations
    """

  @Test("an older masthead is read")
  func olderMasthead() async throws {
    let result = try await TestData.read(text: Self.older)
    let document = result.document
    #expect(result.notes.isEmpty)
    #expect(document.symbols.map(\.text) == ["A/51/120"] && document.organs == ["General Assembly"] && document.distribution == "General")
    #expect(document.date?.description == "1996-04-22" && document.originalLanguages == ["en"] && document.sessions.map(\.number) == [51])
    #expect(
      document.items
        == [AgendaItem(number: "97", title: "SUSTAINABLE DEVELOPMENT AND INTERNATIONAL ECONOMIC COOPERATION", organ: "General Assembly")])
    #expect(document.sender?.state == "Bangladesh")
    #expect(
      document.signatories == [
        Signatory(name: "Reaz RAHMAN", rank: "Ambassador", post: "Permanent Representative of Bangladesh to the United Nations")
      ])
    #expect(document.paragraphs.count == 3)
  }

  private func letter(_ title: String) async throws -> Document {
    try await TestData.read(text: "\(title)\n\nI have the honour to write to you about the matter named above.\n").document
  }

  @Test(
    "senders are told apart into post and state",
    arguments: [
      (
        "the Permanent Representative of the Islamic Republic of Iran to the United Nations", "Permanent Representative",
        "Islamic Republic of Iran"
      ),
      ("the Permanent Representative of Kenya to the United Nations", "Permanent Representative", "Kenya"),
      ("the Chargé d’affaires a.i. of the Permanent Mission of Chile to the United Nations", "Chargé d’affaires a.i.", "Chile"),
      ("the Minister of Foreign Affairs of Armenia", "Minister of Foreign Affairs", "Armenia"),
      ("the Minister for Foreign Affairs of the Russian Federation", "Minister for Foreign Affairs", "Russian Federation"),
      ("the Permanent Observer of Switzerland to the United Nations", "Permanent Observer", "Switzerland"),
    ])
  func senders(written: String, post: String, state: String) async throws {
    let document = try await letter("Letter dated 5 May 2003 from \(written) addressed to the Secretary-General")
    #expect(document.sender?.post == post && document.sender?.state == state)
    #expect(document.kind == .letter && document.date?.description == "2003-05-05")
  }

  @Test("several addressees are kept in order; the president of an organ is no state's")
  func addressees() async throws {
    let document = try await letter(
      "Identical letters dated 5 May 2003 from the Permanent Representative of Peru to the United Nations addressed to the Secretary-General and the President of the Security Council"
    )
    #expect(document.addressees.map(\.text) == ["Secretary-General", "President of the Security Council"])
    #expect(document.addressees.allSatisfy { $0.state == nil })
  }

  @Test("a letter in capitals is a letter; a note verbale is its mission's")
  func otherLetters() async throws {
    #expect(
      try await letter(
        "LETTER DATED 26 NOVEMBER 1992 FROM THE PERMANENT REPRESENTATIVE OF NEPAL TO THE UNITED NATIONS ADDRESSED TO THE SECRETARY-GENERAL"
      )
      .sender?.state == "NEPAL")
    let note = try await letter(
      "Note verbale dated 11 April 2006 from the Permanent Mission of Ghana to the United Nations addressed to the Secretary-General")
    #expect(
      note.kind == .noteVerbale
        && note.sender
          == Party(text: "Permanent Mission of Ghana to the United Nations", state: "Ghana", post: "Permanent Mission", code: "GHA")
    )
  }

  @Test("an annex is named as what it is, not as the sender's words")
  func annex() async throws {
    let document = try await TestData.read(
      text: """
        Letter dated 17 May 2000 from the Permanent Representative of Rwanda to the United Nations addressed to the President of the Security Council

        I have the honour to forward to you the joint statement (see annex).

        (Signed) Joseph W. Mutaboba Ambassador Permanent Representative

        Annex

        We, the parties to the statement, have agreed on what follows here.
        """
    ).document
    #expect(document.paragraphs.map(\.role) == [.body, .signature, .annexHeading, .body])
    #expect(document.paragraphs[0].attribution == "Permanent Representative of Rwanda to the United Nations")
    #expect(document.paragraphs[3].attribution == "Annex to the letter from the Permanent Representative of Rwanda to the United Nations")
    #expect(document.signatories == [Signatory(name: "Joseph W. Mutaboba", rank: "Ambassador", post: "Permanent Representative")])
  }

  private func items(_ line: String, titles: String = "A first title\n\nA second title") async throws -> [AgendaItem] {
    try await TestData.read(
      text:
        "General Assembly\n\nSeventy-fourth session\n\(line)\n\n\(titles)\n\nLetter dated 1 May 2019 from the President of Malta addressed to the Secretary-General\n\nText."
    ).document.items
  }

  @Test(
    "item numbers are kept as printed",
    arguments: [
      ("Agenda item 25 (b)", ["25 (b)"]), ("Agenda items 13 and 75 (a)", ["13", "75 (a)"]),
      ("Agenda items 25 (b), (c) and 30", ["25 (b)", "25 (c)", "30"]),
      ("Agenda items 31, 32, 37, 68, 75, 83 and 130", ["31", "32", "37", "68", "75", "83", "130"]),
      ("Item 5 of the provisional agenda*", ["5"]),
      ("Items 5 and 6 of the provisional agenda", ["5", "6"]), ("Agenda item 18 (a) to (d)", ["18 (a)", "18 (b)", "18 (c)", "18 (d)"]),
      ("Agenda items 10, 11, 18,\n21 and 30", ["10", "11", "18", "21", "30"]), ("Agenda items 66–68", ["66", "67", "68"]),
    ])
  func itemNumbers(line: String, numbers: [String]) async throws { #expect(try await items(line).map(\.number) == numbers) }

  @Test("titles go to items in order; when their number does not fit, none is guessed")
  func itemTitles() async throws {
    #expect(try await items("Agenda items 13 and 75").map(\.title) == ["A first title", "A second title"])
    #expect(try await items("Agenda items 13, 14 and 75").map(\.title) == [nil, nil, nil])
  }

  @Test("a Security Council resolution is read")
  func councilResolution() async throws {
    let document = try await TestData.read(
      text: """
        United Nations    S/RES/822 (1993)
        Security Council    Distr.: General
                            30 April 1993

        Resolution 822 (1993)

        Adopted by the Security Council at its 3205th meeting, on 30 April 1993

        The Security Council,

        Recalling the statements of the President of the Security Council,
        """
    ).document
    #expect(
      document.kind == .resolution && document.symbols.map(\.text) == ["S/RES/822 (1993)"] && document.title == "Resolution 822 (1993)")
    #expect(document.paragraphs.allSatisfy { $0.attribution == "Security Council" })
  }

  @Test("text alone has no field invented for it")
  func bare() async throws {
    let result = try await TestData.read(
      text: "A plain text with nothing of the form in it.\n\nIt has two paragraphs, and that is all of it.\n")
    let document = result.document
    #expect(document.symbols.isEmpty && document.organs.isEmpty && document.date == nil && document.sender == nil && document.title == nil)
    #expect(document.kind == .other && document.paragraphs.count == 2)
    #expect(Set(result.notes.map(\.field)) == ["kind", "title", "symbols", "date", "distribution", "organs"])
  }

  @Test("a given symbol that is none is noted, and the text's own symbol stands")
  func givenSymbol() async throws {
    let result = try await TestData.read(text: Self.older, symbol: "no symbol")
    #expect(result.document.symbols.map(\.text) == ["A/51/120"] && result.notes.map(\.field) == ["symbols"])
    #expect(try await TestData.read(text: Self.older, symbol: "S/1996/1").document.symbols.map(\.text) == ["A/51/120", "S/1996/1"])
  }

  @Test("wrapped lines are joined, also where a page's end breaks a sentence; short last lines and labels end a paragraph")
  func wrapping() async throws {
    let document = try await TestData.read(
      text: """
        We meet here today at a time of great change in the
        world, and we believe that it is the duty of all of us
        to act together.
        My second point is about the means that are needed for
        that, of which there are many, as the report before us
        12

        shows in every one of its chapters.
        1. A labelled paragraph begins with its label, and runs
        over two lines.
        """
    ).document
    #expect(document.paragraphs.map(\.label) == [nil, nil, "1."])
    #expect(document.paragraphs[1].text.hasSuffix("as the report before us shows in every one of its chapters."))
  }

  @Test(
    "the language is told by script and common words",
    arguments: [
      ("Le Conseil de sécurité est saisi de la question et des mesures dans la région.", "fr"),
      ("El Consejo de Seguridad y los Estados que son parte en la región.", "es"),
      ("Совет Безопасности рассмотрел этот вопрос.", "ru"), ("نظر مجلس الأمن في هذه المسألة", "ar"), ("安全理事会审议了这一问题", "zh"),
      ("The Security Council has considered the question and the measures in the region.", "en"),
    ])
  func language(text: String, code: String) async throws { #expect(try await TestData.read(text: text).document.language == code) }

  @Test("a symbol that runs into its date is parted where the digits allow one way only, and neither is guessed where they allow two")
  func gluedSymbol() async throws {
    func head(_ line: String) async throws -> ReadingResult {
      try await TestData.read(
        text: "United Nations\n\nDistr. GENERAL\n\n\(line)\n\nOriginal: FRENCH\n\nCOMMITTEE AGAINST TORTURE\n\nNinth session\n")
    }
    let sure = try await head("CAT/C/17/Add.2130 May 1999").document
    #expect(sure.symbols.map(\.text) == ["CAT/C/17/Add.21"] && sure.date?.description == "1999-05-30")
    let apart = try await head("CAT/C/SR. 377 12 May 199 9").document
    #expect(apart.symbols.map(\.text) == ["CAT/C/SR.377"] && apart.date?.description == "1999-05-12")
    let unsure = try await head("CAT/C/SR.37712 May 1999")
    #expect(unsure.document.symbols.isEmpty && unsure.document.date == nil && unsure.document.distribution == "General")
    #expect(unsure.notes.contains { $0.field == "symbols" && $0.reason.contains("runs into the date") })
  }

  @Test("words beside a symbol are no part of it, and a paragraph that begins with symbols is no head")
  func wordsBesideSymbols() async throws {
    let paper = try await TestData.read(
      text:
        "A/HRC/WG.9/2/CRP.1. List of contributions\n\nUnited Nations\n\nDistr.: Limited\n\n3 May 2011\n\nHuman Rights Council\n\nFourth session\n"
    )
    #expect(paper.document.symbols.allSatisfy { !$0.text.contains("LIST") })
    let text = "NPT/CONF.2010/50 (Vol. I) and NPT/CONF.1995/32 (Part I)/Corr.2 were before the meeting of 3 May 2011."
    #expect(try await TestData.read(text: text).document.paragraphs.map(\.text) == [text])
  }

  @Test("a working party is no working paper, and a rapporteur is no report")
  func wordsWithinWords() async throws {
    let party = try await TestData.read(
      text: "United Nations\nECE/TRANS/WP.11/204\nDistr.: General\n4 May 2007\n\nAgreements on perishable foods\n\nText of it.\n")
    #expect(party.document.symbols.first?.nature == nil && party.document.kind == .other)
    let russian = try await TestData.read(
      text: "Организация Объединенных Наций\nA/C.3/51/9\n4 мая 1996 года\n\nДокладчика избирает Комитет\n\nТекст.\n")
    #expect(russian.document.kind == .other)
  }

  @Test("lists and paragraphs that the file marks are not joined")
  func lists() async throws {
    let document = try await TestData.read(text: "What was asked:\n\na. one\n\nb. two\n\nc. three\n\nand no more of it.\n").document
    #expect(document.paragraphs.map(\.text).filter { $0.contains("two") && $0.contains("three") }.isEmpty)
  }

  @Test("a head of one line without end takes time in proportion to its length", .timeLimit(.minutes(1)))
  func endlessHead() async throws {
    for unit in ["UNITED NATIONS A ", "E/CN.4/1 ", "Distr. ", "Report of ", "Item 1 (a), ", "Fifth session "] {
      let text = String(repeating: unit, count: (1 << 18) / unit.utf8.count)
      _ = try await TestData.read(text: text)
      _ = try await TestData.read(text: String(repeating: String(repeating: unit, count: 40) + "\n", count: 60))
    }
  }
}
