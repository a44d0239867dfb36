import Documents
import Platform
import Reading
import TestSupport
import Testing
import Wire

@testable import chancery_ingest

/// A registry and the journal that it was made of.
private struct Register {
  var registry = Registry()
  var entries: [JournalEntry] = []

  private mutating func append(_ entry: JournalEntry) {
    var entry = entry
    entry.sequence = UInt64(entries.count) + 1
    entries.append(entry)
    registry.apply(entry)
  }

  /// Registers a paper as the ingest service does. Gives its document's id and the number of the version.
  @discardableResult mutating func submit(
    _ symbols: String..., language: String, distribution: DistributionClass = .general
  ) -> (id: [UInt8], version: UInt32) {
    var document = DocumentMessage()
    document.symbols = symbols
    document.language = language
    document.distribution = distribution.printed
    document.originalSHA256 = SHA256.hash(Array("\(entries.count)".utf8))
    document.id =
      symbols.first.map { DocumentID.candidates(symbol: $0, language: language)[0].bytes } ?? Array(document.originalSHA256.prefix(16))
    document.id = registry.id(of: document)
    if language.isEmpty { document.language = registry.language(document.id) }
    let version = registry.nextVersion(document.id)
    append(JournalEntry(kind: JournalKind.document.rawValue, document: document, documentID: document.id, version: version))
    return (document.id, version)
  }

  /// Registers the newest version of a document once more with other fields, as an amendment does.
  mutating func amend(_ id: [UInt8], symbols: [String]? = nil, language: String? = nil) {
    guard let last = entries.last(where: { $0.documentID == id && $0.document != nil }), var document = last.document else { return }
    document.symbols = symbols ?? document.symbols
    document.language = language ?? document.language
    append(JournalEntry(kind: JournalKind.document.rawValue, document: document, documentID: id, version: last.version))
  }

  mutating func delete(_ id: [UInt8]) { append(JournalEntry(kind: JournalKind.deletion.rawValue, documentID: id)) }

  func ids(_ symbol: String, _ language: String? = nil, for clearance: DistributionClass = .strictlyConfidential) -> [[UInt8]] {
    registry.documents(symbol: symbol, language: language, for: clearance).map(\.id)
  }
}

private func permutations<T>(_ all: [T]) -> [[T]] {
  all.count < 2
    ? [all]
    : all.indices.flatMap { index in
      var rest = all
      let first = rest.remove(at: index)
      return permutations(rest).map { [first] + $0 }
    }
}

@Suite struct RegistryTests {
  @Test func `each language of a paper is a document of its own, with the same id in every order of submission`() {
    let papers = [
      ("A/74/565", "en"), ("A/74/565", "fr"), ("A/74/565", "zh"), ("A/74/565/Rev.1", "en"), ("A/74/565/Corr.1", "fr"),
    ]
    for order in permutations(papers) {
      var register = Register()
      for (symbol, language) in order {
        let (id, version) = register.submit(symbol, language: language)
        #expect(id == DocumentID.candidates(symbol: symbol, language: language)[0].bytes && version == 1)
      }
      for (symbol, language) in order {
        let again = register.submit(symbol, language: language)
        #expect(again.version == 2 && again.id == register.ids(symbol, language)[0])
      }
      #expect(register.registry.documentCount == papers.count && register.ids("A/74/565").count == 3)
    }
    // An English paper has the id of its symbol alone.
    let digest = SHA256.hash(Array("A/74/565".utf8))
    #expect(DocumentID.candidates(symbol: "A/74/565", language: "en").first == DocumentID(digest: digest))
    #expect(DocumentID.candidates(symbol: "A/74/565", language: "fr") == [DocumentID(digest: SHA256.hash(Array("A/74/565\nfr".utf8)))])
  }

  @Test func `a language that is not known is taken for another only when there is no choice`() {
    var register = Register()
    let first = register.submit("A/1", language: "")
    // The paper says what the first version did not.
    #expect(register.submit("A/1", language: "fr") == (first.id, 2))
    // Its id is that of an English one, which is now another document.
    let english = register.submit("A/1", language: "en")
    #expect(english.id != first.id && english.version == 1)
    let unknown = register.submit("A/1", language: "")
    #expect(![first.id, english.id].contains(unknown.id) && unknown.version == 1)
    #expect(register.submit("A/1", language: "") == (unknown.id, 2))
    #expect(register.submit("A/1", language: "en") == (english.id, 2) && register.submit("A/1", language: "fr") == (first.id, 3))
    #expect(register.submit("A/1", language: "ru") == (unknown.id, 3))

    let only = register.submit("A/2", language: "es")
    #expect(register.submit("A/2", language: "") == (only.id, 2))
    // A paper whose language is not known does not make the document one of no language.
    #expect(register.submit("A/2", language: "fr").version == 1 && register.ids("A/2", "es") == [only.id])
    register.delete(only.id)
    #expect(register.submit("A/2", language: "es") == (only.id, 3))
  }

  @Test func `a document whose symbol or language was corrected keeps its id, and papers find it under what it is now`() {
    var register = Register()
    let misread = register.submit("A/1", language: "en").id
    register.amend(misread, language: "fr")
    let english = register.submit("A/1", language: "en")
    #expect(english.version == 1 && english.id != misread)
    #expect(register.submit("A/1", language: "fr").id == misread)
    #expect(register.ids("A/1", "fr") == [misread] && register.ids("A/1", "en") == [english.id])

    register.amend(english.id, symbols: ["A/2", "S/2"])
    #expect(register.submit("A/2", language: "en") == (english.id, 2))
    #expect(register.ids("S/2") == [] && register.ids("A/1") == [misread])
    let new = register.submit("A/1", language: "en")
    #expect(new.version == 1 && ![misread, english.id].contains(new.id))
    // A paper belongs to the document whose first symbol it has, not to one that has it as another.
    let joint = register.submit("A/3", "S/3", language: "en").id
    #expect(register.submit("S/3", language: "en").id != joint && register.ids("S/3").count == 2)
  }

  @Test func `bytes of a deleted document are not registered, whichever version they were`() {
    var register = Register()
    let id = register.submit("A/1", language: "en").id
    register.submit("A/1", language: "en")
    let originals = register.entries.compactMap { $0.document?.originalSHA256 }
    #expect(originals.allSatisfy { register.registry.registration($0)?.documentID == id })
    register.delete(id)
    for original in originals {
      #expect(
        register.registry.registration(original) == nil && register.registry.registration(original, for: .strictlyConfidential) == nil)
    }
  }

  @Test func `a caller is told of no version that is closed to him, nor of its language`() {
    var register = Register()
    let english = register.submit("A/1", language: "en").id
    let french = register.submit("A/1", language: "fr", distribution: .restricted).id
    #expect(register.ids("A/1", for: .general) == [english] && register.ids("A/1", "fr", for: .general) == [])
    #expect(register.ids("A/1", for: .restricted) == [english, french])
    register.delete(english)
    // What is there goes before what was; what was deleted is still told from what never was.
    #expect(register.ids("A/1", for: .general) == [english] && register.ids("A/1", for: .restricted) == [french])
    #expect(register.ids("A/1", "en", for: .restricted) == [english] && register.ids("A/1", "ru", for: .restricted) == [])
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func `what a registry knows is what its journal says, and a paper hides none of another language`(_ seed: UInt64) {
    var random = Seeded(seed)
    var register = Register()
    func one<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &random)] }
    let (symbols, languages) = (["A/1", "A/2", "S/1"], ["en", "fr", "ru", ""])
    for step in 0..<300 {
      let known = register.entries.map(\.documentID)
      switch Int.random(in: 0..<10, using: &random) {
      case 0 where !known.isEmpty: register.amend(one(known), symbols: [one(symbols)])
      case 1 where !known.isEmpty: register.amend(one(known), language: one(languages))
      case 2 where !known.isEmpty: register.delete(one(known))
      default:
        let (language, distribution) = (one(languages), one(DistributionClass.allCases))
        let before = Naive(register.entries)
        let (id, version) = register.submit(one(symbols), language: language, distribution: distribution)
        let place = before.latest[id]
        #expect((place == nil) == (version == 1), "seed \(seed), step \(step)")
        // Only what is of this language, or where one of the two is not known, is replaced.
        if let place {
          #expect(place.language == language || place.language.isEmpty || language.isEmpty, "seed \(seed), step \(step)")
          let now = Naive(register.entries).latest[id]?.language
          #expect(now == (place.language.isEmpty ? language : place.language), "seed \(seed), step \(step)")
        }
      }
    }
    let naive = Naive(register.entries)
    var replayed = Registry()
    for entry in register.entries { replayed.apply(entry) }
    #expect(register.registry.documentCount == naive.live.count)
    for symbol in symbols {
      for language in [nil] + languages.map(Optional.some) {
        for clearance in DistributionClass.allCases {
          let expected = naive.documents(symbol, language, clearance)
          for registry in [register.registry, replayed] {
            let found = Set(registry.documents(symbol: symbol, language: language, for: clearance).map(\.id))
            #expect(found == expected, "seed \(seed): \(symbol) \(language ?? "any") \(clearance)")
          }
        }
      }
      for language in languages {
        var paper = DocumentMessage()
        (paper.symbols, paper.language) = ([symbol], language)
        paper.originalSHA256 = SHA256.hash([0])
        paper.id = DocumentID.candidates(symbol: symbol, language: language)[0].bytes
        #expect(replayed.id(of: paper) == register.registry.id(of: paper), "seed \(seed)")
      }
    }
  }
}

/// The same from the journal's entries, without any order or table.
private struct Naive {
  var latest: [[UInt8]: DocumentMessage] = [:]
  var live: Set<[UInt8]> = []

  init(_ entries: [JournalEntry]) {
    for entry in entries {
      if let document = entry.document {
        latest[entry.documentID] = document
        live.insert(entry.documentID)
      } else {
        live.remove(entry.documentID)
      }
    }
  }

  func documents(_ symbol: String, _ language: String?, _ clearance: DistributionClass) -> Set<[UInt8]> {
    let open = latest.filter { _, document in
      document.symbols.contains(symbol) && (language == nil || document.language == language)
        && DistributionClass(distribution: document.distribution) <= clearance
    }
    let there = Set(open.keys.filter { live.contains($0) })
    return there.isEmpty ? Set(open.keys) : there
  }
}
