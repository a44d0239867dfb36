import Documents
import Wire

extension FieldReading {
  init(_ message: FieldReadingMessage) {
    self.init(
      field: message.field, index: Int(message.index), range: byteRange(message.start, message.length),
      page: message.page == 0 ? nil : Int(message.page), confidence: Int(message.confidence), reason: message.reason.nonEmpty)
  }

  var message: FieldReadingMessage {
    FieldReadingMessage(
      field: field, index: UInt32(clamping: index), start: UInt64(range?.lowerBound ?? 0), length: UInt64(range?.count ?? 0),
      page: UInt32(clamping: page ?? 0), confidence: UInt32(clamping: confidence), reason: reason ?? "")
  }
}

extension TextSpan {
  init(_ message: TextSpanMessage) {
    let start = Int(message.start)
    let text: Text =
      if message.paragraph > 0 {
        .paragraph(Int(message.paragraph))
      } else if message.item > 0 {
        .item(Int(message.item) - 1)
      } else {
        message.title > 0 ? .heading(Int(message.title) - 1) : .title
      }
    self.init(text, start..<start + Int(message.length))
  }

  /// The message of a place in a document.
  public var message: TextSpanMessage {
    var message = TextSpanMessage(start: UInt32(clamping: range.lowerBound), length: UInt32(clamping: range.count))
    switch text {
    case .title: break
    case .heading(let index): message.title = UInt32(clamping: index + 1)
    case .item(let index): message.item = UInt32(clamping: index + 1)
    case .paragraph(let number): message.paragraph = UInt32(clamping: number)
    }
    return message
  }
}

// A newer writer's citation, mention or annex of a kind unknown here is left out, as an unknown field is.

extension Citation {
  init?(_ message: CitationMessage) {
    guard let span = message.span, let relation = UInt8(exactly: message.relation).flatMap(CitationRelation.init(rawValue:)) else {
      return nil
    }
    self.init(
      span: TextSpan(span), symbols: message.symbols.compactMap { Symbol($0) }, instrument: message.instrument.nonEmpty,
      pinpoint: message.pinpoint.nonEmpty, relation: relation, reason: message.reason.nonEmpty)
  }

  var message: CitationMessage {
    CitationMessage(
      span: span.message, symbols: symbols.map(\.text), instrument: instrument ?? "", pinpoint: pinpoint ?? "",
      relation: UInt32(relation.rawValue), reason: reason ?? "")
  }
}

extension Mention {
  init?(_ message: MentionMessage) {
    guard let span = message.span else { return nil }
    switch message.kind {
    case 1:
      guard let first = CalendarDate(iso: message.firstDay), let last = CalendarDate(iso: message.lastDay) else { return nil }
      self.init(span: TextSpan(span), meaning: .days(first, last))
    case 2: self.init(span: TextSpan(span), meaning: .place(message.value))
    case 3: self.init(span: TextSpan(span), meaning: .figure(message.value, unit: message.unit.nonEmpty))
    default: return nil
    }
  }

  var message: MentionMessage {
    switch meaning {
    case .days(let first, let last): MentionMessage(span: span.message, kind: 1, firstDay: first.description, lastDay: last.description)
    case .place(let code): MentionMessage(span: span.message, kind: 2, value: code)
    case .figure(let number, let unit): MentionMessage(span: span.message, kind: 3, value: number, unit: unit ?? "")
    }
  }
}

extension Annex {
  init?(_ message: AnnexMessage) {
    guard message.firstParagraph > 0, message.firstParagraph <= message.lastParagraph else { return nil }
    self.init(
      label: message.label, title: message.title.nonEmpty, kind: DocumentKind(rawValue: message.kind) ?? .other,
      date: CalendarDate(iso: message.date), sender: message.sender.map { Party($0) }, addressees: message.addressees.map { Party($0) },
      signatories: message.signatories.map { Signatory($0) }, originalLanguages: message.originalLanguages,
      paragraphs: Int(message.firstParagraph)...Int(message.lastParagraph))
  }

  var message: AnnexMessage {
    AnnexMessage(
      label: label, title: title ?? "", kind: kind.rawValue, date: date?.description ?? "", sender: sender?.message,
      addressees: addressees.map(\.message), signatories: signatories.map(\.message), originalLanguages: originalLanguages,
      firstParagraph: UInt32(clamping: paragraphs.lowerBound), lastParagraph: UInt32(clamping: paragraphs.upperBound))
  }
}

extension Amendment {
  /// The correction that a message tells of; nil when it is of a field unknown here.
  public init?(_ message: AmendmentMessage) {
    guard let field = AmendableField(rawValue: message.field) else { return nil }
    self.init(
      field: field, values: message.values, was: message.was, why: message.why, who: message.who, timeMilliseconds: message.timeMs,
      isRestored: message.restored)
  }

  var message: AmendmentMessage {
    AmendmentMessage(
      field: field.rawValue, values: values, was: was, why: why, who: who, timeMs: timeMilliseconds, restored: isRestored)
  }
}

/// An absent range has no length on the wire. Hostile numbers end in nil, not in a trap.
private func byteRange(_ start: UInt64, _ length: UInt64) -> Range<Int>? {
  guard length > 0, let start = Int(exactly: start), let length = Int(exactly: length) else { return nil }
  let (end, overflow) = start.addingReportingOverflow(length)
  return overflow ? nil : start..<end
}
