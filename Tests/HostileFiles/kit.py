"""What the makers share: the list of made files, and writers of ZIP and PDF files that write what no honest program would."""

import random
import struct
import zlib

MADE = []


class World:
    """What a maker may use: a seeded source of chance, how large giants are, where nothing may appear and where nobody may connect."""

    def __init__(self, seed, scale, forbidden, port):
        self.chance = random.Random(seed)
        self.scale = scale
        self.forbidden = forbidden
        self.port = port

    def giant(self, full):
        """`full` in a whole run, a tenth of it in a short one."""
        return full // self.scale


def made(name, expect="", media="", slow=False):
    """Registers a maker of the file `name`. `expect`: "refused" or "read" where only that is right."""

    def register(maker):
        MADE.append((name, expect, media, slow, maker))
        return maker

    return register


def deflated(data, level=9):
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def repeated_deflated(unit, count):
    """The deflated form of `unit` `count` times over, its checksum and its size. One block is packed, so that it can stand after itself."""
    per = max(1, (1 << 20) // len(unit))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(unit * per) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = 0
    for _ in range(count // per):
        checksum = zlib.crc32(unit * per, checksum)
    rest = unit * (count % per)
    return block * (count // per) + deflated(rest), zlib.crc32(rest, checksum), len(unit) * count


class Zip:
    """A ZIP archive, each field of which can be a lie."""

    def __init__(self):
        self.body, self.directory, self.count = bytearray(), bytearray(), 0

    def add(self, name, data=b"", *, packed=None, checksum=None, size=None, packed_size=None, method=None, flags=0x800, mode=0o100644,
            local_name=None, local_size=None, offset=None, extra=b"", directory_only=False):
        name = name if isinstance(name, bytes) else name.encode()
        local_name = name if local_name is None else local_name
        if packed is None:
            packed = deflated(data)
        method = 8 if method is None else method
        checksum = zlib.crc32(data) if checksum is None else checksum
        size = len(data) if size is None else size
        packed_size = len(packed) if packed_size is None else packed_size
        at = len(self.body) if offset is None else offset
        if not directory_only:
            self.body += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 20, flags, method, 0, 0x21, checksum, packed_size & 0xFFFFFFFF,
                                     (size if local_size is None else local_size) & 0xFFFFFFFF, len(local_name), len(extra))
            self.body += local_name + extra + packed
        self.directory += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 0x0314, 20, flags, method, 0, 0x21, checksum,
                                      packed_size & 0xFFFFFFFF, size & 0xFFFFFFFF, len(name), len(extra), 0, 0, 0, (mode << 16) & 0xFFFFFFFF,
                                      at & 0xFFFFFFFF)
        self.directory += name + extra
        self.count += 1
        return self

    def bytes(self, *, comment=b"", count=None, offset=None, size=None, disk=0):
        count = self.count if count is None else count
        end = struct.pack("<4sHHHHIIH", b"PK\5\6", disk, disk, count & 0xFFFF, count & 0xFFFF,
                          len(self.directory) if size is None else size, len(self.body) if offset is None else offset, len(comment))
        return bytes(self.body + self.directory + end + comment)


def zipped(**members):
    archive = Zip()
    for name, data in members.items():
        archive.add(name, data)
    return archive.bytes()


class PDF:
    """A PDF file of numbered objects."""

    def __init__(self):
        self.objects = {}

    def add(self, text, number=None):
        """An object's text, with its number or the next one; gives the number."""
        number = max(self.objects, default=0) + 1 if number is None else number
        self.objects[number] = text if isinstance(text, bytes) else text.encode("latin-1")
        return number

    def stream(self, data, entries="", number=None, length=None):
        data = data if isinstance(data, bytes) else data.encode("latin-1")
        head = f"<< /Length {len(data) if length is None else length} {entries} >>\nstream\n".encode("latin-1")
        return self.add(head + data + b"\nendstream", number)

    def bytes(self, root=1, trailer="", version="1.7"):
        out = bytearray(f"%PDF-{version}\n%\xe2\xe3\xcf\xd3\n".encode("latin-1"))
        places = {}
        for number in sorted(self.objects):
            places[number] = len(out)
            out += f"{number} 0 obj\n".encode() + self.objects[number] + b"\nendobj\n"
        table = len(out)
        size = max(self.objects, default=0) + 1
        out += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
        for number in range(1, size):
            out += f"{places.get(number, 0):010d} {'00000 n' if number in places else '65535 f'} \n".encode()
        out += f"trailer\n<< /Size {size} /Root {root} 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n".encode("latin-1")
        return bytes(out)


def page(content, resources="", *, box="0 0 612 792", entries="", more=(), trailer="", catalog=""):
    """A PDF of one page: 1 catalog, 2 page tree, 3 page, 4 content, then what `more` gives, a text or (data, entries) for a stream."""
    pdf = PDF()
    pdf.add(f"<< /Type /Catalog /Pages 2 0 R {catalog} >>")
    pdf.add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>")
    pdf.add(f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents 4 0 R /Resources << {resources} >> {entries} >>")
    if isinstance(content, tuple):
        pdf.stream(*content)
    else:
        pdf.stream(content)
    for item in more:
        if isinstance(item, tuple):
            pdf.stream(*item)
        else:
            pdf.add(item)
    return pdf.bytes(trailer=trailer)


HELVETICA = "/Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >>"
WORDS = "BT /F 12 Tf 72 700 Td (The delegation has the honour to state its position.) Tj ET"
