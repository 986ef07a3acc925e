"""Sheets as one PDF: boxes, bars and glyphs on the dots of the printer; fonts embedded with the glyphs that are used.

Text is written as numbers of glyphs in hexadecimal, never as text; what it says stands in each font's table from glyphs
to characters, from which readers search and copy.

References
----------
ISO 32000-1:2008, sections 7.3 (objects), 8.5 (paths), 9.4 (text), 9.7 (composite fonts), 9.10.3 (ToUnicode).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence

from entrepost.documents.labels.barcode import list_bars, list_squares
from entrepost.documents.labels.embed import Embedded, embed_fonts
from entrepost.documents.labels.shape import Run
from entrepost.documents.labels.sheet import DOTS_PER_INCH, Bars, Box, Mark, Sheet, Squares, Words

POINTS = 72 / DOTS_PER_INCH
HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
SLIGHT = 0.01
CATALOGUE, PAGES, RESOURCES, INFO = 1, 2, 3, 4


class Writer:
    """Objects of a PDF, numbered as they come; the first four are known before."""

    def __init__(self) -> None:
        self._objects: dict[int, bytes] = {}
        self._next = INFO + 1

    def reserve(self) -> int:
        """A number for an object that comes later."""
        self._next += 1
        return self._next - 1

    def add(self, body: bytes, number: int = 0) -> int:
        """Keep an object; its number."""
        number = number or self.reserve()
        self._objects[number] = body
        return number

    def add_stream(self, data: bytes, entries: str = "") -> int:
        """Keep a compressed stream; its number."""
        packed = zlib.compress(data, 6)
        head = f"<< /Length {len(packed)} /Filter /FlateDecode {entries}>>\nstream\n".encode()
        return self.add(head + packed + b"\nendstream")

    def to_bytes(self) -> bytes:
        """The whole file, with its table of places."""
        out = bytearray(HEAD)
        places = [b"0000000000 65535 f \n"]
        for number in range(1, self._next):
            places.append(b"%010d 00000 n \n" % len(out))
            out += b"%d 0 obj\n%s\nendobj\n" % (number, self._objects[number])
        start = len(out)
        out += b"xref\n0 %d\n%s" % (self._next, b"".join(places))
        trailer = f"trailer\n<< /Size {self._next} /Root {CATALOGUE} 0 R /Info {INFO} 0 R >>\n"
        return bytes(out) + f"{trailer}startxref\n{start}\n%%EOF\n".encode()


def write_pdf(sheets: Sequence[Sheet]) -> bytes:
    """A PDF with a page for each sheet."""
    writer = Writer()
    fonts = embed_fonts(writer, list_runs(sheets))
    pages = [_page(writer, sheet, fonts) for sheet in sheets]
    kids = " ".join(f"{page} 0 R" for page in pages)
    writer.add(f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(), PAGES)
    named = " ".join(f"/{font.name} {font.number} 0 R" for font in fonts.values())
    writer.add(f"<< /Font << {named} >> >>".encode(), RESOURCES)
    writer.add(f"<< /Type /Catalog /Pages {PAGES} 0 R >>".encode(), CATALOGUE)
    title = sheets[0].title if sheets else ""
    writer.add(f"<< /Title {to_string(title)} /Producer {to_string('Entrepost')} >>".encode(), INFO)
    return writer.to_bytes()


def list_runs(sheets: Iterable[Sheet]) -> list[Run]:
    """Every run of glyphs on the sheets."""
    return [run for sheet in sheets for mark in sheet.marks if isinstance(mark, Words) for run in mark.shaped.runs]


def to_string(text: str) -> str:
    """A text as a PDF string: UTF-16 in hexadecimal, so that nothing in it is syntax."""
    return f"<feff{text.encode('utf-16-be', 'replace').hex()}>"


def _page(writer: Writer, sheet: Sheet, fonts: dict[int, Embedded]) -> int:
    """The page turns and scales the axes once, so that everything on it is whole dots from the upper left corner."""
    width, height = (int(dots * POINTS * 10_000) / 10_000 for dots in (sheet.width, sheet.height))
    lines = [f"{POINTS:.8f} 0 0 {-POINTS:.8f} 0 {sheet.height * POINTS:.5f} cm"]
    for mark in sheet.marks:
        _draw(mark, lines, fonts)
    content = writer.add_stream("\n".join(lines).encode("ascii"))
    box = f"[0 0 {width:.4f} {height:.4f}]"
    page = f"<< /Type /Page /Parent {PAGES} 0 R /MediaBox {box} /Resources {RESOURCES} 0 R /Contents {content} 0 R >>"
    return writer.add(page.encode())


def _draw(mark: Mark, lines: list[str], fonts: dict[int, Embedded]) -> None:
    if isinstance(mark, Words):
        _draw_words(mark, lines, fonts)
    elif isinstance(mark, Box):
        lines.append(_frame(mark) if mark.line else _block(mark))
    elif isinstance(mark, Bars):
        bars = (
            f"{mark.x + first * mark.module} {mark.y} {count * mark.module} {mark.height} re"
            for first, count in list_bars(mark.text)
        )
        lines.append(f"{' '.join(bars)} f")
    else:
        _draw_squares(mark, lines)


def _frame(box: Box) -> str:
    half = box.line / 2
    return f"{box.line} w {box.x + half:g} {box.y + half:g} {box.width - box.line} {box.height - box.line} re S"


def _block(box: Box) -> str:
    """A filled box; PDFium rounds a rectangle that stands alone outwards, so it is drawn a hundredth of a dot less."""
    x, y, width, height = (box.x + SLIGHT, box.y + SLIGHT, box.width - 2 * SLIGHT, box.height - 2 * SLIGHT)
    return f"{x:g} {y:g} {width:g} {height:g} re f"


def _draw_squares(mark: Squares, lines: list[str]) -> None:
    squares = (
        f"{mark.x + first * mark.module} {mark.y + row * mark.module} {count * mark.module} {mark.module} re"
        for row, runs in enumerate(list_squares(mark.text))
        for first, count in runs
    )
    lines.append(f"{' '.join(squares)} f")


def _draw_words(mark: Words, lines: list[str], fonts: dict[int, Embedded]) -> None:
    x = float(mark.x)
    for run in mark.shaped.runs:
        font = fonts[id(run.face)]
        shown = font.show(run, mark.size)
        lines.append(f"BT /{font.name} {mark.size} Tf 1 0 0 -1 {x:.2f} {mark.y} Tm {shown} ET")
        x += run.advance * mark.size / 1000
