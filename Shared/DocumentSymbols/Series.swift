/// The first parts of symbols and whose papers they are.
///
/// From the lists of series symbols of the Dag Hammarskjöld Library (United Nations Document Series Symbols, and its guide to documents of treaty bodies,
/// conferences and specialised agencies), and from the series that papers of the General Assembly cite.
enum Series {
  static func isKnown(_ word: String) -> Bool { issuers[word] != nil }
  static func issuer(of word: String) -> String? { issuers[word] }

  private static let issuers: [String: String] = [
    // Principal organs
    "A": Organ.generalAssembly, "S": Organ.securityCouncil, "E": Organ.economicAndSocialCouncil, "T": Organ.trusteeshipCouncil,
    "ST": Organ.secretariat,
    // Bodies of human rights treaties
    "CAT": "Committee against Torture", "CCPR": "Human Rights Committee",
    "CED": "Committee on Enforced Disappearances", "CEDAW": "Committee on the Elimination of Discrimination against Women",
    "CERD": "Committee on the Elimination of Racial Discrimination", "CMW": "Committee on Migrant Workers",
    "CRC": "Committee on the Rights of the Child", "CRPD": "Committee on the Rights of Persons with Disabilities",
    "HRI": "International human rights instruments", "HRPUB": "Human rights publications",
    "CESCR": "Committee on Economic, Social and Cultural Rights", "SPT": "Subcommittee on Prevention of Torture",
    // Programmes and other bodies of the Organisation
    "CEB": "Chief Executives Board for Coordination", "DP": "Executive Board of UNDP, UNFPA and UNOPS",
    "EC": "Executive Committee of the High Commissioner's Programme", "HSP": "United Nations Human Settlements Programme",
    "ICSC": "International Civil Service Commission", "ITC": "International Trade Centre", "JIU": "Joint Inspection Unit",
    "JSPB": "United Nations Joint Staff Pension Board", "TD": "United Nations Conference on Trade and Development",
    "UNCTAD": "United Nations Conference on Trade and Development", "UNEP": "United Nations Environment Programme",
    "UNITAR": "United Nations Institute for Training and Research", "UNW": "Executive Board of UN-Women",
    "WFP": "World Food Programme", "AT": "Administrative Tribunal", "UNAT": "Appeals Tribunal", "UNDT": "Dispute Tribunal",
    "ID": "United Nations Industrial Development Organization", "IDB": "Industrial Development Board", "GC": "General Conference of UNIDO",
    "BC": "Basel Convention", "PCNICC": "Preparatory Commission for the International Criminal Court",
    "ICC-ASP": "Assembly of States Parties to the Rome Statute", "IT": "International Tribunal for the Former Yugoslavia",
    "ICTR": "International Criminal Tribunal for Rwanda", "MICT": "International Residual Mechanism for Criminal Tribunals",
    "SCAF": "Staff and administration", "DC": "Disarmament Commission", "NPT": "Parties to the Non-Proliferation Treaty",
    // Regional commissions
    "ECA": "Economic Commission for Africa", "ECE": "Economic Commission for Europe",
    "ESCAP": "Economic and Social Commission for Asia and the Pacific", "ESCWA": "Economic and Social Commission for Western Asia",
    "LC": "Economic Commission for Latin America and the Caribbean", "TRANS": "Economic Commission for Europe",
    "TRADE": "Economic Commission for Europe", "ENERGY": "Economic Commission for Europe",
    // Disarmament
    "AP": "Parties to amended Protocol II", "APLC": "Parties to the Anti-Personnel Mine Ban Convention",
    "ATT": "Parties to the Arms Trade Treaty",
    "BWC": "Parties to the Biological Weapons Convention", "CCM": "Parties to the Convention on Cluster Munitions",
    "CCW": "Parties to the Convention on Certain Conventional Weapons", "CD": "Conference on Disarmament",
    "TPNW": "Parties to the Treaty on the Prohibition of Nuclear Weapons",
    "ENMOD": "Parties to the Environmental Modification Convention",
    // Environment, law of the sea, crime
    "CAC": "Parties to the Convention against Corruption", "CBD": "Convention on Biological Diversity",
    "CLCS": "Commission on the Limits of the Continental Shelf", "CTOC": "Parties to the Convention against Transnational Organized Crime",
    "FCCC": "United Nations Framework Convention on Climate Change", "ICCD": "Convention to Combat Desertification",
    "IPBES": "Platform on Biodiversity and Ecosystem Services", "IPCC": "Intergovernmental Panel on Climate Change",
    "ISBA": "International Seabed Authority", "ITLOS": "International Tribunal for the Law of the Sea",
    "LOS": "Preparatory Commission for the Law of the Sea", "SPLOS": "Parties to the Convention on the Law of the Sea",
    "UNFF": "United Nations Forum on Forests", "UNFSA": "Parties to the Fish Stocks Agreement",
    "ICSP": "Parties to the Fish Stocks Agreement",
    // Other organisations that papers cite
    "AU": "African Union", "CM": "Organisation of African Unity, or Committee of Ministers of the Council of Europe",
    "COFI": "Committee on Fisheries of FAO", "ICEF": "United Nations Children's Fund", "IOC": "Intergovernmental Oceanographic Commission",
    "LEG": "International Maritime Organization", "SOLAS": "International Maritime Organization",
    "BWM": "International Maritime Organization",
    "MEPC": "International Maritime Organization", "MSC": "International Maritime Organization", "FIRO": "FAO fisheries",
    "WT": "World Trade Organization",
    "LILS": "International Labour Organization", "GB": "International Labour Organization",
  ]
}
