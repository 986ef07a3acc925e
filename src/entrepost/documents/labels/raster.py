"""Sheets as pictures: the PDF drawn by PDFium with one pixel a dot, so bars and squares fall on whole pixels."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from entrepost.documents.labels.pdf import write_pdf
from entrepost.documents.labels.sheet import DOTS_PER_INCH, Sheet

METRE_IN_INCHES = 1 / 0.0254
DARK = 128
"""A pixel below is printed black."""
DIGITS = bytes(ord("1") if pixel < DARK else ord("0") for pixel in range(256))
"""The binary digit that stands for each grey."""


@dataclass(frozen=True, slots=True)
class Picture:
    """Grey pixels (0 black, 255 white), row by row."""

    width: int
    height: int
    pixels: bytes


def draw_pictures(sheets: Sequence[Sheet]) -> Iterator[Picture]:
    """Each sheet with one pixel a dot."""
    import pypdfium2

    document = pypdfium2.PdfDocument(write_pdf(sheets))
    for sheet, page in zip(sheets, document, strict=True):
        bitmap = page.render(scale=DOTS_PER_INCH / 72, grayscale=True)
        stride, pixels = bitmap.stride, bytes(bitmap.buffer)
        rows = (pixels[row * stride : row * stride + sheet.width] for row in range(sheet.height))
        yield Picture(sheet.width, sheet.height, b"".join(rows))
        bitmap.close()
        page.close()
    document.close()


def write_png(picture: Picture) -> bytes:
    """A picture as a grey PNG that says how many dots an inch has."""
    width, rows = picture.width, range(picture.height)
    lines = b"".join(b"\0" + picture.pixels[row * width : (row + 1) * width] for row in rows)
    per_metre = round(DOTS_PER_INCH * METRE_IN_INCHES)
    head = struct.pack(">IIBBBBB", width, picture.height, 8, 0, 0, 0, 0)
    chunks = (
        (b"IHDR", head),
        (b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
        (b"IDAT", zlib.compress(lines, 6)),
        (b"IEND", b""),
    )
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def crop(picture: Picture, x: int, y: int, width: int, height: int) -> Picture:
    """A part of a picture."""
    rows = range(y, y + height)
    pixels = b"".join(picture.pixels[row * picture.width + x : row * picture.width + x + width] for row in rows)
    return Picture(width, height, pixels)


def to_bits(picture: Picture) -> list[bytes]:
    """Each row as bits, eight dots a byte, 1 for black; the last byte is filled up with white."""
    wide = -(-picture.width // 8)
    digits = picture.pixels.translate(DIGITS)
    lines = (digits[row * picture.width : (row + 1) * picture.width] for row in range(picture.height))
    return [int(line.ljust(8 * wide, b"0"), 2).to_bytes(wide, "big") for line in lines]
