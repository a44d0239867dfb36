// Made by deploy/parties/make.py; not edited by hand.

extension StateName {
  /// Names of states in English, the form that the United Nations prints first.
  static let english = """
    AFG|Afghanistan|Islamic Republic of Afghanistan
    AGO|Angola|Republic of Angola
    ALB|Albania|Republic of Albania
    AND|Andorra|Principality of Andorra
    ARE|United Arab Emirates
    ARG|Argentina|Argentine Republic
    ARM|Armenia|Republic of Armenia
    ATG|Antigua and Barbuda|Antigua & Barbuda
    AUS|Australia
    AUT|Austria|Republic of Austria
    AZE|Azerbaijan|Republic of Azerbaijan
    BDI|Burundi|Republic of Burundi
    BEL|Belgium|Kingdom of Belgium
    BEN|Benin|Republic of Benin
    BFA|Burkina Faso
    BGD|Bangladesh|People’s Republic of Bangladesh
    BGR|Bulgaria|Republic of Bulgaria
    BHR|Bahrain|Kingdom of Bahrain
    BHS|Bahamas|Commonwealth of the Bahamas|The Bahamas
    BIH|Bosnia and Herzegovina|Republic of Bosnia and Herzegovina|Bosnia & Herzegovina
    BLR|Belarus|Republic of Belarus
    BLZ|Belize
    BOL|Bolivia (Plurinational State of)|Plurinational State of Bolivia|Bolivia
    BRA|Brazil|Federative Republic of Brazil
    BRB|Barbados
    BRN|Brunei Darussalam|Brunei
    BTN|Bhutan|Kingdom of Bhutan
    BWA|Botswana|Republic of Botswana
    CAF|Central African Republic
    CAN|Canada
    CHE|Switzerland|Swiss Confederation
    CHL|Chile|Republic of Chile
    CHN|China|People’s Republic of China
    CIV|Côte d’Ivoire|Republic of Côte d’Ivoire
    CMR|Cameroon|Republic of Cameroon
    COD|Democratic Republic of the Congo
    COG|Congo|Republic of the Congo
    COL|Colombia|Republic of Colombia
    COM|Comoros|Union of the Comoros
    CPV|Cabo Verde|Republic of Cabo Verde|Cape Verde
    CRI|Costa Rica|Republic of Costa Rica
    CUB|Cuba|Republic of Cuba
    CYP|Cyprus|Republic of Cyprus
    CZE|Czechia|Czech Republic
    DEU|Germany|Federal Republic of Germany
    DJI|Djibouti|Republic of Djibouti
    DMA|Dominica|Commonwealth of Dominica
    DNK|Denmark|Kingdom of Denmark
    DOM|Dominican Republic
    DZA|Algeria|People’s Democratic Republic of Algeria
    ECU|Ecuador|Republic of Ecuador
    EGY|Egypt|Arab Republic of Egypt
    ERI|Eritrea|State of Eritrea
    ESP|Spain|Kingdom of Spain
    EST|Estonia|Republic of Estonia
    ETH|Ethiopia|Federal Democratic Republic of Ethiopia
    FIN|Finland|Republic of Finland
    FJI|Fiji|Republic of Fiji
    FRA|France|French Republic
    FSM|Micronesia (Federated States of)|Federated States of Micronesia|Micronesia
    GAB|Gabon|Gabonese Republic
    GBR|United Kingdom of Great Britain and Northern Ireland|United Kingdom|Great Britain
    GEO|Georgia
    GHA|Ghana|Republic of Ghana
    GIN|Guinea|Republic of Guinea
    GMB|Gambia|Republic of the Gambia|The Gambia
    GNB|Guinea-Bissau|Republic of Guinea-Bissau
    GNQ|Equatorial Guinea|Republic of Equatorial Guinea
    GRC|Greece|Hellenic Republic
    GRD|Grenada
    GTM|Guatemala|Republic of Guatemala
    GUY|Guyana|Co-operative Republic of Guyana|Republic of Guyana
    HND|Honduras|Republic of Honduras
    HRV|Croatia|Republic of Croatia
    HTI|Haiti|Republic of Haiti
    HUN|Hungary
    IDN|Indonesia|Republic of Indonesia
    IND|India|Republic of India
    IRL|Ireland
    IRN|Iran (Islamic Republic of)|Islamic Republic of Iran|Iran
    IRQ|Iraq|Republic of Iraq
    ISL|Iceland|Republic of Iceland
    ISR|Israel|State of Israel
    ITA|Italy|Republic of Italy|Italian Republic
    JAM|Jamaica
    JOR|Jordan|Hashemite Kingdom of Jordan
    JPN|Japan
    KAZ|Kazakhstan|Republic of Kazakhstan
    KEN|Kenya|Republic of Kenya
    KGZ|Kyrgyzstan|Kyrgyz Republic
    KHM|Cambodia|Kingdom of Cambodia
    KIR|Kiribati|Republic of Kiribati
    KNA|Saint Kitts and Nevis|St. Kitts & Nevis
    KOR|Republic of Korea|South Korea
    KWT|Kuwait|State of Kuwait
    LAO|Lao People’s Democratic Republic|Laos
    LBN|Lebanon|Lebanese Republic
    LBR|Liberia|Republic of Liberia
    LBY|Libya|State of Libya
    LCA|Saint Lucia|St. Lucia
    LIE|Liechtenstein|Principality of Liechtenstein
    LKA|Sri Lanka|Democratic Socialist Republic of Sri Lanka
    LSO|Lesotho|Kingdom of Lesotho
    LTU|Lithuania|Republic of Lithuania
    LUX|Luxembourg|Grand Duchy of Luxembourg|Luxemburg
    LVA|Latvia|Republic of Latvia
    MAR|Morocco|Kingdom of Morocco
    MCO|Monaco|Principality of Monaco
    MDA|Republic of Moldova|Moldova
    MDG|Madagascar|Republic of Madagascar
    MDV|Maldives|Republic of Maldives
    MEX|Mexico|United Mexican States
    MHL|Marshall Islands|Republic of the Marshall Islands
    MKD|North Macedonia|Republic of North Macedonia
    MLI|Mali|Republic of Mali
    MLT|Malta|Republic of Malta
    MMR|Myanmar|Republic of the Union of Myanmar|Republic of Myanmar|Myanmar (Burma)
    MNE|Montenegro
    MNG|Mongolia
    MOZ|Mozambique|Republic of Mozambique
    MRT|Mauritania|Islamic Republic of Mauritania
    MUS|Mauritius|Republic of Mauritius
    MWI|Malawi|Republic of Malawi
    MYS|Malaysia
    NAM|Namibia|Republic of Namibia
    NER|Niger|Republic of the Niger
    NGA|Nigeria|Federal Republic of Nigeria
    NIC|Nicaragua|Republic of Nicaragua
    NLD|Netherlands (Kingdom of the)|Kingdom of the Netherlands|Netherlands
    NOR|Norway|Kingdom of Norway
    NPL|Nepal|Federal Democratic Republic of Nepal
    NRU|Naoero|Republic of Naoero|Nauru|Republic of Nauru
    NZL|New Zealand
    OMN|Oman|Sultanate of Oman
    PAK|Pakistan|Islamic Republic of Pakistan
    PAN|Panama|Republic of Panama
    PER|Peru|Republic of Peru
    PHL|Philippines|Republic of the Philippines|Philippines Republic
    PLW|Palau|Republic of Palau
    PNG|Papua New Guinea|Independent State of Papua New Guinea
    POL|Poland|Republic of Poland
    PRK|Democratic People’s Republic of Korea|North Korea|DPRK
    PRT|Portugal|Portuguese Republic
    PRY|Paraguay|Republic of Paraguay
    PSE|State of Palestine
    QAT|Qatar|State of Qatar
    ROU|Romania|Roumania
    RUS|Russian Federation|Russia
    RWA|Rwanda|Republic of Rwanda|Rwandese Republic
    SAU|Saudi Arabia|Kingdom of Saudi Arabia
    SDN|Sudan|Republic of the Sudan
    SEN|Senegal|Republic of Senegal
    SGP|Singapore|Republic of Singapore
    SLB|Solomon Islands
    SLE|Sierra Leone|Republic of Sierra Leone
    SLV|El Salvador|Republic of El Salvador
    SMR|San Marino|Republic of San Marino
    SOM|Somalia|Federal Republic of Somalia
    SRB|Serbia|Republic of Serbia
    SSD|South Sudan|Republic of South Sudan
    STP|Sao Tome and Principe|Democratic Republic of Sao Tome and Principe|São Tomé & Príncipe|São Tomé and Príncipe
    SUR|Suriname|Republic of Suriname
    SVK|Slovakia|Slovak Republic
    SVN|Slovenia|Republic of Slovenia
    SWE|Sweden|Kingdom of Sweden
    SWZ|Eswatini|Kingdom of Eswatini
    SYC|Seychelles|Republic of Seychelles
    SYR|Syrian Arab Republic|Syria
    TCD|Chad|Republic of Chad
    TGO|Togo|Togolese Republic
    THA|Thailand|Kingdom of Thailand
    TJK|Tajikistan|Republic of Tajikistan
    TKM|Turkmenistan
    TLS|Timor-Leste|Democratic Republic of Timor-Leste
    TON|Tonga|Kingdom of Tonga
    TTO|Trinidad and Tobago|Republic of Trinidad and Tobago|Trinidad & Tobago
    TUN|Tunisia|Republic of Tunisia
    TUR|Türkiye|Republic of Türkiye
    TUV|Tuvalu
    TZA|United Republic of Tanzania|Tanzania
    UGA|Uganda|Republic of Uganda
    UKR|Ukraine
    URY|Uruguay|Eastern Republic of Uruguay
    USA|United States of America|United States
    UZB|Uzbekistan|Republic of Uzbekistan
    VAT|Holy See
    VCT|Saint Vincent and the Grenadines|St. Vincent & Grenadines
    VEN|Venezuela (Bolivarian Republic of)|Bolivarian Republic of Venezuela|Venezuela
    VNM|Viet Nam|Socialist Republic of Viet Nam|Vietnam|Viet-Nam
    VUT|Vanuatu|Republic of Vanuatu
    WSM|Samoa|Independent State of Samoa
    YEM|Yemen|Republic of Yemen
    ZAF|South Africa|Republic of South Africa
    ZMB|Zambia|Republic of Zambia
    ZWE|Zimbabwe|Republic of Zimbabwe
    """
}
