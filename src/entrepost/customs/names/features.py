"""What two names have in common, in figures (compiled): their words are laid side by side, the best pairs first."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from entrepost.customs.names.distance import Letters, distance, half_alike, likeness

FEATURES = (
    *("shared_short", "shared_long", "conflict", "extra", "worst", "changed", "changed_share", "left_share"),
    *("words", "words_left", "forms_differ", "numbers_differ", "initials", "initials_differ", "first_differs"),
    *("whole", "weight", "letters"),
)
ALIKE = 0.5
"""Words that are less alike than this are not laid side by side; assumed."""
INITIAL = 0.85
"""How far an initial stands for its name; assumed."""
SOUND = 0.96
"""What sounds alike counts a little less than what is written alike; assumed."""
BONES = 0.92
"""What is alike in its consonants counts so much where a script leaves vowels out; assumed."""
JOINED = 0.85
"""Two words must be so much like the one that they make together; assumed."""
HEAVY = 0.2
"""Lighter words are titles and particles."""


@njit(cache=True, nogil=True)
def _word(letters: Letters, starts: Any, place: int) -> Any:
    return letters[starts[place] : starts[place + 1]]


@njit(cache=True, nogil=True)
def _alike(a: Any, i: int, b: Any, j: int) -> float:
    """How alike two words are, written or spoken; an initial stands for every word that begins with it."""
    one, other = _word(a[0], a[1], i), _word(b[0], b[1], j)
    if one.size == 1 or other.size == 1:
        if one[0] != other[0] or (one[0] < 58 and one.size != other.size):
            return 0.0
        return 1.0 if one.size == other.size else INITIAL
    found = half_alike(one, other)
    if found == 1.0 or one[0] < 58:
        return found
    found = max(found, SOUND * half_alike(_word(a[2], a[3], i), _word(b[2], b[3], j)))
    if a[8] != b[8]:
        found = max(found, BONES * half_alike(_word(a[4], a[5], i), _word(b[4], b[5], j)))
    return found


@njit(cache=True, nogil=True)
def _pair_words(a: Any, b: Any) -> Any:
    """Which word of `b` stands beside each word of `a` (-1: none), the same for `b`, and how alike they are.

    -2: it stands with a neighbour beside one word, or is such a word.
    """
    n, m = a[1].size - 1, b[1].size - 1
    table = np.zeros((n, m))
    for i in range(n):
        for j in range(m):
            table[i, j] = _alike(a, i, b, j)
    beside_a, beside_b, values_a, values_b = np.full(n, -1), np.full(m, -1), np.zeros(n), np.zeros(m)
    _join(a, b, table, (beside_a, beside_b, values_a, values_b))
    _join(b, a, table.T.copy(), (beside_b, beside_a, values_b, values_a))
    while True:
        best, first, second = _best_pair(table, beside_a, beside_b)
        if first < 0:
            return beside_a, beside_b, values_a, values_b
        beside_a[first], beside_b[second] = second, first
        values_a[first] = values_b[second] = best


@njit(cache=True, nogil=True)
def _best_pair(table: Any, beside_a: Any, beside_b: Any) -> Any:
    """How alike the best two words are that stand beside nothing yet, and their places; -1 where none are alike."""
    best, first, second = ALIKE, -1, -1
    for i in range(beside_a.size):
        for j in range(beside_b.size):
            if beside_a[i] == -1 and beside_b[j] == -1 and table[i, j] > best:
                best, first, second = table[i, j], i, j
    return best, first, second


@njit(cache=True, nogil=True)
def _join(a: Any, b: Any, table: Any, beside: Any) -> None:
    """Lay two neighbours of `a` beside the one word of `b` that they make together, where that is better."""
    beside_a, beside_b, values_a, values_b = beside
    for i in range(beside_a.size - 1):
        joined = a[0][a[1][i] : a[1][i + 2]]
        for j in range(beside_b.size):
            word = _word(b[0], b[1], j)
            taken = beside_a[i] != -1 or beside_a[i + 1] != -1 or beside_b[j] != -1
            if taken or joined.size < 5 or abs(joined.size - word.size) > 1:
                continue
            value = likeness(joined, word)
            if value >= JOINED and value > max(table[i, j], table[i + 1, j]):
                beside_a[i] = beside_a[i + 1] = beside_b[j] = -2
                values_a[i] = values_a[i + 1] = values_b[j] = value


@njit(cache=True, nogil=True)
def compare(a: Any, b: Any, found: Any) -> None:
    """Fill in the features of two coded names (see `coded`); they are the same whichever name goes first."""
    if _comes_first(b[0], a[0]):
        _compare(b, a, found)
    else:
        _compare(a, b, found)


@njit(cache=True, nogil=True)
def _compare(a: Any, b: Any, found: Any) -> None:
    found[:] = 0.0
    n, m = a[1].size - 1, b[1].size - 1
    if n == 0 or m == 0:
        return
    beside_a, beside_b, values_a, values_b = _pair_words(a, b)
    _weigh(a, b, (beside_a, beside_b, values_a, values_b), found)
    _count_changes(a, b, (beside_a, beside_b), found)
    found[8] = min(n, m, 5) / 5.0
    found[9] = min(abs(n - m), 5) / 5.0
    found[10] = a[7] != 0 and b[7] != 0 and (a[7] & b[7]) == 0
    found[11] = _numbers_differ(a, b)
    found[17] = min(a[0].size, b[0].size, 20) / 20.0


@njit(cache=True, nogil=True)
def _weigh(a: Any, b: Any, beside: Any, found: Any) -> None:
    """Which share of the weight of either name stands beside something, and what is left over on both sides."""
    beside_a, beside_b, values_a, values_b = beside
    total_a, total_b = a[6].sum(), b[6].sum()
    shared_a, shared_b = (a[6] * values_a).sum(), (b[6] * values_b).sum()
    left_a, left_b = a[6][beside_a == -1].sum(), b[6][beside_b == -1].sum()
    worst = 1.0
    for i in range(beside_a.size):
        if beside_a[i] != -1 and a[6][i] > HEAVY:
            worst = min(worst, values_a[i])
    found[0] = max(shared_a / total_a, shared_b / total_b)
    found[1] = min(shared_a / total_a, shared_b / total_b)
    found[2] = min(left_a, left_b) / min(total_a, total_b)
    found[3] = abs(left_a - left_b) / max(total_a, total_b)
    found[4] = worst
    found[16] = min(shared_a, shared_b, 4.0) / 4.0


@njit(cache=True, nogil=True)
def _count_changes(a: Any, b: Any, beside: Any, found: Any) -> None:
    """How many letters must be changed in words that stand side by side, and which share is left over."""
    beside_a, beside_b = beside
    changed, initials, first = 0, 0, 0
    left_a = left_b = 0
    alone_a = alone_b = False
    for i in range(beside_a.size):
        size = a[1][i + 1] - a[1][i]
        if beside_a[i] == -1:
            left_a += size if a[6][i] > HEAVY else 0
            alone_a |= size == 1
        elif beside_a[i] >= 0:
            word, other = _word(a[0], a[1], i), _word(b[0], b[1], beside_a[i])
            if min(word.size, other.size) == 1:
                initials += word.size != other.size
            else:
                changed += _count_letters(a, i, b, beside_a[i])
                first += word[0] != other[0]
    for j in range(beside_b.size):
        size = b[1][j + 1] - b[1][j]
        if beside_b[j] == -1:
            left_b += size if b[6][j] > HEAVY else 0
            alone_b |= size == 1
    changed += min(left_a, left_b)
    found[5] = min(changed, 10) / 10.0
    found[6] = min(1.0, changed / min(a[0].size, b[0].size))
    found[7] = max(left_a, left_b) / max(a[0].size, b[0].size)
    found[15] = 1.0 - min(1.0, (changed + abs(left_a - left_b)) / max(a[0].size, b[0].size))
    found[12] = initials > 0
    found[13] = alone_a and alone_b
    found[14] = first > 0


@njit(cache=True, nogil=True)
def _count_letters(a: Any, i: int, b: Any, j: int) -> int:
    """The letters to be changed in a word, as written or as it sounds, whichever are fewer."""
    written = distance(_word(a[0], a[1], i), _word(b[0], b[1], j), 12)
    return min(written, distance(_word(a[2], a[3], i), _word(b[2], b[3], j), 12)) if written else 0


@njit(cache=True, nogil=True)
def _is_number(word: Letters) -> bool:
    return bool((word < 58).all())


@njit(cache=True, nogil=True)
def _numbers_differ(a: Any, b: Any) -> float:
    """1 where both have numbers and one lacks a number of the other; 0.5 where only one has any."""
    count_a, missing_a = _count_numbers(a, b)
    count_b, missing_b = _count_numbers(b, a)
    if count_a == 0 or count_b == 0:
        return 0.5 if count_a + count_b else 0.0
    return 1.0 if missing_a + missing_b else 0.0


@njit(cache=True, nogil=True)
def _count_numbers(a: Any, b: Any) -> Any:
    """How many words of `a` are numbers, and how many of these `b` lacks."""
    count, missing = 0, 0
    for i in range(a[1].size - 1):
        word = _word(a[0], a[1], i)
        if not _is_number(word):
            continue
        count += 1
        there = False
        for j in range(b[1].size - 1):
            other = _word(b[0], b[1], j)
            there |= other.size == word.size and bool((other == word).all())
        missing += not there
    return count, missing


@njit(cache=True, nogil=True)
def _comes_first(one: Any, other: Any) -> bool:
    """Whether the letters of one name go before those of the other, so that both orders give one answer."""
    for index in range(min(one.size, other.size)):
        if one[index] != other[index]:
            return bool(one[index] < other[index])
    return bool(one.size < other.size)
