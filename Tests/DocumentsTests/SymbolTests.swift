import Documents
import Testing

@Suite("Symbols")
struct SymbolTests {
  @Test(
    "what people write becomes the canonical symbol",
    arguments: [
      ("A/74/565", "A/74/565"), ("a/74/565", "A/74/565"), (" A / 74 / 565 ", "A/74/565"), ("A_80_L.1", "A/80/L.1"),
      ("A_80_L.1.pdf", "A/80/L.1"),
      ("A/C.3/74/L.5/Rev.1", "A/C.3/74/L.5/Rev.1"), ("a/c.3/74/l.5/rev.1", "A/C.3/74/L.5/Rev.1"), ("A/C.3/74/L. 5", "A/C.3/74/L.5"),
      ("S/RES/822 (1993)", "S/RES/822 (1993)"), ("S/RES/822(1993)", "S/RES/822 (1993)"), ("S_RES_822_(1993)", "S/RES/822 (1993)"),
      ("S-RES-2164-(2014)-fr", "S/RES/2164 (2014)"), ("s-res-2164-(2014)-fr.pdf", "S/RES/2164 (2014)"), ("A_79_PV.1-EN.pdf", "A/79/PV.1"),
      ("A%2F74%2F565", "A/74/565"), ("https://undocs.org/en/A/74/565", "A/74/565"), ("undocs.org/A/74/565", "A/74/565"),
      ("https://docs.un.org/en/S/RES/822%20(1993)", "S/RES/822 (1993)"),
      ("http://undocs.org/Home/Mobile?FinalSymbol=A%2FRES%2F62%2F243&Language=E", "A/RES/62/243"),
      ("https://daccess-ods.un.org/access.nsf/Get?Open&DS=A/RES/62/243&Lang=E", "A/RES/62/243"), ("A/54/L.74/ADD.1", "A/54/L.74/Add.1"),
      ("S/1999/25/ADD.43", "S/1999/25/Add.43"), ("TD/B/WP(XXXV)/MISC.1/REV.1", "TD/B/WP(XXXV)/MISC.1/Rev.1"),
      ("PCNICC/2000/WGRPE(7)/DP.1", "PCNICC/2000/WGRPE(7)/DP.1"), ("E/CN.17/ESD/2000/L.1", "E/CN.17/ESD/2000/L.1"),
      ("E/CN.4/Sub.2/1998/1", "E/CN.4/Sub.2/1998/1"),
      ("S/PV.3745 (resumption 1)", "S/PV.3745 (Resumption 1)"), ("A/RES/3363 (xxx)", "A/RES/3363 (XXX)"),
      ("A/RES/ES-10/24", "A/RES/ES-10/24"),
      ("A-RES-ES-10-24", "A/RES/ES-10/24"), ("A/RES/77/263 B", "A/RES/77/263 B"), ("A_RES_77_263_B", "A/RES/77/263 B"),
      ("A/79/L.1*", "A/79/L.1"),
      ("A/INF/76/1", "A/INF/76/1"), ("CERD/C/SR.1263", "CERD/C/SR.1263"),
    ])
  func canonical(written: String, canonical: String) { #expect(Symbol(written)?.text == canonical) }

  @Test(
    "a document of two organs has two symbols",
    arguments: [
      "A/74/565–S/2019/908", "A/74/565-S/2019/908", "A_74_565-S_2019_908.pdf", "A/74/565 and S/2019/908", "A/74/565, S/2019/908",
      "a/74/565—s/2019/908",
      "A-74-565-S-2019-908", "undocs.org/en/A/74/565-S/2019/908",
    ])
  func double(written: String) {
    #expect(Symbol.list(written).map(\.text) == ["A/74/565", "S/2019/908"])
    #expect(Symbol(written) == nil)
  }

  @Test(
    "what is no symbol is refused",
    arguments: [
      "", "/", "A", "565", "and/or", "Agenda item 25 (b)", "General Assembly", "https://example.org/A/74/565", "A//565", "%zz/1",
      "letter dated 26 November 2019",
      "A/74/565/" + String(repeating: "9", count: 200), String(repeating: "A/1/", count: 500), "Ж/74/1", "A/74/<565>",
    ])
  func refused(written: String) { #expect(Symbol.list(written).isEmpty) }

  @Test("canonical symbols read back as themselves")
  func idempotent() throws {
    for written in ["A/C.3/74/L.5/Rev.1", "S/RES/822 (1993)", "A/RES/77/263 B", "S/PV.3745 (Resumption 1)", "TD/B/WP(XXXV)/MISC.1/Rev.1"] {
      #expect(try #require(Symbol(written)).text == written)
    }
  }

  @Test("a symbol tells organ, session and nature")
  func parts() throws {
    let draft = try #require(Symbol("A/C.3/74/L.5"))
    #expect(draft.organ == "General Assembly" && draft.session == 74 && draft.nature == .limited)
    let resolution = try #require(Symbol("A/RES/62/243"))
    #expect(resolution.session == 62 && resolution.nature == .resolution)
    let council = try #require(Symbol("S/2019/908"))
    #expect(council.organ == "Security Council" && council.session == nil && council.nature == nil)
    #expect(Symbol("E/1978/1")?.organ == "Economic and Social Council")
  }

  @Test("no text of any bytes crashes the reader of symbols")
  func arbitrary() {
    let seed = UInt64.random(in: 0 ... .max)
    print("seed \(seed)")
    var state = seed
    func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return state >> 33
    }
    let pieces = [
      "A", "S", "/", "_", "-", "–", "%", "2F", "(", ")", "74", "Rev.1", " ", "*", ".", "ES", "https://undocs.org/", "?", "=", "é", "\n",
      "L.",
    ]
    for _ in 0..<5000 {
      let text = (0..<(next() % 12)).map { _ in pieces[Int(next() % UInt64(pieces.count))] }.joined()
      for symbol in Symbol.list(text) { #expect(Symbol.list(symbol.text) == [symbol], "\(text) → \(symbol)") }
    }
  }

  // Found by the fuzzer: each became a symbol that was read as another one, or as none.
  @Test(arguments: ["S/2019/1/Cor-es and S/2019/2", "A/62(X_frX-_frX-as-res8-2-rpe_frX-_frX-as-res8-2-rpe-as-r-dlllesX)"])
  func aSymbolThatWouldNotReadAsItselfIsNone(written: String) { #expect(Symbol.list(written).isEmpty) }
}
