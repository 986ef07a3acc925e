"""How like a description is to one that tells customs nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from entrepost.reference.vague_description import list_vague

WORD = re.compile(r"[^\W\d_]+")
SAME = 100
CHUNK = 50_000
"""So many descriptions are compared at once."""

LONGER = 1.3
"""A description longer than the longest vague one by this much is like none of them."""


def list_likeness(descriptions: Sequence[str]) -> list[int]:
    """Of each description the likeness to the most similar vague one, in percent.

    It is 100 where the description is one of the list, or is made of nothing but words that are; 0 where it is too long
    to be like any. Figures, signs and capitals do not count. What holds no letter at all is as vague as can be.
    """
    plain = [_plain(text) for text in descriptions]
    found = [SAME if _is_vague(text) else 0 for text in plain]
    longest = LONGER * max(map(len, _vague()))
    asked = [place for place, text in enumerate(plain) if not found[place] and len(text) <= longest]
    for begin in range(0, len(asked), CHUNK):
        places = asked[begin : begin + CHUNK]
        for place, most in zip(places, _most_alike([plain[place] for place in places]), strict=True):
            found[place] = min(most, SAME - 1)
    return found


def _plain(text: str) -> str:
    return " ".join(WORD.findall(text.lower()))


def _is_vague(plain: str) -> bool:
    return not plain or plain in _vague() or all(word in _vague() for word in plain.split())


@cache
def _vague() -> frozenset[str]:
    return frozenset(_plain(text) for text in list_vague())


@cache
def _in_order() -> list[str]:
    return sorted(_vague())


def _most_alike(plain: list[str]) -> list[int]:
    from rapidfuzz import fuzz, process  # compiled code that only these checks need

    likeness = process.cdist(plain, _in_order(), scorer=fuzz.ratio, score_cutoff=50)
    return [int(most) for most in likeness.max(axis=1)]
