"""Names like those asked for, found in an index: neighbours of each word, the names that have them, then the score."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import polars as pl
from numba import njit

from entrepost.customs.names.coded import code, name_at
from entrepost.customs.names.distance import likeness
from entrepost.customs.names.features import FEATURES
from entrepost.customs.names.fold import fold
from entrepost.customs.names.index import NameIndex
from entrepost.customs.names.model import known_model, rate_listed
from entrepost.customs.names.neighbours import fill_keys, first_of

NEAR = 0.6
"""How alike two words must sound for the names that have them to be looked at; assumed."""
SHORTER, LONGER = 0.65, 0.25
"""Which share of the lighter and of the heavier name's weight must be found for a name to be scored; assumed."""
MOST = 64
"""So many names are scored for each one asked for, those with the largest share first; assumed."""
CHUNK = 1_024


def search_names(index: NameIndex, names: Sequence[str], least: float, threads: int | None = None) -> pl.DataFrame:
    """Every name of the index that scores at least `least` with one asked for.

    Parameters
    ----------
    index
        The names to be searched.
    names
        The names asked for; an empty one finds nothing.
    least
        The least score, 0 to 100.
    threads
        How many run at once; as many as there are processors if not said.

    Returns
    -------
    DataFrame
        `asked` and `found` (places in both lists) and `score`, by `asked`, the best first.
    """
    parts = [names[place : place + CHUNK] for place in range(0, len(names), CHUNK)]

    def search(part: Sequence[str]) -> Any:
        coded = code([fold(name) for name in part])
        return _search(_arrays(index), coded, known_model(), least, len(FEATURES))

    with ThreadPoolExecutor(threads or os.cpu_count()) as pool:
        found = list(pool.map(search, parts))
    asked = [each[0] + place * CHUNK for place, each in enumerate(found)]
    columns = (asked, [each[1] for each in found], [each[2] for each in found])
    arrays = [np.concatenate(column) if column else np.zeros(0) for column in columns]
    frame = pl.DataFrame({"asked": arrays[0], "found": arrays[1], "score": arrays[2]})
    types = {"asked": pl.Int64, "found": pl.Int64, "score": pl.Float64}
    return frame.cast(types).sort("asked", "score", "found", descending=[False, True, False])  # type: ignore[arg-type]


def scan_names(index: NameIndex, names: Sequence[str]) -> Any:
    """The score of each name asked for with every name of the index, a row each: exact, and slow."""
    return _scan(index.coded, code([fold(name) for name in names]), known_model(), len(FEATURES))


def _arrays(index: NameIndex) -> tuple[Any, ...]:
    return index.coded, index.totals, (*index.terms, *index.keys), (*index.bone_terms, *index.bone_keys), index.holders


@njit(cache=True, nogil=True)
def _scan(coded: Any, asked: Any, model: Any, features: int) -> Any:
    scores, found = np.zeros((asked[0].size - 1, coded[0].size - 1)), np.zeros(features)
    for row in range(scores.shape[0]):
        for column in range(scores.shape[1]):
            scores[row, column] = rate_listed(model, name_at(asked, row), name_at(coded, column), found)
    return scores


@njit(cache=True, nogil=True)
def _search(arrays: Any, asked: Any, model: Any, least: float, features: int) -> Any:
    """All pairs that score at least so much: place among those asked for, place in the index, score."""
    coded, totals, terms, hard, holders = arrays
    size = totals.size
    share, by_term, stamp = np.zeros(size), np.zeros(size), np.full(size, -1)
    seen, keys = np.full(terms[1].size - 1, -1), np.zeros(128, dtype=np.uint64)
    touched, found = np.zeros(size, dtype=np.int32), np.zeros(features)
    rows, places, scores = [0][:0], [0][:0], [0.0][:0]
    turn = 0
    for row in range(asked[0].size - 1):
        name = name_at(asked, row)
        count = 0
        table = hard if name[8] else terms
        letters, starts = (name[4], name[5]) if name[8] else (name[2], name[3])
        words = starts.size - 1
        for term in range(2 * words - 1):
            first = term if term < words else term - words
            last = first + 1 if term < words else first + 2
            asked_term, weight = letters[starts[first] : starts[last]], name[6][first:last].sum()
            turn += 1
            count = _add_term(
                table, holders, (asked_term, weight, turn), (share, by_term, stamp, seen, keys, touched), count
            )
        total = name[6].sum()
        for place in _most_shared(touched[:count], share, totals, total):
            score = rate_listed(model, name, name_at(coded, place), found)
            if score >= least:
                rows.append(row)
                places.append(place)
                scores.append(score)
        for index in range(count):
            share[touched[index]] = 0.0
            stamp[touched[index]] = -1
    return np.array(rows, dtype=np.int64), np.array(places, dtype=np.int64), np.array(scores, dtype=np.float64)


@njit(cache=True, nogil=True)
def _add_term(table: Any, holders: Any, asked: Any, state: Any, count: int) -> int:
    """Give the names that have a neighbour of a term their share of its weight; how many names are touched now."""
    letters, starts, hashes, words, parts = table
    term, weight, turn = asked
    _, _, _, seen, keys, _ = state
    for index in range(fill_keys(term, keys)):
        place = first_of(keys[index], hashes, parts)
        while place < hashes.size and hashes[place] == keys[index]:
            word = words[place]
            place += 1
            if seen[word] == turn:
                continue
            seen[word] = turn
            value = weight * likeness(term, letters[starts[word] : starts[word + 1]])
            if value < NEAR * weight:
                continue
            count = _give(holders[0][holders[1][word] : holders[1][word + 1]], value, turn, state, count)
    return count


@njit(cache=True, nogil=True)
def _give(names: Any, value: float, turn: int, state: Any, count: int) -> int:
    """Give names their share for the term of this turn, the best of its neighbours; how many are touched now."""
    share, by_term, stamp, _, _, touched = state
    for name in names:
        if stamp[name] == -1:
            touched[count] = name
            count += 1
        if stamp[name] != turn:
            stamp[name], by_term[name] = turn, 0.0
        if value > by_term[name]:
            share[name] += value - by_term[name]
            by_term[name] = value
    return count


@njit(cache=True, nogil=True)
def _most_shared(touched: Any, share: Any, totals: Any, total: float) -> Any:
    """The names that share enough, at most `MOST`, those with the largest share first."""
    kept, count = np.zeros(touched.size, dtype=np.int64), 0
    values = np.zeros(touched.size)
    for place in touched:
        if share[place] >= SHORTER * min(total, totals[place]) and share[place] >= LONGER * max(total, totals[place]):
            kept[count], values[count] = place, share[place] / max(total, totals[place])
            count += 1
    if count <= MOST:
        return kept[:count]
    return kept[:count][np.argsort(-values[:count])[:MOST]]
