"""Honest files, changed: cut, flipped, swapped, doubled, with numbers overwritten, outside and inside of what is packed."""

import io
import os
import re
import struct
import subprocess
import tempfile
import zipfile
import zlib
from functools import lru_cache

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NUMBERS = (0, 1, -1, 0x7F, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 1 << 62)


@lru_cache
def seed(name):
    for folder in ("Tests/Files", "deploy/sample"):
        path = os.path.join(ROOT, folder, name)
        if os.path.exists(path):
            with open(path, "rb") as file:
                return file.read()
    return drawn(name)


def drawn(name):
    """The letter's first page as a picture, by poppler."""
    kind = {"letter.png": ["-png"], "letter.jpg": ["-jpeg"], "letter.tif": ["-tiff", "-tiffcompression", "lzw"]}[name]
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", "60", "-gray", "-singlefile", *kind, os.path.join(ROOT, "Tests/Files/letter.pdf"), folder + "/letter"], check=True)
        (file,) = os.listdir(folder)
        with open(f"{folder}/{file}", "rb") as picture:
            return picture.read()


def mail():
    import base64
    return (b"From: a@example.org\r\nSubject: =?utf-8?B?0JjQstCw0L0=?=\r\nMessage-ID: <1@x>\r\nDate: Tue, 26 Nov 2019 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"
            b"Content-Type: multipart/mixed; boundary=\"outer\"\r\n\r\n--outer\r\nContent-Type: multipart/alternative; boundary=inner\r\n\r\n--inner\r\n"
            b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nThe note of the d=E9l=E9gation.\r\n--inner\r\n"
            b"Content-Type: text/html\r\n\r\n<p>HTML twin</p>\r\n--inner--\r\n--outer\r\nContent-Type: application/rtf; name=letter.rtf\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" + base64.encodebytes(seed("letter.rtf")) + b"--outer--\r\n")


def archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("letter.docx", "letter.odt", "letter.rtf", "statement-FIN-2004.txt"):
            file.writestr(zipfile.ZipInfo(f"papers/{name}"), seed(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()


HTML = ("<!DOCTYPE html><html><head><meta charset='utf-8'><title>Site</title><style>p { color: red }</style></head><body><!-- no --><p>The delegation&nbsp;said that "
        "3 &lt; 5, &laquo;&eacute;t&eacute;&raquo; &#8212;.</p><ol type=a start=2><li>two<li>three<ul><li>bullet</ul></ol><table><tr><th>Year<th>Sum<tr><td>2018</td>"
        "<td>12</td></tr></table><script>no()</script><p>Done</body></html>").encode() * 5

SEEDS = {name: (lambda name=name: seed(name)) for name in (
    "letter.docx", "letter.odt", "letter.rtf", "letter.doc", "letter.pdf", "letter.docx", "letter.odt", "letter.rtf", "letter.doc", "letter.pdf", "A_80_L.38.pdf", "A_C.5_80_L.12.pdf",
    "letter-2019-11-26.txt", "statement-NAM-2011.txt", "letter.png", "letter.jpg", "letter.tif")} | {"mail.eml": mail, "papers.zip": archive, "page.html": lambda: HTML}
# A picture takes seconds to read: few of them.
WEIGHTS = {".png": 0.3, ".jpg": 0.3, ".tif": 0.3, ".docx": 2, ".odt": 2, ".doc": 2, ".pdf": 3, ".zip": 2}


def mutant(chance):
    """The name and the bytes of a changed file."""
    names = list(SEEDS)
    name = chance.choices(names, [WEIGHTS.get(os.path.splitext(name)[1], 1) for name in names])[0]
    data = SEEDS[name]()
    inside = chance.random() < 0.6
    if inside and data[:2] == b"PK":
        return f"inside-{name}", in_archive(chance, data)
    if inside and data[:5] == b"%PDF-":
        return f"opened-{name}", ending(changed(chance, opened(data)), data)
    data = changed(chance, data)
    # Half of the cut PDFs end as whole ones do, or nothing but the end would be looked at.
    return name, ending(data, b"%%EOF") if name.endswith(".pdf") and chance.random() < 0.5 else data


def ending(data, whole):
    return data if b"%%EOF" in data[-4096:] else data + b"\n" + whole[-100:]


@lru_cache
def opened(data):
    """A PDF with its streams unpacked; readers find the objects again."""
    def unpack(match):
        head, body = match.group(1), match.group(2)
        try:
            plain = zlib.decompressobj().decompress(body)
        except zlib.error:
            return match.group(0)
        if b"/DecodeParms" in head:
            return match.group(0)
        return head.replace(b"/FlateDecode", b"").replace(b"/Filter", b"/Ignored 0 %") + b"\nstream\n" + plain + b"\nendstream"
    return re.sub(rb"(<<(?:(?!stream).)*?)\s*stream\r?\n(.*?)\r?\n?endstream", unpack, data, flags=re.S)


def in_archive(chance, data):
    """One member changed, and all packed again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        members = [(info.filename, old.read(info)) for info in old.infolist()]
        weighty = [name for name, content in members if name in ("word/document.xml", "word/numbering.xml", "word/styles.xml", "content.xml", "styles.xml")]
        chosen = chance.choice(weighty or [name for name, _ in members])
        for name, content in members:
            new.writestr(zipfile.ZipInfo(name), changed(chance, content) if name == chosen else content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def changed(chance, data):
    data = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        if data:
            chance.choice(CHANGES)(chance, data)
    return bytes(data)


def place(chance, data):
    """Anywhere, but oftener near the beginning and the end, where headers and directories are."""
    kind = chance.random()
    if kind < 0.2:
        return chance.randrange(min(len(data), 512))
    if kind < 0.4:
        return len(data) - 1 - chance.randrange(min(len(data), 512))
    return chance.randrange(len(data))


def length(chance, data):
    return min(len(data), int(2 ** chance.uniform(0, 14)))


def cut(chance, data):
    marks = [match.end() for match in re.finditer(rb"endobj|endstream|stream|PK\x01\x02|PK\x03\x04|>|\}|\r\n\r\n|\n", bytes(data))]
    del data[chance.choice(marks) if marks and chance.random() < 0.5 else place(chance, data):]


def flip(chance, data):
    for _ in range(chance.choice((1, 1, 4, 16, 64, 1000))):
        data[place(chance, data)] ^= 1 << chance.randrange(8)


def swap(chance, data):
    size = min(length(chance, data), len(data) // 2)
    first, second = chance.randrange(len(data) - size + 1), chance.randrange(len(data) - size + 1)
    data[first:first + size], data[second:second + size] = data[second:second + size], data[first:first + size]


def double(chance, data):
    at = place(chance, data)
    block = data[at:at + length(chance, data)]
    to = chance.choice((at, place(chance, data)))
    data[to:to] = block * chance.choice((1, 1, 2, 50))


def delete(chance, data):
    at = place(chance, data)
    del data[at:at + length(chance, data)]


def noise(chance, data):
    at = place(chance, data)
    data[at:at] = chance.randbytes(length(chance, data))


def overwrite(chance, data):
    at = place(chance, data)
    data[at:at + length(chance, data) // 8] = chance.choice((bytes(1), b"\xff", b"(", b"<", b"\x20")) * (length(chance, data) // 8)


def number(chance, data):
    """A number where one may stand, in binary."""
    size, order = chance.choice(((2, "H"), (4, "I"), (8, "Q"))), chance.choice("<>")
    for _ in range(chance.choice((1, 1, 4, 20))):
        at = place(chance, data) & ~(size[0] - 1)
        if at + size[0] <= len(data):
            struct.pack_into(order + size[1], data, at, chance.choice(NUMBERS) & (1 << 8 * size[0]) - 1)


def digits(chance, data):
    """A number where one stands, in digits."""
    found = list(re.finditer(rb"\d+", bytes(data)))
    for match in sorted(chance.sample(found, min(len(found), chance.choice((1, 1, 4, 20)))), key=lambda match: -match.start()):
        data[match.start():match.end()] = str(chance.choice(NUMBERS)).encode()


CHANGES = (cut, flip, swap, double, delete, noise, overwrite, number, digits)
