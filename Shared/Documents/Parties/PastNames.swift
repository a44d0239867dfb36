// Made by deploy/parties/make.py; not edited by hand.

extension StateName {
  /// Names borne in the years given, and names given up: code, first year, last year, language, name.
  static let past = """
    ARE|1971||en|Emirates
    BEN|1960|1975|en|Dahomey
    BEN|1960|1975|fr|Dahomey
    BEN|1960|1975|ru|Дагомея
    BFA|1960|1984|en|Upper Volta
    BFA|1960|1984|es|Alto Volta
    BFA|1960|1984|fr|Haute-Volta
    BFA|1960|1984|ru|Верхняя Вольта
    BLR|1945|1991|en|Byelorussian SSR
    BLR|1945|1991|en|Byelorussian Soviet Socialist Republic
    BLR|1945|1991|es|República Socialista Soviética de Bielorrusia
    BLR|1945|1991|fr|République socialiste soviétique de Biélorussie
    BLR|1945|1991|ru|Белорусская Советская Социалистическая Республика
    BOL|1945|2009|en|Bolivia
    CAF|1976|1979|en|Central African Empire
    CAF|1976|1979|fr|Empire centrafricain
    CIV|1960|1985|en|Ivory Coast
    CIV|1986||en|Côte d’Ivoire
    CIV|1960|1985|es|Costa de Marfil
    CIV|1960|1985|ru|Берег Слоновой Кости
    COD|1960|1971|en|Congo (Leopoldville)
    COD|1966|1971|en|Congo (Democratic Republic of)
    COD|1971|1997|en|Republic of Zaire
    COD|1971|1997|en|Zaire
    COD|1971|1997|es|Zaire
    COD|1960|1966|fr|Congo (Léopoldville)
    COD|1971|1997|fr|Zaïre
    COD|1971|1997|ru|Заир
    COG|1960|1971|en|Congo (Brazzaville)
    COG|1971|1992|en|People’s Republic of the Congo
    COG|1960|1971|fr|Congo (Brazzaville)
    CPV|1975|2013|en|Cape Verde
    CSK|1945|1992|ar|تشيكوسلوفاكيا
    CSK|1945|1992|en|Czechoslovakia
    CSK|1990|1992|en|Czech and Slovak Federal Republic
    CSK|1945|1992|es|Checoslovaquia
    CSK|1945|1992|fr|Tchécoslovaquie
    CSK|1945|1992|ru|Чехословакия
    CSK|1945|1992|zh|捷克斯洛伐克
    CZE|1993|2016|ar|الجمهورية التشيكية
    CZE|1993|2016|en|Czech Republic
    CZE|1993|2016|es|República Checa
    CZE|1993|2016|fr|République tchèque
    CZE|1993|2016|ru|Чешская Республика
    CZE|1993|2016|zh|捷克共和国
    DDR|1973|1990|en|German Democratic Republic
    DDR|1973|1990|es|República Democrática Alemana
    DDR|1973|1990|fr|République démocratique allemande
    DDR|1973|1990|ru|Германская Демократическая Республика
    DEU|1973|1990|en|Federal Republic of Germany
    DEU|1973|1990|en|Germany, Federal Republic of
    DEU|1973|1990|es|Alemania, República Federal de
    DEU|1973|1990|fr|Allemagne, République fédérale d’
    EGY|1961|1971|en|United Arab Republic
    EGY|1961|1971|fr|République arabe unie
    IRN|1945|1946|en|Persia
    KHM|1953|1970|en|Kingdom of Cambodia
    KHM|1970|1975|en|Khmer Republic
    KHM|1975|1990|en|Democratic Kampuchea
    KHM|1970|1975|fr|République khmère
    KHM|1975|1990|fr|Kampuchea démocratique
    LAO|1949|1975|en|Kingdom of Laos
    LAO|1955|1975|en|Laos
    LBY|1977|2011|ar|الجماهيرية العربية الليبية
    LBY|1969|1977|en|Libyan Arab Republic
    LBY|1977|2011|en|Libyan Arab Jamahiriya
    LBY|1977|2011|en|Socialist People’s Libyan Arab Jamahiriya
    LBY|1977|2011|es|Jamahiriya Árabe Libia
    LBY|1977|2011|fr|Jamahiriya arabe libyenne
    LBY|1977|2011|ru|Ливийская Арабская Джамахирия
    LBY|1977|2011|zh|阿拉伯利比亚民众国
    LKA|1955|1972|en|Ceylon
    LKA|1955|1972|es|Ceilán
    LKA|1955|1972|fr|Ceylan
    LKA|1955|1972|ru|Цейлон
    MDG|1960|1975|en|Malagasy Republic
    MDV|1965|1972|en|Maldive Islands
    MKD|1993|2019|en|the former Yugoslav Republic of Macedonia
    MKD|1993|2019|es|ex República Yugoslava de Macedonia
    MKD|1993|2019|fr|ex-République yougoslave de Macédoine
    MKD|1993|2019|ru|бывшая югославская Республика Македония
    MMR|1948|1989|en|Burma
    MMR|1948|1989|en|Union of Burma
    MMR|1948|1989|es|Birmania
    MMR|1948|1989|fr|Birmanie
    MMR|1948|1989|ru|Бирма
    MYS|1957|1963|en|Federation of Malaya
    MYS|1957|1963|en|Malaya
    NLD|2022||en|Kingdom of the Netherlands
    PHL|1945|1947|en|Philippine Republic
    PSE|1988|2012|ar|فلسطين
    PSE|1988|2012|en|Palestine
    PSE|1988|2012|es|Palestina
    PSE|1988|2012|fr|Palestine
    PSE|1988|2012|ru|Палестина
    PSE|1988|2012|zh|巴勒斯坦
    ROU|1955|1965|en|Rumania
    SCG|2003|2006|en|Serbia and Montenegro
    SCG|2003|2006|es|Serbia y Montenegro
    SCG|2003|2006|fr|Serbie-et-Monténégro
    SCG|2003|2006|ru|Сербия и Черногория
    SUN|1945|1991|ar|اتحاد الجمهوريات الاشتراكية السوفياتية
    SUN|1945|1991|en|Soviet Union
    SUN|1945|1991|en|USSR
    SUN|1945|1991|en|Union of Soviet Socialist Republics
    SUN|1945|1991|es|Unión de Repúblicas Socialistas Soviéticas
    SUN|1945|1991|fr|URSS
    SUN|1945|1991|fr|Union des Républiques socialistes soviétiques
    SUN|1945|1991|ru|СССР
    SUN|1945|1991|ru|Советский Союз
    SUN|1945|1991|ru|Союз Советских Социалистических Республик
    SUN|1945|1991|zh|苏维埃社会主义共和国联盟
    SUR|1975|1978|en|Surinam
    SWZ|1968|2018|en|Swaziland
    SWZ|1968|2018|es|Swazilandia
    SWZ|1968|2018|fr|Swaziland
    SWZ|1968|2018|ru|Свазиленд
    SYR|1958|1961|en|United Arab Republic
    SYR|1958|1961|fr|République arabe unie
    THA|1946|1949|en|Siam
    TLS|1999|2002|en|East Timor
    TUR|1945|2022|en|Turkey
    TUR|1945|2022|es|Turquía
    TUR|1945|2022|fr|Turquie
    TZA|1961|1964|en|Tanganyika
    UKR|1945|1991|en|Ukrainian SSR
    UKR|1945|1991|en|Ukrainian Soviet Socialist Republic
    UKR|1945|1991|es|República Socialista Soviética de Ucrania
    UKR|1945|1991|fr|République socialiste soviétique d’Ukraine
    UKR|1945|1991|ru|Украинская Советская Социалистическая Республика
    VEN|1945|2004|en|Venezuela
    VNM|1945|1976|en|Democratic Republic of Viet-Nam
    VNM|1954|1976|en|Republic of Viet-Nam
    WSM|1976|1997|en|Western Samoa
    YEM|1962|1990|en|Yemen Arab Republic
    YMD|1967|1970|en|People’s Republic of Southern Yemen
    YMD|1967|1970|en|Southern Yemen
    YMD|1967|1990|en|Democratic Yemen
    YMD|1970|1990|en|People’s Democratic Republic of Yemen
    YMD|1967|1990|es|Yemen Democrático
    YMD|1967|1990|fr|Yémen démocratique
    YMD|1967|1990|ru|Демократический Йемен
    YUG|1945|2003|ar|يوغوسلافيا
    YUG|1945|2003|en|Yugoslavia
    YUG|1963|1992|en|Socialist Federal Republic of Yugoslavia
    YUG|1992|2003|en|Federal Republic of Yugoslavia
    YUG|1945|2003|es|Yugoslavia
    YUG|1945|2003|fr|Yougoslavie
    YUG|1992|2003|fr|République fédérale de Yougoslavie
    YUG|1945|2003|ru|Югославия
    YUG|1992|2003|ru|Союзная Республика Югославия
    YUG|1945|2003|zh|南斯拉夫
    ZAF|1945|1961|en|Union of South Africa
    ZAF|1945|1961|fr|Union sud-africaine
    ZWE|1965|1980|en|Southern Rhodesia
    """
}
