"""ZIP archives: bombs, lies, recursion, names that lead elsewhere; Word and OpenDocument files, which are archives."""

import struct
import zlib

from kit import Zip, deflated, made, repeated_deflated, zipped
from quine import quine

PAPER = b"The delegation has the honour to state its position, and this is paper %d.\n"
WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>%s</w:body></w:document>'
TEXT = "<w:p><w:r><w:t>The delegation has the honour to state its position.</w:t></w:r></w:p>"
ODT = '<office:document-content xmlns:office="o" xmlns:text="t"><office:body><office:text>%s</office:text></office:body></office:document-content>'


def docx(document, **more):
    archive = Zip().add("[Content_Types].xml", b"<Types/>").add("word/document.xml", document if isinstance(document, bytes) else document.encode())
    for name, data in more.items():
        archive.add(name, data)
    return archive.bytes()


def odt(content, styles=b"<s/>"):
    kind = b"application/vnd.oasis.opendocument.text"
    archive = Zip().add("mimetype", kind, packed=kind, method=0)
    return archive.add("content.xml", content if isinstance(content, bytes) else content.encode()).add("styles.xml", styles).bytes()


def bomb(name, unit, count):
    packed, checksum, size = repeated_deflated(unit, count)
    return Zip().add(name, packed=packed, checksum=checksum, size=size)


# Bombs

@made("bomb-ratio.zip", "refused")
def _(world):
    return bomb("zeros.txt", b"\0", world.giant(1 << 30)).bytes()


@made("bomb-just-below-the-ratio.zip")
def _(world):
    archive = bomb("a.txt", b"A sentence that is repeated without end. ", world.giant(30 << 20) // 41)
    noise = world.chance.randbytes(world.giant(1 << 20))
    return archive.add("noise.bin", noise, packed=noise, method=0).bytes()


@made("bomb-lying-sizes.zip")
def _(world):
    packed, checksum, size = repeated_deflated(b"a", 600 << 20)
    return Zip().add("a.txt", packed=packed, checksum=checksum, size=100).bytes()


@made("bomb-count.zip", "refused")
def _(world):
    archive = Zip()
    for number in range(world.giant(65_000) + 10_001):
        archive.add(f"{number}.txt", b"")
    return archive.bytes()


@made("bomb-of-allowed-count.zip")
def _(world):
    archive = Zip()
    for number in range(world.giant(1_500)):
        archive.add(f"{number}.txt", PAPER % (world.chance.randrange(1 << 60)))
    return archive.bytes()


@made("bomb-overlapping.zip")
def _(world):
    packed, checksum, size = repeated_deflated(b"The same kernel, quoted. ", 40_000)
    archive = Zip().add("0.txt", packed=packed, checksum=checksum, size=size)
    for number in range(1, 4_000):
        archive.add(f"{number}.txt", packed=packed, checksum=checksum, size=size, offset=0, directory_only=True)
    return archive.bytes()


@made("bomb-empty-folders.zip")
def _(world):
    archive = Zip()
    for number in range(9_999):
        archive.add("d/" * (number % 500) + f"{number}/", b"", mode=0o40755)
    return archive.bytes()


@made("bomb-lzma-dictionary.zip", "refused")
def _(world):
    return Zip().add("a.txt", packed=b"\x09\x14\x05\x00\x5d\xff\xff\xff\xff" + world.chance.randbytes(200), method=14, size=1 << 20).bytes()


for method in (1, 6, 9, 12, 95, 97, 98, 99, 255):
    @made(f"method-{method}.zip", "refused")
    def _(world, method=method):
        return Zip().add("a.txt", PAPER % 1, method=method).bytes()


# Recursion

def nest(inner, name, depth, copies=1):
    for _ in range(depth):
        archive = Zip()
        for copy in range(copies):
            archive.add(f"{copy}-{name}" if copies > 1 else name, inner)
        inner, name = archive.bytes(), "inner.zip"
    return inner


@made("nested-30-deep.zip", "refused")
def _(world):
    return nest(PAPER % world.chance.randrange(1 << 60), "a.txt", 30)


@made("nested-wide-and-deep.zip")
def _(world):
    return nest(PAPER % world.chance.randrange(1 << 60), "a.txt", 6, 16 if world.scale == 1 else 5)


@made("nested-bombs.zip")
def _(world):
    inner = bomb("zeros.txt", b"\0", world.giant(400 << 20)).bytes()
    archive = Zip()
    for number in range(20):
        archive.add(f"{number}.zip", inner + bytes(number)).add(f"{number}.txt", PAPER % world.chance.randrange(1 << 60))
    return archive.bytes()


@made("nested-large-each-level.zip")
def _(world):
    inner = zipped(**{"a.txt": PAPER % world.chance.randrange(1 << 60)})
    for level in range(4):
        noise = world.chance.randbytes(1 << 20)
        packed, checksum, size = repeated_deflated(bytes(range(256)), world.giant(150 << 20) // 256)
        inner = Zip().add("filling.bin", packed=packed, checksum=checksum, size=size).add("noise.bin", noise).add("inner.zip", inner).bytes()
    return inner


@made("holds-its-own-bytes.zip")
def _(world):
    inner = zipped(**{"a.txt": PAPER % world.chance.randrange(1 << 60)})
    return Zip().add("a.zip", inner).add("again/a.zip", inner).add("and/again/a.zip", inner).bytes()


@made("unpacks-to-itself.zip", "refused")
def _(world):
    return quine()


@made("zip-in-mail-in-zip-in-mail.zip")
def _(world):
    import base64
    inner = PAPER % world.chance.randrange(1 << 60)
    name = "a.txt"
    for level in range(6):
        inner, name = zipped(**{name: inner}), "a.zip"
        inner = (b"From: a@example.org\r\nMessage-ID: <%d@x>\r\nMIME-Version: 1.0\r\nContent-Type: application/zip; name=%s\r\n"
                 b"Content-Transfer-Encoding: base64\r\n\r\n%s" % (level, name.encode(), base64.encodebytes(inner)))
        name = "a.eml"
    return zipped(**{name: inner})


# Names

def evil_names(world):
    place = world.forbidden
    up = "../" * 40
    return [
        f"{up}{place[1:]}/up.txt", f"{place}/absolute.txt", f"{up}{place[1:]}/up\0.txt", (up + place[1:]).replace("/", "\\") + "\\back.txt",
        f"C:{place}/drive.txt".replace("/", "\\"), f"//host{place}/share.txt", f"a/../../{up}{place[1:]}/inner.txt", "./" * 2000 + "dots.txt",
        "x" * 60_000 + ".txt", "/" * 5000 + "slashes.txt", "TRAILER!!!", "-rf", "@archive", "--checkpoint-action=exec=touch " + place + "/x",
        "CON", "NUL.txt", "aux.pdf", "COM1", "a\nb.txt", "\x1b]0;title\x07.txt", "\u202etxt.exe", "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16") + ".txt",
        b"\xff\xfe\x80.txt", "", " ", ".", "..", "...", "~/x.txt", "$(touch " + place + "/shell).txt", "`touch " + place + "/tick`.txt",
        ";touch " + place + "/semi;.txt", "|touch " + place + "/pipe.txt", "%2e%2e%2fup.txt", "..%c0%af..%c0%afup.txt", "*", "[a-z]*", "\\", "/",
    ]


@made("names.zip")
def _(world):
    archive = Zip()
    for number, name in enumerate(evil_names(world)):
        archive.add(name, PAPER % world.chance.randrange(1 << 60))
    return archive.add("honest.txt", PAPER % world.chance.randrange(1 << 60)).bytes()


@made("names-of-megabytes.zip", "read")
def _(world):
    archive = Zip()
    for number in range(900):
        archive.add("d/" * world.chance.randrange(30_000) + f"{number}.txt", PAPER % world.chance.randrange(1 << 60))
    return archive.bytes()


@made("links-and-devices.zip", "read")
def _(world):
    archive = Zip()
    for number, mode in enumerate((0o120777, 0o060644, 0o020644, 0o010644, 0o140644, 0o104755, 0o040755, 0)):
        archive.add(f"special-{number}", world.forbidden.encode() + b"/link", mode=mode)
    archive.add("out", world.forbidden.encode(), mode=0o120777).add("out/through-the-link.txt", PAPER % world.chance.randrange(1 << 60))
    archive.add("secret", world.forbidden.encode() + b"/secret.txt", mode=0o120777)
    return archive.add("honest.txt", PAPER % world.chance.randrange(1 << 60)).bytes()


@made("trailer-in-the-middle.zip", "read")
def _(world):
    return Zip().add("TRAILER!!!", PAPER % world.chance.randrange(1 << 60)).add("after.txt", PAPER % world.chance.randrange(1 << 60)).bytes()


@made("directory-and-headers-differ.zip")
def _(world):
    return Zip().add("good.txt", PAPER % 1, local_name=b"../../" + world.forbidden.encode() + b"/differs.txt").bytes()


@made("same-name-twice.zip")
def _(world):
    archive = Zip()
    for _ in range(50):
        archive.add("a.txt", PAPER % world.chance.randrange(1 << 60))
    return archive.bytes()


# Lies in the directory

@made("end-within-the-comment.zip")
def _(world):
    inner = Zip().add("inner.txt", PAPER % world.chance.randrange(1 << 60)).bytes()
    return Zip().add("outer.txt", PAPER % world.chance.randrange(1 << 60)).bytes(comment=inner)


@made("only-an-end.zip")
def _(world):
    return b"PK\5\6" + bytes(18)


@made("zip64-giants.zip")
def _(world):
    extra = struct.pack("<HHQQQ", 1, 24, 1 << 62, 1 << 61, 1 << 60)
    return Zip().add("a.txt", PAPER % 1, size=-1, packed_size=-1, offset=-1, extra=extra, directory_only=True).add("b.txt", PAPER % 2).bytes()


@made("extra-fields-without-end.zip")
def _(world):
    archive = Zip()
    for number in range(200):
        archive.add(f"{number}.txt", PAPER % number, extra=struct.pack("<HH", world.chance.randrange(65536), 0xFFFF) + world.chance.randbytes(60_000))
    return archive.bytes()


for name, change in {
    "count-too-many": dict(count=60_000), "count-none": dict(count=0), "offset-beyond": dict(offset=0xFFFFFFFF), "offset-itself": dict(offset=0),
    "size-beyond": dict(size=0xFFFFFFFF), "size-none": dict(size=0), "other-disk": dict(disk=7),
}.items():
    @made(f"end-{name}.zip")
    def _(world, change=change):
        return Zip().add("a.txt", PAPER % world.chance.randrange(1 << 60)).add("b.txt", PAPER % world.chance.randrange(1 << 60)).bytes(**change)


@made("checksum-wrong.zip", "refused")
def _(world):
    return Zip().add("a.txt", PAPER % 1, checksum=1).bytes()


LONG = (WORD % (TEXT * 5_000)).encode()
LIES = {
    "checksum": dict(checksum=1), "checksum-none": dict(checksum=0), "larger": dict(size=len(LONG) + 1000), "smaller": dict(size=len(LONG) // 2),
    "of-the-beginning": dict(size=300_000, checksum=zlib.crc32(LONG[:300_000])), "cut": dict(packed=deflated(LONG)[:-200]),
    "short": dict(packed=deflated(LONG[:-1000]), checksum=zlib.crc32(LONG), size=len(LONG)),
}
for name, lie in LIES.items():
    @made(f"lying-{name}.docx", "refused")
    def _(world, lie=lie):
        return Zip().add("word/document.xml", LONG, **lie).bytes()

    @made(f"lying-{name}-beside-whole.zip", "" if name in ("of-the-beginning", "cut") else "read")
    def _(world, lie=lie):
        return Zip().add("a.txt", LONG, **lie).add("b.txt", PAPER % world.chance.randrange(1 << 60)).bytes()


@made("encrypted.zip", "refused")
def _(world):
    return Zip().add("a.txt", world.chance.randbytes(100), packed=world.chance.randbytes(112), flags=1).bytes()


@made("encrypted-in-the-header-only.zip")
def _(world):
    data = bytearray(Zip().add("a.txt", PAPER % 1).bytes())
    data[6] |= 1
    return bytes(data)


@made("streamed-without-sizes.zip")
def _(world):
    return Zip().add("a.txt", PAPER % 1, flags=8, packed=deflated(PAPER % 1) + b"PK\7\x08" + bytes(12)).bytes()


# Word

LAUGHS = "<!DOCTYPE x [<!ENTITY a0 'ha'>" + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 30)) + "]>"
OUTSIDE = ("<!DOCTYPE x [<!ENTITY f SYSTEM 'file://{0}/secret.txt'><!ENTITY h SYSTEM 'http://127.0.0.1:{1}/x'>"
           "<!ENTITY % p SYSTEM 'http://127.0.0.1:{1}/p.dtd'> %p;]>")


def outside(world):
    return OUTSIDE.replace("{0}", world.forbidden).replace("{1}", str(world.port))


@made("bomb-text.docx", "refused")
def _(world):
    packed, checksum, size = repeated_deflated(b" ", world.giant(1 << 30))
    return Zip().add("word/document.xml", packed=packed, checksum=checksum, size=size).bytes()


@made("bomb-lying.docx")
def _(world):
    packed, checksum, size = repeated_deflated(b"<w:p><w:r><w:t>and so on</w:t></w:r></w:p>", 5_000_000)
    return Zip().add("word/document.xml", packed=packed, checksum=checksum, size=1000).bytes()


@made("laughs.docx")
def _(world):
    return docx(LAUGHS + WORD % "<w:p><w:r><w:t>&a29;&a29; and a text</w:t></w:r></w:p>")


@made("entities-outside.docx", "read")
def _(world):
    links = (f'<Relationships><Relationship Id="r1" Type="t/attachedTemplate" Target="http://127.0.0.1:{world.port}/t.dotm" TargetMode="External"/>'
             f'<Relationship Id="r2" Type="t/header" Target="../../../../{world.forbidden}/secret.txt"/>'
             f'<Relationship Id="r3" Type="t/aFChunk" Target="file://{world.forbidden}/secret.txt" TargetMode="External"/></Relationships>')
    text = TEXT + '<w:p><w:r><w:t>&f;&h;</w:t></w:r></w:p><w:altChunk r:id="r3"/><w:sectPr><w:headerReference w:type="first" r:id="r2"/></w:sectPr>'
    return docx(outside(world) + WORD % text, **{"word/_rels/document.xml.rels": links.encode()})


@made("macros.docm", "read")
def _(world):
    return docx(WORD % TEXT, **{"word/vbaProject.bin": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + world.chance.randbytes(4096)})


@made("macros.xlsm", "refused")
def _(world):
    return zipped(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": world.chance.randbytes(4096)})


@made("nested-paragraphs.docx")
def _(world):
    return docx(WORD % ("<w:p>" * world.giant(1_000_000) + TEXT))


@made("nested-tables.docx")
def _(world):
    return docx(WORD % ("<w:tbl><w:tr><w:tc>" * world.giant(1_000_000) + TEXT))


@made("nested-skipped.docx")
def _(world):
    return docx(WORD % ("<w:del>" * world.giant(1_000_000) + TEXT))


@made("widest-row.docx")
def _(world):
    return docx(WORD % ("<w:tbl><w:tr>" + f"<w:tc>{TEXT}</w:tc>" * world.giant(200_000) + "</w:tr></w:tbl>"))


@made("one-attribute.docx")
def _(world):
    return docx(WORD % (f'<w:p w:x="{"x" * world.giant(30 << 20)}">{TEXT}</w:p>'))


@made("attributes.docx")
def _(world):
    return docx(WORD % (f'<w:p {"".join(f"a{n}=1 " for n in range(world.giant(1_000_000)))}><w:pPr><w:ilvl {"x " * world.giant(1_000_000)}/></w:pPr></w:p>{TEXT}'))


@made("numbers.docx", "read")
def _(world):
    levels = "".join(f'<w:lvl w:ilvl="{n}"><w:start w:val="{v}"/><w:numFmt w:val="{f}"/><w:lvlText w:val="{"%1%2%3%9%10%" * 20}"/></w:lvl>'
                     for n, v, f in ((0, 2**63 - 1, "decimal"), (1, -2**63, "lowerRoman"), (2, 3999, "upperRoman"), (9, 1, "lowerLetter"),
                                     (-1, 1, "bullet"), (2**40, 1, "x")))
    numbering = (f'<w:numbering><w:abstractNum w:abstractNumId="1">{levels}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
                 '<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num></w:numbering>')
    styles = '<w:styles><w:style w:styleId="a"><w:basedOn w:val="b"/></w:style><w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    one = '<w:p><w:pPr><w:pStyle w:val="a"/><w:numPr><w:ilvl w:val="%s"/><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>One.</w:t></w:r></w:p>'
    text = "".join(one % level for level in (0, 0, 1, 1, 2, 2, 9, -1, 2**40, 2**63, "x", 8, 0) * 20)
    return docx(WORD % text, **{"word/numbering.xml": numbering.encode(), "word/styles.xml": styles.encode()})


@made("headers-that-are-patterns.docx", "read")
def _(world):
    archive = Zip().add("word/document.xml", (WORD % TEXT).encode())
    for number in range(5):
        archive.add(f"word/header{'*a' * (20 + number)}b.xml", b"<x/>").add(f"word/header{'a' * 200}{number}.xml", b"<x/>")
    return archive.bytes()


@made("headers-without-end.docx", "read")
def _(world):
    archive = Zip().add("word/document.xml", (WORD % TEXT).encode())
    for number in range(9_000):
        archive.add(f"word/header{number}{'x' * 300}.xml", b"<x/>")
    return archive.bytes()


@made("notes-without-end.docx")
def _(world):
    count = world.giant(500_000)
    notes = "<w:footnotes>" + "".join(f'<w:footnote w:id="{n}"><w:p><w:r><w:t>note {n}</w:t></w:r></w:p></w:footnote>' for n in range(count)) + "</w:footnotes>"
    text = "<w:p>" + "".join(f'<w:r><w:t>x</w:t><w:footnoteReference w:id="{n}"/></w:r>' for n in range(count)) + "</w:p>"
    return docx(WORD % text, **{"word/footnotes.xml": notes.encode()})


@made("text-part-is-noise.docx")
def _(world):
    return docx(world.chance.randbytes(100_000))


# OpenDocument

@made("laughs.odt")
def _(world):
    return odt(LAUGHS + ODT % "<text:p>&a29; and a text</text:p>")


@made("entities-outside.odt", "read")
def _(world):
    return odt(outside(world) + ODT % f'<text:p>&f;&h; and a text <draw:object xlink:href="http://127.0.0.1:{world.port}/o"/></text:p>')


@made("spaces.odt")
def _(world):
    return odt(ODT % ("<text:p>a" + '<text:s text:c="1000000000"/>' * world.giant(1_000_000) + "</text:p>"))


@made("lists.odt")
def _(world):
    style = ('<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-format="i" text:start-value="9223372036854775807" '
             'text:display-levels="-9223372036854775808"/></text:list-style>')
    return odt(ODT % (style + '<text:list text:style-name="L"><text:list-item text:start-value="9223372036854775807">' * world.giant(300_000)
                      + "<text:p>One.</text:p></text:list-item><text:list-item><text:p>Two.</text:p>"))


@made("nested.odt")
def _(world):
    return odt(ODT % ("<text:p>" * world.giant(1_000_000) + "a text" + "<table:table><table:table-row><table:table-cell>" * 1000))


@made("bomb.odt")
def _(world):
    kind = b"application/vnd.oasis.opendocument.text"
    packed, checksum, size = repeated_deflated(b"<text:p>and</text:p>", 20_000_000)
    archive = Zip().add("mimetype", kind, packed=kind, method=0)
    return archive.add("content.xml", packed=packed, checksum=checksum, size=50).bytes()
