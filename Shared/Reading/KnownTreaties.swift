/// Names of treaties in English that end where no rule tells, or where what follows them often looks like more of the name.
enum KnownTreaties {
  /// The name as it should stand, when it is a known one that stray spaces stand in.
  static func mended(_ text: CitedText, _ head: Range<Int>, _ start: Int) -> String? {
    for (word, tails) in tails where isHead(text, head, word) && text[head.lowerBound + word.utf8CodeUnitCount] == 0x20 {
      let place = head.lowerBound + word.utf8CodeUnitCount + 1
      for tail in tails where tail[0] == text[place] {
        guard let end = match(text, place, tail) else { continue }
        return end - place <= tail.count ? nil : text.string(start..<place) + String(decoding: tail, as: UTF8.self)
      }
    }
    return nil
  }

  /// The end of the known name whose head word this is.
  static func end(_ text: CitedText, _ head: Range<Int>) -> Int? {
    for (word, tails) in tails where isHead(text, head, word) && text[head.lowerBound + word.utf8CodeUnitCount] == 0x20 {
      let start = head.lowerBound + word.utf8CodeUnitCount + 1
      // Tables are of a few dozen entries, compared at their first byte first.
      for tail in tails where tail[0] | 0x20 == text[start] | 0x20 {
        if let end = match(text, start, tail) { return end }
      }
    }
    return nil
  }

  private static func isHead(_ text: CitedText, _ head: Range<Int>, _ word: StaticString) -> Bool {
    head.count == word.utf8CodeUnitCount && text[head.lowerBound] == word.withUTF8Buffer { $0[0] }
      && (text.has(word, at: head.lowerBound) || word.withUTF8Buffer { zip($0, text.bytes[head]).allSatisfy { $0 & 0xdf == $1 } })
  }

  /// The words in any case with any spaces between them, and with at most two that a file's text layer has set within words: "Charter of th e United Nations".
  private static func match(_ text: CitedText, _ start: Int, _ tail: [UInt8]) -> Int? {
    var index = start
    var strays = 0
    for byte in tail {
      if byte == 0x20 {
        let next = text.skipSpaces(index)
        guard next > index else { return nil }
        index = next
      } else {
        if text[index] == 0x20, text[index + 1] == byte, strays < 2 {
          strays += 1
          index += 1
        }
        guard text[index] == byte || CitedText.isLetter(byte) && text[index] | 0x20 == byte | 0x20 else { return nil }
        index += 1
      }
    }
    return CitedText.isLetter(text[index]) ? nil : index
  }

  private static let tails: [(StaticString, [[UInt8]])] = [
    ("Charter", ["of the United Nations", "of the Organization of American States", "of the Organization of African Unity"]),
    (
      "Convention",
      [
        "on the Rights of the Child on the sale of children, child prostitution and child pornography",
        "on the Rights of the Child on the involvement of children in armed conflict",
        "on the Rights of the Child on a communications procedure",
        "on the Rights of the Child", "on the Rights of Persons with Disabilities", "on Biological Diversity", "on Climate Change",
        "on the Law of the Sea of 10 December 1982 relating to the Conservation and Management of Straddling Fish Stocks and Highly Migratory Fish Stocks",
        "on the Law of the Sea on the Conservation and Sustainable Use of Marine Biological Diversity of Areas beyond National Jurisdiction",
        "on the Law of the Sea", "on Cluster Munitions",
        "on the Elimination of All Forms of Discrimination against Women", "on the Elimination of All Forms of Racial Discrimination",
        "on the Prevention and Punishment of the Crime of Genocide", "against Corruption",
        "against Transnational Organized Crime",
        "against Cybercrime; Strengthening International Cooperation for Combating Certain Crimes Committed by Means of Information and "
          + "Communications Technology Systems and for the Sharing of Evidence in Electronic Form of Serious Crimes",
        "against Cybercrime", "against Torture and Other Cruel, Inhuman or Degrading Treatment or Punishment",
        "against Torture",
        "to Combat Desertification in Those Countries Experiencing Serious Drought and/or Desertification, Particularly in Africa",
        "to Combat Desertification", "relating to the Status of Refugees", "relating to the Status of Stateless Persons",
        "on the Privileges and Immunities of the United Nations", "on the Privileges and Immunities of the Specialized Agencies",
        "for the Protection of All Persons from Enforced Disappearance", "on Certain Conventional Weapons",
        "governing the specific aspects of refugee problems in Africa", "Governing the Specific Aspects of Refugee Problems in Africa",
        "on the Protection of the Rights of All Migrant Workers and Members of Their Families",
        "on the Prohibition of the Development, Production and Stockpiling of Bacteriological (Biological) and Toxin Weapons and on Their Destruction",
        "on the Prohibition of the Development, Production and Stockpiling of Bacteriological (Biological) and Toxin Weapons and on their Destruction",
        "on the Abolition of Slavery, the Slave Trade, and Institutions and Practices Similar to Slavery",
        "on Wetlands of International Importance especially as Waterfowl Habitat", "on Wetlands",
        "on International Trade in Endangered Species of Wild Fauna and Flora",
      ]
    ),
    (
      "Protocol",
      [
        "on the involvement of children in armed conflict", "on the sale of children, child prostitution and child pornography",
        "on a communications procedure",
      ]
    ),
    (
      "Treaty",
      [
        "on the Non-Proliferation of Nuclear Weapons", "on the Non-proliferation of Nuclear Weapons",
        "on the Non -Proliferation of Nuclear Weapons",
        "on Principles Governing the Activities of States in the Exploration and Use of Outer Space, including the Moon and Other Celestial Bodies",
        "Banning Nuclear Weapon Tests in the Atmosphere, in Outer Space and under Water",
        "on the Prohibition of Nuclear Weapons", "for the Prohibition of Nuclear Weapons in Latin America and the Caribbean",
      ]
    ),
    ("Covenant", ["on Civil and Political Rights", "on Economic, Social and Cultural Rights", "of the League of Nations"]),
    ("Covenants", ["on Human Rights"]),
    (
      "Statute",
      ["of the International Court of Justice", "of the International Criminal Court", "of the International Atomic Energy Agency"]
    ),
  ].map { ($0.0, $0.1.map { Array($0.utf8) }) }
}
