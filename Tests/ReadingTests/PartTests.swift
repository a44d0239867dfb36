import Documents
import Reading
import Testing

/// Annexes, records, parties and places of readings.
@Suite("Parts of papers")
struct PartTests {
  @Test("annexes and enclosures are documents inside the document, with sender, addressee, signatory and languages of their own")
  func annexes() async throws {
    let document = try await TestData.read(
      text: """
        Letter dated 19 April 1996 from the Permanent Representative of Bangladesh to the United Nations addressed to the Secretary-General

        I have the honour to enclose a letter from the Minister for Foreign Affairs (see annex).

        (Signed) Reaz Rahman Ambassador Permanent Representative

        Annex I

        Letter dated 18 April 1996 from the Minister for Foreign Affairs of Nepal addressed to the Secretary-General

        [Original: French]

        We have followed your efforts with interest.

        (Signed) Prakash Lohani

        Enclosure

        List of projects

        The projects are those that follow here.

        Annex II

        Communiqué of the meeting

        The ministers met and agreed on the text.
        """
    ).document
    #expect(document.annexes.map(\.label) == ["Annex I", "Enclosure", "Annex II"])
    let first = try #require(document.annexes.first)
    #expect(first.kind == .letter && first.sender?.code == "NPL" && first.sender?.post == "Minister for Foreign Affairs")
    #expect(first.addressees.map(\.text) == ["Secretary-General"] && first.signatories.map(\.name) == ["Prakash Lohani"])
    #expect(first.date?.description == "1996-04-18" && first.originalLanguages == ["fr"])
    #expect(document.annexes[1].title == "List of projects" && document.annexes[2].title == "Communiqué of the meeting")
    #expect(document.annexes[2].kind == .statement)
    let inside = document.annexes[1].paragraphs
    #expect(first.paragraphs.lowerBound < inside.lowerBound && first.paragraphs.upperBound == inside.upperBound)
    #expect(document.annexes[2].paragraphs.upperBound == document.paragraphs.count)
    #expect(document.signatories.map(\.name) == ["Reaz Rahman"])
    let said = document.paragraphs.first { $0.text.hasPrefix("We have followed") }?.attribution
    #expect(said == "Minister for Foreign Affairs of Nepal")
  }

  @Test("a record's paragraphs are their speakers', with state; what happened is the organ's")
  func verbatim() async throws {
    let document = try await TestData.read(
      text: """
        United Nations    S/PV.4907
        Security Council    Provisional
        Fifty-ninth year

        4907th meeting
        Friday, 30 January 2004, 11.45 a.m.
        New York

        The meeting was called to order at 11.45 a.m.

        The President (spoke in Spanish): The Council will now begin its consideration of the item.

        It will hear two speakers, who are on the list.

        Mr. Baali (Algeria) (spoke in French): We thank the Secretary-General for his report.

        The draft resolution was adopted unanimously.

        Mr. Konuzin (Russian Federation) (spoke in Russian): We voted for the draft: it is balanced.
        """
    ).document
    #expect(document.kind == .verbatimRecord && document.title == "4907th meeting" && document.date?.description == "2004-01-30")
    let said = document.paragraphs.map { "\($0.attribution): \($0.text.prefix(20))" }
    #expect(
      said.suffix(6) == [
        "Security Council: The meeting was call", "The President: The President (spoke", "The President: It will hear two spe",
        "Mr. Baali (Algeria): Mr. Baali (Algeria) ", "Security Council: The draft resolution",
        "Mr. Konuzin (Russian Federation): Mr. Konuzin (Russian",
      ])
  }

  @Test("a summary record tells who said what; a paragraph without a name goes on")
  func summary() async throws {
    let document = try await TestData.read(
      text: """
        United Nations
        General Assembly
        Distr. GENERAL
        A/C.4/64/SR.22
        1 February 2010

        Sixty-fourth session

        Summary record of the 22nd meeting
        Held at Headquarters, New York, on Tuesday, 3 November 2009, at 3 p.m.

        Chairman: Mr. Al-Nasser (Qatar)

        1. Mr. Al-Otaibi (Kuwait) said that the support was needed.

        2. The attacks were a violation of the Convention.

        3. The Chairman invited the Committee to take a decision.

        4. Ms. Rasheed (Observer for Palestine) asked for more time.
        """
    ).document
    #expect(document.kind == .summaryRecord && document.date?.description == "2010-02-01")
    #expect(document.title == "Summary record of the 22nd meeting")
    let said = document.paragraphs.filter { $0.label != nil }.map(\.attribution)
    #expect(said == ["Mr. Al-Otaibi (Kuwait)", "Mr. Al-Otaibi (Kuwait)", "The Chairman", "Ms. Rasheed (Observer for Palestine)"])
  }

  @Test("signatures side by side are as many signatories")
  func columns() async throws {
    let document = try await TestData.read(
      text: """
        Letter dated 5 May 2003 from the Permanent Representatives of Austria, Germany and Italy to the United Nations addressed to the Secretary-General

                We have the honour to transmit the text that follows, on which our three Governments
          have agreed after long talks, and to ask you to circulate it as a document.

               (Signed) Anna Berger                      (Signed) Hans Maier
               Ambassador                                Ambassador
               Permanent Representative of Austria       Permanent Representative of Germany
        """
    ).document
    #expect(document.signatories.map(\.name) == ["Anna Berger", "Hans Maier"])
    #expect(document.signatories.map(\.post) == ["Permanent Representative of Austria", "Permanent Representative of Germany"])
    #expect(document.sender?.state == "Austria, Germany and Italy" && document.sender?.code == nil)
    #expect(document.sender?.post == "Permanent Representatives")
  }

  @Test("each value's bytes are those that print it; what is not in the text has none, and every absent field a reason")
  func places() async throws {
    let text = GrammarTests.older
    let document = try await TestData.read(text: text, symbol: "S/1996/1").document
    let bytes = Array(text.utf8)
    func printed(_ field: String, _ index: Int = 0) throws -> String {
      let reading = try #require(document.readings.first { $0.field == field && $0.index == index && $0.confidence > 0 }, "\(field)")
      return String(decoding: bytes[try #require(reading.range, "\(field)")], as: UTF8.self)
    }
    #expect(try printed("symbols") == "A/51/120" && printed("date") == "22 April 1996" && printed("distribution") == "GENERAL")
    #expect(try printed("original_languages") == "ENGLISH" && printed("sessions") == "Fifty-first session")
    #expect(try printed("items") == "Item 97 of the preliminary list*")
    #expect(try printed("items.title").hasPrefix("SUSTAINABLE DEVELOPMENT") && printed("items.title").hasSuffix("ECONOMIC COOPERATION"))
    #expect(try printed("title").hasPrefix("Letter dated 19 April 1996") && printed("sender") == printed("title"))
    #expect(try printed("signatories").hasPrefix("(Signed)  Reaz RAHMAN") && printed("signatories").hasSuffix("to the United Nations"))
    let given = document.readings.first { $0.field == "symbols" && $0.index == 1 }
    #expect(given?.range == nil && given?.confidence == 95)
    let bare = try await TestData.read(text: "Nothing of the form is in this text, which is short.").document
    for field in ["symbols", "date", "distribution", "organs", "kind", "title"] {
      #expect(bare.readings.contains { $0.field == field && $0.confidence == 0 && $0.reason?.isEmpty == false }, "\(field)")
    }
  }

  @Test(
    "a letter's title says who writes to whom in six languages",
    arguments: [
      (
        "Lettres identiques datées du 5 mai 2003, adressées au Secrétaire général et au Président du Conseil de sécurité "
          + "par le Chargé d’affaires par intérim de la Mission permanente de la République arabe syrienne auprès de l’Organisation des Nations Unies",
        "SYR", "2003-05-05", 2, DocumentKind.letter
      ),
      (
        "Cartas idénticas de fecha 5 de mayo de 2003 dirigidas al Secretario General y al Presidente del Consejo de Seguridad por el Representante Permanente del Perú ante las Naciones Unidas",
        "PER", "2003-05-05", 2, .letter
      ),
      (
        "Идентичные письма Постоянного представителя Российской Федерации при Организации Объединенных Наций от 5 мая 2003 года на имя Генерального секретаря и Председателя Совета Безопасности",
        "RUS", "2003-05-05", 2, .letter
      ),
      (
        "رسالتان متطابقتان مؤرختان 5 أيار/مايو 2003 موجهتان إلى الأمين العام ورئيس مجلس الأمن من الممثل الدائم للجمهورية العربية السورية لدى الأمم المتحدة",
        "SYR", "2003-05-05", 2, .letter
      ),
      ("2003年5月5日阿拉伯叙利亚共和国常驻联合国代表给秘书长和安全理事会主席的同文信", "SYR", "2003-05-05", 2, .letter),
      (
        "Note verbale datée du 12 mars 2010, adressée au Secrétaire général par la Mission permanente du Burkina Faso auprès de l’Organisation des Nations Unies",
        "BFA", "2010-03-12", 1, .noteVerbale
      ),
      (
        "Nota verbal de fecha 12 de marzo de 2010 dirigida a la Secretaría por la Misión Permanente de Cuba ante las Naciones Unidas",
        "CUB", "2010-03-12", 1, .noteVerbale
      ),
      (
        "Вербальная нота Постоянного представительства Республики Беларусь при Организации Объединенных Наций от 12 марта 2010 года на имя Генерального секретаря",
        "BLR", "2010-03-12", 1, .noteVerbale
      ),
      (
        "Letter dated 5 May 1961 from the Permanent Representative of Ghana addressed to the President of the Security Council", "GHA",
        "1961-05-05", 1, .letter
      ),
      (
        "Letter dated 16 September 1981 from the representative of the Sudan to the President of the Security Council", "SDN", "1981-09-16",
        1, .letter
      ),
      (
        "Letter dated 1 June 1967 from the Permanent Representative of the United Arab Republic to the United Nations addressed to the Secretary-General",
        "EGY", "1967-06-01", 1, .letter
      ),
    ])
  func letters(title: String, code: String, date: String, addressees: Int, kind: DocumentKind) async throws {
    let document = try await TestData.read(text: "\(title)\n\n…\n").document
    #expect(document.kind == kind && document.date?.description == date && document.addressees.count == addressees)
    #expect(document.sender?.code == code, "\(String(describing: document.sender))")
  }
}
