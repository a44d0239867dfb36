/// Names and words compared without case, accents and punctuation.
package enum Folded {
  /// The words of a text in lower case, parted by single spaces: letters without accents, `ё` as `е`, Arabic without vowel signs and with one form of alif, ya and ta;
  /// everything that is no letter or digit parts words.
  package static func words(_ text: some StringProtocol) -> String {
    var text = String(text)
    return text.withUTF8 { String(decoding: words($0), as: UTF8.self) }
  }

  /// Of UTF-8.
  private static func words(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    let pieces = pieces
    var result: [UInt8] = []
    result.reserveCapacity(text.count)
    var isOpen = false
    var index = 0
    while index < text.count {
      let (value, length) = scalar(text, index)
      index += length
      let piece = value < pieces.count ? pieces[value] : piece(value)
      if piece == skipped { continue }
      if piece == 0 {
        isOpen = !result.isEmpty
        continue
      }
      if isOpen { result.append(0x20) }
      isOpen = false
      var bytes = piece
      while bytes != 0 {
        result.append(UInt8(truncatingIfNeeded: bytes))
        bytes >>= 8
      }
    }
    return result
  }

  private static func scalar(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> (value: Int, length: Int) {
    let lead = Int(text[index])
    if lead < 0x80 { return (lead, 1) }
    let length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
    guard index + length <= text.count else { return (0xfffd, text.count - index) }
    var value = lead & (0x7f >> length)
    for place in 1..<length { value = value << 6 | Int(text[index + place] & 0x3f) }
    return (value, length)
  }

  // MARK: Letters

  /// Stands for a mark that does not count.
  private static let skipped = UInt64.max

  /// Of scalars up to those of Arabic: what each is written as, UTF-8 from the lowest byte on; 0 for what parts words.
  private static let pieces: [UInt64] = (0..<0x700).map(piece)

  private static func piece(_ value: Int) -> UInt64 {
    if (0x300...0x36f).contains(value) || (0x64b...0x652).contains(value) || value == 0x640 { return skipped }
    guard let scalar = Unicode.Scalar(UInt32(value)), scalar.properties.isAlphabetic || scalar.properties.numericType != nil else {
      return 0
    }
    let letters = scalar.properties.lowercaseMapping.unicodeScalars.map { bases[$0] ?? String($0) }.joined()
    precondition(letters.utf8.count <= 8, "a letter is at most two in lower case, of four bytes each")
    return letters.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private static let bases: [Unicode.Scalar: String] = {
    var table: [Unicode.Scalar: String] = [:]
    for (base, letters) in [
      ("a", "àáâãäåāăą"), ("c", "çćč"), ("d", "ďđ"), ("e", "èéêëēęě"), ("g", "ğ"), ("i", "ìíîïīı"), ("l", "ł"), ("n", "ñńň"),
      ("o", "òóôõöøōő"), ("r", "ř"),
      ("s", "śşšș"), ("t", "ťțţ"), ("u", "ùúûüūůű"), ("y", "ýÿ"), ("z", "źżž"), ("oe", "œ"), ("ae", "æ"), ("ss", "ß"), ("е", "ё"),
      ("ا", "أإآٱ"), ("ي", "ىئ"), ("و", "ؤ"),
      ("ه", "ة"),
    ] {
      for letter in letters.unicodeScalars { table[letter] = base }
    }
    return table
  }()
}
