import Documents
import Wire

extension Document {
  /// The document that a message carries. Throws `internal` when the message lacks an id or holds a value no writer makes.
  public init(_ message: DocumentMessage) throws(CallError) {
    guard let id = DocumentID(bytes: message.id) else { throw CallError(.internal, "a document message has no 16-byte id") }
    self.init(
      id: id, symbols: message.symbols.compactMap { Symbol($0) }, organs: message.organs, distribution: message.distribution.nonEmpty,
      date: CalendarDate(iso: message.date), originalLanguages: message.originalLanguages,
      sessions: message.sessions.map { Session(organ: $0.organ, text: $0.text, number: $0.number == 0 ? nil : Int($0.number)) },
      items: message.items.map { AgendaItem(number: $0.number, title: $0.title.nonEmpty, organ: $0.organ.nonEmpty) },
      titles: message.titles, title: message.title.nonEmpty, kind: DocumentKind(rawValue: message.kind) ?? .other,
      sender: message.sender.map { Party($0) }, addressees: message.addressees.map { Party($0) },
      signatories: message.signatories.map { Signatory($0) },
      paragraphs: message.paragraphs.map { Paragraph($0) }, language: message.language.nonEmpty, originalSHA256: message.originalSHA256,
      originalBytes: message.originalBytes, mediaType: message.mediaType, fileName: message.fileName, sponsors: message.sponsors,
      metadata: message.metadata, readings: message.readings.map { FieldReading($0) },
      citations: message.citations.compactMap { Citation($0) }, mentions: message.mentions.compactMap { Mention($0) },
      annexes: message.annexes.compactMap { Annex($0) })
  }

  /// The document as a message of docs/chancery.proto.
  public var message: DocumentMessage {
    DocumentMessage(
      id: id.bytes, symbols: symbols.map(\.text), organs: organs, distribution: distribution ?? "", date: date?.description ?? "",
      originalLanguages: originalLanguages,
      sessions: sessions.map { SessionMessage(organ: $0.organ, text: $0.text, number: UInt32(clamping: $0.number ?? 0)) },
      items: items.map { AgendaItemMessage(number: $0.number, title: $0.title ?? "", organ: $0.organ ?? "") }, titles: titles,
      title: title ?? "", kind: kind.rawValue, sender: sender?.message, addressees: addressees.map(\.message),
      signatories: signatories.map(\.message),
      paragraphs: paragraphs.map(\.message), language: language ?? "", originalSHA256: originalSHA256, originalBytes: originalBytes,
      mediaType: mediaType, fileName: fileName, sponsors: sponsors, metadata: metadata,
      readings: readings.map(\.message), citations: citations.map(\.message), mentions: mentions.map(\.message),
      annexes: annexes.map(\.message))
  }
}

extension Party {
  init(_ message: PartyMessage) {
    self.init(text: message.text, state: message.state.nonEmpty, post: message.post.nonEmpty, code: message.code.nonEmpty)
  }

  var message: PartyMessage { PartyMessage(text: text, state: state ?? "", post: post ?? "", code: code ?? "") }
}

extension Signatory {
  init(_ message: SignatoryMessage) { self.init(name: message.name, rank: message.rank.nonEmpty, post: message.post.nonEmpty) }
  var message: SignatoryMessage { SignatoryMessage(name: name, rank: rank ?? "", post: post ?? "") }
}

extension Paragraph {
  fileprivate init(_ message: ParagraphMessage) {
    self.init(
      number: Int(message.number), label: message.label.nonEmpty, text: message.text, attribution: message.attribution,
      page: message.page == 0 ? nil : Int(message.page), role: UInt8(exactly: message.role).flatMap(ParagraphRole.init(rawValue:)) ?? .body,
      language: message.language.nonEmpty)
  }

  fileprivate var message: ParagraphMessage {
    ParagraphMessage(
      number: UInt32(clamping: number), label: label ?? "", text: text, attribution: attribution, page: UInt32(clamping: page ?? 0),
      role: UInt32(role.rawValue), language: language ?? "")
  }
}

extension String {
  /// Protobuf leaves an absent text empty.
  var nonEmpty: String? { isEmpty ? nil : self }
}
