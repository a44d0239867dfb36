"""A ZIP archive that unpacks to itself, after Russ Cox, "Zip Files All The Way Down" (2010)."""

import struct
import zlib


def code_bits(symbol):
    """The fixed Huffman code of a literal or length symbol (RFC 1951, 3.2.6), first bit first."""
    for first, last, start, width in ((0, 143, 0x30, 8), (144, 255, 0x190, 9), (256, 279, 0, 7), (280, 287, 0xC0, 8)):
        if first <= symbol <= last:
            return f"{start + symbol - first:0{width}b}"


def match_bits(length, distance):
    for symbol, base, extra in ((254 + n, n, 0) for n in range(3, 11)):
        if length == base:
            break
    else:
        symbol, base, extra = next((277 + n, 67 + 16 * n, 4) for n in range(3) if 67 + 16 * n <= length < 83 + 16 * n)
    code, low, more = (8, 17, 3) if distance <= 24 else (13, 97, 5)
    return code_bits(symbol) + f"{length - base:0{extra}b}"[::-1] * (extra > 0) + f"{code:05b}" + f"{distance - low:0{more}b}"[::-1]


def block(bits, final):
    """A block with fixed codes, of five bytes."""
    bits = f"{final}10" + bits + code_bits(256)
    assert len(bits) == 40
    return bytes(int(bits[at:at + 8][::-1], 2) for at in range(0, 40, 8))


def literal(count):
    """The head of a stored block."""
    return struct.pack("<BHH", 0, count, count ^ 0xFFFF)


def repeat(count, final=0):
    """Says the last `count` bytes again, of which the last is 0xff unless there are twenty."""
    if count == 20:
        return block(match_bits(10, 20) * 2, final)
    return block(match_bits(count - 1, count) + code_bits(255), final)


def with_checksum(checksum, size=0, packed=0):
    name, filling = b"r.zip", struct.pack("<HH", 0x7171, 56) + bytes(56)
    fields = struct.pack("<HHHHIII", 0, 8, 0, 0x21, checksum, packed, size)
    head = b"PK\3\4\x14\0" + fields + struct.pack("<HH", len(name), len(filling)) + name + filling
    directory = b"PK\1\2\x14\3\x14\0" + fields + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0o100644 << 16, 0) + name
    tail = directory + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(directory), max(0, size - 46 - len(directory)), 24) + b"it unpacks to itself..." + b"\xff"
    p, s, u = len(head) + 5, len(tail) + 5, 5
    l1, l4, r4 = literal(u), literal(4 * u), repeat(4 * u)
    middle = (literal(p) + head + literal(p) + repeat(p) + l1 + repeat(p) + l1 + l1 + l4 + repeat(p) + l1 + l1 + l4 + r4 + l4 + r4 + l4 + r4 + l4 + r4
              + l4 + r4 + literal(2 * u) + literal(0) + literal(s) + r4 + literal(2 * u) + literal(0) + literal(s) + literal(0)
              + literal(s) + repeat(s, 1) + tail + repeat(s, 1))
    if not size:
        return with_checksum(checksum, len(head + middle + tail), len(middle))
    return head + middle + tail


def quine():
    """Its own checksum stands in it: 32 equations with 32 unknowns, for a checksum of bytes is linear in their bits."""
    zero = zlib.crc32(with_checksum(0))
    rows = [0] * 32
    for column in range(32):
        image = zlib.crc32(with_checksum(1 << column)) ^ zero ^ (1 << column)
        for row in range(32):
            rows[row] |= (image >> row & 1) << column
    rows = [row | (zero >> number & 1) << 32 for number, row in enumerate(rows)]
    for column in range(32):
        pivot = next(row for row in range(column, 32) if rows[row] >> column & 1)
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(32):
            if row != column and rows[row] >> column & 1:
                rows[row] ^= rows[column]
    return with_checksum(sum((rows[bit] >> 32 & 1) << bit for bit in range(32)))
