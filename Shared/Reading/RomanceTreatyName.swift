/// Treaties' names in French and Spanish. Their words have few capitals, so a known name ends where the table says, and any other at the first mark or word
/// that no name goes on with.
enum RomanceTreatyName {
  /// The whole name whose head word this is; nil when it is none in these languages.
  static func end(_ text: CitedText, _ head: Range<Int>, _ word: String) -> Range<Int>? {
    var after = text.skipSpaces(head.upperBound)
    if let frame = (["-cadre ", "-Cadre ", "- cadre ", "- Cadre "] as [StaticString]).first(where: { text.has($0, at: head.upperBound) }) {
      after = head.upperBound + frame.utf8CodeUnitCount
    }
    guard after > head.upperBound else { return nil }
    let start = head.lowerBound
    // "Accord BBNJ", "Convenio MARPOL": an acronym after the head word is Romance.
    let acronym = text.word(at: after)
    if acronym.count >= 3, text.bytes[acronym].allSatisfy(CitedText.isUpper), text.string(acronym).utf8.count <= 12 {
      return start..<acronym.upperBound
    }
    if ["Charte", "Carta"].contains(word) {
      let names: [StaticString] = [
        "des Nations Unies", "des Nations unies", "de las Naciones Unidas", "de Naciones Unidas", "de l’Organisation des Nations Unies",
        "africaine des droits de l’homme et des peuples", "Democrática Interamericana", "Africana de Derechos Humanos y de los Pueblos",
        "sociale européenne", "Social Europea", "de la Organización de los Estados Americanos",
      ]
      return names.first { text.has($0, at: after) }.map { start..<after + $0.utf8CodeUnitCount }
    }
    // "Convention-cadre", "internationale", "des Nations Unies", "facultatif": what may stand before what a name is about.
    var isNamed = false
    while let kind = kinds.first(where: { text.has($0.0, at: after) && !CitedText.isLetter(text[after + $0.0.utf8CodeUnitCount]) }) {
      after = text.skipSpaces(after + kind.0.utf8CodeUnitCount)
      isNamed = isNamed || kind.1
    }
    if !word.hasPrefix("Pact"), let place = place(text, after) {
      after = text.skipSpaces(place)
      isNamed = true
    }
    let kindEnd = text.skipSpacesBack(after)
    guard let opening = openings.first(where: { text.has($0, at: after) }) else {
      return isNamed && word != "Convention" || isNamed && kindEnd > head.upperBound + 5 ? start..<kindEnd : nil
    }
    // The Pact for the Future, an accord for peace and what an accord pays for are no treaties' names.
    let isLoose = opening.utf8CodeUnitCount == 5 && (text.has("pour ", at: after) || text.has("para ", at: after))
    if isLoose, word.hasPrefix("Ac") || word.hasPrefix("Pact") { return isNamed ? start..<kindEnd : nil }
    // English begins so too.
    if word == "Convention" || word == "Conventions",
      text.has("on ", at: after) || text.has("for ", at: after) || text.has("relative to ", at: after)
    {
      return nil
    }
    guard let end = nameEnd(text, after, after + opening.utf8CodeUnitCount) else { return isNamed ? start..<kindEnd : nil }
    return start..<end
  }

  /// "de Tegucigalpa", "d’Arusha": a name that one capital begins, which is a place's.
  private static func place(_ text: CitedText, _ start: Int) -> Int? {
    let links: [StaticString] = ["de ", "d’", "d'"]
    guard let link = links.first(where: { text.has($0, at: start) }), case let word = text.word(at: start + link.utf8CodeUnitCount),
      word.count > 3,
      CitedText.isUpper(text[word.lowerBound]), !text.bytes[word].dropFirst().contains(where: CitedText.isUpper)
    else { return nil }
    var end = word.upperBound
    while text[end] == 0x20, CitedText.isUpper(text[end + 1]) { end = text.word(at: end + 1).upperBound }
    let others: Set<String> = [
      "Paix", "Paz", "Partenariat", "Derechos", "Nations", "États", "Estados", "Lucha", "Prohibición", "Asociación", "Libre", "Coopération",
      "Cooperación", "Sede", "Siège", "Gouvernement",
      "Gobierno", "Seguridad", "Sécurité", "Defensa", "Extradición", "Naciones", "Amitié", "Amistad", "Salvaguardias", "Garanties",
    ]
    return others.contains(text.string(word)) || end - start > 40 ? nil : end
  }

  private static let kinds: [(StaticString, Bool)] = [
    ("internationale", false), ("internationaux", false), ("international", false), ("Internacional", false), ("Internacionales", false),
    ("unique", false), ("Única", false),
    ("des Nations Unies", false), ("de las Naciones Unidas", false), ("facultatif", false), ("Facultativo", false), ("facultatifs", false),
    ("facultativo", false),
    ("Marco", false), ("additionnel", false), ("Adicional", false), ("européenne", false), ("interaméricaine", false),
    ("Interamericana", false), ("Européenne", false), ("Europeo", false),
    ("de l’ONU", false), ("de la ONU", false), ("de Vienne", true), ("de Viena", true), ("de Genève", true), ("de Ginebra", true),
    ("de Kyoto", true), ("de Montréal", true), ("de Montreal", true),
    ("de Paris", true), ("de París", true), ("de Rome", true), ("de Roma", true), ("de La Haye", true), ("de La Haya", true),
    ("de Bâle", true), ("de Basilea", true), ("de Rotterdam", true), ("de Stockholm", true),
    ("de Estocolmo", true), ("de Tlatelolco", true), ("de Pelindaba", true), ("de Rarotonga", true), ("de Bangkok", true),
    ("de Carthagène", true), ("de Cartagena", true), ("de Nagoya", true),
    ("de Minamata", true), ("de Ramsar", true), ("de Palermo", true), ("de Palerme", true), ("d’Ottawa", true), ("de Ottawa", true),
    ("d’Oslo", true), ("de Lisbonne", true), ("de Lisboa", true),
  ]

  private static let openings: [StaticString] = [
    "sur ", "des droits de l’homme", "de sauvegarde ", "relative ", "relatif ", "relativo ", "relativa ", "relatifs ", "relativos ",
    "pour ", "contre ", "concernant ", "visant ", "portant ", "de la Cour ", "de la Corte ", "de lutte ", "d’interdiction ",
    "d'interdiction ",
    "sobre ", "para ", "contra ", "de Derechos ", "de los Derechos ", "de Lucha ", "de prohibición ", "de Prohibición ", "se rapportant ",
    "à la Convention ", "de la Convención ", "de no ", "de la Ligue ",
  ]

  /// Longest name by rule, UTF-8 bytes.
  private static let longest = 220

  /// The end of a name that goes on from `start`: the table's, or the place of the first mark or stopping word.
  private static func nameEnd(_ text: CitedText, _ opening: Int, _ start: Int) -> Int? {
    for name in known where hasAnyCase(text, name, opening) && !CitedText.isLetter(text[opening + name.count]) {
      return opening + name.count
    }
    var index = start
    var end = start
    while index < text.count, index - start < longest {
      let byte = text[index]
      if byte == 0x2c || CitedText.isDigit(byte) || byte == 0x2e || byte == 0x3b || byte == 0x3a || byte == 0x28 || byte == 0x29
        || byte == 0x22 || byte == 0x5b
      {
        break
      }
      if text.has("«", at: index) || text.has("»", at: index) || text.has("“", at: index) || text.has("”", at: index) { break }
      if byte == 0x20 {
        if stops.contains(where: { text.has($0, at: index) }) || text.digit(index + 1) != nil { break }
        index += 1
        // "Protocole facultatif se rapportant au Pacte international relatif aux droits économiques, sociaux et culturels"
        if let name = known.first(where: { hasAnyCase(text, $0, index) }) { return index + name.count }
      } else {
        index = text.word(at: index).upperBound == index ? index + 1 : text.word(at: index).upperBound
        end = index
      }
    }
    // No name ends in a small word.
    while let small =
      (["de", "la", "le", "les", "du", "des", "et", "à", "en", "el", "los", "las", "y", "del", "a", "au", "aux"] as [StaticString])
      .first(where: { text.start(of: $0, endingAt: end) == text.word(endingAt: end).lowerBound })
    { end = text.skipSpacesBack(end - small.utf8CodeUnitCount) }
    return end > start + 3 ? end : nil
  }

  /// Papers differ in capitals: "sur les Changements Climatiques".
  private static func hasAnyCase(_ text: CitedText, _ name: [UInt8], _ start: Int) -> Bool {
    guard text.count - start >= name.count else { return false }
    for (offset, byte) in name.enumerated() {
      let own = text.bytes[start + offset]
      guard own == byte || own | 0x20 == byte | 0x20 && CitedText.isLetter(byte) else { return false }
    }
    return true
  }

  private static let stops: [StaticString] = [
    " et la ", " et le ", " et les ", " et l’", " et du ", " et son ", " et ses ", " et leurs ", " et à ", " et au ", " et aux ",
    " et par ", " et de la Convention", " qui ", " que ", " dont ", " est ", " sont ", " a ", " ont ", " ainsi ", " afin ", " ou la ",
    " ou le ", " doit ", " lors ", " comme ", " tel ", " ne ", " en date ", " adopté",
    " y la ", " y el ", " y los ", " y las ", " y su ", " y sus ", " y del ", " y a ", " y en ", " o la ", " es ", " son ", " así ",
    " como ", " ha ", " han ", " fue ", " se ", " debe ", " en su ", " dans ", " aprobad",
  ]

  private static let known: [[UInt8]] = [
    "des droits de l’homme", "de sauvegarde des droits de l’homme et des libertés fondamentales",
    "relative aux droits de l’enfant", "relative aux droits des personnes handicapées", "sur la diversité biologique",
    "sur les changements climatiques",
    "sur le droit de la mer", "sur l’élimination de toutes les formes de discrimination à l’égard des femmes",
    "sur l’élimination de toutes les formes de discrimination raciale", "pour la prévention et la répression du crime de génocide",
    "contre la torture et autres peines ou traitements cruels, inhumains ou dégradants", "contre la corruption",
    "contre la criminalité transnationale organisée",
    "sur la lutte contre la désertification", "relatif aux droits civils et politiques",
    "relatif aux droits économiques, sociaux et culturels",
    "pour la protection de toutes les personnes contre les disparitions forcées", "sur la non-prolifération des armes nucléaires",
    "sur la protection des droits de tous les travailleurs migrants et des membres de leur famille",
    "sur l’interdiction des armes nucléaires",
    "d’interdiction complète des essais nucléaires", "sur le commerce des armes", "relative au statut des réfugiés",
    "relative au statut des apatrides",
    "sur les armes à sous-munitions", "de la Cour internationale de Justice", "de la Cour pénale internationale",
    "sobre los Derechos del Niño", "sobre los Derechos de las Personas con Discapacidad", "sobre la Diversidad Biológica",
    "sobre el Cambio Climático",
    "sobre el Derecho del Mar", "sobre la Eliminación de Todas las Formas de Discriminación contra la Mujer",
    "sobre la eliminación de todas las formas de discriminación contra la mujer",
    "sobre la Eliminación de Todas las Formas de Discriminación Racial", "para la Prevención y la Sanción del Delito de Genocidio",
    "contra la Tortura y Otros Tratos o Penas Crueles, Inhumanos o Degradantes", "contra la Corrupción",
    "contra la Delincuencia Organizada Transnacional",
    "de Lucha contra la Desertificación", "de Derechos Civiles y Políticos", "de Derechos Económicos, Sociales y Culturales",
    "para la Protección de Todas las Personas contra las Desapariciones Forzadas", "sobre la No Proliferación de las Armas Nucleares",
    "sobre la no proliferación de las armas nucleares",
    "sobre la Protección de los Derechos de Todos los Trabajadores Migratorios y de Sus Familiares",
    "sobre la Prohibición de las Armas Nucleares", "de Prohibición Completa de los Ensayos Nucleares", "sobre el Comercio de Armas",
    "sobre el Estatuto de los Refugiados",
    "de la Corte Internacional de Justicia", "de la Corte Penal Internacional",
  ].map { Array($0.utf8) }
}
