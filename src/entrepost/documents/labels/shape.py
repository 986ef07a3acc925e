"""Text becomes glyphs: cleaned, ordered by the directions of its scripts, a face for each run, joined by HarfBuzz.

From here on a text is a row of glyph numbers, so nothing that somebody wrote can be taken for a command of PDF or ZPL.

References
----------
Unicode Standard Annex 9, the bidirectional algorithm (levels through python-bidi); HarfBuzz through uharfbuzz.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from entrepost.documents.labels.face import BOLD, EM, REGULAR, Face, find_face, get_face

RIGHT_TO_LEFT_FROM = 0x590
"""No character below is written from right to left."""

JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
"""Say whether letters beside them join; they have no direction of their own."""

HIDDEN = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Categories of what shows nothing: controls, formats, halves of pairs, private, unassigned, ends of lines."""

SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))

MISSING = "\N{WHITE SQUARE}"
"""Stands for a character that no face has."""


class Glyph(NamedTuple):
    """One glyph: its number in the font, how far it moves the pen, where it stands, and the text that it shows."""

    number: int
    advance: int
    right: int
    up: int
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """Glyphs of one face, from left to right; `advance` is how far they move the pen."""

    face: Face
    glyphs: tuple[Glyph, ...]
    advance: int


@dataclass(frozen=True, slots=True)
class Shaped:
    """A line of text as runs from left to right; `width` in thousandths of the font's size."""

    text: str
    runs: tuple[Run, ...]
    width: int
    is_rightward: bool
    is_bold: bool
    missing: str

    def measure(self, size: int) -> int:
        """Dots that the line takes at a size, rounded up."""
        return -(-self.width * size // EM)


def clean(text: str) -> str:
    """One line of text in composed form: controls and ends of lines become blanks, invisible signs are left out.

    Left out are formats but the two joiners (so nothing turns the direction of what follows), and the selectors of
    variants that the fonts do not have.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(_kept(sign) for sign in unicodedata.normalize("NFC", text)).split())


def _kept(sign: str) -> str:
    if sign in JOINERS or not (sign in SELECTORS or unicodedata.category(sign) in HIDDEN):
        return sign
    return "" if sign in SELECTORS or unicodedata.category(sign) == "Cf" else " "


@lru_cache(maxsize=16384)
def shape(text: str, bold: bool = False, country: str = "") -> Shaped:
    """Shape one line of clean text; `country` chooses the national forms of Chinese characters."""
    weight = BOLD if bold else REGULAR
    if set(map(ord, text)) <= get_face("", weight).covered:
        run = _run(get_face("", weight), text, "ltr")
        return Shaped(text, (run,) if text else (), run.advance, False, bold, "")
    levels = list_levels(text)
    runs: list[Run] = []
    missing: list[str] = []
    for first, last, level in _ordered(levels):
        pieces = list(_pieces(text[first:last], weight, country, missing))
        for face, piece in reversed(pieces) if level % 2 else pieces:
            runs.append(_run(face, piece, "rtl" if level % 2 else "ltr"))
    width = sum(run.advance for run in runs)
    return Shaped(text, tuple(runs), width, _is_rightward(text), bold, "".join(dict.fromkeys(missing)))


def list_levels(text: str) -> list[int]:
    """The level of each character: even from left to right, odd from right to left (annex 9, to rule I2)."""
    if all(ord(sign) < RIGHT_TO_LEFT_FROM for sign in text):
        return [0] * len(text)
    from bidi import algorithm

    plain = "".join(sign for sign in text if sign not in JOINERS)
    storage = algorithm.get_empty_storage()
    storage["base_level"] = algorithm.get_base_level(plain)
    storage["base_dir"] = ("L", "R")[storage["base_level"]]
    algorithm.get_embedding_levels(plain, storage)
    algorithm.explicit_embed_and_overrides(storage)
    algorithm.resolve_weak_types(storage)
    algorithm.resolve_neutral_types(storage, False)
    algorithm.resolve_implicit_levels(storage, False)
    found = iter([sign["level"] for sign in storage["chars"]])
    levels: list[int] = []
    for sign in text:
        levels.append((levels or [storage["base_level"]])[-1] if sign in JOINERS else next(found))
    return levels


def _is_rightward(text: str) -> bool:
    """Whether the first letter that has a direction is written from right to left (annex 9, rule P2)."""
    strong = (unicodedata.bidirectional(sign) for sign in text)
    return next((kind != "L" for kind in strong if kind in ("L", "R", "AL")), False)


def _ordered(levels: list[int]) -> list[tuple[int, int, int]]:
    """Runs of one level (first, end, level) as they stand on the line from left to right (annex 9, rule L2)."""
    runs: list[tuple[int, int, int]] = []
    for level, places in groupby(range(len(levels)), key=levels.__getitem__):
        held = list(places)
        runs.append((held[0], held[-1] + 1, level))
    for least in range(max(levels, default=0), 0, -1):
        turned: list[tuple[int, int, int]] = []
        for is_turned, group in groupby(runs, key=lambda run: run[2] >= least):
            turned += list(group)[:: -1 if is_turned else 1]
        runs = turned
    return runs


def _pieces(text: str, weight: int, country: str, missing: list[str]) -> Iterator[tuple[Face, str]]:
    """Parts of a text that one face has; blanks and marks stay with what stands before them."""
    held: Face | None = None
    piece = ""
    for sign in text:
        face = held if held is not None and _goes_along(sign, held) else find_face(sign, weight, country)
        shown = sign
        if face is None:
            missing.append(sign)
            shown, face = MISSING, find_face(MISSING, weight, country) or get_face("", weight)
        if held is not None and face is not held:
            yield held, piece
            piece = ""
        held, piece = face, piece + shown
    if held is not None:
        yield held, piece


def _goes_along(sign: str, face: Face) -> bool:
    return ord(sign) in face.covered and (sign == " " or unicodedata.category(sign) in ("Mn", "Mc", "Cf"))


def _run(face: Face, text: str, direction: str) -> Run:
    import uharfbuzz

    buffer = uharfbuzz.Buffer()
    buffer.add_str(text)
    buffer.guess_segment_properties()
    buffer.direction = direction
    uharfbuzz.shape(face.font, buffer)
    infos, places = buffer.glyph_infos or [], buffer.glyph_positions or []
    said = _said([info.cluster for info in infos], text)
    glyphs = tuple(
        Glyph(info.codepoint, place.x_advance, place.x_offset, place.y_offset, each)
        for info, place, each in zip(infos, places, said, strict=True)
    )
    return Run(face, glyphs, sum(glyph.advance for glyph in glyphs))


def _said(clusters: list[int], text: str) -> list[str]:
    """What each glyph says: the characters of its cluster, said by the first glyph that has it."""
    if clusters == list(range(len(text))):
        return list(text)
    ordered = sorted(set(clusters))
    said = {first: text[first:end] for first, end in zip(ordered, [*ordered[1:], len(text)], strict=True)}
    return [said.pop(cluster, "") for cluster in clusters]
