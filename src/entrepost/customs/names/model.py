"""How probable it is that two names mean the same, from their features: learnt figures, evaluated by compiled code.

Two models are mixed: a logistic one, which ranks what is nearly certain, and small trees, of which most features
may only push one way. `tools/update/customs_name_model.py` learns both from labelled pairs and writes the file.
"""

from __future__ import annotations

import csv
from functools import cache
from typing import Any

import numpy as np
from numba import njit

from entrepost.customs.names.features import FEATURES, HEAVY, compare
from entrepost.customs.names.words import FOLDER

LINEAR_SHARE = 0.4
"""What the logistic model counts for beside the trees; chosen by cross-validation."""

SHARED, SHARED_LONG, CHANGED, CHANGED_SHARE, LEFT_SHARE, WHOLE_LIKE, WEIGHT, FORMS_DIFFER, NUMBERS_DIFFER = map(
    FEATURES.index,
    (
        *("shared_short", "shared_long", "changed", "changed_share", "left_share", "whole", "weight"),
        *("forms_differ", "numbers_differ"),
    ),
)
SAME_WORDS = 0.99
"""How probable it is that names of the same words mean the same; assumed."""
Model = tuple[Any, ...]
"""Factors of the logistic model, the last its constant; the start of the trees; and of all nodes of all trees the
feature (-1: a leaf), threshold, left, right and value, with the first node of each tree."""

ALONE = 0.8
"""What the score of one word is multiplied by beside a name of several; assumed: lists hold many bare first names."""

WHOLE, CONTAINED, CHANGE, COMMON, RARE, LOOSE = 99.0, 91.5, 40.0, 12.0, 1.9 / 4.0, 0.75
"""Scores in a list: of a name all of whose words are there, and of one that is in a longer one; what is taken off where
all letters differ and where all words are common; the weight from which on words are rare together; and the share that
must stand beside something. Assumed, and tried out on planted and ordinary names."""


@cache
def known_model() -> Model:
    """The model that comes along."""
    with (FOLDER / "name_model.csv").open(encoding="utf-8", newline="") as file:
        return to_model(list(csv.DictReader(file)))


def to_model(rows: list[dict[str, str]]) -> Model:
    """The model of a file's rows."""
    linear = np.zeros(len(FEATURES) + 1)
    for row in rows:
        if row["part"] == "linear":
            linear[FEATURES.index(row["feature"]) if row["feature"] else -1] = float(row["value"])
    start = next(float(row["value"]) for row in rows if row["part"] == "start")
    nodes = [row for row in rows if row["part"].isdigit()]
    features = np.array([FEATURES.index(row["feature"]) if row["feature"] else -1 for row in nodes], dtype=np.int64)
    thresholds = np.array([float(row["threshold"] or 0) for row in nodes])
    values = np.array([float(row["value"] or 0) for row in nodes])
    trees = np.array([int(row["part"]) for row in nodes], dtype=np.int64)
    firsts = np.flatnonzero(np.diff(trees, prepend=-1))
    shift = firsts[np.searchsorted(firsts, np.arange(len(nodes)), side="right") - 1]
    left, right = (
        np.array([int(row[side] or 0) for row in nodes], dtype=np.int64) + shift for side in ("left", "right")
    )
    return linear, start, features, thresholds, left, right, values, firsts


@njit(cache=True, nogil=True)
def probability(model: Any, found: Any) -> float:
    """How probable it is that two names with these features mean the same."""
    linear, start, features, thresholds, left, right, values, firsts = model
    logit = linear[-1]
    for index in range(found.size):
        logit += linear[index] * found[index]
    grown = start
    for first in firsts:
        node = first
        while features[node] >= 0:
            node = left[node] if found[features[node]] <= thresholds[node] else right[node]
        grown += values[node]
    return float(LINEAR_SHARE / (1.0 + np.exp(-logit)) + (1.0 - LINEAR_SHARE) / (1.0 + np.exp(-grown)))


@njit(cache=True, nogil=True)
def rate(model: Any, a: Any, b: Any, found: Any) -> float:
    """The score of two coded names, 0 to 100; `found` is where their features are put down.

    It is never more than the share of the shorter name that stands beside something: the pairs that were learnt from
    hold no names that have nothing in common. The same words in any order are as good as certain.
    """
    if a[1].size < 2 or b[1].size < 2:
        return 0.0
    compare(a, b, found)
    score = min(probability(model, found), found[SHARED])
    if found[SHARED_LONG] > 0.999 and found[CHANGED] == 0.0 and found[FORMS_DIFFER] == 0.0:
        score = max(score, SAME_WORDS)
    return float(100.0 * score)


@njit(cache=True, nogil=True)
def rate_listed(model: Any, a: Any, b: Any, found: Any) -> float:
    """The score of a name with a listed one, which differs from that of a pair in three cases.

    It is less where one word, be it rare, stands beside a name of several, or nothing but initials beside a name. It
    is more where every word stands beside one nearly the same, and where all words of a name are in a longer one
    (lists spell out patronymics that nobody writes on a parcel): the more, the rarer these words are.
    """
    score = rate(model, a, b, found)
    if _longest(a) == 1 or _longest(b) == 1:
        return score * ALONE
    one, other = (a[6] > HEAVY).sum(), (b[6] > HEAVY).sum()
    if min(one, other) <= 1:
        return score * ALONE if max(one, other) > 1 else score
    if found[FORMS_DIFFER] or found[NUMBERS_DIFFER] or found[SHARED] < LOOSE:
        return score
    common = COMMON * max(0.0, 1.0 - found[WEIGHT] / RARE)
    if found[LEFT_SHARE] == 0.0:
        return float(max(score, WHOLE - CHANGE * (1.0 - found[WHOLE_LIKE]) - common))
    return float(max(score, CONTAINED - CHANGE * found[CHANGED_SHARE] - common))


@njit(cache=True, nogil=True)
def _longest(name: Any) -> int:
    """The letters of the longest word that is no title or particle."""
    longest = 0
    for place in range(name[6].size):
        if name[6][place] > HEAVY:
            longest = max(longest, name[1][place + 1] - name[1][place])
    return longest
