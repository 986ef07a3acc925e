"""Which words of a list sound nearly like a word, without a look at every one (compiled).

Two strings that differ in a letter become equal when that letter is left out of both. So every word of the list is
kept under the hash of itself with up to two letters left out, and a word is looked up the same way (the symmetric
deletion of Garbe, 2012). What is found is compared in full, so a hash that two strings share costs time, no answer.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

SHORT, LONG, LONGEST = 3, 7, 14
"""Letters from which on one letter may be left out, two may, and no longer two (there would be too many ways)."""
PRIME, BASIS = np.uint64(1099511628211), np.uint64(14695981039346656037)
MIX = np.uint64(0xBF58476D1CE4E5B9)
BITS = 18
SHIFT = np.uint64(64 - BITS)
"""The first bits of a hash say in which part of the sorted hashes it stands."""


@njit(cache=True, nogil=True)
def _hash(letters: Any, one: int, two: int) -> Any:
    """The hash of a string without the letters at two places; -1 leaves out none."""
    value = BASIS
    for place in range(letters.size):
        if place not in (one, two):
            value = (value ^ np.uint64(letters[place])) * PRIME
    return (value ^ (value >> np.uint64(29))) * MIX


@njit(cache=True, nogil=True)
def fill_keys(letters: Any, keys: Any) -> int:
    """Put down the hashes of a string with up to two letters left out; how many they are (`keys` holds 128)."""
    keys[0], count = _hash(letters, -1, -1), 1
    if letters.size < SHORT or letters[0] < 58:
        return count
    for one in range(min(letters.size, 30)):
        keys[count] = _hash(letters, one, -1)
        count += 1
        if LONG <= letters.size <= LONGEST:
            for two in range(one):
                keys[count] = _hash(letters, one, two)
                count += 1
    return count


@njit(cache=True, nogil=True)
def list_keys(letters: Any, starts: Any) -> Any:
    """The hashes of all words of a list, sorted, with the word of each, and where each part of them begins."""
    buffer, total = np.zeros(128, dtype=np.uint64), 0
    for word in range(starts.size - 1):
        total += fill_keys(letters[starts[word] : starts[word + 1]], buffer)
    keys, words = np.zeros(total, dtype=np.uint64), np.zeros(total, dtype=np.int32)
    place = 0
    for word in range(starts.size - 1):
        count = fill_keys(letters[starts[word] : starts[word + 1]], buffer)
        keys[place : place + count] = buffer[:count]
        words[place : place + count] = word
        place += count
    order = np.argsort(keys)
    keys, words = keys[order], words[order]
    parts = np.zeros((1 << BITS) + 1, dtype=np.int64)
    for key in keys:
        parts[np.int64(key >> SHIFT) + 1] += 1
    for part in range(parts.size - 1):
        parts[part + 1] += parts[part]
    return keys, words, parts


@njit(cache=True, nogil=True)
def first_of(key: Any, hashes: Any, parts: Any) -> int:
    """Where a hash first stands among the sorted ones, or would stand."""
    place, end = parts[np.int64(key >> SHIFT)], parts[np.int64(key >> SHIFT) + 1]
    while place < end and hashes[place] < key:
        place += 1
    return int(place)
