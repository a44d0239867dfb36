import Documents
import Testing

@Suite("Days, ordinals, names, ids")
struct ValueTests {
  @Test(
    "a day is read as papers print it",
    arguments: [
      ("26 November 2019", "2019-11-26"), ("6 OCTOBER 1997", "1997-10-06"), ("1er mars 2001", "2001-03-01"),
      ("21 janvier 1994", "1994-01-21"),
      ("17 de mayo de 2000", "2000-05-17"), ("30 декабря 1991 года", "1991-12-30"), ("29 February 2024", "2024-02-29"),
    ])
  func written(text: String, iso: String) { #expect(CalendarDate(written: text)?.description == iso) }

  @Test(
    "what is no day is refused",
    arguments: [
      "", "November 2019", "31 April 2019", "29 February 2023", "0 May 2000", "26 November 19", "on 26 November 2019", "26 Brumaire 2019",
      "2019-11-26",
    ])
  func notWritten(text: String) { #expect(CalendarDate(written: text) == nil) }

  @Test("an ISO day reads back, and no other text is one")
  func iso() {
    #expect(CalendarDate(iso: "2019-11-26")?.description == "2019-11-26")
    for text in ["2019-11-31", "2019-1-26", "0000-01-01", "2019-11-26T00", "2019/11/26", "+019-11-26"] {
      #expect(CalendarDate(iso: text) == nil)
    }
  }

  @Test("days are ordered as on the calendar")
  func ordered() throws {
    let days = try ["1946-01-10", "1999-12-31", "2000-01-01", "2000-02-01", "2019-11-26"].map { try #require(CalendarDate(iso: $0)) }
    #expect(days == days.shuffled().sorted())
  }

  @Test(
    "ordinals of sessions are understood",
    arguments: [
      ("Seventy-fourth", 74), ("Tenth", 10), ("First", 1), ("Eightieth", 80), ("TWELFTH", 12), ("One hundred and first", 101), ("29th", 29),
      ("Forty eighth", 48),
      ("One hundredth", 100),
    ])
  func ordinal(text: String, value: Int) { #expect(Ordinal.value(text) == value) }

  @Test(
    "other words are no ordinals",
    arguments: ["", "and", "session", "Seventy", "rrwenty-sixth", "first first", "hundred", "0th", "hundredth"])
  func noOrdinal(text: String) { #expect(Ordinal.value(text) == nil) }

  @Test("an id is sixteen bytes and reads back from hexadecimal")
  func identifier() throws {
    let id = try #require(DocumentID(digest: (0..<32).map { UInt8($0) }))
    #expect(id.bytes == (0..<16).map { UInt8($0) })
    #expect(id.description == "000102030405060708090a0b0c0d0e0f")
    #expect(DocumentID(hexadecimal: id.description.uppercased()) == id && DocumentID(bytes: id.bytes) == id)
    #expect(DocumentID(bytes: [1, 2, 3]) == nil && DocumentID(digest: []) == nil)
    #expect(DocumentID(hexadecimal: "00") == nil && DocumentID(hexadecimal: String(repeating: "0", count: 33)) == nil)
  }

  @Test("codes of states have names, in any case")
  func states() {
    #expect(
      StateName.name(code: "fin") == "Finland" && StateName.name(code: "YMD") == "Democratic Yemen"
        && StateName.name(code: "EU") == "European Union")
    #expect(StateName.name(code: "XXX") == nil && StateName.name(code: "Finland") == nil)
  }

  @Test("organs are known by their names in six languages")
  func organs() {
    for name in ["GENERAL ASSEMBLY", "Assemblée générale", "Asamblea General", "Генеральная Ассамблея", "الجمعية العامة", "大会"] {
      #expect(Organ.name(of: name) == "General Assembly")
    }
    #expect(Organ.name(of: "General") == nil)
  }

  @Test("a document's year is its date's, else the one given")
  func year() throws {
    let id = try #require(DocumentID(digest: [UInt8](repeating: 0, count: 16)))
    #expect(Document(id: id, date: CalendarDate(iso: "2019-11-26"), metadata: ["year": "1946"]).year == 2019)
    #expect(Document(id: id, metadata: ["year": "1946"]).year == 1946)
    #expect(Document(id: id, metadata: ["year": "last"]).year == nil)
  }
}

@Suite("States and ordinals in six languages")
struct PartyTableTests {
  @Test(
    "a state is found by its names in six languages, short, formal and past, without regard to case and accents",
    arguments: [
      ("Iran (Islamic Republic of)", "IRN"), ("the Islamic Republic of Iran", "IRN"), ("République islamique d’Iran", "IRN"),
      ("Исламской Республики Иран", "IRN"),
      ("伊朗伊斯兰共和国", "IRN"), ("جمهورية إيران الإسلامية", "IRN"), ("لجمهورية إيران الإسلامية", "IRN"), ("Cote d'Ivoire", "CIV"),
      ("CÔTE D’IVOIRE", "CIV"), ("Türkiye", "TUR"),
      ("Turkey", "TUR"), ("Swaziland", "SWZ"), ("Burma", "MMR"), ("Zaire", "COD"), ("Upper Volta", "BFA"), ("Czechoslovakia", "CSK"),
      ("Чехословакии", "CSK"),
      ("Yugoslavia", "YUG"), ("German Democratic Republic", "DDR"), ("the Holy See", "VAT"), ("State of Palestine", "PSE"),
      ("Государство Палестина", "PSE"), ("Соединенных Штатов Америки", "USA"),
      ("Нигерии", "NGA"), ("Нигера", "NER"), ("Bolivia (Estado Plurinacional de)", "BOL"), ("l’Azerbaïdjan", "AZE"),
      ("Netherlands (Kingdom of the)", "NLD"), ("Congo", "COG"),
      ("the former Yugoslav Republic of Macedonia", "MKD"), ("Viet Nam", "VNM"), ("Niger", "NER"), ("Guinea", "GIN"),
      ("Guinea-Bissau", "GNB"),
    ])
  func names(name: String, code: String) { #expect(StateName.find(name) == .state(code)) }

  @Test("a name that two states bore is none without a year; an organization has no code; other words are unknown")
  func others() {
    #expect(StateName.find("United Arab Republic") == .ambiguous(["EGY", "SYR"]))
    #expect(StateName.find("United Arab Republic", year: 1967) == .state("EGY"))
    #expect(StateName.find("European Union") == .organization && StateName.find("Ligue des États arabes") == .organization)
    #expect(
      StateName.find("Security Council") == .unknown && StateName.find("") == .unknown
        && StateName.find(String(repeating: "a", count: 500)) == .unknown)
  }

  @Test(
    "ordinals are read in six languages",
    arguments: [
      ("Seventy-fourth", 74), ("Quarante-huitième", 48), ("Quatre-vingtième", 80), ("Quatre-vingt-unième", 81), ("Soixante et onzième", 71),
      ("Septuagésimo cuarto", 74),
      ("Cuadragésimo octavo", 48), ("Decimoctavo", 18), ("Vigésimo primer", 21), ("Octogésimo", 80), ("Тридцать четвертая", 34),
      ("Восьмидесятая", 80), ("Сорок восьмой", 48),
      ("الرابعة والسبعون", 74), ("الثمانون", 80), ("第七十四", 74), ("第八十", 80), ("79ème", 79), ("79-я", 79),
    ])
  func ordinals(text: String, value: Int) { #expect(Ordinal.value(text) == value) }

  @Test(
    "days are read in six languages",
    arguments: [
      "26 November 2019", "26 novembre 2019", "26 de noviembre de 2019", "26 ноября 2019 года", "26 تشرين الثاني/نوفمبر 2019",
      "2019年11月26日", "November 26, 2019", "26 NOVEMBRE 2019",
    ])
  func days(text: String) { #expect(CalendarDate(written: text)?.description == "2019-11-26") }
}
