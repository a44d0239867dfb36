// Made by deploy/parties/make.py; not edited by hand.

extension StateName {
  /// Names of states in Spanish, the form that the United Nations prints first.
  static let spanish = """
    AFG|Afganistán|República Islámica de Afganistán
    AGO|Angola|República de Angola
    ALB|Albania|República de Albania
    AND|Andorra|Principado de Andorra
    ARE|Emiratos Árabes Unidos
    ARG|Argentina|República Argentina
    ARM|Armenia|República de Armenia
    ATG|Antigua y Barbuda
    AUS|Australia
    AUT|Austria|República de Austria
    AZE|Azerbaiyán|República de Azerbaiyán
    BDI|Burundi|República de Burundi
    BEL|Bélgica|Reino de Bélgica
    BEN|Benin|República de Benín|Benín
    BFA|Burkina Faso
    BGD|Bangladesh|República Popular de Bangladés|Bangladés
    BGR|Bulgaria|República de Bulgaria
    BHR|Bahrein|Reino de Baréin|Baréin
    BHS|Bahamas|Commonwealth de las Bahamas
    BIH|Bosnia y Herzegovina|República de Bosnia y Hercegovina
    BLR|Belarús|República de Bielorrusia|Bielorrusia
    BLZ|Belice
    BOL|Bolivia (Estado Plurinacional de)|Estado Plurinacional de Bolivia|Bolivia|Estado plurinacional de Bolivia
    BRA|Brasil|República Federativa de Brasil
    BRB|Barbados
    BRN|Brunei Darussalam|Brunéi
    BTN|Bhután|Reino de Bután|Bután
    BWA|Botswana|República de Botsuana|Botsuana
    CAF|República Centroafricana
    CAN|Canadá
    CHE|Suiza|Confederación Suiza
    CHL|Chile|República de Chile
    CHN|China|República Popular China
    CIV|Côte d’Ivoire|República de Costa de Marfíl
    CMR|Camerún|República del Camerún
    COD|República Democrática del Congo
    COG|Congo|República del Congo
    COL|Colombia|República de Colombia
    COM|Comoras|Unión de las Comores
    CPV|Cabo Verde|República de Cabo Verde
    CRI|Costa Rica|República de Costa Rica
    CUB|Cuba|República de Cuba
    CYP|Chipre|República de Chipre
    CZE|Chequia|República Checa
    DEU|Alemania|República Federal de Alemania
    DJI|Djibouti|República de Yibuti|Yibuti
    DMA|Dominica|Commonwealth de Dominica
    DNK|Dinamarca|Reino de Dinamarca
    DOM|República Dominicana
    DZA|Argelia|República Democrática Popular de Argelia
    ECU|Ecuador|República del Ecuador
    EGY|Egipto|República Árabe de Egipto
    ERI|Eritrea|Estado de Eritrea
    ESP|España|Reino de España
    EST|Estonia|República de Estonia
    ETH|Etiopía|República Federal Democrática de Etiopía
    FIN|Finlandia|República de Finlandia
    FJI|Fiji|República de Fiyi|Fiyi
    FRA|Francia|República Francesa
    FSM|Micronesia (Estados Federados de)|Estados Federados de Micronesia|Micronesia
    GAB|Gabón|República Gabonesa
    GBR|Reino Unido de Gran Bretaña e Irlanda del Norte|Reino Unido
    GEO|Georgia
    GHA|Ghana|República de Ghana
    GIN|Guinea|República de Guinea
    GMB|Gambia|República de Gambia
    GNB|Guinea-Bissau|República de Guinea-Bissau|Guinea-Bisáu
    GNQ|Guinea Ecuatorial|República de Guinea Ecuatorial
    GRC|Grecia|República Helénica
    GRD|Granada
    GTM|Guatemala|República de Guatemala
    GUY|Guyana|República de Guyana
    HND|Honduras|República de Honduras
    HRV|Croacia|República de Croacia
    HTI|Haití|República de Haití
    HUN|Hungría
    IDN|Indonesia|República de Indonesia
    IND|India|República de la India
    IRL|Irlanda
    IRN|Irán (República Islámica del)|República Islámica del Irán|Irán|República Islámica de Irán
    IRQ|Iraq|República de Irak|Irak
    ISL|Islandia|República de Islandia
    ISR|Israel|Estado de Israel
    ITA|Italia|República Italiana
    JAM|Jamaica
    JOR|Jordania|Reino Hachemí de Jordania
    JPN|Japón
    KAZ|Kazajstán|República de Kazajistán|Kazajistán
    KEN|Kenya|República de Kenia|Kenia
    KGZ|Kirguistán|República Kirguiza
    KHM|Camboya|Reino de Camboya
    KIR|Kiribati|República de Kiribati
    KNA|Saint Kitts y Nevis|San Cristóbal y Nieves
    KOR|República de Corea|Corea del Sur
    KWT|Kuwait|Estado de Kuwait
    LAO|República Democrática Popular Lao|Laos
    LBN|Líbano|República Libanesa
    LBR|Liberia|República de Liberia
    LBY|Libia
    LCA|Santa Lucía
    LIE|Liechtenstein|Principado de Liechtenstein
    LKA|Sri Lanka|República Socialista Democrática de Sri Lanka
    LSO|Lesotho|Reino de Lesoto|Lesoto
    LTU|Lituania|República de Lituania
    LUX|Luxemburgo|Gran Ducado de Luxemburgo
    LVA|Letonia|República de Letonia
    MAR|Marruecos|Reino de Marruecos
    MCO|Mónaco|Principado de Mónaco
    MDA|República de Moldova|Moldavia|República de Moldavia
    MDG|Madagascar|República de Madagascar
    MDV|Maldivas|República de Maldivas
    MEX|México|Estados Unidos Mexicanos
    MHL|Islas Marshall|República de las Islas Marshall
    MKD|Macedonia del Norte|República de Macedonia del Norte
    MLI|Malí|República de Mali|Mali
    MLT|Malta|República de Malta
    MMR|Myanmar|República de la Unión de Myanmar|Myanmar (Birmania)
    MNE|Montenegro
    MNG|Mongolia
    MOZ|Mozambique|República de Mozambique
    MRT|Mauritania|República Islámica de Mauritania
    MUS|Mauricio|República de Mauricio
    MWI|Malawi|República de Malawi|Malaui
    MYS|Malasia
    NAM|Namibia|República de Namibia
    NER|Níger|República del Níger
    NGA|Nigeria|República Federal de Nigeria
    NIC|Nicaragua|República de Nicaragua
    NLD|Países Bajos (Reino de los)|Países Bajos|Reino de los Países Bajos
    NOR|Noruega|Reino de Noruega
    NPL|Nepal|República Federal Democrática de Nepal
    NRU|Naoero|Nauru|República de Nauru
    NZL|Nueva Zelandia|Nueva Zelanda
    OMN|Omán|Sultanato de Omán
    PAK|Pakistán|República Islámica de Pakistán
    PAN|Panamá|República de Panamá
    PER|Perú|República del Perú
    PHL|Filipinas|República de Filipinas
    PLW|Palau|República de Palau|Palaos
    PNG|Papua Nueva Guinea|Estado Independiente de Papúa Nueva Guinea|Papúa Nueva Guinea
    POL|Polonia|República de Polonia
    PRK|República Popular Democrática de Corea|Corea del Norte
    PRT|Portugal|República Portuguesa
    PRY|Paraguay|República del Paraguay
    PSE|Estado de Palestina
    QAT|Qatar|Estado de Qatar|Catar
    ROU|Rumania|Rumanía
    RUS|Federación de Rusia|Rusia
    RWA|Rwanda|República de Ruanda|Ruanda
    SAU|Arabia Saudita|Reino de Arabia Saudí|Arabia Saudí
    SDN|Sudán|República de Sudán
    SEN|Senegal|República del Senegal
    SGP|Singapur|República de Singapur
    SLB|Islas Salomón
    SLE|Sierra Leona|República de Sierra Leona
    SLV|El Salvador|República de El Salvador
    SMR|San Marino|República de San Marino
    SOM|Somalia|República Federal de Somalia
    SRB|Serbia|República de Serbia
    SSD|Sudán del Sur|República de Sudán del Sur
    STP|Santo Tomé y Príncipe|República Democrática de Santo Tomé y Príncipe
    SUR|Suriname|República de Surinam|Surinam
    SVK|Eslovaquia|República Eslovaca
    SVN|Eslovenia|República de Eslovenia
    SWE|Suecia|Reino de Suecia
    SWZ|Eswatini|Reino de Esuatini|Esuatini
    SYC|Seychelles|República de las Seychelles
    SYR|República Árabe Siria|Siria
    TCD|Chad|República del Chad
    TGO|Togo|República Togolesa
    THA|Tailandia|Reino de Tailandia
    TJK|Tayikistán|República de Tayikistán
    TKM|Turkmenistán
    TLS|Timor-Leste|República Democrática de Timor Oriental
    TON|Tonga|Reino de Tonga
    TTO|Trinidad y Tabago|República de Trinidad y Tobago|Trinidad y Tobago
    TUN|Túnez|República de Túnez
    TUR|Türkiye|Turquía
    TUV|Tuvalu
    TZA|República Unida de Tanzanía|República Unida de Tanzania|Tanzania
    UGA|Uganda|República de Uganda
    UKR|Ucrania
    URY|Uruguay|República Oriental del Uruguay
    USA|Estados Unidos de América|Estados Unidos
    UZB|Uzbekistán|República de Uzbekistán
    VAT|Santa Sede
    VCT|San Vicente y las Granadinas
    VEN|Venezuela (República Bolivariana de)|República Bolivariana de Venezuela|Venezuela
    VNM|Viet Nam|República Socialista de Vietnam|Vietnam
    VUT|Vanuatu|República de Vanuatu
    WSM|Samoa|Estado Independiente de Samoa
    YEM|Yemen|República del Yemen
    ZAF|Sudáfrica|República de Sudáfrica
    ZMB|Zambia|República de Zambia
    ZWE|Zimbabwe|República de Zimbabue|Zimbabue
    """
}
