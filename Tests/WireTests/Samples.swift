import TestSupport
import Testing
import Wire

/// A message of docs/chancery.proto with every field set.
struct Sample: Sendable, CustomTestStringConvertible {
  /// The message's name in the schema.
  let type: String
  let bytes: [UInt8]
  let roundTrips: @Sendable () throws -> Bool
  let defaultIsEmpty: @Sendable () throws -> Bool

  init<M: WireMessage>(_ type: String, _ message: M) {
    self.type = type
    bytes = message.encoded
    roundTrips = { try M(decoding: message.encoded) == message }
    defaultIsEmpty = { try M().encoded.isEmpty && M(decoding: [UInt8]()) == M() }
  }

  var testDescription: String { type }
}

enum Samples {
  static let id = [UInt8](0..<16)
  static let sha256 = [UInt8](100..<132)

  static let paragraph = ParagraphMessage(
    number: 3, label: "(a)", text: "Requests the Secretary-General to report", attribution: "General Assembly", page: 2, role: 1,
    language: "en")
  static let reading = FieldReadingMessage(
    field: "symbols", index: 1, start: 1200, length: 10, page: 1, confidence: 99, reason: "printed in brackets")
  static let inText = TextSpanMessage(paragraph: 3, start: 9, length: 31)
  static let inHeading = TextSpanMessage(title: 2, start: 4, length: 8, item: 1)
  static let citation = CitationMessage(
    span: inText, symbols: ["A/RES/62/243"], instrument: "Charter", pinpoint: "para. 23", relation: 1, reason: "no session")
  static let mention = MentionMessage(span: inHeading, kind: 1, firstDay: "1992-02-01", lastDay: "1992-02-29", value: "12.5", unit: "tons")
  static let annex = AnnexMessage(
    label: "Annex II", title: "Statement", kind: "statement", date: "2019-07-01", sender: PartyMessage(text: "the Minister"),
    addressees: [PartyMessage(text: "the President")], signatories: [SignatoryMessage(name: "O. Name")], originalLanguages: ["fr"],
    firstParagraph: 2, lastParagraph: 3)
  static let amendment = AmendmentMessage(
    field: "date", values: ["2019-07-15"], was: [0x2a, 4, 50, 48, 49, 57], why: "misread", who: "desk", timeMs: 1_700_000_000_000,
    restored: true)
  static let document = DocumentMessage(
    id: id, symbols: ["A/74/1", "S/2019/1"], organs: ["General Assembly", "Security Council"], distribution: "General", date: "2019-07-15",
    originalLanguages: ["en", "fr"], sessions: [SessionMessage(organ: "General Assembly", text: "Seventy-fourth session", number: 74)],
    items: [AgendaItemMessage(number: "25 (b)", title: "Operational activities", organ: "General Assembly")], titles: ["Note"],
    title: "Letter dated 15 July 2019", kind: "letter",
    sender: PartyMessage(text: "the Permanent Representative", state: "Aland", post: "Permanent Representative", code: "ALA"),
    addressees: [PartyMessage(text: "the Secretary-General")],
    signatories: [SignatoryMessage(name: "N. Name", rank: "Ambassador", post: "Permanent Representative")],
    paragraphs: [paragraph], language: "en", originalSHA256: sha256, originalBytes: 70_000, mediaType: "application/pdf", fileName: "a.pdf",
    sponsors: ["Aland", "Bland"], metadata: ["box": "7", "shelf": "é"], readings: [reading],
    citations: [citation], mentions: [mention], annexes: [annex],
    amendments: [amendment])
  static let figure = Figure(name: "documents", value: "9207", unit: "documents")
  static let manifest = ManifestMessage(
    generation: 12, journalSequence: 9447, journalID: "j-1",
    segments: [
      SegmentEntry(name: "seg/1", bytes: 1 << 33, documents: 9000, deleted: 3, deletions: "del/1", distribution: 1),
      SegmentEntry(name: "seg/2", bytes: 5, documents: 1, distribution: 3),
    ],
    documents: 8998, createdMs: 1_700_000_000_000, boundary: 9, checksum: 0x0123_4567_89AB_CDEF)
  static let value = FacetValue(value: "letter", count: 12)
  static let snippet = Snippet(
    paragraph: 4, label: "4.", attribution: "General Assembly", text: "the report", highlights: [Highlight(start: 4, length: 6)], page: 2,
    title: 3, item: 5)
  static let hit = Hit(
    documentID: id, score: 3.25, symbols: ["A/74/1"], title: "Letter", kind: "letter", date: "2019-07-15", sender: "Aland",
    organs: ["General Assembly"],
    snippets: [snippet], language: "en", versions: [version])
  static let version = HitVersion(documentID: id, symbols: ["A/74/1/Rev.1", "S/2019/1/Rev.1"], language: "fr", date: "2019-07-16")
  static let submit = SubmitRequest(
    fileName: "a.pdf", mediaType: "application/pdf", size: 70_000, symbol: "A/74/1", metadata: ["box": "7"], sha256: sha256,
    distribution: "limited")
  static let search = SearchRequest(
    query: "report AND kind:letter", limit: 20, offset: 10, facets: ["organ", "year"], facetLimit: 5, sort: "-date", snippets: 2,
    cursor: [1, 2, 3], thorough: true, languages: ["fr", "und"], everyVersion: true)
  static let searchReply = SearchReply(
    total: 1, hits: [hit], facets: [Facet(field: "kind", values: [value])], generation: 12, serverMicroseconds: 850, nextCursor: [1, 2, 4])
  static let hello = HelloMessage(
    minVersion: 1, maxVersion: 1, maxFrameLength: 1 << 20, maxStreams: 128, initialStreamCredit: 256 << 10,
    initialConnectionCredit: 1 << 20,
    software: "chancery-query/0.1.0", cluster: "example", features: ["none-yet"])
  static let error = ErrorMessage(
    code: ErrorCode.invalid.rawValue, message: "a quotation mark has no partner", retryable: true, retryAfterMs: 250,
    processed: Processed.no.rawValue,
    details: [ErrorDetail(key: "position", value: "7"), ErrorDetail(key: "hint", value: "close the phrase")])
  static let request = Request(
    deadlineMs: 2000, traceParent: [UInt8](1...25), idempotencyKey: "submission-1", body: submit.encoded[...])
  static let entry = JournalEntry(
    sequence: 41, kind: 1, timeMs: 1_700_000_000_000, document: document, documentID: id, version: 2, idempotencyKey: "submission-1",
    traceParent: [UInt8](1...25), who: "desk", why: "the date was misread")
  static let span = SpanMessage(
    spanID: [UInt8](1...8), parentID: [UInt8](17...24), name: "Submit", software: "chancery-ingest/0.1.0",
    startMicroseconds: 1_700_000_000_000_000,
    microseconds: 12_345, error: "too-large: the file is too long", attributes: ["peer": "desk", "waited_us": "12"])

  static let all: [Sample] = [
    Sample("Hello", hello), Sample("Request", request), Sample("Error", error),
    Sample("ErrorDetail", ErrorDetail(key: "limit", value: "9")),
    Sample("Credit", Credit(bytes: 131_072)), Sample("GoAway", GoAway(lastStream: 17, reason: "restart")), Sample("Ping", Ping(token: 77)),
    Sample("Document", document), Sample("Session", document.sessions[0]), Sample("AgendaItem", document.items[0]),
    Sample("FieldReading", reading), Sample("TextSpan", TextSpanMessage(paragraph: 3, title: 2, start: 9, length: 31, item: 4)),
    Sample("Citation", citation), Sample("Mention", mention),
    Sample("Annex", annex), Sample("Amendment", amendment),
    Sample("FieldValues", FieldValues(field: "date", values: ["2019-07-15"], restore: true, fill: true)),
    Sample(
      "AmendRequest", AmendRequest(symbol: "A/74/1", documentID: id, fields: [FieldValues(field: "date")], why: "misread", language: "fr")),
    Sample(
      "AmendReply", AmendReply(sequence: 42, documentID: id, made: [amendment], kept: [FieldValues(field: "kind", values: ["letter"])])),
    Sample("Party", PartyMessage(text: "a", state: "b", post: "c", code: "d")),
    Sample("Signatory", document.signatories[0]),
    Sample("Paragraph", paragraph),
    Sample("HealthRequest", HealthRequest()),
    Sample("HealthReply", HealthReply(service: "query", version: "0.1.0", ready: true, reason: "warm")),
    Sample("StatusRequest", StatusRequest()), Sample("StatusReply", StatusReply(service: "query", version: "0.1.0", figures: [figure])),
    Sample("TraceRequest", TraceRequest(traceID: [UInt8](1...16))), Sample("TraceReply", TraceReply(spans: [span])), Sample("Span", span),
    Sample("Figure", figure), Sample("SubmitRequest", submit),
    Sample(
      "SubmitReply",
      SubmitReply(
        documentID: id, sha256: sha256, sequence: 41, duplicate: true, version: 2, symbols: ["A/74/1"], kind: "letter", paragraphs: 12,
        notes: ["date: none was found"],
        members: [SubmitReply(fileName: "papers/a.txt", refusal: "the file is empty")], fileName: "papers.zip", refusal: "none")),
    Sample("GetOriginalRequest", GetOriginalRequest(sha256: sha256)),
    Sample("GetOriginalReply", GetOriginalReply(size: 9, mediaType: "text/plain", fileName: "a.txt")),
    Sample("ReadJournalRequest", ReadJournalRequest(after: 40, follow: true, limit: 100)),
    Sample("ReadJournalReply", ReadJournalReply(last: 41, journalID: "j-1")), Sample("JournalEntry", entry),
    Sample("DeleteRequest", DeleteRequest(symbol: "A/74/1", documentID: id, why: "withdrawn by the submitter", language: "fr")),
    Sample("DeleteReply", DeleteReply(sequence: 42, existed: true)), Sample("WatchManifestRequest", WatchManifestRequest(have: 11)),
    Sample("WatchManifestReply", WatchManifestReply()), Sample("Manifest", manifest), Sample("SegmentEntry", manifest.segments[0]),
    Sample("GetObjectRequest", GetObjectRequest(name: "seg/1", offset: 1, length: 2)),
    Sample("GetObjectReply", GetObjectReply(size: 3, offset: 1, length: 2)),
    Sample("ListObjectsRequest", ListObjectsRequest(prefix: "seg/", after: "seg/1", limit: 10)),
    Sample("ListObjectsReply", ListObjectsReply(objects: [ObjectEntry(name: "seg/2", size: 5)], more: true)),
    Sample("ObjectEntry", ObjectEntry(name: "seg/2", size: 5)), Sample("VerifyRequest", VerifyRequest()),
    Sample("VerifyReply", VerifyReply(clean: true, checked: 9, problems: ["seg/1: checksum"], figures: [figure])),
    Sample("SearchRequest", search), Sample("SearchReply", searchReply), Sample("Hit", hit), Sample("HitVersion", version),
    Sample("Snippet", snippet),
    Sample("Highlight", Highlight(start: 4, length: 6)), Sample("Facet", Facet(field: "kind", values: [value])),
    Sample("FacetValue", value),
    Sample("GetRequest", GetRequest(symbol: "A/74/1", documentID: id, languages: ["fr", "en"])),
    Sample("GetReply", GetReply(size: 900, generation: 12)),
    Sample("SuggestRequest", SuggestRequest(field: "sender", prefix: "Al", limit: 5)),
    Sample("SuggestReply", SuggestReply(values: [value])),
    Sample("ExplainRequest", ExplainRequest(query: "report", symbol: "A/74/1", documentID: id)),
    Sample(
      "ExplainReply",
      ExplainReply(found: true, score: 0.5, steps: [ExplainStep(level: 1, description: "idf", value: 0.1)], generation: 12, documentID: id)),
    Sample("ExplainStep", ExplainStep(level: 1, description: "idf", value: 0.1)),
  ]

  // MARK: Random messages

  static func text(_ random: inout Seeded) -> String {
    let alphabet: [Character] = ["a", "Z", "0", " ", "é", "ж", "中", "🜚", "\0", "\n"]
    return String((0..<random.below(12)).map { _ in alphabet[random.below(alphabet.count)] })
  }

  static func number(_ random: inout Seeded) -> UInt64 { random.next() >> UInt64(random.below(64)) }

  static func number32(_ random: inout Seeded) -> UInt32 { UInt32(truncatingIfNeeded: number(&random)) }

  static func list<T>(_ random: inout Seeded, _ make: (inout Seeded) -> T) -> [T] { (0..<random.below(4)).map { _ in make(&random) } }

  static func randomParty(_ random: inout Seeded) -> PartyMessage {
    PartyMessage(text: text(&random), state: text(&random), post: text(&random), code: text(&random))
  }

  static func randomSpan(_ random: inout Seeded) -> TextSpanMessage {
    TextSpanMessage(
      paragraph: number32(&random), title: number32(&random), start: number32(&random), length: number32(&random), item: number32(&random))
  }

  static func randomDocument(_ random: inout Seeded) -> DocumentMessage {
    DocumentMessage(
      id: random.bytes(random.below(17)), symbols: list(&random, text), organs: list(&random, text), distribution: text(&random),
      date: text(&random),
      originalLanguages: list(&random, text),
      sessions: list(&random) { SessionMessage(organ: text(&$0), text: text(&$0), number: number32(&$0)) },
      items: list(&random) { AgendaItemMessage(number: text(&$0), title: text(&$0), organ: text(&$0)) }, titles: list(&random, text),
      title: text(&random), kind: text(&random), sender: random.chance(50) ? randomParty(&random) : nil,
      addressees: list(&random, randomParty),
      signatories: list(&random) { SignatoryMessage(name: text(&$0), rank: text(&$0), post: text(&$0)) },
      paragraphs: list(&random) {
        ParagraphMessage(
          number: number32(&$0), label: text(&$0), text: text(&$0), attribution: text(&$0), page: number32(&$0), role: number32(&$0),
          language: text(&$0))
      }, language: text(&random), originalSHA256: random.bytes(32), originalBytes: number(&random), mediaType: text(&random),
      fileName: text(&random), sponsors: list(&random, text),
      metadata: Dictionary(list(&random) { (text(&$0), text(&$0)) }, uniquingKeysWith: { first, _ in first }),
      readings: list(&random) {
        FieldReadingMessage(
          field: text(&$0), index: number32(&$0), start: number(&$0), length: number(&$0), page: number32(&$0),
          confidence: number32(&$0), reason: text(&$0))
      },
      citations: list(&random) {
        CitationMessage(
          span: randomSpan(&$0), symbols: list(&$0, text), instrument: text(&$0), pinpoint: text(&$0), relation: number32(&$0),
          reason: text(&$0))
      },
      mentions: list(&random) {
        MentionMessage(
          span: randomSpan(&$0), kind: number32(&$0), firstDay: text(&$0), lastDay: text(&$0), value: text(&$0), unit: text(&$0))
      },
      annexes: list(&random) {
        AnnexMessage(
          label: text(&$0), title: text(&$0), kind: text(&$0), date: text(&$0), sender: $0.chance(50) ? randomParty(&$0) : nil,
          addressees: list(&$0, randomParty), originalLanguages: list(&$0, text), firstParagraph: number32(&$0),
          lastParagraph: number32(&$0))
      },
      amendments: list(&random) {
        AmendmentMessage(
          field: text(&$0), values: list(&$0, text), was: $0.bytes(9), why: text(&$0), who: text(&$0), timeMs: number(&$0),
          restored: $0.chance(50))
      })
  }

  static func randomEntry(_ random: inout Seeded) -> JournalEntry {
    JournalEntry(
      sequence: number(&random), kind: number32(&random), timeMs: number(&random),
      document: random.chance(80) ? randomDocument(&random) : nil,
      documentID: random.bytes(random.below(17)), version: number32(&random),
      idempotencyKey: text(&random), who: text(&random), why: text(&random))
  }

  static func randomSearchReply(_ random: inout Seeded) -> SearchReply {
    SearchReply(
      total: number(&random),
      hits: list(&random) {
        Hit(
          documentID: $0.bytes(16), score: Float($0.below(1000)) / 8, symbols: list(&$0, text), title: text(&$0), kind: text(&$0),
          date: text(&$0),
          sender: text(&$0), organs: list(&$0, text),
          snippets: list(&$0) {
            Snippet(
              paragraph: number32(&$0), label: text(&$0), attribution: text(&$0), text: text(&$0),
              highlights: list(&$0) { Highlight(start: number32(&$0), length: number32(&$0)) }, page: number32(&$0),
              title: number32(&$0), item: number32(&$0))
          }, language: text(&$0),
          versions: list(&$0) {
            HitVersion(documentID: $0.bytes(16), symbols: list(&$0, text), language: text(&$0), date: text(&$0))
          })
      },
      facets: list(&random) { Facet(field: text(&$0), values: list(&$0) { FacetValue(value: text(&$0), count: number(&$0)) }) },
      generation: number(&random), serverMicroseconds: number(&random), nextCursor: random.bytes(random.below(40)))
  }
}
