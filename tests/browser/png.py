"""Making a screenshot small: the same picture with a palette of 256 colours, which drawn pages hardly exceed."""

import struct
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

SIGNATURE = b"\x89PNG\r\n\x1a\n"
BYTES_A_PIXEL = 3
MOST_COLOURS = 256
Colour = tuple[int, ...]


def shrunk(png: bytes) -> bytes:
    """The picture with at most 256 colours, the rarer ones replaced by the nearest of them.

    Takes what Chromium writes: 8 bits a channel, red, green and blue, not interlaced; `ValueError` for anything else.
    """
    chunks = list(_chunks(png))
    width, height, *kind = struct.unpack(">IIBBBBB", chunks[0][1])
    if kind != [8, 2, 0, 0, 0]:
        raise ValueError("not a screenshot: 8-bit RGB without interlacing is needed")
    rows = list(_rows(zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT")), width))
    seen = Counter(pixel for row in rows for pixel in _pixels(row))
    palette = [colour for colour, _ in seen.most_common(MOST_COLOURS)]
    index = {colour: _nearest(colour, palette) for colour in seen}
    packed = b"".join(bytes([0, *(index[pixel] for pixel in _pixels(row))]) for row in rows)
    return SIGNATURE + b"".join(
        (
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(value for colour in palette for value in colour)),
            _chunk(b"IDAT", zlib.compress(packed, 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _pixels(row: bytes) -> Iterator[Colour]:
    return zip(*[iter(row)] * BYTES_A_PIXEL, strict=True)


def _rows(raw: bytes, width: int) -> Iterator[bytes]:
    """The rows of pixels, each freed of the filter that its first byte names."""
    size = width * BYTES_A_PIXEL
    above = bytes(size)
    for at in range(0, len(raw), size + 1):
        above = _unfiltered(raw[at], raw[at + 1 : at + 1 + size], above)
        yield above


def _unfiltered(kind: int, row: bytes, above: bytes) -> bytes:
    if kind == 0:
        return row
    plain = bytearray(BYTES_A_PIXEL) + row  # a black pixel on the left, as the standard has it
    over = bytes(BYTES_A_PIXEL) + above
    for at in range(BYTES_A_PIXEL, len(plain)):
        left, up, corner = plain[at - BYTES_A_PIXEL], over[at], over[at - BYTES_A_PIXEL]
        plain[at] = (plain[at] + _expected(kind, left, up, corner)) & 255
    return bytes(plain[BYTES_A_PIXEL:])


def _expected(kind: int, left: int, up: int, corner: int) -> int:
    """What the filters 1 to 4 of the PNG standard expect of a byte."""
    if kind == 4:
        guess = left + up - corner
        return min((left, up, corner), key=lambda value: abs(guess - value))
    return (left, up, (left + up) // 2)[kind - 1]


def _nearest(colour: Colour, palette: Sequence[Colour]) -> int:
    def distance(at: int) -> int:
        return sum((one - other) ** 2 for one, other in zip(colour, palette[at], strict=True))

    return min(range(len(palette)), key=distance)
