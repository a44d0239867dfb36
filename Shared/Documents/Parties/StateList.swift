// Made by deploy/parties/make.py; not edited by hand.

extension StateName {
  /// Member and observer states, former ones with the year their code was withdrawn, and observer organizations, which have no code.
  static let list = """
    AFG|member|Afghanistan
    AGO|member|Angola
    ALB|member|Albania
    AND|member|Andorra
    ARE|member|United Arab Emirates
    ARG|member|Argentina
    ARM|member|Armenia
    ATG|member|Antigua and Barbuda
    AUS|member|Australia
    AUT|member|Austria
    AZE|member|Azerbaijan
    BDI|member|Burundi
    BEL|member|Belgium
    BEN|member|Benin
    BFA|member|Burkina Faso
    BGD|member|Bangladesh
    BGR|member|Bulgaria
    BHR|member|Bahrain
    BHS|member|Bahamas
    BIH|member|Bosnia and Herzegovina
    BLR|member|Belarus
    BLZ|member|Belize
    BOL|member|Bolivia (Plurinational State of)
    BRA|member|Brazil
    BRB|member|Barbados
    BRN|member|Brunei Darussalam
    BTN|member|Bhutan
    BWA|member|Botswana
    CAF|member|Central African Republic
    CAN|member|Canada
    CHE|member|Switzerland
    CHL|member|Chile
    CHN|member|China
    CIV|member|Côte d’Ivoire
    CMR|member|Cameroon
    COD|member|Democratic Republic of the Congo
    COG|member|Congo
    COL|member|Colombia
    COM|member|Comoros
    CPV|member|Cabo Verde
    CRI|member|Costa Rica
    CUB|member|Cuba
    CYP|member|Cyprus
    CZE|member|Czechia
    DEU|member|Germany
    DJI|member|Djibouti
    DMA|member|Dominica
    DNK|member|Denmark
    DOM|member|Dominican Republic
    DZA|member|Algeria
    ECU|member|Ecuador
    EGY|member|Egypt
    ERI|member|Eritrea
    ESP|member|Spain
    EST|member|Estonia
    ETH|member|Ethiopia
    FIN|member|Finland
    FJI|member|Fiji
    FRA|member|France
    FSM|member|Micronesia (Federated States of)
    GAB|member|Gabon
    GBR|member|United Kingdom of Great Britain and Northern Ireland
    GEO|member|Georgia
    GHA|member|Ghana
    GIN|member|Guinea
    GMB|member|Gambia
    GNB|member|Guinea-Bissau
    GNQ|member|Equatorial Guinea
    GRC|member|Greece
    GRD|member|Grenada
    GTM|member|Guatemala
    GUY|member|Guyana
    HND|member|Honduras
    HRV|member|Croatia
    HTI|member|Haiti
    HUN|member|Hungary
    IDN|member|Indonesia
    IND|member|India
    IRL|member|Ireland
    IRN|member|Iran (Islamic Republic of)
    IRQ|member|Iraq
    ISL|member|Iceland
    ISR|member|Israel
    ITA|member|Italy
    JAM|member|Jamaica
    JOR|member|Jordan
    JPN|member|Japan
    KAZ|member|Kazakhstan
    KEN|member|Kenya
    KGZ|member|Kyrgyzstan
    KHM|member|Cambodia
    KIR|member|Kiribati
    KNA|member|Saint Kitts and Nevis
    KOR|member|Republic of Korea
    KWT|member|Kuwait
    LAO|member|Lao People’s Democratic Republic
    LBN|member|Lebanon
    LBR|member|Liberia
    LBY|member|Libya
    LCA|member|Saint Lucia
    LIE|member|Liechtenstein
    LKA|member|Sri Lanka
    LSO|member|Lesotho
    LTU|member|Lithuania
    LUX|member|Luxembourg
    LVA|member|Latvia
    MAR|member|Morocco
    MCO|member|Monaco
    MDA|member|Republic of Moldova
    MDG|member|Madagascar
    MDV|member|Maldives
    MEX|member|Mexico
    MHL|member|Marshall Islands
    MKD|member|North Macedonia
    MLI|member|Mali
    MLT|member|Malta
    MMR|member|Myanmar
    MNE|member|Montenegro
    MNG|member|Mongolia
    MOZ|member|Mozambique
    MRT|member|Mauritania
    MUS|member|Mauritius
    MWI|member|Malawi
    MYS|member|Malaysia
    NAM|member|Namibia
    NER|member|Niger
    NGA|member|Nigeria
    NIC|member|Nicaragua
    NLD|member|Netherlands (Kingdom of the)
    NOR|member|Norway
    NPL|member|Nepal
    NRU|member|Naoero
    NZL|member|New Zealand
    OMN|member|Oman
    PAK|member|Pakistan
    PAN|member|Panama
    PER|member|Peru
    PHL|member|Philippines
    PLW|member|Palau
    PNG|member|Papua New Guinea
    POL|member|Poland
    PRK|member|Democratic People’s Republic of Korea
    PRT|member|Portugal
    PRY|member|Paraguay
    PSE|observer|State of Palestine
    QAT|member|Qatar
    ROU|member|Romania
    RUS|member|Russian Federation
    RWA|member|Rwanda
    SAU|member|Saudi Arabia
    SDN|member|Sudan
    SEN|member|Senegal
    SGP|member|Singapore
    SLB|member|Solomon Islands
    SLE|member|Sierra Leone
    SLV|member|El Salvador
    SMR|member|San Marino
    SOM|member|Somalia
    SRB|member|Serbia
    SSD|member|South Sudan
    STP|member|Sao Tome and Principe
    SUR|member|Suriname
    SVK|member|Slovakia
    SVN|member|Slovenia
    SWE|member|Sweden
    SWZ|member|Eswatini
    SYC|member|Seychelles
    SYR|member|Syrian Arab Republic
    TCD|member|Chad
    TGO|member|Togo
    THA|member|Thailand
    TJK|member|Tajikistan
    TKM|member|Turkmenistan
    TLS|member|Timor-Leste
    TON|member|Tonga
    TTO|member|Trinidad and Tobago
    TUN|member|Tunisia
    TUR|member|Türkiye
    TUV|member|Tuvalu
    TZA|member|United Republic of Tanzania
    UGA|member|Uganda
    UKR|member|Ukraine
    URY|member|Uruguay
    USA|member|United States of America
    UZB|member|Uzbekistan
    VAT|observer|Holy See
    VCT|member|Saint Vincent and the Grenadines
    VEN|member|Venezuela (Bolivarian Republic of)
    VNM|member|Viet Nam
    VUT|member|Vanuatu
    WSM|member|Samoa
    YEM|member|Yemen
    ZAF|member|South Africa
    ZMB|member|Zambia
    ZWE|member|Zimbabwe
    CSK|former|Czechoslovakia|1993
    DDR|former|German Democratic Republic|1990
    SCG|former|Serbia and Montenegro|2006
    SUN|former|Union of Soviet Socialist Republics|1992
    YMD|former|Democratic Yemen|1990
    YUG|former|Yugoslavia|2003
    -|organization|الاتحاد الأوروبي|ar
    -|organization|African National Congress|en
    -|organization|African Union|en
    -|organization|Caribbean Community|en
    -|organization|Commonwealth Secretariat|en
    -|organization|Commonwealth of Independent States|en
    -|organization|European Community|en
    -|organization|European Union|en
    -|organization|Group of 77|en
    -|organization|Group of 77 and China|en
    -|organization|Gulf Cooperation Council|en
    -|organization|Inter-Parliamentary Union|en
    -|organization|International Chamber of Commerce|en
    -|organization|International Committee of the Red Cross|en
    -|organization|International Federation of Red Cross and Red Crescent Societies|en
    -|organization|International Olympic Committee|en
    -|organization|International Organization of la Francophonie|en
    -|organization|League of Arab States|en
    -|organization|Organization of African Unity|en
    -|organization|Organization of American States|en
    -|organization|Organization of Islamic Cooperation|en
    -|organization|Organization of the Islamic Conference|en
    -|organization|Palestine Liberation Organization|en
    -|organization|Pan Africanist Congress of Azania|en
    -|organization|South West Africa People’s Organization|en
    -|organization|Sovereign Military Order of Malta|en
    -|organization|Sovereign Order of Malta|en
    -|organization|Liga de los Estados Árabes|es
    -|organization|Unión Europea|es
    -|organization|Comité international de la Croix-Rouge|fr
    -|organization|Ligue des États arabes|fr
    -|organization|Organisation de libération de la Palestine|fr
    -|organization|Union africaine|fr
    -|organization|Union européenne|fr
    -|organization|Европейский союз|ru
    -|organization|欧洲联盟|zh
    """
}
