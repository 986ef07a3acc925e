"""How likely two names mean the same person, firm or vessel: 0 to 100."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from entrepost.customs.names.coded import code, name_at
from entrepost.customs.names.features import FEATURES, compare
from entrepost.customs.names.fold import fold
from entrepost.customs.names.model import Model, known_model, rate

EVEN = 50.0
"""From this score on two names rather mean the same than not."""


def score_names(one: str, other: str) -> float:
    """The score of two names, the same whichever goes first.

    It is a hundred times the estimated probability that a person would call them the same; a name without a letter
    has score 0 with every other.
    """
    return float(score_pairs([(one, other)])[0])


def score_pairs(pairs: Iterable[tuple[str, str]], model: Model | None = None) -> NDArray[np.float64]:
    """The scores of many pairs of names."""
    coded = code([fold(name) for pair in pairs for name in pair])
    scores: NDArray[np.float64] = _rate_pairs(model or known_model(), coded, len(FEATURES))
    return scores


def measure_pairs(pairs: Iterable[tuple[str, str]]) -> NDArray[np.float64]:
    """The features of many pairs of names, a row each: what a model is learnt from."""
    coded = code([fold(name) for pair in pairs for name in pair])
    features: NDArray[np.float64] = _measure_pairs(coded, len(FEATURES))
    return features


@njit(cache=True, nogil=True)
def _rate_pairs(model: Any, coded: Any, features: int) -> Any:
    scores, found = np.zeros((coded[0].size - 1) // 2), np.zeros(features)
    for place in range(scores.size):
        scores[place] = rate(model, name_at(coded, 2 * place), name_at(coded, 2 * place + 1), found)
    return scores


@njit(cache=True, nogil=True)
def _measure_pairs(coded: Any, features: int) -> Any:
    found = np.zeros(((coded[0].size - 1) // 2, features))
    for place in range(found.shape[0]):
        compare(name_at(coded, 2 * place), name_at(coded, 2 * place + 1), found[place])
    return found
