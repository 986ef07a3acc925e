"""Sheets for Zebra printers (ZPL II): boxes, codes and Latin text as commands, other scripts as bitmaps.

What somebody wrote stands in fields where all but letters, digits and blanks of ASCII is in hexadecimal (``^FH``), so a
caret or a tilde in a name is never a command. Text that is not Latin-1 is drawn here and sent as dots, since printers
have no such fonts. The printer's own condensed font is narrower than the one that was measured: what fits there fits.

References
----------
Zebra, ZPL II Programming Guide: ^XA ^XZ ^CI ^PW ^LL ^LH ^FO ^FT ^FS ^FH ^FD ^A ^GB ^GF ^BC ^BX ^BY.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from entrepost.documents.labels.raster import Picture, crop, draw_pictures, to_bits
from entrepost.documents.labels.sheet import Bars, Box, Mark, Sheet, Squares, Words

HEX = "_"
"""Begins a character in hexadecimal in a field (^FH)."""
PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789 ")
ABOVE, BELOW = 1.1, 0.4
"""How far glyphs may reach above and below the base line, as shares of the size."""


def write_zpl(sheets: Sequence[Sheet]) -> bytes:
    """The sheets as one file for the printer, a format for each."""
    others = [_others(sheet) for sheet in sheets]
    drawn = iter(draw_pictures([sheet for sheet in others if sheet.marks]))
    formats = []
    for sheet, rest in zip(sheets, others, strict=True):
        picture = next(drawn) if rest.marks else None
        formats.append(_format(sheet, picture))
    return "".join(formats).encode("ascii")


def is_latin(text: str) -> bool:
    """Whether the printer's own font has a text."""
    return all(" " <= sign <= "~" or "\u00a1" <= sign <= "\u00ff" for sign in text)


def escape(text: str) -> str:
    """A text for a field with ^FH: UTF-8, and in hexadecimal what is no letter, digit or blank of ASCII."""
    return "".join(
        sign if sign in PLAIN else "".join(f"{HEX}{byte:02X}" for byte in sign.encode("utf-8", "replace"))
        for sign in text
    )


def _others(sheet: Sheet) -> Sheet:
    """What is sent as dots."""
    marks = tuple(mark for mark in sheet.marks if isinstance(mark, Words) and not is_latin(mark.shaped.text))
    return Sheet(sheet.width, sheet.height, sheet.title, marks)


def _format(sheet: Sheet, picture: Picture | None) -> str:
    lines = ["^XA", "^CI28", f"^PW{sheet.width}", f"^LL{sheet.height}", "^LH0,0"]
    lines += _marks(sheet.marks, picture)
    return "\n".join([*lines, "^XZ", ""])


def _marks(marks: Iterable[Mark], picture: Picture | None) -> Iterable[str]:
    for mark in marks:
        if isinstance(mark, Box):
            line = mark.line or min(mark.width, mark.height)
            yield f"^FO{mark.x},{mark.y}^GB{mark.width},{mark.height},{line},B,0^FS"
        elif isinstance(mark, Bars):
            data = escape(mark.text)
            yield f"^FO{mark.x},{mark.y}^BY{mark.module}^BCN,{mark.height},N,N,N,A^FH{HEX}^FD{data}^FS"
        elif isinstance(mark, Squares):
            yield f"^FO{mark.x},{mark.y}^BXN,{mark.module},200^FH{HEX}^FD{escape(mark.text)}^FS"
        elif is_latin(mark.shaped.text):
            yield f"^FT{mark.x},{mark.y}^A0N,{mark.size},{mark.size}^FH{HEX}^FD{escape(mark.shaped.text)}^FS"
        elif picture is not None:
            yield _bitmap(mark, picture)


def _bitmap(words: Words, picture: Picture) -> str:
    """The dots of a line of words."""
    top = max(0, words.y - round(words.size * ABOVE))
    bottom = min(picture.height, words.y + round(words.size * BELOW))
    left, right = max(0, words.x - 2), min(picture.width, words.x + words.shaped.measure(words.size) + 2)
    rows = to_bits(crop(picture, left, top, right - left, bottom - top))
    wide, count = len(rows[0]), sum(len(row) for row in rows)
    return f"^FO{left},{top}^GFA,{count},{count},{wide},{pack(rows)}^FS"


def pack(rows: Sequence[bytes]) -> str:
    """Rows of dots in hexadecimal; `,` fills a row with white, `:` repeats the row above (ZPL's own compression)."""
    lines: list[str] = []
    for number, row in enumerate(rows):
        digits = row.hex().upper()
        kept = digits.rstrip("0")
        same = number > 0 and row == rows[number - 1]
        lines.append(":" if same else kept if len(kept) == len(digits) else f"{kept},")
    return "".join(lines)
