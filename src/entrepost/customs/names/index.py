"""Many names, kept so that those like a name are found without a look at every one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from entrepost.customs.names.coded import Coded, code
from entrepost.customs.names.fold import Folded, fold, meant
from entrepost.customs.names.neighbours import list_keys
from entrepost.customs.names.sound import bones, sound

JOINED_WORDS = 4
"""Names of up to so many words are also found when two of them are written as one; assumed."""


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Names as arrays, and by each word, as it sounds, the names that have it.

    `terms` are letters and starts of all distinct words, `keys` their hashes (see `neighbours`), `bone_keys` the same
    of the consonants alone; `holders` the names of each term one after the other, and where each term's begin.
    """

    names: tuple[str, ...]
    coded: Coded
    totals: Any
    terms: tuple[Any, Any]
    keys: tuple[Any, Any, Any]
    bone_terms: tuple[Any, Any]
    bone_keys: tuple[Any, Any, Any]
    holders: tuple[Any, Any]

    @property
    def size(self) -> int:
        """How many names there are."""
        return len(self.names)


def index_names(names: Sequence[str]) -> NameIndex:
    """Index names in their order."""
    folded = [fold(name) for name in names]
    coded = code(folded)
    first, weights = coded[0], coded[7]
    totals = np.add.reduceat(np.append(weights, 0.0), first[:-1]) * (np.diff(first) > 0)
    places: dict[str, list[int]] = {}
    skeletons: dict[str, str] = {}
    for place, name in enumerate(folded):
        for term, skeleton in _terms(name).items():
            places.setdefault(term, []).append(place)
            skeletons[term] = skeleton
    terms, hard = _lay(list(places)), _lay([skeletons[term] for term in places])
    held = np.fromiter((place for each in places.values() for place in each), dtype=np.int32)
    starts = np.array([0, *np.cumsum([len(each) for each in places.values()])], dtype=np.int64)
    return NameIndex(tuple(names), coded, totals, terms, list_keys(*terms), hard, list_keys(*hard), (held, starts))


def _terms(name: Folded) -> dict[str, str]:
    """What a name is found by: each word as it sounds, and neighbours written as one, with the consonants of each."""
    found = {sound(word): bones(word) for written in name.words for word in (written, meant(written))}
    if len(name.words) <= JOINED_WORDS:
        for one, other in pairwise(name.words):
            found.setdefault(sound(one) + sound(other), bones(one) + bones(other))
    return found


def _lay(words: Sequence[str]) -> tuple[Any, Any]:
    letters = np.frombuffer(bytearray("".join(words).encode()), dtype=np.uint8)
    return letters, np.array([0, *np.cumsum([len(word) for word in words])], dtype=np.int64)
