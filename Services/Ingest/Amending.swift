import ChanceryClient
import Documents
import Reading
import Wire

/// Corrections by persons are a layer over what was read: a document's fields hold what the last amendment of each says, and each amendment keeps what was read.
extension DocumentMessage {
  /// A document keeps its newest amendments, at most this many.
  private static let amendmentLimit = 1000

  /// Corrects fields, and gives the amendments made, none for a field that was so already; and the fields that were only to be filled and have another value,
  /// with that value. Throws `invalid` and changes nothing when one cannot be made.
  mutating func amend(
    _ changes: [FieldValues], why: String, who: String, timeMs: UInt64
  ) throws(CallError) -> (made: [AmendmentMessage], kept: [FieldValues]) {
    var amended = self
    var made: [AmendmentMessage] = []
    var kept: [FieldValues] = []
    for change in changes {
      guard let field = AmendableField(name: change.field) else {
        let names = AmendableField.allCases.map(\.rawValue).joined(separator: ", ")
        throw CallError(.invalid, "\(change.field) is no field that can be amended; they are \(names)", processed: .no)
      }
      guard !change.restore || change.values.isEmpty && !change.fill else {
        throw CallError(.invalid, "\(field.rawValue): it cannot both be restored and be given values", processed: .no)
      }
      let before = amended
      let layer = amended.layer(field)
      let was = layer?.was ?? before.only(field).encoded
      if change.restore {
        guard layer != nil else { continue }
        amended.take(field, from: try DocumentMessage(stored: was))
      } else {
        try amended.set(field, change.values)
        if amended.only(field) == before.only(field) { continue }
        let present = try change.fill ? Document(before).written(field) : []
        if !present.isEmpty {
          amended = before
          kept.append(FieldValues(field: field.rawValue, values: present))
          continue
        }
      }
      let amendment = AmendmentMessage(
        field: field.rawValue, values: change.values, was: was, why: why, who: who, timeMs: timeMs, restored: change.restore)
      amended.amendments.append(amendment)
      made.append(amendment)
    }
    guard amended.amendments.count <= Self.amendmentLimit else {
      throw CallError(.conflict, "the document has \(Self.amendmentLimit) amendments already; submit it again, corrected", processed: .no)
    }
    self = amended
    return (made, kept)
  }

  /// Takes over the corrections of the version before, over what was read of this one. Gives a note for each.
  mutating func takeLayer(of previous: DocumentMessage) -> [String] {
    amendments = previous.amendments
    var notes: [String] = []
    for field in AmendableField.allCases {
      guard let layer = previous.layer(field), let place = amendments.lastIndex(where: { $0.field == field.rawValue }) else { continue }
      amendments[place].was = only(field).encoded
      do throws(CallError) {
        try set(field, layer.values)
        notes.append("\(field.rawValue): as \(layer.who) amended it (\(layer.why))")
      } catch {
        notes.append("\(error.message); the amendment by \(layer.who) does not hold any more")
      }
    }
    return notes
  }

  /// The amendment that holds for a field, if one does.
  private func layer(_ field: AmendableField) -> AmendmentMessage? {
    amendments.last { $0.field == field.rawValue }.flatMap { $0.restored ? nil : $0 }
  }

  private mutating func set(_ field: AmendableField, _ values: [String]) throws(CallError) {
    var document = try Document(self)
    do throws(AmendmentError) { try document.amend(field, to: values) } catch {
      throw CallError(.invalid, error.description, processed: .no)
    }
    take(field, from: document.message)
  }

  private func only(_ field: AmendableField) -> DocumentMessage {
    var alone = DocumentMessage()
    alone.take(field, from: self)
    return alone
  }

  private mutating func take(_ field: AmendableField, from other: DocumentMessage) {
    switch field {
    case .symbols: symbols = other.symbols
    case .organs: organs = other.organs
    case .distribution: distribution = other.distribution
    case .date: date = other.date
    case .originalLanguages: originalLanguages = other.originalLanguages
    case .sessions: sessions = other.sessions
    case .items: items = other.items
    case .title: title = other.title
    case .titles: titles = other.titles
    case .kind: kind = other.kind
    case .sender:
      attribute(to: other.sender?.text ?? Document.authorNotStated)
      sender = other.sender
    case .addressees: addressees = other.addressees
    case .signatories: signatories = other.signatories
    case .sponsors: sponsors = other.sponsors
    case .language: language = other.language
    }
  }

  /// Has the sender's paragraphs said by whom the sender is to be.
  private mutating func attribute(to new: String) {
    let old = sender?.text ?? Document.authorNotStated
    if old.isEmpty || old == new { return }
    for index in paragraphs.indices { paragraphs[index].attribution.replace(old, with: new) }
  }

  private init(stored bytes: [UInt8]) throws(CallError) {
    do throws(CodecError) { self = try DocumentMessage(decoding: bytes) } catch {
      throw CallError(.internal, "what was read before the amendment cannot be decoded: \(error)")
    }
  }
}
