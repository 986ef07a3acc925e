"""Folded names as arrays, many behind one another, so that compiled code can compare them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from itertools import accumulate, chain
from typing import Any

import numpy as np
from numba import njit

from entrepost.customs.names.fold import Folded, meant
from entrepost.customs.names.sound import bones, sound
from entrepost.customs.names.words import known_words

Coded = tuple[Any, ...]
"""Many names: the first word of each; letters and where each word starts, three times (as written, as the word that is
meant sounds, that word's consonants alone); weights of words; legal forms as bits; whether vowels were left out."""


def code(names: Sequence[Folded]) -> Coded:
    """Names as arrays."""
    words = list(chain.from_iterable(name.words for name in names))
    first = _offsets(len(name.words) for name in names)
    weights = np.fromiter(chain.from_iterable(name.weights for name in names), dtype=np.float64, count=len(words))
    forms = np.fromiter((form_bits(name.forms) for name in names), dtype=np.int64, count=len(names))
    sparse = np.fromiter((name.sparse for name in names), dtype=np.int64, count=len(names))
    spoken = [sound(meant(word)) for word in words]
    hard = [bones(meant(word)) for word in words]
    return first, *_lay(words), *_lay(spoken), *_lay(hard), weights, forms, sparse


def form_bits(forms: frozenset[str]) -> int:
    """The legal forms of a name, a bit each."""
    return sum(1 << _bits()[form] for form in forms) if forms else 0


@cache
def _bits() -> dict[str, int]:
    return {form: bit for bit, form in enumerate(sorted(set(known_words().forms.values())))}


def _lay(words: Sequence[str]) -> tuple[Any, Any]:
    return np.frombuffer(bytearray("".join(words).encode()), dtype=np.uint8), _offsets(map(len, words))


def _offsets(sizes: Iterable[int]) -> Any:
    return np.array([0, *accumulate(sizes)], dtype=np.int64)


@njit(cache=True, nogil=True)
def name_at(coded: Any, place: int) -> Any:
    """One of many names: see `Coded`, without what tells names apart, every start counted from this name's first."""
    first, last = coded[0][place], coded[0][place + 1]
    letters, starts = _cut(coded[1], coded[2], first, last)
    sounds, sound_starts = _cut(coded[3], coded[4], first, last)
    hard, hard_starts = _cut(coded[5], coded[6], first, last)
    weights = coded[7][first:last]
    return letters, starts, sounds, sound_starts, hard, hard_starts, weights, coded[8][place], coded[9][place]


@njit(cache=True, nogil=True)
def _cut(letters: Any, starts: Any, first: int, last: int) -> Any:
    return letters[starts[first] : starts[last]], starts[first : last + 1] - starts[first]
