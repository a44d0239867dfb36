/// Words that tell what a number is.
enum MentionWords {
  /// A number after one of these is a paper's, a page's or a place's in a list.
  static let references: WordSet = [
    "resolution", "resolutions", "decision", "decisions", "document", "documents", "paragraph", "paragraphs", "para", "paras", "article",
    "articles", "page", "pages", "p", "pp", "no",
    "nos", "number", "numbers", "vol", "volume", "section", "sections", "chapter", "chapters", "chap", "rule", "rules", "item", "items",
    "annex", "annexes", "part", "parts",
    "table", "tables", "figure", "figures", "goal", "goals", "target", "targets", "phase", "category", "principle", "principles",
    "recommendation", "recommendations", "supplement",
    "meeting", "meetings", "session", "protocol", "add", "corr", "rev", "line", "lines", "note", "notes", "footnote", "appendix",
    "regulation", "order", "law", "act", "decree", "box",
    "résolution", "résolutions", "décision", "décisions", "paragraphe", "paragraphes", "point", "points", "chapitre", "chapitres", "alinéa",
    "n", "annexe", "annexes", "règle", "objectif",
    "objectifs", "cible", "séance", "supplément", "loi", "décret",
    "resolución", "resoluciones", "decisión", "decisiones", "documento", "documentos", "párrafo", "párrafos", "párr", "párrs", "artículo",
    "artículos", "art", "arts", "página", "páginas",
    "pág", "págs", "tema", "temas", "capítulo", "capítulos", "sección", "anexo", "núm", "núms", "suplemento", "objetivo", "objetivos",
    "meta", "metas", "regla", "ley", "sesión",
    "резолюция", "резолюции", "резолюцию", "резолюцией", "резолюциях", "резолюций", "решение", "решения", "решении", "пункт", "пункта",
    "пункте", "пункты", "пунктов", "пунктах", "пунктом", "пункту",
    "статья", "статьи", "статье", "статью", "статьей", "статьям", "статьях", "глава", "главы", "главе", "раздел", "раздела", "стр", "п",
    "пп", "ст", "том", "приложение", "приложения", "цель", "цели",
    "правило", "правила", "дополнение",
    "القرار", "قرار", "القرارات", "قرارات", "قراره", "قرارها", "قراريها", "قراراتها", "المقرر", "الفقرة", "الفقرات", "فقرة", "المادة",
    "المواد", "البند", "البنود", "الصفحة", "الفصل", "رقم", "الجزء", "المرفق", "الهدف",
    "group", "groupe", "grupo", "lot", "room", "route", "highway", "boulevard", "avenue", "street", "channel", "flight", "boeing", "type",
    "level", "tier", "class", "grade", "step",
    "series", "model", "unit", "block", "zone", "area", "district", "region", "sector",
  ]

  /// What a number multiplies; nil powers are none.
  static let magnitudes: WordTable<Int> = [
    "thousand": 3, "thousands": 3, "million": 6, "millions": 6, "billion": 9, "billions": 9, "trillion": 12, "trillions": 12, "mille": 3,
    "milliard": 9, "milliards": 9, "mil": 3,
    "millón": 6, "millones": 6, "mn": 6, "bn": 9, "тыс": 3, "тысяч": 3, "тысяча": 3, "тысячи": 3, "млн": 6, "миллион": 6, "миллиона": 6,
    "миллионов": 6, "млрд": 9,
    "миллиард": 9, "миллиарда": 9, "миллиардов": 9, "триллион": 12, "триллиона": 12, "триллионов": 12, "трлн": 12, "billón": 12,
    "billones": 12, "милн": 6,
    "ألف": 3, "آلاف": 3, "ألفا": 3, "الف": 3, "مليون": 6, "ملايين": 6, "مليونا": 6, "بليون": 9, "بلايين": 9, "بليونا": 9, "مليار": 9,
    "مليارات": 9, "مليارا": 9, "تريليون": 12,
    "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12,
  ]

  /// Nouns of what is counted or measured, in the forms that follow numbers.
  static let counted = WordSet(
    [
      "people persons person inhabitants refugees civilians soldiers troops children women men girls",
      "boys families households members countries states delegations votes villages houses schools hospitals",
      "tons tonnes kilometres kilometers metres meters miles hectares acres kilograms kilogrammes grams litres barrels gallons feet km kg kw mw gw kwh hours minutes seconds days weeks months years",
      "km² km2 m² m3 °c tonne hectare kilometre kilometer metre meter mile dollars euros pounds francs cents cases deaths casualties population personnel staff posts experts observers workers",
      "personnes réfugiés civils soldats enfants femmes hommes filles familles ménages membres pays états habitants",
      "tonnes kilomètres mètres hectares litres heures minutes jours semaines mois ans années cas morts",
      "victimes postes experts combattants militaires écoles villages délégations voix km",
      "personas refugiados civiles soldados niños niñas mujeres hombres familias hogares miembros países estados",
      "habitantes toneladas kilómetros metros hectáreas litros horas minutos días semanas meses años casos",
      "muertos víctimas puestos expertos escuelas aldeas delegaciones votos efectivos",
      "человек человека людей лиц беженцев беженца солдат военнослужащих детей женщин мужчин семей стран",
      "страны государств государства членов тонн тонны километров километра метров гектаров часов часа минут",
      "дней дня недель месяцев месяца лет жителей граждан случаев школ больниц деревень погибших раненых долларов евро рублей км кг",
      "شخص شخصا أشخاص لاجئ لاجئا لاجئين دولة دول بلد بلدا بلدان طفل طفلا أطفال امرأة نساء رجل جندي جنديا",
      "جنود كيلومتر كيلومترا كيلومترات متر مترا هكتار طن طنا ساعة ساعات دقيقة يوما أيام يوم أسبوعا أسابيع شهرا أشهر",
      "سنة سنوات عاما أعوام نسمة مواطن مواطنا مدني مدنيا قتيل قتيلا ضحية أسرة قرية مدرسة عضوا أعضاء دولار دولارا دولارات يورو",
    ].flatMap { $0.split(separator: " ").map(String.init) })
}
