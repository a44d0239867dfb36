import DocumentSymbols
import TestSupport
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
      ("A/79/L.1*", "A/79/L.1"), ("A/RES/77/263B", "A/RES/77/263 B"), ("A/RES/31/16 a to d", "A/RES/31/16 A to D"),
      ("A/RES/48/75A-L", "A/RES/48/75 A to L"), ("A/RES/48/75 A–L", "A/RES/48/75 A to L"), ("A/RES/3419 A (XXX)", "A/RES/3419 A (XXX)"),
      ("А/74/565", "A/74/565"), ("Ａ／７４／５６５", "A/74/565"), ("A/C.3/74/L5", "A/C.3/74/L.5"), ("A/C.3/74/L 5/Rev 1", "A/C.3/74/L.5/Rev.1"),
      ("UN Doc. A/74/565", "A/74/565"), ("(A/74/565).", "A/74/565"), ("[A/74/565]", "A/74/565"), ("“A/74/565”", "A/74/565"),
      ("S/RES/822", "S/RES/822 (1993)"), ("s-res-822", "S/RES/822 (1993)"), ("S/RES/2803", "S/RES/2803"),
      ("https://undocs.org/pdf?symbol=en/A/74/565", "A/74/565"),
      ("https://www.un.org/en/ga/search/view_doc.asp?symbol=A/RES/70/1", "A/RES/70/1"),
      ("https://docs.un.org/en/A/74/565?direct=true#page", "A/74/565"), ("A_74_565 (1).pdf", "A/74/565"),
      ("A/RES/ES–10/24", "A/RES/ES-10/24"),
      ("A-RES-S-32-1.pdf", "A/RES/S-32/1"), ("S/PV.3745(RESUMPTION1)", "S/PV.3745 (Resumption 1)"),
      ("S/PV.3745 (Resumption 1)/Corr.1", "S/PV.3745 (Resumption 1)/Corr.1"), ("A/78/15(part ii)", "A/78/15 (Part II)"),
      ("TD/B/C.3(VI)/Misc.1", "TD/B/C.3(VI)/MISC.1"), ("CM/Rec(2022)11", "CM/REC(2022)11"), ("UNEP/EA.5/Res.1", "UNEP/EA.5/Res.1"),
      ("CRC/C/GC/24", "CRC/C/GC/24"), ("CCPR/C/GC/35", "CCPR/C/GC/35"), ("DP/2019/12", "DP/2019/12"),
      ("TD/519/Add.2/Corr.1", "TD/519/Add.2/Corr.1"),
      ("UNEP/CBD/BS/COP-MOP/5/17", "UNEP/CBD/BS/COP-MOP/5/17"), ("ICC-ASP/5/Res.3", "ICC-ASP/5/Res.3"), ("ISBA/26/C/10", "ISBA/26/C/10"),
      ("A/34/45/Corr. 1", "A/34/45/Corr.1"), ("A/ES‑10/273", "A/ES-10/273"), ("A/73/12 (Part II)", "A/73/12 (Part II)"),
      ("A/INF/76/1", "A/INF/76/1"), ("CERD/C/SR.1263", "CERD/C/SR.1263"),
    ])
  func canonical(written: String, canonical: String) { #expect(Symbol(written)?.text == canonical) }

  @Test(
    "a document of two organs has two symbols",
    arguments: [
      "A/74/565–S/2019/908", "A/74/565-S/2019/908", "A_74_565-S_2019_908.pdf", "A/74/565 and S/2019/908", "A/74/565, S/2019/908",
      "a/74/565—s/2019/908",
      "A-74-565-S-2019-908", "undocs.org/en/A/74/565-S/2019/908", "A_74_565_S_2019_908-EN.pdf", "A/74/565 – S/2019/908",
      "A/74/565; S/2019/908",
      "A/74/565 & S/2019/908", "A/74/565\nS/2019/908", "A/74/565‑S/2019/908", "А/74/565–S/2019/908",
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
      "A/74/565/" + String(repeating: "9", count: 200), String(repeating: "A/1/", count: 500), "Ж/74/1", "A/74/<565>", "A/74/565 A/74/566",
      "https://undocs.org/", "https://www.un.org/en/about", "A/74/(565", "HIV/AIDS", "A/(1993)",
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
    #expect(council.organ == "Security Council" && council.session == nil && council.nature == nil && council.year == 2019)
    #expect(Symbol("E/1978/1")?.organ == "Economic and Social Council")
    #expect(Symbol("A/RES/3363 (XXX)")?.session == 30 && Symbol("S/RES/822 (1993)")?.year == 1993)
    let ofTheHumanRightsCouncil = try #require(Symbol("A/HRC/57/47"))
    #expect(ofTheHumanRightsCouncil.session == nil && ofTheHumanRightsCouncil.anySession == .regular(57))
    #expect(Symbol("A/RES/ES-10/24")?.anySession == .emergencySpecial(10) && Symbol("A/S-12/2")?.anySession == .special(12))
    #expect(Symbol("CRC/C/GC/24")?.issuer == "Committee on the Rights of the Child" && Symbol("X/1")?.issuer == nil)
  }

  @Test(
    "each part of a symbol has a meaning",
    arguments: [
      ("A/C.3/74/L.5/Rev.1", [.series("A"), .body("C", number: "3"), .session(.regular(74)), .nature(.limited, number: "5"), "Rev.1"]),
      (
        "E/CN.4/Sub.2/1998/1", [.series("E"), .body("CN", number: "4"), .body("Sub", number: "2"), .year(1998), .serial("1", letters: nil)]
      ),
      ("A/RES/77/263 B", [.series("A"), .nature(.resolution, number: nil), .session(.regular(77)), .serial("263", letters: "B")]),
      ("S/PV.3745 (Resumption 1)", [.series("S"), .nature(.verbatimRecord, number: "3745")]),
      ("A/78/5/Add.8/Corr.1", [.series("A"), .session(.regular(78)), .serial("5", letters: nil), "Add.8", "Corr.1"]),
      ("S/24111", [.series("S"), .serial("24111", letters: nil)]),
      ("A/AC.109/2023/12", [.series("A"), .body("AC", number: "109"), .year(2023), .serial("12", letters: nil)]),
    ] as [(String, [Symbol.Component])])
  func components(text: String, components: [Symbol.Component]) throws {
    #expect(try #require(Symbol(text)).components == components)
  }

  @Test("parentheses say a year, a session, or a number of something")
  func parentheses() throws {
    #expect(try #require(Symbol("S/RES/822 (1993)")).parentheses == [.year(1993)])
    #expect(try #require(Symbol("A/RES/3363 (XXX)")).parentheses == [.session(.regular(30))])
    #expect(try #require(Symbol("A/RES/3201 (s-vi)")).anySession == .special(6))
    #expect(try #require(Symbol("S/PV.3745 (Resumption 1)")).parentheses == [.named("Resumption", number: 1)])
    #expect(try #require(Symbol("A/73/12 (Part II)")).parentheses == [.named("Part", number: 2)])
  }

  @Test("no text of any bytes crashes the reader of symbols")
  func arbitrary() {
    var random = seeded()
    let pieces = [
      "A", "S", "/", "_", "-", "–", "%", "2F", "(", ")", "74", "Rev.1", " ", "*", ".", "ES", "https://undocs.org/", "?", "=", "é", "\n",
      "L.",
    ]
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 0..<12, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
      _ = Symbol.find(in: text.utf8)
      for symbol in Symbol.list(text) { #expect(Symbol.list(symbol.text) == [symbol], "\(text) → \(symbol)") }
    }
  }

  // Found by the fuzzer: each became a symbol that was read as another one, or as none.
  @Test(arguments: ["S/2019/1/Cor-es and S/2019/2", "A/62(X_frX-_frX-as-res8-2-rpe_frX-_frX-as-res8-2-rpe-as-r-dlllesX)"])
  func aSymbolThatWouldNotReadAsItselfIsNone(written: String) { #expect(Symbol.list(written).isEmpty) }
}

/// "Rev.1" in a list of parts.
extension Symbol.Component: ExpressibleByStringLiteral {
  public init(stringLiteral text: String) {
    guard let modifier = Symbol("A/1/" + text)?.modifiers.last else { preconditionFailure("\(text) is a modifier") }
    self = .modifier(modifier)
  }
}
