import Documents

/// Why a field cannot be what was asked for: what is wrong, and how it is written.
public struct AmendmentError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String
  init(_ field: AmendableField, _ reason: String) { description = "\(field.rawValue): \(reason)" }
}

extension Document {
  /// Values of one field, and UTF-8 bytes of one of them, at most.
  private static let valueLimit = 256
  private static let valueBytes = 4096

  /// Sets a field to values as a person writes them (docs/FORM.md says how). None of them makes the field absent, but `kind` has always one.
  /// Throws `AmendmentError` and leaves the document as it was when one cannot be understood.
  public mutating func amend(_ field: AmendableField, to written: [String]) throws(AmendmentError) {
    let values = written.map { String(Prose.trimmed($0[...])) }
    guard values.count <= (field.isRepeated ? Self.valueLimit : 1) else {
      throw AmendmentError(field, field.isRepeated ? "more than \(Self.valueLimit) values" : "it has one value, \(values.count) were given")
    }
    for value in values {
      if value.isEmpty { throw AmendmentError(field, "a value is empty") }
      if value.utf8.count > Self.valueBytes { throw AmendmentError(field, "a value is longer than \(Self.valueBytes) bytes") }
    }
    switch field {
    case .symbols: symbols = try values.map(Self.symbol)
    case .organs: organs = values
    case .distribution: distribution = values.first
    case .date: date = try values.first.map(Self.day)
    case .originalLanguages: originalLanguages = try values.map { text throws(AmendmentError) in try Self.languageCode(text, field) }
    case .sessions: sessions = try values.map { text throws(AmendmentError) in try session(text) }
    case .items: items = values.map(item)
    case .title: title = values.first
    case .titles: titles = values
    case .kind: kind = try Self.kind(values.first)
    case .sender: sender = values.first.map { Parties.party($0[...]) }
    case .addressees: addressees = values.map { Parties.party($0[...]) }
    case .signatories: signatories = try values.map(Self.signatory)
    case .sponsors: sponsors = values
    case .language: language = try values.first.map { text throws(AmendmentError) in try Self.languageCode(text, field) }
    }
  }

  /// The field's values as `amend` takes them; none when it is absent.
  public func written(_ field: AmendableField) -> [String] {
    switch field {
    case .symbols: symbols.map(\.text)
    case .organs: organs
    case .distribution: distribution.map { [$0] } ?? []
    case .date: date.map { [$0.description] } ?? []
    case .originalLanguages: originalLanguages
    case .sessions:
      sessions.map { session in
        let printed = session.text.isEmpty ? session.number.map(String.init) ?? "" : session.text
        return session.organ == organs.first ?? "" ? printed : "\(session.organ): \(printed)"
      }
    case .items: items.map(\.written)
    case .title: title.map { [$0] } ?? []
    case .titles: titles
    case .kind: kind == .other ? [] : [kind.rawValue]
    case .sender: sender.map { [$0.text] } ?? []
    case .addressees: addressees.map(\.text)
    case .signatories: signatories.map(\.written)
    case .sponsors: sponsors
    case .language: language.map { [$0] } ?? []
    }
  }

  private static func symbol(_ text: String) throws(AmendmentError) -> Symbol {
    guard let symbol = Symbol(text) else { throw AmendmentError(.symbols, "\(text) is no symbol such as A/74/565; give each on its own") }
    return symbol
  }

  private static func day(_ text: String) throws(AmendmentError) -> CalendarDate {
    guard let day = CalendarDate(iso: text) ?? CalendarDate(written: text) else {
      throw AmendmentError(.date, "\(text) is no day such as 2019-11-26 or 26 November 2019")
    }
    return day
  }

  private static func kind(_ text: String?) throws(AmendmentError) -> DocumentKind {
    guard let kind = text.flatMap({ text in DocumentKind.allCases.first { $0.rawValue.lowercased() == text.lowercased() } }) else {
      throw AmendmentError(.kind, "it is one of " + DocumentKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return kind
  }

  private static func languageCode(_ text: String, _ field: AmendableField) throws(AmendmentError) -> String {
    guard let code = Language.code(given: text) else { throw AmendmentError(field, "\(text) is no language such as en or French") }
    return code
  }

  /// "74", "Seventy-fourth session", and with its organ before it where that is not the first: "Security Council: Seventy-fourth year".
  private func session(_ text: String) throws(AmendmentError) -> Session {
    let parts = text.split(separator: ": ", maxSplits: 1)
    let printed = String(parts[parts.count - 1])
    let number = Int(printed) ?? printed.lastIndex(of: " ").flatMap { Ordinal.value(printed[..<$0]) }
    guard let number, (1...999).contains(number) else {
      throw AmendmentError(.sessions, "\(text) is no session such as 74, or Seventy-fourth session")
    }
    let organ = parts.count == 2 ? Organ.name(of: parts[0]) ?? String(parts[0]) : organs.first ?? ""
    return Session(organ: organ, text: Int(printed) == nil ? printed : "", number: number)
  }

  /// "25 (b)", and with its title: "25 (b): Operational activities".
  private func item(_ text: String) -> AgendaItem {
    let parts = text.split(separator: ": ", maxSplits: 1)
    return AgendaItem(
      number: String(parts[0]), title: parts.count == 2 ? String(parts[1]) : nil, organ: organs.first)
  }

  /// "Yashar Aliyev", and with rank and post: "Yashar Aliyev; Ambassador; Permanent Representative".
  private static func signatory(_ text: String) throws(AmendmentError) -> Signatory {
    let parts = text.split(separator: ";", omittingEmptySubsequences: false).map { String(Prose.trimmed($0)) }
    guard parts.count <= 3, let name = parts.first, !name.isEmpty else {
      throw AmendmentError(.signatories, "\(text) is no name, or name; rank; post")
    }
    func part(_ index: Int) -> String? { parts.count > index && !parts[index].isEmpty ? parts[index] : nil }
    return Signatory(name: name, rank: part(1), post: part(2))
  }
}

extension AgendaItem {
  /// "25 (b): Operational activities", as `amend` takes it.
  public var written: String { title.map { "\(number): \($0)" } ?? number }
}

extension Signatory {
  /// "Yashar Aliyev; Ambassador; Permanent Representative", as `amend` takes it.
  public var written: String { name + (post.map { "; \(rank ?? ""); \($0)" } ?? rank.map { "; \($0)" } ?? "") }
}
