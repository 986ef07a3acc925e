"""Fonts inside a PDF: the glyphs that are used and no others, in one weight, with what they say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from entrepost.documents.labels.face import EM, Face
from entrepost.documents.labels.shape import Glyph, Run

if TYPE_CHECKING:
    from entrepost.documents.labels.pdf import Writer

DROPPED = ("GSUB", "GPOS", "GDEF", "BASE", "STAT", "name", "vhea", "vmtx", "VORG", "gasp", "DSIG", "kern", "meta")
"""Tables that a PDF does not read: how glyphs join was decided before."""
MOST_IN_A_BLOCK = 100
"""Entries in one block of a ToUnicode table (ISO 32000-1, 9.10.3)."""


@dataclass(slots=True)
class Embedded:
    """A face in a PDF: its name on pages, its object, its glyphs' new numbers and widths."""

    name: str
    number: int
    places: dict[int, int]
    widths: dict[int, int]
    shown: dict[tuple[int, int], str] = field(default_factory=dict)
    """What was shown before, by the identity of its run and the size; the sheets keep their runs alive."""

    def show(self, run: Run, size: int) -> str:
        """The operators that show a run in a size."""
        known = self.shown.get((id(run), size))
        if known is None:
            known = self.shown[id(run), size] = self._show(run.glyphs, size)
        return known

    def _show(self, glyphs: tuple[Glyph, ...], size: int) -> str:
        """Numbers between glyphs move the pen back by thousandths of the size; a raised glyph (Ts) ends an array."""
        parts: list[str] = []
        hexes: list[str] = []
        pending = up = 0
        for glyph in glyphs:
            back = pending - glyph.right
            if glyph.up != up or back:
                _close(parts, hexes)
            if glyph.up != up:
                up = glyph.up
                parts.append(f"] TJ {up * size / EM:.2f} Ts [")
            if back:
                parts.append(str(back))
            hexes.append(f"{self.places[glyph.number]:04x}")
            pending = glyph.right + self.widths[glyph.number] - glyph.advance
        _close(parts, hexes)
        return f"[{''.join(parts)}] TJ{' 0 Ts' if up else ''}"


def _close(parts: list[str], hexes: list[str]) -> None:
    if hexes:
        parts.append(f"<{''.join(hexes)}>")
        hexes.clear()


def embed_fonts(writer: Writer, runs: Iterable[Run]) -> dict[int, Embedded]:
    """Embed every face of the runs; by the identity of the face."""
    faces: dict[int, tuple[Face, dict[int, str]]] = {}
    seen: set[int] = set()
    for run in runs:
        if id(run) in seen:
            continue
        seen.add(id(run))
        said = faces.setdefault(id(run.face), (run.face, {}))[1]
        for glyph in run.glyphs:
            if not said.get(glyph.number):
                said[glyph.number] = glyph.text
    return {
        key: _embed(writer, face, said, f"F{place}") for place, (key, (face, said)) in enumerate(faces.items(), start=1)
    }


def _embed(writer: Writer, face: Face, said: dict[int, str], name: str) -> Embedded:
    data, places = _subset(face, set(said))
    widths = {number: face.font.get_glyph_h_advance(number) for number in said}
    kind, entries = "FontFile2", f"/Length1 {len(data)} "
    if face.is_compact:
        data, kind, entries = _compact(data), "FontFile3", "/Subtype /CIDFontType0C "
    file = writer.add_stream(data, entries)
    base = f"{_tag(place for place in sorted(places.values()))}+{face.name}"
    extents = face.font.get_font_extents("ltr")
    descriptor = writer.add(
        f"<< /Type /FontDescriptor /FontName /{base} /Flags 4 /FontBBox [-{EM} -{EM} {3 * EM} {2 * EM}] /ItalicAngle 0 "
        f"/Ascent {extents.ascender} /Descent {extents.descender} /CapHeight 714 /StemV {face.weight // 5} "
        f"/{kind} {file} 0 R >>".encode()
    )
    listed = " ".join(f"{places[number]} [{width}]" for number, width in sorted(widths.items()))
    subtype = "CIDFontType0" if face.is_compact else "CIDFontType2 /CIDToGIDMap /Identity"
    system = "<< /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    descendant = writer.add(
        f"<< /Type /Font /Subtype /{subtype} /BaseFont /{base} /CIDSystemInfo {system} "
        f"/FontDescriptor {descriptor} 0 R /DW {EM} /W [{listed}] >>".encode()
    )
    unicode = writer.add_stream(_to_unicode({places[number]: text for number, text in said.items() if text}))
    font = writer.add(
        f"<< /Type /Font /Subtype /Type0 /BaseFont /{base} /Encoding /Identity-H /DescendantFonts [{descendant} 0 R] "
        f"/ToUnicode {unicode} 0 R >>".encode()
    )
    return Embedded(name, font, places, widths)


def _subset(face: Face, numbers: set[int]) -> tuple[bytes, dict[int, int]]:
    """The font file with these glyphs only, and the new number of each."""
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(numbers)
    wanted.pin_all_axes_to_default(face.face)
    wanted.pin_axis_location(face.face, "wght", face.weight)
    wanted.drop_table_tag_set.update(int.from_bytes(f"{tag:<4}".encode(), "big") for tag in DROPPED)
    flags = uharfbuzz.SubsetFlags
    wanted.flags = (
        flags.NO_HINTING
        | flags.NOTDEF_OUTLINE
        | flags.NO_LAYOUT_CLOSURE
        | flags.DOWNGRADE_CFF2
        | flags.CFF_IDENTITY_CHARSET
    )
    plan = uharfbuzz.SubsetPlan(face.face, wanted)
    places = {old: new for old, new in dict(plan.old_to_new_glyph_mapping).items() if old in numbers}
    return plan.execute().blob.data, places


def _compact(data: bytes) -> bytes:
    """The table of PostScript outlines of a font file: what a PDF embeds of it."""
    for place in range(12, 12 + 16 * int.from_bytes(data[4:6], "big"), 16):
        if data[place : place + 4] == b"CFF ":
            start, length = (int.from_bytes(data[place + at : place + at + 4], "big") for at in (8, 12))
            return data[start : start + length]
    raise AssertionError("a face with PostScript outlines has a CFF table")


def _to_unicode(texts: dict[int, str]) -> bytes:
    """The table from glyphs to what they say."""
    rows = [f"<{place:04x}> <{text.encode('utf-16-be').hex()}>" for place, text in sorted(texts.items())]
    blocks = [rows[start : start + MOST_IN_A_BLOCK] for start in range(0, len(rows), MOST_IN_A_BLOCK)]
    body = "\n".join(f"{len(block)} beginbfchar\n{chr(10).join(block)}\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{body}\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()


def _tag(numbers: Iterable[int]) -> str:
    """Six capitals that name the subset."""
    import zlib

    held: Any = zlib.crc32(",".join(map(str, numbers)).encode())
    return "".join(chr(65 + (held // 26**place) % 26) for place in range(6))
