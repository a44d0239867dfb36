import Documents

/// Folded phrases by their first byte, so that a text is compared with few of them.
struct PhraseTable<Value: Sendable>: Sendable {
  private var byFirst: [[(phrase: [UInt8], value: Value)]] = Array(repeating: [], count: 256)

  /// Of two that a text begins with, the one that stands first counts.
  init(_ phrases: [(String, Value)]) {
    for (phrase, value) in phrases {
      let bytes = Array(phrase.utf8)
      if let first = bytes.first { byFirst[Int(first)].append((bytes, value)) }
    }
  }

  /// Whether a text may begin with one of them once it is folded, as its first letter tells where that is of ASCII.
  func mayBegin(_ text: some StringProtocol) -> Bool {
    guard let first = text.utf8.first else { return false }
    return first >= 0x80 || !isDigit(first) && !isLower(first | 0x20) || !byFirst[Int(first | 0x20)].isEmpty
  }

  /// What stands for the first phrase that folded words begin with; with `isWhole`, where a word ends with it.
  func value(beginning words: String, isWhole: Bool = false) -> Value? {
    var words = words
    return words.withUTF8 { text in
      guard let first = text.first else { return nil }
      for (phrase, value) in byFirst[Int(first)] where text.count >= phrase.count && text.starts(with: phrase) {
        if !isWhole || text.count == phrase.count || text[phrase.count] == 0x20 { return value }
      }
      return nil
    }
  }
}

extension PhraseTable<Void> {
  init(_ phrases: [String]) { self.init(phrases.map { ($0, ()) }) }
}
