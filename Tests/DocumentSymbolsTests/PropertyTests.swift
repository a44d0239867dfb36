import DocumentSymbols
import Testing

@Suite("Rules of symbols")
struct PropertyTests {
  @Test("every spelling of a symbol reads as the same canonical one")
  func variants() {
    var symbols = RandomSymbols(random: seeded())
    for _ in 0..<3000 {
      let canonical = symbols.canonical()
      #expect(Symbol(canonical)?.text == canonical)
      let variant = symbols.variant(of: canonical)
      #expect(Symbol(variant)?.text == canonical, "\(variant)")
    }
  }

  @Test("two symbols joined by a dash, a word or a mark are both, in order")
  func pairs() throws {
    var symbols = RandomSymbols(random: seeded())
    for _ in 0..<1000 {
      let pair = [symbols.canonical(), symbols.canonical()]
      if pair[0] == pair[1] || pair.contains(where: { $0.contains("to") }) { continue }
      let joint = symbols.pick(["–", "—", " – ", ", ", " and ", "; ", "\n", "-"])
      #expect(Symbol.list(pair.joined(separator: joint)).map(\.text) == pair, "\(pair) \(joint)")
    }
  }

  @Test("the name of a file and the address of a symbol read back as it")
  func formats() throws {
    var symbols = RandomSymbols(random: seeded())
    for _ in 0..<1000 {
      let symbol = try #require(Symbol(symbols.canonical()))
      #expect(Symbol(symbol.fileName + ".pdf") == symbol && Symbol(symbol.address(language: "en")) == symbol, "\(symbol.fileName)")
    }
  }

  @Test("the order of symbols is strict: one of three, and what follows what follows, follows")
  func order() throws {
    var symbols = RandomSymbols(random: seeded())
    let all = try (0..<120).map { _ in try #require(Symbol(symbols.canonical())) }
    for a in all {
      for b in all {
        #expect([a < b, b < a, a == b].count { $0 } == 1, "\(a) \(b)")
        for c in all where a < b && b < c { #expect(a < c, "\(a) \(b) \(c)") }
      }
    }
  }

  @Test("symbols are in the order of their numbers, and a base stands before what belongs to it")
  func expectedOrder() throws {
    let order = [
      "A/5", "A/74/9", "A/74/9/Add.1", "A/74/9/Add.2", "A/74/9/Add.10", "A/74/9/Corr.1", "A/74/9/Rev.1", "A/74/9/Rev.1/Corr.1",
      "A/74/9 (Part II)",
      "A/74/9 (Part IX)", "A/74/10", "A/100/1", "A/C.3/74/L.5", "A/C.3/74/L.12", "A/RES/62/243", "A/RES/3363 (XXX)", "E/1978/1",
      "S/RES/822 (1993)",
      "S/RES/1325 (2000)", "ST/SGB/2013/4",
    ]
    let symbols = try order.map { try #require(Symbol($0)) }
    #expect(symbols.shuffled().sorted().map(\.text) == order)
  }

  @Test("a chain leads from the base to the last modifier")
  func chain() throws {
    let last = try #require(Symbol("A/78/5/Add.8/Corr.1"))
    #expect(last.chain.map(\.text) == ["A/78/5", "A/78/5/Add.8", "A/78/5/Add.8/Corr.1"])
    #expect(last.base.text == "A/78/5" && last.parent?.text == "A/78/5/Add.8" && last.base.parent == nil && last.base.base == last.base)
    #expect(last.modifiers.map(\.kind) == [.addendum, .corrigendum] && last.modifiers.map(\.number) == ["8", "1"])
    let resumed = try #require(Symbol("S/PV.3745 (Resumption 1)/Corr.1"))
    #expect(resumed.base.text == "S/PV.3745 (Resumption 1)")
    for symbol in last.chain + resumed.chain { #expect(Symbol(symbol.text) == symbol) }
  }

  @Test("revisions, corrigenda, addenda and amendments stand to one another as their symbols say")
  func relations() throws {
    func symbol(_ text: String) throws -> Symbol { try #require(Symbol(text)) }
    let draft = try symbol("A/C.3/74/L.5")
    let (first, second) = (try symbol("A/C.3/74/L.5/Rev.1"), try symbol("A/C.3/74/L.5/Rev.2"))
    #expect(second.predecessor == first && first.predecessor == draft && draft.predecessor == nil)
    #expect(second.relation(to: first) == .modifies(.revision) && first.relation(to: second) == .modifiedBy(.revision))
    #expect(first.relation(to: draft) == .modifies(.revision) && draft.relation(to: first) == .modifiedBy(.revision))
    let correction = try symbol("A/C.3/74/L.5/Corr.1")
    #expect(correction.relation(to: draft) == .modifies(.corrigendum) && correction.relation(to: first) == .siblings)
    let other = try symbol("A/C.3/74/L.6")
    #expect(draft.relation(to: draft) == .same && draft.relation(to: other) == nil)
    #expect(try symbol("ST/SGB/2013/4/Amend.1").relation(to: try symbol("ST/SGB/2013/4")) == .modifies(.amendment))
  }

  @Test(
    "revisions and corrigenda are versions of one work, addenda works of their own",
    arguments: [
      ("A/74/565", "A/74/565", 0, false), ("A/C.3/74/L.5/Rev.1", "A/C.3/74/L.5", 1, false),
      ("A/C.3/74/L.5/Rev.12", "A/C.3/74/L.5", 12, false), ("TD/B/WP(XXXV)/MISC.1/REV", "TD/B/WP(XXXV)/MISC.1", 1, false),
      ("A/C.3/74/L.5/Rev.1/Corr.2", "A/C.3/74/L.5", 1, true), ("A/78/5/Corr.1", "A/78/5", 0, true),
      ("A/78/5/Corr.1/Rev.1", "A/78/5", 0, true),
      ("A/78/5/Add.8/Corr.1", "A/78/5/Add.8", 0, true), ("A/C.3/74/L.5/Rev.1/Add.1", "A/C.3/74/L.5/Rev.1/Add.1", 0, false),
      ("ST/SGB/2013/4/Amend.1", "ST/SGB/2013/4/Amend.1", 0, false),
      ("S/PV.3745 (Resumption 1)/Corr.1", "S/PV.3745 (Resumption 1)", 0, true),
      ("A/78/5/Rev.2 (Part I)", "A/78/5", 2, false),
    ])
  func works(_ written: String, _ work: String, _ revision: Int, _ isCorrigendum: Bool) throws {
    let symbol = try #require(Symbol(written))
    #expect(symbol.work.text == work && symbol.work.work == symbol.work)
    #expect(symbol.revision.number == revision && symbol.revision.isCorrigendum == isCorrigendum)
  }

  @Test(
    "symbols are found in running text, without the marks of the sentence",
    arguments: [
      ("See A/78/123.", ["A/78/123"]), ("(A/79/458, para. 23)", ["A/79/458"]), ("Supplement No. 10 (A/78/10).", ["A/78/10"]),
      ("A/74/565–S/2019/908 and A/59/2005", ["A/74/565 S/2019/908", "A/59/2005"]), ("in S/RES/822 (1993), the", ["S/RES/822 (1993)"]),
      ("A/67/65/Corr.1-E/2012/48/Corr.1.", ["A/67/65/Corr.1 E/2012/48/Corr.1"]), ("A/C.1/80/L.23* was", ["A/C.1/80/L.23"]),
      ("документ A/ES‑10/273, и", ["A/ES-10/273"]), ("HIV/AIDS and/or A/C and I/O, 24/7, X/2", []),
      ("A/RES/77/263 B, of", ["A/RES/77/263 B"]),
      ("A/RES/62/243 A report", ["A/RES/62/243"]), ("UNEP/CBD/BS/COP-MOP/5/17", ["UNEP/CBD/BS/COP-MOP/5/17"]),
      ("A/78/15 (Part II))", ["A/78/15 (Part II)"]),
      ("A/78/15 (see below)", ["A/78/15"]), ("ISO A/4. http://x.org/A/74/565", ["A/4"]), ("见A/74/565号文件", ["A/74/565"]),
      ("[A/4132/Add. 1, p. 2]", ["A/4132/Add.1"]), ("See A/4132/Add. In it", ["A/4132/Add"]),
      ("CM/Rec(2022)11)", ["CM/REC(2022)11"]), ("TD/B/WP(XXXV)/MISC.1/REV.1;", ["TD/B/WP(XXXV)/MISC.1/Rev.1"]),
    ])
  func found(text: String, symbols: [String]) {
    let found = Symbol.find(in: text.utf8)
    #expect(found.map { $0.symbols.map(\.text).joined(separator: " ") } == symbols)
    let bytes = Array(text.utf8)
    for place in found { #expect(Symbol.list(String(decoding: bytes[place.range], as: UTF8.self)) == place.symbols) }
  }

  @Test("a modifier's 1 is read where a scanner has another letter", arguments: ["A/4132/Add. l", "A/4132/Add. I", "A/4132/Add.l"])
  func misreadModifiers(text: String) {
    let found = Symbol.find(in: "[\(text), p. 1]".utf8)
    #expect(found.map(\.range) == [1..<1 + text.utf8.count] && found.map(\.symbols) == [Symbol.list("A/4132/Add.1")])
  }
}
