// Made by deploy/parties/make.py; not edited by hand.

extension StateName {
  /// Names of states in French, the form that the United Nations prints first.
  static let french = """
    AFG|Afghanistan|République islamique d’Afghanistan
    AGO|Angola|République d’Angola
    ALB|Albanie|République d’Albanie
    AND|Andorre|Principauté d’Andorre
    ARE|Émirats arabes unis
    ARG|Argentine|République d’Argentine
    ARM|Arménie|République d’Arménie
    ATG|Antigua-et-Barbuda
    AUS|Australie
    AUT|Autriche|République d’Autriche
    AZE|Azerbaïdjan|République d’Azerbaïdjan
    BDI|Burundi|République du Burundi
    BEL|Belgique|Royaume de Belgique
    BEN|Bénin|République du Bénin
    BFA|Burkina Faso
    BGD|Bangladesh|République populaire du Bengladesh
    BGR|Bulgarie|République de Bulgarie
    BHR|Bahreïn|Royaume de Bahreïn
    BHS|Bahamas|Commonwealth des Bahamas
    BIH|Bosnie-Herzégovine|République de Bosnie et Herzégovine
    BLR|Bélarus|République du Bélarus|Biélorussie
    BLZ|Belize
    BOL|Bolivie (État plurinational de)|État plurinational de Bolivie|Bolivie
    BRA|Brésil|République fédérale du Brésil
    BRB|Barbade
    BRN|Brunéi Darussalam|Brunei
    BTN|Bhoutan|Royaume du Bouthan
    BWA|Botswana|République du Botswana
    CAF|République centrafricaine
    CAN|Canada
    CHE|Suisse|Confédération helvétique
    CHL|Chili|République du Chili
    CHN|Chine|République populaire de Chine
    CIV|Côte d’Ivoire|République de Côte d’Ivoire
    CMR|Cameroun|République du Cameroun
    COD|République démocratique du Congo|Congo-Kinshasa
    COG|Congo|République du Congo|Congo-Brazzaville
    COL|Colombie|République de Colombie
    COM|Comores|Union des Comores
    CPV|Cabo Verde|République du Cap-Vert|Cap-Vert
    CRI|Costa Rica|République du Costa Rica
    CUB|Cuba|République de Cuba
    CYP|Chypre|République de Chypre
    CZE|Tchéquie|République tchèque
    DEU|Allemagne|République fédérale d’Allemagne
    DJI|Djibouti|République de Djibouti
    DMA|Dominique|Commonwealth de la Dominique
    DNK|Danemark|Royaume du Danemark
    DOM|République dominicaine
    DZA|Algérie|République algérienne démocratique et populaire
    ECU|Équateur|République d’Équateur
    EGY|Égypte|République arabe d’Égypte
    ERI|Érythrée|l’État d’Érythrée
    ESP|Espagne|Royaume d’Espagne
    EST|Estonie|République d’Estonie
    ETH|Éthiopie|République fédérale démocratique d’Éthiopie
    FIN|Finlande|République de Finlande
    FJI|Fidji|République des Fidji
    FRA|France|République française
    FSM|Micronésie (États fédérés de)|États fédérés de Micronésie|Micronésie
    GAB|Gabon|République gabonaise
    GBR|Royaume-Uni de Grande-Bretagne et d’Irlande du Nord|Royaume-Uni
    GEO|Géorgie
    GHA|Ghana|République du Ghana
    GIN|Guinée|République de Guinée
    GMB|Gambie|République de Gambie
    GNB|Guinée-Bissau|République de Guinée-Bissau
    GNQ|Guinée équatoriale|République de Guinée Équatoriale
    GRC|Grèce|République grecque
    GRD|Grenade
    GTM|Guatemala|République du Guatemala
    GUY|Guyana|République de Guyana
    HND|Honduras|République du Honduras
    HRV|Croatie|République de Croatie
    HTI|Haïti|République de Haïti
    HUN|Hongrie
    IDN|Indonésie|République d’Indonésie
    IND|Inde|République d’Inde
    IRL|Irlande
    IRN|Iran (République islamique d’)|République islamique d’Iran|Iran
    IRQ|Iraq|République d’Iraq|Irak
    ISL|Islande|République d’Islande
    ISR|Israël|État d’Israël
    ITA|Italie|République italienne
    JAM|Jamaïque
    JOR|Jordanie|Royaume hachémite de Jordanie
    JPN|Japon
    KAZ|Kazakhstan|République du Kazakhstan
    KEN|Kenya|République du Kenya
    KGZ|Kirghizistan|République kirghize|Kirghizstan
    KHM|Cambodge|Royaume du Cambodge
    KIR|Kiribati|République de Kiribati
    KNA|Saint-Kitts-et-Nevis|Saint-Christophe-et-Niévès
    KOR|République de Corée|Corée du Sud
    KWT|Koweït|État du Koweït
    LAO|République démocratique populaire lao|Laos
    LBN|Liban|République libanaise
    LBR|Libéria|République du Libéria|Liberia
    LBY|Libye
    LCA|Sainte-Lucie
    LIE|Liechtenstein|Principauté du Liechtenstein
    LKA|Sri Lanka|République démocratique socialiste de Sri Lanka
    LSO|Lesotho|Royaume du Lesotho
    LTU|Lituanie|République de Lituanie
    LUX|Luxembourg|Grand-duché du Luxembourg
    LVA|Lettonie|République de Lettonie
    MAR|Maroc|Royaume du Maroc
    MCO|Monaco|Principauté de Monaco
    MDA|République de Moldova|Moldavie
    MDG|Madagascar|République de Madagascar
    MDV|Maldives|République des Maldives
    MEX|Mexique|États-Unis du Mexique
    MHL|Îles Marshall|République des Îles Marshall
    MKD|Macédoine du Nord|République de Macédoine du Nord
    MLI|Mali|République du Mali
    MLT|Malte|République de Malte
    MMR|Myanmar|République de Myanmar|Myanmar (Birmanie)
    MNE|Monténégro
    MNG|Mongolie
    MOZ|Mozambique|République du Mozambique
    MRT|Mauritanie|République islamique de Mauritanie
    MUS|Maurice|République de l’Île Maurice
    MWI|Malawi|République du Malawi
    MYS|Malaisie
    NAM|Namibie|République de Namibie
    NER|Niger|République du Niger
    NGA|Nigéria|République fédérale du Nigeria|Nigeria
    NIC|Nicaragua|République du Nicaragua
    NLD|Pays-Bas (Royaume des)|Pays-Bas|Royaume des Pays-Bas
    NOR|Norvège|Royaume de Norvège
    NPL|Népal|République fédérale démocratique du Népal
    NRU|Naoero|Nauru|République de Nauru
    NZL|Nouvelle-Zélande
    OMN|Oman|Sultanat d’Oman
    PAK|Pakistan|République islamique du Pakistan
    PAN|Panama|République du Panama
    PER|Pérou|République du Pérou
    PHL|Philippines|République des Philippines
    PLW|Palaos|République de Palau
    PNG|Papouasie-Nouvelle-Guinée|État indépendant de Papouasie-Nouvelle-Guinée
    POL|Pologne|République de Pologne
    PRK|République populaire démocratique de Corée|Corée du Nord|République démocratique populaire de Corée
    PRT|Portugal|République portugaise
    PRY|Paraguay|République du Paraguay
    PSE|État de Palestine|l’État de Palestine|Territoires palestiniens
    QAT|Qatar|État du Qatar
    ROU|Roumanie
    RUS|Fédération de Russie|Russie
    RWA|Rwanda|République rwandaise
    SAU|Arabie saoudite|Royaume d’Arabie saoudite
    SDN|Soudan|République du Soudan
    SEN|Sénégal|République du Sénégal
    SGP|Singapour|République de Singapour
    SLB|Îles Salomon
    SLE|Sierra Leone|République de Sierra Leone
    SLV|El Salvador|République d’El Salvador|Salvador
    SMR|Saint-Marin|République de San Marin
    SOM|Somalie|République fédérale de Somalie
    SRB|Serbie|République de Serbie
    SSD|Soudan du Sud|République du Soudan du Sud
    STP|Sao Tomé-et-Principe|République démocratique de Sao Tomé et Principe
    SUR|Suriname|République du Surinam
    SVK|Slovaquie|République slovaque
    SVN|Slovénie|République de Slovénie
    SWE|Suède|Royaume de Suède
    SWZ|Eswatini|Royaume d’Eswatini
    SYC|Seychelles|République des Seychelles
    SYR|République arabe syrienne|Syrie
    TCD|Tchad|République du Tchad
    TGO|Togo|République togolaise
    THA|Thaïlande|Royaume de Thaïlande
    TJK|Tadjikistan|République du Tadjikistan
    TKM|Turkménistan
    TLS|Timor-Leste|République démocratique du Timor-Leste|Timor oriental
    TON|Tonga|Royaume des Tonga
    TTO|Trinité-et-Tobago|République de Trinité et Tobago
    TUN|Tunisie|République de Tunisie
    TUR|Türkiye|Turquie
    TUV|Tuvalu
    TZA|République-Unie de Tanzanie|Tanzanie|République unie de Tanzanie
    UGA|Ouganda|République d’Ouganda
    UKR|Ukraine
    URY|Uruguay|République orientale d’Uruguay
    USA|États-Unis d’Amérique|États-Unis
    UZB|Ouzbékistan|République d’Ouzbékistan
    VAT|Saint-Siège
    VCT|Saint-Vincent-et-les Grenadines
    VEN|Venezuela (République bolivarienne du)|Venezuela|Vénézuela|République bolivarienne du Vénézuela
    VNM|Viet Nam|Viêt Nam|République socialiste du Viet Nam
    VUT|Vanuatu|République du Vanuatu
    WSM|Samoa|État indépendant de Samoa
    YEM|Yémen|République du Yémen
    ZAF|Afrique du Sud|République d’Afrique du Sud
    ZMB|Zambie|République de Zambie
    ZWE|Zimbabwe|République du Zimbabwe
    """
}
