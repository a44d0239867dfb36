"""Pictures whose headers lie, and old Word files whose chains of sectors do."""

import struct
import zlib

from kit import made
from mutate import seed


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, data, more=b"", depth=8, colour=0):
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)) + more + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@made("giant-header.png", "refused")
def _(world):
    return png(65535, 65535, zlib.compress(bytes(1000)))


@made("giant-and-full.png", slow=True)
def _(world):
    packer = zlib.compressobj(9)
    side = 30_000
    data = b"".join(packer.compress(bytes((side + 1) * 100)) for _ in range(side // 100)) + packer.flush()
    return png(side, side, data)


@made("beyond-all-headers.png", "refused")
def _(world):
    return png(0x7FFFFFFF, 0x7FFFFFFF, zlib.compress(bytes(10)), depth=16, colour=6)


@made("text-bomb.png", slow=True)
def _(world):
    text = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(200 << 20), 9))
    return png(100, 100, zlib.compress((b"\0" + b"\xff" * 100) * 100), more=text * 5)


@made("noise.png", slow=True)
def _(world):
    side = 3000 // (2 if world.scale > 1 else 1)
    return png(side, side, zlib.compress(b"".join(b"\0" + world.chance.randbytes(side) for _ in range(side)), 1))


@made("empty.png", "refused")
def _(world):
    return png(0, 0, b"")


@made("giant-header.jpg")
def _(world):
    return (b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xdb\0\x43\0" + b"\1" * 64 + b"\xff\xc0\0\x0b\x08\xff\xff\xff\xff\1\1\x11\0"
            b"\xff\xc4\0\x14\0\1" + bytes(15) + b"\0\xff\xda\0\x08\1\1\0\0\x3f\0" + world.chance.randbytes(100).replace(b"\xff", b"\0") + b"\xff\xd9")


@made("scans-without-end.jpg", slow=True)
def _(world):
    scan = b"\xff\xda\0\x08\1\1\0\1\1\0" + b"\0" * 4
    return (b"\xff\xd8\xff\xdb\0\x43\0" + b"\1" * 64 + b"\xff\xc2\0\x0b\x08\x20\0\x20\0\1\1\x11\0\xff\xc4\0\x14\0\1" + bytes(15) + b"\0\xff\xc4\0\x14\x10\1" + bytes(16)
            + scan * world.giant(50_000) + b"\xff\xd9")


@made("list-of-names.jpg", "refused")
def _(world):
    # Tesseract takes what is no picture for a list of pictures' names.
    return b"\xff\xd8\xff\n" + f"{world.forbidden}/secret.txt\nhttp://127.0.0.1:{world.port}/a.png\n/etc/passwd\n".encode() * 10


def tiff(entries, *, following=0, data=b"", tags=None):
    body = struct.pack("<H", len(entries) if tags is None else tags) + b"".join(struct.pack("<HHII", *entry) for entry in entries) + struct.pack("<I", following)
    return b"II*\0" + struct.pack("<I", 8) + body + data


PAGE = [(256, 4, 1, 100), (257, 4, 1, 100), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, 100), (279, 4, 1, 100)]


@made("pages-in-a-circle.tif", slow=True)
def _(world):
    return tiff(PAGE, following=8, data=bytes(10_000))


@made("pages-without-end.tif", slow=True)
def _(world):
    out, count = bytearray(b"II*\0" + struct.pack("<I", 8)), world.giant(50_000)
    size = 2 + 12 * len(PAGE) + 4
    for number in range(count):
        following = 8 + size * (number + 1) if number + 1 < count else 0
        out += struct.pack("<H", len(PAGE)) + b"".join(struct.pack("<HHII", *entry) for entry in PAGE) + struct.pack("<I", following)
    return bytes(out + bytes(10_000))


@made("giant-header.tif", "refused")
def _(world):
    return tiff([(256, 4, 1, 65535), (257, 4, 1, 65535)] + PAGE[2:], data=bytes(200))


@made("strips-that-lie.tif", slow=True)
def _(world):
    return tiff(PAGE[:5] + [(273, 4, 0x7FFFFFFF, 0xFFFFFFF0), (277, 3, 1, 65535), (278, 4, 1, 0), (279, 4, 0x7FFFFFFF, 8)], data=bytes(200))


@made("tags-that-lie.tif")
def _(world):
    return tiff([(tag, 2, 0xFFFFFFFF, 8) for tag in range(254, 340)], tags=65535)


@made("packed-bomb.tif", slow=True)
def _(world):
    data = zlib.compress(bytes(300 << 20), 9)
    side = 17_000
    return tiff([(256, 4, 1, side), (257, 4, 1, side), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1), (273, 4, 1, 122), (277, 3, 1, 1), (278, 4, 1, side), (279, 4, 1, len(data))],
                data=data)


# Old Word: a compound file, whose sectors form chains in a table. `letter.doc` has sectors of 512 bytes.

def sectors(data):
    """Where the first sector of the table of chains and that of the directory stand."""
    table, directory = struct.unpack_from("<I", data, 76)[0], struct.unpack_from("<I", data, 48)[0]
    return 512 * (table + 1), 512 * (directory + 1)


def word(name, expect=""):
    def register(change):
        @made(f"{name}.doc", expect)
        def _(world):
            data = bytearray(seed("letter.doc"))
            change(world, data, *sectors(data))
            return bytes(data)
    return register


@word("chains-in-a-circle")
def _(world, data, table, directory):
    for entry in range(128):
        if struct.unpack_from("<I", data, table + 4 * entry)[0] < 0xFFFFFFF0:
            struct.pack_into("<I", data, table + 4 * entry, entry)


@word("chains-into-each-other")
def _(world, data, table, directory):
    for entry in range(128):
        struct.pack_into("<I", data, table + 4 * entry, world.chance.randrange(29))


@word("chains-beyond-the-file")
def _(world, data, table, directory):
    for entry in range(128):
        struct.pack_into("<I", data, table + 4 * entry, world.chance.choice((0x7FFFFFFF, 0xFFFFFFF0, 1 << 20, 0xFFFFFFFE)))


@word("directory-in-a-circle")
def _(world, data, table, directory):
    for entry in range(4):
        struct.pack_into("<III", data, directory + 128 * entry + 68, world.chance.randrange(4), world.chance.randrange(4), world.chance.randrange(4))


@word("streams-of-gigabytes")
def _(world, data, table, directory):
    for entry in range(4):
        struct.pack_into("<IQ", data, directory + 128 * entry + 116, 0, world.chance.choice((1 << 31, 1 << 40, 0xFFFFFFFF, 0)))


@word("sectors-of-odd-sizes")
def _(world, data, table, directory):
    struct.pack_into("<HH", data, 30, world.chance.choice((0, 1, 31, 65535)), world.chance.choice((0, 32, 65535)))


@word("tables-without-end")
def _(world, data, table, directory):
    struct.pack_into("<I", data, 44, 0x7FFFFFFF)
    struct.pack_into("<IIII", data, 60, 0, 0x7FFFFFFF, 0, 0x7FFFFFFF)


@word("encrypted", "refused")
def _(world, data, table, directory):
    # The flag fEncrypted of the file's information block, which begins the main stream.
    place = data.index(b"\xec\xa5")
    data[place + 11] |= 1


@word("lengths-of-text")
def _(world, data, table, directory):
    place = data.index(b"\xec\xa5")
    for field in range(24, 200, 4):
        if world.chance.random() < 0.3:
            struct.pack_into("<I", data, place + field, world.chance.choice((0, 0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 1 << 20)))


@made("only-a-header.doc", "refused")
def _(world):
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


@made("macros.doc")
def _(world):
    return bytes(seed("letter.doc")) + "VBA".encode("utf-16-le").ljust(128, b"\0") + world.chance.randbytes(4096)
