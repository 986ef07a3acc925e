"""Pictures of sheets: a pixel a dot, PNG that says its resolution, bits for printers."""

from __future__ import annotations

from entrepost.documents.labels.raster import Picture, crop, draw_pictures, to_bits, write_png
from entrepost.documents.labels.sheet import Box, Sheet


def test_a_sheet_has_a_pixel_for_each_dot() -> None:
    picture = next(draw_pictures([Sheet(64, 32, "", (Box(8, 4, 2, 1),))]))
    assert (picture.width, picture.height) == (64, 32)
    dark = [place for place, pixel in enumerate(picture.pixels) if pixel < 250]
    assert dark == [4 * 64 + 8, 4 * 64 + 9]


def test_a_png_says_how_many_dots_an_inch_has() -> None:
    data = write_png(Picture(2, 1, b"\0\xff"))
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    place = data.index(b"pHYs") + 4
    assert int.from_bytes(data[place : place + 4], "big") == 8000


def test_rows_become_bits_filled_up_with_white() -> None:
    assert to_bits(Picture(3, 2, b"\0\xff\0\xff\xff\0")) == [b"\xa0", b"\x20"]
    assert crop(Picture(3, 2, b"\0\xff\0\xff\xff\x01"), 1, 1, 2, 1) == Picture(2, 1, b"\xff\x01")
