#!/usr/bin/env python3
"""Makes Shared/Documents/Parties/*.swift: states by ISO 3166 code with their names in the six official languages.

  python3 deploy/parties/make.py TAXONOMY.csv ISO_CODES LOCALE

TAXONOMY.csv  the Countries & Territories Taxonomy in the package hdx-python-country (PyPI; United Nations OCHA): short names in six languages as the United Nations
              prints them, English formal names, which states are on the list of the Department for General Assembly and Conference Management
ISO_CODES     a folder with iso_3166-1.json and iso_3166-3.json (Debian package iso-codes: /usr/share/iso-codes/json)
LOCALE        its translations (/usr/share/locale)

supplement.tsv beside this script has what these lack. Names of the Unicode CLDR are added when the package babel is there. The output depends on these inputs only.
"""
import csv, gettext, json, os, re, sys

LANGUAGES = {"en": "English", "fr": "French", "es": "Spanish", "ru": "Russian", "ar": "Arabic", "zh": "Chinese"}
FORMER = {"CSK": "Czechoslovakia", "DDR": "German Democratic Republic", "SCG": "Serbia and Montenegro", "SUN": "Union of Soviet Socialist Republics",
          "YMD": "Democratic Yemen", "YUG": "Yugoslavia"}
OBSERVERS = ["PSE", "VAT"]
# A name that says less than the language's readers need, or that another state bears too.
UNWANTED = re.compile(r" - |territor|SAR|Vatican|Ватикан|Vaticano|الفاتيكان|梵蒂冈|Territorios|领土|территор|الأراضي|ساحل العاج", re.IGNORECASE)


def written_out(name):
    """“Iran (Islamic Republic of)” also as “Islamic Republic of Iran”, “Иран (Исламская Республика)” as “Исламская Республика Иран”."""
    found = re.fullmatch(r"(.+?) \((.+)\)", name)
    if not found:
        return []
    head, tail = found.groups()
    if " - " in tail:  # Arabic: the name's place is marked with a dash
        return [tail.replace(" - ", f" {head} "), head]
    joint = "" if tail.endswith(("'", "’")) else " "
    return [tail + joint + head, head] if re.search(r"( of| of the| de| del| d['’]| dos?|[а-я])$", tail) else [head]


def main(taxonomy, iso, locale):
    rows = list(csv.DictReader(open(taxonomy, encoding="utf-8")))
    rows = [r for r in rows if r["ISO 3166-1 Alpha 3-Codes"] and (r["Appears in DGACM list"] == "Y" or r["ISO 3166-1 Alpha 3-Codes"] in OBSERVERS)]
    codes = {r["ISO 3166-1 Alpha 3-Codes"]: r for r in rows}
    names = {language: {code: [] for code in sorted(codes)} for language in LANGUAGES}
    short = {}

    def add(language, code, name):
        name = re.sub(r"\s+", " ", (name or "").replace("'", "’")).strip().removeprefix("the ").removesuffix(" (the)").rstrip("*")
        entry = names[language].setdefault(code, [])
        for form in [name, *written_out(name)]:
            if form and form not in entry and not UNWANTED.search(form):
                entry.append(form)

    for code, row in codes.items():
        short[code] = row["Preferred Term"].replace("'", "’")
        for field in ["Preferred Term", "English Formal", "DGACM Alt Term"]:
            add("en", code, row[field])
        for language, word in LANGUAGES.items():
            add(language, code, row[f"{word} Short"])
            add(language, code, row[f"M49 {word}"])
    standard = json.load(open(f"{iso}/iso_3166-1.json", encoding="utf-8"))["3166-1"]
    for language in LANGUAGES:
        folder = {"zh": "zh_CN"}.get(language, language)
        path = f"{locale}/{folder}/LC_MESSAGES/iso_3166-1.mo"
        say = gettext.GNUTranslations(open(path, "rb")).gettext if language != "en" else (lambda text: text)
        for entry in standard:
            for field in ["common_name", "official_name"]:
                text = entry.get(field)
                if entry["alpha_3"] in codes and text and (language == "en" or say(text) != text):
                    add(language, entry["alpha_3"], say(text))
    try:
        import babel
        alpha2 = {entry["alpha_3"]: entry["alpha_2"] for entry in standard}
        for language in LANGUAGES:
            territories = babel.Locale(language).territories
            for code in codes:
                add(language, code, territories.get(alpha2[code]))
    except ImportError:
        print("without CLDR names: babel is not installed", file=sys.stderr)
    past, organizations = [], []
    here = os.path.dirname(os.path.abspath(__file__))
    for line in open(f"{here}/supplement.tsv", encoding="utf-8"):
        if line.startswith("#"):
            continue
        code, language, first, last, _, name = line.rstrip("\n").split("\t")
        name = name.replace("'", "’")
        if code == "-":
            organizations.append((language, name))
        elif first or last:
            past.append((code, language, first, last, name))
        else:
            add(language, code, name)
    former = {e["alpha_3"]: e for e in json.load(open(f"{iso}/iso_3166-3.json", encoding="utf-8"))["3166-3"]}
    out = os.path.join(here, "../../Shared/Documents/Parties")
    for language, word in LANGUAGES.items():
        lines = [f"{code}|" + "|".join(forms) for code, forms in sorted(names[language].items()) if forms]
        write(out, f"{word}Names", f"Names of states in {word}, the form that the United Nations prints first.", f"{word.lower()}", lines)
    lines = [f"{code}|{first}|{last}|{language}|{name}" for code, language, first, last, name in sorted(past)]
    write(out, "PastNames", "Names borne in the years given, and names given up: code, first year, last year, language, name.", "past", lines)
    lines = [f"{code}|member|{short[code]}" if code not in OBSERVERS else f"{code}|observer|{short[code]}" for code in sorted(codes)]
    lines += [f"{code}|former|{name}|{former[code]['withdrawal_date'][:4]}" for code, name in sorted(FORMER.items())]
    lines += [f"-|organization|{name}|{language}" for language, name in sorted(organizations)]
    write(out, "StateList", "Member and observer states, former ones with the year their code was withdrawn, and observer organizations, which have no code.", "list", lines)


def write(folder, file, comment, constant, lines):
    wrapped = []
    for line in lines:
        while len(line) > 190:  # a line that begins with a bar continues the one before
            cut = line.rfind("|", 0, 190)
            wrapped.append(line[:cut])
            line = line[cut:]
        wrapped.append(line)
    with open(f"{folder}/{file}.swift", "w", encoding="utf-8") as swift:
        swift.write(f"// Made by deploy/parties/make.py; not edited by hand.\n\nextension StateName {{\n  /// {comment}\n  static let {constant} = \"\"\"\n")
        swift.writelines(f"    {line}\n" for line in wrapped)
        swift.write('    """\n}\n')


main(*sys.argv[1:])
