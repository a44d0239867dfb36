"""Text, HTML, RTF, mail, and things that are none of these."""

import base64

from archives import LAUGHS, outside
from kit import made, zipped

PAPER = b"The delegation has the honour to state its position, and this is paper %d.\n"


# Plain text

@made("one-line.txt")
def _(world):
    return b"word " * (world.giant(30 << 20) // 5)


for name, unit in {
    "brackets": "(", "digits": "1", "marks": "a" + "\u0301" * 99, "one-letter-with-marks": "\u0301", "flags": "\U0001f1e6", "joined": "\U0001f468\u200d",
    "hangul": "\u1100", "direction": "\u202e\u202d", "feeds": "\f", "feeds-and-words": "word\f", "symbols": "A/74/1", "dashes": "–", "blanks": "a    ",
    "quotes": '"', "newlines": "a\n\n", "items": "Agenda item 1 (a) ", "signed": "(Signed) A B\n", "letter": "Letter dated 1 May 2019 from the Permanent ",
    "labels": "1.", "rule": "________\n1 note\n", "hyphens": "co-\n", "roman": "XIV. ", "colons": "Mr. A:", "resolutions": "resolutions 1 (1990), ",
}.items():
    @made(f"endless-{name}.txt")
    def _(world, unit=unit.encode()):
        return b"a" + unit * (world.giant(8 << 20) // len(unit))


@made("masthead-without-end.txt")
def _(world):
    count = world.giant(20_000)
    symbols = "–".join(f"A/{n}/{n}" for n in range(count))
    items = ", ".join(str(n) for n in range(count))
    states = ", ".join(("France", "Germany", "Chad", "Peru")[n % 4] for n in range(count))
    return (f"United Nations  {symbols}\nGeneral Assembly\nDistr.: General\n1 May 2019\nOriginal: English\n\nSeventy-fourth session\nAgenda items {items}\n\n"
            f"Letter dated 1 May 2019 from the representatives of {states} addressed to the Secretary-General\n\n1. One.\n(Signed) {states}\n").encode()


@made("utf-16-of-odd-length.txt", "refused")
def _(world):
    return b"\xff\xfe" + "A text of the delegation.".encode("utf-16-le") + b"x"


@made("utf-16-is-noise.txt")
def _(world):
    return b"\xfe\xff" + world.chance.randbytes(10_000)


@made("utf-16-said-and-utf-8-sent.txt")
def _(world):
    return b"\xff\xfe" + PAPER % 1 * 20


@made("utf-7.txt")
def _(world):
    return b"+ADw-script+AD4-alert(1)+ADw-/script+AD4- " * 50


@made("utf-32.txt", "refused")
def _(world):
    return "\ufeff text".encode("utf-32-le")


@made("controls.txt", "refused")
def _(world):
    return b"\x1b[2J\x1b]0;title\x07\x01\x02" * 1000


@made("overlong.txt", "refused")
def _(world):
    return PAPER % 1 + b"\xc0\xaf\xe0\x80\xaf\xed\xa0\x80\xf8\x88\x80\x80\x80"


@made("test-for-scanners.txt", "read")
def _(world):
    return b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"NO-REAL-SCANNER-TEST-FILE!$H+H* " + PAPER % 1


for name, start in {"elf": b"\x7fELF\2\1\1" + bytes(60), "mz": b"MZ\x90\0" + bytes(200), "rar": b"Rar!\x1a\7\1\0" + bytes(50), "gz": b"\x1f\x8b\x08" + bytes(50),
                    "class": b"\xca\xfe\xba\xbe\0\0\0\x34" + bytes(50), "sqlite": b"SQLite format 3\0" + bytes(84), "gif": b"GIF89a" + b"\xff" * 50,
                    "wasm": b"\0asm\1\0\0\0" + bytes(50), "postscript": b"%!PS\n(%pipe%touch x) (w) file\n"}.items():
    @made(f"program-{name}.txt", "refused")
    def _(world, start=start):
        return start


@made("noise.bin", "refused")
def _(world):
    return world.chance.randbytes(world.giant(10 << 20))


# HTML

@made("nested.html")
def _(world):
    return b"<html><body>" + b"<div><b>" * world.giant(1_000_000) + b"a text"


@made("nested-tables.html")
def _(world):
    return b"<html>" + b"<table><tr><td>" * world.giant(1_000_000) + b"a text"


@made("nested-lists.html")
def _(world):
    return b"<html>" + b"<ol type=a start=4000><li>a" * world.giant(1_000_000)


@made("attribute-of-30-megabytes.html")
def _(world):
    return b"<html><p class='" + b"x" * world.giant(30 << 20) + b"'>a text</p>"


@made("attribute-beyond-the-limit.html", "refused")
def _(world):
    return b"<html><p class='" + b"x" * (100 << 20 if world.scale == 1 else 33 << 20) + b"'>a text</p>"


@made("entities.html")
def _(world):
    return b"<html><p>" + b"&#x10ffff;&#55555555555;&amp&lt" * world.giant(500_000) + b"&" * world.giant(5_000_000)


for name, unit in {"comments": b"<!--", "declarations": b"<!a ", "questions": b"<?a ", "data": b"<![CDATA[", "opened": b"<a b='", "opening": b"<", "scripts": b"<script>",
                   "titles": b"<title>", "numbers": b"<ol start=9223372036854775807><li value=-9223372036854775808>a"}.items():
    @made(f"unclosed-{name}.html")
    def _(world, unit=unit):
        return b"<html><p>The delegation has the honour.</p>" + unit * (world.giant(10 << 20) // len(unit))


for name in ("utf-7", "iso-2022-jp", "../../../etc/passwd", "utf-16", "hz-gb-2312", "x" * 3000, "utf-8//TRANSLIT", "-f", ""):
    @made(f"charset-{name[:9].replace('/', '_') or 'none'}.html")
    def _(world, name=name):
        return f"<html><meta charset='{name}'><p>The delegation has the honour.</p>".encode() + b"+ADw-script+AD4- \x1b$B0!0!\x1b(B ~{0!~} \xe9"


@made("everything-outside.html", "read")
def _(world):
    host = f"http://127.0.0.1:{world.port}"
    return (f"{outside(world)}<html><head><base href='{host}/'><link rel=stylesheet href='{host}/a.css'><meta http-equiv=refresh content='0;url={host}/r'></head>"
            f"<body><img src='{host}/i.png'><iframe src='file://{world.forbidden}/secret.txt'></iframe><script src='{host}/s.js'></script>&f;&h;"
            "<p>The delegation has the honour to state its position.</p></body></html>").encode().replace(b"<!DOCTYPE x", b"<!DOCTYPE html")


@made("laughs.html")
def _(world):
    return (LAUGHS.replace("DOCTYPE x", "DOCTYPE html") + "<html><p>&a29;&a29; and a text</p>").encode()


# RTF

@made("braces.rtf", "refused")
def _(world):
    return b"{\\rtf1 " + b"{" * world.giant(1_000_000)


@made("closing-braces.rtf")
def _(world):
    return b"{\\rtf1 a text" + b"}" * world.giant(1_000_000) + b" and more"


for name, unit in {
    "binary": b"\\bin99999999999 ", "binary-negative": b"\\bin-5 abc", "unicode": b"\\u-2147483648 \\u65536?", "surrogates": b"\\u-10240?", "skips": b"\\uc2000000000\\u65?a",
    "tables": b"\\trowd\\intbl a\\cell", "rows": b"\\trowd a\\row", "fonts": b"{\\fonttbl{\\f1\\fcharset204 a;}}\\f1\\'e9", "hex": b"\\'zz\\'", "words": b"\\" + b"a" * 500 + b" ",
    "notes": b"{\\footnote a", "stars": b"{\\*\\x a}", "paragraphs": b"\\par ", "shapes": b"{\\shptxt a}", "backslashes": b"\\",
}.items():
    @made(f"endless-{name}.rtf")
    def _(world, unit=unit):
        return b"{\\rtf1\\ansi\\ansicpg1251 The delegation has the honour. " + unit * (world.giant(6 << 20) // len(unit))


@made("objects-and-fields.rtf", "read")
def _(world):
    host = f"http://127.0.0.1:{world.port}"
    return (f"{{\\rtf1{{\\object\\objautlink\\objupdate{{\\*\\objdata 0105}}}}{{\\field{{\\*\\fldinst INCLUDETEXT \"{world.forbidden}/secret.txt\"}}}}"
            f"{{\\*\\template {host}/t.dot}}{{\\field{{\\*\\fldinst DDEAUTO c:\\\\cmd.exe}}}}\\par The delegation has the honour to state its position.}}").encode()


# Mail

HEAD = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: A paper\r\nMessage-ID: <%d@example.org>\r\nMIME-Version: 1.0\r\n"


def mail(world, kind, body):
    return HEAD % world.chance.randrange(1 << 60) + b"Content-Type: " + kind + b"\r\n\r\n" + body


@made("nested-parts.eml", "refused")
def _(world):
    return mail(world, b"multipart/mixed; boundary=b", b"".join(b"--b%s\r\nContent-Type: multipart/mixed; boundary=b%s\r\n\r\n" % (b"" if n == 0 else b"%d" % n, b"%d" % (n + 1)) for n in range(10_000)))


@made("parts-with-one-boundary.eml")
def _(world):
    return mail(world, b"multipart/mixed; boundary=b", b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" * 10_000)


@made("boundaries-begin-alike.eml")
def _(world):
    return mail(world, b"multipart/mixed; boundary=\"-\"", b"--\r\n---\r\n----\r\n\r\na text\r\n-----\r\n" * world.giant(200_000))


@made("alternatives.eml")
def _(world):
    inner = b"a text\r\n"
    for depth in range(14):
        inner = (b"Content-Type: multipart/alternative; boundary=x%d\r\n\r\n" % depth) + (b"--x%d\r\n" % depth + inner) * 2 + b"--x%d--\r\n" % depth
    return HEAD % 1 + inner


@made("messages-within-messages.eml")
def _(world):
    inner = PAPER % world.chance.randrange(1 << 60)
    for depth in range(40):
        inner = HEAD % world.chance.randrange(1 << 60) + b"Content-Type: multipart/mixed; boundary=z%d\r\n\r\n--z%d\r\n\r\na text\r\n--z%d\r\nContent-Type: message/rfc822\r\n\r\n" % (depth, depth, depth) + inner
    return inner


@made("base64-without-end.eml")
def _(world):
    return mail(world, b"application/octet-stream; name=a.txt\r\nContent-Transfer-Encoding: base64", b"QUFB" * (world.giant(100 << 20) // 4))


@made("base64-is-none.eml")
def _(world):
    return mail(world, b"text/plain\r\nContent-Transfer-Encoding: base64", b"=" * 1000 + b"!!!!" * 100_000 + b"QQ==QQ==")


@made("quoted-printable-is-none.eml")
def _(world):
    return mail(world, b"text/plain\r\nContent-Transfer-Encoding: quoted-printable", b"=G1=\n=\r=0=" * world.giant(500_000))


@made("attachments-without-end.eml")
def _(world):
    return mail(world, b"multipart/mixed; boundary=b", b"".join(b"--b\r\nContent-Disposition: attachment; filename=%d.txt\r\n\r\npaper %d %d\r\n" % (n, n, world.chance.randrange(1 << 60)) for n in range(world.giant(20_000))))


@made("headers-without-end.eml")
def _(world):
    return HEAD % 1 + b"".join(b"X-%d: %d\r\n" % (n, n) for n in range(world.giant(1_000_000))) + b"\r\na text\r\n"


@made("header-of-megabytes.eml")
def _(world):
    return HEAD % 1 + b"Subject: " + b"=?utf-8?B?QUFB?= " * world.giant(2_000_000) + b"\r\n " + b"=?" * world.giant(5_000_000) + b"\r\n\r\na text\r\n"


@made("parameters-without-end.eml")
def _(world):
    return mail(world, b"text/plain" + b"".join(b"; a*%d*=b" % n for n in range(5_000)) + b";" * 60_000 + b'"' * 60_000, b"a text")


@made("continuations-without-end.eml")
def _(world):
    return HEAD % 1 + b"Subject: a\r\n" + b" b\r\n" * world.giant(5_000_000) + b"\r\na text\r\n"


@made("names-that-lead-out.eml", "read")
def _(world):
    names = [f"{'../' * 30}{world.forbidden[1:]}/mail.txt", f"{world.forbidden}/mail2.txt", "..", ".", "", "a\0b", "x" * 5000]
    parts = b"".join(b"--b\r\nContent-Disposition: attachment; filename=\"%s\"\r\n\r\npaper %d\r\n" % (name.encode(), world.chance.randrange(1 << 60)) for name in names)
    return mail(world, b"multipart/mixed; boundary=b", b"--b\r\n\r\nThe delegation has the honour to state its position.\r\n" + parts + b"--b--\r\n")


@made("external-body.eml", "read")
def _(world):
    part = b"--b\r\nContent-Type: message/external-body; access-type=URL; URL=\"http://127.0.0.1:%d/b\"\r\n\r\nContent-Type: text/plain\r\n\r\n" % world.port
    return mail(world, b"multipart/mixed; boundary=b", b"--b\r\n\r\nThe delegation has the honour to state its position.\r\n" + part + b"--b--\r\n")


@made("a-zip-of-bombs-attached.eml")
def _(world):
    archive = zipped(**{"zeros.txt": bytes(world.giant(200 << 20)), "a.txt": PAPER % world.chance.randrange(1 << 60)})
    return mail(world, b"application/zip; name=a.zip\r\nContent-Transfer-Encoding: base64", base64.encodebytes(archive))


@made("unknown-charset.eml")
def _(world):
    return mail(world, b"text/plain; charset=\"../../etc/passwd\"", b"caf\xe9")
