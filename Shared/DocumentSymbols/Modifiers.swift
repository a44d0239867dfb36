/// What a paper does to the one before it in its chain: `Add.1`, `Amend.1`, `Corr.2`, `Rev.1`, `Summary`.
public struct Modifier: Sendable, Hashable {
  public enum Kind: String, Sendable, CaseIterable {
    /// Adds to a text.
    case addendum = "Add"
    /// Alters an adopted text.
    case amendment = "Amend"
    /// Sets right a text, perhaps in some languages only.
    case corrigendum = "Corr"
    /// Takes the place of a text.
    case revision = "Rev"
    case summary = "Summary"

    /// Of a part in any case, with its number or without.
    init?(word: [UInt8]) {
      let letters = word.prefix { $0.isLetter }
      let rest = word.dropFirst(letters.count)
      guard letters.count >= 3, rest.isEmpty || rest.first == UInt8(ascii: "."),
        let kind = Self.allCases.first(where: { $0.rawValue.utf8.map(\.uppercased) == letters.map(\.uppercased) })
      else { return nil }
      self = kind
    }
  }

  public var kind: Kind
  /// As written, nil where there is none.
  public var number: String?

  init?(_ part: Substring) {
    guard let kind = Kind(word: Array(part.utf8)) else { return nil }
    self.kind = kind
    let rest = part.dropFirst(kind.rawValue.utf8.count + 1)
    number = rest.isEmpty ? nil : String(rest)
  }
}

/// The chain of a paper: what it was first, and what was added to it, set right and put in its place.
extension Symbol {
  /// The modifiers in order: of `A/78/5/Add.8/Corr.1` Add.8 and Corr.1.
  public var modifiers: [Modifier] { components.compactMap { if case .modifier(let modifier) = $0 { modifier } else { nil } } }

  /// Without its modifiers: `A/C.3/74/L.5/Rev.1` → `A/C.3/74/L.5`. A base is its own.
  public var base: Symbol { chain[0] }

  /// What the last modifier applies to: `A/78/5/Add.8/Corr.1` → `A/78/5/Add.8`; nil for a base.
  public var parent: Symbol? { chain.dropLast().last }

  /// The work that this paper is a version of, without the revisions and corrigenda at its end: `A/C.3/74/L.5/Rev.1/Corr.1` → `A/C.3/74/L.5`. What adds,
  /// amends or sums up is a work of its own: `A/78/5/Add.8/Corr.1` → `A/78/5/Add.8`.
  public var work: Symbol {
    let chain = chain
    let kinds = modifiers.map(\.kind).suffix(chain.count - 1)
    return chain[kinds.count - kinds.reversed().prefix { $0 == .revision || $0 == .corrigendum }.count]
  }

  /// Where a paper stands among the versions of its work in one language: the number of its revision, 0 for the first text (`Rev` without a number is
  /// the first revision), and whether it only sets right.
  public var revision: (number: Int, isCorrigendum: Bool) {
    let own = modifiers.suffix(chain.count - work.chain.count)
    let text = own.prefix { $0.kind == .revision }
    return (text.last.map { $0.number?.utf8.prefix { $0.isDigit }.decimal ?? 1 } ?? 0, text.count < own.count)
  }

  /// From the base to the symbol itself: `A/78/5`, `A/78/5/Add.8`, `A/78/5/Add.8/Corr.1`.
  public var chain: [Symbol] {
    let parts = parts
    let kept = parts.count - modifiers.count
    // Canonical symbols have their modifiers last, so every beginning is one; a text with a part between stays whole.
    guard
      parts.indices.dropFirst(kept).allSatisfy({
        Modifier.Kind(word: Array(parts[$0].utf8.prefix { $0.isLetter || $0 == 0x2e || $0.isDigit })) != nil
      }),
      kept >= 2
    else { return [self] }
    return (kept...parts.count).map { Symbol(canonical: parts.prefix($0).joined(separator: "/")) }
  }

  /// What a revision takes the place of: `Rev.2` of `Rev.1`, `Rev.1` and `Rev` of the base. nil for anything else.
  public var predecessor: Symbol? {
    guard let last = modifiers.last, last.kind == .revision, let parent else { return nil }
    guard let number = last.number?.utf8.decimal, number > 1 else { return parent }
    return Symbol(canonical: "\(parent.text)/Rev.\(number - 1)")
  }

  /// How one symbol stands to another of the same chain.
  public enum ChainRelation: Sendable, Hashable {
    case same
    /// It adds to the other, amends it, sets it right, takes its place, or sums it up.
    case modifies(Modifier.Kind)
    /// The other does so to it.
    case modifiedBy(Modifier.Kind)
    /// Both belong to one base.
    case siblings
  }

  /// nil when the two have no base in common.
  public func relation(to other: Symbol) -> ChainRelation? {
    if self == other { return .same }
    guard base == other.base else { return nil }
    if let kind = modifiers.last?.kind, predecessor == other || parent == other { return .modifies(kind) }
    if let kind = other.modifiers.last?.kind, other.predecessor == self || other.parent == self { return .modifiedBy(kind) }
    return .siblings
  }
}
