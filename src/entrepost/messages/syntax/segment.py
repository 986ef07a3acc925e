"""A segment: a tuple of texts, the tag first and then its elements.

Within the house every text is laid out as ISO 9735 writes it at level B: the sign US stands between the
components of an element, and RS between its repetitions. So a segment is a plain tuple, quick to make, to
compare and to write, and no text needs to be released.
"""

from __future__ import annotations

import re
from typing import TypeAlias

from entrepost.base.errors import OutgoingMessageError

Segment: TypeAlias = tuple[str, ...]
"""``LOC+14+NLHAGI::139`` is ``("LOC", "14", "NLHAGI\\x1f\\x1f139")``; `segment` makes it, `get` looks into it."""

US, RS, GS, FS = "\x1f", "\x1e", "\x1d", "\x1c"
"""What divides components, repetitions, elements and segments inside the house (information separators 1 to 4)."""

TAG = re.compile(r"[A-Z][A-Z0-9]{2}")
_TAGS: set[str] = set()
"""Tags that were found right, of which there are not many."""


def segment(tag: str, *elements: str | tuple[str, ...]) -> Segment:
    """Make a segment: ``segment("LOC", "14", ("NLHAGI", "", "139"))``.

    Raises
    ------
    OutgoingMessageError
        Where the tag is none, or a text holds a sign that divides elements or segments inside the house.
    """
    if tag not in _TAGS:
        _check_tag(tag)
    row = (tag, *[element if element.__class__ is str else US.join(element) for element in elements])
    line = GS.join(row)
    if FS in line or line.count(GS) != len(elements):
        raise OutgoingMessageError(f"segment {tag}: a text holds a control character; take it out")
    return row


def _check_tag(tag: str) -> None:
    if not TAG.fullmatch(tag):
        raise OutgoingMessageError(f"the tag {tag[:20]!r} is not three capital letters or digits")
    _TAGS.add(tag)


def get(segment: Segment, element: int, component: int = 0) -> str:
    """The text of a component, both counted from 0 with the tag as element 0; empty where there is none.

    Of an element that is repeated it is the first one; `repetitions` has them all.
    """
    if element >= len(segment):
        return ""
    text = segment[element]
    if RS in text:
        text = text.partition(RS)[0]
    if US in text:
        parts = text.split(US)
        return parts[component] if component < len(parts) else ""
    return "" if component else text


def components(segment: Segment, element: int) -> tuple[str, ...]:
    """The texts of all components of an element (of its first repetition); none where there is no such element."""
    return tuple(segment[element].partition(RS)[0].split(US)) if element < len(segment) else ()


def repetitions(segment: Segment, element: int) -> tuple[tuple[str, ...], ...]:
    """The components of each repetition of an element; most elements stand once."""
    if element >= len(segment):
        return ()
    return tuple(tuple(text.split(US)) for text in segment[element].split(RS))


def repeat(*occurrences: str | tuple[str, ...]) -> str:
    """An element that stands several times (version 4): ``repeat("A", ("B", "C"))``, for `segment`."""
    return RS.join([text if isinstance(text, str) else US.join(text) for text in occurrences])
