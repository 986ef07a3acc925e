"""Lines into a room: words wrap, the size falls to the least that is readable, and what does not fit is told."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from entrepost.documents.labels.shape import Shaped, clean, shape
from entrepost.documents.labels.sheet import Words

RISE = 0.80
"""Where the base line stands below the top of a line, as a share of the line's height (assumed, by eye)."""
LEADING = 1.22
"""Height of a line as a share of the font's size (assumed, by eye)."""


@dataclass(frozen=True, slots=True)
class Room:
    """Where text may stand, in dots."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph: what it says, whether in bold, and the country whose forms Chinese characters take."""

    text: str
    bold: bool = False
    country: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """Words at their places; `is_whole` is false where some did not fit, `missing` has the signs that no face has."""

    words: tuple[Words, ...]
    is_whole: bool
    missing: str = ""

    @property
    def end(self) -> int:
        """Below which dot nothing stands."""
        return max((each.y + round(each.size * (1 - RISE) * LEADING) for each in self.words), default=0)


def set_text(texts: Iterable[Text], room: Room, sizes: Sequence[int], align: str = "start") -> Setting:
    """Set paragraphs one below the other in the greatest of the sizes (falling) at which they fit the room.

    `align` is start (left; right for text that begins from right to left), left, right or centre.
    """
    paragraphs = [(clean(each.text), each) for each in texts]
    lines: list[Shaped] = []
    for size in sizes:
        lines = [line for text, each in paragraphs if text for line in wrap(text, each, size, room.width)]
        if len(lines) * height_of(size) <= room.height + 1 and all(line.measure(size) <= room.width for line in lines):
            return Setting(_placed(lines, size, room, align), True, _missing(lines))
    return Setting(_placed(lines[: max(1, room.height // height_of(sizes[-1]))], sizes[-1], room, align), False)


def height_of(size: int) -> int:
    """The height of a line of that size."""
    return round(size * LEADING)


def wrap(text: str, like: Text, size: int, width: int) -> list[Shaped]:
    """Lines of at most that width: broken at blanks and between Chinese characters, a longer word where it must be."""
    whole = shape(text, like.bold, like.country)
    if whole.measure(size) <= width:
        return [whole]
    lines: list[Shaped] = []
    held = ""
    for part in list_parts(text):
        longer = shape((held + part).strip(), like.bold, like.country)
        if longer.measure(size) <= width:
            held += part
            continue
        if held.strip():
            lines.append(shape(held.strip(), like.bold, like.country))
        *full, held = _cut(part.lstrip(), like, size, width)
        lines += [shape(each, like.bold, like.country) for each in full]
    return [*lines, shape(held.strip(), like.bold, like.country)] if held.strip() else lines


def list_parts(text: str) -> list[str]:
    """The text cut where a line may end: behind blanks and hyphens, and around each Chinese character."""
    parts: list[str] = [""]
    for before, sign in zip(" " + text, text, strict=False):
        breaks = (before in " -/" and sign != " ") or _is_han(sign) or _is_han(before)
        if breaks and parts[-1] and not _closes(sign):
            parts.append("")
        parts[-1] += sign
    return parts


CLOSING = frozenset(",.;:!?)]}%\N{IDEOGRAPHIC COMMA}\N{IDEOGRAPHIC FULL STOP}")
"""Signs that no line begins with, in any width; nor with a closing quotation mark (category Pe, Pf)."""


MARKS = frozenset(("Mn", "Mc", "Me", "Cf"))
"""Categories of signs that belong to what stands before them."""


def _closes(sign: str) -> bool:
    return unicodedata.normalize("NFKC", sign) in CLOSING or unicodedata.category(sign) in ("Pe", "Pf")


def _is_han(sign: str) -> bool:
    """Kana, Chinese characters and their punctuation; Korean is broken at its blanks."""
    return (
        "\u2e80" <= sign <= "\u9fff"
        or "\uf900" <= sign <= "\ufaff"
        or "\uff00" <= sign <= "\uffef"
        or sign >= "\U00020000"
    )


def _cut(word: str, like: Text, size: int, width: int) -> list[str]:
    """A word in parts that fit: whole where it does, and never cut before a mark."""
    parts = [""]
    if shape(word.strip(), like.bold, like.country).measure(size) <= width:
        return [word]
    for sign in word:
        if (
            parts[-1]
            and unicodedata.category(sign) not in MARKS
            and shape(parts[-1] + sign, like.bold, like.country).measure(size) > width
        ):
            parts.append("")
        parts[-1] += sign
    return parts


def _placed(lines: Iterable[Shaped], size: int, room: Room, align: str) -> tuple[Words, ...]:
    step = height_of(size)
    words = []
    for number, line in enumerate(lines):
        spare = room.width - line.measure(size)
        right = align == "right" or (align == "start" and line.is_rightward)
        x = room.x + (spare if right else spare // 2 if align == "centre" else 0)
        words.append(Words(x, room.y + number * step + round(step * RISE), size, line))
    return tuple(words)


def _missing(lines: Iterable[Shaped]) -> str:
    return "".join(dict.fromkeys("".join(line.missing for line in lines)))
