/// Names and words compared without case, accents and punctuation.
package enum Folded {
  /// The words of a text in lower case, parted by single spaces: letters without accents, `ё` as `е`, Arabic without vowel signs and with one form of alif, ya and ta;
  /// everything that is no letter or digit parts words.
  package static func words(_ text: some StringProtocol) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    var isOpen = false
    for scalar in text.unicodeScalars {
      let value = scalar.value
      if value < 0x80 {
        let isLetter = (0x61...0x7a).contains(value | 0x20)
        guard isLetter || (0x30...0x39).contains(value) else {
          isOpen = !result.isEmpty
          continue
        }
        if isOpen { result.unicodeScalars.append(" ") }
        isOpen = false
        result.unicodeScalars.append(isLetter ? Unicode.Scalar(UInt8(value | 0x20)) : scalar)
        continue
      }
      if (0x300...0x36f).contains(value) || (0x64b...0x652).contains(value) || value == 0x640 { continue }
      guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil else {
        isOpen = !result.isEmpty
        continue
      }
      if isOpen { result.unicodeScalars.append(" ") }
      isOpen = false
      let lower = scalar.properties.lowercaseMapping
      for letter in lower.unicodeScalars { result += bases[letter] ?? String(letter) }
    }
    return result
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
